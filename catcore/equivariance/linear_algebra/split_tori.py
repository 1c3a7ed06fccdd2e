"""Split tori: elements of a matrix Lie algebra that are diagonal in some basis modulo a prime, and that basis.

An algebra acts on several spaces at once; an element is a tuple of matrices, one a space, and a weight is an eigenvalue
on any of them.  A torus is spanned by one element with random coefficients: of basis elements that commute and are
diagonal in some basis, such as rotations in planes that have no axis in common, or, failing that, of all.  Such an
element is diagonal in some basis for one of |W| primes and draws, W being the Weyl group (Humphreys, *Introduction to
Lie Algebras and Representation Theory*, §8 and §15).

>>> import numpy as np
>>> F, rng = PrimeField(8388593), np.random.default_rng(0)
>>> turn = np.array([[0.0, 1.0], [8388592.0, 0.0]])
>>> values, h = next(diagonal_elements(F, [(turn,)], rng))    # -1 is a square modulo 8388593
>>> len(values), [side.weight.tolist() for side in weight_bases(F, h, values, rng) or ()]
(2, [[0, 1]])
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra.eigenspaces import eigenbasis, eigenvalues
from catcore.equivariance.linear_algebra.modular import PrimeField

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.linear_algebra.modular import Array

Element = tuple[Any, ...]  # a matrix for each space, dense or sparse
TRIES = 64  # random elements that are looked at
SEED = 20211  # of the vectors on which elements are seen to commute


@dataclass(frozen=True, eq=False)
class WeightBasis:
    """A basis of eigenvectors of one space: its vectors as ``columns``, and the number of the weight of each."""

    F: PrimeField
    columns: Array
    inverse: Array
    weight: NDArray[np.int64]

    def of(self, matrix: Any) -> Array:
        """A matrix in this basis."""
        return self.F.multiply(self.inverse, self.F.multiply(matrix, self.columns))


def diagonal_elements(
    F: PrimeField, algebra: Sequence[Element], rng: np.random.Generator
) -> Iterator[tuple[list[int], Element]]:
    """Elements that are diagonal in some basis, each with its eigenvalues: of what commutes first, then of all."""
    for span in itertools.chain([_commuting(F, algebra, rng)], itertools.repeat(algebra, TRIES)):
        if span:
            h = _combined(F, span, rng)
            values = eigenvalues(F, _distinct(h), rng)
            if values is not None:
                yield values, h


def weight_bases(
    F: PrimeField, h: Element, values: Sequence[int], rng: np.random.Generator
) -> list[WeightBasis] | None:
    """The bases of weights of an element with these eigenvalues; None where they are not all."""
    import numpy as np

    known: dict[int, WeightBasis] = {}
    for space in _distinct(h):
        found = eigenbasis(F, space, values, rng)
        if found is None:
            return None
        columns = np.hstack(found)
        weight = np.repeat(np.arange(len(values)), [b.shape[1] for b in found])
        known[id(space)] = WeightBasis(F, columns, F.inverse(columns), weight)
    return [known[id(space)] for space in h]


def _distinct(h: Element) -> list[Any]:
    """The matrices of an element, those of equal spaces once."""
    return list({id(space): space for space in h}.values())


def _commuting(F: PrimeField, algebra: Sequence[Element], rng: np.random.Generator) -> list[Element]:
    """Elements of the basis that commute and are diagonal in some basis, one after the other as far as they do."""
    chosen: list[Element] = []
    for x in algebra:
        commutes = all(_commute(F, a, c) for y in chosen for a, c in zip(x, y, strict=True))
        if commutes and eigenvalues(F, _distinct(x), rng) is not None:
            chosen.append(x)
    return chosen


def _commute(F: PrimeField, a: Any, c: Any) -> bool:
    import numpy as np

    z = F.random((a.shape[0], 2), np.random.default_rng(SEED))
    return not F.reduce(F.multiply(a, F.multiply(c, z)) - F.multiply(c, F.multiply(a, z))).any()


def _combined(F: PrimeField, span: Sequence[Element], rng: np.random.Generator) -> Element:
    """A random combination; equal spaces stay one."""
    factors, known = F.random((len(span),), rng), dict[tuple[int, ...], Any]()
    for matrices in zip(*span, strict=True):
        key = tuple(map(id, matrices))
        if key not in known:
            known[key] = _sum(F, factors, matrices)
    return tuple(known[tuple(map(id, matrices))] for matrices in zip(*span, strict=True))


def _sum(F: PrimeField, factors: Array, matrices: Sequence[Any]) -> Any:
    from scipy.sparse import issparse

    if not all(map(issparse, matrices)):
        dense: list[Any] = [a.toarray() if hasattr(a, "toarray") else a for a in matrices]
        return F.reduce(sum(c * a for c, a in zip(factors, dense, strict=True)))
    total = sum(c * a for c, a in zip(factors, matrices, strict=True)).tocsr()
    total.data = F.reduce(total.data)
    return total


__all__ = ["WeightBasis", "diagonal_elements", "weight_bases"]
