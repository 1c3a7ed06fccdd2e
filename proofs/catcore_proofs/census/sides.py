"""The sides of pasting equations, evaluated on generic elements in many partial solutions at once.

Every step looks up the value of its transformation at the shape that it finds.  Where an unknown transformation has no
value yet, a side is *blocked*, unless the step is its last one: then it *ends open*, and what the other side gives says
what the value must be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catcore_proofs.census.containers import Word
from catcore_proofs.census.layouts import Flags, Layout, Levels, Reading, Whiskered, laid_out, some, widths
from catcore_proofs.census.pasting import Step, Symbol, Values
from catcore_proofs.census.possibilities import Frontier, Indices


@dataclass(frozen=True)
class Table:
    """The values of a transformation: of a known one, or the cells where those of an unknown one are kept."""

    source: Layout
    target: Layout
    first: int = -1
    shape: Indices | None = None
    labels: Indices | None = None

    @staticmethod
    def of(symbol: Symbol, values: Values, source: Layout, target: Layout) -> Table:
        """The table of a known transformation."""
        levels = laid_out(symbol.target, [values[k] for k in source.keys])
        shape, labels = target.numbers(levels[:-1], len(source)), levels[-1].astype(np.int64)
        slots = target.slot[shape]
        copied = np.take_along_axis(labels, slots, axis=1) if labels.shape[1] else np.zeros_like(slots)
        return Table(source, target, -1, shape, np.maximum(copied, 0))

    def read(self, rows: Frontier, row: Indices, keys: Indices) -> tuple[Indices, Indices]:
        """The shape, −1 where it is open, and the labels of the value at each key."""
        if self.shape is None or self.labels is None:
            return rows.shape[row, self.first + keys], rows.labels[row, self.first + keys]
        return self.shape[keys], self.labels[keys]


@dataclass(frozen=True)
class Ending:
    """The last step of a side, of an unknown transformation: where it acts, the cells it reads, and which are open.

    Arrays have one entry for each place where the step may act, instance by instance.
    """

    step: Whiskered
    reading: Reading
    cells: Indices
    open: Flags

    def any(self) -> Flags:
        """The instances in which some cell is open."""
        return some(self.open.reshape(-1, self.step.outer), axis=1)

    def wanting(self, which: Indices) -> Indices:
        """A cell that is open in each of some instances."""
        open_, cells = (entries.reshape(-1, self.step.outer)[which] for entries in (self.open, self.cells))
        found: Indices = cells[np.arange(len(which)), open_.argmax(axis=1)]
        return found


@dataclass(frozen=True)
class Half:
    """One side of instances of an equation.

    Args:
        levels: what it gives, where nothing is open.
        blocked: for each instance, the cell without which it cannot be evaluated, or −1.
        ending: its last step, where some of the cells that this reads are open.
    """

    levels: Levels
    blocked: Indices
    ending: Ending | None = None

    def ends_open(self) -> Flags:
        """The instances that are not blocked and end with an open value."""
        return np.zeros(len(self.blocked), bool) if self.ending is None else self.ending.any()


class Side:
    """One side of an equation, compiled: the whiskered steps with the tables that they read."""

    def __init__(self, source: Word, steps: Sequence[Step], tables: Mapping[str, Table]) -> None:
        self.steps: list[tuple[Whiskered, Table]] = []
        for step in steps:
            table = tables[step.symbol]
            self.steps.append((Whiskered(table.source, table.target, source, step.depth), table))
            source = self.steps[-1][0].result
        self.width = max((sum(widths(w.word)) * w.source.most for w, _ in self.steps), default=1)

    def needs(self, starts: Levels) -> Indices:
        """The cells that the first step reads at each generic element, −1 for none, where more steps follow."""
        if len(self.steps) < 2 or self.steps[0][1].shape is not None:
            return np.full((len(starts[0]), 0), -1, np.int64)
        step, table = self.steps[0]
        reading = step.read(starts)
        return np.where(reading.present, table.first + reading.keys, -1).reshape(len(starts[0]), step.outer)

    def evaluate(self, rows: Frontier, row: Indices, levels: Levels) -> Half:
        """This side at generic elements, with the values of the given rows."""
        blocked = np.full(len(row), -1, np.int64)
        ending = None
        for number, (step, table) in enumerate(self.steps, 1):
            reading = step.read(levels)
            shape, labels = table.read(rows, row.repeat(step.outer), reading.keys)
            if table.shape is None:
                lacking, cells = (shape < 0) & reading.present, table.first + reading.keys
                if number == len(self.steps):
                    ending = Ending(step, reading, cells, lacking & (blocked < 0).repeat(step.outer))
                elif step.outer:
                    at = lacking.reshape(len(row), -1)
                    first = cells.reshape(len(row), -1)[np.arange(len(row)), at.argmax(axis=1)]
                    blocked = np.where((blocked < 0) & at.any(axis=1), first, blocked)
            levels = step.graft(levels, reading, np.maximum(shape, 0), labels)
        return Half(levels, blocked, ending if ending is not None and ending.open.any() else None)
