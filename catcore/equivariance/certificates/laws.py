"""What a hom space claims, as laws: its basis commutes with every generator, is independent, and is all there is.

The first is multiplied out exactly.  That there are no more maps is backed by a count that does not use the solver,
:mod:`~catcore.equivariance.certificates.counts`, where there is one, and otherwise by the nullity of the whole system
modulo another prime, which can only be too large, where the system is small.  The nullity also settles it where a count
that rests on primes disagrees with the solver.  Where there is neither, no such law is listed, and the dimension rests
on the solver alone.

>>> from catcore.equivariance import cyclic, equivariant_maps
>>> W = equivariant_maps(cyclic(4).defining, cyclic(4).defining)
>>> [law.name for law in W.laws()]
['equivariance', 'independence', 'dimension = Burnside over 4 elements']
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from catcore.equivariance.certificates import checks
from catcore.equivariance.certificates.counts import Count, UpperCount, independent_count
from catcore.equivariance.linear_algebra import reduction
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.strategies.orbits import Pattern
from catcore.laws import PointwiseLaw

if TYPE_CHECKING:
    from catcore.equivariance.spaces.homspace import HomSpace

MAX_UNKNOWNS = 1200  # of a system whose rank is found again
OTHER_PRIMES = 2**22  # those of the solver are above, as far as it needs few
MAX_PRIMES = 400  # at which the rank is taken, where it comes out smaller than it should
MAX_SHOWN = 400  # entries of a matrix that a counterexample shows


def laws(W: HomSpace) -> tuple[PointwiseLaw, ...]:
    """The laws of a hom space; checked in full, they say that its basis is a basis."""
    return (_equivariance(W), _independence(W), *_dimension(W))


def counted(W: HomSpace) -> Count | None:
    """The dimension found without the solver, and how; None where there is no such count."""
    found = independent_count(W.rho_in, W.rho_out)
    doubted = found is None or (isinstance(found, UpperCount) and found.dim != W.dim)
    return _nullity(W) if doubted else found


def _equivariance(W: HomSpace) -> PointwiseLaw:
    """``B ρ_in(s) = ρ_out(s) B``: matrix by matrix where they are small, and otherwise for the whole basis at once."""
    generators = W.rho_in.monoid.generators
    if W.dense_parameters <= MAX_SHOWN and W.dim * len(generators) <= MAX_SHOWN:
        return PointwiseLaw(
            "equivariance",
            [(k, s) for k in range(W.dim) for s in generators],
            lambda p: _simple(W.basis[p[0]] * W.rho_in.matrix(p[1]), W),
            lambda p: _simple(W.rho_out.matrix(p[1]) * W.basis[p[0]], W),
            "exhaustive",
        )
    evidence = "exhaustive" if W.multiplied else "symbolic"
    return PointwiseLaw("equivariance", ["the whole basis"], lambda _: W.checked, lambda _: True, evidence)


def _simple(matrix: Any, W: HomSpace) -> Any:
    """The matrix with its entries in the normal form of the field, so that equal numbers look equal."""
    return matrix.applyfunc(lambda x: W.field.expression(W.field.element(x)))


def _independence(W: HomSpace) -> PointwiseLaw:
    return PointwiseLaw("independence", ["the whole basis"], lambda _: independent(W), lambda _: True, "exhaustive")


def independent(W: HomSpace) -> bool:
    """Whether the basis is linearly independent, exactly."""
    import numpy as np

    if W.span is not None:
        return W.span.independent()
    if isinstance(W.solution, Pattern):
        seen = np.unique(np.abs(W.solution.labels))
        return np.array_equal(seen[seen > 0], np.arange(1, W.dim + 1))
    family = MatrixFamily.of_matrices(W.solution.matrices, W.shape, W.field)
    _, first = np.unique(family.member, return_index=True)
    leading = family.place[first]
    if len(leading) == W.dim == len(np.unique(leading)):
        return True  # no two matrices begin at one place, so they are in echelon form
    place = next(iter(reduction.places(W.field)))
    residues = np.array([place.residues(x)[0] for x in family.values])
    return _rank(place.F.p, family.dense(residues).reshape(W.dim, -1)) == W.dim


def _dimension(W: HomSpace) -> tuple[PointwiseLaw, ...]:
    count = counted(W)
    if count is None:
        return ()
    name = f"dimension = {count.how}"
    return (PointwiseLaw(name, [str(W.rho_in.monoid)], lambda _: W.dim, lambda _: count.dim, "exhaustive"),)


def _nullity(W: HomSpace) -> Count | None:
    """The nullity of the whole system by other code than the solver; None for a large system.

    It is found modulo primes below those that the solver takes (over GF(p) modulo p itself).  There it can only be too
    large, so the least counts, and where it is above what was solved, primes are taken until they multiply to more than
    any minor of the system has in absolute norm: a prime lets the rank fall only where it divides the minors.
    """
    if W.dense_parameters > MAX_UNKNOWNS or not W.rho_in.monoid.generators:
        return None
    pairs = checks.exact_pairs(W.rho_in, W.rho_out, W.field)
    least, bits = Count(W.dense_parameters + 1, ""), 0.0
    for place in itertools.islice(reduction.places(W.field, OTHER_PRIMES), MAX_PRIMES):
        try:
            nullity = _nullity_at(place, pairs)
        except ZeroDivisionError:
            continue  # the prime divides a denominator
        bits += math.log2(place.F.p)
        if nullity < least.dim:
            least = Count(nullity, f"nullity of the whole system modulo {place.F.p}")
        if W.field.characteristic or least.dim <= W.dim or bits > _minor_bits(W, pairs):
            return least
    return None


def _nullity_at(place: reduction.Place, pairs: Sequence[tuple[Any, Any]]) -> int:
    import numpy as np

    rows = []
    for a, b in pairs:
        left, right = _residues(a, place), _residues(b, place)
        one_in, one_out = (np.eye(len(x), dtype=np.int64) for x in (left, right))
        rows.append(np.kron(one_out, left.T) - np.kron(right, one_in))
    system = np.vstack(rows)
    return int(system.shape[1]) - _rank(place.F.p, system)


def _minor_bits(W: HomSpace, pairs: Sequence[tuple[Any, Any]]) -> float:
    """The bits of the norm of a minor of the system, once its entries are algebraic integers: Hadamard's bound, with
    that of Cauchy for the conjugates of the field's generator."""
    polynomial = [abs(c) for c in reduction.minimal_polynomial(W.field)]
    degree, leading = len(polynomial) - 1, polynomial[-1]
    conjugate = 2 + max(polynomial[:-1]) // leading
    entries = [x for pair in pairs for matrix in pair for x in matrix.to_dok().values()]
    entry = 2 * degree * max(reduction.size(entries)[0], 1) * (leading * conjugate) ** (degree - 1)
    return degree * W.dense_parameters * (math.log2(entry) + math.log2(sum(W.shape)) / 2)


def _residues(matrix: Any, place: reduction.Place) -> Any:
    """An exact matrix at the first root of a prime."""
    import numpy as np

    array = np.zeros(matrix.shape, dtype=np.int64)
    for (i, j), x in matrix.to_dok().items():
        array[i, j] = place.residues(x)[0]
    return array


def _rank(p: int, rows: Any) -> int:
    import flint
    import numpy as np

    integers = np.asarray(rows).astype(np.int64) % p
    height, width = integers.shape
    return int(flint.nmod_mat(height, width, integers.ravel().tolist(), p).rank())
