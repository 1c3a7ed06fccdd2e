"""symm-learning: its basis of homomorphisms from isotypic blocks, on escnn's representations."""

from __future__ import annotations

from tests.benchmarks.tying.problems import Problem
from tests.benchmarks.tying.solvers.escnn_groups import accept, representations
from tests.benchmarks.tying.solvers.escnn_groups import warm as warm_groups
from tests.benchmarks.tying.solvers.measuring import answer


def solve(problem: Problem) -> int:
    """The dimension of the basis, kept in the form that symm-learning takes by itself."""
    from symm_learning.representation_theory import GroupHomomorphismBasis

    return int(GroupHomomorphismBasis(*representations(problem)).dim)


def warm() -> None:
    """The library itself is imported, and one group made."""
    import symm_learning.representation_theory

    assert symm_learning.representation_theory
    warm_groups()


if __name__ == "__main__":
    answer(solve, warm, accept)
