"""Problems whose choices are Python's, answered on arrays: the graph of their states runs through the level engine.

A :class:`~catcore.datatypes.Problem` says the choices of one state at a time.  Once all states are known, their options
are numbered, and from there on they are answered like those of a recurrence: all states of one height together.

>>> from catcore.datatypes import Choice, Problem
>>> from catcore.datatypes.semirings import COUNTING, MIN_PLUS
>>> steps = Problem(lambda n: [Choice(k * k, (n - k,), label=k) for k in (1, 2) if k <= n] if n else [Choice(0)])
>>> steps.solve(5, MIN_PLUS, backend="numpy"), steps.solve(5, COUNTING, backend="numpy")
(5.0, 8)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from catcore.categories.finite_sets import shown
from catcore.datatypes.optimisation import Choice
from catcore.datatypes.semirings import Semiring
from catcore.errors import IllTyped
from catcore_backends.batches import plain
from catcore_backends.installed import executable, library
from catcore_backends.libraries.failures import explained
from catcore_backends.library import Run
from catcore_backends.recurrences.answering import Graph, by_height
from catcore_backends.recurrences.arithmetic import Arithmetic, checked


def answers(options: Mapping[Any, Sequence[Choice]], semiring: Semiring, backend: str = "numpy") -> list[Any]:
    """The answers at the states of a problem, in their order.

    Args:
        options: the choices of each state; all states that they leave are among the keys.
        semiring: what answers are added and multiplied in.
        backend: the name of the backend.

    Raises:
        IllTyped: when a cost is no number of an array, such as a fraction.
        NotRecursive: when a state leads back to itself.
        LawViolated: when the semiring is none.
        BadSpecification: when it has no operations on arrays.
        TooLarge: when a count exceeds 64 bits.
        OutOfMemory: when there is no room; what was computed is released.
    """
    checked(semiring, repeat=False)
    graph = graph_of(options)

    def linked(xp: Any) -> Run:
        arithmetic = Arithmetic(semiring, xp)
        return lambda states, batch: _answered(states, arithmetic)

    try:
        return plain(executable(backend, linked)(graph, graph.count))
    except Exception as error:
        raise explained(  # noqa: B904 — it knows whether the error is a cause
            error, (), lambda: library(backend).release(), "A problem"
        )


def _answered(graph: Graph, arithmetic: Arithmetic) -> Any:
    """The answers of all states, in their order."""
    xp = arithmetic.xp
    values, place = by_height(graph, arithmetic)
    if xp.isdtype(values.dtype, "integral"):
        arithmetic.require_fitting(by_height(graph, arithmetic.in_floating_point)[0])
    return xp.take(values, xp.asarray(place), axis=0)


def graph_of(options: Mapping[Any, Sequence[Choice]]) -> Graph:
    """The states and their options by number.

    Raises:
        IllTyped: when a cost is no number of an array.
    """
    states = list(options)
    number = {state: i for i, state in enumerate(states)}
    choices = [c for state in states for c in options[state]]
    width = max((len(c.leaves) for c in choices), default=0)
    left = np.full((width, len(choices)), len(states), np.int64)
    for k, choice in enumerate(choices):
        left[: len(choice.leaves), k] = [number[s] for s in choice.leaves]
    row = np.repeat(np.arange(len(states)), [len(options[state]) for state in states])
    return Graph(len(states), row, _costs(options), list(left), lambda i: shown(states[i]))


def _costs(options: Mapping[Any, Sequence[Choice]]) -> Any:
    """The costs of all choices as one array."""
    found = _numbers([c.cost for choices in options.values() for c in choices])
    if found is not None:
        return found
    state, cost = next((s, c.cost) for s, choices in options.items() for c in choices if _numbers([c.cost]) is None)
    raise IllTyped(
        f"Answers on arrays were asked for, and the cost of a choice at the state {shown(state)[:80]} is "
        f"{shown(cost)[:80]}, which is no machine number. Leave backend= out for exact answers."
    )


def _numbers(costs: list[Any]) -> Any:
    """Costs as one array; None where some are no machine numbers."""
    try:
        found = np.asarray(costs) if costs else np.zeros(0)
    except ValueError:
        return None
    return found if found.ndim == 1 and found.dtype.kind in "biuf" else None
