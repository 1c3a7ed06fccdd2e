"""Sparse integer matrices as dictionaries, for references that solve the equations entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.tying.problems import Images, Problem, is_index_map

Sparse = dict[tuple[int, int], int]


def sparse(images: Images) -> Sparse:
    """The nonzero entries ``{(i, j): x}`` of an index map or a matrix."""
    if is_index_map(images):
        return {(int(i), j): 1 for j, i in enumerate(images)}
    return {(i, j): x for i, row in enumerate(images) for j, x in enumerate(row) if x}


def kronecker(a: Sparse, b: Sparse, n: int) -> Sparse:
    """``a ⊗ b`` for an n × n matrix b."""
    return {(i * n + k, j * n + l): x * y for (i, j), x in a.items() for (k, l), y in b.items()}


def power(a: Sparse, n: int, k: int) -> Sparse:
    """``a ⊗ ... ⊗ a``, k times."""
    result: Sparse = {(0, 0): 1}
    for _ in range(k):
        result = kronecker(result, a, n)
    return result


def derivation(a: Sparse, n: int, k: int) -> Sparse:
    """``a ⊗ 1 ⊗ 1 + 1 ⊗ a ⊗ 1 + ...``: how an infinitesimal generator acts on a tensor power."""
    result: Sparse = {}
    one = {(i, i): 1 for i in range(n)}
    for place in range(k):
        term: Sparse = {(0, 0): 1}
        for factor in range(k):
            term = kronecker(term, a if factor == place else one, n)
        for entry, x in term.items():
            result[entry] = result.get(entry, 0) + x
    return {entry: x for entry, x in result.items() if x}


def pairs(problem: Problem) -> Iterator[tuple[Sparse, Sparse]]:
    """The matrices of input and output for each generator."""
    n, (k, l) = problem.degree, problem.orders
    act = derivation if problem.kind == "lie" else power
    for images in problem.generators.values():
        yield act(sparse(images), n, k), act(sparse(images), n, l)
    for images in problem.components.values():
        yield power(sparse(images), n, k), power(sparse(images), n, l)
