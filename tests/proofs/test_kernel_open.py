"""Every element of a least fixed point is a constructor on a layer: the step ``open``, and the destructor (T2.3)."""

from __future__ import annotations

from typing import Any

import pytest

from catcore import Id, Law, One, arrow, fold, ident, in_, inl, inr, mu, out
from catcore_proofs import prove, replay
from catcore_proofs.rocq import judge_library
from tests.proofs.certificates import ATOM, SAME, certificate, changed, refused

V0, V1, V2 = (["v", i] for i in range(3))
NUMERAL: Any = ["μ", ["+", "1", ["h", 0]]]
OUT, IN = ["out", NUMERAL], ["in", NUMERAL]
SPLIT: Any = ["split", V1, [SAME, SAME]]

# the element with its constructor taken off and put back is the element
BACK: Any = certificate(NUMERAL, NUMERAL, [";", OUT, IN], ["id"], ["open", V0, SPLIT])

# s ↦ predecessor; the numeral itself where there is none
DOWN: Any = [";", OUT, ["[]", [";", ["i1", NUMERAL], IN], ["id"]]]
UP: Any = [";", ["i2", "1"], IN]


def test_an_element_is_a_constructor_on_its_layer():
    replay(BACK)
    replay(certificate(NUMERAL, NUMERAL, [";", UP, DOWN], ["id"], SAME))
    refused(certificate(NUMERAL, NUMERAL, [";", DOWN, UP], ["id"], ["open", V0, SPLIT]), "different normal forms")


@pytest.mark.parametrize(
    "proof",
    [
        SAME,
        SPLIT,
        ["open", V0, SAME],  # which case the layer is in is not known yet
        ["open", V1, SPLIT],
        ["open", ["out", V0], SPLIT],  # a layer is no element of the fixed point
        ["open", V0, ["split", V2, [SAME, SAME]]],
        ["open", V0, ["open", V1, SPLIT]],
        ["open", V0],
        ["open", SPLIT],
    ],
    ids=str,
)
def test_a_wrong_opening_is_refused(proof):
    refused(changed(BACK, proof=proof))


def test_the_layer_of_a_greatest_fixed_point_or_a_set_is_not_opened():
    refused(certificate(ATOM, ATOM, ["id"], ["id"], ["open", V0, SAME]), "least fixed point")
    stream = ["ν", ["*", ATOM, ["h", 0]]]
    refused(certificate(stream, stream, ["id"], ["id"], ["open", V0, SAME]), "least fixed point")


CLIMB: Any = ["fold", NUMERAL, NUMERAL, IN]


def climbing(variable: int) -> Any:
    """The proof by induction that a fold with the constructor is the identity, after the case distinction."""
    return ["split", ["v", variable], [SAME, ["rewrite", 0, 0, [["v", variable + 1]], True, SAME]]]


def test_opening_makes_nothing_smaller_that_was_not():
    """An element may be opened before an induction is over, but then its parts come under no induction hypothesis."""
    good = certificate(NUMERAL, NUMERAL, CLIMB, ["id"], ["induct", 0, climbing(1)])
    pair = ["*", NUMERAL, NUMERAL]
    other = certificate(
        pair, NUMERAL, [";", ["p2"], CLIMB], ["p2"], ["induct", 0, ["open", V1, ["split", ["v", 3], [
            SAME, ["rewrite", 0, 0, [["v", 4], ["v", 4]], True, SAME]]]]],
    )  # fmt: skip
    deeper = ["induct", 0, ["split", V1, [SAME, ["open", V2, ["split", ["v", 3], [
        SAME, ["rewrite", 0, 0, [["v", 4]], True, SAME]]]]]]]  # fmt: skip

    replay(good)
    replay(changed(good, proof=deeper))  # a part of a part is smaller still
    refused(other, "not smaller")


N = mu(1 + Id)
ZERO, SUCC = inl(One, N) >> in_(N), inr(One, N) >> in_(N)
GREATER: Any = arrow(1 + N**N, N**N)(
    lambda t: t.case(
        inl=lambda _: lambda n: n,
        inr=lambda k: lambda n: out(N)(n).case(inl=lambda _: SUCC(k(ZERO(()))), inr=lambda m: SUCC(k(m))),
    )
)
MAXIMUM: Any = arrow(N * N, N)(lambda p: fold(N, GREATER)(p[0])(p[1]))
BOTH = {
    "the maximum commutes": Law("max", MAXIMUM, arrow(N * N, N)(lambda p: MAXIMUM(p[1], p[0]))),
    "the maximum associates": Law(
        "max", arrow(N * (N * N), N)(lambda p: MAXIMUM(p[0], MAXIMUM(p[1][0], p[1][1]))),
        arrow(N * (N * N), N)(lambda p: MAXIMUM(MAXIMUM(p[0], p[1][0]), p[1][1])),
    ),
    "a numeral is its maximum with itself": Law("max", arrow(N, N)(lambda n: MAXIMUM(n, n)), ident(N)),
}  # fmt: skip


def test_inductions_on_one_variable_open_the_others(tmp_path):
    verdicts = [prove(law) for law in BOTH.values()]

    assert {v.evidence for v in verdicts} == {"proved"}, verdicts
    assert judge_library([v.certificate for v in verdicts], tmp_path).status in ("accepted", "unavailable")


def test_a_maximum_that_is_none_is_refuted():
    wrong = Law("max", MAXIMUM, arrow(N * N, N)(lambda p: MAXIMUM(p[0], p[0])))

    assert prove(wrong).status == "fails"
