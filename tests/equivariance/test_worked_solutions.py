"""The worked solution spaces of THEORY: T1.12 a-p, u, v, all of T1.13, the table of T2.1, and T1.16's filled
triangle."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import sympy as sp

from catcore.equivariance import (
    Group,
    Monoid,
    Representation,
    alternating,
    cyclic,
    dihedral,
    equivariant_maps,
    free_monoid,
    full_transformation_monoid,
    semidirect,
    symmetric,
)
from catcore.equivariance.spaces.homspace import HomSpace
from catcore.errors import NotAGroup
from tests.equivariance.groups_at_work import automorphisms, dense_nullity, flip, span_equal, turn

Z2 = cyclic(2)
SWAP = Z2.defining
C4 = cyclic(4)
VECTOR = Representation(C4, {"s": [[0, -1], [1, 0]]})


def tie(rho: Representation, tau: Representation | None = None) -> HomSpace:
    """The hom space, once its basis was multiplied out."""
    space = equivariant_maps(rho, rho if tau is None else tau)
    assert space.checked
    assert space.exact
    return space


def confirmed(rho: Representation, tau: Representation | None = None) -> int:
    """The dimension, once characters or Burnside agree."""
    space = tie(rho, tau)
    assert space.independent_dimension() == space.dim
    return space.dim


def test_t1_12_a_swap_of_two_pixels() -> None:
    W = tie(SWAP)

    assert (W.dim, W.free_parameters, W.dense_parameters) == (2, 2, 4)
    assert W.pattern == [[1, 2], [2, 1]]
    a, b = W.symbols
    assert W.matrix() == sp.Matrix([[a, b], [b, a]])
    assert str(W.matrix()[0]) == "a"


@pytest.mark.parametrize("n", [3, 4, 5, 8])
def test_t1_12_b_translation_gives_circulants(n: int) -> None:
    W = tie(cyclic(n).defining)
    labels = W.labels

    assert confirmed(cyclic(n).defining) == n
    assert labels is not None
    assert all(labels[i, j] == labels[(i + 1) % n, (j + 1) % n] for i, j in itertools.product(range(n), repeat=2))


def test_t1_12_b_basis_for_n_4_is_powers_of_the_shift() -> None:
    W, T = tie(C4.defining), C4.defining.matrix("s")

    assert {sp.ImmutableMatrix(T**k) for k in range(4)} == set(W.basis)


def test_t1_12_c_torus() -> None:
    assert confirmed((cyclic(3) * cyclic(3)).defining) == 9


@pytest.mark.parametrize(("n", "dim"), [(4, 3), (5, 3), (6, 4), (9, 5)])
def test_t1_12_d_dihedral_gives_symmetric_circulants(n: int, dim: int) -> None:
    W = tie(dihedral(n).defining)

    assert confirmed(dihedral(n).defining) == dim == n // 2 + 1
    assert W.matrix() == W.matrix().T


@pytest.mark.parametrize("n", [2, 3, 5])
def test_t1_12_e_and_f_deep_sets(n: int) -> None:
    points, line = symmetric(n).defining, Representation.trivial(symmetric(n))

    assert tie(points).pattern == [[1 if i == j else 2 for j in range(n)] for i in range(n)]
    assert tie(points, line).pattern == [[1] * n]


def blocks_at_most(points: int, n: int) -> int:
    """Set partitions of some points into at most n blocks."""
    return int(sum(sp.functions.combinatorial.numbers.stirling(points, k) for k in range(n + 1)))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_t1_12_g_tensor_powers_of_symmetric_groups_count_partitions(n: int) -> None:
    rho = symmetric(n).defining

    for k, m in itertools.product(range(3), repeat=2):
        assert equivariant_maps(rho.tensor(k), rho.tensor(m)).dim == blocks_at_most(k + m, n)


def test_t1_12_g_bell_numbers_as_printed() -> None:
    rho, few = symmetric(5).defining, [symmetric(n).defining.tensor(2) for n in (3, 2, 1)]

    assert [tie(rho.tensor(k), rho.tensor(m)).dim for k, m in [(2, 2), (2, 1), (1, 2), (2, 0)]] == [15, 5, 5, 2]
    assert [confirmed(power) for power in few if power.monoid.generators] == [14, 8]
    assert tie(few[2]).dim == 1


def test_t1_12_h_rotation_of_the_plane_gives_complex_numbers() -> None:
    W = tie(VECTOR)

    assert confirmed(VECTOR) == 2
    assert span_equal(W.basis, [[[1, 0], [0, 1]], [[0, -1], [1, 0]]])
    assert W.pattern == [[1, 2], [-2, 1]]


def test_t1_12_i_quarter_turn_of_four_pixels() -> None:
    W = tie(Representation.permutation(C4, {"s": turn(2)}))

    assert W.dim == 4
    assert sorted(abs(x) for row in W.pattern or [] for x in row) == sorted([1, 2, 3, 4] * 4)


def test_t1_12_j_quarter_turn_of_nine_pixels() -> None:
    pixels = Representation.permutation(C4, {"s": turn(3)})

    assert confirmed(pixels) == 21
    assert confirmed(pixels, VECTOR) == 4
    assert confirmed(pixels, Representation.trivial(C4)) == 3


@pytest.mark.parametrize(("n", "dim"), [(3, 15), (2, 3)])
def test_t1_12_k_square_symmetries_of_pixels(n: int, dim: int) -> None:
    assert confirmed(Representation.permutation(dihedral(4), {"r": turn(n), "s": flip(n)})) == dim


GRAPHS = {
    "l: path P3": (3, [(0, 1), (1, 2)], 5, 2),
    "m: cycle C4": (4, [(0, 1), (1, 2), (2, 3), (3, 0)], 3, 1),
    "n: star K13": (4, [(0, 1), (0, 2), (0, 3)], 5, 2),
    "o: K4": (4, list(itertools.combinations(range(4), 2)), 2, 1),
    "o: C5": (5, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)], 3, 1),
    "o: P4": (4, [(0, 1), (1, 2), (2, 3)], 8, 2),
    "o: paw": (4, [(0, 1), (1, 2), (2, 0), (2, 3)], 10, 3),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_t1_12_l_to_o_automorphisms_of_graphs(name: str) -> None:
    n, edges, dim, invariant = GRAPHS[name]
    rho = automorphisms(n, edges)

    assert confirmed(rho) == dim
    assert confirmed(rho, Representation.trivial(rho.monoid)) == invariant


def test_t1_12_m_spans_identity_adjacency_and_ones() -> None:
    n, edges, _, _ = GRAPHS["m: cycle C4"]
    adjacency = [[int((i, j) in edges or (j, i) in edges) for j in range(n)] for i in range(n)]

    assert span_equal(tie(automorphisms(n, edges)).basis, [np.eye(n, dtype=int).tolist(), adjacency, [[1] * n] * n])


@pytest.mark.parametrize("group", [symmetric(3), cyclic(5), alternating(4)], ids=str)
def test_t1_12_p_regular_representation_is_group_convolution(group: Group) -> None:
    W = tie(Representation.regular(group))
    labels, inverse = W.labels, group.inverse

    assert labels is not None
    assert confirmed(Representation.regular(group)) == group.order
    for i, j in itertools.product(range(group.order), repeat=2):  # W[g, h] depends on h⁻¹ g only
        assert labels[i, j] == labels[group.multiply(inverse[j], i), group.identity]


def test_t1_12_u_strided_convolution() -> None:
    free = Group.presentation("s")
    fine = Representation.permutation(free, {"s": [2, 3, 0, 1]})
    coarse = Representation.permutation(free, {"s": [1, 0]})

    assert tie(fine, coarse).dim == 4
    assert tie(fine, coarse).shape == (2, 4)


def test_t1_12_v_reflection_gives_diagonal_matrices() -> None:
    W = tie(Representation(Z2, {"s": [[1, 0], [0, -1]]}))

    assert W.pattern == [[1, 0], [0, 2]]


def test_t1_13_invariant_maps_have_constant_rows() -> None:
    W = tie(SWAP, Representation.trivial(Z2, 2))

    assert (W.dim, W.pattern) == (2, [[1, 1], [2, 2]])
    assert W.pattern != [[1, 2], [1, 2]]  # the column-major misprint of the paper
    assert tie(SWAP, Representation.trivial(Z2)).pattern == [[1, 1]]
    assert tie(SWAP, Representation.sign(Z2)).pattern == [[1, -1]]


def test_t1_13_invariants_of_all_self_maps() -> None:
    T3 = full_transformation_monoid(3)
    push, line = T3.defining, Representation.trivial(T3)
    maps = {name: push.matrix(name).T for name in T3.generators}
    opposite = Monoid.presentation(" ".join(T3.generators))  # pullback is a right action, so a free monoid's left one
    pull = Representation(opposite, maps)

    assert tie(push, line).pattern == [[1, 1, 1]]
    assert tie(pull, Representation.trivial(opposite)).dim == 0
    assert tie(pull).pattern == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


ONE = free_monoid("m")
HALF = [["1/2", "1/2", 0, 0], ["1/2", "1/2", 0, 0], [0, 0, "1/2", "1/2"], [0, 0, "1/2", "1/2"]]


@pytest.mark.parametrize(
    ("rows", "dim"),
    [
        ([[1, 0], [0, 0]], 2),
        (HALF, 8),
        ([[0, 1], [0, 0]], 2),
        ([[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], 4),
    ],
    ids=["idempotent", "averaging", "nilpotent", "truncated shift"],
)
def test_t2_1_single_generators(rows: list[list[int | str]], dim: int) -> None:
    rho = Representation(ONE, {"m": rows})

    assert tie(rho).dim == dim == dense_nullity(rho, rho)
    with pytest.raises(NotAGroup, match="without inverses there is no averaging"):
        tie(rho).independent_dimension()
    with pytest.raises(NotAGroup, match="Reynolds"):
        tie(rho).reynolds(rows)


def test_t2_1_forms() -> None:
    def pattern(rows: list[list[int]]) -> list[list[int]] | None:
        return tie(Representation(ONE, {"m": rows})).pattern

    assert pattern([[1, 0], [0, 0]]) == [[1, 0], [0, 2]]
    assert pattern([[0, 1], [0, 0]]) == [[1, 2], [0, 1]]
    causal = pattern([[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    assert causal == [[1, 0, 0, 0], [2, 1, 0, 0], [3, 2, 1, 0], [4, 3, 2, 1]]


@pytest.mark.parametrize("n", [2, 3])
def test_t2_1_all_self_maps_leave_only_scalars(n: int) -> None:
    T = full_transformation_monoid(n)
    W = tie(T.defining)

    assert W.pattern == np.eye(n, dtype=int).tolist()
    assert W.method.startswith("null space")


def test_t2_1_reset_machine() -> None:
    rho = Representation(free_monoid("A", "B"), {"A": [[1, 1], [0, 0]], "B": [[0, 0], [1, 1]]})

    assert tie(rho).pattern == [[1, 0], [0, 1]]


def test_t1_16_filled_triangle_rederives_gradient_and_curl() -> None:
    S3 = symmetric(3)
    edges = [(0, 1), (0, 2), (1, 2)]
    swaps = {g: S3.defining.index_map(g).tolist() for g in S3.generators}

    def chain(images: list[int]) -> list[list[int]]:
        rows = [[0] * 3 for _ in range(3)]
        for j, (a, b) in enumerate(edges):
            p, q = images[a], images[b]
            rows[edges.index((min(p, q), max(p, q)))][j] = 1 if p < q else -1
        return rows

    C0, C1 = S3.defining, Representation(S3, {g: chain(p) for g, p in swaps.items()})
    C2 = Representation.sign(S3)
    assert [[confirmed(a, b) for b in (C0, C1, C2)] for a in (C0, C1, C2)] == [[2, 1, 0], [1, 2, 1], [0, 1, 1]]
    assert tie(C0, C1).pattern == [[1, -1, 0], [1, 0, -1], [0, 1, -1]]
    assert span_equal(tie(C1, C2).basis, [[[1, -1, 1]]])
    assert span_equal(tie(C1).basis, [np.eye(3, dtype=int).tolist(), [[1, -1, 1], [-1, 1, -1], [1, -1, 1]]])


def test_t1_10_semidirect_translations_and_reflection_are_dihedral() -> None:
    for n, dim in [(4, 3), (5, 3), (6, 4)]:
        group = semidirect(cyclic(n), Group.permutations({"f": [1, 0]}), {"f": {"s": "s^-1"}})
        rho = Representation.permutation(group, {"s": [(i + 1) % n for i in range(n)], "f": [-i % n for i in range(n)]})
        assert group.order == 2 * n
        assert confirmed(rho) == dim


X, Y, Z = (
    [[0, 0, 0], [0, 0, -1], [0, 1, 0]],
    [[0, 0, 1], [0, 0, 0], [-1, 0, 0]],
    [[0, -1, 0], [1, 0, 0], [0, 0, 0]],
)
SO3 = Representation.lie({"X": X, "Y": Y, "Z": Z})
O3 = Representation.lie({"X": X, "Y": Y, "Z": Z}, {"r": [[-1, 0, 0], [0, 1, 0], [0, 0, 1]]})
SO2 = Representation.lie({"J": [[0, -1], [1, 0]]})
O2 = Representation.lie({"J": [[0, -1], [1, 0]]}, {"r": [[-1, 0], [0, 1]]})


@pytest.mark.parametrize(
    ("k", "m", "dims"),
    [(1, 1, (1, 1, 2, 1)), (2, 0, (1, 1, 2, 1)), (2, 1, (1, 0, 0, 0)), (2, 2, (3, 3, 6, 3)), (3, 1, (3, 3, 6, 3))],
)
def test_t1_12_q_to_s_rotations_by_lie_generators(k: int, m: int, dims: tuple[int, ...]) -> None:
    assert tuple(tie(rho.tensor(k), rho.tensor(m)).dim for rho in (SO3, O3, SO2, O2)) == dims


def test_t1_12_q_two_vectors_to_one_is_the_cross_product() -> None:
    (cross,) = tie(SO3.tensor(2), SO3).basis
    epsilon = [[int(sp.LeviCivita(i, j, k)) for j in range(3) for k in range(3)] for i in range(3)]

    assert span_equal([cross], [epsilon])


def test_t1_12_t_scaling_weights() -> None:
    weights = Representation.lie({"D": [[1, 0, 0], [0, 1, 0], [0, 0, 2]]})
    one = Representation.lie({"D": [[1]]})

    assert (tie(weights).dim, tie(weights, one).dim) == (5, 2)
    assert (tie(weights).independent_dimension(), tie(weights, one).independent_dimension()) == (5, 2)


def test_a_shear_has_no_characters_to_count_by() -> None:
    shear = Representation.lie({"N": [[0, 1], [0, 0]]})

    assert tie(shear).dim == 2
    with pytest.raises(NotAGroup, match="infinite"):
        tie(shear).independent_dimension()
