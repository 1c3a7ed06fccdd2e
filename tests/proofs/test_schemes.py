"""Recursion schemes: clauses, uniqueness and fusion, for data with and without functions in it (THEORY T2.5, T3.1)."""

from __future__ import annotations

import pytest

from catcore import (
    FinSet,
    Id,
    Law,
    One,
    atoms,
    case,
    distribute,
    finite_map,
    fold,
    fst,
    generator,
    hylo,
    ident,
    in_,
    inl,
    inr,
    mu,
    out,
    pair,
    snd,
)  # fmt: skip
from catcore.datatypes.schemes import para, zygo
from catcore_proofs import prove, verify
from catcore_proofs.library import schemes

A, B, C, S, T = atoms("A B C S T")
UNSEEN = {
    "two sorts of branches": C * Id + Id * Id,
    "functions of two": (Id * Id) ** S,
    "more": 1 + Id + A * Id**S * Id,
}


@pytest.mark.parametrize("layer", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("laws", [schemes.paramorphisms, schemes.zygomorphisms, schemes.mutual_recursion,
                                  schemes.histomorphisms, schemes.unfolds, schemes.hylomorphisms])  # fmt: skip
def test_schemes_over_other_shapes(laws, layer) -> None:
    report = verify(laws(layer))

    assert {v.evidence for v in report} == {"proved"}, str(report)


def test_a_clause_with_other_branches_is_not_proved() -> None:
    """A paramorphism over trees whose clause is given the branches the other way round."""
    trees = mu(C + Id * Id)
    layer = C + Id * Id
    a = generator("a", layer(trees * A), A)
    found = para(trees, a)
    swapped = para(trees, layer(pair(snd(trees, A) >> generator("t", A, trees), snd(trees, A))) >> a)

    assert prove(Law("clause", in_(trees) >> found, layer(pair(ident(trees), found)) >> a)).ok
    assert prove(Law("other clause", in_(trees) >> swapped, layer(pair(ident(trees), swapped)) >> a)).status != "holds"


def test_uniqueness_needs_the_clause() -> None:
    layer = 1 + C * Id
    for law in (*schemes.paramorphisms(layer), *schemes.zygomorphisms(layer), *schemes.unfolds(layer)):
        if law.given:
            assert prove(Law(law.name, law.lhs, law.rhs)).status != "holds", law.name


def test_a_zygomorphism_beside_another_fold_is_another_one() -> None:
    numerals = mu(1 + Id)
    b, c = generator("b", 1 + B, B), generator("c", 1 + B, B)
    a = generator("a", 1 + B * A, A)
    clause = (1 + Id)(pair(fold(numerals, c), zygo(numerals, b, a))) >> a

    assert prove(Law("clause", in_(numerals) >> zygo(numerals, b, a), clause)).status != "holds"


WHOLE = {
    "as it stands": lambda f, g: (f, g),
    "turned round": lambda f, g: (g, f),
    "inside a function": lambda f, g: (f >> generator("k", C, S), g >> generator("k", C, S)),
}


@pytest.mark.parametrize("made", WHOLE.values(), ids=WHOLE)
def test_a_hypothesis_is_found_by_both_of_its_sides(made) -> None:
    """``f(x) = g(y)`` for all x and y: neither side has all variables."""
    f, g = fst(A, B) >> generator("f", A, C), snd(A, B) >> generator("g", B, C)
    lhs, rhs = made(f, g)

    assert prove(Law("goal", lhs, rhs, (Law("given", f, g),))).evidence == "proved"
    assert prove(Law("goal", lhs, rhs)).status == "fails"


def test_both_sides_at_two_places_of_pairs() -> None:
    f, g = fst(A, B) >> generator("f", A, C), snd(A, B) >> generator("g", B, C)

    assert prove(Law("goal", pair(f, g), pair(g, f), (Law("given", f, g),))).evidence == "proved"


# ---- hylomorphisms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", [1 + C * Id, 1 + Id], ids=["lists", "numerals"])
def test_laws_of_hylomorphisms_need_their_premises(layer) -> None:
    """Without the premise there are finite sets, with recursive coalgebras, on which the two sides differ (T3.4)."""
    for law in schemes.hylomorphisms(layer):
        assert "c is recursive" in prove(law).statement
        if law.given and law.name != "fusion before":
            found = prove(Law(law.name, law.lhs, law.rhs))
            assert found.status == "fails", law.name
            assert found.counterexample is not None


def test_a_hylomorphism_of_another_coalgebra_or_algebra_is_another_one() -> None:
    layer = 1 + Id
    a, other = generator("a", layer(A), A), generator("a'", layer(A), A)
    c = generator("c", S, layer(S))

    assert prove(hylo(layer, a, c), hylo(layer, other, c)).status == "fails"
    assert prove(hylo(layer, a, c).plan, generator("p", S, mu(layer))).status != "holds"


def test_a_hylomorphism_between_given_finite_sets() -> None:
    """Three states that count down are recursive; a state that leads to itself makes no claim about answers."""
    layer = 1 + Id
    down = finite_map(3, layer(FinSet(3)), [0, 1, 2])
    parity = finite_map(layer(FinSet(2)), 2, [0, 1, 0])
    cyclic = finite_map(2, layer(FinSet(2)), [1, 2])

    assert prove(hylo(layer, parity, down), finite_map(3, 2, [0, 1, 0])).evidence == "exhaustive"
    assert prove(hylo(layer, parity, down), finite_map(3, 2, [0, 1, 1])).status == "fails"
    assert "a hypothesis fails" in prove(hylo(layer, parity, cyclic), finite_map(2, 2, [1, 1])).reason


def test_recursions_over_composed_coalgebras_and_into_other_types() -> None:
    """The coalgebra asks a test and takes two steps; answers are pairs, functions or numerals."""
    layer = C + Id * Id
    leaf, left, right = generator("leaf", S, C), generator("left", S, S), generator("right", S, S)
    ask = pair(ident(S), generator("ask", S, One + One)) >> distribute(S, One, One)
    split = ask >> case(fst(S, One) >> leaf >> inl(C, S * S), fst(S, One) >> pair(left, right) >> inr(C, S * S))
    for answer in (A, A * B, A**T, mu(1 + Id)):
        a, k = generator("a", layer(answer), answer), generator("k", S, answer)
        solution = Law("k is a solution", k, split >> layer(k) >> a)
        assert prove(k, hylo(layer, a, split), given=[solution]).evidence == "proved"


def test_a_recursion_by_the_destructor_is_the_fold() -> None:
    layer = C + Id * Id
    trees, a = mu(layer), generator("a", layer(A), A)
    k = generator("k", trees, A)

    assert prove(k, fold(trees, a), given=[Law("k", k, out(trees) >> layer(k) >> a)]).evidence == "proved"


@pytest.mark.parametrize("layer", [(1 + Id) ** A, B + (Id + Id * Id) ** A], ids=str)
def test_questions_about_the_argument_of_a_function_are_no_conjectures(layer):
    """Functions are compared at an argument that has no place in the context, so nothing is conjectured of it."""
    verdicts = [prove(law) for law in schemes.hylomorphisms(layer)]

    assert [verdict.status for verdict in verdicts[:5]] == ["holds"] * 5
    assert {verdict.status for verdict in verdicts} <= {"holds", "unknown"}
