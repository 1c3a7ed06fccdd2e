"""Relations that nobody stated: whether images of the generators of a group of permutations represent it.

Without a presentation a group is known by what its generators do.  Short relations are read off its elements and
multiplied out exactly: words that reach one element in two ways, and powers of words.  Most images that are wrong break
one of these.  The others break a relation that a stabiliser chain meets: the chain is built with the images carried
along (Schreier and Sims), and a product of generators that is the identity must have the identity as its image.
Index maps are carried exactly.  So are the matrices that the chain keeps, and a relation between these is multiplied
out modulo as many primes as bound its entries.  Where that would take long, matrices are carried modulo two primes and
each relation is put to four random vectors: one that is seen to break is broken, and the others hold but for a tiny
chance, which the evidence then says ('sampled').

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

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from catcore.equivariance.groups import models, words
from catcore.equivariance.groups.monoid import Monoid
from catcore.equivariance.groups.stabilizers import Companions, StabilizerChain
from catcore.equivariance.groups.words import Relation, Word
from catcore.equivariance.linear_algebra import matrices, reduction
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.errors import NotARepresentation, TooLarge

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.reduction import Place
    from catcore.equivariance.representations.representation import Representation

SHORT = 64  # elements near the identity that short relations are read from
MAX_POWER = 400  # letters of a power that is multiplied out
CHAIN_POINTS = 512
CHAIN_SIFTS = 100_000
SHOWN = 60  # runs of a broken relation that are written out
MAX_BITS = 2000  # of a bound on the entries of a relation
MAX_WORK = 2 * 10**9  # multiplications modulo primes in all relations
EACH = 20_000  # multiplications that a product of small matrices counts as


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


def check_by_chain(rho: Representation) -> str:
    """Every relation of a group of permutations, as a stabiliser chain finds them; raises ``NotARepresentation``.

    Returns the kind of evidence: 'exhaustive', or 'sampled' where matrices were put to random vectors, and of groups on
    many points, or whose chain is too long, which are left with their short relations.
    """
    if rho.monoid.model.points > CHAIN_POINTS:  # type: ignore[union-attr]  # asked of groups of permutations alone
        return "sampled"
    try:
        _run_through(rho, _IndexMaps(rho) if hasattr(rho, "index_map") else _Exact(rho))
    except TooLarge:
        with contextlib.suppress(TooLarge):
            for images in () if hasattr(rho, "index_map") else _modulo_primes(rho):
                _run_through(rho, images)
        return "sampled"
    return "exhaustive"


def _run_through(rho: Representation, images: Images) -> None:
    model: models.Maps = rho.monoid.model  # type: ignore[union-attr]
    StabilizerChain(
        [g for _, g in model.generators],
        points=model.points,
        values=[(node := Product(images, name=name), node.inverse) for name in rho.monoid.generators],
        companions=Companions(Product.times, Product(images), _holds(rho), Product.keep),
        max_sifts=CHAIN_SIFTS,
    )


def _holds(rho: Representation) -> Callable[[Product, Product], bool]:
    def same(product: Product, one: Product) -> bool:
        if product.images.is_one(product):
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


class Images(Protocol):
    """Images of the generators and of their inverses, how they multiply, and when a product of them is the identity."""

    one: Any
    maps: Any
    backs: Any

    def apply(self, f: Any, x: Any) -> Any:
        """The product of two images, or an image on test vectors."""

    def is_one(self, product: Product) -> bool:
        """Whether a product is the identity, as far as can be told."""


def _modulo_primes(rho: Representation) -> Iterator[_Residues]:
    def at(place: Place) -> Iterator[_Residues]:
        try:
            yield _Residues(rho, place)
        except ZeroDivisionError:  # the prime divides a denominator
            return

    yield from itertools.islice(itertools.chain.from_iterable(map(at, reduction.places(rho.field))), 2)


class _IndexMaps:
    """Index maps, put to every point."""

    def __init__(self, rho: Any) -> None:
        import numpy as np

        self.one = self.test = np.arange(rho.degree)
        self.maps = {name: np.asarray(rho.index_map(name)) for name in rho.monoid.generators}
        self.backs = {name: np.argsort(f) for name, f in self.maps.items()}

    def apply(self, f: Any, x: Any) -> Any:
        return f[x]

    def is_one(self, product: Product) -> bool:
        return bool((product.applied(self.test) == self.test).all())


class _Exact:
    """Matrices over the field; products are multiplied out modulo as many primes as their entries may need."""

    def __init__(self, rho: Representation) -> None:
        self.field, self.degree, self.work = rho.field, rho.degree, 0
        self.one = matrices.identity(rho.degree, rho.field)
        self.maps = {name: rho.exact(name) for name in rho.monoid.generators}
        self.backs = {name: image.inv() for name, image in self.maps.items()}
        self._known: dict[int, _Reducible] = {}

    def apply(self, f: Any, x: Any) -> Any:
        return f * x

    def is_one(self, product: Product) -> bool:
        factors = [self._reducible(f) for f in product.factors()]
        bound, modulus = self._bound(factors), 1
        for place in reduction.places(self.field):
            try:
                if not all(self._vanishes(place, factors, root) for root in range(len(place.roots))):
                    return False
            except ZeroDivisionError:
                continue  # the prime divides a denominator
            modulus *= place.F.p
            if modulus > 2 * bound:
                return True
        raise TooLarge("The field splits at too few primes.")

    def _reducible(self, matrix: Any) -> _Reducible:
        if id(matrix) not in self._known:
            self._known[id(matrix)] = _Reducible(MatrixFamily.of_matrices([matrix], matrix.shape, self.field))
        return self._known[id(matrix)]

    def _vanishes(self, place: Place, factors: Sequence[_Reducible], root: int) -> bool:
        import numpy as np

        self.work += len(factors) * (self.degree**3 + EACH)
        if self.work > MAX_WORK:
            raise TooLarge("Relations are too many to multiply out.")
        one = x = np.eye(self.degree)
        for factor in reversed(factors):
            x = place.F.multiply(factor.at(place)[root], x)
        return bool((x == one).all())

    def _bound(self, factors: Sequence[_Reducible]) -> int:
        """More than any coordinate of the product minus 1, cleared of denominators; 0 in positive characteristic."""
        if self.field.characteristic:
            return 0
        top, bottom = reduction.growth(self.field)
        tops, bottoms = [top * self.degree] * (len(factors) - 1), [bottom] * (len(factors) - 1)
        sizes = [factor.size for factor in factors]
        bound = math.prod([*tops, *(top for top, _ in sizes)]) + math.prod([*bottoms, *(bottom for _, bottom in sizes)])
        if bound.bit_length() > MAX_BITS:
            raise TooLarge("The entries of a relation are too long to multiply out.")
        return bound


@dataclass(frozen=True, eq=False)
class _Reducible:
    """An exact matrix with its residues, as they are asked for."""

    family: MatrixFamily
    _at: dict[Place, Any] = field(default_factory=dict)

    @cached_property
    def size(self) -> tuple[int, int]:
        """The largest coordinate over the common denominator of all, and that."""
        return reduction.size(self.family.values)

    def at(self, place: Place) -> Any:
        """The matrix at every root of a place; raises ``ZeroDivisionError`` where the prime divides a denominator."""
        if place not in self._at:
            self._at[place] = [self.family.dense(r)[0] for r in place.all_residues(self.family.values)]
        return self._at[place]


class _Residues:
    """Matrices modulo a prime, put to four random vectors."""

    def __init__(self, rho: Representation, place: Place) -> None:
        import numpy as np

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

    def is_one(self, product: Product) -> bool:
        return bool((product.applied(self.test) == self.test).all())


@dataclass(frozen=True, eq=False)
class Product:
    """The image of an element as a product of images, multiplied out only where the chain keeps it."""

    images: Images
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

    def factors(self) -> Iterator[Any]:
        """The images that were multiplied out, from left to right."""
        if "whole" in self.__dict__ or self.left is None or self.right is None:
            yield self.whole
        else:
            yield from self.left.factors()
            yield from self.right.factors()

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
