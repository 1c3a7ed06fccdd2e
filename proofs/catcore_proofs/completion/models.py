"""Small finite models of equations and disequations, found by backtracking over tables (in the manner of Mace4).

Every operation is a table whose cells are filled one after the other.  All ground instances of the equations watch the
cells that they wait for; an instance with one open cell fills it, one with two different values ends the branch.
Elements are interchangeable until they are used, so a new value is tried only once (the least number heuristic).
"""

from __future__ import annotations

import itertools as it
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catcore_proofs.completion.bank import Term

#: A ground term over partial tables: an element, or (symbol, arguments).
Ground = Any


@dataclass(frozen=True)
class Model:
    """A finite model: the number of elements, and a table for each symbol, arguments in lexicographic order."""

    size: int
    tables: dict[int, tuple[int, ...]]


class _Conflict(Exception):
    pass


class ModelSearch:
    """The search for a model of a given size.

    Args:
        arities: the number of arguments of each symbol.
        equations: pairs of terms that must be equal.
        disequations: pairs of terms of which every instance must differ.
        size: the number of elements.
        deadline: when to stop, as a value of ``time.perf_counter``.
    """

    def __init__(
        self,
        arities: Sequence[int],
        equations: Sequence[tuple[Term, Term]],
        disequations: Sequence[tuple[Term, Term]],
        size: int,
        deadline: float,
    ) -> None:
        self.size, self.deadline = size, deadline
        self.arities = arities
        self.offsets = [0]
        for n in arities:
            self.offsets.append(self.offsets[-1] + size**n)
        self.values = [-1] * self.offsets[-1]
        self.allowed = [(1 << size) - 1] * self.offsets[-1]
        self.watching: list[set[int]] = [set() for _ in self.values]
        self.instances: list[tuple[Ground, Ground, bool]] = []
        for positive, pairs in ((True, equations), (False, disequations)):
            for s, t in pairs:
                self._ground(s, t, positive)
        self.trail: list[tuple[int, int]] = []
        self.out_of_time = False
        self.arguments = [max(args, default=-1) for n in arities for args in it.product(range(size), repeat=n)]

    def _ground(self, s: Term, t: Term, positive: bool) -> None:
        names = sorted(set(s.counts) | set(t.counts), reverse=True)
        for elements in it.product(range(self.size), repeat=len(names)):
            values = dict(zip(names, elements, strict=True))
            self.instances.append((self._instance(s, values), self._instance(t, values), positive))

    def _instance(self, t: Term, values: dict[int, int]) -> Ground:
        if t.head < 0:
            return values[t.head]
        return (self.offsets[t.head], tuple(self._instance(a, values) for a in t.args))

    def evaluate(self, t: Ground) -> int:
        """The value of a ground term; ``−1 − cell`` for one open cell at the top, ``−1 − cell − open`` deeper down.

        The second form adds the number of cells, so that both can be told apart.
        """
        if isinstance(t, int):
            return t
        place, size = 0, self.size
        for a in t[1]:
            value = a if isinstance(a, int) else self.evaluate(a)
            if value < 0:
                return value if value < -len(self.values) else value - len(self.values)
            place = place * size + value
        cell = t[0] + place
        found: int = self.values[cell]
        return found if found >= 0 else -1 - cell

    def check(self, number: int) -> None:
        """Let an instance draw its consequences, or watch the cells that it waits for."""
        s, t, positive = self.instances[number]
        a, b = self.evaluate(s), self.evaluate(t)
        if a >= 0 and b >= 0:
            if (a == b) != positive:
                raise _Conflict
            return
        cells = len(self.values)
        for value, other in ((a, b), (b, a)):
            if value < 0:
                cell = -1 - value
                if cell < cells:
                    if other >= 0:
                        self.restrict(cell, 1 << other if positive else ~(1 << other))
                        if self.values[cell] < 0:
                            self.watching[cell].add(number)
                        return
                    if not positive and a == b:
                        raise _Conflict
                else:
                    cell -= cells
                self.watching[cell].add(number)

    def restrict(self, cell: int, mask: int) -> None:
        """Allow only some values for a cell; a single one is filled in."""
        old = self.allowed[cell]
        new = old & mask
        if new == old and new & (new - 1):
            return
        if not new:
            raise _Conflict
        if new != old:
            self.trail.append((cell, old))
            self.allowed[cell] = new
        if not new & (new - 1) and self.values[cell] < 0:
            self.trail.append((cell, -1))
            self.values[cell] = new.bit_length() - 1
            self.pending.append(cell)

    def propagate(self) -> None:
        """Draw all consequences of the cells filled lately."""
        while self.pending:
            cell = self.pending.pop()
            for number in list(self.watching[cell]):
                self.check(number)

    pending: list[int]

    def solve(self) -> Model | None:
        """A model, or None when there is none of this size or time ran out."""
        self.pending = []
        try:
            for number in range(len(self.instances)):
                self.check(number)
            self.propagate()
        except _Conflict:
            return None
        if not self._fill():
            return None
        tables = {
            symbol: tuple(max(v, 0) for v in self.values[self.offsets[symbol] : self.offsets[symbol + 1]])
            for symbol in range(len(self.arities))
        }
        return Model(self.size, tables)

    def _undo(self, mark: int) -> None:
        while len(self.trail) > mark:
            cell, old = self.trail.pop()
            if old == -1:
                self.values[cell] = -1
            else:
                self.allowed[cell] = old
        self.pending.clear()

    def _choose(self) -> tuple[int, int] | None:
        """The open cell to fill next, and how many elements are in use."""
        used = -1
        for cell, value in enumerate(self.values):
            if value >= 0:
                used = max(used, value, self.arguments[cell])
        best, cost = None, (10**9, 10**9, 10**9)
        for cell, value in enumerate(self.values):
            if value < 0 and self.watching[cell]:
                key = (max(self.arguments[cell], used), self.allowed[cell].bit_count(), -len(self.watching[cell]))
                if key < cost:
                    best, cost = cell, key
        return None if best is None else (best, used)

    def _fill(self) -> bool:
        """Fill the open cells by backtracking, without recursion."""
        stack: list[tuple[int, int, list[int]]] = []
        choice = self._choose()
        while True:
            if choice is None:
                return True
            if time.perf_counter() > self.deadline:
                self.out_of_time = True
                return False
            cell, used = choice
            limit = max(used, self.arguments[cell]) + 1
            options = [v for v in range(self.size) if self.allowed[cell] >> v & 1 and v <= limit]
            stack.append((cell, len(self.trail), options[::-1]))
            while stack:
                cell, mark, options = stack[-1]
                if not options:
                    stack.pop()
                    if stack:
                        self._undo(stack[-1][1])
                    continue
                self._undo(mark)
                try:
                    self.restrict(cell, 1 << options.pop())
                    self.propagate()
                except _Conflict:
                    self._undo(mark)
                    continue
                break
            else:
                return False
            choice = self._choose()


def find_model(
    arities: Sequence[int],
    equations: Sequence[tuple[Term, Term]],
    disequations: Sequence[tuple[Term, Term]],
    *,
    deadline: float,
    largest: int = 12,
) -> Model | None:
    """The smallest finite model of some equations and disequations, sizes tried one after the other."""
    for size in range(1, largest + 1):
        cells = sum(size**n for n in arities)
        instances = sum(size ** len(set(s.counts) | set(t.counts)) for s, t in (*equations, *disequations))
        if cells > 20_000 or instances > 400_000 or time.perf_counter() > deadline:
            return None
        search = ModelSearch(arities, equations, disequations, size, deadline)
        found = search.solve()
        if found is not None:
            return found
        if search.out_of_time:
            return None
    return None
