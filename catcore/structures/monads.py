r"""Monads and comonads on sets (THEORY T1.4, T1.7; CDL Def. 2.1).

A monad is a functor ``T`` with natural transformations ``η : Id → T`` and ``μ : T T → T`` such that

    η_{TX} ; μ_X = id      (left unit)
    T(η_X) ; μ_X = id      (right unit)
    T(μ_X) ; μ_X = μ_{TX} ; μ_X   (associativity).

A comonad is the same with all arrows turned round.

>>> from catcore.arrows import case, ident, inl, inr
>>> from catcore.functors import Id
>>> from catcore.objects import One
>>> maybe = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))
>>> [law.name for law in maybe.laws()]
['naturality of unit', 'naturality of mult', 'left unit', 'right unit', 'associativity']
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from catcore.arrows import Arrow, Component, ident
from catcore.errors import IllTyped
from catcore.functors import Functor, Id, MonadSymbol, MultSymbol, NaturalTransformation, UnitSymbol
from catcore.laws import Law, assumed, fresh_atoms, naturality
from catcore.objects import Applied, Bound, Ob


def _transformation(given: Any, source: Functor, target: Functor, name: str) -> NaturalTransformation:
    if isinstance(given, NaturalTransformation):
        if (given.source, given.target) != (source, target):
            raise IllTyped(
                f"{name} must go from {source} to {target}, and a transformation from {given.source} to {given.target} "
                "was given."
            )
        return replace(given, name=name)
    found = NaturalTransformation(source, target, given, name)
    found[fresh_atoms(1, source, target)[0]]  # a wrong type is found now, not at the first proof
    return found


@dataclass(frozen=True)
class Monad:
    """A claimed monad on sets; its laws are :meth:`laws`, and ``verify`` checks them.

    Args:
        functor: the functor ``T``.
        unit: ``η``, as a function from objects to arrows ``X → T X``, or on elements with ``pointwise``.
        mult: ``μ``, with arrows ``T T X → T X``.
        given: hypotheses under which it is claimed to be one.
        name: how it is called.

    Raises:
        IllTyped: when a component does not have its type.
    """

    functor: Functor
    unit: Any
    mult: Any
    given: tuple[Law, ...] = ()
    name: str = "T"

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", _transformation(self.unit, Id, self.functor, "unit"))
        object.__setattr__(self, "mult", _transformation(self.mult, self.functor(self.functor), self.functor, "mult"))

    def __call__(self, *args: Any) -> Any:
        """The functor on an object, an arrow, or another functor."""
        return self.functor(*args)

    @staticmethod
    def variable(name: str, *, strong: bool = False) -> Monad:
        """An arbitrary monad, known by its name; with ``strong`` it may act on functions with parameters (T4.4)."""
        symbol = MonadSymbol(name, strong)
        functor = Functor(1, Applied(symbol, Bound(0)))
        unit, mult = UnitSymbol(symbol), MultSymbol(symbol)
        return Monad(functor, lambda a: Component(unit, a), lambda a: Component(mult, a), name=name)

    def bind(self, element: Any, function: Callable[[Any], Any]) -> Any:
        """Inside a traced function: run ``element`` and go on with ``function``, ``T(f) ; μ`` on elements."""
        inner = self.functor.map(function, element).infer()
        return self.mult[_argument(self.functor, _argument(self.functor, inner.type))](inner)

    def laws(self) -> tuple[Law, ...]:
        """The five equations of a monad at arbitrary objects."""
        (x,) = fresh_atoms(1, self.functor, *_objects_of(self.given))
        t, eta, mu = self.functor, self.unit, self.mult
        laws = (
            naturality(eta),
            naturality(mu),
            Law("left unit", eta[t(x)] >> mu[x], ident(t(x))),
            Law("right unit", t(eta[x]) >> mu[x], ident(t(x))),
            Law("associativity", t(mu[x]) >> mu[x], mu[t(x)] >> mu[x]),
        )
        return tuple(law.under(self.given) for law in laws)

    def extend(self, f: Arrow, onto: object) -> Arrow:
        """The Kleisli extension ``T A → T B`` of ``f : A → T B``, where ``onto`` is ``B`` (THEORY T1.9)."""
        return self.functor(f) >> self.mult[onto]  # type: ignore[no-any-return]

    def __str__(self) -> str:
        return f"monad {self.functor}"


@dataclass(frozen=True)
class Comonad:
    """A claimed comonad on sets: ``counit : W X → X`` and ``comult : W X → W W X``, with the laws of a monad reversed.

    Args:
        functor: the functor ``W``.
        counit: ``ε``, as for :class:`Monad`.
        comult: ``δ``.
        given: hypotheses under which it is claimed to be one.
        name: how it is called.
    """

    functor: Functor
    counit: Any
    comult: Any
    given: tuple[Law, ...] = ()
    name: str = "W"

    def __post_init__(self) -> None:
        w = self.functor
        object.__setattr__(self, "counit", _transformation(self.counit, w, Id, "counit"))
        object.__setattr__(self, "comult", _transformation(self.comult, w, w(w), "comult"))

    def __call__(self, *args: Any) -> Any:
        """The functor on an object, an arrow, or another functor."""
        return self.functor(*args)

    @staticmethod
    def variable(name: str) -> Comonad:
        """An arbitrary comonad, known by its name; its equations are assumed at every object."""
        w = Functor.variable(name)
        eps = NaturalTransformation.variable(f"{name}.counit", w, Id)
        delta = NaturalTransformation.variable(f"{name}.comult", w, w(w))
        free = Comonad(w, eps, delta)
        equations = tuple(law for law in free.laws() if not law.name.startswith("naturality"))
        return Comonad(w, eps, delta, assumed(equations, *fresh_atoms(1, w)), name)

    def laws(self) -> tuple[Law, ...]:
        """The five equations of a comonad at arbitrary objects."""
        (x,) = fresh_atoms(1, self.functor, *_objects_of(self.given))
        w, eps, delta = self.functor, self.counit, self.comult
        laws = (
            naturality(eps),
            naturality(delta),
            Law("left counit", delta[x] >> eps[w(x)], ident(w(x))),
            Law("right counit", delta[x] >> w(eps[x]), ident(w(x))),
            Law("coassociativity", delta[x] >> w(delta[x]), delta[x] >> delta[w(x)]),
        )
        return tuple(law.under(self.given) for law in laws)

    def __str__(self) -> str:
        return f"comonad {self.functor}"


@dataclass(frozen=True)
class MonadMorphism:
    """A claimed morphism of monads ``θ : S → T``: it respects units and multiplications.

    Law: ``η^S ; θ = η^T`` and ``μ^S ; θ = S(θ) ; θ_T ; μ^T``.
    """

    source: Monad
    target: Monad
    transformation: Any

    def __post_init__(self) -> None:
        theta = _transformation(self.transformation, self.source.functor, self.target.functor, "morphism")
        object.__setattr__(self, "transformation", theta)

    def __str__(self) -> str:
        return f"morphism of monads {self.source.functor} → {self.target.functor}"

    def laws(self) -> tuple[Law, ...]:
        """Naturality and the two equations."""
        s, t, theta = self.source, self.target, self.transformation
        (x,) = fresh_atoms(1, s.functor, t.functor)
        laws = (
            naturality(theta),
            Law("respects unit", s.unit[x] >> theta[x], t.unit[x]),
            Law("respects mult", s.mult[x] >> theta[x], s(theta[x]) >> theta[t(x)] >> t.mult[x]),
        )
        return tuple(law.under(s.given + t.given) for law in laws)


def _argument(functor: Functor, ob: Ob) -> Ob:
    """The object ``A`` for which ``ob`` is ``T(A)``; known for arbitrary monads only."""
    if isinstance(ob, Applied) and ob.args[0] in functor.symbols:
        return ob.args[1]  # type: ignore[no-any-return]
    raise IllTyped(
        f"bind is for arbitrary monads, and {ob} is not one of {functor} applied to an object; use map and mult."
    )


def _objects_of(given: tuple[Law, ...]) -> tuple[Ob, ...]:
    return tuple(ob for law in given for ob in (law.lhs.dom, law.lhs.cod))
