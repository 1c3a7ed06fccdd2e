"""Open values of transformations, and what they may still be.

A *cell* is the value of an unknown transformation at one shape of its source: an element of the target whose labels are
the positions of that shape.  What it may still be is kept, for each shape of the target, as a set of labels for each
place; these sets only shrink on the way down, and a trail restores them on the way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from catcore_proofs.census.containers import Element, graft

#: What a cell may still be: for each shape of the target (as a key), the allowed labels of each place as bits.
Domain = dict[Any, tuple[int, ...]]


class Open:
    """An open value with the elements that its labels stand for."""

    __slots__ = ("cell", "values")

    def __init__(self, cell: int, values: list[Element]) -> None:
        self.cell, self.values = cell, values


class Place:
    """A label that is still open, in a value whose shape is known, with the elements that the labels stand for."""

    __slots__ = ("cell", "place", "values")

    def __init__(self, cell: int, place: int, values: list[Element]) -> None:
        self.cell, self.place, self.values = cell, place, values

    def __getitem__(self, index: int) -> Element:
        raise Blocked  # its shape is not known


class Blocked(Exception):
    """A value is needed to go on."""


class Conflict(Exception):
    """An equation cannot hold any more."""


class Cells:
    """Values, domains and the trail of changes; instances of equations wait for cells by number."""

    def __init__(self) -> None:
        self.value: list[Element | None] = []
        self.domain: list[Domain] = []
        self.templates: list[dict[Any, Element]] = []
        self.levels: list[int] = []
        self.on_value: list[set[int]] = []
        self.on_change: list[set[int]] = []
        self.trail: list[tuple[int, Domain, Element | None]] = []
        self.due: list[int] = []
        self.waiting: set[int] = set()

    def add_cell(self, levels: int, value: Element | None, domain: Domain, templates: dict[Any, Element]) -> int:
        """A new cell, known or open; its number is handed back.

        Args:
            levels: how many functors the target is composed of.
            value: the element, where it is known.
            domain: what it may be, where it is open.
            templates: the generic element of each shape of the target.
        """
        self.value.append(value)
        self.domain.append(domain)
        self.templates.append(templates)
        self.levels.append(levels)
        self.on_value.append(set())
        self.on_change.append(set())
        return len(self.value) - 1

    def restrict(self, cell: int, allowed: Domain) -> None:
        """Allow no more than this for a cell; a single possibility becomes its value, and instances wake.

        Raises:
            Conflict: when nothing is left.
        """
        old = self.domain[cell]
        new: Domain = {}
        for shape, masks in allowed.items():
            if shape in old:
                both = tuple([x & y for x, y in zip(masks, old[shape], strict=True)])
                if all(both):
                    new[shape] = both
        if not new:
            raise Conflict
        if new == old and self.value[cell] is not None:
            return
        changed = new != old
        value = self._single(cell, new)
        if not changed and value is None:
            return
        self.trail.append((cell, old, self.value[cell]))
        self.domain[cell], self.value[cell] = new, value
        wake = self.on_change[cell] | self.on_value[cell] if value is not None else self.on_change[cell]
        for number in wake:
            if number not in self.waiting:
                self.waiting.add(number)
                self.due.append(number)

    def _single(self, cell: int, domain: Domain) -> Element | None:
        if len(domain) != 1:
            return None
        ((shape, masks),) = domain.items()
        if any(mask & (mask - 1) for mask in masks):
            return None
        labels = [mask.bit_length() - 1 for mask in masks]
        return graft(self.templates[cell][shape], self.levels[cell], labels)

    def undo(self, mark: int) -> None:
        """Take back the changes after a mark on the trail."""
        while len(self.trail) > mark:
            cell, domain, value = self.trail.pop()
            self.domain[cell], self.value[cell] = domain, value
        self.due.clear()
        self.waiting.clear()

    def choices(self) -> Iterator[tuple[int, Domain]] | None:
        """How to split the open cell with the fewest values: by shape, then by the label of its first open place."""
        best, fewest = -1, 0
        for cell, value in enumerate(self.value):
            if value is None:
                count = size(self.domain[cell])
                if best < 0 or count < fewest:
                    best, fewest = cell, count
        return None if best < 0 else iter([(best, part) for part in split(self.domain[best])])


def bits(flags: Iterable[bool]) -> int:
    """Flags as a number, the first one lowest."""
    return sum(1 << i for i, flag in enumerate(flags) if flag)


def groups(first: list[Element], second: list[Element]) -> tuple[tuple[int, int], ...]:
    """For each element, the labels that stand for it on either side, as bits."""
    found: dict[Element, tuple[int, int]] = {}
    for label, value in enumerate(first):
        left, right = found.get(value, (0, 0))
        found[value] = (left | 1 << label, right)
    for label, value in enumerate(second):
        left, right = found.get(value, (0, 0))
        found[value] = (left, right | 1 << label)
    return tuple(found.values())


def agree(x: int, y: int, pairs: tuple[tuple[int, int], ...], same: bool) -> tuple[int, int]:
    """The labels of two sets that can still stand for one element; ``same`` when they are one set."""
    left = right = 0
    for p, q in pairs:
        if same:  # one label must stand for the same element on both sides
            left |= x & p & q
            right = left
        elif x & p and y & q:
            left |= x & p
            right |= y & q
    return left, right


def has_open(element: Element) -> bool:
    """Whether something in an element is open."""
    if isinstance(element, int):
        return False
    return isinstance(element, Open | Place) or any(map(has_open, element[1]))


def size(domain: Domain) -> int:
    """The number of values in a domain."""
    total = 0
    for masks in domain.values():
        product = 1
        for mask in masks:
            product *= mask.bit_count()
        total += product
    return total


def split(domain: Domain) -> Iterator[Domain]:
    """The parts of a domain: one a shape, or one a label of the first open place."""
    if len(domain) > 1:
        yield from ({shape: masks} for shape, masks in domain.items())
        return
    ((shape, masks),) = domain.items()
    place = next(i for i, mask in enumerate(masks) if mask & (mask - 1))
    for label in range(masks[place].bit_length()):
        if masks[place] >> label & 1:
            yield {shape: (*masks[:place], 1 << label, *masks[place + 1 :])}
