"""Lax algebras of a 2-monad of parametric maps, and the comonoid in their parameters (THEORY T4.7; CDL App. F, G).

For a strong monad T, a lax algebra of ``Para(T)`` on A is a parametric map ``a = (P, a : P ▶ T A → A)`` with 2-cells

    ε : id_A ⇒ a ∘ η_A       backwards an arrow  P → I
    δ : a ∘ T(a) ⇒ a ∘ μ_A   backwards an arrow  P → P ⊗ P

that are unital and associative, as equations between pasted 2-cells.  Theorem (CDL G.10): these equations say that the
two arrows make P a comonoid.  On sets there is only the diagonal, so a lax algebra is a family of algebras indexed by P
(:mod:`~catcore.para.enumeration` counts both).

>>> [law.name for law in arbitrary().coherence()]
['left unity', 'right unity', 'associativity']
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from catcore.arrows import Arrow, generator, ident, terminal
from catcore.errors import IllTyped
from catcore.laws import Law, PointwiseLaw
from catcore.objects import Ob, atoms
from catcore.para.cells import TwoCell
from catcore.para.comonoids import Comonoid
from catcore.para.lifts import ParaMonad
from catcore.para.maps import ParaMap, identity
from catcore.structures.monads import Monad

Laws = tuple[Law | PointwiseLaw, ...]


@dataclass(frozen=True)
class LaxAlgebra:
    """A claimed lax algebra of ``Para(T)``.

    Args:
        of: the monad T, with its canonical strength, or a :class:`~catcore.para.strengths.StrongMonad`.
        structure: the parametric map ``(P, a : P × T A → A)``.
        counit: the arrow ``P → I`` of the 2-cell ε; the only one, when left out.
        comult: the arrow ``P → P ⊗ P`` of the 2-cell δ.
        given: hypotheses.

    Raises:
        IllTyped: when the structure is no map ``T A → A``, or the arrows do not have their types.
    """

    of: Any
    structure: ParaMap
    comult: Any
    counit: Any = None
    given: tuple[Law, ...] = ()
    monad: ParaMonad = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "monad", ParaMonad(self.of))
        a = self.structure
        if a.dom is not self.monad.lift.functor(a.cod):
            raise IllTyped(
                f"A lax algebra of {self.monad} on {a.cod} has a structure map {self.monad.lift.functor(a.cod)} → "
                f"{a.cod}, and {a.signature} was given."
            )
        if self.counit is None:
            object.__setattr__(self, "counit", terminal(a.whole))
        Comonoid(a.params, self.counit, self.comult)  # refuses arrows of other types

    @property
    def carrier(self) -> Ob:
        """The object A."""
        return self.structure.cod  # type: ignore[no-any-return]

    @property
    def unit_cell(self) -> TwoCell:
        """``ε : id_A ⇒ a ∘ η_A``."""
        return TwoCell(self.counit, identity(self.carrier), self._after(self.monad.unit(self.carrier)), self.given)

    @property
    def mult_cell(self) -> TwoCell:
        """``δ : a ∘ T(a) ⇒ a ∘ μ_A``."""
        source = self.monad(self.structure) >> self.structure
        return TwoCell(self.comult, source, self._after(self.monad.mult(self.carrier)), self.given)

    def _after(self, f: ParaMap) -> ParaMap:
        return f >> self.structure

    @property
    def comonoid(self) -> Comonoid:
        """The comonoid that Theorem G.10 finds in the parameters, under the coherence laws as hypotheses."""
        return Comonoid(self.structure.params, self.counit, self.comult, given=self.given + self.coherence())

    def laws(self) -> Laws:
        """The equations of the two 2-cells, and their coherence."""
        return (*self.evaluator_laws(), *self.coherence())

    def evaluator_laws(self) -> Laws:
        """``a(p, η x) = x`` and ``a(p, μ t) = a(p₁, T(a(p₂, −)) t)`` with ``(p₁, p₂) = Δ p``; not enough alone."""
        named = {"unit cell": self.unit_cell, "multiplication cell": self.mult_cell}
        return tuple(renamed(name, law) for name, cell in named.items() for law in cell.laws())

    def coherence(self) -> tuple[Law, ...]:
        """Lax unity, twice, and lax associativity: equations between the arrows of pasted 2-cells."""
        a, monad, x = self.structure, self.monad, self.carrier
        epsilon, delta, one = self.unit_cell, self.mult_cell, ident(self.structure.whole)
        t_epsilon, t_delta = monad(epsilon), monad(delta)
        eta, mu, t = monad.unit, monad.mult, monad.lift.functor
        # a ⇒ a T(a) T(η) ⇒ a μ T(η) = a, and a ⇒ a η a = a T(a) η ⇒ a μ η = a
        right = pasted(a @ t_epsilon, delta @ monad(eta(x)))
        left = pasted(epsilon @ a, delta @ eta(t(x)))
        # a T(a) TT(a) ⇒ a μ TT(a) = a T(a) μ ⇒ a μ μ, and a T(a T(a)) ⇒ a T(a) T(μ) ⇒ a μ T(μ)
        outside = pasted(delta @ monad(monad(a)), delta @ mu(t(x)))
        inside = pasted(a @ t_delta, delta @ monad(mu(x)))
        return tuple(
            Law(name, f, g, self.given)
            for name, f, g in (
                ("left unity", left, one),
                ("right unity", right, one),
                ("associativity", outside, inside),
            )
        )

    def __str__(self) -> str:
        return f"lax algebra of {self.monad} on {self.carrier} with parameters {self.structure.whole}"


def pasted(first: TwoCell, second: TwoCell) -> Arrow:
    """The arrow of parameters of a pasting, where the 2-cells in the middle agree by a law and not as written."""
    return second.r >> first.r  # type: ignore[no-any-return]


def renamed(name: str, law: Law | PointwiseLaw) -> Law | PointwiseLaw:
    """The law under another name."""
    return replace(law, name=name)


def arbitrary(name: str = "T") -> LaxAlgebra:
    """An arbitrary lax algebra of an arbitrary strong monad, with its coherence laws as hypotheses (CDL G.10)."""
    a, p = atoms("A P")
    monad = Monad.variable(name, strong=True)
    structure = ParaMap(p, generator("a", p * monad(a), a))
    return LaxAlgebra(monad, structure, generator("δ", p, p * p), generator("ε", p, 1))
