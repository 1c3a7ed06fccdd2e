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

from abc import abstractmethod
from dataclasses import dataclass, replace
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
class WeakAlgebra:
    """A claimed algebra of ``Para(T)`` up to 2-cells, lax or oplax.

    Args:
        of: the monad T, with its canonical strength, or a :class:`~catcore.para.strengths.StrongMonad`.
        structure: the parametric map ``(P, a : P × T A → A)``.

    Raises:
        IllTyped: when the structure is no map ``T A → A``.
    """

    of: Any
    structure: ParaMap

    def __post_init__(self) -> None:
        a, functor = self.structure, self.monad.lift.functor
        if a.dom is not functor(a.cod):
            article = "An" if self.word[0] in "aeiou" else "A"
            raise IllTyped(
                f"{article} {self.word} algebra of {self.monad} on {a.cod} has a structure map {functor(a.cod)} → "
                f"{a.cod}, and {a.signature} was given."
            )

    @property
    def monad(self) -> ParaMonad:
        """The 2-monad ``Para(T)``."""
        return ParaMonad(self.of)

    @property
    def carrier(self) -> Ob:
        """The object A."""
        return self.structure.cod  # type: ignore[no-any-return]

    @property
    @abstractmethod
    def word(self) -> str:
        """The direction of the 2-cells."""

    @property
    def sides(self) -> tuple[ParaMap, ParaMap, ParaMap]:
        """``a ∘ η_A``, ``a ∘ T(a)`` and ``a ∘ μ_A``."""
        a, monad, x = self.structure, self.monad, self.carrier
        return monad.unit(x) >> a, monad(a) >> a, monad.mult(x) >> a

    def __str__(self) -> str:
        return f"{self.word} algebra of {self.monad} on {self.carrier} with parameters {self.structure.whole}"


@dataclass(frozen=True)
class LaxAlgebra(WeakAlgebra):
    """A claimed lax algebra of ``Para(T)``.

    Args:
        of: the monad T, with its canonical strength, or a :class:`~catcore.para.strengths.StrongMonad`.
        structure: the parametric map ``(P, a : P × T A → A)``.
        comult: the arrow ``P → P ⊗ P`` of the 2-cell δ.
        counit: the arrow ``P → I`` of the 2-cell ε; the only one, when left out.
        given: hypotheses.

    Raises:
        IllTyped: when the structure is no map ``T A → A``, or the arrows do not have their types.
    """

    comult: Any
    counit: Any = None
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.counit is None:
            object.__setattr__(self, "counit", terminal(self.structure.whole))
        Comonoid(self.structure.params, self.counit, self.comult)  # refuses arrows of other types

    @property
    def word(self) -> str:
        """Lax."""
        return "lax"

    @property
    def unit_cell(self) -> TwoCell:
        """``ε : id_A ⇒ a ∘ η_A``."""
        return TwoCell(self.counit, identity(self.carrier), self.sides[0], self.given)

    @property
    def mult_cell(self) -> TwoCell:
        """``δ : a ∘ T(a) ⇒ a ∘ μ_A``."""
        return TwoCell(self.comult, *self.sides[1:], self.given)

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
