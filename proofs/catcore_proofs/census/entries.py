"""The arrays of a census, on any library: entries are read and written by their places.

A search runs on the arrays of the backend that :func:`~catcore.categories.finite_sets.computed_by` says, NumPy's where
it says none.  On Dask a block of rows is an array of NumPy's, as in the arrays of Dask, and is the work of one task
(:mod:`~catcore_proofs.census.sharing`).  On JAX the parts of a step are compiled, and rows wait in NumPy's arrays
between them (:mod:`~catcore_proofs.census.compiling`).  A library whose arrays can be written to at places writes
there; elsewhere the places are sorted and looked up, in operations that every array-API library has.

In a compiled part no shape may depend on what is found.  Places are then as many as there are flags, and those of flags
that are not set lie :data:`FAR` outside of every array: what is read there is far outside again, and what is written
there is written nowhere.
"""

from __future__ import annotations

import functools as ft
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from math import prod
from typing import Any

import numpy as np

from catcore.categories import finite_sets

#: An array of any library: of integers, of Booleans.
Ints = Any
Flags = Any

#: What stands where nothing is.
ABSENT = -1

#: A place outside of every array that a part is compiled for; quotients by the width of a row are outside, too.
FAR = 2**30

#: Libraries whose arrays are written to at places, and those whose rows wait in NumPy's arrays.
_WRITABLE = ("numpy", "torch", "cupy")
_ON_NUMPY = ("numpy", "dask", "jax")
#: Whether a part is being compiled.
_TRACING: ContextVar[bool] = ContextVar("tracing", default=False)


def namespace() -> Any:
    """The array namespace that the census computes in."""
    xp = finite_sets.namespace()
    return np if library(xp) in _ON_NUMPY and not _TRACING.get() else xp


def traced(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is compiled: where it is followed, it computes in the namespace that was asked for."""

    def run(*given: Any) -> Any:
        token = _TRACING.set(True)
        try:
            return function(*given)
        finally:
            _TRACING.reset(token)

    return run


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
    which = places(which)[0] if which.dtype == xp.bool else which
    return entries(x, which) if _TRACING.get() else xp.take(x, which, axis=0)


def places(flags: Flags) -> tuple[Ints, ...]:
    """Where flags are set, in order, an array for each axis; in a compiled part other flags have places far outside."""
    xp = namespace()
    if xp is np:
        return np.nonzero(flags)
    if _TRACING.get():
        axes = range(flags.ndim)
        along = (xp.reshape(counting(flags.shape[k]), [-1 if i == k else 1 for i in axes]) for k in axes)
        return tuple(xp.reshape(xp.where(flags, i, FAR), (-1,)) for i in along)
    return tuple(xp.astype(i, xp.int64, copy=False) for i in xp.nonzero(flags))


def first(flags: Flags, axis: int) -> Ints:
    """The first place along an axis where a flag is set; 0 where none is."""
    xp = namespace()
    return flags.argmax(axis=axis) if xp is np else xp.argmax(xp.astype(flags, xp.int8), axis=axis)


def some(flags: Flags, axis: int | tuple[int, ...]) -> Flags:
    """Whether some flag is set along axes."""
    xp = namespace()
    return np.logical_or.reduce(flags, axis=axis) if xp is np else xp.any(flags, axis=axis)


def perhaps(flags: Flags) -> bool:
    """Whether some flag is set; yes where that is not known yet, as a part is being compiled."""
    return _TRACING.get() or bool(namespace().any(flags))


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
    if _TRACING.get():
        return xp.asarray(x).at[at].get(mode="fill", fill_value=_OUTSIDE[x.dtype.kind], wrap_negative_indices=False)
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
    if _TRACING.get():
        return x.at[at].set(value, mode="drop", wrap_negative_indices=False)
    return _looked_up(xp, x, at, value)


#: What is read far outside of an array, by the kind of its dtype.
_OUTSIDE = {"i": FAR, "b": False, "f": float("nan")}


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
