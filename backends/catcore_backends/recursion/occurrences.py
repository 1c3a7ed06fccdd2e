"""Trees without shared branches: every occurrence of a node is a node of its own.

Covectors of labels differ from occurrence to occurrence, so forests that keep equal branches once are taken apart
before their labels hear anything: from the roots down, a node is there as often as it is met.  Branches that stand in
other data, as in the list of a rose tree, are met there, in each occurrence of that data.
"""

from __future__ import annotations

import functools as ft
from typing import Any

import numpy as np

from catcore.errors import TooLarge
from catcore_backends.batches import mapped, rows_at
from catcore_backends.libraries.conversion import on_host
from catcore_backends.recursion.forests import Forest, Group, Index, _stretch
from catcore_backends.recursion.nested import replaced

#: Trees whose branches are shared are taken apart into at most so many nodes.
MOST = 10_000_000


def unshared(of: Forest) -> tuple[Forest, Index | None]:
    """A forest in which every node has one parent or is one root, and which node of the given one each node was.

    Raises:
        TooLarge: when it has more than ``MOST`` nodes.
    """
    nested = any(kind.nested for kind in of.kinds)
    if not nested and not _shares(of):
        return of, None
    found = _Occurrences(of)
    roots = found.seen(on_host(of.roots))
    groups: list[tuple[list[Any], tuple[Any, ...]]] = []
    for number in reversed(range(len(of.groups))):
        group, nodes = of.groups[number], found.nodes(number)
        rows = nodes - group.start
        labels = mapped(ft.partial(rows_at, places=rows), group.labels)
        labels = tuple(map(_apart, labels)) if nested else labels
        branches = [found.seen(_numbers(b)[rows]) for b in group.branches]
        groups.append((branches, _in_data(of, group, labels, found.seen)))
    starts = np.concatenate([[0], np.cumsum(found.counts)])

    def placed(where: Any) -> Index | slice:
        index = starts[where[..., 0]] + where[..., 1]
        return _stretch(index) if len(index) else index

    made = []
    for number, (g, (branches, labels)) in enumerate(zip(of.groups, reversed(groups), strict=True)):
        start, stop = int(starts[number]), int(starts[number + 1])
        labels = _in_data(of, g, labels, lambda where: starts[where[..., 0]] + where[..., 1])
        made.append(Group(g.constructor, start, stop, tuple(map(placed, branches)), labels))
    origin = np.concatenate([found.nodes(number) for number in range(len(of.groups))])
    return Forest(of.fixed, tuple(made), starts[roots[:, 0]] + roots[:, 1], int(starts[-1]), of.levels), origin


def occurrences(of: Forest) -> float:
    """How many nodes the trees have when they are taken apart, branches that stand in data left out."""
    times = np.zeros(of.size)
    np.add.at(times, on_host(of.roots), 1.0)
    for g in reversed(of.groups):
        for branch in g.branches:
            np.add.at(times, _numbers(branch), times[g.start : g.stop])
    return float(times.sum())


def _shares(of: Forest) -> bool:
    """Whether some node is met more than once."""
    below = [_numbers(b) for g in of.groups for b in g.branches]
    times = np.bincount(np.concatenate([*below, on_host(of.roots)]), minlength=of.size)
    return bool(times.max(initial=0) > 1)


def _apart(labels: Any) -> Any:
    """Labels that are data, without shared branches in it."""
    if isinstance(labels, tuple):
        return tuple(map(_apart, labels))
    return labels.apart()[0] if isinstance(labels, Forest) else labels


def _in_data(of: Forest, group: Group, labels: Any, function: Any) -> tuple[Any, ...]:
    """Labels of a group with something else for the numbers of nodes in them."""
    kind = of.kinds[group.constructor]
    obs = kind.obs(of.fixed)

    def there(numbers: Any, live: Any) -> Any:
        numbers = on_host(numbers)
        return function(numbers) if live is None else _where(live, function, numbers)

    return tuple(
        replaced(obs[i], x, of.fixed, of.fixed, there) if i in kind.nested else x
        for i, x in zip(kind.labels, labels, strict=True)
    )


def _where(live: Any, function: Any, numbers: Any) -> Any:
    """A function of the numbers that count; zeros for the others."""
    some = function(numbers[live])
    found = np.zeros((len(live), *some.shape[1:]), np.int64)
    found[live] = some
    return found


class _Occurrences:
    """How often nodes of a forest are met on the way down, group by group."""

    def __init__(self, of: Forest) -> None:
        self.starts = np.asarray([g.start for g in of.groups])
        self.met: list[list[Index]] = [[] for _ in of.groups]
        self.counts = [0] * len(of.groups)

    def seen(self, nodes: Index) -> Index:
        """Meet nodes: for each a row of the number of its group, and its number among those met there."""
        groups = np.searchsorted(self.starts, nodes, side="right") - 1
        places = np.empty_like(groups)
        for number in np.unique(groups).tolist():
            here = np.flatnonzero(groups == number)
            places[here] = self.counts[number] + np.arange(len(here))
            self.met[number].append(nodes[here])
            self.counts[number] += len(here)
        if sum(self.counts) > MOST:
            raise TooLarge(
                f"Trees were to be taken apart whose branches are shared, and they have more than {MOST} nodes then. "
                "Give smaller trees; a gradient of parameters alone, of a fold, needs none taken apart."
            )
        return np.stack([groups, places], axis=-1)

    def nodes(self, number: int) -> Index:
        """All nodes of a group as they were met."""
        return np.concatenate(self.met[number]) if self.met[number] else np.zeros(0, np.int64)


def _numbers(branch: Any) -> Index:
    """The nodes at a branch, one by one."""
    return np.arange(branch.start, branch.stop) if isinstance(branch, slice) else on_host(branch)
