"""What instances of equations say about the values that are still possible.

An instance whose two sides are known holds or fails.  One known side cuts the possible values of a side that ends open
down exactly: at each place, the labels that stand for what the known side has there.  Two sides that end open leave
each other the labels that can stand for the same element.  What an instance cannot use yet makes it wait: for the value
of a cell, or for any change of two cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catcore_proofs.census.layouts import Flags, Levels
from catcore_proofs.census.possibilities import Frontier, Indices
from catcore_proofs.census.sides import Ending, Half, Side

#: The entries of one array.
ENTRIES = 1_000_000


@dataclass(frozen=True)
class Instances:
    """An equation at the generic elements of its source.

    Event 0 happens at the start, event 1 + c is a change of cell c of n, and event 1 + n + c its value.

    Args:
        starts: the generic elements.
        lhs: one side.
        rhs: the other side.
        first: the number of the first instance among those of all equations.
        cells: how many cells there are.
    """

    starts: Levels
    lhs: Side
    rhs: Side
    first: int
    cells: int
    needs: Indices

    @staticmethod
    def of(starts: Levels, lhs: Side, rhs: Side, first: int, cells: int) -> Instances:
        """The instances, with the cells that their first steps read."""
        return Instances(starts, lhs, rhs, first, cells, np.concatenate([s.needs(starts) for s in (lhs, rhs)], axis=1))

    def __len__(self) -> int:
        return len(self.starts[0])

    def draw(self, rows: Frontier, due: Flags, live: Flags) -> None:
        """Evaluate the instances that are due; rows in which one fails are no longer live."""
        # instance by instance, so that rows that fail early are left out of what follows
        instance, row = np.nonzero(due[:, self.first : self.first + len(self)].T)
        row, instance = self._ready(rows, row, instance)
        step = max(1, ENTRIES // max(self.lhs.width, self.rhs.width))
        for begin in range(0, len(row), step):
            r, i = row[begin : begin + step], instance[begin : begin + step]
            kept = live[r]
            if kept.any():
                self._judge(rows, r[kept], i[kept], live)

    def _ready(self, rows: Frontier, row: Indices, instance: Indices) -> tuple[Indices, Indices]:
        """The instances whose first steps can be taken; the others wait for a cell."""
        if not self.needs.shape[1]:
            return row, instance
        needs = self.needs[instance]
        lacking = (needs >= 0) & (rows.shape[row[:, None], needs] < 0)
        blocked = lacking.any(axis=1)
        cell = needs[np.arange(len(needs)), lacking.argmax(axis=1)]
        at = row[blocked], self.first + instance[blocked]
        rows.waits[at] = np.stack([1 + self.cells + cell[blocked], np.full(len(at[0]), -1)], axis=1)
        return row[~blocked], instance[~blocked]

    def _judge(self, rows: Frontier, row: Indices, instance: Indices, live: Flags) -> None:
        """Evaluate instances; they fail, cut the possible values down, or wait for cells."""
        starts = [level[instance] for level in self.starts]
        left, right = self.lhs.evaluate(rows, row, starts), self.rhs.evaluate(rows, row, starts)
        blocked = np.where(left.blocked >= 0, left.blocked, right.blocked)
        waits = np.full((len(row), 2), -1, np.int64)
        waits[:, 0] = np.where(blocked >= 0, 1 + self.cells + blocked, -1)
        free, mine, theirs = blocked < 0, left.ends_open(), right.ends_open()
        known = np.nonzero(free & ~mine & ~theirs)[0]
        live[row[known[_differ(left.levels, right.levels, known)]]] = False
        for half, other, which in ((left, right, mine & ~theirs), (right, left, theirs & ~mine)):
            if half.ending is not None:
                _against(half, half.ending, other, rows, row, np.nonzero(free & which)[0], live)
        if left.ending is not None and right.ending is not None:
            self._both(left.ending, right.ending, rows, row, np.nonzero(free & mine & theirs)[0], waits)
        rows.waits[row, self.first + instance] = waits

    def _both(self, left: Ending, right: Ending, rows: Frontier, row: Indices, which: Indices, waits: Indices) -> None:
        """Two open values that must agree: at each place of each shape, labels that stand for the same element."""
        if left.step.depth or right.step.depth or left.step.target is not right.step.target:
            waits[which, 0] = 1 + self.cells + (left if left.step.depth else right).wanting(which)
            return
        owner, a, b = row[which], left.cells[which], right.cells[which]
        first, second = left.step.positions(left.reading, which), right.step.positions(right.reading, which)
        _agree(rows, owner, a, b, (first[:, :, None] == second[:, None]).all(axis=3))
        apart = a != b
        waits[which, 0], waits[which, 1] = np.where(apart, 1 + a, -1), np.where(apart, 1 + b, -1)


def _against(
    half: Half, ending: Ending, other: Half, rows: Frontier, row: Indices, which: Indices, live: Flags
) -> None:
    """Open values that must be what the other side has: each place keeps the labels of what stands there."""
    step, outer = ending.step, ending.step.outer
    outside = _differ(half.levels[: step.depth], other.levels[: step.depth], which)
    live[row[which[outside]]] = False
    fits = np.zeros(len(row), bool)
    fits[which[~outside]] = True
    fits = fits.repeat(outer)
    settled = np.nonzero(fits & ending.reading.present & ~ending.open)[0]
    mine, theirs = ([x.reshape(len(row) * outer, -1) for x in h.levels[step.depth :]] for h in (half, other))
    live[row[settled[_differ(mine, theirs, settled)] // outer]] = False
    at = np.nonzero(fits & ending.open)[0]
    shape, wanted = step.images(other.levels, at)
    same = (wanted[:, :, None] == step.positions(ending.reading, at)[:, None]).all(axis=3)
    owner, cell = row[at // outer], ending.cells[at]
    i, s = np.nonzero(np.arange(rows.alive.shape[2]) != shape[:, None])
    rows.alive[owner[i], cell[i], s] = False
    i, q, p = np.nonzero(~same)
    rows.allowed[owner[i], cell[i], shape[i], q, p] = False


def _agree(rows: Frontier, owner: Indices, a: Indices, b: Indices, same: Flags) -> None:
    """Keep the labels of two cells that can still stand for one element; in one cell it is one label.

    Args:
        rows: the partial solutions.
        owner: whose cells.
        a: the first cells.
        b: the second cells.
        same: which labels of the first stand for the same as which labels of the second.
    """
    p, q = same.shape[1:]
    x, y = rows.allowed[owner, a][..., :p], rows.allowed[owner, b][..., :q]
    can_x = np.einsum("nstq,npq->nstp", y, same)  # of Booleans: for some q
    can_y = np.einsum("nstp,npq->nstq", x & can_x, same)
    one, diagonal = (a == b)[:, None, None, None], np.arange(min(p, q))
    fixed = np.zeros((len(owner), 1, 1, p), bool)
    fixed[..., diagonal] = same[:, diagonal, diagonal][:, None, None]
    for cell, kept in ((a, np.where(one, fixed, can_x)), (b, np.where(one, True, can_y))):
        i, s, t, label = np.nonzero(~kept)
        rows.allowed[owner[i], cell[i], s, t, label] = False
    i, s = np.nonzero(~(rows.alive[owner, a] & rows.alive[owner, b]))
    rows.alive[owner[i], a[i], s] = False
    rows.alive[owner[i], b[i], s] = False


def _differ(first: Levels, second: Levels, which: Indices) -> Flags:
    """Which of the chosen rows differ somewhere."""
    differ = np.zeros(len(which), bool)
    for a, b in zip(first, second, strict=True):
        differ |= (a[which] != b[which]).any(axis=1)
    return differ
