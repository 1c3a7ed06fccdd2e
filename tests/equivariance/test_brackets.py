"""Images of a classical group's generators respect its brackets, or are refused with one that they break."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy.polys.domains import QQ

from catcore.equivariance import GL, SL, SO, SU, LieRepresentation, O, Representation, Sp, equivariant_maps
from catcore.equivariance.representations import brackets
from catcore.errors import NotARepresentation
from catcore_proofs import verify

GROUPS: list[Any] = [SO(3), SO(4), SO(1, 3), O(3), O(1, 2), Sp(4), SL(3), SU(3), GL(2)]
POWERS: list[Callable[[Representation], Representation]] = [
    lambda V: V,
    lambda V: V.dual,
    lambda V: V.alt(2),
    lambda V: V.sym(2) + V,
]


def images(rho: Representation) -> dict[str, Any]:
    return {x: rho.matrix(x) for x in rho.monoid.generators}


def made(group: Any, given: dict[str, Any]) -> Representation:
    rows = {x: sp.Matrix(M).tolist() for x, M in given.items()}
    return LieRepresentation(group, rows, field="C" if group.family == "SU" else None)


@given(st.sampled_from(GROUPS), st.sampled_from(POWERS))
def test_powers_written_out_are_representations(group: Any, power: Any) -> None:
    rho = made(group, images(power(group.defining)))
    verdict = verify(rho)["relations"]

    assert (verdict.status, verdict.evidence) == ("holds", "exhaustive")
    assert equivariant_maps(rho, rho).dim == equivariant_maps(power(group.defining), power(group.defining)).dim


@given(st.sampled_from(GROUPS), st.data())
def test_a_scaled_generator_is_refused(group: Any, data: st.DataObject) -> None:
    """Doubling one generator and leaving its opposite is no automorphism of a semisimple algebra."""
    given = images(group.defining)
    name = data.draw(st.sampled_from([x for x in group.infinitesimal if x != "d1"]))
    given[name] = 2 * given[name]
    with pytest.raises(NotARepresentation, match=r"A representation of .* was asked for and .* is broken: its left"):
        made(group, given)


def test_another_frame_is_as_good() -> None:
    """Conjugated images are a representation; so is the image under an automorphism, such as changed signs."""
    change = sp.Matrix([[1, 2, 0], [0, 1, sp.sqrt(2)], [1, 0, 1]])
    given = {x: change * M * change.inv() for x, M in images(SO(3).defining).items()}
    assert made(SO(3), given).degree == 3
    assert made(SO(3), {x: -M for x, M in images(SO(3).defining).items()} | {"J2": SO(3).defining.matrix("J2")})


@pytest.mark.parametrize(
    ("group", "given", "sentence"),
    [
        (SO(3), {"J1": [[1]], "J2": [[2]]}, "[J1, [J2, J1]] = J2 is broken: its left side is [[0]] and its right side"),
        (SL(2), {"e1": [[0, 1], [0, 0]], "f1": [[0, 0], [2, 0]]}, "[e1, [f1, e1]] = 2 e1 is broken"),
        (O(2), {"J1": [[0, -1], [1, 0]], "r": [[1, 0], [0, 1]]}, "r J1 r^-1 = -J1 is broken"),
    ],
    ids=str,
)
def test_what_is_broken_is_shown(group: Any, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotARepresentation, match=re.escape(sentence)):
        LieRepresentation(group, given)


def test_large_algebras_are_said_to_be_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brackets, "MAX_DIMENSION", 2)
    assert verify(made(SO(4), images(SO(4).defining)))["relations"].evidence == "sampled"


def test_combinations_of_vectors() -> None:
    span = brackets.Span()
    assert span.combination({0: QQ(1), 1: QQ(2)}) is None
    assert span.combination({1: QQ(3)}) is None
    assert span.combination({0: QQ(2), 1: QQ(1)}) == {0: QQ(2), 1: QQ(-1)}
    assert span.combination({}) == {}
