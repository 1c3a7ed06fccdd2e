"""escnn: its basis of kernels on one point, which is the space of intertwiners."""

from __future__ import annotations

from tests.benchmarks.tying.problems import Problem
from tests.benchmarks.tying.solvers.escnn_groups import accept, representations, warm
from tests.benchmarks.tying.solvers.measuring import answer


def solve(problem: Problem) -> int:
    """The number of basis matrices."""
    from escnn.kernels import kernels_on_point

    return int(kernels_on_point(*representations(problem)).dim)


if __name__ == "__main__":
    answer(solve, warm, accept)
