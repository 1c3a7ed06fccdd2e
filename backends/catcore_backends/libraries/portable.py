"""Programs that travel between processes, as the terms that they came from.

A linked program is a Python function over one array library, which no pickle takes; the term that it came from is one
that every process can link anew, once for all tasks.
"""

from __future__ import annotations

import functools as ft
import hashlib
import uuid
from collections.abc import Callable
from importlib import import_module
from typing import Any

from catcore.errors import CatError, NotInterpreted
from catcore_backends.installed import library


class Portable:
    """A program over NumPy that goes to other processes as the term that it came from; each of them links it once."""

    __name__ = "shared"  # by which Dask shows it

    def __init__(self, link: Callable[[Any], Callable[..., Any]]) -> None:
        self.link = link

    def __call__(self, *arguments: Any) -> Any:
        """What the program gives."""
        return self._program(*arguments)

    @ft.cached_property
    def _program(self) -> Callable[..., Any]:
        return self.link(library("numpy").namespace())

    @ft.cached_property
    def _packed(self) -> bytes:
        try:
            packed: bytes = import_module("cloudpickle").dumps(self.link)
        except Exception as error:
            raise NotInterpreted(
                f"A compiled arrow was to run in another process, and it cannot be sent there ({str(error)[:120]}). "
                "Leave out of its generators what cannot be pickled, or compute with scheduler='threads'."
            ) from None
        return packed

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked, (self._packed,)

    @ft.cached_property
    def _name(self) -> str:
        try:
            return hashlib.sha256(self._packed).hexdigest()
        except CatError:
            return uuid.uuid4().hex

    def __dask_tokenize__(self) -> str:
        """The name by which Dask tells programs apart: the same for equal terms."""
        return self._name


@ft.lru_cache(maxsize=128)
def _unpacked(packed: bytes) -> Portable:
    return Portable(import_module("cloudpickle").loads(packed))


__all__ = ["Portable"]
