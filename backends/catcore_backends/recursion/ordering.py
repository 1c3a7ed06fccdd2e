"""In which order the nodes of a forest stand: by height, and so that what is read together stands together.

A group of nodes reads the values of its branches.  Where they stand in the order of the group, they are a stretch of
the table and read without a copy.  So leaves, and nodes all of whose branches are leaves, stand in the order of the
nodes above them, and groups are split by which of their branches are such: in trees most branches are.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from catcore.errors import IllTyped

Index = NDArray[np.int64]

#: Groups are split where so many nodes are left in each on average.
LEAST = 512


class Stuck(IllTyped):
    """Some nodes of a table are below themselves, or above such; ``nodes`` are their numbers."""

    def __init__(self, nodes: Index) -> None:
        super().__init__(f"A forest was asked for, and node {int(nodes[0])} of its table is below itself or above one.")
        self.nodes = nodes


def heights_of(ids: list[Index], branches: Sequence[Sequence[Index]], count: int) -> Index:
    """The height of each node: nodes whose branches are all known are taken off, level by level."""
    parents = np.concatenate([*(i for i, bs in zip(ids, branches, strict=True) for _ in bs), np.zeros(0, np.int64)])
    below = np.concatenate([*(b for bs in branches for b in bs), np.zeros(0, np.int64)])
    by_child = np.argsort(below, kind="stable")
    first = np.searchsorted(below[by_child], np.arange(count + 1))
    missing = np.bincount(parents, minlength=count)
    heights = np.ones(count, np.int64)
    ready, done = np.flatnonzero(missing == 0), 0
    while ready.size:
        done += ready.size
        edges = by_child[ranges(first[ready], first[ready + 1])]
        above, level = parents[edges], heights[below[edges]] + 1
        np.maximum.at(heights, above, level)
        np.subtract.at(missing, above, 1)
        ready = np.unique(above[missing[above] == 0])
    if done < count:
        raise Stuck(np.flatnonzero(missing > 0))
    return heights


def ranges(starts: Index, stops: Index) -> Index:
    """The numbers from each start to its stop, one after the other."""
    lengths = stops - starts
    ends = np.cumsum(lengths)
    numbers: Index = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
    return numbers


def ordered(names: Index, heights: Index, row: Index, branches: Sequence[Sequence[Index]]) -> tuple[Index, list[int]]:
    """The nodes in order, and where each group begins, at last how many nodes there are.

    Args:
        names: for each node its constructor.
        heights: for each node its height.
        row: for each node, which of the nodes of its constructor it is.
        branches: for each constructor and each of its branches, the nodes there.
    """
    below = np.zeros(len(names), np.int64)  # which branches are of height 1 or 2
    for c, bs in enumerate(branches):
        mine = np.flatnonzero(names == c)
        for b in bs[:20]:
            below[mine] = 3 * below[mine] + np.minimum(heights[b], 3) - 1
    order, cuts = _grouped(heights, names, below)
    if LEAST * len(cuts) > len(names):
        return _grouped(heights, names)
    rank = np.zeros(len(names), np.int64)
    count = 0
    for start, stop in reversed(list(it.pairwise(cuts))):
        nodes = order[start:stop]
        nodes = order[start:stop] = nodes[np.argsort(rank[nodes], kind="stable")]
        for b in branches[names[nodes[0]]]:
            rank[b[row[nodes]]] = np.arange(count, count + len(nodes))
            count += len(nodes)
    return order, cuts


def _grouped(*keys: Index) -> tuple[Index, list[int]]:
    """The nodes sorted by keys, the first one first, and where they change."""
    order = np.lexsort(keys[::-1])
    changes = reduce(np.logical_or, (np.diff(key[order]) != 0 for key in keys))
    return order, [0, *(np.flatnonzero(changes) + 1).tolist(), len(order)]
