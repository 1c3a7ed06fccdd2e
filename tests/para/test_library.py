"""The theorems about parametric maps are accepted by Rocq as well (T4.1–T4.7)."""

from __future__ import annotations

import shutil

import pytest

from catcore_proofs import verify
from catcore_proofs.library import parametric
from catcore_proofs.rocq import judge_library


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None, reason="Rocq is not installed")
def test_rocq_accepts_every_theorem(tmp_path):
    # greatest fixed points have no counterpart in Rocq with the same equality, so unfolds are left to the kernel
    left = {"decoding with a cache says the same", *(f"unrolling of {n}" for n in parametric.UNFOLDED)}
    theorems = [t for t in parametric.theorems() if t.name not in left]
    certificates = [v.certificate for t in theorems for v in verify(t.structure())]
    assert len(certificates) > 100
    judgement = judge_library(certificates, tmp_path)
    assert judgement.ok, judgement.reason
    assert all("functional_extensionality" in axiom for axiom in judgement.axioms)
