"""Elements of finite sets in a batch, looked at all at once: each is one of the numbers 0, …, n − 1.

A number that is none of them would be read from the wrong end of a table, or cut to fit it, and nothing would say so.
So what comes from outside is looked at where it comes in: its least and its greatest entry, and only if one of them is
wrong, which rows are live.  Entries are looked at where they can be read without waiting, in the memory of the
processor: not those of an array that a library follows while it compiles, nor on a GPU, nor of one of Dask's, whose
blocks are looked at when they are computed.

>>> from catcore.objects import FinSet, R
>>> places = tuple(places_in(R() + FinSet(3)))
>>> tag, number = np.asarray([0, 1, 1]), np.asarray([9, 2, 1])  # the 9 is in a dead row
>>> print(outside(places, (tag, np.ones(3), number)))
None
>>> outside(places, (tag, np.ones(3), number + 1))
(Place(path=(2,), size=3, above=(((0,), True),)), 3)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from catcore.categories.finite_sets import listed
from catcore.errors import ShapeMismatch
from catcore.objects import Coproduct, Exponential, FinSet, Ob, Product
from catcore.objects import Tensor as TensorObject
from catcore_backends.batches import MAX_TABLE

Path = tuple[int, ...]
_PROCESSOR = 1  # kDLCPU, as DLPack numbers devices


@dataclass(frozen=True)
class Place:
    """Where an object has an array of elements of a finite set.

    Args:
        path: how the array is reached in a batch.
        size: how many elements the set has.
        above: the tags above it, by their paths, each with the side where the array is live.
    """

    path: Path
    size: int
    above: tuple[tuple[Path, bool], ...]

    def shown(self, root: str = "") -> str:
        """The place as it is indexed, after the name of the batch."""
        return root + "".join(f"[{i}]" for i in self.path)


def places_in(ob: Ob, path: Path = (), above: tuple[tuple[Path, bool], ...] = ()) -> Iterator[Place]:
    """The finite sets in an object without atoms, tags of sums among them."""
    match ob:
        case FinSet():
            yield Place(path, ob.size, above)
        case Product() | TensorObject():
            yield from places_in(ob.left, (*path, 0), above)
            yield from places_in(ob.right, (*path, 1), above)
        case Coproduct():
            tag = (*path, 0)
            yield Place(tag, 2, above)
            yield from places_in(ob.left, (*path, 1), (*above, (tag, False)))
            yield from places_in(ob.right, (*path, 2), (*above, (tag, True)))
        case Exponential() if (table := as_table(ob)) is not None:
            yield from places_in(table, path, above)


def as_table(ob: Exponential) -> Ob | None:
    """The product of values that a function out of a finite set is in a batch; None where it is not a table."""
    count = len(listed(ob.exponent) or ())
    return reduce(Product, [ob.base] * count) if 0 < count <= MAX_TABLE else None


def outside(places: tuple[Place, ...], batch: Any) -> tuple[Place, int] | None:
    """A place with a number there, in a live row, that is no element of its set; None where none is seen."""
    for place in places:
        entries = _readable(_at(batch, place.path))
        if entries is not None and _reaches_out(entries, place.size):
            live = _live(batch, place, len(entries))
            wrong = entries[live & ((entries < 0) | (entries >= place.size))]
            if len(wrong):
                return place, int(wrong[0])
    return None


def one_of(size: int) -> str:
    """The elements of a finite set in words."""
    return "none, as the set is empty" if size == 0 else "0 alone" if size == 1 else f"0 … {size - 1}"


def _reaches_out(entries: Any, size: int) -> bool:
    return bool(entries.size and (entries.min() < 0 or entries.max() >= size))


def _live(batch: Any, place: Place, rows: int) -> Any:
    """The rows in which a place is live, as far as tags can be read."""
    live = np.ones(rows, np.bool_)
    for path, side in place.above:
        tag = _readable(_at(batch, path))
        if tag is not None and tag.shape == live.shape:
            live &= (tag != 0) == side
    return live


def _at(batch: Any, path: Path) -> Any:
    """What stands at a path; None where the batch is grouped in another way, which the door refuses."""
    for i in path:
        if not isinstance(batch, tuple | list) or i >= len(batch):
            return None
        batch = batch[i]
    return batch


def _readable(array: Any) -> Any:
    """An array of integers of any library as one of NumPy in the same memory; None where that cannot be."""
    if not isinstance(array, np.ndarray):
        try:
            if array.__dlpack_device__()[0] != _PROCESSOR:
                return None
            array = np.from_dlpack(array)
        except (AttributeError, BufferError, RuntimeError, TypeError, ValueError):
            return None
    if array.dtype.kind not in "iub" or array.ndim > 1:
        return None  # for the door to refuse
    return np.atleast_1d(array)  # a shared element has no axis of rows


class Entrance:
    """What a compiled arrow looks at before it runs: the elements of finite sets in its batch.

    Args:
        dom: the domain, with the atoms replaced by what they are.
    """

    def __init__(self, dom: Ob) -> None:
        self.places = tuple(places_in(dom))

    def look(self, x: Any) -> None:
        """Refuse a number that is no element of its set.

        Raises:
            ShapeMismatch: naming the number, its place, and the numbers that there are.
        """
        found = outside(self.places, x)
        if found is not None:
            place, entry = found
            raise ShapeMismatch(
                f"A compiled arrow takes elements of a set of {place.size} at {place.shown('x')}, and {entry} was "
                f"given. Give numbers of elements: {one_of(place.size)}."
            )


class Guarded:
    """A program that looks at its batch first."""

    def __init__(self, program: Callable[[Any, int], Any], entrance: Entrance) -> None:
        self.program, self.entrance = program, entrance

    def __call__(self, x: Any, batch: int) -> Any:
        """What the program gives on a batch that may enter."""
        self.entrance.look(x)
        return self.program(x, batch)


__all__ = ["Entrance", "Guarded", "Place", "as_table", "one_of", "outside", "places_in"]
