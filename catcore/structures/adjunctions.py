"""Adjunctions between endofunctors of sets, and the monads and comonads they induce (THEORY T1.8).

``F ⊣ U`` has a unit ``η : Id → U F`` and a counit ``ε : F U → Id`` with the two triangles ``F(η_X) ; ε_{FX} = id`` and
``η_{UX} ; U(ε_X) = id``.  Then ``(U F, η, U ε F)`` is a monad and ``(F U, ε, F η U)`` a comonad.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore.arrows import ident
from catcore.functors import Functor, Id, NaturalTransformation
from catcore.laws import Law, assumed, fresh_atoms, naturality
from catcore.structures.monads import Comonad, Monad, _transformation


@dataclass(frozen=True)
class Adjunction:
    """A claimed adjunction ``left ⊣ right``; unit and counit are given as the structure maps of a ``Monad`` are."""

    left: Functor
    right: Functor
    unit: Any
    counit: Any
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        f, u = self.left, self.right
        object.__setattr__(self, "unit", _transformation(self.unit, Id, u(f), "unit"))
        object.__setattr__(self, "counit", _transformation(self.counit, f(u), Id, "counit"))

    @staticmethod
    def variable(left: str, right: str, *, unit: str = "η", counit: str = "ε") -> Adjunction:
        """An arbitrary adjunction between sets and sets; its triangles are assumed at every object.

        >>> print(Adjunction.variable("F", "U"))
        adjunction F ⊣ U
        """
        f, u = Functor.variable(left), Functor.variable(right)
        eta = NaturalTransformation.variable(unit, Id, u(f))
        eps = NaturalTransformation.variable(counit, f(u), Id)
        free = Adjunction(f, u, eta, eps)
        triangles = tuple(law for law in free.laws() if not law.name.startswith("naturality"))
        return Adjunction(f, u, eta, eps, assumed(triangles, *fresh_atoms(1, f, u)))

    def laws(self) -> tuple[Law, ...]:
        """Naturality of unit and counit, and the two triangles."""
        f, u = self.left, self.right
        (x,) = fresh_atoms(1, f, u)
        laws = (
            naturality(self.unit),
            naturality(self.counit),
            Law("left triangle", f(self.unit[x]) >> self.counit[f(x)], ident(f(x))),
            Law("right triangle", self.unit[u(x)] >> u(self.counit[x]), ident(u(x))),
        )
        return tuple(law.under(self.given) for law in laws)

    def monad(self) -> Monad:
        """The induced monad ``U F``."""
        f, u = self.left, self.right
        return Monad(u(f), self.unit, lambda x: u(self.counit[f(x)]), self.given)

    def comonad(self) -> Comonad:
        """The induced comonad ``F U``."""
        f, u = self.left, self.right
        return Comonad(f(u), self.counit, lambda x: f(self.unit[u(x)]), self.given)

    def __str__(self) -> str:
        return f"adjunction {self.left} ⊣ {self.right}"
