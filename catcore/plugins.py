"""Plugins: what installed packages offer to catcore, found by name in a group of entry points.

catcore states structures; others prove laws (the group ``catcore.provers``) and run arrows on arrays (the group
``catcore.backends``).  Neither is imported before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catcore.errors import BackendMissing

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

BACKENDS = "catcore.backends"


def offered(group: str) -> dict[str, EntryPoint]:
    """What the installed packages offer in a group, by name."""
    from importlib.metadata import entry_points  # not needed by who runs nothing

    return {entry.name: entry for entry in entry_points(group=group)}


def backend(name: str) -> Any:
    """The array backend of a name; underscores may stand for hyphens.

    Raises:
        BackendMissing: when no installed package offers it.
    """
    found = offered(BACKENDS)
    spelled = name.replace("_", "-") if isinstance(name, str) and name not in found else name
    if not isinstance(spelled, str) or spelled not in found:
        raise BackendMissing(
            f"Backend {name!r} was asked for and the backends installed are {', '.join(sorted(found)) or 'none'}; "
            f"install a package with an entry point in the group {BACKENDS!r}."
        )
    return found[spelled].load()
