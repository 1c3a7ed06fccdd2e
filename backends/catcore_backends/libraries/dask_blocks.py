"""A program on batches of NumPy arrays as one on batches of Dask arrays, block by block.

All arrays of a batch are cut alike along the first axis, that of the rows, and joined along the others.  Dask's graph
holds one call of the program a block, and one task that puts together what all blocks share.  Nothing is computed
before Dask is asked to: shapes and dtypes of results are those that the program has on a batch of no rows.  Trees lie
in main memory, so a batch with trees is computed at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from catcore.errors import CatError, ShapeMismatch, WrongDtype
from catcore_backends.batches import arrays, mapped
from catcore_backends.libraries.admission import taken
from catcore_backends.libraries.conversion import Refusal, moved
from catcore_backends.libraries.failures import explained
from catcore_backends.library import Run
from catcore_backends.recursion.forests import Forest


@dataclass(frozen=True)
class OverBlocks:
    """A program on batches of NumPy arrays as one on batches of Dask arrays.

    Args:
        program: the program, acting on each row by itself.
        shared: whether the first of its two arguments has no batch axis; it goes whole to every block.
        totals: which parts of its answer are totals over the rows, each as one row; those of the blocks are added up.
        prepare: what becomes of the shared argument, once for all blocks.
        like: the answer to no rows, where it is known; by default the program is tried.
    """

    program: Run
    shared: bool = False
    totals: tuple[int, ...] = ()
    prepare: Callable[[Any], Any] | None = None
    like: Callable[[Any], Any] | None = None

    def __call__(self, x: Any, batch: int) -> Any:
        """The answer of the program, as Dask arrays.

        Raises:
            ShapeMismatch: when arrays have different numbers of rows, or what the program refuses.
            WrongDtype: when an array is neither Dask's nor NumPy's.
        """
        paired = not self.shared or (isinstance(x, tuple | list) and len(x) == 2)
        rows = list(arrays(x[1] if self.shared else x)) if paired else []
        if not rows or not all(getattr(a, "shape", ()) and not isinstance(a, Forest) for a in rows):
            return in_dask(self.program(_held(x), batch))  # trees, or nothing to cut, or for the door to refuse
        _check_libraries(x)
        _check_rows(rows)
        empty = self.like(x) if self.like else self._tried(x)
        return self._cut(x, [in_dask(a) for a in rows], empty)

    def _tried(self, x: Any) -> Any:
        """The answer on a batch of no rows; of one row where a generator takes no batch without rows."""
        try:
            return self._on_example(x, 0)
        except CatError as error:
            note = " (This was tried on 0 rows, before any block was computed.)" if "shape (0" in str(error) else ""
            raise type(error)(f"{error}{note}") from None
        except Exception:
            return self._on_example(x, 1)

    def _on_example(self, x: Any, count: int) -> Any:
        with import_module("numpy").errstate(all="ignore"):  # an example may be outside of the domain
            found = self.program(_example(x, count, shared=self.shared), count)
        return mapped(lambda a: a[:0], found)

    def _cut(self, x: Any, rows: list[Any], empty: Any) -> Any:
        da, delayed = import_module("dask.array"), import_module("dask").delayed
        whole = delayed(_Whole(self.prepare or _same), pure=True)(x[0]) if self.shared else None
        numbers = iter(range(len(rows)))
        call = _Block(self.program, _refilled(x[1] if self.shared else x, numbers), shared=self.shared)
        indexed = [part for n, a in enumerate(rows) for part in (a, _axes(n, a.ndim))]
        options = {"concatenate": True, "dtype": object, "meta": _objects(), "token": "program"}
        packed = da.blockwise(call, ("rows",), whole, None, *indexed, **options)
        paths = iter(list(_paths(empty)))
        return mapped(lambda meta: self._part(packed, next(paths), meta), empty)

    def _part(self, packed: Any, path: tuple[int, ...], meta: Any) -> Any:
        """One array of the answer."""
        da = import_module("dask.array")
        is_total = bool(path) and path[0] in self.totals
        axes = {f"axis {i}": extent for i, extent in enumerate(meta.shape[1:])}
        options = {"path": path, "new_axes": axes, "dtype": meta.dtype, "meta": meta, "token": "part"}
        if is_total:
            options["adjust_chunks"] = {"rows": 1}
        found = da.blockwise(_at, ("rows", *axes), packed, ("rows",), **options)
        return found.sum(axis=0, keepdims=True, dtype=meta.dtype) if is_total else found


@dataclass(frozen=True)
class _Whole:
    """The task of what all blocks share."""

    prepare: Callable[[Any], Any]

    def __call__(self, shared: Any) -> Any:
        try:
            return self.prepare(shared)
        except Exception as error:
            raise explained(error, shared)  # noqa: B904 — it knows whether the error is a cause


@dataclass(frozen=True)
class _Block:
    """The task of one block of rows; ``nest`` is how a batch is grouped, with a number for each array."""

    program: Run
    nest: Any
    shared: bool

    def __call__(self, whole: Any, *blocks: Any) -> Any:
        rows = _refilled(self.nest, iter(blocks))
        x = (whole, rows) if self.shared else rows
        try:
            return self.program(x, len(blocks[0]))
        except Exception as error:
            raise explained(error, x)  # noqa: B904 — it knows whether the error is a cause


def standard(xp: Any) -> Any:
    """A namespace with all names of the array-API standard, some of which Dask's own lacks."""
    return import_module("array_api_compat.dask.array") if xp.__name__ == "dask.array" else xp


def in_dask(x: Any) -> Any:
    """A nested batch as one of Dask arrays."""
    da = import_module("dask.array")

    def made(a: Any) -> Any:
        return a.over(da) if isinstance(a, Forest) else moved(da, a) if hasattr(a, "shape") else a

    return _refilled(x, map(made, arrays(x)))


def _held(x: Any) -> Any:
    """A nested batch with what lies in Dask arrays computed."""
    if not any(hasattr(a, "dask") for a in arrays(x)):
        return x
    held = import_module("dask").compute(*arrays(x), traverse=False)
    return _refilled(x, iter(held))


def _example(x: Any, rows: int, *, shared: bool) -> Any:
    """A batch of so many rows of ones, and of 0 for integers, which every finite set has; it takes no memory.

    What is no array stays as it is, for the door to refuse.
    """
    numpy = import_module("numpy")

    def made(a: Any, *lead: int, skip: int = 0) -> Any:
        if not hasattr(a, "dtype"):
            return a
        entry = (numpy.ones if a.dtype.kind in "fc" else numpy.zeros)((), a.dtype)
        return numpy.broadcast_to(entry, (*lead, *a.shape[skip:]))

    def filled(a: Any) -> Any:
        return made(a, rows, skip=1)

    if not shared:
        return _refilled(x, map(filled, arrays(x)))
    return _refilled(x[0], map(made, arrays(x[0]))), _refilled(x[1], map(filled, arrays(x[1])))


def for_operations(x: Any) -> Any:
    """A batch with shared parameters as Dask arrays for single operations, which need blocks with rows, and counted.

    Trees stay in main memory, where gradients of their labels look at their branches.

    Raises:
        ShapeMismatch: when the number of rows is not known before blocks are computed.
        WrongDtype: when an array is neither Dask's nor NumPy's.
    """
    _check_libraries(x)
    found = (a if isinstance(a, Forest) else in_dask(a) for a in arrays(x))
    return _refilled(x, (_with_rows(a) if getattr(a, "chunks", ()) else a for a in found))


def _with_rows(a: Any) -> Any:
    if math.isnan(a.shape[0]):
        raise ShapeMismatch(
            "A compiled arrow was applied to parameters in several blocks and to a Dask array whose number of rows is "
            "not known. Call compute_chunk_sizes() on it first, or put the parameters in one block with rechunk(-1)."
        )
    return a if all(a.chunks[0]) else a.rechunk({0: tuple(filter(None, a.chunks[0])) or (0,)})


def _check_libraries(x: Any) -> None:
    da = import_module("dask.array")
    known = da.Array, import_module("numpy").ndarray, import_module("numpy").generic
    for a in arrays(x):
        found = taken(da, a) if isinstance(a, known) else None
        if isinstance(found, Refusal):
            raise WrongDtype(f"A compiled arrow was applied to {found.found} in a batch on Dask. {found.remedy}")
        if hasattr(a, "shape") and not isinstance(a, (*known, Forest)):
            raise WrongDtype(
                f"A compiled arrow takes arrays of Dask or NumPy in a batch on Dask, and {type(a).__module__}."
                f"{type(a).__qualname__} was given. Convert it first, as get_backend('dask').asarray(x) does."
            )


def _check_rows(rows: list[Any]) -> None:
    """Refuse different numbers of rows, and extents that cannot be compared before blocks are computed."""
    if any(math.isnan(extent) for a in rows for extent in a.shape[1:]):
        raise ShapeMismatch(
            "A compiled arrow was applied to a Dask array that has an axis of unknown extent beside that of the rows. "
            "Call compute_chunk_sizes() on it first."
        )
    counts = {a.shape[0] for a in rows if not math.isnan(a.shape[0])}
    unknown = {a.numblocks[0] for a in rows if math.isnan(a.shape[0])}
    if len(counts) > 1:
        raise ShapeMismatch(
            f"A compiled arrow was applied to a batch of arrays with {' and '.join(map(str, sorted(counts)))} rows. "
            "Give one row for each sample, the same number everywhere."
        )
    if len(unknown) > 1 or (counts and unknown):
        raise ShapeMismatch(
            "A compiled arrow was applied to a batch of Dask arrays whose numbers of rows are not known, so that their "
            "blocks cannot be matched. Call compute_chunk_sizes() on them first."
        )


def _axes(number: int, ndim: int) -> tuple[str, ...]:
    """Names for the axes of one array; the first is that of the rows."""
    return tuple(f"array {number} axis {i}" if i else "rows" for i in range(ndim))


def _at(block: Any, path: tuple[int, ...]) -> Any:
    for i in path:
        block = block[i]
    return block


def _same(shared: Any) -> Any:
    return shared


def _objects() -> Any:
    return import_module("numpy").empty((0,), object)


def _refilled(x: Any, leaves: Iterator[Any]) -> Any:
    """A nested batch with other arrays."""
    return tuple(_refilled(part, leaves) for part in x) if isinstance(x, tuple | list) else next(leaves)


def _paths(x: Any) -> Iterator[tuple[int, ...]]:
    if not isinstance(x, tuple):
        yield ()
        return
    for i, part in enumerate(x):
        yield from ((i, *path) for path in _paths(part))


__all__ = ["OverBlocks", "for_operations", "in_dask"]
