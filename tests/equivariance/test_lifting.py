"""From residues to exact bases: many generators, mixed denominators, unlucky primes, and echelon forms."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from catcore.equivariance import Representation, cyclic, equivariant_maps, free_monoid
from catcore.equivariance.linear_algebra.modular import PrimeField
from tests.equivariance.matrix_cases import conjugated, floating_nullity, jordan, over, solved


def test_many_generators_cost_no_more_than_a_few_combinations() -> None:
    """All 24 rotations of a cube as generators, in a hidden basis: the plane wave modules have dimension 1 and 3."""
    turns: list[Any] = []
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((1, -1), repeat=3):
            M = sp.zeros(3, 3)
            for i, (j, s) in enumerate(zip(order, signs, strict=True)):
                M[i, j] = s
            if M.det() == 1:
                turns.append(M)
    assert len(turns) == 24
    change = sp.Matrix([[1, 2, 0], [0, 1, 3], [1, 0, 1]])
    names = [f"g{k}" for k in range(24)]
    images = {g: (change * M * change.inv()).tolist() for g, M in zip(names, turns, strict=True)}
    vector = Representation(free_monoid(*names), images)
    assert (solved(vector), solved(vector.tensor(2)), solved(vector.tensor(2), vector)) == (1, 4, 1)


def test_mixed_denominators_lift_from_several_primes() -> None:
    rho = over(None, [["1/3", "5/7"], ["-11/13", "17/19"]], [["1/101", "10007/9973"], ["3/1000003", "7"]])
    big = over(None, [["100000000000/3", 1], ["7/1000000007", "1/13"]])
    assert solved(rho) == 1
    W = equivariant_maps(big, big)
    assert (W.dim, W.checked) == (2, True)
    assert "primes" in W.how


def test_residues_that_vanish_at_a_prime_are_not_trusted() -> None:
    """The largest primes divide these entries, so that modulo them the dimension is too large; they are counted."""
    p = PrimeField(8388593).p
    W = equivariant_maps(over(None, [[1, p], [0, 2]]), over(None, [[1, p], [0, 2]]))
    assert (W.dim, W.checked) == (2, True)
    nilpotent = over(None, [[0, p], [0, 0]])
    W = equivariant_maps(nilpotent, over(None, [[0, p, 0], [0, 0, p * 8388587], [0, 0, 0]]))
    assert (W.dim, W.checked) == (2, True)

    def module(x: int) -> Representation:
        return over(None, [[0, x, 0], [0, 0, 1], [0, 0, 0]], [[0, 0, 0], [x, 0, 0], [0, 0, 0]])

    W = equivariant_maps(module(p), module(p))
    assert (W.dim, W.checked) == (floating_nullity(module(1), module(1)), True)


CASES: dict[str, Callable[[], Representation]] = {
    "Q": lambda: over(None, conjugated(jordan(3, 2, 1), 1)),
    "quadratic": lambda: over(None, [["sqrt(5)", 1, 0], [0, "sqrt(5)", 0], [0, 0, "1/2"]]),
    "imaginary": lambda: over("C", [["I", "1/2"], [0, "I"]]),
}


@pytest.mark.parametrize("name", CASES)
def test_bases_are_the_same_each_time_and_in_echelon_form(name: str) -> None:
    first, again = (equivariant_maps(rho, rho).basis for rho in (CASES[name](), CASES[name]()))
    assert [b.tolist() for b in first] == [b.tolist() for b in again]
    leading = [next(k for k, x in enumerate(b) if x) for b in first]
    assert leading == sorted(leading)
    for k, b in enumerate(first):
        assert [b[place] for place in leading] == [int(k == j) for j in range(len(first))]


def test_fractions_and_sympy_numbers_are_read_alike() -> None:
    a = over(None, [[Fraction(1, 3), 1], [0, Fraction(1, 3)]])
    b = over(None, [[sp.Rational(1, 3), 1], [0, "1/3"]])
    assert a == b
    assert solved(a) == 2


def test_cyclic_groups_over_their_cyclotomic_field() -> None:
    """The shift of n points against its eigenvalues ζ^k: a line each."""
    for n in (3, 4, 5):
        group = cyclic(n)
        root = f"cos(2*pi/{n}) + I*sin(2*pi/{n})"
        character = Representation(group, {"s": [[root]]}, field="C")
        points = Representation(group, {"s": group.defining.matrix("s").tolist()}, field="C")
        assert solved(points, character) == 1
        assert solved(character.tensor(2), character) == 0
