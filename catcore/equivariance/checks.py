"""Checks that do not trust the solver: the equation multiplied out, and dimensions counted another way.

For a finite group the dimension of the space of homomorphisms is ``(1/|G|) Σ χ_out(g) χ_in(g⁻¹)``, and for permutations
it is Burnside's number of orbits on pairs (T1.11).  The Reynolds operator averages any matrix into the space.  All
three
need inverses and an average, so a monoid is refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from catcore.equivariance import intertwining, matrices, models, orbits
from catcore.equivariance.matrix_family import MatrixFamily
from catcore.equivariance.null_space import Basis
from catcore.equivariance.orbits import Pattern
from catcore.equivariance.permutations import PermutationRepresentation
from catcore.equivariance.representations import LieRepresentation, Representation
from catcore.errors import NotAGroup, NotARepresentation, TooLarge
from catcore.exact import Field

MAX_ELEMENTS = 5040
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
    return both_maps(rho_in, rho_out)


def both_maps(rho_in: PermutationRepresentation, rho_out: PermutationRepresentation) -> tuple[list[Any], list[Any]]:
    """The generators' index maps on both sides."""
    names = rho_in.monoid.generators
    return [rho_in.index_map(s) for s in names], [rho_out.index_map(s) for s in names]


def verify_solution(solution: Basis | Pattern, rho_in: Representation, rho_out: Representation, field: Field) -> bool:
    """Whether every basis matrix of a solution satisfies ``W ρ_in(s) = ρ_out(s) W`` exactly, for every generator s."""
    maps = index_maps(rho_in, rho_out)
    if isinstance(solution, Pattern) and maps is not None:
        return orbits.is_equivariant(solution.labels, *maps)
    pairs = exact_pairs(rho_in, rho_out, field)
    basis = solution.matrices if isinstance(solution, Basis) else pattern_basis(solution, field)
    shape = (rho_out.degree, rho_in.degree)
    return intertwining.holds(MatrixFamily.of_matrices(basis, shape, field), pairs)


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


def _need_finite_group(rho: Representation, asked: str) -> None:
    if isinstance(rho, LieRepresentation):
        raise NotAGroup(
            f"{asked} over {rho.monoid} was asked for and it is infinite; the equations of its "
            "generators are all there is."
        )
    if not rho.monoid.is_group:
        raise NotAGroup(
            f"{asked} over {rho.monoid} was asked for and it is a monoid: without inverses there is no averaging, "
            "so only the linear equations count (T2.1)."
        )
    if rho.field.characteristic:
        raise NotAGroup(
            f"{asked} over {rho.field.name} was asked for; averages and characters are used in characteristic 0 only."
        )


def independent_dimension(rho_in: Representation, rho_out: Representation) -> int:
    """The dimension by Burnside's count or by characters, for a finite group; the solver is not used.

    Raises ``NotAGroup`` for monoids, Lie groups and finite fields, ``TooLarge`` for more than 5040 elements.
    """
    for rho in (rho_in, rho_out):
        _need_finite_group(rho, "A dimension by characters")
    maps = index_maps(rho_in, rho_out)
    return _burnside(*maps) if maps is not None else _characters(rho_in, rho_out)


def _closed(elements: list[Any] | None, limit: int) -> list[Any]:
    if elements is None:
        raise TooLarge(
            f"More than {limit} different pairs of matrices were found, too many to sum over; the "
            "solver needs only generators."
        )
    return elements


def _burnside(maps_in: Sequence[Any], maps_out: Sequence[Any]) -> int:
    """(1/|G|) Σ fix_out(g) fix_in(g), over the group that acts on both sets of points."""
    import numpy as np

    if not maps_in:
        raise NotAGroup("A count over a group without generators was asked for; there every matrix is equivariant.")
    m, n = len(maps_out[0]), len(maps_in[0])
    both = [np.concatenate([t, s + m]).astype(np.int32) for s, t in zip(maps_in, maps_out, strict=True)]
    limit = min(MAX_ELEMENTS, 50_000_000 // (m + n))
    one = np.arange(m + n, dtype=np.int32).tobytes()

    def multiply(x: bytes, y: bytes) -> bytes:
        return np.frombuffer(x, np.int32)[np.frombuffer(y, np.int32)].tobytes()

    group = _closed(models.close_under([g.tobytes() for g in both], one, multiply, limit), limit)
    fixed = np.stack([np.frombuffer(g, np.int32) for g in group]) == np.arange(m + n)
    total = int((fixed[:, :m].sum(1, dtype=np.int64) * fixed[:, m:].sum(1, dtype=np.int64)).sum())
    return _exact_quotient(total, len(group))


def _exact_quotient(total: Any, order: int) -> int:
    if total % order:
        raise NotARepresentation(
            "A character sum is not divisible by the order of the group; these are not representations of it."
        )
    return int(total // order)


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


def _characters(rho_in: Representation, rho_out: Representation) -> int:
    """(1/|G|) Σ χ_out(g) χ_in(g⁻¹) over the matrix group that the generators make."""
    field = rho_in.field.join(rho_out.field)
    group = _matrix_group(rho_in, rho_out, field)
    total = sum((_trace(x.b, field) * _trace(x.a.inv(), field) for x in group), field.domain.zero)
    expression = field.expression(total)
    return _exact_quotient(expression, len(group))


def _trace(matrix: Any, field: Field) -> Any:
    return sum((x for (i, j), x in matrix.to_dok().items() if i == j), field.domain.zero)


def reynolds(matrix: Any, rho_in: Representation, rho_out: Representation) -> Any:
    """The average ``(1/|G|) Σ ρ_out(g) W ρ_in(g)⁻¹``, a projection onto the equivariant matrices (T1.11).

    Raises ``NotAGroup`` for monoids, Lie groups and finite fields, ``TooLarge`` for a group of more than 1000 elements.
    """
    for rho in (rho_in, rho_out):
        _need_finite_group(rho, "A Reynolds average")
    rows = matrices.read_rows(matrix, "the matrix to average", None)
    field = rho_in.field.join(rho_out.field).join(matrices.smallest_field([rows]))
    W = matrices.from_rows(rows, field)
    group = _matrix_group(rho_in, rho_out, field)
    total = group[0].b * W * group[0].a.inv()
    for x in group[1:]:
        total = total + x.b * W * x.a.inv()
    return matrices.to_sympy(total, field) / len(group)
