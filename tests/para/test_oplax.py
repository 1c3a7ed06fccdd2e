"""Oplax algebras of 2-monads of parametric maps, the monoid in their parameters, and mutants (T4.7)."""

from __future__ import annotations

import itertools as it
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from catcore import FinSet, ParaMap, atoms, finite_map, generator, ident, parametric
from catcore.arrows import fst, snd, terminal
from catcore.categories import FiniteSets
from catcore.errors import IllTyped
from catcore.laws import Law
from catcore.objects import One
from catcore.para import Kronecker, LaxHomomorphism, OplaxAlgebra, OplaxHomomorphism, ParameterMonoid
from catcore.para.oplax import arbitrary
from catcore.structures.standard import exceptions, identity_monad, maybe
from catcore_proofs import verify

A, E, M = atoms("A E M")
ID = identity_monad()
UNIT, TIMES, ACT, HANDLED = (
    generator("e", One, M), generator("m", M * M, M), generator("act", M * A, A), generator("h", E, A)
)  # fmt: skip
ACTION = OplaxAlgebra(ID, ParaMap(M, ACT), UNIT, TIMES)
ACTS: Any = ACTION.laws()


def cyclic_sum(n):
    return finite_map(FinSet(n) * FinSet(n), FinSet(n), [(i + j) % n for i in range(n) for j in range(n)])


def turning(n):
    """ℤₙ acting on itself."""
    return OplaxAlgebra(ID, ParaMap(FinSet(n), cyclic_sum(n)), finite_map(1, n, [0]), cyclic_sum(n))


def test_t4_7_parameters_of_an_arbitrary_oplax_algebra_are_a_monoid():
    report = verify(arbitrary().monoid)
    assert [v.law for v in report] == ["left unit", "right unit", "associativity"]
    assert all(v.evidence == "proved" and v.certificate for v in report)
    assert verify(replace(arbitrary().monoid, given=())).status == "fails"  # and not without coherence


def test_actions_are_the_oplax_algebras_of_the_identity_monad():
    assert verify(turning(3)).ok
    given = replace(ACTION, given=ACTS)
    assert {v.evidence for v in verify(given)} == {"proved"}


@pytest.mark.parametrize(("wrong", "broken"), [
    ({"unit": finite_map(1, 3, [1])}, ["unit cell", "left unity", "right unity"]),  # 1 turns
    ({"mult": fst(FinSet(3), FinSet(3))}, ["multiplication cell", "left unity"]),  # the second factor is forgotten
    (
        {"mult": finite_map(FinSet(3) * FinSet(3), FinSet(3), [0, 1, 2, 1, 2, 0, 2, 0, 0])},  # 2 + 2 is 0
        ["multiplication cell", "associativity"],
    ),
])  # fmt: skip
def test_actions_with_one_wrong_operation_break_the_laws_that_name_it(wrong, broken):
    mutant = verify(replace(turning(3), **wrong))

    assert [v.law for v in mutant if v.status == "fails"] == broken
    assert all(v.counterexample for v in mutant if v.status == "fails")
    assert {v.status for v in mutant if v.law not in broken} == {"holds"}


def test_oplax_algebras_on_two_elements_are_counted_by_hand():
    two, sets = FinSet(2), FiniteSets()
    pairs = list(it.product(range(2), repeat=2))
    expected = 0
    for unit, product in it.product(range(2), it.product(range(2), repeat=4)):
        m = dict(zip(pairs, product, strict=True))
        if not all(m[unit, p] == p == m[p, unit] for p in range(2)):
            continue
        if not all(m[m[p, q], r] == m[p, m[q, r]] for p in range(2) for q in range(2) for r in range(2)):
            continue
        for table in it.product(range(2), repeat=4):
            a = dict(zip(pairs, table, strict=True))
            acts = all(a[p, a[q, x]] == a[m[p, q], x] for p in range(2) for q in range(2) for x in range(2))
            expected += acts and all(a[unit, x] == x for x in range(2))
    found = 0
    for structure, e, m2 in it.product(sets.hom(two * two, two), sets.hom(1, 2), sets.hom(two * two, two)):
        claimed = OplaxAlgebra(ID, ParaMap(two, structure), e, m2)
        found += all(sets.equal(law.lhs, law.rhs) for law in claimed.laws())
    assert found == expected > 0


@parametric(M, E + A, A)
def handled(p, t):
    """What went right is moved, and an error is handled."""
    return t.case(inl=lambda e: HANDLED(e), inr=lambda x: ACT((p, x)))


def test_an_oplax_algebra_of_exceptions_is_an_action_that_fixes_what_is_handled():
    stays = Law("errors stay", (ident(M) * HANDLED) >> ACT, snd(M, E) >> HANDLED)
    algebra = OplaxAlgebra(exceptions(E), handled, UNIT, TIMES, given=(*ACTS, stays))
    assert {v.evidence for v in verify(algebra)} == {"proved"}
    moved = verify(replace(algebra, given=ACTS))
    assert moved["multiplication cell"].status == "fails"
    assert moved["multiplication cell"].counterexample is not None
    assert moved["unit cell"].ok


def test_homomorphisms_respect_units_and_multiplications():
    mod2 = finite_map(4, 2, [0, 1, 0, 1])
    hom = LaxHomomorphism(ID, turning(4), turning(2), ParaMap((), mod2), mod2)
    report = verify(hom)
    assert [v.law for v in report] == ["homomorphism", "respects units", "respects multiplications"]
    assert report.ok
    other = finite_map(4, 2, [1, 1, 1, 1])
    refused = verify(replace(hom, r=other, map=ParaMap((), finite_map(4, 2, [0, 0, 0, 0]))))
    assert {v.law for v in refused if v.status == "fails"} >= {"respects units", "respects multiplications"}
    assert {v.evidence for v in verify(LaxHomomorphism(ID, ACTION, ACTION, ParaMap((), ident(A)), ident(M)))} == {
        "proved"
    }


def test_oplax_homomorphisms_point_the_other_way():
    mod2 = finite_map(4, 2, [0, 1, 0, 1])
    along = OplaxAlgebra(
        ID, ParaMap(FinSet(4), (mod2 * ident(2)) >> cyclic_sum(2)), finite_map(1, 4, [0]), cyclic_sum(4)
    )
    hom = OplaxHomomorphism(ID, turning(2), along, ParaMap((), ident(FinSet(2))), mod2)
    assert verify(hom).ok
    assert verify(replace(hom, r=finite_map(4, 2, [0, 1, 1, 0]))).status == "fails"


def test_algebras_are_monoids_on_vector_spaces_with_the_tensor_product():
    unit = sp.ImmutableMatrix([[1], [0]])
    dual_numbers = ParameterMonoid(2, unit, sp.ImmutableMatrix([[1, 0, 0, 0], [0, 1, 1, 0]]), Kronecker())  # x² = 0
    assert verify(dual_numbers).ok
    mutant = replace(dual_numbers, mult=sp.ImmutableMatrix([[1, 0, 0, 0], [0, 1, 0, 1]]))
    assert verify(mutant).status == "fails"


def test_refusals_show_both_types():
    with pytest.raises(IllTyped, match=r"An oplax algebra .* map 1 \+ A → A, and A → A with parameter M was given"):
        OplaxAlgebra(maybe(), ParaMap(M, ACT), UNIT, TIMES)
    with pytest.raises(IllTyped, match="multiplication of a monoid on M goes M × M → M, and an arrow M → M was given"):
        OplaxAlgebra(ID, ParaMap(M, ACT), UNIT, ident(M))
    with pytest.raises(IllTyped, match="unit of a monoid on M goes 1 → M, and an arrow M → 1 was given"):
        OplaxAlgebra(ID, ParaMap(M, ACT), terminal(M), TIMES)
