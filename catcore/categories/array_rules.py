"""How the smooth primitives act on arrays (THEORY T5.4).

Every rule takes an array-API namespace ``xp`` and a batch: the first axis of each array counts the samples.
"""

from __future__ import annotations

from typing import Any


def relu(xp: Any, x: Any) -> Any:
    """``max(x, 0)``, entry by entry; NaN stays NaN."""
    return xp.where(x <= 0, xp.zeros_like(x), x)  # at 0 the derivative is that of the constant


def sigmoid(xp: Any, x: Any) -> Any:
    """``1 / (1 + exp(−x))``, entry by entry, without overflow."""
    small = xp.exp(-xp.abs(x))  # never overflows
    return xp.where(x < 0, small, xp.ones_like(x)) / (1 + small)


def step(xp: Any, x: Any) -> Any:
    """1 where the entry is above 0, and 0 elsewhere."""
    return xp.astype(x > 0, x.dtype)


def softplus(xp: Any, x: Any) -> Any:
    """``log(1 + exp x)``, entry by entry, without overflow."""
    return relu(xp, x) + xp.log1p(xp.exp(-xp.abs(x)))


def maximum(xp: Any, x: Any) -> Any:
    """The larger of two entries."""
    return xp.where(x[0] > x[1], x[0], x[1])


def softmax(xp: Any, x: Any) -> Any:
    """``exp x / Σ exp x`` along the last axis, without overflow."""
    powers = xp.exp(x - xp.max(x, axis=-1, keepdims=True))
    return powers / xp.sum(powers, axis=-1, keepdims=True)


def logsumexp(xp: Any, x: Any) -> Any:
    """``log Σ exp x`` along the last axis, without overflow."""
    largest = xp.max(x, axis=-1, keepdims=True)
    return xp.log(xp.sum(xp.exp(x - largest), axis=-1)) + largest[..., 0]


def _stretch(x: Any, like: Any) -> Any:
    """A batch of numbers with axes appended, so that it multiplies a batch of tensors."""
    return x[(...,) + (None,) * (like.ndim - x.ndim)]


def matmul(xp: Any, x: Any) -> Any:
    """``a b``, for b a vector or a matrix."""
    a, b = x
    return xp.matmul(a, b) if b.ndim == 3 else xp.matmul(a, b[..., None])[..., 0]


def shared_matmul(xp: Any, x: Any) -> Any:
    """``a b`` with one matrix a for the whole batch: one product instead of one for each row."""
    a, b = x
    return xp.matmul(a, b) if b.ndim == 3 else xp.matmul(b, xp.matrix_transpose(a[0, ...]))


def scale(xp: Any, x: Any) -> Any:
    """``s t`` for a number s and a tensor t."""
    return _stretch(x[0], x[1]) * x[1]


def reshape(xp: Any, x: Any, shape: tuple[int, ...]) -> Any:
    """The same entries, row by row, in another shape."""
    return xp.reshape(x, (x.shape[0], *shape))


def permute_dims(xp: Any, x: Any, axes: tuple[int, ...]) -> Any:
    """The axes in another order."""
    return xp.permute_dims(x, (0, *(a + 1 for a in axes)))


def sum_(xp: Any, x: Any, axis: int | None = None) -> Any:
    """The sum along an axis, or of all entries."""
    axes = tuple(range(1, x.ndim)) if axis is None else (axis + 1,)
    return xp.sum(x, axis=axes, dtype=x.dtype) if axes else x


def matrix(xp: Any, x: Any, a: Any) -> Any:
    """``A x``."""
    return xp.matmul(x, a.T)


def repeat(xp: Any, x: Any, axis: int, count: int) -> Any:
    """A new axis along which the entries are equal."""
    shape = (*x.shape[: axis + 1], count, *x.shape[axis + 1 :])
    return xp.broadcast_to(xp.expand_dims(x, axis=axis + 1), shape)


def fill(xp: Any, x: Any, shape: tuple[int, ...]) -> Any:
    """A number at every place of a tensor."""
    return xp.broadcast_to(x[(...,) + (None,) * len(shape)], (x.shape[0], *shape))


def concat(xp: Any, x: Any, axis: int = 0) -> Any:
    """Two tensors one after the other."""
    return xp.concat(x, axis=axis + 1)


def narrow(xp: Any, x: Any, axis: int, start: int, stop: int) -> Any:
    """A stretch of an axis."""
    return x[(*(slice(None),) * (axis + 1), slice(start, stop))]


def lower(xp: Any, x: Any, otherwise: float) -> Any:
    """The entries (i, j) with j ≤ i along the last two axes, and another number above the diagonal."""
    rows, columns = (xp.arange(n, device=getattr(x, "device", None)) for n in x.shape[-2:])
    return xp.where(columns[None, :] <= rows[:, None], x, xp.full_like(x, otherwise))
