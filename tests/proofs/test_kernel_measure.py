"""Induction along a measure: the step ``measure`` and what the kernel refuses of it (THEORY T3.4).

The states X have a coalgebra ``c : X → 1 + X × X`` and a plan ``p : X → μF`` with ``p = c ; F p ; in``.  Two maps h and
k with ``h = c ; F h ; a`` are equal, by induction along p(x).
"""

from __future__ import annotations

import itertools as it
from typing import Any

import pytest

from catcore_proofs import replay
from tests.proofs.certificates import ATOM, OTHER, SAME, certificate, changed, equation, refused

BODY: Any = ["+", "1", ["*", ["h", 0], ["h", 0]]]
TREE: Any = ["μ", BODY]


def layer(kind: Any) -> Any:
    return ["+", "1", ["*", kind, kind]]


def mapped(f: Any, kind: Any) -> Any:
    """The functor on a map into a type."""
    both = ["<>", [";", ["p1"], f], [";", ["p2"], f]]
    return ["[]", ["i1", ["*", kind, kind]], [";", both, ["i2", "1"]]]


def recursion(name: str, coalgebra: str, algebra: Any, kind: Any) -> Any:
    """``f = c ; F f ; a``."""
    run = [";", ["gen", coalgebra], mapped(["gen", name], kind), algebra]
    return equation(ATOM, kind, ["gen", name], run)


SIGNATURE = {
    "c": [ATOM, layer(ATOM)], "d": [ATOM, layer(ATOM)], "p": [ATOM, TREE], "a": [layer(OTHER), OTHER],
    "h": [ATOM, OTHER], "k": [ATOM, OTHER], "w": [OTHER, TREE], "s": [ATOM, ["ν", BODY]],
}  # fmt: skip
PLAN = recursion("p", "c", ["in", TREE], TREE)
CLAUSES = [recursion(name, "c", ["gen", "a"], OTHER) for name in "hk"]
GIVEN = [PLAN, *CLAUSES]
X, C, LEFT, RIGHT = ["v", 0], ["g", "c", ["v", 0]], ["v", 1], ["v", 2]
P: Any = ["g", "p", X]


def facts(*numbers: int, end: Any) -> Any:
    for number in reversed(numbers):
        end = ["fact", number, [X], True, end]
    return end


def uses(*points: Any, number: int = 3) -> Any:
    """Rewrites of the left side by the induction hypothesis."""
    end = SAME
    for point in reversed(points):
        end = ["rewrite", 0, number, point, True, end]
    return end


def proof(*points: Any, measure: Any = P, learned: tuple[int, ...] = (0, 1, 2)) -> Any:
    leaf = facts(*learned, end=SAME)
    return ["measure", measure, ["split", C, [leaf, facts(*learned, end=uses(*points))]]]


ON_THE_LEFT, ON_THE_RIGHT = [LEFT, ["at", 1]], [RIGHT, ["at", 2]]
GOOD = certificate(
    ATOM, OTHER, ["gen", "h"], ["gen", "k"], proof(ON_THE_LEFT, ON_THE_RIGHT), signature=SIGNATURE, given=GIVEN
)


def test_two_solutions_of_a_recursion_with_a_plan_are_equal():
    replay(GOOD)
    replay(changed(GOOD, proof=proof(ON_THE_RIGHT, ON_THE_LEFT)))


def test_the_plan_is_needed():
    """What holds of no plan, or of the plan of another coalgebra, proves nothing."""
    without = {"signature": SIGNATURE, "given": CLAUSES}
    other = {"signature": SIGNATURE, "given": [recursion("p", "d", ["in", TREE], TREE), *CLAUSES]}
    parts = [["v", 3], ["at", 1]], [["v", 4], ["at", 2]]
    at_d = ["measure", P, ["split", ["g", "d", X], [
        ["split", C, [facts(0, 1, 2, end=SAME)] * 2],
        ["split", C, [facts(0, 1, 2, end=SAME), facts(0, 1, 2, end=uses(*parts))]],
    ]]]  # fmt: skip
    ends = ATOM, OTHER, ["gen", "h"], ["gen", "k"]

    plain = [[point[0], point[1]] for point in (ON_THE_LEFT, ON_THE_RIGHT)]
    unplanned = ["measure", P, ["split", C, [facts(0, 1, end=SAME), facts(0, 1, end=uses(*plain, number=2))]]]
    refused(certificate(*ends, unplanned, **without), "not known")
    refused(certificate(*ends, proof(ON_THE_LEFT, ON_THE_RIGHT), **other))
    refused(certificate(*ends, at_d, **other))
    refused(changed(GOOD, proof=proof(ON_THE_LEFT, ON_THE_RIGHT, learned=(1, 2))), "not known")


STATES = [X, LEFT, RIGHT]
PLACES = [["at"], ["at", 1], ["at", 2], ["at", 1, 1], ["at", 3], ["at", 0], ["at", X], ["in", 1], ["at", "1"], 1, None]


@pytest.mark.parametrize(("state", "place"), list(it.product(STATES, PLACES)), ids=str)
def test_the_hypothesis_holds_at_the_parts_only(state, place):
    """Of all states and places just the two parts at their places pass; the state itself is at no place."""
    if [state, place] == ON_THE_LEFT:
        replay(changed(GOOD, proof=proof([state, place], ON_THE_RIGHT)))
    else:
        refused(changed(GOOD, proof=proof([state, place], ON_THE_RIGHT)))


@pytest.mark.parametrize(
    "measure",
    [
        X,
        C,
        ["g", "p", ["v", 1]],
        ["g", "p", ["b", 0]],
        ["g", "h", X],
        ["g", "s", X],  # an element of a greatest fixed point
        ["g", "w", ["g", "h", X]],  # nothing is known of its layer
        ["in", ["l", ["1"]]],
        ["v", -1],
        "p",
        None,
    ],
    ids=str,
)
def test_a_wrong_measure_is_refused(measure):
    refused(changed(GOOD, proof=proof(ON_THE_LEFT, ON_THE_RIGHT, measure=measure)))


def test_a_measure_that_does_not_get_smaller_is_refused():
    """``k = k ∘ t`` for every t would follow, were the hypothesis used at a point of the same measure."""
    signature = {"t": [TREE, TREE], "k": [TREE, OTHER]}
    ends = TREE, OTHER, [";", ["gen", "t"], ["gen", "k"]], ["gen", "k"]
    for point in ([X, ["at"]], [["v", 1], ["at"]], [["v", 1], ["at", 1]]):
        inner = ["rewrite", 0, 0, point, True, SAME]
        for wrong in (inner, ["open", X, inner], ["open", X, ["split", ["v", 1], [SAME, inner]]]):
            refused(certificate(*ends, ["measure", X, wrong], signature=signature))


def test_it_is_a_first_step():
    inside = ["split", C, [SAME, SAME]]
    refused(changed(GOOD, proof=["split", C, [["measure", P, SAME], ["measure", P, SAME]]]), "malformed")
    refused(changed(GOOD, proof=["measure", P, ["measure", P, inside]]), "malformed")


def test_an_element_itself_is_a_measure():
    """Then it is the induction on a variable, with the places of the parts named."""
    numeral = ["μ", ["+", "1", ["h", 0]]]
    climb = ["fold", numeral, numeral, ["in", numeral]]
    up = ["split", ["v", 1], [SAME, ["rewrite", 0, 0, [["v", 2], ["at"]], True, SAME]]]

    replay(certificate(numeral, numeral, climb, ["id"], ["measure", X, ["open", X, up]]))
    refused(certificate(numeral, numeral, climb, ["id"], ["measure", X, up]))


FUNCTIONS: Any = ["μ", ["+", "1", ["^", ["h", 0], ATOM]]]


@pytest.mark.parametrize(
    ("place", "good"),
    [
        (["at", ["v", 3]], True),
        (["at", ["n", 0]], False),
        (["at", ["v", 2]], False),
        (["at"], False),
        (["at", 1], False),
    ],
    ids=str,
)
def test_parts_that_are_values_of_functions(place, good):
    """``μX. 1 + X^A``; the part is the value at a new argument."""
    climb = ["fold", FUNCTIONS, FUNCTIONS, ["in", FUNCTIONS]]
    at = ["rewrite", 0, 0, [["@", ["v", 2], ["v", 3]], place], True, SAME]
    both = ["inside", ["inside", ["apply", at]]]
    opened = ["measure", X, ["open", X, ["split", ["v", 1], [SAME, both]]]]
    cert = certificate(FUNCTIONS, FUNCTIONS, climb, ["id"], opened)
    if good:
        replay(cert)
    else:
        refused(cert)


def test_facts_about_pairs_are_facts_about_their_components():
    pair = ["*", ATOM, OTHER]
    signature = {"f": [ATOM, pair], "g": [ATOM, pair], "u": [pair, OTHER]}
    same = equation(ATOM, pair, ["gen", "f"], ["gen", "g"])
    goal = [";", ["gen", "f"], ["gen", "u"]], [";", ["gen", "g"], ["gen", "u"]]
    good = certificate(ATOM, OTHER, *goal, ["fact", 0, [X], True, SAME], signature=signature, given=[same])

    replay(good)
    refused(changed(good, proof=["fact", 0, [["g", "f", X]], True, SAME]))
    halves = equation(ATOM, ATOM, [";", ["gen", "f"], ["p1"]], [";", ["gen", "g"], ["p1"]])
    refused(certificate(ATOM, OTHER, *goal, ["fact", 0, [X], True, SAME], signature=signature, given=[halves]))
