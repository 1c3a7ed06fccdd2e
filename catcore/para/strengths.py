r"""Strengths, and strong monads (THEORY T4.4; CDL App. E, AS1–AS4 after ParaForge).

A strength of a functor F moves parameters inside, ``σ_{P,X} : P ▶ F X → F(P ▶ X)``, naturally in both, such that

    σ_{I,X} ; F(η_X) = η_{FX}                                      (AS1)
    σ_{P⊗Q,X} ; F(μ) = μ ; (P ▶ σ_{Q,X}) ; σ_{P,Q▶X}               (AS2)

and for a strong monad besides

    (P ▶ μ^T) ; σ = σ ; T(σ) ; μ^T                                 (AS3)
    (P ▶ η^T) ; σ = η^T                                            (AS4)

Every functor built by products, sums, powers and fixed points has one, also around arbitrary strong functors: copy the
parameter to every place that holds a value, and drop it where there is none.

>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> A, P, X = atoms("A P X")
>>> print(strength_of(A + Id * Id, P, X).signature)       # Δ on P is hidden inside
⟨id, π₂⟩ ; δ ; [π₂ ; ι₁, ⟨⟨π₁ ; π₁, π₂ ; π₁⟩, ⟨π₁ ; π₁, π₂ ; π₂⟩⟩ ; ι₂] : P × (A + X × X) → A + P × X × (P × X)
>>> [law.name for law in StrongFunctor(1 + A * Id).laws()]
['natural in X', 'natural in P', 'AS1', 'AS2']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, generator, ident, snd
from catcore.errors import IllTyped
from catcore.functors import Functor
from catcore.instances import strength_of
from catcore.laws import Law, fresh_atoms
from catcore.objects import Atom, Ob, as_object, atoms, occurring
from catcore.structures.monads import Monad
from catcore.tracing import Pointwise, component, trace

#: A strength: a function ``(P, X) ↦ arrow``, or ``pointwise`` on pairs ``(p, t)``.
Given = Callable[[Ob, Ob], Any] | Pointwise


@dataclass(frozen=True)
class StrongFunctor:
    """A functor with a claimed strength.

    Args:
        functor: the functor F.
        strength: a function ``(P, X) ↦ arrow``, or ``pointwise`` on pairs ``(p, t)``; the canonical one when left out.
        given: hypotheses.

    Raises:
        IllTyped: when a component does not have its type.
    """

    functor: Functor
    strength: Given | None = None
    given: tuple[Law, ...] = ()

    def at(self, p: object, x: object) -> Arrow:
        """The component ``P × F(X) → F(P × X)``."""
        param, value = as_object(p), as_object(x)
        if self.strength is None:
            return strength_of(self.functor, param, value)
        ends = param * self.functor(value), self.functor(param * value)
        given = self.strength
        family = given if isinstance(given, Pointwise) else lambda at: given(param, at)
        return component(family, value, *ends, f"the strength at {param}, {value}")

    def __call__(self, *args: Any) -> Any:
        """The functor on an object or an arrow."""
        return self.functor(*args)

    def laws(self) -> tuple[Law, ...]:
        """Naturality in both arguments, AS1 and AS2, at arbitrary objects."""
        return tuple(law.under(self.given) for law in self._laws())

    def _laws(self) -> Iterator[Law]:
        p, q, x, y = _letters(self.functor)
        f, r, F = generator("f", x, y), generator("r", q, p), self.functor
        sigma = self.at
        yield Law("natural in X", (ident(p) * F(f)) >> sigma(p, y), sigma(p, x) >> F(ident(p) * f))
        yield Law("natural in P", (r * ident(F(x))) >> sigma(p, x), sigma(q, x) >> F(r * ident(x)))
        yield Law("AS1", sigma(1, x) >> F(snd(1, x)), snd(1, F(x)))
        yield Law(
            "AS2",
            sigma(p * q, x) >> F(associator(p, q, x)),
            associator(p, q, F(x)) >> (ident(p) * sigma(q, x)) >> sigma(p, q * x),
        )

    def __str__(self) -> str:
        return f"strength of {self.functor}"


@dataclass(frozen=True)
class StrongMonad:
    """A monad with a claimed strength; arguments as for :class:`StrongFunctor`."""

    monad: Monad
    strength: Given | None = None

    @property
    def functor(self) -> Functor:
        """The functor of the monad."""
        return self.monad.functor

    @property
    def strong(self) -> StrongFunctor:
        """The functor with the strength."""
        return StrongFunctor(self.functor, self.strength, self.monad.given)

    def at(self, p: object, x: object) -> Arrow:
        """The component ``P × T(X) → T(P × X)``."""
        return self.strong.at(p, x)

    def laws(self) -> tuple[Law, ...]:
        """Those of a strength, and AS3 and AS4."""
        p, _, x, _ = _letters(self.functor)
        t, eta, mu, sigma = self.functor, self.monad.unit, self.monad.mult, self.at
        laws = (
            Law("AS3", (ident(p) * mu[x]) >> sigma(p, x), sigma(p, t(x)) >> t(sigma(p, x)) >> mu[p * x]),
            Law("AS4", (ident(p) * eta[x]) >> sigma(p, x), eta[p * x]),
        )
        return (*self.strong.laws(), *(law.under(self.monad.given) for law in laws))

    def __str__(self) -> str:
        return f"strong {self.monad}"


def as_strong(of: Functor | StrongFunctor | Monad | StrongMonad) -> StrongFunctor:
    """A functor or monad with its canonical strength, or with the one it was given."""
    match of:
        case StrongFunctor():
            return of
        case StrongMonad():
            return of.strong
        case Monad():
            return StrongMonad(of).strong
        case Functor():
            return StrongFunctor(of)
    raise IllTyped(f"A functor or a monad, with a strength or without, is needed here, and {of!r} was given.")


def associator(p: object, q: object, x: object) -> Arrow:
    """``μ : (P × Q) × X → P × (Q × X)``."""
    a, b, c = map(as_object, (p, q, x))
    return trace(lambda t: (t[0][0], (t[0][1], t[1])), (a * b) * c, a * (b * c))


def _letters(functor: Functor) -> tuple[Ob, Ob, Ob, Ob]:
    taken = occurring(functor.body, Atom)
    p, q = [a for a in atoms("P Q P1 Q1 P2 Q2") if a not in taken][:2]
    x, y = fresh_atoms(2, functor)
    return p, q, x, y
