"""Malformed, huge and nested certificates are refused, and nothing follows from elements that there may not be."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from catcore import (
    Law,
    Zero,
    atoms,
    curry,
    fst,
    generator,
    ident,
    initial,
    snd,
)  # fmt: skip
from catcore_proofs import prove, replay
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import Kernel
from tests.proofs.certificates import (
    ATOM,
    OTHER,
    REWRITE,
    SAME,
    SIGNATURE,
    TWICE,
    V0,
    certificate,
    changed,
    equation,
    refused,
)

A, B, C = atoms("A B C")

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
