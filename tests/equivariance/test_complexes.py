"""T1.16 in full: chains, boundaries that are homomorphisms, Laplacians, holes, and covariance under re-orientation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import CellComplex, PermutationRepresentation, equivariant_maps
from catcore.errors import LawViolated, ShapeMismatch
from tests.equivariance.groups_at_work import span_equal

FILLED = CellComplex.simplicial([(0, 1, 2)])
HOLLOW = CellComplex.simplicial(itertools.combinations(range(3), 2))
SPHERE = CellComplex.simplicial(itertools.combinations(range(4), 3))
SQUARE = CellComplex(4, (((-1, 0, 0, 1), (1, -1, 0, 0), (0, 1, -1, 0), (0, 0, 1, -1)), ((1,), (1,), (1,), (1,))))


def test_t1_16_filled_triangle_as_printed() -> None:
    assert FILLED.boundary(1).tolist() == [[-1, -1, 0], [1, 0, -1], [0, 1, 1]]
    assert FILLED.boundary(2).tolist() == [[1], [-1], [1]]
    assert FILLED.laplacian(0).tolist() == [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]
    assert FILLED.laplacian(1) == 3 * sp.eye(3)
    assert FILLED.laplacian(2).tolist() == [[3]]
    down, up = FILLED.boundary(1).T * FILLED.boundary(1), FILLED.boundary(2) * FILLED.boundary(2).T
    assert down.tolist() == [[2, 1, -1], [1, 2, 1], [-1, 1, 2]]
    assert up.tolist() == [[1, -1, 1], [-1, 1, -1], [1, -1, 1]]


@pytest.mark.parametrize("vertices", [[[-1, 0], [1, -1], [0, 1]], (3,), -1, 2.0, True, "3", None])
def test_a_number_of_vertices_is_asked_for(vertices) -> None:
    with pytest.raises(ShapeMismatch, match="starts with its number of vertices"):
        CellComplex(vertices)
    assert CellComplex(np.int64(3)) == CellComplex(3)  # type: ignore[arg-type]


def test_t1_16_hollow_triangle_has_one_hole() -> None:
    kernel = HOLLOW.laplacian(1).nullspace()

    assert (HOLLOW.betti(0), HOLLOW.betti(1), FILLED.betti(1)) == (1, 1, 0)
    assert len(kernel) == 1
    assert kernel[0] / kernel[0][0] == sp.Matrix([1, -1, 1])


def test_t1_16_solver_rederives_simplicial_message_passing() -> None:
    chains = [FILLED.chains(k) for k in range(3)]
    spaces = [[equivariant_maps(a, b) for b in chains] for a in chains]

    assert FILLED.group.order == 6
    assert isinstance(chains[0], PermutationRepresentation)
    assert [[W.dim for W in row] for row in spaces] == [[2, 1, 0], [1, 2, 1], [0, 1, 1]]
    assert all(W.checked and W.independent_dimension() == W.dim for row in spaces for W in row)
    assert span_equal(spaces[0][1].basis, [FILLED.boundary(1).T.tolist()])  # gradient
    assert span_equal(spaces[1][2].basis, [FILLED.boundary(2).T.tolist()])  # curl
    down, up = FILLED.boundary(1).T * FILLED.boundary(1), FILLED.boundary(2) * FILLED.boundary(2).T
    assert span_equal(spaces[1][1].basis, [down.tolist(), up.tolist()])
    assert span_equal(spaces[1][1].basis, [sp.eye(3).tolist(), up.tolist()])


@pytest.mark.parametrize("cells", [FILLED, HOLLOW, SPHERE, SQUARE], ids=["filled", "hollow", "sphere", "square"])
def test_boundaries_are_homomorphisms_of_chains(cells: CellComplex) -> None:
    for k in range(1, cells.dimension + 1):
        assert equivariant_maps(cells.chains(k), cells.chains(k - 1)).contains(cells.boundary(k))
        assert equivariant_maps(cells.chains(k - 1), cells.chains(k)).contains(cells.boundary(k).T)
        assert equivariant_maps(cells.chains(k), cells.chains(k)).contains(cells.laplacian(k))


def test_an_unsigned_boundary_is_no_homomorphism() -> None:
    unsigned = FILLED.boundary(1).applyfunc(abs)

    assert not equivariant_maps(FILLED.chains(1), FILLED.chains(0)).contains(unsigned)


def test_groups_of_complexes() -> None:
    """The sphere of four triangles has S_4, the filled square D_4; both are the symmetries of their vertices."""
    assert (SPHERE.group.order, SQUARE.group.order) == (24, 8)
    assert [SPHERE.betti(k) for k in range(3)] == [1, 0, 1]
    assert [SQUARE.betti(k) for k in range(3)] == [1, 0, 0]
    assert SPHERE.boundary(1) * SPHERE.boundary(2) == sp.zeros(4, 4)
    assert [SPHERE.chains(k).degree for k in range(3)] == [4, 6, 4]


@given(st.lists(st.sets(st.integers(0, 4), min_size=1, max_size=3), min_size=1, max_size=5))
def test_random_complexes_have_boundaries_of_square_zero_that_commute(simplices: list[set[int]]) -> None:
    cells = CellComplex.simplicial([tuple(s) for s in simplices])
    euler = sum((-1) ** k * cells.count(k) for k in range(cells.dimension + 1))

    assert euler == sum((-1) ** k * cells.betti(k) for k in range(cells.dimension + 1))  # Euler and Poincaré
    for k in range(1, cells.dimension + 1):
        for name in cells.group.generators:
            below, here = cells.chains(k - 1).matrix(name), cells.chains(k).matrix(name)
            assert below * cells.boundary(k) == cells.boundary(k) * here


def message_passing(cells: CellComplex, x: dict[int, np.ndarray], theta: np.ndarray) -> np.ndarray:
    """T1.16's layer on 1-chains with σ = tanh: boundary, lower, upper, coboundary, self."""
    b1, b2 = (np.array(cells.boundary(k).tolist(), dtype=float) for k in (1, 2))
    linear = theta[0] * b1.T @ x[0] + theta[1] * b1.T @ b1 @ x[1] + theta[2] * b2 @ b2.T @ x[1]
    out: np.ndarray = np.tanh(linear + theta[3] * b2 @ x[2] + theta[4] * x[1])
    return out


@given(st.lists(st.sampled_from([1, -1]), min_size=7, max_size=7), st.integers(0, 2**31))
def test_features_66_layers_are_covariant_under_reorientation(signs: list[int], seed: int) -> None:
    """A change of local frames turns features by D and B_k into D_{k-1} B_k D_k; an odd σ commutes with it (T1.16)."""
    rng = np.random.default_rng(seed)
    gauge = [signs[:3], signs[3:6], signs[6:]]
    turned = FILLED.reoriented(gauge)
    D = [np.array(g)[:, None] for g in gauge]
    x = {k: rng.normal(size=(FILLED.count(k), 2)) for k in range(3)}
    theta = rng.normal(size=5)

    for k in (1, 2):
        signed = sp.diag(*gauge[k - 1]) * FILLED.boundary(k) * sp.diag(*gauge[k])
        assert turned.boundary(k) == signed
    moved = message_passing(turned, {k: D[k] * x[k] for k in range(3)}, theta)
    assert np.abs(moved - D[1] * message_passing(FILLED, x, theta)).max() < 1e-12


def test_features_66_an_even_nonlinearity_is_not_covariant() -> None:
    """The mutant: with ReLU in place of tanh the re-oriented layer gives another answer."""
    gauge = [[1, 1, 1], [-1, 1, 1], [1]]
    L, turned = (np.array(c.laplacian(1).tolist(), float) for c in (FILLED, FILLED.reoriented(gauge)))
    D, x = np.array(gauge[1])[:, None], np.array([[1.0], [2.0], [-3.0]])

    assert np.abs(np.tanh(turned @ (D * x)) - D * np.tanh(L @ x)).max() < 1e-12
    assert np.abs(np.maximum(turned @ (D * x), 0) - D * np.maximum(L @ x, 0)).max() > 1


def test_features_66_hom_spaces_are_carried_along() -> None:
    """Gauge transformations conjugate the spaces: Hom of the re-oriented chains is D Hom D, of the same dimension."""
    gauge = [[1, 1, 1], [-1, 1, -1], [-1]]
    turned = FILLED.reoriented(gauge)
    for a, b in itertools.product(range(3), repeat=2):
        here, there = (equivariant_maps(c.chains(a), c.chains(b)) for c in (FILLED, turned))
        assert here.dim == there.dim
        assert all(there.contains(sp.diag(*gauge[b]) * W * sp.diag(*gauge[a])) for W in here.basis)


def test_refusals() -> None:
    with pytest.raises(LawViolated, match=r"boundary of a boundary is not 0: B_1 B_2"):
        CellComplex(3, (((-1, -1, 0), (1, 0, -1), (0, 1, 1)), ((1,), (1,), (1,))))
    with pytest.raises(ShapeMismatch, match="has 2 rows and there are 3 cells"):
        CellComplex(3, (((-1,), (1,)),))
    with pytest.raises(ShapeMismatch, match="repeats a vertex"):
        CellComplex.simplicial([(0, 0, 1)])
    with pytest.raises(ShapeMismatch, match="Signs ±1"):
        FILLED.reoriented([[1, 1, 1], [1, 1], [1]])
