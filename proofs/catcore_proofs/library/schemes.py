"""Recursion schemes do what their clauses say, and nothing else does (THEORY T2.5, T3.1, T3.4; Meertens 1992)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from catcore.arrows import Arrow, case, fold, fst, generator, ident, in_, inl, inr, out, pair, snd, unfold
from catcore.datatypes.accumulations import (
    HandDown,
    accumulate,
    accumulate_law,
    fold_left,
    map_accumulate,
    scan,
    scan_right,
    stepping,
)
from catcore.datatypes.hylomorphisms import hylo
from catcore.datatypes.schemes import apo, histo, history, latest, mutu, para, zygo
from catcore.functors import Functor, Id
from catcore.laws import Law
from catcore.objects import Ob, atoms, mu, nu
from catcore.structures.lists import LIST
from catcore.tracing import trace
from catcore_proofs.library.theorem import Theorem

A, B, C, S, Z = atoms("A B C S Z")
SHAPES = {"lists": 1 + C * Id, "numerals": 1 + Id, "trees": C + Id * Id, "reading trees": C + Id**S}


def theorems() -> Iterator[Theorem]:
    """Each scheme over four shapes of data, the last one with functions in it."""
    schemes = {"paramorphisms": paramorphisms, "zygomorphisms": zygomorphisms, "mutual recursion": mutual_recursion,
               "histomorphisms": histomorphisms}  # fmt: skip
    for name, shape in SHAPES.items():
        for title, laws in schemes.items():
            yield Theorem(f"{title} over {name}", "T2.5", partial(laws, shape))
        yield Theorem(f"unfolds to {name}", "T3.1", partial(unfolds, shape))
        yield Theorem(f"hylomorphisms over {name}", "T3.4", partial(hylomorphisms, shape))
    for name, down in {"lists": by_steps, "trees": by_paths}.items():
        yield Theorem(f"accumulations over {name}", "T2.5; Pardo 2003", partial(accumulations, SHAPES[name], down))
    for name in ("lists", "numerals", "trees"):
        yield Theorem(f"scans over {name}", "T2.5; Gibbons 1991", partial(scans, SHAPES[name]))
    yield Theorem("scans of lists", "T2.5, T3.2", list_scans)
    for name in ("lists", "numerals", "trees"):
        yield Theorem(f"apomorphisms to {name}", "T2.5", partial(apomorphisms, SHAPES[name]))


def paramorphisms(layer: Functor) -> tuple[Law, ...]:
    """The clause of a paramorphism, its uniqueness, fusion, and folds as paramorphisms."""
    fixed = mu(layer)
    a, b = generator("a", layer(fixed * A), A), generator("b", layer(fixed * Z), Z)
    found, g, h = para(fixed, a), generator("g", A, Z), generator("h", fixed, A)
    plain = generator("c", layer(A), A)

    def clause(f: Arrow) -> Law:
        return Law("clause", in_(fixed) >> f, layer(pair(ident(fixed), f)) >> a)

    respects = Law("g is a homomorphism", a >> g, layer(ident(fixed) * g) >> b)
    return (
        clause(found),
        Law("uniqueness", h, found, (clause(h),)),
        Law("fusion", found >> g, para(fixed, b), (respects,)),
        Law("folds", para(fixed, layer(snd(fixed, A)) >> plain), fold(fixed, plain)),
    )


def zygomorphisms(layer: Functor) -> tuple[Law, ...]:
    """The clause of a zygomorphism, and its uniqueness."""
    fixed = mu(layer)
    helper, a = generator("b", layer(B), B), generator("a", layer(B * A), A)
    found, h = zygo(fixed, helper, a), generator("h", fixed, A)

    def clause(f: Arrow) -> Law:
        return Law("clause", in_(fixed) >> f, layer(pair(fold(fixed, helper), f)) >> a)

    return clause(found), Law("uniqueness", h, found, (clause(h),))


def mutual_recursion(layer: Functor) -> tuple[Law, ...]:
    """The two clauses of functions that call each other, and their uniqueness (Fokkinga 1989)."""
    fixed = mu(layer)
    a, b = generator("a", layer(A * B), A), generator("b", layer(A * B), B)
    both = mutu(fixed, a, b)
    h, k = generator("h", fixed, A), generator("k", fixed, B)

    def clauses(f: Arrow, g: Arrow) -> tuple[Law, Law]:
        calls = layer(pair(f, g))
        return Law("first clause", in_(fixed) >> f, calls >> a), Law("second clause", in_(fixed) >> g, calls >> b)

    return *clauses(both >> fst(A, B), both >> snd(A, B)), Law("uniqueness", pair(h, k), both, clauses(h, k))


def histomorphisms(layer: Functor) -> tuple[Law, ...]:
    """The clause of a histomorphism, which sees the histories of the branches."""
    fixed, past = mu(layer), history(mu(layer), A)
    a = generator("a", layer(past), A)
    remember = fold(fixed, pair(a, ident(layer(past))) >> in_(past))
    return (Law("clause", in_(fixed) >> histo(fixed, a), layer(remember) >> a),)


def accumulations(layer: Functor, down: HandDown) -> tuple[Law, ...]:
    """The clause of an accumulation, and its uniqueness."""
    fixed = mu(layer)
    a, h = generator("a", S * layer(A), A), generator("h", S * fixed, A)
    opened = pair(fst(S, layer(fixed)), snd(S, layer(fixed)) >> in_(fixed))
    rest = pair(fst(S, layer(fixed)), down(fixed) >> layer(h)) >> a
    return (
        accumulate_law(fixed, a, down),
        Law("uniqueness", h, accumulate(fixed, a, down), (Law("clause", opened >> h, rest),)),
    )


def by_steps(x: Ob) -> Arrow:
    """A list hands down the accumulator after one more item."""
    return stepping(generator("step", S * C, S))(x)


def by_paths(x: Ob) -> Arrow:
    """A tree hands down what became of the accumulator on the way, to the left or to the right."""
    left, right = generator("left", S, S), generator("right", S, S)
    return trace(
        lambda p: p[1].case(inl=lambda c: inl(c), inr=lambda q: inr(((left(p[0]), q[0]), (right(p[0]), q[1])))),
        S * (C + x * x),
        C + (S * x) * (S * x),
    )


def scans(layer: Functor) -> tuple[Law, ...]:
    """The newest value of a scan is that of the fold."""
    fixed, a = mu(layer), generator("a", layer(A), A)
    return (Law("newest", scan(fixed, a) >> latest(history(fixed, A)), fold(fixed, a)),)


def list_scans() -> tuple[Law, ...]:
    """The first value of a scan from the right is the fold, and states are accumulated by a fold from the left."""
    a, cell = generator("a", 1 + C * A, A), generator("cell", S * C, S * B)
    head = trace(lambda x: out(LIST(A))(x).case(inl=lambda u: inl(u), inr=lambda p: inr(p[0])), LIST(A), 1 + A)
    return (
        Law("first", scan_right(a) >> head, fold(LIST(C), a) >> inr(1, A)),
        Law("states", map_accumulate(cell) >> fst(S, LIST(B)), fold_left(cell >> fst(S, B))),
    )


def unfolds(layer: Functor) -> tuple[Law, ...]:
    """The uniqueness of unfolds, and fusion: a homomorphism before an unfold gives another one."""
    final = nu(layer)
    c, d = generator("c", S, layer(S)), generator("d", Z, layer(Z))
    h, g = generator("h", S, final), generator("g", Z, S)
    respects = Law("h is a homomorphism", h >> out(final), c >> layer(h))
    before = Law("g is a homomorphism", g >> c, d >> layer(g))
    return (
        Law("uniqueness", h, unfold(final, c), (respects,)),
        Law("fusion", g >> unfold(final, c), unfold(final, d), (before,)),
    )


def hylomorphisms(layer: Functor) -> tuple[Law, ...]:
    """The clause of a hylomorphism of a recursive coalgebra, its uniqueness, fusion on both sides, and deforestation.

    Where c has a plan ``p = c ; F p ; in``, the unfolding of c is the plan seen as an element of the greatest fixed
    point, and ``hylo(a, c)`` is the fold of the plan.
    """
    a, b, c, d = (
        generator(*ends) for ends in (("a", layer(A), A), ("b", layer(B), B), ("c", S, layer(S)), ("d", Z, layer(Z)))
    )
    f, g, k = generator("f", A, B), generator("g", Z, S), generator("k", S, A)
    h, least, greatest = hylo(layer, a, c), mu(layer), nu(layer)
    after, before = Law("f is a homomorphism", a >> f, layer(f) >> b), Law("g is one", g >> c, d >> layer(g))
    return (
        Law("clause", h, c >> layer(h) >> a),
        Law("uniqueness", k, h, (Law("k is a solution", k, c >> layer(k) >> a),)),
        Law("fusion after", h >> f, hylo(layer, b, c), (after,)),
        Law("fusion before", g >> h, hylo(layer, a, d), (before,)),
        Law("deforestation", h, h.plan >> fold(least, a)),
        Law("the plan unfolded", h.plan >> unfold(greatest, out(least)), unfold(greatest, c)),
    )


def apomorphisms(layer: Functor) -> tuple[Law, ...]:
    """The clause of an apomorphism, and its uniqueness."""
    final: Ob = nu(layer)
    c, h = generator("c", S, layer(final + S)), generator("h", S, final)
    found = apo(nu(layer), c)

    def clause(f: Arrow) -> Law:
        return Law("clause", f >> out(final), c >> layer(case(ident(final), f)))

    return clause(found), Law("uniqueness", h, found, (clause(h),))
