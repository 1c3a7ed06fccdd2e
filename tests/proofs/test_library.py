"""The library of theorems: every law is proved, every certificate replays, and a mutated theorem is not proved."""

from __future__ import annotations

import copy
import json
import shutil
from contextlib import suppress

import pytest

from catcore import Id, Law, Monad, ident
from catcore.structures.lists import LIST, concat, single
from catcore_proofs import prove, verify
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import replay
from catcore_proofs.library import certify, composites, theorems
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


@pytest.mark.parametrize(
    "law", [composites.iterated()[0].laws()[4], composites.iterated()[1].laws()[3], composites.beck_converse()[0]],
    ids=lambda law: law.name,
)  # fmt: skip
def test_composites_rest_on_what_is_assumed_of_the_monads(law) -> None:
    """T1.10: some hypothesis cannot be replaced by a triviality, and the statement cannot be exchanged."""
    certificate = json.loads(json.dumps(prove(law).certificate))
    refused = 0
    for number in range(len(certificate["statement"]["given"])):
        mutant = copy.deepcopy(certificate)
        mutant["statement"]["given"][number]["rhs"] = mutant["statement"]["given"][number]["lhs"]
        with suppress(Rejected):
            replay(mutant)
            continue
        refused += 1
    assert refused >= 1


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None or shutil.which("coqchk") is None, reason="Rocq is not installed")
def test_rocq_accepts_every_certificate_of_the_library(tmp_path) -> None:
    certificates = [verdict.certificate for _, report in certify() for verdict in report]
    judgement = judge_library(certificates, tmp_path, seconds=300.0)

    assert judgement.ok, judgement.reason
    assert set(judgement.axioms) == ALLOWED
    assert len(certificates) > 570
