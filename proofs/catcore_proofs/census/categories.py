"""All small categories with a given number of morphisms, up to isomorphism.

A category with n morphisms has at most n objects; its identities are morphisms too.  For each way to say how many other
morphisms run from object to object, up to renaming the objects, the composition tables are searched: composites of
identities are given, composites of others lie in the right hom-set, and associativity holds on all composable triples.

>>> [count_categories(n).up_to_isomorphism for n in range(5)]
[1, 1, 3, 11, 55]
"""

from __future__ import annotations

import itertools as it
import math
from collections.abc import Iterator

import numpy as np

from catcore.categories.finite_sets import computed_by, computing
from catcore.errors import ShapeMismatch, TooLarge
from catcore_proofs.census.entries import Ints
from catcore_proofs.census.findings import Count, Stopwatch
from catcore_proofs.census.tables import Ground, Problem, search, symmetries

#: The most morphisms that are looked at: the symmetries of a hom-set are listed.
MAX_MORPHISMS = 7
#: How many non-identity morphisms run from each object to each object.
Quiver = tuple[tuple[int, ...], ...]


def count_categories(morphisms: int, *, objects: int | None = None, backend: str = "") -> Count:
    """The categories with a given number of morphisms, and of objects where that is said.

    ``count`` is the number of categories whose morphisms are labelled, ``up_to_isomorphism`` the number of classes.
    Partial tables are NumPy's arrays, or those of another ``backend``, such as ``"cupy"``.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        ShapeMismatch: for a negative number.
        TooLarge: above ``MAX_MORPHISMS`` morphisms.
    """
    if morphisms < 0:
        raise ShapeMismatch(f"Categories with {morphisms} morphisms were asked for; numbers start at 0.")
    if morphisms > MAX_MORPHISMS:
        raise TooLarge(f"Categories with {morphisms} morphisms were asked for; up to {MAX_MORPHISMS} are searched.")
    watch = Stopwatch()
    classes = labelled = looked = 0
    numbers = [objects] if objects is not None else range(bool(morphisms), morphisms + 1)
    with computed_by(backend):
        searched_on = computing()
        for quiver in it.chain.from_iterable(quivers(k, morphisms - k) for k in numbers):
            found = search(_problem(quiver))
            classes += found.classes
            # a labelling forgets the partition into hom-sets and the names of the identities
            labelled += math.factorial(morphisms) * found.labelled // _order(quiver)
            looked += found.partial
    with_objects = "" if objects is None else f" and {objects} objects"
    return Count(
        f"categories with {morphisms} morphisms{with_objects}", labelled, classes, seconds=watch.seconds,
        searched=f"{looked} partial composition tables", backend=searched_on,
    )  # fmt: skip


def quivers(objects: int, arrows: int) -> Iterator[Quiver]:
    """The directed multigraphs with so many vertices and arrows, one of each isomorphism class."""
    for flat in _sums(objects * objects, arrows):
        quiver = tuple(flat[i * objects : (i + 1) * objects] for i in range(objects))
        if all(_renamed(quiver, p) <= quiver for p in it.permutations(range(objects))):
            yield quiver


def _sums(places: int, total: int) -> Iterator[tuple[int, ...]]:
    if places == 0:
        if total == 0:
            yield ()
        return
    for first in range(total + 1):
        for rest in _sums(places - 1, total - first):
            yield (first, *rest)


def _renamed(quiver: Quiver, p: tuple[int, ...]) -> Quiver:
    return tuple(tuple(quiver[i][j] for j in p) for i in p)


def _renamings(quiver: Quiver) -> list[tuple[int, ...]]:
    return [p for p in it.permutations(range(len(quiver))) if _renamed(quiver, p) == quiver]


def _order(quiver: Quiver) -> int:
    return len(_renamings(quiver)) * math.prod(math.factorial(m) for row in quiver for m in row)


def _problem(quiver: Quiver) -> Problem:
    k = len(quiver)
    homs: dict[tuple[int, int], list[int]] = {}
    ends = [(i, i) for i in range(k)]
    for i, j in it.product(range(k), repeat=2):
        start = len(ends)
        ends += [(i, j)] * quiver[i][j]
        homs[i, j] = list(range(start, len(ends)))
    n = len(ends)
    index, allowed = _cells(k, ends, homs)
    triples = [
        (f, g, h)
        for f, g, h in it.product(range(k, n), repeat=3)
        if ends[f][1] == ends[g][0] and ends[g][1] == ends[h][0]
    ]
    columns = np.asarray(triples, np.int64).reshape(-1, 3).T.copy()
    law = Ground((0, ((0, (0, 1)), 2)), (0, (0, (0, (1, 2)))), columns)
    moves = [[m] for m in _moves(quiver, homs, n)]
    sources, images = symmetries([index], [(0, 0)], [0], moves)
    return Problem((index,), allowed, (law,), sources, images)


def _cells(k: int, ends: list[tuple[int, int]], homs: dict[tuple[int, int], list[int]]) -> tuple[Ints, Ints]:
    """A cell for each composable pair, first those of small arguments, and the hom-set its composite lies in."""
    n = len(ends)
    pairs = sorted((max(f, g), f, g) for f in range(n) for g in range(n) if ends[f][1] == ends[g][0])
    index = np.full((n, n), -1, np.int64)
    allowed = np.zeros(len(pairs), np.int64)
    for cell, (_, f, g) in enumerate(pairs):
        index[f, g] = cell
        a, c = ends[f][0], ends[g][1]
        choices = [g] if f < k else [f] if g < k else homs[a, c] + ([a] if a == c else [])
        allowed[cell] = sum(1 << m for m in choices)
    return index, allowed


def _moves(quiver: Quiver, homs: dict[tuple[int, int], list[int]], n: int) -> Iterator[Ints]:
    """The symmetries of a quiver as permutations of all morphisms, the identity first."""
    pairs = list(homs)
    for renaming in _renamings(quiver):
        for chosen in it.product(*(it.permutations(homs[renaming[i], renaming[j]]) for i, j in pairs)):
            move = np.zeros(n, np.int64)
            move[: len(quiver)] = renaming
            for pair, images in zip(pairs, chosen, strict=True):
                move[homs[pair]] = images
            yield move
