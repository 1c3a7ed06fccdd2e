"""Sparse systems whose short equations are solved first agree with elimination in the field (T2.1)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sympy.polys.matrices import DomainMatrix

from catcore.equivariance import Representation, equivariant_maps, free_monoid
from catcore.equivariance.automata import transition_monoid
from catcore.equivariance.linear_algebra import short_equations
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.exact import Field, read_field
from tests.equivariance.groups_at_work import dense_nullity

FIELDS = ("Q", "GF(2)", "GF(3)", "GF(7)")


@st.composite
def systems(draw: st.DrawFn) -> np.ndarray:
    """Equations of few terms, mostly ±1."""
    unknowns, rows = draw(st.integers(1, 9)), draw(st.integers(0, 9))
    system = np.zeros((rows, unknowns), np.int64)
    for row in system:
        places = draw(st.lists(st.integers(0, unknowns - 1), max_size=4))
        row[places] = draw(
            st.lists(st.sampled_from([1, 1, -1, -1, 2, -3, 6]), min_size=len(places), max_size=len(places))
        )
    return system


def by_elimination(system: np.ndarray, field: Field) -> list[dict[int, Any]]:
    entries = {(int(i), int(j)): field.domain(int(system[i, j])) for i, j in zip(*system.nonzero(), strict=True)}
    matrix = DomainMatrix.from_dok({p: x for p, x in entries.items() if x}, system.shape, field.domain)
    basis, _ = matrix.nullspace().rref()
    return [{j: x for (i, j), x in basis.to_dok().items() if i == k} for k in range(basis.shape[0])]


def rows(family: MatrixFamily) -> list[dict[int, Any]]:
    return [{j: x for (_, j), x in matrix.to_dok().items()} for matrix in family]


@given(systems(), st.sampled_from(FIELDS))
def test_elimination_agrees(system: np.ndarray, name: str) -> None:
    field = read_field(name)
    assert field is not None
    solved = short_equations.solve(csr_array(system), field)
    assert solved is not None
    assert rows(solved.family((1, system.shape[1]), field)) == by_elimination(system, field)


def test_short_equations_leave_nothing_where_they_say_everything() -> None:
    """An unknown equal to its negative vanishes, unless 2 does; what equals it vanishes too."""
    system = csr_array([[1, 1, 0, 0], [1, -1, 0, 0], [0, 1, -1, 0]])
    over_q, over_2 = (short_equations.shorten(system, p) for p in (0, 2))
    assert (over_q.parameter.tolist(), over_q.sign.tolist(), over_q.equations.shape[0]) == (
        [-1, -1, -1, 0],
        [0, 0, 0, 1],
        0,
    )
    assert (over_2.parameter.tolist(), over_2.count) == ([0, 0, 0, 1], 2)


def test_a_cycle_of_odd_length_of_changes_of_sign() -> None:
    """``u = -v = w = -u`` leaves nothing, unless 2 vanishes."""
    system = csr_array([[1, 1, 0], [0, 1, 1], [1, 0, 1]])
    assert [short_equations.shorten(system, p).count for p in (0, 2, 3)] == [0, 1, 0]


def test_vectors_that_do_not_satisfy_the_core_are_refused() -> None:
    field = read_field("Q")
    assert field is not None
    core = csr_array([[1, 1, -2]])
    right = MatrixFamily.of([{0: field.domain(1), 2: field.domain(1, 2)}], (1, 3), field)
    wrong = MatrixFamily.of([{0: field.domain(1), 2: field.domain(1)}], (1, 3), field)
    assert short_equations._holds(core, right, field)
    assert not short_equations._holds(core, wrong, field)


@given(st.integers(1, 6), st.sampled_from([None, "GF(2)", "GF(5)"]), st.data())
def test_automata_as_matrices_and_as_index_maps(n: int, field: str | None, data: st.DataObject) -> None:
    """Maps that merge states, as index maps and as matrices."""
    maps = {s: data.draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n)) for s in "ab"}
    written = {s: [[int(i == f[j]) for j in range(n)] for i in range(n)] for s, f in maps.items()}
    monoid = free_monoid("a", "b")
    points = Representation.permutation(monoid, maps, field=field)
    vectors = Representation(monoid, written, field=field)
    space = equivariant_maps(points, points)

    assert space.checked
    assert list(space.basis) == list(equivariant_maps(vectors, vectors).basis)
    if field is None:
        assert space.dim == dense_nullity(points, points)


@pytest.mark.parametrize(("bits", "dim"), [(3, 4), (4, 6), (5, 8), (6, 14)])
def test_registers_that_rotate_and_clear_have_a_parameter_a_necklace(bits: int, dim: int) -> None:
    """T2.1: rotate the bits or clear the lowest one; as many parameters as necklaces of two colours."""
    size = 2**bits
    rotate, clear = [(x << 1) % size | x >> (bits - 1) for x in range(size)], [x & ~1 for x in range(size)]
    states = transition_monoid({"r": rotate, "c": clear}).defining
    space = equivariant_maps(states, states)

    assert (space.dim, space.checked) == (dim, True)
    assert "orbits of the permutations" in space.how
