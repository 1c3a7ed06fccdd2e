"""The array libraries that tests run on, each at its strictest; the fixtures are in `tests/conftest.py`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from catcore.errors import BackendMissing
from catcore_backends import get_backend
from tests.backends import cupy_stand_in
from tests.backends.host_kernels import COMPILER

#: The libraries, each with the name of its backend.
LIBRARIES = {
    "numpy": "numpy",
    "numpy-readonly": "numpy",
    "array-api-strict": "array-api-strict",
    "torch": "torch",
    "jax": "jax",
    "dask": "dask",
    "cupy": "cupy",
    "cupy-stand-in": "cupy",  # the rules of a device, in main memory
}


@dataclass(frozen=True)
class Library:
    """An array library as the tests use it."""

    name: str
    xp: Any

    @property
    def backend(self) -> str:
        """The name under which the library compiles."""
        return LIBRARIES[self.name]

    def reading(self) -> contextlib.AbstractContextManager[Any]:
        """Within it a program may look at what it finds, as a search does; array-api-strict must allow that."""
        if self.name != "array-api-strict":
            return contextlib.nullcontext()
        return self.xp.ArrayAPIStrictFlags(data_dependent_shapes=True)

    def array(self, values: Any, dtype: str | None = None) -> Any:
        """NumPy values as an array of the library; Dask's in blocks of two rows."""
        values = np.array(values, dtype=dtype)
        if self.name == "dask":
            return self.xp.from_array(values, chunks=(2, *values.shape[1:]) if values.ndim else ())
        if self.name == "numpy-readonly":
            values.flags.writeable = False
        return values if self.backend == "numpy" else self.xp.asarray(values)

    def batch(self, x: Any) -> Any:
        """A nested batch of NumPy arrays as one of this library."""
        return tuple(map(self.batch, x)) if isinstance(x, tuple) else self.array(x)

    def answer(self, x: Any) -> Any:
        """What a rule of a program answers with, from NumPy's arrays; the blocks of Dask's arrays are NumPy's."""
        if isinstance(x, tuple):
            return tuple(map(self.answer, x))
        return x if self.name == "dask" or not isinstance(x, np.ndarray) else self.array(x)

    def numpy(self, x: Any) -> Any:
        """A nested batch of this library as NumPy arrays; it must be of this library."""
        if isinstance(x, tuple):
            return tuple(map(self.numpy, x))
        return x.get() if self.backend == "cupy" else np.asarray(x)


@contextlib.contextmanager
def library_named(name: str) -> Iterator[Library]:
    """A library with 64-bit numbers at its strictest; the test is skipped where it is not installed."""
    if name == "array-api-strict":
        import array_api_strict

        with array_api_strict.ArrayAPIStrictFlags(
            data_dependent_shapes=False, boolean_indexing=False, enabled_extensions=("fft",)
        ):
            yield Library(name, array_api_strict)
        return
    if name == "cupy-stand-in":
        if COMPILER is None:
            pytest.skip("no C++ compiler is installed, which the stand-in needs")
        with cupy_stand_in.installed():
            yield Library(name, get_backend("cupy").namespace())
        return
    try:
        found = Library(name, get_backend(LIBRARIES[name]).namespace())
    except BackendMissing as missing:
        pytest.skip(str(missing))
    with pytest.importorskip("jax").enable_x64(True) if name == "jax" else contextlib.nullcontext():
        yield found
