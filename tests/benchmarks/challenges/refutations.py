"""False claims about functors, monads and categories; what is false of every structure is found by looking at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore import (
    FinSet,
    Functor,
    Id,
    Law,
    Monad,
    One,
    arrow,
    atoms,
    cyclic,
    generator,
    ident,
    inl,
    inr,
    pointwise,
    terminal,
)
from catcore.functors import Const, NaturalTransformation
from catcore.laws import PointwiseLaw
from catcore.structures import standard
from tests.benchmarks.challenges.rows import Exists, challenge

A, B, P, Q, R, S, V, X = atoms("A B P Q R S V X")


def monad_structures(functor: Functor) -> Callable[[], int]:
    """How many monad structures a polynomial functor has."""
    from catcore_proofs.census import count_monads

    return lambda: int(count_monads(functor).count)


def laws_over(inner: Callable[[], Monad], outer: Callable[[], Monad]) -> Callable[[], int]:
    """How many distributive laws there are."""
    from catcore_proofs.census import count_distributive_laws

    return lambda: int(count_distributive_laws(inner(), outer()).count)


def value_or_pair() -> Monad:
    """``X + X²``: a value, or a choice that reads a place, where two choices read the same place."""

    def join(e: Any) -> Any:
        pick = lambda k, i: k.case(inl=lambda x: x, inr=lambda p: p[i])  # noqa: E731 - one line is what it is
        return e.case(inl=lambda k: k, inr=lambda p: inr((pick(p[0], 0), pick(p[1], 1))))

    return Monad(Id + Id * Id, pointwise(lambda x: inl(x)), pointwise(join))


@challenge("R14", "1 + X² is the functor of a monad", quick=True)
def one_plus_squares() -> Any:
    return Exists("monad structure on 1 + X^2", monad_structures(1 + Id**2))


@one_plus_squares.twin("1 + X")
def _() -> Any:
    return Exists("monad structure on 1 + X", monad_structures(1 + Id))


@challenge("R15", "2 + X² or 1 + X³ is the functor of a monad")
def more_sums() -> Any:
    functors = {"2 + X^2": 2 + Id**2, "1 + X^3": 1 + Id**3}
    counts = [monad_structures(f) for f in functors.values()]
    return Exists(f"monad structure on {' or '.join(functors)}", lambda: sum(count() for count in counts))


@more_sums.twin("X + X²")
def _() -> Any:
    return Exists("monad structure on X + X^2", monad_structures(Id + Id**2))


@challenge("R16", "the composite of two monads is a monad: Maybe after Reader over two points", quick=True)
def composite() -> Any:
    functor = standard.maybe().functor(standard.reader(FinSet(2)).functor)
    return Exists("monad structure on the composite", monad_structures(functor))


@composite.twin("Reader after Maybe")
def _() -> Any:
    functor = standard.reader(FinSet(2)).functor(standard.maybe().functor)
    return Exists("monad structure on the composite", monad_structures(functor))


@challenge("R18", "X + X² distributes over Maybe", quick=True)
def distributes() -> Any:
    return Exists("distributive law of X + X^2 over 1 + X", laws_over(value_or_pair, standard.maybe))


@distributes.twin("Maybe over X + X²")
def _() -> Any:
    return Exists("distributive law of 1 + X over X + X^2", laws_over(standard.maybe, value_or_pair))


@challenge("R23", "the sum of two monads is a monad: the terminal one and Reader over two points", quick=True)
def sum_of_monads() -> Any:
    return Exists("monad structure on the sum", monad_structures(Const(1) + standard.reader(FinSet(2)).functor))


@sum_of_monads.twin("of the identity and a constant")
def _() -> Any:
    return Exists("monad structure on the sum", monad_structures(Const(1) + Id))


@challenge("R52", "distributive laws are unique when they exist: Writer Z2 over 2 + X", quick=True)
def uniqueness() -> Any:
    z2, two = standard.writer(cyclic(2)), standard.exceptions(FinSet(2))
    return Exists("distributive law", laws_over(lambda: z2, lambda: two), unique=True)


@uniqueness.twin("over 1 + X")
def _() -> Any:
    return Exists("distributive law", laws_over(lambda: standard.writer(cyclic(2)), standard.maybe), unique=True)


@challenge("R19", "sending a set of sets to the images of its choice functions is natural")
def choices() -> Any:
    return _choices(3)


@choices.twin("from at most two points to two")
def _() -> Any:
    return _choices(2)


def _choices(points: int) -> PointwiseLaw:
    """``{A_i} ↦ {f(I) : f a choice}`` against maps to two points, for every set of subsets and every map."""
    import itertools as it

    def subsets(of: Any) -> list[Any]:
        elements = sorted(of, key=repr)
        return [frozenset(c) for n in range(len(elements) + 1) for c in it.combinations(elements, n)]

    def image(f: dict[int, int], of: Any) -> Any:
        return frozenset(f[x] for x in of)

    def chosen(sets: Any) -> Any:
        return frozenset(frozenset(c) for c in it.product(*map(sorted, sets)))

    ranges = [
        (sets, f)
        for n in range(points + 1)
        for sets in subsets(subsets(range(n)))
        for values in it.product(range(2), repeat=n)
        for f in [dict(enumerate(values))]
    ]
    return PointwiseLaw(
        "naturality", ranges, lambda p: chosen(frozenset(image(p[1], a) for a in p[0])),
        lambda p: frozenset(image(p[1], a) for a in chosen(p[0])), "exhaustive",
    )  # fmt: skip


# ---- structures that are no monads or comonads -----------------------------------------------------------------------


@challenge("R32", "A × V × V with ((a,u₁,u₂),v₁,v₂) ↦ (a,v₂,v₁) is associative", quick=True)
def swapped_logs() -> Any:
    return _logs(lambda inner, v, w: (inner[0], w, v))[1]


@swapped_logs.twin("the outer pair is kept as it is")
def _() -> Any:
    return _logs(lambda inner, v, w: (inner[0], v, w))[1]


def _logs(join: Any) -> list[Law]:
    """The naturality and the associativity of a multiplication on ``X × V × V``; no unit is claimed."""
    t = Id * V * V
    mult = NaturalTransformation(t(t), t, pointwise(lambda p: _flat(join(_halves(p[0][0]), p[0][1], p[1]))), "mult")
    return [*mult.laws(), Law("associativity", t(mult[X]) >> mult[X], mult[t(X)] >> mult[X])]


def _halves(p: Any) -> Any:
    return p[0][0], p[0][1], p[1]


def _flat(p: Any) -> Any:
    return p


@challenge("R34", "X + G X with the right injection of G's unit is a monad, for G = X^E", quick=True)
def wrong_unit() -> Any:
    return _value_or(lambda x: inr(lambda _: x))


@wrong_unit.twin("the left injection")
def _() -> Any:
    return _value_or(lambda x: inl(x))


def _value_or(unit: Any) -> Monad:
    (e,) = atoms("E")

    def join(outer: Any) -> Any:
        return outer.case(inl=lambda k: k, inr=lambda g: inr(lambda s: g(s).case(inl=lambda x: x, inr=lambda h: h(s))))

    return Monad(Id + Id**e, pointwise(unit), pointwise(join))


@challenge("R43", "f f = f for every f : 1 + 1 → 1 + 1", quick=True)
def endomaps() -> Any:
    f = generator("f", One + One, One + One)
    return Law("idempotence", f >> f, f)


@endomaps.twin("f f f = f")
def _() -> Any:
    f = generator("f", One + One, One + One)
    return Law("thrice is once", f >> f >> f, f)


@challenge("R48", "a constant functor is a monad, whatever unit and multiplication it has", quick=True)
def constants() -> Any:
    (z,) = atoms("Z")
    unit, mult = generator("u", One, z), generator("m", z, z)
    return Monad(Const(z), lambda x: terminal(x) >> unit, lambda x: mult)


@constants.twin("the constant one")
def _() -> Any:
    return Monad(Const(One), terminal, lambda x: ident(One))


@challenge("R49", "the unit of every monad is injective: two maps that it makes equal are equal", quick=True)
def units_are_mono() -> Any:
    f, g = generator("f", A, X), generator("g", A, X)
    unit = Monad(Const(One), terminal, lambda x: ident(One)).unit
    return Law("cancelling the unit", f, g, (Law("equal after the unit", f >> unit[X], g >> unit[X]),))


@units_are_mono.twin("the unit of Maybe")
def _() -> Any:
    f, g = generator("f", One, X), generator("g", One, X)
    split = arrow(One + X, X)(lambda m: m.case(inl=lambda _: f(()), inr=lambda x: x))
    unit = standard.maybe().unit
    hypothesis = Law("equal after the unit", f >> unit[X] >> split, g >> unit[X] >> split)
    return Law("cancelling the unit", f, g, (hypothesis,))


@challenge("R50", "the tensor of the Kleisli category of State is a bifunctor", quick=True)
def premonoidal() -> Any:
    return interchange_of(standard.state(S))


@premonoidal.twin("of Reader")
def _() -> Any:
    return interchange_of(standard.reader(S))


def interchange_of(monad: Monad) -> Law:
    """``(f ⊗ 1) ; (1 ⊗ g) = (1 ⊗ g) ; (f ⊗ 1)`` in the Kleisli category."""
    a, b, c, d = atoms("A B C D")
    t = monad.functor
    f, g = generator("f", a, t(c)), generator("g", b, t(d))
    left = arrow(a * b, t(c * d))(
        lambda p: monad.mult[c * d](t.map(lambda x: t.map(lambda y: (x, y), g(p[1])), f(p[0])))
    )
    right = arrow(a * b, t(c * d))(
        lambda p: monad.mult[c * d](t.map(lambda y: t.map(lambda x: (x, y), f(p[0])), g(p[1])))
    )
    return Law("interchange", left, right)
