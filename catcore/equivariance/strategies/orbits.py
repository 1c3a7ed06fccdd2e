"""Maps that permute a basis up to phase: a homomorphism is a function on pairs of points that is constant on orbits.

Where generators permute the basis up to roots of unity, ``W ρ_in(s) = ρ_out(s) W`` reads
``W[s i, s j] = ζ^{b(i) - a(j)} W[i, j]``, so the entries of W fall into classes and each class is one free parameter,
unless a loop in it does not close and it vanishes (T1.11).  On the input s need not permute.

The classes are not found pair by pair.  The points of one side make a graph with an edge from i to s i; crossing it
permutes the points of the other side.  Each component has a base point, whose row gets fresh labels; the loops at the
base act on these, and their orbits are the classes: for a group these are the orbits of the base point's stabiliser,
by Schreier's generators.  A spanning forest carries the labels to the other points, whole levels at a time, when the
pattern is asked for.  A few loops close to the base usually give all the classes.  That there are no more
identifications follows from the order of the group where it is known, from a subnormal order of its generators
(:mod:`~catcore.equivariance.groups.subnormal`), and otherwise from one look at every edge.

>>> swap = Side.maps([[1, 0]], 2)
>>> Classes(swap, swap).count
2
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catcore.equivariance.groups.subnormal import stabilizer, subnormal_order
from catcore.equivariance.linear_algebra.forests import Forest
from catcore.errors import TooLarge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Index = NDArray[np.int64]
    Labels = NDArray[np.int32]

MAX_ENTRIES = 2**28  # 1 GiB of labels
CHUNK = 2**20  # entries looked at together
SMALL = 2**16  # entries that are looked at without more ado
LOOPS = 8  # loops at each base that are followed before every edge is looked at
MAX_FOLLOWED = 2**24  # labels moved while following them


@dataclass(frozen=True, eq=False)
class Pattern:
    """A tying pattern: ``labels[i, j] = ±k`` says that entry (i, j) is ± parameter k, and 0 that it is zero."""

    labels: Labels
    count: int


@dataclass(frozen=True, eq=False)
class Side:
    """The generators on one side: where they send each of n points, and the power of ζ that they multiply it by."""

    images: Sequence[Index]
    phases: Sequence[Index]
    n: int

    @staticmethod
    def maps(images: Sequence[Any], n: int) -> Side:
        """Index maps without phases."""
        import numpy as np

        read = [np.asarray(s, dtype=np.int64) for s in images]
        return Side(read, [np.zeros(n, np.int64)] * len(read), n)

    @property
    def bijective(self) -> bool:
        """Whether every generator permutes the points."""
        import numpy as np

        return all((np.bincount(s, minlength=self.n) == 1).all() for s in self.images)


@dataclass(frozen=True, eq=False)
class _Gain:
    """What crossing an edge does: the new row is the old one read at ``columns``, times ζ to the power of ``across``
    plus the edge's own power ``along`` at its start (of the generator, which is its end when crossed backwards)."""

    columns: Index
    across: Index
    along: Index
    forward: bool

    def powers(self, old: Any, new: Any) -> Any:
        """The power of ζ for each entry of the new rows."""
        import numpy as np

        return self.across + np.asarray(self.along[old if self.forward else new])[..., None]


class Classes:
    """The classes of pairs (point along, point across): labels of the base rows, and a forest to carry them.

    A *place* is a number for a base row, a point across and a power of ζ: ``(row · m + point) · order + power``.  The
    label of a place is the smallest place that must hold the same number, so ``label // order`` tells classes apart.
    ``sign`` is +1 when the outputs are along and -1 when the inputs are.  ``size`` is the order of the group, if known.
    """

    def __init__(self, along: Side, across: Side, *, order: int = 1, sign: int = 1, size: int | None = None) -> None:
        import numpy as np

        self.along, self.across, self.order = along, across, order
        if size is not None:
            self._need_room(-(-along.n // size))  # no orbit is longer than the group has elements
        self.forest = Forest(along.images, along.n)
        self.gains = [gain for g in range(len(along.images)) for gain in _gains(along, across, g, sign)]
        self._table: Labels | None = None
        places = self._need_room(len(self.forest.bases))
        self.labels = np.arange(places, dtype=np.int32)
        if not self._closed(size) and not self._by_stabilizers():
            if along.n * across.n > SMALL:
                self._follow_loops()
            if not self._closed(size):
                self._look_at_every_edge()

    def _need_room(self, rows: int) -> int:
        """The labels that so many base rows start with; raises ``TooLarge`` where they do not fit."""
        places = rows * self.across.n * self.order
        if places > MAX_ENTRIES:
            raise TooLarge(
                f"The classes of {self.along.n}×{self.across.n} pairs of points were asked for and {places} labels "
                f"would start them, above {MAX_ENTRIES}; solve on smaller tensor orders, or direct summands one by one."
            )
        return places

    # Identifications ----------------------------------------------------------------------------------------------

    def _closed(self, size: int | None) -> bool:
        """Whether the order of the group leaves room for no further identification.

        The loops at a base make a quotient of its stabiliser.  Once they have an orbit as long as the stabiliser has
        elements, they make all of it.
        """
        import numpy as np

        if size is None:
            return not self.along.images
        longest = np.bincount(self.labels, minlength=len(self.labels)).reshape(len(self.forest.bases), -1)
        return bool((longest.max(axis=1, initial=1) * self.forest.sizes == size).all())

    def _by_stabilizers(self) -> bool:
        """Identify what the stabilisers of the bases identify, where the generators stand in a subnormal order."""
        import numpy as np

        n, m = self.along.n, self.across.n
        if self.order > 1 or n * m <= SMALL or not self.along.bijective:
            return False
        both = [np.concatenate([s, t + n]) for s, t in zip(self.along.images, self.across.images, strict=True)]
        order = subnormal_order(both)
        if order is None:
            return False
        moves, carried = ([side.images[g] for g in order] for side in (self.along, self.across))
        for number, base in enumerate(self.forest.bases):
            for h in stabilizer(moves, carried, int(base)):
                row = self.labels[number * m : (number + 1) * m]
                self._identify(row, row[h])
        return True

    def _follow_loops(self) -> None:
        """Identify what the first few loops at each base identify."""
        left = MAX_FOLLOWED
        for g in range(len(self.along.images)):
            for u in self._near(self.forest.loops(g)):
                left -= (2 * int(self.forest.depth[u]) + 2) * self.across.n
                if left < 0:
                    return
                v = int(self.along.images[g][u])
                self._identify(*self._both_ways(g, self.row(int(u)), self.row(v), u))

    def _near(self, points: Index) -> Index:
        """The first few of some points in each component, the closest to its base first."""
        import numpy as np

        ordered = points[np.lexsort((self.forest.depth[points], self.forest.where[points]))]
        component = self.forest.where[ordered]
        rank = np.arange(len(ordered)) - np.searchsorted(component, component)
        return ordered[rank < LOOPS]

    def _both_ways(self, g: int, here: Any, there: Any, points: Any) -> tuple[Any, Any]:
        """Row s(u) as it must be when row u is known, and as it is."""
        import numpy as np

        gain = self.gains[2 * g]
        moved = np.take(here, gain.columns, axis=-1)
        return (self.times(moved, gain.powers(points, points)) if self.order > 1 else moved), there

    def _look_at_every_edge(self) -> None:
        """Identify what any edge identifies; component by component, so that a chunk meets a short range of labels."""
        import numpy as np

        table, by_component = self.table(), np.argsort(self.forest.where, kind="stable")
        changed = False
        for g, s in enumerate(self.along.images):
            for rows in chunks(self.along.n, self.across.n):
                points = by_component[rows]
                must, found = self._both_ways(g, table[points], table[s[points]], points)
                if changed:
                    must, found = self.labels[must], self.labels[found]
                changed |= self._identify(must, found)
        self._table = self.labels[table] if changed else table

    def _identify(self, left: Any, right: Any) -> bool:
        """Make two arrays of labels equal, and all their multiples; whether any were not."""
        import numpy as np

        unequal = left != right
        if not unequal.any():
            return False
        left, right = left[unequal].astype(np.int64), right[unequal].astype(np.int64)
        pairs = np.unique(np.minimum(left, right) * len(self.labels) + np.maximum(left, right))
        left, right = pairs // len(self.labels), pairs % len(self.labels)
        powers = np.arange(self.order)[:, None]
        low, high = int(left.min()) // self._row * self._row, (int(right.max()) // self._row + 1) * self._row
        part = self.labels[low:high] - low
        self.labels[low:high] = low + _joined(
            part, (self.times(left, powers) - low).ravel(), (self.times(right, powers) - low).ravel()
        )
        return True

    @property
    def _row(self) -> int:
        return self.across.n * self.order

    # Rows ---------------------------------------------------------------------------------------------------------

    def times(self, places: Any, powers: Any) -> Any:
        """The labels of places multiplied by powers of ζ."""
        return self.labels[places - places % self.order + (places + powers) % self.order]

    def row(self, point: int) -> Any:
        """The labels of the pairs with one point along, by the path from its base."""
        base = int(self.forest.where[point])
        row = self.labels[base * self._row : (base + 1) * self._row : self.order]
        for u, v, kind in self.forest.path(point):
            gain = self.gains[kind]
            row = row[gain.columns]
            row = self.times(row, gain.powers(u, v)) if self.order > 1 else row
        return row

    def table(self) -> Labels:
        """The labels of all pairs, a row for each point along; raises ``TooLarge`` above 2²⁸ of them."""
        import numpy as np

        if self._table is not None:
            return self._table
        n, m = self.along.n, self.across.n
        if n * m > MAX_ENTRIES:
            raise TooLarge(
                f"A tying pattern of {n * m} labels was asked for, {4 * n * m} bytes and above {MAX_ENTRIES} labels; "
                "dim counts it where the order of the group is known, or solve block by block."
            )
        table = np.empty((n, m), dtype=np.int32)
        table[self.forest.bases] = self.labels.reshape(-1, m, self.order)[:, :, 0]
        for children, parents, kind in self.forest.levels():
            gain = self.gains[kind]
            rows = np.take(table[parents], gain.columns, axis=1)
            table[children] = self.times(rows, gain.powers(parents, children)) if self.order > 1 else rows
        return table

    # Classes ------------------------------------------------------------------------------------------------------

    @cached_property
    def numbers(self) -> Labels:
        """The number 1, 2, ... of each class that does not vanish, at ``label // order``; 0 elsewhere.

        A class vanishes when it holds a place and a multiple of it.
        """
        import numpy as np

        powers = self.labels.reshape(-1, self.order)
        alive = (powers[:, 1:] != powers[:, :1]).all(axis=1)
        first = powers.min(axis=1, initial=len(self.labels)) // self.order == np.arange(len(powers))
        return np.where(alive & first, np.cumsum(alive & first), 0).astype(np.int32)

    @property
    def count(self) -> int:
        """How many classes do not vanish."""
        return int(self.numbers.max(initial=0))


def _gains(along: Side, across: Side, g: int, sign: int) -> list[_Gain]:
    """Crossing generator g forwards and backwards."""
    import numpy as np

    t, own, other = across.images[g], sign * along.phases[g], -sign * across.phases[g]
    back = np.empty_like(t)
    back[t] = np.arange(len(t))
    return [_Gain(back, other[back], own, True), _Gain(t, -other, -own, False)]


def _joined(labels: Any, left: Any, right: Any) -> Labels:
    """The smallest label equal to each one when also ``left[k] = right[k]``."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    size = len(labels)
    start, end = np.concatenate([left, np.arange(size)]), np.concatenate([right, labels])
    graph = csr_array((np.ones(len(start), np.int32), (start, end)), shape=(size, size))
    _, names = connected_components(graph, directed=False)
    _, first = np.unique(names, return_index=True)
    smallest: Labels = first[names].astype(np.int32)
    return smallest


def chunks(n: int, m: int) -> Iterator[slice]:
    """The rows of an n×m array, about a million entries at a time."""
    step = max(1, CHUNK // max(m, 1))
    return (slice(start, start + step) for start in range(0, n, step))


# Patterns ---------------------------------------------------------------------------------------------------------


def transposed(table: Labels, block: int = 256) -> Labels:
    """A contiguous transpose, block by block because strides of 4096 defeat the cache."""
    import numpy as np

    result = np.empty(table.shape[::-1], dtype=table.dtype)
    for i in range(0, table.shape[0], block):
        for j in range(0, table.shape[1], block):
            result[j : j + block, i : i + block] = table[i : i + block, j : j + block].T
    return result


def number_by_appearance(classes: Labels) -> tuple[Labels, int]:
    """Number the positive classes 1, 2, ... as they first appear row by row; works in place on an int32 array."""
    import numpy as np

    n_out, n_in = classes.shape
    number = np.zeros(int(classes.max(initial=0)) + 1, dtype=np.int32)
    count = 0
    for rows in chunks(n_out, n_in):
        fresh = classes[rows].ravel()
        fresh = fresh[(number[fresh] == 0) & (fresh > 0)]
        if len(fresh):
            values, first = np.unique(fresh, return_index=True)
            values = values[np.argsort(first)]
            number[values] = np.arange(count + 1, count + 1 + len(values), dtype=np.int32)
            count += len(values)
    for rows in chunks(n_out, n_in):
        classes[rows] = number[classes[rows]]
    return classes, count


def is_equivariant(labels: Any, source: Side, target: Side) -> bool:
    """Whether ``labels[s i, s j] = ± labels[i, j]`` for all i, j and generators: the equation itself, entry by entry.

    Phases are signs here: powers of -1.
    """
    import numpy as np

    n_out, n_in = labels.shape
    for s, t, a, b in zip(source.images, target.images, source.phases, target.phases, strict=True):
        signed = bool(a.any() or b.any())
        for rows in chunks(n_out, n_in):
            here = labels[rows] * (1 - 2 * ((b[rows, None] + a) % 2)) if signed else labels[rows]
            if not np.array_equal(np.take(labels[t[rows]], s, axis=1), here):
                return False
    return True
