"""Backends: where the arrays live (DESIGN: running).

A backend is a name, an array-API namespace and what follows from them.  Backends are found through the entry-point
group ``catcore.backends``, so other packages can add one; ``"auto"`` follows the arrays that it is given.

>>> get_backend("numpy").namespace().__name__
'array_api_compat.numpy'
>>> get_backend("fortran")
Traceback (most recent call last):
...
catcore.errors.BackendMissing: The backend 'fortran' was asked for, and the installed ones are array-api-strict, auto, \
cupy, dask, jax, numpy, torch. Use one of them, or install a package that offers it in the entry-point group \
catcore.backends.
"""

from __future__ import annotations

import functools as ft
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from catcore.errors import BackendMissing, NotInterpreted
from catcore_backends.libraries.conversion import make

if TYPE_CHECKING:
    from catcore.arrows import Arrow
    from catcore.datatypes.optimisation import Choice
    from catcore.datatypes.semirings import Semiring
    from catcore_backends.compiler.compiling import Compiled
    from catcore_backends.layers.layer import Layer, Space
    from catcore_backends.layers.networks import Network

GROUP = "catcore.backends"
#: What this package offers itself, also where its metadata was not installed.
_OWN = ("numpy", "cupy", "torch", "jax", "dask", "array-api-strict")

#: A program on batches, ``(x, number of rows) ↦ y``.
Run = Callable[[Any, int], Any]
#: The program of a compiled arrow over an array namespace.
Link = Callable[[Any], Run]


class Backend:
    """An array library behind one namespace.

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

    def captured(self, run: Compiled, given: tuple[Any, ...], batch: int) -> Any:
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
        from catcore_backends.libraries.failures import lacked_room

        return lacked_room(error)

    def executable(self, link: Link, *, shared: bool = False, totals: tuple[int, ...] = ()) -> Run:
        """What runs a compiled arrow.

        Args:
            link: gives its program over a namespace.
            shared: as when compiling.
            totals: which parts of the answer are totals over the rows of the batch, each as one row.
        """
        return link(self.namespace())

    def for_steps(self) -> Backend:
        """The backend on which steps of training run for samples that lie on this one."""
        return self

    def layer(
        self, homspace: Space, channels: tuple[int, int] = (1, 1), bias: bool = False, method: str | None = None
    ) -> Layer:
        """The layer with the weights that an equivariance ties; see :class:`~catcore_backends.layers.layer.Layer`."""
        from catcore_backends.layers.layer import Layer

        self.namespace()
        return Layer(homspace, channels=channels, bias=bias, backend=self.name, method=method)

    def network(self, network: Any) -> Network:
        """The function on arrays of a network of layers; see :class:`~catcore_backends.layers.networks.Network`."""
        from catcore_backends.layers.networks import Network

        self.namespace()
        return Network(network, backend=self.name)

    def tying_labels(self, homspace: Any, *, device: Any = None) -> Any:
        """The tying pattern of a space, computed here; see :func:`~catcore_backends.layers.orbits.tying_labels`."""
        from catcore_backends.layers.orbits import tying_labels

        return tying_labels(homspace, backend=self.name, device=device)

    def answers(self, options: Mapping[Any, Sequence[Choice]], semiring: Semiring) -> list[Any]:
        """The answers of a problem at its states; see :func:`~catcore_backends.recurrences.problems.answers`."""
        from catcore_backends.recurrences.problems import answers

        return answers(options, semiring, self.name)

    def compile(
        self,
        arrow: Arrow,
        *,
        shapes: Mapping[Any, Any] | None = None,
        generators: Mapping[str, Any] | None = None,
        dtype: str | None = None,
        device: Any = None,
        check_bounds: bool = True,
    ) -> Compiled:
        """The function on batches that a term stands for; see :func:`catcore_backends.compile_arrow`."""
        from catcore_backends.compiler.compiling import compile_arrow

        options: dict[str, Any] = {"dtype": dtype, "device": device, "check_bounds": check_bounds}
        return compile_arrow(arrow, self.name, shapes=shapes, generators=generators, **options)

    def __repr__(self) -> str:
        return f"get_backend({self.name!r})"


class FollowArrays(Backend):
    """The backend ``auto``: the namespace of whatever arrays are given."""

    def __init__(self) -> None:
        super().__init__("auto", "array_api_compat", "Install array-api-compat.")

    def namespace(self, *arrays: Any) -> Any:
        """The namespace that the arrays share; NumPy's where there is none.

        Raises:
            BackendMissing: when the arrays come from different libraries, or from none.
        """
        if not arrays:
            return import_module("array_api_compat.numpy")
        from array_api_compat import array_namespace

        try:
            return array_namespace(*arrays)
        except TypeError as error:
            kinds = ", ".join(sorted({f"{type(a).__module__}.{type(a).__qualname__}" for a in arrays}))
            raise BackendMissing(
                f"The backend 'auto' follows the arrays given, and they are {kinds}. Use arrays of one library."
            ) from error

    def device(self, name: Any) -> Any:
        """Refused: the arrays say where they are.

        Raises:
            BackendMissing: always.
        """
        raise BackendMissing(
            f"The device {name!r} was asked for, and the backend 'auto' follows the arrays given, wherever they are. "
            "Leave device= out, or name the library as the backend."
        )

    def follow(self, link: Link, xp: Any, *, shared: bool = False, totals: tuple[int, ...] = ()) -> Run:
        """What runs a compiled arrow on arrays of a namespace: Dask's in blocks, all others directly."""
        from array_api_compat import is_dask_namespace

        if not is_dask_namespace(xp):
            return linked(link, xp)
        return get_backend("dask").executable(link, shared=shared, totals=totals)


auto = FollowArrays()


def get_backend(name: str = "auto") -> Backend:
    """The backend of that name, through the entry-point group ``catcore.backends``.

    Underscores may stand for hyphens: ``"array_api_strict"`` is ``"array-api-strict"``.

    Raises:
        BackendMissing: when no installed package offers it, or its library or device is not here.
    """
    if name == "auto":
        return auto
    offers = _offers()
    spelled = name.replace("_", "-") if isinstance(name, str) and name not in offers else name
    if not isinstance(name, str) or spelled not in offers:
        known = ", ".join(sorted({*offers, "auto"}))
        raise BackendMissing(
            f"The backend {name!r} was asked for, and the installed ones are {known}. Use one of "
            f"them, or install a package that offers it in the entry-point group {GROUP}."
        )
    backend: Backend = offers[spelled].load()
    return backend


def linked(link: Link, xp: Any) -> Run:
    """The program over a namespace; CuPy's runs on the device of each batch."""
    from array_api_compat import is_cupy_namespace

    return get_backend("cupy").executable(link) if is_cupy_namespace(xp) else link(xp)


def executable(name: str, link: Link, *arrays: Any) -> Run:
    """What runs a program of its own on a backend; ``"auto"`` takes the library of the given arrays.

    Raises:
        BackendMissing: when the backend is not here, or the arrays come from different libraries.
    """
    chosen = get_backend(name)
    return auto.follow(link, auto.namespace(*arrays)) if chosen is auto else chosen.executable(link)


@ft.cache  # reading the metadata of what is installed takes milliseconds
def _offers() -> dict[str, EntryPoint]:
    files = {name: f"catcore_backends.libraries.{name.replace('-', '_')}_backend" for name in _OWN}
    own = {name: EntryPoint(name, f"{file}:backend", GROUP) for name, file in files.items()}
    return own | {offer.name: offer for offer in entry_points(group=GROUP)}
