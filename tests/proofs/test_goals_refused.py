"""Moves that do not apply say why, and no sequence of moves or tampered proof finishes what is false."""

from __future__ import annotations

from typing import Any

import pytest

from catcore import (
    Id,
    Law,
    Monad,
    One,
    arrow,
    fst,
    generator,
    ident,
    inl,
    pair,
    terminal,
)
from catcore.errors import IllTyped, MoveRefused, NotParallel
from catcore_proofs import Goal, prove
from catcore_proofs.evaluation import Rejected
from catcore_proofs.goals.goal import replace_goal
from catcore_proofs.goals.holes import opened
from tests.proofs.goals import (
    GROUP,
    MAYBE,
    MULT,
    NAMES,
    RIGHT_INVERSE,
    SWAP,
    TWICE,
    A,
    B,
    F,
    G,
    reverse_twice,
    right_inverse,
)
from tests.proofs.test_induction import ASSOCIATIVE, FALSE, STREAM, TRUE

# ---- refusals ------------------------------------------------------------------------------------------------------

LISTS = Goal(TRUE["reversing twice"], names=NAMES)
REFUSED = {
    "no such rule": (lambda: LISTS.rewrite("fusion"), "no rule of that name; there is none; add one with lemma"),
    "no hypothesis yet": (lambda: LISTS.rewrite("IH"), r"this subgoal has none; start with induct\(…\)"),
    "no such place": (lambda: LISTS.induct().rewrite("IH", at="zs"), r"'zs' was asked for and is no place .* 'xs₁'"),
    "no such path": (lambda: LISTS.induct().rewrite("IH", at=("left", 7)), "say 'left', 'right', a path such as"),
    "no match there": (lambda: LISTS.induct().rewrite("IH", at="xs₁"), "nothing at 'xs₁' matches the rule's left side"),
    "everything matches": (
        lambda: Goal(RIGHT_INVERSE).rewrite("left unit", backwards=True),
        "whose right side is a variable, which matches everything; say where, with at=",
    ),
    "a variable left open": (
        lambda: Goal(RIGHT_INVERSE).rewrite("left inverse", at="right", backwards=True),
        r"leaves g ∈ G open; say what it is, as in where=\{'g': …\}",
    ),
    "a value that is not there": (
        lambda: Goal(RIGHT_INVERSE).rewrite("left inverse", at="right", backwards=True, where={"g": "k"}),
        "'k' was given as a value, and the subgoal shows no such element of G",
    ),
    "nothing to split": (lambda: LISTS.split(), "neither side waits for one; no element of a sum is left"),
    "no such element": (lambda: Goal(TWICE).split("y"), "'y' was asked for, which is no undecided .* there are x"),
    "a split first": (lambda: Goal(TWICE).simp(), r"waits for a case distinction on x; make it first, with split\(\)"),
    "nothing simpler": (lambda: LISTS.simp(), "no rule makes either side smaller; use rewrite, split or lemma"),
    "no pair, no function": (lambda: LISTS.ext(), "the sides are elements of L; it applies to pairs, to functions"),
    "induction on an atom": (lambda: Goal(RIGHT_INVERSE).induct("g"), "it needs a variable of a least fixed point"),
    "induction late": (lambda: LISTS.induct().induct(), r"in the middle of a proof; it is a first step. Use undo\(\)"),
    "coinduction on lists": (lambda: LISTS.coinduct(), "both sides are elements of L, which is no greatest fixed"),
    "coinduction late": (lambda: LISTS.induct().coinduct(), "in the middle of a proof; it is a first step"),
    "coinduction on different layers": (
        lambda: Goal(STREAM(F), STREAM(generator("g", A, B))).coinduct().coinduct(),
        "two layers differ; rewrite until they agree",
    ),
    "undo at the start": (lambda: LISTS.undo(), "There is no move to undo"),
    "focus on nothing": (lambda: LISTS.focus(2), "Subgoal 2 was asked for, and there are 1, numbered from 1"),
    "a lemma that is false": (
        lambda: LISTS.lemma(FALSE["append commutes"][0]),
        r"A lemma has to be proved, and this one is not: c: fails \(exhaustive\)",
    ),
    "a lemma that is nothing": (lambda: LISTS.lemma(3), "a verdict, a finished goal or a certificate, and 3 was given"),  # type: ignore[arg-type]
    "a lemma that is unfinished": (lambda: LISTS.lemma(LISTS), "one subgoal remains; finish them first"),
    "a lemma twice": (lambda: reverse_twice().lemma(TRUE["reverse of append"]), "a rule of that name is there already"),
    "a lemma under other hypotheses": (
        lambda: Goal(TWICE).lemma(Goal(RIGHT_INVERSE).auto()),
        "'right inverse' rests on a hypothesis that the goal does not have",
    ),
    "a lemma about another f": (
        lambda: Goal(F, F).lemma(prove(generator("f", B, B), generator("f", B, B), name="other")),
        "'other' speaks of another 'f' than the goal: the types differ",
    ),
    "a lemma about sums": (lambda: Goal(TWICE).lemma(TWICE), "an element of a sum, .* one lemma for each case"),
    "a third arrow elsewhere": (lambda: Goal(F, F).via(ident(A)), "not parallel"),
    "auto in vain": (lambda: Goal(FALSE["append commutes"][0], names=NAMES).auto(), "It got as far as .* = .*; split"),
    "nothing remains": (lambda: Goal(TWICE).split().auto(), r"nothing remains to be shown; see verdict\(\)"),
    "a certificate too early": (lambda: LISTS.certificate(), "'reverse twice' was asked for, and one subgoal remains"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_move_that_does_not_apply_says_why_in_sentences(name):
    move, message = REFUSED[name]

    with pytest.raises((MoveRefused, NotParallel), match=message) as error:
        move()
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


def test_names_belong_to_what_can_be_named():
    with pytest.raises(IllTyped, match=r"The name 'p' was given to .*; a name belongs to an object, to a generator"):
        print(Goal(TWICE, names={"p": pair(ident(A), ident(A))}))
    with pytest.raises(IllTyped, match="An equation has two sides"):
        Goal(F)


# ---- nothing false is finished ---------------------------------------------------------------------------------------


def moves_from(goal: Goal, depth: int) -> set[Goal]:
    """Every goal that up to ``depth`` applicable moves lead to."""
    found, level = {goal}, {goal}
    for _ in range(depth):
        level = {move.goal for each in level if not each.done for move in each.applicable()[:8]} - found
        found |= level
    return found


WRONG = {
    "append commutes": (FALSE["append commutes"][0], 3),
    "reverse is the identity": (FALSE["reverse is the identity"][0], 3),
    "swapping is the identity": (Law("swap", SWAP, ident(One + One)), 2),
    "every element of a group is an involution": (
        Law("involutions", arrow(G * G, G)(lambda p: MULT(MULT(p[0], p[1]), p[1])), fst(G, G), GROUP),
        2,
    ),
    "maybe with the wrong unit": (
        Monad(1 + Id, unit=lambda X: terminal(X) >> inl(One, X), mult=MAYBE.mult.component).laws()[2],
        2,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_no_sequence_of_moves_finishes_a_false_statement(name):
    law, depth = WRONG[name]

    reached = moves_from(Goal(law), depth)
    assert len(reached) > 1
    assert not any(goal.done for goal in reached)
    for goal in reached:
        try:
            assert goal.auto().done is False
        except MoveRefused:
            continue


def tampered(proof: Any) -> list[Any]:
    """The proof with one step of it changed, in every way that a step can be."""
    found: list[Any] = [("same",)] if proof != ("same",) else []
    match proof:
        case ("split", neutral, parts):
            found += [("split", neutral, parts[1:]), ("split", ("v", 7), parts), ("split", neutral, parts[::-1])]
        case ("rewrite", side, number, point, forward, rest):
            found += [
                ("rewrite", 1 - side, number, point, forward, rest),
                ("rewrite", side, number + 5, point, forward, rest),
                ("rewrite", side, number, point[1:], forward, rest),
                ("rewrite", side, number, point, forward, ("same",)) if rest != ("same",) else ("what",),
            ]
        case ("induct", which, rest):
            found += [rest, ("induct", which + 7, rest)]
    parts, rebuild = opened(proof)
    for i, part in enumerate(parts):
        found += [rebuild((*parts[:i], other, *parts[i + 1 :])) for other in tampered(part)]
    return found


@pytest.mark.parametrize(
    "make", [reverse_twice, right_inverse, lambda: Goal(TWICE).split()], ids=["lists", "group", "sum"]
)
def test_a_tampered_step_is_refused_by_the_kernel(make):
    goal = make()
    others = [proof for proof in tampered(goal.proof) if proof != goal.proof]

    accepted = []
    for proof in others:
        other = replace_goal(goal, proof=proof)
        verdict = other.verdict()
        assert (verdict.status, verdict.certificate is None) in {("unknown", True), ("holds", False)}
        if verdict.ok:
            accepted.append(proof)
        else:
            with pytest.raises(Rejected):
                other.certificate()
    assert len(others) >= 3
    # the statement is true, so a changed step may happen to be harmless, such as a rewrite that nothing needs
    assert len(accepted) <= len(others) // 3


def test_a_tampered_proof_proves_nothing_false():
    wrong = Goal(FALSE["append commutes"][0])
    for proof in (*tampered(reverse_twice().proof), ("same",), ("induct", 0, ("same",))):
        assert replace_goal(wrong, proof=proof).verdict().status == "unknown"


def test_a_tampered_lemma_is_refused():
    certificate = prove(TRUE["reverse of append"]).certificate
    assert certificate is not None
    broken = {**certificate, "proof": ["same"]}

    with pytest.raises(MoveRefused, match="the kernel refuses its certificate"):
        LISTS.lemma(broken)


def test_an_unfinished_goal_is_unknown():
    verdict = Goal(ASSOCIATIVE).induct().verdict()

    assert (verdict.status, verdict.evidence) == ("unknown", "")
    assert verdict.reason == "one subgoal remains"
