"""Orbits of pairs of points as a lazy basis: counted and listed without a pattern, written out when asked.

An element of the basis is known by one pair (row, column) of its class, where its entry is 1; the pattern follows by
the generators (T1.11).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from catcore.equivariance.groups.group import SymmetricGroup
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.representations import monomials
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.spaces.spans import Span
from catcore.equivariance.strategies.null_space import Basis
from catcore.equivariance.strategies.orbits import Classes, Pattern, Side, chunks, number_by_appearance, transposed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from catcore.equivariance.representations.representation import Representation
    from catcore.exact import Field

MAX_FACTORIAL = 2000  # n of a factorial that is written down


@dataclass(frozen=True, eq=False)
class OrbitSpan(Span):
    """The orbits of pairs under generators that permute the outputs, and also the inputs where there are phases.

    ``roots`` are the powers 1, ζ, ζ², ... of the root of unity that phases are powers of, as elements of the field, and
    ``numbers`` what they are in arrays; ``size`` is the order of the group, where it is known.
    """

    source: Side
    target: Side
    roots: Sequence[Any]
    numbers: Sequence[complex]
    size: int | None = None

    entrywise: ClassVar[bool] = True

    @property
    def order(self) -> int:
        """The order of the root of unity."""
        return len(self.roots)

    @cached_property
    def _rows(self) -> bool:
        """Whether rows are carried along; columns are where the inputs do not permute."""
        return self.source.bijective

    @cached_property
    def classes(self) -> Classes:
        """The classes of pairs."""
        if self._rows:
            return Classes(self.target, self.source, order=self.order, size=self.size)
        return Classes(self.source, self.target, order=self.order, sign=-1, size=self.size)

    @property
    def count(self) -> int:
        """How many orbits do not vanish."""
        return self.classes.count

    @property
    def counted_by(self) -> str:
        """Orbits."""
        return "orbits of pairs of points"

    @cached_property
    def elements(self) -> Sequence[Any]:
        """One pair (row, column) for each orbit, in the order of the parameters."""
        import numpy as np

        if self._rows:
            first, m = np.flatnonzero(self.classes.numbers), self.source.n
            pairs = self.classes.forest.bases[first // m], first % m
        else:
            numbers, first = np.unique(self._labels, return_index=True)
            pairs = np.divmod(first[numbers > 0], self.source.n)
        return list(zip(*map(np.ndarray.tolist, pairs), strict=True))

    @property
    def leads(self) -> Sequence[tuple[int, int]]:
        """Where each orbit first appears."""
        return self.elements

    @cached_property
    def _labels(self) -> Any:
        """The number of the class of each entry, 0 where it vanishes, as an array of rows."""
        import numpy as np

        table = self.classes.table()
        labels = np.empty(table.shape, np.int32)
        for rows in chunks(*table.shape):
            labels[rows] = self.classes.numbers[table[rows] // self.order if self.order > 1 else table[rows]]
        return labels if self._rows else number_by_appearance(transposed(labels))[0]

    @cached_property
    def _powers(self) -> Any:
        """The power of ζ of each entry."""
        table = self.classes.table() % self.order
        return table if self._rows else table.T

    def materialise(self, field: Field) -> Pattern | Basis:
        """The tying pattern, or exact matrices where there are phases other than signs.

        Raises ``TooLarge`` above 2²⁸ labels.
        """
        if self.order == 1:
            return Pattern(self._labels, self.count)
        if self.order == 2:
            return Pattern(self._labels * (1 - 2 * self._powers), self.count)
        return Basis(self._family(field), "phased orbits")

    def _family(self, field: Field) -> MatrixFamily:
        import numpy as np

        labels = self._labels.ravel()
        place = np.argsort(labels, kind="stable")
        place = place[np.searchsorted(labels[place], 1) :]
        shape = (self.target.n, self.source.n)
        powers = self._powers.ravel()[place].astype(np.int64)
        return MatrixFamily(
            self.count, shape, field, labels[place].astype(np.int64) - 1, place, powers, tuple(self.roots)
        )

    def apply(self, theta: Any, x: Any) -> NDArray[Any]:
        """``Σ θ_k B_k x``, a few rows of W at a time."""
        import numpy as np

        array, weights = np.asarray(x), np.concatenate([np.zeros(1, np.asarray(theta).dtype), theta])
        units, parts = np.asarray(self.numbers), []
        for rows in chunks(self.target.n, self.source.n):
            W = weights[self._labels[rows]]
            parts.append(array @ (W * units[self._powers[rows]] if self.order > 1 else W).T)
        return np.concatenate(parts, axis=-1) if parts else np.zeros((*array.shape[:-1], 0))

    def lawful(self, rho_in: Representation, rho_out: Representation) -> bool:
        """Whether entries agree along all generators, up to phase: the equation itself, entry by entry."""
        import numpy as np

        labels, powers = self._labels, self._powers if self.order > 1 else None
        for s, t, a, b in zip(
            self.source.images, self.target.images, self.source.phases, self.target.phases, strict=True
        ):
            for rows in chunks(*labels.shape):
                if not np.array_equal(np.take(labels[t[rows]], s, axis=1), labels[rows]):
                    return False
                if powers is not None:
                    wrong = np.take(powers[t[rows]], s, axis=1) - powers[rows] - b[rows, None] + a
                    if (wrong % self.order)[labels[rows] > 0].any():
                        return False
        return True


def of_maps(rho_in: PermutationRepresentation, rho_out: PermutationRepresentation) -> OrbitSpan:
    """The orbits of pairs under index maps, which permute the outputs."""
    one = rho_in.field.join(rho_out.field).domain.one
    return OrbitSpan(_maps(rho_in), _maps(rho_out), (one,), (1,), _known_order(rho_in.monoid))


def of(rho_in: Representation, rho_out: Representation) -> OrbitSpan | None:
    """The orbits of pairs; None unless the generators permute both bases up to phase, or the inputs by index maps."""
    found, field = sides(rho_in, rho_out), rho_in.field.join(rho_out.field)
    if found is None:
        return None
    return OrbitSpan(*found, [number(field.expression(x)) for x in found[2]], _known_order(rho_in.monoid))


def sides(rho_in: Representation, rho_out: Representation) -> tuple[Side, Side, Sequence[Any]] | None:
    """Both sides with exponents of one root of unity, and its powers in the field."""
    field = rho_in.field.join(rho_out.field)
    if isinstance(rho_in, PermutationRepresentation) and isinstance(rho_out, PermutationRepresentation):
        return (_maps(rho_in), _maps(rho_out), (field.domain.one,)) if rho_out.bijective else None
    source, target = monomials.read(rho_in, field), monomials.read(rho_out, field)
    if source is None or target is None:
        return None
    order = math.lcm(source.order, target.order)
    source, target = source.over(order), target.over(order)
    return (
        Side(source.images, source.phases, rho_in.degree),
        Side(target.images, target.phases, rho_out.degree),
        monomials.roots(order, source.units | target.units, field),
    )


def _maps(rho: PermutationRepresentation) -> Side:
    return Side.maps([rho.index_map(name) for name in rho.monoid.generators], rho.degree)


def number(expression: Any) -> complex:
    """A root of unity in arrays: an integer where it is one."""
    return int(expression) if expression.is_Integer else complex(expression.evalf(20))


def _known_order(source: Any) -> int | None:
    """The order of a finite group, where it is known and not too large to write down."""
    if not source.is_group or (isinstance(source, SymmetricGroup) and source.points > MAX_FACTORIAL):
        return None
    order = getattr(source, "known_order", None)
    return order if isinstance(order, int) else None
