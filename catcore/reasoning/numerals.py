"""The successor of binary numerals, and a shortcut that is right as far as it has seen carries (THEORY T2.6, T7.1).

Numerals are the data type of 1, 2b and 2b + 1, the least digit outermost: O doubles, I doubles and adds one, and H is
the highest digit.  The successor is the paramorphism ``s(H) = O H``, ``s(O b) = I b``, ``s(I b) = O s(b)``; its depth
of recursion is the number of trailing ones.  A *shortcut* of depth d is a term without recursion that unrolls these
clauses d times and then forgets the carry.  It answers every question with at most d carries and no other, which is
how models fail that fit a bounded rule to a recursive one (Zhang and others).

>>> print(SUCCESSOR.solve("I I O H"), "/", SUCCESSOR.solve("I I H"))
O O I H / O O O H
>>> [carries(numeral(n)) for n in (1, 2, 3, 7, 11)]
[1, 0, 2, 3, 2]
>>> two = shortcut(2)
>>> [number(applied(two, numeral(n))) for n in (2, 3, 5, 7, 11)]     # 7 has three carries
[3, 4, 6, 4, 12]
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from catcore.arrows import Arrow, case, fst, out, snd
from catcore.categories.python_values import PythonValues
from catcore.datatypes.data import Data
from catcore.datatypes.datatype import datatype
from catcore.datatypes.schemes import para
from catcore.errors import BadSpecification
from catcore.functors import Id
from catcore.reasoning.task import Sample, Task, size, sizes, text

#: Numerals that are drawn have at most so many digits and carries, and shortcuts so many clauses.
MAX_DEPTH = 200
NUMERALS = datatype(1 + (Id + Id), "H", "O", "I")
_B = NUMERALS.fixed
_HIGHEST, _DOUBLE, _ODD = (constructor.arrow for constructor in NUMERALS.constructors)

#: ``s : μF → μF``, which uses branches as they are in one clause and their successors in another.
successor: Arrow = para(_B, case(_HIGHEST >> _DOUBLE, case(fst(_B, _B) >> _ODD, snd(_B, _B) >> _DOUBLE)))

#: The number that a numeral stands for, and its carries: the ones at its end.
number = NUMERALS.fold(H=lambda: 1, O=lambda n: 2 * n, I=lambda n: 2 * n + 1)
carries = NUMERALS.fold(H=lambda: 1, O=lambda n: 0, I=lambda n: n + 1)


def shortcut(depth: int) -> Arrow:
    """The clauses of the successor unrolled so many times, after which the carry is forgotten: a term without folds.

    Raises:
        BadSpecification: when the depth is no whole number from 0 to :data:`MAX_DEPTH`.
    """
    forgetful = out(_B) >> case(_HIGHEST, case(_ODD, _DOUBLE))
    for _ in range(size(depth, "depth of a shortcut", largest=MAX_DEPTH)):
        forgetful = out(_B) >> case(_HIGHEST >> _DOUBLE, case(_ODD, forgetful >> _DOUBLE))
    return forgetful


def applied(term: Arrow, numeral: Data) -> Data:
    """A term at a numeral."""
    return PythonValues().apply(term, numeral)  # type: ignore[no-any-return]


def numeral(n: int) -> Data:
    """The numeral of a positive number.

    Raises:
        BadSpecification: when it is no such number.
    """
    if type(n) is not int or n < 1:
        raise BadSpecification(f"A numeral stands for a whole number from 1 on, and {n!r:.60} was given.")
    return read(_digits(n))


def _digits(n: int) -> str:
    return " ".join([*("OI"[int(bit)] for bit in reversed(bin(n)[3:])), "H"])


def read(row: str) -> Data:
    """A numeral written as its digits, the least first, such as ``I I O H``.

    Raises:
        BadSpecification: when the digits are no row of O and I that ends in H.
    """
    digits = text(row, "A numeral").split()
    if not digits or digits[-1] != "H" or set(digits[:-1]) - {"O", "I"}:
        raise BadSpecification(f"A numeral is a row of O and I that ends in H, and {row[:60]!r} was given.")
    made = NUMERALS.apply("H", ())
    for digit in reversed(digits[:-1]):
        made = NUMERALS.apply(digit, (made,))
    return made


#: A numeral as its digits, the least first.
written = NUMERALS.fold(H=lambda: "H", O=lambda rest: f"O {rest}", I=lambda rest: f"I {rest}")


def counting(depths: Sequence[int] = range(8), digits: Sequence[int] = range(1, 13)) -> Task:
    """Successors of numerals with so many carries, in about so many digits; where these are too few, of ``I … I H``.

    Depths are drawn alike, though numbers with many carries are rare: the rare ones tell a rule from a shortcut.

    Raises:
        BadSpecification: when one of them is no such number.
    """
    sizes(depths, "depth of recursion", largest=MAX_DEPTH)
    sizes(digits, "number of digits", smallest=1, largest=MAX_DEPTH)

    def draw(random: Random) -> Sample:
        depth, length = random.choice(depths), random.choice(digits)
        if length <= depth:
            n = 2**depth - 1
        else:
            n = (random.getrandbits(length - depth) | 1 << (length - depth)) << (depth + 1) | (2**depth - 1)
        return Sample(_digits(n), _digits(n + 1))

    return Task("binary successor", draw, lambda question: written(applied(successor, read(question))))


SUCCESSOR = counting()

__all__ = ["NUMERALS", "SUCCESSOR", "applied", "carries", "counting", "number", "numeral", "read", "shortcut"]
__all__ += ["successor", "written"]
