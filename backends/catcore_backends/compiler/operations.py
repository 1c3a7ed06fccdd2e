"""The array operations of a library as emitted programs call them.

NumPy has each function of the array API twice, as a Python function that dispatches and as the C function that does the
work; programs for NumPy call the latter.  Their Fourier transforms are SciPy's.
"""

from __future__ import annotations

import contextlib
import functools as ft
from collections.abc import Callable, Iterable
from importlib import import_module
from math import prod
from types import ModuleType
from typing import Any

import array_api_compat.numpy  # noqa: F401 — loads all of NumPy, which no first program is to wait for
import numpy as np


def is_numpy(xp: Any) -> bool:
    """Whether a namespace is NumPy's."""
    return xp.__name__ in ("numpy", "array_api_compat.numpy")


def is_cupy(xp: Any) -> bool:
    """Whether a namespace is CuPy's."""
    return xp.__name__ in ("cupy", "array_api_compat.cupy")


def as_key(x: Any) -> Any:
    """A dtype, a device or a tuple of such as a key of a dictionary: CuPy's devices have no hash, so their names are.

    >>> as_key(("float64", [0]))
    ('float64', '[0]')
    """
    if isinstance(x, tuple):
        return tuple(map(as_key, x))
    return x if type(x).__hash__ is not None else str(x)


def _clip() -> Any:
    """The ufunc that ``np.clip`` calls once it has looked at its arguments; itself, should NumPy keep it elsewhere."""
    try:
        return import_module("numpy._core.umath").clip
    except (ImportError, AttributeError):
        return np.clip


#: NumPy's functions that take a longer way than the work needs, by the names of the array API.
_SHORT: dict[str, Any] = {
    "reshape": np.ndarray.reshape,
    "permute_dims": np.ndarray.transpose,
    "astype": np.ndarray.astype,
    "take": np.ndarray.take,
    "clip": _clip(),
    "sum": np.add.reduce,
    "prod": np.multiply.reduce,
    "max": np.maximum.reduce,
    "min": np.minimum.reduce,
}


#: The numbers whose Fourier transforms are worth a thread for each core.
_MANY = 2**16


class _Transforms:
    """SciPy's Fourier transforms for NumPy's arrays: vectorised over a batch, and on all cores where it is large."""

    def __getattr__(self, name: str) -> Any:
        import scipy.fft

        transform = getattr(scipy.fft, name)

        def on_cores(x: Any, **options: Any) -> Any:
            return transform(x, workers=-1 if x.size >= _MANY else None, **options)

        setattr(self, name, on_cores)  # so that the next look finds it at once
        return on_cores


@ft.cache
def _numpy() -> Any:
    """NumPy's functions, some of them by shorter ways, as a module, whose names are found fastest."""
    import array_api_compat.numpy as xp

    found = ModuleType("numpy_operations")
    vars(found).update({name: getattr(xp, name) for name in dir(xp) if not name.startswith("__")})
    vars(found).update({name: f for name, f in vars(np).items() if isinstance(f, np.ufunc)})
    vars(found).update(_SHORT, fft=_Transforms())
    return found


def operations(xp: Any) -> Any:
    """What ``xp`` stands for in an emitted program over a namespace."""
    return _numpy() if is_numpy(xp) else xp


def lasting(xp: Any) -> Any:
    """A context in which the library makes arrays that may be used anywhere later, also inside a trace of its own."""
    if xp.__name__.startswith("jax"):
        import jax

        return jax.ensure_compile_time_eval()
    if xp.__name__.endswith("torch"):
        import torch

        return torch.inference_mode(False)
    return contextlib.nullcontext()


def tensordot(xp: Any, a: Any, b: Any, axes: Any, *, size: Callable[[Iterable[Any]], Any] = prod) -> Any:
    """Sums over axes of two arrays joined, as one product of matrices of a namespace; ``size`` multiplies extents."""
    if isinstance(axes, int):
        axes = (range(a.ndim - axes, a.ndim), range(axes))
    gone = [[i % x.ndim for i in own] for own, x in zip(axes, (a, b), strict=True)]
    kept = [[i for i in range(x.ndim) if i not in own] for own, x in zip(gone, (a, b), strict=True)]
    rows, columns = ([x.shape[i] for i in own] for own, x in zip(kept, (a, b), strict=True))
    inner = size(a.shape[i] for i in gone[0])
    left = xp.reshape(xp.permute_dims(a, (*kept[0], *gone[0])), (size(rows), inner))
    right = xp.reshape(xp.permute_dims(b, (*gone[1], *kept[1])), (inner, size(columns)))
    return xp.reshape(xp.matmul(left, right), (*rows, *columns))
