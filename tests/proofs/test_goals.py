"""Goals: every move is a step of the kernel, and nothing false is ever finished (T1.4, T1.5, T2.3, T3.1)."""

from __future__ import annotations

import itertools as it
from typing import Any

import pytest

import catcore
import catcore_proofs
from catcore import (
    Id,
    Law,
    Monad,
    Monoid,
    One,
    arrow,
    atoms,
    case,
    finite_map,
    fold,
    fst,
    generator,
    ident,
    inl,
    inr,
    mu,
    nu,
    out,
    pair,
    terminal,
    unfold,
)
from catcore.errors import IllTyped, MoveRefused, NotParallel
from catcore.structures.standard import ActionMonad
from catcore.structures.transformers import exception_transformer, state_transformer
from catcore_proofs import Goal, prove, replay
from catcore_proofs.evaluation import Rejected
from catcore_proofs.goals.goal import replace_goal
from catcore_proofs.goals.holes import HOLE, holes, opened
from tests.proofs.test_induction import ASSOCIATIVE, FALSE, JOIN, LIST, STREAM, TRUE, TURN, L

A, B, C, G, S = atoms("A B C G S")
F, H = generator("f", A, B), generator("h", B, C)
ANY = Monad.variable("T", strong=True)
NAMES = {"++": JOIN, "reverse": TURN, "L": L}
MAYBE = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))
SWAP = case(inr(One, One), inl(One, One))
TWICE = Law("swapping twice", SWAP >> SWAP, ident(One + One))

MULT, INV, UNIT = generator("m", G * G, G), generator("inv", G, G), generator("e", One, G)
GROUP = (
    Law(
        "associativity",
        arrow(G * G * G, G)(lambda t: MULT(MULT(t[0][0], t[0][1]), t[1])),
        arrow(G * G * G, G)(lambda t: MULT(t[0][0], MULT(t[0][1], t[1]))),
    ),
    Law("left unit", arrow(G, G)(lambda x: MULT((terminal(G) >> UNIT)(x), x)), ident(G)),
    Law("left inverse", arrow(G, G)(lambda x: MULT(INV(x), x)), terminal(G) >> UNIT),
)
RIGHT_INVERSE = Law("right inverse", arrow(G, G)(lambda x: MULT(x, INV(x))), terminal(G) >> UNIT, GROUP)
DOT = {"·": MULT}


def proved(goal: Goal) -> bool:
    """Whether the goal is finished and its certificate survives another replay, read back from its script as well."""
    verdict = goal.verdict()
    assert (verdict.status, verdict.evidence) == ("holds", "proved"), str(verdict)
    replay(verdict.certificate)
    scope: dict[str, Any] = {}
    exec(goal.script(), scope)
    again = scope["goal"]
    assert again == goal
    assert again.certificate() == verdict.certificate
    return True


def reverse_twice() -> Goal:
    goal = Goal(TRUE["reversing twice"], names=NAMES).induct("xs")
    return goal.rewrite(TRUE["reverse of append"]).rewrite("IH")


def right_inverse() -> Goal:
    goal = Goal(RIGHT_INVERSE, names=DOT).rewrite("left unit", at="g · inv(g)", backwards=True)
    goal = goal.rewrite("left inverse", at=("left", 0, 0), backwards=True, where={"g": "inv(g)"})
    goal = goal.rewrite("associativity").rewrite("associativity", at="inv(g)·(g·inv(g))", backwards=True)
    return goal.rewrite("left inverse", at="inv(g) · g").rewrite("left unit").rewrite("left inverse")


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
