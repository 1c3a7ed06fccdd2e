"""New categories from old: the opposite of a category, and the product of two (THEORY T1.1).

In the opposite category every arrow is turned round; a contravariant functor is a functor out of it.  An arrow of a
product of categories is a pair of arrows, composed side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from catcore.categories.category import Category
from catcore.laws import Law, PointwiseLaw


@dataclass(frozen=True)
class Opposite(Category):
    """The category with the same objects and all arrows turned round."""

    category: Category

    def identity(self, a: Any) -> Any:
        """The same identity."""
        return self.category.identity(a)

    def dom(self, f: Any) -> Any:
        """Where the arrow ends in the original category."""
        return self.category.cod(f)

    def cod(self, f: Any) -> Any:
        """Where the arrow starts in the original category."""
        return self.category.dom(f)

    def _composite(self, f: Any, g: Any) -> Any:
        return self.category.compose(g, f)

    def _equal(self, f: Any, g: Any) -> bool:
        return self.category.equal(f, g)

    def same_object(self, a: Any, b: Any) -> bool:
        """Whether two objects are equal in the original category."""
        return self.category.same_object(a, b)

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """The original laws read backwards: left and right identity change places."""
        return tuple(_reversed(law) for law in self.category.laws())

    def __str__(self) -> str:
        return f"({self.category})ᵒᵖ"


def _reversed(law: Law | PointwiseLaw) -> Law | PointwiseLaw:
    swap = {"left identity": "right identity", "right identity": "left identity"}
    return replace(law, name=swap.get(law.name, law.name))


@dataclass(frozen=True)
class ProductCategory(Category):
    """The product of two categories; objects and arrows are pairs."""

    left: Category
    right: Category

    def identity(self, a: Any) -> tuple[Any, Any]:
        """The pair of identities."""
        return self.left.identity(a[0]), self.right.identity(a[1])

    def dom(self, f: Any) -> tuple[Any, Any]:
        """The pair of domains."""
        return self.left.dom(f[0]), self.right.dom(f[1])

    def cod(self, f: Any) -> tuple[Any, Any]:
        """The pair of codomains."""
        return self.left.cod(f[0]), self.right.cod(f[1])

    def _composite(self, f: Any, g: Any) -> tuple[Any, Any]:
        return self.left.compose(f[0], g[0]), self.right.compose(f[1], g[1])

    def _equal(self, f: Any, g: Any) -> bool:
        return self.left.equal(f[0], g[0]) and self.right.equal(f[1], g[1])

    def same_object(self, a: Any, b: Any) -> bool:
        """Whether both components are equal."""
        return self.left.same_object(a[0], b[0]) and self.right.same_object(a[1], b[1])

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """The laws of both factors: an equation of pairs holds when it holds in each component."""
        sides = (("first", self.left), ("second", self.right))
        return tuple(replace(law, name=f"{law.name} ({side})") for side, c in sides for law in c.laws())

    def __str__(self) -> str:
        return f"{self.left} × {self.right}"
