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

from catcore.errors import TooLarge
from catcore_proofs.census.containers import Element, Word, generic, key, shapes
from catcore_proofs.census.entries import (
    ABSENT,
    Flags,
    Ints,
    blanked,
    counted_up,
    counting,
    entries,
    filled,
    joined,
    made,
    namespace,
    rows_of,
)

#: Elements of a composite: the shapes at each level, then the labels.
Levels = list[Ints]


def widths(word: Word) -> list[int]:
    """The number of places at each level of a composite, the labels last."""
    found = [1]
    for container in word:
        found.append(found[-1] * max(container.arities, default=0))
    return found


def laid_out(word: Word, elements: Sequence[Element]) -> Levels:
    """Elements of a composite as arrays of the library."""
    return [made(level) for level in _written_down(word, elements)]


def _written_down(word: Word, elements: Sequence[Element]) -> list[Any]:
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
        self.positions = np.asarray([n for _, n in pairs], np.int64)  # of NumPy: they are counted with
        *levels, place = _written_down(word, self.generic)
        self.levels, self.place, self.slot = [made(level) for level in levels], made(place), made(self._slots(place))
        bound = 1
        for container, size in zip(word, widths(word), strict=False):
            bound *= max(1, len(container.arities)) ** size
        if bound >= 2**62:
            raise TooLarge(f"The composite {' ∘ '.join(map(str, word))} has too many shapes to number.")
        codes = self._codes(self.levels, len(pairs))
        self._order = namespace().argsort(codes)
        self._sorted = rows_of(codes, self._order)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def most(self) -> int:
        """The most positions that a shape has, and at least 1."""
        return max(1, int(self.positions.max(initial=0)))

    def _slots(self, place: Any) -> Any:
        slot = np.zeros((len(self.keys), self.most), np.int64)
        rows, places = np.nonzero(place >= 0)
        slot[rows, place[rows, places]] = places
        return slot

    def _codes(self, levels: Sequence[Ints], count: int) -> Ints:
        code = filled((count,), 0)
        for container, level in zip(self.word, levels, strict=True):
            for column in range(level.shape[1]):
                code = code * len(container.arities) + counted_up(level[:, column])
        return code

    def numbers(self, levels: Sequence[Ints], count: int) -> Ints:
        """The numbers of the shapes of ``count`` elements, given by their levels without labels."""
        xp = namespace()
        if len(self.word) == 1:
            return xp.astype(counted_up(levels[0][:, 0]), xp.int64)
        if not len(self):
            return filled((count,), 0)
        found = xp.searchsorted(self._sorted, self._codes(levels, count))
        return rows_of(self._order, xp.where(found < len(self), found, len(self) - 1))


def gathered(level: Ints, slots: Ints, width: int) -> Ints:
    """What stands at the given slots of each row, ``width`` entries a slot; nothing at negative slots."""
    rows = level.shape[0]
    if 0 in level.shape:
        return filled((rows, slots.shape[1], width), ABSENT, "int32")
    blocks = namespace().reshape(level, (-1, width))
    starts = counting(rows) * (blocks.shape[0] // rows)
    return blanked(entries(blocks, counted_up(slots) + starts[:, None]), slots < 0)


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
    keys: Ints


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
        rows, reshape = levels[0].shape[0] * self.outer, namespace().reshape
        inner = [reshape(level, (rows, -1)) for level in levels[self.depth :]] if rows else self._nothing()
        keys = self.source.numbers(inner[: len(self.source.word)], rows)
        return Reading(inner, inner[0][:, 0] >= 0, keys)

    def _nothing(self) -> Levels:
        sizes = widths(self.word[self.depth :])
        return [filled((0, size), ABSENT, "int32") for size in sizes]

    def graft(self, levels: Levels, reading: Reading, shape: Any, labels: Any) -> Levels:
        """The images, given the value in each row: a shape of the target, and for its positions those it copies."""
        xp = namespace()
        at = entries(self.source.slot, reading.keys[:, None], labels)
        place = rows_of(self.target.place, shape)
        line = counting(place.shape[0])[:, None]
        slots = xp.where(place < 0, ABSENT, entries(at, line, counted_up(place)))
        below = reading.inner[len(self.source.word) :]
        new = [rows_of(level, shape) for level in self.target.levels]
        for x, w in zip(below, self.rest, strict=True):
            new.append(xp.reshape(gathered(x, slots, w), (x.shape[0], slots.shape[1] * w)))
        inside = [blanked(level, ~reading.present) for level in new]
        return [*levels[: self.depth], *(self._outside(level, levels[0].shape[0]) for level in inside)]

    def _outside(self, level: Ints, count: int) -> Ints:
        return namespace().reshape(level, (count, self.outer * level.shape[1]))

    def positions(self, reading: Reading, chosen: Ints) -> Ints:
        """What stands at each position of the source, in the chosen rows: the entries below it, side by side."""
        below = [rows_of(x, chosen) for x in reading.inner[len(self.source.word) :]]
        return self._contents(below, rows_of(self.source.slot, rows_of(reading.keys, chosen)))

    def images(self, levels: Levels, chosen: Ints) -> tuple[Ints, Ints]:
        """The shapes of elements of the result where this acts, in the chosen rows, and what their positions hold."""
        rows, reshape = levels[0].shape[0] * self.outer, namespace().reshape
        inner = [rows_of(reshape(level, (rows, -1)), chosen) for level in levels[self.depth :]]
        above = len(self.target.word)
        shape = self.target.numbers(inner[:above], chosen.shape[0])
        return shape, self._contents(inner[above:], rows_of(self.target.slot, shape))

    def _contents(self, below: Levels, slots: Ints) -> Ints:
        return joined([gathered(x, slots, w) for x, w in zip(below, self.rest, strict=True)], axis=2)
