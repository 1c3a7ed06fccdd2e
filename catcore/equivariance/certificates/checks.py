"""Checks that do not trust the solver: the equation multiplied out, and dimensions counted another way.

Dimensions are counted in :mod:`~catcore.equivariance.certificates.counts`.  The Reynolds operator averages any matrix
into the space (T1.11).  Both need inverses and an average, so a monoid is refused.
"""

from __future__ import annotations

import itertools
from typing import Any

from catcore.equivariance.groups import models
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation
from catcore.equivariance.strategies import intertwining, orbit_spans, orbits
from catcore.equivariance.strategies.null_space import Basis
from catcore.equivariance.strategies.orbits import Pattern
from catcore.equivariance.strategies.system import System
from catcore.errors import TooLarge
from catcore.exact import Field

MAX_MATRIX_ELEMENTS = 1000


def exact_pairs(rho_in: Representation, rho_out: Representation, field: Field) -> list[tuple[Any, Any]]:
    """The generators' matrices on both sides, over one field."""
    return [(rho_in.exact(name, field), rho_out.exact(name, field)) for name in rho_in.monoid.generators]


def index_maps(rho_in: Representation, rho_out: Representation) -> tuple[list[Any], list[Any]] | None:
    """The generators' index maps on both sides when the output maps permute; None otherwise."""
    if (
        not isinstance(rho_in, PermutationRepresentation)
        or not isinstance(rho_out, PermutationRepresentation)
        or not rho_out.bijective
    ):
        return None
    names = rho_in.monoid.generators
    return [rho_in.index_map(s) for s in names], [rho_out.index_map(s) for s in names]


def verify_solution(solution: Basis | Pattern, rho_in: Representation, rho_out: Representation, field: Field) -> bool:
    """Whether every basis matrix of a solution satisfies ``W ρ_in(s) = ρ_out(s) W`` exactly, for every generator s."""
    found = orbit_spans.sides(rho_in, rho_out) if isinstance(solution, Pattern) else None
    if isinstance(solution, Pattern) and found is not None and len(found[2]) <= 2:
        return orbits.is_equivariant(solution.labels, *found[:2])
    pairs = exact_pairs(rho_in, rho_out, field)
    basis = solution.matrices if isinstance(solution, Basis) else pattern_basis(solution, field)
    shape = (rho_out.degree, rho_in.degree)
    return intertwining.holds(MatrixFamily.of_matrices(basis, shape, field), System(pairs, field))


def pattern_basis(pattern: Pattern, field: Field) -> tuple[Any, ...]:
    """The 0/±1 matrices of a pattern, one a parameter."""
    import numpy as np

    n_in = pattern.labels.shape[1]
    labels = pattern.labels.ravel()
    places = np.argsort(np.abs(labels), kind="stable")
    bounds = np.searchsorted(np.abs(labels)[places], np.arange(1, pattern.count + 2))
    one = field.domain.one
    found = []
    for start, end in itertools.pairwise(bounds):
        members = places[start:end]
        signs = labels[members] > 0
        entries = {divmod(int(u), n_in): one if plus else -one for u, plus in zip(members, signs, strict=True)}
        found.append(matrices.sparse(entries, pattern.labels.shape, field))
    return tuple(found)


def independent_dimension(rho_in: Representation, rho_out: Representation) -> int:
    """The dimension by characters, Burnside's count or Weyl's formula; the solver is not used.

    See :mod:`~catcore.equivariance.certificates.counts`.  Raises ``NotAGroup`` for monoids, other Lie groups and finite
    fields, ``TooLarge`` for a group that is too large to sum over.
    """
    from catcore.equivariance.certificates import counts

    return counts.count(rho_in, rho_out).dim


def _closed(elements: list[Any] | None, limit: int) -> list[Any]:
    if elements is None:
        raise TooLarge(
            f"More than {limit} different pairs of matrices were found, too many to sum over; the "
            "solver needs only generators."
        )
    return elements


class _Element:
    """A pair of exact matrices, hashed by its entries."""

    def __init__(self, a: Any, b: Any) -> None:
        self.a, self.b = a, b
        self.key = (frozenset(a.to_dok().items()), frozenset(b.to_dok().items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Element) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __mul__(self, other: _Element) -> _Element:
        return _Element(self.a * other.a, self.b * other.b)


def _matrix_group(rho_in: Representation, rho_out: Representation, field: Field) -> list[_Element]:
    generators = [_Element(a, b) for a, b in exact_pairs(rho_in, rho_out, field)]
    one = _Element(matrices.identity(rho_in.degree, field), matrices.identity(rho_out.degree, field))
    return _closed(models.close_under(generators, one, lambda x, y: x * y, MAX_MATRIX_ELEMENTS), MAX_MATRIX_ELEMENTS)


def reynolds(matrix: Any, rho_in: Representation, rho_out: Representation) -> Any:
    """The average ``(1/|G|) Σ ρ_out(g) W ρ_in(g)⁻¹``, a projection onto the equivariant matrices (T1.11).

    Raises ``NotAGroup`` for monoids, Lie groups and finite fields, ``TooLarge`` for a group of more than 1000 elements.
    """
    from catcore.equivariance.certificates import counts

    for rho in (rho_in, rho_out):
        counts.need_finite_group(rho, "A Reynolds average")
    rows = matrices.read_rows(matrix, "the matrix to average", None)
    field = rho_in.field.join(rho_out.field).join(matrices.smallest_field([rows]))
    W = matrices.from_rows(rows, field)
    group = _matrix_group(rho_in, rho_out, field)
    total = group[0].b * W * group[0].a.inv()
    for x in group[1:]:
        total = total + x.b * W * x.a.inv()
    return matrices.to_sympy(total, field) / len(group)
