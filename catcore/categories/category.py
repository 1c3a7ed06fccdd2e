"""What every category here offers: identities, composition, equality of arrows, doctrines, and its laws (THEORY T1.1).

A category is a value.  Its objects and arrows are whatever its file says; the laws are always
``id ; f = f = f ; id`` and ``(f ; g) ; h = f ; (g ; h)``, where composition ``f ; g`` is diagrammatic, f first.  A
category that interprets terms declares the doctrines it has and refuses a term that needs another one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from catcore.arrows import Arrow, doctrines
from catcore.errors import MissingDoctrine, NotComposable
from catcore.laws import Law, PointwiseLaw


class Category(ABC):
    """A category as a value."""

    #: The doctrines whose term formers the category can interpret.
    has: ClassVar[frozenset[str]] = frozenset({"category"})

    @abstractmethod
    def identity(self, a: Any) -> Any:
        """The identity arrow of an object."""

    @abstractmethod
    def dom(self, f: Any) -> Any:
        """Where an arrow starts."""

    @abstractmethod
    def cod(self, f: Any) -> Any:
        """Where an arrow ends."""

    @abstractmethod
    def _composite(self, f: Any, g: Any) -> Any:
        """``f ; g`` for composable arrows."""

    @abstractmethod
    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """The laws of a category, over a range that each kind of category chooses."""

    def compose(self, f: Any, g: Any) -> Any:
        """``f ; g``, first ``f``.

        Raises:
            NotComposable: when ``f`` does not end where ``g`` starts.
        """
        if not self.same_object(self.cod(f), self.dom(g)):
            raise NotComposable(
                f"In {self} a composite of {f} and {g} was asked for: the first ends in {self.cod(f)} and the second "
                f"starts in {self.dom(g)}. Composition is diagrammatic, the first arrow first."
            )
        return self._composite(f, g)

    def equal(self, f: Any, g: Any) -> bool:
        """Whether two arrows are equal: domain and codomain count (``0 : 1 → 2`` is not ``0 : 1 → 3``)."""
        ends = self.same_object(self.dom(f), self.dom(g)) and self.same_object(self.cod(f), self.cod(g))
        return ends and self._equal(f, g)

    def _equal(self, f: Any, g: Any) -> bool:
        return bool(f == g)

    def same_object(self, a: Any, b: Any) -> bool:
        """Whether two objects are equal."""
        return bool(a == b)

    def require(self, term: Arrow) -> None:
        """Refuse a term that uses a doctrine which the category does not have.

        Raises:
            MissingDoctrine: naming the doctrine.
        """
        missing = sorted(doctrines(term) - self.has)
        if missing:
            raise MissingDoctrine(
                f"{self} was asked to interpret {term}, which is a term of the {missing[0]} doctrine; this category "
                f"has {', '.join(sorted(self.has))}. Say it without that former, or in a category that has it."
            )

    def laws_over(self, triples: Sequence[tuple[Any, Any, Any]], evidence: str) -> tuple[PointwiseLaw, ...]:
        """The laws of a category over given composable triples of arrows."""
        first = [f for f, _, _ in triples]

        def associated(right: bool) -> Any:
            def side(triple: tuple[Any, Any, Any]) -> Any:
                f, g, h = triple
                one = self.compose(f, self.compose(g, h)) if right else self.compose(self.compose(f, g), h)
                return _Shown(self, one)

            return side

        return (
            PointwiseLaw(
                "left identity",
                first,
                lambda f: _Shown(self, self.compose(self.identity(self.dom(f)), f)),
                lambda f: _Shown(self, f),
                evidence,
            ),
            PointwiseLaw(
                "right identity",
                first,
                lambda f: _Shown(self, self.compose(f, self.identity(self.cod(f)))),
                lambda f: _Shown(self, f),
                evidence,
            ),
            PointwiseLaw("associativity", triples, associated(False), associated(True), evidence),
        )


class _Shown:
    """An arrow compared by its category's equality."""

    def __init__(self, category: Category, arrow: Any) -> None:
        self.category, self.arrow = category, arrow

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shown) and self.category.equal(self.arrow, other.arrow)

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.arrow)
