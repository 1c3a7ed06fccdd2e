"""Lemmas that the search finds by itself: answers to questions, conditional equations, equal small terms (T2.3)."""

from __future__ import annotations

import pytest

from catcore import Law, arrow, atoms, ident, in_, out
from catcore_proofs import prove, replay, verify
from catcore_proofs.search import certificate
from catcore_proofs.translation import statement
from tests.benchmarks.challenges.coinductive import bialgebras, lambek
from tests.benchmarks.challenges.exotic import global_failure
from tests.benchmarks.challenges.list_monads import reversal
from tests.benchmarks.challenges.lists import BIT, NO, NOT, List, append, concat, is_null, is_odd, is_single, nil
from tests.benchmarks.challenges.nonempty import stuttering
from tests.benchmarks.challenges.settling import laws_of

(X,) = atoms("X")
L = List(X)
EXCLUSIVE = arrow(BIT * BIT, BIT)(lambda p: p[0].case(inl=lambda _: NOT(p[1]), inr=lambda _: p[1]))
BOTH = arrow(BIT * BIT, BIT)(lambda p: p[0].case(inl=lambda _: p[1], inr=lambda _: NO(())))
ANSWERS = {
    "parity of an append": Law("odd", append(X) >> is_odd(X), (is_odd(X) * is_odd(X)) >> EXCLUSIVE),
    "emptiness of an append": Law("null", append(X) >> is_null(X), (is_null(X) * is_null(X)) >> BOTH),
    "a list with one element is not empty": Law(
        "single",
        arrow(L, BIT)(lambda xs: is_single(X)(xs).case(inl=lambda _: is_null(X)(xs), inr=lambda _: NO(()))),
        arrow(L, BIT)(lambda _: NO(())),
    ),
    "an empty list is nil": Law(
        "nil",
        arrow(L, L)(lambda xs: is_null(X)(xs).case(inl=lambda _: nil(X)(()), inr=lambda _: xs)),
        ident(L),
    ),
}  # fmt: skip


@pytest.mark.parametrize("law", ANSWERS.values(), ids=ANSWERS)
def test_answers_to_questions_about_lists(law):
    assert prove(law).evidence == "proved", str(prove(law))


def test_a_wrong_answer_is_refuted():
    assert prove(append(X) >> is_null(X), is_null(X) * is_null(X) >> EXCLUSIVE).status == "fails"
    assert prove(append(X) >> is_odd(X), (is_odd(X) * is_odd(X)) >> BOTH).status == "fails"


def test_lambek_by_an_equation_that_ends_in_a_variable():
    """The constructor of an initial algebra is an isomorphism; twisting the branches is none."""
    assert {v.evidence for v in verify(lambek.statement())} == {"proved"}
    assert lambek.mutant is not None
    assert prove(lambek.mutant()).status == "fails"
    assert prove(in_(L) >> out(L), ident(in_(L).dom)).evidence == "proved"


@pytest.mark.parametrize("row", [global_failure, stuttering], ids=lambda row: row.id)
def test_exotic_list_monads(row):
    assert {v.evidence for v in verify(list(laws_of(row.statement())))} == {"proved"}
    assert row.mutant is not None
    assert any(v.status == "fails" for v in verify(list(laws_of(row.mutant()))))


def test_reverse_respects_concatenation_by_equations_between_small_terms():
    """What reverse makes of an append, and concat of one, is found among the small terms."""
    (law,) = [law for law in laws_of(reversal.statement()) if law.name == "respects mult"]
    assert isinstance(law, Law)
    found = certificate(statement(law))

    replay(found)
    assert len(found["lemmas"]) >= 3
    assert prove(concat(X) >> append_twice(), concat(X)).status == "fails"


def append_twice():
    return arrow(L, L)(lambda xs: append(X)(xs, xs))


def test_the_search_repeats_itself():
    """Limits count steps, so the same statement has the same certificate."""
    law = ANSWERS["parity of an append"]

    assert certificate(statement(law)) == certificate(statement(law))


def test_a_bialgebra_gives_one_map_by_finality():
    """The fold respects layers, so it is the unfold; with another coalgebra it is not."""
    assert {v.evidence for v in verify(bialgebras.statement())} == {"proved"}
    assert bialgebras.mutant is not None
    assert prove(bialgebras.mutant()).status != "holds"
