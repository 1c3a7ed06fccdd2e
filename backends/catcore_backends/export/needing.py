"""A library whose modules a network becomes, and what to install where it is missing."""

from __future__ import annotations

from importlib import import_module

from catcore.errors import BackendMissing


def need(module: str, packages: str) -> None:
    """Say what to install where a module cannot be imported.

    Args:
        module: its name.
        packages: what brings it.

    Raises:
        BackendMissing: when it cannot be imported.
    """
    try:
        import_module(module)
    except ImportError as error:
        raise BackendMissing(
            f"A network was to become a module of {module.partition('.')[0]}, which cannot be imported ({error}). "
            f"Install it with: pip install {packages}"
        ) from error
