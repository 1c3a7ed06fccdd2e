"""What the values of unknown transformations may still be, for many partial solutions at once.

A *cell* is the value of an unknown transformation at one shape of its source: an element of the target whose labels are
the positions of that shape.  In each row, one partial solution, a cell has the shapes of the target that it may still
have, and for each place of each shape the labels that it may still hold.  These sets only shrink; a row in which a cell
has no value left is given up, and a row branches on the cell with the fewest values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from catcore_proofs.census.layouts import ABSENT, Flags, Layout

Indices = NDArray[np.int64]


@dataclass
class Frontier:
    """Partial solutions, one a row.

    Args:
        alive: (row, cell, shape): whether the cell may have the shape.
        allowed: (row, cell, shape, place, label): whether the place may hold the label.
        count: (row, cell): how many values there are.
        shape: (row, cell): the shape of the value where it is known, −1 elsewhere.
        labels: (row, cell, place): the labels of the value where it is known.
        waits: (row, instance, 2): the events that an instance of an equation waits for.
    """

    alive: Flags
    allowed: Flags
    count: NDArray[np.float64]
    shape: Indices
    labels: Indices
    waits: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.alive)

    def take(self, rows: Indices | Flags) -> Frontier:
        """Some of the rows."""
        return Frontier(*(getattr(self, f.name)[rows] for f in fields(self)))

    @staticmethod
    def joined(parts: Sequence[Frontier]) -> Frontier:
        """The rows of all parts."""
        if len(parts) == 1:
            return parts[0]
        return Frontier(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Frontier)))

    def single(self) -> Flags:
        """The cells whose value is known."""
        found: Flags = self.count == 1
        return found


class Possibilities:
    """Which shapes and labels the cells have at all, and how rows are settled and split.

    Args:
        cells: for each cell, the number of positions of its source and the layout of its target.
    """

    def __init__(self, cells: Sequence[tuple[int, Layout]]) -> None:
        self.cells = len(cells)
        shapes = max((len(target) for _, target in cells), default=1) or 1
        places = max((target.most for _, target in cells), default=1)
        labels = max((positions for positions, _ in cells), default=1) or 1
        self.exists = np.zeros((self.cells, shapes, places), bool)
        self._alive = np.zeros((1, self.cells, shapes), bool)
        self._allowed = np.zeros((1, self.cells, shapes, places, labels), bool)
        for cell, (positions, target) in enumerate(cells):
            self.exists[cell, : len(target)] = np.arange(places) < target.positions[:, None]
            self._alive[0, cell, : len(target)] = True
            self._allowed[0, cell, :, :, :positions] = self.exists[cell, :, :, None]

    def start(self, instances: int) -> Frontier:
        """Everything open, in one row; every instance waits for the first event."""
        shape = np.full((1, self.cells), ABSENT, np.int64)
        labels = np.zeros((1, self.cells, self.exists.shape[2]), np.int64)
        waits = np.zeros((1, instances, 2), np.int32)
        return Frontier(
            self._alive.copy(), self._allowed.copy(), np.full((1, self.cells), np.inf), shape, labels, waits
        )

    def settle(self, rows: Frontier) -> tuple[Flags, Flags]:
        """Count the values again and read off those that are known; the rows that live on, and the changed cells."""
        choices = np.where(self.exists, rows.allowed.sum(axis=4, dtype=np.float64), 1.0).prod(axis=3)
        rows.alive &= choices > 0
        count = np.where(rows.alive, choices, 0.0).sum(axis=2)
        changed = count != rows.count
        rows.count = count
        r, c = np.nonzero(changed & (count == 1))
        shape = rows.alive[r, c].argmax(axis=1)
        rows.shape[r, c] = shape
        rows.labels[r, c] = rows.allowed[r, c, shape].argmax(axis=2)
        return (count > 0).all(axis=1), changed

    def branches(self, rows: Frontier, size: int) -> Iterator[Frontier]:
        """Each row split on its cell with the fewest values: by shape, then by the label of a place.

        Args:
            rows: rows in which some cell is open.
            size: how many rows a piece has at most.
        """
        line = np.arange(len(rows))
        cell = np.where(rows.count > 1, rows.count, np.inf).argmin(axis=1)
        alive = rows.alive[line, cell]
        shape = alive.argmax(axis=1)
        allowed = rows.allowed[line, cell, shape]
        place = (allowed.sum(axis=2) > 1).argmax(axis=1)
        by_shape = alive.sum(axis=1) > 1
        for which, options in ((by_shape, alive), (~by_shape, allowed[line, place])):
            parents, chosen = np.nonzero(options & which[:, None])
            for begin in range(0, len(parents), size):
                p, o = parents[begin : begin + size], chosen[begin : begin + size]
                child, at = rows.take(p), np.arange(len(p))
                if which is by_shape:
                    child.alive[at, cell[p]] = False
                    child.alive[at, cell[p], o] = True
                else:
                    child.allowed[at, cell[p], shape[p], place[p]] = False
                    child.allowed[at, cell[p], shape[p], place[p], o] = True
                yield child
