"""Elimination of a large sparse system in the field itself, row by row, given up once it fills in.

The pivot of an equation is its last unknown, so that each is expressed by unknowns before it; what is not a pivot is
free.  The solutions with one free unknown equal to 1 and the others 0 are then the reduced echelon basis.  Equations of
automata and of shifts stay sparse all the way; others fill in, which the work counted tells in time.

>>> from catcore.exact import RATIONALS
>>> null_space([{0: 1, 1: 1, 2: -2}], 3, RATIONALS, 100)
[{0: 1, 2: 1/2}, {1: 1, 2: 1/2}]
>>> null_space([{0: 1, 1: 1}, {0: 1, 1: -1}], 2, RATIONALS, 1) is None
True
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catcore.exact import Field

Row = dict[int, Any]


def null_space(equations: Iterable[Mapping[int, int]], unknowns: int, over: Field, most: int) -> list[Row] | None:
    """The reduced echelon basis of the vectors that satisfy all equations; None after ``most`` multiplications."""
    domain = over.domain
    system = _Pivots(domain.one, most)
    for equation in equations:
        if not system.take({u: c for u, x in equation.items() if (c := domain(x))}):
            return None
    return system.solutions(unknowns)


@dataclass
class _Pivots:
    """Equations solved for their last unknown: by its number, what it is in the unknowns before it."""

    one: Any
    most: int
    solved: dict[int, Row] = field(default_factory=dict)
    work: int = 0

    def take(self, row: Row) -> bool:
        """Reduce an equation by those before it, and keep what is left; whether the work stayed below its bound."""
        while row:
            last = max(row)
            factor = row.pop(last)
            if last not in self.solved:
                self.solved[last] = {u: -x / factor for u, x in row.items()}
                return self.work <= self.most
            self._add(row, self.solved[last], factor)
            if self.work > self.most:
                return False
        return True

    def _add(self, row: Row, other: Row, factor: Any) -> None:
        self.work += len(row) + len(other)
        for u, x in other.items():
            if value := row.get(u, 0) + factor * x:
                row[u] = value
            else:
                row.pop(u, None)

    def solutions(self, unknowns: int) -> list[Row] | None:
        """The basis, an unknown that is free for each."""
        free = {u: {u: self.one} for u in range(unknowns) if u not in self.solved}
        for pivot in sorted(self.solved):
            row = self.solved[pivot]
            for u in [u for u in row if u in self.solved]:
                self._add(row, self.solved[u], row.pop(u))  # what is solved before is in free unknowns alone
            if self.work > self.most:
                return None
            for u, x in row.items():
                free[u][pivot] = x
        return list(free.values())


__all__ = ["null_space"]
