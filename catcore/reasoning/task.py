"""A task of reasoning: questions that are drawn together with their answers, and a solver that knows no draw.

Questions and answers are texts, as a language model reads and writes them.  The answer of a sample is what its
construction says; the solver finds it anew from the question alone, as a composite of folds and unfolds.  That both
agree is what the tests check (FEATURES 128).

>>> double = Task("double", lambda random: (lambda n: Sample(str(n), str(n + n)))(random.randrange(100)),
...               lambda question: str(2 * int(question)))
>>> [double.solve(s.question) == s.answer for s in double.samples(3, seed=0)]
[True, True, True]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from catcore.errors import BadSpecification


@dataclass(frozen=True)
class Sample:
    """A question and its answer."""

    question: str
    answer: str

    def __str__(self) -> str:
        return f"{self.question} ↦ {self.answer}"


@dataclass(frozen=True)
class Task:
    """A family of questions with answers.

    Args:
        name: what it is called.
        draw: a sample, by a source of randomness.
        solver: the answer to a question.
        parts: the tasks of which it is composed.
    """

    name: str
    draw: Callable[[Random], Sample]
    solver: Callable[[str], str]
    parts: tuple[Task, ...] = ()

    def solve(self, question: str) -> str:
        """The answer to a question.

        Raises:
            BadSpecification: when the question is no text, or not one of this task.
        """
        return self.solver(text(question, f"A question of {self.name}"))

    def samples(self, count: int, *, seed: int = 0) -> list[Sample]:
        """So many samples, the same ones for the same seed.

        Raises:
            BadSpecification: when the count is no whole number from 0 on.
        """
        random = Random(f"{self.name} {seed}")
        return [self.draw(random) for _ in range(size(count, "number of samples"))]

    def __str__(self) -> str:
        return self.name + (f" = {' + '.join(part.name for part in self.parts)}" if self.parts else "")


def size(found: object, what: str, *, smallest: int = 0, largest: int = 10**6) -> int:
    """A whole number between two bounds.

    Raises:
        BadSpecification: when it is something else.
    """
    if type(found) is not int:
        raise BadSpecification(f"The {what} is a whole number, and {found!r:.60} was given.")
    if found < smallest:
        raise BadSpecification(f"The {what} has to be at least {smallest}, and {found} was given.")
    if found > largest:
        raise BadSpecification(f"The {what} has to be at most {largest}, and {found} was given.")
    return found


def sizes(found: object, what: str, *, smallest: int = 0, largest: int = 10**6) -> Sequence[int]:
    """The sizes from which samples draw theirs: a row of whole numbers between two bounds, such as a range.

    Raises:
        BadSpecification: when it is something else, or empty.
    """
    if not isinstance(found, range | list | tuple):
        raise BadSpecification(f"The {what} is drawn from a range or a list, and {found!r:.60} was given.")
    if not found:
        raise BadSpecification(f"The {what} is drawn from {found}, which is empty. Give at least one number.")
    for one in (min(found), max(found)) if isinstance(found, range) else found:
        size(one, what, smallest=smallest, largest=largest)
    return found


def text(found: object, what: str) -> str:
    """A text.

    Raises:
        BadSpecification: when it is something else.
    """
    if not isinstance(found, str):
        raise BadSpecification(f"{what} is a text, and {found!r:.60} was given.")
    return found


__all__ = ["Sample", "Task", "size", "sizes", "text"]
