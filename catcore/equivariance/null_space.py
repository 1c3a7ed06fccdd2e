"""Everything that is not index maps: the exact null space of ``W ρ_in(s) - ρ_out(s) W = 0`` over the generators.

Nothing is inverted and nothing is averaged, so monoids and Lie algebra generators are solved as groups are (T1.11,
T2.1).
Over Q the system is solved modulo a prime of 61 bits, the reduced echelon basis is lifted by rational reconstruction,
and the lifted matrices are put back into the equations exactly.  Modulo a prime the dimension can only be too large, so
lifted solutions as many as the modular dimension are a basis.  Over GF(p) the same elimination is already exact; over
a number field SymPy's sparse elimination is used.  Where every equation has at most two unknowns, as for signed
permutations and shifts that fill with zeros, :mod:`~catcore.equivariance.proportions` solves it without elimination.

Solutions are in reduced echelon form read row by row: the first nonzero entry of each basis matrix is 1, and there the
others vanish.  If a basis of 0/±1 matrices with disjoint supports exists, this is the one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy.polys.matrices import DomainMatrix

from catcore.equivariance import matrices, proportions
from catcore.equivariance.orbits import Pattern
from catcore.errors import TooLarge
from catcore.exact import Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pair = tuple[Any, Any]
Vector = dict[int, Any]  # entry i·n_in + j of W -> nonzero element of the field
MAX_UNKNOWNS = 7000
MAX_NUMBER_FIELD_UNKNOWNS = 1000
MAX_PROPORTIONAL = 2**20
PRIMES = (2**61 - 1, 2**61 - 31, 2**61 - 229, 2**61 - 259, 2**61 - 283, 2**61 - 339)


@dataclass(frozen=True, eq=False)
class Basis:
    """An exact basis of the solution space, each matrix a sparse ``DomainMatrix`` over the field."""

    matrices: tuple[Any, ...]


def solve(pairs: Sequence[Pair], n_in: int, n_out: int, field: Field) -> Basis:
    """A basis of the matrices W with ``W a = b W`` for every pair (a, b) of exact matrices over the field.

    Raises ``TooLarge`` where the system has more unknowns than can be eliminated densely.
    """
    unknowns = n_in * n_out
    if (vectors := _proportional(pairs, n_in, n_out, field)) is not None:
        return Basis(tuple(_as_matrix(v, n_in, n_out, field) for v in vectors))
    limit = MAX_NUMBER_FIELD_UNKNOWNS if field.generators else MAX_UNKNOWNS
    if unknowns > limit:
        raise TooLarge(
            f"A {n_out}×{n_in} homomorphism over {field.name} was asked for, {unknowns} unknowns "
            f"where at most {limit} are eliminated "
            "exactly; give permutations as index maps, which are solved by orbits, or solve direct summands one by one."
        )
    if field.characteristic:
        vectors = _modular(pairs, n_in, n_out, field, field.characteristic)
    elif field.generators:
        vectors = _sparse(pairs, n_in, n_out, field)
    else:
        vectors = _rational(pairs, n_in, n_out, field)
    return Basis(tuple(_as_matrix(v, n_in, n_out, field) for v in vectors))


def _proportional(pairs: Sequence[Pair], n_in: int, n_out: int, field: Field) -> list[Vector] | None:
    """The solutions where no column of an a and no row of a b has two entries, so that equations have two unknowns."""
    lines = [[j for _, j in a.to_dok()] for a, _ in pairs] + [[i for i, _ in b.to_dok()] for _, b in pairs]
    if n_in * n_out > MAX_PROPORTIONAL or any(len(line) != len(set(line)) for line in lines):
        return None
    equations: list[Vector] = []
    for a, b in pairs:
        rows: dict[int, Vector] = {}
        for (row, unknown), x in _equations(a, b, n_in, n_out).items():
            if x:
                rows.setdefault(row, {})[unknown] = x
        equations += rows.values()
    return proportions.solve(equations, n_in * n_out, field.domain.one)


def _as_matrix(vector: Vector, n_in: int, n_out: int, field: Field) -> Any:
    return matrices.sparse({divmod(u, n_in): x for u, x in vector.items()}, (n_out, n_in), field)


def _equations(a: Any, b: Any, n_in: int, n_out: int) -> dict[tuple[int, int], Any]:
    """The system ``I ⊗ aᵀ - b ⊗ I`` on W read row by row (0.4)."""
    system: dict[tuple[int, int], Any] = {}
    for (k, j), x in a.to_dok().items():
        for i in range(n_out):
            system[i * n_in + j, i * n_in + k] = x
    for (i, l), y in b.to_dok().items():
        for j in range(n_in):
            place = (i * n_in + j, l * n_in + j)
            system[place] = system[place] - y if place in system else -y
    return system


def is_equivariant(matrix: Any, pairs: Sequence[Pair]) -> bool:
    """Whether ``W a = b W`` exactly, by multiplying out both sides."""
    return all((matrix * a).to_dok() == (b * matrix).to_dok() for a, b in pairs)


# Over Q and GF(p) -------------------------------------------------------------------------------------------------


def _rational(pairs: Sequence[Pair], n_in: int, n_out: int, field: Field) -> list[Vector]:
    """Solve modulo one prime after another until the lifted basis satisfies the equations over Q."""
    for prime in PRIMES:
        try:
            residues = _modular(pairs, n_in, n_out, field, prime)
            vectors = [_lift(v, prime, field) for v in residues]
        except (ZeroDivisionError, ArithmeticError):
            continue  # the prime divides a denominator, or is too small for the numbers of the basis
        if all(is_equivariant(_as_matrix(v, n_in, n_out, field), pairs) for v in vectors):
            return vectors
    return _sparse(pairs, n_in, n_out, field)


def _modular(pairs: Sequence[Pair], n_in: int, n_out: int, field: Field, p: int) -> list[Vector]:
    """The reduced echelon basis modulo p, one generator after another: each restricts the solutions of those before."""
    import flint

    kernel: Any = None
    for a, b in pairs:
        system = flint.nmod_mat(n_in * n_out, n_in * n_out, p)
        for place, x in _equations(a, b, n_in, n_out).items():
            system[place] = _residue(x, p)
        step, nullity = (system if kernel is None else system * kernel).nullspace()
        step = _first_columns(step, int(nullity), p)
        kernel = step if kernel is None else kernel * step
    rows = kernel.transpose()
    if rows.nrows():
        rows, rank = rows.rref()
        assert rank == rows.nrows()  # a product of injective matrices is injective
    element = field.domain if field.characteristic else int
    return [{u: element(int(x)) for u, x in enumerate(row) if x} for row in rows.tolist()]


def _first_columns(matrix: Any, count: int, p: int) -> Any:
    import flint

    rows = matrix.transpose().tolist()[:count]
    entries = [int(x) for row in rows for x in row]
    return flint.nmod_mat(count, matrix.nrows(), entries, p).transpose()


def _residue(x: Any, p: int) -> int:
    """A rational or an element of GF(p) as an integer modulo p; raises ``ZeroDivisionError`` for a bad prime."""
    top, bottom = (int(x.numerator), int(x.denominator)) if hasattr(x, "numerator") else (int(x), 1)
    if bottom % p == 0:
        raise ZeroDivisionError
    return top * pow(bottom, -1, p) % p


def _lift(vector: Vector, p: int, field: Field) -> Vector:
    """The rationals of small numerator and denominator with these residues."""
    known: dict[int, Any] = {}
    for residue in vector.values():
        if residue not in known:
            known[residue] = field.domain(*_reconstruct(residue, p))
    return {u: known[residue] for u, residue in vector.items()}


def _reconstruct(residue: int, p: int) -> tuple[int, int]:
    """Wang's rational reconstruction by the Euclidean algorithm; raises ``ArithmeticError`` where there is none."""
    bound = 2**30
    r, s, u, v = p, residue, 0, 1
    while s > bound:
        q = r // s
        r, s, u, v = s, r - q * s, v, u - q * v
    if v == 0 or abs(v) > bound:
        raise ArithmeticError
    return (s, v) if v > 0 else (-s, -v)


# Over any field ---------------------------------------------------------------------------------------------------


def _sparse(pairs: Sequence[Pair], n_in: int, n_out: int, field: Field) -> list[Vector]:
    """Sparse elimination in the field itself, one generator after another."""
    size = n_in * n_out
    basis: Any = None  # rows span the solutions so far
    for a, b in pairs:
        system = DomainMatrix.from_dok(_equations(a, b, n_in, n_out), (size, size), field.domain)
        basis = system.nullspace() if basis is None else (system * basis.transpose()).nullspace() * basis
        if not basis.shape[0]:
            return []
    reduced, _ = basis.rref()
    rows: dict[int, Vector] = {}
    for (k, u), x in reduced.to_dok().items():
        rows.setdefault(k, {})[u] = x
    return [rows[k] for k in sorted(rows)]


# Patterns ---------------------------------------------------------------------------------------------------------


def as_pattern(basis: Basis, n_in: int, n_out: int, field: Field) -> Pattern | None:
    """The signed tying pattern of a basis of 0/±1 matrices with disjoint supports; None when it is not one."""
    import numpy as np

    one = field.domain.one
    labels: NDArray[np.int32] = np.zeros((n_out, n_in), dtype=np.int32)
    for k, matrix in enumerate(basis.matrices, start=1):
        for (i, j), x in matrix.to_dok().items():
            if (x != one and x != -one) or labels[i, j]:
                return None
            labels[i, j] = k if x == one else -k
    return Pattern(labels, len(basis.matrices))


__all__ = ["Basis", "as_pattern", "is_equivariant", "solve"]
