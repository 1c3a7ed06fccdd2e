"""Array rules of the functions that layers name, and of their derivatives.

Where a function has a corner, as at 0, the derivative there is that of the left side, or 0 for the absolute value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rule = Callable[[Any, Any], Any]


def _sigmoid(xp: Any, x: Any) -> Any:
    return (1 + xp.tanh(x / 2)) / 2


def _positive(xp: Any, x: Any) -> Any:
    """1 where x is positive, else 0."""
    return xp.where(x > 0, xp.ones_like(x), xp.zeros_like(x))


FUNCTIONS: dict[str, Rule] = {
    "identity": lambda xp, x: x,
    "relu": lambda xp, x: xp.where(x > 0, x, xp.zeros_like(x)),
    "abs": lambda xp, x: xp.abs(x),
    "leaky_relu": lambda xp, x: xp.where(x > 0, x, x / 100),
    "tanh": lambda xp, x: xp.tanh(x),
    "sin": lambda xp, x: xp.sin(x),
    "cube": lambda xp, x: x * x * x,
    "square": lambda xp, x: x * x,
    "sigmoid": _sigmoid,
    "softplus": lambda xp, x: xp.where(x > 0, x, xp.zeros_like(x)) + xp.log1p(xp.exp(-xp.abs(x))),
}

SLOPES: dict[str, Rule] = {
    "identity": lambda xp, x: xp.ones_like(x),
    "relu": _positive,
    "abs": lambda xp, x: xp.sign(x),
    "leaky_relu": lambda xp, x: xp.where(x > 0, xp.ones_like(x), xp.ones_like(x) / 100),
    "tanh": lambda xp, x: 1 - xp.tanh(x) ** 2,
    "sin": lambda xp, x: xp.cos(x),
    "cube": lambda xp, x: 3 * x * x,
    "square": lambda xp, x: 2 * x,
    "sigmoid": lambda xp, x: _sigmoid(xp, x) * (1 - _sigmoid(xp, x)),
    "softplus": _sigmoid,
}
