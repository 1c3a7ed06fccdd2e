"""Concrete elements: what the elements of a monoid are, and how two of them multiply.

A model names the identity, the element of each generator, and the multiplication.  Everything else (the list of
elements, the Cayley table, the order) follows by closing the generators under multiplication, and is done only when
asked.  Maps act on the left: ``(f g)(x) = f(g(x))``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from catcore.equivariance.groups import words
from catcore.equivariance.groups.completion import Letters, RewritingSystem, complete
from catcore.equivariance.groups.words import Relation
from catcore.errors import TooLarge

Element = Any
MAX_ELEMENTS = 50_000


class Model(Protocol):
    """The elements of a monoid: an identity, the generators' elements, and a multiplication."""

    @property
    def one(self) -> Element:
        """The identity element."""

    @property
    def images(self) -> Mapping[str, Element]:
        """The element of each generator."""

    def multiply(self, x: Element, y: Element) -> Element:
        """The product ``x y``."""


@dataclass(frozen=True)
class Table:
    """Elements ``0 .. n-1`` multiplied by a table, which need not be lawful."""

    rows: tuple[tuple[int, ...], ...]
    one: int
    names: tuple[str, ...]

    @property
    def images(self) -> Mapping[str, int]:
        """Every element but the unit generates."""
        return {name: i for i, name in enumerate(self.names) if i != self.one}

    def multiply(self, x: int, y: int) -> int:
        """The entry of the table."""
        return self.rows[x][y]


@dataclass(frozen=True)
class Maps:
    """Self-maps of ``{0 .. points-1}`` under composition, as tuples of images."""

    points: int
    generators: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def one(self) -> tuple[int, ...]:
        """The identity map."""
        return tuple(range(self.points))

    @property
    def images(self) -> Mapping[str, tuple[int, ...]]:
        """The map of each generator."""
        return dict(self.generators)

    def multiply(self, x: tuple[int, ...], y: tuple[int, ...]) -> tuple[int, ...]:
        """First ``y``, then ``x``."""
        return tuple([x[i] for i in y])


@dataclass(frozen=True)
class NormalForms:
    """Irreducible words of a presentation, once it is completed.  ``letters`` includes inverses in a group."""

    letters: tuple[tuple[str, int], ...]
    relations: tuple[Relation, ...]

    @cached_property
    def system(self) -> RewritingSystem:
        """The confluent rewriting system; raises ``TooLarge`` where none is found."""
        index = {letter: i for i, letter in enumerate(self.letters)}
        inverse = {i: index[name, -sign] for (name, sign), i in index.items() if (name, -sign) in index}
        equations = [(words.spell(left, index), words.spell(right, index)) for left, right in self.relations]
        if len(inverse) == len(index):
            equations = [_halved(left, right, inverse) for left, right in equations]
        return complete([*equations, *((pair, ()) for pair in inverse.items())])

    @cached_property
    def order(self) -> int | None:
        """How many elements there are, None for infinitely many; raises ``TooLarge`` as ``system`` does."""
        return self.system.count(len(self.letters))

    @property
    def one(self) -> Letters:
        """The empty word."""
        return ()

    @property
    def images(self) -> Mapping[str, Letters]:
        """The letters."""
        return {name: self.system.normal((i,)) for i, (name, sign) in enumerate(self.letters) if sign == 1}

    def multiply(self, x: Letters, y: Letters) -> Letters:
        """Concatenation, reduced."""
        return self.system.normal(x + y)


def _halved(left: Letters, right: Letters, inverse: Mapping[int, int]) -> tuple[Letters, Letters]:
    """The same equation in a group, with letters moved across until both sides are about as long: completion of
    ``a^300 = 1`` would shorten it letter by letter."""
    relator = left + tuple(inverse[i] for i in reversed(right))
    middle = (len(relator) + 1) // 2
    return relator[:middle], tuple(inverse[i] for i in reversed(relator[middle:]))


@dataclass(frozen=True)
class Part:
    """Some elements of another model as generators, multiplied as there: a submonoid or a subgroup."""

    whole: Model
    generators: tuple[tuple[str, Element], ...]

    @property
    def one(self) -> Element:
        """The identity of the whole."""
        return self.whole.one

    @property
    def images(self) -> Mapping[str, Element]:
        """The element of each generator."""
        return dict(self.generators)

    def multiply(self, x: Element, y: Element) -> Element:
        """The product in the whole."""
        return self.whole.multiply(x, y)


def points(model: Model | None) -> int:
    """On how many points a model acts: those of its maps, pairs of points for pairs, and one for all others."""
    if isinstance(model, Maps):
        return model.points
    return points(model.left) * points(model.right) if isinstance(model, Pairs) else 1


@dataclass(frozen=True)
class Pairs:
    """Pairs ``(n, h)`` with ``(n, h)(n', h') = (n · h▶n', h h')``; without an action this is the direct product."""

    left: Model
    right: Model
    names: tuple[tuple[str, ...], tuple[str, ...]]
    action: SemidirectAction | None = None

    @property
    def one(self) -> tuple[Element, Element]:
        """The pair of identities."""
        return (self.left.one, self.right.one)

    @property
    def images(self) -> Mapping[str, tuple[Element, Element]]:
        """Each factor's generators beside the other's identity."""
        first = {n: (x, self.right.one) for n, x in zip(self.names[0], self.left.images.values(), strict=True)}
        second = {n: (self.left.one, y) for n, y in zip(self.names[1], self.right.images.values(), strict=True)}
        return first | second

    def multiply(self, x: tuple[Element, Element], y: tuple[Element, Element]) -> tuple[Element, Element]:
        """The (semi)direct product of pairs."""
        moved = y[0] if self.action is None else self.action(x[1], y[0])
        return (self.left.multiply(x[0], moved), self.right.multiply(x[1], y[1]))


@dataclass(frozen=True)
class SemidirectAction:
    """How a group acts on a monoid by automorphisms, told on generators and extended along words."""

    left: Model
    right: Model
    on_generators: tuple[tuple[str, tuple[tuple[str, words.Word], ...]], ...]

    @cached_property
    def _left(self) -> Enumeration:
        return enumerate_elements(self.left)

    @cached_property
    def _right(self) -> Enumeration:
        return enumerate_elements(self.right)

    @cached_property
    def _automorphisms(self) -> dict[str, dict[Element, Element]]:
        return {g: self._automorphism(images) for g, images in self.on_generators}

    def _automorphism(self, images: Sequence[tuple[str, words.Word]]) -> dict[Element, Element]:
        moved = {n: word_value(self.left, w) for n, w in images}
        return {x: word_value(self.left, w, moved) for x, w in self._left.words.items()}

    def __call__(self, h: Element, n: Element) -> Element:
        """The element that ``h`` moves ``n`` to; the last letter of the word of ``h`` acts first."""
        return self.along(self._right.words[h], n)

    def along(self, letters: words.Word, n: Element) -> Element:
        """The element that a word without inverses moves ``n`` to."""
        for name, exponent in reversed(letters):
            for _ in range(exponent):
                n = self._automorphisms[name][n]
        return n


def word_value(model: Model, letters: words.Word, images: Mapping[str, Element] | None = None) -> Element:
    """The element that a word stands for, its letters read as ``images`` (the model's own generators if None)."""
    chosen = model.images if images is None else images
    return words.value(letters, chosen, model.multiply, model.one, lambda x: invert(model, x))


def invert(model: Model, x: Element) -> Element:
    """The inverse of an element of finite order, or of a word; raises ``TooLarge`` where none is found."""
    if isinstance(model, Part):
        return invert(model.whole, x)
    if isinstance(model, Maps) and len(set(x)) == model.points:
        return tuple(sorted(range(model.points), key=x.__getitem__))
    if isinstance(model, NormalForms):
        index = {letter: i for i, letter in enumerate(model.letters)}
        flipped = (index.get((model.letters[i][0], -model.letters[i][1])) for i in reversed(x))
        return model.system.normal(tuple(i for i in flipped if i is not None))
    power = model.one
    for _ in range(MAX_ELEMENTS):
        following = model.multiply(power, x)
        if following == model.one:
            return power
        power = following
    raise TooLarge(
        f"An inverse was asked for and none was found among {MAX_ELEMENTS} powers; the element may not be invertible."
    )


@dataclass(frozen=True)
class Enumeration:
    """Every element, identity first, in breadth-first order, with a shortest word for each."""

    elements: tuple[Element, ...]
    words: Mapping[Element, words.Word]

    @cached_property
    def index(self) -> Mapping[Element, int]:
        """The place of each element."""
        return {x: i for i, x in enumerate(self.elements)}


def enumerate_elements(model: Model, *, limit: int = MAX_ELEMENTS) -> Enumeration:
    """Close the generators under multiplication on the right; raises ``TooLarge`` beyond ``limit`` elements."""
    if isinstance(model, Table):
        order = [model.one, *(i for i in range(len(model.rows)) if i != model.one)]
        return Enumeration(tuple(order), {i: () if i == model.one else ((model.names[i], 1),) for i in order})
    found: dict[Element, words.Word] = {model.one: ()}
    frontier: list[Element] = [model.one]
    generators = list(model.images.items())
    while frontier:
        frontier = _next_level(model, generators, found, frontier, limit)
    return Enumeration(tuple(found), found)


def _next_level(
    model: Model,
    generators: Sequence[tuple[str, Element]],
    found: dict[Element, words.Word],
    level: Sequence[Element],
    limit: int,
) -> list[Element]:
    fresh = []
    for x in level:
        for name, g in generators:
            y = model.multiply(x, g)
            if y not in found:
                found[y] = words.word(*found[x], name)
                fresh.append(y)
        if len(found) > limit:
            raise TooLarge(
                f"More than {limit} elements were found while listing a monoid; it may be infinite.  "
                "Work with its generators, which is all that equivariant_maps needs."
            )
    return fresh


def close_under(
    generators: Sequence[Element], one: Element, multiply: Callable[[Any, Any], Any], limit: int
) -> list[Element] | None:
    """The monoid generated by hashable elements, or None beyond ``limit`` elements."""
    found = {one: None}
    frontier = [one]
    while frontier:
        fresh = []
        for x in frontier:
            for g in generators:
                y = multiply(x, g)
                if y not in found:
                    found[y] = None
                    fresh.append(y)
            if len(found) > limit:
                return None
        frontier = fresh
    return list(found)
