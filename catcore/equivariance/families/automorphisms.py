"""Automorphisms of a coloured relation: permutations σ with ``colours[σ i, σ j] = colours[i, j]`` for all i, j.

Graphs, matrices, tying patterns and complexes all ask for these.  Colour refinement splits the points by what they see
(each point's multiset of colours towards every class) until nothing splits; where a class has several points one is
singled out and refinement goes on, and a backtracking search compares the two ways of singling out (McKay and Piperno,
*Practical graph isomorphism II*, 2014, in its plainest form).  Searches run from the last base point to the first, so
the automorphisms found generate the whole group, and points already in one orbit are never searched twice.

A candidate is accepted only after the equation is checked entry by entry; hashes only steer.

>>> import numpy as np
>>> square = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
>>> automorphisms(square)
((0, 3, 2, 1), (1, 0, 3, 2))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore.errors import ShapeMismatch, TooLarge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Colours = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

Permutation = tuple[int, ...]
MAX_POINTS = 2000
MAX_REFINEMENTS = 200_000
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # the constants of SplitMix64


def automorphisms(colours: Any, points: Sequence[Any] | None = None) -> tuple[Permutation, ...]:
    """Generators of the group of automorphisms of a square array of integer colours; ``points`` colours the points.

    Raises ``ShapeMismatch`` for an array that is not square, ``TooLarge`` above 2000 points or when the search takes
    more than 200 000 refinements.
    """
    import numpy as np

    table = np.asarray(colours)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ShapeMismatch(f"The automorphisms of a square array were asked for and one of shape {table.shape} came.")
    if len(table) > MAX_POINTS:
        raise TooLarge(f"Automorphisms of {len(table)} points were asked for; at most {MAX_POINTS} are searched.")
    own = np.zeros(len(table), np.int64) if points is None else np.unique(points, return_inverse=True)[1]
    return tuple(_Search(table, own).generators())


def _mixed(x: Hashes) -> Hashes:
    """SplitMix64: a fixed scrambling of 64-bit numbers, which wraps on purpose."""
    import numpy as np

    with np.errstate(over="ignore"):
        x = x + np.uint64(_MIX[0])
        x = (x ^ (x >> np.uint64(30))) * np.uint64(_MIX[1])
        x = (x ^ (x >> np.uint64(27))) * np.uint64(_MIX[2])
        return x ^ (x >> np.uint64(31))


@dataclass(eq=False)
class _Step:
    """A base point, the class that it was singled out of, and the colouring in which it was."""

    point: int
    cell: NDArray[np.int64]
    before: Colours


class _Search:
    """One search; colourings number classes so that an automorphism carries equal numbers to equal numbers."""

    def __init__(self, table: Any, points: Colours) -> None:
        import numpy as np

        _, codes = np.unique(np.stack([table, table.T]).reshape(2, -1), axis=1, return_inverse=True)
        self.table = codes.reshape(table.shape)  # one number for the colours of (i, j) and (j, i)
        self.hashed = _mixed(self.table.astype(np.uint64))
        self.refinements = 0
        self.start = self._refined(points * 2 + 1 + np.zeros(len(table), np.int64), np.diagonal(self.table))[0]

    def _refined(self, colours: Colours, own: Any = 0) -> tuple[Colours, tuple[int, ...]]:
        """The coarsest equitable refinement, and a trace that equal searches share."""
        import numpy as np

        trace: list[int] = []
        keys = _mixed(_mixed(colours.astype(np.uint64)) + np.asarray(own).astype(np.uint64))
        count = 0
        while True:
            values, colours = np.unique(keys, return_inverse=True)
            trace.append(hash(values.tobytes() + np.bincount(colours).tobytes()))
            if len(values) == count or len(values) == len(colours):
                return colours, tuple(trace)
            count = len(values)
            self.refinements += 1
            if self.refinements > MAX_REFINEMENTS:
                raise TooLarge(
                    f"The automorphisms of {len(self.table)} points were not found within {MAX_REFINEMENTS} "
                    "refinements; colour the points to help, or give generators."
                )
            seen = _mixed(self.hashed ^ _mixed(colours.astype(np.uint64) + np.uint64(7))[None, :]).sum(axis=1)
            keys = _mixed(seen) ^ _mixed(colours.astype(np.uint64))

    def _single_out(self, colours: Colours, point: int) -> tuple[Colours, tuple[int, ...]]:
        chosen = colours * 2
        chosen[point] += 1
        return self._refined(chosen)

    def _cell(self, colours: Colours) -> Any:
        """The first of the smallest classes with several points, or None when every point is alone."""
        import numpy as np

        sizes = np.bincount(colours)
        several = np.flatnonzero(sizes > 1)
        if not len(several):
            return None
        return np.flatnonzero(colours == several[np.argmin(sizes[several])])

    def generators(self) -> list[Permutation]:
        """Strong generators, deepest stabiliser first."""
        steps, colours = [], self.start
        while (cell := self._cell(colours)) is not None:
            steps.append(_Step(int(cell[0]), cell, colours))
            colours, _ = self._single_out(colours, int(cell[0]))
        found: list[Permutation] = []
        for step in reversed(steps):
            found += self._images_of(step, found)
        return found

    def _images_of(self, step: _Step, known: list[Permutation]) -> list[Permutation]:
        """Automorphisms that move a base point to every point it can go to, the earlier base points fixed."""
        fresh: list[Permutation] = []
        done = _orbit(step.point, known)
        for image in step.cell.tolist():
            if image not in done:
                found = self._map(step.before, step.before, step.point, image)
                if found is not None:
                    fresh.append(found)
                    done |= _orbit(step.point, known + fresh)
                else:
                    done |= _orbit(image, known + fresh)
        return fresh

    def _map(self, left: Colours, right: Colours, point: int, image: int) -> Permutation | None:
        """An automorphism that carries one colouring to the other and ``point`` to ``image``."""
        (a, seen), (b, also) = self._single_out(left, point), self._single_out(right, image)
        if seen != also:
            return None
        cell = self._cell(a)
        if cell is None:
            return self._confirmed(a, b)
        twins = (b == a[cell[0]]).nonzero()[0]
        found = (self._map(a, b, int(cell[0]), other) for other in twins.tolist())
        return next((sigma for sigma in found if sigma is not None), None)

    def _confirmed(self, a: Colours, b: Colours) -> Permutation | None:
        import numpy as np

        sigma = np.argsort(b)[a]
        if (self.start[sigma] != self.start).any() or (self.table[np.ix_(sigma, sigma)] != self.table).any():
            return None
        return tuple(sigma.tolist())


def _orbit(point: int, generators: Sequence[Permutation]) -> set[int]:
    orbit, frontier = {point}, {point}
    while frontier:
        frontier = {g[i] for i in frontier for g in generators} - orbit
        orbit |= frontier
    return orbit
