"""Hom spaces of Lie algebras given by generators, with dimensions from Clebsch and Gordan's rule and others."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sympy as sp

from catcore.equivariance import Representation
from tests.equivariance.matrix_cases import Rows, blocks, floating_nullity, solved, unit


def spin(twice: int) -> tuple[Rows, Rows]:
    """e and f of sl(2) on the irreducible module with highest weight ``twice``."""
    n = twice + 1
    return unit(n, *[(i, i + 1, i + 1) for i in range(twice)]), unit(n, *[(i + 1, i, twice - i) for i in range(twice)])


def sl2(*weights: int, group: Any = None) -> Representation:
    parts = [spin(w) for w in weights]
    return Representation.lie({"e": blocks(*[e for e, _ in parts]), "f": blocks(*[f for _, f in parts])}, group=group)


def clebsch_gordan(weights: list[int], power: int) -> dict[int, int]:
    """Multiplicities of the irreducibles in a tensor power."""
    found = {0: 1}
    for _ in range(power):
        step: dict[int, int] = {}
        for (w, m), v in itertools.product(found.items(), weights):
            for u in range(abs(w - v), w + v + 1, 2):
                step[u] = step.get(u, 0) + m
        found = step
    return found


@pytest.mark.parametrize(
    ("weights", "power"), [((3,), 1), ((4,), 2), ((3,), 3), ((1, 2), 2), ((2, 2, 0), 1), ((4,), 3), ((1, 1, 3), 2)]
)
def test_powers_of_sl2_modules_decompose_by_clebsch_gordan(weights: tuple[int, ...], power: int) -> None:
    rho = sl2(*weights).tensor(power)
    assert solved(rho) == sum(m * m for m in clebsch_gordan(list(weights), power).values())


def test_maps_between_different_powers_count_common_constituents() -> None:
    V = sl2(3)
    for k, l in ((2, 3), (2, 4), (3, 1), (2, 0)):
        source, target = clebsch_gordan([3], k), clebsch_gordan([3], l)
        assert solved(V.tensor(k), V.tensor(l)) == sum(m * target.get(w, 0) for w, m in source.items())


def test_the_adjoint_square_of_sl3() -> None:
    """8 ⊗ 8 = 1 + 8 + 8 + 10 + 10* + 27: 1 + 4 + 1 + 1 + 1 = 8."""
    names = [(0, 1), (1, 2), (1, 0), (2, 1)]
    basis = [sp.Matrix(unit(3, (i, j, 1))) for i in range(3) for j in range(3) if i != j]
    basis += [sp.diag(1, -1, 0), sp.diag(0, 1, -1)]
    frame = sp.Matrix.hstack(*[b.reshape(9, 1) for b in basis])

    def adjoint(x: Any) -> Rows:
        columns = [(x * b - b * x).reshape(9, 1) for b in basis]
        rows: Rows = (frame.T * frame).inv().__mul__(frame.T * sp.Matrix.hstack(*columns)).tolist()
        return rows

    adj = Representation.lie({f"e{i}{j}": adjoint(sp.Matrix(unit(3, (i, j, 1)))) for i, j in names})
    assert solved(adj) == 1
    assert solved(adj.tensor(2)) == 8


def test_a_solvable_algebra_is_not_semisimple() -> None:
    """Upper triangular matrices on Q³: only scalars commute, and Hom(V, V⊗V) and Hom(V⊗V, V) differ from each other."""
    borel = Representation.lie(
        {"h": unit(3, (0, 0, 2), (2, 2, -2)), "e": unit(3, (0, 1, 1), (1, 2, 1))},
    )
    assert solved(borel) == 1
    square = borel.tensor(2)
    assert solved(square) == floating_nullity(square, square)
