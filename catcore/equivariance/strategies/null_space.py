"""Everything that is not index maps: the exact null space of ``W ρ_in(s) - ρ_out(s) W = 0`` over the generators.

Nothing is inverted and nothing is averaged, so monoids and Lie algebra generators are solved as groups are (T1.11,
T2.1).  The system is solved modulo a prime at each place of the field above it, by
:mod:`~catcore.equivariance.strategies.spinning`; the reduced echelon basis is lifted by
:mod:`~catcore.equivariance.linear_algebra.reduction`, with as many primes as its numbers need; and the lifted matrices
are put back into the equations exactly by :mod:`~catcore.equivariance.strategies.intertwining`.  Modulo a prime the
dimension can only be too large, so lifted solutions as many as the modular dimension are a basis.  Where some
generators shift the eigenvalues of what is diagonal, as in a weight basis of a Lie algebra,
:mod:`~catcore.equivariance.strategies.highest_weights` has no more unknowns than solutions.  Where the equations
have few unknowns, as for index maps, signed permutations and shifts that fill with zeros,
:mod:`~catcore.equivariance.linear_algebra.short_equations` leaves little or nothing to eliminate, and
:mod:`~catcore.equivariance.strategies.forecast` decides between that and spinning; where each has at most two, with any
factors, :mod:`~catcore.equivariance.linear_algebra.proportions` leaves nothing.

Solutions are in reduced echelon form read row by row: the first nonzero entry of each basis matrix is 1, and there the
others vanish.  If a basis of 0/±1 matrices with disjoint supports exists, this is the one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sympy.polys.matrices import DomainMatrix

from catcore.equivariance.linear_algebra import proportions, reduction, short_equations
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.linear_algebra.residues import Residues
from catcore.equivariance.strategies import forecast, highest_weights, intertwining, weights
from catcore.equivariance.strategies.orbits import Pattern
from catcore.equivariance.strategies.system import System
from catcore.equivariance.strategies.tori import NoTorus
from catcore.equivariance.strategies.weight_bases import WeightBases
from catcore.errors import TooLarge
from catcore.exact import Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.linear_algebra.modular import Echelon
    from catcore.equivariance.linear_algebra.short_equations import Core
    from catcore.equivariance.strategies.forecast import Forecast

Pair = tuple[Any, Any]
Vector = dict[int, Any]  # entry i·n_in + j of W -> nonzero element of the field
MAX_ELIMINATED = 1000  # unknowns of an elimination in the field itself
MAX_PROPORTIONAL = 2**20
MAX_PRIMES = 2000


@dataclass(frozen=True, eq=False)
class Basis:
    """An exact basis of the solution space, each matrix a sparse ``DomainMatrix`` over the field; and how it was
    found."""

    matrices: Sequence[Any]
    how: str = ""


def solve(pairs: Sequence[Pair], n_in: int, n_out: int, field: Field, *, infinitesimal: int = 0) -> Basis:
    """A basis of the matrices W with ``W a = b W`` for every pair (a, b) of exact matrices over the field.

    The first ``infinitesimal`` pairs are known to be elements of a Lie algebra.  Raises ``TooLarge``, with what the
    system would take, before it is built.
    """
    shape = (n_out, n_in)
    system = System(pairs, field, infinitesimal)
    if (basis := _by_weights(system)) is not None:
        return basis
    core = _core(system)
    if core is not None and core.work <= forecast.QUICK:
        return _of_core(core, system, None) or eliminated(system, n_in, n_out)
    if (vectors := _proportional(pairs, n_in, n_out, field)) is not None:
        return Basis(MatrixFamily.of(vectors, shape, field), "proportional entries")
    if (basis := _by_tori(system)) is not None:
        return basis
    foreseen = None
    if core is not None:
        foreseen = forecast.foresee(core, system)
        if foreseen.eliminate and (basis := _of_core(core, system, foreseen)) is not None:
            return basis
    if max(shape) > forecast.MAX_SIDE:
        raise TooLarge(
            f"A {n_out}×{n_in} homomorphism over {field.name} was asked for, {n_in * n_out} unknowns, and matrices "
            f"of at most {forecast.MAX_SIDE} rows are solved; give permutations as index maps, which are solved by "
            "orbits, or solve direct summands one by one."
        )
    return _noted(eliminated(system, n_in, n_out), foreseen)


def eliminated(system: System, n_in: int, n_out: int) -> Basis:
    """The same for any equations, modulo primes or in the field itself; raises ``TooLarge`` for too many unknowns."""
    return _modular(system, n_in, n_out) or _sparse(system.pairs, n_in, n_out, system.over)


def _core(system: System) -> Core | None:
    """What short equations over Q or GF(p) leave to be eliminated; None where equations are long."""
    integers = system.integers
    if integers is None or not forecast.is_sparse(integers):
        return None
    return short_equations.shorten(_kronecker(integers), system.over.characteristic)


def _of_core(core: Core, system: System, foreseen: Forecast | None) -> Basis | None:
    """The solutions by elimination of a core; None where it fills in."""
    solved = short_equations.eliminated(core, system.over)
    if solved is None:
        return None
    a, b = system.pairs[0]
    return _noted(Basis(solved.family((b.shape[0], a.shape[0]), system.over), str(solved)), foreseen)


def _noted(basis: Basis, foreseen: Forecast | None) -> Basis:
    """With the two ways' foreseen work, where both were looked at."""
    looked_at = foreseen is not None and foreseen.spinning is not None
    return replace(basis, how=f"{basis.how}; {foreseen}") if looked_at else basis


def _kronecker(pairs: Sequence[Pair]) -> Any:
    """The system ``I ⊗ aᵀ - b ⊗ I`` of all pairs on W read row by row (0.4)."""
    import numpy as np
    from scipy.sparse import eye_array, kron, vstack

    def one(n: int) -> Any:
        return eye_array(n, dtype=np.int64)

    return vstack([kron(one(b.shape[0]), a.T) - kron(b, one(a.shape[0])) for a, b in pairs])


def _proportional(pairs: Sequence[Pair], n_in: int, n_out: int, field: Field) -> list[Vector] | None:
    """The solutions where no column of an a and no row of a b has two entries, so that equations have two unknowns."""
    lines = [[j for _, j in a.to_dok()] for a, _ in pairs] + [[i for i, _ in b.to_dok()] for _, b in pairs]
    if n_in * n_out > MAX_PROPORTIONAL or any(len(line) != len(set(line)) for line in lines):
        return None
    equations = itertools.chain.from_iterable(_short(a, b, n_in, n_out) for a, b in pairs)
    return proportions.solve(equations, n_in * n_out, field.domain.one)


def _short(a: Any, b: Any, n_in: int, n_out: int) -> Iterator[Vector]:
    """The equations of one pair where no column of a and no row of b has two entries: ``W[i, k] x = y W[l, j]``."""
    columns = {j: (k, x) for (k, j), x in a.to_dok().items()}
    rows = {i: (l, -y) for (i, l), y in b.to_dok().items()}
    for i, j in itertools.product(range(n_out), range(n_in)):
        equation: Vector = {}
        if j in columns:
            k, x = columns[j]
            equation[i * n_in + k] = x
        if i in rows:
            l, y = rows[i]
            if (place := l * n_in + j) in equation:
                y = equation.pop(place) + y
            if y:
                equation[place] = y
        if equation:
            yield equation


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


# Modulo primes ----------------------------------------------------------------------------------------------------


def _modular(system: System, n_in: int, n_out: int) -> Basis | None:
    """Solve at one place after another until the lifted basis satisfies the equations; None where no place serves."""
    return _lifted(system, (n_out, n_in), lambda place: _at(place, system), None)


def _by_weights(system: System) -> Basis | None:
    """The same in characteristic 0 where highest weight vectors tell all, with unknowns between equal weights alone."""
    import numpy as np

    if system.over.characteristic or system.integers is None:
        return None
    grades = weights.grading(system.integers)
    if grades is None:
        return None
    order = np.argsort(grades.places)

    def at(place: reduction.Place) -> tuple[list[Echelon], str] | None:
        rows = highest_weights.solve(place.F, system.at(place)[0], grades)
        return None if rows is None else ([place.F.echelon(rows[:, order])], f"highest weights, {len(rows)} unknowns")

    (a, b), *_ = system.integers
    return _lifted(system, (b.shape[0], a.shape[0]), at, lambda: grades.places[order])


def _by_tori(system: System) -> Basis | None:
    """The same where a torus of the Lie algebra is diagonal modulo primes alone, in another basis at each."""
    if system.over.characteristic or not system.infinitesimal:
        return None
    graded = WeightBases(system)
    return _lifted(system, (system.outputs.shape[0], system.inputs.shape[0]), graded.at, lambda: graded.places)


def _lifted(
    system: System,
    shape: tuple[int, int],
    at: Callable[[reduction.Place], tuple[list[Echelon], str] | None],
    places_of: Callable[[], NDArray[np.int64]] | None,
) -> Basis | None:
    """Put together what is found at one place after another, for all entries or for those at some places alone, until
    it satisfies the equations; None where some place says nothing, or none serves."""
    known, places, field, attempt = Residues(shape), None, system.over, 1
    for place in itertools.islice(reduction.places(field), MAX_PRIMES):
        try:
            said = at(place)
        except (ZeroDivisionError, NoTorus):
            continue  # the prime divides a denominator, or it does not split the torus
        if said is None:
            return None
        if places_of is not None and places is None:
            places = places_of()
            known = Residues((1, len(places)))
        if known.add(place, said[0]) and len(known.places) >= attempt:
            attempt = len(known.places) * 5 // 4 + 1
            family = known.family(field)
            if family is not None and places is not None:
                family = family.spread(places, shape)
            if family is not None and intertwining.holds(family, system):
                return Basis(family, said[1] + _primes(known))
    return None


def _primes(known: Residues) -> str:
    count = len(known.places)
    unlucky = f", {known.unlucky} unlucky" if known.unlucky else ""
    return f"; {count} prime{'s' * (count > 1)}{unlucky}"


def _at(place: reduction.Place, system: System) -> tuple[list[Echelon], str]:
    """The reduced echelon basis at every root of the place, and how it was found."""
    solutions = [plan.found() for plan in system.plans(place)]
    return [place.F.echelon(solution.rows) for solution in solutions], str(solutions[0])


# Over any field ---------------------------------------------------------------------------------------------------


def _sparse(pairs: Sequence[Pair], n_in: int, n_out: int, field: Field) -> Basis:
    """Sparse elimination in the field itself, one generator after another; for fields that split at no small prime."""
    size = n_in * n_out
    if size > MAX_ELIMINATED:
        raise TooLarge(
            f"A {n_out}×{n_in} homomorphism over {field.name} was asked for, {size} unknowns where at most "
            f"{MAX_ELIMINATED} are eliminated in that field; use a field of smaller degree, or solve direct "
            "summands one by one."
        )
    basis: Any = None  # rows span the solutions so far
    for a, b in pairs:
        system = DomainMatrix.from_dok(_equations(a, b, n_in, n_out), (size, size), field.domain)
        basis = system.nullspace() if basis is None else (system * basis.transpose()).nullspace() * basis
        if not basis.shape[0]:
            break
    reduced, _ = basis.rref()
    rows: dict[int, Vector] = {}
    for (k, u), x in reduced.to_dok().items():
        rows.setdefault(k, {})[u] = x
    vectors = [rows[k] for k in sorted(rows)]
    return Basis(MatrixFamily.of(vectors, (n_out, n_in), field), "elimination in the field")


# Patterns ---------------------------------------------------------------------------------------------------------


def as_pattern(basis: Basis, n_in: int, n_out: int, field: Field) -> Pattern | None:
    """The signed tying pattern of a basis of 0/±1 matrices with disjoint supports; None when it is not one."""
    import numpy as np

    family = MatrixFamily.of_matrices(basis.matrices, (n_out, n_in), field)
    one = field.domain.one
    if any(family.values[k] not in (one, -one) for k in np.unique(family.value).tolist()):
        return None
    if len(np.unique(family.place)) != len(family.place):
        return None
    signs = np.array([1 if x == one else -1 for x in family.values], dtype=np.int64)
    labels: NDArray[np.int32] = np.zeros(n_out * n_in, dtype=np.int32)
    labels[family.place] = (family.member + 1) * signs[family.value]
    return Pattern(labels.reshape(n_out, n_in), family.size)


__all__ = ["Basis", "as_pattern", "eliminated", "solve"]
