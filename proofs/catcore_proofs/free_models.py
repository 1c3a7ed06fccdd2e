"""The monad of free models of a theory: lists, bags, finite sets, groups, distributions (THEORY T1.5, T1.6, T1.8).

An element of ``T X`` is a term over ``X`` up to the equations of the theory, kept in normal form, so that equal
elements are equal values: words for monoids, sorted words for commutative ones, sets for semilattices, reduced words
for groups.  Where the equations are associativity, commutativity, idempotence and units, terms are flattened and
sorted; for other theories ordered completion must end with a complete system of rules.  ``η`` is a variable alone,
``μ`` removes the brackets and normalises.  The algebras of this monad are the models of the theory.

Convex combinations need one operation for each weight; their normal forms are rational distributions.

>>> from catcore.theories import commutative_monoid, semilattice
>>> bags = free_model_monad(commutative_monoid)
>>> print(bags.operation("mult", bags.unit("y"), bags.operation("mult", bags.unit("x"), bags.unit("y"))))
mult(x, mult(y, y))
>>> [len(list(free_model_monad(semilattice).elements(range(n), n))) for n in range(4)]
[1, 2, 4, 8]
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from catcore.errors import IllTyped, UnknownName
from catcore.laws import PointwiseLaw
from catcore.theories import Theory
from catcore_proofs.free_terms import Operation, Variable, normal_forms

#: How many elements a law is checked at, and how many labels they have.
POINTS, SPREAD = 400, 14


@dataclass(frozen=True)
class CanonicalMonad:
    """A monad whose elements are canonical values, compared by ``==``; its laws are checked at small elements.

    Laws: those of a Kleisli triple and of ``η`` and ``μ``, each at all elements of an explicit range, and at most at
    ``POINTS`` of them: the evidence is ``'sampled'``.
    """

    name: str

    def unit(self, x: Any) -> Any:
        """``η``: the element that is one label."""
        raise NotImplementedError

    def bind(self, element: Any, function: Callable[[Any], Any]) -> Any:
        """Put an element for every label: ``T(f) ; μ``."""
        raise NotImplementedError

    def elements(self, labels: Iterable[Any], size: int) -> Iterator[Any]:
        """The elements over some labels that have at most a given size, each one once."""
        raise NotImplementedError

    def map(self, function: Callable[[Any], Any], element: Any) -> Any:
        """``T(f)``: every label replaced."""
        return self.bind(element, lambda x: self.unit(function(x)))

    def mult(self, element: Any) -> Any:
        """``μ``: an element whose labels are elements, as one element."""
        return self.bind(element, lambda inner: inner)

    def laws(self, *, points: int = 2, size: int = 2) -> tuple[PointwiseLaw, ...]:
        """Naturality, units and associativity at the elements of ``T X``, ``T T X``, ``T T T X`` of bounded size.

        Args:
            points: how many labels X has.
            size: how large the elements are, at each level.
        """
        one, two, three = self.layers(range(points), size)
        moved = _halved
        return (
            self._law("naturality of unit", range(points), lambda x: self.map(moved, self.unit(x)),
                      lambda x: self.unit(moved(x))),
            self._law("naturality of mult", two, lambda t: self.map(moved, self.mult(t)),
                      lambda t: self.mult(self.map(lambda s: self.map(moved, s), t))),
            self._law("left unit", one, lambda t: self.mult(self.unit(t)), lambda t: t),
            self._law("right unit", one, lambda t: self.mult(self.map(self.unit, t)), lambda t: t),
            self._law("associativity", three, lambda t: self.mult(self.map(self.mult, t)),
                      lambda t: self.mult(self.mult(t))),
        )  # fmt: skip

    def layers(self, labels: Iterable[Any], size: int) -> tuple[list[Any], list[Any], list[Any]]:
        """Small elements of ``T X``, ``T T X`` and ``T T T X``; labels are spread over the level below."""
        one = self.some(labels, size)
        two = self.some(one, size)
        return one, two, self.some(two, size)

    def some(self, labels: Iterable[Any], size: int) -> list[Any]:
        """At most ``POINTS`` elements over at most ``SPREAD`` of the labels."""
        return list(it.islice(self.elements(_spread(list(labels), SPREAD), size), POINTS))

    @staticmethod
    def _law(name: str, points: Sequence[Any], lhs: Callable[[Any], Any], rhs: Callable[[Any], Any]) -> PointwiseLaw:
        return PointwiseLaw(name, points, lhs, rhs, "sampled")

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class FreeModels(CanonicalMonad):
    """The monad of free models of a theory of one sort; see :func:`free_model_monad`."""

    theory: Theory

    def unit(self, x: Any) -> Variable:
        """The variable of a label."""
        return Variable(x)

    def operation(self, name: str, *arguments: Any) -> Any:
        """An operation of the theory on elements of the free model.

        Raises:
            UnknownName: when the theory has no such operation with so many arguments.
        """
        system = normal_forms(self.theory)
        if system.arities.get(name) != len(arguments):
            found = ", ".join(f"{n} with {k} argument(s)" for n, k in system.arities.items())
            raise UnknownName(
                f"The operation {name} was applied to {len(arguments)} element(s) of the free {self.theory.name}, "
                f"whose operations are {found}."
            )
        return system.normal(Operation(name, arguments))

    def bind(self, element: Any, function: Callable[[Any], Any]) -> Any:
        """Substitution, and the normal form of what it gives."""

        def put(t: Any) -> Any:
            return function(t.label) if isinstance(t, Variable) else Operation(t.name, tuple(map(put, t.arguments)))

        return normal_forms(self.theory).normal(put(element))

    def value(self, element: Any, operations: Mapping[str, Callable[..., Any]], labels: Callable[[Any], Any]) -> Any:
        """The value of an element in a model: the unique homomorphism that extends a map of the labels (T1.8)."""
        if isinstance(element, Variable):
            return labels(element.label)
        return operations[element.name](*(self.value(a, operations, labels) for a in element.arguments))

    def elements(self, labels: Iterable[Any], size: int) -> Iterator[Any]:
        """The elements with at most ``size`` labels and unary operations; constants weigh nothing."""
        system = normal_forms(self.theory)
        found = dict.fromkeys(system.normal(Operation(name, ())) for name, n in system.arities.items() if n == 0)
        found |= dict.fromkeys(Variable(x) for x in labels if size > 0)
        yield from found
        fresh = list(found)
        while fresh:
            met = [e for e in self._applied(list(found), set(fresh), size) if e not in found]
            fresh = []
            for element in met:
                if element not in found:
                    found[element] = None
                    fresh.append(element)
                    yield element

    def _applied(self, found: list[Any], fresh: set[Any], size: int) -> Iterator[Any]:
        """The operations on elements, one of them new, as far as the size goes."""
        system = normal_forms(self.theory)
        for name, arity in system.arities.items():
            if arity:
                for arguments in it.product(found, repeat=arity):
                    if sum(map(_size, arguments)) + (arity == 1) <= size and not fresh.isdisjoint(arguments):
                        yield system.normal(Operation(name, arguments))


def free_model_monad(theory: Theory) -> FreeModels:
    """The monad of free models of a theory with one sort; its complete system is computed once.

    Law: its Eilenberg–Moore algebras are the models of the theory, which ``count_algebras`` counts (T1.6).  For
    monoids it is the list monad of :mod:`catcore.structures.lists`, which is proved by induction.

    Raises:
        IllTyped: when the theory has several sorts; the free actions of a monoid M are ``ActionMonad(M)``.
        TooLarge: when completion does not end within bounds.
    """
    if len(theory.sorts) != 1:
        raise IllTyped(
            f"Free models over one set of labels were asked for, and the theory of {theory.name} has the sorts "
            f"{', '.join(theory.sorts)}; for the actions of a monoid M take ActionMonad(M)."
        )
    normal_forms(theory)
    return FreeModels(f"free {theory.name}", theory)


def _size(element: Any) -> int:
    if isinstance(element, Variable):
        return 1
    return sum(map(_size, element.arguments)) + (len(element.arguments) == 1)


def _halved(x: int) -> int:
    """A map that identifies labels."""
    return x // 2


def _spread(values: list[Any], count: int) -> list[Any]:
    """At most so many of the values, evenly chosen."""
    return values if len(values) <= count else [values[i * len(values) // count] for i in range(count)]


# ---- distributions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Distribution:
    """A finite distribution: labels with positive rational weights that add up to 1."""

    weights: frozenset[tuple[Any, Fraction]]

    def __str__(self) -> str:
        return " + ".join(f"{w} {x}" for x, w in sorted(self.weights, key=lambda p: (str(p[0]), p[1])))


@dataclass(frozen=True)
class Distributions(CanonicalMonad):
    """The monad of finite distributions; its algebras are the convex sets with rational weights."""

    def unit(self, x: Any) -> Distribution:
        """The point distribution."""
        return Distribution(frozenset({(x, Fraction(1))}))

    def combination(self, weight: Any, first: Distribution, second: Distribution) -> Distribution:
        """``first +_p second``: weight ``p`` for the first one and ``1 − p`` for the second.

        Raises:
            IllTyped: when the weight does not lie between 0 and 1.
        """
        p = Fraction(weight)
        if not 0 <= p <= 1:
            raise IllTyped(f"A convex combination has a weight between 0 and 1, and {weight} was given.")
        return self.bind(Distribution(frozenset({(0, p), (1, 1 - p)})), lambda i: (first, second)[i])

    def bind(self, element: Distribution, function: Callable[[Any], Distribution]) -> Distribution:
        """The mixture."""
        total: dict[Any, Fraction] = {}
        for x, weight in element.weights:
            for y, inner in function(x).weights if weight else ():
                total[y] = total.get(y, Fraction(0)) + weight * inner
        return Distribution(frozenset((y, w) for y, w in total.items() if w))

    def elements(self, labels: Iterable[Any], size: int) -> Iterator[Distribution]:
        """The distributions whose weights have a denominator of at most ``size``."""
        found: dict[Distribution, None] = {}
        for denominator in range(1, size + 1):
            for chosen in it.combinations_with_replacement(list(labels), denominator):
                weights = {x: Fraction(chosen.count(x), denominator) for x in chosen}
                found.setdefault(Distribution(frozenset(weights.items())))
        yield from found


def distributions() -> Distributions:
    """The monad of finite distributions with rational weights (barycentric algebras, THEORY T1.6).

    >>> d = distributions()
    >>> print(d.combination("1/3", d.unit("x"), d.combination("1/2", d.unit("y"), d.unit("x"))))
    2/3 x + 1/3 y
    """
    return Distributions("finite distributions")


# ---- distributive laws -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PointwiseDistribution:
    """``λ : T S → S T``, which applies the operations of a theory to all choices from elements of another monad.

    For products of sums this is multiplication over addition, ``(a + b) c = a c + b c`` (T1.10 iii).  It is a
    distributive law when the equations of the inner theory have the same variables once on both sides and the outer
    monad is commutative; its laws are checked, not assumed (Manes and Mulry 2007).
    """

    inner: FreeModels
    outer: CanonicalMonad

    def __call__(self, element: Any) -> Any:
        """The element of ``S T X`` for one of ``T S X``."""
        if isinstance(element, Variable):
            return self.outer.map(self.inner.unit, element.label)
        return self._choices(element.name, [self(a) for a in element.arguments], ())

    def _choices(self, name: str, rest: list[Any], chosen: tuple[Any, ...]) -> Any:
        if not rest:
            return self.outer.unit(self.inner.operation(name, *chosen))
        return self.outer.bind(rest[0], lambda x: self._choices(name, rest[1:], (*chosen, x)))

    def laws(self, *, points: int = 2, size: int = 2) -> tuple[PointwiseLaw, ...]:
        """Beck's four axioms at small elements."""
        t, s = self.inner, self.outer
        outer_one, outer_two, _ = s.layers(range(points), size)
        inner_one, _, _ = t.layers(range(points), size)
        inner_outer = t.some(outer_one, size)
        return (
            t._law("inner unit", outer_one, lambda e: self(t.unit(e)), lambda e: s.map(t.unit, e)),
            t._law("outer unit", inner_one, lambda e: self(t.map(s.unit, e)), s.unit),
            t._law("inner mult", t.some(inner_outer, size), lambda e: self(t.mult(e)),
                   lambda e: s.map(t.mult, self(t.map(self, e)))),
            t._law("outer mult", t.some(outer_two, size), lambda e: self(t.map(s.mult, e)),
                   lambda e: s.bind(self(e), self)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"operations of the {self.inner} over {self.outer}"
