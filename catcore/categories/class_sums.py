"""Sums over classes of entries by gathers and sums alone, which every library has and differentiates.

Each class is cut into pieces of equal length, the pieces are summed, and their sums treated likewise until one number a
class is left; so rounding grows with the length of a piece and not with that of a class, and no more is gathered than
a few times the entries that there are.

>>> import array_api_compat.numpy as xp, numpy as np
>>> stages = class_stages(np.array([2, 1, 2, 0, 2]), 2)
>>> class_sums(xp, xp.asarray([[1.0, 10.0, 100.0, 7.0, 1000.0]]), stages, axis=1).tolist()
[[10.0, 1101.0]]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


def class_sums(
    xp: Any, entries: Any, stages: Sequence[Any], *, axis: int = 0, placed: Callable[[int, Any], Any] | None = None
) -> Any:
    """The sum of each class along an axis, in the dtype of the entries.

    Args:
        xp: the namespace.
        entries: the entries.
        stages: what :func:`class_stages` gives.
        axis: the axis of the entries, counted from the front.
        placed: puts the indices of a stage, which has a number, beside the entries; by default a constant is made.
    """
    before = (slice(None),) * axis
    for number, stage in enumerate(stages):
        if stage.max(initial=0) == entries.shape[axis]:
            zero = xp.zeros_like(entries[(*before, slice(0, 1), ...)])
            entries = xp.concat([entries, zero], axis=axis)
        flat = stage.reshape(-1)
        index = xp.asarray(flat) if placed is None else placed(number, flat)
        shape = (*entries.shape[:axis], *stage.shape, *entries.shape[axis + 1 :])
        entries = xp.sum(xp.reshape(xp.take(entries, index, axis=axis), shape), axis=axis + 1, dtype=entries.dtype)
    return entries


def class_stages(classes: Any, count: int) -> tuple[Any, ...]:
    """Index tables (pieces, length) whose rows are summed one stage after the other; the index beyond the end is 0.

    Args:
        classes: the class of each entry, from 1 to ``count``, or 0 for one that is left out; some entry has a class.
        count: how many classes there are.
    """
    import numpy as np

    sizes = np.bincount(classes, minlength=count + 1)
    order = np.argsort(classes, kind="stable")[sizes[0] :]
    return tuple(_stages(order, sizes[1:], len(classes)))


def _stages(order: Any, sizes: Any, end: int) -> Iterator[Any]:
    import numpy as np

    count = max(len(sizes), 1)
    while True:
        length = max(2, -(-int(sizes.sum()) // count))
        if sizes.max(initial=0) <= 2 * length:
            length = max(1, int(sizes.max(initial=0)))
        pieces = np.maximum(-(-sizes // length), 1)
        yield _cut(order, sizes, pieces, length, end)
        if pieces.max(initial=1) == 1:
            return
        order, sizes, end = np.arange(int(pieces.sum())), pieces, int(pieces.sum())


def _cut(order: Any, sizes: Any, pieces: Any, length: int, end: int) -> Any:
    """The members of each class, in order, cut into pieces of one length and filled up with ``end``."""
    import numpy as np

    first = np.concatenate([[0], np.cumsum(pieces)[:-1]]) * length
    start = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    table = np.full(int(pieces.sum()) * length, end, dtype=np.int64)
    table[np.repeat(first - start, sizes) + np.arange(int(sizes.sum()))] = order
    return table.reshape(-1, length)
