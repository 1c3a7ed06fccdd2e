"""Small finite models of equations and disequations, found by backtracking over tables (in the manner of Mace4).

Every operation is a table whose cells are filled one after the other.  All ground instances of the equations watch the
cells that they wait for; an instance with one open cell fills it, one with two different values ends the branch.
Elements of a sort are interchangeable until they are used, so a new value is tried only once (the least number
heuristic).  There may be several sorts; with one, a signature is a list of arities.
"""

from __future__ import annotations

import itertools as it
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, prod
from typing import Any

from catcore_proofs.completion.bank import Term

#: A ground term over partial tables: an element, or (symbol, arguments).
Ground = Any

#: The most cells and ground instances that a search works with.
CELLS, INSTANCES = 20_000, 400_000


@dataclass(frozen=True)
class Signature:
    """The sorts of each symbol's arguments, and of its value; sorts are numbered from 0."""

    arguments: tuple[tuple[int, ...], ...]
    results: tuple[int, ...]

    @staticmethod
    def of(arities: Sequence[int]) -> Signature:
        """Symbols with so many arguments over one sort."""
        return Signature(tuple((0,) * n for n in arities), (0,) * len(arities))


@dataclass(frozen=True)
class Clause:
    """Two terms that must be equal, or differ, at all values of their variables.

    Args:
        lhs: one side.
        rhs: the other side.
        positive: whether they are equal.
        sorts: the sort of each variable, by its number; those left out are of sort 0.
    """

    lhs: Term
    rhs: Term
    positive: bool = True
    sorts: Mapping[int, int] = field(default_factory=dict)

    def variables(self) -> list[int]:
        """The variables, in order of their numbers; some may occur in no term."""
        return sorted({*self.lhs.counts, *self.rhs.counts, *self.sorts}, reverse=True)


@dataclass(frozen=True)
class Model:
    """A finite model: the number of elements of each sort, and a table for each symbol, arguments lexicographic."""

    sizes: tuple[int, ...]
    tables: dict[int, tuple[int, ...]]

    @property
    def size(self) -> int:
        """The number of elements, of all sorts together."""
        return sum(self.sizes)


class _Conflict(Exception):
    pass


class ModelSearch:
    """The search for models of given sizes.

    Args:
        signature: the sorts of the symbols.
        clauses: what must hold.
        sizes: the number of elements of each sort.
        deadline: when to stop, as a value of ``time.perf_counter``.
        steps: how many ground instances may be looked at; each look counts.
        whole: fill cells as well that no clause asks for.
    """

    def __init__(
        self, signature: Signature, clauses: Sequence[Clause], sizes: Sequence[int], *, deadline: float = inf,
        steps: float = inf, whole: bool = False,
    ) -> None:  # fmt: skip
        self.signature, self.sizes = signature, tuple(sizes)
        self.deadline, self.steps, self.whole = deadline, steps, whole
        self.offsets = [0]
        self.result: list[int] = []
        self.tops: list[tuple[int, ...]] = []  # for each cell the largest argument of each sort
        for sorts, of in zip(signature.arguments, signature.results, strict=True):
            for args in it.product(*(range(self.sizes[s]) for s in sorts)):
                self.result.append(of)
                self.tops.append(self._top(sorts, args))
            self.offsets.append(len(self.result))
        self.values = [-1] * len(self.result)
        self.allowed = [(1 << self.sizes[of]) - 1 for of in self.result]
        self.watching: list[set[int]] = [set() for _ in self.values]
        self.instances: list[tuple[Ground, Ground, bool]] = []
        for clause in clauses:
            self._ground(clause)
        self.trail: list[tuple[int, int]] = []
        self.pending: list[int] = []
        self.stopped = False

    def _top(self, sorts: Sequence[int], args: Sequence[int]) -> tuple[int, ...]:
        top = [-1] * len(self.sizes)
        for s, a in zip(sorts, args, strict=True):
            top[s] = max(top[s], a)
        return tuple(top)

    def _ground(self, clause: Clause) -> None:
        names = clause.variables()
        for elements in it.product(*(range(self.sizes[clause.sorts.get(n, 0)]) for n in names)):
            values = dict(zip(names, elements, strict=True))
            self.instances.append(
                (self._instance(clause.lhs, values), self._instance(clause.rhs, values), clause.positive)
            )

    def _instance(self, t: Term, values: dict[int, int]) -> Ground:
        if t.head < 0:
            return values[t.head]
        sizes = tuple(self.sizes[s] for s in self.signature.arguments[t.head])
        return (self.offsets[t.head], tuple(self._instance(a, values) for a in t.args), sizes)

    def evaluate(self, t: Ground) -> int:
        """The value of a ground term; ``−1 − cell`` for one open cell at the top, ``−1 − cell − open`` deeper down.

        The second form adds the number of cells, so that both can be told apart.
        """
        if isinstance(t, int):
            return t
        place = 0
        for a, size in zip(t[1], t[2], strict=True):
            value = a if isinstance(a, int) else self.evaluate(a)
            if value < 0:
                return value if value < -len(self.values) else value - len(self.values)
            place = place * size + value
        cell = t[0] + place
        found: int = self.values[cell]
        return found if found >= 0 else -1 - cell

    def check(self, number: int) -> None:
        """Let an instance draw its consequences, or watch the cells that it waits for."""
        self.steps -= 1
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

    def solve(self) -> Model | None:
        """A model, or None when there is none of these sizes or the search was stopped."""
        return next(self.solutions(), None)

    def solutions(self) -> Iterator[Model]:
        """The models, one at least of each isomorphism class, until the search is stopped."""
        if not all(self.allowed):  # an operation with arguments and no values
            return
        try:
            for number in range(len(self.instances)):
                self.check(number)
            self.propagate()
        except _Conflict:
            return
        yield from self._fill()

    def _model(self) -> Model:
        tables = {
            symbol: tuple(max(v, 0) for v in self.values[self.offsets[symbol] : self.offsets[symbol + 1]])
            for symbol in range(len(self.signature.results))
        }
        return Model(self.sizes, tables)

    def _undo(self, mark: int) -> None:
        while len(self.trail) > mark:
            cell, old = self.trail.pop()
            if old == -1:
                self.values[cell] = -1
            else:
                self.allowed[cell] = old
        self.pending.clear()

    def _used(self) -> list[int]:
        """The largest element in use, of each sort."""
        used = [-1] * len(self.sizes)
        for cell, value in enumerate(self.values):
            if value >= 0:
                used = [max(u, t) for u, t in zip(used, self.tops[cell], strict=True)]
                used[self.result[cell]] = max(used[self.result[cell]], value)
        return used

    def _choose(self) -> tuple[int, int] | None:
        """The open cell to fill next, and the largest value that need be tried."""
        used = self._used()
        best, cost = None, (10**9, 10**9, 10**9)
        for cell, value in enumerate(self.values):
            if value < 0 and (self.whole or self.watching[cell]):
                fresh = sum(max(t - u, 0) for t, u in zip(self.tops[cell], used, strict=True))
                key = (fresh, self.allowed[cell].bit_count(), -len(self.watching[cell]))
                if key < cost:
                    best, cost = cell, key
        if best is None:
            return None
        sort = self.result[best]
        return best, max(used[sort], self.tops[best][sort]) + 1

    def _fill(self) -> Iterator[Model]:
        """Fill the open cells by backtracking, without recursion."""
        stack: list[tuple[int, int, list[int]]] = []
        choice = self._choose()
        while True:
            if choice is None:
                yield self._model()
            else:
                cell, limit = choice
                options = [v for v in range(self.sizes[self.result[cell]]) if self.allowed[cell] >> v & 1]
                stack.append((cell, len(self.trail), [v for v in options if v <= limit][::-1]))
            if not self._advance(stack):
                return
            choice = self._choose()

    def _advance(self, stack: list[tuple[int, int, list[int]]]) -> bool:
        """Go on to the next value of the last choice that has one; whether there was one, and time."""
        while stack:
            if self.steps < 0 or time.perf_counter() > self.deadline:
                self.stopped = True
                return False
            cell, mark, options = stack[-1]
            self._undo(mark)
            if not options:
                stack.pop()
                continue
            try:
                self.restrict(cell, 1 << options.pop())
                self.propagate()
            except _Conflict:
                continue
            return True
        return False


def manageable(signature: Signature, clauses: Sequence[Clause], sizes: Sequence[int]) -> bool:
    """Whether the cells and the ground instances over sets of the given sizes are few enough."""
    cells = sum(prod(sizes[s] for s in sorts) for sorts in signature.arguments)
    if cells > CELLS:
        return False
    return sum(prod(sizes[c.sorts.get(n, 0)] for n in c.variables()) for c in clauses) <= INSTANCES
