"""Hom spaces of monoids: transformations, automata and bands of idempotents (T2.1)."""

from __future__ import annotations

import numpy as np
import pytest

from catcore.equivariance import Monoid, Representation, free_monoid
from tests.equivariance.matrix_cases import floating_nullity, solved, unit


def transformations(n: int, *maps: list[int]) -> Representation:
    return Representation.permutation(
        free_monoid(*"abc"[: len(maps)]), dict(zip("abc", [list(m) for m in maps], strict=False)), points=n
    )


@pytest.mark.parametrize("n", [3, 4, 6])
def test_full_transformations_on_pairs(n: int) -> None:
    """Hom(V⊗V, V⊗V) over T_n: maps natural in the set, {x, y} ↦ one of 2² words in x, y: 4."""
    T = transformations(n, [1, 0, *range(2, n)], [*range(1, n), 0], [0, 0, *range(2, n)])
    assert solved(T.tensor(2)) == 4
    assert solved(T, T.tensor(2)) == 1
    assert solved(T.tensor(2), T) == 2


def test_a_counter_that_saturates_is_a_truncated_polynomial_ring() -> None:
    """x ↦ min(x + 1, n - 1): the commutant of a cyclic module is the algebra itself, of dimension n."""
    for n in (3, 8, 20):
        assert solved(transformations(n, [min(x + 1, n - 1) for x in range(n)])) == n


def test_a_reset_automaton_forgets_everything() -> None:
    """T2.1: a reset and a cycle leave scalars; a reset alone is an idempotent of rank 1."""
    n = 5
    cycle, reset = [*range(1, n), 0], [0] * n
    assert solved(transformations(n, cycle, reset)) == 1
    assert solved(transformations(n, reset)) == 1 + (n - 1) ** 2


@pytest.mark.parametrize("seed", range(4))
def test_random_automata_agree_with_floating_rank(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 7
    rho = transformations(n, *[random.integers(0, n, n).tolist() for _ in range(2)])
    assert solved(rho) == floating_nullity(rho, rho)


def test_rectangular_bands_of_idempotents() -> None:
    """e f = e and f e = f: two idempotents with one kernel."""
    e, f = unit(4, (0, 0, 1), (1, 1, 1)), unit(4, (0, 0, 1), (1, 1, 1), (2, 0, 1), (3, 1, 1))
    band = Monoid.presentation("a b", ["a a = a", "b b = b"])
    rho = Representation(band, {"a": e, "b": f})
    assert solved(rho) == floating_nullity(rho, rho)
