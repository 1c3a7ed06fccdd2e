"""The monads, comonads and adjunctions that everyone meets first (THEORY T1.4, T1.5, T1.7, T1.8, T1.10).

Each is a one-line instance of its structure; arbitrary parameters are atoms, and an arbitrary monoid is
``Monoid.variable("M")``, whose equations become hypotheses of the laws.
"""

from __future__ import annotations

from typing import Any

from catcore.arrows import case, ident, inl, inr
from catcore.functors import Functor, Id
from catcore.objects import Ob, One, as_object
from catcore.structures.adjunctions import Adjunction
from catcore.structures.distributive import DistributiveLaw
from catcore.structures.monads import Comonad, Monad
from catcore.tracing import pointwise


def identity_monad() -> Monad:
    """The identity monad."""
    return Monad(Id, ident, ident, name="Identity")


def exceptions(errors: object = One) -> Monad:
    """The monad ``E + −`` of exceptions; with one error it is Maybe."""
    e = as_object(errors)
    return Monad(e + Id, lambda x: inr(e, x), lambda x: case(inl(e, x), ident(e + x)), name="Exceptions")


def maybe() -> Monad:
    """The monad ``1 + −``."""
    return exceptions(One)


def reader(environment: object) -> Monad:
    """The monad ``(−)^R`` of functions of an environment."""
    r = as_object(environment)
    return Monad(Id**r, pointwise(lambda x: lambda _: x), pointwise(lambda f: lambda s: f(s)(s)), name="Reader")


def state(states: object) -> Monad:
    """The monad ``(S × −)^S`` of programs with a state: ``x ↦ s ↦ (s, x)``, and run twice."""
    s = as_object(states)

    def join(program: Any) -> Any:
        def run(start: Any) -> Any:
            middle, rest = program(start)
            return rest(middle)

        return run

    return Monad((s * Id) ** s, pointwise(lambda x: lambda now: (now, x)), pointwise(join), name="State")


def continuation(answers: object) -> Monad:
    """The monad ``R^(R^−)`` of continuations."""
    r = as_object(answers)
    return Monad(
        r ** (r**Id),
        pointwise(lambda x: lambda k: k(x)),
        pointwise(lambda c: lambda k: c(lambda inner: inner(k))),
        name="Continuation",
    )


def ActionMonad(monoid: Any) -> Monad:
    """The monad ``M × −`` of a monoid: ``x ↦ (e, x)`` and ``(g, (h, x)) ↦ (g h, x)`` (T1.5; CDL Ex. 2.2).

    Its laws hold exactly when the monoid's do, and its algebras are the actions of the monoid; with the arguments
    read as a log it is the writer monad.

    Args:
        monoid: anything with ``carrier``, ``unit`` and ``mult``: a finite monoid or group, or an arbitrary
            ``Monoid.variable("M")``, whose equations become hypotheses.
    """

    def join(word: Any) -> Any:
        g, (h, x) = word
        return monoid.mult(g, h), x

    given = getattr(monoid, "given", ())
    return Monad(monoid.carrier * Id, pointwise(lambda x: (monoid.unit, x)), pointwise(join), given, "Action")


def writer(monoid: Any) -> Monad:
    """The writer monad ``W × −`` of a monoid, the same as its :func:`ActionMonad`."""
    return ActionMonad(monoid)


def coreader(environment: object) -> Comonad:
    """The comonad ``R × −`` that carries a context along."""
    r = as_object(environment)
    return Comonad(r * Id, pointwise(lambda p: p[1]), pointwise(lambda p: (p[0], p)), name="Coreader")


def store(positions: object) -> Comonad:
    """The comonad ``S × (−)^S``: a table and a position in it; its coalgebras are lawful lenses (T1.7)."""
    s = as_object(positions)
    return Comonad(
        s * Id**s,
        pointwise(lambda p: p[1](p[0])),
        pointwise(lambda p: (p[0], lambda t: (t, p[1]))),
        name="Store",
    )


def traced(monoid: Any) -> Comonad:
    """The comonad ``(−)^M`` of a monoid; its coalgebras are again the actions of the monoid (T1.8)."""
    m = monoid.carrier
    return Comonad(
        Id**m,
        pointwise(lambda f: f(monoid.unit)),
        pointwise(lambda f: lambda g: lambda h: f(monoid.mult(h, g))),
        getattr(monoid, "given", ()),
        "Traced",
    )


def product_exponential(parameter: object) -> Adjunction:
    """The adjunction ``S × − ⊣ (−)^S``; it induces State and Store."""
    s = as_object(parameter)
    return Adjunction(s * Id, Id**s, unit=pointwise(lambda x: lambda p: (p, x)), counit=pointwise(lambda p: p[1](p[0])))


def exceptions_over(errors: object, monad: Monad) -> DistributiveLaw:
    """``E + −`` distributes over every monad by ``[inl ; η, S(inr)]`` (T1.10 i)."""
    e = as_object(errors)

    def law(x: Ob) -> Any:
        return case(inl(e, x) >> monad.unit[e + x], monad(inr(e, x)))

    return DistributiveLaw(exceptions(e), monad, law)


def action_over(monoid: Any, monad: Monad) -> DistributiveLaw:
    """``M × −`` distributes over every monad on a polynomial functor by its strength (T1.10 ii)."""
    functor: Functor = monad.functor
    return DistributiveLaw(ActionMonad(monoid), monad, pointwise(lambda p: functor.map(lambda x: (p[0], x), p[1])))
