"""The kernel refuses every certificate that does not prove its statement (THEORY 0.5)."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from catcore import (
    FinSet,
    Law,
    Monoid,
    One,
    Zero,
    atoms,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    fst,
    generator,
    ident,
    initial,
    inl,
    inr,
    pair,
    snd,
    terminal,
)  # fmt: skip
from catcore.arrows import Arrow
from catcore_proofs import prove, replay
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import Kernel
from tests.proofs.models import as_json, elements, refuted, run

A, B, C = atoms("A B C")
ATOM, OTHER = ["a", "A"], ["a", "B"]
SAME: Any = ["same"]


def certificate(dom, cod, lhs, rhs, proof, *, signature=None, given=(), lemmas=()) -> Any:
    """A certificate written by hand, as it stands in a file."""
    statement = {"dom": dom, "cod": cod, "lhs": lhs, "rhs": rhs, "signature": signature or {}, "given": list(given)}
    return as_json({"statement": statement, "lemmas": list(lemmas), "proof": proof})


def equation(dom, cod, lhs, rhs) -> Any:
    return {"dom": dom, "cod": cod, "lhs": lhs, "rhs": rhs}


def refused(cert: Any, why: str = ".") -> None:
    with pytest.raises(Rejected, match=why):
        replay(cert)


# ---- one good and one bad certificate for each former of terms -----------------------------------------------------

AB, TWO = ["*", ATOM, OTHER], ["f", 2]
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
SIGNATURE = {"f": [ATOM, ATOM], "g": [OTHER, ATOM]}
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

BIT = ["+", "1", "1"]
NOT = ["[]", ["i2", "1"], ["i1", "1"]]
TWICE = certificate(BIT, BIT, [";", NOT, NOT], ["id"], ["split", ["v", 0], [SAME, SAME]])


def changed(cert: Any, **changes: Any) -> Any:
    new = copy.deepcopy(cert)
    new.update(changes)
    return new


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


IDEMPOTENT = equation(ATOM, ATOM, [";", ["gen", "f"], ["gen", "f"]], ["gen", "f"])
V0 = ["v", 0]
FV = ["g", "f", V0]
REWRITE = certificate(
    ATOM, ATOM, [";", ["gen", "f"], ["gen", "f"], ["gen", "f"]], ["gen", "f"],
    ["rewrite", 0, 0, [FV], True, ["rewrite", 0, 0, [V0], True, SAME]],
    signature=SIGNATURE, given=[IDEMPOTENT],
)  # fmt: skip


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


# ---- malformed and hostile certificates ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["statement", "lemmas", "proof"])
def test_a_missing_part_is_refused(key):
    cert = copy.deepcopy(TWICE)
    del cert[key]

    refused(cert, "malformed")


@pytest.mark.parametrize("key", ["dom", "cod", "lhs", "rhs", "signature", "given"])
@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [[]], [None], {"a": 1}, True])
def test_a_malformed_statement_is_refused_or_says_the_same(key, value):
    cert = copy.deepcopy(REWRITE)
    cert["statement"][key] = value

    refused(cert)


@pytest.mark.parametrize("cert", [None, 3, "x", [], {}, {"statement": 1, "lemmas": [], "proof": []}])
def test_what_is_no_certificate_is_refused(cert):
    refused(cert)


def nested(levels: int, head: Any, tail: Any) -> Any:
    value = tail
    for _ in range(levels):
        value = [*head, value]
    return value


@pytest.mark.parametrize("levels", [1_000, 30_000])
def test_huge_nesting_is_refused_with_a_sentence(levels):
    deep_term = nested(levels, [";"], ["id"])
    deep_type = nested(levels, ["*", "1"], "1")
    deep_proof = nested(levels, ["rewrite", 0, 0, [V0], True], SAME)
    deep_normal = nested(levels, ["g", "f"], V0)

    refused({**TWICE, "statement": {**TWICE["statement"], "lhs": deep_term}}, "nested too deeply")
    refused({**TWICE, "statement": {**TWICE["statement"], "dom": deep_type}}, "nested too deeply")
    refused(changed(REWRITE, proof=deep_proof), "nested too deeply")
    refused(changed(REWRITE, proof=["rewrite", 0, 0, [deep_normal], True, SAME]), "nested too deeply")


def test_long_composites_replay():
    many = [";", *[["gen", "f"]] * 2_000]

    replay(certificate(ATOM, ATOM, many, copy.deepcopy(many), SAME, signature=SIGNATURE))
    refused(certificate(ATOM, ATOM, many, many[:-1], SAME, signature=SIGNATURE), "different normal forms")


def test_sharing_cannot_make_the_kernel_hang():
    """Sixty doublings make a normal form of 2^60 parts; the kernel counts them and gives up."""
    double = [["<>", ["id"], ["id"]], ["gen", "m"]] * 60
    pair_type = ["*", ATOM, ATOM]
    cert = certificate(ATOM, ATOM, [";", *double], [";", *double], SAME, signature={"m": [pair_type, ATOM]})

    refused(cert, "step limit")


def test_the_step_limit_counts():
    statement = TWICE["statement"]
    kernel = Kernel(statement["signature"], steps=3)
    goal = kernel.equation(statement)

    with pytest.raises(Rejected, match="step limit"):
        kernel.prove(goal, ("split", ("v", 0), (("same",), ("same",))))


def test_a_huge_finite_set_is_refused_instead_of_listed():
    huge = ["f", 10**18]

    refused(certificate(huge, huge, ["id"], ["id"], ["split", ["v", 0], []]), "too large")
    functions = ["*", ["^", huge, huge], "1"]
    identity = ["<>", ["cur", huge, ["p2"]], ["!"]]
    refused(certificate("1", functions, identity, identity, SAME), "too large")


# ---- empty sets ----------------------------------------------------------------------------------------------------


def test_an_equation_over_an_empty_set_cannot_be_used_without_a_point_of_it():
    """``∀ z : 0. f = id`` is true of every f; it must not prove ``f = id``."""
    vacuous = equation(["*", ATOM, "0"], ATOM, [";", ["p1"], ["gen", "f"]], ["p1"])
    goal = certificate(ATOM, ATOM, ["gen", "f"], ["id"], SAME, signature=SIGNATURE, given=[vacuous])

    for point in ([V0], [V0, V0], [V0, ["1"]], [V0, ["v", 1]], [V0, ["b", 0]], [V0, ["case", V0]]):
        refused(changed(goal, proof=["rewrite", 0, 0, point, True, SAME]))


def test_a_lemma_over_an_unused_variable_needs_a_point_for_it():
    """A set B may be empty: ``∀ x : A, y : B. f x = x`` says nothing about f then."""
    unused = equation(["*", ATOM, OTHER], ATOM, [";", ["p1"], ["gen", "f"]], ["p1"])
    cert = certificate(ATOM, ATOM, ["gen", "f"], ["id"], ["rewrite", 0, 0, [V0], True, SAME],
                       signature=SIGNATURE, given=[unused])  # fmt: skip

    refused(cert, "wrong number of values")
    assert (
        prove(generator("f", A, A), ident(A), given=[Law("h", fst(A, B) >> generator("f", A, A), fst(A, B))]).status
        == "fails"
    )


def test_an_element_of_the_empty_set_proves_everything_but_only_where_it_is_in_scope():
    f, g = generator("f", B * Zero, A), generator("g", B * Zero, A)

    assert prove(f, g).evidence == "proved"
    assert prove(curry(f), curry(g)).evidence == "proved"
    assert prove(generator("f", A**Zero, B), generator("g", A**Zero, B)).status == "fails"
    absurd = ident(A**Zero)
    assert prove(curry(snd(A**Zero, Zero) >> initial(A)), absurd).evidence == "proved"
    functions = Zero**B  # it has an element where B is empty, so nothing follows from one
    assert prove(generator("f", functions, A), generator("g", functions, A)).status == "fails"
    assert prove(generator("f", functions * B, A), generator("g", functions * B, A)).status in ("holds", "unknown")


# ---- the kernel agrees with an independent reading in sets ---------------------------------------------------------


def laws() -> list[tuple[Arrow, Arrow, list[Law]]]:
    """True equations whose certificates use every step."""
    f, m = generator("f", A, A), generator("m", A * A, A)
    swap = pair(snd(A, A), fst(A, A))
    bits = One + One
    flip = case(inr(One, One), inl(One, One))
    made, used = generator("c", A, bits), generator("u", bits, A)
    two, table = finite_map(2, 2, [1, 0]), generator("t", FinSet(2), A)
    monoid = Monoid.variable("M")
    carrier = ident(monoid.carrier)
    unit_first = pair(terminal(monoid.carrier) >> monoid.unit, carrier)
    return [
        (made >> flip >> flip, made, []),
        (distribute(A, One, One) >> case(fst(A, One), fst(A, One)), fst(A, bits), []),
        (f >> f >> f, f, [Law("idempotent", f >> f, f)]),
        (swap >> m >> f, m >> f, [Law("commutative", swap >> m, m)]),
        (curry(ev(A, B)), ident(B**A), []),
        (used * ident(bits) >> snd(A, bits) >> used, snd(bits, bits) >> used, []),
        (two >> table, table, [Law("even", two >> table, table)]),
        (unit_first >> monoid.mult, carrier, list(monoid.given)),
        (curry(fst(A, bits) >> f), curry(distribute(A, One, One) >> case(fst(A, One) >> f, fst(A, One) >> f)), []),
    ]


@pytest.mark.parametrize("number", range(9))
def test_certificates_survive_json_and_hold_in_sets(number):
    lhs, rhs, given = laws()[number]
    verdict = prove(lhs, rhs, given=given)
    cert = as_json(verdict.certificate)

    replay(cert)
    assert refuted(cert["statement"]) is None


def test_the_independent_reading_can_tell_right_from_wrong():
    false = certificate(ATOM, ATOM, ["gen", "f"], ["id"], SAME, signature={"f": [ATOM, ATOM]})["statement"]

    assert refuted(false) is not None
    assert refuted({**false, "given": [equation(ATOM, ATOM, ["gen", "f"], ["id"])]}) is None
    assert len(elements(["^", TWO, BIT], {})) == 4
    assert run(["cur", "1", ["p1"]], 1, {}, {}) == (((), 1),)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for key, part in value.items() for p in leaves(part, (*path, key))]
    if isinstance(value, list):
        return [path, *(p for i, part in enumerate(value) for p in leaves(part, (*path, i)))]
    return [path]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def with_(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    value = copy.deepcopy(value)
    at(value, path[:-1])[path[-1]] = new
    return value


STRINGS = [
    "A",
    "M",
    "0",
    "1",
    "a",
    "*",
    "+",
    "^",
    "id",
    "!",
    "p1",
    "p2",
    "i1",
    "i2",
    "f",
    "m",
    "v",
    "b",
    "g",
    "l",
    "r",
    "same",
]


def mutants(cert: Any, root: tuple[Any, ...]) -> Any:
    """Every certificate that differs in one place below ``root``: another leaf, a missing, doubled or swapped part."""
    for path in leaves(at(cert, root), root):
        if path == root and root[-1] != "proof":
            continue
        here = at(cert, path)
        if isinstance(here, bool):
            yield with_(cert, path, not here)
        elif isinstance(here, int):
            yield from (with_(cert, path, here + d) for d in (-1, 1, 2))
        elif isinstance(here, str):
            yield from (with_(cert, path, s) for s in STRINGS if s != here)
        elif isinstance(here, list):
            yield from (with_(cert, path, here[:i] + here[i + 1 :]) for i in range(len(here)))
            yield from (
                with_(cert, path, [*here[:i], here[i + 1], here[i], *here[i + 2 :]]) for i in range(len(here) - 1)
            )
            yield from (with_(cert, path, part) for part in here if isinstance(part, list))
            yield with_(cert, path, [*here, *here[-1:]])


@pytest.mark.parametrize("number", range(9))
def test_no_mutant_of_a_certificate_gets_something_false_accepted(number):
    lhs, rhs, given = laws()[number]
    cert = as_json(prove(lhs, rhs, given=given).certificate)
    roots = [
        ("statement", "lhs"),
        ("statement", "rhs"),
        ("statement", "given"),
        ("statement", "dom"),
        ("proof",),
        ("lemmas",),
    ]
    accepted = refusals = 0
    seen: dict[str, Any] = {}
    for root in roots:
        for mutant in mutants(cert, root):
            try:
                replay(mutant)
            except Rejected:
                refusals += 1
                continue
            accepted += 1
            text = json.dumps(mutant["statement"], sort_keys=True)
            if text not in seen:
                seen[text] = refuted(mutant["statement"], limit=150)
            assert seen[text] is None, mutant
    assert refusals > 20, "the mutations change nothing"
    assert accepted < refusals
