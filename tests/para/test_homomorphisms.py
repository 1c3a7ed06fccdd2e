"""Lax, oplax, pseudo and strict homomorphisms of parametric algebras, with coherence, and mutants (T4.6, T4.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catcore import Id, ParaMap, atoms, generator, ident, mu, pair, parametric, snd
from catcore.arrows import fst
from catcore.categories import PythonValues
from catcore.errors import IllTyped, NotComposable
from catcore.para import (
    LaxAlgebra,
    LaxHomomorphism,
    OplaxHomomorphism,
    copies,
    fold_homomorphism,
    identity_homomorphism,
    unrolling,
)
from catcore.structures.standard import exceptions
from catcore_proofs import verify
from tests.para.test_lax import EXCEPTIONS
from tests.para.test_recursion import ALGEBRAS, algebra

A, N, P, Q, S = atoms("A N P Q S")
MONAD = exceptions(N)
r = generator("r", P, N)


@parametric(P, N + N, N)
def defaults(p: Any, t: Any) -> Any:
    """Handlers whose defaults are named by P."""
    return t.case(inl=lambda e: r(p), inr=lambda v: v)


NAMED = LaxAlgebra(MONAD, defaults, copies(P, 2))
LAX = LaxHomomorphism(MONAD, NAMED, EXCEPTIONS, ParaMap((), ident(N)), r)
OPLAX = OplaxHomomorphism(MONAD, EXCEPTIONS, NAMED, ParaMap((), ident(N)), r)


@pytest.mark.parametrize("hom", [LAX, OPLAX], ids=["lax", "oplax"])
def test_t4_7_both_kinds_are_proved_with_their_coherence(hom):
    report = verify(hom)
    assert [v.law for v in report] == ["homomorphism", "respects counits", "respects comultiplications"]
    assert {v.evidence for v in report} == {"proved"}
    assert all(v.certificate for v in report)


@pytest.mark.parametrize("hom", [LAX, OPLAX], ids=["lax", "oplax"])
def test_a_mutated_cell_is_refuted(hom):
    report = verify(replace(hom, r=generator("s", P, N)))
    assert report["homomorphism"].status == "fails"
    assert report["homomorphism"].counterexample is not None


def test_t4_7_identities_are_strict_and_units_of_composition():
    identity = identity_homomorphism(MONAD, EXCEPTIONS)
    assert (identity.variant, identity.turned.variant) == ("strict", "strict")
    assert verify(identity).ok
    assert PythonValues().apply(identity.r, 4) == 4  # with strict parameters the unit has no place to swap with
    for hom in (identity_homomorphism(MONAD, NAMED) >> LAX, LAX >> identity):
        assert (hom.r, hom.variant) == (r, "lax")
        assert verify(hom).ok
    for other in (identity.turned >> OPLAX, OPLAX >> identity_homomorphism(MONAD, NAMED).turned):
        assert (other.r, other.variant) == (r, "oplax")
        assert verify(other).ok


def test_homomorphisms_compose():
    s = generator("s", Q, P)

    @parametric(Q, N + N, N)
    def further(q: Any, t: Any) -> Any:
        return t.case(inl=lambda e: r(s(q)), inr=lambda v: v)

    first = LaxHomomorphism(MONAD, LaxAlgebra(MONAD, further, copies(Q, 2)), NAMED, ParaMap((), ident(N)), s)
    whole = first >> LAX
    assert whole.r is s >> r
    assert {v.evidence for v in verify(whole)} == {"proved"}
    with pytest.raises(NotComposable, match="the first ends at"):
        LAX >> first
    with pytest.raises(TypeError, match="unsupported operand"):
        LAX >> OPLAX


def test_a_cell_that_is_right_and_not_coherent_is_refuted():
    """The map ignores its own parameter, so the square says nothing of what κ makes of it; coherence does."""
    ignoring = ParaMap(Q, snd(Q, N))
    swapping = pair(snd(Q, P) >> r, fst(Q, P))  # (q, p) ↦ (r p, q)
    right = LaxHomomorphism(MONAD, NAMED, EXCEPTIONS, ignoring, swapping)
    assert {v.evidence for v in verify(right)} == {"proved"}
    moved = pair(snd(Q, P) >> r, fst(Q, P) >> generator("t", Q, Q))
    report = verify(replace(right, r=moved))
    assert report["homomorphism"].ok
    assert report["respects counits"].status == "fails"
    assert report["respects comultiplications"].status == "fails"


def test_pseudo_homomorphisms_have_an_inverse_that_is_checked():
    ignoring = ParaMap(N, snd(N, N))
    swap = pair(snd(N, N), fst(N, N))
    pseudo = LaxHomomorphism(MONAD, EXCEPTIONS, EXCEPTIONS, ignoring, swap, swap)
    assert pseudo.variant == "pseudo"
    assert {v.evidence for v in verify(pseudo)} == {"proved"}
    assert isinstance(pseudo.turned, OplaxHomomorphism)
    assert {v.evidence for v in verify(pseudo.turned)} == {"proved"}
    twice = pseudo >> pseudo
    assert twice.variant == "pseudo"
    assert verify(twice).ok, verify(twice)
    wrong = replace(pseudo, inverse=pair(fst(N, N), snd(N, N)))
    assert verify(wrong)["there and back"].status == "fails"
    with pytest.raises(IllTyped, match=r"inverse of the 2-cell of a lax homomorphism .* none was given; say inverse="):
        _ = LAX.turned


@pytest.mark.parametrize("shape", ALGEBRAS, ids=str)
def test_t4_6_a_fold_is_the_lax_homomorphism_whose_cell_is_the_diagonal(shape):
    cell = algebra(shape, P)
    hom = fold_homomorphism(mu(shape), cell)
    assert hom.r is copies(P, 2)
    assert hom.cell == unrolling(mu(shape), cell)
    assert verify(hom)["homomorphism"].evidence == "proved"
    mixed = copies(P, 2) >> (generator("s", P, P) * ident(P))
    assert verify(replace(hom, r=mixed)).status != "holds"


def test_refusals_show_both_types():
    with pytest.raises(IllTyped, match=r"from P to N is an arrow P → N, and an arrow N → P was given. It is the wrong"):
        replace(LAX, r=generator("back", N, P))
    with pytest.raises(IllTyped, match=r"from N to P is an arrow N → P"):
        replace(LAX, inverse=r)
    with pytest.raises(NotComposable, match="first ends in"):
        replace(LAX, map=ParaMap((), generator("u", N, A)))
    with pytest.raises(IllTyped, match=r"one layer is 1 \+ A × S"):
        fold_homomorphism(mu(1 + A * Id), algebra(A + Id * Id, P))
