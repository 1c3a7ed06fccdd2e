"""What the values of unknown transformations may still be, for many partial solutions at once.

A *cell* is the value of an unknown transformation at one shape of its source: an element of the target whose labels are
the positions of that shape.  In each row, one partial solution, a cell has the shapes of the target that it may still
have, and for each place of each shape the labels that it may still hold.  These sets only shrink; a row in which a cell
has no value left is given up, and a row branches on the cell with the fewest values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from catcore_proofs.census.compiling import Parts
from catcore_proofs.census.entries import (
    ABSENT,
    Flags,
    Ints,
    counting,
    entries,
    every,
    filled,
    first,
    joined,
    made,
    namespace,
    pieces,
    places,
    rows_of,
    written,
)
from catcore_proofs.census.layouts import Layout


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
    count: Any
    shape: Ints
    labels: Ints
    waits: Ints

    def __len__(self) -> int:
        return int(self.alive.shape[0])

    def take(self, rows: Ints | Flags) -> Frontier:
        """Some of the rows."""
        if rows.dtype == namespace().bool:
            (rows,) = places(rows)
        return Frontier(*(rows_of(getattr(self, f.name), rows) for f in fields(self)))

    def cut(self, block: slice) -> Frontier:
        """The rows of a slice, on the same memory."""
        return Frontier(*(getattr(self, f.name)[block, ...] for f in fields(self)))

    def arrays(self) -> tuple[Any, ...]:
        """The arrays, in order."""
        return tuple(getattr(self, f.name) for f in fields(self))

    @staticmethod
    def joined(parts: Sequence[Frontier]) -> Frontier:
        """The rows of all parts."""
        if len(parts) == 1:
            return parts[0]
        return Frontier(*(joined([getattr(p, f.name) for p in parts]) for f in fields(Frontier)))

    def single(self) -> Flags:
        """The cells whose value is known."""
        return self.count == 1


class Possibilities:
    """Which shapes and labels the cells have at all, and how rows are settled and split.

    Args:
        cells: for each cell, the number of positions of its source and the layout of its target.
    """

    def __init__(self, cells: Sequence[tuple[int, Layout]]) -> None:
        self.cells = len(cells)
        shapes = max((len(target) for _, target in cells), default=1) or 1
        most = max((target.most for _, target in cells), default=1)
        labels = max((positions for positions, _ in cells), default=1) or 1
        exists = np.zeros((self.cells, shapes, most), bool)
        alive = np.zeros((1, self.cells, shapes), bool)
        allowed = np.zeros((1, self.cells, shapes, most, labels), bool)
        for cell, (positions, target) in enumerate(cells):
            exists[cell, : len(target)] = np.arange(most) < target.positions[:, None]
            alive[0, cell, : len(target)] = True
            allowed[0, cell, :, :, :positions] = exists[cell, :, :, None]
        self.exists = made(exists)
        self._alive, self._allowed = alive, allowed

    def start(self, instances: int) -> Frontier:
        """Everything open, in one row; every instance waits for the first event."""
        shape = filled((1, self.cells), ABSENT)
        labels = filled((1, self.cells, self.exists.shape[2]), 0)
        count = filled((1, self.cells), float("inf"), "float64")
        alive, allowed = made(self._alive.copy()), made(self._allowed.copy())
        return Frontier(alive, allowed, count, shape, labels, filled((1, instances, 2), 0))

    def settle(self, parts: Parts, rows: Frontier) -> tuple[Flags, Flags]:
        """Count the values again and read off those that are known; the rows that live on, and the changed cells."""
        if not len(rows):
            return filled((0,), True, "bool"), filled((0, self.cells), True, "bool")
        found = parts("settled", self._counted_again, rows.arrays()[:-1])
        rows.alive, rows.count, rows.shape, rows.labels, live, changed = found
        return live, changed

    def _counted_again(self, rows: tuple[Any, ...]) -> tuple[Any, ...]:
        xp, (alive, allowed, before, shapes, labels) = namespace(), rows
        held = xp.sum(xp.astype(allowed, xp.float64), axis=4)
        choices = xp.prod(xp.where(self.exists, held, 1.0), axis=3)
        alive = alive & (choices > 0)
        count = xp.sum(xp.where(alive, choices, 0.0), axis=2)
        changed = count != before
        r, c = places(changed & (count == 1))
        shape = first(entries(alive, r, c), axis=1)
        shapes = written(shapes, (r, c), shape)
        labels = written(labels, (r, c), first(entries(allowed, r, c, shape), axis=2))
        return alive, count, shapes, labels, every(count > 0, axis=1), changed

    def branches(self, rows: Frontier, size: int) -> Iterator[Frontier]:
        """Each row split on its cell with the fewest values: by shape, then by the label of a place.

        Args:
            rows: rows in which some cell is open.
            size: how many rows a piece has at most.
        """
        xp, line = namespace(), counting(len(rows))
        cell = xp.argmin(xp.where(rows.count > 1, rows.count, xp.inf), axis=1)
        alive = entries(rows.alive, line, cell)
        shape = first(alive, axis=1)
        allowed = entries(rows.allowed, line, cell, shape)
        place = first(_several(allowed, axis=2), axis=1)
        by_shape = _several(alive, axis=1)
        for which, options in ((by_shape, alive), (~by_shape, entries(allowed, line, place))):
            parents, chosen = places(options & which[:, None])
            for part in pieces(parents.shape[0], size):
                p, o = parents[part], chosen[part]
                child, at = rows.take(p), [counting(p.shape[0]), rows_of(cell, p)]
                if which is by_shape:
                    child.alive = _only(child.alive, *at, o)
                else:
                    child.allowed = _only(child.allowed, *at, rows_of(shape, p), rows_of(place, p), o)
                yield child


def _several(flags: Flags, axis: int) -> Flags:
    """Whether more than one flag is set along an axis."""
    xp = namespace()
    return xp.sum(xp.astype(flags, xp.int64), axis=axis) > 1


def _only(flags: Flags, *at: Ints) -> Flags:
    """Flags with one of each row of the last axis left; the places say which."""
    return written(written(flags, at[:-1], False), at, True)
