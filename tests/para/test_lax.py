"""Lax algebras of 2-monads of parametric maps and the comonoid theorem (T4.7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from catcore import ActionMonad, FinSet, Monoid, ParaMap, atoms, finite_map, generator, ident, pair, parametric, snd
from catcore.categories import FiniteSets, FVect, PythonValues
from catcore.categories.finite_sets import Injected
from catcore.errors import IllTyped
from catcore.para import (
    Comonoid,
    Kronecker,
    LaxAlgebra,
    ParaMonad,
    comonoids,
    copies,
    diagonal,
    tie,
)
from catcore.para.enumeration import candidates, count, lax_algebras
from catcore.para.lax import arbitrary
from catcore.structures.algebras import Algebra
from catcore.structures.standard import exceptions, maybe
from catcore_proofs import verify

N, P, A = atoms("N P A")
Z2 = Monoid.from_table([[0, 1], [1, 0]])
TWO = FinSet(2)


@parametric(N, N + N, N)
def handler(p, t):
    """The exceptions handler: a(p, error) = p and a(p, ok v) = v."""
    return t.case(inl=lambda e: p, inr=lambda v: v)


EXCEPTIONS = LaxAlgebra(exceptions(N), handler, copies(N, 2))


@pytest.mark.parametrize("monad", [maybe(), ActionMonad(Z2)], ids=str)
def test_t4_7_four_lax_algebras_and_thirty_four_pairs(monad):
    assert count(monad, TWO, TWO) == (4, 34)


@pytest.mark.parametrize("monad", [maybe(), ActionMonad(Z2)], ids=str)
def test_t4_7_lax_algebras_are_families_of_algebras(monad):
    strict = [f for f in FiniteSets().hom(monad(TWO), TWO) if verify(Algebra(monad, f)).ok]
    found = list(lax_algebras(monad, TWO, TWO))
    assert len(found) == len(strict) ** 2
    width = len(strict[0].args[2])
    for lax in found:
        table = lax.structure.arrow.args[2]
        assert all(table[i * width : (i + 1) * width] in {f.args[2] for f in strict} for i in range(2))
        assert lax.comult.args[2] == (0, 3)  # Δ
        assert verify(lax).ok


def test_t4_7_evaluator_equations_alone_are_not_enough():
    f, choices = next((f, c) for f, c in candidates(maybe(), TWO, TWO) if max(map(len, c)) > 1)
    wrong = next(i for i in choices[0] if i != 0)
    claimed = LaxAlgebra(maybe(), f, finite_map(TWO, TWO * TWO, [wrong, 3]))
    report = verify(claimed)
    assert report["unit cell"].ok
    assert report["multiplication cell"].ok
    assert report.status == "fails"
    assert {v.law for v in report if v.status == "fails"} <= {"left unity", "right unity", "associativity"}


def test_t4_7_parameters_of_an_arbitrary_lax_algebra_are_a_comonoid():
    report = verify(arbitrary().comonoid)
    assert [v.law for v in report] == ["left counit", "right counit", "coassociativity"]
    assert all(v.evidence == "proved" and v.certificate for v in report)
    free = replace(arbitrary().comonoid, given=())  # and not without coherence
    assert verify(free).status == "fails"


def test_t4_7_the_exceptions_monad():
    report = verify(EXCEPTIONS)
    assert all(v.evidence == "proved" for v in report), report
    values = PythonValues()
    assert values.apply(EXCEPTIONS.comult, 4) == (4, 4)
    assert values.apply(EXCEPTIONS.counit, 4) == ()
    assert values.apply(handler.arrow, (4, Injected("inr", 7))) == 7
    assert values.apply(handler.arrow, (4, Injected("inl", 7))) == 4


def test_t4_7_tying_a_sum_along_the_diagonal():
    plus = generator("plus", N * N, N)

    @parametric((N, N), N, N)
    def total(x, y, v):
        return plus(plus(x, y), v)

    values = PythonValues({plus: lambda p: p[0] + p[1]})
    assert values.apply(tie(total, [0, 0]).target.arrow, (4, 3)) == 11


def test_a_mutated_coherence_is_refused():
    first = pair(ident(N), ident(N)) >> (ident(N) * generator("s", N, N))
    report = verify(LaxAlgebra(exceptions(N), handler, first))
    assert report.status == "fails"
    assert any(v.counterexample for v in report)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_t4_7_the_only_comonoid_on_a_set_is_the_diagonal(size):
    (only,) = comonoids(FinSet(size))
    assert only.comult.args[2] == tuple(i * size + i for i in range(size))
    assert verify(only).ok
    kept = [
        f for f in FiniteSets().hom(FinSet(size), FinSet(size) * FinSet(size)) if verify(replace(only, comult=f)).ok
    ]
    assert kept == [only.comult]


def test_the_diagonal_of_arbitrary_parameters():
    for params in (P, (P, A), ()):
        assert verify(diagonal(params)).ok


def _coalgebra(rows):
    return Comonoid(2, sp.ImmutableMatrix(rows[0]), sp.ImmutableMatrix(rows[1]), Kronecker())


def test_t4_7_coalgebras_on_vector_spaces():
    group_likes = _coalgebra([[[1, 1]], [[1, 0], [0, 0], [0, 0], [0, 1]]])  # Δ eᵢ = eᵢ ⊗ eᵢ
    dual_numbers = _coalgebra([[[1, 0]], [[1, 0], [0, 1], [0, 1], [0, 0]]])  # Δ1 = 1⊗1, Δx = 1⊗x + x⊗1
    mutant = _coalgebra([[[1, 0]], [[1, 0], [0, 1], [0, 0], [0, 0]]])
    assert verify(group_likes).ok
    assert verify(dual_numbers).ok
    assert verify(mutant).status == "fails"


def test_t4_7_coproducts_leave_no_parameters():
    # a counit P → 0 exists for P = 0 alone
    assert [n for n in range(4) if next(FiniteSets().hom(n, 0), None) is not None] == [0]


def test_refusals():
    with pytest.raises(IllTyped, match=r"structure map 1 \+ A → A, and A → A with parameter P was given"):
        LaxAlgebra(maybe(), ParaMap(P, snd(P, A)), copies(P, 2))
    with pytest.raises(IllTyped, match="comultiplication of a comonoid on N goes N → N × N"):
        LaxAlgebra(exceptions(N), handler, ident(N))
    assert str(ParaMonad(maybe())) == "Para(monad 1 + Id)"
    assert FVect() == FVect()
