"""Which classical group some infinitesimal generators define, where finding it is exact and quick.

A Lie algebra that preserves a form and has the dimension of all matrices that do, is so(p, q) or sp(2m); one of
traceless matrices and dimension n² - 1 is sl(n).  That the form is preserved is multiplied out over the field; the
dimension is that of the algebra which brackets generate modulo a prime, where it can only be too small.  Homomorphisms
depend on the complexified algebra alone, so a real form such as su(n) is recognised as sl(n) over its field.

>>> from catcore.equivariance.representations.representation import Representation
>>> J = {"x": [[0, 0, 0], [0, 0, -1], [0, 1, 0]], "y": [[0, 0, 1], [0, 0, 0], [-1, 0, 0]]}
>>> print(recognise(Representation.lie(J)), recognise(Representation.lie({"x": J["x"]})))
SO(3) None
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from catcore.equivariance.diagrams.schur_weyl import preserves
from catcore.equivariance.families import classical
from catcore.equivariance.families.classical import ClassicalGroup
from catcore.equivariance.linear_algebra import reduction
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.modular import Array, PrimeField
    from catcore.equivariance.representations.representation import Representation

MAX_DEGREE = 12  # of a representation that is looked at


@lru_cache(maxsize=256)
def recognise(rho: Representation) -> ClassicalGroup | None:
    """The classical group whose closure the generators and components have, with its form in standard position.

    None where there is none, or where finding it would take long.
    """
    if not 2 <= rho.degree <= MAX_DEGREE or rho.field.characteristic:
        return None
    dimension = _algebra_dimension(rho)
    for group in _candidates(rho.degree, dimension):
        if all(preserves(rho, name, group) for name in rho.monoid.generators):
            return group
    return None


def _candidates(n: int, dimension: int) -> Iterator[ClassicalGroup]:
    """The groups on n dimensions whose algebra has this dimension, smaller ones first."""
    if n % 2 == 0 and dimension == n * (n + 1) // 2:
        yield classical.Sp(n)
    if dimension == n * (n - 1) // 2:
        for family in (classical.SO, classical.O):
            yield from (family(n - minus, minus) for minus in range(n))
    if dimension == n * n - 1:
        yield classical.SL(n)
    if dimension == n * n:
        yield classical.GL(n)


def _algebra_dimension(rho: Representation) -> int:
    """The dimension of the Lie algebra that the infinitesimal generators make, modulo a prime; 0 where none serves."""
    names = [name for name in rho.monoid.generators if rho._infinitesimal(name)]
    family = MatrixFamily.of_matrices([rho.exact(name) for name in names], (rho.degree, rho.degree), rho.field)
    for place in reduction.places(rho.field):
        try:
            if not names:
                return 0
            algebra = generated(place.F, family.dense(place.all_residues(family.values)[0]), rho.degree**2)
            return 0 if algebra is None else len(algebra)
        except ZeroDivisionError:
            continue
    return 0


def generated(F: PrimeField, generators: Array, most: int) -> Array | None:
    """A basis of what the generators span with all their brackets, (dimension, n, n); None above so many."""
    n, new = generators.shape[1], generators
    span = F.echelon(generators.reshape(-1, n * n)).rows
    while len(new):
        brackets = [F.reduce(F.multiply(g, new) - F.multiply(new, g)).reshape(-1, n * n) for g in generators]
        grown = F.echelon(_stack(span, *brackets)).rows
        if len(grown) == len(span):
            break
        if len(grown) > most:
            return None
        span, new = grown, grown.reshape(-1, n, n)
    return span.reshape(-1, n, n)


def _stack(*blocks: Any) -> Any:
    import numpy as np

    return np.vstack(blocks)


__all__ = ["generated", "recognise"]
