"""Recursion schemes: clauses, uniqueness and fusion, for data with and without functions in it (THEORY T2.5, T3.1)."""

from __future__ import annotations

import pytest

from catcore import Id, Law, atoms, fold, fst, generator, ident, in_, mu, pair, snd
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
                                  schemes.histomorphisms, schemes.unfolds])  # fmt: skip
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
