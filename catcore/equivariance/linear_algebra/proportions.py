"""Equations of at most two unknowns: ``x u + y v = 0`` makes u and v proportional, and ``x u = 0`` makes u vanish.

Where every generator has at most one nonzero entry in each row and column – signed permutations, diagonal matrices, and
the shifts that fill with zeros, which no group contains – the entries of W fall into classes of proportional unknowns.
A union-find that carries the factor along the path to the root solves such a system in time linear in its size, over
any field.  A class vanishes when one of its unknowns does, or when a cycle of factors does not close.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Equations = Iterable[Mapping[int, Any]]  # unknown -> coefficient, each with one or two nonzero ones


class Proportions:
    """Classes of proportional unknowns over a field, ``u = factor · root``; the root is the first of its class."""

    def __init__(self, unknowns: int, one: Any) -> None:
        self.parent = list(range(unknowns))
        self.factor = [one] * unknowns  # unknown = factor · parent
        self.vanishes = [False] * unknowns

    def root(self, u: int) -> tuple[int, Any]:
        """The root of an unknown and its factor over that root; shortens the path on the way."""
        path = []
        while self.parent[u] != u:
            path.append(u)
            u = self.parent[u]
        factor = self.factor[u]
        for v in reversed(path):
            factor = self.factor[v] * factor
            self.parent[v], self.factor[v] = u, factor
        return u, factor

    def impose(self, equation: Mapping[int, Any]) -> None:
        """Take one equation of one or two unknowns into account."""
        if len(equation) == 1:
            self.vanishes[self.root(next(iter(equation)))[0]] = True
            return
        (u, x), (v, y) = equation.items()
        (p, f), (q, g) = self.root(u), self.root(v)
        x, y = x * f, y * g  # x p + y q = 0
        if p == q:
            self.vanishes[p] |= bool(x + y)
            return
        if p > q:
            (p, x), (q, y) = (q, y), (p, x)
        self.parent[q], self.factor[q] = p, -x / y
        self.vanishes[p] |= self.vanishes[q]

    def basis(self) -> list[dict[int, Any]]:
        """One vector for each class that does not vanish, its first entry 1: a reduced echelon basis."""
        found: dict[int, dict[int, Any]] = {}
        for u in range(len(self.parent)):
            root, factor = self.root(u)
            if not self.vanishes[root]:
                found.setdefault(root, {})[u] = factor
        return list(found.values())


def solve(equations: Equations, unknowns: int, one: Any) -> list[dict[int, Any]] | None:
    """The reduced echelon basis of the solutions; None when some equation has more than two unknowns.

    >>> from fractions import Fraction as Q
    >>> solve([{0: Q(1), 1: Q(-2)}, {2: Q(3)}], 4, Q(1))
    [{0: Fraction(1, 1), 1: Fraction(1, 2)}, {3: Fraction(1, 1)}]
    """
    classes = Proportions(unknowns, one)
    for equation in equations:
        if len(equation) > 2:
            return None
        if equation:
            classes.impose(equation)
    return classes.basis()
