"""This project: ``equivariant_maps`` on lazily built representations, named ones where the group has a name."""

from __future__ import annotations

from typing import Any

from catcore import Group, Representation, equivariant_maps, free_monoid
from catcore.equivariance import named_group
from catcore.equivariance.automata import transition_monoid
from catcore.equivariance.families.grids import p4m, torus
from catcore.equivariance.spaces.specification import read_specification
from tests.benchmarks.tying.problems import Problem, is_index_map
from tests.benchmarks.tying.solvers.measuring import answer


def base(problem: Problem) -> Representation:
    """The base representation: of the group that is known by this name, or by the generators."""
    if problem.name is not None:
        return known(problem.name).defining
    if problem.kind == "lie":
        return Representation.lie(problem.generators, problem.components)
    if all(map(is_index_map, problem.generators.values())):
        made = Group.permutations if problem.kind == "group" else transition_monoid
        return made(problem.generators).defining
    return Representation(free_monoid(*problem.generators), problem.generators)


def known(name: str) -> Any:
    """A named group, or the group of a grid of n × n pixels from a name such as ``p4m 64``."""
    grid, _, n = name.partition(" ")
    makers = {"translations": lambda n: torus(n, n), "p4m": p4m}
    return makers[grid](int(n)) if grid in makers else named_group(name)


def solve(problem: Problem) -> int:
    """The size of the basis, once it has been found: listed where it is a rule, and otherwise written out."""
    rho = base(problem)
    k, l = problem.orders
    space = equivariant_maps(rho.tensor(k) if k > 1 else rho, rho.tensor(l) if l > 1 else rho)
    if problem.asked == "layer":
        return apply_layer(space)
    if problem.asked == "labels":
        assert space.labels is not None
    return space.dim if space.span is None else len(space.span.elements)


def apply_layer(space: Any) -> int:
    """Apply the layer to one input of whole numbers."""
    import numpy as np

    layer = space.layer(backend="numpy", channels=(1, 1))
    theta = np.arange(1, space.dim + 1, dtype=float).reshape(-1, 1, 1)
    outputs = layer(theta, np.ones((1, space.rho_in.degree)))
    assert outputs.shape == (1, space.rho_out.degree)
    return int(space.dim)


def warm() -> None:
    """One problem for each kind of arithmetic."""
    for text in (
        "kind = 'group'\n[generators.s]\ninput = [1, 0]\noutput = [1, 0]",
        "kind = 'group'\n[generators.s]\ninput = [[0, -1], [1, 0]]\noutput = [[0, -1], [1, 0]]",
        "kind = 'lie'\n[generators.e]\ninput = [[1, 1], [0, 1]]\noutput = [[1, 1], [0, 1]]",
    ):
        assert equivariant_maps(*read_specification(text)).checked


if __name__ == "__main__":
    answer(solve, warm)
