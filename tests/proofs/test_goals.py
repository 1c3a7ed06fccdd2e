"""Goals: every move is a step of the kernel, and nothing false is ever finished (T1.4, T1.5, T2.3, T3.1)."""

from __future__ import annotations

from typing import Any

import pytest

import catcore
from catcore import (
    Law,
    Monad,
    Monoid,
    One,
    arrow,
    finite_map,
    fold,
    generator,
    ident,
    mu,
    nu,
    pair,
    unfold,
)
from catcore.errors import MoveRefused
from catcore.structures.standard import ActionMonad
from catcore.structures.transformers import exception_transformer, state_transformer
from catcore_proofs import Goal, prove
from catcore_proofs.goals.holes import opened
from tests.proofs.goals import (
    ANY,
    DOT,
    GROUP,
    INV,
    MULT,
    NAMES,
    RIGHT_INVERSE,
    TWICE,
    A,
    B,
    C,
    F,
    G,
    H,
    S,
    proved,
    reverse_twice,
    right_inverse,
)
from tests.proofs.test_induction import ASSOCIATIVE, STREAM, TRUE

# ---- each move -----------------------------------------------------------------------------------------------------


def test_a_case_distinction_settles_a_sum():
    goal = Goal(TWICE)

    assert not goal.done
    assert proved(goal.split("x"))
    assert goal.split() == Goal(TWICE).split()
    assert not goal.done  # the goal before the move is as it was


def test_cases_of_a_finite_set_and_of_nothing():
    turn = finite_map(3, 3, [1, 2, 0])
    none = generator("g", catcore.Zero, A)

    assert proved(Goal(turn >> turn >> turn, ident(catcore.FinSet(3))).split("x"))
    assert proved(Goal(none, generator("k", catcore.Zero, A)).split("x"))


def test_induction_gives_a_subgoal_for_each_constructor_and_closes_the_trivial_one():
    goal = Goal(ASSOCIATIVE, names=NAMES).induct("xs")

    assert str(goal).splitlines() == [
        "associativity of append : L × L × L → L   (1 to show)",
        "",
        "▸ subgoal 1 of 1",
        "  let: ys, zs, xs₁ ∈ L,  a ∈ A",
        "  case: xs = a :: xs₁",
        "  induction hypothesis: (xs₁ ++ ys) ++ zs = xs₁ ++ (ys ++ zs) for all ys, zs",
        "  ⊢ a :: ((xs₁ ++ ys) ++ zs)",
        "  = a :: (xs₁ ++ (ys ++ zs))",
    ]
    assert proved(goal.rewrite("induction hypothesis"))
    assert proved(goal.rewrite("IH", at="right", backwards=True))
    assert proved(goal.simp())
    assert proved(goal.auto())


def test_an_induction_with_a_lemma():
    goal = reverse_twice()

    assert proved(goal)
    assert goal.undo().undo() == Goal(TRUE["reversing twice"], names=NAMES).induct("xs")


@pytest.mark.parametrize("kind", ["law", "verdict", "goal", "certificate"])
def test_what_is_proved_can_be_a_lemma(kind):
    law = TRUE["reverse of append"]
    known: Any = {
        "law": lambda: law,
        "verdict": lambda: prove(law),
        "goal": lambda: Goal(law, names=NAMES).auto(),
        "certificate": lambda: prove(law).certificate,
    }[kind]()
    goal = Goal(TRUE["reversing twice"], names=NAMES).induct().lemma(known)

    assert proved(goal.rewrite("reverse append").rewrite("IH"))


def test_a_lemma_comes_with_those_that_it_rests_on():
    names = reverse_twice().rules

    assert names[-1] == "reverse append"
    assert names[:-1] == [f"reverse append, lemma {i + 1}" for i in range(len(names) - 1)]


def test_a_group_has_right_inverses_step_by_step():
    """T1.5: from left unit and left inverse alone."""
    goal = right_inverse()

    assert proved(goal)
    assert len(goal.calls) == 7


def test_auto_completes_the_axioms_and_keeps_only_what_it_needs():
    goal = Goal(RIGHT_INVERSE).auto()

    assert proved(goal)
    used = {
        number for proof in (goal.proof, *(lemma.body["proof"] for lemma in goal.lemmas)) for number in steps(proof)
    }
    assert {len(GROUP) + i for i in range(len(goal.lemmas))} <= used


def steps(proof: Any) -> set[int]:
    """The numbers of the equations that a proof uses."""
    own = {proof[2]} if proof[0] == "rewrite" else set()
    return own.union(*map(steps, opened(proof)[0]))


def test_a_step_through_a_third_arrow():
    middle = arrow(G, G)(lambda x: MULT(MULT(INV(INV(x)), INV(x)), MULT(x, INV(x))))
    goal = Goal(RIGHT_INVERSE, names=DOT).via(middle)

    assert [subgoal.lhs for subgoal in goal.subgoals] == ["(inv(inv(g)) · inv(g)) · (g · inv(g))"] * 2
    assert [subgoal.rhs for subgoal in goal.subgoals] == ["g · inv(g)", "e"]
    assert proved(goal.focus(2).auto().auto())


def test_pairs_by_components_and_functions_at_an_argument():
    axiom = Law("f is g", generator("f", A, B), generator("g", A, B))
    both = Law("both", pair(F, F), pair(generator("g", A, B), generator("g", A, B)), (axiom,))
    goal = Goal(both).ext()

    assert [(s.lhs, s.rhs) for s in goal.subgoals] == [("f(a)", "g(a)")] * 2
    assert proved(goal.rewrite("f is g").rewrite("f is g"))
    functions = (B**A) * A**A
    left = arrow(One, functions)(lambda _: (lambda a: F(a), lambda a: a))
    right = arrow(One, functions)(lambda _: (lambda a: generator("g", A, B)(a), lambda a: a))
    assert proved(Goal(left, right, given=[axiom]).ext().ext().rewrite("f is g"))


def test_the_same_element_bound_on_both_sides():
    T = ANY
    k, same = generator("k", A, T.functor(B)), generator("j", A, T.functor(B))
    axiom = Law("k is j", k, same)
    goal = Goal(T.functor(k) >> T.mult[B], T.functor(same) >> T.mult[B], given=[axiom])

    assert goal.subgoals[0].lhs == "t >>= a ↦ k(a)"
    assert proved(goal.ext().rewrite("k is j"))


def test_fold_fusion_by_induction():
    """T2.3: a homomorphism of algebras after a fold is a fold; without the square it is not."""
    layer = mu(lambda x: 1 + A * x)
    one, other, h = generator("a", 1 + A * B, B), generator("b", 1 + A * C, C), generator("h", B, C)
    square = Law("square", one >> h, (ident(One) + ident(A) * h) >> other)
    fusion = Law("fold fusion", fold(layer, one) >> h, fold(layer, other))

    assert proved(Goal(fusion, given=[square]).auto())
    with pytest.raises(MoveRefused):
        Goal(fusion).auto()


def test_coinduction_compares_layers():
    """T3.1: mapping over streams respects identities and composites."""
    assert proved(Goal(Law("map id", STREAM(ident(A)), ident(STREAM(A)))).coinduct())
    assert proved(Goal(Law("map composite", STREAM(F >> H), STREAM(F) >> STREAM(H))).coinduct())
    assert proved(Goal(Law("map composite", STREAM(F >> H), STREAM(F) >> STREAM(H))).auto())


def test_coinduction_whose_layers_need_a_hypothesis():
    """Unfold fusion (T3.1): a homomorphism of coalgebras commutes with the unfolds."""
    c, d, h = generator("c", A, C * A), generator("d", B, C * B), generator("h", A, B)
    stream = nu(lambda x: C * x)
    square = Law("h is a homomorphism", h >> d, c >> (ident(C) * h))
    fusion = Law("unfold fusion", h >> unfold(stream, d), unfold(stream, c), (square,))

    assert proved(Goal(fusion).auto())
    layers = Goal(fusion).coinduct()
    assert layers.subgoals[0].layers
    assert proved(layers.rewrite("h is a homomorphism").coinduct())


@pytest.mark.parametrize("law", state_transformer(S, ANY).laws(), ids=lambda law: law.name)
def test_laws_over_an_arbitrary_monad_simplify(law):
    """T1.4: the state transformer."""
    assert proved(Goal(law).simp())


@pytest.mark.parametrize(
    "law", exception_transformer(S, Monad.variable("T", strong=True)).laws(), ids=lambda law: law.name
)
def test_laws_with_cases_under_a_bind(law):
    assert proved(Goal(law).auto())


@pytest.mark.parametrize("law", ActionMonad(Monoid.variable("M")).laws(), ids=lambda law: law.name)
def test_action_monads_by_the_axioms_of_a_monoid(law):
    """T1.4: the laws of the monad are those of the monoid."""
    assert proved(Goal(law).simp())


# ---- what applies --------------------------------------------------------------------------------------------------


def test_the_applicable_moves_leave_least_first_and_can_be_made():
    goal = Goal(ASSOCIATIVE, names=NAMES).induct("xs")
    found = goal.applicable()

    assert [str(move) for move in found[:2]] == [
        "rewrite('induction hypothesis', at='(xs₁ ++ ys) ++ zs')  leaves nothing",
        "rewrite('induction hypothesis', at='xs₁ ++ (ys ++ zs)', backwards=True)  leaves nothing",
    ]
    assert [move.leaves for move in found] == sorted(move.leaves for move in found)
    assert all(eval(f"goal.{move.call}", {"goal": goal}) == move.goal for move in found)


def test_the_applicable_rules_at_a_subterm():
    goal = Goal(RIGHT_INVERSE, names=DOT).rewrite("left unit", at="g · inv(g)", backwards=True)

    assert {move.call for move in goal.applicable(at="e · (g · inv(g))")} == {
        "rewrite('associativity', at='e · (g · inv(g))', backwards=True)",
        "rewrite('left unit', at='e · (g · inv(g))')",
        "rewrite('left unit', at='e · (g · inv(g))', backwards=True)",
    }
    with pytest.raises(MoveRefused, match="no place of this subgoal"):
        goal.applicable(at="h")


def test_a_position_can_be_a_path_and_every_path_is_shown_as_it_stands():
    goal = right_inverse().undo().undo()

    assert goal.rewrite("left unit", at=("left", 0, 1)) == goal.rewrite("left unit", at=("left", 0, 1))
    assert goal.rewrite("left unit", at=("left", 0, 1)).proof == goal.rewrite("left unit", at="e·inv(g)").proof
