"""What CuPy takes from Thrust, by NumPy: sorts along the last axis, stable as Thrust's are.

Arrays come as addresses, which lead into main memory here.
"""

from __future__ import annotations

import ctypes
import math
import types
from collections.abc import Sequence
from typing import Any

import numpy as np


def thrust() -> types.ModuleType:
    """A module that stands where `cupy.cuda.thrust` would."""
    module = types.ModuleType("cupy.cuda.thrust")
    vars(module).update(
        available=True, get_build_version=lambda: 300102, sort=_sort, argsort=_argsort, lexsort=_lexsort
    )
    return module


def _entries(address: int, shape: Sequence[int], dtype: Any) -> np.ndarray:
    """The entries that lie at an address."""
    dtype = np.dtype(dtype)
    memory = (ctypes.c_char * (math.prod(shape) * dtype.itemsize)).from_address(address)
    return np.frombuffer(memory, dtype).reshape(shape)


def _sort(dtype: Any, data: int, keys: int, shape: Sequence[int]) -> None:
    _entries(data, shape, dtype).sort(axis=-1, kind="stable")


def _argsort(dtype: Any, index: int, data: int, keys: int, shape: Sequence[int]) -> None:
    found = _entries(data, shape, dtype)
    _entries(index, shape, np.int64)[...] = found.argsort(axis=-1, kind="stable")
    found.sort(axis=-1, kind="stable")


def _lexsort(dtype: Any, index: int, keys: int, number: int, length: int) -> None:
    _entries(index, (length,), np.int64)[...] = np.lexsort(_entries(keys, (number, length), dtype))
