"""Laws of lists, trees and numerals that need more than one plain induction, and false ones beside them (T2.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catcore import (
    Functor,
    Id,
    Law,
    One,
    Zero,
    arrow,
    atoms,
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
    snd,
    unfold,
)
from catcore.structures.lists import LIST, append, cons, nil
from catcore_proofs import prove
from catcore_proofs.library.data import reverse
from catcore_proofs.shapes import refute_by_shapes

A, B, C = atoms("A B C")
N = mu(1 + Id)
TREE: Functor = functor(lambda x: mu(lambda y: 1 + x * (y * y)))
L, M, T = LIST(A), LIST(B), TREE(A)
ZERO, SUCC = inl(One, N) >> in_(N), inr(One, N) >> in_(N)
F, P = generator("f", A, B), generator("p", A, One + One)
H, WHERE = generator("h", A, A), generator("w", A, One + B)


def layer(fixed: Any, carrier: Any) -> Any:
    """One layer of a fixed point over another set."""
    return Functor(1, fixed.body)(carrier)


def recursive(dom: Any, parameter: Any, cod: Any, stop: Callable[..., Any], step: Callable[..., Any]) -> Any:
    """A function of two arguments by recursion on the first one; ``step`` is given the layer and the second one."""
    values = cod**parameter
    algebra = arrow(layer(dom, values), values)(
        lambda t: t.case(inl=lambda _: lambda y: stop(y), inr=lambda p: lambda y: step(p, y))
    )
    return arrow(dom * parameter, cod)(lambda p: fold(dom, algebra)(p[0])(p[1]))


def numeral(y: Any, zero: Callable[[], Any], after: Callable[[Any], Any]) -> Any:
    return out(N)(y).case(inl=lambda _: zero(), inr=after)


def listed(x: Any, y: Any, empty: Callable[[], Any], full: Callable[[Any], Any]) -> Any:
    return out(LIST(x))(y).case(inl=lambda _: empty(), inr=full)


PLUS = recursive(N, N, N, lambda y: y, lambda k, y: SUCC(k(y)))
MINUS = recursive(N, N, N, lambda y: y, lambda k, y: numeral(y, lambda: ZERO(()), k))  # the second less the first
LEAST = recursive(N, N, N, lambda _: ZERO(()), lambda k, y: numeral(y, lambda: ZERO(()), lambda m: SUCC(k(m))))


def length(x: Any) -> Any:
    return fold(LIST(x), arrow(1 + x * N, N)(lambda t: t.case(inl=lambda _: ZERO(()), inr=lambda p: SUCC(p[1]))))


def take(x: Any) -> Any:
    some = lambda k, y: listed(x, y, lambda: nil(x)(()), lambda p: cons(x)(p[0], k(p[1])))  # noqa: E731
    return recursive(N, LIST(x), LIST(x), lambda _: nil(x)(()), some)


def drop(x: Any) -> Any:
    return recursive(N, LIST(x), LIST(x), lambda y: y, lambda k, y: listed(x, y, lambda: nil(x)(()), lambda p: k(p[1])))


def zipped(x: Any, y: Any) -> Any:
    pairs = x * y
    return recursive(
        LIST(x), LIST(y), LIST(pairs), lambda _: nil(pairs)(()),
        lambda p, w: listed(y, w, lambda: nil(pairs)(()), lambda q: cons(pairs)((p[0], q[0]), p[1](q[1]))),
    )  # fmt: skip


ONTO = recursive(L, L, L, lambda y: y, lambda p, y: p[1](cons(A)(p[0], y)))  # the reverse, in front of a list
EMPTY, NODE = inl(One, A * (T * T)) >> in_(T), inr(One, A * (T * T)) >> in_(T)
MIRROR: Any = fold(
    T, arrow(layer(T, T), T)(lambda s: s.case(inl=lambda _: EMPTY(()), inr=lambda p: NODE(p[0], (p[1][1], p[1][0]))))
)
SIZE: Any = fold(
    T, arrow(layer(T, N), N)(
        lambda s: s.case(inl=lambda _: ZERO(()), inr=lambda p: SUCC(PLUS(p[1][0], p[1][1])))
    ),
)  # fmt: skip
LABELS: Any = fold(
    T, arrow(layer(T, L), L)(
        lambda s: s.case(inl=lambda _: nil(A)(()), inr=lambda p: append(A)(p[1][0], cons(A)(p[0], p[1][1])))
    ),
)  # fmt: skip
PASSING: Any = fold(
    L, arrow(1 + A * L, L)(
        lambda t: t.case(
            inl=lambda _: nil(A)(()),
            inr=lambda q: P(q[0]).case(inl=lambda _: cons(A)(q[0], q[1]), inr=lambda _: q[1]),
        )
    ),
)  # fmt: skip


def sought(best: Callable[[Any, Any], Any]) -> Any:
    """An element of a list, or none, chosen by what is done with the first element and what the rest has found."""
    return fold(
        L, arrow(1 + A * (1 + A), 1 + A)(lambda t: t.case(inl=lambda _: inl(()), inr=lambda q: best(q[0], q[1])))
    )


FIRST = sought(lambda a, _: inr(a))
HEAD_OF = fold(M, arrow(1 + B * (1 + B), 1 + B)(lambda t: t.case(inl=lambda _: inl(()), inr=lambda q: inr(q[0]))))
LAST = sought(lambda a, found: found.case(inl=lambda _: inr(a), inr=lambda b: inr(b)))
FOUND = sought(lambda a, found: P(a).case(inl=lambda _: inr(a), inr=lambda _: found))
EVERY: Any = fold(
    L, arrow(1 + A * (One + One), One + One)(
        lambda t: t.case(
            inl=lambda _: inl(()), inr=lambda q: P(q[0]).case(inl=lambda _: q[1], inr=lambda _: inr(()))
        )
    ),
)  # fmt: skip


def law(dom: Any, cod: Any, lhs: Callable[[Any], Any], rhs: Callable[[Any], Any]) -> Law:
    return Law("law", arrow(dom, cod)(lhs), arrow(dom, cod)(rhs))


TRUE = {
    "the least commutes": law(N * N, N, lambda z: LEAST(z[0], z[1]), lambda z: LEAST(z[1], z[0])),
    "differences of sums": law(N * N * N, N, lambda z: MINUS(z[0][0], MINUS(z[0][1], z[1])),
                               lambda z: MINUS(PLUS(z[0][0], z[0][1]), z[1])),
    "take and drop": law(N * L, L, lambda z: append(A)(take(A)(z[0], z[1]), drop(A)(z[0], z[1])), lambda z: z[1]),
    "take twice": law(N * N * L, L, lambda z: take(A)(z[0][0], take(A)(z[0][1], z[1])),
                      lambda z: take(A)(LEAST(z[0][0], z[0][1]), z[1])),
    "drop twice": law(N * N * L, L, lambda z: drop(A)(z[0][0], drop(A)(z[0][1], z[1])),
                      lambda z: drop(A)(PLUS(z[0][0], z[0][1]), z[1])),
    "length of a drop": law(N * L, N, lambda z: length(A)(drop(A)(z[0], z[1])),
                            lambda z: MINUS(z[0], length(A)(z[1]))),
    "take is natural": law(N * L, M, lambda z: LIST(F)(take(A)(z[0], z[1])), lambda z: take(B)(z[0], LIST(F)(z[1]))),
    "zips turn round": law(L * M, LIST(B * A), lambda z: LIST(arrow(A * B, B * A)(lambda w: (w[1], w[0])))(
        zipped(A, B)(z[0], z[1])), lambda z: zipped(B, A)(z[1], z[0])),
    "length of a zip": law(L * M, N, lambda z: length(A * B)(zipped(A, B)(z[0], z[1])),
                           lambda z: LEAST(length(A)(z[0]), length(B)(z[1]))),
    "an accumulator": law(L, L, lambda z: ONTO(z, nil(A)(())), lambda z: reverse(A)(z)),
    "an accumulator and what it holds": law(L * L, L, lambda z: ONTO(z[0], z[1]),
                                            lambda z: append(A)(reverse(A)(z[0]), z[1])),
    "filters of filters": Law("filter", PASSING >> PASSING, PASSING),
    "size of a mirrored tree": Law("size", MIRROR >> SIZE, SIZE),
    "labels of a mirrored tree": Law("labels", MIRROR >> LABELS, LABELS >> reverse(A)),
    "the first one from behind is the last one": Law("last", reverse(A) >> FIRST, LAST),
    "the last one from behind is the first one": Law("first", reverse(A) >> LAST, FIRST),
    "the first one that passes": Law("found", PASSING >> FIRST, FOUND),
    "what is found in an append": law(L * L, 1 + A, lambda z: FOUND(append(A)(z[0], z[1])),
                                      lambda z: FOUND(z[0]).case(inl=lambda _: FOUND(z[1]), inr=lambda a: inr(a))),
    "what two lists begin with, of images": law(
        L * L, 1 + B, lambda z: HEAD_OF(LIST(F)(append(A)(z[0], z[1]))),
        lambda z: FIRST(z[0]).case(inl=lambda _: FIRST(z[1]), inr=lambda a: inr(a)).case(
            inl=lambda _: inl(()), inr=lambda a: inr(F(a)))),
    "whether all pass, from behind": Law("every", reverse(A) >> EVERY, EVERY),
}  # fmt: skip
FALSE = {
    "the difference commutes": law(N * N, N, lambda z: MINUS(z[0], z[1]), lambda z: MINUS(z[1], z[0])),
    "take and drop, the other way round": law(
        N * L, L, lambda z: append(A)(drop(A)(z[0], z[1]), take(A)(z[0], z[1])), lambda z: z[1]
    ),
    "take twice is take of the sum": law(
        N * N * L,
        L,
        lambda z: take(A)(z[0][0], take(A)(z[0][1], z[1])),
        lambda z: take(A)(PLUS(z[0][0], z[0][1]), z[1]),
    ),
    "an accumulator keeps the order": law(L, L, lambda z: ONTO(z, nil(A)(())), lambda z: z),
    "mirrored labels": Law("labels", MIRROR >> LABELS, LABELS),
    "the first one from behind": Law("first", reverse(A) >> FIRST, FIRST),
    "what is found from behind": Law("found", reverse(A) >> FOUND, FOUND),
    "filters keep everything": Law("filter", PASSING, ident(L)),
    "filters take half of an append": law(
        L * L, L, lambda z: PASSING(append(A)(z[0], z[1])), lambda z: append(A)(z[0], PASSING(z[1]))
    ),
    "filters turn lists round": Law("filter", reverse(A) >> PASSING, PASSING),
    "filters after a map": Law("filter", LIST(H) >> PASSING, PASSING >> LIST(H)),
    "a map says where": Law("somewhere", LIST(WHERE), LIST(arrow(A, One + B)(lambda _: inl(())))),
}


@pytest.mark.parametrize("law", TRUE.values(), ids=TRUE)
def test_laws_of_data_are_proved(law) -> None:
    verdict = prove(law)

    assert verdict.evidence == "proved", str(verdict)


def test_answers_of_arbitrary_maps_are_part_of_a_counterexample():
    """``filter p (map h xs) = map h (filter p xs)`` fails where p says yes of h 0 and no of 0."""
    counterexample = prove(FALSE["filters after a map"]).counterexample

    assert counterexample is not None
    assert (counterexample.element, counterexample.lhs, counterexample.rhs) == ([0], ["h(0)"], [])
    assert {name: str(answer) for name, answer in counterexample.tables.items()} == {
        "p(h(0))": "inl •",
        "p(0)": "inr •",
    }


def test_an_arbitrary_map_never_answers_in_an_empty_set():
    """Of a map into ``1 + 0`` all values are equal, so what it decides is decided the same way everywhere."""
    only = generator("o", A, One + Zero)
    constant = Law("constant", only, arrow(A, One + Zero)(lambda _: inl(())))

    assert prove(Law("map", LIST(only), LIST(constant.rhs))).status != "fails"


STREAM = nu(lambda y: A * y)
COLIST = nu(lambda y: 1 + A * y)
TAIL = out(STREAM) >> snd(A, STREAM)
EVENS = unfold(STREAM, arrow(STREAM, A * STREAM)(lambda s: (out(STREAM)(s)[0], TAIL(TAIL(s)))))
SAME = unfold(STREAM, out(STREAM))
MAPPED = unfold(STREAM, arrow(STREAM, A * STREAM)(lambda s: (H(out(STREAM)(s)[0]), out(STREAM)(s)[1])))
COMAPPED = unfold(
    COLIST, arrow(COLIST, 1 + A * COLIST)(
        lambda s: out(COLIST)(s).case(inl=lambda _: inl(()), inr=lambda p: inr((H(p[0]), p[1])))
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("lhs", "rhs", "element", "values"),
    [
        (EVENS >> TAIL, TAIL >> EVENS, 0, "0.out.2.out.2.out.1 0.out.2.out.1"),
        (EVENS, ident(STREAM), 0, None),
        (MAPPED, ident(STREAM), 0, "h(0.out.1) 0.out.1"),
        (MAPPED >> MAPPED, MAPPED, 0, "h(h(0.out.1)) h(0.out.1)"),
        (COMAPPED, ident(COLIST), 0, None),
    ],
)  # fmt: skip
def test_false_laws_of_streams_differ_in_their_first_layers(lhs, rhs, element, values):
    counterexample = prove(lhs, rhs).counterexample

    assert counterexample is not None
    assert counterexample.element == element
    assert counterexample.lhs != counterexample.rhs
    if values is not None:
        assert f"{counterexample.lhs[0]} {counterexample.rhs[0]}" == values


def test_true_laws_of_streams_are_not_refuted():
    for lhs, rhs in ((SAME, ident(STREAM)), (SAME >> EVENS, EVENS), (MAPPED >> EVENS, EVENS >> MAPPED)):
        assert refute_by_shapes(Law("law", lhs, rhs)).counterexample is None
        assert prove(lhs, rhs).status == "holds"


@pytest.mark.parametrize("law", FALSE.values(), ids=FALSE)
def test_false_laws_of_data_are_refuted(law) -> None:
    verdict = prove(law)

    assert verdict.status == "fails", str(verdict)
    assert verdict.counterexample is not None


def test_the_smallest_list_that_an_accumulator_turns_round() -> None:
    verdict = prove(FALSE["an accumulator keeps the order"])

    assert verdict.counterexample is not None
    assert verdict.counterexample.element == [0, 1]


def test_a_filter_is_no_identity() -> None:
    assert prove(Law("filter", PASSING, ident(L))).status != "holds"
