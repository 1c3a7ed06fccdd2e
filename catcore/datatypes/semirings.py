"""Semirings: what dynamic programming adds and multiplies answers in (THEORY T3.5; Goodman 1999, Semiring Parsing).

A semiring ``(R, ⊕, ⊗, 0, 1)`` is a commutative monoid ⊕ and a monoid ⊗ that distributes over it, with 0 absorbing.  One
problem solved in several of them gives the optimum, the number of solutions, whether there is one, or the best
solutions themselves.

>>> MIN_PLUS.add(3, 5), MIN_PLUS.mul(3, 5), COUNTING.add(3, 5)
(3, 8, 8)
>>> best = witnessed(MIN_PLUS)
>>> best.add(best.lift(3, "left"), best.lift(5, "right"))
((3, ('left',)),)
"""

from __future__ import annotations

import itertools as it
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

from catcore.datatypes.given import function, one_of
from catcore.errors import BadSpecification, CatError, IllTyped, LawViolated
from catcore.laws import PointwiseLaw

Operation = Callable[[Any, Any], Any]

#: What operations raise where they are not defined.
UNDEFINED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, kw_only=True)
class Semiring:
    """A semiring as a value.

    Args:
        name: what it is called.
        add: the commutative operation ⊕.
        mul: the operation ⊗.
        zero: the unit of ⊕, which ⊗ absorbs.
        one: the unit of ⊗.
        samples: elements at which the laws are checked.
        evidence: what checking them amounts to: ``'exhaustive'`` when the samples are all elements.
        lift: the element that stands for a choice, from its cost and its label.
        same: when two elements count as equal; by default when they are.
        ufuncs: the names of the NumPy functions of ⊕ and ⊗, where there are such.
    """

    name: str
    add: Operation
    mul: Operation
    zero: Any
    one: Any
    samples: tuple[Any, ...]
    evidence: str = "sampled"
    lift: Callable[[Any, Any], Any] = lambda cost, label: cost
    same: Callable[[Any, Any], bool] = lambda x, y: bool(x == y)
    ufuncs: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        one_of(self.name, str, "A semiring has a name; a text")
        for word in ("add", "mul", "lift", "same"):
            function(getattr(self, word), f"{word} of the semiring {self.name}")
        if not isinstance(self.samples, tuple):
            raise IllTyped(
                f"The laws of {self.name} are checked at a tuple of samples, and {self.samples!r} was given."
            )

    def __str__(self) -> str:
        return self.name

    def sum(self, values: Iterable[Any]) -> Any:
        """``x₁ ⊕ … ⊕ xₙ``, and 0 when there is none."""
        return self._reduced(self.add, "⊕", self.zero, values)

    def product(self, values: Iterable[Any]) -> Any:
        """``x₁ ⊗ … ⊗ xₙ``, and 1 when there is none."""
        return self._reduced(self.mul, "⊗", self.one, values)

    def _reduced(self, operation: Operation, sign: str, total: Any, values: Iterable[Any]) -> Any:
        value = total
        try:
            for value in values:
                total = operation(total, value)
        except CatError:
            raise
        except UNDEFINED as error:
            raise IllTyped(
                f"{total!r} {sign} {value!r} was asked for in {self}, and it is not defined there ({error}). Give "
                f"elements of it, such as {', '.join(map(repr, self.samples[:3]))}."
            ) from error
        return total

    def weight(self, cost: Any, label: Any) -> Any:
        """The element that stands for a choice.

        Raises:
            IllTyped: when there is none.
        """
        try:
            return self.lift(cost, label)
        except UNDEFINED as error:
            raise IllTyped(
                f"An element of {self} was asked for, and the cost {cost!r} with the label {label!r} gives none "
                f"({error})."
            ) from error

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """The laws of a semiring."""
        plus, times, zero, one = self.add, self.mul, self.zero, self.one
        return (
            self._law("⊕ is associative", 3, lambda x, y, z: (plus(plus(x, y), z), plus(x, plus(y, z)))),
            self._law("⊕ is commutative", 2, lambda x, y: (plus(x, y), plus(y, x))),
            self._law("0 is the unit of ⊕", 1, lambda x: (plus(zero, x), x)),
            self._law("⊗ is associative", 3, lambda x, y, z: (times(times(x, y), z), times(x, times(y, z)))),
            self._law("1 is a left unit of ⊗", 1, lambda x: (times(one, x), x)),
            self._law("1 is a right unit of ⊗", 1, lambda x: (times(x, one), x)),
            self._law(
                "⊗ distributes from the left",
                3,
                lambda x, y, z: (times(x, plus(y, z)), plus(times(x, y), times(x, z))),
            ),
            self._law(
                "⊗ distributes from the right",
                3,
                lambda x, y, z: (times(plus(x, y), z), plus(times(x, z), times(y, z))),
            ),
            self._law("0 absorbs from the left", 1, lambda x: (times(zero, x), zero)),
            self._law("0 absorbs from the right", 1, lambda x: (times(x, zero), zero)),
        )

    def idempotence(self) -> PointwiseLaw:
        """``x ⊕ x = x``, with which repeated and reordered messages do no harm (T3.6)."""
        return self._law("⊕ is idempotent", 1, lambda x: (self.add(x, x), x))

    def commutativity(self) -> PointwiseLaw:
        """``x ⊗ y = y ⊗ x``, with which the order of the arguments of a message does not matter."""
        return self._law("⊗ is commutative", 2, lambda x, y: (self.mul(x, y), self.mul(y, x)))

    def _law(self, name: str, arity: int, sides: Callable[..., tuple[Any, Any]]) -> PointwiseLaw:
        def right(point: tuple[Any, ...]) -> Any:
            lhs, rhs = sides(*point)
            return lhs if self.same(lhs, rhs) else rhs  # what counts as equal is the semiring's own matter

        points = tuple(it.product(self.samples, repeat=arity))
        return PointwiseLaw(name, points, lambda point: sides(*point)[0], right, self.evidence)


def lawful(semiring: Semiring) -> Semiring:
    """The semiring itself, its laws having held at all its samples.

    Raises:
        LawViolated: when one fails, with the elements at which it does.
    """
    for law in one_of(semiring, Semiring, "Laws of a semiring are looked at; one").laws():
        for point in law.points:
            try:
                left, right = law.lhs(point), law.rhs(point)
            except UNDEFINED as error:
                raise LawViolated(
                    f"A semiring was asked for, and in {semiring} the law '{law.name}' cannot be looked at for "
                    f"{', '.join(map(repr, point))}: {error!r}. ⊕ and ⊗ have to be defined at all samples."
                ) from error
            if left != right:
                raise LawViolated(
                    f"A semiring was asked for, and in {semiring} the law '{law.name}' fails at "
                    f"{', '.join(map(repr, point))}: one side is {left!r} and the other {right!r}. Mend ⊕, ⊗, 0 or 1."
                )
    return semiring


def _close(x: float, y: float) -> bool:
    return x == y or math.isclose(x, y, rel_tol=1e-12, abs_tol=1e-12)


def _log_add(x: float, y: float) -> float:
    low, high = sorted((x, y))
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


_NUMBERS = (Fraction(-3, 2), -1, 0, 1, 2, Fraction(7, 3), 5)

#: Least total cost.
MIN_PLUS = Semiring(
    name="min-plus",
    add=min,
    mul=lambda x, y: x + y,
    zero=math.inf,
    one=0,
    samples=(*_NUMBERS, math.inf),
    ufuncs=("minimum", "add"),
)
#: Greatest total value.
MAX_PLUS = Semiring(
    name="max-plus",
    add=max,
    mul=lambda x, y: x + y,
    zero=-math.inf,
    one=0,
    samples=(*_NUMBERS, -math.inf),
    ufuncs=("maximum", "add"),
)
#: Whether there is a solution.
BOOLEAN = Semiring(
    name="Boolean",
    add=lambda x, y: x or y,
    mul=lambda x, y: x and y,
    zero=False,
    one=True,
    samples=(False, True),
    evidence="exhaustive",
    lift=lambda cost, label: True,
    ufuncs=("logical_or", "logical_and"),
)
#: How many solutions there are.
COUNTING = Semiring(
    name="counting",
    add=lambda x, y: x + y,
    mul=lambda x, y: x * y,
    zero=0,
    one=1,
    samples=(0, 1, 2, 3, 5, 7),
    lift=lambda cost, label: 1,
    ufuncs=("add", "multiply"),
)
#: Logarithms of sums of exponentials; its laws hold up to rounding.
LOG_SUM_EXP = Semiring(
    name="log-sum-exp",
    add=_log_add,
    mul=lambda x, y: x + y,
    zero=-math.inf,
    one=0.0,
    samples=(-math.inf, -2.5, -1.0, 0.0, 0.5, 3.0),
    evidence="numeric",
    same=_close,
    ufuncs=("logaddexp", "add"),
)


def witnessed(semiring: Semiring, *, count: int = 1) -> Semiring:
    """The ``count`` best weights, each with its witness: the labels of the choices that made it.

    An element is a tuple of pairs, the best first; equal weights are ordered by witness, the shorter first.  ⊕ of the
    given semiring must choose one of its arguments, and ⊗ by anything but 0 must keep strict preference: in
    ``(max, min)`` it does not, and :func:`lawful` refuses the result.

    Raises:
        BadSpecification: when ``count`` is not positive or ⊕ does not choose.
    """
    one_of(semiring, Semiring, "Witnesses are added to a semiring; one")
    if not isinstance(count, int) or count < 1:
        raise BadSpecification(f"The best solutions were asked for, and {count!r} of them; ask for at least one.")
    for x, y in it.product(semiring.samples, repeat=2):
        if semiring.add(x, y) not in (x, y):
            raise BadSpecification(
                f"Witnesses were asked for in {semiring}, and {x!r} ⊕ {y!r} = {semiring.add(x, y)!r} is neither of the "
                "two, so no solution attains it. Take a semiring that chooses, such as min-plus."
            )

    def order(left: Any, right: Any) -> int:
        if left[0] != right[0]:
            return -1 if semiring.add(left[0], right[0]) == left[0] else 1
        keys = [(len(w), tuple(map(repr, w))) for _, w in (left, right)]
        return (keys[0] > keys[1]) - (keys[0] < keys[1])

    def best(pairs: Iterable[Any]) -> tuple[Any, ...]:
        distinct = dict.fromkeys(pair for pair in pairs if pair[0] != semiring.zero)
        return tuple(sorted(distinct, key=cmp_to_key(order))[:count])

    def times(xs: Any, ys: Any) -> tuple[Any, ...]:
        return best((semiring.mul(x, y), u + v) for (x, u), (y, v) in it.product(xs, ys))

    def lift(cost: Any, label: Any) -> tuple[Any, ...]:
        return best([(semiring.lift(cost, label), (label,))])

    singles = [lift(w, label) for w in semiring.samples for label in "ab"]
    return Semiring(
        name=f"{count} best of {semiring} with witnesses",
        add=lambda xs, ys: best(xs + ys),
        mul=times,
        zero=(),
        one=((semiring.one, ()),),
        samples=tuple(dict.fromkeys(((), ((semiring.one, ()),), *singles[:6], best(singles[2] + singles[5])))),
        lift=lift,
    )
