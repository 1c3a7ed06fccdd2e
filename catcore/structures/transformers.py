"""Monad transformers: from an arbitrary strong monad to another monad (THEORY T1.4, T4.4).

Each takes a monad ``T``, usually ``Monad.variable("T", strong=True)``, and gives the monad of computations of ``T``
that have besides a state, an environment, a log or exceptions.
"""

from __future__ import annotations

from typing import Any

from catcore.arrows import Arrow, case, fst, ident, inl, inr, pair, snd
from catcore.functors import functor
from catcore.objects import Ob, as_object
from catcore.structures.monads import Monad
from catcore.tracing import pointwise, trace


def state_transformer(states: object, monad: Monad) -> Monad:
    """``(T(S × −))^S``: a state threaded through the computations of T."""
    s = as_object(states)

    def unit(x: Ob) -> Arrow:
        return trace(lambda a: lambda now: monad.unit[s * x]((now, a)), x, monad(s * x) ** s)

    join = pointwise(lambda program: lambda start: monad.bind(program(start), lambda pair: pair[1](pair[0])))
    return Monad(functor(lambda x: monad(s * x) ** s), unit, join, monad.given, f"State {monad.name}")


def reader_transformer(environment: object, monad: Monad) -> Monad:
    """``(T −)^R``: an environment handed to the computations of T."""
    r = as_object(environment)

    def unit(x: Ob) -> Arrow:
        return trace(lambda a: lambda _: monad.unit[x](a), x, monad(x) ** r)

    join = pointwise(lambda program: lambda now: monad.bind(program(now), lambda rest: rest(now)))
    return Monad(functor(lambda x: monad(x) ** r), unit, join, monad.given, f"Reader {monad.name}")


def writer_transformer(monoid: Any, monad: Monad) -> Monad:
    """``T(M × −)``: a log in a monoid kept by the computations of T."""
    m = monoid.carrier

    def join(program: Any) -> Any:
        def go_on(first: Any) -> Any:
            log, rest = first
            return monad.functor.map(lambda second: (monoid.mult(log, second[0]), second[1]), rest)

        return monad.bind(program, go_on)

    def unit(x: Ob) -> Arrow:
        return trace(lambda a: monad.unit[m * x]((monoid.unit, a)), x, monad(m * x))

    given = monad.given + getattr(monoid, "given", ())
    return Monad(functor(lambda x: monad(m * x)), unit, pointwise(join), given, f"Writer {monad.name}")


def exception_transformer(errors: object, monad: Monad) -> Monad:
    """``T(E + −)``: computations of T that may raise."""
    e = as_object(errors)

    def mult(x: Ob) -> Arrow:
        caught = case(inl(e, x) >> monad.unit[e + x], ident(monad(e + x)))
        return monad(caught) >> monad.mult[e + x]  # type: ignore[no-any-return]

    unit = lambda x: inr(e, x) >> monad.unit[e + x]  # noqa: E731 - a family is a function of the object
    return Monad(functor(lambda x: monad(e + x)), unit, mult, monad.given, f"Exceptions {monad.name}")


def product_monad(first: Monad, second: Monad) -> Monad:
    """``S × T``: a computation of each of two monads, side by side."""

    def mult(x: Ob) -> Arrow:
        one, two = first(x), second(x)
        left: Arrow = first(fst(one, two)) >> first.mult[x]
        right: Arrow = second(snd(one, two)) >> second.mult[x]
        return left * right

    return Monad(
        functor(lambda x: first(x) * second(x)),
        lambda x: pair(first.unit[x], second.unit[x]),
        mult,
        first.given + second.given,
        f"{first.name} × {second.name}",
    )
