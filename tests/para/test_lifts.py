"""Strengths (AS1–AS4), the lift of functors and monads to Para, and mutants of each (T4.4)."""

from __future__ import annotations

import pytest

from catcore import (
    Const,
    FinSet,
    Functor,
    Id,
    Monad,
    Monoid,
    ParaMap,
    TwoCell,
    Zero,
    atoms,
    functor,
    generator,
    inl,
    inr,
    mu,
    nu,
    pointwise,
    terminal,
)
from catcore.arrows import fst, ident, out, pair, strength, unfold
from catcore.datatypes.free import free_monad
from catcore.errors import IllTyped
from catcore.para import Cocartesian, Lift, ParaMonad, StrongFunctor, StrongMonad, identity_cell
from catcore.structures import standard
from catcore.structures.lists import LIST, list_monad, nil
from catcore_proofs import verify

A, B, E, I, O, P, Q, S, X, Y = atoms("A B E I O P Q S X Y")
FUNCTORS = [
    Id, Const(A), 1 + A * Id, A + Id * Id, 1 + A * Id * Id, O * Id, (O * Id) ** I, O * Id**I,
    A * (1 + Id ** FinSet(2)), Zero * Id, Functor.variable("T", strong=True),
]  # fmt: skip
MONADS = [
    standard.identity_monad(), standard.maybe(), standard.exceptions(E), standard.reader(E), standard.state(S),
    standard.writer(Monoid.variable("M")), standard.continuation(E), Monad.variable("T", strong=True),
]  # fmt: skip


@pytest.mark.parametrize("shape", FUNCTORS, ids=str)
def test_t4_4_strengths_of_polynomial_functors_are_proved(shape):
    report = verify(StrongFunctor(shape))
    assert [v.law for v in report] == ["natural in X", "natural in P", "AS1", "AS2"]
    assert {v.evidence for v in report} == {"proved"}
    assert all(v.certificate for v in report)


@pytest.mark.parametrize("data", [LIST, functor(lambda x: mu(lambda y: x + y * y))], ids=str)
def test_t4_4_strengths_of_data_types_are_proved_by_induction(data):
    for claim in (StrongFunctor(data), Lift(data)):
        assert {v.evidence for v in verify(claim)} == {"proved"}
    assert {v.evidence for v in verify(StrongMonad(list_monad()))} == {"proved"}


TREES = functor(lambda x: mu(lambda y: x + y * y))
STREAMS = functor(lambda x: nu(lambda y: x * y))
T, U = (Functor.variable(name, strong=True) for name in "TU")
AROUND = {
    "T(List X)": lambda x: T(LIST(x)),
    "List(T X)": lambda x: LIST(T(x)),
    "T(A × List X + X)": lambda x: T(A * LIST(x) + x),
    "T(U(trees))": lambda x: T(U(TREES(x))),
    "T(List(List X))": lambda x: T(LIST(LIST(x))),
    "List(T(List X))": lambda x: LIST(T(LIST(x))),
    "(T(List X))^E": lambda x: T(LIST(x)) ** E,
    "streams": STREAMS,
    "behaviour of Mealy machines": lambda x: nu(lambda y: (x * y) ** I),
    "streams that may end": lambda x: nu(lambda y: O + x * y * y),
    "T(streams)": lambda x: T(STREAMS(x)),
    "A × streams + X": lambda x: A * STREAMS(x) + x,
}


@pytest.mark.parametrize("body", AROUND.values(), ids=AROUND)
def test_t4_4_strengths_of_arbitrary_functors_and_of_streams_are_proved(body):
    for claim in (StrongFunctor(functor(body)), Lift(functor(body))):
        report = verify(claim)
        assert {v.evidence for v in report} == {"proved"}, report


def test_a_strength_around_data_that_drops_what_is_inside_is_refused():
    around = functor(lambda x: T(LIST(x)))
    dropping = StrongFunctor(around, lambda p, x: strength(T, p, LIST(x)) >> T(terminal(p * LIST(x)) >> nil(p * x)))
    report = verify(dropping)
    assert report["AS1"].status == "fails"
    assert report["natural in X"].status == "holds"


def test_a_strength_of_streams_that_forgets_where_it_is_is_refused():
    def stuck(p, x):
        head = out(STREAMS(x)) >> fst(x, STREAMS(x))
        return (ident(p) * head) >> unfold(STREAMS(p * x), pair(ident(p * x), ident(p * x)))

    report = verify(StrongFunctor(STREAMS, stuck))
    assert (report["AS1"].status, report["AS1"].evidence) == ("fails", "exhaustive")
    assert ".out.2.out.1" in str(report["AS1"].counterexample)  # the second item parts
    assert {v.law for v in report if v.status == "holds"} == {"natural in X", "natural in P", "AS2"}


INSIDE = [
    1 + LIST, LIST + Id, A * LIST, A + LIST * LIST, 1 + A * TREES, LIST**A, LIST(1 + Id), LIST(LIST), TREES(A + LIST),
    functor(lambda a: mu(lambda x: a * LIST(x))),
]  # fmt: skip


@pytest.mark.parametrize("shape", INSIDE, ids=str)
def test_t4_4_strengths_of_data_inside_sums_products_powers_and_data_are_proved(shape):
    for claim in (StrongFunctor(shape), Lift(shape)):
        report = verify(claim)
        assert {v.evidence for v in report} == {"proved"}, report
        assert all(v.certificate for v in report)


@pytest.mark.parametrize("monad", [list_monad(), free_monad(1 + A * Id), free_monad(Id * Id), standard.state(LIST(A))])
def test_t4_4_monads_of_data_lift_with_as3_and_as4(monad):
    for claim in (StrongMonad(monad), ParaMonad(monad)):
        report = verify(claim)
        assert {v.evidence for v in report} == {"proved"}, report


def test_a_strength_that_swaps_inside_a_sum_is_refuted():
    backwards = StrongFunctor(1 + Id * Id, pointwise_pairs(_turned))
    report = verify(backwards)
    assert report["AS1"].status == "fails"
    assert report["AS1"].counterexample is not None


def _turned(p, t):
    return t.case(inl=lambda _: inl(()), inr=lambda x: inr(((p, x[1]), (p, x[0]))))


@pytest.mark.parametrize("shape", FUNCTORS, ids=str)
def test_t4_4_lifts_are_2_functors(shape):
    report = verify(Lift(shape))
    assert {v.evidence for v in report} == {"proved"}, report


@pytest.mark.parametrize("monad", MONADS, ids=str)
def test_t4_4_strong_monads_and_their_2_monads(monad):
    strong, lifted = verify(StrongMonad(monad)), verify(ParaMonad(monad))
    assert {v.evidence for v in strong} == {"proved"}, strong
    assert strong["AS3"].certificate
    assert strong["AS4"].certificate
    assert {v.evidence for v in lifted} == {"proved"}, lifted
    assert lifted["unit is natural in parametric maps"].ok


def test_a_strength_that_forgets_is_refuted():
    # of 1 + X: everything goes to the left, which is natural but drops the value
    forgets = StrongFunctor(1 + Id, pointwise_pairs(lambda p, t: inl(())))
    report = verify(forgets)
    assert report["AS1"].status == "fails"
    assert report["AS1"].counterexample is not None


def test_a_strength_that_swaps_the_branches_is_refuted():
    mixed = StrongFunctor(Id * Id, pointwise_pairs(lambda p, t: ((p, t[1]), (p, t[0]))))
    report = verify(mixed)
    assert report["AS1"].status == "fails"
    assert report["natural in X"].ok


def test_a_strength_that_breaks_as3_is_refuted():
    # of the writer over a monoid: the word is doubled, which is a strength of the functor after AS1 only for trivial M
    m = Monoid.variable("M")
    doubled = StrongMonad(standard.writer(m), pointwise_pairs(lambda p, t: (m.mult(t[0], t[0]), (p, t[1]))))
    report = verify(doubled)
    assert report.status == "fails"
    assert report["AS4"].ok


def pointwise_pairs(function):
    """A strength said on elements."""
    return pointwise(lambda t: function(t[0], t[1]))


def test_the_lift_of_maps_with_several_parameters():
    f = ParaMap((Q, P), generator("f", Q * (P * X), Y))
    lifted = Lift(1 + A * Id)(f)
    assert (lifted.params, lifted.dom, lifted.cod) == ((Q, P), 1 + A * X, 1 + A * Y)
    cell = TwoCell(generator("r", B, P), ParaMap(P, generator("f", P * X, Y)), B)
    assert verify(Lift(A + Id * Id)(cell)).ok
    assert Lift(1 + Id)(X) is 1 + X
    assert Lift(1 + Id)(generator("u", X, Y)).params == ()
    assert Lift(1 + Id)(identity_cell(f)).source == Lift(1 + Id)(f)


def test_refusals():
    plus = ParaMap(P, generator("f", P + X, Y), Cocartesian())
    with pytest.raises(IllTyped, match="parametric maps of sets"):
        Lift(1 + Id)(plus)
    with pytest.raises(IllTyped, match="strength at P"):
        StrongFunctor(1 + Id, lambda p, x: terminal(p)).at(P, X)
