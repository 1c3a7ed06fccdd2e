"""Lists, numerals and streams: maps by folds, laws by induction and coinduction (THEORY T2.2–T2.4, T3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from catcore.arrows import Arrow, fold, fst, generator, ident, in_, out, pair, snd, unfold
from catcore.functors import Functor, Id, functor
from catcore.laws import Law
from catcore.objects import Ob, atoms, mu, nu
from catcore.structures.lists import LIST, append, list_monad, nil, single
from catcore.structures.monads import Comonad
from catcore.tracing import trace
from catcore_proofs.library.theorem import Theorem

A, B, C = atoms("A B C")
STREAM: Functor = functor(lambda x: nu(lambda y: x * y))


def reverse(x: Ob) -> Arrow:
    """The list turned round."""
    lists = LIST(x)
    step = trace(
        lambda t: t.case(inl=lambda _: nil(x), inr=lambda p: append(x)(p[1], single(x)(p[0]))), 1 + x * lists, lists
    )
    return fold(lists, step)


def list_laws() -> tuple[Law, ...]:
    """Functoriality, the monoid of lists, and reversal."""
    lists, join, turn = LIST(A), append(A), reverse(A)
    f, g = generator("f", A, B), generator("g", B, C)
    three = lists * lists * lists
    return (
        Law("map of the identity", LIST(ident(A)), ident(lists)),
        Law("map of a composite", LIST(f >> g), LIST(f) >> LIST(g)),
        Law("append to nothing", trace(lambda xs: join(nil(A), xs), lists, lists), ident(lists)),
        Law("append nothing", trace(lambda xs: join(xs, nil(A)), lists, lists), ident(lists)),
        Law(
            "append is associative",
            trace(lambda t: join(join(t[0][0], t[0][1]), t[1]), three, lists),
            trace(lambda t: join(t[0][0], join(t[0][1], t[1])), three, lists),
        ),
        Law("map distributes over append", join >> LIST(f), (LIST(f) * LIST(f)) >> append(B)),
        Law("reversing twice", turn >> turn, ident(lists)),
        Law("reverse of append", join >> turn, trace(lambda p: join(turn(p[1]), turn(p[0])), lists * lists, lists)),
        Law("reverse is natural", turn >> LIST(f), LIST(f) >> reverse(B)),
    )


def fusion(fixed_functor: Functor) -> tuple[Law, ...]:
    """Fold fusion: ``a ; h = F(h) ; b`` gives ``fold a ; h = fold b`` (T2.4), and the uniqueness of folds."""
    fixed = mu(fixed_functor)
    a, b, h = generator("a", fixed_functor(A), A), generator("b", fixed_functor(B), B), generator("h", A, B)
    premise = Law("h is a homomorphism", a >> h, fixed_functor(h) >> b)
    k = generator("k", fixed, A)
    algebra_map = Law("k is a homomorphism", in_(fixed) >> k, fixed_functor(k) >> a)
    return (
        Law("fusion", fold(fixed, a) >> h, fold(fixed, b), (premise,)),
        Law("uniqueness", k, fold(fixed, a), (algebra_map,)),
    )


def banana_split(layer: Functor) -> tuple[Law, ...]:
    """Two folds in one: ``⟨fold a, fold b⟩ = fold ⟨F π₁ ; a, F π₂ ; b⟩`` (T2.4; Fokkinga 1992)."""
    fixed = mu(layer)
    a, b = generator("a", layer(A), A), generator("b", layer(B), B)
    both = pair(layer(fst(A, B)) >> a, layer(snd(A, B)) >> b)
    return (Law("banana split", pair(fold(fixed, a), fold(fixed, b)), fold(fixed, both)),)


def lambek(layer: Functor) -> tuple[Law, ...]:
    """The constructor of an initial algebra is an isomorphism (T2.3; Lambek 1968).

    The homomorphism of the initial algebra into ``F(in)`` is its inverse; so ``out`` is the fold of ``F(in)``.
    """
    fixed = mu(layer)
    inverse = generator("l", fixed, layer(fixed))
    respects = Law("l is a homomorphism", in_(fixed) >> inverse, layer(inverse >> in_(fixed)))
    return (
        Law("one way round", inverse >> in_(fixed), ident(fixed), (respects,)),
        Law("the other way round", in_(fixed) >> inverse, ident(layer(fixed)), (respects,)),
        Law("opened and closed", out(fixed) >> in_(fixed), ident(fixed)),
        Law("closed and opened", in_(fixed) >> out(fixed), ident(layer(fixed))),
    )


def stream_comonad() -> Comonad:
    """Head, and the stream of tails."""

    def tails(x: Ob) -> Arrow:
        step = trace(lambda s: (s, out(STREAM(x))(s)[1]), STREAM(x), STREAM(x) * STREAM(x))
        return unfold(STREAM(STREAM(x)), step)

    return Comonad(STREAM, lambda x: trace(lambda s: out(STREAM(x))(s)[0], STREAM(x), x), tails)


def theorems() -> Iterator[Theorem]:
    """Lists, Lambek, fusion and uniqueness of folds, banana split, streams."""
    yield Theorem("lists", "T2.3", list_laws)
    yield Theorem("list monad", "T1.4", list_monad)
    shapes = {"lists": 1 + C * Id, "numerals": 1 + Id, "trees": C + Id * Id, "labelled trees": 1 + C * (Id * Id)}
    for name, shape in shapes.items():
        yield Theorem(f"Lambek's lemma for {name}", "T2.3", partial(lambek, shape))
        yield Theorem(f"fusion over {name}", "T2.4", partial(fusion, shape))
        yield Theorem(f"banana split over {name}", "T2.4", partial(banana_split, shape))
    f, g = generator("f", A, B), generator("g", B, C)
    yield Theorem(
        "streams are a functor",
        "T3.1",
        lambda: (
            Law("map of the identity", STREAM(ident(A)), ident(STREAM(A))),
            Law("map of a composite", STREAM(f >> g), STREAM(f) >> STREAM(g)),
        ),
    )
    yield Theorem("stream comonad", "T1.7", stream_comonad)
