"""Weights modulo primes: rotations, compact forms and hidden bases, against Weyl's formula, elimination and floats."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore.equivariance import SO, O, Representation, cyclic, dihedral, equivariant_maps
from catcore.equivariance.certificates import checks
from catcore.equivariance.linear_algebra.eigenspaces import eigenbasis, eigenvalues
from catcore.equivariance.linear_algebra.modular import PrimeField
from catcore.equivariance.strategies import null_space, tori, weight_bases
from catcore.equivariance.strategies.system import System
from catcore.errors import TooLarge
from tests.equivariance.matrix_cases import Rows, conjugated, floating_nullity, unit

P = 8388593  # the largest prime below 2^23, and 1 modulo 16
F = PrimeField(P)


def by_tori(rho: Representation, tau: Representation) -> list[Any] | None:
    """The basis with every other way passed over; None where weights modulo primes do not serve."""
    field = rho.field.join(tau.field)
    system = System(checks.exact_pairs(rho, tau, field), field, len(rho.monoid.infinitesimal))  # type: ignore[union-attr]
    found = null_space._by_tori(system)
    return None if found is None else [m.to_dok() for m in found.matrices]


def eliminated(rho: Representation, tau: Representation) -> list[Any]:
    field = rho.field.join(tau.field)
    basis = null_space.eliminated(System(checks.exact_pairs(rho, tau, field), field), rho.degree, tau.degree)
    return [m.to_dok() for m in basis.matrices]


# Rotations and boosts ---------------------------------------------------------------------------------------------

PAIRS = [
    (lambda V: V.sym(2) @ V, lambda V: V.sym(2) @ V),
    (lambda V: V.sym(3), lambda V: V.tensor(3)),
    (lambda V: V.alt(2) @ V.sym(2), lambda V: V.alt(2)),
    (lambda V: V.dual @ V.sym(2), lambda V: V.alt(3) + V),
]


@settings(max_examples=12)
@given(st.sampled_from([SO(2), SO(3), O(3), SO(4), O(4), SO(1, 3), O(2, 2), SO(5)]), st.sampled_from(PAIRS))
def test_orthogonal_groups_as_elimination_and_weyl_have_them(group: Any, pair: Any) -> None:
    rho, tau = (make(group.defining) for make in pair)
    found = by_tori(rho, tau)

    assert found == eliminated(rho, tau)
    assert equivariant_maps(rho, tau).count.dim == len(found)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("group", "dim"), [(SO(4), 20), (O(4), 17), (SO(5), 17), (SO(2, 3), 17), (O(5), 17), (SO(1, 3), 20)], ids=str
)
def test_endomorphisms_of_squares_of_symmetric_squares(group: Any, dim: int) -> None:
    """Weyl's formula says the same; ε has four places to join in four dimensions, and O(4) forgets it."""
    squares = group.defining.sym(2).tensor(2)
    W = equivariant_maps(squares, squares)

    assert W.how == f"highest weights modulo primes, {dim} unknowns; 1 prime"
    assert (W.dim, W.count.dim, W.checked) == (dim, dim, True)  # type: ignore[union-attr]


def test_a_space_that_does_not_fit_is_refused_with_its_dimension(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_bases, "MAX_NUMBERS", 10**4)
    squares = SO(4).defining.sym(2).tensor(2)
    with pytest.raises(TooLarge, match="20 independent ones"):
        _ = equivariant_maps(squares, squares).dim


# Other algebras ---------------------------------------------------------------------------------------------------

PAULI = {"x": [[0, sp.I], [sp.I, 0]], "y": [[0, 1], [-1, 0]]}
GELL_MANN = {
    "a": [[0, sp.I, 0], [sp.I, 0, 0], [0, 0, 0]],
    "b": unit(3, (1, 2, 1), (2, 1, -1)),
    "c": unit(3, (0, 1, 1), (1, 0, -1)),
}
SKEW: dict[str, Rows] = {
    "x": [[0, 1, -2, 3, 1], [-1, 0, 2, -1, 3], [2, -2, 0, 1, 1], [-3, 1, -1, 0, -2], [-1, -3, -1, 2, 0]],
    "y": [[0, -1, 3, 0, 2], [1, 0, 1, 1, -1], [-3, -1, 0, 2, 1], [0, -1, -2, 0, 3], [-2, 1, -1, -3, 0]],
}


@pytest.mark.parametrize(
    ("images", "dim"),
    [(PAULI, 2), (GELL_MANN, 2), (SKEW, 6), ({g: conjugated(m, 3) for g, m in SKEW.items()}, 6)],
    ids=["su(2)", "su(3)", "so(5) by two random elements", "the same in a hidden basis"],
)
def test_forms_without_any_diagonal_element(images: dict[str, Any], dim: int) -> None:
    """Sym² ⊗ V is 3/2 + 1/2 for su(2) and 10 + 8 for su(3); for so(5) it holds V twice and two others."""
    V = Representation.lie(images)
    rho = V.sym(2) @ V
    found = by_tori(rho, rho)

    assert found == eliminated(rho, rho)
    assert len(found) == dim


def test_finite_groups_beside_rotations() -> None:
    space, corner = SO(4).defining.sym(2), dihedral(4).defining
    both, other = space.outer(corner), space.outer(corner @ corner)
    found = by_tori(both, other)

    assert found == eliminated(both, other)
    assert len(found) == equivariant_maps(space, space).dim * equivariant_maps(corner, corner @ corner).dim


NO_TORUS: dict[str, dict[str, Rows]] = {
    "nilpotent": {"p": unit(3, (0, 1, 1)), "q": unit(3, (1, 2, 1))},
    "zero": {"z": unit(2)},
    "motions of the plane": {"r": unit(3, (0, 1, -1), (1, 0, 1)), "t": unit(3, (0, 2, 1))},
    "one turn beside a shear": {"r": unit(4, (0, 1, -1), (1, 0, 1), (2, 3, 1))},
}


@pytest.mark.parametrize("name", NO_TORUS)
def test_algebras_that_are_not_semisimple_are_left_to_others(name: str) -> None:
    V = Representation.lie(NO_TORUS[name])
    for rho, tau in ((V, V), (V.sym(2) @ V, V.tensor(2)), (V, V.dual)):
        found = by_tori(rho, tau)
        assert found is None or found == eliminated(rho, tau)
        assert equivariant_maps(rho, tau).dim == floating_nullity(rho, tau)
    if name in ("nilpotent", "zero"):
        assert by_tori(V, V) is None


def test_a_wrong_rotation_leaves_fewer_maps() -> None:
    """The mutant turns one plane of the output the wrong way and dilates it besides."""
    space = SO(4).defining.sym(2)
    mutant = {name: space.matrix(name) for name in space.monoid.generators}
    mutant["J2"] = -mutant["J2"] + 2 * sp.eye(10)
    wrong = Representation.lie(mutant)
    right = Representation.lie({name: space.matrix(name) for name in space.monoid.generators})

    assert len(by_tori(right, right) or []) == 2
    assert len(by_tori(right, wrong) or []) == floating_nullity(right, wrong) < 2


# The pieces -------------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=7), st.integers(0, 2**31))
def test_eigenvalues_and_eigenspaces_of_what_is_diagonal_in_a_hidden_basis(values: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    basis = F.random((len(values), len(values)), rng)
    h = F.multiply(basis, F.multiply(np.diag(np.array(values, dtype=float)), F.inverse(basis)))
    found = eigenvalues(F, [h], rng)

    assert found is not None
    assert sorted(found) == sorted({v % P for v in values})
    spaces = eigenbasis(F, h, found, rng)
    assert spaces is not None
    for value, space in zip(found, spaces, strict=True):
        assert space.shape[1] == sum(v % P == value for v in values)
        residue = value if value < P // 2 else value - P
        assert not F.reduce(F.multiply(h, space) - F.reduce(residue * space)).any()


@pytest.mark.parametrize("h", [[[0, 1], [0, 0]], [[1, 1], [0, 1]], [[0, 3], [1, 0]]], ids=str)
def test_nilpotent_parts_and_roots_outside_the_field_are_refused(h: Rows) -> None:
    """3 is no square modulo this prime, which is -1 modulo 3 and 1 modulo 4 (quadratic reciprocity)."""
    assert P % 12 == 5
    assert eigenvalues(F, [np.array(h, dtype=float)], np.random.default_rng(0)) is None


def test_a_value_left_out_is_seen() -> None:
    h = np.diag([1.0, 2.0, 2.0])
    assert eigenbasis(F, h, [1], np.random.default_rng(0)) is None


def test_primes_without_a_torus_are_passed_over() -> None:
    """-1 is no square modulo 8388587, which is 3 modulo 4: a plane has no rotation that is diagonal there."""
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    with pytest.raises(tori.NoTorus):
        tori.split(PrimeField(8388587), [(turn, turn)], 1)
    found = tori.split(F, [(turn, turn)], 1)
    assert found is not None
    assert found.grades.count == 2
    assert tori.split(F, [(turn, turn)], 0) is None


def test_heights_of_shifts_in_a_circle_do_not_exist() -> None:
    """Three equal shifts that come back to where they began: their root would have to be 0."""
    around = {1: {0: (np.array([0, 1, 2]), np.array([1, 2, 0]))}}
    assert tori._heights(around, 3) is None
    along = {1: {0: (np.array([0, 1]), np.array([1, 2]))}}
    number, up = tori._heights(along, 3) or (None, {})
    assert number is not None
    assert number.tolist() == ([2, 1, 0] if up[1] else [0, 1, 2])


def test_cyclic_groups_are_not_looked_at() -> None:
    rho = cyclic(5).defining
    assert null_space._by_tori(System(checks.exact_pairs(rho, rho, rho.field), rho.field)) is None
