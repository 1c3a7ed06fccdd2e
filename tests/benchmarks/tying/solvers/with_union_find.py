"""Reference: entries of W are joined along the generators and counted as connected components, pair by pair."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tests.benchmarks.tying.problems import Problem, is_index_map
from tests.benchmarks.tying.solvers.measuring import NotApplicable, answer

MAX_ENTRIES = 10**8


def tensor_map(images: Any, k: int) -> Any:
    """The index map on k-tuples of points, first factor slowest."""
    n = len(images)
    result = np.zeros(1, dtype=np.int64)
    for _ in range(k):
        result = (result[:, None] * n + np.asarray(images)[None, :]).ravel()
    return result


def solve(problem: Problem) -> int:
    """The number of classes of index pairs under ``(i, j) ~ (g i, g j)``."""
    if problem.kind != "group" or not all(map(is_index_map, problem.generators.values())):
        raise NotApplicable("entries are joined for groups of permutations only")
    k, l = problem.orders
    if problem.degree ** (k + l) > MAX_ENTRIES:
        raise NotApplicable("the entries do not fit into memory")
    pairs = [
        (tensor_map(images, l)[:, None] * problem.degree**k + tensor_map(images, k)[None, :]).ravel()
        for images in problem.generators.values()
    ]
    size = len(pairs[0])
    start = np.tile(np.arange(size), len(pairs))
    ones = np.ones(len(start), dtype=np.int8)
    graph = coo_array((ones, (start, np.concatenate(pairs))), shape=(size, size))
    return int(connected_components(graph, directed=False)[0])


def warm() -> None:
    """Two points joined."""
    connected_components(coo_array(([1], ([0], [1])), shape=(2, 2)), directed=False)


if __name__ == "__main__":
    answer(solve, warm)
