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

from collections.abc import Callable
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
        solve: the answer to a question.
        parts: the tasks of which it is composed.
    """

    name: str
    draw: Callable[[Random], Sample]
    solve: Callable[[str], str]
    parts: tuple[Task, ...] = ()

    def samples(self, count: int, *, seed: int = 0) -> list[Sample]:
        """So many samples, the same ones for the same seed."""
        random = Random(f"{self.name} {seed}")
        return [self.draw(random) for _ in range(count)]

    def __str__(self) -> str:
        return self.name + (f" = {' + '.join(part.name for part in self.parts)}" if self.parts else "")


def between(smallest: int, found: int, what: str) -> int:
    """A size that is at least the smallest possible one.

    Raises:
        BadSpecification: when it is smaller.
    """
    if found < smallest:
        raise BadSpecification(f"The {what} has to be at least {smallest}, and {found} was given.")
    return found


__all__ = ["Sample", "Task", "between"]
