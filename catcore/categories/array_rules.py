"""How the smooth primitives act on arrays, forwards and backwards (THEORY T5.4).

Every rule takes an array-API namespace ``xp`` and a batch: the first axis of each array counts the samples.  The
reverse derivative of ``f : A → B`` at x sends a covector v on B to ``vᵀ Df(x)``; for a linear f it is the transpose.
"""

from __future__ import annotations

from typing import Any


def relu(xp: Any, x: Any) -> Any:
    """``max(x, 0)``, entry by entry; NaN stays NaN."""
    return xp.where(x < 0, xp.zeros_like(x), x)


def sigmoid(xp: Any, x: Any) -> Any:
    """``1 / (1 + exp(−x))``, entry by entry, without overflow."""
    small = xp.exp(-xp.abs(x))  # never overflows
    return xp.where(x < 0, small, xp.ones_like(x)) / (1 + small)


def reverse_sigmoid(xp: Any, x: Any, v: Any) -> Any:
    """``v σ(x) (1 − σ(x))``."""
    y = sigmoid(xp, x)
    return v * y * (1 - y)


def _stretch(x: Any, like: Any) -> Any:
    """A batch of numbers with axes appended, so that it multiplies a batch of tensors."""
    return x[(...,) + (None,) * (like.ndim - x.ndim)]


def matmul(xp: Any, x: Any) -> Any:
    """``a b``, for b a vector or a matrix."""
    a, b = x
    return xp.matmul(a, b) if b.ndim == 3 else xp.matmul(a, b[..., None])[..., 0]


def reverse_matmul(xp: Any, x: Any, v: Any) -> Any:
    """``(v bᵀ, aᵀ v)``."""
    a, b = x
    b3, v3 = (b, v) if b.ndim == 3 else (b[..., None], v[..., None])
    back = xp.matmul(xp.matrix_transpose(a), v3)
    return xp.matmul(v3, xp.matrix_transpose(b3)), back if b.ndim == 3 else back[..., 0]


def scale(xp: Any, x: Any) -> Any:
    """``s t`` for a number s and a tensor t."""
    return _stretch(x[0], x[1]) * x[1]


def reverse_scale(xp: Any, x: Any, v: Any) -> Any:
    """``(⟨v, t⟩, s v)`` at a number s and a tensor t."""
    number, tensor = x
    axes = tuple(range(1, tensor.ndim))
    return xp.sum(v * tensor, axis=axes) if axes else v * tensor, v * _stretch(number, v)


def reshape(xp: Any, x: Any, shape: tuple[int, ...]) -> Any:
    """The same entries, row by row, in another shape."""
    return xp.reshape(x, (x.shape[0], *shape))


def permute_dims(xp: Any, x: Any, axes: tuple[int, ...]) -> Any:
    """The axes in another order."""
    return xp.permute_dims(x, (0, *(a + 1 for a in axes)))


def reverse_permute_dims(xp: Any, x: Any, v: Any, axes: tuple[int, ...]) -> Any:
    """The axes put back."""
    return permute_dims(xp, v, tuple(axes.index(i) for i in range(len(axes))))


def sum_(xp: Any, x: Any, axis: int | None = None) -> Any:
    """The sum along an axis, or of all entries."""
    axes = tuple(range(1, x.ndim)) if axis is None else (axis + 1,)
    return xp.sum(x, axis=axes, dtype=x.dtype) if axes else x


def reverse_sum(xp: Any, x: Any, v: Any, axis: int | None = None) -> Any:
    """v repeated along the axes that were summed: sum and copy are transposes of each other (THEORY T5.4)."""
    lifted = _stretch(v, x) if axis is None else xp.expand_dims(v, axis=axis + 1)
    return xp.broadcast_to(lifted, x.shape)


def reverse_concat(xp: Any, x: Any, v: Any, axis: int = 0) -> Any:
    """v cut in two."""
    before, cut = (slice(None),) * (axis + 1), x[0].shape[axis + 1]
    return v[(*before, slice(None, cut))], v[(*before, slice(cut, None))]


def matrix(xp: Any, x: Any, a: Any) -> Any:
    """``A x``."""
    return xp.matmul(x, a.T)
