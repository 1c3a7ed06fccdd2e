"""Whether ``W a = b W`` holds exactly, for a whole family of matrices W at once.

Over a number field both sides are multiplied out modulo primes at which the field splits.  Cleared of denominators, the
coordinates of the difference are integers below a bound that the entries' sizes give; if they vanish modulo primes
whose product exceeds it, they vanish.  Nothing is left to chance, and nothing overflows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra import reduction
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.linear_algebra.modular import PrimeField
from catcore.equivariance.strategies.system import System

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.modular import Array

MAX_NUMBERS = 2**26  # of the family as a dense array
SPARSE = 0.1  # share of nonzero entries below which products are sparse


def holds(family: MatrixFamily, system: System) -> bool:
    """Whether every W of the family satisfies ``W a = b W`` for every pair (a, b) of the system."""
    if not family.values or not system.pairs:
        return True
    bound, modulus = _bound(family, system), 1
    for place in reduction.places(family.field):
        try:
            if not _vanishes(place, family, system):
                return False
        except ZeroDivisionError:
            continue  # the prime divides a denominator
        modulus *= place.F.p
        if modulus > 2 * bound:
            return True
    return all(one_holds(W, system.pairs) for W in family)  # the field splits at too few of the primes looked at


def one_holds(matrix: Any, pairs: Sequence[tuple[Any, Any]]) -> bool:
    """Whether ``W a = b W`` for one exact matrix, by multiplying out both sides over the field."""
    return all((matrix * a).to_dok() == (b * matrix).to_dok() for a, b in pairs)


def _vanishes(place: reduction.Place, family: MatrixFamily, system: System) -> bool:
    """Whether the differences vanish at all roots of the place."""
    numbers = family.size * family.shape[0] * family.shape[1]
    sparse = len(family.place) < SPARSE * numbers or numbers > MAX_NUMBERS
    for values, pairs in zip(place.all_residues(family.values), system.at(place), strict=True):
        if sparse:
            stack = _stacked(family, values)
            commutes = all(_sparse_commutes(place.F, stack, family.size, a, b) for a, b in pairs)
        else:
            dense = family.dense(values)
            commutes = all(_dense_commutes(place.F, dense, a, b) for a, b in pairs)
        if not commutes:
            return False
    return True


def _dense_commutes(F: PrimeField, stack: Array, a: Any, b: Any) -> bool:
    import numpy as np

    d, m, n = stack.shape
    right = F.multiply(a.T, stack.reshape(d * m, n).T).reshape(n, d, m)
    left = F.multiply(b, stack.transpose(1, 0, 2).reshape(m, d * n)).reshape(m, d, n)
    return not np.any(F.reduce(right.transpose(2, 1, 0) - left))


def _stacked(family: MatrixFamily, values: Array) -> tuple[Any, Any]:
    """All matrices one below the other, and all their transposes."""
    import numpy as np
    from scipy.sparse import csr_array

    m, n = family.shape
    row, column = np.divmod(family.place, n)
    entries, d = values[family.value], family.size
    upright = csr_array((entries, (family.member * m + row, column)), shape=(d * m, n))
    return upright, csr_array((entries, (family.member * n + column, row)), shape=(d * n, m))


def _sparse_commutes(F: PrimeField, stack: tuple[Any, Any], d: int, a: Any, b: Any) -> bool:
    import numpy as np
    from scipy.sparse import coo_array, csr_array

    upright, turned = stack
    m, n = turned.shape[1], upright.shape[1]
    right = upright @ csr_array(a)
    left = coo_array(turned @ csr_array(b).T.tocsr())
    member, column = np.divmod(left.coords[0], n)
    back = csr_array((left.data, (member * m + left.coords[1], column)), shape=(d * m, n))
    return not np.any(F.reduce((right - back).data))


def _bound(family: MatrixFamily, system: System) -> int:
    """More than any coordinate of ``W a - b W``, once cleared of denominators; 0 in positive characteristic."""
    field = family.field
    if field.characteristic:
        return 0
    entries = (*system.inputs.values, *system.outputs.values)
    (largest, _), (entry, _) = reduction.size(family.values), reduction.size(entries)
    return sum(family.shape) * reduction.growth(field)[0] * largest * entry


__all__ = ["holds", "one_holds"]
