"""Hypotheses about every map and set in Rocq: as they are said, with instances as lemmas, and mutants refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from catcore import Id, Law, One, atoms, generator, mu
from catcore.arrows import Arrow
from catcore.laws import epi, mono
from catcore_proofs import replay
from catcore_proofs.evaluation import Rejected
from catcore_proofs.rocq import export, judge, judge_library
from tests.proofs.models import as_json
from tests.proofs.test_quantifiers import PROVED, certified, equal, g, k, l, mutants

A, B, W, X, Y = atoms("A B W X Y")

needs_rocq = pytest.mark.skipif(
    shutil.which("coqc") is None or shutil.which("coqchk") is None,
    reason="coqc and coqchk are not installed; Debian's package coq has them",
)


def cancelling(source: Any, target: Any) -> Any:
    """A mono from one type into another cancels."""
    into, one, other = generator("into", X, target), generator("one", source, X), generator("other", source, X)
    return one, other, [equal(one >> into, other >> into), mono(into)]


def about_lists() -> Any:
    """A hypothesis about lists over every set, of which Rocq is told the instances."""

    def two(x: Any) -> tuple[Arrow, Arrow]:
        return generator("one", mu(1 + x * Id), Y), generator("other", mu(1 + x * Id), Y)

    return *two(A), [Law("lists have one map to Y", *two(W)).forall(W, *two(W))]


def several() -> Iterator[Any]:
    """Instances at products, the unit and function types, whose elements are taken apart."""
    for source, target in ((A * B * One, Y), (One, Y), (A, Y**B), (A * B, Y**A)):
        yield cancelling(source, target)
    one, other = generator("one", Y, B**A), generator("other", Y, B**A)
    yield one, other, [equal(g >> one, g >> other), epi(g)]
    yield about_lists()


def exported(case: tuple[Arrow, Arrow, list[Law]]) -> Any:
    return as_json(certified(*case))


@needs_rocq
@pytest.mark.slow
def test_proofs_by_instances_compile(tmp_path):
    certificates = [exported(case) for case in (*PROVED.values(), *several())]
    judgement = judge_library(certificates, tmp_path, seconds=300)

    assert judgement.ok, judgement.reason
    assert len(certificates) > 20


def test_a_hypothesis_is_written_as_it_is_said():
    text = export(exported((k, l, [equal(k >> g, l >> g), mono(g)])))

    assert "Hypothesis s0 : forall (A" in text
    assert " : Set) (g" in text
    assert "refine (s0 A" in text
    told = export(exported(about_lists()))
    assert "Hypothesis s0" not in told
    assert "_given : " in told


@needs_rocq
@pytest.mark.slow
def test_mutated_instances_are_refused_by_rocq(tmp_path):
    certificate, refused = exported((k, l, [equal(k >> g, l >> g), mono(g)])), 0
    (lemma,) = certificate["lemmas"]
    for mutant in map(as_json, mutants(certificate, 0, lemma)):
        try:
            replay(mutant)
        except Rejected:
            refused += 1
            assert judge(mutant, tmp_path).status == "refused"
    assert refused >= 8
