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
two sides differ is looked for.  What a function declares of itself counts only where it is proved from its formula.

>>> wrong = Function("sq", lambda x: x**2, odd=True)
>>> wrong.odd, wrong.has("odd"), FUNCTIONS["tanh"].has("odd"), FUNCTIONS["relu"].has("homogeneous")
(True, False, True, True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import sympy as sp

from catcore.errors import UnknownName

Property = Literal["odd", "homogeneous", "linear"]


@dataclass(frozen=True)
class Function:
    """A function on the reals: its formula on SymPy numbers, and the properties that are declared of it."""

    name: str
    exact: Callable[[Any], Any]
    odd: bool = False
    homogeneous: bool = False
    linear: bool = False

    @property
    def fixes_zero(self) -> bool:
        """Whether σ(0) = 0, exactly."""
        return bool(self.exact(sp.Integer(0)) == 0)

    def has(self, name: Property) -> bool:
        """Whether a declared property follows from the formula; False where that is not found, and then the property is
        not used."""
        return bool(getattr(self, name)) and name in self._proved

    @cached_property
    def _proved(self) -> frozenset[str]:
        """The properties that hold of σ at a positive letter p and at -p, which together with 0 are all reals.

        A homogeneous σ is two slopes, ``σ(±p) = p σ(±1)``, and a linear one is that and odd.
        """
        p, one = sp.Symbol("p", positive=True), sp.Integer(1)
        odd = self._vanishes(lambda f: (f(sp.Integer(0)), f(-p) + f(p)))
        slopes = self._vanishes(lambda f: (f(sp.Integer(0)), f(p) - p * f(one), f(-p) - p * f(-one)))
        found = {"odd": odd, "homogeneous": slopes, "linear": odd and slopes}
        return frozenset(name for name, holds in found.items() if holds)

    def _vanishes(self, sides: Callable[[Callable[[Any], Any]], tuple[Any, ...]]) -> bool:
        try:
            return all(sp.simplify(side) == 0 for side in sides(self.exact))
        except (TypeError, ValueError, AttributeError, NotImplementedError):  # the formula does not take letters
            return False

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
    if not isinstance(name, str) or name not in FUNCTIONS:
        raise UnknownName(f"The function {name!r} was asked for, and there are {', '.join(FUNCTIONS)}.")
    return FUNCTIONS[name]
