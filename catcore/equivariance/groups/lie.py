"""Lie groups as far as linear maps see them: infinitesimal generators, and one element for each further component.

A linear map commutes with a connected Lie group exactly when it commutes with its Lie algebra,
``W dρ_in(X) = dρ_out(X) W``; every further component adds the one equation of an element in it (T1.11).  SO(n) and O(n)
differ in just such an element.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from catcore.equivariance.groups import words
from catcore.equivariance.groups.words import Relation
from catcore.errors import BadSpecification, NotAGroup

if TYPE_CHECKING:
    from catcore.equivariance.groups.monoid import Monoid


@dataclass(frozen=True)
class LieGroup:
    """A Lie group named by its infinitesimal generators and by an element for each extra component.

    ``adjoints`` lists pairs (X, X*) of generators where these stand for the complexified Lie algebra of a compact
    group, whose own elements ``X - X*`` and ``i (X + X*)`` have no names; every other generator is one of the group's.
    Linear maps see no difference, other maps do.
    """

    infinitesimal: tuple[str, ...]
    components: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    name: str = "Lie group"
    adjoints: tuple[tuple[str, str], ...] = ()

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

    def __mul__(self, other: LieGroup | Monoid) -> LieGroup:
        """The product with another Lie group or with a group, whose generators become components; shared names are
        numbered 1 and 2.

        Group elements of the two sides commute, and so do infinitesimal generators, by the way representations of a
        product are made.  Raises ``NotAGroup`` for a monoid.
        """
        return product(self, other)

    def __rmul__(self, other: Monoid) -> LieGroup:
        return product(other, self)

    def __str__(self) -> str:
        return self.name


def product(left: LieGroup | Monoid, right: LieGroup | Monoid) -> LieGroup:
    """The product of a Lie group with a Lie group or a group, on either side."""
    from catcore.equivariance.groups.monoid import separate_names

    for factor in (left, right):
        if not factor.is_group:
            raise NotAGroup(
                f"The product of a Lie group and {factor} was asked for and that is a monoid, where elements need not "
                "invert; use a Group."
            )
    names = separate_names(left.generators, right.generators)
    halves = [_half(factor, chosen) for factor, chosen in zip((left, right), names, strict=True)]
    commuting = tuple((words.word(a, b), words.word(b, a)) for a in halves[0].components for b in halves[1].components)
    return LieGroup(
        halves[0].infinitesimal + halves[1].infinitesimal,
        halves[0].components + halves[1].components,
        halves[0].relations + halves[1].relations + commuting,
        f"{left.name}×{right.name}",
        halves[0].adjoints + halves[1].adjoints,
    )


def _half(factor: LieGroup | Monoid, names: tuple[str, ...]) -> LieGroup:
    """A factor with its generators renamed, a finite group as components only."""
    new = dict(zip(factor.generators, names, strict=True))
    flat = factor.infinitesimal if isinstance(factor, LieGroup) else ()
    relations = tuple((words.rename(a, new), words.rename(b, new)) for a, b in factor.relations)
    adjoints = factor.adjoints if isinstance(factor, LieGroup) else ()
    return LieGroup(
        tuple(new[x] for x in flat),
        tuple(new[x] for x in factor.generators if x not in flat),
        relations,
        factor.name,
        tuple((new[x], new[y]) for x, y in adjoints),
    )
