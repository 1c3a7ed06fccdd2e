"""Reference: SymPy's sparse elimination of ``W ρ_in(s) − ρ_out(s) W = 0`` over the rationals, one unknown an entry."""

from __future__ import annotations

from typing import Any

from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from tests.benchmarks.tying.problems import Problem
from tests.benchmarks.tying.solvers.exact_matrices import Sparse, pairs
from tests.benchmarks.tying.solvers.measuring import NotApplicable, answer

MAX_UNKNOWNS = 10**5


def equations(a: Sparse, b: Sparse, n_in: int, n_out: int) -> Any:
    """The nonzero coefficients of ``(W a − b W)[i, j]`` in the entries of W, numbered row by row."""
    found: dict[tuple[int, int], dict[int, int]] = {}
    for (m, j), x in a.items():
        for i in range(n_out):
            row = found.setdefault((i, j), {})
            row[i * n_in + m] = row.get(i * n_in + m, 0) + x
    for (i, m), x in b.items():
        for j in range(n_in):
            row = found.setdefault((i, j), {})
            row[m * n_in + j] = row.get(m * n_in + j, 0) - x
    for row in found.values():
        if kept := {u: QQ(x) for u, x in row.items() if x}:
            yield kept


def solve(problem: Problem) -> int:
    """The nullity of the system, with a basis."""
    n_in, n_out = (problem.degree**k for k in problem.orders)
    if n_in * n_out > MAX_UNKNOWNS:
        raise NotApplicable("there are too many unknowns")
    rows = [row for a, b in pairs(problem) for row in equations(a, b, n_in, n_out)]
    system = DomainMatrix(dict(enumerate(rows)), (len(rows), n_in * n_out), QQ)
    return int(system.nullspace().shape[0])


def warm() -> None:
    """A 1 × 1 null space."""
    DomainMatrix({0: {0: QQ(1)}}, (1, 1), QQ).nullspace()


if __name__ == "__main__":
    answer(solve, warm)
