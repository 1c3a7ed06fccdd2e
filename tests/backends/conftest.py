"""One fixture for every array library: each test that takes `library` runs on all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from catcore.errors import BackendMissing
from catcore_backends import get_backend


@dataclass(frozen=True)
class Library:
    """An array library as the tests use it."""

    name: str
    xp: Any
    readonly: bool = False

    def array(self, values: Any, dtype: str | None = None) -> Any:
        """NumPy values as an array of the library."""
        values = np.asarray(values, dtype=dtype)
        found = self.xp.asarray(values, copy=True)
        if self.readonly:
            found.flags.writeable = False
        return found

    def batch(self, x: Any) -> Any:
        """A nested batch of NumPy arrays as one of this library."""
        return tuple(map(self.batch, x)) if isinstance(x, tuple) else self.array(x)

    def numpy(self, x: Any) -> Any:
        """A nested batch of this library as NumPy arrays."""
        if isinstance(x, tuple):
            return tuple(map(self.numpy, x))
        return x.get() if self.name == "cupy" else np.asarray(x)


def _library(name: str) -> Library:
    if name == "array-api-strict":
        import array_api_strict

        return Library(name, array_api_strict)
    if name == "cupy":
        try:
            return Library(name, get_backend("cupy").namespace())
        except BackendMissing as missing:
            pytest.skip(str(missing))
    return Library(name, get_backend("numpy").namespace(), readonly=name == "numpy-readonly")


@pytest.fixture(
    params=["numpy", "numpy-readonly", "array-api-strict", pytest.param("cupy", marks=pytest.mark.gpu)], scope="session"
)
def library(request):
    return _library(request.param)
