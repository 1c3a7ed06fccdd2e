"""A monoid as a category with one object (THEORY T1.1; CDL 1.3).

The arrows are the elements, and ``f ; g`` is the product ``g f``, as composites of functions are: a functor from this
category to sets is then a left action.  The monoid is a group exactly when every arrow is invertible.

>>> from catcore.equivariance.groups.group import cyclic
>>> B = OneObject(cyclic(3))
>>> len(B.arrows), B.is_groupoid
(3, True)
"""

from __future__ import annotations

from dataclasses import dataclass

from catcore.categories.category import Category
from catcore.equivariance.groups.monoid import Monoid
from catcore.laws import Law

#: The name of the only object.
POINT = "•"


@dataclass(frozen=True)
class OneObject(Category):
    """The category ``BM`` of a monoid ``M``; arrows are the places of its elements."""

    monoid: Monoid

    @property
    def arrows(self) -> range:
        """All arrows."""
        return range(len(self.monoid.elements))

    def identity(self, a: str = POINT) -> int:
        """The unit of the monoid."""
        return self.monoid.identity

    def dom(self, f: int) -> str:
        """The only object."""
        return POINT

    def cod(self, f: int) -> str:
        """The only object."""
        return POINT

    def _composite(self, f: int, g: int) -> int:
        return self.monoid.multiply(g, f)

    def inverse(self, f: int) -> int | None:
        """The inverse of an arrow, or None when it has none."""
        unit, table = self.monoid.identity, self.monoid.table
        return next((g for g in self.arrows if table[f][g] == unit == table[g][f]), None)

    @property
    def is_groupoid(self) -> bool:
        """Whether every arrow is invertible, that is, whether the monoid is a group."""
        return all(self.inverse(f) is not None for f in self.arrows)

    def laws(self) -> tuple[Law, ...]:
        """The laws of a category, which are those of the monoid."""
        names = {"left unit": "right identity", "right unit": "left identity"}
        return tuple(
            Law(names.get(law.name, law.name), law.lhs, law.rhs, law.given) for law in Monoid.laws(self.monoid)
        )

    def __str__(self) -> str:
        return f"B({self.monoid})"
