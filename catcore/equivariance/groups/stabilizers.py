"""Stabiliser chains: the order of a permutation group, membership, and words' values without listing the elements.

A chain ``G ≥ G_1 ≥ G_2 ≥ ... ≥ 1`` fixes one more base point at each step; with a transversal for each step an element
is a unique product ``u_1 u_2 ... u_k``, and the order is the product of the lengths (Schreier and Sims; the incremental
form is Knuth's, *Efficient representation of perm groups*, 1991).  Elements may carry a companion that is multiplied
along, such as the matrix that a representation gives them.  Sifting an element of the group then tells its companion,
and if the identity is ever met with another companion than one, no representation sends the generators so.

>>> cube = StabilizerChain([(1, 2, 3, 0), (1, 0, 2, 3)])
>>> cube.order, (3, 2, 1, 0) in cube
(24, True)
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from catcore.errors import NotARepresentation, TooLarge

Permutation = tuple[int, ...]
MAX_SIFTS = 2_000_000


@dataclass(frozen=True)
class Companions:
    """How companions multiply, when two are the same, and what is done to those that the chain keeps; each travels
    beside its inverse.  Without any they are 1."""

    multiply: Callable[[Any, Any], Any] = lambda x, y: 1
    one: Any = 1
    same: Callable[[Any, Any], bool] = operator.eq
    keep: Callable[[Any], None] = lambda x: None


@dataclass(frozen=True, eq=False)
class Element:
    """A permutation and its inverse, with companions for both."""

    images: Permutation
    back: Permutation
    value: Any = 1
    unvalue: Any = 1


@dataclass(eq=False)
class Level:
    """One step of the chain: the orbit of a base point, with an element that moves the base to each of its points."""

    base: int
    transversal: dict[int, Element]
    generators: list[Element] = field(default_factory=list)


def composed(f: Permutation, g: Permutation) -> Permutation:
    """First ``g``, then ``f``."""
    return tuple([f[i] for i in g])


def inverted(f: Permutation) -> Permutation:
    """The inverse permutation."""
    back = [0] * len(f)
    for i, image in enumerate(f):
        back[image] = i
    return tuple(back)


class StabilizerChain:
    """The stabiliser chain of the group that some permutations generate.

    ``values`` are companions of the generators as pairs ``(value, inverse)``.  Raises ``NotARepresentation`` when the
    identity gets a companion other than one, ``TooLarge`` after two million siftings, or ``max_sifts``.
    """

    def __init__(
        self,
        generators: Sequence[Permutation],
        *,
        points: int | None = None,
        values: Sequence[tuple[Any, Any]] | None = None,
        companions: Companions | None = None,
        max_sifts: int = MAX_SIFTS,
    ) -> None:
        self.companions = companions or Companions()
        self.points = points if points is not None else len(generators[0]) if generators else 0
        self.levels: list[Level] = []
        self._sifts, self._max_sifts = 0, max_sifts
        one = tuple(range(self.points))
        self.one = Element(one, one, self.companions.one, self.companions.one)
        pairs = values if values is not None else [(self.companions.one, self.companions.one)] * len(generators)
        self.generators = [Element(g, inverted(g), *pair) for g, pair in zip(generators, pairs, strict=True)]
        for g in self.generators:
            self._insert(0, g)

    @property
    def order(self) -> int:
        """How many elements the group has."""
        return math.prod(len(level.transversal) for level in self.levels)

    def __contains__(self, images: object) -> bool:
        return self.sift(Element(images, inverted(images)))[1].images == self.one.images  # type: ignore[arg-type]

    def multiply(self, x: Element, y: Element) -> Element:
        """The product ``x y``."""
        times = self.companions.multiply
        return Element(
            composed(x.images, y.images),
            composed(y.back, x.back),
            times(x.value, y.value),
            times(y.unvalue, x.unvalue),
        )

    def invert(self, x: Element) -> Element:
        """The inverse of an element."""
        return Element(x.back, x.images, x.unvalue, x.value)

    def sift(self, x: Element, start: int = 0) -> tuple[int, Element]:
        """What is left of an element after the transversals are divided off, and the level where it got stuck."""
        for k in range(start, len(self.levels)):
            level = self.levels[k]
            step = level.transversal.get(x.images[level.base])
            if step is None:
                return k, x
            if step is not self.one:
                x = self.multiply(self.invert(step), x)
        return len(self.levels), x

    def value(self, images: Permutation) -> Any:
        """The companion of an element of the group; raises ``NotARepresentation`` for a permutation outside it."""
        _, rest = self.sift(Element(images, inverted(images), self.companions.one, self.companions.one))
        if rest.images != self.one.images:
            raise NotARepresentation("The value of a permutation was asked for and it lies outside the group.")
        return rest.unvalue

    def _insert(self, k: int, x: Element) -> None:
        """Extend the chain from level k on by an element that fixes the bases before."""
        self._sifts += 1
        if self._sifts > self._max_sifts:
            raise TooLarge(
                f"The order of a permutation group on {self.points} points was not found in {self._max_sifts} steps; "
                "give fewer generators, or a group with a known order."
            )
        x = self._residue(k, x)
        if x.images == self.one.images:
            return
        if k == len(self.levels):
            base = next(i for i, image in enumerate(x.images) if image != i)
            self.levels.append(Level(base, {base: self.one}))
        level = self.levels[k]
        level.generators.append(self._kept(x))
        frontier = [(point, x) for point in list(level.transversal)]
        while frontier:
            frontier = [pair for point, g in frontier for pair in self._edge(k, level, point, g)]

    def _kept(self, x: Element) -> Element:
        self.companions.keep(x.value)
        self.companions.keep(x.unvalue)
        return x

    def _residue(self, k: int, x: Element) -> Element:
        """What the chain from level k on does not hold yet, or the identity once its companion is seen to be one."""
        _, rest = self.sift(x, k)
        if rest.images == self.one.images and not self.companions.same(rest.value, self.companions.one):
            raise NotARepresentation(
                "The identity of the group is a product of generators whose images multiply to something else, so "
                "these images represent another group; change the generators."
            )
        return rest

    def _edge(self, k: int, level: Level, point: int, g: Element) -> Iterator[tuple[int, Element]]:
        """Follow one generator from one point: a new point of the orbit, or an element of the next stabiliser."""
        image, step = g.images[point], self.multiply(g, level.transversal[point])
        if image not in level.transversal:
            level.transversal[image] = self._kept(step)
            yield from [(image, h) for h in level.generators]
        else:
            self._insert(k + 1, self.multiply(self.invert(level.transversal[image]), step))

    def smallest(self, x: Element) -> Element:
        """The element of the coset ``x G`` with the smallest images of the base points: one for each coset."""
        for level in self.levels:
            point = min(level.transversal, key=x.images.__getitem__)
            x = self.multiply(x, level.transversal[point])
        return x
