"""What is given to a construction, looked at once where it enters: something of another kind is one sentence.

>>> items([3, 1], "The states of a machine")
(3, 1)
>>> items(7, "The states of a machine")
Traceback (most recent call last):
...
catcore.errors.IllTyped: The states of a machine are given one after the other, as in a list, and 7 was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from catcore.errors import IllTyped

T = TypeVar("T")


def items(given: Iterable[T], what: str) -> tuple[T, ...]:
    """Things given one after the other."""
    try:
        found = iter(given)
    except TypeError:
        raise IllTyped(f"{what} are given one after the other, as in a list, and {_shown(given)} was given.") from None
    return tuple(found)


def function(given: Callable[..., T], what: str) -> Callable[..., T]:
    """A Python function."""
    if not callable(given):
        raise IllTyped(f"{what} is a Python function, and {_shown(given)} was given.")
    return given


def one_of(given: Any, kind: type[T] | tuple[type[T], ...], what: str) -> T:
    """A value of some kind; ``what`` says which."""
    if not isinstance(given, kind):
        raise IllTyped(f"{what} was expected, and {_shown(given)} was given.")
    return given


def count(given: Any, what: str) -> int:
    """A number of things: 0, 1, 2, …"""
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise IllTyped(f"{what} is one of 0, 1, 2, …, and {_shown(given)} was given.")
    return given


def triple(given: Any, what: str) -> tuple[Any, Any, Any]:
    """Three things."""
    if not isinstance(given, tuple | list) or len(given) != 3:
        raise IllTyped(f"{what} was expected, and {_shown(given)} was given.")
    return given[0], given[1], given[2]


def graph_of(given: Any) -> Any:
    """A graph of ``networkx``."""
    import networkx

    return one_of(given, networkx.Graph, "A graph of networkx")


def is_name_in(name: Any, names: Any) -> bool:
    """Whether a name is among others; what has no hash is among none."""
    try:
        return name in names
    except TypeError:
        return False


def _shown(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 80 else f"{text[:79]}…"
