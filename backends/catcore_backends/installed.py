"""Which array libraries are installed, and how a program runs on the arrays of each.

Libraries are found through the entry-point group ``catcore.backends``, so other packages can add one.
"""

from __future__ import annotations

import functools as ft
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from catcore.errors import BackendMissing
from catcore_backends.libraries.failures import settled
from catcore_backends.library import Library, Link, Run

GROUP = "catcore.backends"
#: What this package offers itself, also where its metadata was not installed.
_OWN = {
    "auto": "catcore_backends.backend:auto",
    **{
        name: f"catcore_backends.libraries.{name.replace('-', '_')}_backend:backend"
        for name in ("numpy", "cupy", "torch", "jax", "dask", "array-api-strict")
    },
}


def library(name: str) -> Library:
    """The library of that name; underscores may stand for hyphens.

    Raises:
        BackendMissing: when no installed package offers it.
    """
    offers = _offers()
    spelled = name.replace("_", "-") if isinstance(name, str) and name not in offers else name
    if not isinstance(name, str) or spelled not in offers:
        raise BackendMissing(
            f"The backend {name!r} was asked for, and the installed ones are {', '.join(sorted(offers))}. Use one of "
            f"them, or install a package that offers it in the entry-point group {GROUP}."
        )
    found: Library = offers[spelled].load()
    return found


def executable(name: str, link: Link, *arrays: Any) -> Run:
    """What runs a program of its own on a library; ``"auto"`` takes that of the given arrays.

    Raises:
        BackendMissing: when the library is not here, or the arrays come from different ones.
    """
    chosen = library(name)
    return over(link, chosen.namespace(*arrays)) if name == "auto" else chosen.executable(link)


def over(link: Link, xp: Any, *, shared: bool = False, totals: tuple[int, ...] = ()) -> Run:
    """What runs a program on arrays of a namespace: CuPy's and PyTorch's on one device, Dask's in blocks."""
    from array_api_compat import is_cupy_namespace, is_dask_namespace, is_jax_namespace, is_torch_namespace

    if is_cupy_namespace(xp) or is_torch_namespace(xp):
        return library("cupy" if is_cupy_namespace(xp) else "torch").executable(link)
    if is_dask_namespace(xp):
        return library("dask").executable(link, shared=shared, totals=totals)
    program = link(xp)
    return (lambda x, batch: settled(program(x, batch))) if is_jax_namespace(xp) else program


@ft.cache  # reading the metadata of what is installed takes milliseconds
def _offers() -> dict[str, EntryPoint]:
    own = {name: EntryPoint(name, place, GROUP) for name, place in _OWN.items()}
    return own | {offer.name: offer for offer in entry_points(group=GROUP)}
