"""The elements of an object, smallest first (THEORY T2.3: the initial chain, with its elements).

The weight of an element counts its constructors and adds the numbers of its labels, element i of a finite set being
number i.  There are finitely many of each weight, so all elements of ``μF`` are reached, however deep.

>>> from catcore.functors import Id
>>> from catcore.objects import FinSet, mu
>>> print(*(shown(x) for x in take(smallest(mu(1 + FinSet(2) * Id)), 6)))
[] [0] [0, 0] [1] [0, 0, 0] [0, 1]
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator, Mapping
from typing import Any

from catcore.categories.finite_sets import FiniteModel, Graph, Injected, shown
from catcore.datatypes.data import Data
from catcore.errors import NotInterpreted, TooLarge
from catcore.objects import Atom, Coproduct, Exponential, FinSet, Mu, Ob, One, Product, R, Tensor, Zero, occurring

#: Numbers stand for the real numbers, the smallest first.
NUMBERS = (0, 1, -1, 2, -2, 3, -3)
MAX_ARGUMENTS = 64  # of the functions that are listed


def smallest(of: Ob, sizes: Mapping[Ob, int] | None = None, *, weight: int = 60) -> Iterator[Any]:
    """The elements of an object up to a weight, the smallest first.

    Args:
        of: an object of finite sets, atoms, real numbers, +, ×, powers by finite sets, and least fixed points.
        sizes: the number of elements of each atom; 2 where left out.
        weight: the largest weight.

    Raises:
        NotInterpreted: for objects whose elements cannot be listed.
    """
    table = _Elements(dict(sizes or {}))
    for n in range(weight + 1):
        yield from table.weighing(of, n)


def take(elements: Iterator[Any], count: int) -> list[Any]:
    """The first elements of an enumeration."""
    return list(it.islice(elements, count))


def arguments_of(of: Exponential, sizes: Mapping[Ob, int]) -> list[Any]:
    """The elements that the functions of an object take, where these are few.

    Raises:
        NotInterpreted: where they are not.
    """
    model = FiniteModel({atom: sizes.get(atom, 2) for atom in occurring(of.exponent, Atom)})
    try:
        count = model.size(of.exponent)
    except TooLarge:
        count = MAX_ARGUMENTS + 1
    if count > MAX_ARGUMENTS:
        raise NotInterpreted(f"The elements of {of} were to be listed, and its functions are too many.")
    return [model.show(of.exponent, i) for i in range(count)]


class _Elements:
    """Elements by weight, remembered."""

    def __init__(self, sizes: dict[Ob, int]) -> None:
        self.sizes = sizes
        self.known: dict[tuple[Ob, int], list[Any]] = {}

    def weighing(self, of: Ob, n: int) -> list[Any]:
        """All elements of exactly that weight."""
        if (of, n) not in self.known:
            self.known[of, n] = list(self._made(of, n))
        return self.known[of, n]

    def _made(self, of: Ob, n: int) -> Iterator[Any]:
        match of:
            case Mu():
                if n > 0:
                    yield from (Data(of, layer) for layer in self.weighing(of.unrolled(), n - 1))
            case Product() | Tensor():
                for left in range(n + 1):
                    yield from it.product(self.weighing(of.left, left), self.weighing(of.right, n - left))
            case Coproduct():
                yield from (Injected("inl", x) for x in self.weighing(of.left, n))
                yield from (Injected("inr", x) for x in self.weighing(of.right, n))
            case Exponential():
                arguments = arguments_of(of, self.sizes)
                for values in self._tuples(of.base, len(arguments), n):
                    yield Graph(tuple(zip(arguments, values, strict=True)))
            case _:
                yield from self._label(of, n)

    def _tuples(self, of: Ob, count: int, n: int) -> Iterator[tuple[Any, ...]]:
        if not count:
            yield from [()] if n == 0 else []
            return
        for first in range(n + 1):
            for x, rest in it.product(self.weighing(of, first), list(self._tuples(of, count - 1, n - first))):
                yield (x, *rest)

    def _label(self, of: Ob, n: int) -> Iterator[Any]:
        match of:
            case FinSet():
                yield from [n if isinstance(of.args[0], int) else of.labels[n]] if n < of.size else []
            case Atom():
                yield from [n] if n < self.sizes.get(of, 2) else []
            case R() if of.shape == ():
                yield from NUMBERS[n : n + 1]
            case _ if of is One:
                yield from [()] if n == 0 else []
            case _ if of is Zero:
                return
            case _:
                raise NotInterpreted(f"The elements of {of} were to be listed, and they cannot be.")


__all__ = ["shown", "smallest", "take"]
