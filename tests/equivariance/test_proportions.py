"""Equations of two unknowns are solved without elimination, and elimination agrees."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from catcore import Monoid, Representation, equivariant_maps
from catcore.equivariance.certificates import checks
from catcore.equivariance.linear_algebra import proportions
from catcore.equivariance.strategies import forecast, null_space

NILPOTENT = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
CASES: dict[str, tuple[list[list[list[Any]]], str | None]] = {
    "zero-filling shift": ([NILPOTENT], None),
    "signed permutation": ([[[0, -1], [1, 0]]], None),
    "weighted": ([[[0, 0, 2], ["1/3", 0, 0], [0, 5, 0]]], None),
    "a factor that does not close": ([[[2, 0], [0, 3]]], None),
    "two generators": ([NILPOTENT, [[1, 0, 0], [0, -1, 0], [0, 0, 1]]], None),
    "imaginary": ([[["I", 0], [0, "-I"]], [[0, 1], [1, 0]]], "C"),
    "modulo 5": ([[[0, 2], [3, 0]]], "GF(5)"),
    "singular": ([[[0, 0], [0, 0]]], None),
}


@pytest.mark.parametrize("name", CASES)
def test_elimination_agrees(name, monkeypatch):
    matrices, field = CASES[name]
    letters = "abc"[: len(matrices)]
    rho = Representation(Monoid.presentation(" ".join(letters)), dict(zip(letters, matrices, strict=True)), field=field)
    pairs, n = checks.exact_pairs(rho, rho, rho.field), rho.degree
    short = null_space.solve(pairs, n, n, rho.field)
    monkeypatch.setattr(forecast, "MAX_TERMS", 0)
    quick = null_space.solve(pairs, n, n, rho.field)
    assert quick.how == "proportional entries"
    monkeypatch.setattr(null_space, "MAX_PROPORTIONAL", 0)
    slow = null_space.solve(pairs, n, n, rho.field)

    assert slow.how.startswith("spinning")
    for found in (short, quick):
        assert [m.to_dok() for m in found.matrices] == [m.to_dok() for m in slow.matrices]


def test_three_unknowns_are_left_to_elimination():
    assert proportions.solve([{0: Fraction(1), 1: Fraction(1), 2: Fraction(1)}], 3, Fraction(1)) is None
    full = Representation(Monoid.presentation("a"), {"a": [[1, 1], [0, 1]]})

    assert null_space._proportional(checks.exact_pairs(full, full, full.field), 2, 2, full.field) is None
    assert equivariant_maps(full, full).pattern == [[1, 2], [0, 1]]


def test_causal_convolution_of_an_image_has_one_parameter_a_pixel():
    """Two commuting shifts that fill with zeros, on 12×12 pixels: 144 parameters instead of 20 736."""
    s, one = np.eye(12, k=-1, dtype=int), np.eye(12, dtype=int)
    pixels = Representation(
        Monoid.presentation("d r", ["d r = r d"]),
        {"d": np.kron(s, one).tolist(), "r": np.kron(one, s).tolist()},
    )
    W = equivariant_maps(pixels, pixels)

    assert W.dim == 144
    assert W.checked
