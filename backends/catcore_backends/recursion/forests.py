"""Batches of elements of a least fixed point as arrays: node tables sorted by height (DESIGN: running).

Every element of ``μF``, for any polynomial functor F, is a finite tree; a batch of them is a forest, with shared
branches kept once.  Its nodes are numbered by height first and by constructor second, so the nodes of one constructor
and height are a *group*: a stretch of numbers, an array for each label, and for each branch the numbers of lower nodes.
A forest is made once and folded often.

>>> from catcore.datatypes import datatype
>>> from catcore.functors import Id
>>> from catcore.objects import R
>>> trees = datatype(R() + Id * Id, "Leaf", "Node")
>>> batch = forest([trees.read("Node(Leaf(1), Leaf(2))"), trees.read("Leaf(3)")])
>>> batch
Forest(μX. ℝ + X × X: 2 trees, 4 nodes, 2 levels)
>>> [(g.constructor, g.start, g.stop) for g in batch.groups], batch.roots.tolist()
([(0, 0, 3), (1, 3, 4)], [3, 2])
"""

from __future__ import annotations

import functools as ft
import itertools as it
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore.datatypes.data import Data, children, postorder
from catcore.datatypes.monomials import Monomial, constructor, monomials, unnested
from catcore.errors import IllTyped, ShapeMismatch, WrongDtype
from catcore.functors import Functor
from catcore.objects import Mu, Ob
from catcore_backends.batches import arrays, batched, mapped, picked, rows_at
from catcore_backends.compiler.operations import is_cupy
from catcore_backends.elements import one_of, outside, places_in, reached
from catcore_backends.libraries.conversion import NO_NUMBERS, moved, on_host
from catcore_backends.libraries.cuda.devices import here
from catcore_backends.libraries.cuda.transfers import together
from catcore_backends.libraries.failures import settled
from catcore_backends.recursion.ordering import heights_of, ordered

Index = NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """The nodes of one constructor and height.

    Args:
        constructor: its number among the monomials of the functor.
        start: the number of the first node.
        stop: one more than the number of the last.
        branches: for each branch of the constructor, the numbers of the nodes that stand there.
        labels: for each label of the constructor, a batch of elements, one a node, as compiled arrows take them.
    """

    constructor: int
    start: int
    stop: int
    branches: tuple[Index | slice, ...]
    labels: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Forest:
    """A batch of elements of ``μF``; made by :func:`forest`, :func:`forest_of_lists` or :func:`forest_from_tables`.

    Args:
        fixed: the least fixed point.
        groups: the nodes, lowest first.
        roots: for each element of the batch, the number of its node.
        size: the number of nodes.
        levels: the number of heights.
        states: for a forest of states, what gives the batch of them, node by node.
        beside: for a forest of states, the dtype of the reals that it was made from.
    """

    fixed: Mu
    groups: tuple[Group, ...]
    roots: Index
    size: int
    levels: int
    states: Callable[[], Any] | None = field(default=None, repr=False)
    beside: Any = field(default=None, repr=False)
    _moved: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def shape(self) -> tuple[int]:
        """The extent of the batch."""
        return (int(self.roots.shape[0]),)

    @cached_property
    def kinds(self) -> tuple[Monomial, ...]:
        """The constructors."""
        return monomials(Functor(1, self.fixed.body))

    @cached_property
    def dtype(self) -> Any:
        """The widest dtype of labels that are reals, else of what the forest was made from; None without either."""
        found = {x.dtype for g in self.groups for x in arrays(g.labels)}
        reals = [d for d in found if "float" in str(d) or "complex" in str(d)]
        return max(reals, key=_bits, default=self.beside)

    def over(self, xp: Any) -> Forest:
        """The same forest with its arrays in another array namespace; remembered.

        To a GPU the arrays of one kind are moved at once, since each transfer takes long to start.
        """
        key, moved_to = here(xp), on_host if xp is np else ft.partial(moved, xp)
        if key not in self._moved:
            self._refuse_unnumbered()
            self._moved[key] = self._over(xp, together(xp, self._own()) if is_cupy(xp) else moved_to)
        found: Forest = self._moved[key]
        return found

    def _refuse_unnumbered(self) -> None:
        for x in self._own():
            if getattr(x.dtype, "kind", "?") in NO_NUMBERS:
                raise WrongDtype(
                    f"Labels of trees in {self.fixed} are arrays of numbers, and one of dtype {x.dtype} was given. "
                    "Convert it first, as x.astype(float) does."
                )

    def _over(self, xp: Any, moved_to: Callable[[Any], Any]) -> Forest:
        groups = tuple(
            Group(
                g.constructor,
                g.start,
                g.stop,
                tuple(b if isinstance(b, slice) else moved_to(b) for b in g.branches),
                mapped(lambda x: x.over(xp) if isinstance(x, Forest) else moved_to(x), g.labels),
            )
            for g in self.groups
        )
        return self._with(groups=groups, roots=moved_to(self.roots))

    def _with(self, **parts: Any) -> Forest:
        """The same forest with other parts, of which nothing is remembered yet."""
        return replace(self, states=None, _moved={}, **parts)

    def _own(self) -> Iterator[Any]:
        """The arrays of the node table, without those of the data that labels are."""
        for group in self.groups:
            yield from (x for x in (*group.branches, *arrays(group.labels)) if not isinstance(x, slice | Forest))
        yield self.roots

    def block_until_ready(self) -> None:
        """Wait for its arrays, as one waits for an array of JAX."""
        settled(tuple(x for group in self.groups for x in arrays(group.labels)))

    def cut(self, stretches: Callable[[int], Iterable[tuple[int, int]]]) -> Forest:
        """The same forest with its groups cut into stretches, by a function of their numbers of nodes; remembered."""
        if stretches not in self._moved:
            groups = tuple(part for g in self.groups for part in (_cut(g, stretches) if _divisible(g) else (g,)))
            self._moved[stretches] = self._with(groups=groups)
        found: Forest = self._moved[stretches]
        return found

    def numbered(self) -> Forest:
        """The same forest with the numbers of nodes in place of stretches of them; remembered."""
        if "numbered" not in self._moved:

            def numbers(branch: Index | slice) -> Index:
                return np.arange(branch.start, branch.stop) if isinstance(branch, slice) else branch

            groups = (replace(g, branches=tuple(map(numbers, g.branches))) for g in self.groups)
            self._moved["numbered"] = self._with(groups=tuple(groups))
        found: Forest = self._moved["numbered"]
        return found

    def typed(self, dtype: str) -> Forest:
        """The same forest with its real labels in another dtype, given by its name; remembered."""
        if dtype not in self._moved:

            def cast(x: Any) -> Any:
                if isinstance(x, Forest):
                    return x.typed(dtype)
                return x.astype(dtype, copy=False) if "float" in str(x.dtype) else x

            groups = tuple(
                Group(g.constructor, g.start, g.stop, g.branches, mapped(cast, g.labels)) for g in self.groups
            )
            self._moved[dtype] = self._with(groups=groups, beside=None)
        found: Forest = self._moved[dtype]
        return found

    def apart(self) -> tuple[Forest, Index | None]:
        """The same trees without shared branches, and which node each node was; remembered.

        The second part is None where nothing is shared.

        Raises:
            TooLarge: when there are too many nodes then.
        """
        if "apart" not in self._moved:
            from catcore_backends.recursion.occurrences import unshared  # it takes forests apart itself

            self._moved["apart"] = unshared(self)
        found: tuple[Forest, Index | None] = self._moved["apart"]
        return found

    def labels_apart(self) -> Forest:
        """The same forest with the data that its branches stand in taken apart; remembered."""
        if not any(kind.nested for kind in self.kinds):
            return self
        if "labels apart" not in self._moved:

            def part(x: Any) -> Any:
                return x.apart()[0] if isinstance(x, Forest) else x

            groups = (Group(g.constructor, g.start, g.stop, g.branches, mapped(part, g.labels)) for g in self.groups)
            self._moved["labels apart"] = self._with(groups=tuple(groups))
        found: Forest = self._moved["labels apart"]
        return found

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: the forest, without what is remembered of it."""
        return {name: {} if name == "_moved" else getattr(self, name) for name in self.__dataclass_fields__}

    def __getitem__(self, rows: Any) -> Forest:
        """The forest with some of the elements of the batch."""
        return self._with(roots=rows_at(self.roots, rows))

    def __repr__(self) -> str:
        return f"Forest({self.fixed}: {self.shape[0]} trees, {self.size} nodes, {self.levels} levels)"


def _bits(dtype: Any) -> int:
    """How many bits a number of a dtype has, by its name."""
    return int("".join(c for c in str(dtype) if c.isdigit()))


def _divisible(group: Group) -> bool:
    """Whether the labels of a group are arrays."""
    return not any(isinstance(x, Forest) for x in arrays(group.labels))


def _cut(group: Group, stretches: Callable[[int], Iterable[tuple[int, int]]]) -> Iterator[Group]:
    """A group as a group for each stretch of its nodes."""
    for start, stop in stretches(group.stop - group.start):
        below = (
            slice(b.start + start, b.start + stop) if isinstance(b, slice) else b[start:stop] for b in group.branches
        )
        labels = picked(group.labels, slice(start, stop))
        yield Group(group.constructor, group.start + start, group.start + stop, tuple(below), labels)


def forest(values: Sequence[Data]) -> Forest:
    """The forest of a batch of elements of one type; equal branches that are one Python object are kept once.

    Raises:
        IllTyped: when the batch is empty, or its elements differ in type.
    """
    if not len(values) or len({v.of for v in values}) != 1:
        raise IllTyped(
            f"A forest is made of elements of one data type, and {len(values)} elements of "
            f"{len({v.of for v in values})} types were given."
        )
    return _forest(values, {})


def _forest(values: Sequence[Data], outer: Mapping[Ob, Numbered]) -> Forest:
    """The forest of a batch; branches of the types in ``outer`` have numbers already, those of the table above."""
    fixed = values[0].of
    inside = postorder(*values, below=lambda node: (d for d in children(node.layer) if d.of not in outer))
    order = [node for node in inside if node.of is fixed]
    number = {id(node): i for i, node in enumerate(order)}
    own = Numbered(number)
    kinds = monomials(Functor(1, fixed.body))
    names = np.fromiter((constructor(kinds, node.layer) for node in order), np.int64, len(order))
    rows = [kinds[c].values(node.layer) for c, node in zip(names.tolist(), order, strict=True)]
    branches, labels = [], []
    for c, kind in enumerate(kinds):
        mine = [row for row, name in zip(rows, names.tolist(), strict=True) if name == c]
        branches.append(tuple(np.array([number[id(r[i])] for r in mine], np.int64) for i in kind.branches))
        obs = kind.obs(fixed)
        labels.append(tuple(_Pending(obs[i], [r[i] for r in mine], {**outer, fixed: own}) for i in kind.labels))
    roots = np.array([number[id(v)] for v in values], np.int64)
    return forest_in_order(fixed, names, _heights_in(inside, fixed, order), branches, labels, roots, own)


def _heights_in(inside: Sequence[Data], fixed: Mu, order: Sequence[Data]) -> Index:
    """The heights of the elements of one type among elements that stand after what is in them."""
    heights: dict[int, int] = {}
    for node in inside:
        below = max((heights.get(id(d), 0) for d in children(node.layer)), default=0)
        heights[id(node)] = below + (node.of is fixed)
    return np.fromiter((heights[id(node)] for node in order), np.int64, len(order))


class Numbered:
    """The numbers of elements in the order in which they were met; ``place`` is where they stand in the table."""

    def __init__(self, number: Mapping[int, int] = MappingProxyType({})) -> None:
        self.number = number
        self.place: Index = np.zeros(0, np.int64)

    def __call__(self, elements: Sequence[Any]) -> Index:
        """Where some elements stand in the table."""
        return self.place[np.array([self.number[id(e)] for e in elements], np.int64)]


@dataclass(frozen=True)
class _Pending:
    """Labels that become a batch once the nodes have their places."""

    ob: Ob
    elements: list[Any]
    outer: Mapping[Ob, Numbered]

    def __getitem__(self, rows: Index) -> Any:
        return batched(self.ob, [self.elements[i] for i in rows.tolist()], self._data)

    def _data(self, ob: Ob, elements: Sequence[Any]) -> Any:
        return self.outer[ob](elements) if ob in self.outer else _forest(elements, self.outer)


def forest_from_tables(
    fixed: Mu,
    names: Any,
    branches: Sequence[Sequence[Any]],
    labels: Sequence[Sequence[Any]],
    roots: Any,
) -> Forest:
    """The forest with the given node table; nodes may be numbered in any order.

    Args:
        fixed: the least fixed point.
        names: for each node the number of its constructor.
        branches: for each constructor and each of its branches, the nodes there, one for each node it made, in order.
        labels: for each constructor and each of its labels, an array with one row for each node it made.
        roots: the nodes that the batch consists of.

    Raises:
        ShapeMismatch: when the arrays do not fit each other.
        IllTyped: when some node is below itself, so that the table is no forest.
    """
    named = _integers(names)
    kinds = unnested(Functor(1, fixed.body))
    ids = [np.flatnonzero(named == c) for c in range(len(kinds))]
    read = [tuple(map(_integers, bs)) for bs in branches]
    marked = [mapped(on_host, tuple(xs)) for xs in labels]
    for c, kind in enumerate(kinds):
        if c >= len(read) or len(read[c]) != len(kind.branches) or len(marked[c]) != len(kind.labels):
            raise ShapeMismatch(
                f"Constructor {c} of {fixed}, {kind}, needs {len(kind.branches)} arrays of branches and "
                f"{len(kind.labels)} of labels."
            )
        if any(len(a) != len(ids[c]) for a in (*read[c], *arrays(marked[c]))):
            raise ShapeMismatch(
                f"Constructor {c} of {fixed} made {len(ids[c])} nodes, and its arrays have other lengths."
            )
        if any(a.size and (a.min() < 0 or a.max() >= len(named)) for a in read[c]):
            raise ShapeMismatch(f"A branch of constructor {c} of {fixed} is none of the nodes 0 to {len(named) - 1}.")
        for i, label in zip(kind.labels, marked[c], strict=True):
            check_elements(fixed, kind.obs(fixed)[i], label)
    return forest_in_order(fixed, named, heights_of(ids, read, len(named)), read, marked, _integers(roots))


def _integers(numbers: Any) -> Index:
    found: Index = on_host(numbers).astype(np.int64, copy=False)
    return found


def check_elements(fixed: Mu, ob: Ob, labels: Any) -> None:
    """Refuse labels that are no elements of their finite sets.

    Raises:
        WrongDtype: when they are no integers.
        ShapeMismatch: when one is out of range.
    """
    for place in places_in(ob):
        entries = reached(labels, place.path)
        if isinstance(entries, np.ndarray) and entries.size and entries.dtype.kind not in "iub":
            raise WrongDtype(
                f"Labels in {ob} for {fixed} are elements of a set of {place.size}{place.shown(' at labels')}, and an "
                f"array of dtype {entries.dtype} was given. Give integers."
            )
    found = outside(tuple(places_in(ob)), labels)
    if found is not None:
        place, entry = found
        raise ShapeMismatch(
            f"Labels in {ob} for {fixed} are elements of a set of {place.size}{place.shown(' at labels')}, and {entry} "
            f"was given. Give numbers of elements: {one_of(place.size)}."
        )


def forest_in_order(
    fixed: Mu,
    names: Index,
    heights: Index,
    branches: Sequence[Sequence[Index]],
    labels: Sequence[Sequence[Any]],
    roots: Index,
    numbered: Numbered | None = None,
) -> Forest:
    """The forest with its nodes renumbered, group by group."""
    row = np.empty_like(names)  # which of its constructor's nodes a node is
    for c in range(len(branches)):
        mine = np.flatnonzero(names == c)
        row[mine] = np.arange(len(mine))
    order, cuts = ordered(names, heights, row, branches)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    if numbered is not None:
        numbered.place = place
    groups = []
    for start, stop in it.pairwise(cuts):
        c, rows = int(names[order[start]]), row[order[start:stop]]
        below = tuple(_stretch(place[b[rows]]) for b in branches[c])
        groups.append(Group(c, start, stop, below, picked(labels[c], rows)))
    return Forest(fixed, tuple(groups), place[roots], len(order), int(heights.max(initial=0)))


def _stretch(index: Index) -> Index | slice:
    """Consecutive numbers as a slice, which is read without a copy."""
    first = int(index[0])
    return slice(first, first + len(index)) if np.array_equal(index, np.arange(first, first + len(index))) else index


def forest_of_lists(fixed: Mu, labels: Any, lengths: Any = None) -> Forest:
    """A batch of lists, elements of ``μX. 1 + A × X``, from one padded array.

    Args:
        fixed: the type of lists.
        labels: an array of shape (batch, length, …), the items of each list from its head on; where items are pairs,
            a pair of such.
        lengths: how many items of each row count; all when left out.

    Longer lists come first in the table, so that a step of all lists reads and writes without copies.
    """
    items = mapped(on_host, labels)
    shape: tuple[int, ...] = next((a.shape for a in arrays(items)), ())
    if len(shape) < 2:
        raise ShapeMismatch(
            f"A batch of lists was asked for, and an array of shape {shape} was given. Give one of shape (batch, "
            "length, …)."
        )
    batch, width = shape[:2]
    counts = np.full(batch, width) if lengths is None else _integers(lengths)
    if counts.shape != (batch,) or ((counts < 0) | (counts > width)).any():
        raise ShapeMismatch(
            f"{batch} lists of at most {width} items were given, and their lengths have shape {counts.shape} with "
            f"entries from {counts.min(initial=0)} to {counts.max(initial=0)}. Give a number up to {width} for each."
        )
    _check_items(fixed, items, np.arange(width) < counts[:, None])
    order = np.argsort(-counts, kind="stable")
    ordered_counts = counts[order]
    heights = np.arange(1, int(counts.max(initial=0)) + 1)
    alive = batch - np.searchsorted(ordered_counts[::-1], heights)  # how many lists are as long
    starts = np.concatenate([[0, 1], 1 + np.cumsum(alive)])
    at = np.maximum(ordered_counts - heights[:, None], 0)
    tables = picked(items, (order, at))  # row h − 1 holds the items at height h, the longest list first
    groups = [Group(0, 0, 1, (), ())]
    for h, count, start in zip(heights.tolist(), alive.tolist(), starts[1:-1].tolist(), strict=True):
        below = slice(start - int(alive[h - 2]), start - int(alive[h - 2]) + count) if h > 1 else np.zeros(count, int)
        groups.append(Group(1, start, start + count, (below,), (picked(tables, (h - 1, slice(0, count))),)))
    roots = np.zeros(batch, np.int64)
    roots[order] = np.where(ordered_counts > 0, starts[ordered_counts] + np.arange(batch), 0)
    return Forest(fixed, tuple(groups), roots, int(starts[-1]), len(heights) + 1)


def _check_items(fixed: Mu, items: Any, here: Any) -> None:
    """Refuse items of lists that are no elements of their finite sets."""
    kinds = monomials(Functor(1, fixed.body))
    for kind in kinds:
        for i in kind.labels:
            check_elements(fixed, kind.obs(fixed)[i], picked(items, here))


def forest_of_answers(order: Iterable[Hashable], layers: Mapping[Any, Any], fixed: Mu, roots: Sequence[Any]) -> Forest:
    """The graph of the states that a coalgebra leads to as a forest: each state one node (THEORY T3.4).

    Args:
        order: the states, each after those it leads to.
        layers: what the coalgebra gives for each state, with states at the branches.
        fixed: ``mu(F)`` for the functor F of the coalgebra.
        roots: the states that the batch consists of.
    """
    states = list(order)
    number = {state: i for i, state in enumerate(states)}
    kinds = monomials(Functor(1, fixed.body))
    names = np.fromiter((constructor(kinds, layers[s]) for s in states), np.int64, len(states))
    rows: list[list[Any]] = [[] for _ in kinds]
    for c, state in zip(names.tolist(), states, strict=True):
        rows[c].append(kinds[c].values(layers[state]))
    branches = [[[number[r[i]] for r in mine] for i in kind.branches] for kind, mine in zip(kinds, rows, strict=True)]
    labels = [
        [batched(kind.places[i], [r[i] for r in mine]) for i in kind.labels]
        for kind, mine in zip(kinds, rows, strict=True)
    ]
    return forest_from_tables(fixed, names, branches, labels, [number[s] for s in roots])


def tabled(x: Any, fixed: Mu, where: str) -> Forest:
    """The input at a place of type ``μF`` as a forest; a sequence of elements is tabled first.

    Raises:
        ShapeMismatch: when it is neither.
    """
    if isinstance(x, Forest) and x.fixed is fixed:
        return x
    if isinstance(x, list | tuple) and x and all(isinstance(v, Data) and v.of is fixed for v in x):
        return forest(x)
    found = f"a forest of {x.fixed}" if isinstance(x, Forest) else type(x).__name__
    raise ShapeMismatch(
        f"A compiled arrow takes a forest or a list of elements of {fixed} at {where}, and {found} was given. Make one "
        "with catcore_backends.recursion.forests.forest."
    )


__all__ = ["Forest", "Group", "forest", "forest_from_tables", "forest_of_answers", "forest_of_lists", "tabled"]
