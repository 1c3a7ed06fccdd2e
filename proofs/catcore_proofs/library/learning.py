"""Learning: lenses, optics, the reverse derivative as a functor, learners and closed forms (THEORY §5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

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
    supervised_step,
)
from catcore.learning.learners import Rules, functoriality, learner_of
from catcore.learning.lenses import generic_lenses
from catcore.learning.losses import constant_rate, dot_product, quadratic, softmax_cross_entropy
from catcore.learning.optimisers import ascent, nesterov
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


MODEL = generator("f", R(4) * R(2), R(3))
CLOSED = ParaMap(R(4), MODEL)


def of_steps(x: Any) -> tuple[Any, Any, Any]:
    """Input, label and state with weights, out of the domain of a step."""
    return x[0][0], x[0][1], x[1]


def rate_of(number: str) -> Any:
    """A constant covector of the label's shape."""
    return (constant(number) >> smooth("fill", R(), (3,)))(())


def scaled_error(prediction: Any, label: Any) -> Any:
    """``α (y − t)``, the covector of the quadratic loss."""
    vector = R(3) * R(3)
    return smooth("multiply", vector)(rate_of("-1/10"), smooth("subtract", vector)(prediction, label))


def halves_double() -> Law:
    """``2 ((½ u) d) = u d`` for a number u, the arithmetic that the quadratic loss needs."""
    vector, whole = R(3), R() * R(3)
    half, twice, times = smooth("times", R(), "1/2"), smooth("times", vector, 2), smooth("multiply", vector * vector)
    fill = smooth("fill", R(), (3,))
    left = trace(lambda x: twice(times(fill(half(x[0])), x[1])), whole, vector)
    return Law("twice a half", left, trace(lambda x: times(fill(x[0]), x[1]), whole, vector))


def descent_in_closed_form() -> tuple[Law, ...]:
    """``p + π₁ R[f](p, a, α (f(p, a) − t))``: descent on the quadratic loss (T5.8)."""
    step = supervised_step(CLOSED, quadratic(R(3)), constant_rate("-1/10"), ascent(R(4))).arrow
    back, add = reverse_derivative(MODEL), smooth("add", R(4) * R(4))

    def closed(x: Any) -> Any:
        a, t, (_, p) = of_steps(x)
        return (), add(p, back((p, a), scaled_error(MODEL(p, a), t))[0])

    return (Law("descent", step, trace(closed, step.dom, step.cod), (halves_double(),)),)


def nesterov_in_closed_form() -> tuple[Law, ...]:
    """``s' = γ s + π₁ R[f](p + γ s, a, α (f(p + γ s, a) − t))``, and the weights ``p + s'`` (T5.8)."""
    step = supervised_step(CLOSED, quadratic(R(3)), constant_rate("-1/10"), nesterov(R(4), gamma="9/10")).arrow
    back, add, kept = reverse_derivative(MODEL), smooth("add", R(4) * R(4)), smooth("times", R(4), "9/10")

    def closed(x: Any) -> Any:
        a, t, (s, p) = of_steps(x)
        ahead = add(p, kept(s))
        new = add(kept(s), back((ahead, a), scaled_error(MODEL(ahead, a), t))[0])
        return new, add(p, new)

    return (Law("Nesterov's momentum", step, trace(closed, step.dom, step.cod), (halves_double(),)),)


def cross_entropy_in_closed_form() -> tuple[Law, ...]:
    """``p + π₁ R[f](p, a, α ((Σ t) softmax f(p, a) − t))``: descent on the cross-entropy (T5.8)."""
    step = supervised_step(CLOSED, softmax_cross_entropy(R(3)), constant_rate("-1/10"), ascent(R(4))).arrow
    vector = R(3)
    back, add = reverse_derivative(MODEL), smooth("add", R(4) * R(4))
    times, minus = smooth("multiply", vector * vector), smooth("subtract", vector * vector)
    plus, spread, total = smooth("add", vector * vector), smooth("repeat", R(), 0, 3), smooth("sum", vector, 0)
    scalar, alpha = smooth("multiply", R() * R()), constant("-1/10")
    negative, fill = smooth("negative", R()), smooth("fill", R(), (3,))

    def printed(x: Any) -> Any:
        (u, s), (soft, t) = x
        return plus(times(spread(scalar(u, s)), soft), times(fill(negative(u)), t))

    def factored(x: Any) -> Any:
        (u, s), (soft, t) = x
        return times(fill(u), minus(times(spread(s), soft), t))

    whole = (R() * R()) * (vector * vector)
    arithmetic = Law("u s σ + (− u) t = u (s σ − t)", trace(printed, whole, vector), trace(factored, whole, vector))

    def closed(x: Any) -> Any:
        a, t, (_, p) = of_steps(x)
        error = factored(((alpha(()), total(t)), (smooth("softmax", vector)(MODEL(p, a)), t)))
        return (), add(p, back((p, a), error)[0])

    return (Law("cross-entropy", step, trace(closed, step.dom, step.cod), (arithmetic,)),)


def descent() -> tuple[Law, ...]:
    """Descent is a monoidal functor from maps to learners, for any error with an inverse and any step (T5.11)."""

    def entrywise(name: str) -> Callable[[Ob, Any, Any], Any]:
        return lambda ob, x, y: generator(name, ob * ob, ob)(x, y)

    rules = Rules(entrywise("∂e"), entrywise("∂e⁻"), entrywise("step"))
    return functoriality(lambda f: learner_of(f, rules), rules.slope, rules.wanted)


def theorems() -> Iterator[Theorem]:
    """Lenses and what they are for."""
    yield Theorem("lenses form a monoidal category", "T5.1", Lens)
    yield Theorem("a lens that views a component is lawful", "T5.1", lawful_view)
    yield Theorem("optics compose as lenses do", "T5.2", optics)
    yield Theorem("axioms of the reverse derivative", "T5.3", axioms)
    yield Theorem("the reverse derivative is a functor to lenses", "T5.4", ReverseFunctor)
    yield Theorem("parametric chain rule", "T5.4", ParaReverse)
    yield Theorem("deep dreaming in closed form", "T5.9", dreaming)
    yield Theorem("descent on the quadratic loss in closed form", "T5.8", descent_in_closed_form)
    yield Theorem("Nesterov's momentum in closed form", "T5.8", nesterov_in_closed_form)
    yield Theorem("descent on the cross-entropy in closed form", "T5.8", cross_entropy_in_closed_form)
    yield Theorem("gradient descent is a functor to learners", "T5.11", descent)
    yield Theorem("learners compose associatively", "T5.11", learners)
