"""Sparse systems of integer equations: those of one and two terms are solved before anything is eliminated.

``x u = 0`` makes u vanish and ``u ± v = 0`` makes u and v equal up to sign, both for all such equations at once, as
connected components.  Put into the equations that are left, this shortens them, and so on until no short one remains.
Index maps of automata, signed permutations and shifts that fill with zeros leave a small core or none; the core is
solved modulo primes, lifted, and put back into its equations exactly.  A large core is eliminated row by row.

>>> from scipy.sparse import csr_array
>>> from catcore.exact import RATIONALS
>>> solved = solve(csr_array([[1, 1, 0, 0], [1, 1, 1, -2], [0, 0, 0, 0]]), RATIONALS)
>>> [matrix.to_dok() for matrix in solved.family((1, 4), RATIONALS)]
[{(0, 0): 1, (0, 1): -1}, {(0, 2): 1, (0, 3): 1/2}]
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra import reduction, sparse_elimination
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.linear_algebra.residues import Residues
from catcore.exact import Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.linear_algebra.modular import Echelon, PrimeField

    Index = NDArray[np.int64]

MAX_CORE = 2000  # parameters of a core that is eliminated as a dense system
FILL = 20  # multiplications for each parameter and coefficient of a larger one
MAX_PRIMES = 200
CONFIRMING_BITS = 40  # random combinations say less than the equations once in 2^40
SEED = 20211  # of the combinations, so that answers repeat


@dataclass(frozen=True, eq=False)
class Core:
    """What short equations leave: each unknown is 0 or a parameter up to sign, and equations between the parameters.

    Parameters are numbered in the order in which they first appear, there with a plus; ``parameter`` is -1, and
    ``sign`` 0, where an unknown vanishes.
    """

    parameter: Index
    sign: Index
    count: int
    equations: Any  # a sparse array of integers

    @property
    def work(self) -> int:
        """The multiplications modulo a prime that it takes to eliminate what is left."""
        rows = self.equations.shape[0]
        return int(self.count * (min(rows, self.count) * self.count + self.equations.nnz)) if rows else 0


@dataclass(frozen=True, eq=False)
class Solved:
    """The solutions of a system: a core, and a reduced echelon basis of its parameters."""

    core: Core
    basis: MatrixFamily  # matrices of one row

    @property
    def count(self) -> int:
        """The dimension."""
        return len(self.basis)

    def __str__(self) -> str:
        left = self.core.equations.shape[0]
        return f"{left} equations of {self.core.count} unknowns" if left else "short equations alone"

    def pulled_back(self, numbers: NDArray[Any]) -> Solved:
        """The same solutions for unknowns that are equal where their numbers are."""
        core = self.core
        return Solved(Core(core.parameter[numbers], core.sign[numbers], core.count, core.equations), self.basis)

    def family(self, shape: tuple[int, int], field: Field) -> MatrixFamily:
        """The reduced echelon basis in the unknowns, read row by row as matrices."""
        import numpy as np

        unknowns = np.flatnonzero(self.core.sign)
        unknowns = unknowns[np.argsort(self.core.parameter[unknowns], kind="stable")]
        starts = np.searchsorted(self.core.parameter[unknowns], np.arange(self.core.count + 1))
        sizes = np.diff(starts)[self.basis.place]
        entry = np.repeat(np.arange(len(sizes)), sizes)
        within = np.arange(len(entry)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        place = unknowns[starts[self.basis.place[entry]] + within]
        member, positive = self.basis.member[entry], self.core.sign[place] > 0
        value = self.basis.value[entry] + np.where(positive, 0, len(self.basis.values))
        order = np.lexsort((place, member))
        different, value = np.unique(value[order], return_inverse=True)
        signed = (*self.basis.values, *(-x for x in self.basis.values))
        values = tuple(signed[k] for k in different.tolist())
        return MatrixFamily(self.count, shape, field, member[order], place[order], value, values)


def solve(equations: Any, field: Field) -> Solved | None:
    """The vectors over Q or GF(p) that a sparse array of integers sends to zero; None where the core is too large.

    The absolute values of a row add up to less than 2⁶³.
    """
    return eliminated(shorten(equations, field.characteristic), field)


def eliminated(core: Core, field: Field) -> Solved | None:
    """The solutions of the system that left this core; None where it is too large."""
    basis = _eliminated(core, field)
    return None if basis is None else Solved(core, basis)


# Short equations --------------------------------------------------------------------------------------------------


def shorten(equations: Any, characteristic: int) -> Core:
    """Solve equations of one and two terms until none is left but of different coefficients."""
    import numpy as np

    system = _tidy(equations, characteristic)
    core = Core(np.arange(system.shape[1]), np.ones(system.shape[1], np.int64), system.shape[1], system)
    while (step := _joined(core.equations, characteristic)) is not None:
        core = _composed(core, step, characteristic)
    return core


def _tidy(equations: Any, characteristic: int) -> Any:
    """The nonzero equations in compressed rows, their coefficients balanced residues modulo the characteristic."""
    import numpy as np

    system = equations.tocsr().astype(np.int64)
    system.sum_duplicates()
    if characteristic:
        half = (characteristic - 1) // 2
        system.data = (system.data + half) % characteristic - half
    system.eliminate_zeros()
    return system[np.flatnonzero(np.diff(system.indptr))]


def _joined(system: Any, characteristic: int) -> Core | None:
    """What the equations of one term and those that make two unknowns equal up to sign say; None without any.

    A graph has two nodes for each unknown u, standing for u and -u, and one for 0; unknowns whose two nodes are
    connected vanish.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, lengths, start = system.shape[1], np.diff(system.indptr), system.indptr[:-1]
    zeros = system.indices[start[lengths == 1]].astype(np.int64)
    first = start[lengths == 2]
    x, y = system.data[first], system.data[first + 1]
    first, opposite = first[abs(x) == abs(y)], (x == y)[abs(x) == abs(y)] & (characteristic != 2)
    if not len(zeros) and not len(first):
        return None
    u, v = system.indices[first].astype(np.int64), system.indices[first + 1] + n * opposite
    rows = np.concatenate([u, u + n, zeros, zeros + n])
    columns = np.concatenate([v, (v + n) % (2 * n), np.full(2 * len(zeros), 2 * n)])
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(2 * n + 1, 2 * n + 1))
    component = connected_components(graph, directed=False)[1]
    plus, minus = component[:n], component[n:-1]
    return _numbered(plus, minus, component[-1])


def _numbered(plus: Any, minus: Any, zero: Any) -> Core:
    """Classes of unknowns from the components of u and of -u, numbered by appearance."""
    import numpy as np

    live = np.flatnonzero((plus != minus) & (plus != zero))
    _, first, inverse = np.unique(np.minimum(plus, minus)[live], return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    parameter, sign = np.full(len(plus), -1), np.zeros(len(plus), np.int64)
    parameter[live] = number[inverse]
    sign[live] = np.where(plus[live] == plus[live[first[inverse]]], 1, -1)
    return Core(parameter, sign, len(first), None)


def _composed(core: Core, step: Core, characteristic: int) -> Core:
    """A core whose parameters are themselves parameters of a step, put into its equations."""
    import numpy as np
    from scipy.sparse import csr_array

    live = np.flatnonzero(step.sign)
    shape = (core.count, step.count)
    put = csr_array((step.sign[live], (live, step.parameter[live])), shape=shape)
    vanishes = core.sign == 0
    parameter = np.where(vanishes, -1, step.parameter[core.parameter])
    sign = np.where(vanishes, 0, core.sign * step.sign[core.parameter])
    return Core(parameter, sign, step.count, _tidy(core.equations @ put, characteristic))


# The core ---------------------------------------------------------------------------------------------------------


def _eliminated(core: Core, field: Field) -> MatrixFamily | None:
    """The reduced echelon basis of the parameters; None where there are too many, or no prime serves."""
    import numpy as np

    rows, shape = core.equations.shape[0], (1, core.count)
    if not rows:
        counting = np.arange(core.count)
        return MatrixFamily(core.count, shape, field, counting, counting, 0 * counting, (field.domain.one,))
    if core.count > MAX_CORE:
        return _row_by_row(core, field)
    known = Residues(shape)
    for place in itertools.islice(reduction.places(field), MAX_PRIMES):
        if known.add(place, [_null_space(core.equations, place.F)]):
            family = known.family(field)
            if family is not None and _holds(core.equations, family, field):
                return family
    return None


def _row_by_row(core: Core, field: Field) -> MatrixFamily | None:
    """The basis of a large core whose equations stay sparse; None where they fill in."""
    system = core.equations
    bounds, columns, numbers = (x.tolist() for x in (system.indptr, system.indices, system.data))
    equations = (dict(zip(columns[i:j], numbers[i:j], strict=True)) for i, j in itertools.pairwise(bounds))
    basis = sparse_elimination.null_space(equations, core.count, field, FILL * (core.count + system.nnz))
    return None if basis is None else MatrixFamily.of(basis, (1, core.count), field)


def _null_space(equations: Any, F: PrimeField) -> Echelon:
    """The reduced echelon basis modulo p, from a few more random combinations of the equations than unknowns.

    A combination too few would leave vectors that do not satisfy the equations, which is looked at afterwards.
    """
    import numpy as np

    rows, count = equations.shape
    few = count + -(-CONFIRMING_BITS // (F.p.bit_length() - 1))
    system = equations.astype(float)
    system.data = F.reduce((equations.data % F.p).astype(float))
    if rows > few and abs(system).sum(axis=0).max() * F.p < 2**53:
        dense = F.multiply(system.T.tocsr(), F.random((rows, few), np.random.default_rng(SEED))).T
    else:
        dense = system.toarray()
    return F.echelon(F.null_space(dense).T)


def _holds(equations: Any, family: MatrixFamily, field: Field) -> bool:
    """Whether every vector of a family satisfies the equations, multiplied out over the field."""
    from sympy.polys.matrices import DomainMatrix

    rows, columns = (x.tolist() for x in equations.nonzero())
    numbers = map(field.domain, equations.data.tolist())
    entries = dict(zip(zip(rows, columns, strict=True), numbers, strict=True))
    system = DomainMatrix.from_dok(entries, equations.shape, field.domain)
    values = [family.values[k] for k in family.value.tolist()]
    places = zip(family.place.tolist(), family.member.tolist(), strict=True)
    vectors = DomainMatrix.from_dok(
        dict(zip(places, values, strict=True)), (family.shape[1], len(family)), field.domain
    )
    return not (system * vectors).to_dok()


__all__ = ["Core", "Solved", "shorten", "solve"]
