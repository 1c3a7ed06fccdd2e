"""Taps: matrices with few nonzero entries a row, applied by as many gathers (direct convolution, sparse patterns).

Row i of W has its nonzero entries in the columns ``there[i, t]``; rows with fewer are filled up with zeros.  The
transposed matrix has a table of its own, so that both directions gather and nothing is scattered.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from catcore_backends.layers.methods import costs
from catcore_backends.layers.methods.entries import TiedEntries
from catcore_backends.layers.methods.method import Channels, Method, Task

MAX_TAPS = 32


class Taps(Method):
    """``y_i = Σ_t w[i, t] x[there[i, t]]``."""

    name = "taps"

    def __init__(self, labels: Any, dim: int) -> None:
        super().__init__()
        self.shape = labels.shape
        (self.there, found), (self.back, turned) = _table(labels), _table(labels.T)
        self.entries, self.turned = TiedEntries(found, dim), TiedEntries(turned, dim)

    def work(self, channels: Channels) -> Task:
        """A gather and a product a tap."""
        c_in, c_out = channels
        forth, back = self._one_way(self.there.shape, c_in, c_out), self._one_way(self.back.shape, c_out, c_in)
        rows, taps = self.there.shape
        each = costs.Work(gathered=rows * c_in, call=4)
        if c_in * c_out == 1:
            each += costs.passes(rows, 3) + costs.Work(summed=rows)
        else:
            each += costs.Work(small=rows * c_in * c_out, rows=rows, moved=rows * (c_in + c_out))
        return Task(forth, forth + back + taps * each + self.entries.work(rows * taps * c_in * c_out))

    @staticmethod
    def _one_way(table: tuple[int, int], c_in: int, c_out: int) -> costs.Work:
        rows, taps = table
        fetched = costs.Work(gathered=rows * taps * c_in)
        if c_in * c_out == 1:
            return fetched + taps * (costs.passes(rows, 5) + costs.Work(call=4))
        # what is fetched is put in another order number by number, which takes longer than to fetch it
        return 5 * fetched + costs.Work(small=rows * taps * c_in * c_out, rows=rows, moved=rows * c_out, call=6)

    def prepare(self, xp: Any, theta: Any) -> Any:
        """The weights of the taps in both directions."""
        forth = xp.reshape(self.entries.read(xp, theta), (*self.there.shape, *theta.shape[1:]))
        turned = xp.permute_dims(theta, (0, 2, 1))
        back = xp.reshape(self.turned.read(xp, turned), (*self.back.shape, *turned.shape[1:]))
        return forth, back

    def apply(self, xp: Any, ready: Any, x: Any) -> Any:
        """Gather and add, tap by tap; with channels, one product a row."""
        return self._gathered(xp, ready[0], x, self.there, "there")

    def _gathered(self, xp: Any, weights: Any, x: Any, table: Any, name: str) -> Any:
        rows, taps, c_out, c_in = weights.shape
        if c_in * c_out == 1:
            total = xp.zeros((x.shape[0], 1, rows), dtype=x.dtype, device=getattr(x, "device", None))
            for t in range(taps):
                total += weights[:, t, 0, 0] * self.taken(xp, f"{name} {t}", table[:, t], x)
            return total
        found = xp.reshape(self.taken(xp, name, table.reshape(-1), x), (x.shape[0], c_in, rows, taps))
        found = xp.reshape(xp.permute_dims(found, (2, 0, 3, 1)), (rows, x.shape[0], taps * c_in))
        mixing = xp.reshape(xp.permute_dims(weights, (0, 1, 3, 2)), (rows, taps * c_in, c_out))
        return xp.permute_dims(xp.matmul(found, mixing), (1, 2, 0))

    def pull(self, xp: Any, ready: Any, x: Any, ybar: Any) -> tuple[Any, Any]:
        """The turned taps for x̄; for the weights an inner product a tap."""
        (rows, taps), (c_out, c_in) = self.there.shape, (ybar.shape[1], x.shape[1])
        xbar = self._gathered(xp, ready[1], ybar, self.back, "back")
        out = xp.permute_dims(ybar, (2, 1, 0))  # (rows, c_out, B)
        inner = []
        for t in range(taps):
            found = self.taken(xp, f"there {t}", self.there[:, t], x)
            if c_in * c_out == 1:
                inner.append(xp.reshape(xp.sum(found * ybar, axis=0, dtype=x.dtype), (rows, 1, 1)))
            else:
                inner.append(xp.matmul(out, xp.permute_dims(found, (2, 0, 1))))
        gradient = xp.reshape(xp.stack(inner, axis=1), (rows * taps, c_out, c_in))
        return self.entries.collect(xp, gradient), xbar


def _table(labels: Any) -> tuple[Any, Any]:
    """The columns of the nonzero entries of each row and their labels, filled up with column 0 and label 0."""
    rows, columns = np.nonzero(labels)
    sizes = np.bincount(rows, minlength=labels.shape[0])
    place = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    there = np.zeros((labels.shape[0], max(1, int(sizes.max(initial=0)))), dtype=np.int64)
    found = np.zeros(there.shape, dtype=labels.dtype)
    there[rows, place], found[rows, place] = columns, labels[rows, columns]
    return there, found


def recognise(labels: Any, dim: int) -> Taps | None:
    """The taps of a pattern with at most 32 nonzero entries in every row and column; None for a fuller one."""
    filled = labels != 0
    most = max(int(filled.sum(axis=axis).max(initial=0)) for axis in (0, 1))
    return Taps(labels, dim) if 0 < most <= MAX_TAPS else None
