"""Comonads, streams, and the universal properties of initial algebras and final coalgebras."""

from __future__ import annotations

from typing import Any

from catcore import (
    Comonad,
    Functor,
    Id,
    Law,
    Monad,
    Monoid,
    One,
    arrow,
    atoms,
    case,
    fold,
    functor,
    generator,
    ident,
    in_,
    inl,
    inr,
    mu,
    nu,
    out,
    pointwise,
    unfold,
)
from catcore.arrows import Arrow
from catcore.objects import Ob
from catcore.structures import standard
from tests.benchmarks.challenges.monads import bare, opened
from tests.benchmarks.challenges.rows import challenge

A, B, C, E, S, X, Y, Z = atoms("A B C E S X Y Z")
Stream: Functor = functor(lambda X: nu(lambda Y: X * Y))


@challenge("P15", "Store, S × X^S, is a comonad", quick=True)
def store() -> Any:
    return standard.store(S)


@store.twin("the counit reads the table at a fixed place")
def _() -> Any:
    given = standard.store(S)
    place = generator("s", One, S)
    return Comonad(given.functor, pointwise(lambda p: p[1](place(()))), given.comult)


@challenge("P16", "E × X and X^M, for a monoid M, are comonads", quick=True)
def environment_and_traced() -> Any:
    return [standard.coreader(E), standard.traced(Monoid.variable("M"))]


@environment_and_traced.twin("X^M for a binary operation with a point")
def _() -> Any:
    free = Monoid.variable("M")
    return standard.traced(bare(free))


# ---- streams ---------------------------------------------------------------------------------------------------------


def head(x: Ob) -> Arrow:
    """The first element."""
    return arrow(Stream(x), x)(lambda s: out(Stream(x))(s)[0])


def rest(x: Ob) -> Arrow:
    """All but the first element."""
    return arrow(Stream(x), Stream(x))(lambda s: out(Stream(x))(s)[1])


def grown(seed: Ob, x: Ob, first: Any, then: Any) -> Arrow:
    """The stream that starts with ``first(seed)`` and goes on from ``then(seed)``."""
    return unfold(Stream(x), arrow(seed, x * seed)(lambda s: (first(s), then(s))))


def tails(x: Ob) -> Arrow:
    """All tails, the whole stream first."""
    return grown(Stream(x), Stream(x), lambda s: s, lambda s: rest(x)(s))


@challenge("P20", "streams with head and iterated tails are a comonad", quick=True)
def streams() -> Any:
    return Comonad(Stream, head, tails)


@streams.twin("tails that start with the first tail")
def _() -> Any:
    return Comonad(Stream, head, lambda x: grown(Stream(x), Stream(x), lambda s: rest(x)(s), lambda s: rest(x)(s)))


@challenge("P42", "merging evens and odds, iterating a map, fusing an unfold", quick=True)
def stream_laws() -> Any:
    return _stream_laws(lambda s: s)


@stream_laws.twin("evens and odds are merged in the other order")
def _() -> Any:
    return _stream_laws(lambda s: (s[1], s[0]))


def _stream_laws(order: Any) -> list[Law]:
    of = Stream(X)
    evens = grown(of, X, lambda s: head(X)(s), lambda s: rest(X)(rest(X)(s)))
    odds = rest(X) >> evens
    merge = grown(of * of, X, lambda p: head(X)(p[0]), lambda p: (p[1], rest(X)(p[0])))
    parts = arrow(of, of * of)(lambda s: order((evens(s), odds(s))))
    f = generator("f", X, X)
    iterate = grown(X, X, lambda x: x, lambda x: f(x))
    step, other, h = generator("c", Y, X * Y), generator("d", Z, X * Z), generator("h", Y, Z)
    fusion = Law("h is a homomorphism", step >> (ident(X) * h), h >> other)
    return [
        Law("merge of evens and odds", parts >> merge, ident(of)),
        Law("map after iterate", iterate >> Stream(f), iterate >> rest(X)),
        Law("unfold fusion", h >> unfold(of, other), unfold(of, step), tuple(opened(fusion))),
    ]


# ---- initial algebras ------------------------------------------------------------------------------------------------

LAYERS: dict[str, Functor] = {
    "numbers": 1 + Id,
    "lists": 1 + A * Id,
    "trees": A + Id * Id,
    "wide trees": 1 + A * Id ** (One + One),
}


def fixed_point(layer: Functor) -> Ob:
    """The carrier of the initial algebra."""
    return mu(lambda Y: layer(Y))


@challenge("P35", "fold fusion: h ∘ f = g ∘ F h implies h ∘ fold f = fold g, for four polynomial functors")
def fold_fusion() -> Any:
    return [_fusion(name, layer, given=True) for name, layer in LAYERS.items()]


@fold_fusion.twin("without the hypothesis")
def _() -> Any:
    return [_fusion(name, layer, given=False) for name, layer in LAYERS.items()]


def _fusion(name: str, layer: Functor, *, given: bool) -> Law:
    f, g, h = generator("f", layer(B), B), generator("g", layer(C), C), generator("h", B, C)
    hypothesis = Law("h is a homomorphism", f >> h, layer(h) >> g)
    of = fixed_point(layer)
    return Law(f"fusion on {name}", fold(of, f) >> h, fold(of, g), (hypothesis,) if given else ())


@challenge("P37", "Lambek: the constructor of an initial algebra is an isomorphism, for four functors")
def lambek() -> Any:
    layers = {**LAYERS, "wide trees": 1 + A * (Id * Id)}
    return [law for name, layer in layers.items() for law in _lambek(name, layer)]


@lambek.twin("on trees, with the branches swapped on the way back")
def _() -> Any:
    layer = LAYERS["trees"]
    of = fixed_point(layer)
    turned = arrow(layer(of), layer(of))(lambda e: e.case(inl=lambda a: inl(a), inr=lambda p: inr((p[1], p[0]))))
    return Law("out and in", out(of) >> turned >> in_(of), ident(of))


def _lambek(name: str, layer: Functor) -> list[Law]:
    of = fixed_point(layer)
    return [
        Law(f"in and out on {name}", in_(of) >> out(of), ident(layer(of))),
        Law(f"out and in on {name}", out(of) >> in_(of), ident(of)),
    ]


@challenge("P40", "free monads μY. X + F Y: the monad laws, and extensions are unique, for two functors")
def free_monads() -> Any:
    found: list[Any] = []
    for layer in (A * Id, Id * Id):
        found += [free_monad(layer), _extension_is_unique(layer)]
    return found


@free_monads.twin("an extension that does not respect the variables")
def _() -> Any:
    return _extension_is_unique(Id * Id, respects_variables=False)


def free_monad(layer: Functor) -> Monad:
    """Terms over variables, with substitution."""
    terms: Functor = functor(lambda x: mu(lambda y: x + layer(y)))

    def unit(x: Ob) -> Arrow:
        return inl(x, layer(terms(x))) >> in_(terms(x))

    def join(x: Ob) -> Arrow:
        return fold(terms(terms(x)), case(ident(terms(x)), inr(x, layer(terms(x))) >> in_(terms(x))))

    return Monad(terms, unit, join)


def _extension_is_unique(layer: Functor, *, respects_variables: bool = True) -> Law:
    of = mu(lambda y: X + layer(y))
    f, g, h = generator("f", X, B), generator("g", layer(B), B), generator("h", of, B)
    variables = Law("h extends f", inl(X, layer(of)) >> in_(of) >> h, f)
    operations = Law("h is a homomorphism", inr(X, layer(of)) >> in_(of) >> h, layer(h) >> g)
    given = (variables, operations) if respects_variables else (operations,)
    return Law(f"unique extension over {layer}", h, fold(of, case(f, g)), given)


@challenge("P43", "a distributive law λ : F B → B F gives one map μF → νB from both structures, for three pairs")
def bialgebras() -> Any:
    return [_bialgebra(layer, observed) for layer, observed in _pairs()]


@bialgebras.twin("the two structures come from different distributive laws")
def _() -> Any:
    return _bialgebra(1 + Id, A * Id, alike=False)


def _pairs() -> list[tuple[Functor, Functor]]:
    return [(1 + Id, A * Id), (C + Id * Id, A * Id), (1 + Id, Id**E)]


def _bialgebra(layer: Functor, observed: Functor, *, alike: bool = True) -> Law:
    """``fold`` of the algebra on νB, and ``unfold`` of the coalgebra on μF, for λ given pointwise."""
    terms, behaviours = mu(lambda y: layer(y)), nu(lambda y: observed(y))
    law = _law(layer, observed)
    algebra = unfold(behaviours, layer(out(behaviours)) >> law(behaviours))
    coalgebra = fold(terms, law_on(layer, observed, law if alike else _law(layer, observed, mixes=True), terms))
    return Law(f"two maps, {layer} and {observed}", fold(terms, algebra), unfold(behaviours, coalgebra))


def law_on(layer: Functor, observed: Functor, law: Any, terms: Ob) -> Arrow:
    """The algebra ``F B μF → B F μF → B μF``."""
    return law(terms) >> observed(in_(terms))


def _law(layer: Functor, observed: Functor, *, mixes: bool = False) -> Any:
    """A distributive law of ``layer`` over ``observed``, with arbitrary constants; ``mixes`` shows another head."""
    start = generator("a", One, A)
    mixed = generator("m", A * A, A)

    def at(x: Ob) -> Arrow:
        fx, bx = layer(observed(x)), observed(layer(x))
        if observed == Id**E:
            return arrow(fx, bx)(lambda t: lambda e: t.case(inl=lambda u: inl(u), inr=lambda f: inr(f(e))))
        if layer == 1 + Id:
            return arrow(fx, bx)(
                lambda t: (
                    t.case(inl=lambda _: start(()), inr=lambda p: mixed(p[0], p[0]) if mixes else p[0]),
                    t.case(inl=lambda u: inl(u), inr=lambda p: inr(p[1])),
                )
            )
        constant = generator("k", C, A)
        return arrow(fx, bx)(
            lambda t: (
                t.case(inl=lambda c: constant(c), inr=lambda p: mixed(p[0][0], p[1][0])),
                t.case(inl=lambda c: inl(c), inr=lambda p: inr((p[0][1], p[1][1]))),
            )
        )

    return at
