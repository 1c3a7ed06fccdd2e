"""Structures up to isomorphism: the orbits of a group of symmetries on the structures found, all moved at once.

A symmetry carries each transformation x of a structure to ``before ; x ; after``, where ``before`` and ``after`` are
natural automorphisms of its source and target.  Automorphisms of a functor carry monad structures on it to isomorphic
ones; pairs of automorphisms of two monads do so for distributive laws and for morphisms (THEORY T1.10).
"""

from __future__ import annotations

import itertools as it
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore.categories.finite_sets import checked
from catcore.errors import TooLarge
from catcore_proofs.census.containers import Container, Element, Word, generic, graft, key, leaves, shapes
from catcore_proofs.census.transformations import Transformation

#: A found structure: its transformations by name.
Found = Mapping[str, Transformation]
#: For each transformation of a structure, what it is composed with on either side.
Symmetry = Mapping[str, tuple[Transformation, Transformation]]
#: An automorphism with its inverse.
Invertible = tuple[Transformation, Transformation]
MAX_AUTOMORPHISMS = 50_000


def classes(found: Sequence[Found], symmetries: Iterable[Symmetry]) -> list[list[int]]:
    """The orbits of structures, each as the numbers of its members; symmetries that generate the group suffice."""
    if not found:
        return []
    table, values = _numbered(found)
    least: NDArray[np.int64] = np.arange(len(found))
    images = [_permutation(table, _moved(table, values, s)) for s in symmetries]
    while True:
        before = least
        for image in images:
            both = np.minimum(least, least[image])
            least = both.copy()
            np.minimum.at(least, image, both)
        least = least[least]
        if np.array_equal(before, least):
            break
    order = np.argsort(least, kind="stable")
    cuts = np.nonzero(np.diff(least[order]))[0] + 1
    return [orbit.tolist() for orbit in np.split(order, cuts)]


#: A place in a structure: the name of a transformation and the key of a shape.
_Cell = tuple[str, Any]


def _numbered(found: Sequence[Found]) -> tuple[NDArray[np.int64], dict[_Cell, list[Element]]]:
    """The structures as rows of numbers, and for each column the values that the numbers stand for."""
    cells: list[_Cell] = [(name, k) for name, x in found[0].items() for k in x.values]
    values: dict[_Cell, list[Element]] = {}
    table = np.zeros((len(found), len(cells)), np.int64)
    for column, (name, k) in enumerate(cells):
        numbers: dict[Element, int] = {}
        table[:, column] = [numbers.setdefault(f[name].values[k], len(numbers)) for f in found]
        values[name, k] = list(numbers)
    return table, values


def _moved(table: NDArray[np.int64], values: Mapping[_Cell, list[Element]], symmetry: Symmetry) -> NDArray[np.int64]:
    """All structures carried along a symmetry: each column is read off another one, value by value."""
    column = {cell: i for i, cell in enumerate(values)}
    moved = np.empty_like(table)
    for (name, k), mine in values.items():
        before, after = symmetry[name]
        start, levels = before.values[k], len(before.target)
        source, copied = (name, key(start, levels)), leaves(start, levels)
        numbers = {value: i for i, value in enumerate(mine)}
        images = [numbers[after(graft(v, len(after.source), copied))] for v in values[source]]
        moved[:, column[name, k]] = np.asarray(images, np.int64)[table[:, column[source]]]
    return moved


def _permutation(table: NDArray[np.int64], moved: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each row of ``moved``, the number of the equal row of ``table``."""
    count = len(table)
    if not table.shape[1]:
        return np.zeros(count, np.int64)
    _, same = np.unique(np.concatenate([table, moved]), axis=0, return_inverse=True)
    same = same.reshape(-1)
    at = np.zeros(count, np.int64)
    at[same[:count]] = np.arange(count)
    return at[same[count:]]


# ---- symmetries ----------------------------------------------------------------------------------------------------


def automorphisms(container: Container) -> Iterator[Invertible]:
    """The natural automorphisms of a polynomial functor, each with its inverse.

    They permute the shapes of equal arity and the positions of each shape.
    """
    listed = _listed((container,))
    for renaming in _renamings([places for _, places in listed]):
        for orders in it.product(*(it.permutations(range(places)) for _, places in listed)):
            yield _automorphism((container,), listed, renaming, orders)


def count_automorphisms(container: Container, *, backend: str = "") -> int:
    """The order of the group of natural automorphisms, a formula; a ``backend`` is looked up, and no arrays are made.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
    """
    checked(backend)
    sizes = container.arities
    alike = math.prod(math.factorial(sizes.count(size)) for size in set(sizes))
    return alike * math.prod(map(math.factorial, sizes))


def generators_of_automorphisms(word: Word) -> list[Invertible]:
    """Automorphisms of a composite that generate the group: transpositions of shapes alike, and of positions."""
    listed = _listed(word)
    sizes = [places for _, places in listed]
    still = [tuple(range(places)) for places in sizes]
    found = []
    for size in sorted(set(sizes)):
        for s, t in it.pairwise([i for i, places in enumerate(sizes) if places == size]):
            swap = list(range(len(sizes)))
            swap[s], swap[t] = t, s
            found.append(_automorphism(word, listed, swap, still))
    for s, size in enumerate(sizes):
        for p in range(size - 1):
            order = (*range(p), p + 1, p, *range(p + 2, size))
            found.append(_automorphism(word, listed, range(len(sizes)), [*still[:s], order, *still[s + 1 :]]))
    return found


def _listed(word: Word) -> list[tuple[Element, int]]:
    return [generic(s, len(word)) for s in shapes(word)]


def _renamings(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The permutations of places that keep sizes."""
    alike = [[i for i, size in enumerate(sizes) if size == s] for s in sorted(set(sizes))]
    for chosen in it.product(*map(it.permutations, alike)):
        image = dict(zip(it.chain(*alike), it.chain(*chosen), strict=True))
        yield tuple(image[i] for i in range(len(sizes)))


def _automorphism(
    word: Word, listed: Sequence[tuple[Element, int]], renaming: Sequence[int], orders: Sequence[Sequence[int]]
) -> Invertible:
    """Shape s goes to shape ``renaming[s]``, whose positions copy those of s in the given order."""
    depth = len(word)
    forward: dict[Any, Element] = {}
    back: dict[Any, Element] = {}
    for s, (element, places) in enumerate(listed):
        image = listed[renaming[s]][0]
        forward[key(element, depth)] = graft(image, depth, orders[s])
        back[key(image, depth)] = graft(element, depth, [orders[s].index(i) for i in range(places)])
    return Transformation(word, word, forward), Transformation(word, word, {k: back[k] for k in forward})


def everywhere(word: Word, container: Container, automorphism: Transformation) -> Transformation:
    """An automorphism of a functor at every place of a composite where the functor stands."""
    return at_places(word, [automorphism if c == container else None for c in word])


def at_places(word: Word, automorphisms: Sequence[Transformation | None]) -> Transformation:
    """Automorphisms of the functors of a composite, one a functor, at once; None for identities."""
    identity = Transformation.identity(word)

    def walk(element: Element, level: int) -> Element:
        if level == len(word):
            return element
        inner = (element[0], tuple([walk(c, level + 1) for c in element[1]]))
        chosen = automorphisms[level]
        return inner if chosen is None else chosen(inner)

    return Transformation(word, word, {k: walk(v, 0) for k, v in identity.values.items()})


def of_functor(found: Found, container: Container) -> Iterator[Symmetry]:
    """The symmetries that generating automorphisms of a functor are, wherever the functor stands in a structure."""
    for forward, back in generators_of_automorphisms((container,)):
        yield {
            name: (everywhere(x.source, container, back), everywhere(x.target, container, forward))
            for name, x in found.items()
        }


def structure_automorphisms(found: Found, container: Container) -> Iterator[Invertible]:
    """The natural automorphisms of a functor that keep a structure on it.

    Raises:
        TooLarge: when the functor has more than ``MAX_AUTOMORPHISMS`` automorphisms.
    """
    if count_automorphisms(container) > MAX_AUTOMORPHISMS:
        raise TooLarge(
            f"{container} has {count_automorphisms(container)} automorphisms, more than {MAX_AUTOMORPHISMS}."
        )
    for forward, back in automorphisms(container):
        if all(
            everywhere(x.source, container, back) >> x >> everywhere(x.target, container, forward) == x
            for x in found.values()
        ):
            yield forward, back
