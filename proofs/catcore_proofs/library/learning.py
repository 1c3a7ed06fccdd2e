"""Learning: lenses, optics, the reverse derivative as a functor, learners and closed forms (THEORY §5)."""

from __future__ import annotations

from collections.abc import Iterator

from catcore.arrows import Arrow, fst, generator, ident, pair, snd, terminal
from catcore.categories.smooth import constant, smooth
from catcore.laws import Law
from catcore.learning import (
    Learner,
    Lens,
    LensMap,
    Optic,
    ParaReverse,
    ReverseFunctor,
    dreaming_step,
    of_lens,
    reverse_derivative,
)
from catcore.learning.lenses import generic_lenses
from catcore.learning.losses import constant_rate, dot_product
from catcore.learning.optimisers import ascent
from catcore.objects import Ob, R, atoms
from catcore.para.maps import ParaMap
from catcore.tracing import trace
from catcore_proofs.library.theorem import Theorem

A, B, C, D, S, M, N = atoms("A B C D S M N")


def reversed_arrow(name: str, a: Ob, b: Ob) -> Arrow:
    """The reverse derivative of an arbitrary arrow of that name."""
    return generator(f"R[{name}]", a * b, a)


def axioms() -> tuple[Law, ...]:
    """RD1, RD3, RD4 and RD5 at arbitrary arrows, as the reverse derivative computes them."""
    f, g, h = generator("f", A, B), generator("g", B, C), generator("h", A, C)
    k = generator("k", A, B)
    backs = {name: reversed_arrow(name, *ends) for name, ends in {"f": (A, B), "g": (B, C), "h": (A, C)}.items()}
    plus_b, plus_a = generator("+", B * B, B), generator("+", A * A, A)
    back_k = reversed_arrow("k", A, B)
    place = fst(A, B * C)
    left, right = (
        pair(place, snd(A, B * C) >> fst(B, C)) >> backs["f"],
        pair(place, snd(A, B * C) >> snd(B, C)) >> backs["h"],
    )
    return (
        Law("RD1", reverse_derivative(pair(f, k) >> plus_b), pair(backs["f"], back_k) >> plus_a),
        Law("RD3", reverse_derivative(ident(A)), snd(A, A)),
        Law("RD4", reverse_derivative(pair(f, h)), pair(left, right) >> plus_a),
        Law("RD5", reverse_derivative(f >> g), pair(fst(A, C), (f * ident(C)) >> backs["g"]) >> backs["f"]),
    )


def optics() -> tuple[Law, ...]:
    """A composite of optics gives the composite of their lenses, and sliding along the residual changes nothing."""
    f, g, _ = generic_lenses()
    both = of_lens(f) >> of_lens(g)
    forth, back, r = generator("l", A, M * B), generator("r", N * C, D), generator("s", M, N)
    slid = Optic(N, forth >> (r * ident(B)), back), Optic(M, forth, (r * ident(C)) >> back)
    return (
        Law("get of a composite", both.get, (f >> g).get),
        Law("put of a composite", both.put, (f >> g).put),
        Law("sliding, get", slid[0].get, slid[1].get),
        Law("sliding, put", slid[0].put, slid[1].put),
    )


def lawful_view() -> LensMap:
    """The lens that views and replaces the first component of a pair."""
    return LensMap(fst(A, S), trace(lambda x: (x[1], x[0][1]), (A * S) * A, A * S))


def learners() -> tuple[Law, ...]:
    """Composition of learners is associative, up to the bracketing of parameters."""
    p, q, s = atoms("P Q W")
    f, g, h = (
        Learner(generator(n, w * x, y), generator(f"{n}ᵁ", w * (x * y), w), generator(f"{n}ʳ", w * (x * y), x))
        for n, w, x, y in (("f", p, A, B), ("g", q, B, C), ("h", s, C, D))
    )
    left, right = (f >> g) >> h, f >> (g >> h)
    turn = trace(lambda x: (((x[0][0], x[0][1][0]), x[0][1][1]), x[1]), left.request.dom, right.request.dom)
    back = trace(lambda x: (x[0][0], (x[0][1], x[1])), right.parameters, left.parameters)
    return (
        Law("request", left.request, turn >> right.request),
        Law("update", left.update, turn >> right.update >> back),
    )


def dreaming() -> tuple[Law, ...]:
    """Deep dreaming in closed form, ``a + π₂ R[f](p, a, α t)``: the prediction has no part in it (T5.9)."""
    point, label, weights = R(2), R(3), R(4)
    f = generator("f", weights * point, label)
    step = dreaming_step(ParaMap(weights, f), dot_product(label), constant_rate("1/10"), ascent(point)).arrow
    back, add = reverse_derivative(f), smooth("add", point * point)
    alpha = terminal(step.dom) >> constant("1/10") >> smooth("fill", R(), (3,))
    given = trace(lambda x: x[0][1], step.dom, label)
    pull = pair(alpha, given) >> smooth("multiply", label * label)
    places = trace(lambda x: (x[0][0], x[1][1]), step.dom, weights * point)
    moved = pair(places, pull) >> back >> snd(weights, point)
    old = trace(lambda x: x[1][1], step.dom, point)
    return (Law("closed form of dreaming", step, pair(terminal(step.dom), pair(old, moved) >> add)),)


def theorems() -> Iterator[Theorem]:
    """Lenses and what they are for."""
    yield Theorem("lenses form a monoidal category", "T5.1", Lens)
    yield Theorem("a lens that views a component is lawful", "T5.1", lawful_view)
    yield Theorem("optics compose as lenses do", "T5.2", optics)
    yield Theorem("axioms of the reverse derivative", "T5.3", axioms)
    yield Theorem("the reverse derivative is a functor to lenses", "T5.4", ReverseFunctor)
    yield Theorem("parametric chain rule", "T5.4", ParaReverse)
    yield Theorem("deep dreaming in closed form", "T5.9", dreaming)
    yield Theorem("learners compose associatively", "T5.11", learners)
