"""Arrays that are written over: a result takes the place of an operand that has done its duty.

An array may be written over when the program made it itself, nothing reads it or a view of it any more, and it has the
shape and the dtype of the result.  Inputs, constants and what the program returns are never written to.  That dtypes
agree is certain, as a program for NumPy runs where all real inputs have one floating dtype.

What the program returns belongs to the caller, who may write to it, so no result is an array that the program remembers
for its next call, or one row seen many times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from catcore_backends.compiler.program import Statement
from catcore_backends.compiler.symbolic import OPERATORS, Fact

_NOTHING: frozenset[str] = frozenset()
#: Row operations that give what they are given where it has the right dtype.
_PASSING = ("index(", "tag(")


def reusing(
    statements: list[Statement], facts: Mapping[str, Fact], results: tuple[str, ...]
) -> tuple[list[Statement], tuple[str, ...]]:
    """The statements of a program with ``out=`` where an operand can be written over, and what the results are called.

    The result of such a statement keeps the name of the operand, as it is the same array.

    Args:
        statements: those of a program.
        facts: what is known of the names.
        results: the names that the program returns.
    """
    memory = _Memory(statements, facts, results)
    names: dict[str, str] = {}
    found = []
    for i, s in enumerate(statements):
        placed = memory.placed(i, s)
        if placed is not s:
            names[s.name] = names.get(placed.operands[-1], placed.operands[-1])
        operands = tuple(names.get(name, name) for name in placed.operands)
        found.append(replace(placed, name=names.get(s.name, s.name), operands=operands))
    return found, tuple(names.get(name, name) for name in results)


def owned(
    statements: list[Statement], facts: Mapping[str, Fact], results: tuple[str, ...], remembered: Iterable[str]
) -> tuple[list[Statement], tuple[str, ...]]:
    """The statements, with copies of those results that look at ``remembered`` arrays or repeat one row; the results.

    Args:
        statements: those of a program, in order.
        facts: what is known of the names.
        results: the names that it returns.
        remembered: the names of the arrays that are used again at the next call.
    """
    lent = set(remembered)
    for s in statements:
        view = (s.name in facts and facts[s.name].view) or s.template.startswith(_PASSING)
        if s.template.startswith(("rows(", "xp.broadcast_to(")) or (view and not lent.isdisjoint(s.operands)):
            lent.add(s.name)
    names = {name: f"own{i}" for i, name in enumerate(dict.fromkeys(name for name in results if name in lent))}
    copies = [Statement(copy, "own({})", (name,)) for name, copy in names.items()]
    return [*statements, *copies], tuple(names.get(name, name) for name in results)


class _Memory:
    """Which arrays the names of a program may share memory with, and when these are read for the last time."""

    def __init__(self, statements: list[Statement], facts: Mapping[str, Fact], results: tuple[str, ...]) -> None:
        self.facts = facts
        self.made: dict[str, frozenset[str]] = {}
        for s in statements:
            # what is not known to be new may be a view of anything that it was made from
            below = _NOTHING.union(*(self.made.get(name, _NOTHING) for name in s.operands))
            self.made[s.name] = frozenset([s.name]) if self._new(s) else below
        self.end = {
            name: i
            for i, operands in enumerate([*(s.operands for s in statements), results])
            for operand in operands
            for name in self.made.get(operand, _NOTHING)
        }

    def _new(self, statement: Statement) -> bool:
        """Whether the value is an array of its own, of the common dtype."""
        fact = self.facts.get(statement.name)
        return fact is not None and not fact.view and fact.array.real

    def placed(self, i: int, statement: Statement) -> Statement:
        """The statement, written over an operand if there is one that fits."""
        if not self._new(statement) or self.facts[statement.name].function in ("", "matmul"):
            return statement
        target = next(self._targets(i, statement), None)
        if target is None:
            return statement
        call = _into(statement.template, self.facts[statement.name].function)
        return replace(statement, template=call, operands=(*statement.operands, target))

    def _targets(self, i: int, statement: Statement) -> Iterator[str]:
        shape = self.facts[statement.name].array.shape
        for name in statement.operands:
            others = _NOTHING.union(*(self.made.get(n, _NOTHING) for n in statement.operands if n != name))
            own = self.made.get(name) == frozenset([name]) and name not in others
            if own and self.end[name] == i and self.facts[name].array.shape == shape:
                yield name


def _into(template: str, function: str) -> str:
    """The call of a function entry by entry that writes over its last operand.

    The place for the result is the last argument, by its name where NumPy wants that or is slow to see it otherwise.
    """
    if template.startswith("xp."):
        arguments = template.partition("(")[2][:-1]
    elif function == "negative":
        arguments = "{}"
    else:
        arguments = template.replace(f" {OPERATORS[function]} ", ", ")
    plain = function not in ("maximum", "minimum") and all(text == "{}" for text in arguments.split(", "))
    place = "{}" if plain else "out={}"
    return f"xp.{function}({arguments}, {place})"
