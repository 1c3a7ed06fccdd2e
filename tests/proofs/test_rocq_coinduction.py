"""Greatest fixed points in Rocq: theorems about every terminal coalgebra, by coinduction (THEORY T1.7, T2.5, T3.1)."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from catcore import (
    FinSet,
    Functor,
    Id,
    Law,
    One,
    atoms,
    case,
    fold,
    fst,
    generator,
    ident,
    in_,
    inl,
    inr,
    mu,
    nu,
    out,
    pair,
    snd,
    unfold,
)  # fmt: skip
from catcore_proofs import prove, replay
from catcore_proofs.evaluation import Rejected
from catcore_proofs.rocq import Unexportable, export, judge, judge_library
from catcore_proofs.rocq.judge import ALLOWED
from tests.proofs.models import as_json

A, B, C, S, Z = atoms("A B C S Z")
STREAM = nu(A * Id)

needs_rocq = pytest.mark.skipif(
    shutil.which("coqc") is None or shutil.which("coqchk") is None,
    reason="coqc and coqchk are not installed; Debian's package coq has them",
)


def proof(lhs: Any, rhs: Any, *given: Law) -> Any:
    """The certificate of an equation, as it stands in a file."""
    verdict = prove(Law("equation", lhs, rhs, given))
    assert verdict.certificate is not None, str(verdict)
    return as_json(verdict.certificate)


def finality(layer: Functor) -> Iterator[Any]:
    """A map that respects layers is the unfold, and one between coalgebras comes before an unfold."""
    final, c, d = nu(layer), generator("c", S, layer(S)), generator("d", Z, layer(Z))
    h, g = generator("h", S, final), generator("g", Z, S)
    yield proof(h, unfold(final, c), Law("respects layers", h >> out(final), c >> layer(h)))
    yield proof(g >> unfold(final, c), unfold(final, d), Law("a homomorphism", g >> c, d >> layer(g)))


def copies(layer: Functor) -> Iterator[Any]:
    """Unfolding layers gives the element back, and the layer of an unfold is the coalgebra's."""
    final, c = nu(layer), generator("c", S, layer(S))
    yield proof(unfold(final, out(final)), ident(final))
    yield proof(unfold(final, c) >> out(final), c >> layer(unfold(final, c)))


def over_lists(step: Any) -> Any:
    """Mapping twice over lists of the elements of a type is mapping once."""
    kind = step.dom
    lists = mu(1 + kind * Id)
    cons = pair(fst(kind, lists) >> step, snd(kind, lists)) >> inr(One, kind * lists)

    def mapped(first: Any) -> Any:
        return fold(lists, case(inl(One, kind * lists), first) >> in_(lists))

    twice = pair(fst(kind, lists) >> step >> step, snd(kind, lists)) >> inr(One, kind * lists)
    return proof(mapped(cons) >> mapped(cons), mapped(twice))


def several() -> Iterator[Any]:
    """Sums, functions, the unit and finite sets in layers, and fixed points among the sets of other ones."""
    for layer in (A * Id, A + Id * Id, 1 + Id, A + Id, A * (B * Id) ** C + Id * Id, 1 * Id):
        yield from finality(layer)
    for layer in (B * Id**S, Id**S * (Id * A), FinSet(2) * Id, 1 + A * Id, B**A * Id, Id, A * mu(1 + B * Id) * Id):
        yield from copies(layer)
    branches = mu(lambda X: A * mu(lambda Y: 1 + X * Y))
    endless = nu(lambda X: A * mu(lambda Y: 1 + X * Y))
    for kind in (branches, endless, nu(lambda X: A * nu(lambda Y: X * Y)), mu(lambda X: A + mu(lambda Y: X * Y + B))):
        yield over_lists(generator("f", kind, kind))


@needs_rocq
@pytest.mark.slow
def test_theorems_about_greatest_fixed_points_compile(tmp_path):
    certificates = list(several())
    judgement = judge_library(certificates, tmp_path, seconds=300)

    assert judgement.ok, judgement.reason
    assert set(judgement.axioms) == ALLOWED
    assert len(certificates) > 25


def test_the_theorem_is_about_every_terminal_coalgebra_and_one_exists():
    text = export(proof(unfold(STREAM, out(STREAM)), ident(STREAM)))

    assert "Variable final0 : terminal (times (always A0_A) here) nu0." in text
    assert "Theorem exists_terminal (F : shape) : terminal F (tree F)." in text
    assert "refine (fun x" in text
    assert "Axiom" not in text
    assert "CoInductive" not in text


def mutants() -> Iterator[Any]:
    """False equations, points that do not fit, and coinductions that end too early."""
    copied = proof(unfold(STREAM, out(STREAM)), ident(STREAM))
    fused = next(iter(finality(A * Id)))
    later = [";", ["out", ["ν", ["*", ["a", "A"], ["h", 0]]]], ["p2"]]
    for change in (
        lambda c: c["statement"].update(lhs=later),
        lambda c: c["statement"].update(rhs=[";", later, later]),
        lambda c: c["proof"][1][1].__setitem__(0, ["equal", ["same"]]),
        lambda c: c["proof"][1][1][0].__setitem__(1, [["v", 0]]),
        lambda c: c["proof"][1].__setitem__(1, []),
        lambda c: c.update(proof=c["proof"][1]),
        lambda c: c.update(proof=["same"]),
    ):
        mutant = copy.deepcopy(copied)
        change(mutant)
        yield mutant
    fused["statement"]["given"] = []
    yield fused


@needs_rocq
@pytest.mark.parametrize("number", range(8))
def test_a_mutated_coinduction_is_refused_by_the_kernel_and_by_rocq(number, tmp_path):
    mutant = list(mutants())[number]
    with pytest.raises(Rejected):
        replay(mutant)

    assert judge(mutant, tmp_path).status == "refused"


def test_a_greatest_fixed_point_inside_a_least_one_is_not_written_out():
    streams_inside = mu(lambda X: 1 + A * nu(lambda Y: X * Y))
    f = generator("f", streams_inside, B)

    with pytest.raises(Unexportable, match="A greatest fixed point of a functor that a least one defines"):
        export(proof(f, f >> ident(B)))
