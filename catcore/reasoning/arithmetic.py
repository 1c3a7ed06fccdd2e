"""Long multiplication by machines that carry (THEORY T7.2, MUL; T3.2 for the adder).

Numbers are rows of digits, the least first.  To add two, and to multiply one by a digit, are Mealy machines whose
states are the carries.  A product is the fold of the second factor: ``a × [] = 0``, ``a × (d, rest) = a d + 10 (a ×
rest)``.  So the whole is composed of its two sub-tasks, and a learner that has the machines has multiplication.

>>> print(PRODUCT.solve("123456*654321"), SUM.solve("95+17"), TIMES_DIGIT.solve("7*123456"))
80779853376 112 864192
"""

from __future__ import annotations

import itertools as it
import re
from collections.abc import Callable, Hashable, Iterable
from functools import cache
from random import Random
from typing import cast

from catcore.datatypes.automata.constructions import mealy
from catcore.datatypes.automata.machines import Mealy
from catcore.datatypes.datatype import datatype
from catcore.errors import BadSpecification
from catcore.functors import Id
from catcore.objects import FinSet
from catcore.reasoning.task import Sample, Task, size, text

Digits = list[int]
#: Numbers that are drawn have at most so many digits.
MAX_LENGTH = 1_000
ROWS = datatype(1 + FinSet(10) * Id, "Nil", "Cons")


@cache
def adding() -> Mealy:
    """The machine that adds two numbers digit by digit; its states are the carries 0 and 1."""
    pairs = list(it.product(range(10), repeat=2))
    return mealy(range(2), pairs, lambda carry, ab: ((carry + sum(ab)) % 10, (carry + sum(ab)) // 10))


def scaling(digit: int) -> Mealy:
    """The machine that multiplies a number by a digit; its states are the carries.

    Raises:
        BadSpecification: when it is no digit.
    """
    return _scaling(size(digit, "digit", largest=9))


@cache
def _scaling(digit: int) -> Mealy:
    return mealy(range(9), range(10), lambda carry, a: ((carry + digit * a) % 10, (carry + digit * a) // 10))


def add(a: Digits, b: Digits) -> Digits:
    """The digits of a sum."""
    return _ran(adding(), [*it.zip_longest(a, b, fillvalue=0), (0, 0)])


def scale(digit: int, a: Digits) -> Digits:
    """The digits of a digit times a number."""
    return _ran(scaling(digit), [*a, 0])


def _ran(machine: Mealy, word: Iterable[Hashable]) -> Digits:
    return cast(Digits, machine.run(0, word))


def multiply(
    a: Digits,
    b: Digits,
    *,
    adder: Callable[[Digits, Digits], Digits] = add,
    scaler: Callable[[int, Digits], Digits] = scale,
) -> Digits:
    """The digits of a product, as a fold of b; ``adder`` and ``scaler`` may be what a learner made of the sub-tasks."""
    product = ROWS.fold(Nil=list, Cons=lambda d, rest: adder(scaler(d, a), [0, *rest]))
    return cast(Digits, product(ROWS.list_of(b)))


def digits(number: str) -> Digits:
    """The digits of a number, the least first.

    Raises:
        BadSpecification: when it has others than 0 to 9.
    """
    if not re.fullmatch("[0-9]*", text(number, "A number")):
        raise BadSpecification(f"A number is written with the digits 0 to 9, and {number[:60]!r} was given.")
    return [int(digit) for digit in reversed(number)]


def numeral(row: Digits) -> str:
    """A row of digits as a number, without zeros in front."""
    return "".join(map(str, reversed(row))).lstrip("0") or "0"


def _task(
    name: str,
    sign: str,
    lengths: tuple[int, int],
    solve: Callable[[Digits, Digits], Digits],
    parts: tuple[Task, ...] = (),
) -> Task:
    """A task on two numbers of so many digits with a sign between them; answers are drawn by Python's arithmetic."""

    def draw(random: Random) -> Sample:
        a, b = (random.randrange(10 ** (n - 1) if n > 1 else 0, 10**n) for n in lengths)
        return Sample(f"{a}{sign}{b}", str(a * b if sign == "*" else a + b))

    def solved(question: str) -> str:
        match = re.fullmatch(rf"\s*([0-9]+)\s*{re.escape(sign)}\s*([0-9]+)\s*", question)
        if match is None:
            raise BadSpecification(f"A question reads NUMBER{sign}NUMBER, and {question[:60]!r} was given.")
        return numeral(solve(*map(digits, match.groups())))

    return Task(name, draw, solved, parts)


def multiplying(length: int = 6) -> Task:
    """MUL: products of two numbers with so many digits, made of sums of twice as many and products with one digit.

    Raises:
        BadSpecification: when the length is no such number.
    """
    size(length, "number of digits", smallest=1, largest=MAX_LENGTH)
    times = _task(f"1×{length} digits", "*", (1, length), lambda d, a: scale(d[0], a))
    total = _task(f"sum of {2 * length} digits", "+", (2 * length, 2 * length), add)
    return _task("MUL", "*", (length, length), multiply, (times, total))


PRODUCT = multiplying()
TIMES_DIGIT, SUM = PRODUCT.parts

__all__ = ["PRODUCT", "SUM", "TIMES_DIGIT", "add", "adding", "digits", "multiply", "multiplying", "numeral", "scale"]
__all__ += ["scaling"]
