"""Lazy solutions: a basis known by a rule, whose size does not depend on the matrices' size.

A span knows how many elements it has, can list them, applies a combination of them to arrays without forming a matrix,
says why its elements are homomorphisms, and is written out as labels or exact matrices when somebody asks and they fit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from catcore.equivariance.representations.representation import Representation
    from catcore.equivariance.strategies.null_space import Basis
    from catcore.equivariance.strategies.orbits import Pattern
    from catcore.exact import Field

MAX_LISTED = 200_000  # elements in a list


class Span(ABC):
    """A basis of homomorphisms that is not written out."""

    @property
    @abstractmethod
    def count(self) -> int:
        """The dimension."""

    @property
    @abstractmethod
    def counted_by(self) -> str:
        """What the dimension rests on."""

    @property
    @abstractmethod
    def elements(self) -> Sequence[Any]:
        """The basis, in the order of the parameters; raises ``TooLarge`` when there are too many to list."""

    @abstractmethod
    def materialise(self, field: Field) -> Basis | Pattern:
        """The same basis as labels or exact matrices; raises ``TooLarge`` where they would not fit."""

    @abstractmethod
    def apply(self, theta: Any, x: Any) -> NDArray[Any]:
        """``Σ θ_k B_k x`` on arrays whose last axis is the input space; no matrix is formed."""

    entrywise: ClassVar[bool] = False  # whether ``lawful`` multiplies both sides out

    def independent(self) -> bool:
        """Whether the elements are linearly independent and as many as the dimension.

        So are those of disjoint supports, once they are different.
        """
        return len(set(self.elements)) == self.count

    @abstractmethod
    def lawful(self, rho_in: Representation, rho_out: Representation) -> bool:
        """Whether the generators preserve, exactly, what the elements are made of, so that each is a homomorphism."""
