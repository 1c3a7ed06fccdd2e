"""Weights: what acts diagonally on both sides grades them, and homomorphisms keep the grading.

Some elements of the algebra that the generators make may be diagonal on both sides, as the ``h_i = [e_i, f_i]`` of a
Chevalley basis are in a weight basis.  Basis vectors are sorted by their eigenvalues, and ``W h = h W`` leaves only the
entries of W between equal weights.  A generator that shifts all weights by one root raises or lowers (Humphreys,
*Introduction to Lie Algebras and Representation Theory*, §8 and §20).

>>> from scipy.sparse import csr_array
>>> e, f = csr_array([[0, 1], [0, 0]]), csr_array([[0, 0], [1, 0]])
>>> grades = grading([(e, e), (f, f)])
>>> grades.count, [x.generator for x in grades.raising], [x.generator for x in grades.lowering], grades.places.tolist()
(2, [0], [1], [0, 3])
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Index = NDArray[np.int64]

Pairs = Sequence[tuple[Any, Any]]

MAX_GENERATORS = 64
MAX_ENTRY = 2**20  # of matrices whose brackets are formed


@dataclass(frozen=True, eq=False)
class Side:
    """The basis vectors of one space sorted by weight: ``order`` lists them, those of weight w from ``start[w]`` on."""

    order: Index
    start: Index

    @classmethod
    def of(cls, weight: Index, count: int) -> Side:
        """The side on which basis vector i has weight number ``weight[i]``."""
        import numpy as np

        order = np.argsort(weight, kind="stable")
        return cls(order, np.searchsorted(weight[order], np.arange(count + 1)))

    def size(self, w: int) -> int:
        """The multiplicity of a weight."""
        return int(self.start[w + 1] - self.start[w])

    def part(self, w: int) -> slice:
        """Where the vectors of a weight stand in the order."""
        return slice(int(self.start[w]), int(self.start[w + 1]))

    def sorted(self, matrix: Any) -> Any:
        """A matrix in the basis as it is sorted."""
        return matrix[self.order][:, self.order]


@dataclass(frozen=True, eq=False)
class Shift:
    """What a generator does along one root: ``to[w]`` is the weight that it moves weight w to, -1 where there is
    none."""

    generator: int
    to: Index


@dataclass(frozen=True, eq=False)
class Grading:
    """Both sides by weight, weights numbered from the highest, and what shifts weights up and down."""

    inputs: Side
    outputs: Side
    raising: tuple[Shift, ...]
    lowering: tuple[Shift, ...]

    @property
    def count(self) -> int:
        """How many weights there are."""
        return len(self.inputs.start) - 1

    @cached_property
    def places(self) -> Index:
        """The entries (i, j) of W between equal weights as numbers i·n_in + j: weight by weight, then by j, by i."""
        import numpy as np

        n, found = len(self.inputs.order), []
        for w in range(self.count):
            j, i = self.inputs.order[self.inputs.part(w)], self.outputs.order[self.outputs.part(w)]
            found.append((i[None, :] * n + j[:, None]).ravel())
        return np.concatenate(found)


def grading(pairs: Pairs) -> Grading | None:
    """The grading by what is diagonal among the generators and their brackets, sparse arrays of integers.

    None where nothing is, or where no generator raises or none lowers.
    """
    import numpy as np

    diagonals = list(_diagonals(pairs)) if len(pairs) <= MAX_GENERATORS else []
    if not diagonals:
        return None
    n = pairs[0][0].shape[0]
    weights, weight = np.unique(np.array(diagonals).T, axis=0, return_inverse=True)
    weight = weight.ravel()
    roots = {s: root for s, pair in enumerate(pairs) if (root := _root(pair, weights[weight], n)) is not None}
    height_of = _height(list(roots.values()))
    if height_of is None:
        return None
    highest_first = np.argsort(-(weights @ height_of), kind="stable")
    weights, weight = weights[highest_first], np.argsort(highest_first)[weight]
    number = {tuple(w): k for k, w in enumerate(weights.tolist())}
    moved = {s: np.array([number.get(tuple(w), -1) for w in (weights + root).tolist()]) for s, root in roots.items()}
    up = {s for s, root in roots.items() if root @ height_of > 0}
    inputs, outputs = (Side.of(part, len(weights)) for part in (weight[:n], weight[n:]))
    raising, lowering = (tuple(Shift(s, moved[s]) for s in roots if (s in up) == upward) for upward in (True, False))
    return Grading(inputs, outputs, raising, lowering)


def _diagonals(pairs: Pairs) -> Iterator[Index]:
    """The diagonals, inputs before outputs, of generators and of their brackets that are diagonal on both sides."""
    import numpy as np

    for a, b in itertools.chain(pairs, _brackets(pairs)):
        if _is_diagonal(a) and _is_diagonal(b):
            yield np.concatenate([a.diagonal(), b.diagonal()])


def _is_diagonal(a: Any) -> bool:
    rows, columns = a.nonzero()
    return bool((rows == columns).all())


def _brackets(pairs: Pairs) -> Iterator[tuple[Any, Any]]:
    """The brackets of two generators of which one has its entries where the transpose of the other has."""
    largest = max((abs(x).max() for pair in pairs for x in pair if x.nnz), default=0)
    for (a, b), (c, d) in itertools.combinations(pairs, 2):
        if largest <= MAX_ENTRY and _opposite(a, c) and _opposite(b, d):
            yield a @ c - c @ a, b @ d - d @ b


def _opposite(a: Any, c: Any) -> bool:
    import numpy as np

    if a.nnz != c.nnz:
        return False
    (rows, columns), (below, right) = a.nonzero(), c.nonzero()
    order, other = np.lexsort((columns, rows)), np.lexsort((below, right))
    return bool((rows[order] == right[other]).all() and (columns[order] == below[other]).all())


def _root(pair: tuple[Any, Any], weights: Index, n: int) -> Index | None:
    """The one difference of weights by which a pair moves basis vectors; None where there are several, or it is 0."""
    import numpy as np

    (rows, columns), (below, right) = (x.nonzero() for x in pair)
    steps = weights[np.concatenate([rows, below + n])] - weights[np.concatenate([columns, right + n])]
    return steps[0] if len(steps) and steps[0].any() and (steps == steps[0]).all() else None


def _height(roots: Sequence[Index]) -> Any:
    """A linear form that is positive on the roots that raise and negative on the others, which are their opposites.

    Of two opposite roots the one that comes first raises; None where there is no such form.
    """
    import numpy as np

    raising: list[Index] = []
    for root in roots:
        if not any(np.array_equal(root, -other) for other in raising):
            raising.append(root)
    if not 0 < len(raising) < len(roots):
        return None
    form = np.linalg.pinv(np.array(raising, dtype=float)) @ np.ones(len(raising))
    return form if min(root @ form for root in raising) > 0 else None


__all__ = ["Grading", "Shift", "Side", "grading"]
