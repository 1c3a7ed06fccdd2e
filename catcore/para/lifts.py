"""Functors and monads lifted to parametric maps (THEORY T4.4, T4.7; CDL App. E, F).

A strong functor F lifts to a 2-functor ``Para(F)``: on objects it is F, on maps

    Para(F)(P, f) = (P, σ ; F(f)),      σ : P ▶ F(A) → F(P ▶ A),

and on 2-cells the identity.  AS1 and AS2 say that identities and composites are respected.  A strong monad T lifts to a
2-monad ``Para(T)`` whose unit ``(I, η)`` and multiplication ``(I, μ)`` are natural in *parametric* maps by AS4 and AS3.

>>> from catcore.arrows import generator
>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> A, P, X, Y = atoms("A P X Y")
>>> lifted = Lift(1 + A * Id)(ParaMap(P, generator("f", P * X, Y)))
>>> print(lifted.signature)
1 + A × X → 1 + A × Y with parameter P
>>> [law.name for law in Lift(1 + A * Id).laws()]
['identities', 'composites', 'reparametrisations']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catcore.arrows import generator, ident
from catcore.errors import IllTyped
from catcore.functors import Functor
from catcore.laws import Law, fresh_atoms
from catcore.objects import Atom, atoms, occurring
from catcore.para.actegories import Cartesian
from catcore.para.cells import TwoCell, equation
from catcore.para.maps import ParaMap, as_parametric, composite, identity
from catcore.para.strengths import StrongFunctor, StrongMonad, as_strong
from catcore.structures.monads import Monad


@dataclass(frozen=True)
class Lift:
    """The 2-functor ``Para(F)`` of a functor with its strength.

    Args:
        of: a functor, with its canonical strength, or a :class:`~catcore.para.strengths.StrongFunctor`; also a monad.
    """

    of: Any

    @property
    def strong(self) -> StrongFunctor:
        """The functor with its strength."""
        return as_strong(self.of)

    @property
    def functor(self) -> Functor:
        """The functor."""
        return self.strong.functor

    def __call__(self, value: Any) -> Any:
        """``Para(F)`` of an object, a parametric map, an arrow, or a 2-cell.

        Raises:
            IllTyped: for parametric maps whose parameters do not act by ×.
        """
        if isinstance(value, TwoCell):
            return TwoCell(value.r, self(value.source), self(value.target), value.given)
        f = as_parametric(value)
        return self.functor(value) if f is None else self._map(f)

    def _map(self, f: ParaMap) -> ParaMap:
        if not isinstance(f.actegory, Cartesian):
            raise IllTyped(f"{self} takes parametric maps of sets, and the parameters of {f} act by {f.actegory}.")
        moved = ident(f.actegory.act(f.params, self.functor(f.dom)))
        for i, p in enumerate(reversed(f.params)):
            done = len(f.params) - i
            inner = f.actegory.act(f.params[done:], f.dom)
            moved = moved >> f.actegory.under(f.params[: done - 1], self.strong.at(p, inner))
        return ParaMap(f.params, moved >> self.functor(f.arrow), f.actegory)

    def laws(self) -> tuple[Law, ...]:
        """Identities, composites and reparametrisations are respected."""
        f, g, r = _generic(self.functor)
        alpha = TwoCell(r, f, r.dom)
        laws = (
            equation("identities", self(identity(f.dom)), identity(self.functor(f.dom))),
            equation("composites", self(composite(f, g)), composite(self(f), self(g))),
            *self(alpha).laws(),
        )
        named = [Law("reparametrisations", x.lhs, x.rhs, x.given) if x.name == "2-cell" else x for x in laws]
        return tuple(law.under(self.strong.given) for law in named)

    def __str__(self) -> str:
        return f"Para({self.functor})"


@dataclass(frozen=True)
class ParaMonad:
    """The 2-monad ``Para(T)`` of a monad with its strength.

    Args:
        of: a monad, with its canonical strength, or a :class:`~catcore.para.strengths.StrongMonad`.
    """

    of: Any

    @property
    def strong(self) -> StrongMonad:
        """The monad with its strength."""
        if isinstance(self.of, StrongMonad | Monad):
            return self.of if isinstance(self.of, StrongMonad) else StrongMonad(self.of)
        raise IllTyped(f"A monad, with a strength or without, is needed here, and {self.of!r} was given.")

    @property
    def monad(self) -> Monad:
        """The monad."""
        return self.strong.monad

    @property
    def lift(self) -> Lift:
        """The 2-functor ``Para(T)``."""
        return Lift(self.strong)

    def __call__(self, value: Any) -> Any:
        """``Para(T)`` of an object, a parametric map, or a 2-cell."""
        return self.lift(value)

    def unit(self, a: object) -> ParaMap:
        """``(I, η_A)``."""
        return ParaMap((), self.monad.unit[a])

    def mult(self, a: object) -> ParaMap:
        """``(I, μ_A)``."""
        return ParaMap((), self.monad.mult[a])

    def laws(self) -> tuple[Law, ...]:
        """Those of the lift, naturality of unit and multiplication in parametric maps, and the laws of the monad."""
        return (*self.lift.laws(), *(law.under(self.monad.given) for law in self._naturality()), *self.monad.laws())

    def _naturality(self) -> Iterator[Law]:
        f, _, _ = _generic(self.monad.functor)
        twice = self(self(f))
        yield equation("unit is natural in parametric maps", self.unit(f.dom) >> self(f), f >> self.unit(f.cod))  # type: ignore[misc]
        yield equation("mult is natural in parametric maps", self.mult(f.dom) >> self(f), twice >> self.mult(f.cod))  # type: ignore[misc]

    def __str__(self) -> str:
        return f"Para({self.monad})"


def _generic(functor: Functor) -> tuple[ParaMap, ParaMap, Any]:
    """Two arbitrary composable parametric maps and a reparametrisation of the first."""
    p, q, r = _params(functor)
    x, y, z = fresh_atoms(3, functor)
    f = ParaMap(p, generator("f", p * x, y))
    return f, ParaMap(q, generator("g", q * y, z)), generator("r", r, p)


def _params(functor: Functor) -> list[Atom]:
    taken = occurring(functor.body, Atom)
    return [a for a in atoms("P Q R P1 Q1 R1 P2 Q2 R2") if a not in taken][:3]
