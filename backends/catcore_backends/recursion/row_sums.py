"""Rows added to a table at places of which some may be the same, on any array library.

Most libraries have an operation that does it.  Dask's is one of NumPy's for each block of the other axes, as a task
like any other.  Elsewhere the places are sorted, equal ones are added up in as many steps as the number of rows has
binary digits, and every row of the table looks up its own sum: operations that every array-API library has, with shapes
that are known before the numbers are.

>>> import numpy as np
>>> added_at(np, np.zeros(4), np.asarray([1.0, 2.0, 3.0]), np.asarray([2, 0, 2])).tolist()
[2.0, 0.0, 4.0, 0.0]
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from array_api_compat import array_namespace, is_dask_array


def scattered(xp: Any, rows: Any, index: Any, size: int) -> Any:
    """A table of zeros with rows added at some places."""
    rows = xp.asarray(rows)  # covectors may come from another library than the trees
    table = xp.zeros((size, *rows.shape[1:]), dtype=rows.dtype, device=getattr(rows, "device", None))
    return added_at(xp, table, rows, index)


def added_at(xp: Any, table: Any, rows: Any, index: Any) -> Any:
    """The table with rows added at places; the same array where the library can change it.

    Args:
        xp: the array namespace.
        table: an array whose first axis is that of the places.
        rows: one for each entry of the index, of the shape that the rows of the table have.
        index: a slice, or an array of places in any order, not all of which need be there, nor only once.
    """
    if hasattr(table, "at"):  # JAX arrays are written by making new ones
        return table.at[index].add(rows)
    if isinstance(index, slice):
        table[index, ...] += rows
    elif hasattr(table, "index_add_"):  # PyTorch
        table.index_add_(0, index, rows)
    elif hasattr(getattr(xp, "add", None), "at"):
        xp.add.at(table, index, rows)
    elif is_dask_array(table):
        return _by_blocks(table, rows, index)
    else:
        return _by_sorting(xp, table, rows, index)
    return table


def _by_blocks(table: Any, rows: Any, index: Any) -> Any:
    """The same on Dask: all rows of one block of the other axes are added by one task."""
    axes = tuple(f"axis {i}" for i in range(1, table.ndim))
    return import_module("dask.array").blockwise(
        _added_to_block,
        ("places", *axes),
        table.rechunk({0: -1}),
        ("places", *axes),
        rows,
        ("rows", *axes),
        index,
        ("rows",),
        concatenate=True,
        dtype=table.dtype,
        meta=table._meta,
        token="added rows",
    )


def _added_to_block(table: Any, rows: Any, index: Any) -> Any:
    return added_at(array_namespace(table), table.copy(), rows, index)


def _by_sorting(xp: Any, table: Any, rows: Any, index: Any) -> Any:
    """The same by operations of the array-API standard; of equal places the last one has the sum."""
    if not rows.shape[0]:
        return table
    order = xp.argsort(index)
    places = xp.take(index, order)
    sums = _running(xp, xp.take(rows, order, axis=0), places)
    every_place = xp.arange(table.shape[0], dtype=places.dtype, device=getattr(places, "device", None))
    last = xp.searchsorted(places, every_place, side="right") - 1
    last = xp.where(last < 0, 0, last)
    return table + _where(xp, xp.take(places, last) == every_place, xp.take(sums, last, axis=0))


def _running(xp: Any, rows: Any, places: Any) -> Any:
    """For each row the sum of the rows up to it that have its place, where equal places stand beside each other."""
    step = 1
    while step < rows.shape[0]:  # each row is the sum of as many rows as the step says
        before = _where(xp, places[step:] == places[:-step], rows[:-step, ...])
        rows = xp.concat([rows[:step, ...], rows[step:, ...] + before])
        step *= 2
    return rows


def _where(xp: Any, flags: Any, rows: Any) -> Any:
    """The rows whose flags are set, and zeros."""
    return xp.where(xp.reshape(flags, (-1, *(1 for _ in rows.shape[1:]))), rows, xp.zeros_like(rows))
