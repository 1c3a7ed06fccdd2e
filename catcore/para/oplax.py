"""Oplax algebras of a 2-monad of parametric maps, and the monoid in their parameters (THEORY T4.7, the other variant).

For a strong monad T, an oplax algebra of ``Para(T)`` on A is a parametric map ``a = (P, a : P ▶ T A → A)`` with the
2-cells of a lax algebra turned round:

    ε : a ∘ η_A ⇒ id_A       backwards an arrow  e : I → P        a(e, η x) = x
    δ : a ∘ μ_A ⇒ a ∘ T(a)   backwards an arrow  m : P ⊗ P → P    a(p, T(a(q, −)) t) = a(m(p, q), μ t)

Their coherence says that ``(P, m, e)`` is a monoid, as that of a lax algebra says that P is a comonoid; a set has many
monoids.  An oplax algebra of the identity monad is an action of P on A.

>>> [law.name for law in arbitrary().laws()]
['unit cell', 'multiplication cell', 'left unity', 'right unity', 'associativity']
>>> from catcore.arrows import finite_map
>>> from catcore.objects import FinSet
>>> from catcore.structures.standard import identity_monad
>>> two = FinSet(2)
>>> turns = ParaMap(two, finite_map(two * two, two, [0, 1, 1, 0]))  # ℤ₂ acts on two points
>>> print(OplaxAlgebra(identity_monad(), turns, finite_map(1, two, [0]), finite_map(two * two, two, [0, 1, 1, 0])))
oplax algebra of Para(monad Id) on 2 with parameters 2
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore.arrows import generator, ident
from catcore.laws import Law
from catcore.objects import atoms
from catcore.para.cells import TwoCell
from catcore.para.comonoids import ParameterMonoid
from catcore.para.lax import Laws, WeakAlgebra, pasted, renamed
from catcore.para.maps import ParaMap, identity
from catcore.structures.monads import Monad


@dataclass(frozen=True)
class OplaxAlgebra(WeakAlgebra):
    """A claimed oplax algebra of ``Para(T)``.

    Args:
        of: the monad T, with its canonical strength, or a :class:`~catcore.para.strengths.StrongMonad`.
        structure: the parametric map ``(P, a : P × T A → A)``.
        unit: the arrow ``I → P`` of the 2-cell ε.
        mult: the arrow ``P ⊗ P → P`` of the 2-cell δ.
        given: hypotheses.

    Raises:
        IllTyped: when the structure is no map ``T A → A``, or the arrows do not have their types.
    """

    unit: Any
    mult: Any
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        ParameterMonoid(self.structure.params, self.unit, self.mult)  # refuses arrows of other types

    @property
    def word(self) -> str:
        """Oplax."""
        return "oplax"

    @property
    def unit_cell(self) -> TwoCell:
        """``ε : a ∘ η_A ⇒ id_A``."""
        return TwoCell(self.unit, self.sides[0], identity(self.carrier), self.given)

    @property
    def mult_cell(self) -> TwoCell:
        """``δ : a ∘ μ_A ⇒ a ∘ T(a)``."""
        return TwoCell(self.mult, *self.sides[:0:-1], self.given)

    @property
    def monoid(self) -> ParameterMonoid:
        """The monoid in the parameters, under the coherence laws as hypotheses."""
        return ParameterMonoid(self.structure.params, self.unit, self.mult, given=self.given + self.coherence())

    def laws(self) -> Laws:
        """The equations of the two 2-cells, and their coherence."""
        cells = {"unit cell": self.unit_cell, "multiplication cell": self.mult_cell}
        named = tuple(renamed(name, law) for name, cell in cells.items() for law in cell.laws())
        return (*named, *self.coherence())

    def coherence(self) -> tuple[Law, ...]:
        """Oplax unity, twice, and oplax associativity: equations between the arrows of pasted 2-cells."""
        a, monad, x = self.structure, self.monad, self.carrier
        epsilon, delta, one = self.unit_cell, self.mult_cell, ident(self.structure.whole)
        t_epsilon, t_delta = monad(epsilon), monad(delta)
        eta, mu, t = monad.unit, monad.mult, monad.lift.functor
        # a = a μ T(η) ⇒ a T(a) T(η) ⇒ a, and a = a μ η ⇒ a T(a) η = a η a ⇒ a
        right = pasted(delta @ monad(eta(x)), a @ t_epsilon)
        left = pasted(delta @ eta(t(x)), epsilon @ a)
        # a μ μ ⇒ a T(a) μ = a μ TT(a) ⇒ a T(a) TT(a), and a μ T(μ) ⇒ a T(a) T(μ) ⇒ a T(a T(a))
        outside = pasted(delta @ mu(t(x)), delta @ monad(monad(a)))
        inside = pasted(delta @ monad(mu(x)), a @ t_delta)
        sides = {"left unity": (left, one), "right unity": (right, one), "associativity": (outside, inside)}
        return tuple(Law(name, f, g, self.given) for name, (f, g) in sides.items())


def arbitrary(name: str = "T") -> OplaxAlgebra:
    """An arbitrary oplax algebra of an arbitrary strong monad."""
    a, p = atoms("A P")
    monad = Monad.variable(name, strong=True)
    structure = ParaMap(p, generator("a", p * monad(a), a))
    return OplaxAlgebra(monad, structure, generator("e", 1, p), generator("m", p * p, p))
