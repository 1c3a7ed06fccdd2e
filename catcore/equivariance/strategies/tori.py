"""Weights modulo a prime: a basis in which a torus of the algebra is diagonal, though it is not over the field.

Rotations have no eigenvectors over Q.  Modulo a prime at which -1 is a square they have, and a homomorphism modulo p is
as good in one basis as in another, so that no larger field is needed; primes without a torus are passed over.

The torus is spanned by one element h, which :mod:`~catcore.equivariance.linear_algebra.split_tori` finds.  A generator
is the sum of parts that shift the eigenvalues of h by one root each.  Each part is a polynomial in ad h applied to the
generator, so homomorphisms commute with it too.  Heights, additive along all shifts that occur, tell which roots raise
(Humphreys, *Introduction to Lie Algebras and Representation Theory*, §8 and §10).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra.split_tori import WeightBasis, diagonal_elements, weight_bases
from catcore.equivariance.strategies.weights import Grading, Pairs, Shift, Side

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.modular import Array, PrimeField
    from catcore.equivariance.strategies.weights import Index

MAX_GENERATORS, MAX_ROOTS = 64, 256
MAX_HEIGHT = 1000  # of the random coefficients that tell roots apart
SEED = 20211  # so that answers repeat


class NoTorus(Exception):
    """No element that was looked at is diagonal in some basis modulo this prime."""


@dataclass(frozen=True, eq=False)
class Split:
    """Both sides in bases of weights: ``pairs`` and ``grades`` there, and how to come back."""

    F: PrimeField
    pairs: Pairs
    grades: Grading
    inverse: Array  # of the matrix whose columns are the inputs' basis of weights
    outputs: Array  # whose columns are the outputs' basis of weights


def split(F: PrimeField, pairs: Pairs, infinitesimal: int) -> Split | None:
    """The pairs, of which the first few are infinitesimal, in bases of weights; None where nothing tells which roots
    raise.  Raises :class:`NoTorus` where no torus is found."""
    import numpy as np

    if not 0 < infinitesimal <= MAX_GENERATORS:
        return None
    rng = np.random.default_rng(SEED)
    for values, h in diagonal_elements(F, pairs[:infinitesimal], rng):
        if len(values) > 1:
            sides = weight_bases(F, h, values, rng)
            return None if sides is None else _seen_by(F, pairs, infinitesimal, values, sides)
    raise NoTorus


# Both sides by its weights ----------------------------------------------------------------------------------------


def _seen_by(
    F: PrimeField, pairs: Pairs, infinitesimal: int, values: list[int], bases: list[WeightBasis]
) -> Split | None:
    """The pairs in bases of eigenvectors, and the shifts by which the infinitesimal ones raise and lower."""
    import numpy as np

    moved = [(bases[0].of(a), bases[1].of(b)) for a, b in pairs]
    weight = [basis.weight for basis in bases]
    steps = _steps(F, moved[:infinitesimal], weight, values)
    numbered = _heights(steps, len(values)) if len(steps) <= MAX_ROOTS else None
    if numbered is None:
        return None
    number, up = numbered
    raising, lowering = list[Shift](), list[Shift]()
    for root, by_generator in steps.items():
        for s, (sources, targets) in by_generator.items():
            to = np.full(len(values), -1)
            to[number[sources]] = number[targets]
            (raising if up[root] else lowering).append(Shift(s, to))
    sides = [Side.of(number[w], len(values)) for w in weight]
    grades = Grading(sides[0], sides[1], tuple(raising), tuple(lowering))
    return Split(F, moved, grades, bases[0].inverse, bases[1].columns)


Steps = dict[int, dict[int, tuple[Any, Any]]]  # root -> generator -> weights moved, and to which


def _steps(F: PrimeField, algebra: Sequence[Any], weight: Sequence[Index], values: list[int]) -> Steps:
    """Between which weights each generator moves vectors of either side, sorted by root; the root 0 is left out."""
    import numpy as np

    k, found = len(values), Steps()
    exact = np.array(values, dtype=np.int64)
    for s, pair in enumerate(algebra):
        codes = []
        for x, w in zip(pair, weight, strict=True):
            rows, columns = np.nonzero(x)
            codes.append(np.unique(w[columns] * k + w[rows]))
        sources, targets = np.divmod(np.unique(np.concatenate(codes)), k)
        roots = (exact[targets] - exact[sources]) % F.p
        for root in np.unique(roots[roots != 0]).tolist():
            here = roots == root
            found.setdefault(root, {})[s] = (sources[here], targets[here])
    return found


def _heights(steps: Steps, count: int) -> tuple[Index, dict[int, bool]] | None:
    """The weights numbered from the highest, and which roots raise, by heights that are additive along every shift.

    Along a forest of shifts weights are sums of roots, and every other shift is a linear relation between roots.  None
    where a root is left without a height, as when shifts lead around in a circle.
    """
    import flint
    import numpy as np

    r = len(steps)
    if not r:
        return np.arange(count), {}
    shifts = np.array(
        [
            (root, v, w)
            for root, by in enumerate(steps.values())
            for pair in by.values()
            for v, w in zip(*pair, strict=True)
        ]
    )
    root, v, w = np.unique(shifts, axis=0).T
    sums = _sums(root, v, w, count, r)
    relations = np.unique(sums[v] + np.eye(r, dtype=np.int64)[root] - sums[w], axis=0)
    null, nullity = flint.fmpz_mat(relations.tolist()).nullspace()
    if not nullity:
        return None
    free = np.array([[int(null[i, j]) for j in range(nullity)] for i in range(r)], dtype=object)
    mix = np.random.default_rng(SEED).integers(1, MAX_HEIGHT, nullity).astype(object)
    height = free @ mix
    if not all(height):
        return None
    order = sorted(range(count), key=(-(sums.astype(object) @ height)).tolist().__getitem__)
    return np.argsort(order), {name: height[i] > 0 for i, name in enumerate(steps)}


def _sums(root: Index, v: Index, w: Index, count: int, roots: int) -> Index:
    """The weights as sums of roots along a forest; the first of each tree is 0."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    graph = csr_array((np.ones(len(v)), (v, w)), shape=(count, count))
    known = dict(zip(zip(v.tolist(), w.tolist(), strict=True), root.tolist(), strict=True))
    sums = np.zeros((count, roots), dtype=np.int64)
    _, names = connected_components(graph, directed=False)
    for start in np.unique(names, return_index=True)[1]:
        order, before = breadth_first_order(graph, start, directed=False)
        for node, parent in itertools.islice(zip(order, before[order], strict=True), 1, None):
            sums[node] = sums[parent]
            if (int(parent), int(node)) in known:
                sums[node, known[int(parent), int(node)]] += 1
            else:
                sums[node, known[int(node), int(parent)]] -= 1
    return sums


__all__ = ["NoTorus", "Split", "split"]
