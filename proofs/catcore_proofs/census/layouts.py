"""Elements of composite functors, many at once: one array of shapes for each level, and one of labels.

An element of ``F ∘ G ∘ … (X)`` is a tree of fixed height.  Every node gets as many places below it as the widest shape
of its functor has positions, so that level l of n elements is an array with n rows; places that no position uses hold
−1.  A natural transformation then acts on all rows by looking up the shape of each and gathering what stands at the
positions that its value copies (THEORY T1.3): no Python loop runs over elements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore.errors import TooLarge
from catcore_proofs.census.containers import Element, Word, generic, key, shapes

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
#: Elements of a composite: the shapes at each level, then the labels.
Levels = list[Ints]
ABSENT = -1


def widths(word: Word) -> list[int]:
    """The number of places at each level of a composite, the labels last."""
    found = [1]
    for container in word:
        found.append(found[-1] * max(container.arities, default=0))
    return found


def laid_out(word: Word, elements: Sequence[Element]) -> Levels:
    """Elements of a composite as arrays."""
    sizes = widths(word)
    levels = [np.full((len(elements), size), ABSENT, np.int32) for size in sizes]
    step = [max(c.arities, default=0) for c in word]

    def put(row: int, element: Element, level: int, place: int) -> None:
        if level == len(word):
            levels[level][row, place] = element
            return
        levels[level][row, place] = element[0]
        for i, child in enumerate(element[1]):
            put(row, child, level + 1, place * step[level] + i)

    for row, element in enumerate(elements):
        put(row, element, 0, 0)
    return levels


class Layout:
    """The shapes of a composite by number, and where the positions of each shape are among the places.

    Args:
        word: the composite.

    Raises:
        TooLarge: when the shapes cannot be numbered with 62 bits.
    """

    def __init__(self, word: Word) -> None:
        self.word = word
        pairs = [generic(s, len(word)) for s in shapes(word)]
        self.generic = [e for e, _ in pairs]
        self.keys = [key(e, len(word)) for e in self.generic]
        self.positions = np.asarray([n for _, n in pairs], np.int64)
        *self.levels, self.place = laid_out(word, self.generic)
        self.slot = self._slots()
        bound = 1
        for container, size in zip(word, widths(word), strict=False):
            bound *= max(1, len(container.arities)) ** size
        if bound >= 2**62:
            raise TooLarge(f"The composite {' ∘ '.join(map(str, word))} has too many shapes to number.")
        codes = self._codes(self.levels, len(pairs))
        self._order = np.argsort(codes)
        self._sorted = codes[self._order]

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def most(self) -> int:
        """The most positions that a shape has, and at least 1."""
        return max(1, int(self.positions.max(initial=0)))

    def _slots(self) -> NDArray[np.int64]:
        slot = np.zeros((len(self.keys), self.most), np.int64)
        rows, places = np.nonzero(self.place >= 0)
        slot[rows, self.place[rows, places]] = places
        return slot

    def _codes(self, levels: Sequence[Ints], count: int) -> NDArray[np.int64]:
        code = np.zeros(count, np.int64)
        for container, level in zip(self.word, levels, strict=True):
            for column in level.T:
                code = code * len(container.arities) + np.maximum(column, 0)
        return code

    def numbers(self, levels: Sequence[Ints], count: int) -> NDArray[np.int64]:
        """The numbers of the shapes of ``count`` elements, given by their levels without labels."""
        if len(self.word) == 1:
            return np.maximum(levels[0][:, 0], 0).astype(np.int64)
        if not len(self._order):
            return np.zeros(count, np.int64)
        found = np.searchsorted(self._sorted, self._codes(levels, count))
        return self._order[np.minimum(found, len(self._order) - 1)]


def some(flags: Flags, axis: int | tuple[int, ...]) -> Flags:
    """Whether some flag is set along axes."""
    found: Flags = np.logical_or.reduce(flags, axis=axis)
    return found


def gathered(level: Ints, slots: NDArray[np.int64], width: int) -> Ints:
    """What stands at the given slots of each row, ``width`` entries a slot; nothing at negative slots."""
    rows = len(level)
    if not level.size:
        return np.full((rows, slots.shape[1], width), ABSENT, np.int32)
    blocks = level.reshape(-1, width)
    found = blocks[np.maximum(slots, 0) + np.arange(0, len(blocks), len(blocks) // rows)[:, None]]
    found[slots < 0] = ABSENT
    return found


@dataclass(frozen=True)
class Reading:
    """A whiskered transformation at many elements: where it acts, and at which shape.

    Args:
        inner: the levels below the functors that it is whiskered with, one row for each place where it may act.
        present: the rows in which there is something.
        keys: the number of the shape that it finds in each row.
    """

    inner: Levels
    present: Flags
    keys: NDArray[np.int64]


@dataclass(frozen=True)
class Whiskered:
    """A transformation between two layouts, whiskered with functors outside and inside.

    Args:
        source: the shapes that it starts from.
        target: the shapes that it goes to.
        word: the whole composite that it acts on.
        depth: the number of functors outside.
    """

    source: Layout
    target: Layout
    word: Word
    depth: int

    @cached_property
    def outer(self) -> int:
        """The number of places where it may act."""
        return widths(self.word)[self.depth]

    @cached_property
    def rest(self) -> list[int]:
        """The widths of what stands below it, from each position on."""
        return widths(self.word[self.depth + len(self.source.word) :])

    @property
    def result(self) -> Word:
        """The composite that it gives."""
        below = self.depth + len(self.source.word)
        return (*self.word[: self.depth], *self.target.word, *self.word[below:])

    def read(self, levels: Levels) -> Reading:
        """Where it acts on elements of the whole composite."""
        rows = len(levels[0]) * self.outer
        inner = [level.reshape(rows, -1) for level in levels[self.depth :]] if rows else self._nothing()
        keys = self.source.numbers(inner[: len(self.source.word)], rows)
        return Reading(inner, inner[0][:, 0] >= 0, keys)

    def _nothing(self) -> Levels:
        sizes = widths(self.word[self.depth :])
        return [np.full((0, size), ABSENT, np.int32) for size in sizes]

    def graft(self, levels: Levels, reading: Reading, shape: Any, labels: Any) -> Levels:
        """The images, given the value in each row: a shape of the target, and for its positions those it copies."""
        at = self.source.slot[reading.keys[:, None], labels]
        place = self.target.place[shape]
        slots = np.where(place < 0, ABSENT, np.take_along_axis(at, np.maximum(place, 0), axis=1))
        below = reading.inner[len(self.source.word) :]
        new = [level[shape] for level in self.target.levels]
        new += [
            gathered(x, slots, w).reshape(len(x), slots.shape[1] * w) for x, w in zip(below, self.rest, strict=True)
        ]
        count = len(levels[0])
        for level in new:
            level[~reading.present] = ABSENT
        return [*levels[: self.depth], *(self._outside(level, count) for level in new)]

    def _outside(self, level: Ints, count: int) -> Ints:
        return level.reshape(count, self.outer * level.shape[1])

    def positions(self, reading: Reading, chosen: NDArray[np.int64]) -> Ints:
        """What stands at each position of the source, in the chosen rows: the entries below it, side by side."""
        below = [x[chosen] for x in reading.inner[len(self.source.word) :]]
        return self._contents(below, self.source.slot[reading.keys[chosen]])

    def images(self, levels: Levels, chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], Ints]:
        """The shapes of elements of the result where this acts, in the chosen rows, and what their positions hold."""
        rows = len(levels[0]) * self.outer
        inner = [level.reshape(rows, -1)[chosen] for level in levels[self.depth :]]
        above = len(self.target.word)
        shape = self.target.numbers(inner[:above], len(chosen))
        return shape, self._contents(inner[above:], self.target.slot[shape])

    def _contents(self, below: Levels, slots: NDArray[np.int64]) -> Ints:
        parts = [gathered(x, slots, w) for x, w in zip(below, self.rest, strict=True)]
        return np.concatenate(parts, axis=2)
