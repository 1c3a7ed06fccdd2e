"""The sides of pasting equations, evaluated on generic elements in many partial solutions at once.

Every step looks up the value of its transformation at the shape that it finds.  Where an unknown transformation has no
value yet, a side is *blocked*, unless the step is its last one: then it *ends open*, and what the other side gives says
what the value must be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catcore_proofs.census.containers import Word
from catcore_proofs.census.entries import (
    Flags,
    Ints,
    counted_up,
    counting,
    each_times,
    entries,
    filled,
    first,
    namespace,
    perhaps,
    rows_of,
    some,
)
from catcore_proofs.census.layouts import Layout, Levels, Reading, Whiskered, laid_out, widths
from catcore_proofs.census.pasting import Step, Symbol, Values
from catcore_proofs.census.possibilities import Frontier


@dataclass(frozen=True)
class Table:
    """The values of a transformation: of a known one, or the cells where those of an unknown one are kept."""

    source: Layout
    target: Layout
    first: int = -1
    shape: Ints | None = None
    labels: Ints | None = None

    @staticmethod
    def of(symbol: Symbol, values: Values, source: Layout, target: Layout) -> Table:
        """The table of a known transformation."""
        xp = namespace()
        levels = laid_out(symbol.target, [values[k] for k in source.keys])
        shape, labels = target.numbers(levels[:-1], len(source)), xp.astype(levels[-1], xp.int64)
        slots = rows_of(target.slot, shape)
        copied = entries(labels, counting(slots.shape[0])[:, None], slots) if labels.shape[1] else xp.zeros_like(slots)
        return Table(source, target, -1, shape, counted_up(copied))

    def read(self, rows: Frontier, row: Ints, keys: Ints) -> tuple[Ints, Ints]:
        """The shape, −1 where it is open, and the labels of the value at each key."""
        if self.shape is None or self.labels is None:
            return entries(rows.shape, row, self.first + keys), entries(rows.labels, row, self.first + keys)
        return rows_of(self.shape, keys), rows_of(self.labels, keys)


@dataclass(frozen=True)
class Ending:
    """The last step of a side, of an unknown transformation: where it acts, the cells it reads, and which are open.

    Arrays have one entry for each place where the step may act, instance by instance.
    """

    step: Whiskered
    reading: Reading
    cells: Ints
    open: Flags

    def any(self) -> Flags:
        """The instances in which some cell is open."""
        return some(self._by_instance(self.open), axis=1)

    def wanting(self, which: Ints) -> Ints:
        """A cell that is open in each of some instances."""
        open_, cells = (rows_of(self._by_instance(x), which) for x in (self.open, self.cells))
        return entries(cells, counting(which.shape[0]), first(open_, axis=1))

    def _by_instance(self, x: Any) -> Any:
        return namespace().reshape(x, (-1, self.step.outer))


@dataclass(frozen=True)
class Half:
    """One side of instances of an equation.

    Args:
        levels: what it gives, where nothing is open.
        blocked: for each instance, the cell without which it cannot be evaluated, or −1.
        ending: its last step, where some of the cells that this reads are open.
    """

    levels: Levels
    blocked: Ints
    ending: Ending | None = None

    def ends_open(self) -> Flags:
        """The instances that are not blocked and end with an open value."""
        return filled(self.blocked.shape, False, "bool") if self.ending is None else self.ending.any()


class Side:
    """One side of an equation, compiled: the whiskered steps with the tables that they read."""

    def __init__(self, source: Word, steps: Sequence[Step], tables: Mapping[str, Table]) -> None:
        self.steps: list[tuple[Whiskered, Table]] = []
        for step in steps:
            table = tables[step.symbol]
            self.steps.append((Whiskered(table.source, table.target, source, step.depth), table))
            source = self.steps[-1][0].result
        self.width = max((sum(widths(w.word)) * w.source.most for w, _ in self.steps), default=1)

    def needs(self, starts: Levels) -> Ints:
        """The cells that the first step reads at each generic element, −1 for none, where more steps follow."""
        xp, count = namespace(), starts[0].shape[0]
        if len(self.steps) < 2 or self.steps[0][1].shape is not None:
            return filled((count, 0), -1)
        step, table = self.steps[0]
        reading = step.read(starts)
        return xp.reshape(xp.where(reading.present, table.first + reading.keys, -1), (count, step.outer))

    def evaluate(self, rows: Frontier, row: Ints, levels: Levels) -> Half:
        """This side at generic elements, with the values of the given rows."""
        xp, count = namespace(), row.shape[0]
        blocked = filled((count,), -1)
        ending = None
        for number, (step, table) in enumerate(self.steps, 1):
            reading = step.read(levels)
            shape, labels = table.read(rows, each_times(row, step.outer), reading.keys)
            if table.shape is None:
                lacking, cells = (shape < 0) & reading.present, table.first + reading.keys
                if number == len(self.steps):
                    ending = Ending(step, reading, cells, lacking & each_times(blocked < 0, step.outer))
                elif step.outer and count:
                    at, of = (xp.reshape(x, (count, step.outer)) for x in (lacking, cells))
                    wanted = entries(of, counting(count), first(at, axis=1))
                    blocked = xp.where((blocked < 0) & some(at, axis=1), wanted, blocked)
            levels = step.graft(levels, reading, counted_up(shape), labels)
        return Half(levels, blocked, ending if ending is not None and perhaps(ending.open) else None)
