"""Tensor powers of S_n and A_n: counts, orbits against the orbit solver, the law of composition, n of a million."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import Representation, alternating, equivariant_maps, symmetric
from catcore.equivariance.diagrams import counting
from catcore.equivariance.diagrams.partitions import PartitionDiagram, PartitionSpan, partition_labels
from catcore.equivariance.strategies import orbits
from catcore.errors import ShapeMismatch, TooLarge

BELL = (1, 1, 2, 5, 15, 52, 203, 877)


def dense(diagram: PartitionDiagram, n: int) -> Any:
    """The matrix of a diagram, entry by entry: 1 where indices agree inside every block."""
    shape = (n**diagram.outputs, n**diagram.inputs)
    entries = [
        all(len({index[p] for p in range(len(index)) if diagram.blocks[p] == b}) == 1 for b in set(diagram.blocks))
        for index in itertools.product(range(n), repeat=diagram.outputs + diagram.inputs)
    ]
    return np.array(entries, dtype=np.int64).reshape(shape)


@st.composite
def diagrams(draw: st.DrawFn, outputs: int, inputs: int) -> PartitionDiagram:
    """A set partition of so many places."""
    strings = list(counting.growth_strings(outputs + inputs, outputs + inputs))
    return PartitionDiagram(draw(st.sampled_from(strings)), outputs, inputs)


@pytest.mark.parametrize("places", range(8))
def test_t1_12_g_set_partitions_are_counted_by_bell_numbers(places: int) -> None:
    assert counting.partitions_in_blocks(places, places) == BELL[places]
    for n in range(places + 2):
        assert len(list(counting.growth_strings(places, n))) == counting.partitions_in_blocks(places, n)


@pytest.mark.parametrize(("n", "k", "l"), [(1, 2, 2), (2, 2, 2), (3, 2, 2), (4, 1, 2), (2, 0, 3), (3, 2, 0), (2, 3, 2)])
def test_orbits_of_index_tuples_agree_with_the_orbit_solver(n: int, k: int, l: int) -> None:
    """T1.12 g, also for n < k + l, where diagrams are dependent and orbits are not."""
    rho = symmetric(n).defining
    space = equivariant_maps(rho.tensor(k), rho.tensor(l))
    plain = [Representation.permutation(r.monoid, _maps(r), points=r.degree) for r in (rho.tensor(k), rho.tensor(l))]
    by_orbits = equivariant_maps(*plain)

    assert (space.method, by_orbits.method) == ("set-partition diagrams", "orbits")
    assert space.pattern == by_orbits.pattern
    assert space.dim == by_orbits.dim == counting.partitions_in_blocks(k + l, n)
    assert n == 1 or space.independent_dimension() == space.dim
    assert space.checked


def _maps(rho: Any) -> dict[str, list[int]]:
    return {name: rho.index_map(name).tolist() for name in rho.monoid.generators}


@pytest.mark.parametrize(("n", "k", "l"), [(3, 0, 1), (3, 1, 1), (4, 1, 1), (4, 2, 1), (4, 2, 2), (5, 1, 2), (3, 2, 1)])
def test_orbits_of_alternating_groups_split_where_no_two_points_are_left(n: int, k: int, l: int) -> None:
    """A_n is (n-2)-transitive; orbits of S_n with n-1 or n different indices fall in two."""
    rho = alternating(n).defining
    space, places = equivariant_maps(rho.tensor(k), rho.tensor(l)), k + l
    split = sum(
        counting.partitions_in_blocks(places, b) - counting.partitions_in_blocks(places, b - 1) for b in (n - 1, n)
    )

    assert space.method == ("orbits" if places > n - 2 else "set-partition diagrams")
    assert space.dim == space.independent_dimension() == counting.partitions_in_blocks(places, n) + split
    assert space.checked


def test_a_million_points_cost_nothing() -> None:
    rho = symmetric(10**6).defining
    space = equivariant_maps(rho.tensor(2), rho.tensor(2))

    assert (space.dim, space.shape, space.checked) == (15, (10**12, 10**12), True)
    assert space.span is not None
    assert len(space.span.elements) == 15
    with pytest.raises(TooLarge, match=r"4000000000000000000000000 bytes.*apply\(theta, x\) and elements stay lazy"):
        _ = space.labels
    assert space._repr_html_() is None
    assert equivariant_maps(rho.tensor(20), rho.tensor(20)).dim == counting.partitions_in_blocks(40, 40)
    with pytest.raises(TooLarge, match="dim counts them"):
        _ = PartitionSpan(10**6, 10, 10).elements


def test_deep_sets_on_a_million_points() -> None:
    """T1.12 e: a I + b 11ᵀ, in the basis of orbits (i = j) and (i ≠ j)."""
    rho = symmetric(10**6).defining
    x = np.arange(10**6)
    y = equivariant_maps(rho, rho).apply(np.array([5, 2]), x)

    assert np.array_equal(y, 3 * x + 2 * x.sum())


@given(st.data(), st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), st.integers(1, 3))
def test_diagrams_compose_with_a_factor_n_for_each_loop(
    data: st.DataObject, sizes: tuple[int, int, int], n: int
) -> None:
    """T1.12 g: ``D_π D_σ = n^loops D_{π∘σ}``."""
    l, m, k = sizes
    upper, lower = data.draw(diagrams(l, m)), data.draw(diagrams(m, k))
    product, loops = upper.compose(lower)

    assert np.array_equal(dense(upper, n) @ dense(lower, n), n**loops * dense(product, n))


@given(st.data(), st.integers(0, 3), st.integers(0, 2), st.integers(1, 3))
def test_diagrams_act_without_their_matrices(data: st.DataObject, k: int, l: int, n: int) -> None:
    diagram = data.draw(diagrams(l, k))
    x = np.arange(2 * n**k).reshape(2, n**k) ** 2

    assert np.array_equal(diagram.apply(x, n), x @ dense(diagram, n).T)


@given(st.integers(0, 3), st.integers(0, 2), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_combinations_of_orbits_act_as_their_tying_pattern(k: int, l: int, n: int, seed: int) -> None:
    span, random = PartitionSpan(n, k, l), np.random.default_rng(seed)
    theta, x = random.integers(-9, 9, span.count), random.integers(-9, 9, (3, n**k))
    labels = partition_labels(n, l, k)

    assert labels.max() == span.count
    assert np.array_equal(span.apply(theta, x), x @ theta[labels - 1].T)
    for j, orbit in enumerate(span.elements):
        assert np.array_equal(orbit.apply(x), x @ (labels == j + 1).T)


def test_orbits_sum_to_diagrams() -> None:
    """The diagram of π is the sum of the orbits of all coarser partitions."""
    n = 3
    for blocks in counting.growth_strings(4, 4):
        coarser = [s for s, _ in counting.coarsenings(blocks) if max(s) < n]
        total = sum((partition_labels(n, 2, 2) == list(counting.growth_strings(4, n)).index(s) + 1) for s in coarser)
        assert np.array_equal(total, dense(PartitionDiagram(blocks, 2, 2), n))


def test_labels_are_materialised_in_one_pass() -> None:
    """S_20 on triples: 64 million labels, 203 of them different (T1.12 g)."""
    labels = partition_labels(20, 3, 3)

    assert (labels.shape, int(labels.max())) == ((8000, 8000), BELL[6])
    sizes = np.bincount(labels.ravel())[1:]
    assert sorted(sizes) == sorted(math.perm(20, max(s) + 1) for s in counting.growth_strings(6, 6))


def test_the_checker_rejects_other_points_and_other_patterns() -> None:
    rho = symmetric(4).defining
    labels = partition_labels(4, 1, 1)
    wrong = labels.copy()
    wrong[0, 1] = 1

    points = orbits.Side.maps([rho.index_map(s) for s in "sc"], 4)

    assert orbits.is_equivariant(labels, points, points)
    assert not orbits.is_equivariant(wrong, points, points)
    assert PartitionSpan(4, 1, 1).lawful(rho, rho)
    assert not PartitionSpan(5, 1, 1).lawful(rho, rho)


def test_shapes_are_refused() -> None:
    with pytest.raises(ShapeMismatch, match="A diagram with 1 inputs was to be composed with one of 2 outputs"):
        PartitionDiagram((0, 0), 1, 1).compose(PartitionDiagram((0, 1, 1), 2, 1))
    with pytest.raises(ShapeMismatch, match=r"An array \(\.\.\., 3\^1\)"):
        PartitionDiagram((0, 0), 1, 1).apply(np.ones(4), 3)
    rho = symmetric(3).defining
    with pytest.raises(ShapeMismatch, match=r"Parameters of shape \(2,\)"):
        equivariant_maps(rho, rho).apply([1, 2, 3], [1, 2, 3])
