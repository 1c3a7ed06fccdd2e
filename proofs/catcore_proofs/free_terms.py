"""Terms over labels up to the equations of a theory: normal forms by flattening, or by a complete system of rules.

Where the equations are associativity, commutativity, idempotence and units, terms are flattened, sorted and freed from
units and repetitions: words, bags, sets.  Otherwise ordered completion has to end with a complete system, over labels
as further constants.  Equal terms have one normal form (THEORY T1.6; Knuth and Bendix 1970).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from catcore.errors import TooLarge
from catcore.theories import Theory
from catcore_proofs.census.theories import Reading
from catcore_proofs.completion.bank import Bank, Term
from catcore_proofs.completion.orders import KnuthBendix
from catcore_proofs.completion.saturation import Saturation

#: How many labels one element may have, how many equations completion may look at, and its last stop in seconds.
LABELS, SELECTIONS, SECONDS = 60, 250, 20.0


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


class System:
    """The operations of a theory with one sort, and normal forms of terms over labels."""

    def __init__(self, theory: Theory) -> None:
        reading = Reading(theory, (1,), {})
        self.names = reading.names
        self.arities = {name: len(sorts) for name, sorts in zip(self.names, reading.arguments, strict=True)}

    def normal(self, element: Any) -> Any:
        """The normal form of a term over labels."""
        raise NotImplementedError


class Flattened(System):
    """Operations that are associative, perhaps commutative, then perhaps idempotent, perhaps with a unit.

    Terms of each operation are flattened, sorted and freed from units and repetitions: words, bags and sets.
    """

    def __init__(self, theory: Theory, known: dict[str, set[str]], units: dict[str, str]) -> None:
        super().__init__(theory)
        self.known, self.units = known, {name: Operation(unit, ()) for name, unit in units.items()}

    def normal(self, element: Any) -> Any:
        """Flattened words, written from right to left as nested operations."""
        if isinstance(element, Variable) or not element.arguments:
            return element
        laws, unit = self.known[element.name], self.units.get(element.name)
        factors = [f for a in element.arguments for f in self._factors(element.name, self.normal(a)) if f != unit]
        if "commutativity" in laws:
            factors.sort(key=_order)
        if "idempotence" in laws:
            factors = list(dict.fromkeys(factors))
        if not factors:
            return self.units[element.name]
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


def _flattening(theory: Theory) -> Flattened | None:
    """The normal forms by flattening, where the equations of the theory are of the kinds that it knows."""
    reading = Reading(theory, (1,), {})
    known: dict[str, set[str]] = {n: set() for n, sorts in zip(reading.names, reading.arguments, strict=True) if sorts}
    neutral: dict[str, set[tuple[str, str]]] = {name: set() for name in known}
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
            constant, side = law
            neutral[name].add((reading.names[constant], side))
    constants = {name: sorted({constant for constant, _ in found}) for name, found in neutral.items()}
    for name, laws in known.items():
        commutes = "commutativity" in laws
        sided = not commutes and len(neutral[name]) == 1
        if (
            "associativity" not in laws or ("idempotence" in laws and not commutes)
            or sided or len(constants[name]) > 1
        ):  # fmt: skip
            return None
    units = {name: found[0] for name, found in constants.items() if found}
    return Flattened(theory, known, units) if _distinct([*units.values()]) else None


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


class Completed(System):
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
def normal_forms(theory: Theory) -> System:
    """The normal forms of a theory with one sort, made once.

    Raises:
        TooLarge: when completion does not end within bounds.
    """
    return _flattening(theory) or Completed(theory)


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
