"""The dense product: W(θ) is written out once for each θ, and applied by one matrix product."""

from __future__ import annotations

from typing import Any

from catcore_backends.compiler.operations import is_cupy
from catcore_backends.layers.methods import costs
from catcore_backends.layers.methods.entries import Entries, Sizes
from catcore_backends.layers.methods.method import Channels, Method, Task, is_torch


class Dense(Method):
    """``y = x Wᵀ`` with W of shape (c_out, n_out, c_in, n_in)."""

    name = "dense"

    def __init__(self, entries: Entries, shape: tuple[int, int]) -> None:
        super().__init__()
        self.entries, self.shape = entries, shape

    def work(self, channels: Channels) -> Task:
        """One product forward and two back; a matrix written and its gradient summed."""
        c_in, c_out = channels
        entries = self.shape[0] * self.shape[1] * c_in * c_out
        one = costs.Work(product=entries, call=4) + costs.passes(self.shape[1] * c_in)
        one += costs.passes(self.shape[0] * c_out)
        return Task(one, 3 * one + self.entries.work(entries))

    def prepare(self, xp: Any, theta: Any) -> Any:
        """The tied matrix, of shape (c_out·n_out, c_in·n_in)."""
        return self.entries.matrix(xp, theta, self._sizes(theta.shape[1], theta.shape[2]))

    def _sizes(self, c_out: int, c_in: int) -> Sizes:
        return c_out, self.shape[0], c_in, self.shape[1]

    def apply(self, xp: Any, ready: Any, x: Any) -> Any:
        """The product."""
        n_out = self.shape[0]
        if x.shape[1] == 1 and ready.shape[0] == n_out:  # in as few calls as the library allows
            return _product(xp, x, ready.T) if is_torch(xp) else _product(xp, x[:, 0, :], ready.T)[:, None, :]
        y = _product(xp, xp.reshape(x, (x.shape[0], ready.shape[1])), ready.T)
        return xp.reshape(y, (x.shape[0], ready.shape[0] // n_out, n_out))

    def pull(self, xp: Any, ready: Any, x: Any, ybar: Any) -> tuple[Any, Any]:
        """Two products, and the sums over the classes of entries."""
        rows, columns = ready.shape
        flat, out = xp.reshape(x, (x.shape[0], columns)), xp.reshape(ybar, (x.shape[0], rows))
        gradient = self.entries.collect_matrix(xp, _product(xp, out.T, flat), self._sizes(ybar.shape[1], x.shape[1]))
        return gradient, xp.reshape(_product(xp, out, ready), x.shape)


def _product(xp: Any, a: Any, b: Any) -> Any:
    return a @ b if a.dtype == b.dtype and not is_cupy(xp) else xp.matmul(a, b)
