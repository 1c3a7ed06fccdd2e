"""What is lost when a picture becomes a list: its flattening does not commute with steps to the right (FEATURES 42)."""

from __future__ import annotations

from typing import Any

import numpy as np

from catcore import Law, Representation, equivariant_maps, finite_map, free_monoid
from catcore.objects import FinSet
from catcore_proofs import verify


def flattening(rows: int, columns: int) -> Any:
    """The verdict on whether the flattening of a torus of pixels commutes with a step to the right."""
    grid, line = FinSet(rows) * FinSet(columns), FinSet(rows * columns)
    flat = finite_map(grid, line, range(rows * columns))
    right = [i * columns + (j + 1) % columns for i in range(rows) for j in range(columns)]
    along = [(i + 1) % (rows * columns) for i in range(rows * columns)]
    moved, next_one = finite_map(grid, grid, right), finite_map(line, line, along)
    (verdict,) = verify(Law("flattening commutes with a step to the right", moved >> flat, flat >> next_one))
    return verdict


def weights_of(side: int) -> tuple[int, int, int]:
    """The weights of a layer on a torus of pixels: dense, with translations, and of them in a window of 3 × 3."""
    places = np.arange(side * side).reshape(side, side)
    moves = {"r": np.roll(places, -1, 0), "c": np.roll(places, -1, 1)}
    shift = Representation.permutation(free_monoid("r", "c"), {k: m.reshape(-1).tolist() for k, m in moves.items()})
    space = equivariant_maps(shift, shift)
    window = [(r % side) * side + c % side for r in (-1, 0, 1) for c in (-1, 0, 1)]
    assert space.labels is not None
    return space.dense_parameters, space.dim, len({int(space.labels[0, place]) for place in window})
