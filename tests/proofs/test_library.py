"""The library of theorems: every law is proved, every certificate replays, and a mutated theorem is not proved."""

from __future__ import annotations

import json
import shutil

import pytest

from catcore import Id, Law, Monad, ident
from catcore.structures.lists import LIST, concat, single
from catcore_proofs import verify
from catcore_proofs.kernel import replay
from catcore_proofs.library import certify, theorems
from catcore_proofs.library.actions import exponent_two
from catcore_proofs.library.data import A, fusion, reverse
from catcore_proofs.rocq import judge_library
from catcore_proofs.rocq.judge import ALLOWED

ALL = theorems()


@pytest.mark.parametrize("theorem", ALL.values(), ids=ALL)
def test_every_law_of_the_library_is_proved_and_replays(theorem) -> None:
    report = verify(theorem.structure())

    assert {v.evidence for v in report} == {"proved"}, str(report)
    for verdict in report:
        replay(json.loads(json.dumps(verdict.certificate)))


def test_theorems_without_their_hypotheses_are_not_proved() -> None:
    law = exponent_two("G")
    assert verify(Law(law.name, law.lhs, law.rhs, law.given[:-1])).status != "holds"
    fused = fusion(1 + A * Id)[0]
    assert verify(Law(fused.name, fused.lhs, fused.rhs)).status != "holds"


def test_a_mutated_theorem_is_refuted() -> None:
    assert not verify(Monad(LIST, single, lambda x: concat(x) >> reverse(x))).ok
    assert verify(Law("reverse", reverse(A), ident(LIST(A)))).status == "fails"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None or shutil.which("coqchk") is None, reason="Rocq is not installed")
def test_rocq_accepts_every_certificate_of_the_library(tmp_path) -> None:
    certificates = [verdict.certificate for _, report in certify() for verdict in report]
    judgement = judge_library(certificates, tmp_path, seconds=300.0)

    assert judgement.ok, judgement.reason
    assert set(judgement.axioms) == ALLOWED
    assert len(certificates) > 570
