"""Types of features: direct sums of representations with multiplicities, ``m_1 ρ_1 ⊕ m_2 ρ_2 ⊕ …``.

A multiplicity is what practice calls channels.  A batch of features is one array ``(…, m, n)`` for each summand, n
being the degree of its representation; of a single summand it is just that array.  Maps between such sums are blocks,
``Hom(⊕ m_i ρ_i, ⊕ n_j τ_j) = ⊕ Hom(ρ_i, τ_j) ⊗ ℝ^{n_j × m_i}``.

>>> from catcore.equivariance import Representation, symmetric
>>> S4 = symmetric(4)
>>> print(Features.of([(S4.defining, 2), (Representation.trivial(S4), 3)]))
2·(S4 on Q^4) ⊕ 3·(S4 on Q^1)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore.equivariance.representations.representation import Representation
from catcore.equivariance.representations.validation import require_same_source
from catcore.errors import IllTyped


@dataclass(frozen=True)
class Features:
    """The direct sum of some representations of one monoid, each with a multiplicity of at least 1.

    Raises ``IllTyped`` for no summands or for a multiplicity below 1, ``NotARepresentation`` for different monoids.
    """

    summands: tuple[tuple[Representation, int], ...]

    def __post_init__(self) -> None:
        if not self.summands or any(type(m) is not int or m < 1 for _, m in self.summands):
            raise IllTyped(
                f"A type of features is some representations with multiplicities, integers of at least 1, and "
                f"{[m for _, m in self.summands]} were given."
            )
        for rho, _ in self.summands[1:]:
            require_same_source(self.summands[0][0], rho)

    @classmethod
    def of(cls, given: Any) -> Features:
        """Features from a representation, a pair ``(ρ, m)``, or a list of these; features are left as they are."""
        if isinstance(given, Features):
            return given
        return cls(tuple(map(_summand, given if isinstance(given, list) else [given])))

    def of_numbers(self, what: str) -> Features:
        """These features, if their field is one of real or complex numbers; raises ``IllTyped`` for a finite field,
        naming what was asked for."""
        for rho, _ in self.summands:
            if rho.field.characteristic:
                raise IllTyped(
                    f"{what} computes with real or complex numbers, and {rho} is over {rho.field.name}; over a finite "
                    "field there are the laws of Linear and Polynomial layers, and exact matrices."
                )
        return self

    @property
    def monoid(self) -> Any:
        """What acts."""
        return self.summands[0][0].monoid

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """The last two axes ``(m, n)`` of the arrays of a batch."""
        return tuple((m, rho.degree) for rho, m in self.summands)

    @property
    def single(self) -> bool:
        """Whether a batch is one array."""
        return len(self.summands) == 1

    def __str__(self) -> str:
        return " ⊕ ".join(f"{m}·({rho})" if m > 1 else f"({rho})" for rho, m in self.summands)


def _summand(given: Any) -> tuple[Representation, int]:
    if isinstance(given, Representation):
        return given, 1
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], Representation):
        return given
    raise IllTyped(f"A summand of features is a representation or a pair (representation, m), and {given!r} was given.")
