"""The certificate of a hom space: verify reads it like any structure, says how it was counted, and catches mutants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catcore.equivariance import (
    SO,
    SU,
    Group,
    HomSpace,
    Representation,
    Sp,
    cyclic,
    dihedral,
    equivariant_maps,
    free_monoid,
    full_transformation_monoid,
    symmetric,
)
from catcore.equivariance.certificates import laws
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.strategies.null_space import Basis
from catcore.equivariance.strategies.orbits import Pattern
from catcore.exact import RATIONALS
from catcore_proofs import verify

PLANE = Representation(
    dihedral(5), {"r": [["cos(2*pi/5)", "-sin(2*pi/5)"], ["sin(2*pi/5)", "cos(2*pi/5)"]], "s": [[1, 0], [0, -1]]}
)
SHIFT = Representation(free_monoid("s"), {"s": [[0, 0, 0], [1, 0, 0], [0, 1, 0]]})
MAPS = full_transformation_monoid(3).defining
ROOT = Representation(cyclic(4), {"s": [[2]]}, field="GF(5)")
SPACES: dict[str, tuple[Any, Any, str]] = {
    "permutations": (dihedral(4).defining, dihedral(4).defining, "Burnside"),
    "diagrams of S_n": (symmetric(4).defining.tensor(2), symmetric(4).defining, "characters of S"),
    "a million points": (symmetric(10**6).defining.tensor(2), symmetric(10**6).defining, "characters of S"),
    "rotations": (SO(3).defining.tensor(2), SO(3).defining.tensor(2), "Weyl"),
    "unitary": (SU(2).defining @ SU(2).defining.dual, SU(2).defining.tensor(2), "Weyl"),
    "symplectic": (Sp(4).defining.tensor(2), Sp(4).defining.tensor(2), "Weyl"),
    "an irrational plane": (PLANE, dihedral(5).defining, "characters"),
    "a monoid": (SHIFT, SHIFT, "nullity of the whole system modulo"),
    "transformations": (MAPS, MAPS, "nullity of the whole system modulo"),
    "finite fields": (ROOT, ROOT, "nullity of the whole system modulo 5"),
}


@pytest.mark.parametrize("name", SPACES)
def test_verify_says_what_backs_the_dimension(name: str) -> None:
    rho, tau, how = SPACES[name]
    space = equivariant_maps(rho, tau)
    report = verify(space)

    assert report.ok, report
    assert space.count is not None
    assert space.count.dim == space.dim
    assert isinstance(space.count.dim, int)
    assert how in space.count.how
    assert report[f"dimension = {space.count.how}"].status == "holds"
    assert report["independence"].evidence == "exhaustive"
    # a rule on more than a million entries is not multiplied out, and then nothing exhaustive is claimed
    assert report["equivariance"].evidence == ("symbolic" if name == "a million points" else "exhaustive")


def space_of(rho: Representation, solution: Any) -> HomSpace:
    """A hom space that somebody solved wrongly."""
    return HomSpace(rho, rho, "a guess", lambda: solution)


def statuses(space: HomSpace) -> dict[str, str]:
    """The status of each law, by the first word of its name."""
    report = verify(space)
    return {law.name.split()[0]: report[law.name].status for law in space.laws()}


def test_wrong_solutions_break_the_law_that_they_break() -> None:
    """Circulants of C_4 (T1.12 b): finer, coarser, smaller and repeated bases."""
    rho = cyclic(4).defining
    right = equivariant_maps(rho, rho)
    labels = right.labels
    assert labels is not None
    coarser, finer = np.where(labels == 4, 3, labels), labels.copy()
    finer[0, 0] = 5
    twice = Basis((*right._exact_basis[:3], right._exact_basis[0]))

    assert statuses(right) == {"equivariance": "holds", "independence": "holds", "dimension": "holds"}
    assert statuses(space_of(rho, Pattern(coarser.astype(np.int32), 3)))["dimension"] == "fails"
    assert statuses(space_of(rho, Pattern(finer.astype(np.int32), 5)))["equivariance"] == "fails"
    assert statuses(space_of(rho, twice)) == {"equivariance": "holds", "independence": "fails", "dimension": "holds"}
    assert statuses(space_of(rho, Basis(()))) == {
        "equivariance": "holds",
        "independence": "holds",
        "dimension": "fails",
    }


def test_counterexamples_show_the_generator_and_both_sides() -> None:
    rho = cyclic(2).defining
    wrong = matrices.from_rows([[1, 0], [0, 2]], RATIONALS)
    verdict = verify(space_of(rho, Basis((wrong,))))["equivariance"]

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert "at (0, s)" in str(verdict.counterexample)


def test_independence_of_bases_not_in_echelon_form() -> None:
    rho = SO(2).defining
    a, b = (matrices.from_rows(rows, RATIONALS) for rows in ([[1, -1], [1, 1]], [[1, 1], [-1, 1]]))

    assert laws.independent(space_of(rho, Basis((a, b))))
    assert not laws.independent(space_of(rho, Basis((a, b, a + b))))


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([[0, 4194301], [0, 0]], None),
        ([[1, 4194301 * 4194287], [0, 1]], None),
        ([["sqrt(2)", "4194287*sqrt(2)"], [0, "sqrt(2)"]], "Q(sqrt(2))"),
    ],
)
def test_a_prime_at_which_the_rank_falls_refutes_nothing(rows: Any, field: str | None) -> None:
    """Commutants of a Jordan block with entries that vanish modulo the first primes looked at: of dimension 2."""
    one = Representation(free_monoid("m"), {"m": rows}, field=field)
    space = equivariant_maps(one, one)

    assert space.count is not None
    assert space.dim == space.count.dim == 2
    assert verify(space).ok
    assert statuses(space_of(one, Basis(tuple(space._exact_basis)[:1])))["dimension"] == "fails"


def test_large_spaces_of_unknown_groups_have_no_count() -> None:
    block = np.eye(40, dtype=int) + np.eye(40, k=1, dtype=int)
    rho = Representation(Group.presentation("a"), {"a": block})
    space = equivariant_maps(rho, rho)

    assert space.count is None
    assert [law.name for law in space.laws()] == ["equivariance", "independence"]
    assert verify(space).ok
    assert space.dim == 40
