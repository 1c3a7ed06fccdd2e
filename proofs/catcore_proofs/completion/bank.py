"""Interned first-order terms.

A term is a symbol applied to terms; a variable is a symbol with a negative number.  Every term exists once in its bank,
so equality is identity, and what was computed for a term (its weight, its variables, its normal form) is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Substitution = dict[int, "Term"]


class Term:
    """A first-order term; build it with :meth:`Bank.term` or :meth:`Bank.variable`."""

    __slots__ = ("args", "counts", "epoch", "head", "normal", "number", "size", "weight")

    head: int
    args: tuple[Term, ...]
    weight: int
    size: int
    counts: dict[int, int]
    normal: Term
    epoch: int
    number: int

    def __repr__(self) -> str:
        if self.head < 0:
            return f"X{-self.head}"
        return f"{self.head}({', '.join(map(repr, self.args))})" if self.args else str(self.head)


_NONE: dict[int, int] = {}


class Bank:
    """All terms over a signature.

    Args:
        weights: the weight of each symbol, for the order of Knuth and Bendix; variables weigh ``unit``.
        unit: the weight of a variable.
    """

    def __init__(self, weights: list[int], unit: int = 1) -> None:
        self.weights, self.unit = weights, unit
        self.least: Term | None = None  # the smallest constant, where there is one
        self.table: dict[tuple[int, tuple[Term, ...]], Term] = {}

    def variable(self, index: int) -> Term:
        """Variable number ``index``, from 1 on."""
        return self.term(-index, ())

    def term(self, head: int, args: tuple[Term, ...] = ()) -> Term:
        """The one term with this head and these arguments."""
        found = self.table.get((head, args))
        return found if found is not None else self._new(head, args)

    def _new(self, head: int, args: tuple[Term, ...]) -> Term:
        t = Term()
        t.head, t.args, t.epoch, t.number = head, args, -1, len(self.table)
        t.normal = t
        t.size = 1
        if head < 0:
            t.weight, t.counts = self.unit, {head: 1}
        else:
            weight, size, counts = self.weights[head], 1, _NONE
            for a in args:
                weight += a.weight
                size += a.size
                if a.counts:
                    if counts:
                        counts = dict(counts)
                        for v, n in a.counts.items():
                            counts[v] = counts.get(v, 0) + n
                    else:
                        counts = a.counts
            t.weight, t.size, t.counts = weight, size, counts
        self.table[head, args] = t
        return t

    def resolve(self, t: Term, values: Substitution) -> Term:
        """``t`` under a substitution, values of values included."""
        if t.head < 0:
            value = values.get(t.head)
            return t if value is None else self.resolve(value, values)
        if not t.counts:
            return t
        args = tuple([self.resolve(a, values) for a in t.args])
        return self.table.get((t.head, args)) or self._new(t.head, args)

    def resolved_size(self, t: Term, values: Substitution) -> int:
        """The size that ``resolve(t, values)`` would have, without making it: it may be exponential."""
        sizes: dict[int, int] = {}

        def size(t: Term) -> int:
            return t.size + sum(n * (of(v) - 1) for v, n in t.counts.items())

        def of(v: int) -> int:
            if v not in sizes:
                sizes[v] = size(values[v]) if v in values else 1
            return sizes[v]

        return size(t)

    def instance(self, t: Term, values: Substitution) -> Term:
        """``t`` with its variables replaced by what matching found; the values are left as they are."""
        if t.head < 0:
            return values.get(t.head, t)
        if not t.counts:
            return t
        args = tuple([self.instance(a, values) for a in t.args])
        return self.table.get((t.head, args)) or self._new(t.head, args)

    def replace(self, t: Term, path: tuple[int, ...], new: Term) -> Term:
        """``t`` with the subterm at a position replaced."""
        if not path:
            return new
        args = list(t.args)
        args[path[0]] = self.replace(args[path[0]], path[1:], new)
        return self.term(t.head, tuple(args))

    def replace_all(self, t: Term, old: Term, new: Term) -> Term:
        """``t`` with every occurrence of ``old`` replaced, innermost first, those that arise on the way included."""
        if t is old:
            return new
        if t.size <= old.size:
            return t
        replaced = self.term(t.head, tuple([self.replace_all(a, old, new) for a in t.args]))
        return new if replaced is old else replaced

    def renamed(self, terms: tuple[Term, ...], start: int = 1) -> tuple[Term, ...]:
        """The terms with their variables numbered from ``start`` in order of appearance."""
        names: Substitution = {}

        def walk(t: Term) -> Term:
            if t.head < 0:
                if t.head not in names:
                    names[t.head] = self.variable(start + len(names))
                return names[t.head]
            if not t.counts:
                return t
            return self.term(t.head, tuple([walk(a) for a in t.args]))

        return tuple([walk(t) for t in terms])


def subterms(t: Term, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Term]]:
    """The subterms that are no variables, each with its position, outermost first."""
    if t.head < 0:
        return
    yield path, t
    for i, a in enumerate(t.args):
        yield from subterms(a, (*path, i))


def match(pattern: Term, t: Term, values: Substitution) -> bool:
    """Whether ``pattern`` becomes ``t`` under an extension of ``values``, which is extended."""
    head = pattern.head
    if head < 0:
        known = values.get(head)
        if known is None:
            values[head] = t
            return True
        return known is t
    if head != t.head:
        return False
    if not pattern.counts:
        return pattern is t
    return all(match(p, a, values) for p, a in zip(pattern.args, t.args, strict=True))


def unify(a: Term, b: Term) -> Substitution | None:
    """The most general unifier as a triangular substitution; the variables of the two terms must differ."""
    values: Substitution = {}
    stack = [(a, b)]
    while stack:
        s, t = stack.pop()
        while s.head < 0 and s.head in values:
            s = values[s.head]
        while t.head < 0 and t.head in values:
            t = values[t.head]
        if s is t:
            continue
        if s.head < 0:
            if t.counts and _occurs(s.head, t, values):
                return None
            values[s.head] = t
        elif t.head < 0:
            if s.counts and _occurs(t.head, s, values):
                return None
            values[t.head] = s
        elif s.head != t.head:
            return None
        else:
            stack.extend(zip(s.args, t.args, strict=True))
    return values


def _occurs(variable: int, t: Term, values: Substitution) -> bool:
    stack: list[Any] = [t]
    while stack:
        u = stack.pop()
        for v in u.counts:
            if v == variable:
                return True
            if v in values:
                stack.append(values[v])
    return False
