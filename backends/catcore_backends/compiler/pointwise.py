"""Array rules of the functions that layers name, and of their derivatives; the smooth primitives among them as such.

Where a function has a corner, as at 0, the derivative there is that of the left side, or 0 for the absolute value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore.categories.array_rules import relu, sigmoid, softplus, step

Rule = Callable[[Any, Any], Any]


def _bell(xp: Any, x: Any) -> Any:
    """The derivative ``σ(x) σ(−x)`` of the sigmoid, which stays positive where σ rounds to 1."""
    return sigmoid(xp, x) * sigmoid(xp, -x)


FUNCTIONS: dict[str, Rule] = {
    "identity": lambda xp, x: x,
    "relu": relu,
    "abs": lambda xp, x: xp.abs(x),
    "leaky_relu": lambda xp, x: xp.where(x > 0, x, x / 100),
    "tanh": lambda xp, x: xp.tanh(x),
    "sin": lambda xp, x: xp.sin(x),
    "cube": lambda xp, x: x * x * x,
    "square": lambda xp, x: x * x,
    "sigmoid": sigmoid,
    "softplus": softplus,
}

SLOPES: dict[str, Rule] = {
    "identity": lambda xp, x: xp.ones_like(x),
    "relu": step,
    "abs": lambda xp, x: xp.sign(x),
    "leaky_relu": lambda xp, x: xp.where(x > 0, xp.ones_like(x), xp.ones_like(x) / 100),
    "tanh": lambda xp, x: 1 - xp.tanh(x) ** 2,
    "sin": lambda xp, x: xp.cos(x),
    "cube": lambda xp, x: 3 * x * x,
    "square": lambda xp, x: 2 * x,
    "sigmoid": _bell,
    "softplus": sigmoid,
}
