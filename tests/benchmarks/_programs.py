"""Problems of dynamic programming for the benchmark of recursion: the distance of words, and shortest ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from catcore.datatypes.semirings import MIN_PLUS
from catcore_backends.recurrences import Option, Recurrence


@dataclass(frozen=True)
class Program:
    """A problem solved in two ways.

    Args:
        name: what is solved.
        peer: what solves it beside us.
        by_engine: our answer.
        by_peer: the other answer.
    """

    name: str
    peer: str
    by_engine: Callable[[], Any]
    by_peer: Callable[[], Any]

    def wrong(self) -> int:
        """How many answers differ."""
        return int(np.sum(np.asarray(self.by_engine()) != np.asarray(self.by_peer())))


def programs(*, quick: bool) -> list[Program]:
    """The problems, small ones when it has to be quick."""
    return [edit_distance(200 if quick else 2000), shortest_ways(100 if quick else 1000, 1000 if quick else 100_000)]


def edit_distance(length: int) -> Program:
    """The distance of two random words in four letters."""
    a, b = np.random.default_rng(0).integers(0, 4, size=(2, length))
    first, second = a.tolist(), b.tolist()

    def edits(i: Any, j: Any) -> list[Option]:
        return [
            Option(0, when=(i == 0) & (j == 0)),
            Option(1, [(i - 1, j)], when=i > 0),
            Option(1, [(i, j - 1)], when=j > 0),
            Option(a[i - 1] != b[j - 1], [(i - 1, j - 1)], when=(i > 0) & (j > 0)),
        ]

    problem = Recurrence(edits, (length + 1, length + 1))
    name = f"edit distance of {length} letters"
    return Program(
        name, "table in Python", lambda: problem.solve((length, length), MIN_PLUS), lambda: _table(first, second)
    )


def _table(first: list[int], second: list[int]) -> int:
    """The same distance, row by row of the table."""
    above = list(range(len(second) + 1))
    for i, x in enumerate(first, 1):
        row = [i]
        for j, y in enumerate(second, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
        above = row
    return above[-1]


def shortest_ways(nodes: int, edges: int) -> Program:
    """The lengths of the shortest ways from node 0 to all nodes of a random graph."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import bellman_ford

    rng = np.random.default_rng(0)
    arcs = np.unique(rng.integers(0, nodes * nodes, size=edges))
    target, source = np.divmod(arcs, nodes)  # sorted by target
    weight = rng.integers(1, 100, size=len(arcs)).astype(np.float64)
    first = np.searchsorted(target, np.arange(nodes + 1))
    graph = coo_array((weight, (source, target)), shape=(nodes, nodes)).tocsr()

    def ways(v: Any) -> list[Option]:
        lengths = first[v + 1] - first[v]
        rows = np.repeat(np.arange(len(v)), lengths)
        arc = np.arange(len(rows)) + np.repeat(first[v] - np.cumsum(lengths) + lengths, lengths)
        return [Option(0, when=v == 0), Option(weight[arc], [source[arc]], rows=rows)]

    problem, every = Recurrence(ways, (nodes,)), np.arange(nodes)
    return Program(
        f"shortest ways over {len(arcs)} edges",
        "scipy bellman_ford",
        lambda: problem.solve((every,), MIN_PLUS, repeat=True),
        lambda: bellman_ford(graph, indices=[0])[0],
    )
