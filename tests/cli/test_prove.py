"""``catcore prove``: the status, the certificate, and one sentence for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

OWN = Path(__file__).parents[1] / "benchmarks" / "problems"


def test_a_proof_is_found_written_and_checked(run, tmp_path):
    ran = run("prove", str(OWN / "group_exponent_two.p"), "--certificate", "proof.json", "--json")

    assert ran.status == 0
    assert (ran.json["status"], ran.json["evidence"]) == ("proved", "certificate")
    checked = run("check", "proof.json")
    assert checked.status == 0
    assert "proved" in checked.out


def test_a_model_is_shown_and_the_status_is_1(run):
    ran = run("prove", str(OWN / "idempotent_not_commutative.p"), "--json")

    assert ran.status == 1
    assert ran.json["status"] == "refuted"
    assert ran.json["model"]["size"] == 2


def test_people_read_the_rules_of_a_complete_system(run):
    ran = run("prove", str(OWN / "monoid_one_sided.p"))

    assert ran.status == 1
    assert "mult(p,q) → e" in ran.out


def test_what_is_not_settled_is_unknown_and_status_1(run, tmp_path):
    (tmp_path / "hard.p").write_text(
        "cnf(a,axiom, f(f(X,Y),f(Z,f(Y,X))) = f(Z,X) ).\ncnf(b,axiom, f(X,f(Y,Z)) = f(f(Y,X),f(Z,Z)) ).\n"
        "cnf(c,axiom, g(f(X,g(Y))) = f(g(X),f(Y,Y)) ).\ncnf(g,negated_conjecture, f(a,f(b,g(c))) != g(f(c,b)) ).\n"
    )
    ran = run("prove", "hard.p", "--seconds", "0.3", "--json")

    assert ran.status == 1 or ran.json["status"] == "proved"
    assert ran.json["status"] in ("proved", "refuted", "unknown")
    assert ran.json["tried"]


def test_a_side_of_too_many_symbols_is_unknown_with_a_sentence(run, tmp_path):
    (tmp_path / "large.p").write_text(f"cnf(large,axiom, p({','.join('a' * 40_000)}) = a ).\n")
    ran = run("prove", "large.p")

    assert ran.status == 1
    assert "the clause large has a side of 40001 symbols" in ran.out
    assert run("prove", "large.p", "--json").json["status"] == "unknown"


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (("missing.p",), "cannot be read"),
        (("bad.p",), "line 1"),
        (("good.p", "--seconds", "-1"), "seconds above 0"),
        (("good.p", "--certificate", "nowhere/proof.json"), "nowhere"),
    ],
)
def test_bad_input_gets_a_sentence_and_leaves_nothing(run, tmp_path, argv, sentence):
    (tmp_path / "bad.p").write_text("cnf(a,axiom, p | q ).")
    (tmp_path / "good.p").write_text("cnf(a,axiom, f(X) = X ).\ncnf(g,negated_conjecture, f(c) != c ).")
    before = sorted(p.name for p in tmp_path.iterdir())

    assert sentence in run("prove", *argv).refused()
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_the_certificate_is_json(run, tmp_path):
    run("prove", str(OWN / "lattice_absorption.p"), "--certificate", "proof.json")

    assert json.loads((tmp_path / "proof.json").read_text())["format"] == "catcore-certificate-1"
