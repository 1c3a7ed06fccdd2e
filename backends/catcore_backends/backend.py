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

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from catcore.errors import BackendMissing
from catcore_backends.installed import library
from catcore_backends.library import Library

if TYPE_CHECKING:
    from catcore.arrows import Arrow
    from catcore.datatypes.optimisation import Choice
    from catcore.datatypes.semirings import Semiring
    from catcore_backends.compiler.compiling import Compiled
    from catcore_backends.layers.layer import Layer, Space
    from catcore_backends.layers.networks import Network


class Backend(Library):
    """An array library with what runs on it: compiled arrows, tied layers, networks, answers of recurrences."""

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


auto = FollowArrays()


def get_backend(name: str = "auto") -> Backend:
    """The backend of that name, through the entry-point group ``catcore.backends``.

    Underscores may stand for hyphens: ``"array_api_strict"`` is ``"array-api-strict"``.

    Raises:
        BackendMissing: when no installed package offers it.
    """
    return cast(Backend, library(name))
