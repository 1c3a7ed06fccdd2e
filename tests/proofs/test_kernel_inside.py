"""Elements of one form are equal when what is inside is: the step ``inside``, and rewriting under binders."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from catcore import Id, Law, Monad, arrow, atoms, case, fold, generator, inr
from catcore.datatypes.free import free_monad, operation
from catcore.datatypes.handlers import addressed_memory, memory
from catcore_proofs import prove, replay, verify
from catcore_proofs.rocq import judge_library
from tests.proofs.certificates import ATOM, OTHER, SAME, certificate, changed, equation, refused

V0, V1 = ["v", 0], ["v", 1]
A, B, C, S, Z, V = atoms("A B C S Z V")
POWER = ["^", ATOM, OTHER]
SIGNATURE: Any = {"f": [ATOM, ATOM], "h": [ATOM, ATOM], "k": [POWER, ATOM], "q": [OTHER, ATOM]}
EQUAL: Any = equation(ATOM, ATOM, ["gen", "f"], ["gen", "h"])


def under(name: str) -> Any:
    """``x ↦ k(y ↦ name(q(y)))`` on a point."""
    return [";", ["cur", OTHER, [";", ["p2"], ["gen", "q"], ["gen", name]]], ["gen", "k"]]


REWRITE: Any = ["rewrite", 0, 0, [["g", "q", V1]], True, SAME]
OPERATION: Any = certificate(
    "1", ATOM, under("f"), under("h"), ["inside", ["apply", REWRITE]], signature=SIGNATURE, given=[EQUAL]
)
TREES: Any = ["μ", ["+", ["^", ["h", 0], OTHER], ATOM]]
MAKE: Any = ["in", TREES]


def branch(name: str) -> Any:
    """The tree whose subtrees are the leaves ``name(q(y))``."""
    leaf = [["p2"], ["gen", "q"], ["gen", name], ["i2", ["^", TREES, OTHER]], MAKE]
    return [";", ["cur", OTHER, [";", *leaf]], ["i1", ATOM], MAKE]


LEAF: Any = ["inside", ["inside", REWRITE]]
CONSTRUCTOR: Any = certificate(
    "1", TREES, branch("f"), branch("h"), ["inside", ["inside", ["apply", LEAF]]], signature=SIGNATURE, given=[EQUAL]
)


@pytest.mark.parametrize("good", [OPERATION, CONSTRUCTOR], ids=["operation", "constructor"])
def test_what_is_inside_is_compared(good):
    replay(good)
    other = {**good["statement"], "given": [equation(ATOM, ATOM, ["gen", "f"], [";", ["gen", "h"], ["gen", "f"]])]}

    refused(changed(good, statement=other), "different normal forms")


@pytest.mark.parametrize(
    "proof",
    [
        SAME,
        ["inside", SAME],
        ["inside", REWRITE],  # of functions, the equation is not one
        ["inside", ["apply", SAME]],
        ["inside", ["apply", ["rewrite", 0, 0, [["g", "q", V0]], True, SAME]]],
        ["inside", ["apply", ["rewrite", 1, 0, [["g", "q", V1]], True, SAME]]],
        ["inside", ["inside", ["apply", REWRITE]]],
        ["inside", ["apply", REWRITE], SAME],
        ["inside"],
    ],
    ids=str,
)
def test_a_wrong_step_inside_is_refused(proof):
    refused(changed(OPERATION, proof=proof))


F, H, ID = ["gen", "f"], ["gen", "h"], ["id"]
EITHER: Any = ["+", ATOM, ATOM]


@pytest.mark.parametrize(
    ("cod", "lhs", "rhs"),
    [
        (ATOM, F, H),
        (ATOM, F, ID),
        (ATOM, ID, ID),
        (EITHER, ["i1", ATOM], ["i2", ATOM]),
        (EITHER, ["i2", ATOM], ["i1", ATOM]),
    ],
    ids=str,
)
def test_different_forms_have_nothing_to_compare(cod, lhs, rhs):
    refused(certificate(ATOM, cod, lhs, rhs, ["inside", SAME], signature=SIGNATURE))


def test_equal_values_need_no_equal_arguments():
    """``f(x) = f(h(x))`` does not follow from anything inside being equal, and x is not h(x)."""
    refused(certificate(ATOM, ATOM, ["gen", "f"], [";", ["gen", "h"], ["gen", "f"]], ["inside", SAME],
                        signature=SIGNATURE), "different normal forms")  # fmt: skip


@pytest.mark.parametrize("layer", [Id**S, C * Id**S, memory(S), addressed_memory(A, V), (Id * Id) ** S + Id], ids=str)
def test_free_monads_of_functors_with_powers(layer, tmp_path):
    """THEORY T2.7, T2.8: programs that go on with what they read."""
    report = verify(free_monad(layer))

    assert {v.evidence for v in report} == {"proved"}, str(report)
    if not shutil.which("coqc"):
        pytest.skip("Rocq is not installed")
    judged = judge_library([v.certificate for v in report], tmp_path)
    assert judged.status == "accepted", judged.reason


def test_a_multiplication_that_reads_once_more_is_no_monad():
    layer = memory(S)
    good = free_monad(layer)

    def wrong(z):
        programs = good(z)
        branch = inr(S * programs, programs**S)
        read = arrow(programs, programs)(lambda p: operation(layer, z)(branch(lambda _: p)))
        return fold(good(programs), case(operation(layer, z), read))

    assert not verify(Monad(good.functor, good.unit, wrong)).ok


def test_a_rewrite_under_a_binder_reaches_what_is_outside():
    """``k(y ↦ f(q y)) = k(y ↦ h(q y))``, and then a rule for the whole applies."""
    f, h, q = generator("z", A, A), generator("h", A, A), generator("q", B, A)
    k = generator("k", A**B * A, A)
    inner = Law("f is h", f, h)
    whole = Law("k of h", arrow(A, A)(lambda x: k((lambda y: h(q(y))), x)), arrow(A, A)(lambda x: x))
    goal = Law("k of f", arrow(A, A)(lambda x: k((lambda y: f(q(y))), x)), arrow(A, A)(lambda x: x), (inner, whole))

    assert prove(goal).evidence == "proved"
    assert prove(Law("k of f", goal.lhs, goal.rhs, (whole,))).status != "holds"
