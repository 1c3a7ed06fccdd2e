"""The array operations of a library as emitted programs call them.

NumPy has each function of the array API twice, as a Python function that dispatches and as the C function that does the
work; programs for NumPy call the latter.
"""

from __future__ import annotations

import functools as ft
from types import ModuleType
from typing import Any

import numpy as np


def is_numpy(xp: Any) -> bool:
    """Whether a namespace is NumPy's."""
    return xp.__name__ in ("numpy", "array_api_compat.numpy")


#: NumPy's functions that take a longer way than the work needs, by the names of the array API.
_SHORT: dict[str, Any] = {
    "reshape": np.ndarray.reshape,
    "permute_dims": np.ndarray.transpose,
    "astype": np.ndarray.astype,
    "take": np.ndarray.take,
    "sum": np.add.reduce,
    "prod": np.multiply.reduce,
    "max": np.maximum.reduce,
    "min": np.minimum.reduce,
}


@ft.cache
def _numpy() -> Any:
    """NumPy's functions, some of them by shorter ways, as a module, whose names are found fastest."""
    import array_api_compat.numpy as xp

    found = ModuleType("numpy_operations")
    vars(found).update({name: getattr(xp, name) for name in dir(xp) if not name.startswith("__")})
    vars(found).update({name: f for name, f in vars(np).items() if isinstance(f, np.ufunc)})
    vars(found).update(_SHORT)
    return found


def operations(xp: Any) -> Any:
    """What ``xp`` stands for in an emitted program over a namespace."""
    return _numpy() if is_numpy(xp) else xp
