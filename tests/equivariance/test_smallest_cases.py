"""Spaces without unknowns, and groups without generators: every way to see them works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from catcore.equivariance import (
    SO,
    SU,
    Group,
    HomSpace,
    Monoid,
    O,
    Representation,
    alternating,
    cyclic,
    equivariant_maps,
    full_transformation_monoid,
    load,
    read_specification,
    save,
    subgroup,
    summary,
    symmetric,
    wreath,
)
from catcore.errors import BadSpecification
from catcore_proofs import verify

points = symmetric(5).defining
plane = SU(2).defining
points_of_three = full_transformation_monoid(3).defining
NO_UNKNOWNS: dict[str, Callable[[], HomSpace]] = {
    "Λ⁶ of five points": lambda: equivariant_maps(points.alt(6), points),
    "into Λ⁶": lambda: equivariant_maps(points, points.alt(6)),
    "both sides": lambda: equivariant_maps(points.alt(6), points.alt(7)),
    "no copies": lambda: equivariant_maps(0 * points, points),
    "nothing trivial": lambda: equivariant_maps(Representation.trivial(symmetric(5), 0), points),
    "Λ³ of a plane": lambda: equivariant_maps(plane.alt(3), plane),
    "a monoid": lambda: equivariant_maps(full_transformation_monoid(3).defining.alt(4), points_of_three),
}


def endomorphisms(rho: Representation) -> HomSpace:
    return equivariant_maps(rho, rho)


NO_GENERATORS: dict[str, tuple[Callable[[], HomSpace], int]] = {
    "A2": (lambda: endomorphisms(alternating(2).defining), 4),
    "A2 as named": (lambda: equivariant_maps(*read_specification('group = "A2"\n[input]\ntensor = 2')), 8),
    "S1": (lambda: endomorphisms(symmetric(1).defining), 1),
    "SO(1)": (lambda: endomorphisms(SO(1).defining), 1),
    "A2 × A2": (lambda: endomorphisms((alternating(2) * alternating(2)).defining), 16),
    "A2 × C3": (lambda: endomorphisms((alternating(2) * cyclic(3)).defining), 12),
    "S1 × S3": (lambda: endomorphisms((symmetric(1) * symmetric(3)).defining), 2),
    "S1 ≀ S3": (lambda: endomorphisms(wreath(symmetric(1), symmetric(3)).defining), 2),
    "C2 ≀ A2": (lambda: endomorphisms(wreath(cyclic(2), alternating(2)).defining), 6),
    "no maps": (lambda: endomorphisms(Monoid.transformations(3, {}).defining), 9),
    "no permutations": (lambda: endomorphisms(Group.transformations(3, {}).defining), 9),
    "the trivial subgroup": (lambda: endomorphisms(points.restrict(subgroup(symmetric(5), {}))), 25),
    "a reflection alone": (lambda: endomorphisms(O(1).defining.tensor(3)), 1),
}


def look_at(W: HomSpace) -> None:
    """Every way to see a space."""
    assert W.checked
    assert verify(W).ok
    assert len(list(W.basis)) == W.dim == summary(W)["dim"]
    assert W.matrix().shape == W.shape == W.basis_array().shape[1:]
    assert W.apply(np.ones(W.dim), np.ones((3, W.shape[1]))).shape == (3, W.shape[0])
    assert all(isinstance(text, str) for text in (str(W), W.how, W._repr_latex_()))
    assert W.layer()(np.ones((W.dim, 1, 1)), np.ones((2, 1, W.shape[1]))).shape == (2, 1, W.shape[0])


@pytest.mark.parametrize("name", NO_UNKNOWNS)
def test_spaces_without_unknowns(name: str, tmp_path: Path) -> None:
    W = NO_UNKNOWNS[name]()

    assert (W.dim, W.dense_parameters) == (0, 0)
    look_at(W)
    with pytest.raises(BadSpecification, match="there is nothing to store"):
        save(W, tmp_path / "weights.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NO_GENERATORS)
def test_groups_without_generators_tie_nothing(name: str, tmp_path: Path) -> None:
    build, dim = NO_GENERATORS[name]
    W = build()

    assert W.dim == dim
    look_at(W)
    assert load(save(W, tmp_path / "weights.npz")).space.labels.tolist() == W.labels.tolist()  # type: ignore[union-attr]


def test_empty_summands_leave_the_others() -> None:
    assert equivariant_maps(points.alt(6) + points, 0 * points + points).pattern == endomorphisms(points).pattern
    assert equivariant_maps(plane.alt(3) + plane, plane + plane.alt(3)).dim == 1


def test_a_group_without_generators_prints_as_what_makes_it() -> None:
    assert repr(Group.transformations(3, {})) == "Group.transformations(3, {})"
    assert Group.permutations({"s": [1, 0]}) == Group.transformations(2, {"s": [1, 0]})
