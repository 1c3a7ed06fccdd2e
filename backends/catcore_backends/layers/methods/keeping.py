"""What a layer computed from θ alone, kept while θ has the same values.

Values are compared and not names, since an optimiser writes new numbers into the same array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore_backends.compiler.operations import is_cupy
from catcore_backends.layers.methods.method import Method, is_dask, is_jax, is_numpy, is_torch


class Kept:
    """A method ready for batches of one type and dtype: ``way`` is (namespace, method, what it prepared from θ).

    A forward pass with the same θ on a batch of the same shape looks here and nowhere else, so this takes few steps.
    """

    def __init__(self, xp: Any, method: Method, theta: Any, x: Any) -> None:
        self.way = xp, method, method.prepare(xp, theta)
        self._batch, self._shape = (type(x), x.dtype), x.shape
        self._parameters = type(theta), theta.dtype, theta.shape, getattr(theta, "device", None)
        self._place = _place_of(x) if is_torch(xp) else None
        self._same = _comparison(xp, theta)

    def serves(self, theta: Any, x: Any) -> bool:
        """Whether θ has the same type, shape, device and values, and x the same type and shape."""
        same = type(theta) is self._parameters[0] and type(x) is self._batch[0]
        return same and bool(x.shape == self._shape) and self.holds(theta, x)

    def holds(self, theta: Any, x: Any) -> bool:
        """The same for a batch of any shape."""
        return (
            self._batch == (type(x), x.dtype)
            and self._parameters == (type(theta), theta.dtype, theta.shape, getattr(theta, "device", None))
            and (self._place is None or self._place == _place_of(x))
            and self._same(theta)
        )

    def meets(self, x: Any) -> None:
        """Let batches of the shape of x be served from now on."""
        self._shape = x.shape


def _place_of(x: Any) -> Any:
    """Where a tensor of PyTorch is, and how it lies there."""
    return x.device, x.layout


def keepable(xp: Any, theta: Any) -> bool:
    """Whether what follows from θ may be kept: not where the library records or defers what is computed, nor where the
    values of θ are on a device, which a look at them would wait for."""
    if is_jax(xp) or is_dask(xp) or is_cupy(xp):
        return False
    if not is_torch(xp):
        return True
    import torch

    return theta.device.type == "cpu" and not torch.is_inference_mode_enabled() and not _recorded(torch, theta)


def _recorded(torch: Any, theta: Any) -> bool:
    """Whether PyTorch follows what is computed from θ, for its derivative or as one of many."""
    followed = theta.requires_grad and torch.is_grad_enabled()
    return followed or bool(torch._C._functorch.is_functorch_wrapped_tensor(theta))


def _comparison(xp: Any, theta: Any) -> Callable[[Any], bool]:
    """Whether another θ of the same dtype has the same values, in as few calls as the library allows."""
    if is_numpy(xp):
        numbers = theta.tobytes()
        return lambda other: other.tobytes() == numbers
    kept = xp.asarray(theta, copy=True)
    if not is_torch(xp):
        return lambda other: bool(xp.all(kept == other))
    import torch

    return lambda other: other.layout is kept.layout and not _recorded(torch, other) and torch.equal(kept, other)
