"""No proof rests on a map that there may not be, or on a condition that was met at one map only (THEORY 0.5)."""

from __future__ import annotations

from typing import Any

import pytest

from catcore import Functor, Law, One, atoms, generator, ident, pair, terminal
from catcore.arrows import Arrow, fst, snd
from catcore.errors import MoveRefused
from catcore.laws import mono
from catcore_proofs import Goal, Verdict, prove
from catcore_proofs.goals.lemmas import inhabited

A, W, X, Y, Z = atoms("A W X Y Z")
a, b, c, f = (generator(name, X, X) for name in "abcf")
y = generator("y", Z, X)
CENTRAL, AT_F = Law("c is central", f >> c, c >> f), Law("c commutes with f", f >> c, c >> f)
ABSORBED, AT_Y = Law("a is b after all", y >> a, y >> b), Law("a is b after y", y >> a, y >> b)
SUBTERMINAL = Law("Z has at most one element", fst(Z, Z), snd(Z, Z))
T: Any = Functor.variable("T")

ONE_MAP = {
    "a map": (CENTRAL.forall(f), AT_F),
    "a set and a map": (ABSORBED.forall(Z, y), AT_Y),
    "a set": (SUBTERMINAL.forall(Z), SUBTERMINAL),
}


@pytest.mark.parametrize(("condition", "instance"), ONE_MAP.values(), ids=ONE_MAP)
@pytest.mark.parametrize("around", [lambda m: m, T], ids=["maps", "under a functor"])
def test_a_condition_about_every_map_is_not_met_by_one_map(condition: Law, instance: Law, around: Any) -> None:
    conditional = Law("a is b", a, b, (condition,))
    single = Law("a is b", a, b, (instance,))

    assert prove(around(a), around(b), given=[conditional, instance]).status != "holds"
    assert prove(around(a), around(b), given=[single, instance]).evidence == "proved"


def test_under_a_functor_too_there_may_be_no_map_of_a_type() -> None:
    vacuous = Law("a is b, were there a point", a, b)

    assert prove(T(a), T(b), given=[vacuous.forall(generator("point", One, W))]).status != "holds"
    assert prove(T(a), T(b), given=[vacuous]).evidence == "proved"


# ---- lemmas about maps of which the goal does not speak --------------------------------------------------------------

m, h = generator("m", A * W, A), generator("h", A, A)
ON_H, ON_A = Law("m is h", m, fst(A, W) >> h), Law("m is the first", m, fst(A, W))


def at(point: Arrow) -> Arrow:
    return pair(ident(A), terminal(A) >> point) >> m


POINT, ANY = generator("point", One, W), generator("any", W, W)


def lemmas(point: Arrow = POINT) -> list[Verdict]:
    """Each from one of the hypotheses, which give ``h = id`` together where W has an element."""
    found = [prove(Law("L", at(point), h), given=[ON_H]), prove(Law("M", at(point), ident(A)), given=[ON_A])]
    assert {v.evidence for v in found} == {"proved"}
    return found


def test_lemmas_bring_no_maps_along() -> None:
    """Where W is empty, m is the only map and h may be anything."""
    verdict = prove(h, ident(A), given=[ON_H, ON_A, *lemmas()])

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert verdict.counterexample.sizes["W"] == 0


def test_lemmas_about_maps_of_the_goal_help() -> None:
    both = pair(h, terminal(A) >> POINT), pair(ident(A), terminal(A) >> POINT)

    assert prove(*both, given=[ON_H, ON_A, *lemmas()]).evidence == "proved"


def test_goals_refuse_maps_that_there_may_not_be() -> None:
    goal = Goal(h, ident(A), given=[ON_H, ON_A])

    with pytest.raises(MoveRefused, match="there may be no map of its type; state the goal with it"):
        goal.lemma(lemmas()[0])
    with pytest.raises(MoveRefused, match="there may be no map of its type; state the goal with it"):
        goal.via(at(POINT))
    assert goal.via(ident(A) >> generator("new", A, A)).statement["signature"]["new"] == (("a", "A"), ("a", "A"))


ATOM, OTHER = ("a", "A"), ("a", "B")
NUMERALS, LISTS = ("μ", ("+", "1", ("h", 0))), ("μ", ("+", "1", ("*", ATOM, ("h", 0))))


@pytest.mark.parametrize("kind", ["1", ("f", 2), NUMERALS, LISTS, ("^", ATOM, ATOM), ("ν", ("h", 0)),
                                  ("+", ATOM, "1"), ("^", ("*", OTHER, "1"), ("*", ATOM, OTHER)),
                                  ("^", ATOM, ("*", OTHER, "0"))], ids=str)  # fmt: skip
def test_types_that_clearly_have_an_element(kind: Any) -> None:
    assert inhabited(kind)


@pytest.mark.parametrize("kind", ["0", ("f", 0), ATOM, ("^", ATOM, OTHER), ("μ", ("h", 0)), ("+", ATOM, "0"),
                                  ("ν", ("*", ATOM, ("h", 0))), ("*", "1", ATOM), ("T", "T", "1"),
                                  ("μ", ("*", "1", ("h", 0)))], ids=str)  # fmt: skip
def test_types_that_may_be_empty(kind: Any) -> None:
    assert not inhabited(kind)
    assert inhabited(kind, (kind,))


def test_a_map_out_of_nothing_is_always_there() -> None:
    assert inhabited(ATOM, ("0",))
    assert inhabited(ATOM, (OTHER, ("f", 0)))
    assert not inhabited(ATOM, (OTHER, "1"))


def test_a_proof_from_a_hypothesis_about_every_map_is_no_lemma() -> None:
    g, k, l = generator("g", X, Y), generator("k", W, X), generator("l", W, X)
    equal = Law("equal after g", k >> g, l >> g)
    lemma = prove(k, l, given=[mono(g), equal])

    assert lemma.evidence == "proved"
    with pytest.raises(MoveRefused, match="rests on a hypothesis about every map"):
        prove(k >> a, l >> a, given=[equal, lemma])
