"""Maps between tensor powers of a classical group's space V and its dual: which diagrams are a basis, and how many.

Dimensions are sums of products of numbers f^λ of standard tableaux: shapes with even rows for O(n), with rows all even
or all odd for SO(n), with even columns for Sp, pairs of shapes for GL and SL, all with at most n rows.  The diagrams
kept are those whose involution (or permutation) has no increasing (for Sp and GL: decreasing) subsequence longer than
n, as many as the tableaux by Robinson-Schensted-Knuth.  That they are independent is a straightening law, and
``independent`` proves it again by an exact rank (De Concini and Procesi 1976; Procesi 2007; T1.12 q-s).

>>> from catcore.equivariance.families.classical import SO, Sp
>>> [ClassicalSpan(SO(3), l, k).count for k, l in ((1, 1), (2, 1), (2, 2), (3, 3), (4, 4), (5, 5))]
[1, 1, 3, 15, 91, 603]
>>> ClassicalSpan(Sp(4), 3, 3).count
14
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catcore.equivariance.diagrams import counting
from catcore.equivariance.diagrams.brauer import TensorDiagram
from catcore.equivariance.families.classical import ClassicalGroup
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.spaces.spans import MAX_LISTED, Span
from catcore.equivariance.strategies.null_space import Basis
from catcore.errors import TooLarge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from catcore.equivariance.representations.representation import Representation
    from catcore.exact import Field

MAX_WRITTEN = 4_000_000  # nonzero entries of a basis written out
MAX_RANK = 2000  # diagrams whose independence is proved again
PRIME = 2**31 - 1


@dataclass(frozen=True)
class ClassicalSpan(Span):
    """The maps from ``inputs`` to ``outputs`` factors V; those at the places ``duals`` are V* instead."""

    group: ClassicalGroup
    outputs: int
    inputs: int
    duals: frozenset[int] = frozenset()
    defining: Representation | None = None  # of the group on V; the group's own if None

    @property
    def places(self) -> int:
        """Outputs and inputs together."""
        return self.outputs + self.inputs

    @cached_property
    def _ends(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The up and the down places: vectors that come out or covectors that go in, and the others."""
        up = tuple(p for p in range(self.places) if (p < self.outputs) != (p in self.duals))
        return up, tuple(p for p in range(self.places) if p not in up)

    # Counting -----------------------------------------------------------------------------------------------------

    @cached_property
    def count(self) -> int:
        """The dimension, by Schur-Weyl duality: numbers of standard tableaux summed over the shapes that occur."""
        if self.group.linear:
            return self._pairs_of_tableaux()
        shapes = self._symplectic_shapes() if self.group.family == "Sp" else self._orthogonal_shapes()
        return sum(map(counting.standard_tableaux, shapes))

    @property
    def counted_by(self) -> str:
        """Schur-Weyl duality."""
        return f"standard tableaux of {self.places} cells and at most {self.group.n} rows (Schur-Weyl duality)"

    def _symplectic_shapes(self) -> Iterator[counting.Shape]:
        """Even columns."""
        if self.places % 2 == 0:
            for half in counting.shapes(self.places // 2, self.group.n // 2):
                yield tuple(row for r in half for row in (r, r))

    def _orthogonal_shapes(self) -> Iterator[counting.Shape]:
        """Even rows; for SO(n) also n odd rows."""
        n, odd = self.group.n, self.places - self.group.n
        if self.places % 2 == 0:
            yield from (tuple(2 * r for r in half) for half in counting.shapes(self.places // 2, n))
        if self.group.special and odd >= 0 and odd % 2 == 0:
            for half in counting.shapes(odd // 2, n):
                yield (*(2 * r + 1 for r in half), *[1] * (n - len(half)))

    @cached_property
    def _determinants(self) -> int | None:
        """How many ε join the surplus of up or down places; None where no map of GL, U, SL or SU is possible."""
        surplus, rest = divmod(abs(len(self._ends[0]) - len(self._ends[1])), self.group.n)
        return None if rest or (surplus and not self.group.special) else surplus

    def _pairs_of_tableaux(self) -> int:
        """Pairs of standard tableaux, of a shape and of that shape with a block of n rows before it."""
        n, surplus = self.group.n, self._determinants
        if surplus is None:
            return 0
        total = 0
        for shape in counting.shapes(min(map(len, self._ends)), n):
            wide = tuple(r + surplus for r in (*shape, *[0] * (n - len(shape))) if r + surplus)
            total += counting.standard_tableaux(shape) * counting.standard_tableaux(wide)
        return total

    # Listing ------------------------------------------------------------------------------------------------------

    @cached_property
    def elements(self) -> tuple[TensorDiagram, ...]:
        """The diagrams kept, as many as ``count``; raises ``TooLarge`` when there are too many to list."""
        if (candidates := self._candidates()) > MAX_LISTED:
            raise TooLarge(f"Diagrams out of {candidates} were to be listed, above {MAX_LISTED}; dim counts them.")
        if self.group.linear:
            return tuple(self._walled())
        kept = tuple(self._kept(0))
        return kept + tuple(self._kept(self.group.n)) if self.group.special else kept

    def _candidates(self) -> int:
        """How many diagrams span."""
        n, places, surplus = self.group.n, self.places, self._determinants
        if self.group.linear:
            orders = math.factorial(max(map(len, self._ends)))
            return 0 if surplus is None else orders // math.factorial(n) ** surplus // math.factorial(surplus)
        pairings = _pairings(places)
        if self.group.special and places >= n:
            pairings += math.comb(places, n) * _pairings(places - n)
        return pairings

    def _diagram(self, pairs: Sequence[tuple[int, int]], vertices: tuple[tuple[int, ...], ...] = ()) -> TensorDiagram:
        ordered = tuple(sorted((min(a, b), max(a, b)) for a, b in pairs))
        return TensorDiagram(ordered, self.outputs, self.inputs, self.group.form, vertices, self.duals)

    def _kept(self, fixed: int) -> Iterator[TensorDiagram]:
        """Matchings with no subsequence longer than n; with ``fixed`` = n places that an ε joins."""
        n, falling = self.group.n, self.group.family == "Sp"
        for pairs, alone in counting.matchings(self.places, fixed):
            images = counting.involution(pairs, self.places)
            if counting.longest_increasing(images[::-1] if falling else images) <= n:
                yield self._diagram(pairs, (alone,) if alone else ())

    def _walled(self) -> Iterator[TensorDiagram]:
        """Up places matched with down places by permutations without a long decreasing subsequence."""
        if self._determinants is None:
            return
        if self._determinants:
            yield from _independent(list(self._with_determinants(self._determinants)), self.group, self.count)
            return
        up, down = self._ends
        for order in itertools.permutations(range(len(up))):
            if counting.longest_increasing(order[::-1]) <= self.group.n:
                yield self._diagram([(up[i], down[j]) for i, j in enumerate(order)])

    def _with_determinants(self, surplus: int) -> Iterator[TensorDiagram]:
        """The larger kind of places in ``surplus`` sets of n, each joined by an ε, and the rest matched."""
        short, long = sorted(self._ends, key=len)
        for legs in _disjoint(long, self.group.n, surplus):
            left = [p for p in long if all(p not in leg for leg in legs)]
            for order in itertools.permutations(left):
                yield self._diagram(list(zip(short, order, strict=True)), legs)

    # What it is a basis of ----------------------------------------------------------------------------------------

    def independent(self) -> bool:
        """Whether the diagrams are linearly independent and as many as ``count``: an exact rank modulo a prime.

        Diagrams are evaluated as multilinear functions of random vectors; a rank found so is a lower bound, and no
        array has n^(k+l) entries.
        """
        return len(self.elements) == self.count == len(_independent(self.elements, self.group, self.count))

    def materialise(self, field: Field) -> Basis:
        """The diagrams as exact sparse matrices; raises ``TooLarge`` where they would not fit."""
        n = self.group.n
        terms = self.count * n ** (self.places // 2)
        if terms > MAX_WRITTEN:
            raise TooLarge(
                f"The {self.count} matrices of size {n**self.outputs}×{n**self.inputs} were asked for, about {terms} "
                f"nonzero entries and above {MAX_WRITTEN}; take smaller tensor powers, or only the dimension, which "
                "counts them without writing any (W.dim, or catcore tie without -o and --picture)."
            )
        return Basis(self._family(field))

    def _family(self, field: Field) -> MatrixFamily:
        """The entries of all diagrams; no two terms of one share a place, as their indices tell them apart."""
        import numpy as np

        n, one = self.group.n, field.domain.one
        shape = (n**self.outputs, n**self.inputs)
        member, place, value = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for k, diagram in enumerate(self.elements):
            rows, columns, signs = diagram.terms()
            where = rows * shape[1] + columns
            order = np.argsort(where)
            member.append(np.full(len(where), k))
            place.append(where[order])
            value.append((signs[order] < 0).astype(np.int64))
        arrays = [np.concatenate(parts) for parts in (member, place, value)]
        return MatrixFamily(self.count, shape, field, arrays[0], arrays[1], arrays[2], (one, -one))

    def apply(self, theta: Any, x: Any) -> NDArray[Any]:
        """``Σ θ_k D_k x`` for x of shape ``(..., n^inputs)``; no matrix is formed."""
        import numpy as np

        array = np.asarray(x)
        zero = np.zeros((*array.shape[:-1], self.group.n**self.outputs), np.result_type(theta, array))
        result: Any = sum((t * d.apply(array) for t, d in zip(theta, self.elements, strict=True)), zero)
        return result  # type: ignore[no-any-return]

    def lawful(self, rho_in: Representation, rho_out: Representation) -> bool:
        """Whether the generators preserve the form, and the volume that ε measures: small exact equations.

        An independent set of diagrams that is not too large is also proved to be one.
        """
        defining: Any = self.defining or rho_in.monoid.defining  # type: ignore[union-attr]
        lawful = all(preserves(defining, name, self.group) for name in defining.monoid.generators)
        return lawful and (self.count > MAX_RANK or self._candidates() > MAX_LISTED or self.independent())


def preserves(rho: Representation, name: str, group: ClassicalGroup) -> bool:
    """Whether a generator preserves the form, and the volume where it must."""
    X, field = rho.exact(name), rho.field
    flat, zero = rho._infinitesimal(name), field.domain.zero
    if not group.linear:
        entries = enumerate(zip(group.form.partner().tolist(), group.form.signs().tolist(), strict=True))
        g = matrices.sparse({(i, j): field.domain.one * s for i, (j, s) in entries}, (group.n, group.n), field)
        if (X.transpose() * g + g * X if flat else X.transpose() * g * X - g).to_dok():
            return False
    if not group.special:
        return True
    trace = sum((X.to_dok().get((i, i), zero) for i in range(group.n)), zero)
    return bool(trace == zero if flat else X.charpoly()[-1] * (-1) ** group.n == field.domain.one)


def _pairings(places: int) -> int:
    return math.prod(range(places - 1, 0, -2)) if places % 2 == 0 else 0


def _disjoint(places: tuple[int, ...], size: int, count: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every set of ``count`` disjoint subsets of this size."""
    for chosen in itertools.combinations(places, size * count):
        yield from _cut(chosen, size)


def _cut(places: tuple[int, ...], size: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    if not places:
        yield ()
        return
    for rest in itertools.combinations(places[1:], size - 1):
        left = tuple(p for p in places[1:] if p not in rest)
        yield from (((places[0], *rest), *others) for others in _cut(left, size))


def _independent(diagrams: Sequence[TensorDiagram], group: ClassicalGroup, rank: int) -> list[TensorDiagram]:
    """The first diagrams that are independent, by the exact rank of their values at random points modulo a prime."""
    import flint
    import numpy as np

    if not diagrams:
        return []
    random = np.random.default_rng(0)
    values = np.concatenate([_values(diagrams, group, random) for _ in range(rank + 2)])
    reduced, found = flint.nmod_mat(rank + 2, len(diagrams), values.tolist(), PRIME).rref()
    rows = [[int(x) for x in row] for row in reduced.tolist()[:found]]
    return [diagrams[next(j for j, x in enumerate(row) if x)] for row in rows]


def _values(diagrams: Sequence[TensorDiagram], group: ClassicalGroup, random: Any) -> NDArray[Any]:
    """The diagrams as multilinear functions of one random vector a place, all made down by the form, modulo a prime."""
    import flint
    import numpy as np

    first, n = diagrams[0], group.n
    vectors = random.integers(0, PRIME, size=(first.outputs + first.inputs, n))
    lowered = group.form.lowered(vectors, -1)
    products = (vectors[:, None, :] * lowered[None, :, :] % PRIME).sum(2) % PRIME
    value = np.ones(len(diagrams), np.int64)
    for strand in range(max(len(d.pairs) for d in diagrams)):
        pairs = np.array([d.pairs[strand] if strand < len(d.pairs) else (-1, -1) for d in diagrams])
        found = np.where(pairs[:, 0] < 0, 1, products[pairs[:, 0], pairs[:, 1]])
        value = value * found % PRIME
    known: dict[tuple[int, ...], int] = {}
    for legs in {legs for d in diagrams for legs in d.vertices}:
        known[legs] = int(flint.nmod_mat(n, n, vectors[list(legs)].ravel().tolist(), PRIME).det())
    volumes = np.array([[known[legs] for legs in d.vertices] for d in diagrams if d.vertices], dtype=object)
    if volumes.size:
        where = [i for i, d in enumerate(diagrams) if d.vertices]
        value[where] = (value[where] * (volumes.prod(axis=1) % PRIME) % PRIME).astype(np.int64)
    return value
