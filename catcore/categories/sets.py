"""The category of sets: objects are object expressions, arrows are terms (THEORY T1.1).

It is bicartesian closed and distributive, and holds the fixed points of polynomial functors; a law that is proved is
proved here.  Finite sets form a full subcategory with the same term formers, where an arrow is a table and equality is
decided by looking at all elements.

>>> F = FiniteSets()
>>> F.compose(F.arrow(2, 3, [0, 2]), F.arrow(3, 2, [1, 1, 0]))
finite_map(FinSet(2), FinSet(2), (1, 0))
>>> len(list(F.hom(2, 3)))
9
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, compose, finite_map, generator, ident
from catcore.categories.category import Category
from catcore.categories.finite_sets import FiniteModel
from catcore.laws import Law
from catcore.objects import FinSet, Ob, as_object, atoms, finite_size, substitute

_SET = frozenset({"category", "monoidal", "cartesian", "bicartesian", "distributive", "closed", "inductive"})


class OfTerms(Category):
    """A category whose arrows are terms, composed as terms are."""

    def identity(self, a: object) -> Arrow:
        """The identity term."""
        return ident(a)

    def dom(self, f: Arrow) -> Ob:
        """The domain of a term."""
        return f.dom

    def cod(self, f: Arrow) -> Ob:
        """The codomain of a term."""
        return f.cod

    def _composite(self, f: Arrow, g: Arrow) -> Arrow:
        return compose(f, g)


@dataclass(frozen=True)
class Sets(OfTerms):
    """The category of sets and functions, with terms as arrows."""

    has = _SET

    def laws(self) -> tuple[Law, ...]:
        """The laws at arbitrary arrows."""
        w, x, y, z = atoms("W X Y Z")
        f, g, h = generator("f", w, x), generator("g", x, y), generator("h", y, z)
        return (
            Law("left identity", compose(ident(w), f), f),
            Law("right identity", compose(f, ident(x)), f),
            Law("associativity", compose(compose(f, g), h), compose(f, compose(g, h))),
        )

    def __str__(self) -> str:
        return "Set"


@dataclass(frozen=True)
class FiniteSets(Sets):
    """The category of finite sets; arrows are tables, :class:`~catcore.arrows.FiniteMap`."""

    has = _SET - {"inductive"}

    def arrow(self, dom: object, cod: object, values: Sequence[int]) -> Arrow:
        """The arrow with the given table."""
        return finite_map(dom, cod, values)

    def hom(self, a: object, b: object) -> Iterator[Arrow]:
        """All arrows ``a → b``, in lexicographic order of their tables."""
        source, target = as_object(a), as_object(b)
        for values in it.product(range(finite_size(target)), repeat=finite_size(source)):
            yield finite_map(source, target, values)

    def _composite(self, f: Arrow, g: Arrow) -> Arrow:
        return self.interpret(compose(f, g))

    def _equal(self, f: Arrow, g: Arrow) -> bool:
        return self.interpret(f) is self.interpret(g)

    def interpret(self, term: Arrow, model: FiniteModel | None = None) -> Arrow:
        """The table of a term, generators and atoms taken from a model.

        Raises:
            MissingDoctrine: for fixed points.
            NotInterpreted: when a generator has no table or an atom no size.
        """
        self.require(term)
        found = model or FiniteModel()
        values: Any = found.apply(term, found.elements(term.dom))
        return finite_map(_sized(term.dom, found), _sized(term.cod, found), values.tolist())

    def __str__(self) -> str:
        return "FinSet"


def _sized(ob: Ob, model: FiniteModel) -> Ob:
    """The object with sets of the model's sizes for its atoms."""
    return substitute(ob, {atom: FinSet(size) for atom, size in model.sizes.items()})
