"""The quick challenges come out as expected, and their mutated twins do not."""

from __future__ import annotations

import json

import pytest

from catcore import Law, arrow, atoms
from catcore_proofs import verify
from catcore_proofs.shapes import refute_by_shapes
from tests.benchmarks.challenges.__main__ import main
from tests.benchmarks.challenges.answers import COUNTS, EXPECTED, score
from tests.benchmarks.challenges.coinductive import bialgebras
from tests.benchmarks.challenges.list_monads import cartesian_product
from tests.benchmarks.challenges.lists import List, reverse
from tests.benchmarks.challenges.nonempty import NonEmpty, head_and_tails
from tests.benchmarks.challenges.rows import CHALLENGES
from tests.benchmarks.challenges.settling import Outcome, outcome, weight
from tests.benchmarks.challenges.table import load

load()
QUICK = [c for c in CHALLENGES.values() if c.quick]


@pytest.mark.parametrize("row", QUICK, ids=lambda row: row.id)
def test_quick_rows_are_right_and_their_twins_differ(row):
    found = outcome(row.statement)
    twin = outcome(row.mutant) if row.mutant is not None else None

    assert score(row.id, found, twin).word == "right", (found, twin)
    assert found.statements


def test_tails_of_non_empty_lists_need_the_constructors_taken_off():
    """The naturality of ``tails`` stops where two lists start alike; what differs behind is ``head`` after ``map``."""
    report = verify(head_and_tails.statement())

    assert {v.evidence for v in report} == {"proved"}
    assert NonEmpty.arity == 1


def test_normal_forms_that_are_not_canonical_refute_nothing():
    """Two functions or two streams may be equal and look different: neither difference is a counterexample."""
    (x,) = atoms("X")
    of, turn = List(x), reverse(x)
    twice = arrow(of, of * of**of)(lambda xs: (xs, lambda ys: turn(turn(ys))))
    never = arrow(of, of * of**of)(lambda xs: (xs, lambda ys: ys))

    for law in (Law("twice is never", twice, never), *bialgebras.statement()):
        assert refute_by_shapes(law, limit=20).counterexample is None


def test_the_cartesian_product_of_lists_parts_at_the_smallest_place():
    """The axiom for the outer multiplication parts where one list has two lists, and another has two elements."""
    (law,) = [law for law in cartesian_product.statement().laws() if law.name == "outer mult"]
    found = refute_by_shapes(law).counterexample

    assert found is not None
    assert found.element == [[[0, 1]], [[2], [3]]]


def test_every_row_of_a_kind_has_an_answer_and_most_have_a_twin():
    assert {c.id[0] for c in CHALLENGES.values()} == set(EXPECTED)
    assert set(COUNTS) == {c.id for c in CHALLENGES.values() if c.id[0] == "C"}
    stated = [c for c in CHALLENGES.values() if c.id[0] == "P"]
    assert all(c.mutant is not None for c in stated)


@pytest.mark.parametrize(
    ("id", "found", "twin", "word"),
    [
        ("P01", Outcome("proved"), None, "right"),
        ("P01", Outcome("refuted"), None, "WRONG"),
        ("P01", Outcome("unknown"), None, "open"),
        ("P01", Outcome("proved"), Outcome("proved"), "WRONG"),
        ("R14", Outcome("refuted"), Outcome("refuted"), "WRONG"),
        ("R01", Outcome("refuted"), None, "open"),
        ("C33", Outcome("counted", values={"elements": 24}), None, "right"),
        ("C33", Outcome("counted", values={"elements": 23}), None, "WRONG"),
    ],
)
def test_the_score_can_tell_right_from_wrong(id, found, twin, word):
    assert score(id, found, twin).word == word


def test_the_weight_of_an_element_counts_labels_and_lists():
    assert weight([[0, 1], []]) == 5
    assert weight(([0], 1)) == 3


def test_the_benchmark_prints_one_line_a_row_and_writes_json(tmp_path, capsys):
    path = tmp_path / "rows.json"
    status = main(["--only", "P01,R43,C33", "--json", str(path)])
    rows = json.loads(path.read_text())["rows"]

    assert status == 0
    assert [row["id"] for row in rows] == ["C33", "P01", "R43"]
    assert all(row["statements"] for row in rows)
    assert len(capsys.readouterr().out.splitlines()) == 5
