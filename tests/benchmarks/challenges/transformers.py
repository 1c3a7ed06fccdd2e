"""Arbitrary monads: Kleisli triples, transformers, distributive laws, lenses, and morphisms."""

from __future__ import annotations

from typing import Any

from catcore import (
    Coalgebra,
    DistributiveLaw,
    Law,
    Monad,
    MonadMorphism,
    Monoid,
    One,
    arrow,
    atoms,
    case,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    pointwise,
    snd,
)
from catcore.arrows import Arrow
from catcore.categories import Kleisli
from catcore.objects import Ob
from catcore.structures import standard
from catcore.structures.standard import action_over, exceptions_over
from catcore.structures.transformers import (
    exception_transformer,
    product_monad,
    reader_transformer,
    state_transformer,
    writer_transformer,
)  # fmt: skip
from tests.benchmarks.challenges.lists import List, concat, cons, list_monad, nil, recursion, single
from tests.benchmarks.challenges.monads import bare, opened
from tests.benchmarks.challenges.rows import challenge

A, B, C, E, R, S, V, X = atoms("A B C E R S V X")


def any_monad(name: str = "T") -> Monad:
    """An arbitrary strong monad."""
    return Monad.variable(name, strong=True)


@challenge("P08", "the state transformer (T(S × X))^S is a monad for every strong monad T", quick=True)
def state_over() -> Any:
    return state_transformer(S, any_monad())


@state_over.twin("the program that follows starts from the first state again")
def _() -> Any:
    t = any_monad()
    correct = state_transformer(S, t)
    join = pointwise(lambda program: lambda start: t.bind(program(start), lambda p: p[1](start)))
    return Monad(correct.functor, correct.unit, join)


@challenge("P09", "the reader, writer and exception transformers give monads", quick=True)
def transformers() -> Any:
    t = any_monad()
    return [reader_transformer(R, t), writer_transformer(Monoid.variable("M"), t), exception_transformer(E, t)]


@transformers.twin("the writer transformer over a binary operation with a point")
def _() -> Any:
    free = Monoid.variable("M")
    return writer_transformer(bare(free), any_monad())


@challenge("P10", "the product of two monads is a monad, and the projections are morphisms", quick=True)
def products() -> Any:
    one, two = any_monad("T"), any_monad("U")
    both = product_monad(one, two)
    left = MonadMorphism(both, one, lambda x: fst(one(x), two(x)))
    right = MonadMorphism(both, two, lambda x: snd(one(x), two(x)))
    return [both, left, right]


@products.twin("of a monad with itself, where mult swaps the components")
def _() -> Any:
    t = any_monad("T")
    both = product_monad(t, t)
    return Monad(both.functor, both.unit, lambda x: both.mult[x] >> pair(snd(t(x), t(x)), fst(t(x), t(x))))


@challenge("P21", "a monad (η, μ) is a Kleisli triple, and a Kleisli triple is a monad")
def kleisli_triples() -> Any:
    from tests.benchmarks.challenges.typed import triple_gives_monad

    return [*_triple_laws(any_monad()), Kleisli(any_monad()), *triple_gives_monad()]


@kleisli_triples.twin("the triple without its associativity")
def _() -> Any:
    from tests.benchmarks.challenges.typed import triple_gives_monad

    return triple_gives_monad(without="associativity")


def _triple_laws(t: Monad) -> list[Law]:
    """The three equations of the extension ``f* = T f ; μ``."""
    f, g = generator("f", A, t(B)), generator("g", B, t(C))
    extend = t.extend
    return [
        Law("extension of the unit", extend(t.unit[A], A), ident(t(A))),
        Law("unit and extension", t.unit[A] >> extend(f, B), f),
        Law("extension of a composite", extend(f, B) >> extend(g, C), extend(f >> extend(g, C), C)),
    ]


# ---- distributive laws -----------------------------------------------------------------------------------------------


@challenge("P27", "Writer distributes over every strong monad by its strength", quick=True)
def writer_distributes() -> Any:
    return action_over(Monoid.variable("M"), any_monad())


@writer_distributes.twin("the log is replaced by the unit")
def _() -> Any:
    t, m = any_monad(), Monoid.variable("M")
    return DistributiveLaw(standard.writer(m), t, pointwise(lambda p: t.functor.map(lambda x: (m.unit(()), x), p[1])))


@challenge("P29", "E + X distributes over every monad", quick=True)
def exceptions_distribute() -> Any:
    return exceptions_over(E, any_monad())


@exceptions_distribute.twin("two exceptions change places")
def _() -> Any:
    t, e = any_monad(), One + One
    swapped = arrow(e, e)(lambda s: s.case(inl=inr, inr=inl))
    return DistributiveLaw(
        standard.exceptions(e), t, lambda x: case(swapped >> inl(e, x) >> t.unit[e + x], t(inr(e, x)))
    )


@challenge("P30", "sequence : List T → T List is a distributive law for a commutative strong monad T")
def sequence_distributes() -> Any:
    t = any_monad()
    return DistributiveLaw(list_monad(concat), Monad(t.functor, t.unit, t.mult, commuting(t)), sequence(t))


@sequence_distributes.twin("for every strong monad")
def _() -> Any:
    t = any_monad()
    return DistributiveLaw(list_monad(concat), t, sequence(t))


def sequence(t: Monad) -> Any:
    """Run a list of programs and collect their results."""

    def at(x: Ob) -> Arrow:
        return recursion(
            t(x), t(List(x)), lambda: t.unit[List(x)](nil(x)(())),
            lambda m, ms: t.bind(m, lambda a: t.functor.map(lambda rest: cons(x)(a, rest), ms)),
        )  # fmt: skip

    return at


def commuting(t: Monad) -> tuple[Law, ...]:
    """Two programs can be run in either order, at the objects where the proof needs it."""
    found = []
    for a, b in ((X, List(X)), (X, X), (List(X), List(X))):
        left = arrow(t(a) * t(b), t(a * b))(lambda p: t.bind(p[0], lambda x: t.functor.map(lambda y: (x, y), p[1])))
        right = arrow(t(a) * t(b), t(a * b))(lambda p: t.bind(p[1], lambda y: t.functor.map(lambda x: (x, y), p[0])))
        found.append(Law(f"commutativity at {a}, {b}", left, right))
    return tuple(found)


# ---- lenses and morphisms --------------------------------------------------------------------------------------------


def lens_laws(put: Arrow, get: Arrow) -> dict[str, Law]:
    """The laws of a lens ``get : S → V``, ``put : S × V → S``."""
    two = S * V * V
    return {
        "get put": Law("get put", arrow(S, S)(lambda s: put(s, get(s))), ident(S)),
        "put get": Law("put get", arrow(S * V, V)(lambda p: get(put(p))), snd(S, V)),
        "put put": Law(
            "put put", arrow(two, S)(lambda t: put(put(t[0][0], t[0][1]), t[1])),
            arrow(two, S)(lambda t: put(t[0][0], t[1])),
        ),
    }  # fmt: skip


def lens() -> tuple[Arrow, Arrow]:
    """An arbitrary pair of maps."""
    return generator("put", S * V, S), generator("get", S, V)


@challenge("P51", "a very well behaved lens is a coalgebra of Store, and conversely", quick=True)
def lenses() -> Any:
    return lenses_and_coalgebras(("get put", "put get", "put put"))


@lenses.twin("from two of the three laws")
def _() -> Any:
    return lenses_and_coalgebras(("get put", "put get"))


def lenses_and_coalgebras(names: tuple[str, ...]) -> list[Law]:
    """The coalgebra laws from the named lens laws, and all three lens laws from the coalgebra laws."""
    put, get = lens()
    laws = lens_laws(put, get)
    store = standard.store(V)
    coalgebra = Coalgebra(store, pointwise(lambda s: (get(s), lambda v: put(s, v))), S)
    given = tuple(laws[name] for name in names)
    there = [law.under(given) for law in coalgebra.laws()]
    components = [component for law in coalgebra.laws() for component in opened(law)]
    return [*there, *(law.under(components) for law in laws.values())]


@challenge("R38", "GetPut and PutGet imply PutPut", quick=True)
def put_put() -> Any:
    laws = lens_laws(*lens())
    return laws["put put"].under((laws["get put"], laws["put get"]))


@put_put.twin("PutPut implies itself")
def _() -> Any:
    laws = lens_laws(*lens())
    return laws["put put"].under(tuple(laws.values()))


@challenge("P56", "morphisms of monads: Z+A → 1+A, Writer → continuations, Maybe → List, Id → T", quick=True)
def morphisms() -> Any:
    (z,) = atoms("Z")
    forgetful = MonadMorphism(
        standard.exceptions(z), standard.maybe(), lambda x: case(arrow(z, 1 + x)(lambda _: inl(())), inr(One, x))
    )
    return [forgetful, _writer_to_continuations("left"), _maybe_to_list(), _unit(any_monad())]


@morphisms.twin("the log is multiplied on the other side")
def _() -> Any:
    return _writer_to_continuations("right")


def _writer_to_continuations(side: str) -> MonadMorphism:
    m = Monoid.variable("W")
    w = m.carrier

    def run(p: Any) -> Any:
        return lambda k: m.mult(p[0], k(p[1])) if side == "left" else m.mult(k(p[1]), p[0])

    return MonadMorphism(standard.writer(m), standard.continuation(w), pointwise(run))


def _maybe_to_list() -> MonadMorphism:
    return MonadMorphism(standard.maybe(), list_monad(concat), lambda x: case(nil(x), single(x)))


def _unit(t: Monad) -> MonadMorphism:
    return MonadMorphism(standard.identity_monad(), t, t.unit)
