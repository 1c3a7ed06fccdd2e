"""Inductions along a measure in Rocq: recursions with a plan, over data of several shapes (THEORY T3.4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from catcore import Id, Law, One, atoms, case, distribute, fst, generator, hylo, ident, inl, inr, mu, pair
from catcore_proofs import prove
from catcore_proofs.library import schemes
from catcore_proofs.rocq import judge_library
from tests.proofs.models import as_json
from tests.proofs.test_rocq import needs_rocq

A, B, C, S, T = atoms("A B C S T")
SHAPES = (1 + C * Id, C + Id * Id, C + Id**T, 1 + A * Id**T * Id, C * Id + Id * Id)


def solutions() -> Iterator[Any]:
    """That a solution is the hylomorphism: over several shapes, into pairs, functions and data, by composed maps."""
    for layer in SHAPES:
        yield schemes.hylomorphisms(layer)[1]
    layer = C + Id * Id
    leaf, left, right = generator("leaf", S, C), generator("left", S, S), generator("right", S, S)
    ask = pair(ident(S), generator("ask", S, One + One)) >> distribute(S, One, One)
    split = ask >> case(fst(S, One) >> leaf >> inl(C, S * S), fst(S, One) >> pair(left, right) >> inr(C, S * S))
    for answer in (A, A * B, A**T, mu(1 + Id)):
        a, k = generator("a", layer(answer), answer), generator("k", S, answer)
        yield Law("solution", k, hylo(layer, a, split), (Law("k", k, split >> layer(k) >> a),))
    c, a, k = (generator(*ends) for ends in (("c", S * T, layer(S * T)), ("a", layer(A), A), ("k", S * T, A)))
    yield Law("two components", k, hylo(layer, a, c), (Law("k", k, c >> layer(k) >> a),))


@needs_rocq
@pytest.mark.slow
def test_recursions_with_a_plan_compile(tmp_path):
    certificates: list[Any] = [prove(law).certificate for law in (*solutions(), *schemes.hylomorphisms(C + Id * Id))]
    assert sum(found["proof"][0] == "measure" for found in certificates) > len(SHAPES)

    judgement = judge_library(certificates, tmp_path, seconds=300)
    assert judgement.ok, judgement.reason


@needs_rocq
@pytest.mark.parametrize("layer", [(1 + Id) ** T, C + (Id + Id * Id) ** T, (C * Id + 1) ** T * Id + 1], ids=str)
def test_parts_in_one_case_of_a_function_compile(layer, tmp_path):
    certificates: list[Any] = [prove(law).certificate for law in list(schemes.hylomorphisms(layer))[:5]]
    assert any(found["proof"][0] == "measure" for found in certificates)

    judgement = judge_library(certificates, tmp_path, seconds=100)
    assert judgement.ok, judgement.reason


@needs_rocq
def test_a_part_at_another_argument_is_refused(tmp_path):
    """What holds at the part that a function has at t says nothing of the value at another argument."""
    found: Any = as_json(prove(schemes.hylomorphisms((1 + Id) ** T * (1 + Id) ** T)[1]).certificate)
    text = json.dumps(found)
    assert judge_library([found], tmp_path).ok

    assert '["at", 1' in text
    assert not judge_library([json.loads(text.replace('["at", 1', '["at", 2'))], tmp_path).ok


@needs_rocq
@pytest.mark.slow
def test_a_wrong_place_or_another_coalgebra_is_refused(tmp_path):
    found: Any = as_json(prove(schemes.hylomorphisms(1 + C * Id)[1]).certificate)
    text = json.dumps(found)
    assert judge_library([found], tmp_path).ok

    for old, new in (('["at", 2]', '["at", 1]'), ('["at", 2]', '["at"]')):
        assert old in text
        assert not judge_library([json.loads(text.replace(old, new))], tmp_path).ok
    signature = {**found["statement"]["signature"], "d": found["statement"]["signature"]["c"]}
    for i, hypothesis in enumerate(found["statement"]["given"]):
        given = [*found["statement"]["given"]]
        given[i] = json.loads(json.dumps(hypothesis).replace('["gen", "c"]', '["gen", "d"]'))
        other = {**found, "statement": {**found["statement"], "given": given, "signature": signature}}
        assert not judge_library([other], tmp_path).ok
