"""States that stand in data, such as the lists of successors in a recursion over rose trees (THEORY T2.2, T3.4).

A coalgebra ``S → A × List S`` gives each state a list, a forest of its own, whose labels are states.  Here such data is
read round by round: every state in it gets its number, and the data is kept as one flat table, in which each node knows
whose tree it stands in.  So the data of some states is cut out of the table of all, and what is cut out for all groups
of states together costs as much as the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from catcore.datatypes.monomials import Monomial, monomials
from catcore.errors import NotInterpreted, ShapeMismatch
from catcore.functors import Functor
from catcore.objects import Coproduct, Exponential, Mu, Ob, Product, parts, substitute
from catcore_backends.batches import picked
from catcore_backends.recursion.forests import Forest, Index, Numbered, forest_in_order
from catcore_backends.recursion.nested import table_of
from catcore_backends.recursion.ordering import ranges


@dataclass(frozen=True)
class Places:
    """Numbers of states at the places of data, −1 where none counts; looked at once all states have their numbers.

    Args:
        chunks: arrays of numbers, in the order in which states were met.
        nodes: where these states stand among the nodes of their forest.
    """

    chunks: tuple[Index, ...]
    nodes: Numbered

    @cached_property
    def _entries(self) -> Index:
        return np.concatenate(self.chunks)

    def __getitem__(self, rows: Any) -> Index:
        found: Index = self._entries[rows]
        return np.where(found < 0, 0, self.nodes.place[found])


@dataclass(frozen=True)
class Table:
    """A batch of data as one flat table of nodes; its rows are forests.

    Args:
        fixed: the type of the data.
        names: for each node its constructor.
        heights: for each node its height.
        branches: for each constructor and each of its branches the nodes there.
        labels: for each constructor and each of its labels a batch.
        roots: for each row its node.
        owner: for each node the row whose tree it stands in.
    """

    fixed: Mu
    names: Index
    heights: Index
    branches: tuple[tuple[Index, ...], ...]
    labels: tuple[tuple[Any, ...], ...]
    roots: Index
    owner: Index

    def __len__(self) -> int:
        return len(self.roots)

    @cached_property
    def _by_owner(self) -> tuple[Index, Index]:
        """The nodes by the rows that they belong to, and where each row begins among them."""
        order = np.argsort(self.owner, kind="stable")
        return order, np.searchsorted(self.owner[order], np.arange(len(self) + 1))

    @cached_property
    def _row(self) -> Index:
        """For each node, which of the nodes of its constructor it is."""
        found = np.empty_like(self.names)
        for c in range(len(self.branches)):
            mine = np.flatnonzero(self.names == c)
            found[mine] = np.arange(len(mine))
        return found

    def __getitem__(self, rows: Any) -> Forest:
        order, first = self._by_owner
        nodes = order[ranges(first[rows], first[rows + 1])]
        number = np.empty(len(self.names), np.int64)
        number[nodes] = np.arange(len(nodes))
        names, branches, labels = self.names[nodes], [], []
        for c, (bs, xs) in enumerate(zip(self.branches, self.labels, strict=True)):
            mine = self._row[nodes[names == c]]
            branches.append([number[b[mine]] for b in bs])
            labels.append(tuple(picked(x, mine) if len(mine) else () for x in xs))
        return forest_in_order(self.fixed, names, self.heights[nodes], branches, labels, number[self.roots[rows]])


@dataclass(frozen=True)
class Met:
    """States met in data.

    Args:
        into: where their numbers are to be written …
        at: … in which rows.
        states: the batch of states in these rows.
        owners: the numbers of the states that lead to them.
    """

    into: Index
    at: Index
    states: Any
    owners: Index


class Reader:
    """Data with states in it, read round by round.

    Args:
        fixed: the type that stands for states …
        states: … and their object.
        nodes: where states stand once all are known.
    """

    def __init__(self, fixed: Mu, states: Ob, nodes: Numbered) -> None:
        self.fixed, self.states, self.nodes = fixed, states, nodes
        self.met: list[Met] = []

    def taken(self) -> list[Met]:
        """What was met since this was asked last."""
        found, self.met = self.met, []
        return found

    def read(self, ob: Ob, batch: Any, owners: Index, live: Any = None) -> Any:
        """A batch with tables for data and numbers for states.

        Args:
            ob: its object, with the type of nodes where states stand.
            batch: the batch.
            owners: for each row the number of the state that led to it.
            live: which rows count, all of them when left out.
        """
        if ob is self.fixed:
            at = np.arange(len(owners)) if live is None else np.flatnonzero(live)
            numbers = np.full(len(owners), -1, np.int64)
            self.met.append(Met(numbers, at, picked(batch, at), owners[at]))
            return Places((numbers,), self.nodes)
        match ob:
            case Product():
                return self.read(ob.left, batch[0], owners, live), self.read(ob.right, batch[1], owners, live)
            case Coproduct():
                tag, left, right = batch
                rows = np.asarray(tag) != 0
                sides = (~rows, rows) if live is None else (live & ~rows, live & rows)
                return tag, self.read(ob.left, left, owners, sides[0]), self.read(ob.right, right, owners, sides[1])
            case Exponential() if any(isinstance(part, Mu) for part in parts({ob})):
                return self.read(table_of(ob), batch, owners, live)
            case Mu():
                if live is not None:
                    raise NotInterpreted(
                        f"States were to be unfolded, and {ob} stands in a sum inside other data. Give the sum as a "
                        "constructor of its own."
                    )
                return self._table(ob, batch, owners)
        return batch

    def _table(self, ob: Mu, batch: Any, owners: Index) -> Table:
        kinds = monomials(Functor(1, ob.body))
        if any(kind.nested for kind in kinds):
            shown = substitute(ob, {self.fixed: self.states})
            raise NotInterpreted(
                f"States were to be unfolded that stand in {shown}, and the branches of this stand in data of their "
                "own. Give the recursion a functor with one type around its states, such as lists."
            )
        trees = _apart(substitute(ob, {self.fixed: self.states}), batch, len(owners), kinds)
        row, alive = _owners(trees)
        number = np.cumsum(alive) - 1
        names = np.concatenate([np.full(g.stop - g.start, g.constructor, np.int64) for g in trees.groups])
        branches, labels = [], []
        for c, kind in enumerate(kinds):
            groups = [(g, np.flatnonzero(alive[g.start : g.stop])) for g in trees.groups if g.constructor == c]
            below = ([_numbers(g.branches[i])[here] for g, here in groups] for i in range(len(kind.branches)))
            branches.append(tuple(number[np.concatenate([np.zeros(0, np.int64), *b])] for b in below))
            obs = (kind.obs(ob)[i] for i in kind.labels)
            labels.append(tuple(
                joined([self.read(part, picked(g.labels[i], here), owners[row[g.start + here]]) for g, here in groups])
                for i, part in enumerate(obs)
            ))  # fmt: skip
        heights = _heights(trees)[alive]
        return Table(ob, names[alive], heights, tuple(branches), tuple(labels), number[trees.roots], row[alive])


def joined(batches: Sequence[Any]) -> Any:
    """Batches one after the other; those of a constructor that made nothing are empty."""
    some = [x for x in batches if not (isinstance(x, tuple) and not x)]
    if not some:
        return ()
    first = some[0]
    if isinstance(first, tuple):
        return tuple(joined([x[i] for x in some]) for i in range(len(first)))
    if isinstance(first, Places):
        return Places(tuple(chunk for x in some for chunk in x.chunks), first.nodes)
    if isinstance(first, Table):
        return _joined_tables(some)
    return np.concatenate(some)


def _joined_tables(tables: Sequence[Table]) -> Table:
    nodes = np.cumsum([0, *(len(t.names) for t in tables)])
    rows = np.cumsum([0, *(len(t) for t in tables)])
    first = tables[0]
    branches = tuple(
        tuple(
            np.concatenate([t.branches[c][i] + n for t, n in zip(tables, nodes, strict=False)]) for i in range(len(bs))
        )
        for c, bs in enumerate(first.branches)
    )
    labels = tuple(
        tuple(joined([t.labels[c][i] for t in tables]) for i in range(len(xs))) for c, xs in enumerate(first.labels)
    )
    return Table(
        first.fixed,
        np.concatenate([t.names for t in tables]),
        np.concatenate([t.heights for t in tables]),
        branches,
        labels,
        np.concatenate([t.roots + n for t, n in zip(tables, nodes, strict=False)]),
        np.concatenate([t.owner + r for t, r in zip(tables, rows, strict=False)]),
    )


def _apart(ob: Ob, batch: Any, count: int, kinds: Sequence[Monomial]) -> Forest:
    """The data that a coalgebra gave, every node of it in one tree.

    Raises:
        ShapeMismatch: when it is no batch of so many elements.
    """
    if not isinstance(batch, Forest) or len(batch.roots) != count or not _alike(kinds, batch.kinds):
        found = f"{len(batch.roots)} elements of {batch.fixed}" if isinstance(batch, Forest) else type(batch).__name__
        raise ShapeMismatch(
            f"A coalgebra was asked for {count} elements of {ob}, and {found} was given. Make them with "
            "catcore_backends.recursion.forests, as forest_of_lists does of a padded array."
        )
    return batch.apart()[0]


def _alike(kinds: Sequence[Monomial], others: Sequence[Monomial]) -> bool:
    """Whether constructors have as many places of each sort."""
    return [(k.branches, k.labels) for k in kinds] == [(k.branches, k.labels) for k in others]


def _owners(trees: Forest) -> tuple[Index, Any]:
    """For each node the row whose tree it stands in, and whether there is one."""
    row = np.full(trees.size, -1, np.int64)
    row[trees.roots] = np.arange(len(trees.roots))
    for g in reversed(trees.groups):
        for branch in g.branches:
            row[branch] = np.maximum(row[branch], row[g.start : g.stop])
    return row, row >= 0


def _heights(trees: Forest) -> Index:
    found = np.ones(trees.size, np.int64)
    for g in trees.groups:
        for branch in g.branches:
            found[g.start : g.stop] = np.maximum(found[g.start : g.stop], found[branch] + 1)
    return found


def _numbers(branch: Index | slice) -> Index:
    """The nodes at a branch, one by one."""
    return np.arange(branch.start, branch.stop) if isinstance(branch, slice) else branch
