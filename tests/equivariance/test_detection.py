"""Detection (FEATURES 13): the whole symmetry group is found again after relabelling, and a random matrix has none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import (
    Representation,
    cyclic,
    dihedral,
    equivariant_maps,
    infinitesimal_symmetries,
    symmetric,
    symmetries,
)
from catcore.equivariance.families.automorphisms import automorphisms
from catcore.equivariance.spaces.detection import lie_representation
from catcore.errors import BadSpecification, InexactNumber, ShapeMismatch, TooLarge


def circulant(n: int) -> np.ndarray:
    """A circulant with n different weights."""
    return (np.arange(n)[:, None] - np.arange(n)) % n + 1


@pytest.mark.parametrize("n", [5, 8, 12, 64])
def test_translations_are_recovered_from_a_hidden_circulant(n: int) -> None:
    """T1.12 b read backwards: Z_n and nothing else, whatever the points are called."""
    shuffle = np.random.default_rng(n).permutation(n)
    hidden = circulant(n)[np.ix_(shuffle, shuffle)]
    found = symmetries(hidden, both="same")

    assert found.order == n
    assert found.evidence == "exhaustive"
    assert found.space.dim == n
    assert found.space.contains(hidden.tolist())
    (labels,) = (found.space.labels,)
    assert labels is not None
    assert len({(a, b) for a, b in zip(labels.ravel(), hidden.ravel(), strict=True)}) == n  # the same pattern


def test_rows_and_columns_relabelled_apart() -> None:
    rng = np.random.default_rng(3)
    hidden = circulant(9)[np.ix_(rng.permutation(9), rng.permutation(9))]

    assert symmetries(hidden).order == 9
    assert symmetries(hidden).space.dim == 9


def test_a_random_matrix_has_no_symmetry() -> None:
    rng = np.random.default_rng(0)
    W = rng.normal(size=(40, 30))
    found = symmetries(W, tolerance=1e-12)

    assert found.trivial
    assert found.evidence == "numeric"
    assert found.gap is not None
    assert found.gap > 1e-12
    assert symmetries(rng.integers(0, 10**9, (20, 20)), both="same").trivial


def test_noise_below_the_tolerance_is_forgiven_and_above_is_not() -> None:
    noise = np.random.default_rng(1).normal(size=(10, 10))
    clean = np.sin(circulant(10).astype(float))

    assert symmetries(clean + 1e-12 * noise, both="same", tolerance=1e-9).order == 10
    assert symmetries(clean + 1e-3 * noise, both="same", tolerance=1e-9).trivial


def test_exact_numbers_are_compared_as_numbers() -> None:
    """cos(π/5) and (1+√5)/4 are one number written twice; sqrt(2) is another."""
    assert symmetries([["cos(pi/5)", 0], [0, "(1+sqrt(5))/4"]], both="same").order == 2
    assert symmetries([["sqrt(2)", 0], [0, "(1+sqrt(5))/4"]], both="same").trivial


def test_deep_sets_patterns_have_all_permutations() -> None:
    W = equivariant_maps(symmetric(7).defining, symmetric(7).defining)

    assert symmetries(W.pattern, both="same").order == 5040
    assert symmetries(W.pattern).order == 5040  # a I + b 11ᵀ ties rows to columns
    assert symmetries([[1] * 4] * 3).order == 24 * 6  # a constant matrix does not


def test_signed_patterns_have_signed_symmetries() -> None:
    """[[a, b], [-b, a]] commutes with the quarter turn (T1.12 h); [a, -a] with swapping and negating (T1.13)."""
    found = symmetries([[1, 2], [-2, 1]], both="same", signed=True)

    assert found.order == 4
    assert found.space.dim == 2
    assert found.columns.of("g0 g0") == -sp.eye(2)
    assert symmetries([[1, 2], [-2, 1]], both="same").trivial
    assert symmetries([[1, -1]], signed=True).order == 4
    assert symmetries([[1, -1, 0], [1, 0, -1], [0, 1, -1]], signed=True).space.dim == 1  # the gradient of T1.16


@pytest.mark.parametrize("group", [cyclic(6), dihedral(5), symmetric(4), cyclic(2) * cyclic(3)], ids=str)
def test_detection_and_tying_are_a_galois_connection(group: Any) -> None:
    """What a group's pattern respects contains the group, and ties no less: pattern ↦ group ↦ pattern is idempotent."""
    W = equivariant_maps(group.defining, group.defining)
    found = symmetries(W.pattern, both="same")

    assert found.order % group.order == 0
    assert found.space.pattern == W.pattern


@given(st.integers(2, 6), st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_automorphisms_are_all_of_them(n: int, colours: int, seed: int) -> None:
    """Against a list of all permutations of up to six points."""
    from itertools import permutations

    from catcore.equivariance.groups.stabilizers import StabilizerChain

    table = np.random.default_rng(seed).integers(0, colours + 1, (n, n))
    brute = sum((table[np.ix_(p, p)] == table).all() for p in map(list, permutations(range(n))))
    found = automorphisms(table)

    assert all((table[np.ix_(p, p)] == table).all() for p in found)
    assert StabilizerChain(list(found), points=n).order == brute


def test_lie_algebras_are_found_from_what_they_commute_with() -> None:
    """The commutant of SO(2)'s commutant is SO(2) again; diagonal matrices find the torus."""
    turn = Representation.lie({"J": [[0, -1], [1, 0]]})
    W = equivariant_maps(turn, turn)
    (J,) = infinitesimal_symmetries(*W.basis, within="so")

    assert J in (sp.Matrix([[0, -1], [1, 0]]), sp.Matrix([[0, 1], [-1, 0]]))
    assert equivariant_maps(lie_representation([J]), lie_representation([J])).pattern == W.pattern
    assert len(infinitesimal_symmetries([[1, 0], [0, 2]], within="diagonal")) == 2
    assert len(infinitesimal_symmetries([["sqrt(2)", 1], [0, "sqrt(2)"]])) == 2
    assert infinitesimal_symmetries([[1, 2], [3, 4]], within="so") == ()
    assert len(infinitesimal_symmetries(sp.eye(3), within="so")) == 3


def test_refusals() -> None:
    cases = [
        (lambda: symmetries([[0.5, 1]]), BadSpecification, "say within which tolerance"),
        (lambda: symmetries(np.ones((2, 2))), BadSpecification, "tolerance=1e-9"),
        (lambda: symmetries([[1, 2]], both="same"), ShapeMismatch, "the matrix is 1×2, not square"),
        (lambda: symmetries([[1, 2], [3]]), ShapeMismatch, "rows have lengths 2, 1"),
        (lambda: symmetries([[1, float("nan")]], tolerance=0.1), ShapeMismatch, "without nan or inf"),
        (lambda: symmetries([[1]], tolerance=-1.0), BadSpecification, "A tolerance of -1.0"),
        (lambda: symmetries([[1]], both="rows"), BadSpecification, "write 'separate' or 'same'"),  # type: ignore[arg-type]
        (lambda: symmetries(np.zeros((2001, 2), int)), TooLarge, "at most 2000"),
        (lambda: automorphisms([[1, 2]]), ShapeMismatch, "of a square array"),
        (lambda: infinitesimal_symmetries([[1]], [[1, 0], [0, 1]]), ShapeMismatch, "of one size"),
        (lambda: infinitesimal_symmetries(), ShapeMismatch, "one matrix at least"),
        (lambda: infinitesimal_symmetries([[0.5]]), InexactNumber, "write it exactly"),
        (lambda: infinitesimal_symmetries([[1]], within="sp"), BadSpecification, "write 'gl'"),  # type: ignore[arg-type]
    ]
    for make, kind, sentence in cases:
        with pytest.raises(kind, match=sentence):
            make()
