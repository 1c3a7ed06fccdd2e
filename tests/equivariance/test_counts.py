"""Independent counts: every way of counting agrees with the others, with closed formulas, and refuses what has none."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import (
    GL,
    SL,
    SO,
    SU,
    Group,
    O,
    Representation,
    Sp,
    U,
    alternating,
    cyclic,
    dicyclic,
    equivariant_maps,
    free_monoid,
    hyperoctahedral,
    icosahedral,
    p4m,
    rubik,
    symmetric,
)
from catcore.equivariance.certificates.counts import (
    Count,
    _by_elements,
    _of_matrices,
    _orbits_of_pairs,
    count,
    independent_count,
)
from catcore.equivariance.certificates.weyl import multiplicity
from catcore.equivariance.representations.induction import faithful_maps
from catcore.errors import NoInstance, NotAGroup, NotARepresentation, TooLarge
from tests.equivariance.strategies import permutation_groups, representations


@given(st.data())
def test_all_counts_and_the_solver_agree(data: st.DataObject) -> None:
    """Characters by construction, over the elements of the group and over the matrices made, against the null space."""
    group = data.draw(permutation_groups())
    rho, tau = data.draw(representations(group)), data.draw(representations(group))
    dim = equivariant_maps(rho, tau).dim
    points, maps = faithful_maps(group)

    assert count(rho, tau).dim == dim
    assert _by_elements(rho, tau, maps, points).dim == dim
    assert _of_matrices(rho, tau).dim == dim


def bell(k: int, n: int) -> int:
    """Set partitions of k points into at most n blocks, by Stirling's recurrence."""
    row = [1]
    for _ in range(k):
        row = [(row[j] * j if j < len(row) else 0) + (row[j - 1] if j else 0) for j in range(len(row) + 1)]
    return sum(row[: n + 1])


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 50, 10**6])
def test_cycle_types_count_set_partitions(n: int) -> None:
    """T1.12 g by characters: Bell(k+l), cut to n blocks, for n a million as for n = 3."""
    points = symmetric(n).defining

    for k, l in [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3)]:
        assert count(points.tensor(k), points.tensor(l)).dim == bell(k + l, n)


def test_signs_and_alternating_groups() -> None:
    """Hom_{A_n} = Hom_{S_n} ⊕ Hom_{S_n}(-, - ⊗ sign), and odd permutations fix as many once n ≥ k + l + 2."""
    for n in range(3, 8):
        S, A = symmetric(n), alternating(n)
        for k, l in [(1, 1), (2, 1), (2, 2)]:
            rho, tau = S.defining.tensor(k), S.defining.tensor(l)
            plain, twisted = count(rho, tau).dim, count(rho, tau @ Representation.sign(S)).dim
            assert count(A.defining.tensor(k), A.defining.tensor(l)).dim == plain + twisted
            assert (twisted == 0) == (n >= k + l + 2)
    assert count(symmetric(9).defining.alt(8), Representation.sign(symmetric(9))).dim == 1


BRAUER = {k: math.prod(range(k - 1, 0, -2)) if k % 2 == 0 else 0 for k in range(9)}
RIORDAN = [
    1,
    0,
    1,
    1,
    3,
    6,
    15,
    36,
    91,
]  # invariants of SO(3) in the k-th power of R^3: Riordan numbers, OEIS A005043
CATALAN = [1, 0, 1, 0, 2, 0, 5, 0, 14]  # invariants of SU(2) in the k-th power of C^2


@pytest.mark.parametrize("k", range(9))
def test_weyls_formula_gives_the_known_invariants(k: int) -> None:
    """T1.12 q-s: Riordan numbers for SO(3), (k-1)!! for O(n) with n ≥ k/2, Catalan numbers for SU(2) and Sp(2)."""
    assert multiplicity(SO(3), SO(3).defining.tensor(k)) == RIORDAN[k]
    assert multiplicity(SO(1, 2), SO(1, 2).defining.tensor(k)) == RIORDAN[k]
    assert multiplicity(Sp(2), Sp(2).defining.tensor(k)) == multiplicity(SU(2), SU(2).defining.tensor(k)) == CATALAN[k]
    assert multiplicity(O(4), O(4).defining.tensor(k)) == BRAUER[k]
    assert multiplicity(O(3), O(3).defining.tensor(k)) == (RIORDAN[k] if k % 2 == 0 else 0)
    assert multiplicity(SO(2), SO(2).defining.tensor(k)) == (math.comb(k, k // 2) if k % 2 == 0 else 0)


LIE: list[tuple[Any, int, int, int, str]] = [
    (SO(2), 2, 2, 6, "T1.12 s"),
    (O(2), 2, 2, 3, "T1.12 s"),
    (SO(3), 2, 1, 1, "T1.12 q: the cross product"),
    (SO(3), 3, 3, 15, "Riordan number of 6"),
    (O(3), 2, 1, 0, "T1.12 r"),
    (O(3), 3, 1, 3, "T1.12 r"),
    (SO(4), 2, 2, 4, "three pairings and the determinant"),
    (O(4), 2, 2, 3, "3!!"),
    (SO(1, 3), 2, 2, 4, "as SO(4) over C"),
    (SO(1, 3), 3, 3, 25, "issue table, GAP"),
    (O(5), 3, 3, 15, "5!!"),
    (Sp(4), 2, 2, 3, "3!!"),
    (Sp(4), 3, 3, 14, "issue table, GAP"),
    (SU(2), 1, 1, 1, "Schur"),
    (SU(2), 2, 2, 2, "Catalan"),
    (SU(3), 2, 2, 2, "permutations of 2"),
    (SU(3), 3, 3, 6, "permutations of 3"),
    (SU(3), 2, 0, 0, "no invariant bilinear form"),
    (SU(3), 3, 0, 1, "the determinant"),
    (SL(2), 3, 3, 5, "Catalan"),
    (U(3), 3, 3, 6, "Schur-Weyl: 3!"),
    (U(2), 3, 3, 5, "permutations without a decreasing triple"),
    (GL(3), 2, 1, 0, "the centre acts by different scalars"),
]


@pytest.mark.parametrize(("group", "k", "l", "dim", "source"), LIE, ids=lambda x: str(x).replace(" ", "-"))
def test_classical_groups(group: Any, k: int, l: int, dim: int, source: str) -> None:
    V = group.defining
    space = equivariant_maps(V.tensor(k), V.tensor(l))

    assert source
    assert count(V.tensor(k), V.tensor(l)) == Count(dim, f"Weyl's character formula for {group}")
    assert space.dim == dim


def test_symmetric_and_exterior_powers_of_classical_groups() -> None:
    """Spherical harmonics: Sym² R³ = 1 + 5, so Hom(Sym², Sym²) is 2; Λ² R³ = R³ for SO(3) and not for O(3)."""
    for group, sym, alt in [(SO(3), 2, 1), (O(3), 2, 0)]:
        V = group.defining
        assert count(V.sym(2), V.sym(2)).dim == equivariant_maps(V.sym(2), V.sym(2)).dim == sym
        assert count(V.alt(2), V).dim == equivariant_maps(V.alt(2), V).dim == alt
    V = SU(3).defining
    assert count(V.alt(2), V.dual).dim == equivariant_maps(V.alt(2), V.dual).dim == 1
    assert count(V @ V.dual, V @ V.dual).dim == 2  # trivial and adjoint
    assert count(2 * V, 3 * V).dim == 6


def test_elements_are_summed_over_by_chains() -> None:
    """Groups given by permutations with representations by matrices over Q(√5), Q(i) and Q."""
    I, Q, B = icosahedral(), dicyclic(2), hyperoctahedral(3)

    assert count(I.natural, I.natural).how == "characters over 60 elements"
    assert count(I.natural.tensor(2), I.natural.tensor(2)).dim == 3  # 1 + 3 + 5, all different
    assert count(I.vertices, I.vertices).dim == 4  # 12 points at distances 0, 1, 2, 3
    assert count(Q.natural, Q.natural).dim == 1
    assert count(Q.natural.tensor(2), Representation.trivial(Q)).dim == 1
    assert count(B.natural.tensor(2), B.natural.tensor(2)).dim == 4
    assert (
        count(B.natural.sym(3), B.natural.dual.sym(3)).dim == equivariant_maps(B.natural.sym(3), B.natural.sym(3)).dim
    )


def test_large_permutation_groups_count_orbits_of_pairs() -> None:
    """Rubik's cube has 43·10^18 elements; its two orbits of 24 stickers split into 9 orbits of pairs."""
    cube = rubik().defining

    assert count(cube, cube) == Count(9, "orbits of 2304 pairs of points")
    assert count(cube.tensor(2), cube) == Count(51, "orbits of 110592 pairs of points")
    assert count(p4m(16).defining, p4m(16).defining).dim == 45  # pairs of distances 0 ≤ a ≤ b ≤ 8
    with pytest.raises(TooLarge, match="pairs of points were to be counted"):
        count(cube.tensor(3), cube.tensor(2))


@given(permutation_groups())
def test_orbits_of_pairs_are_burnsides_count(group: Any) -> None:
    points, maps = faithful_maps(group)
    rho = group.defining

    assert _orbits_of_pairs(rho, rho).dim == _by_elements(rho, rho, maps, points).dim


def test_presented_groups_are_closed_from_their_matrices() -> None:
    Z5 = Group.presentation("s", ["s^5"])
    turn = Representation(Z5, {"s": [["cos(2*pi/5)", "-sin(2*pi/5)"], ["sin(2*pi/5)", "cos(2*pi/5)"]]})

    assert count(turn, turn) == Count(2, "characters over the 5 matrices that the generators make")
    free = Representation(Group.presentation("s"), {"s": [[1, 1], [0, 1]]})
    with pytest.raises(TooLarge, match="More than 5000 different matrices"):
        count(free, free)


def test_where_no_count_exists_there_is_none() -> None:
    shift = Representation(free_monoid("s"), {"s": [[0, 0], [1, 0]]})
    root = Representation(cyclic(4), {"s": [[2]]}, field="GF(5)")
    scaling = Representation.lie({"D": [[0, 1], [0, 0]]})

    assert (
        independent_count(shift, shift) is independent_count(root, root) is independent_count(scaling, scaling) is None
    )
    with pytest.raises(NotAGroup, match="without inverses there is no averaging"):
        count(shift, shift)
    with pytest.raises(NotAGroup, match="characteristic 0 only"):
        count(root, root)
    with pytest.raises(NotAGroup, match="it is infinite"):
        count(scaling, scaling)
    other = Representation.lie({x: [[0]] for x in SO(3).infinitesimal}, group=SO(3))
    with pytest.raises(NoInstance, match=r"is not made from SO\(3\).defining"):
        multiplicity(SO(3), other + other)
    found = independent_count(symmetric(3).defining, symmetric(3).defining)
    assert found == (2, "characters of S2 by cycle type, stable from there on")


def test_a_mutant_character_sum_is_refused() -> None:
    """Maps that are no action of the group break the count, not only the number."""
    group = cyclic(4)
    wrong = Representation._make(group, 1, Representation.sign(group).field, ("matrices", 2), lambda _: sp_two(), "")

    with pytest.raises(NotARepresentation, match="represent another group"):
        count(wrong, wrong)


def sp_two() -> Any:
    """The 1×1 matrix 2, whose fourth power is not 1."""
    from catcore.equivariance.linear_algebra import matrices
    from catcore.exact import RATIONALS

    return matrices.from_rows([[sp.Integer(2)]], RATIONALS)


def test_pairs_of_tensor_orders_agree_with_the_solver() -> None:
    rho = cyclic(3).defining

    for k, l in itertools.product(range(3), repeat=2):
        assert count(rho.tensor(k), rho.tensor(l)).dim == equivariant_maps(rho.tensor(k), rho.tensor(l)).dim
