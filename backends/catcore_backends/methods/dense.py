"""The dense product: W(θ) is written out once for each θ, and applied by one matrix product."""

from __future__ import annotations

from typing import Any

from catcore_backends.methods import costs
from catcore_backends.methods.entries import Entries
from catcore_backends.methods.method import Channels, Method


class Dense(Method):
    """``y = x Wᵀ`` with W of shape (c_out, n_out, c_in, n_in)."""

    name = "dense"
    keeps = True

    def __init__(self, entries: Entries, shape: tuple[int, int]) -> None:
        super().__init__()
        self.entries, self.shape = entries, shape

    def cost(self, channels: Channels) -> float:
        """One multiplication an entry, which was written out before."""
        entries = self.shape[0] * self.shape[1] * channels[0] * channels[1]
        return (costs.PRODUCT + costs.WRITTEN) * entries + costs.CALL

    def prepare(self, xp: Any, theta: Any) -> Any:
        """The tied matrix."""
        (n_out, n_in), (_, c_out, c_in) = self.shape, theta.shape
        entries = xp.reshape(self.entries.read(xp, theta), (n_out, n_in, c_out, c_in))
        return xp.permute_dims(entries, (2, 0, 3, 1))

    def apply(self, xp: Any, ready: Any, x: Any) -> Any:
        """The product."""
        c_out, n_out, c_in, n_in = ready.shape
        flat, tied = xp.reshape(x, (x.shape[0], c_in * n_in)), xp.reshape(ready, (c_out * n_out, c_in * n_in))
        return xp.reshape(xp.matmul(flat, tied.T), (x.shape[0], c_out, n_out))

    def pull(self, xp: Any, ready: Any, x: Any, ybar: Any) -> tuple[Any, Any]:
        """Two products, and the sums over the classes of entries."""
        c_out, n_out, c_in, n_in = ready.shape
        flat, out = xp.reshape(x, (x.shape[0], c_in * n_in)), xp.reshape(ybar, (x.shape[0], c_out * n_out))
        tied = xp.reshape(ready, (c_out * n_out, c_in * n_in))
        gradient = xp.reshape(xp.matmul(out.T, flat), (c_out, n_out, c_in, n_in))
        entries = xp.reshape(xp.permute_dims(gradient, (1, 3, 0, 2)), (n_out * n_in, c_out, c_in))
        return self.entries.collect(xp, entries), xp.reshape(xp.matmul(out, tied), x.shape)
