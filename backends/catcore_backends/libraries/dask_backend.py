"""Dask: batches in blocks, lazily, and larger than memory.  Needs the extra ``dask``.

The program of a compiled arrow acts on each row by itself, so it is mapped over the blocks of the batch: Dask's graph
holds one call of the compiled NumPy program a block, however long the program is.  All arrays of a batch are cut alike
along the first axis, and the other axes are joined.  Parameters go whole to every block; where they are cut into blocks
themselves, because they are larger than a worker, the program runs operation by operation on Dask's own arrays.
"""

from __future__ import annotations

import functools as ft
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from catcore_backends.backend import Backend, Link, Run, get_backend
from catcore_backends.batches import arrays, mapped
from catcore_backends.libraries.conversion import make
from catcore_backends.recursion.forests import Forest


class DaskBackend(Backend):
    """Dask's arrays over NumPy's."""

    def asarray(self, values: Any, dtype: str | None = None, *, device: Any = None, copy: bool | None = None) -> Any:
        """Values as an array of Dask's; see :meth:`catcore_backends.Backend.asarray`."""
        return make(standard(self.namespace()), values, dtype, device, copy)

    def executable(self, link: Link, *, shared: bool = False) -> Run:
        """The program over NumPy, mapped over the blocks of the batch; shared parameters go whole to every block.

        Shared parameters that are cut into blocks are put together nowhere: then each operation is one of Dask's.
        """
        in_blocks = over_blocks(link(get_backend("numpy").namespace()), shared=shared)
        by_operations = ft.cache(lambda: link(standard(self.namespace())))

        def run(x: Any, batch: int) -> Any:
            return (by_operations() if shared and _is_cut(x) else in_blocks)(x, batch)

        return run


def over_blocks(program: Run, *, shared: bool = False) -> Run:
    """A function on batches of NumPy arrays as one on batches of Dask arrays.

    Its results have the shapes and dtypes that it has on a batch of no rows.  Where ``shared``, the first of two
    arguments has no batch axis.
    """

    def run(x: Any, batch: int) -> Any:
        da = _dask()

        given = list(arrays(x))
        whole = sum(1 for _ in arrays(x[0])) if shared else 0
        uncut = any(isinstance(a, Forest) or not hasattr(a, "shape") for a in given)
        if uncut or not all(a.shape for a in given[whole:]) or len(given) == whole:
            return mapped(da.asarray, program(x, batch))  # nothing to cut, or for the door to refuse
        return _blockwise(program, x, [da.asarray(a) for a in given], whole)

    return run


def applied_in_blocks(layer: Any, theta: Any, x: Any) -> Any:
    """A layer of NumPy arrays applied to a Dask array, block by block; θ goes whole to every block."""
    run = over_blocks(lambda pair, rows: layer(*pair), shared=True)
    return run((theta, x), x.shape[0]) if x.ndim > 2 else run((theta, x[None, ...]), 1)[0, ...]


def pulled_in_blocks(layer: Any, theta: Any, x: Any, ybar: Any) -> tuple[Any, ...]:
    """The reverse derivative of such a layer: each block gives its own share of the gradients of the parameters."""

    def pull(given: Any, rows: int) -> Any:
        theta_bar, x_bar, *others = layer.vjp(given[0], *given[1])
        return x_bar, *(share[None, ...] for share in (theta_bar, *others))

    single = x.ndim == 2
    batch = (x[None, ...], ybar[None, ...]) if single else (x, ybar)
    x_bar, *shares = over_blocks(pull, shared=True)((theta, batch), batch[0].shape[0])
    theta_bar, *others = (share.sum(axis=0, dtype=share.dtype) for share in shares)
    return theta_bar, x_bar[0, ...] if single else x_bar, *others


def standard(xp: Any) -> Any:
    """A namespace with all names of the array-API standard, some of which Dask's own lacks."""
    return import_module("array_api_compat.dask.array") if xp.__name__ == "dask.array" else xp


def _blockwise(program: Run, x: Any, leaves: list[Any], whole: int) -> Any:
    da = _dask()

    def call(*blocks: Any) -> Any:
        """The results for one block of rows, as one object of Dask's graph."""
        return program(_refilled(x, iter(blocks)), len(blocks[whole]))

    with import_module("numpy").errstate(all="ignore"):  # an example may be outside of what the program is meant for
        empty = call(*(_example(a, rows=n < whole) for n, a in enumerate(leaves)))
    indexed = [part for n, a in enumerate(leaves) for part in (a, _axes(n, a.ndim, rows=n >= whole))]
    packed = da.blockwise(call, ("rows",), *indexed, concatenate=True, dtype=object, meta=_objects())
    paths = iter(list(_paths(empty)))
    return mapped(lambda meta: _unpacked(packed, next(paths), meta), empty)


def _is_cut(x: Any) -> bool:
    """Whether parameters, which come first, are Dask arrays of several blocks."""
    return isinstance(x, tuple | list) and any(getattr(a, "npartitions", 1) > 1 for a in arrays(x[:1]))


def _dask() -> Any:
    return import_module("dask.array")


def _axes(number: int, ndim: int, *, rows: bool) -> tuple[str, ...]:
    """Names for the axes of one argument; the first is that of the rows unless the argument is shared."""
    return tuple("rows" if rows and i == 0 else f"argument {number} axis {i}" for i in range(ndim))


def _unpacked(packed: Any, path: tuple[int, ...], meta: Any) -> Any:
    """One array of the results."""
    da = _dask()

    axes = {f"axis {i}": extent for i, extent in enumerate(meta.shape[1:])}
    options = {"path": path, "new_axes": axes, "dtype": meta.dtype, "meta": meta}
    return da.blockwise(_part, ("rows", *axes), packed, ("rows",), **options)


def _part(block: Any, path: tuple[int, ...]) -> Any:
    for i in path:
        block = block[i]
    return block


def _example(a: Any, *, rows: bool) -> Any:
    """An argument of no rows; where it is shared ones, and 0 for integers, which every finite set has."""
    import numpy

    fill = int(a.dtype.kind not in "iub")
    return numpy.full(a.shape if rows else (0, *a.shape[1:]), fill, a.dtype)


def _objects() -> Any:
    import numpy

    return numpy.empty((0,), object)


def _refilled(x: Any, leaves: Iterator[Any]) -> Any:
    return mapped(lambda _: next(leaves), x)


def _paths(x: Any) -> Iterator[tuple[int, ...]]:
    if not isinstance(x, tuple):
        yield ()
        return
    for i, part in enumerate(x):
        yield from ((i, *path) for path in _paths(part))


backend = DaskBackend("dask", "dask.array", "Install it with: pip install 'catcore[dask]'")
