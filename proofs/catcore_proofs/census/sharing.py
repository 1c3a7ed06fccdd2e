"""Rows shared out among workers: what a search does to each of many partial solutions, whatever becomes of the others.

On Dask the rows are cut into blocks, a block is the work of one task, and the blocks that come back are put together
again; everywhere else there is one block, and no task.  A row is treated the same in every block and rows keep their
order, so that what is found does not depend on how they were cut.
"""

from __future__ import annotations

import functools as ft
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeVar

from catcore.categories import finite_sets
from catcore_proofs.census.entries import pieces

Rows = TypeVar("Rows")

#: How many rows are worth a task, and how many blocks are work for all workers.
LEAST, BLOCKS = 256, 16


def shared_out(
    step: Callable[[Rows], Rows],
    rows: Rows,
    count: int,
    cut: Callable[[Rows, slice], Rows],
    joined: Callable[[Sequence[Rows]], Rows],
) -> Rows:
    """What a step makes of rows.

    Args:
        step: the step; it looks at each row by itself and keeps their order.
        rows: the rows.
        count: how many there are.
        cut: some of the rows.
        joined: the rows of several blocks put together.
    """
    if finite_sets.computing() != "dask":
        return step(rows)
    dask = import_module("dask")
    blocks = list(pieces(count, max(LEAST, -(-count // BLOCKS)))) or [slice(0, 0)]
    tasks = [dask.delayed(ft.partial(step, cut(rows, block)), pure=False)() for block in blocks]
    return joined(dask.compute(*tasks))
