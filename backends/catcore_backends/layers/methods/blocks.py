"""Blocks: matrices that are block-diagonal once rows and columns are put in another order.

Rows and columns are joined where an entry is nonzero; the connected components are the blocks.  Blocks of one shape are
applied by one batched product.  Coordinates are gathered before and put back after.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from catcore_backends.layers.methods import costs
from catcore_backends.layers.methods.entries import Entries
from catcore_backends.layers.methods.method import Channels, Method, Task

MAX_SHAPES = 16


class Blocks(Method):
    """``y_R = W[R, C] x_C`` for every block (R, C); blocks of one shape form one stack."""

    name = "blocks"

    def __init__(
        self, shape: tuple[int, int], stacks: list[tuple[Any, Any]], entries: Callable[[Any], Entries]
    ) -> None:
        super().__init__()
        self.shape, self.stacks = shape, stacks  # pairs of index tables (blocks, rows) and (blocks, columns)
        places = [rows[:, :, None] * shape[1] + columns[:, None, :] for rows, columns in stacks]
        self.entries = [entries(p.reshape(-1)) for p in places]
        self._back = _put_back([rows for rows, _ in stacks], shape[0]), _put_back([c for _, c in stacks], shape[1])

    def work(self, channels: Channels) -> Task:
        """A gather on each side and a small product an entry of a block."""
        c_in, c_out = channels
        inside = sum(int(rows.size * columns.shape[1]) for rows, columns in self.stacks) * c_in * c_out
        source, target = self.shape[1] * c_in, self.shape[0] * c_out
        one = costs.Work(small=inside, rows=sum(len(rows) for rows, _ in self.stacks), call=8 * len(self.stacks))
        ends = costs.Work(gathered=source + target, moved=target)
        turned = costs.Work(gathered=source + target, moved=source) + costs.Work(gathered=source)
        return Task(one + ends, 3 * one + ends + turned + self.entries[0].work(inside))

    def prepare(self, xp: Any, theta: Any) -> Any:
        """The blocks, each stack as (blocks, c_out·rows, c_in·columns)."""
        c_out, c_in = theta.shape[1:]
        ready = []
        for (rows, columns), entries in zip(self.stacks, self.entries, strict=True):
            (count, r), c = rows.shape, columns.shape[1]
            block = xp.reshape(entries.read(xp, theta), (count, r, c, c_out, c_in))
            ready.append(xp.reshape(xp.permute_dims(block, (0, 3, 1, 4, 2)), (count, c_out * r, c_in * c)))
        return ready

    def apply(self, xp: Any, ready: Any, x: Any) -> Any:
        """Gather, multiply stack by stack, put back."""
        parts = [
            xp.matmul(self._taken(xp, x, columns, f"in {i}"), xp.matrix_transpose(block))
            for i, ((_, columns), block) in enumerate(zip(self.stacks, ready, strict=True))
        ]
        return self._returned(xp, parts, [rows for rows, _ in self.stacks], x, "out")

    def _taken(self, xp: Any, x: Any, table: Any, name: str) -> Any:
        """The coordinates of a stack of blocks: (blocks, B, c·extent)."""
        found = xp.reshape(self.taken(xp, name, table.reshape(-1), x), (*x.shape[:2], *table.shape))
        return xp.reshape(xp.permute_dims(found, (2, 0, 1, 3)), (table.shape[0], x.shape[0], -1))

    def _returned(self, xp: Any, parts: list[Any], tables: list[Any], like: Any, side: str) -> Any:
        """The stacks' results in the order of coordinates, zeros where no block reaches."""
        batch, shaped = like.shape[0], []
        for part, table in zip(parts, tables, strict=True):
            count, extent = table.shape
            part = xp.reshape(part, (count, batch, -1, extent))
            shaped.append(xp.reshape(xp.permute_dims(part, (1, 2, 0, 3)), (batch, -1, count * extent)))
        index = self._back[0] if side == "out" else self._back[1]
        total = sum(table.size for table in tables)
        if index.max(initial=-1) == total:
            zeros = (batch, shaped[0].shape[1], 1)
            shaped.append(xp.zeros(zeros, dtype=like.dtype, device=getattr(like, "device", None)))
        joined = xp.concat(shaped, axis=2) if len(shaped) > 1 else shaped[0]
        return self.taken(xp, side, index, joined)

    def pull(self, xp: Any, ready: Any, x: Any, ybar: Any) -> tuple[Any, Any]:
        """The same blocks turned, and a product a block for the weights."""
        inner, parts = 0, []
        for i, ((rows, columns), block) in enumerate(zip(self.stacks, ready, strict=True)):
            out, source = self._taken(xp, ybar, rows, f"out {i}"), self._taken(xp, x, columns, f"in {i}")
            parts.append(xp.matmul(out, block))
            gradient = xp.matmul(xp.matrix_transpose(out), source)
            gradient = xp.reshape(gradient, (len(rows), ybar.shape[1], rows.shape[1], x.shape[1], columns.shape[1]))
            gradient = xp.reshape(xp.permute_dims(gradient, (0, 2, 4, 1, 3)), (-1, ybar.shape[1], x.shape[1]))
            inner = inner + self.entries[i].collect(xp, gradient)
        return inner, self._returned(xp, parts, [columns for _, columns in self.stacks], x, "in")


def _put_back(tables: list[Any], size: int) -> Any:
    """Where each coordinate is found among the stacks' results, one after the other; the end for one in no block."""
    joined = np.concatenate([table.reshape(-1) for table in tables])
    index = np.full(size, len(joined), dtype=np.int64)
    index[joined] = np.arange(len(joined))
    return index


def recognise(support: Any, entries: Callable[[Any], Entries]) -> Blocks | None:
    """The blocks of a matrix with this support, at least two and of few shapes; None otherwise.

    Args:
        support: a boolean (n_out, n_in) array, true where an entry may be nonzero.
        entries: from flat places in the matrix to the entries that stand there.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    m, n = support.shape
    rows, columns = np.nonzero(support)
    if len(rows) * 2 > m * n:
        return None
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns + m)), shape=(m + n, m + n))
    count, names = connected_components(graph, directed=False)
    members = np.split(np.argsort(names, kind="stable"), np.cumsum(np.bincount(names, minlength=count))[:-1])
    shaped: dict[tuple[int, int], list[Any]] = {}
    for block in members:
        cut = int(np.searchsorted(block, m))
        if 0 < cut < len(block):
            shaped.setdefault((cut, len(block) - cut), []).append(block)
    if not 0 < len(shaped) <= MAX_SHAPES or sum(map(len, shaped.values())) < 2:
        return None
    stacks = [(np.stack(b)[:, :r], np.stack(b)[:, r:] - m) for (r, _), b in sorted(shaped.items())]
    return Blocks((m, n), stacks, entries)
