"""Comonoids and monoids of parameters: to copy and drop them, and to multiply them (THEORY T4.3, T4.7).

A comonoid on parameters P has a counit ``! : P → I`` and a comultiplication ``Δ : P → P ⊗ P`` with

    Δ ; (! ⊗ P) = id,   Δ ; (P ⊗ !) = id,   Δ ; (Δ ⊗ P) = Δ ; (P ⊗ Δ).

On a set there is exactly one, the diagonal; on a vector space with ⊗ a comonoid is a coalgebra, and there are many.
A monoid is a comonoid with its arrows turned round; on vector spaces with ⊗ it is an algebra.

>>> from catcore.objects import FinSet
>>> [len(list(comonoids(FinSet(n)))) for n in (1, 2, 3)]
[1, 1, 1]
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catcore.arrows import finite_map, terminal
from catcore.errors import IllTyped
from catcore.laws import Law, PointwiseLaw
from catcore.objects import as_object, finite_size
from catcore.para.actegories import CARTESIAN, Actegory, Params
from catcore.para.cells import equation
from catcore.para.maps import ParaMap


@dataclass(frozen=True)
class Comonoid:
    """A claimed comonoid in the category of parameters.

    Args:
        params: the parameters P.
        counit: ``! : P → I``.
        comult: ``Δ : P → P ⊗ P``.
        actegory: the monoidal category it lives in; by default sets with ×.
        given: hypotheses.

    Raises:
        IllTyped: when the arrows do not have their types.
    """

    params: Any
    counit: Any
    comult: Any
    actegory: Actegory = CARTESIAN
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", self.actegory.params(self.params))
        check_arrow("counit of a comonoid", self.counit, self.actegory, self.params, (1, 0))
        check_arrow("comultiplication of a comonoid", self.comult, self.actegory, self.params, (1, 2))

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """Both counit laws and coassociativity."""
        of, p, drop, copy = self.actegory, self.params, self.counit, self.comult
        one, after = of.category.identity(of.whole(p)), of.category.compose
        left, right = of.tensor(drop, one, (p, (), p, p)), of.tensor(one, drop, (p, p, p, ()))
        first, second = of.tensor(copy, one, (p, p * 2, p, p)), of.tensor(one, copy, (p, p, p, p * 2))
        sides = {
            "left counit": (after(copy, left), one),
            "right counit": (after(copy, right), one),
            "coassociativity": (after(copy, first), after(copy, second)),
        }
        return equations(sides, of, self.given)

    def __str__(self) -> str:
        return f"comonoid on {self.actegory.written(self.params)}"


@dataclass(frozen=True)
class ParameterMonoid:
    """A claimed monoid in the category of parameters.

    Args:
        params: the parameters P.
        unit: ``e : I → P``.
        mult: ``m : P ⊗ P → P``.
        actegory: the monoidal category it lives in; by default sets with ×.
        given: hypotheses.

    Raises:
        IllTyped: when the arrows do not have their types.
    """

    params: Any
    unit: Any
    mult: Any
    actegory: Actegory = CARTESIAN
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", self.actegory.params(self.params))
        check_arrow("unit of a monoid", self.unit, self.actegory, self.params, (0, 1))
        check_arrow("multiplication of a monoid", self.mult, self.actegory, self.params, (2, 1))

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """``(e ⊗ P) ; m = id``, ``(P ⊗ e) ; m = id`` and ``(m ⊗ P) ; m = (P ⊗ m) ; m``."""
        of, p, unit, mult = self.actegory, self.params, self.unit, self.mult
        one, after = of.category.identity(of.whole(p)), of.category.compose
        left, right = of.tensor(unit, one, ((), p, p, p)), of.tensor(one, unit, (p, p, (), p))
        first, second = of.tensor(mult, one, (p * 2, p, p, p)), of.tensor(one, mult, (p, p, p * 2, p))
        sides = {
            "left unit": (after(left, mult), one),
            "right unit": (after(right, mult), one),
            "associativity": (after(first, mult), after(second, mult)),
        }
        return equations(sides, of, self.given)

    def __str__(self) -> str:
        return f"monoid on {self.actegory.written(self.params)}"


def check_arrow(word: str, arrow: Any, of: Actegory, params: Params, copies: tuple[int, int]) -> None:
    """Refuse an arrow that does not go from so many copies of the parameters to so many.

    Raises:
        IllTyped: showing both types.
    """
    wanted = tuple(of.whole(params * count) for count in copies)
    found = of.category.dom(arrow), of.category.cod(arrow)
    if wanted != found:
        raise IllTyped(
            f"The {word} on {of.written(params)} goes {wanted[0]} → {wanted[1]}, and an arrow {found[0]} → {found[1]} "
            "was given."
        )


def equations(
    sides: dict[str, tuple[Any, Any]], of: Actegory, given: tuple[Law, ...]
) -> tuple[Law | PointwiseLaw, ...]:
    """Equations between arrows of parameters, by their names."""
    return tuple(equation(name, ParaMap((), f, of), ParaMap((), g, of), given) for name, (f, g) in sides.items())


def diagonal(params: Any) -> Comonoid:
    """The diagonal, the only comonoid on a set."""
    given = CARTESIAN.params(params)
    pattern = [*range(len(given)), *range(len(given))]
    return Comonoid(given, terminal(CARTESIAN.whole(given)), CARTESIAN.shuffle(given, pattern))


def comonoids(params: Any) -> Iterator[Comonoid]:
    """All comonoids on a finite set: every Δ is looked at, and kept when it has the counit ``P → 1``."""
    p = as_object(params)
    n, drop = finite_size(p), terminal(p)
    for values in it.product(range(n * n), repeat=n):
        # Δ(i) = (j, k): the counit laws say k = i and j = i
        if all(divmod(v, n) == (i, i) for i, v in enumerate(values)):
            yield Comonoid(p, drop, finite_map(p, p * p, values))
