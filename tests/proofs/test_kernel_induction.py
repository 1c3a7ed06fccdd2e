"""The kernel's inductions and coinductions: about smaller elements and parts of layers only (THEORY T2.3)."""

from __future__ import annotations

from typing import Any

import pytest

from catcore_proofs import replay
from tests.proofs.certificates import ATOM, OTHER, SAME, V0, certificate, changed, equation, refused

# ---- induction and coinduction ----

NAT = ["μ", ["+", "1", ["h", 0]]]
STREAM = ["ν", ["*", ATOM, ["h", 0]]]
IDENTITY = ["fold", NAT, NAT, ["in", NAT]]
SUCCESSOR = [";", ["i2", "1"], ["in", NAT]]


def fold_of(algebra: Any, carrier: Any = NAT) -> Any:
    return ["fold", NAT, carrier, algebra]


STEP = ["rewrite", 0, 0, [["v", 2]], True, SAME]
UNIQUE = certificate(NAT, NAT, IDENTITY, ["id"], ["induct", 0, ["split", ["v", 1], [SAME, STEP]]])


@pytest.mark.parametrize(
    "proof",
    [
        SAME,
        ["split", ["v", 1], [SAME, STEP]],
        ["induct", 0, SAME],
        ["induct", 1, ["split", ["v", 1], [SAME, STEP]]],
        ["induct", 0, ["split", ["v", 1], [SAME, SAME]]],
        ["induct", 0, ["rewrite", 0, 0, [V0], True, SAME]],  # the element itself is not smaller
        ["induct", 0, ["split", ["v", 1], [SAME, ["rewrite", 0, 0, [V0], True, SAME]]]],
        ["induct", 0, ["split", ["v", 1], [SAME, ["rewrite", 0, 0, [["in", ["r", ["v", 2]]]], True, SAME]]]],
        ["induct", 0, ["split", ["v", 1], [["rewrite", 0, 0, [["v", 2]], True, SAME], STEP]]],  # out of its branch
        ["induct", 0, ["induct", 0, ["split", ["v", 1], [SAME, STEP]]]],
        ["rewrite", 0, 0, [V0], True, SAME],
    ],
    ids=str,
)
def test_an_induction_hypothesis_speaks_about_smaller_elements_only(proof):
    replay(UNIQUE)
    refused(changed(UNIQUE, proof=proof))


def test_a_false_equation_has_no_induction():
    """Doubling is not the identity, whichever point the hypothesis is used at."""
    double = fold_of([";", ["[]", [";", ["i1", NAT], ["in", NAT]], [";", SUCCESSOR, SUCCESSOR]]])
    points = [["v", i] for i in range(4)] + [["in", ["r", ["v", 2]]], ["in", ["l", ["1"]]]]

    for side in (0, 1):
        for forward in (True, False):
            for point in points:
                step = ["rewrite", side, 0, [point], forward, SAME]
                for zero in (SAME, step):
                    refused(certificate(NAT, NAT, double, ["id"], ["induct", 0, ["split", ["v", 1], [zero, step]]]))


COPY = ["unfold", STREAM, ["out", STREAM], STREAM]
AGAIN = ["again", [["p2", ["out", V0]]], SAME, SAME]
SAME_STREAM = certificate(STREAM, STREAM, COPY, ["id"], ["coinduct", ["layers", [AGAIN]]])


@pytest.mark.parametrize(
    "proof",
    [
        SAME,
        ["layers", [AGAIN]],
        ["coinduct", SAME],
        ["coinduct", AGAIN],
        ["coinduct", ["layers", []]],
        ["coinduct", ["layers", [AGAIN, AGAIN]]],
        ["coinduct", ["layers", [["equal", SAME]]]],
        ["coinduct", ["layers", [["again", [V0], SAME, SAME]]]],
        ["coinduct", ["layers", [["again", [], SAME, SAME]]]],
        ["coinduct", ["layers", [["again", [["p1", ["out", V0]]], SAME, SAME]]]],
        ["coinduct", ["layers", [["again", [["p2", ["out", V0]]], SAME]]]],
        ["coinduct", ["layers", [["equal", ["coinduct", ["layers", [AGAIN]]]]]]],
    ],
    ids=str,
)
def test_a_coinduction_ends_in_equal_layers(proof):
    replay(SAME_STREAM)
    refused(changed(SAME_STREAM, proof=proof))


def test_a_false_equation_of_streams_has_no_coinduction():
    """Dropping the first element is not the identity."""
    tail = [";", ["out", STREAM], ["p2"]]

    for point in (V0, ["p2", ["out", V0]], ["p2", ["out", ["p2", ["out", V0]]]]):
        refused(certificate(STREAM, STREAM, tail, ["id"], ["coinduct", ["layers", [["again", [point], SAME, SAME]]]]))


def test_an_argument_of_a_part_is_no_argument_of_another_part():
    """Parts that are functions from B are compared at an element of B, which shows nothing where B is empty."""
    trees = ["ν", ["*", ["^", ["h", 0], OTHER], ["*", ["h", 0], ATOM]]]
    signature = {**{name: ["1", trees] for name in "stuv"}, "a": ["1", ATOM]}

    def after(name: str, part: str) -> Any:
        return [";", ["gen", name], ["out", trees], [part]]

    def known(name: str, rest: str) -> Any:
        return equation("1", ["*", trees, ATOM], after(name, "p2"), ["<>", ["gen", rest], ["gen", "a"]])

    branches = equation("1", ["^", trees, OTHER], after("s", "p1"), after("t", "p1"))

    def argued(dom: Any, point: Any) -> Any:
        rests = equation(dom, trees, [";", ["!"], ["gen", "u"]], [";", ["!"], ["gen", "v"]])
        at_argument = ["equal", ["rewrite", 0, 2, [["1"], ["v", 1]], True, SAME]]
        ends = [at_argument, ["equal", ["rewrite", 0, 3, [point], True, SAME]]]
        heads = ["rewrite", 0, 0, [["1"]], True, ["rewrite", 1, 1, [["1"]], True, ["layers", ends]]]
        given = [known("s", "u"), known("t", "v"), branches, rests]
        sides = ["gen", "s"], ["gen", "t"]
        return certificate("1", trees, *sides, ["coinduct", heads], signature=signature, given=given)

    replay(argued("1", ["1"]))
    refused(argued(OTHER, ["v", 1]))


def test_fixed_points_of_functors_that_turn_twice_are_no_types():
    """μX. B^(B^X): no set is that large, and the kernel would have to turn functions round to fold over it."""
    twice = ["μ", ["^", OTHER, ["^", OTHER, ["h", 0]]]]
    layer = ["^", OTHER, ["^", OTHER, twice]]
    unfolded = [";", ["in", twice], ["fold", twice, twice, ["gen", "a"]]]

    refused(certificate(layer, twice, unfolded, ["gen", "a"], SAME, signature={"a": [layer, twice]}), "is no type")
    for body in (["^", OTHER, ["h", 0]], ["^", ["h", 0], ["h", 0]], ["^", OTHER, ["^", ["h", 0], OTHER]], ["h", 1]):
        refused(certificate(["μ", body], ["μ", body], ["id"], ["id"], SAME), "is no type")
        refused(certificate(["ν", body], ["ν", body], ["id"], ["id"], SAME), "is no type")
