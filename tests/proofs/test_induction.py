"""Lists by induction, streams by coinduction, arbitrary monads by normal forms; and attacks on each (T2.3, T3.1)."""

from __future__ import annotations

import copy

import pytest

from catcore import (
    Comonad,
    FinSet,
    Id,
    Law,
    Monad,
    One,
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
    unfold,
)
from catcore.categories import Kleisli
from catcore.equivariance import Monoid
from catcore.structures.standard import action_over, exceptions_over
from catcore.structures.transformers import (
    exception_transformer,
    product_monad,
    reader_transformer,
    state_transformer,
    writer_transformer,
)
from catcore_proofs import prove, verify
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import replay

A, B, C, S, E = atoms("A B C S E")
LIST = functor(lambda x: mu(lambda y: 1 + x * y))
STREAM = functor(lambda x: nu(lambda y: x * y))


def nil(x):
    return inl(One, x * LIST(x)) >> in_(LIST(x))


def cons(x):
    return inr(One, x * LIST(x)) >> in_(LIST(x))


def single(x):
    return arrow(x, LIST(x))(lambda a: cons(x)(a, nil(x)))


def append(x):
    """``xs ++ ys`` as a fold of xs into functions of ys."""
    lists = LIST(x)
    step = arrow(1 + x * lists**lists, lists**lists)(
        lambda t: t.case(inl=lambda _: lambda ys: ys, inr=lambda p: lambda ys: cons(x)(p[0], p[1](ys)))
    )
    return arrow(lists * lists, lists)(lambda p: fold(lists, step)(p[0])(p[1]))


def concat(x):
    lists = LIST(x)
    step = arrow(1 + lists * lists, lists)(lambda t: t.case(inl=lambda _: nil(x), inr=lambda p: append(x)(p[0], p[1])))
    return fold(LIST(lists), step)


def reverse(x):
    lists = LIST(x)
    step = arrow(1 + x * lists, lists)(
        lambda t: t.case(inl=lambda _: nil(x), inr=lambda p: append(x)(p[1], single(x)(p[0])))
    )
    return fold(lists, step)


L = LIST(A)
F, G = generator("f", A, B), generator("g", B, C)
JOIN, TURN = append(A), reverse(A)
ASSOCIATIVE = Law(
    "associativity of append",
    arrow(L * L * L, L)(lambda t: JOIN(JOIN(t[0][0], t[0][1]), t[1])),
    arrow(L * L * L, L)(lambda t: JOIN(t[0][0], JOIN(t[0][1], t[1]))),
)
TRUE = {
    "map of the identity": Law("map id", LIST(ident(A)), ident(L)),
    "map of a composite": Law("map composite", LIST(F >> G), LIST(F) >> LIST(G)),
    "append nil": Law("append nil", arrow(L, L)(lambda xs: JOIN(xs, nil(A))), ident(L)),
    "append is associative": ASSOCIATIVE,
    "map distributes over append": Law("map append", JOIN >> LIST(F), (LIST(F) * LIST(F)) >> append(B)),
    "reversing twice": Law("reverse twice", TURN >> TURN, ident(L)),
    "reverse of append": Law(
        "reverse append", JOIN >> TURN, arrow(L * L, L)(lambda p: JOIN(TURN(p[1]), TURN(p[0])))
    ),
}  # fmt: skip
FALSE = {
    "reverse is the identity": (Law("r", TURN, ident(L)), [0, 1]),
    "append commutes": (Law("c", JOIN, arrow(L * L, L)(lambda p: JOIN(p[1], p[0]))), ([0], [1])),
    "reverse of append, in the same order": (
        Law("ra", JOIN >> TURN, arrow(L * L, L)(lambda p: JOIN(TURN(p[0]), TURN(p[1])))),
        ([0], [1]),
    ),
    "append the first list twice": (Law("d", arrow(L, L)(lambda xs: JOIN(xs, xs)), ident(L)), [0]),
}


@pytest.mark.parametrize("law", TRUE.values(), ids=TRUE)
def test_lists_by_induction(law) -> None:
    verdict = prove(law)

    assert (verdict.status, verdict.evidence) == ("holds", "proved"), str(verdict)


@pytest.mark.parametrize(("law", "element"), FALSE.values(), ids=FALSE)
def test_the_smallest_lists_refute(law, element) -> None:
    verdict = prove(law)

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert verdict.counterexample.element == element


def test_lists_form_a_monad() -> None:
    """T1.4: the list monad with concatenation, all five laws proved."""
    assert {v.evidence for v in verify(Monad(LIST, single, concat))} == {"proved"}


def test_concatenation_in_reverse_is_no_monad() -> None:
    """The right unit law parts at [0, 1], associativity at [[[0]], [[1]]], and nothing smaller parts."""
    report = verify(Monad(LIST, single, lambda x: reverse(LIST(x)) >> concat(x)))
    unit, associativity = report["right unit"].counterexample, report["associativity"].counterexample

    assert unit is not None
    assert (unit.element, unit.lhs, unit.rhs) == ([0, 1], [1, 0], [0, 1])
    assert associativity is not None
    assert associativity.element == [[[0]], [[1]]]


def test_streams_form_a_comonad() -> None:
    """T1.7: head and iterated tails, by coinduction."""

    def tails(x):
        return unfold(STREAM(STREAM(x)), arrow(STREAM(x), STREAM(x) * STREAM(x))(lambda s: (s, out(STREAM(x))(s)[1])))

    def head(x):
        return arrow(STREAM(x), x)(lambda s: out(STREAM(x))(s)[0])

    assert {v.evidence for v in verify(Comonad(STREAM, head, tails))} == {"proved"}
    skewed = Comonad(STREAM, lambda x: arrow(STREAM(x), x)(lambda s: out(STREAM(x))(out(STREAM(x))(s)[1])[0]), tails)
    assert not verify(skewed).ok


def test_a_false_equation_of_streams_is_not_proved() -> None:
    s = STREAM(A)
    constant = unfold(s, arrow(s, A * s)(lambda xs: (out(s)(xs)[0], xs)))

    assert prove(constant, ident(s)).status != "holds"
    assert prove(constant >> constant, constant).status == "holds"


def test_a_question_that_only_an_argument_answers_is_no_end_of_the_search() -> None:
    """νX. X³ has one element; that its destructor has an inverse asks which of three an argument is."""
    branching = nu(Id ** FinSet(3))
    inverse = unfold(branching, (Id ** FinSet(3))(out(branching)))

    assert prove(inverse >> out(branching), ident(branching ** FinSet(3))).status != "fails"


# ---- attacks on the kernel ---------------------------------------------------------------------------------------


def certificate(law):
    found = prove(law).certificate
    assert found is not None
    return copy.deepcopy(found)


def test_an_induction_hypothesis_is_for_smaller_elements_only() -> None:
    """Using the hypothesis at the element itself would prove anything."""
    claim = certificate(TRUE["append nil"])["statement"]
    wrong = {**claim, "rhs": certificate(TRUE["reversing twice"])["statement"]["lhs"]}
    circular = ("induct", 0, ("rewrite", 0, 0, (("v", 0),), True, ("same",)))
    with pytest.raises(Rejected, match="not smaller"):
        replay({"statement": wrong, "lemmas": [], "proof": circular})


def test_an_induction_needs_an_inductive_variable() -> None:
    statement = certificate(Law("x", F, F))["statement"]
    with pytest.raises(Rejected, match="no least fixed point"):
        replay({"statement": statement, "lemmas": [], "proof": ("induct", 0, ("same",))})


def test_a_layer_ends_a_coinduction_and_nothing_else() -> None:
    statement = certificate(Law("x", F, F))["statement"]
    proofs: list[tuple[object, ...]] = [
        ("layers", []),
        ("coinduct", ("layers", [])),
        ("again", (), ("same",), ("same",)),
    ]
    for proof in proofs:
        with pytest.raises(Rejected):
            replay({"statement": statement, "lemmas": [], "proof": proof})


def test_a_coinductive_hypothesis_is_used_under_a_layer_only() -> None:
    """Two different unfolds are not equal by calling the claim itself."""
    s = STREAM(A)
    constant = unfold(s, arrow(s, A * s)(lambda xs: (out(s)(xs)[0], xs)))
    good = certificate(Law("idempotent", constant >> constant, constant))
    bad = {**good["statement"], "rhs": certificate(Law("id", ident(s), ident(s)))["statement"]["rhs"]}
    with pytest.raises(Rejected):
        replay({**good, "statement": bad})
    with pytest.raises(Rejected):
        replay({**good, "proof": ("again", (("v", 0),), ("same",), ("same",))})


def test_every_step_of_an_inductive_proof_is_needed() -> None:
    found = certificate(ASSOCIATIVE)
    assert found["proof"][0] == "induct"
    for proof in (("same",), found["proof"][2], ("induct", 1, found["proof"][2])):
        with pytest.raises(Rejected):
            replay({**found, "proof": proof})


# ---- arbitrary monads -----------------------------------------------------------------------------------------------

T = Monad.variable("T", strong=True)
M = Monoid.variable("M")
STRUCTURES = {
    "an arbitrary monad": T,
    "its Kleisli category": Kleisli(T),
    "state over it": state_transformer(S, T),
    "reader over it": reader_transformer(S, T),
    "writer over it": writer_transformer(M, T),
    "exceptions over it": exception_transformer(E, T),
    "a product of two": product_monad(T, Monad.variable("U")),
    "exceptions distribute over it": exceptions_over(E, T),
    "and give a monad": exceptions_over(E, T).composite(),
    "logs distribute over it": action_over(M, T),
    "and give another monad": action_over(M, T).composite(),
}


@pytest.mark.parametrize("structure", STRUCTURES.values(), ids=STRUCTURES)
def test_structures_over_an_arbitrary_monad_are_proved(structure) -> None:
    assert {v.evidence for v in verify(structure)} == {"proved"}, str(verify(structure))


def test_twice_a_monad_is_none() -> None:
    twice = Monad(
        functor(lambda x: T(T(x))), lambda x: T.unit[x] >> T.unit[T(x)], lambda x: T.mult[T(T(x))] >> T.mult[T(x)]
    )

    assert verify(twice)["right unit"].status != "holds"


def test_an_arbitrary_functor_is_not_a_monad() -> None:
    """The kernel refuses the unit of what is only a functor."""
    found = certificate(Law("unit", T.unit[A], T.unit[A]))
    found["statement"]["functors"] = {"T": "functor"}
    with pytest.raises(Rejected):
        replay(found)
