"""Containers: polynomial functors with finite coefficients as shapes with positions (THEORY T1.2, T2.2).

The functor ``X ↦ Σ_s X^(a_s)`` has a shape for each summand and ``a_s`` positions in shape s; an element of ``F(X)`` is
a shape with a value at each position.  A container is read off a functor built from finite sets, ``Id``, sums,
products and powers.  Elements are also the numbers of :mod:`catcore.categories.finite_sets`, so that terms can be
applied to them.

>>> from catcore import Id
>>> print(Container.of(1 + Id + Id * Id).arities)
(0, 1, 2)
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from catcore.errors import IllTyped, TooLarge
from catcore.functors import Functor
from catcore.objects import Bound, Coproduct, Exponential, Ob, Product, Tensor, finite_size, parts

#: An element of a composite of functors: a label, or a shape with the elements at its positions.
Element = Any
#: A composite of containers, outermost first.
Word = tuple["Container", ...]
MAX_SHAPES = 200_000


@dataclass(frozen=True)
class Container:
    """A polynomial functor: ``arities[s]`` is the number of positions of shape ``s``.

    Args:
        arities: the number of positions of each shape.
        functor: the functor it was read off; one is made up when it is left out.
    """

    arities: tuple[int, ...]
    functor: Functor = field(default=None, compare=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.functor is None:
            object.__setattr__(self, "functor", _standard(self.arities))

    @staticmethod
    def of(functor: Functor | Container) -> Container:
        """The container of a functor of one variable.

        Raises:
            IllTyped: when the functor is not built from finite sets, ``Id``, ``+``, ``*`` and finite powers.
            TooLarge: when it has more than ``MAX_SHAPES`` shapes.
        """
        if isinstance(functor, Container):
            return functor
        if not isinstance(functor, Functor) or functor.arity != 1:
            raise IllTyped(f"A container is read off a functor of one variable, and {functor!r} was given.")
        return Container(arities(functor.body), functor)

    @property
    def body(self) -> Ob:
        """The object with a hole that the elements are numbered by."""
        return self.functor.body

    def __str__(self) -> str:
        return str(self.functor)

    def size(self, points: int) -> int:
        """The number of elements over a set of so many points."""
        return size(self.body, points)


def _standard(given: tuple[int, ...]) -> Functor:
    from catcore.functors import Const, Id

    terms = [Const(1) if a == 0 else Id if a == 1 else Id**a for a in given]
    total = terms[0] if terms else Const(0)
    for term in terms[1:]:
        total = total + term
    return total


def constant(points: int) -> Container:
    """The constant functor with so many points; a transformation ``T K → K`` is a structure map on them."""
    from catcore.functors import Const

    return Container((0,) * points, Const(points))


def _closed(body: Ob) -> bool:
    return not any(isinstance(part, Bound) for part in parts({body}))


@lru_cache(maxsize=4096)
def arities(body: Ob) -> tuple[int, ...]:
    """The number of positions of each shape, shapes in lexicographic order."""
    if isinstance(body, Bound):
        return (1,)
    match body:
        case Coproduct():
            found = arities(body.left) + arities(body.right)
        case Product() | Tensor():
            left, right = arities(body.left), arities(body.right)
            _bounded(len(left) * len(right), body)
            found = tuple(a + b for a in left for b in right)
        case Exponential() if _closed(body.exponent):
            base, exponent = arities(body.base), finite_size(body.exponent)
            _bounded(len(base) ** exponent, body)
            found = tuple(map(sum, it.product(base, repeat=exponent)))
        case _:
            found = (0,) * finite_size(body)
    _bounded(len(found), body)
    return found


def _bounded(count: int, what: object) -> None:
    if count > MAX_SHAPES:
        raise TooLarge(f"{what} has {count} shapes, more than {MAX_SHAPES}; take a smaller functor.")


@lru_cache(maxsize=65536)
def size(body: Ob, points: int) -> int:
    """The number of elements of a body over so many points."""
    return sum(points**a for a in arities(body))


def encode(body: Ob, shape: int, values: Sequence[int], points: int) -> int:
    """The number of an element of ``F(points)``, as :class:`~catcore.categories.finite_sets.FiniteModel` numbers it."""
    if isinstance(body, Bound):
        return values[0]
    match body:
        case Coproduct():
            first = len(arities(body.left))
            if shape < first:
                return encode(body.left, shape, values, points)
            return size(body.left, points) + encode(body.right, shape - first, values, points)
        case Product() | Tensor():
            s, t = divmod(shape, len(arities(body.right)))
            cut = arities(body.left)[s]
            left = encode(body.left, s, values[:cut], points)
            return left * size(body.right, points) + encode(body.right, t, values[cut:], points)
        case Exponential():
            total, start, base = 0, 0, arities(body.base)
            for s in _digits(shape, len(base), finite_size(body.exponent)):
                total = total * size(body.base, points) + encode(body.base, s, values[start : start + base[s]], points)
                start += base[s]
            return total
    return shape


def decode(body: Ob, number: int, points: int) -> tuple[int, tuple[int, ...]]:
    """The shape and the values of an element of ``F(points)``, from its number."""
    if isinstance(body, Bound):
        return 0, (number,)
    match body:
        case Coproduct():
            first = size(body.left, points)
            if number < first:
                return decode(body.left, number, points)
            shape, values = decode(body.right, number - first, points)
            return shape + len(arities(body.left)), values
        case Product() | Tensor():
            left, right = divmod(number, size(body.right, points))
            (s, first_values), (t, more) = decode(body.left, left, points), decode(body.right, right, points)
            return s * len(arities(body.right)) + t, first_values + more
        case Exponential():
            digits = _digits(number, size(body.base, points), finite_size(body.exponent))
            parts_ = [decode(body.base, d, points) for d in digits]
            shape = 0
            for s, _ in parts_:
                shape = shape * len(arities(body.base)) + s
            return shape, tuple(v for _, values in parts_ for v in values)
    return number, ()


def _digits(number: int, base: int, count: int) -> list[int]:
    found = []
    for _ in range(count):
        number, digit = divmod(number, base) if base else (0, 0)
        found.append(digit)
    return found[::-1]


# ---- elements of composites ----------------------------------------------------------------------------------------


def count_shapes(word: Word) -> int:
    """The number of shapes of a composite functor."""
    below = 1
    for container in reversed(word):
        below = sum(below**a for a in container.arities)
        if below > 10**12:
            return below
    return below


def shapes(word: Word) -> Iterator[Element]:
    """The shapes of a composite functor, as elements whose labels are all 0.

    Raises:
        TooLarge: when there are more than ``MAX_SHAPES`` of them.
    """
    _bounded(count_shapes(word), "The composite " + " ∘ ".join(map(str, word)))
    if not word:
        yield 0
        return
    below = list(shapes(word[1:]))
    for shape, arity in enumerate(word[0].arities):
        for children in it.product(below, repeat=arity):
            yield (shape, children)


def size_on(word: Word, points: int) -> int:
    """The number of elements of a composite functor over so many points."""
    for container in reversed(word):
        points = sum(points**a for a in container.arities)
    return points


def generic(shape: Element, depth: int) -> tuple[Element, int]:
    """The element of a shape whose positions hold 0, 1, 2, …, and how many there are."""
    counter = it.count()

    def walk(e: Element, levels: int) -> Element:
        return next(counter) if levels == 0 else (e[0], tuple([walk(c, levels - 1) for c in e[1]]))

    return walk(shape, depth), next(counter)


def key(element: Element, depth: int) -> Any:
    """The shape of the first ``depth`` levels of an element, as something to look up."""
    if depth <= 1:
        return element[0] if depth else None
    return (element[0], tuple([key(c, depth - 1) for c in element[1]]))


def leaves(element: Element, depth: int) -> list[Element]:
    """What stands below the first ``depth`` levels of an element, from left to right."""
    if depth <= 1:
        return list(element[1]) if depth else [element]
    return [leaf for c in element[1] for leaf in leaves(c, depth - 1)]


def graft(template: Element, depth: int, values: Sequence[Element]) -> Element:
    """``template`` with each label replaced by the value of that number."""
    if depth == 0:
        return values[template]
    if depth == 1:
        return (template[0], tuple([values[label] for label in template[1]]))
    return (template[0], tuple([graft(c, depth - 1, values) for c in template[1]]))


def number(word: Word, element: Element, points: int) -> int:
    """The number of an element of a composite functor over so many points."""
    if not word:
        return int(element)
    below = points
    for container in reversed(word[1:]):
        below = container.size(below)
    values = [number(word[1:], c, points) for c in element[1]]
    return encode(word[0].body, element[0], values, below)


def numbered(word: Word, code: int, points: int) -> Element:
    """The element of a composite functor over so many points with a given number."""
    if not word:
        return code
    below = points
    for container in reversed(word[1:]):
        below = container.size(below)
    shape, values = decode(word[0].body, code, below)
    return (shape, tuple([numbered(word[1:], v, points) for v in values]))
