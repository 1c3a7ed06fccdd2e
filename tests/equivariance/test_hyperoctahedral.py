"""B_n by set partitions into even blocks, for any n: against elimination, exact counts, and its presentation."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import Group, cyclic, equivariant_maps, hyperoctahedral
from catcore.equivariance.certificates.counts import independent_count
from catcore.equivariance.diagrams import counting
from catcore.equivariance.diagrams.partitions import PartitionSpan
from catcore_proofs import verify
from tests.equivariance.groups_at_work import by_null_space


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_relations_present_the_group(n: int) -> None:
    group = hyperoctahedral(n)
    assert Group.presentation(group.generators, group.relations).order == group.order == 2**n * math.factorial(n)


ORDERS = ((1, 1), (2, 2), (1, 3), (0, 2), (2, 1), (4, 0))
CASES = [(n, k, l) for n in (1, 2, 3, 4) for k, l in ORDERS]


@pytest.mark.parametrize(("n", "k", "l"), CASES)
def test_diagrams_are_what_elimination_finds(n: int, k: int, l: int) -> None:
    v = hyperoctahedral(n).natural
    found, exact = (solve(v.tensor(k), v.tensor(l)) for solve in (equivariant_maps, by_null_space))
    assert found.method == "set-partition diagrams of even blocks"
    assert [b.tolist() for b in found.basis] == [b.tolist() for b in exact.basis]
    assert found.checked
    assert independent_count(v.tensor(k), v.tensor(l)).dim == found.dim  # type: ignore[union-attr]


@pytest.mark.parametrize("places", range(9))
@pytest.mark.parametrize("blocks", range(5))
def test_even_partitions_are_those_of_all(places: int, blocks: int) -> None:
    even = [s for s in counting.growth_strings(places, blocks) if all(s.count(b) % 2 == 0 for b in s)]
    assert list(counting.even_strings(places, blocks)) == even
    assert counting.even_partitions(places, blocks) == len(even)


def test_dimensions_do_not_depend_on_n() -> None:
    """Set partitions of 2, 4, 6, 8 places into even blocks: 1, 4, 31, 379 (OEIS A005046)."""
    axes = hyperoctahedral(10**6).natural
    assert [equivariant_maps(axes.tensor(k), axes.tensor(k)).dim for k in (1, 2, 3, 4)] == [1, 4, 31, 379]
    assert equivariant_maps(axes, axes + axes.tensor(3)).dim == 5
    count = independent_count(axes.tensor(3), axes.tensor(3))
    assert count is not None
    assert count.dim == 31
    assert "stable" in count.how


@given(st.integers(1, 4), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2**31))
def test_the_lazy_product_is_that_of_the_matrix(n: int, k: int, l: int, seed: int) -> None:
    span, random = PartitionSpan(n, k, l, even=True), np.random.default_rng(seed)
    theta, x = random.normal(size=span.count), random.normal(size=(3, n**k))
    labels = np.asarray(span.materialise(None).labels)
    W = np.concatenate([[0.0], theta])[labels]
    assert np.allclose(span.apply(theta, x), x @ W.T)


def test_mixed_leaves_are_counted_and_solved() -> None:
    group = hyperoctahedral(4)
    source, target = group.natural.sym(2) + group.defining, group.natural.tensor(2)
    count = independent_count(source, target)
    assert count is not None
    assert equivariant_maps(source, target).dim == count.dim
    assert verify(equivariant_maps(source, target)).ok


def test_a_basis_with_an_odd_block_is_no_homomorphism() -> None:
    """Dropping the condition on sizes is seen to be wrong on signs."""
    v: Any = hyperoctahedral(3).natural
    minus = np.array(v.tensor(1).matrix("m").tolist(), dtype=int)
    for n_in, n_out in itertools.product((1, 2), repeat=2):
        a, b = (minus if d == 1 else np.kron(minus, minus) for d in (n_in, n_out))
        labels = np.asarray(PartitionSpan(3, n_in, n_out).materialise(None).labels)
        for number, string in enumerate(counting.growth_strings(n_in + n_out, 3), 1):
            W = labels == number
            even = all(string.count(x) % 2 == 0 for x in string)
            assert even == bool((W @ a == b @ W).all())


def test_other_groups_keep_their_forms() -> None:
    rho = cyclic(2).defining
    assert equivariant_maps(rho, rho).method == "orbits"
