"""Dask: batches in blocks, lazily, and larger than memory.  Needs the extra ``dask``.

The program of a compiled arrow acts on each row by itself, so it is mapped over the blocks of the batch
(:mod:`~catcore_backends.libraries.dask_blocks`): one call of the NumPy program a block, however long the program is.
Shared parameters go whole to every block.  Where they are cut into several blocks themselves, because they are larger
than a worker, they are put together nowhere: the program runs operation by operation on Dask's own arrays.
"""

from __future__ import annotations

import functools as ft
from typing import Any

from catcore_backends.backend import Backend
from catcore_backends.batches import arrays
from catcore_backends.installed import library
from catcore_backends.libraries.conversion import make
from catcore_backends.libraries.dask_blocks import OverBlocks, for_operations, standard
from catcore_backends.libraries.portable import Portable
from catcore_backends.library import Library, Link, Run


class DaskBackend(Backend):
    """Dask's arrays over NumPy's."""

    def asarray(self, values: Any, dtype: str | None = None, *, device: Any = None, copy: bool | None = None) -> Any:
        """Values as an array of Dask's; see :meth:`catcore_backends.Backend.asarray`."""
        return make(standard(self.namespace()), values, dtype, device, copy)

    def executable(self, link: Link, *, shared: bool = False, totals: tuple[int, ...] = ()) -> Run:
        """The program over NumPy, mapped over the blocks of the batch; totals are added up as a tree of blocks.

        Shared parameters that are cut into blocks are put together nowhere: then each operation is one of Dask's.
        """
        xp = standard(self.namespace())
        in_blocks = OverBlocks(Portable(link), shared=shared, totals=totals)
        by_operations = ft.cache(lambda: link(xp))

        def run(x: Any, batch: int) -> Any:
            return by_operations()(for_operations(x), batch) if shared and _is_cut(x) else in_blocks(x, batch)

        return run

    def for_steps(self) -> Library:
        """NumPy: a step of training sees few samples, which are read from their blocks for it."""
        return library("numpy")


def _is_cut(x: Any) -> bool:
    """Whether parameters, which come first, are Dask arrays of several blocks."""
    return isinstance(x, tuple | list) and any(getattr(a, "npartitions", 1) > 1 for a in arrays(x[:1]))


backend = DaskBackend("dask", "dask.array", "Install it with: pip install 'catcore[dask]'")
