"""A family of sparse exact matrices of one shape, held as four arrays, so that large bases cost no Python objects.

Entry e says that matrix ``member[e]`` has ``values[value[e]]`` at place ``place[e]``, row by row; the different values
are stored once.  The matrices themselves are made when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, overload

from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.linear_algebra.reduction import places
from catcore.exact import Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MatrixFamily(Sequence[Any]):
    """Matrices as a sequence; entries are sorted by member and place."""

    size: int
    shape: tuple[int, int]
    field: Field
    member: Index
    place: Index
    value: Index
    values: tuple[Any, ...]  # nonzero elements of the field's domain

    @classmethod
    def of(cls, vectors: Iterable[Mapping[int, Any]], shape: tuple[int, int], field: Field) -> MatrixFamily:
        """The family with these nonzero entries, each matrix read row by row."""
        import numpy as np

        known: dict[Any, int] = {}
        member, place, value, count = list[int](), list[int](), list[int](), 0
        for vector in vectors:
            for u in sorted(vector):
                member.append(count)
                place.append(u)
                value.append(known.setdefault(vector[u], len(known)))
            count += 1
        arrays = [np.array(x, dtype=np.int64) for x in (member, place, value)]
        return cls(count, shape, field, arrays[0], arrays[1], arrays[2], tuple(known))

    @classmethod
    def of_matrices(cls, family: Sequence[Any], shape: tuple[int, int], field: Field) -> MatrixFamily:
        """The same family of exact sparse matrices, held as arrays."""
        if isinstance(family, MatrixFamily):
            return family
        return cls.of(({i * shape[1] + j: x for (i, j), x in m.to_dok().items()} for m in family), shape, field)

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, k: int) -> Any: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, k: int | slice) -> Any:
        """Matrix k as a sparse ``DomainMatrix``, or a tuple of them."""
        if isinstance(k, slice):
            return tuple(self[i] for i in range(*k.indices(self.size)))
        if not -self.size <= k < self.size:
            raise IndexError(k)
        start, stop = self.member.searchsorted([k % self.size, k % self.size + 1]).tolist()
        places, values = self.place[start:stop].tolist(), self.value[start:stop].tolist()
        entries = {divmod(u, self.shape[1]): self.values[v] for u, v in zip(places, values, strict=True)}
        return matrices.sparse(entries, self.shape, self.field)

    def spread(self, places: Index, shape: tuple[int, int]) -> MatrixFamily:
        """The matrices of another shape with entry k at ``places[k]``, which increase, and zeros elsewhere."""
        return replace(self, shape=shape, place=places[self.place])

    def dense(self, values: NDArray[Any]) -> NDArray[Any]:
        """The array of shape (count, rows, columns) with these numbers in place of the different values."""
        import numpy as np

        array = np.zeros((self.size, self.shape[0] * self.shape[1]), dtype=values.dtype)
        array[self.member, self.place] = values[self.value]
        return array.reshape(self.size, *self.shape)

    def rank(self) -> int:
        """The rank modulo a prime, which is at most the true one; so a full rank is certain."""
        for place in places(self.field):
            try:
                residues = place.all_residues(self.values)[0]
            except ZeroDivisionError:
                continue
            return place.F.echelon(self.dense(residues).reshape(self.size, self.shape[0] * self.shape[1])).rank
        return 0


__all__ = ["MatrixFamily"]
