"""Goals as values: scripts that make them again, boards, notation, notebooks."""

from __future__ import annotations

import itertools as it

import pytest

import catcore
import catcore_proofs
from catcore import (
    arrow,
    finite_map,
    generator,
    ident,
    inr,
    mu,
    out,
)
from catcore_proofs import Goal
from catcore_proofs.goals.holes import HOLE, holes, opened
from tests.proofs.goals import ANY, NAMES, TWICE, A, B, F, right_inverse
from tests.proofs.test_induction import ASSOCIATIVE, LIST, STREAM

# ---- values, scripts, display ----------------------------------------------------------------------------------------


def test_goals_are_frozen_values():
    goal = Goal(TWICE)

    with pytest.raises(AttributeError):
        goal.law = TWICE  # type: ignore[misc]
    assert {goal, Goal(TWICE), goal.split()} == {goal, goal.split()}
    assert goal.split().undo() is goal


def test_the_script_leaves_out_what_has_a_name():
    goal = Goal(ASSOCIATIVE, names=NAMES).induct("xs").rewrite("IH")

    assert goal.script(law="law", names="NAMES") == (
        "goal = Goal(law, names=NAMES)\ngoal = goal.induct('xs')\ngoal = goal.rewrite('induction hypothesis')\n"
    )
    assert goal.script().startswith("from catcore import *\nfrom catcore_proofs import Goal\n\nlaw = Law(")


def test_the_board_of_a_group():
    assert str(right_inverse().undo().undo()).splitlines() == [
        "right inverse : G → G   (1 to show)",
        "  associativity: (g · g₁) · g₂ = g · (g₁ · g₂)",
        "  left unit: e · g = g",
        "  left inverse: inv(g) · g = e",
        "",
        "▸ subgoal 1 of 1",
        "  let: g ∈ G",
        "  ⊢ inv(inv(g)) · (e · inv(g))",
        "  = e",
    ]


def test_notation_of_every_kind_of_normal_form():
    N = mu(lambda x: 1 + x)
    T = ANY
    shown = {
        Goal(arrow(N, N)(lambda n: n), ident(N)).subgoals[0].lhs,
        Goal(out(STREAM(A)), out(STREAM(A))).subgoals[0].lhs,
        Goal(arrow(A, (B**A))(lambda a: lambda b: F(b)), arrow(A, (B**A))(lambda a: lambda b: F(b))).subgoals[0].lhs,
        Goal(T.unit[A], T.unit[A]).subgoals[0].lhs,
        Goal(T.functor(F), T.functor(F)).subgoals[0].lhs,
        Goal(LIST(F), LIST(F)).subgoals[0].lhs,
        Goal(inr(A, B), inr(A, B)).subgoals[0].lhs,
    }

    assert shown == {"n", "out(s)", "f(a₁)", "T.unit(a)", "T(a ↦ f(a))(t)", "φ(xs)", "ι₂(b)"}


def test_a_notebook_shows_the_same_and_escapes_it():
    goal = Goal(generator("<b>", A, B), generator("<b>", A, B))

    assert "&lt;b&gt;" in goal._repr_html_()
    assert "<b>(" not in goal._repr_html_()
    assert "nothing remains" in goal.simp()._repr_html_()


def test_many_subgoals_and_long_sides_are_cut():
    big = finite_map(40, 40, range(40))
    text = str(Goal(big >> generator("f", catcore.FinSet(40), A), generator("f", catcore.FinSet(40), A)).split("x"))
    long = F
    for k in range(60):
        long = long >> generator(f"operation{k}", B, B)

    assert "nothing remains" in text
    assert "characters)" in str(Goal(long, F))
    many = Goal(generator("f", catcore.FinSet(40), A), generator("g", catcore.FinSet(40), A)).split("x")
    assert holes(many.proof) == 40
    assert str(many).endswith("and 28 more")


def test_every_move_is_public_and_documented():
    assert catcore_proofs.Goal is Goal
    names = (
        "auto split induct coinduct rewrite simp ext via lemma focus undo applicable certificate verdict script done"
    )
    assert all(getattr(Goal, name).__doc__ for name in names.split())


def test_holes_are_where_a_proof_is_unfinished():
    goal = Goal(TWICE)

    assert goal.proof == HOLE
    assert [holes(each.proof) for each in (goal, goal.split())] == [1, 0]
    assert list(it.chain(*(opened(HOLE)[0],))) == []
