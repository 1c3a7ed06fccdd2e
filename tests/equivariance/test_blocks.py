"""Direct sums block by block: against the orbit solver and elimination, n of a million, mutants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import SO, HomSpace, Representation, alternating, equivariant_maps, free_monoid, symmetric
from catcore.equivariance.strategies import orbit_spans
from catcore.equivariance.strategies.blocks import BlockSpan
from catcore.equivariance.strategies.orbits import Pattern
from catcore.errors import TooLarge
from tests.equivariance.groups_at_work import by_null_space


def by_orbits(rho: Any, tau: Any) -> HomSpace:
    """The hom space by orbits of pairs, whatever strategy the pair would get."""
    return HomSpace(rho, tau, "orbits", lambda: orbit_spans.of_maps(rho, tau))


def total(base: Representation, orders: list[int]) -> Representation:
    """The direct sum of tensor powers."""
    result = base.tensor(orders[0])
    for k in orders[1:]:
        result = result + base.tensor(k)
    return result


ORDERS = st.lists(st.integers(0, 2), min_size=1, max_size=3)


@given(st.sampled_from([symmetric(2), symmetric(3), symmetric(4), alternating(4)]), ORDERS, ORDERS)
def test_sums_of_powers_have_the_pattern_of_their_orbits(group: Any, source: list[int], target: list[int]) -> None:
    """Also numbered the same: parameters as they first appear row by row."""
    rho, tau = total(group.defining, source), total(group.defining, target)
    space, expected = equivariant_maps(rho, tau), by_orbits(rho, tau)

    assert space.method.startswith("blocks") == (len(source) + len(target) > 2)
    assert space.dim == expected.dim
    assert space.labels is not None
    assert expected.labels is not None
    assert np.array_equal(space.labels, expected.labels)
    assert space.checked
    assert all(law.lhs(p) == law.rhs(p) for law in space.laws() for p in law.points)


@given(ORDERS, ORDERS, st.integers(0, 2**32 - 1))
def test_sums_of_rotations(source: list[int], target: list[int], seed: int) -> None:
    rho, tau = total(SO(3).defining, source), total(SO(3).defining, target)
    space, random = equivariant_maps(rho, tau), np.random.default_rng(seed)
    theta, x = random.integers(-9, 9, space.dim), random.integers(-9, 9, (2, rho.degree))
    W = np.tensordot(theta, space.basis_array(int), 1)

    assert space.dim == by_null_space(rho, tau).dim
    assert space.checked
    assert np.array_equal(space.apply(theta, x), x @ W.T)


@given(st.data(), st.sampled_from(["Q", "Q(sqrt(2))", "GF(2)", "GF(5)"]))
def test_sums_of_any_matrices_have_the_basis_of_the_whole(data: st.DataObject, field: str) -> None:
    """Also in the same order: the reduced echelon basis; the summands' fields may differ from that of the sum."""
    entries = st.sampled_from([0, 0, 1, 1, -1, 2, *(["sqrt(2)"] if "sqrt" in field else [])])

    def total_of(parts: list[Representation]) -> Representation:
        chosen = data.draw(st.lists(st.sampled_from(parts), min_size=1, max_size=3))
        return sum(chosen[1:], start=chosen[0])

    def matrices(n: int, numbers: st.SearchStrategy[Any]) -> dict[str, Any]:
        row = st.lists(numbers, min_size=n, max_size=n)
        return {s: data.draw(st.lists(row, min_size=n, max_size=n)) for s in "ab"}

    over = None if field.startswith("Q") else field
    parts = [Representation(free_monoid("a", "b"), matrices(n, entries), field=over) for n in (1, 2, 2)]
    rho, tau = total_of(parts), total_of(parts)
    space, whole = equivariant_maps(rho, tau), by_null_space(rho, tau)

    assert list(space.basis) == list(whole.basis)
    assert space.pattern == whole.pattern
    assert space.checked


def test_copies_share_what_is_found() -> None:
    """30 copies of a plane: 900 blocks, one of them solved."""
    plane = Representation(free_monoid("a"), {"a": [[1, 2], [3, 4]]})
    space = equivariant_maps(30 * plane, 30 * plane)

    assert (space.dim, space.checked) == (1800, True)
    assert isinstance(space.span, BlockSpan)
    assert len({id(block) for line in space.span.blocks for block in line}) == 1


def test_graphs_with_a_million_vertices() -> None:
    """T1.14: features of vertices and edges; Bell numbers 2 + 5 + 5 + 15 = 27."""
    points = symmetric(10**6).defining
    rho = points + points.tensor(2)
    space = equivariant_maps(rho, rho)

    assert (space.dim, space.checked) == (27, True)
    assert space.span is not None
    assert len(space.span.elements) == 27
    with pytest.raises(TooLarge, match="stay lazy, and dim counts it"):
        _ = space.labels


def test_copies_and_other_partners() -> None:
    points = symmetric(4).defining
    assert equivariant_maps(3 * points, points).dim == 6
    line = Representation.sign(symmetric(4))
    assert equivariant_maps(points + points, line).dim == 0
    assert equivariant_maps(points + points, Representation.trivial(symmetric(4), 2)).method == "orbits"


def test_a_wrong_block_is_seen() -> None:
    points = symmetric(3).defining
    right = equivariant_maps(points, points)
    wrong = type(right)(points, points, "a guess", lambda: Pattern(np.arange(1, 10, dtype=np.int32).reshape(3, 3), 9))

    assert BlockSpan(((right, right),)).lawful(points, points)
    assert not BlockSpan(((right, wrong),)).lawful(points, points)
