"""The equations ``W a_s = b_s W`` of a homomorphism, and what they become modulo primes.

The entries of all generators are read once into arrays; at a place of the field only their different values are
reduced.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.linear_algebra.reduction import Place, fraction
from catcore.equivariance.strategies import spinning
from catcore.exact import Field

Pairs = Sequence[tuple[Any, Any]]
MAX_INTEGER = 2**40  # so that the sums of a row stay below 2^63
SPARSE = 0.08  # share of nonzero entries below which a matrix is kept sparse


@dataclass(frozen=True, eq=False)
class System:
    """Pairs (a, b) of exact matrices over a field, a on the inputs and b on the outputs; the first ``infinitesimal`` of
    them are elements of a Lie algebra."""

    pairs: Pairs
    over: Field
    infinitesimal: int = 0
    _at: dict[Place, list[Pairs]] = field(default_factory=dict)
    _plans: dict[Place, list[spinning.Plan]] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> MatrixFamily:
        """The matrices a."""
        return self._family([a for a, _ in self.pairs])

    @cached_property
    def outputs(self) -> MatrixFamily:
        """The matrices b."""
        same = all(a is b for a, b in self.pairs)
        return self.inputs if same else self._family([b for _, b in self.pairs])

    def _family(self, matrices: list[Any]) -> MatrixFamily:
        return MatrixFamily.of_matrices(matrices, matrices[0].shape if matrices else (0, 0), self.over)

    @cached_property
    def integers(self) -> list[tuple[Any, Any]] | None:
        """The pairs over Q or GF(p) as sparse arrays of integers, cleared of denominators; None over other fields, and
        where they are long."""
        if self.over.generators or not self.pairs:
            return None
        fractions = [fraction(x) for x in (*self.inputs.values, *self.outputs.values)]
        common = math.lcm(*(bottom for _, bottom in fractions))
        if max((abs(top) * common for top, _ in fractions), default=0) > MAX_INTEGER:
            return None
        inputs = _integers(self.inputs, common)
        return list(
            zip(inputs, inputs if self.outputs is self.inputs else _integers(self.outputs, common), strict=True)
        )

    def at(self, place: Place) -> list[Pairs]:
        """The pairs at every root of a place, dense or in compressed rows where few entries are nonzero.

        Raises ``ZeroDivisionError`` where the prime divides a denominator.
        """
        if place not in self._at:
            inputs = _reduced(self.inputs, place)
            outputs = inputs if self.outputs is self.inputs else _reduced(self.outputs, place)
            self._at[place] = [list(zip(a, b, strict=True)) for a, b in zip(inputs, outputs, strict=True)]
        return self._at[place]

    def plans(self, place: Place) -> list[spinning.Plan]:
        """How to spin the pairs at every root of a place; raises as :meth:`at` does, and ``TooLarge``."""
        if place not in self._plans:
            n, m = self.inputs.shape[0], self.outputs.shape[0]
            self._plans.clear()  # one place is looked at after the other
            self._plans[place] = [spinning.plan(place.F, pairs, n, m) for pairs in self.at(place)]
        return self._plans[place]


def _reduced(family: MatrixFamily, place: Place) -> list[list[Any]]:
    """The matrices of a family at every root of a place."""
    residues = place.all_residues(family.values)
    return [[_matrix(family, k, at_root) for k in range(family.size)] for at_root in residues]


def _integers(family: MatrixFamily, common: int) -> list[Any]:
    """The multiples of the matrices of a family."""
    import numpy as np
    from scipy.sparse import csr_array

    tops = np.array([top * (common // bottom) for top, bottom in map(fraction, family.values)], dtype=np.int64)
    bounds = family.member.searchsorted(np.arange(family.size + 1)).tolist()
    rows, columns = np.divmod(family.place, max(1, family.shape[1]))
    return [
        csr_array((tops[family.value[i:j]], (rows[i:j], columns[i:j])), shape=family.shape)
        for i, j in itertools.pairwise(bounds)
    ]


def _matrix(family: MatrixFamily, k: int, numbers: Any) -> Any:
    import numpy as np
    from scipy.sparse import csr_array

    start, stop = family.member.searchsorted([k, k + 1])
    entries = numbers[family.value[start:stop]]
    rows, columns = np.divmod(family.place[start:stop], family.shape[1])
    if stop - start < SPARSE * family.shape[0] * family.shape[1]:
        return csr_array((entries, (rows, columns)), shape=family.shape)
    dense = np.zeros(family.shape)
    dense[rows, columns] = entries
    return dense


__all__ = ["System"]
