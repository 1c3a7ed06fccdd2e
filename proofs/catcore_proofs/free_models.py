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
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from catcore.errors import IllTyped, TooLarge, UnknownName
from catcore.laws import PointwiseLaw
from catcore.theories import Theory
from catcore_proofs.census.theories import Reading
from catcore_proofs.completion.bank import Bank, Term
from catcore_proofs.completion.orders import KnuthBendix
from catcore_proofs.completion.saturation import Saturation

#: How many labels one element may have, how many equations completion may look at, and its last stop in seconds.
LABELS, SELECTIONS, SECONDS = 60, 250, 20.0

#: How many elements a law is checked at, and how many labels they have.
POINTS, SPREAD = 400, 14


@dataclass(frozen=True)
class Variable:
    """A generator of a free model: the variable that stands for a label."""

    label: Any

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True)
class Operation:
    """An operation of the theory applied to elements."""

    name: str
    arguments: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.arguments))})" if self.arguments else self.name


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
        system = _system(self.theory)
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

        return _system(self.theory).normal(put(element))

    def value(self, element: Any, operations: Mapping[str, Callable[..., Any]], labels: Callable[[Any], Any]) -> Any:
        """The value of an element in a model: the unique homomorphism that extends a map of the labels (T1.8)."""
        if isinstance(element, Variable):
            return labels(element.label)
        return operations[element.name](*(self.value(a, operations, labels) for a in element.arguments))

    def elements(self, labels: Iterable[Any], size: int) -> Iterator[Any]:
        """The elements with at most ``size`` labels and unary operations; constants weigh nothing."""
        system = _system(self.theory)
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
        system = _system(self.theory)
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
    _system(theory)
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


# ---- normal forms ----------------------------------------------------------------------------------------------------


class _System:
    """The operations of a theory with one sort, and normal forms of terms over labels."""

    def __init__(self, theory: Theory) -> None:
        reading = Reading(theory, (1,), {})
        self.names = reading.names
        self.arities = {name: len(sorts) for name, sorts in zip(self.names, reading.arguments, strict=True)}

    def normal(self, element: Any) -> Any:
        """The normal form of a term over labels."""
        raise NotImplementedError


class _Flattened(_System):
    """Operations that are associative, perhaps commutative, then perhaps idempotent, perhaps with a unit.

    Terms of each operation are flattened, sorted and freed from units and repetitions: words, bags and sets.
    """

    def __init__(self, theory: Theory, known: dict[str, frozenset[str]]) -> None:
        super().__init__(theory)
        self.known = known

    def normal(self, element: Any) -> Any:
        """Flattened words, written from right to left as nested operations."""
        if isinstance(element, Variable) or not element.arguments:
            return element
        laws = self.known[element.name]
        unit = next((Operation(law, ()) for law in laws if law not in _LAWS), None)
        factors = [f for a in element.arguments for f in self._factors(element.name, self.normal(a)) if f != unit]
        if "commutativity" in laws:
            factors.sort(key=_order)
        if "idempotence" in laws:
            factors = list(dict.fromkeys(factors))
        if not factors:
            return unit
        word = factors.pop()
        while factors:
            word = Operation(element.name, (factors.pop(), word))
        return word

    def _factors(self, name: str, word: Any) -> list[Any]:
        found = []
        while isinstance(word, Operation) and word.name == name:
            first, word = word.arguments
            found.append(first)
        return [*found, word]


_LAWS = frozenset({"associativity", "commutativity", "idempotence"})


def _flattening(theory: Theory) -> _Flattened | None:
    """The normal forms by flattening, where the equations of the theory are of the kinds that it knows."""
    reading = Reading(theory, (1,), {})
    known: dict[str, set[str]] = {n: set() for n, sorts in zip(reading.names, reading.arguments, strict=True) if sorts}
    units: dict[str, set[str]] = {name: set() for name in known}
    if any(len(sorts) not in (0, 2) for sorts in reading.arguments):
        return None
    for sides in reading.equations():
        kind = _kind(*sides) or _kind(*sides[::-1])
        if kind is None:
            return None
        operation, law = kind
        name = reading.names[operation]
        if isinstance(law, str):
            known[name].add(law)
        else:
            known[name].add(reading.names[law[0]])
            units[name].add(law[1])
    for name, laws in known.items():
        commutes = "commutativity" in laws
        sided = bool(units[name]) and not commutes and len(units[name]) < 2
        if "associativity" not in laws or ("idempotence" in laws and not commutes) or sided or len(laws - _LAWS) > 1:
            return None
    constants = [law for laws in known.values() for law in laws - _LAWS]
    return _Flattened(theory, {n: frozenset(laws) for n, laws in known.items()}) if _distinct(constants) else None


def _kind(lhs: Any, rhs: Any) -> tuple[int, Any] | None:
    """The operation and the law that an equation states: a name, or a constant and the side where it is neutral."""
    match lhs, rhs:
        case (f, ((g, (int(x), int(y))), int(z))), (h, (int(u), (k, (int(v), int(w))))) if f == g == h == k:
            return (f, "associativity") if (x, y, z) == (u, v, w) and _distinct((x, y, z)) else None
        case (f, (int(x), int(y))), (g, (int(u), int(v))) if f == g and (x, y) == (v, u) and x != y:
            return f, "commutativity"
        case (f, (int(x), int(y))), int(z) if x == y == z:
            return f, "idempotence"
        case (f, ((e, ()), int(x))), int(y) if x == y:
            return f, (e, "left")
        case (f, (int(x), (e, ()))), int(y) if x == y:
            return f, (e, "right")
    return None


def _distinct(values: Sequence[Any]) -> bool:
    return len(set(values)) == len(values)


class _Completed(_System):
    """A theory's ground-complete system of rules, over labels as further constants."""

    def __init__(self, theory: Theory) -> None:
        super().__init__(theory)
        counts = [*self.arities.values()]
        top = max((i for i, n in enumerate(counts) if n == 1), default=-1)
        # the theory's constants, then the labels in their order, then operations, unary ones on top
        rank = [(0 if n == 0 else 3 if n == 1 else 2, i) for i, n in enumerate(counts)]
        rank += [(1, i) for i in range(len(counts), len(counts) + LABELS)]
        precedence = [sorted(rank).index(r) for r in rank]
        self.bank = Bank([0 if i == top else 1 for i in range(len(rank))])
        self.bank.least = self.bank.term(min(range(len(rank)), key=lambda i: (rank[i][0] > 1, rank[i])))
        self.run = Saturation(self.bank, KnuthBendix(precedence), deadline=time.perf_counter() + SECONDS)
        self.run.most = SELECTIONS
        for i, (lhs, rhs) in enumerate(Reading(theory, (1,), {}).equations()):
            self.run.add(_axiom(self.bank, lhs), _axiom(self.bank, rhs), ("axiom", i))
        first = len(self.names)
        if self.run.run(self.bank.term(first), self.bank.term(first + 1)) != "refuted":
            raise TooLarge(
                f"The free models of the theory '{theory.name}' were asked for, and completion of its equations did "
                f"not end with normal forms that tell two labels apart, among {SELECTIONS} equations."
            )

    def normal(self, element: Any) -> Any:
        """The normal form under the rules; labels are constants in their own order."""
        labels = sorted(_labels(element), key=_order)
        if len(labels) > LABELS:
            raise TooLarge(f"An element with {len(labels)} labels was met, more than {LABELS}; use fewer labels.")
        numbers = {label.label: len(self.names) + i for i, label in enumerate(labels)}
        return self._read(self.run.normal(self._term(element, numbers)), labels)

    def _term(self, element: Any, numbers: dict[Any, int]) -> Term:
        if isinstance(element, Variable):
            return self.bank.term(numbers[element.label])
        return self.bank.term(self.names.index(element.name), tuple(self._term(a, numbers) for a in element.arguments))

    def _read(self, t: Term, labels: list[Variable]) -> Any:
        if t.head >= len(self.names):
            return labels[t.head - len(self.names)]
        return Operation(self.names[t.head], tuple(self._read(a, labels) for a in t.args))


@cache
def _system(theory: Theory) -> _System:
    return _flattening(theory) or _Completed(theory)


def _axiom(bank: Bank, t: Any) -> Term:
    return bank.variable(t + 1) if isinstance(t, int) else bank.term(t[0], tuple(_axiom(bank, a) for a in t[1]))


def _labels(element: Any) -> set[Variable]:
    if isinstance(element, Variable):
        return {element}
    return set().union(*map(_labels, element.arguments))


def _order(element: Any) -> tuple[Any, ...]:
    """A total order of elements, so that sorted words of equal elements are equal."""
    if isinstance(element, Variable):
        label = element.label
        inner = _order(label) if isinstance(label, Variable | Operation) else (label if isinstance(label, int) else 0,)
        return (0, type(label).__name__, inner, str(label))
    return (1, element.name, tuple(map(_order, element.arguments)), "")


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
