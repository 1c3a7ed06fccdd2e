"""Few shapes, for a library that compiles anew for each: JAX, whose programs are made for the shapes of their arrays.

Every forest has groups of other sizes, and compiling for each of them takes seconds where computing takes milliseconds.
So on JAX groups are cut into stretches whose lengths are powers of two, tables get a power of two of rows, and states
are filled up by copies to a power of two of them before they are asked about.  After a few batches everything that
occurs has been compiled.  Where gradients go, no node is computed that is not there: it would hear zero, and zero times
an infinite slope is NaN.

>>> stretches(13), rounded(13)
([(0, 8), (8, 12), (12, 13)], 16)
"""

from __future__ import annotations

import functools as ft
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from array_api_compat import is_jax_namespace

from catcore_backends.batches import arrays, mapped
from catcore_backends.libraries.conversion import on_host
from catcore_backends.recursion.forests import Forest


def few(xp: Any, *batches: Any) -> bool:
    """Whether a library compiles for shapes, and no array is followed, which makes all one program anyway."""
    if not is_jax_namespace(xp):
        return False
    from catcore_backends.libraries.jax_programs import followed

    return not followed([*_numbers(batches)])


def _numbers(batch: Any) -> Iterator[Any]:
    """The arrays of a batch, the labels of its forests among them."""
    for x in arrays(batch):
        if isinstance(x, Forest):
            yield from (y for g in x.groups for y in _numbers(g.labels))
        else:
            yield x


def stretches(n: int) -> list[tuple[int, int]]:
    """So many rows as stretches (start, stop) of lengths that are powers of two, the longest first."""
    found, start = [], 0
    while start < n:
        stop = start + (1 << ((n - start).bit_length() - 1))
        found.append((start, stop))
        start = stop
    return found


def rounded(n: int) -> int:
    """The least power of two that is not less."""
    return 1 << max(n - 1, 0).bit_length()


def laid(xp: Any, trees: Forest, *others: Any) -> tuple[Forest, int]:
    """A forest over a library, in stretches where that compiles for shapes, and how many rows its tables have there.

    Args:
        xp: the library.
        trees: the forest.
        others: what else is computed with.
    """
    if not few(xp, trees, others):
        return trees.over(xp), trees.size
    return trees.over(np).cut(stretches).numbered().over(xp), rounded(trees.size)


def written(table: Any, rows: Any, here: slice) -> Any:
    """A table of JAX's with some rows replaced, in its own memory, which nobody may read any more."""
    return _writing()(table, rows, here.start, here.stop - here.start)


@ft.cache
def _writing() -> Any:
    """Compiled for the shapes, and not for the place; the rows may be one for all."""
    from jax import jit, lax
    from jax.numpy import broadcast_to

    def run(table: Any, rows: Any, start: Any, n: int) -> Any:
        return lax.dynamic_update_slice_in_dim(table, broadcast_to(rows, (n, *table.shape[1:])), start, 0)

    return jit(run, static_argnums=3, donate_argnums=0)


def filled_up(batch: Any) -> Any:
    """Rows of NumPy's arrays filled up to a power of two of them, by copies of the last."""

    def longer(x: Any) -> Any:
        more = rounded(len(x)) - len(x)
        return np.concatenate([x, np.repeat(x[-1:], more, axis=0)]) if more and len(x) else x

    return mapped(longer, batch)


def joined(xp: Any, batches: Sequence[Any]) -> Any:
    """Batches one after the other; on the host, where a library would compile for their shapes."""
    first = batches[0]
    if len(batches) == 1:
        return first
    if isinstance(first, tuple):
        return tuple(joined(xp, parts) for parts in zip(*batches, strict=True))
    if not few(xp, *batches):
        return xp.concat(batches, axis=0)
    return xp.asarray(np.concatenate([on_host(x) for x in batches]), device=first.device)
