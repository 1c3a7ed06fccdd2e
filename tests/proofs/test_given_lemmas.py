"""A proved law given as a lemma is part of the proof; a law that is only stated is a hypothesis (THEORY 0.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catcore import Law, arrow, atoms, fold, generator, ident
from catcore.errors import CatError
from catcore.structures.lists import LIST, append, nil
from catcore_proofs import prove, replay, verify
from catcore_proofs.library.data import reverse
from catcore_proofs.rocq import judge_library

A, B = atoms("A B")
L = LIST(A)
TURN, JOIN = reverse(A), append(A)
APPEND = Law(
    "reverse of append", JOIN >> TURN, arrow(L * L, L)(lambda p: JOIN(TURN(p[1]), TURN(p[0])))
)  # fmt: skip
THRICE = Law(
    "reverse of three", arrow(L * L * L, L)(lambda p: TURN(JOIN(JOIN(p[0][0], p[0][1]), p[1]))),
    arrow(L * L * L, L)(lambda p: JOIN(TURN(p[1]), JOIN(TURN(p[0][1]), TURN(p[0][0])))),
)  # fmt: skip


def test_a_verdict_is_a_lemma_and_nothing_is_assumed(tmp_path) -> None:
    lemma = prove(APPEND)
    verdict = prove(THRICE, given=[lemma])

    assert verdict.evidence == "proved"
    assert verdict.certificate is not None
    assert lemma.certificate is not None
    assert verdict.certificate["statement"]["given"] == []
    assert len(verdict.certificate["lemmas"]) > len(lemma.certificate["lemmas"])
    replay(verdict.certificate)
    assert judge_library([verdict.certificate], tmp_path).status in ("accepted", "unavailable")


def test_a_law_stays_a_hypothesis() -> None:
    verdict = prove(THRICE, given=[APPEND])

    assert verdict.evidence == "proved"
    assert verdict.certificate is not None
    assert len(verdict.certificate["statement"]["given"]) == 1


def test_a_whole_report_may_be_given() -> None:
    report = verify([APPEND, Law("reverse of nothing", nil(A) >> TURN, nil(A))])

    assert prove(THRICE, given=report).evidence == "proved"


def test_a_verdict_without_a_certificate_is_no_lemma() -> None:
    wrong = prove(TURN, ident(L))
    assert wrong.status == "fails"

    with pytest.raises(CatError, match="needs a certificate"):
        prove(THRICE, given=[wrong])


def test_a_lemma_whose_certificate_was_changed_is_refused() -> None:
    lemma = prove(APPEND)
    assert lemma.certificate is not None
    forged = replace(lemma, certificate={**lemma.certificate, "proof": ("same",)})

    with pytest.raises(CatError, match="the kernel refuses its certificate"):
        prove(THRICE, given=[forged])


def test_a_lemma_that_rests_on_a_hypothesis_needs_it_in_the_goal() -> None:
    """``f`` after ``g`` is the identity, so mapping both over lists is."""
    f, g = generator("f", A, B), generator("g", B, A)
    inverse = Law("inverse", f >> g, ident(A))
    lemma = prove(LIST(f) >> LIST(g), ident(L), given=[inverse])
    goal = Law("goal", LIST(f) >> LIST(g) >> TURN, TURN)

    assert lemma.evidence == "proved"
    assert prove(goal, given=[inverse, lemma]).evidence == "proved"
    with pytest.raises(CatError, match="rests on a hypothesis"):
        prove(goal, given=[lemma])


def test_lemmas_do_not_prove_what_is_false() -> None:
    lemma = prove(APPEND)
    step = generator("s", 1 + A * B, B)

    assert prove(Law("goal", TURN, ident(L)), given=[lemma]).status == "fails"
    assert prove(Law("goal", TURN >> fold(L, step), fold(L, step)), given=[lemma]).status != "holds"
