"""Natural transformations between polynomial functors, exactly (THEORY T1.3, T2.2).

By Yoneda a natural transformation ``F → G`` is one element of ``G(a_s)`` for each shape s of F with ``a_s`` positions:
a shape of G, and for each of its positions the position of s that it copies.  So there are ``Π_s |G(a_s)|`` of
them, they can be listed, compared, composed, and written as terms and read back.

>>> from catcore import Id
>>> len(list(transformations(Id * Id, Id * Id)))
4
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catcore.arrows import finite_map, initial
from catcore.categories.finite_sets import FiniteModel
from catcore.errors import IllTyped, NotComposable, TooLarge
from catcore.functors import Functor, Id, NaturalTransformation
from catcore.objects import Atom, Bound, Coproduct, Exponential, Ob, One, Product, Tensor, as_object, finite_size
from catcore.tracing import Injection, Inl, Inr, pointwise
from catcore_proofs.census.containers import (
    Container,
    Element,
    Word,
    arities,
    count_shapes,
    generic,
    graft,
    key,
    leaves,
    number,
    numbered,
    shapes,
)

MAX_LISTED = 100_000


@dataclass(frozen=True)
class Transformation:
    """A natural transformation between composites of containers, given by its values on generic elements.

    Args:
        source: the composite it starts from, outermost functor first.
        target: the composite it goes to.
        values: for the key of each shape of the source, the image of the generic element of that shape.
    """

    source: Word
    target: Word
    values: Mapping[Any, Element]

    def __call__(self, element: Element) -> Element:
        """The image of an element of the source."""
        depth = len(self.source)
        return graft(self.values[key(element, depth)], len(self.target), leaves(element, depth))

    def __rshift__(self, other: Transformation) -> Transformation:
        """The vertical composite."""
        if self.target != other.source:
            raise NotComposable("Two transformations compose when the second starts from where the first ends.")
        return Transformation(self.source, other.target, {k: other(v) for k, v in self.values.items()})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Transformation):
            return NotImplemented
        return (self.source, self.target, self.values) == (other.source, other.target, other.values)

    def __hash__(self) -> int:
        return hash((self.source, self.target, tuple(sorted(self.values.items(), key=repr))))

    @staticmethod
    def identity(word: Word) -> Transformation:
        """The identity of a composite."""
        depth = len(word)
        return Transformation(word, word, {key(s, depth): generic(s, depth)[0] for s in shapes(word)})

    @staticmethod
    def of(given: NaturalTransformation, source: Word, target: Word) -> Transformation:
        """The values of a transformation that is given by terms, at the composites that it is claimed to go between.

        Raises:
            IllTyped: when it goes between other functors, or is not natural on the elements looked at.
        """
        if (given.source, given.target) != (composite(source), composite(target)):
            raise IllTyped(
                f"A transformation {composite(source)} → {composite(target)} is needed, and {given} was given."
            )
        return Transformation(source, target, _read(given, source, target))

    def natural(self, name: str = "α") -> NaturalTransformation:
        """The same transformation by terms: a case distinction on the shape, and each position copied."""

        if not self.values:  # out of an empty set
            return NaturalTransformation(
                composite(self.source), composite(self.target), lambda X: initial(composite(self.target)(X)), name
            )

        def say(element: Any) -> Any:
            levels = len(self.source)
            return _analyse(self.source, element, lambda k, found: _build(self.target, self.values[k], found), levels)

        return NaturalTransformation(composite(self.source), composite(self.target), pointwise(say), name)

    def __str__(self) -> str:
        lines = ", ".join(f"{_show(k)} ↦ {_show(v)}" for k, v in self.values.items())
        return f"{composite(self.source)} → {composite(self.target)}: {lines}"


def _show(value: Any) -> str:
    return repr(value).replace(",)", ")")


def composite(word: Word) -> Functor:
    """The composite functor of a word."""
    result = Id
    for container in reversed(word):
        result = container.functor(result)
    return result


def as_word(given: Any) -> Word:
    """A functor, a container, or several of them, outermost first."""
    if isinstance(given, tuple | list):
        return tuple(map(Container.of, given))
    return () if given is Id else (Container.of(given),)


# ---- listing -------------------------------------------------------------------------------------------------------


def transformations(source: Any, target: Any) -> Iterator[Transformation]:
    """All natural transformations between two functors or composites.

    Raises:
        TooLarge: while running, after ``MAX_LISTED`` of them.
    """
    f, g = as_word(source), as_word(target)
    depth = len(f)
    sources = [generic(s, depth) for s in shapes(f)]
    keys = [key(e, depth) for e, _ in sources]
    targets = [generic(t, len(g)) for t in shapes(g)]
    for found, values in enumerate(it.product(*(_elements(targets, len(g), points) for _, points in sources))):
        if found >= MAX_LISTED:
            raise TooLarge(f"There are more than {MAX_LISTED} transformations {composite(f)} → {composite(g)} to list.")
        yield Transformation(f, g, dict(zip(keys, values, strict=True)))


def _elements(targets: list[tuple[Element, int]], depth: int, points: int) -> list[Element]:
    """All elements of a composite, given by its generic elements, over so many points."""
    if sum(points**places for _, places in targets) > MAX_LISTED:
        raise TooLarge(f"A value has more than {MAX_LISTED} possibilities, too many to list.")
    return [graft(t, depth, labels) for t, places in targets for labels in it.product(range(points), repeat=places)]


# ---- terms ---------------------------------------------------------------------------------------------------------


def _analyse(word: Word, element: Any, then: Callable[[Any, list[Any]], Any], levels: int) -> Any:
    """Case distinction on the shape of a traced element; ``then`` gets the key and the values at the positions."""
    if levels == 0:
        return then(None, [element])

    def outer(shape: int, values: list[Any]) -> Any:
        if levels == 1:
            return then(shape, values)
        return _each(word[1:], values, [], lambda ks, found: then((shape, tuple(ks)), found), levels - 1)

    return _cases(word[0].body, element, outer)


def _each(word: Word, values: list[Any], done: list[Any], then: Callable[[Any, list[Any]], Any], levels: int) -> Any:
    if len(done) == len(values):
        return then([k for k, _ in done], [v for _, found in done for v in found])
    return _analyse(
        word, values[len(done)], lambda k, found: _each(word, values, [*done, (k, found)], then, levels), levels
    )


def _cases(body: Ob, element: Any, then: Callable[[int, list[Any]], Any]) -> Any:
    """Case distinction on the shape of an element of one functor."""
    if isinstance(body, Bound):
        return then(0, [element])
    match body:
        case Coproduct():
            first = len(arities(body.left))
            return element.case(
                inl=lambda x: _cases(body.left, x, then),
                inr=lambda y: _cases(body.right, y, lambda s, values: then(first + s, values)),
            )
        case Product() | Tensor():
            width = len(arities(body.right))
            return _cases(
                body.left, element[0],
                lambda s, xs: _cases(body.right, element[1], lambda t, ys: then(s * width + t, xs + ys)),
            )  # fmt: skip
        case Exponential() if any(arities(body.base)):
            points = [finite_map(One, body.exponent, [i]) for i in range(finite_size(body.exponent))]
            return _powers(body.base, element, points, 0, [], then)
    return _points(body, element, then)


def _powers(base: Ob, element: Any, points: list[Any], shape: int, values: list[Any], then: Any) -> Any:
    if not points:
        return then(shape, values)
    width = len(arities(base))
    return _cases(
        base, element(points[0]),
        lambda s, found: _powers(base, element, points[1:], shape * width + s, values + found, then),
    )  # fmt: skip


def _points(body: Ob, element: Any, then: Callable[[int, list[Any]], Any]) -> Any:
    """Case distinction on an element of a finite set: through a sum of as many points."""
    count = finite_size(body)
    if count == 1:
        return then(0, [])
    return _select(_as_sum(element, body, count), count, lambda i: then(i, []))


def _as_sum(element: Any, body: Ob, count: int) -> Any:
    return finite_map(body, as_object(_sum_of_points(count)), list(range(count)))(element)


def _sum_of_points(count: int) -> Ob:
    total: Any = One
    for _ in range(count - 1):
        total = One + total
    return as_object(total)


def _select(element: Any, count: int, then: Callable[[int], Any], start: int = 0) -> Any:
    if count == 1:
        return then(start)
    return element.case(inl=lambda _: then(start), inr=lambda rest: _select(rest, count - 1, then, start + 1))


def _build(word: Word, template: Element, found: list[Any]) -> Any:
    if not word:
        return found[template]
    return _make(word[0].body, template[0], [_build(word[1:], c, found) for c in template[1]])


def _make(body: Ob, shape: int, values: list[Any]) -> Any:
    """An element of one functor, from its shape and the traced values at its positions."""
    if isinstance(body, Bound):
        return values[0]
    match body:
        case Coproduct():
            first = len(arities(body.left))
            if shape < first:
                return Injection(Inl, _make(body.left, shape, values))
            return Injection(Inr, _make(body.right, shape - first, values))
        case Product() | Tensor():
            s, t = divmod(shape, len(arities(body.right)))
            cut = arities(body.left)[s]
            return _make(body.left, s, values[:cut]), _make(body.right, t, values[cut:])
        case Exponential() if any(arities(body.base)):
            return _function(body, shape, values)
    return finite_map(One, body, [shape])


def _function(body: Exponential, shape: int, values: list[Any]) -> Any:
    base, count = arities(body.base), finite_size(body.exponent)
    parts, start = [], 0
    for i in range(count):
        s = shape // len(base) ** (count - 1 - i) % len(base)
        parts.append(_make(body.base, s, values[start : start + base[s]]))
        start += base[s]
    if count == 1:
        return lambda _: parts[0]
    return lambda at: _select(_as_sum(at, body.exponent, count), count, lambda i: parts[i]) if count else at


# ---- reading terms back --------------------------------------------------------------------------------------------

_POINT = Atom("point")


def _read(given: NaturalTransformation, source: Word, target: Word) -> dict[Any, Element]:
    """The values on generic elements: each place of the image shows which position moves it."""
    import numpy as np

    model = FiniteModel({_POINT: 2}, xp=np)  # the values of one transformation are few
    term = given[_POINT]
    if max(model.size(term.dom), model.size(term.cod)) >= 2**62 or count_shapes(source) > MAX_LISTED:
        raise TooLarge(f"{given} has too many elements to be read off its terms; take smaller functors.")
    depth = len(source)
    listed = [generic(s, depth) for s in shapes(source)]
    probes = [
        number(source, graft(e, depth, [int(p == q) for q in range(positions)]), 2)
        for e, positions in listed
        for p in range(-1, positions)
    ]
    images = iter(model.apply(term, np.asarray(probes, dtype=np.int64)).tolist())
    found = {}
    for e, positions in listed:
        rows = [numbered(target, next(images), 2) for _ in range(positions + 1)]
        found[key(e, depth)] = _assembled(rows, len(target), given)
    return found


def _assembled(rows: list[Element], depth: int, given: NaturalTransformation) -> Element:
    columns = list(zip(*(leaves(row, depth) for row in rows), strict=True))
    same = all(key(row, depth) == key(rows[0], depth) for row in rows)
    if not same or any(sum(column) != 1 or column[0] for column in columns):
        raise IllTyped(f"{given} is not natural: moving a position of an element changes more than what copies it.")
    labels = [column.index(1) - 1 for column in columns]
    return graft(generic(rows[0], depth)[0], depth, labels)
