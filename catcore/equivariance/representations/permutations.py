"""Permutation representations: index maps in place of matrices, kept so through sums, products and tensor powers.

Basis vector j goes to basis vector ``map[j]``.  For a group the maps are permutations; for a monoid they may merge
points.  Composition of maps is indexing, so a translation of 4096 pixels costs 4096 numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from catcore.equivariance.groups.monoid import Monoid
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.representations.representation import Representation
from catcore.equivariance.representations.validation import (
    Source,
    need_inverses,
    power_order,
    require_same_source,
    word_map,
)
from catcore.exact import RATIONALS, Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.groups.homomorphisms import MonoidHomomorphism


class PermutationRepresentation(Representation):
    """A monoid acting on basis vectors by index maps; no matrix is stored."""

    __slots__ = ()

    def index_map(self, name: str) -> NDArray[np.int64]:
        """Where a generator sends each basis vector; read-only."""
        array: NDArray[np.int64] = self._image(name)
        return array

    def exact(self, name: str, field: Field | None = None) -> Any:
        """The exact 0/1 matrix of a generator."""
        return matrices.from_index_map(self.index_map(name).tolist(), field or self.field)

    def _all(self) -> dict[str, Any]:
        return {name: self.index_map(name) for name in self.monoid.generators}

    @staticmethod
    def _restore(image: Any, field: Field) -> Any:
        return as_array(image)

    @property
    def bijective(self) -> bool:
        """Whether every generator permutes the basis."""
        import numpy as np

        return self.monoid.is_group or all(
            len(np.unique(self.index_map(name))) == self.degree for name in self.monoid.generators
        )

    def _with(self, other: Representation, sign: str, degree: int, rule: Any, infinitesimal: Any) -> Representation:
        if not isinstance(other, PermutationRepresentation):
            return super()._with(other, sign, degree, rule, infinitesimal)
        require_same_source(self, other)
        combine = _stack if sign == "+" else _pairs
        return make_permutation(
            self.monoid,
            degree,
            (sign, self, other),
            lambda name: combine(self.index_map(name), other.index_map(name)),
            lambda: f"({self!r} {sign} {other!r})",
            self.field.join(other.field),
        )

    @property
    def dual(self) -> Representation:
        """The dual of permutations is themselves, since ρ(g⁻¹)ᵀ = ρ(g); raises ``NotAGroup`` for a monoid."""
        need_inverses(self)
        return self

    def tensor(self, k: int) -> PermutationRepresentation:
        """The k-th tensor power: the action on k-tuples of points, unevaluated until asked."""
        power_order(k)

        def image(name: str) -> NDArray[np.int64]:
            result = as_array([0])
            for _ in range(k):
                result = _pairs(result, self.index_map(name))
            return result

        return make_permutation(
            self.monoid, self.degree**k, ("tensor", k, self), image, lambda: f"{self!r}.tensor({k})", self.field
        )

    def sym(self, k: int) -> PermutationRepresentation:
        """The k-th symmetric power: the action on multisets of k points."""
        power_order(k)

        def image(name: str) -> NDArray[np.int64]:
            return _on_multisets(self.index_map(name), matrices.multisets(self.degree, k))

        return make_permutation(
            self.monoid,
            math.comb(self.degree + k - 1, k) if self.degree else int(k == 0),
            ("sym", k, self),
            image,
            lambda: f"{self!r}.sym({k})",
            self.field,
        )

    def _copies(self, n: int) -> PermutationRepresentation:
        def image(name: str) -> NDArray[np.int64]:
            return _pairs(as_array(range(n)), self.index_map(name))

        return make_permutation(
            self.monoid, n * self.degree, ("*", n, self), image, lambda: f"{n} * {self!r}", self.field
        )

    def _restricted(self, along: MonoidHomomorphism) -> Representation:
        if not isinstance(along.source, Monoid):
            return super()._restricted(along)
        return make_permutation(
            along.source,
            self.degree,
            ("restrict", along, self),
            lambda name: as_array(word_map(self, along.words[name])),
            lambda: f"{self!r}.restrict({along!r})",
            self.field,
        )


def make_permutation(
    monoid: Source, degree: int, key: Any, images: Callable[[str], Any], expression: Any, field: Field = RATIONALS
) -> PermutationRepresentation:
    """A permutation representation from a rule for its maps, unchecked and unevaluated."""
    made = PermutationRepresentation._make(monoid, degree, field, key, images, expression)
    return made  # type: ignore[no-any-return]


def as_array(images: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """A read-only array of indices."""
    import numpy as np

    array = np.asarray(images, dtype=np.int64)
    array.flags.writeable = False
    return array


def _on_multisets(moved: NDArray[np.int64], basis: list[tuple[int, ...]]) -> NDArray[np.int64]:
    """Where each multiset of points goes; nondecreasing tuples are looked up as numbers in base n, in sorted order."""
    import numpy as np

    tuples = np.array(basis, dtype=np.int64).reshape(len(basis), -1)
    weights = len(moved) ** np.arange(tuples.shape[1])[::-1]
    return as_array(np.searchsorted(tuples @ weights, np.sort(moved[tuples], axis=1) @ weights))


def _stack(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    return np.concatenate([a, b + len(a)])


def _pairs(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    return (a[:, None] * len(b) + b[None, :]).ravel()
