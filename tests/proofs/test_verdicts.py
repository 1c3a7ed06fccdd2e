"""How verdicts, reports and counterexamples print, and how certificates are kept (THEORY 0.5)."""

from __future__ import annotations

import json

import pytest

from catcore import (
    Id,
    Law,
    Monad,
    Monoid,
    One,
    PointwiseLaw,
    R,
    atoms,
    case,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    smooth,
    snd,
)
from catcore.errors import CatError, IllTyped, NotParallel, UnknownName, Unwritable
from catcore_proofs import Counterexample, Report, Verdict, prove, refute, replay, verify
from catcore_proofs.library.data import reverse

A, B = atoms("A B")
F = generator("f", A, A)
MAYBE = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))
NAND = Monoid.from_table([[1, 1], [1, 0]])


def test_a_proved_law_prints_its_evidence_and_keeps_its_certificate():
    verdict = verify(MAYBE)["associativity"]

    assert (verdict.status, verdict.evidence, verdict.ok) == ("holds", "proved", True)
    assert str(verdict) == "associativity: holds (proved)"
    assert verdict.counterexample is None
    assert set(verdict.doctrines) >= {"bicartesian", "category"}
    replay(json.loads(json.dumps(verdict.certificate)))


def test_a_refuted_law_prints_the_element_and_where_the_sides_part():
    verdict = prove(pair(F, F), pair(F, ident(A)), name="copies")

    assert str(verdict) == (
        "copies: fails (exhaustive) at 1 with |A| = 2, f = {0 ↦ 0, 1 ↦ 0}: (0, 0) ≠ (0, 1), parting at component 1"
    )
    assert verdict.counterexample is not None
    assert verdict.counterexample.where == (1,)
    assert not verdict.ok


def test_nand_is_refuted_at_its_first_triple():
    """T1.5: (0·0)·1 = 0 and 0·(0·1) = 1."""
    report = verify(NAND)
    found = report["associativity"].counterexample

    assert report.status == "fails"
    assert found is not None
    assert (found.element, found.lhs, found.rhs) == (((0, 0), 1), 0, 1)
    assert str(report["associativity"]) == "associativity: fails (exhaustive) at ((0, 0), 1): 0 ≠ 1"


def test_the_point_of_the_one_point_set_prints_as_a_dot():
    assert str(Counterexample((), (0, ()), (1, ()))) == "at •: (0, •) ≠ (1, •), parting at component 0"


def test_reports_answer_by_name_and_say_which_names_there_are():
    report = verify(MAYBE)

    assert len(report) == 5
    assert [v.law for v in report][:2] == ["naturality of unit", "naturality of mult"]
    assert report.ok
    with pytest.raises(UnknownName, match=r"No law 'unit' in this report; its laws are naturality of unit, .*"):
        report["unit"]


def test_a_report_is_as_good_as_its_worst_law():
    holds, unknown, fails = (Verdict("x", s, "") for s in ("holds", "unknown", "fails"))

    assert Report("r", (holds,)).status == "holds"
    assert Report("r", (holds, unknown)).status == "unknown"
    assert Report("r", (unknown, fails, holds)).status == "fails"
    assert not Report("r", (holds, unknown)).ok


def test_html_is_escaped():
    report = verify([Law("<script>", generator("<b>", A, A), ident(A))])
    text = report._repr_html_()

    assert "<script>" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;" in text


def test_verdicts_as_json_are_json():
    report = verify([Law("wrong", F, ident(A)), Law("right", F >> ident(A), F)])
    data = json.loads(json.dumps(report.to_json()))

    assert data["status"] == "fails"
    wrong, right = data["laws"]
    assert wrong["counterexample"] == {
        "element": "1", "lhs": "0", "rhs": "1", "sizes": {"A": 2}, "tables": {"f": "{0 ↦ 0, 1 ↦ 0}"}, "where": [],
    }  # fmt: skip
    assert right == {"law": "right", "status": "holds", "evidence": "proved", "statement": "f = f : A → A"}


def test_a_certificate_is_saved_whole_and_replays(tmp_path):
    path = tmp_path / "associativity.json"
    verify(MAYBE)["associativity"].save(path)

    replay(json.loads(path.read_text()))
    assert [p.name for p in tmp_path.iterdir()] == ["associativity.json"]


def test_only_proofs_have_certificates_to_save(tmp_path):
    with pytest.raises(CatError, match="fails without a certificate; only a proved law has one"):
        prove(F, ident(A)).save(tmp_path / "x.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["missing/x.json", "folder", "file/x.json", "n" * 300 + ".json"])
def test_an_unwritable_place_is_one_sentence_and_nothing_is_left(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    before = sorted(p.name for p in tmp_path.rglob("*"))

    with pytest.raises(
        Unwritable, match=r"cannot be written: .*; choose a name in a folder that exists and is writable"
    ):
        verify(MAYBE)["associativity"].save(tmp_path / name)
    assert sorted(p.name for p in tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "kept"


def test_wrong_questions_are_refused_with_a_sentence():
    with pytest.raises(IllTyped, match=r"An equation has two sides: give both arrows, or one Law\."):
        prove(F)
    with pytest.raises(IllTyped, match="An arrow is needed here, and 3 was given"):
        prove(F, 3)  # type: ignore[arg-type]
    with pytest.raises(NotParallel, match="equates two arrows that are not parallel: f : A → A and π₁ : A × B → A"):
        refute(F, fst(A, B))
    for nothing in (3, "maybe", Monad, [F], object()):
        with pytest.raises(IllTyped, match="lists no laws; give a structure with a method laws"):
            verify(nothing)  # type: ignore[arg-type]


def test_unknown_says_what_was_tried():
    """To the kernel relu is any map, and no finite set is looked at for R(2)."""
    verdict = prove(smooth("relu", R(2)), ident(R(2)))

    assert verdict.status == "unknown"
    assert verdict.evidence == ""
    assert "different normal forms" in verdict.reason
    assert "no finite sets to try" in verdict.reason
    assert str(verdict).startswith("equation: unknown: ")


def test_an_arbitrary_map_of_vectors_is_not_the_identity_unless_there_is_one_vector_only():
    """Labels of R(2) are different vectors; R(0) has one, so that equal lengths are equal lists there."""
    f, turned = generator("f", R(2), R(2)), reverse(R(0))

    assert prove(f, ident(R(2))).status == "fails"
    assert prove(generator("f", R(0), R(0)), ident(R(0))).status != "fails"
    assert prove(turned, ident(turned.dom)).status != "fails"


def test_pointwise_laws_say_how_far_they_were_checked():
    square = PointwiseLaw("squares", range(-3, 4), lambda n: n * n, lambda n: abs(n) ** 2, "sampled")
    doubled = PointwiseLaw("doubling", range(5), lambda n: n + n, lambda n: n * n, "exhaustive")
    empty = PointwiseLaw("nothing", (), lambda n: n, lambda n: n + 1, "exhaustive")

    assert str(verify(square)["squares"]) == "squares: holds (sampled)"
    assert str(verify(doubled)["doubling"]) == "doubling: fails (exhaustive) at 1: 2 ≠ 1"
    assert verify(empty)["nothing"].reason == "the range is empty"


def test_equations_of_given_finite_sets_are_checked_on_every_element():
    swap = pair(snd(2, 2), fst(2, 2))

    assert prove(swap >> swap, ident(swap.dom)).evidence == "exhaustive"
    found = prove(swap, ident(swap.dom))
    assert (found.status, found.evidence) == ("fails", "exhaustive")
    assert found.counterexample is not None
    assert found.counterexample.element == (0, 1)


def test_a_failing_closed_hypothesis_leaves_nothing_to_check():
    never = Law("never", inl(1, 1), inr(1, 1))
    verdict = prove(inr(1, 1), inl(1, 1), given=[never])

    assert verdict.status == "holds"
    assert "nothing to check" in verdict.reason
