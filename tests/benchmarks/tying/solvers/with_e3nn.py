"""e3nn: tensor powers of the vector decomposed by it; homomorphisms pair equal irreducibles, by Schur's lemma."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.benchmarks.tying.problems import Problem
from tests.benchmarks.tying.solvers.measuring import NotApplicable, answer


def accept(problem: Problem) -> None:
    """Rotations of space, with or without reflections."""
    if problem.name not in ("SO3", "O3"):
        raise NotApplicable("e3nn knows rotations and reflections of space only")


def solve(problem: Problem) -> int:
    """The number of pairs of equal irreducibles in input and output."""
    into, out = (multiplicities(k, parity=problem.name == "O3") for k in problem.orders)
    return sum(count * out[irrep] for irrep, count in into.items())


def multiplicities(k: int, *, parity: bool) -> Counter[Any]:
    """How often each irreducible occurs in the k-th tensor power of the vector, with the change of basis computed."""
    from e3nn import o3

    vector = o3.Irreps("1o")
    irreps = vector
    for _ in range(k - 1):
        irreps = o3.FullTensorProduct(irreps, vector).irreps_out
    found: Counter[Any] = Counter()
    for count, irrep in irreps:
        found[(irrep.l, irrep.p) if parity else irrep.l] += count
    return found


def warm() -> None:
    """The decomposition of pairs."""
    multiplicities(2, parity=True)


if __name__ == "__main__":
    answer(solve, warm, accept)
