"""The kernel computes, follows each step of a proof, and refuses what does not prove its statement (THEORY 0.5)."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from catcore import (
    atoms,
)  # fmt: skip
from catcore_proofs import replay
from tests.proofs.certificates import (
    AB,
    ATOM,
    BIT,
    FV,
    IDEMPOTENT,
    OTHER,
    REWRITE,
    SAME,
    SIGNATURE,
    TWICE,
    TWO,
    V0,
    certificate,
    changed,
    equation,
    refused,
)
from tests.proofs.models import as_json

A, B, C = atoms("A B C")

# ---- one good and one bad certificate for each former of terms -----------------------------------------------------

FORMERS = [
    # dom, cod, left side, equal right side, different right side
    (ATOM, ATOM, ["id"], [";"], None),
    (ATOM, ATOM, [";", ["gen", "f"], ["gen", "f"]], [";", ["gen", "f"], ["id"], ["gen", "f"]], ["gen", "f"]),
    (ATOM, "1", ["!"], [";", ["gen", "f"], ["!"]], None),
    (AB, AB, ["<>", ["p1"], ["p2"]], ["id"], ["<>", [";", ["p1"], ["gen", "f"]], ["p2"]]),
    (["*", ATOM, ATOM], ATOM, ["p1"], [";", ["<>", ["p2"], ["p1"]], ["p2"]], ["p2"]),
    (ATOM, ["+", ATOM, ATOM], ["i1", ATOM], [";", ["id"], ["i1", ATOM]], ["i2", ATOM]),
    (ATOM, ATOM, [";", ["i2", OTHER], ["[]", ["gen", "g"], ["gen", "f"]]], ["gen", "f"], ["id"]),
    (["*", ATOM, "0"], ATOM, [";", ["p2"], ["0", ATOM]], ["p1"], None),
    (OTHER, ["^", ATOM, ATOM], ["cur", ATOM, ["p2"]], ["cur", ATOM, [";", ["p2"], ["id"]]],
     ["cur", ATOM, [";", ["p2"], ["gen", "f"]]]),
    (["*", ["^", OTHER, ATOM], ATOM], OTHER, ["ev"], [";", ["<>", ["p1"], ["p2"]], ["ev"]],
     [";", ["<>", ["p1"], [";", ["p2"], ["gen", "f"]]], ["ev"]]),
    ("1", TWO, ["fin", "1", TWO, [1]], [";", ["fin", "1", TWO, [0]], ["fin", TWO, TWO, [1, 0]]],
     ["fin", "1", TWO, [0]]),
    (["*", ATOM, ["+", "1", "1"]], ATOM, [";", ["dist"], ["[]", ["p1"], ["p1"]]], ["p1"],
     [";", ["dist"], ["[]", ["p1"], [";", ["p1"], ["gen", "f"]]]]),
]  # fmt: skip
SPLIT_ON_SECOND = ["split", ["v", 1], [SAME, SAME]]


def proof_for(dom: Any) -> Any:
    if dom == ["*", ATOM, ["+", "1", "1"]]:
        return SPLIT_ON_SECOND
    return ["split", ["v", 1], []] if dom == ["*", ATOM, "0"] else SAME


@pytest.mark.parametrize(("dom", "cod", "lhs", "rhs", "wrong"), FORMERS, ids=[str(f[2])[:40] for f in FORMERS])
def test_each_former_of_terms_computes_and_a_different_side_is_refused(dom, cod, lhs, rhs, wrong):
    proof = proof_for(dom)

    replay(certificate(dom, cod, lhs, rhs, proof, signature=SIGNATURE))
    if wrong is not None:
        refused(certificate(dom, cod, lhs, wrong, proof, signature=SIGNATURE), "different normal forms")
        refused(certificate(dom, cod, wrong, lhs, proof, signature=SIGNATURE), "different normal forms")


@pytest.mark.parametrize(
    ("dom", "cod", "term"),
    [
        (ATOM, OTHER, ["id"]),
        (ATOM, ATOM, ["p1"]),
        (ATOM, ATOM, ["p2"]),
        (ATOM, ATOM, ["[]", ["id"], ["id"]]),
        (["+", ATOM, OTHER], ATOM, ["[]", ["id"], ["id"]]),
        (ATOM, ATOM, ["0", ATOM]),
        (ATOM, ATOM, ["ev"]),
        (["*", ["^", ATOM, OTHER], ATOM], ATOM, ["ev"]),
        (ATOM, ["+", ATOM, OTHER], ["i1", ATOM]),
        (ATOM, ["+", ATOM, ["b", "B"]], ["i1", ["b", "B"]]),
        (AB, ["+", ATOM, OTHER], ["dist"]),
        (ATOM, ["^", ATOM, OTHER], ["cur", ATOM, ["p1"]]),
        (OTHER, ATOM, ["gen", "f"]),
        (ATOM, ATOM, ["gen", "unheard"]),
        (TWO, TWO, ["fin", TWO, TWO, [0]]),
        (TWO, TWO, ["fin", TWO, TWO, [0, 2]]),
        (TWO, TWO, ["fin", TWO, TWO, [0, -1]]),
        (TWO, TWO, ["fin", TWO, TWO, [0, 1.0]]),
        (TWO, TWO, ["fin", TWO, TWO, [False, True]]),
        (TWO, ATOM, ["fin", TWO, ATOM, [0, 0]]),
        (ATOM, ATOM, ["unheard of"]),
        (ATOM, ATOM, []),
        (ATOM, ATOM, "id"),
        (ATOM, ATOM, {"id": 1}),
        (ATOM, ATOM, None),
        (ATOM, ATOM, [";", ["id", "id"]]),
    ],
    ids=str,
)
def test_ill_typed_terms_are_refused(dom, cod, term):
    refused(certificate(dom, cod, term, term, SAME, signature=SIGNATURE))


@pytest.mark.parametrize(
    "kind", ["2", "", ["a"], ["a", 3], ["f", -1], ["f", "2"], ["*", "1"], ["?", "1", "1"], None, 7]
)
def test_what_is_no_type_is_refused(kind):
    refused(certificate(kind, kind, ["id"], ["id"], SAME))
    refused(certificate("1", "1", ["id"], ["id"], SAME, signature={"f": [kind, "1"]}))
    refused(certificate("0", kind, ["0", kind], ["0", kind], ["split", ["v", 0], []]))


# ---- one attack for each proof step --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "proof",
    [
        ["split", ["v", 0], [SAME]],
        ["split", ["v", 0], [SAME, SAME, SAME]],
        ["split", ["v", 0], []],
        ["split", ["v", 1], [SAME, SAME]],
        ["split", ["v", -1], [SAME, SAME]],
        ["split", ["b", 0], [SAME, SAME]],
        ["split", ["p1", ["v", 0]], [SAME, SAME]],
        ["split", ["l", ["1"]], [SAME, SAME]],
        ["split", ["1"], [SAME]],
        ["split", ["v", 0], [SAME, ["unheard of"]]],
        ["split", ["v", 0], [SAME, []]],
        ["split", ["v", 0]],
        SAME,
        [],
        None,
        "same",
        ["same", "same"],
    ],
    ids=str,
)
def test_a_wrong_case_distinction_is_refused(proof):
    replay(TWICE)
    refused(changed(TWICE, proof=proof))


def test_each_branch_of_a_case_distinction_is_checked():
    same_but_right = [";", ["[]", ["i1", "1"], ["i1", "1"]]]

    refused(certificate(BIT, BIT, same_but_right, ["id"], ["split", ["v", 0], [SAME, SAME]]), "different normal forms")
    left_only = certificate(BIT, BIT, same_but_right, ["id"], ["split", ["v", 0], [SAME, ["split", ["v", 0], []]]])
    refused(left_only)


def test_what_is_known_in_one_branch_is_forgotten_in_the_next():
    """The variable of a left payload must not be usable as one of the other type in the right branch."""
    dom = ["+", "0", ATOM]
    absurd = ["split", ["v", 1], []]
    fine = certificate(dom, dom, ["id"], ["id"], ["split", ["v", 0], [absurd, SAME]])
    replay(fine)

    refused(certificate(dom, dom, ["[]", ["i1", ATOM], [";", ["gen", "f"], ["i2", "0"]]], ["id"],
                        ["split", ["v", 0], [absurd, absurd]], signature=SIGNATURE), "no sum")  # fmt: skip


@pytest.mark.parametrize(
    "proof",
    [
        SAME,
        ["rewrite", 0, 1, [V0], True, SAME],
        ["rewrite", 0, -1, [V0], True, SAME],
        ["rewrite", 0, "0", [V0], True, SAME],
        ["rewrite", 2, 0, [V0], True, SAME],
        ["rewrite", -1, 0, [V0], True, SAME],
        ["rewrite", 0, 0, [], True, SAME],
        ["rewrite", 0, 0, [V0, V0], True, SAME],
        ["rewrite", 0, 0, [["v", 1]], True, SAME],
        ["rewrite", 0, 0, [["b", 0]], True, SAME],
        ["rewrite", 0, 0, [["1"]], True, SAME],
        ["rewrite", 0, 0, [["g", "g", V0]], True, SAME],
        ["rewrite", 0, 0, [["λ", V0]], True, SAME],
        ["rewrite", 0, 0, V0, True, SAME],
        ["rewrite", 0, 0, [V0], True],
        ["rewrite", 0, 0, [FV], True, ["rewrite", 1, 0, [V0], True, SAME]],
        ["rewrite", 1, 0, [FV], False, ["rewrite", 0, 0, [["g", "f", FV]], True, SAME]],
    ],
    ids=str,
)
def test_a_wrong_rewrite_is_refused(proof):
    replay(REWRITE)
    refused(changed(REWRITE, proof=proof))


def test_a_rewrite_with_a_hypothesis_that_is_not_given_is_refused():
    cert = copy.deepcopy(REWRITE)
    cert["statement"]["given"] = []

    refused(cert, "names no equation")


def test_via_checks_both_ways():
    via = ["via", FV, ["rewrite", 0, 0, [V0], False, SAME], SAME]
    cert = certificate(ATOM, ATOM, [";", ["gen", "f"], ["gen", "f"]], ["gen", "f"], via,
                       signature=SIGNATURE, given=[IDEMPOTENT])  # fmt: skip
    replay(cert)

    refused(changed(cert, proof=["via", V0, SAME, SAME]), "different normal forms")
    refused(changed(cert, proof=["via", FV, SAME, SAME]), "different normal forms")
    refused(changed(cert, proof=["via", ["1"], *via[2:]]))
    refused(changed(cert, proof=["via", ["b", 0], *via[2:]]))
    refused(changed(cert, proof=["via", ["v", 1], *via[2:]]))


def test_pairs_and_functions_are_compared_part_by_part():
    """Under a binder nothing is rewritten; ``parts`` and ``apply`` open pairs and functions first."""
    cod = ["*", ["^", ATOM, ATOM], ATOM]
    twice, once = [";", ["gen", "f"], ["gen", "f"]], ["gen", "f"]
    lhs = ["<>", ["cur", ATOM, [";", ["p2"], twice]], twice]
    rhs = ["<>", ["cur", ATOM, [";", ["p2"], once]], once]
    at_zero = ["rewrite", 0, 0, [V0], True, SAME]
    at_argument = ["apply", ["rewrite", 0, 0, [["v", 1]], True, SAME]]
    good = certificate(ATOM, cod, lhs, rhs, ["parts", at_argument, at_zero], signature=SIGNATURE, given=[IDEMPOTENT])
    replay(good)

    for proof in (
        ["parts", at_zero, at_zero],
        ["parts", at_argument, SAME],
        ["parts", SAME, at_zero],
        ["parts", at_argument],
        ["parts", ["apply", at_zero], at_zero],
        ["parts", ["apply", ["rewrite", 0, 0, [["v", 2]], True, SAME]], at_zero],
        ["parts", at_argument, ["rewrite", 0, 0, [["v", 1]], True, SAME]],  # the argument is gone
        ["apply", at_zero],
        ["parts", ["parts", SAME, SAME], at_zero],
        ["parts", at_argument, ["apply", at_zero]],
    ):
        refused(changed(good, proof=proof))


def test_a_function_at_one_argument_is_not_the_function():
    """``apply`` takes a new argument, not one that the certificate chooses."""
    cod = ["^", ATOM, ATOM]
    cert = certificate(["*", ATOM, cod], ["*", cod, "1"], ["<>", ["p2"], ["!"]],
                       ["<>", ["cur", ATOM, [";", ["p1"], ["<>", ["p2"], ["p1"]], ["ev"]]], ["!"]],
                       ["parts", ["apply", SAME], SAME])  # fmt: skip

    refused(cert, "different normal forms")


# ---- lemmas --------------------------------------------------------------------------------------------------------

LEMMA = {"variables": [ATOM], "cod": ATOM, "lhs": ["g", "f", ["g", "f", FV]], "rhs": FV,
         "proof": ["rewrite", 0, 0, [FV], True, ["rewrite", 0, 0, [V0], True, SAME]]}  # fmt: skip
WITH_LEMMA = certificate(
    ATOM, ATOM, [";", *[["gen", "f"]] * 3], ["gen", "f"], ["rewrite", 0, 1, [V0], True, SAME],
    signature=SIGNATURE, given=[IDEMPOTENT], lemmas=[LEMMA],
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"proof": SAME},
        {"rhs": V0},
        {"lhs": V0},
        {"rhs": ["v", 1]},
        {"rhs": ["b", 0]},
        {"rhs": ["1"]},
        {"cod": OTHER},
        {"variables": [OTHER]},
        {"variables": []},
        {"variables": ["no type"]},
        {"proof": ["rewrite", 0, 1, [V0], True, SAME]},  # a lemma cannot use itself
    ],
    ids=str,
)
def test_a_lemma_with_a_false_proof_is_refused(change):
    replay(WITH_LEMMA)
    refused(changed(WITH_LEMMA, lemmas=[{**as_json(LEMMA), **change}]))


def test_a_lemma_is_refused_even_where_nothing_uses_it():
    bad = {**as_json(LEMMA), "rhs": V0}

    refused(
        changed(TWICE, lemmas=[{**bad, "variables": [BIT], "cod": BIT, "lhs": V0, "rhs": ["l", ["1"]], "proof": SAME}])
    )


def test_a_lemma_may_use_earlier_lemmas_only():
    first, second = as_json(LEMMA), {**as_json(LEMMA), "proof": ["rewrite", 0, 1, [V0], True, SAME]}

    replay(changed(WITH_LEMMA, lemmas=[first, second]))
    refused(changed(WITH_LEMMA, lemmas=[second, first]))


def test_the_variables_of_a_lemma_stay_its_own():
    """A lemma closed over two variables is used at two values, in the order in which they were declared."""
    pair_type = ["*", ATOM, ATOM]
    first = equation(pair_type, ATOM, ["gen", "m"], ["p1"])
    lemma = {"variables": [ATOM, ATOM], "cod": ATOM, "lhs": ["g", "m", ["*", ["v", 1], V0]], "rhs": ["v", 1],
             "proof": ["rewrite", 0, 0, [["v", 1], V0], True, SAME]}  # fmt: skip
    good = certificate(pair_type, ATOM, ["gen", "m"], ["p1"], ["rewrite", 0, 1, [["v", 1], V0], True, SAME],
                       signature={"m": [pair_type, ATOM]}, given=[first], lemmas=[lemma])  # fmt: skip
    replay(good)

    refused(changed(good, lemmas=[{**lemma, "rhs": V0}]))
    refused(changed(good, proof=["rewrite", 0, 1, [V0, ["v", 1]], True, SAME]))
