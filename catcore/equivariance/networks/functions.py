"""Functions of one real variable, with the properties that decide which representations they commute with.

=============  ==========================================  ===============================================
property       equation                                    pointwise it commutes with (T1.15)
=============  ==========================================  ===============================================
none           —                                           rows with exactly one entry, and that is 1
fixes zero     ``σ(0) = 0``                                rows with at most one entry, and that is 1
odd            ``σ(−x) = −σ(x)``                           the same with entries ±1
homogeneous    ``σ(a x) = a σ(x)`` for a > 0               rows with at most one entry, and that is positive
linear         both                                        every matrix
=============  ==========================================  ===============================================

That is sufficient because such a row reads ``(ρ x)_i = a x_j``.  Where it does not hold, an exact vector on which the
two sides differ is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from catcore.errors import UnknownName


@dataclass(frozen=True)
class Function:
    """A function on the reals: how SymPy and arrays evaluate it, and what is known of it."""

    name: str
    exact: Callable[[Any], Any]
    odd: bool = False
    homogeneous: bool = False
    linear: bool = False

    @property
    def fixes_zero(self) -> bool:
        """Whether σ(0) = 0, exactly."""
        return bool(self.exact(sp.Integer(0)) == 0)

    def __str__(self) -> str:
        return self.name


def _relu(x: Any) -> Any:
    return sp.Max(x, 0)


FUNCTIONS = {
    f.name: f
    for f in (
        Function("identity", lambda x: x, odd=True, homogeneous=True, linear=True),
        Function("relu", _relu, homogeneous=True),
        Function("abs", sp.Abs, homogeneous=True),
        Function("leaky_relu", lambda x: sp.Max(x, x / 100), homogeneous=True),
        Function("tanh", sp.tanh, odd=True),
        Function("sin", sp.sin, odd=True),
        Function("cube", lambda x: x**3, odd=True),
        Function("square", lambda x: x**2),
        Function("sigmoid", lambda x: 1 / (1 + sp.exp(-x))),
        Function("softplus", lambda x: sp.log(1 + sp.exp(x))),
    )
}


def function(name: str | Function) -> Function:
    """The function of that name; raises ``UnknownName`` for another."""
    if isinstance(name, Function):
        return name
    if name not in FUNCTIONS:
        raise UnknownName(f"The function {name!r} was asked for, and there are {', '.join(FUNCTIONS)}.")
    return FUNCTIONS[name]
