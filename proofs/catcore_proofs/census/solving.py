"""The search for all families of transformations that satisfy pasting equations.

Thousands of partial solutions are worked on at once, depth first: the instances of the equations are evaluated on all
of them, what they say cuts the possible values down, and the rows that are left branch.  Each instance is looked at
again only in the rows in which a cell changed that it waits for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod

from catcore.categories.finite_sets import host
from catcore.errors import TooLarge
from catcore_proofs.census.compiling import Parts
from catcore_proofs.census.containers import Word, graft
from catcore_proofs.census.deductions import Instances
from catcore_proofs.census.entries import (
    Flags,
    Ints,
    counted_up,
    counting,
    entries,
    filled,
    joined,
    namespace,
    rows_of,
    some,
)
from catcore_proofs.census.layouts import Layout, laid_out
from catcore_proofs.census.pasting import Pasting, Symbol, Values
from catcore_proofs.census.possibilities import Frontier, Possibilities
from catcore_proofs.census.sharing import shared_out
from catcore_proofs.census.sides import Side, Table

#: Partial solutions worked on at once, the bytes that they may take, and the partial solutions looked at in all.
ROWS, BYTES, CHOICES = 8_192, 64_000_000, 50_000_000


class PastingSearch:
    """All values for the unknown transformations that satisfy the equations.

    Args:
        unknown: the transformations looked for.
        known: given transformations with their values.
        equations: what must hold.
    """

    def __init__(self, unknown: Sequence[Symbol], known: Mapping[Symbol, Values], equations: Sequence[Pasting]) -> None:
        self.unknown = tuple(unknown)
        self._layouts: dict[Word, Layout] = {}
        self.tables: dict[str, Table] = {}
        cells: list[tuple[int, Layout]] = []
        for symbol in unknown:
            source, target = self._ends(symbol)
            self.tables[symbol.name] = Table(source, target, len(cells))
            cells += [(int(positions), target) for positions in source.positions]
        for symbol, values in known.items():
            self.tables[symbol.name] = Table.of(
                symbol, values, self._layout(symbol.source), self._layout(symbol.target)
            )
        self.possible = Possibilities(cells)
        self.candidates = prod(_size(target, positions) for positions, target in cells)
        self.equations: list[Instances] = []
        self.instances = 0
        for e in equations:
            self._compile(e)
        self.nodes, self.parts = 0, Parts()

    def _ends(self, symbol: Symbol) -> tuple[Layout, Layout]:
        return self._layout(symbol.source), self._layout(symbol.target)

    def _layout(self, word: Word) -> Layout:
        if word not in self._layouts:
            self._layouts[word] = Layout(word)
        return self._layouts[word]

    def _compile(self, equation: Pasting) -> None:
        starts = laid_out(equation.source, self._layout(equation.source).generic)
        lhs, rhs = (Side(equation.source, steps, self.tables) for steps in (equation.lhs, equation.rhs))
        self.equations.append(Instances.of(starts, lhs, rhs, self.instances, self.possible.cells))
        self.instances += len(self.equations[-1])

    # ---- the tree --------------------------------------------------------------------------------------------------

    def solutions(self, *, limit: int = 1_000_000) -> Iterator[dict[str, Values]]:
        """All solutions, each as the values of the unknown transformations.

        Raises:
            TooLarge: when there are more than ``limit``, or more than ``CHOICES`` partial solutions are met.
        """
        if not self.candidates:
            return
        found = 0
        for rows in self._complete():
            found += len(rows)
            if found > limit:
                raise TooLarge(f"There are more than {limit} solutions; raise the limit, or ask a smaller question.")
            for shapes, labels in zip(host(rows.shape).tolist(), host(rows.labels).tolist(), strict=True):
                yield self._solution(shapes, labels)

    def _complete(self) -> Iterator[Frontier]:
        """The solutions in pieces: the tree is searched depth first, many rows at a time."""
        start = self.possible.start(self.instances)
        size = max(16, min(ROWS, BYTES // (prod(start.allowed.shape) + 8 * prod(start.waits.shape) + 1)))
        stack = [start]
        while stack:
            parts = [stack.pop()]
            while stack and len(stack[-1]) + sum(map(len, parts)) <= size:
                parts.append(stack.pop())
            whole = Frontier.joined(parts)
            rows = shared_out(self._propagated, whole, len(whole), Frontier.cut, Frontier.joined)
            open_ = some(~rows.single(), axis=1)
            if not bool(namespace().all(open_)):
                yield rows.take(~open_)
            rows = rows.take(open_)
            for child in self.possible.branches(rows, size) if len(rows) else ():
                self.nodes += len(child)
                stack.append(child)
            if self.nodes > CHOICES:
                raise TooLarge(f"More than {CHOICES} partial solutions were met; ask a smaller question.")

    def _solution(self, shapes: Sequence[int], labels: Sequence[Sequence[int]]) -> dict[str, Values]:
        """The values of the unknown transformations, from the shape and the labels of each cell."""
        found: dict[str, Values] = {}
        for symbol in self.unknown:
            table = self.tables[symbol.name]
            cells = range(table.first, table.first + len(table.source))
            found[symbol.name] = {
                k: graft(table.target.generic[shapes[cell]], len(symbol.target), labels[cell])
                for k, cell in zip(table.source.keys, cells, strict=True)
            }
        return found

    # ---- propagation -----------------------------------------------------------------------------------------------

    def _propagated(self, rows: Frontier) -> Frontier:
        """Draw the consequences of all instances until nothing changes; rows with a contradiction go."""
        done: list[Frontier] = []
        numbers, line = [], counting(len(rows))
        while True:
            begun = some(namespace().isinf(rows.count), axis=1) if self.possible.cells else self._begun(rows, done)
            live, changed = self.possible.settle(self.parts, rows)
            rows, changed, begun, line = rows.take(live), *(rows_of(x, live) for x in (changed, begun, line))
            due = self._due(begun, changed, rows)
            active = some(due, axis=1)
            done.append(rows.take(~active))
            numbers.append(rows_of(line, ~active))
            if not bool(namespace().any(active)):
                return Frontier.joined(done).take(namespace().argsort(joined(numbers)))
            rows, due, line = rows.take(active), rows_of(due, active), rows_of(line, active)
            still = filled((len(rows),), True, "bool")
            for equation in self.equations:
                still = equation.draw(self.parts, rows, due, still)
            rows, line = rows.take(still), rows_of(line, still)

    def _due(self, begun: Flags, changed: Flags, rows: Frontier) -> Flags:
        """The instances that wait for one of the events that happened."""
        if not len(rows):
            return filled((0, self.instances), False, "bool")
        (due,) = self.parts("due", _waking, (begun, changed, changed & rows.single(), rows.waits))
        return due

    @staticmethod
    def _begun(rows: Frontier, done: list[Frontier]) -> Flags:
        """Whether rows without cells are looked at for the first time."""
        return filled((len(rows),), not done, "bool")


def _waking(rows: tuple[Flags, Flags, Flags, Ints]) -> tuple[Flags]:
    """Which instances wait for an event that happened: that it begins, and the changes and the values of cells."""
    begun, changed, known, waits = rows
    events = joined([begun[:, None], changed, known], axis=1)
    each = counting(waits.shape[0])[:, None, None]
    return (some(entries(events, each, counted_up(waits)) & (waits >= 0), axis=2),)


def _size(target: Layout, positions: int) -> int:
    """The number of elements of a composite on so many labels."""
    return sum(positions ** int(n) for n in target.positions)
