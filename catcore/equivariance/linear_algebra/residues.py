"""Reduced echelon bases of one solution space at several places of its field, put together to one over the field.

Modulo an unlucky prime fewer equations are independent, so that the dimension is too large, or the pivots lie further
to the right; among the places met so far only those of the smallest dimension, and of the leftmost pivots among these,
are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.linear_algebra.reduction import Place, lift
from catcore.exact import Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.linear_algebra.modular import Echelon


@dataclass
class Residues:
    """What is known of a basis: pivots, and at each place the residues of the entries that are nonzero somewhere."""

    shape: tuple[int, int]
    places: list[Place] = field(default_factory=list)
    pivots: list[int] = field(default_factory=list)
    unlucky: int = 0
    _support: NDArray[np.int64] | None = None  # entries as member·(rows·columns) + place
    _rows: list[Any] = field(default_factory=list)  # for each place, an array with a row for each root

    def add(self, place: Place, found: list[Echelon]) -> bool:
        """Take the bases at the roots of one more place into account; whether they tell something new."""
        pivots = [e.pivots.tolist() for e in found]
        if any(p != pivots[0] for p in pivots) or (self.places and self._worse(pivots[0])):
            self.unlucky += 1
            return False
        if pivots[0] != self.pivots:
            self.unlucky += len(self.places)
            self.places, self.pivots, self._support, self._rows = [], pivots[0], None, []
        self.places.append(place)
        self._store([e.rows for e in found])
        return True

    def _worse(self, pivots: list[int]) -> bool:
        return (len(pivots), pivots) > (len(self.pivots), self.pivots)

    def _store(self, rows: list[Any]) -> None:
        import numpy as np

        used = rows[0] != 0
        for row in rows[1:]:
            used |= row != 0
        support = np.flatnonzero(used)
        residues = np.stack([row.ravel()[support] for row in rows])
        if self._support is None:
            self._support = support
        elif not np.array_equal(self._support, support):
            union = np.union1d(self._support, support)
            self._rows = [_spread(r, self._support, union) for r in self._rows]
            residues, self._support = _spread(residues, support, union), union
        self._rows.append(residues)

    def family(self, over: Field) -> MatrixFamily | None:
        """The matrices over the field with these residues; None where the primes so far do not determine them."""
        import numpy as np

        assert self._support is not None
        stacked = np.vstack(self._rows)
        different, value = _distinct(stacked)
        sizes = np.cumsum([len(place.roots) for place in self.places])[:-1]
        values = lift(list(zip(self.places, np.split(different, sizes), strict=True)), over)
        if values is None:
            return None
        member, place = np.divmod(self._support, max(1, self.shape[0] * self.shape[1]))
        return MatrixFamily(len(self.pivots), self.shape, over, member, place, value, tuple(values))


def _spread(residues: Any, support: Any, union: Any) -> Any:
    import numpy as np

    wide = np.zeros((len(residues), len(union)))
    wide[:, np.searchsorted(union, support)] = residues
    return wide


def _distinct(stacked: Any) -> tuple[Any, Any]:
    """The different columns, and which of them each column is."""
    import numpy as np

    if len(stacked) == 1:
        different, value = np.unique(stacked[0], return_inverse=True)
        return different[None], value
    different, value = np.unique(stacked, axis=1, return_inverse=True)
    return different, value.ravel()


__all__ = ["Residues"]
