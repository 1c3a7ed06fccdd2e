"""Hom spaces of finite groups by matrices over many fields, with dimensions from theory (T1.11)."""

from __future__ import annotations

import pytest
import sympy as sp

from catcore.equivariance import Representation, dihedral, equivariant_maps, symmetric
from tests.equivariance.matrix_cases import brute_force_dimension, conjugated, kron, over, solved


@pytest.mark.parametrize("n", [7, 8, 9, 12])
def test_dihedral_planes_over_real_cyclotomic_fields(n: int) -> None:
    """Irreducible planes ρ_k of D_n: Hom(ρ_j, ρ_k) is a line where j ≡ ±k and 0 else; characters agree."""
    group = dihedral(n)

    def plane(k: int) -> Representation:
        c, s = f"cos({2 * k}*pi/{n})", f"sin({2 * k}*pi/{n})"
        return Representation(group, {"r": [[c, f"-{s}"], [s, c]], "s": [[1, 0], [0, -1]]})

    one, two = plane(1), plane(2)
    assert (solved(one), solved(one, two), solved(two)) == (1, 0, 1)
    product = equivariant_maps(one @ one, two)
    assert (product.dim, product.independent_dimension(), product.checked) == (1, 1, True)


def test_symmetric_groups_as_dense_matrices_agree_with_their_orbits() -> None:
    for n, k in ((4, 1), (5, 1), (4, 2)):
        group, points = symmetric(n), symmetric(n).defining.tensor(k)
        rows = {g: points.matrix(g) for g in group.generators}
        change = sp.Matrix(conjugated(sp.eye(points.degree).tolist(), 0)) + sp.SparseMatrix(
            points.degree, points.degree, {(0, points.degree - 1): 3}
        )
        hidden = Representation(group, {g: (change * M * change.inv()).tolist() for g, M in rows.items()})
        assert solved(hidden) == equivariant_maps(points, points).dim


@pytest.mark.parametrize(("p", "dim"), [(2, 6), (3, 6), (5, 6), (7, 6)])
def test_the_regular_representation_over_any_field(p: int, dim: int) -> None:
    """Hom_G(kG, kG) = kG in every characteristic, also where it divides the order of the group."""
    group = symmetric(3)
    regular = Representation.regular(group)
    change = sp.eye(6) + sp.SparseMatrix(6, 6, {(0, 5): 1, (2, 3): 1})
    images = {g: (change * regular.matrix(g) * change.inv()).tolist() for g in group.generators}
    assert solved(Representation(group, images, field=f"GF({p})")) == dim


@pytest.mark.parametrize("p", [2, 3, 5])
def test_modular_reductions_of_the_permutations_of_three_points(p: int) -> None:
    """Orbits count Hom(k³, k³) = 2 in every characteristic; the plane of sums 0 has scalars only, also for p = 3."""
    group = symmetric(3)
    points = Representation(group, {g: group.defining.matrix(g).tolist() for g in group.generators}, field=f"GF({p})")
    assert solved(points) == 2
    plane = over(f"GF({p})", [[-1, 1], [0, 1]], [[0, -1], [1, -1]])
    assert (solved(plane), brute_force_dimension(plane, p)) == (1, 1)


def test_the_defining_plane_of_gl2_over_two_elements() -> None:
    """GL(2, 2) = S_3 is irreducible on GF(2)² =: V, and V⊗V = V ⊕ P with P projective of length 2: 1 + 2 = 3."""
    plane = over("GF(2)", [[1, 1], [0, 1]], [[0, 1], [1, 0]])
    assert solved(plane) == 1
    square = over("GF(2)", kron([[1, 1], [0, 1]], [[1, 1], [0, 1]]), kron([[0, 1], [1, 0]], [[0, 1], [1, 0]]))
    assert solved(square) == brute_force_dimension(square, 2) == 3
