"""Monads on sets that products, sums, functions and the equations of a monoid decide, and their morphisms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catcore import (
    Id,
    Law,
    Model,
    Monad,
    Monoid,
    One,
    arrow,
    atoms,
    case,
    ev,
    fst,
    generator,
    ident,
    inl,
    inr,
    pointwise,
    snd,
)
from catcore.arrows import Arrow
from catcore.objects import Exponential, Ob, Product
from catcore.structures import standard
from catcore.theories import commutative_monoid, monoid
from catcore_proofs.census import every_model_satisfies
from tests.benchmarks.challenges.rows import challenge

A, B, C, E, R, S = atoms("A B C E R S")


@challenge("P01", "Maybe is a monad", quick=True)
def maybe() -> Any:
    return standard.maybe()


@maybe.twin("mult always answers nothing")
def _() -> Any:
    return Monad(1 + Id, lambda x: inr(One, x), pointwise(lambda m: inl(())))


@challenge("P02", "E + X is a monad", quick=True)
def exceptions() -> Any:
    return standard.exceptions(E)


@exceptions.twin("over two exceptions, mult swaps them")
def _() -> Any:
    def swapped(m: Any) -> Any:
        return m.case(inl=lambda e: e.case(inl=lambda p: inl(inr(p)), inr=lambda p: inl(inl(p))), inr=lambda n: n)

    return Monad((One + One) + Id, pointwise(inr), pointwise(swapped))


@challenge("P03", "M × X is a monad when M is a monoid, and conversely", quick=True)
def writer() -> Any:
    return [standard.writer(Monoid.variable("M")), *monoid_from_writer(lambda m, g, h: m.mult(g, h))]


@writer.twin("the converse without the associativity of the monad")
def _() -> Any:
    return monoid_from_writer(lambda m, g, h: m.mult(g, h), without="associativity")


def bare(model: Model) -> Model:
    """The operations of a model without its equations."""
    return Model(model.theory, model.carriers, model.operations)


def monoid_from_writer(product: Any, *, without: str = "nothing") -> list[Law]:
    """The equations of a monoid, given the equations of its writer monad at the one-point set."""
    free = Monoid.variable("M")
    plain = bare(free)
    monad = Monad(
        free.carrier * Id,
        pointwise(lambda x: (plain.unit, x)),
        pointwise(lambda p: (product(plain, p[0], p[1][0]), p[1][1])),
    )
    given = [law for law in laws_at(monad, One) if not law.name.startswith(without)]
    return [law.under(given) for law in plain.laws()]


def laws_at(monad: Monad, at: Ob) -> tuple[Law, ...]:
    """The three equations of a monad at one object."""
    t, eta, mu = monad.functor, monad.unit, monad.mult
    return (
        Law(f"left unit at {at}", eta[t(at)] >> mu[at], ident(t(at))),
        Law(f"right unit at {at}", t(eta[at]) >> mu[at], ident(t(at))),
        Law(f"associativity at {at}", t(mu[at]) >> mu[at], mu[t(at)] >> mu[at]),
    )


def opened(law: Law) -> list[Law]:
    """The components of a law between pairs and functions, each function at an arbitrary argument."""
    of = law.lhs.cod
    if isinstance(of, Product):
        projections = fst(of.left, of.right), snd(of.left, of.right)
        parts = [replace(law, name=f"{law.name}.{n}", lhs=law.lhs >> p, rhs=law.rhs >> p)
                 for n, p in enumerate(projections)]  # fmt: skip
        return [component for part in parts for component in opened(part)]
    if isinstance(of, Exponential):
        left, right = ((side * ident(of.exponent)) >> ev(of.exponent, of.base) for side in (law.lhs, law.rhs))
        return opened(Law(law.name, left, right, law.given))
    return [law]


@challenge("P04", "the functions of an environment, X^R, form a monad", quick=True)
def reader() -> Any:
    return standard.reader(R)


@reader.twin("with two environments, mult reads the inner function at the other one")
def _() -> Any:
    other = arrow(One + One, One + One)(lambda r: r.case(inl=inr, inr=inl))
    return Monad(Id ** (One + One), pointwise(lambda x: lambda _: x), pointwise(lambda f: lambda r: f(r)(other(r))))


@challenge("P05", "State, (S × X)^S, is a monad", quick=True)
def state() -> Any:
    return standard.state(S)


@state.twin("the state after the first program is forgotten")
def _() -> Any:
    return Monad((S * Id) ** S, pointwise(lambda x: lambda s: (s, x)), pointwise(lambda f: lambda s: f(s)[1](s)))


@challenge("P06", "continuations, R^(R^X), form a monad", quick=True)
def continuation() -> Any:
    return standard.continuation(R)


@continuation.twin("a continuation that answers always the same")
def _() -> Any:
    answer = generator("r", One, R)
    return Monad(R ** (R**Id), pointwise(lambda x: lambda k: k(x)), pointwise(lambda c: lambda k: answer(())))


@challenge("P12", "X² + X³ is a monad")
def squares_and_cubes() -> Any:
    return Monad(SQUARES_AND_CUBES, pointwise(lambda x: inl((x, x))), lambda x: _squares_and_cubes(x, (0, 1)))


@squares_and_cubes.twin("of two choices, the inner one is made first")
def _() -> Any:
    return Monad(SQUARES_AND_CUBES, pointwise(lambda x: inl((x, x))), lambda x: _squares_and_cubes(x, (1, 0)))


SQUARES_AND_CUBES = Id * Id + Id * Id * Id


def _squares_and_cubes(x: Ob, choices: tuple[int, int]) -> Arrow:
    """Read as X × (X + X²): the product of the identity with the monad of a value or a pair of values."""
    t, k = SQUARES_AND_CUBES, x + x * x
    first = arrow(t(x), x)(lambda e: e.case(inl=lambda p: p[0], inr=lambda p: p[0][0]))
    second = arrow(t(x), k)(lambda e: e.case(inl=lambda p: inl(p[1]), inr=lambda p: inr((p[0][1], p[1]))))
    pick = [arrow(k, x)(lambda e, i=i: e.case(inl=lambda y: y, inr=lambda p: p[i])) for i in choices]  # type: ignore[misc]
    both = arrow(x * k, t(x))(lambda p: p[1].case(inl=lambda y: inl((p[0], y)), inr=lambda q: inr((p[0], q[0], q[1]))))
    return arrow(t(t(x)), t(x))(
        lambda e: e.case(
            inl=lambda p: both(first(p[0]), second(p[1])),
            inr=lambda p: both(first(p[0][0]), inr((pick[0](second(p[0][1])), pick[1](second(p[1]))))),
        )
    )


@challenge("P13", "Z + W × X is a monad for a monoid W", quick=True)
def failing_writer() -> Any:
    return _failing_writer(lambda w, g, h: w.mult(g, h))


@failing_writer.twin("the inner log is dropped")
def _() -> Any:
    return _failing_writer(lambda w, g, h: g)


def _failing_writer(product: Any) -> Monad:
    w, (z,) = Monoid.variable("W"), atoms("Z")

    def join(outer: Any) -> Any:
        return outer.case(inl=inl, inr=lambda p: p[1].case(inl=inl, inr=lambda q: inr((product(w, p[0], q[0]), q[1]))))

    return Monad(z + w.carrier * Id, pointwise(lambda x: inr((w.unit, x))), pointwise(join), w.given)


# ---- commutativity ---------------------------------------------------------------------------------------------------


def commutativity(monad: Monad) -> Law:
    """The two orders in which two programs can be run agree: ``T A × T B → T (A × B)``."""
    t, both = monad.functor, A * B
    left = arrow(t(A) * t(B), t(both))(lambda p: monad.mult[both](t.map(lambda a: t.map(lambda b: (a, b), p[1]), p[0])))
    right = arrow(t(A) * t(B), t(both))(
        lambda p: monad.mult[both](t.map(lambda b: t.map(lambda a: (a, b), p[0]), p[1]))
    )
    return Law("commutativity", left, right, monad.given)


@challenge("P31", "Reader, Maybe, and Writer over a commutative monoid are commutative", quick=True)
def commutative_monads() -> Any:
    monads = standard.reader(R), standard.maybe(), standard.writer(commutative_monoid.variable("M"))
    return [commutativity(monad) for monad in monads]


@commutative_monads.twin("Writer over any monoid")
def _() -> Any:
    return commutativity(standard.writer(Monoid.variable("M")))


@challenge("R25", "State is a commutative monad", quick=True)
def state_commutes() -> Any:
    return commutativity(standard.state(S))


@state_commutes.twin("states that are only read")
def _() -> Any:
    return commutativity(standard.reader(S))


@challenge("R26", "E + X is commutative", quick=True)
def exceptions_commute() -> Any:
    return commutativity(standard.exceptions(E))


@exceptions_commute.twin("one exception")
def _() -> Any:
    return commutativity(standard.maybe())


@challenge("R27", "Writer is commutative over every monoid: at one-point sets, x y = y x", quick=True)
def writer_commutes() -> Any:
    return every_model_satisfies(monoid, "commutativity", commutative_operation, range(1, 5))


@writer_commutes.twin("over every commutative monoid")
def _() -> Any:
    return commutativity(standard.writer(commutative_monoid.variable("M")))


def commutative_operation(o: Any) -> Any:
    """``x y = y x`` as an equation of a theory."""
    (m,) = o.carriers
    return m * m, lambda p: o.mult(p[0], p[1]), lambda p: o.mult(p[1], p[0]), m


# ---- morphisms -------------------------------------------------------------------------------------------------------


@challenge("P45", "(A+B)⇒C ≅ (A⇒C)×(B⇒C), (A+B)×C ≅ A×C+B×C, A×B⇒C ≅ A⇒(B⇒C)", quick=True)
def isomorphisms() -> Any:
    return isomorphism_laws(swapped=False)


@isomorphisms.twin("A×A⇒C, with the arguments swapped on the way back")
def _() -> Any:
    return isomorphism_laws(swapped=True)


def isomorphism_laws(*, swapped: bool) -> list[Law]:
    """Both round trips of the three isomorphisms; with equal A and B the arguments of the last one can be swapped."""
    one, two = (A, A) if swapped else (A, B)
    pairs = [
        (
            arrow(C ** (A + B), C**A * C**B)(lambda f: (lambda a: f(inl(a)), lambda b: f(inr(b)))),
            arrow(C**A * C**B, C ** (A + B))(lambda p: lambda s: s.case(inl=lambda a: p[0](a), inr=lambda b: p[1](b))),
        ),
        (
            arrow((A + B) * C, A * C + B * C)(
                lambda p: p[0].case(inl=lambda a: inl((a, p[1])), inr=lambda b: inr((b, p[1])))
            ),
            case(inl(A, B) * ident(C), inr(A, B) * ident(C)),
        ),
        (
            arrow(C ** (one * two), (C**two) ** one)(lambda f: lambda a: lambda b: f(a, b)),
            arrow((C**two) ** one, C ** (one * two))(lambda f: lambda p: f(p[1])(p[0]) if swapped else f(p[0])(p[1])),
        ),
    ]
    return [
        law
        for n, (there, back) in enumerate(pairs, 1)
        for law in (
            Law(f"isomorphism {n}, there and back", there >> back, ident(there.dom)),
            Law(f"isomorphism {n}, back and there", back >> there, ident(there.cod)),
        )
    ]
