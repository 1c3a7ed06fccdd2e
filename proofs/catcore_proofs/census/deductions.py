"""What instances of equations say about the values that are still possible.

An instance whose two sides are known holds or fails.  One known side cuts the possible values of a side that ends open
down exactly: at each place, the labels that stand for what the known side has there.  Two sides that end open leave
each other the labels that can stand for the same element.  What an instance cannot use yet makes it wait: for the value
of a cell, or for any change of two cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore_proofs.census.compiling import Parts, at_most
from catcore_proofs.census.entries import (
    Flags,
    Ints,
    counted_up,
    counting,
    each_times,
    entries,
    every,
    filled,
    first,
    joined,
    namespace,
    pieces,
    places,
    rows_of,
    side_by_side,
    some,
    written,
)
from catcore_proofs.census.layouts import Levels
from catcore_proofs.census.possibilities import Frontier
from catcore_proofs.census.sides import Ending, Half, Side

#: The entries of one array.
ENTRIES = 1_000_000


@dataclass(frozen=True, eq=False)
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
    needs: Ints

    @staticmethod
    def of(starts: Levels, lhs: Side, rhs: Side, first: int, cells: int) -> Instances:
        """The instances, with the cells that their first steps read."""
        return Instances(starts, lhs, rhs, first, cells, joined([s.needs(starts) for s in (lhs, rhs)], axis=1))

    def __len__(self) -> int:
        return int(self.starts[0].shape[0])

    def draw(self, parts: Parts, rows: Frontier, due: Flags, live: Flags) -> Flags:
        """Evaluate the instances that are due; rows in which one fails are no longer live."""
        # instance by instance, so that rows that fail early are left out of what follows
        instance, row = places(namespace().permute_dims(due[:, self.first : self.first + len(self)], (1, 0)))
        row, instance = self._ready(rows, row, instance)
        step = at_most(max(1, ENTRIES // max(self.lhs.width, self.rhs.width)))
        for part in pieces(row.shape[0], step):
            r, i = row[part], instance[part]
            kept = rows_of(live, r)
            if bool(namespace().any(kept)):
                given = (*rows.arrays(), live), (rows_of(r, kept), rows_of(i, kept))
                rows.alive, rows.allowed, rows.waits, live = parts(self, self._judge, *given)
        return live

    def _ready(self, rows: Frontier, row: Ints, instance: Ints) -> tuple[Ints, Ints]:
        """The instances whose first steps can be taken; the others wait for a cell."""
        if not self.needs.shape[1]:
            return row, instance
        needs = rows_of(self.needs, instance)
        lacking = (needs >= 0) & (entries(rows.shape, row[:, None], counted_up(needs)) < 0)
        blocked = some(lacking, axis=1)
        cell = entries(needs, counting(needs.shape[0]), first(lacking, axis=1))
        r, i, c = (rows_of(x, blocked) for x in (row, instance, cell))
        waits = side_by_side(1 + self.cells + c, filled(c.shape, -1))
        rows.waits = written(rows.waits, (r, self.first + i), waits)
        return rows_of(row, ~blocked), rows_of(instance, ~blocked)

    def _judge(self, given: tuple[Any, ...], pairs: tuple[Ints, Ints]) -> tuple[Flags, Flags, Ints, Flags]:
        """Evaluate instances in rows; they fail, cut the possible values down, or wait for cells."""
        xp, rows, live, (row, instance) = namespace(), Frontier(*given[:-1]), given[-1], pairs
        starts = [rows_of(level, instance) for level in self.starts]
        left, right = self.lhs.evaluate(rows, row, starts), self.rhs.evaluate(rows, row, starts)
        blocked = xp.where(left.blocked >= 0, left.blocked, right.blocked)
        waits = side_by_side(xp.where(blocked >= 0, 1 + self.cells + blocked, -1), filled(row.shape, -1))
        free, mine, theirs = blocked < 0, left.ends_open(), right.ends_open()
        (known,) = places(free & ~mine & ~theirs)
        live = _without(live, row, rows_of(known, _differ(left.levels, right.levels, known)))
        for half, other, which in ((left, right, mine & ~theirs), (right, left, theirs & ~mine)):
            if half.ending is not None:
                live = _against(half, half.ending, other, rows, row, places(free & which)[0], live)
        if left.ending is not None and right.ending is not None:
            waits = self._both(left.ending, right.ending, rows, row, places(free & mine & theirs)[0], waits)
        waits = written(rows.waits, (row, self.first + instance), waits)
        return rows.alive, rows.allowed, waits, live

    def _both(self, left: Ending, right: Ending, rows: Frontier, row: Ints, which: Ints, waits: Ints) -> Ints:
        """Two open values that must agree: at each place of each shape, labels that stand for the same element."""
        xp = namespace()
        if left.step.depth or right.step.depth or left.step.target is not right.step.target:
            wanted = 1 + self.cells + (left if left.step.depth else right).wanting(which)
            return written(waits, (which,), side_by_side(wanted, filled(wanted.shape, -1)))
        owner, a, b = rows_of(row, which), rows_of(left.cells, which), rows_of(right.cells, which)
        one, other = left.step.positions(left.reading, which), right.step.positions(right.reading, which)
        _agree(rows, owner, a, b, _alike(one, other))
        apart = a != b
        return written(waits, (which,), side_by_side(xp.where(apart, 1 + a, -1), xp.where(apart, 1 + b, -1)))


def _without(live: Flags, row: Ints, failed: Ints) -> Flags:
    """Flags of rows without those of the instances that failed."""
    return written(live, (rows_of(row, failed),), False)


def _alike(first_: Ints, second: Ints) -> Flags:
    """Which positions of one element hold the same as which positions of another, row by row."""
    return every(first_[:, :, None, :] == second[:, None, :, :], axis=3)


def _against(half: Half, ending: Ending, other: Half, rows: Frontier, row: Ints, which: Ints, live: Flags) -> Flags:
    """Open values that must be what the other side has: each place keeps the labels of what stands there."""
    xp, step, outer, count = namespace(), ending.step, ending.step.outer, row.shape[0]
    outside = _differ(half.levels[: step.depth], other.levels[: step.depth], which)
    live = _without(live, row, rows_of(which, outside))
    fits = written(filled((count,), False, "bool"), (rows_of(which, ~outside),), True)
    fits = each_times(fits, outer)
    (settled,) = places(fits & ending.reading.present & ~ending.open)
    mine, theirs = ([xp.reshape(x, (count * outer, -1)) for x in h.levels[step.depth :]] for h in (half, other))
    live = _without(live, row, rows_of(settled, _differ(mine, theirs, settled)) // outer)
    (at,) = places(fits & ending.open)
    shape, wanted = step.images(other.levels, at)
    owner, cell = rows_of(row, at // outer), rows_of(ending.cells, at)
    i, s = places(counting(rows.alive.shape[2]) != shape[:, None])
    rows.alive = written(rows.alive, (rows_of(owner, i), rows_of(cell, i), s), False)
    i, q, p = places(~_alike(wanted, step.positions(ending.reading, at)))
    rows.allowed = written(rows.allowed, (*(rows_of(x, i) for x in (owner, cell, shape)), q, p), False)
    return live


def _agree(rows: Frontier, owner: Ints, a: Ints, b: Ints, same: Flags) -> None:
    """Keep the labels of two cells that can still stand for one element; in one cell it is one label.

    Args:
        rows: the partial solutions.
        owner: whose cells.
        a: the first cells.
        b: the second cells.
        same: which labels of the first stand for the same as which labels of the second.
    """
    xp, (p, q) = namespace(), same.shape[1:]
    x, y = entries(rows.allowed, owner, a)[..., :p], entries(rows.allowed, owner, b)[..., :q]
    can_x = _through(y, xp.permute_dims(same, (0, 2, 1)))
    can_y = _through(x & can_x, same)
    one = (a == b)[:, None, None, None]
    fixed = every(same | (counting(p)[:, None] != counting(q)), axis=2) & (counting(p) < q)
    for cell, kept in ((a, xp.where(one, fixed[:, None, None, :], can_x)), (b, one | can_y)):
        i, s, t, label = places(~kept)
        rows.allowed = written(rows.allowed, (rows_of(owner, i), rows_of(cell, i), s, t, label), False)
    i, s = places(~(entries(rows.alive, owner, a) & entries(rows.alive, owner, b)))
    for cell in (a, b):
        rows.alive = written(rows.alive, (rows_of(owner, i), rows_of(cell, i), s), False)


def _through(labels: Flags, same: Flags) -> Flags:
    """The labels that stand for the same as one of some labels, for each place of each shape: a Boolean product."""
    xp = namespace()
    rows, shapes, held, p = labels.shape
    flat = xp.reshape(xp.astype(labels, xp.float32), (rows, shapes * held, p))
    found = xp.matmul(flat, xp.astype(same, xp.float32)) > 0
    return xp.reshape(found, (rows, shapes, held, same.shape[2]))


def _differ(mine: Levels, theirs: Levels, which: Ints) -> Flags:
    """Which of the chosen rows differ somewhere."""
    differ = filled(which.shape, False, "bool")
    for a, b in zip(mine, theirs, strict=True):
        differ = differ | some(rows_of(a, which) != rows_of(b, which), axis=1)
    return differ
