"""What every way of applying a tied matrix does: forward, and both parts of the reverse derivative.

For ``y = W(θ) x`` the reverse derivative sends a covector ȳ to ``(θ̄, x̄)`` with ``θ̄_k = Σ ȳ · B_k x`` over the batch
and ``x̄ = W(θ)ᵀ ȳ``.  What depends on θ alone is prepared once and may be kept while θ stays the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

from catcore_backends.compiler.operations import as_key

if TYPE_CHECKING:
    from catcore_backends.layers.methods.costs import Work

Channels = tuple[int, int]


class Task(NamedTuple):
    """The work of a forward pass with known parameters, and of a step of training: new ones and both derivatives."""

    forward: Work
    training: Work


class Method(ABC):
    """A way to apply the matrices of one space of equivariant maps.

    Arrays are ``theta: (dim, c_out, c_in)``, ``x: (B, c_in, n_in)`` and ``y: (B, c_out, n_out)``.
    """

    name: str
    floating = False  # whether only real floating point numbers will do

    def __init__(self) -> None:
        self._placed: dict[Any, Any] = {}

    @abstractmethod
    def work(self, channels: Channels) -> Task:
        """What there is to do for one sample, by :mod:`~catcore_backends.layers.methods.costs`."""

    @abstractmethod
    def prepare(self, xp: Any, theta: Any) -> Any:
        """What depends on θ alone."""

    @abstractmethod
    def apply(self, xp: Any, ready: Any, x: Any) -> Any:
        """``W(θ) x``, given what was prepared."""

    @abstractmethod
    def pull(self, xp: Any, ready: Any, x: Any, ybar: Any) -> tuple[Any, Any]:
        """The reverse derivative at ``(θ, x)``: the pair (θ̄, x̄)."""

    def place(self, xp: Any, name: str, values: Any, like: Any) -> Any:
        """A constant as an array of the library and on the device of ``like``, made once."""
        return placed(self._placed, xp, name, values, like)

    def taken(self, xp: Any, name: str, table: Any, x: Any) -> Any:
        """The coordinates of (B, c, n) that an index table names, (B, c, entries of the table)."""
        index = self.place(xp, name, table, x)
        if is_numpy(xp):
            return x.take(index, axis=2, mode="wrap")  # which spares a look at every index
        if not is_torch(xp):
            return xp.take(x, index, axis=2)
        rows = x.shape[0] * x.shape[1]  # of a matrix PyTorch takes columns many times faster
        return xp.reshape(xp.reshape(x, (rows, x.shape[2])).index_select(1, index), (*x.shape[:2], index.shape[0]))


def placed(kept: dict[Any, Any], xp: Any, name: str, values: Any, like: Any) -> Any:
    """The same for any owner that keeps a dictionary."""
    if is_jax(xp):  # inside a traced function a kept array would outlive its trace
        return xp.asarray(values)
    if is_dask(xp):
        return xp.asarray(values)
    device = getattr(like, "device", None)
    key = (name, xp.__name__, as_key(device))
    if key not in kept:
        kept[key] = xp.asarray(values, device=device)
    return kept[key]


def is_numpy(xp: Any) -> bool:
    """Whether a namespace is NumPy's."""
    return bool(xp.__name__ in ("array_api_compat.numpy", "numpy"))


def is_torch(xp: Any) -> bool:
    """Whether a namespace is PyTorch's."""
    return bool(xp.__name__ in ("array_api_compat.torch", "torch"))


def seen_by_numpy(tensor: Any) -> Any:
    """The numbers of a PyTorch tensor as an array of NumPy on the same memory; None where they are on another device or
    of another kind, or where what is computed from them is recorded."""
    import torch

    if tensor.requires_grad or tensor.device.type != "cpu" or tensor.dtype not in (torch.float32, torch.float64):
        return None
    return None if torch._C._functorch.is_functorch_wrapped_tensor(tensor) else tensor.numpy()


def is_jax(xp: Any) -> bool:
    """Whether a namespace is JAX's, or one that writes programs: their arrays cannot be written to."""
    return bool(xp.__name__.startswith(("jax", "symbolic")))


def is_dask(xp: Any) -> bool:
    """Whether a namespace is Dask's, whose arrays are lazy and cannot be written to."""
    return "dask" in xp.__name__
