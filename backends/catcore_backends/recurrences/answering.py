"""Answers at the states of a graph of options: by height, or by repetition where states lead back to themselves.

The states of one height do not need each other, so they are answered together: the worth of all their options takes one
array call for ⊗ at each place, and the totals are taken state by state.  The graph is NumPy's; the answers are arrays
of any library.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from catcore.datatypes.semirings import Semiring
from catcore.errors import NotRecursive
from catcore_backends.batches import overwritten
from catcore_backends.compiler.operations import is_cupy
from catcore_backends.libraries.cuda.transfers import together
from catcore_backends.recurrences.arithmetic import Arithmetic, lifted
from catcore_backends.recursion.ordering import Stuck, heights_of
from catcore_backends.recursion.state_rows import Rows
from catcore_backends.recursion.states import repeating


@dataclass(frozen=True)
class Graph:
    """The options of numbered states.

    Args:
        count: how many states there are.
        row: the state of each option.
        cost: what it costs.
        leaves: for each place the states that are left there, and ``count`` where there is none.
        shown: how a state is printed, from its number.
    """

    count: int
    row: Rows
    cost: Any
    leaves: Sequence[Rows]
    shown: Callable[[int], str]

    def kind(self, semiring: Semiring) -> Any:
        """The dtype of answers."""
        return np.result_type(np.asarray(semiring.zero), lifted(semiring, self.cost[:0], None))

    def arranged(self, place: Rows, semiring: Semiring) -> _Arranged:
        """The options in the order of their states, which get new numbers; states without options get one worth 0."""
        ends = np.append(place, self.count)
        idle = np.flatnonzero(np.bincount(self.row, minlength=self.count) == 0)
        row = np.concatenate([place[self.row], place[idle]])
        order = np.argsort(row, kind="stable")
        nothing = np.full(len(idle), self.count)
        worth = lifted(semiring, self.cost, self.kind(semiring))
        worth = np.concatenate([worth, np.full(len(idle), semiring.zero, worth.dtype)])[order]
        leaves = [np.concatenate([ends[x], nothing])[order] for x in self.leaves]
        return _Arranged(np.searchsorted(row[order], np.arange(self.count + 1)), worth, leaves)

    def heights(self) -> Rows:
        """The height of each state.

        Raises:
            NotRecursive: when a state leads back to itself, with the states on the way.
        """
        links = [(self.row[x < self.count], x[x < self.count]) for x in self.leaves]
        try:
            return heights_of([r for r, _ in links], [[x] for _, x in links], self.count)
        except Stuck as stuck:
            way = repeating(stuck.nodes, lambda s: (int(x) for r, xs in links for x in xs[r == s]))
            raise NotRecursive(_cycle([self.shown(i) for i in way])) from None


@dataclass(frozen=True)
class Answers:
    """The answers at states.

    Args:
        values: a table of answers, an array of some library.
        places: from states to their places in the table.
    """

    values: Any
    places: Callable[[Rows], Rows]

    def at(self, xp: Any, rows: Rows) -> Any:
        """The answers at some states."""
        return xp.take(self.values, xp.asarray(self.places(rows)), axis=0)


@dataclass(frozen=True)
class _Arranged:
    """Options in the order of their states.

    Args:
        first: where the options of each state begin, and at last how many there are.
        worth: their costs as elements of the semiring.
        leaves: the states left at each place.
    """

    first: Rows
    worth: Any
    leaves: list[Rows]

    def over(self, xp: Any) -> _Arranged:
        """The same with its arrays on a GPU, once for all heights; other libraries take parts of NumPy's."""
        if not is_cupy(xp):
            return self
        moved = together(xp, [self.worth, *self.leaves])
        return _Arranged(self.first, moved(self.worth), [moved(leaf) for leaf in self.leaves])

    def answers(self, arithmetic: Arithmetic, values: Any, start: int, stop: int) -> Any:
        """The answers of some consecutive states from those that they leave."""
        xp, here = arithmetic.xp, slice(int(self.first[start]), int(self.first[stop]))
        found = xp.asarray(self.worth[here])
        for leaf in self.leaves:
            found = arithmetic.times(found, xp.take(values, xp.asarray(leaf[here]), axis=0))
        return arithmetic.totals(found, self.first[start:stop] - self.first[start])


def by_height(graph: Graph, arithmetic: Arithmetic) -> tuple[Any, Rows]:
    """The answers, followed by 1, in the order of the heights of their states, and where each state stands.

    Raises:
        NotRecursive: when a state leads back to itself.
    """
    heights = graph.heights()
    order = np.argsort(heights, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(graph.count)
    options = graph.arranged(place, arithmetic.semiring).over(arithmetic.xp)
    values = _nothing(graph, arithmetic)
    cuts = np.flatnonzero(np.diff(heights[order], prepend=-1, append=-1))
    for start, stop in it.pairwise(cuts.tolist()):
        values = overwritten(values, slice(start, stop), options.answers(arithmetic, values, start, stop))
    return values, place


def by_repetition(graph: Graph, arithmetic: Arithmetic) -> tuple[Any, Rows]:
    """The least solution, as above: all states are answered again until nothing changes.

    Raises:
        NotRecursive: when after as many rounds as there are states some answer still changes.
    """
    place, every = np.arange(graph.count), slice(0, graph.count)
    options, values = graph.arranged(place, arithmetic.semiring).over(arithmetic.xp), _nothing(graph, arithmetic)
    for _ in range(graph.count + 1):
        found = options.answers(arithmetic, values, 0, graph.count)
        if bool(arithmetic.xp.all(values[every] == found)):
            return values, place
        values = overwritten(values, every, found)
    raise NotRecursive(
        f"The least solution of a recurrence over {graph.count} states in {arithmetic.semiring} was asked for, and "
        "after as many rounds it still changes: some way back to a state improves its answer, as a negative cycle "
        "does. Bound the number of steps in the state."
    )


def _nothing(graph: Graph, arithmetic: Arithmetic) -> Any:
    """The answers before anything is known."""
    semiring = arithmetic.semiring
    values = np.full(graph.count + 1, semiring.zero, graph.kind(semiring))
    values[graph.count] = semiring.one
    return arithmetic.xp.asarray(values)


def _cycle(way: list[str]) -> str:
    steps = " → ".join(way if len(way) <= 12 else [*way[:6], "…", *way[-5:]])
    return (
        f"A recurrence was to be solved, and {steps} leads back to itself. Add what decreases to the state, or say "
        "repeat=True for the least solution in an idempotent semiring."
    )
