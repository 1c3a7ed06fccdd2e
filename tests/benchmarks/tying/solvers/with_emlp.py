"""EMLP: its numeric null space, for a group given by the same generators (its cached groups are not used)."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.tying.problems import Problem, is_index_map
from tests.benchmarks.tying.solvers.measuring import NotApplicable, answer

MAX_ENTRIES = 10**9


def group(problem: Problem) -> Any:
    """EMLP's group with these generators; permutations are kept as such."""
    import numpy as np
    from emlp.groups import Group
    from emlp.reps.linear_operators import LazyPerm

    given = {**problem.generators, **problem.components}
    infinitesimal = problem.generators if problem.kind == "lie" else {}
    discrete = [
        LazyPerm(np.argsort(images)) if is_index_map(images) else np.asarray(images, dtype=np.float32)
        for name, images in given.items()
        if name not in infinitesimal
    ]

    class Stated(Group):
        def __init__(self) -> None:
            self.d = problem.degree
            if infinitesimal:
                self.lie_algebra = np.asarray(list(infinitesimal.values()), dtype=np.float32)
            if discrete:
                self.discrete_generators = discrete
            super().__init__(problem.id)  # groups that print alike share EMLP's cached basis

    return Stated()


def accept(problem: Problem) -> None:
    """Groups and invertible or singular matrices whose entries fit into memory."""
    if problem.degree ** sum(problem.orders) > MAX_ENTRIES:
        raise NotApplicable("the entries do not fit into memory")
    if problem.kind == "monoid" and any(map(is_index_map, problem.generators.values())):
        raise NotApplicable("EMLP reads index maps as permutations")


def solve(problem: Problem) -> int:
    """The number of columns of the orthonormal basis that EMLP computes."""
    from emlp.reps import V

    k, l = problem.orders
    base = V(group(problem))
    return int((base**k >> base**l).equivariant_basis().shape[-1])


def warm() -> None:
    """Two points swapped."""
    solve(Problem("warm", 2, "", "group", {"s": [1, 0]}))


if __name__ == "__main__":
    answer(solve, warm, accept)
