"""The array operations of a library as emitted programs call them.

NumPy has each function of the array API twice, as a Python function that dispatches and as the C function that does the
work; programs for NumPy call the latter.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np


def is_numpy(xp: Any) -> bool:
    """Whether a namespace is NumPy's."""
    return xp.__name__ in ("numpy", "array_api_compat.numpy")


class _NumPy(SimpleNamespace):
    """NumPy's functions, some of them by shorter ways; anything else is looked up in the namespace."""

    def __getattr__(self, name: str) -> Any:
        import array_api_compat.numpy as xp

        found = getattr(np, name) if isinstance(getattr(np, name, None), np.ufunc) else getattr(xp, name)
        setattr(self, name, found)
        return found


_SHORT = _NumPy(
    reshape=np.ndarray.reshape,
    permute_dims=np.ndarray.transpose,
    astype=np.ndarray.astype,
    take=np.ndarray.take,
    sum=np.add.reduce,
    prod=np.multiply.reduce,
    max=np.maximum.reduce,
    min=np.minimum.reduce,
)


def operations(xp: Any) -> Any:
    """What ``xp`` stands for in an emitted program over a namespace."""
    return _SHORT if is_numpy(xp) else xp
