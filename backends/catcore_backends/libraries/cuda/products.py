"""Products of matrices that a CUDA graph can hold.

CuPy leaves products to cuBLAS, and records no call of cuBLAS (https://github.com/cupy/cupy/issues/6290).  So while a
program is recorded, a kernel of our own multiplies: each entry of the product is one thread that walks along a row and
a column.  That is as fast as a product can be where launching takes longer than computing, which is what graphs are
for; cuBLAS, with its tiles, is far ahead where products are large, and those are refused under capture.
"""

from __future__ import annotations

import contextlib
import functools as ft
from collections.abc import Iterator
from contextvars import ContextVar
from math import prod
from typing import Any

import numpy as np

from catcore.errors import NotInterpreted
from catcore_backends.compiler.operations import tensordot

#: The most multiplications of one product under capture; with more, a launch is a small part of the time.
LARGEST = 2**26
#: Entry i of a stack of products; ``a`` and ``b`` are read by the numbers of their entries, whatever their strides.
KERNEL = """
T sum = 0;
const long long row = i / columns, column = i % columns, left = row * inner;
const long long right = row / rows * inner * columns + column;
for (long long k = 0; k < inner; ++k) sum += a[left + k] * b[right + k * columns];
c = sum
"""
_RECORDING: ContextVar[bool] = ContextVar("whether programs are run to be recorded", default=False)


@contextlib.contextmanager
def for_recording() -> Iterator[None]:
    """Within it, programs for CuPy are those whose products can be recorded."""
    token = _RECORDING.set(True)
    try:
        yield
    finally:
        _RECORDING.reset(token)


def is_for_recording() -> bool:
    """Whether programs are run to be recorded."""
    return _RECORDING.get()


class Recordable:
    """CuPy's namespace with products that a graph can hold."""

    def __init__(self, xp: Any) -> None:
        self.__name__ = xp.__name__
        self._xp = xp

    def __getattr__(self, name: str) -> Any:
        return getattr(self._xp, name)

    def matmul(self, a: Any, b: Any) -> Any:
        """The product of (stacks of) matrices, of rows and of columns.

        Raises:
            NotInterpreted: when it is so large that cuBLAS is needed.
        """
        left, right = (a[None, :] if a.ndim == 1 else a), (b[:, None] if b.ndim == 1 else b)
        found = self._stacked(left, right)
        found = found[..., 0, :] if a.ndim == 1 else found
        return found[..., 0] if b.ndim == 1 else found

    def _stacked(self, a: Any, b: Any) -> Any:
        xp = self._xp
        stack = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        rows, inner, columns = a.shape[-2], a.shape[-1], b.shape[-1]
        _check_size(prod((*stack, rows, inner, columns)))
        common = xp.result_type(a, b)
        a = xp.broadcast_to(xp.astype(a, common, copy=False), (*stack, rows, inner))
        b = xp.broadcast_to(xp.astype(b, common, copy=False), (*stack, inner, columns))
        return _kernel()(a, b, rows, inner, columns, xp.empty((*stack, rows, columns), dtype=common))

    def tensordot(self, a: Any, b: Any, *, axes: Any = 2) -> Any:
        """Sums over axes of two arrays joined, as one product of matrices."""
        return tensordot(self, a, b, axes)

    def vecdot(self, a: Any, b: Any, *, axis: int = -1) -> Any:
        """Sums of products along an axis, the first factor conjugate."""
        xp = self._xp
        return xp.sum(xp.conj(a) * b, axis=axis)


@ft.cache
def _kernel() -> Any:
    from cupy import ElementwiseKernel

    given = "raw T a, raw T b, int64 rows, int64 inner, int64 columns"
    return ElementwiseKernel(given, "T c", KERNEL, name="catcore_product")


def _check_size(count: int) -> None:
    if count > LARGEST:
        raise NotInterpreted(
            f"A CUDA graph of a program with a product of {count} multiplications was asked for, and CuPy records none "
            f"of cuBLAS: products of at most {LARGEST} are recorded, by a plain kernel. Call the arrow without "
            "capturing: next to such a product a launch takes no time."
        )
