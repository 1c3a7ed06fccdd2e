"""Lie groups as far as linear maps see them: infinitesimal generators, and one element for each further component.

A linear map commutes with a connected Lie group exactly when it commutes with its Lie algebra,
``W dρ_in(X) = dρ_out(X) W``; every further component adds the one equation of an element in it (T1.11).  SO(n) and O(n)
differ in just such an element.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from catcore.equivariance.words import Relation
from catcore.errors import BadSpecification


@dataclass(frozen=True)
class LieGroup:
    """A Lie group named by its infinitesimal generators and by an element for each extra component."""

    infinitesimal: tuple[str, ...]
    components: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    name: str = "Lie group"

    is_group: ClassVar[bool] = True

    def __post_init__(self) -> None:
        names = self.generators
        if len(set(names)) != len(names):
            raise BadSpecification(
                f"The generators and components {', '.join(names)} are not different; give each its own name."
            )
        letters = {name for relation in self.relations for side in relation for name, _ in side}
        if letters - set(self.components):
            raise BadSpecification(
                f"A relation uses {', '.join(sorted(letters - set(self.components)))}; words multiply group elements, "
                "so the relations of a Lie group may use its components only."
            )

    @property
    def generators(self) -> tuple[str, ...]:
        """Infinitesimal generators first, then the components' elements."""
        return self.infinitesimal + self.components

    def __str__(self) -> str:
        return self.name
