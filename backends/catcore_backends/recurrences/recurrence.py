"""A problem as a rule that lists the options of states, and its answers."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import is_cupy_array

from catcore.datatypes.semirings import Semiring
from catcore.errors import BadSpecification, ShapeMismatch
from catcore_backends.batches import arrays, plain
from catcore_backends.installed import executable, library
from catcore_backends.libraries.conversion import on_host
from catcore_backends.libraries.cuda.devices import device_of
from catcore_backends.libraries.failures import explained
from catcore_backends.library import Run
from catcore_backends.recurrences.answering import Answers, by_height, by_repetition
from catcore_backends.recurrences.arithmetic import Arithmetic, checked, choosing, lifted
from catcore_backends.recurrences.options import Edges, Rule, as_tuple, nested
from catcore_backends.recurrences.reaching import reached
from catcore_backends.recurrences.wavefronts import by_wavefronts
from catcore_backends.recursion.state_rows import Rows

State = tuple[int, ...]


@dataclass(frozen=True)
class Recurrence(Rule):
    """A rule that lists the options of states, for one problem.

    The states and their options are NumPy's, and answers are arrays of any library.

    Args:
        options: from columns of states to options.
        bounds: for each column one more than its largest entry, or None where it is not known.
    """

    def solve(self, start: Any, semiring: Semiring, *, repeat: bool = False, backend: str = "auto") -> Any:
        """The answer at a state, or the answers at columns of states.

        Args:
            start: a state, a tuple of integers, or a tuple of columns.
            semiring: what answers are added and multiplied in.
            repeat: whether states may lead back to themselves, and the least solution is wanted.
            backend: where answers are computed; by default where the columns of the start live, or by NumPy.

        Raises:
            NotRecursive: when a state leads back to itself, or repetition does not come to rest.
            LawViolated: when the semiring is none.
            BadSpecification: when it has no array operations, or is to be repeated and not idempotent.
            ShapeMismatch: when the rule does not fit the states, or leaves the bounds.
            TooLarge: when a count exceeds 64 bits.
            OutOfMemory: when there is no room; what was computed is released.
            BackendMissing: when the library is not here.
        """
        try:
            return self._solved(start, semiring, repeat=repeat, backend=backend)
        except Exception as error:
            raise explained(  # noqa: B904 — it knows whether the error is a cause
                error, start, lambda: library(backend).release(), "A recurrence"
            )

    def _solved(self, start: Any, semiring: Semiring, *, repeat: bool, backend: str) -> Any:
        checked(semiring, repeat=repeat)
        rows = self._rows(start)
        single = not np.ndim(next(iter(as_tuple(start)), 0))

        def linked(xp: Any) -> Run:
            arithmetic = Arithmetic(semiring, xp)
            return lambda rule, batch: rule._answered(rows, arithmetic, repeat=repeat).at(xp, rows)

        given = () if single else [x for x in arrays(start) if hasattr(x, "shape")]
        on_gpu = [x for x in given if is_cupy_array(x)]
        with device_of(on_gpu) if on_gpu else nullcontext():
            answers = executable(backend, linked, *given)(self, len(rows))
        return plain(answers)[0] if single else answers

    def best(self, start: Any, semiring: Semiring) -> tuple[Any, list[tuple[State, int]]]:
        """The answer at a state, and an optimal solution: the states met, each with the number of the option taken.

        Raises:
            BadSpecification: when ⊕ does not choose one of its arguments, or there is no solution.
            NotRecursive: when a state leads back to itself.
            OutOfMemory: when there is no room; what was computed is released.
        """
        try:
            return self._chosen(start, semiring)
        except Exception as error:
            raise explained(error, start, what="A recurrence")  # noqa: B904 — it knows whether the error is a cause

    def _chosen(self, start: Any, semiring: Semiring) -> tuple[Any, list[tuple[State, int]]]:
        arithmetic = Arithmetic(checked(choosing(semiring), repeat=False), np)
        rows = self._rows(start)
        answers = self._answered(rows, arithmetic, repeat=False)
        value = answers.at(np, rows)[0].item()
        if value == semiring.zero:
            raise BadSpecification(f"A best solution from {start} was asked for, and there is none.")
        return value, self._traced(rows, answers, arithmetic)

    def _traced(self, start: Rows, answers: Answers, arithmetic: Arithmetic) -> list[tuple[State, int]]:
        steps, todo = [], [tuple(start[0].tolist())]
        while todo:
            state = todo.pop()
            row = np.asarray([state], np.int64)
            edges = Edges.of(self, row)
            taken = int(np.flatnonzero(_worth(edges, answers, arithmetic) == answers.at(np, row)[0])[0])
            steps.append((state, int(edges.number[taken])))
            todo += [tuple(leaf[taken].tolist()) for leaf, live in reversed(edges.leaves) if live[taken]]
        return steps

    def _rows(self, start: Any) -> Rows:
        found = [np.atleast_1d(on_host(x)) for x in as_tuple(start)]
        try:
            columns = np.broadcast_arrays(*found)
        except ValueError:
            raise ShapeMismatch(
                f"Answers at columns of states were asked for, and the columns have shapes "
                f"{', '.join(str(x.shape) for x in found)}. Give as many numbers in each column as there are states."
            ) from None
        if len(columns) != len(self.bounds):
            raise ShapeMismatch(
                f"A state of {len(self.bounds)} columns was expected, and one of {len(columns)} was given."
            )
        return self.columns.rows(nested(columns), "the start")

    def _answered(self, rows: Rows, arithmetic: Arithmetic, *, repeat: bool) -> Answers:
        """Answers at some states and those below them; NumPy's answer wavefronts without any graph of states."""
        waves = None if repeat or not arithmetic.in_place else by_wavefronts(self, arithmetic.semiring)
        answers = waves or self._by_graph(rows, arithmetic, repeat=repeat)
        if arithmetic.xp.isdtype(answers.values.dtype, "integral"):
            self._fitting(rows, arithmetic, repeat=repeat)
        return answers

    def _by_graph(self, rows: Rows, arithmetic: Arithmetic, *, repeat: bool) -> Answers:
        some = rows if len(rows) else np.zeros((1, len(self.bounds)), np.int64)  # a state says what answers look like
        graph, numbers = reached(self, some)
        values, place = (by_repetition if repeat else by_height)(graph, arithmetic)
        return Answers(values, lambda states: place[numbers(states)])

    def _fitting(self, rows: Rows, arithmetic: Arithmetic, *, repeat: bool) -> None:
        """Refuse answers that 64 bits cannot hold, by answering in floating point too.

        Sums and products are right modulo 2⁶⁴ whatever is met on the way, so there only what is asked has to fit.
        """
        beside = self._answered(rows, arithmetic.in_floating_point, repeat=repeat)
        summed = arithmetic.semiring.ufuncs == ("add", "multiply")
        arithmetic.require_fitting(beside.at(arithmetic.xp, rows) if summed else beside.values)


def _worth(edges: Edges, answers: Answers, arithmetic: Arithmetic) -> Any:
    """What each option is worth: its cost times the answers of what it leaves."""
    total = lifted(arithmetic.semiring, edges.cost, answers.values.dtype)
    for leaf, live in edges.leaves:
        total[live] = arithmetic.times(total[live], answers.at(np, leaf[live]))
    return total
