"""The arrays of a census, on any library: entries are read and written by their places.

A search runs on the arrays of the backend that :func:`~catcore.categories.finite_sets.computed_by` says, NumPy's where
it says none.  On Dask a block of rows is an array of NumPy's, as in the arrays of Dask, and is the work of one task
(:mod:`~catcore_proofs.census.sharing`).  What a search reads has shapes that depend on what it found, and JAX would
compile every operation again for every shape, so for JAX it runs on NumPy's arrays, and what is found says so
(:func:`searched_on`).  A library whose arrays can be written to at places writes there; elsewhere the places are sorted
and looked up, in operations that every array-API library has.
"""

from __future__ import annotations

import functools as ft
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from catcore.categories import finite_sets

#: An array of any library: of integers, of Booleans.
Ints = Any
Flags = Any

#: What stands where nothing is.
ABSENT = -1

#: Libraries whose arrays are written to at places, and those of whose arrays a search takes NumPy's.
_WRITABLE = ("numpy", "torch", "cupy")
_ON_NUMPY = ("numpy", "dask", "jax")


def namespace() -> Any:
    """The array namespace that the census computes in."""
    return _eager(finite_sets.namespace())


def searched_on() -> str:
    """Whose arrays a search runs on, by the name of the backend; where it is not the one asked for, with the reason.

    >>> searched_on()
    'numpy'
    """
    asked = finite_sets.computing()
    return "NumPy's arrays, since jax would compile every operation for every shape" if asked == "jax" else asked


@ft.cache
def _eager(xp: Any) -> Any:
    return np if library(xp) in _ON_NUMPY else xp


@ft.cache
def library(xp: Any) -> str:
    """The library of a namespace by its name."""
    return str(xp.__name__.removeprefix("array_api_compat.").partition(".")[0])


def made(values: Any) -> Any:
    """A NumPy array as one of the library."""
    xp = namespace()
    return values if xp is np else xp.asarray(values)


def counting(count: int) -> Ints:
    """The numbers below one."""
    xp = namespace()
    return xp.arange(count, dtype=xp.int64)


def pieces(count: int, size: int) -> Iterator[slice]:
    """Slices of at most one size that make up so many rows."""
    for begin in range(0, count, size):
        yield slice(begin, min(begin + size, count))


def rows_of(x: Any, which: Any) -> Any:
    """Some of the rows, by their numbers or by flags."""
    xp = namespace()
    if library(xp) in _WRITABLE:
        return x[which]
    return xp.take(x, places(which)[0] if which.dtype == xp.bool else which, axis=0)


def places(flags: Flags) -> tuple[Ints, ...]:
    """Where flags are set, in order: one array for each axis."""
    xp = namespace()
    if xp is np:
        return np.nonzero(flags)
    return tuple(xp.astype(i, xp.int64, copy=False) for i in xp.nonzero(flags))


def first(flags: Flags, axis: int) -> Ints:
    """The first place along an axis where a flag is set; 0 where none is."""
    xp = namespace()
    return flags.argmax(axis=axis) if xp is np else xp.argmax(xp.astype(flags, xp.int8), axis=axis)


def some(flags: Flags, axis: int | tuple[int, ...]) -> Flags:
    """Whether some flag is set along axes."""
    xp = namespace()
    return np.logical_or.reduce(flags, axis=axis) if xp is np else xp.any(flags, axis=axis)


def every(flags: Flags, axis: int) -> Flags:
    """Whether all flags are set along an axis."""
    xp = namespace()
    return flags.all(axis=axis) if xp is np else xp.all(flags, axis=axis)


def filled(shape: tuple[int, ...], value: Any, dtype: str = "int64") -> Any:
    """An array of one value."""
    xp = namespace()
    return xp.full(shape, value, dtype=bool if xp is np and dtype == "bool" else getattr(xp, dtype))


def joined(parts: Sequence[Any], axis: int = 0) -> Any:
    """Arrays one after the other along an axis."""
    if len(parts) == 1:
        return parts[0]
    xp = namespace()
    return np.concatenate(parts, axis=axis) if xp is np else xp.concat(list(parts), axis=axis)


def side_by_side(*columns: Any) -> Any:
    """Arrays of one axis as the columns of a table."""
    return namespace().stack(columns, axis=1)


def counted_up(x: Ints) -> Ints:
    """The numbers with 0 for those below it."""
    xp = namespace()
    if library(xp) in _WRITABLE:
        return np.maximum(x, 0) if xp is np else x.clip(0)
    return xp.where(x < 0, 0, x)


def blanked(x: Ints, flags: Flags) -> Ints:
    """An array that was made here, with ``ABSENT`` wherever a flag of its first axes is set."""
    xp = namespace()
    if library(xp) not in _WRITABLE:
        return xp.where(xp.reshape(flags, (*flags.shape, *(1 for _ in x.shape[flags.ndim :]))), ABSENT, x)
    x[flags] = ABSENT
    return x


def each_times(x: Any, count: int) -> Any:
    """The entries of an array with one axis, each so many times."""
    xp = namespace()
    return x.repeat(count) if xp is np else xp.reshape(xp.broadcast_to(x[:, None], (x.shape[0], count)), (-1,))


def entries(x: Any, *at: Ints) -> Any:
    """What stands at places of the first axes, with all of the other axes."""
    xp = namespace()
    if library(xp) in _WRITABLE:
        return x[at]
    flat = _flat(xp, x.shape, at)
    tail = x.shape[len(at) :]
    found = xp.take(xp.reshape(x, (-1, *tail)), xp.reshape(flat, (-1,)), axis=0) if 0 not in x.shape else None
    return xp.zeros((*flat.shape, *tail), dtype=x.dtype) if found is None else xp.reshape(found, (*flat.shape, *tail))


def written(x: Any, at: tuple[Ints, ...], value: Any) -> Any:
    """The array with a value, or with values, at places of its first axes; the array itself where it can change."""
    xp = namespace()
    if library(xp) in _WRITABLE:
        x[at] = value
        return x
    return _looked_up(xp, x, at, value)


def _looked_up(xp: Any, x: Any, at: tuple[Ints, ...], value: Any) -> Any:
    """The array written to by sorting the places, and looking each entry up among them."""
    flat = xp.reshape(_flat(xp, x.shape, at), (-1,))
    if not flat.shape[0] or 0 in x.shape:
        return x
    tail = x.shape[len(at) :]
    order = xp.argsort(flat)
    known, every_place = xp.take(flat, order), counting(prod(x.shape[: len(at)]))
    found = xp.searchsorted(known, every_place)
    found = xp.where(found < known.shape[0], found, known.shape[0] - 1)
    hit = xp.reshape(xp.take(known, found) == every_place, (-1, *(1 for _ in tail)))
    if not isinstance(value, int | float):
        values = xp.reshape(xp.broadcast_to(value, (*_flat(xp, x.shape, at).shape, *tail)), (-1, *tail))
        value = xp.take(values, xp.take(order, found), axis=0)
    return xp.reshape(xp.where(hit, xp.astype(xp.asarray(value), x.dtype), xp.reshape(x, (-1, *tail))), x.shape)


def _flat(xp: Any, shape: Sequence[int], at: tuple[Ints, ...]) -> Ints:
    """Places of the first axes as numbers."""
    flat = xp.astype(at[0], xp.int64, copy=False)
    for extent, index in zip(shape[1:], at[1:], strict=False):
        flat = flat * extent + index
    return flat
