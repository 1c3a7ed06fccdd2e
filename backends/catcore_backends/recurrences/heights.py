"""Answers at the states that are reached, by height or, where states lead back to themselves, by repetition."""

from __future__ import annotations

import itertools as it
from typing import Any

import numpy as np

from catcore.datatypes.semirings import Semiring
from catcore.errors import NotRecursive
from catcore_backends.ordering import Stuck, heights_of
from catcore_backends.recurrences.options import Answers, Edges, Rule, lifted, ufuncs_of
from catcore_backends.states import Rows, recognised, repeating


def by_heights(rule: Rule, starts: Rows, semiring: Semiring, *, repeat: bool) -> Answers:
    """Answers at the states reached from some: unfolded breadth first, answered by height or by repetition."""
    seen = recognised(rule.columns)
    _, fresh = seen.numbers(starts)
    known, rounds, below, first = [], [], [], 0
    while len(fresh):
        edges = Edges.of(rule, fresh)
        known.append(fresh)
        rounds.append(Edges(edges.row + first, edges.number, edges.cost, []))
        first += len(fresh)
        fresh, places = _met(seen, edges)
        below.append(places)
    row = np.concatenate([e.row for e in rounds])
    cost = np.concatenate([e.cost for e in rounds])
    width = max(map(len, below), default=0)
    leaf = [np.concatenate([_padded(places, p, len(e.row)) for places, e in zip(below, rounds, strict=True)])
            for p in range(width)]  # fmt: skip
    dtype = np.result_type(np.asarray(semiring.zero), lifted(semiring, cost[:0], None))
    values = np.full(first + 1, semiring.zero, dtype)
    values[first] = semiring.one
    leaf = [np.where(x < 0, first, x) for x in leaf]
    worths = lifted(semiring, cost, dtype)
    run = _repeated if repeat else _raised
    run(semiring, values, row, worths, leaf, lambda way: _names(np.concatenate(known), way))
    return Answers(semiring, values, lambda rows: seen.numbers(rows)[0])


def _met(seen: Any, edges: Edges) -> tuple[Rows, list[Rows]]:
    """The new states among those left, and their numbers at each place, −1 where there is none."""
    live = [np.flatnonzero(alive) for _, alive in edges.leaves]
    rows = [leaf[at] for (leaf, _), at in zip(edges.leaves, live, strict=True)]
    if not rows:
        return np.zeros((0, 0), np.int64), []
    numbers, fresh = seen.numbers(np.concatenate(rows))
    places = []
    for at, found in zip(live, np.split(numbers, np.cumsum([len(r) for r in rows])[:-1]), strict=True):
        place = np.full(len(edges.row), -1, np.int64)
        place[at] = found
        places.append(place)
    return fresh, places


def _padded(places: list[Rows], p: int, count: int) -> Rows:
    return places[p] if p < len(places) else np.full(count, -1, np.int64)


def _raised(semiring: Semiring, values: Any, row: Rows, cost: Any, leaf: list[Rows], names: Any) -> None:
    """Answer the states in the order of their heights, all of one height together."""
    count = len(values) - 1
    links = [(row[x < count], x[x < count]) for x in leaf]
    try:
        heights = heights_of([r for r, _ in links], [[x] for _, x in links], count)
    except Stuck as stuck:
        way = repeating(stuck.nodes, lambda s: (int(x) for r, xs in links for x in xs[r == s]))
        raise NotRecursive(names(way)) from None
    order = np.argsort(heights[row], kind="stable")  # rows stay together, because they were
    row, cost, leaf = row[order], cost[order], [x[order] for x in leaf]
    cuts = np.flatnonzero(np.diff(heights[row], prepend=-1, append=-1))
    for start, stop in it.pairwise(cuts.tolist()):
        here = slice(start, stop)
        where, found = _summed(semiring, values, row[here], cost[here], [x[here] for x in leaf])
        values[where] = found


def _repeated(semiring: Semiring, values: Any, row: Rows, cost: Any, leaf: list[Rows], names: Any) -> None:
    """Answer all states again and again until nothing changes, once for each state at most."""
    order = np.argsort(row, kind="stable")
    row, cost, leaf = row[order], cost[order], [x[order] for x in leaf]
    for _ in range(len(values)):
        where, found = _summed(semiring, values, row, cost, leaf)
        if np.array_equal(values[where], found):
            return
        values[where] = found
    raise NotRecursive(
        f"The least solution of a recurrence over {len(values) - 1} states in {semiring} was asked for, and after as "
        "many rounds it still changes: some way back to a state improves its answer, as a negative cycle does. Bound "
        "the number of steps in the state."
    )


def _summed(semiring: Semiring, values: Any, row: Rows, cost: Any, leaf: list[Rows]) -> tuple[Rows, Any]:
    """The states that have options, in order, and their answers from those below."""
    plus, times = (getattr(np, word) for word in ufuncs_of(semiring))
    if not len(row):
        return row, values[:0]
    worth = cost
    for x in leaf:
        worth = times(worth, np.take(values, x))
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    return row[starts], plus.reduceat(worth, starts)


def _names(rows: Rows, way: list[int]) -> str:
    shown = [str(tuple(rows[i].tolist())) for i in way]
    steps = " → ".join(shown if len(shown) <= 12 else [*shown[:6], "…", *shown[-5:]])
    return (
        f"A recurrence was to be solved, and {steps} leads back to itself. Add what decreases to the state, or say "
        "repeat=True for the least solution in an idempotent semiring."
    )
