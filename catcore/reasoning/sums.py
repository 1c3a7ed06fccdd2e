"""The highest sum of numbers that are no neighbours: a problem of dynamic programming (THEORY T7.2, HSS).

The state is the place reached; one skips the number there, or takes it and skips its neighbour.  The sub-task is to
write down the table of the algorithm, the best sums of all beginnings:
``best(i) = max(best(i − 1), best(i − 2) + aᵢ)``.

>>> print(HIGHEST.solve("3 2 5 10 7"), "/", TRACE.solve("3 2 5 10 7"))
15 / 3 3 8 13 15
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random

from catcore.datatypes.optimisation import Choice, Problem
from catcore.datatypes.semirings import MAX_PLUS
from catcore.errors import BadSpecification
from catcore.reasoning.task import Sample, Task, size, sizes

#: Rows of numbers have at most so many.
MAX_NUMBERS = 500


def highest_sum(numbers: tuple[int, ...]) -> int:
    """The highest sum of entries no two of which are neighbours; none at all sum to 0."""

    def choices(place: int) -> list[Choice]:
        if place >= len(numbers):
            return [Choice(0)]
        return [Choice(0, (place + 1,)), Choice(numbers[place], (place + 2,))]

    return int(Problem(choices).solve(0, MAX_PLUS))


def _numbers(question: str) -> tuple[int, ...]:
    try:
        return tuple(map(int, question.split()))
    except ValueError:
        raise BadSpecification(f"A row of whole numbers was asked for, and {question[:60]!r} was given.") from None


def _bests(numbers: tuple[int, ...]) -> list[int]:
    """The table, in one pass: the pair of the last two best sums is handed on."""
    pairs = accumulate(numbers, lambda pair, a: (pair[1], max(pair[1], pair[0] + a)), initial=(0, 0))
    return [best for _, best in pairs][1:]


def summing(length: Sequence[int] = range(5, 26), below: int = 100, *, trace: bool = False) -> Task:
    """HSS on so many numbers, which are below so much in size; or its table.

    Raises:
        BadSpecification: when one of them is no such number.
    """
    sizes(length, "number of numbers", largest=MAX_NUMBERS)
    size(below, "bound of the numbers", smallest=1, largest=10**9)

    def draw(random: Random) -> Sample:
        numbers = tuple(random.randrange(1 - below, below) for _ in range(random.choice(length)))
        bests = _bests(numbers)
        said = " ".join(map(str, bests)) if trace else str(bests[-1] if bests else 0)
        return Sample(" ".join(map(str, numbers)), said)

    def solve(question: str) -> str:
        numbers = _numbers(question)
        if not trace:
            return str(highest_sum(numbers))
        return " ".join(str(highest_sum(numbers[:k])) for k in range(1, len(numbers) + 1))

    return Task("table of HSS" if trace else "HSS", draw, solve, () if trace else (summing(length, below, trace=True),))


HIGHEST = summing()
TRACE = HIGHEST.parts[0]

__all__ = ["HIGHEST", "TRACE", "highest_sum", "summing"]
