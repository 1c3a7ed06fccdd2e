"""Small elements of inductive types, with generic labels.

A list of generic elements stands for all lists of its length.  Evaluating an equation at such specimens settles it for
these shapes at once, whatever the labels are: two different results refute it.  Specimens come smallest first.
"""

from __future__ import annotations

import itertools as it
import math
from collections.abc import Callable, Iterator
from functools import lru_cache, reduce

from catcore_proofs.evaluation import Evaluator, Type, Value, filled
from catcore_proofs.syntax import UNIT, bears

#: How large the values of functions in data may be: each use evaluates them again, and so on.
FUNCTIONS = 3

#: How many elements of a finite set are specimens.
ELEMENTS = 64

#: An element to be made, with new variables for its labels when it is asked for.
Specimen = Callable[[Evaluator], Value]


def specimens(kind: Type, size: int) -> Iterator[Specimen]:
    """The shapes of elements of a type with ``size`` constructors that hold something; nil holds nothing."""
    match kind[0]:
        case "1":
            if size == 0:
                yield lambda _: UNIT
        case "*":
            yield from _pairs(kind, size)
        case "+":
            for tag, part in (("l", kind[1]), ("r", kind[2])):
                for inner in specimens(part, size):
                    yield lambda e, tag=tag, inner=inner: (tag, inner(e))  # type: ignore[misc]
        case "f":
            if size == 0:
                yield from (lambda _, i=i: ("n", i) for i in range(min(kind[1], ELEMENTS)))
        case "μ":
            for inner in _layers(filled(kind[1], kind), size):
                yield lambda e, inner=inner: ("in", inner(e))  # type: ignore[misc]
        case "^" if _contains_data(kind[1]):
            for inner in specimens(kind[1], size) if size <= FUNCTIONS else ():
                yield lambda e, inner=inner: _function(e, kind[2], inner)  # type: ignore[misc]
        case "0":
            return
        case _:
            if size == 0 and inhabited(kind):
                yield lambda e: _label(e, kind)


@lru_cache(maxsize=4096)
def inhabited(kind: Type) -> bool:
    """Whether a type has elements, when all arbitrary sets have: a fixed point has when one layer has.

    That is one layer over the empty set for a least fixed point, and one over a point for a greatest one.
    """
    match kind:
        case ("*", left, right):
            return inhabited(left) and inhabited(right)
        case ("+", left, right):
            return inhabited(left) or inhabited(right)
        case ("^", base, exponent):
            return inhabited(base) or not inhabited(exponent)
        case (("μ" | "ν") as which, body):
            return inhabited(filled(body, "0" if which == "μ" else "1"))
        case ("f", size):
            return bool(size)
    return bool(kind != "0")


def complete(kinds: tuple[Type, ...], size: int) -> bool:
    """Whether all elements with at most ``size`` constructors in all are of the shapes of specimens."""
    point: Type = "1"
    return _complete(reduce(lambda left, right: ("*", left, right), kinds, point), size)


@lru_cache(maxsize=4096)
def _complete(kind: Type, size: int) -> bool:
    match kind:
        case _ if size < 0:
            return True
        case ("f", number):
            return bool(number <= ELEMENTS)
        case ("*", left, right):
            return all(
                (_complete(part, own) or not _some(other, size - own))
                for own in range(size + 1)
                for part, other in ((left, right), (right, left))
            )
        case ("+", left, right):
            return _complete(left, size) and _complete(right, size)
        case ("μ", body):
            return _complete_layers(filled(body, kind), size)
        case ("^", base, _) if _contains_data(base):  # values of different shapes are left out
            return size <= FUNCTIONS and _complete(base, size) and len(_some(base, size, 2)) < 2
    return True


def _complete_layers(kind: Type, size: int) -> bool:
    if kind[0] == "+":
        return all(_complete_layers(part, size) for part in kind[1:])
    return kind[0] == "1" or _complete(kind, size - 1)


def _some(kind: Type, size: int, count: int = 1) -> list[Specimen]:
    """A few specimens with at most ``size`` constructors."""
    return list(it.islice(it.chain.from_iterable(specimens(kind, own) for own in range(size + 1)), count))


def largest(kind: Type) -> float:
    """How many constructors an element of a type has at most; infinity where no bound is known."""
    match kind:
        case ("*", left, right):
            return largest(left) + largest(right)
        case ("+", left, right):
            return max(largest(left), largest(right))
        case ("μ", body):
            return math.inf if bears(body, 0) else 1 + largest(body)
        case ("^", base, _) if _contains_data(base):
            return math.inf
    return 0


def _contains_data(kind: Type) -> bool:
    return kind[0] == "μ" or (kind[0] in ("*", "+", "^") and any(map(_contains_data, kind[1:])))


def _layers(kind: Type, size: int) -> Iterator[Specimen]:
    """The layers under a constructor of the given size: a summand that is a point holds nothing and counts as 0."""
    match kind[0]:
        case "+":
            for tag, part in (("l", kind[1]), ("r", kind[2])):
                for inner in _layers(part, size):
                    yield lambda e, tag=tag, inner=inner: (tag, inner(e))  # type: ignore[misc]
        case "1":
            yield from specimens(kind, size)
        case _:
            if size > 0:
                yield from specimens(kind, size - 1)


def _pairs(kind: Type, size: int) -> Iterator[Specimen]:
    for left in range(size + 1):
        for a, b in it.product(_all(kind[1], left), _all(kind[2], size - left)):
            yield lambda e, a=a, b=b: ("*", a(e), b(e))  # type: ignore[misc]


@lru_cache(maxsize=1024)
def _all(kind: Type, size: int) -> tuple[Specimen, ...]:
    """All specimens of a size, made once: the parts of large trees are small trees, again and again."""
    return tuple(specimens(kind, size))


class _Dependent(Evaluator):
    """Makes labels that depend on the argument of a function: the same functions for every argument.

    Each value has a maker of its own, since a function may be asked for a value while it makes another one.
    """

    def __init__(
        self, evaluator: Evaluator, exponent: Type, functions: list[Value], argument: Value | None = None
    ) -> None:
        self.evaluator, self.exponent, self.argument = evaluator, exponent, argument
        self.functions, self.remaining = functions, iter(functions)

    def label(self, kind: Type) -> Value:
        """The next label, at the present argument; without one, a new function is made."""
        if self.argument is None:
            self.functions.append(_label(self.evaluator, ("^", kind, self.exponent)))
            return ("1",)  # stands for a label; what is made of it is thrown away
        return next(self.remaining)[1](self.argument)  # type: ignore[no-any-return]


def _function(evaluator: Evaluator, exponent: Type, inner: Specimen) -> Value:
    """A function whose values have one shape, with labels that depend on the argument."""
    functions: list[Value] = []
    inner(_Dependent(evaluator, exponent, functions))
    return ("λ", lambda argument: inner(_Dependent(evaluator, exponent, functions, argument)))


def _label(evaluator: Evaluator, kind: Type) -> Value:
    """A new generic element."""
    if isinstance(evaluator, _Dependent):
        return evaluator.label(kind)
    evaluator.context.append(kind)
    return evaluator.reflect(("v", len(evaluator.context) - 1), kind)


def tuples(kinds: tuple[Type, ...], size: int) -> Iterator[tuple[Specimen, ...]]:
    """The ways to give each type a specimen, with ``size`` constructors in all."""
    if not kinds:
        if size == 0:
            yield ()
        return
    for own in range(size + 1):
        for first in specimens(kinds[0], own):
            for rest in tuples(kinds[1:], size - own):
                yield (first, *rest)


def differs(
    kinds: tuple[Type, ...],
    different: Callable[[list[Value]], bool],
    evaluator: Evaluator,
    *,
    largest: int = 6,
    limit: int = 60,
) -> int | None:
    """How many constructors the first specimens have, smallest first, at which an equation is found to fail."""
    looked = 0
    for size in range(largest + 1):
        for chosen in tuples(kinds, size):
            looked += 1
            if looked > limit:
                return None
            saved, evaluator.context = evaluator.context, []
            try:
                if different([make(evaluator) for make in chosen]):
                    return size
            finally:
                evaluator.context = saved
    return None
