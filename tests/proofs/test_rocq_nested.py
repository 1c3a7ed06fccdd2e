"""Inductions on several equations in Rocq: data with data inside become inductive sets that are defined together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from catcore import Law, fold, generator, in_, mu
from catcore_proofs import prove
from catcore_proofs.rocq import export, judge, judge_library
from tests.proofs.models import as_json
from tests.proofs.test_nested import LAWS, SHAPES, A, B
from tests.proofs.test_rocq import needs_rocq


def fusions(layer: Any) -> Iterator[Any]:
    """What a fold is, that it fuses, and that it is unique, for data of a shape."""
    data = mu(layer)
    a, b, h = generator("a", layer(A), A), generator("b", layer(B), B), generator("h", A, B)
    k = generator("k", data, A)
    yield prove(in_(data) >> fold(data, a), layer(fold(data, a)) >> a)
    yield prove(fold(data, a) >> h, fold(data, b), given=[Law("h", a >> h, layer(h) >> b)])
    yield prove(k, fold(data, a), given=[Law("k", in_(data) >> k, layer(k) >> a)])


@needs_rocq
def test_laws_of_trees_with_lists_of_branches_compile(tmp_path):
    certificates: list[Any] = [prove(lhs, rhs).certificate for lhs, rhs in LAWS.values()]
    assert all(found["proof"][0] == "mutual" for found in certificates)

    judgement = judge_library(certificates, tmp_path, seconds=200)
    assert judgement.ok, judgement.reason


@needs_rocq
@pytest.mark.slow
def test_fusion_compiles_for_data_of_every_shape(tmp_path):
    certificates: list[Any] = [verdict.certificate for layer in SHAPES.values() for verdict in fusions(layer)]
    assert sum(found["proof"][0] == "mutual" for found in certificates) == 2 * len(SHAPES)

    judgement = judge_library(certificates, tmp_path, seconds=300)
    assert judgement.ok, judgement.reason


def test_folds_through_lists_are_recursive_functions_defined_together():
    script = export(prove(*LAWS["map of the identity"]).certificate)

    assert "Inductive mu1 : Set" in script
    assert " with mu0 : Set" in script
    assert script.count("Fixpoint ") == 1
    assert " with fold" in script
    assert "Variable fold" not in script


@needs_rocq
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["rewrite", 1, -2, [["v", 2]], false, ["same"]]', '["same"]'),
        ('["rewrite", 1, -2, [["v", 2]], false, ["same"]]', '["rewrite", 1, -2, [["v", 2]], true, ["same"]]'),
    ],
)
def test_a_script_with_a_step_left_out_or_turned_round_is_refused(tmp_path, old, new):
    found: Any = as_json(prove(*LAWS["map of a composite"]).certificate)
    text = json.dumps(found)
    assert old in text

    assert judge(found, tmp_path).ok
    assert not judge(json.loads(text.replace(old, new)), tmp_path).ok


@needs_rocq
def test_an_induction_that_uses_an_equation_at_no_smaller_element_is_refused(tmp_path):
    """The kernel refuses it, and so does Rocq, whose recursion has to end."""
    found: Any = as_json(prove(*LAWS["map of a composite"]).certificate)
    number = len(found["statement"]["given"]) + len(found["lemmas"])
    found["proof"][2] = ["rewrite", 1, number, [["v", 0]], False, ["same"]]

    assert not judge(found, tmp_path).ok
