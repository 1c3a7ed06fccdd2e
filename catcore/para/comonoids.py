"""Comonoids: what parameters must be to be copied and dropped (THEORY T4.3, T4.7).

A comonoid on parameters P has a counit ``! : P → I`` and a comultiplication ``Δ : P → P ⊗ P`` with

    Δ ; (! ⊗ P) = id,   Δ ; (P ⊗ !) = id,   Δ ; (Δ ⊗ P) = Δ ; (P ⊗ Δ).

On a set there is exactly one, the diagonal; on a vector space with ⊗ a comonoid is a coalgebra, and there are many.

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
from catcore.para.actegories import CARTESIAN, Actegory
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
        of = self.actegory
        object.__setattr__(self, "params", of.params(self.params))
        for word, arrow, copies in (("counit", self.counit, 0), ("comultiplication", self.comult, 2)):
            wanted = of.whole(self.params), of.whole(self.params * copies)
            found = of.category.dom(arrow), of.category.cod(arrow)
            if wanted != found:
                raise IllTyped(
                    f"The {word} of a comonoid on {of.written(self.params)} goes {wanted[0]} → {wanted[1]}, and an "
                    f"arrow {found[0]} → {found[1]} was given."
                )

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """Both counit laws and coassociativity."""
        of, p, one = self.actegory, self.params, self.actegory.category.identity(self.actegory.whole(self.params))
        drop, copy = self.counit, self.comult
        after = of.category.compose
        two = p * 2
        sides = {
            "left counit": (after(copy, of.tensor(drop, one, (p, (), p, p))), one),
            "right counit": (after(copy, of.tensor(one, drop, (p, p, p, ()))), one),
            "coassociativity": (
                after(copy, of.tensor(copy, one, (p, two, p, p))),
                after(copy, of.tensor(one, copy, (p, p, p, two))),
            ),
        }
        return tuple(
            equation(name, ParaMap((), f, of), ParaMap((), g, of), self.given) for name, (f, g) in sides.items()
        )

    def __str__(self) -> str:
        return f"comonoid on {self.actegory.written(self.params)}"


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
