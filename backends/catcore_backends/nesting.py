"""Products of several factors, bracketed to one side: their parts as a list, and back.

Tuples of arrays, elements of a program, objects and covectors all nest in this way; what differs is how one of them
falls into its two halves.

>>> from_right((1, (2, 3)), 3), from_left(((1, 2), 3), 3)
([1, 2, 3], [1, 2, 3])
>>> to_right([1, 2, 3], lambda left, right: (left, right), ())
(1, (2, 3))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, TypeVar

T = TypeVar("T")


def itself(pair: Any) -> Any:
    """The halves of a pair."""
    return pair


def from_right(x: Any, count: int, halves: Callable[[Any], Any] = itself) -> list[Any]:
    """The parts of ``x₁ × (x₂ × …)``, so many; none of the point."""
    found = []
    for _ in range(count - 1):
        first, x = halves(x)
        found.append(first)
    return [*found, x] if count else []


def from_left(x: Any, count: int, halves: Callable[[Any], Any] = itself) -> list[Any]:
    """The parts of ``(… × xₙ₋₁) × xₙ``, so many; none of the point."""
    found = []
    for _ in range(count - 1):
        x, last = halves(x)
        found.append(last)
    return [x, *reversed(found)] if count else []


def to_right(parts: Sequence[T], both: Callable[[T, T], T], none: T) -> T:
    """Parts as ``x₁ × (x₂ × …)``; ``none`` where there are none."""
    return reduce(lambda rest, part: both(part, rest), reversed(parts[:-1]), parts[-1]) if parts else none


__all__ = ["from_left", "from_right", "itself", "to_right"]
