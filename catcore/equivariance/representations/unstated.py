"""Relations that nobody stated: whether images of the generators of a group of permutations represent it.

Without a presentation a group is known by what its generators do.  Short relations are read off its elements and
multiplied out exactly: words that reach one element in two ways, and powers of words.  Most images that are wrong break
one of these.  The others break a relation that a stabiliser chain meets: the chain is built with the images carried
along (Schreier and Sims), and a product of generators that is the identity must have the identity as its image.
Index maps are carried exactly, and matrices modulo two primes, where each relation is put to four random vectors; so a
relation of matrices that is seen to break is broken, and one that is not seen to break holds but for a tiny chance.

>>> from catcore.equivariance import Group, Representation
>>> cube = Group.permutations({"a": [1, 2, 3, 4, 5, 0], "b": [1, 0, 2, 3, 4, 5]})
>>> Representation(cube, {"a": [[-1]], "b": [[1]]})
Traceback (most recent call last):
...
catcore.errors.NotARepresentation: A representation of ⟨a b⟩ on 6 points was asked for and the relation \
a b a b a b a b a b = 1 is broken: its left side is [[-1]] and its right side is [[1]]; change the generators or \
the relation.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catcore.equivariance.groups import models, words
from catcore.equivariance.groups.monoid import Monoid
from catcore.equivariance.groups.stabilizers import Companions, StabilizerChain
from catcore.equivariance.groups.words import Relation, Word
from catcore.errors import NotARepresentation, TooLarge

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.reduction import Place
    from catcore.equivariance.representations.representation import Representation

SHORT = 64  # elements near the identity that short relations are read from
MAX_POWER = 400  # letters of a power that is multiplied out
CHAIN_POINTS = 512
CHAIN_SIFTS = 100_000
SHOWN = 60  # runs of a broken relation that are written out


def short_relations(monoid: Monoid) -> Iterator[Relation]:
    """Relations between words of the shortest elements of a monoid of maps: two words for one, and powers."""
    model = monoid.model
    near = dict(itertools.islice(_breadth_first(model), SHORT))
    for x, letters in near.items():
        for name, g in model.images.items():
            y = model.multiply(x, g)
            other = words.word(*letters, name)
            if y in near and near[y] != other:
                yield other, near[y]
    for x, letters in near.items():
        yield from _power(model, x, letters)


def _breadth_first(model: models.Maps) -> Iterator[tuple[Any, Word]]:
    """Elements with a shortest word for each, the identity first."""
    found: dict[Any, Word] = {model.one: ()}
    yield model.one, ()
    for x in (queue := [model.one]):  # grows while it is read
        for name, g in model.images.items():
            y = model.multiply(x, g)
            if y not in found:
                found[y] = words.word(*found[x], name)
                queue.append(y)
                yield y, found[y]


def _power(model: models.Maps, x: Any, letters: Word) -> Iterator[Relation]:
    """The first power of an element that an earlier one equals, if it comes soon."""
    length = sum(abs(k) for _, k in letters)
    seen, y = {model.one: 0}, model.one
    for k in range(1, MAX_POWER // max(length, 1) + 1 if length else 0):
        y = model.multiply(y, x)
        if y in seen:
            yield words.power(letters, k), words.power(letters, seen[y]) if seen[y] else ()
            return
        seen[y] = k


def check_by_chain(rho: Representation) -> None:
    """Every relation of a group of permutations, as a stabiliser chain finds them; raises ``NotARepresentation``.

    Groups on many points, and those whose chain is too long, are left with their short relations.
    """
    model: models.Maps = rho.monoid.model  # type: ignore[union-attr]  # asked of groups of permutations alone
    if model.points > CHAIN_POINTS:
        return
    for images in _images(rho):
        values = [(node := Product(images, name=name), node.inverse) for name in rho.monoid.generators]
        try:
            StabilizerChain(
                [g for _, g in model.generators],
                points=model.points,
                values=values,
                companions=Companions(Product.times, Product(images), _holds(rho), Product.keep),
                max_sifts=CHAIN_SIFTS,
            )
        except TooLarge:
            return


def _holds(rho: Representation) -> Callable[[Product, Product], bool]:
    def same(product: Product, one: Product) -> bool:
        if product.is_one():
            return True
        raise NotARepresentation(
            f"A representation of {rho.monoid} was asked for and the relation {_shown(product)} is broken: on the left "
            "is the identity of the group and the image of that word is another; change the generators."
        )

    return same


def _shown(product: Product) -> str:
    try:
        letters = product.word()
    except TooLarge:
        return "of a word of many thousand letters"
    text = words.show_word(letters[:SHOWN])
    return f"{text}{' ...' if len(letters) > SHOWN else ''} = 1"


def _images(rho: Representation) -> Iterator[_IndexMaps | _Residues]:
    if hasattr(rho, "index_map"):
        yield _IndexMaps(rho)
        return
    from catcore.equivariance.linear_algebra.reduction import places

    def at(place: Place) -> Iterator[_Residues]:
        try:
            yield _Residues(rho, place)
        except ZeroDivisionError:  # the prime divides a denominator
            return

    yield from itertools.islice(itertools.chain.from_iterable(map(at, places(rho.field))), 2)


class _IndexMaps:
    """Index maps, put to every point."""

    def __init__(self, rho: Any) -> None:
        import numpy as np

        self.one = self.test = np.arange(rho.degree)
        self.maps = {name: np.asarray(rho.index_map(name)) for name in rho.monoid.generators}
        self.backs = {name: np.argsort(f) for name, f in self.maps.items()}

    def apply(self, f: Any, x: Any) -> Any:
        return f[x]


class _Residues:
    """Matrices modulo a prime, put to four random vectors."""

    def __init__(self, rho: Representation, place: Place) -> None:
        import numpy as np

        from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily

        self.F = place.F
        self.one = np.eye(rho.degree)
        self.test = self.F.random((rho.degree, 4), np.random.default_rng(0))

        def reduced(exact: Any) -> Any:
            family = MatrixFamily.of_matrices([exact], exact.shape, rho.field)
            return family.dense(place.all_residues(family.values)[0])[0]

        self.maps = {name: reduced(rho.exact(name)) for name in rho.monoid.generators}
        self.backs = {name: reduced(rho.exact(name).inv()) for name in rho.monoid.generators}

    def apply(self, f: Any, x: Any) -> Any:
        return self.F.multiply(f, x)


@dataclass(frozen=True, eq=False)
class Product:
    """The image of an element as a product of images, multiplied out only where the chain keeps it."""

    images: Any
    left: Product | None = None
    right: Product | None = None
    name: str | None = None
    sign: int = 1

    @cached_property
    def whole(self) -> Any:
        """The product, multiplied out."""
        if self.left is not None and self.right is not None:
            return self.images.apply(self.left.whole, self.right.whole)
        if self.name is None:
            return self.images.one
        return (self.images.maps if self.sign > 0 else self.images.backs)[self.name]

    @property
    def inverse(self) -> Product:
        """The inverse of a generator's image."""
        return Product(self.images, name=self.name, sign=-self.sign)

    def times(self, other: Product) -> Product:
        """The product, not multiplied out."""
        return Product(self.images, self, other)

    def keep(self) -> None:
        """Multiply out."""
        _ = self.whole

    def is_one(self) -> bool:
        """Whether this is the identity, as far as the test vectors tell."""
        return bool((self.applied(self.images.test) == self.images.test).all())

    def applied(self, x: Any) -> Any:
        """What becomes of vectors, or points, from the right factor on."""
        if "whole" in self.__dict__ or self.left is None or self.right is None:
            return self.images.apply(self.whole, x)
        return self.left.applied(self.right.applied(x))

    def word(self) -> Word:
        """The word in the generators; raises ``TooLarge`` where it is very long."""
        if self.left is None or self.right is None:
            return () if self.name is None else words.word((self.name, self.sign))
        letters = words.word(*self.left.word(), *self.right.word())
        if len(letters) > words.MAX_RUNS:
            raise TooLarge("The word of a product is too long to write down.")
        return letters
