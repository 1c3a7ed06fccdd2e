"""A problem as a rule that lists the options of states, and its answers."""

from __future__ import annotations

import itertools as it
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from catcore.datatypes.semirings import Semiring
from catcore.errors import BadSpecification, ShapeMismatch, TooLarge
from catcore_backends.recurrences.heights import by_heights
from catcore_backends.recurrences.options import Answers, Edges, Rule, as_tuple, checked, nested
from catcore_backends.recurrences.wavefronts import by_wavefronts
from catcore_backends.states import Rows

State = tuple[int, ...]


@dataclass(frozen=True)
class Recurrence(Rule):
    """A rule that lists the options of states, for one problem.

    Args:
        options: from columns of states to options.
        bounds: for each column one more than its largest entry, or None where it is not known.
    """

    def solve(self, start: Any, semiring: Semiring, *, repeat: bool = False) -> Any:
        """The answer at a state, or the answers at columns of states.

        Args:
            start: a state, a tuple of integers, or a tuple of columns.
            semiring: what answers are added and multiplied in.
            repeat: whether states may lead back to themselves, and the least solution is wanted.

        Raises:
            NotRecursive: when a state leads back to itself, or repetition does not come to rest.
            LawViolated: when the semiring is none.
            BadSpecification: when it has no array operations, or is to be repeated and not idempotent.
            ShapeMismatch: when the rule does not fit the states, or leaves the bounds.
            TooLarge: when a count exceeds 64 bits.
        """
        answers = self._answered(start, checked(semiring, repeat=repeat), repeat=repeat)
        found = answers.at(self._rows(start))
        return found if np.ndim(next(iter(as_tuple(start)), 0)) else found[0].item()

    def best(self, start: Any, semiring: Semiring) -> tuple[Any, list[tuple[State, int]]]:
        """The answer at a state, and an optimal solution: the states met, each with the number of the option taken.

        Raises:
            BadSpecification: when ⊕ does not choose one of its arguments, or there is no solution.
            NotRecursive: when a state leads back to itself.
        """
        for x, y in it.product(semiring.samples, repeat=2):
            if semiring.add(x, y) not in (x, y):
                raise BadSpecification(
                    f"A best solution was asked for in {semiring}, and {x!r} ⊕ {y!r} is neither of the two. Take a "
                    "semiring that chooses, such as min-plus."
                )
        answers = self._answered(start, checked(semiring, repeat=False), repeat=False)
        value = answers.at(self._rows(start))[0].item()
        if value == semiring.zero:
            raise BadSpecification(f"A best solution from {start} was asked for, and there is none.")
        return value, self._traced(start, answers)

    def _traced(self, start: Any, answers: Answers) -> list[tuple[State, int]]:
        steps, todo = [], [tuple(int(x) for x in as_tuple(start))]
        while todo:
            state = todo.pop()
            row = np.asarray([state], np.int64)
            edges = Edges.of(self, row)
            worth = answers.worth(edges)
            taken = int(np.flatnonzero(worth == answers.at(row)[0])[0])
            steps.append((state, int(edges.number[taken])))
            todo += [tuple(leaf[taken].tolist()) for leaf, live in reversed(edges.leaves) if live[taken]]
        return steps

    def _rows(self, start: Any) -> Rows:
        columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(x)) for x in as_tuple(start)))
        if len(columns) != len(self.bounds):
            raise ShapeMismatch(
                f"A state of {len(self.bounds)} columns was expected, and one of {len(columns)} was given."
            )
        return self.columns.rows(nested(columns), "the start")

    def _answered(self, start: Any, semiring: Semiring, *, repeat: bool) -> Answers:
        found = None if repeat else by_wavefronts(self, semiring)
        answers = found or by_heights(self, self._rows(start), semiring, repeat=repeat)
        if answers.values.dtype.kind in "iu":
            self._fitting(start, semiring, repeat=repeat)
        return answers

    def _fitting(self, start: Any, semiring: Semiring, *, repeat: bool) -> None:
        """Refuse answers that 64 bits cannot hold, by answering in floating point too.

        Sums and products are right modulo 2⁶⁴ whatever is met on the way, so there only what is asked has to fit.
        """
        real = replace(semiring, zero=float(semiring.zero), one=float(semiring.one))
        beside = self._answered(start, real, repeat=repeat)
        found = beside.at(self._rows(start)) if semiring.ufuncs == ("add", "multiply") else beside.values
        if (abs(found) >= 2.0**62).any():
            raise TooLarge(
                f"Answers in {semiring} were asked for, and some exceed 64 bits. Use catcore.datatypes.Problem, whose "
                "numbers are unbounded."
            )
