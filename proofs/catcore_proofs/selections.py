"""Conjectures about elements of sums that hold data: which of several simpler elements one is, and in which case.

The first element of ``xs ++ ys`` is the first one of ``xs``, or where there is none that of ``ys``; the last one of
``map f xs`` is ``f`` of the last one of ``xs``.  Columns of values tell such a rule: in each case of a simpler element
of a sum, the element is another one, or it is made in one way of what the simpler one holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from catcore_proofs import terms
from catcore_proofs.columns import Columns, measure
from catcore_proofs.evaluation import Evaluator, Normal, Recursor, Type, Value
from catcore_proofs.generalisation import Conjecture, numbered
from catcore_proofs.syntax import UNIT

#: By how many cases, one after another, one of several elements of a sum is selected.
SELECTED = 2


class Selections(Columns):
    """The elements of sums that are met, and what others are in terms of them."""

    def __init__(self, kernel: Evaluator, *, free: bool = True) -> None:
        super().__init__(kernel, free=free)
        self.options: dict[Type, dict[Normal, Type]] = {}  # elements of sums in a variable of a type

    def selected(self, question: Normal, kind: Type, kinds: tuple[Type, ...]) -> Iterator[Conjecture]:
        """The conjecture that an element of a sum is made of simpler ones, by the cases that these are in."""
        if not any(k[0] == "μ" for k in kinds):
            return
        target, own = self.column(question, kinds, kind), measure(question)
        rows = [r for r, value in enumerate(target) if value is not None]
        simpler = {
            terms.substitute(q, {0: ("v", i)}): k
            for i, of in enumerate(kinds)
            for q, k in self.options.get(of, {}).items()
        }
        columns = {q: self.column(q, kinds, k) for q, k in simpler.items() if k[0] == "+" and measure(q) < own}
        options = {q: simpler[q] for q, column in columns.items() if all(column[r] is not None for r in rows)}
        found = self._selection(rows, options, kinds, target, kind, SELECTED) if rows else None
        if found is not None:
            yield Conjecture(kinds, kind, question, found)

    def _selection(
        self, rows: list[int], options: dict[Normal, Type], kinds: tuple[Type, ...], target: list[Any], kind: Type,
        depth: int,
    ) -> Normal | None:  # fmt: skip
        """An element with the values of the target: some option, or what the case tells that one of them is in."""
        columns: dict[Normal, list[Any]] = {option: self.column(option, kinds, of) for option, of in options.items()}
        for option, of in options.items():
            if of == kind and all(columns[option][r] == target[r] for r in rows):
                return option
        for option, of in options.items() if depth else ():
            parts: dict[tuple[str, ...], list[int]] = {}
            for r in rows:
                parts.setdefault(_case(columns[option][r])[0], []).append(r)
            if len(parts) == 1:
                continue
            leaves = {
                case: self._holds(part, kinds, target, kind)
                or self._made(option, case, _part(of, case), part, kinds, target, kind)
                or self._selection(part, options, kinds, target, kind, depth - 1)
                for case, part in parts.items()
            }
            known = {case: leaf for case, leaf in leaves.items() if leaf is not None}
            if len(known) == len(parts):
                return _by_case(option, of, known)
        return None

    def _made(
        self, option: Normal, case: tuple[str, ...], of: Type, rows: list[int], kinds: tuple[Type, ...],
        target: list[Any], kind: Type,
    ) -> Normal | None:  # fmt: skip
        """What the target is in terms of what an option holds in a case, or of a function of that; that is bound."""
        column: list[Any] = self.column(option, kinds, kind)
        found = _substituted([(_case(column[r])[1], target[r]) for r in rows])
        cases = {_case(target[r])[0] for r in rows}
        if found is not None or len(cases) > 1:
            return found
        (end,) = cases
        body, elements = numbered(option, len(kinds)), self.elements(kinds)
        for function in self.functions:
            if function[1:3] == (of, _part(kind, end)) and all(
                self.settled((kinds, r), partial(self._inside, function, body, case, elements[r]))
                == _case(target[r])[1]
                for r in rows
            ):
                return _injected(end, ("fold", function, ("b", 0)))
        return None

    def _holds(self, rows: list[int], kinds: tuple[Type, ...], target: list[Any], kind: Type) -> Normal | None:
        """An element of a sum that holds a variable, or a function of one, everywhere."""
        ends = {_case(target[r])[0] for r in rows}
        if len(ends) > 1:
            return None
        (end,) = ends
        variables: list[tuple[Normal, Type]] = [(("v", i), k) for i, k in enumerate(kinds)]
        values = [(("fold", f, v), f[2]) for f in self.functions for v, k in variables if f[1] == k]
        for part, of in (*variables, *values):
            if of == _part(kind, end):
                column = self.column(part, kinds, of)
                if all(column[r] == _case(target[r])[1] for r in rows):
                    return _injected(end, part)
        return None

    def _inside(self, function: Recursor, option: Normal, case: tuple[str, ...], values: tuple[Value, ...]) -> Normal:
        """A function of what an element of a sum holds in a case."""
        held = self.kernel.revalue(option, values)
        for _ in case:
            held = self.kernel.decide(held)[1]
        return self.kernel.reify(self.kernel.apply(function, held), function[2])


def _case(value: Normal) -> tuple[tuple[str, ...], Normal]:
    """The injections that an element of a sum is made by, and what they are applied to."""
    path: list[str] = []
    while value[0] in ("l", "r"):
        path.append(value[0])
        value = value[1]
    return tuple(path), value


def _substituted(pairs: list[tuple[Normal, Normal]]) -> Normal | None:
    """What all second elements are in terms of the first ones, which are bound, if they are that everywhere."""
    made = {terms.replace_all(value, payload, ("b", 0)) if payload != UNIT else value for payload, value in pairs}
    found = next(iter(made))
    alike = len(made) == 1 and not terms.variables(found) and all(part[0] != "λ" for part in terms.subterms(found))
    return found if alike else None


def _injected(case: tuple[str, ...], part: Normal) -> Normal:
    """An element of a sum, by its injections."""
    for tag in reversed(case):
        part = (tag, part)
    return part


def _part(kind: Type, case: tuple[str, ...]) -> Type:
    """The summand of a type that some injections lead to."""
    for tag in case:
        kind = kind[1 if tag == "l" else 2]
    return kind


def _by_case(question: Normal, kind: Type, leaves: dict[tuple[str, ...], Normal], path: tuple[str, ...] = ()) -> Normal:
    """The normal form that is one of the leaves, by the injections that make an element of a sum."""
    if kind[0] != "+":
        return leaves.get(path) or next(iter(leaves.values()))
    inner = (_by_case(("b", 0), part, leaves, (*path, tag)) for tag, part in (("l", kind[1]), ("r", kind[2])))
    return ("case", question, *inner)
