"""Whether ``W a = b W`` holds exactly, for a whole family of matrices W at once.

Over a number field both sides are multiplied out modulo primes at which the field splits.  Cleared of denominators, the
coordinates of the difference are integers below a bound that the entries' sizes give; if they vanish modulo primes
whose product exceeds it, they vanish.  Nothing is left to chance, and nothing overflows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from catcore.equivariance import reduction
from catcore.equivariance.matrix_family import MatrixFamily
from catcore.equivariance.modular import PrimeField

if TYPE_CHECKING:
    from catcore.equivariance.modular import Array

Pairs = Sequence[tuple[Any, Any]]  # exact sparse matrices
MAX_NUMBERS = 2**26  # of the family as a dense array


def holds(family: MatrixFamily, pairs: Pairs) -> bool:
    """Whether every W of the family satisfies ``W a = b W`` for every pair (a, b) of exact matrices."""
    if not len(family.values) or not pairs:
        return True
    numbers = family.size * family.shape[0] * family.shape[1]
    if numbers > MAX_NUMBERS:
        return all(one_holds(W, pairs) for W in family)
    bound, modulus = _bound(family, pairs), 1
    for place in reduction.places(family.field):
        try:
            if not _vanishes(place, family, pairs):
                return False
        except ZeroDivisionError:
            continue  # the prime divides a denominator
        modulus *= place.F.p
        if modulus > 2 * bound:
            return True
    return all(one_holds(W, pairs) for W in family)  # the field splits at too few of the primes looked at


def one_holds(matrix: Any, pairs: Pairs) -> bool:
    """Whether ``W a = b W`` for one exact matrix, by multiplying out both sides over the field."""
    return all((matrix * a).to_dok() == (b * matrix).to_dok() for a, b in pairs)


def _vanishes(place: reduction.Place, family: MatrixFamily, pairs: Pairs) -> bool:
    """Whether the differences vanish at all roots of the place."""
    import numpy as np

    residues = np.array([place.residues(x) for x in family.values], dtype=float)
    generators = [(place.matrix(a), place.matrix(b)) for a, b in pairs]
    for r in range(len(place.roots)):
        stack = family.dense(place.F.reduce(residues[:, r]))
        if not all(_commutes(place.F, stack, a[r], b[r]) for a, b in generators):
            return False
    return True


def _commutes(F: PrimeField, stack: Array, a: Any, b: Any) -> bool:
    import numpy as np

    d, m, n = stack.shape
    right = F.multiply(a.T, stack.reshape(d * m, n).T).reshape(n, d, m)
    left = F.multiply(b, stack.transpose(1, 0, 2).reshape(m, d * n)).reshape(m, d, n)
    return not np.any(F.reduce(right.transpose(2, 1, 0) - left))


def _bound(family: MatrixFamily, pairs: Pairs) -> int:
    """More than any coordinate of ``W a - b W``, once cleared of denominators; 0 in positive characteristic."""
    field = family.field
    if field.characteristic:
        return 0
    entries = {x for pair in pairs for matrix in pair for x in matrix.to_dok().values()}
    degree = len(reduction.minimal_polynomial(field)) - 1
    theta = field.domain([1, 0]) if field.generators else field.domain.one
    powers = [theta**k for k in range(2 * degree - 1)]
    return sum(family.shape) * degree**2 * math.prod(_size(part) for part in (family.values, entries, powers))


def _size(elements: Iterable[Any]) -> int:
    """The largest coordinate of some elements over their common denominator."""
    fractions = [reduction.fraction(c) for x in elements for c in reduction.coordinates_of(x)]
    common = math.lcm(*(bottom for _, bottom in fractions))
    return max((abs(top) * (common // bottom) for top, bottom in fractions), default=0)


__all__ = ["holds", "one_holds"]
