"""The states that are reached from some, unfolded breadth first, with their options (THEORY T3.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from catcore_backends.recurrences.answering import Graph
from catcore_backends.recurrences.options import Edges, Rule
from catcore_backends.recursion.state_rows import Rows, recognised


def reached(rule: Rule, starts: Rows) -> tuple[Graph, Callable[[Rows], Rows]]:
    """The graph of the states reached from some, and what gives states their numbers."""
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
    width = max(map(len, below), default=0)
    leaves = [np.concatenate([_padded(places, p, len(e.row)) for places, e in zip(below, rounds, strict=True)])
              for p in range(width)]  # fmt: skip
    states = np.concatenate(known)
    graph = Graph(
        first,
        np.concatenate([e.row for e in rounds]),
        np.concatenate([e.cost for e in rounds]),
        [np.where(x < 0, first, x) for x in leaves],
        lambda i: str(tuple(states[i].tolist())),
    )
    return graph, lambda rows: seen.numbers(rows)[0]


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
