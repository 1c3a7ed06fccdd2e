"""Categories with products, as lenses need them: terms, smooth maps and polynomials share these operations.

>>> T = Terms()
>>> from catcore.objects import atoms
>>> A, B = atoms("A B")
>>> print(T.swap(A, B))
⟨π₂, π₁⟩
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, fst, pair, snd
from catcore.categories.category import Category
from catcore.categories.sets import OfTerms, Sets
from catcore.errors import IllTyped
from catcore.objects import Ob, One, Product


class CartesianCategory(Category):
    """A category with finite products."""

    @abstractmethod
    def product(self, a: Any, b: Any) -> Any:
        """The product of two objects."""

    @abstractmethod
    def point(self) -> Any:
        """The terminal object."""

    @abstractmethod
    def remainder(self, ab: Any, a: Any) -> Any:
        """The B with ``A × B = AB``; raises ``IllTyped`` where there is none."""

    @abstractmethod
    def pair(self, f: Any, g: Any) -> Any:
        """``⟨f, g⟩``."""

    @abstractmethod
    def first(self, a: Any, b: Any) -> Any:
        """The projection ``A × B → A``."""

    @abstractmethod
    def second(self, a: Any, b: Any) -> Any:
        """The projection ``A × B → B``."""

    def beside(self, f: Any, g: Any) -> Any:
        """``f × g``."""
        a, b = self.dom(f), self.dom(g)
        return self.pair(self.compose(self.first(a, b), f), self.compose(self.second(a, b), g))

    def swap(self, a: Any, b: Any) -> Any:
        """``A × B → B × A``."""
        return self.pair(self.second(a, b), self.first(a, b))

    def middle(self, a: Any, b: Any, c: Any, d: Any) -> Any:
        """``(A × B) × (C × D) → (A × C) × (B × D)``."""
        left, right = self.product(a, b), self.product(c, d)
        one, two = self.first(left, right), self.second(left, right)
        corners = [self.compose(one, p(a, b)) for p in (self.first, self.second)]
        corners += [self.compose(two, p(c, d)) for p in (self.first, self.second)]
        return self.pair(self.pair(corners[0], corners[2]), self.pair(corners[1], corners[3]))


class TermsWithProducts(CartesianCategory, OfTerms):
    """The operations of products on terms."""

    def product(self, a: Ob, b: Ob) -> Ob:
        """``A * B``."""
        return Product(a, b)

    def point(self) -> Ob:
        """The object 1."""
        return One

    def remainder(self, ab: Ob, a: Ob) -> Ob:
        """The second factor of a product whose first one is ``a``."""
        if not isinstance(ab, Product) or ab.left is not a:
            raise IllTyped(f"A product {a} × B is needed, and {ab} was found. Put {a} first.")
        return ab.right

    def pair(self, f: Arrow, g: Arrow) -> Arrow:
        """``⟨f, g⟩``."""
        return pair(f, g)

    def first(self, a: Ob, b: Ob) -> Arrow:
        """The first projection."""
        return fst(a, b)

    def second(self, a: Ob, b: Ob) -> Arrow:
        """The second projection."""
        return snd(a, b)


@dataclass(frozen=True)
class Terms(TermsWithProducts, Sets):
    """Sets and functions, with terms as arrows."""
