"""Elements of finite sets in a batch, looked at all at once: each is one of the numbers 0, …, n − 1.

A number that is none of them would be read from the wrong end of a table, or cut to fit it, and nothing would say so.
So what comes from outside is looked at where it comes in: its least and its greatest entry, and only if one of them is
wrong, which rows are live.  On a GPU that is done there, and one truth value is waited for.  ``check_bounds=False``
leaves it out.

There are numbers that nobody knows yet: those that a ``jax.jit``, a ``torch.vmap`` or the recording of a CUDA graph of
one's own follows, and those of Dask's arrays.  Then what comes out says that something was wrong: NaN, or the least of
all integers, in each row that a number out of range was given for (:func:`spoilt`).

>>> from catcore.objects import FinSet, R
>>> places = tuple(places_in(R() + FinSet(3)))
>>> tag, number = np.asarray([0, 1, 1]), np.asarray([9, 2, 1])  # the 9 is in a dead row
>>> print(outside(places, (tag, np.ones(3), number)))
None
>>> outside(places, (tag, np.ones(3), number + 1))
(Place(path=(2,), size=3, above=(((0,), True),)), 3)
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from array_api_compat import array_namespace, is_cupy_array, is_dask_array, is_torch_array

from catcore.categories.finite_sets import listed
from catcore.errors import ShapeMismatch
from catcore.objects import Coproduct, Exponential, FinSet, Ob, Product
from catcore.objects import Tensor as TensorObject
from catcore_backends.batches import MAX_TABLE, mapped
from catcore_backends.libraries.conversion import on_host

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


def places_in(ob: Ob) -> Iterator[Place]:
    """The finite sets in an object without atoms, tags of sums among them."""
    todo: list[tuple[Ob, Path, tuple[tuple[Path, bool], ...]]] = [(ob, (), ())]
    while todo:
        part, path, above = todo.pop()
        match part:
            case FinSet():
                yield Place(path, part.size, above)
            case Product() | TensorObject():
                todo += [(part.right, (*path, 1), above), (part.left, (*path, 0), above)]
            case Coproduct():
                tag = (*path, 0)
                yield Place(tag, 2, above)
                todo.append((part.right, (*path, 2), (*above, (tag, True))))
                todo.append((part.left, (*path, 1), (*above, (tag, False))))
            case Exponential() if (table := as_table(part)) is not None:
                todo.append((table, path, above))


def as_table(ob: Exponential) -> Ob | None:
    """The product of values that a function out of a finite set is in a batch; None where it is not a table."""
    count = len(listed(ob.exponent) or ())
    return reduce(Product, [ob.base] * count) if 0 < count <= MAX_TABLE else None


def outside(places: tuple[Place, ...], batch: Any) -> tuple[Place, int] | None:
    """A place with a number there, in a live row, that is no element of its set; None where none is seen.

    Raises:
        Unknown: when the library does not know some of the numbers, and the others are right.
    """
    elsewhere = []
    for place in places:
        found = reached(batch, place.path)
        entries = _readable(found)
        if entries is None:
            elsewhere.append((place, found))
        elif _reaches_out(entries, place.size):
            live = _live(batch, place, len(entries))
            wrong = entries[live & ((entries < 0) | (entries >= place.size))]
            if len(wrong):
                return place, int(wrong[0])
    return _outside_elsewhere(elsewhere, batch) if elsewhere else None


class Unknown(Exception):
    """The numbers are not known.

    Args:
        rows: for which rows one is wrong, in the arrays of the library.
        batch: the batch with 0 for each of them, which a library reads without harm.
    """

    def __init__(self, flags: list[tuple[Place, Any]], batch: Any) -> None:
        self.rows = reduce(operator.or_, (rows for _, rows in flags))
        self.batch = reduce(_without, flags, batch)


def _without(batch: Any, flag: tuple[Place, Any]) -> Any:
    """The batch with 0 where an entry at a place is wrong."""
    place, rows = flag

    def put(part: Any, path: Path) -> Any:
        if path:
            return tuple(put(p, path[1:]) if i == path[0] else p for i, p in enumerate(part))
        xp = array_namespace(part)
        return xp.where(rows, xp.zeros_like(part), part)

    return put(batch, place.path)


def _outside_elsewhere(elsewhere: list[tuple[Place, Any]], batch: Any) -> tuple[Place, int] | None:
    """The same for arrays that are not in the memory of the processor, by one question to their device."""
    flags = [(place, _flags(place, found, batch)) for place, found in elsewhere if _is_row(found)]
    if not flags:
        return None
    xp = array_namespace(flags[0][1])
    answers = [rows for _, rows in flags]
    if not _askable(answers[0]):
        raise Unknown(flags, batch)
    try:
        if not bool(reduce(operator.or_, map(xp.any, answers))):
            return None
    except (TypeError, RuntimeError):  # so JAX and PyTorch say that they do not know
        raise Unknown(flags, batch) from None
    place = next(place for place, rows in flags if bool(xp.any(rows)))
    return place, _first_wrong(place, batch)


def _flags(place: Place, found: Any, batch: Any) -> Any:
    """Whether each row has a number at a place that is no element, in arrays of the library."""
    xp = array_namespace(found)
    entries = xp.astype(found, xp.int8) if xp.isdtype(found.dtype, "bool") else found
    wrong = entries < 0
    if place.size <= xp.iinfo(entries.dtype).max:
        wrong = wrong | (entries >= place.size)
    for path, side in place.above:
        tag = reached(batch, path)
        if getattr(tag, "shape", None) == found.shape:
            wrong = wrong & ((tag != 0) == side)
    return wrong


def _is_row(found: Any) -> bool:
    """Whether something is an array of integers as a place has; everything else is for the door to refuse."""
    try:
        xp = array_namespace(found)
        return found.ndim <= 1 and bool(xp.isdtype(found.dtype, ("integral", "bool")))
    except (TypeError, ValueError, AttributeError):
        return False


def _askable(flags: Any) -> bool:
    """Whether a truth value may be waited for: not while a CUDA graph is recorded, nor of what Dask has yet to do."""
    if is_dask_array(flags):
        return False
    if is_cupy_array(flags):
        from cupy.cuda import get_current_stream

        return not get_current_stream().is_capturing()
    if is_torch_array(flags) and flags.device.type == "cuda":
        import torch

        return not torch.cuda.is_current_stream_capturing()
    return True


def _first_wrong(place: Place, batch: Any) -> int:
    entries = np.atleast_1d(on_host(reached(batch, place.path)))
    live = np.ones(len(entries), np.bool_)
    for path, side in place.above:
        live &= (on_host(reached(batch, path)) != 0) == side
    return int(entries[live & ((entries < 0) | (entries >= place.size))][0])


def spoilt(answer: Any, rows: Any) -> Any:
    """An answer that says where a number out of range was given: NaN there, or the least integer of the dtype.

    Args:
        answer: the batch that a program answered with.
        rows: a truth value for each row of the input, or one for all.
    """

    def marked(y: Any) -> Any:
        if not hasattr(y, "dtype") or not hasattr(y, "shape"):
            return y
        xp = array_namespace(y)
        if xp.isdtype(y.dtype, "bool"):
            return y
        wrong = rows if rows.shape == y.shape[:1] else xp.any(rows)
        least = xp.nan if xp.isdtype(y.dtype, "real floating") else xp.iinfo(y.dtype).min
        return xp.where(xp.reshape(wrong, wrong.shape + (1,) * (y.ndim - wrong.ndim)), xp.full_like(y, least), y)

    return mapped(marked, answer)


def one_of(size: int) -> str:
    """The elements of a finite set in words."""
    return "none, as the set is empty" if size == 0 else "0 alone" if size == 1 else f"0 … {size - 1}"


def _reaches_out(entries: Any, size: int) -> bool:
    return bool(entries.size and (entries.min() < 0 or entries.max() >= size))


def _live(batch: Any, place: Place, rows: int) -> Any:
    """The rows in which a place is live, as far as tags can be read."""
    live = np.ones(rows, np.bool_)
    for path, side in place.above:
        tag = _readable(reached(batch, path))
        if tag is not None and tag.shape == live.shape:
            live &= (tag != 0) == side
    return live


def reached(batch: Any, path: Path) -> Any:
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
        check_bounds: whether it looks at all.
    """

    def __init__(self, dom: Ob, *, check_bounds: bool = True) -> None:
        self.places = tuple(places_in(dom)) if check_bounds else ()

    def look(self, x: Any) -> tuple[Any, Any]:
        """Refuse a number that is no element of its set.

        Returns:
            The batch and None; or where the numbers are not known, one that can be read without harm, and which rows
            have a wrong one.

        Raises:
            ShapeMismatch: naming the number, its place, and the numbers that there are.
        """
        try:
            found = outside(self.places, x)
        except Unknown as unknown:
            return unknown.batch, unknown.rows
        if found is not None:
            place, entry = found
            raise ShapeMismatch(
                f"A compiled arrow takes elements of a set of {place.size} at {place.shown('x')}, and {entry} was "
                f"given. Give numbers of elements: {one_of(place.size)}."
            )
        return x, None


#: What answers of functions of users had wrong, where that is not known yet, while a program runs.
_ANSWERS: ContextVar[list[Any] | None] = ContextVar("answers that are not known", default=None)


def note(unknown: Unknown) -> None:
    """Remember that an answer in the program under way may be wrong."""
    noted = _ANSWERS.get()
    if noted is not None:
        noted.append(unknown.rows)


def noting(program: Callable[[Any, int], Any]) -> Callable[[Any, int], tuple[Any, Any]]:
    """A program that says beside its result whether some answer was wrong, None where all answers are known."""

    def run(x: Any, batch: int) -> tuple[Any, Any]:
        noted: list[Any] = []
        token = _ANSWERS.set(noted)
        try:
            found = program(x, batch)
        finally:
            _ANSWERS.reset(token)
        return found, reduce(operator.or_, (array_namespace(rows).any(rows) for rows in noted)) if noted else None

    return run


class Guarded:
    """A program that looks at its batch first, and where numbers are not known marks what comes out.

    Args:
        program: the program.
        entrance: what looks at the batch.
        answers: whether functions of users answer with elements of finite sets in it.
    """

    def __init__(self, program: Callable[[Any, int], Any], entrance: Entrance, *, answers: bool = False) -> None:
        self.entrance, self.noting = (
            entrance,
            noting(program) if answers else lambda x, batch: (program(x, batch), None),
        )

    def __call__(self, x: Any, batch: int) -> Any:
        """What the program gives on a batch that may enter."""
        x, rows = self.entrance.look(x)
        found, wrong = self.noting(x, batch)
        return self.marked(found, rows, wrong)

    def marked(self, found: Any, *wrong: Any) -> Any:
        """A result with what was wrong; None stands for nothing."""
        flags = [rows for rows in wrong if rows is not None]
        return spoilt(found, reduce(operator.or_, flags)) if flags else found


__all__ = [
    "Entrance",
    "Guarded",
    "Place",
    "Unknown",
    "as_table",
    "note",
    "noting",
    "one_of",
    "outside",
    "places_in",
    "reached",
    "spoilt",
]
