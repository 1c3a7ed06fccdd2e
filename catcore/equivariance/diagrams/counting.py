"""Counts and lists behind the diagram bases: set partitions, perfect matchings, Young diagrams, subsequences.

The number ``f^λ`` of standard tableaux of a shape is given by hook lengths, and with it every dimension that
Schur-Weyl duality knows.  Robinson-Schensted-Knuth says which diagrams to keep: an involution has as many fixed points
as its shape has columns of odd length (Schützenberger), and its longest increasing subsequence is as long as the first
row (Schensted).

>>> partitions_in_blocks(4, 2), standard_tableaux((2, 2)), len(list(matchings(6)))
(8, 2, 15)
>>> longest_increasing((2, 1, 4, 3)), list(growth_strings(3, 2))
(2, [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)])
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence

Shape = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


def partitions_in_blocks(points: int, blocks: int) -> int:
    """The number of set partitions of some points into at most so many blocks: a sum of Stirling numbers."""
    row = [1]  # the Stirling numbers S(t, b), first for t = 0
    for _ in range(points):
        row = [(b * row[b] if b < len(row) else 0) + (row[b - 1] if b else 0) for b in range(len(row) + 1)]
    return sum(row[: blocks + 1])


def growth_strings(points: int, blocks: int) -> Iterator[tuple[int, ...]]:
    """Set partitions as restricted growth strings in lexicographic order: point i lies in block ``string[i]``.

    Blocks are numbered as they first appear, and there are at most ``blocks`` of them.
    """

    def extend(prefix: tuple[int, ...], used: int) -> Iterator[tuple[int, ...]]:
        if len(prefix) == points:
            yield prefix
            return
        for block in range(min(used + 1, blocks)):
            yield from extend((*prefix, block), max(used, block + 1))

    return extend((), 0)


def even_partitions(points: int, blocks: int) -> int:
    """The number of set partitions of some points into at most so many blocks, each of even size.

    The block of the last point takes an odd number of the others.

    >>> [even_partitions(p, 4) for p in (0, 1, 2, 4, 6, 8, 10)]
    [1, 0, 1, 4, 31, 379, 5611]
    """

    @functools.cache
    def exactly(p: int, k: int) -> int:
        if not p or not k:
            return int(p == k)
        return sum(math.comb(p - 1, j) * exactly(p - 1 - j, k - 1) for j in range(1, p, 2))

    return sum(exactly(points, k) for k in range(blocks + 1))


def even_strings(points: int, blocks: int) -> Iterator[tuple[int, ...]]:
    """Those of :func:`growth_strings` whose blocks are all of even size, without a look at the others.

    >>> list(even_strings(4, 2))
    [(0, 0, 0, 0), (0, 0, 1, 1), (0, 1, 0, 1), (0, 1, 1, 0)]
    """

    def extend(prefix: tuple[int, ...], odd: tuple[bool, ...]) -> Iterator[tuple[int, ...]]:
        left = points - len(prefix)
        if not left:
            yield prefix
            return
        for block in range(min(len(odd) + 1, blocks)):
            fresh = (*odd, True) if block == len(odd) else (*odd[:block], not odd[block], *odd[block + 1 :])
            if sum(fresh) < left:
                yield from extend((*prefix, block), fresh)

    return extend((), ()) if points % 2 == 0 else iter(())


def coarsenings(string: Sequence[int]) -> Iterator[tuple[tuple[int, ...], int]]:
    """Every coarser set partition, with the Möbius number ``Π (-1)^(b-1) (b-1)!`` over the merged groups of b blocks.

    The diagram of a partition is the sum of the orbits of its coarsenings; these numbers invert that sum.
    """
    blocks = max(string, default=-1) + 1
    for merge in growth_strings(blocks, blocks):
        sizes = [merge.count(b) for b in set(merge)]
        sign = math.prod((-1) ** (b - 1) * math.factorial(b - 1) for b in sizes)
        yield tuple(merge[b] for b in string), sign


def shapes(cells: int, rows: int, largest: int | None = None) -> Iterator[Shape]:
    """The Young diagrams with so many cells and at most so many rows, as weakly decreasing tuples."""
    if cells == 0:
        yield ()
    elif rows:
        for first in range(min(cells, cells if largest is None else largest), 0, -1):
            yield from ((first, *rest) for rest in shapes(cells - first, rows - 1, first))


def standard_tableaux(shape: Shape) -> int:
    """The number f^λ of standard tableaux, by hook lengths."""
    columns = [sum(1 for row in shape if row > j) for j in range(shape[0] if shape else 0)]
    hooks = math.prod(row - j + columns[j] - i - 1 for i, row in enumerate(shape) for j in range(row))
    return math.factorial(sum(shape)) // hooks


def matchings(points: int, fixed: int = 0) -> Iterator[tuple[Pairs, tuple[int, ...]]]:
    """Every way to pair all but ``fixed`` of the points ``0 .. points-1``; pairs and the points left over."""

    def extend(left: tuple[int, ...], pairs: Pairs, alone: tuple[int, ...]) -> Iterator[tuple[Pairs, tuple[int, ...]]]:
        if not left:
            yield pairs, alone
            return
        first, rest = left[0], left[1:]
        if len(rest) >= fixed - len(alone):
            for i, other in enumerate(rest):
                yield from extend(rest[:i] + rest[i + 1 :], (*pairs, (first, other)), alone)
        if len(alone) < fixed:
            yield from extend(rest, pairs, (*alone, first))

    if points >= fixed and (points - fixed) % 2 == 0:
        yield from (found for found in extend(tuple(range(points)), (), ()) if len(found[1]) == fixed)


def involution(pairs: Pairs, points: int) -> tuple[int, ...]:
    """The involution that swaps each pair and fixes what is left."""
    images = list(range(points))
    for a, b in pairs:
        images[a], images[b] = b, a
    return tuple(images)


def longest_increasing(sequence: Sequence[int]) -> int:
    """The length of a longest increasing subsequence, by patience sorting."""
    piles: list[int] = []
    for x in sequence:
        place = bisect_left(piles, x)
        piles[place : place + 1] = [x]
    return len(piles)
