"""Lax, oplax, pseudo and strict homomorphisms of parametric algebras (THEORY T4.7; CDL App. F, after ParaForge).

Between algebras ``a : F A → A`` and ``b : F B → B`` with parameters P_A and P_B, a homomorphism is a parametric map
``(R, f) : A → B`` and a 2-cell that fills the square.  Its direction makes it lax or oplax; 2-cells point backwards, so
it is given by an arrow of parameters the other way:

    lax    b ∘ F(f) ⇒ f ∘ a      κ : R ⊗ P_A → P_B ⊗ R      f(r, a(p, t)) = b(p', F(f(r', −)) t),  (p', r') = κ(r, p)
    oplax  f ∘ a ⇒ b ∘ F(f)      κ : P_B ⊗ R → R ⊗ P_A      b(p, F(f(r, −)) t) = f(r', a(p', t)),  (r', p') = κ(p, r)

Between *lax algebras* of a monad the 2-cell is also coherent with their counits and comultiplications, between oplax
ones with their units and multiplications.  With an inverse it is both, a pseudo homomorphism; where it is the identity,
a strict one.  A fold of a cell is the lax homomorphism out of the initial algebra whose κ is Δ: this is how weights are
shared (T4.6).

>>> from catcore.functors import Id
>>> from catcore.arrows import generator
>>> from catcore.objects import atoms, mu
>>> A, P, S = atoms("A P S")
>>> shape = 1 + A * Id
>>> rnn = fold_homomorphism(mu(shape), ParaMap(P, generator("cell", P * shape(S), S)))
>>> print(rnn)
lax homomorphism μX. 1 + A × X → S with parameter P of 1 + A × Id
>>> rnn.r is copies(P, 2), identity_homomorphism(shape, rnn.target).variant
(True, 'strict')
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from catcore.arrows import Arrow, ident, in_
from catcore.errors import IllTyped, NotComposable
from catcore.functors import Functor
from catcore.laws import Law, PointwiseLaw
from catcore.objects import Mu
from catcore.para.actegories import Params
from catcore.para.cells import TwoCell, identity_cell
from catcore.para.lax import LaxAlgebra, WeakAlgebra, pasted, renamed
from catcore.para.lifts import Lift
from catcore.para.maps import ParaMap, identity
from catcore.para.oplax import OplaxAlgebra
from catcore.para.recursion import fold
from catcore.para.tying import copies

Laws = tuple[Law | PointwiseLaw, ...]


@dataclass(frozen=True)
class _Homomorphism:
    """What the two kinds have in common.

    Args:
        of: the functor or monad.
        source: the parametric map ``a : F A → A``, or a :class:`~catcore.para.lax.LaxAlgebra`.
        target: the parametric map ``b : F B → B``, or a lax algebra.
        map: the parametric map ``(R, f) : A → B``.
        r: the arrow κ of parameters.
        inverse: an inverse of κ, if it is claimed to have one.
        given: hypotheses.

    Raises:
        IllTyped: when κ or its inverse does not go between the parameters of the two sides.
        NotComposable: when the map does not go from A to B.
    """

    of: Any
    source: Any
    target: Any
    map: ParaMap
    r: Arrow
    inverse: Arrow | None = None
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        ends = self.cell  # refuses what does not fit
        if self.inverse is not None:
            TwoCell(self.inverse, ends.target, ends.source)

    @property
    def sides(self) -> tuple[ParaMap, ParaMap]:
        """``b ∘ F(f)`` and ``f ∘ a``."""
        return Lift(self.of)(self.map) >> _structure(self.target), _structure(self.source) >> self.map

    @property
    @abstractmethod
    def cell(self) -> TwoCell:
        """The 2-cell that fills the square."""

    @property
    @abstractmethod
    def turned(self) -> Any:
        """The same homomorphism with its 2-cell inverted."""

    @property
    def variant(self) -> str:
        """``"strict"``, ``"pseudo"``, ``"lax"`` or ``"oplax"``: what is claimed of the 2-cell; the laws check it."""
        if self.r is ident(self.r.dom):
            return "strict"
        return "pseudo" if self.inverse is not None else self.word

    @property
    @abstractmethod
    def word(self) -> str:
        """The direction of the 2-cell."""

    def laws(self) -> Laws:
        """The equation of the 2-cell; its inverse, where it has one; between lax algebras its coherence."""
        return tuple(self._laws())

    def _laws(self) -> Iterator[Law | PointwiseLaw]:
        yield from (renamed("homomorphism", law) for law in self.cell.laws())
        if self.inverse is not None:
            yield Law("there and back", self.r >> self.inverse, ident(self.r.dom), self.given)
            yield Law("back and there", self.inverse >> self.r, ident(self.r.cod), self.given)
        match self.source, self.target:
            case LaxAlgebra() as a, LaxAlgebra() as b:
                p, q = a.structure.params, b.structure.params
                yield self._copied("counits", self._after(a.counit, p, ()), self._before(b.counit, q, ()), 0)
                yield self._copied(
                    "comultiplications", self._after(a.comult, p, p * 2), self._before(b.comult, q, q * 2), 2
                )
            case OplaxAlgebra() as a, OplaxAlgebra() as b:
                p, q = a.structure.params, b.structure.params
                yield self._joined("units", self._after(a.unit, (), p), self._before(b.unit, (), q), 0)
                first, second = self._after(a.mult, p * 2, p), self._before(b.mult, q * 2, q)
                yield self._joined("multiplications", first, second, 2)

    @abstractmethod
    def _copied(self, word: str, after: Arrow, before: Arrow, times: int) -> Law:
        """The 2-cell respects the arrows ``R ⊗ d_A`` and ``d_B ⊗ R`` that make so many copies of the parameters."""

    @abstractmethod
    def _joined(self, word: str, after: Arrow, before: Arrow, times: int) -> Law:
        """The 2-cell respects the arrows ``R ⊗ m_A`` and ``m_B ⊗ R`` that multiply so many parameters."""

    def _law(self, word: str, left: Arrow, right: Arrow) -> Law:
        return Law(f"respects {word}", left, right, self.given)

    def _after(self, f: Arrow, dom: Params, cod: Params) -> Arrow:
        """``R ⊗ f``."""
        of, r = self.map.actegory, self.map.params
        return of.tensor(ident(of.whole(r)), f, (r, r, dom, cod))  # type: ignore[no-any-return]

    def _before(self, f: Arrow, dom: Params, cod: Params) -> Arrow:
        """``f ⊗ R``."""
        of, r = self.map.actegory, self.map.params
        return of.tensor(f, ident(of.whole(r)), (dom, cod, r, r))  # type: ignore[no-any-return]

    @property
    def _ends(self) -> tuple[Params, Params, Params]:
        """The parameters of the map, of the source, and of the target."""
        return self.map.params, _structure(self.source).params, _structure(self.target).params

    def __rshift__(self, other: object) -> Self:
        """Composition by pasting the two squares.

        Raises:
            NotComposable: when the first does not end at the algebra where the second starts.
        """
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, _Homomorphism)
        if self.target != other.source or self.of != other.of:
            raise NotComposable(
                f"A composite of homomorphisms was asked for: the first ends at {self.target} of {self.of}, and the "
                f"second starts at {other.source} of {other.of}."
            )
        back = None
        if self.inverse is not None and other.inverse is not None:
            back = self.turned.pasted(other.turned)
        whole = self.map >> other.map
        return type(self)(self.of, self.source, other.target, whole, self.pasted(other), back, self.given + other.given)

    @abstractmethod
    def pasted(self, other: Any) -> Arrow:
        """The arrow of parameters of the composite square."""

    def __str__(self) -> str:
        return f"{self.variant} homomorphism {self.map.signature} of {self.of}"


@dataclass(frozen=True)
class LaxHomomorphism(_Homomorphism):
    """A map ``(R, f)`` with a 2-cell ``b ∘ F(f) ⇒ f ∘ a``, an arrow ``κ : R ⊗ P_A → P_B ⊗ R`` of parameters.

    Law: ``f(r, a(p, t)) = b(p', F(f(r', −)) t)`` with ``(p', r') = κ(r, p)``.
    """

    @property
    def cell(self) -> TwoCell:
        """``b ∘ F(f) ⇒ f ∘ a``."""
        return TwoCell(self.r, *self.sides, self.given)

    @property
    def word(self) -> str:
        """Lax."""
        return "lax"

    @property
    def turned(self) -> OplaxHomomorphism:
        """The oplax homomorphism with the inverse 2-cell; raises ``IllTyped`` where there is none."""
        return OplaxHomomorphism(*_inverted(self))

    def _copied(self, word: str, after: Arrow, before: Arrow, times: int) -> Law:
        """``κ ; (d_B ⊗ R) = (R ⊗ d_A) ; κ²``, where κ² is ``(κ ⊗ P_A) ; (P_B ⊗ κ)``."""
        return self._law(word, self.r >> before, after >> self._repeated(times))

    def _joined(self, word: str, after: Arrow, before: Arrow, times: int) -> Law:
        """``(R ⊗ m_A) ; κ = κ² ; (m_B ⊗ R)``."""
        return self._law(word, after >> self.r, self._repeated(times) >> before)

    def _repeated(self, times: int) -> Arrow:
        """κ for so many copies of the parameters, ``R ⊗ P_A … → P_B … ⊗ R``."""
        of, (r, p, q) = self.map.actegory, self._ends
        if not times:
            return ident(of.whole(r))
        first = of.tensor(self.r, ident(of.whole(p)), (r + p, q + r, p, p))
        return first >> of.tensor(ident(of.whole(q)), self.r, (q, q, r + p, q + r))  # type: ignore[no-any-return]

    def pasted(self, other: LaxHomomorphism) -> Arrow:
        """``(λ ∘ F(f)) ; (g ∘ κ)``."""
        return pasted(other.cell @ identity_cell(Lift(self.of)(self.map)), other.map @ self.cell)


@dataclass(frozen=True)
class OplaxHomomorphism(_Homomorphism):
    """A map ``(R, f)`` with a 2-cell ``f ∘ a ⇒ b ∘ F(f)``, an arrow ``κ : P_B ⊗ R → R ⊗ P_A`` of parameters.

    Law: ``b(p, F(f(r, −)) t) = f(r', a(p', t))`` with ``(r', p') = κ(p, r)``.
    """

    @property
    def cell(self) -> TwoCell:
        """``f ∘ a ⇒ b ∘ F(f)``."""
        return TwoCell(self.r, *self.sides[::-1], self.given)

    @property
    def word(self) -> str:
        """Oplax."""
        return "oplax"

    @property
    def turned(self) -> LaxHomomorphism:
        """The lax homomorphism with the inverse 2-cell; raises ``IllTyped`` where there is none."""
        return LaxHomomorphism(*_inverted(self))

    def _copied(self, word: str, after: Arrow, before: Arrow, times: int) -> Law:
        """``κ ; (R ⊗ d_A) = (d_B ⊗ R) ; κ²``, where κ² is ``(P_B ⊗ κ) ; (κ ⊗ P_A)``."""
        return self._law(word, self.r >> after, before >> self._repeated(times))

    def _joined(self, word: str, after: Arrow, before: Arrow, times: int) -> Law:
        """``(m_B ⊗ R) ; κ = κ² ; (R ⊗ m_A)``."""
        return self._law(word, before >> self.r, self._repeated(times) >> after)

    def _repeated(self, times: int) -> Arrow:
        """κ for so many copies of the parameters, ``P_B … ⊗ R → R ⊗ P_A …``."""
        of, (r, p, q) = self.map.actegory, self._ends
        if not times:
            return ident(of.whole(r))
        first = of.tensor(ident(of.whole(q)), self.r, (q, q, q + r, r + p))
        return first >> of.tensor(self.r, ident(of.whole(p)), (q + r, r + p, p, p))  # type: ignore[no-any-return]

    def pasted(self, other: OplaxHomomorphism) -> Arrow:
        """``(g ∘ κ) ; (λ ∘ F(f))``."""
        return pasted(other.map @ self.cell, other.cell @ identity_cell(Lift(self.of)(self.map)))


def _structure(of: WeakAlgebra | ParaMap) -> ParaMap:
    return of.structure if isinstance(of, WeakAlgebra) else of


def _inverted(of: _Homomorphism) -> tuple[Any, ...]:
    back = of.r if of.variant == "strict" else of.inverse
    if back is None:
        raise IllTyped(f"The inverse of the 2-cell of a {of} was asked for, and none was given; say inverse=.")
    return of.of, of.source, of.target, of.map, back, of.r, of.given


def identity_homomorphism(of: Any, algebra: WeakAlgebra | ParaMap) -> LaxHomomorphism:
    """The identity of a parametric algebra; its 2-cell only moves the unit of parameters past P, so it is one."""
    a = _structure(algebra)
    return LaxHomomorphism(of, algebra, algebra, identity(a.cod), ident(a.whole))


def fold_homomorphism(fixed: Mu, cell: ParaMap) -> LaxHomomorphism:
    """The fold of a cell as the lax homomorphism out of the initial algebra; its κ is Δ (T4.6, T4.7).

    Raises:
        IllTyped: when the cell is no algebra of the functor.
    """
    initial = ParaMap((), in_(fixed))
    return LaxHomomorphism(Functor(1, fixed.body), initial, cell, fold(fixed, cell), copies(cell.params, 2))
