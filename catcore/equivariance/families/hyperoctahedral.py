"""The hyperoctahedral group B_n = C_2 ≀ S_n, the symmetries of the n-cube, known by its n alone.

Its natural representation is by signed permutation matrices.  Maps between tensor powers of it have a basis of set
partitions into blocks of even size, for any n: an index must appear an even number of times, or the sign at that index
would change the entry (Tanabe 1997).

>>> from catcore.equivariance.strategies.solver import equivariant_maps
>>> axes = hyperoctahedral(10**6).natural
>>> equivariant_maps(axes.tensor(2), axes.tensor(2)).dim, equivariant_maps(axes.tensor(4), axes.tensor(4)).dim
(4, 379)
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catcore.equivariance.groups import models, words
from catcore.equivariance.groups.group import Group, _need, symmetric
from catcore.equivariance.groups.words import Relation
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.representations.permutations import PermutationRepresentation, as_array, make_permutation
from catcore.equivariance.representations.representation import Representation
from catcore.exact import RATIONALS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class HyperoctahedralGroup(Group):
    """B_n by its n alone: relations, maps, matrices and order are made when asked, so that n may be a million."""

    points: int

    def __init__(self, n: int) -> None:
        _need(n, "A hyperoctahedral group")
        names = (*symmetric(n).generators, "m")
        for name, value in zip(
            ("points", "name", "generators", "expression"), (n, f"B{n}", names, f"hyperoctahedral({n})"), strict=True
        ):
            object.__setattr__(self, name, value)

    def signed(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where a generator sends each axis, and with which sign."""
        import numpy as np

        signs = np.ones(self.points, dtype=np.int64)
        if name == "m":
            signs[0] = -1
            return np.arange(self.points), signs
        base = symmetric(self.points)
        return np.array(base.defining_maps[base.generators.index(name)], dtype=np.int64), signs

    @cached_property
    def defining_maps(self) -> tuple[tuple[int, ...], ...]:
        """The permutations of the 2n points ±e_i; e_i is number 2i and -e_i is 2i + 1."""
        import numpy as np

        def doubled(images: NDArray[np.int64], signs: NDArray[np.int64]) -> tuple[int, ...]:
            flips = signs < 0
            return tuple(np.stack([2 * images + flips, 2 * images + 1 - flips], axis=1).ravel().tolist())

        return tuple(doubled(*self.signed(name)) for name in self.generators)

    @cached_property
    def model(self) -> models.Maps:
        """Permutations of the points ±e_i."""
        return models.Maps(2 * self.points, tuple(zip(self.generators, self.defining_maps, strict=True)))

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """Those of S_n, and that the conjugates of m are n commuting involutions which S_n permutes as points."""
        new = ["m^2", "(m s)^4"][: min(self.points, 2)]
        new += ["m s c = s c m", "m c s c^-1 = c s c^-1 m"] if self.points > 2 else []
        read = tuple(words.read_relation(text, self.generators, inverses=True) for text in new)
        return symmetric(self.points).relations + read

    @cached_property
    def defining(self) -> PermutationRepresentation:
        """B_n on the 2n points ±e_i."""

        def image(name: str) -> Any:
            return as_array(self.defining_maps[self.generators.index(name)])

        return make_permutation(self, 2 * self.points, ("defining",), image, lambda: f"{self!r}.defining")

    @cached_property
    def natural(self) -> Representation:
        """B_n on the n axes, by signed permutation matrices."""
        n = self.points

        def image(name: str) -> Any:
            images, signs = (x.tolist() for x in self.signed(name))
            entries = {(i, j): RATIONALS.domain(s) for j, (i, s) in enumerate(zip(images, signs, strict=True))}
            return matrices.sparse(entries, (n, n), RATIONALS)

        made: Representation = Representation._make(self, n, RATIONALS, ("natural",), image, f"{self!r}.natural")
        return made

    @cached_property
    def known_order(self) -> int:
        """2ⁿ n!"""
        return int(2**self.points) * math.factorial(self.points)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HyperoctahedralGroup) and self.points == other.points

    def __hash__(self) -> int:
        return hash((HyperoctahedralGroup, self.points))

    def __reduce__(self) -> tuple[Any, ...]:
        return hyperoctahedral, (self.points,)


def hyperoctahedral(n: int) -> HyperoctahedralGroup:
    """The hyperoctahedral group B_n of order 2ⁿ n!: ``s`` and ``c`` permute coordinates as in S_n, ``m`` negates the
    first; ``defining`` permutes the 2n points ±e_i and ``natural`` is by signed permutation matrices."""
    return HyperoctahedralGroup(n)
