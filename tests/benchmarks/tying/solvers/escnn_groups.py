"""The groups that escnn has, and the representations of a problem on them; symm-learning builds on the same."""

from __future__ import annotations

import re
from typing import Any

from tests.benchmarks.tying.problems import Problem
from tests.benchmarks.tying.solvers.measuring import NotApplicable

BANDLIMIT = 10
REGULAR = re.compile(r"([CD])(\d+) regular")


def representations(problem: Problem) -> tuple[Any, Any]:
    """Input and output, decomposed into irreducibles as escnn does when it makes a tensor product."""
    base = _base(problem)
    k, l = problem.orders
    return _power(base, k), _power(base, l)


def accept(problem: Problem) -> None:
    """Rotations of space, and regular representations of cyclic and dihedral groups."""
    if problem.name not in ("SO3", "O3") and REGULAR.fullmatch(problem.id) is None:
        raise NotApplicable("escnn has neither this group nor a way to state it")


def _base(problem: Problem) -> Any:
    from escnn.group import cyclic_group, dihedral_group, o3_group, so3_group

    if problem.name in ("SO3", "O3"):
        return so3_group(BANDLIMIT).irrep(1) if problem.name == "SO3" else o3_group(BANDLIMIT).irrep(1, 1)
    match = REGULAR.fullmatch(problem.id)
    assert match is not None
    made = {"C": cyclic_group, "D": dihedral_group}[match[1]](int(match[2]))
    return made.regular_representation


def _power(base: Any, k: int) -> Any:
    result = base
    for _ in range(k - 1):
        result = result.tensor(base)
    return result


def warm() -> None:
    """The smallest group."""
    from escnn.group import cyclic_group

    representation = cyclic_group(2).regular_representation
    assert representation.size == 2
