"""An array library as the compiler and the layers see it: a namespace, devices, memory, and how a program runs there.

:class:`~catcore_backends.backend.Backend` adds what a user asks of it: compiled arrows, layers, networks.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any

from catcore.errors import BackendMissing, NotInterpreted
from catcore_backends.libraries.conversion import make
from catcore_backends.libraries.failures import lacked_room

#: A program on batches, ``(x, number of rows) ↦ y``.
Run = Callable[[Any, int], Any]
#: The program of a compiled arrow over an array namespace.
Link = Callable[[Any], Run]


class Library:
    """An array library behind one namespace: where its arrays live, and how a program runs on them.

    Args:
        name: how users call it.
        module: the array-API namespace to import when it is first needed.
        remedy: what to install where the library is missing.
    """

    def __init__(self, name: str, module: str, remedy: str) -> None:
        self.name = name
        self.module = module
        self.remedy = remedy

    def namespace(self, *arrays: Any) -> Any:
        """The array-API namespace; ``arrays`` are ignored by all backends but ``auto``.

        Raises:
            BackendMissing: when the library is not here.
        """
        try:
            return import_module(self.module)
        except ImportError as error:
            raise BackendMissing(
                f"The backend {self.name!r} was asked for, and its library cannot be imported ({error}). {self.remedy}"
            ) from error

    def asarray(self, values: Any, dtype: str | None = None, *, device: Any = None, copy: bool | None = None) -> Any:
        """Values as an array of this backend.

        Args:
            values: numbers, or an array of any library; one on the same device comes through DLPack.
            dtype: its name, such as ``"float32"``; by default that of the values.
            device: where the array is to be, by default where the values are.
            copy: True for an array of its own, False to share memory, None for whichever is possible.

        Raises:
            BackendMissing: when the library or the device is not here.
            WrongDtype: when the library has no such dtype.
            ShapeMismatch: when memory was to be shared and cannot be.
        """
        return make(self.namespace(), values, dtype, None if device is None else self.device(device), copy)

    def device(self, name: Any) -> Any:
        """The library's own device of a name such as ``"cpu"``.

        Raises:
            BackendMissing: when the library has no such device.
        """
        return name

    def on(self, device: Any) -> AbstractContextManager[Any]:
        """A context in which arrays that are made from nothing lie on a device of the library."""
        return nullcontext()

    def memory_limit(self, limit: int | str, *, device: Any = None) -> AbstractContextManager[None]:
        """A context in which the library takes no more memory of a device than ``limit``.

        Args:
            limit: a number of bytes, or a text such as ``"4 GiB"``.
            device: which device, by default the current one.

        Raises:
            NotInterpreted: when the library has no such limit; CuPy has.
        """
        raise NotInterpreted(
            f"A memory limit was set for the backend {self.name!r}, and only 'cupy' has one. Limit the process "
            "instead, as with ulimit -v, or give fewer rows at a time."
        )

    def captured(self, run: Any, given: tuple[Any, ...], batch: int) -> Any:
        """A compiled arrow as one launch for static shapes; see :meth:`catcore_backends.Compiled.captured`.

        Raises:
            NotInterpreted: when the library has no such thing; CuPy has.
        """
        raise NotInterpreted(
            f"A CUDA graph of an arrow compiled for {self.name!r} was asked for, and only 'cupy' has graphs. "
            "Compile with backend='cupy'; for static shapes elsewhere, backend='jax' compiles the whole program."
        )

    def release(self) -> None:
        """Give memory that the library keeps, and no array uses, back to the device."""

    def lacked_room(self, error: Exception) -> bool:
        """Whether an error of the library says that there was no room for an array."""
        return lacked_room(error)

    def executable(self, link: Link, *, shared: bool = False, totals: tuple[int, ...] = ()) -> Run:
        """What runs a compiled arrow.

        Args:
            link: gives its program over a namespace.
            shared: as when compiling.
            totals: which parts of the answer are totals over the rows of the batch, each as one row.
        """
        return link(self.namespace())

    def for_steps(self) -> Library:
        """The library on which steps of training run for samples that lie on this one."""
        return self

    def __repr__(self) -> str:
        return f"get_backend({self.name!r})"
