"""Hom spaces: what they show, what they refuse, agreement of strategies, and mutants that the checks must catch."""

from __future__ import annotations

import resource
import time

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import (
    Group,
    Monoid,
    Representation,
    cyclic,
    dihedral,
    equivariant_maps,
    free_monoid,
    symmetric,
)
from catcore.equivariance.certificates import checks
from catcore.equivariance.strategies import null_space, orbits
from catcore.errors import BackendMissing, NotAGroup, ShapeMismatch, TooLarge
from catcore.exact import RATIONALS
from tests.equivariance.groups_at_work import by_null_space, dense_nullity

Z2 = cyclic(2)
SWAP = Z2.defining
W = equivariant_maps(SWAP, SWAP)
D5 = dihedral(5)
PLANE = Representation(
    D5, {"r": [["cos(2*pi/5)", "-sin(2*pi/5)"], ["sin(2*pi/5)", "cos(2*pi/5)"]], "s": [[1, 0], [0, -1]]}
)


def test_a_space_prints_as_on_a_board() -> None:
    assert eval(repr(W)) == W
    assert str(W).splitlines()[0] == "Hom(C2 on Q^2, C2 on Q^2), dimension 2 of 4"
    assert W._repr_latex_() == r"$\displaystyle \left[\begin{matrix}a & b\\b & a\end{matrix}\right]$"
    assert repr(W.basis) == "([[1, 0], [0, 1]], [[0, 1], [1, 0]])"
    assert (W.method, W.shape, len(W.basis)) == ("orbits", (2, 2), 2)


def test_parameters_combine_exactly() -> None:
    assert W.combine(["1/2", 3]) == sp.Matrix([["1/2", 3], [3, "1/2"]])
    assert W.contains([[1, 2], [2, 1]])
    assert W.contains([["sqrt(2)", 0], [0, "sqrt(2)"]])
    assert not W.contains([[1, 2], [2, 3]])
    with pytest.raises(ShapeMismatch, match="2 parameters were asked for and 1 were given"):
        W.combine([1])
    with pytest.raises(ShapeMismatch, match="A 2×2 matrix was asked for"):
        W.contains([[1]])


def test_arrays_hold_the_basis() -> None:
    assert np.array_equal(W.basis_array(np.int64), [[[1, 0], [0, 1]], [[0, 1], [1, 0]]])
    space = equivariant_maps(D5.defining, PLANE)
    dense = space.basis_array()
    for name in D5.generators:
        a, b = (np.array(rho.matrix(name).evalf(), dtype=float) for rho in (D5.defining, PLANE))
        assert np.allclose(dense @ a, b @ dense, atol=1e-14)


def test_bias_vectors_are_invariant() -> None:
    assert W.bias.pattern == [[1], [1]]
    assert equivariant_maps(SWAP, Representation.sign(Z2)).bias.dim == 0
    zero = Representation(free_monoid("m"), {"m": [[0, 0], [0, 0]]})
    assert equivariant_maps(zero, zero).dim == 4  # T2.1: equivariance to 0 forces nothing, but kills every bias
    assert equivariant_maps(zero, zero).bias.dim == 0


def test_many_parameters_are_numbered_letters() -> None:
    nothing = Representation.trivial(Z2, 6)

    assert [str(t) for t in equivariant_maps(nothing, nothing).symbols][:3] == ["t1", "t2", "t3"]
    assert equivariant_maps(nothing, nothing).dim == 36


def test_maps_over_several_fields() -> None:
    assert equivariant_maps(PLANE, PLANE).checked
    assert equivariant_maps(PLANE, PLANE).independent_dimension() == equivariant_maps(PLANE, PLANE).dim == 1
    pair = equivariant_maps(D5.defining, PLANE)
    assert (pair.dim, pair.independent_dimension(), pair.checked) == (1, 1, True)
    i = Representation(cyclic(4), {"s": [["I"]]}, field="C")
    turn = Representation(cyclic(4), {"s": [[0, -1], [1, 0]]})
    assert equivariant_maps(turn, i).dim == 1
    assert equivariant_maps(turn, i).contains([[1, "sqrt(2)-sqrt(2)"]]) is False


def test_maps_over_finite_fields_know_their_characteristic() -> None:
    """Swap and trivial have two homs in every field, but sign is trivial modulo 2."""
    sign2 = Representation(Z2, {"s": [[-1]]}, field="GF(2)")
    assert equivariant_maps(sign2, Representation.trivial(Z2)).dim == 1
    root = Representation(cyclic(4), {"s": [[2]]}, field="GF(5)")  # 2 is a fourth root of unity modulo 5
    assert equivariant_maps(root, root.tensor(5)).dim == 1
    assert equivariant_maps(root, root.tensor(2)).dim == 0
    assert equivariant_maps(cyclic(4).defining, root).basis[0].tolist() == [[1, 2, 4, 3]]
    with pytest.raises(NotAGroup, match="characteristic 0 only"):
        equivariant_maps(root, root).independent_dimension()


def test_reynolds_projects_onto_the_space() -> None:
    mean = W.reynolds([[1, 2], [3, 4]])

    assert mean == sp.Matrix([["5/2", "5/2"], ["5/2", "5/2"]])
    assert W.reynolds(mean) == mean
    assert W.contains(mean)


def test_large_answers_name_the_lazy_way() -> None:
    rho = symmetric(11).defining.tensor(2)
    space = equivariant_maps(rho, rho)

    with pytest.raises(TooLarge, match="use labels"):
        space.matrix()
    with pytest.raises(TooLarge, match="use labels"):
        _ = space.pattern
    assert space.labels is not None
    assert space.labels.dtype == np.int32
    assert space.dim == 15
    with pytest.raises(ValueError, match="read-only"):
        space.labels[0, 0] = 7
    shear = np.eye(100, dtype=int)
    shear[0, 1:] = 1
    full = Representation(free_monoid("m"), {"m": shear})
    with pytest.raises(TooLarge, match="leave at least 9801 unknowns, and 98010000 numbers"):
        _ = equivariant_maps(full, full).dim


def test_missing_backends_are_named() -> None:
    with pytest.raises(BackendMissing, match="Backend 'abacus' was asked for and the backends installed are"):
        W.layer(backend="abacus")


def test_translations_of_64_by_64_pixels_tie_in_time_and_space() -> None:
    """T1.12 b, c at size: 16.8 million entries, 4096 parameters."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    torus = (cyclic(64) * cyclic(64)).defining
    space = equivariant_maps(torus, torus)
    assert space.dim == 4096
    assert space.checked
    seconds = time.process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 2**20

    assert seconds < 2
    assert grown < 0.8  # GiB
    labels = space.labels
    assert labels is not None
    assert np.array_equal(labels[0], np.arange(1, 4097))
    assert space.dense_parameters == 4096**2


# Strategies agree -------------------------------------------------------------------------------------------------


@st.composite
def permutation_pairs(draw: st.DrawFn) -> tuple[Representation, Representation]:
    """Two actions of one free group by random permutations, on up to six points each."""
    generators = draw(st.integers(1, 3))
    group = Group.presentation(" ".join(f"g{k}" for k in range(generators)))
    sizes = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    maps = [{name: draw(st.permutations(range(n))) for name in group.generators} for n in sizes]
    return Representation.permutation(group, maps[0]), Representation.permutation(group, maps[1])


@given(permutation_pairs())
def test_orbits_agree_with_the_null_space_and_with_floating_rank(pair: tuple[Representation, Representation]) -> None:
    rho, tau = pair
    by_orbits, eliminated = equivariant_maps(rho, tau), by_null_space(rho, tau)

    assert by_orbits.method == "orbits"
    assert by_orbits.checked
    assert eliminated.checked
    assert by_orbits.pattern == eliminated.pattern
    assert by_orbits.dim == dense_nullity(rho, tau)


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_merging_inputs_agree_with_the_null_space(n: int, m: int, data: st.DataObject) -> None:
    """Inputs need not invert for orbits; outputs that merge points go to the null space."""
    monoid = free_monoid("a", "b")
    functions = st.lists(st.integers(0, n - 1), min_size=n, max_size=n)
    rho = Representation.permutation(monoid, {g: data.draw(functions) for g in "ab"})
    tau = Representation.permutation(monoid, {g: data.draw(st.permutations(range(m))) for g in "ab"})

    assert equivariant_maps(rho, tau).method == "orbits"
    assert equivariant_maps(rho, tau).dim == dense_nullity(rho, tau)
    assert equivariant_maps(rho, rho).dim == dense_nullity(rho, rho)
    assert equivariant_maps(rho, rho).checked


@given(st.integers(1, 3), st.integers(1, 3), st.data())
def test_random_rational_monoids_agree_with_floating_rank(n: int, m: int, data: st.DataObject) -> None:
    monoid = free_monoid("a", "b")

    def draw(k: int) -> dict[str, list[list[int]]]:
        row = st.lists(st.integers(-2, 2), min_size=k, max_size=k)
        return {g: data.draw(st.lists(row, min_size=k, max_size=k)) for g in "ab"}

    rho, tau = Representation(monoid, draw(n)), Representation(monoid, draw(m))
    space = equivariant_maps(rho, tau)

    assert space.dim == dense_nullity(rho, tau)
    assert space.checked
    assert all(space.contains(b) for b in space.basis)


def test_rational_bases_with_large_numbers_are_lifted() -> None:
    """Entries beyond one prime's reach fall back on exact elimination."""
    huge = 10**12 + 39
    rho = Representation(free_monoid("a"), {"a": [[huge, 1], [0, 1]]})
    space = equivariant_maps(rho, rho)

    assert space.dim == 2
    assert space.checked
    assert space.contains([[huge, 1], [0, 1]])
    assert space.pattern is None
    assert space.labels is None


# Mutants ----------------------------------------------------------------------------------------------------------


def test_the_checker_rejects_a_wrong_pattern() -> None:
    torus = (cyclic(3) * cyclic(3)).defining
    space = equivariant_maps(torus, torus)
    assert space.labels is not None
    for change in range(5):
        labels = space.labels.copy()
        labels[change, 2 * change % 9] = labels[change, 2 * change % 9] % 9 + 1
        assert not checks.verify_solution(orbits.Pattern(labels, 9), torus, torus, RATIONALS)


def test_the_checker_rejects_a_wrong_basis() -> None:
    sign = Representation.sign(Z2)
    space = equivariant_maps(SWAP, sign)
    (right,) = space._exact_basis
    wrong = null_space.Basis((right * right.domain(2) + right, abs_matrix(right)))

    assert checks.verify_solution(null_space.Basis((right,)), SWAP, sign, RATIONALS)
    assert not checks.verify_solution(wrong, SWAP, sign, RATIONALS)
    assert not checks.verify_solution(orbits.Pattern(np.array([[1, 1]], dtype=np.int32), 1), SWAP, sign, RATIONALS)


def abs_matrix(matrix: object) -> object:
    from catcore.equivariance.linear_algebra import matrices

    return matrices.sparse({place: abs(x) for place, x in matrix.to_dok().items()}, matrix.shape, RATIONALS)  # type: ignore[attr-defined]


def test_wrong_dimensions_are_seen_by_the_independent_count() -> None:
    """A finer pattern passes the equation no more, a coarser one passes it but not the count."""
    rho = cyclic(4).defining
    labels = equivariant_maps(rho, rho).labels
    assert labels is not None
    coarser = np.where(labels == 4, 3, labels)

    assert orbits.is_equivariant(coarser, *[orbits.Side.maps([rho.index_map("s")], 4)] * 2)
    assert coarser.max() != checks.independent_dimension(rho, rho)


def test_monoids_without_generators_leave_everything_free() -> None:
    trivial = symmetric(1).defining
    assert equivariant_maps(trivial, trivial).pattern == [[1]]
    nothing = Representation.permutation(Monoid.presentation(""), {}, points=2)
    assert equivariant_maps(nothing, nothing).pattern == [[1, 2], [3, 4]]
