"""The states that a coalgebra leads to, unfolded breadth first on arrays (THEORY T3.4).

A coalgebra ``c : S → F S`` is asked about all new states of a round at once.  States are rows of integers; one that was
met before is recognised, so each is asked once, by a table where their bounds are known (``FinSet(n)``) and by sorted
runs elsewhere.  The graph of states becomes a forest, each state one node, and its folds are the coalgebra-to-algebra
morphisms out of c: dynamic programming is a fold.  A state that leads back to itself is reported with the states on the
way.

>>> from catcore.arrows import generator
>>> from catcore.functors import Id
>>> from catcore.objects import FinSet, R
>>> S, F = FinSet(31), R() + Id * Id
>>> def split(n):  # n ↦ n itself below 2, and n − 1, n − 2 above
...     below = np.maximum(n - 1, 0), np.maximum(n - 2, 0)
...     return n >= 2, n.astype(float), below
>>> batch = forest_of_states(split, np.asarray([30, 10]), S, F)
>>> batch
Forest(μX. ℝ + X × X: 2 trees, 31 nodes, 30 levels)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore.categories.finite_sets import Injected
from catcore.datatypes.monomials import Template, unnested
from catcore.errors import NotInterpreted, NotRecursive, ShapeMismatch, TooLarge
from catcore.functors import Functor
from catcore.objects import Coproduct, FinSet, Mu, Ob, One, Product, R
from catcore_backends.batches import arrays, mapped, picked
from catcore_backends.forests import Forest, forest_from_tables
from catcore_backends.linking import Code
from catcore_backends.ordering import Stuck

Rows = NDArray[np.int64]

#: States whose bounds allow at most so many are recognised by a table.
MAX_TABLE = 100_000_000
#: No more states than this are unfolded.
MAX_STATES = 200_000_000


def forest_of_states(
    coalgebra: Callable[[Any], Any], starts: Any, states: Ob, functor: Functor, *, most: int = MAX_STATES
) -> Forest:
    """The forest of the states reached from some, each one node; its roots are the given states.

    Args:
        coalgebra: the rule ``S → F S`` on batches, as :func:`catcore_backends.compile_arrow` makes one.
        starts: a batch of states.
        states: the object S, made of finite sets, integer tensors and 1 by products and sums.
        functor: the functor F, a polynomial.
        most: how many states may be reached.

    Raises:
        NotRecursive: when a state leads back to itself, with the states on the way.
        ShapeMismatch: when the rule does not give one layer for each state, or leaves the set of states.
        TooLarge: when more states are reached than allowed.
        NotInterpreted: when states hold something else than integers, or the functor is no polynomial.
    """
    columns = Columns(states)
    roots = columns.rows(starts, "the start")
    start = roots if len(roots) else np.zeros((1, roots.shape[1]), np.int64)  # some state says what layers look like
    graph = _unfolded(coalgebra, start, columns, functor, most)
    graph.roots = graph.roots[: len(roots)]
    fixed = Mu(functor.body)
    try:
        return forest_from_tables(fixed, graph.names, graph.branches, graph.labels, graph.roots)
    except Stuck as stuck:
        way = _cycle(graph, stuck.nodes)
        raise NotRecursive(_sentence([columns.shown(graph.rows[i]) for i in way])) from None


@dataclass(frozen=True)
class Unfolding:
    """A compiled coalgebra: from a batch of states to the forest of the states they lead to.

    Args:
        code: the coalgebra as a program.
        states: the object of states.
        functor: the functor of the coalgebra.
    """

    code: Code
    states: Ob
    functor: Functor

    def __call__(self, xp: Any, starts: Any, batch: int) -> Forest:
        """The forest over one array namespace; its states are kept by NumPy."""
        program = self.code.linked(xp)

        def coalgebra(found: Any) -> Any:
            return program(mapped(xp.asarray, found), batch)

        return forest_of_states(coalgebra, mapped(np.asarray, starts), self.states, self.functor)


class Columns:
    """States as rows of integers.

    Args:
        ob: the object of states.
    """

    def __init__(self, ob: Ob) -> None:
        self.ob = ob
        self.bounds = list(_bounds(ob))

    @property
    def size(self) -> int | None:
        """How many rows there are, where all entries are bounded."""
        known = [b for b in self.bounds if b is not None]
        return math.prod(known) if len(known) == len(self.bounds) else None

    def rows(self, batch: Any, where: str) -> Rows:
        """A batch of states as rows, the dead entries 0.

        Raises:
            ShapeMismatch: when it is no batch of states.
        """
        try:
            found = list(_columns(self.ob, batch, None))
        except ShapeMismatch:
            raise
        except (TypeError, ValueError, IndexError):
            raise ShapeMismatch(
                f"A batch of states in {self.ob} was expected at {where}, and {_kind(batch)} was found. Give integer "
                "arrays, one row a state, grouped as the object is."
            ) from None
        rows: Rows = np.stack(found, axis=1) if found else np.zeros((_count(batch), 0), np.int64)
        for i, bound in enumerate(self.bounds):
            wrong = np.flatnonzero((rows[:, i] < 0) | (rows[:, i] >= bound)).tolist() if bound is not None else []
            if wrong:
                raise ShapeMismatch(
                    f"States in {self.ob} were expected at {where}, and entry {i} of {self.shown(rows[wrong[0]])} is "
                    f"none of the {bound} numbers 0, 1, … below it. A coalgebra must stay inside its set of states."
                )
        return rows

    def batch(self, rows: Rows) -> Any:
        """Rows as the batch of states that they are."""
        return _batch(self.ob, iter(rows.T), len(rows))

    def shown(self, row: Any) -> str:
        """One state as it is printed."""
        return str(row[0]) if len(row) == 1 else f"({', '.join(map(str, row))})"


class _Graph:
    """The states met so far, and what the coalgebra gave for them."""

    def __init__(self, functor: Functor, columns: Columns) -> None:
        self.kinds = unnested(functor)
        self.columns = columns
        self.seen = recognised(columns)
        self.rows: Any = []
        self.names: Any = []
        self.branches: Any = [[[] for _ in kind.branches] for kind in self.kinds]
        self.labels: Any = [[[] for _ in kind.labels] for kind in self.kinds]
        self.roots: Any = None

    def add(self, layers: Any, count: int) -> Iterator[tuple[list[Any], Rows]]:
        """Take in the layers of a round of states; gives where numbers are to be put, with the states there."""
        names = np.full(count, -1, np.int64)
        for c, kind in enumerate(self.kinds):
            mask, places = _read(kind.template, layers, np.ones(count, np.bool_))
            here = np.flatnonzero(mask)
            names[here] = c
            for into, i in zip(self.labels[c], kind.labels, strict=True):
                into.append(picked(places[i], here))
            for into, i in zip(self.branches[c], kind.branches, strict=True):
                yield into, self.columns.rows(picked(places[i], here), "a branch")
        self.names.append(names)

    def finish(self) -> None:
        """Join the rounds."""
        self.rows, self.names = np.concatenate(self.rows), np.concatenate(self.names)
        self.branches = [[np.concatenate(b) for b in bs] for bs in self.branches]
        self.labels = [[_joined(x) for x in xs] for xs in self.labels]


def _unfolded(coalgebra: Callable[[Any], Any], roots: Rows, columns: Columns, functor: Functor, most: int) -> _Graph:
    graph = _Graph(functor, columns)
    graph.roots, fresh = graph.seen.numbers(roots)
    while True:
        graph.rows.append(fresh)
        if graph.seen.count > most:
            raise TooLarge(
                f"The states that a coalgebra leads to were asked for, and there are more than {most}, such as "
                f"{columns.shown(fresh[-1])}. Bound the states, or say most= to allow more."
            )
        layers = mapped(np.asarray, _plain(coalgebra(columns.batch(fresh))))
        _check_layers(layers, len(fresh), functor)
        below = list(graph.add(layers, len(fresh)))
        if not sum(len(rows) for _, rows in below):
            for into, rows in below:
                into.append(np.zeros(len(rows), np.int64))
            break
        numbers, fresh = graph.seen.numbers(np.concatenate([rows for _, rows in below]))
        cuts = np.cumsum([len(rows) for _, rows in below])[:-1]
        for (into, _), found in zip(below, np.split(numbers, cuts), strict=True):
            into.append(found)
        if not len(fresh):
            break
    graph.finish()
    return graph


# ---- recognising states ------------------------------------------------------------------------------------------


def recognised(columns: Columns) -> _Table | _Runs:
    """What gives states their numbers, in the order in which they are met."""
    return _Table(columns) if (columns.size or MAX_TABLE) < MAX_TABLE else _Runs()


class _Table:
    """Numbers of states by a table with a place for each possible state."""

    def __init__(self, columns: Columns) -> None:
        self.bounds = [b for b in columns.bounds if b is not None]
        self.places = np.full(columns.size or 1, -1, np.int64)
        self.count = 0

    def numbers(self, rows: Rows) -> tuple[Rows, Rows]:
        """The numbers of some states, and those that are new, once each."""
        codes = np.zeros(len(rows), np.int64)
        for column, bound in zip(rows.T, self.bounds, strict=True):
            codes = codes * bound + column
        new = codes[self.places[codes] < 0]
        self.places[new] = np.arange(len(new))  # one of the equal ones wins
        new = new[self.places[new] == np.arange(len(new))]
        self.places[new] = self.count + np.arange(len(new))
        self.count += len(new)
        return self.places[codes], _decoded(new, self.bounds)


def _decoded(codes: Rows, bounds: list[int]) -> Rows:
    columns = []
    for bound in reversed(bounds):
        codes, column = np.divmod(codes, bound)
        columns.append(column)
    return np.stack(columns[::-1], axis=1) if columns else np.zeros((len(codes), 0), np.int64)


class _Runs:
    """Numbers of states by sorted runs, whose lengths double: a new state is moved a logarithmic number of times."""

    def __init__(self) -> None:
        self.runs: list[tuple[Any, Rows]] = []
        self.count = 0

    def numbers(self, rows: Rows) -> tuple[Rows, Rows]:
        """The numbers of some states, and those that are new, once each."""
        distinct, back = np.unique(_keys(rows), return_inverse=True)
        found = np.full(len(distinct), -1, np.int64)
        for keys, numbers in self.runs:
            at = np.minimum(np.searchsorted(keys, distinct), len(keys) - 1)
            found = np.where(keys[at] == distinct, numbers[at], found)
        new = np.flatnonzero(found < 0)
        found[new] = self.count + np.arange(len(new))
        self.count += len(new)
        self._remember(distinct[new], found[new])
        return found[back.reshape(-1)], _unkeyed(distinct[new], rows.shape[1])

    def _remember(self, keys: Any, numbers: Rows) -> None:
        while self.runs and len(self.runs[-1][0]) <= 2 * len(keys):
            more, others = self.runs.pop()
            keys, numbers = np.concatenate([more, keys]), np.concatenate([others, numbers])
            order = np.argsort(keys, kind="stable")
            keys, numbers = keys[order], numbers[order]
        if len(keys):
            self.runs.append((keys, numbers))


def _keys(rows: Rows) -> Any:
    """Rows as values that NumPy sorts: numbers where a row has one entry, records elsewhere."""
    if rows.shape[1] == 1:
        return rows[:, 0]
    fields = [(f"f{i}", np.int64) for i in range(max(rows.shape[1], 1))]
    full = rows if rows.shape[1] else np.zeros((len(rows), 1), np.int64)
    return np.ascontiguousarray(full).view(fields)[:, 0]


def _unkeyed(keys: Any, width: int) -> Rows:
    if width == 1:
        return np.asarray(keys)[:, None]
    return np.ascontiguousarray(keys).view(np.int64).reshape(len(keys), max(width, 1))[:, :width]


# ---- batches and columns -----------------------------------------------------------------------------------------


def _bounds(ob: Ob) -> Iterator[int | None]:
    """For each entry of a state its bound, or None where it is any integer."""
    match ob:
        case Product():
            yield from _bounds(ob.left)
            yield from _bounds(ob.right)
        case Coproduct():
            yield 2
            yield from _bounds(ob.left)
            yield from _bounds(ob.right)
        case FinSet():
            yield ob.size
        case R():
            yield from [None] * math.prod(ob.shape)
        case _ if ob is not One:
            raise NotInterpreted(
                f"States in {ob} were to be unfolded on arrays, and they must be integers: make S of FinSet(n), R(…) "
                "with integer entries, 1, products and sums."
            )


def _columns(ob: Ob, batch: Any, live: Any) -> Iterator[Rows]:
    match ob:
        case Product():
            left, right = batch
            yield from _columns(ob.left, left, live)
            yield from _columns(ob.right, right, live)
        case Coproduct():
            tag, left, right = batch
            flags = np.asarray(tag) != 0
            live = np.ones(len(flags), np.bool_) if live is None else live
            yield np.where(live, flags, 0).astype(np.int64)
            yield from _columns(ob.left, left, live & ~flags)
            yield from _columns(ob.right, right, live & flags)
        case FinSet() | R():
            array = np.asarray(batch)
            if array.size and array.dtype.kind not in "iub":
                raise ShapeMismatch(
                    f"States are rows of integers, and an array of {array.dtype} was given for {ob}. Convert it to an "
                    "integer dtype."
                )
            shape = ob.shape if isinstance(ob, R) else ()
            flat = array.astype(np.int64, copy=False).reshape(len(array), math.prod(shape))
            yield from (flat[:, i] if live is None else np.where(live, flat[:, i], 0) for i in range(flat.shape[1]))


def _batch(ob: Ob, columns: Iterator[Rows], count: int) -> Any:
    match ob:
        case Product():
            return _batch(ob.left, columns, count), _batch(ob.right, columns, count)
        case Coproduct():
            return next(columns), _batch(ob.left, columns, count), _batch(ob.right, columns, count)
        case R():
            flat = [next(columns) for _ in range(math.prod(ob.shape))]
            return np.stack(flat, axis=1).reshape(count, *ob.shape) if flat else np.zeros((count, *ob.shape), np.int64)
        case FinSet():
            return np.ascontiguousarray(next(columns))
    return ()


def _count(batch: Any) -> int:
    return next((len(x) for x in arrays(batch)), 1)


def _kind(batch: Any) -> str:
    if isinstance(batch, tuple | list):
        return f"a group of {len(batch)}"
    shape = getattr(batch, "shape", None)
    return type(batch).__name__ if shape is None else f"an array of shape {tuple(shape)}"


def _plain(batch: Any) -> Any:
    """Groups as tuples."""
    return tuple(map(_plain, batch)) if isinstance(batch, tuple | list) else batch


def _read(template: Template, batch: Any, mask: Any) -> tuple[Any, list[Any]]:
    """The rows that a constructor made, and the batches at its places."""
    match template:
        case Ob():
            return mask, [batch]
        case Injected():
            right = template.side == "inr"
            return _read(template.value, batch[1 + right], mask & ((batch[0] != 0) == right))
        case ():
            return mask, []
        case tuple():
            parts = [_read(part, value, mask) for part, value in zip(template, batch, strict=True)]
            both = parts[0][0]
            for found, _ in parts[1:]:
                both = both & found
            return both, [place for _, places in parts for place in places]
    raise NotInterpreted("A layer with a function in it was to be unfolded on arrays. Write X^2 as X × X.")


def _check_layers(layers: Any, count: int, functor: Functor) -> None:
    wrong = next((x for x in arrays(layers) if x.ndim == 0 or len(x) != count), None)
    if wrong is not None:
        raise ShapeMismatch(
            f"A coalgebra was asked about {count} states, and gave an array of shape {wrong.shape}. Give a batch of "
            f"layers {functor}, one for each state, in every array."
        )


def _joined(parts: list[Any]) -> Any:
    if isinstance(parts[0], tuple):
        return tuple(_joined([part[i] for part in parts]) for i in range(len(parts[0])))
    return np.concatenate(parts)


# ---- cycles ------------------------------------------------------------------------------------------------------


def _cycle(graph: _Graph, stuck: Rows) -> list[int]:
    """The states on a way from one back to itself, among those that no order can hold."""
    place = np.zeros(len(graph.names), np.int64)  # which of its constructor's states a state is
    for c in range(len(graph.kinds)):
        mine = np.flatnonzero(graph.names == c)
        place[mine] = np.arange(len(mine))
    return repeating(stuck, lambda s: (int(b[place[s]]) for b in graph.branches[graph.names[s]]))


def repeating(stuck: Rows, below: Callable[[int], Iterable[int]]) -> list[int]:
    """A way from a state back to itself, among states each of which leads to another of them."""
    waiting = set(stuck.tolist())
    state, order = int(stuck[0]), dict[int, int]()
    while state not in order:
        order[state] = len(order)
        state = next(child for child in below(state) if child in waiting)
    return [*list(order)[order[state] :], state]


def _sentence(way: list[str]) -> str:
    steps = " → ".join(way if len(way) <= 12 else [*way[:6], "…", *way[-5:]])
    return (
        f"States were to be unfolded, and the coalgebra is not recursive: {steps} leads back to itself. Add what "
        "decreases to the state, such as the number of steps left."
    )
