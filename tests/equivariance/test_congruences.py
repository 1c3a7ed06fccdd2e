"""Dimensions from residues, finite groups proved by their tables, and split tori, each taken directly."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from catcore.equivariance import Group, Representation, equivariant_maps
from catcore.equivariance.certificates import congruences, counts
from catcore.equivariance.certificates.closures import closed, heights
from catcore.equivariance.certificates.congruences import MAX_MISSES, MAX_PRIMES, Seen, dimension, spare
from catcore.equivariance.linear_algebra.modular import PrimeField
from catcore.equivariance.linear_algebra.split_tori import diagonal_elements, weight_bases
from catcore.errors import TooLarge
from catcore.exact import Field

Q = Field()
FREE = Group("Z", ("s",))


# Residues ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missed", [0, MAX_MISSES - 1, MAX_MISSES])
def test_primes_that_say_nothing_are_passed_over_up_to_a_limit(missed: int) -> None:
    calls = itertools.count()

    def seen(place: Any) -> Seen | None:
        k = next(calls)
        if k < missed and k % 2:
            raise ZeroDivisionError
        return None if k < missed else Seen(7)

    found = dimension(Q, 10, seen)
    assert (found is None) == (missed == MAX_MISSES)
    assert found is None or found.dim == 7


def test_shapes_that_differ_say_nothing() -> None:
    shapes = itertools.count()
    assert dimension(Q, 10, lambda _: Seen(7, next(shapes)), spare=2**22) is None
    assert dimension(Q, 10, lambda _: Seen(7, "one"), spare=2**22) is not None


def test_what_is_seen_may_ask_for_more_primes() -> None:
    few = dimension(Q, 10, lambda _: Seen(7))
    more = dimension(Q, 10, lambda _: Seen(7, None, 2**100))
    assert few is not None
    assert more is not None
    assert (len(few.primes), len(more.primes)) == (1, 5)
    assert math.prod(more.primes[:-1]) <= 10 * 2**100 < math.prod(more.primes)


def test_at_most_64_primes_are_taken() -> None:
    with pytest.raises(TooLarge, match="at most 64 of them"):
        dimension(Q, 2 ** (22 * MAX_PRIMES), lambda _: Seen(7))
    with pytest.raises(TooLarge, match="at most 64 of them"):
        dimension(Q, 1, lambda _: Seen(7), spare=2 ** (22 * MAX_PRIMES))
    with pytest.raises(TooLarge, match="at most 64 of them"):
        dimension(Q, 1, lambda _: Seen(7, None, 2 ** (22 * MAX_PRIMES)))


def test_spare_is_the_square_of_the_largest_entry_and_a_prime() -> None:
    """Brackets multiply two entries, so that the exponent is 2."""
    rho = Representation.lie({"x": [[1, -7], ["1/2", 0]]})
    assert spare([rho]) == congruences.ONE_MORE * 14**2
    assert spare([]) == congruences.ONE_MORE


# Finite groups ----------------------------------------------------------------------------------------------------


def test_the_bound_is_over_all_embeddings_and_denominators() -> None:
    """1 + √2 has conjugates of absolute values 2.41… and 0.41…, the latter counted as 1; a half adds a bit to each."""
    unit = Representation(FREE, {"s": [["1+sqrt(2)"]]})
    half = Representation(FREE, {"s": [["(1+sqrt(2))/2"]]})
    size, halved = (heights([rho], ["s"], rho.field) for rho in (unit, half))

    assert sorted(size.sums) == pytest.approx([0, math.log2(1 + math.sqrt(2))])
    assert size.denominator == pytest.approx(0, abs=1e-6)
    assert halved.denominator == pytest.approx(1, abs=1e-6)
    assert size.spare(3) == 2 ** math.ceil(2 + 4 * math.log2(1 + math.sqrt(2)))
    rotation = Representation(FREE, {"s": [["cos(2*pi/17)", "-sin(2*pi/17)"], ["sin(2*pi/17)", "cos(2*pi/17)"]]})
    assert heights([rotation], ["s"], rotation.field).denominator == pytest.approx(
        1, abs=1e-6
    )  # 2 cos and 2 sin are integers


def test_a_closure_knows_its_table() -> None:
    """The cyclic group of order 6 by one generator, and by two whose table is another."""
    add = lambda x, y: (x + y) % 6  # noqa: E731
    one = closed(0, [(1, 5)], add, str, 10)
    two = closed(0, [(2, 4), (3, 3)], add, str, 10)
    assert one is not None
    assert two is not None
    assert (len(one.elements), one.depth, one.table) == (6, 5, (1, 2, 3, 4, 5, 0))
    assert (len(two.elements), two.depth) == (6, 3)
    assert all(add(x, back) == 0 for x, back in two.elements)
    assert closed(0, [(1, 5)], add, str, 5) is None


@pytest.mark.parametrize(("rows", "order"), [([[0, -1], [1, 1]], 6), ([[0, -1], [1, -1]], 3), ([[-1, 0], [5, 1]], 2)])
def test_finite_groups_of_matrices_without_a_model_are_counted(rows: list[list[int]], order: int) -> None:
    rho = Representation(FREE, {"s": rows})
    found = counts.count(rho, rho)
    assert found == (equivariant_maps(rho, rho).dim, f"characters over the {order} matrices that the generators make")


# Split tori -------------------------------------------------------------------------------------------------------


def test_a_torus_is_diagonal_in_the_basis_that_is_found() -> None:
    """sl(2) on its plane and on the adjoint: two weights and three, the plane's beside them."""
    F, rng = PrimeField(8388593), np.random.default_rng(1)
    plane = [np.array(m, dtype=float) % F.p for m in ([[0, 1], [0, 0]], [[0, 0], [1, 0]], [[1, 0], [0, -1]])]
    adjoint = [np.array(m, dtype=float) % F.p for m in (
        [[0, 0, -2], [0, 0, 0], [0, 1, 0]], [[0, 0, 0], [0, 0, 2], [-1, 0, 0]], [[2, 0, 0], [0, -2, 0], [0, 0, 0]],
    )]  # fmt: skip
    values, h = next(diagonal_elements(F, list(zip(plane, adjoint, strict=True)), rng))
    bases = weight_bases(F, h, values, rng)

    assert len(values) == 5
    assert bases is not None
    for basis, space, n in zip(bases, h, (2, 3), strict=True):
        assert len(set(basis.weight.tolist())) == n
        assert np.array_equal(basis.of(space) % F.p, np.diag(np.array(values)[basis.weight]))


def test_a_nilpotent_algebra_has_no_torus_of_weights() -> None:
    F, rng = PrimeField(8388593), np.random.default_rng(1)
    shear = np.array([[0.0, 1.0], [0.0, 0.0]])
    assert all(weight_bases(F, h, values, rng) is None for values, h in diagonal_elements(F, [(shear,)], rng))
