"""Two elements that an arrow cannot tell apart, though another one does (T2.4: why there is no fusion).

``f`` factors through ``k`` only if ``k x = k y`` implies ``f x = f y``, and a pair that breaks this refutes it.
Elements are tried smallest first; atoms stand for small sets, and generators for all functions between them while these
are few, and for some others after that.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from zlib import crc32

from catcore.arrows import Arrow, Generator, subterms
from catcore.categories.finite_sets import Graph, Injected, listed, shown
from catcore.datatypes.enumeration import arguments_of, smallest, take
from catcore.datatypes.fusion.polynomials import arithmetic
from catcore.errors import CatError, NotInterpreted
from catcore.laws import Law
from catcore.objects import Coproduct, Exponential, Mu, Nu, Ob, Product, Tensor, occurring

#: How many functions are tried for sets of given sizes, elements for given functions, and evaluations in all.
MODELS, ELEMENTS, CHECKED, BUDGET = 300, 60, 40, 4_000


@dataclass(frozen=True)
class Indistinct:
    """Two elements with one image under ``through`` and different images under ``wanted``.

    Args:
        elements: the two elements.
        image: their common image.
        values: the two different values.
        where: what atoms and generators stand for, in words.
    """

    elements: tuple[Any, Any]
    image: Any
    values: tuple[Any, Any]
    where: str = ""

    def __str__(self) -> str:
        x, y = map(shown, self.elements)
        one, other = map(shown, self.values)
        return (
            f"{x} and {y} both go to {shown(self.image)} under F(h), and the results {one} and {other} "
            f"differ{f', where {self.where}' if self.where else ''}."
        )


def indistinct(through: Arrow, wanted: Arrow, given: tuple[Law, ...] = ()) -> Indistinct | None:
    """The first pair that is found, or None; None says nothing."""
    left = BUDGET
    for model in _models(through, wanted, given):
        if left <= 0:
            return None
        try:
            if not all(map(model.satisfies, given)):
                left -= CHECKED // 4
                continue
            pair, count = model.pair(through, wanted, min(left, ELEMENTS))
        except (CatError, TypeError, ArithmeticError):  # what cannot be listed, evaluated or compared is no evidence
            return None
        if pair is not None:
            return Indistinct(*pair, str(model))
        left -= count
    return None


def _elements(of: Ob, sizes: dict[Ob, int], count: int) -> list[Any]:
    return _listed(of, tuple(sizes.items()), count)


@lru_cache(maxsize=256)
def _listed(of: Ob, sizes: tuple[tuple[Ob, int], ...], count: int) -> list[Any]:
    return take(smallest(of, dict(sizes)), count)


def _comparable(of: Ob, x: Any, sizes: dict[Ob, int]) -> Any:
    """An element with its functions written out as graphs."""
    match of:
        case Product() | Tensor():
            return _comparable(of.left, x[0], sizes), _comparable(of.right, x[1], sizes)
        case Coproduct():
            return Injected(x.side, _comparable(of.left if x.side == "inl" else of.right, x.value, sizes))
        case Exponential():
            return Graph(tuple((a, _comparable(of.base, x(a), sizes)) for a in arguments_of(of, sizes)))
        case Mu() | Nu() if isinstance(of, Nu) or _holds_functions(of):
            raise NotInterpreted(f"Elements of {of} cannot be compared by looking at them.")
    return x


def _holds_functions(of: Ob) -> bool:
    """Whether functions that are not kept as graphs may stand in an element."""
    functions: set[Any] = occurring(of, Exponential)
    return bool(occurring(of, Nu)) or any(listed(f.exponent) is None for f in functions)


Functions = dict[Arrow, Callable[[Any], Any]]


@dataclass(frozen=True)
class _Model:
    """What atoms and generators stand for, and the primitives of arithmetic."""

    sizes: dict[Ob, int]
    functions: Functions
    primitives: Functions

    @cached_property
    def _python(self) -> Any:
        from catcore.categories.python_values import PythonValues

        return PythonValues(self.functions | self.primitives)

    def value(self, f: Arrow, x: Any) -> Any:
        """The value of an arrow, in a form that can be compared."""
        return _comparable(f.cod, self._python.apply(f, x), self.sizes)

    def satisfies(self, law: Law) -> bool:
        """Whether a hypothesis holds at the smallest elements."""
        elements = _elements(law.lhs.dom, self.sizes, CHECKED)
        return all(self.value(law.lhs, x) == self.value(law.rhs, x) for x in elements)

    def pair(self, through: Arrow, wanted: Arrow, limit: int) -> tuple[tuple[Any, Any, Any] | None, int]:
        """Two elements with one image and different values, that image and those values; and how many were tried."""
        seen: dict[Any, tuple[Any, Any]] = {}
        elements = _elements(through.dom, self.sizes, limit)
        for count, x in enumerate(elements, 1):
            image, result = self.value(through, x), self.value(wanted, x)
            other, expected = seen.setdefault(image, (x, result))
            if expected != result:
                return ((other, x), image, (expected, result)), count
        return None, len(elements) + 1

    def __str__(self) -> str:
        said = [f"|{a}| = {n}" for a, n in self.sizes.items()]
        for g, f in self.functions.items():
            arguments = _elements(g.dom, self.sizes, 9)
            rows = ", ".join(f"{shown(x)} ↦ {shown(f(x))}" for x in arguments[:8])
            said.append(f"{g} = {{{rows}{', …' if len(arguments) > 8 else ''}}}")
        return "; ".join(said)


def _models(through: Arrow, wanted: Arrow, given: tuple[Law, ...]) -> Iterator[_Model]:
    law = Law("", through, through, given)
    symbols = [law.symbols(), Law("", wanted, wanted).symbols()]
    atoms = list(dict.fromkeys(a for found, _ in symbols for a in found))
    generators = list(dict.fromkeys(g for _, found in symbols for g in found))
    terms = {t for side in (through, wanted) for t in subterms(side)}
    primitives = {t: rule for t in terms if (rule := arithmetic(t)) is not None}
    if not atoms and not generators:
        yield _Model({}, {}, primitives)
        return
    if not all(isinstance(g, Generator) for g in generators):
        return
    for counts in sorted(it.product((1, 2, 3), repeat=len(atoms)), key=lambda n: (sum(n), n)):
        sizes: dict[Ob, int] = dict(zip(atoms, counts, strict=True))
        for tables in _tables(generators, sizes):
            yield _Model(sizes, tables, primitives)


def _tables(generators: list[Arrow], sizes: dict[Ob, int]) -> Iterator[Functions]:
    """What the generators may be: all functions where that is known to be few, and else scattered ones."""
    try:
        ends = [(_elements(g.dom, sizes, 65), _elements(g.cod, sizes, 65)) for g in generators]
    except NotInterpreted:
        return
    if any(not images for _, images in ends):
        return
    count = 1
    for arguments, images in ends:
        count = min(count * len(images) ** len(arguments), 10**9)
    if count <= MODELS and all(len(arguments) < 65 for arguments, _ in ends):
        choices = [it.product(images, repeat=len(arguments)) for arguments, images in ends]
        for chosen in it.product(*map(list, choices)):
            yield {
                g: dict(zip(arguments, values, strict=True)).__getitem__
                for g, (arguments, _), values in zip(generators, ends, chosen, strict=True)
            }
        return
    for salt in range(MODELS // 10):
        yield {g: _scattered(g, images, salt) for g, (_, images) in zip(generators, ends, strict=True)}


def _scattered(g: Arrow, images: list[Any], salt: int) -> Callable[[Any], Any]:
    return lambda x: images[crc32(f"{salt} {g} {shown(x)}".encode()) % len(images)]
