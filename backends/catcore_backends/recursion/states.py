"""The states that a coalgebra leads to, unfolded breadth first on arrays (THEORY T3.4).

A coalgebra ``c : S → F S`` is asked about all new states of a round at once.  States are rows of integers and reals;
one that was met before is recognised, so each is asked once (:mod:`~catcore_backends.recursion.state_rows`).  The graph
of states becomes a forest, each state one node, and its folds are the coalgebra-to-algebra morphisms out of c: dynamic
programming is a fold.  A state that leads back to itself is reported with the states on the way.

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

import functools as ft
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from catcore.categories.finite_sets import Injected
from catcore.datatypes.monomials import Power, Template, monomials
from catcore.errors import NotInterpreted, NotRecursive, ShapeMismatch, TooLarge
from catcore.functors import Functor
from catcore.objects import Mu, Ob
from catcore_backends.batches import arrays, mapped, picked
from catcore_backends.compiler.linking import Code
from catcore_backends.libraries.conversion import Followed, on_host
from catcore_backends.libraries.cuda.devices import here
from catcore_backends.libraries.jax_programs import at_once
from catcore_backends.nesting import from_left
from catcore_backends.recursion.few_shapes import few, filled_up, rounded
from catcore_backends.recursion.forests import Forest, Numbered, check_elements, forest_in_order
from catcore_backends.recursion.levels import real_in
from catcore_backends.recursion.ordering import Stuck, heights_of
from catcore_backends.recursion.state_rows import Columns, Rows, Turned, recognised
from catcore_backends.recursion.states_in_data import Met, Reader, joined

#: No more states than this are unfolded …
MAX_STATES = 20_000_000
#: … nor states with more numbers than this in all.
MAX_NUMBERS = 200_000_000
#: States without bounds are followed for at most so many rounds.
MAX_ROUNDS = 100_000


def forest_of_states(
    coalgebra: Callable[[Any], Any],
    starts: Any,
    states: Ob,
    functor: Functor,
    *,
    most: int = MAX_STATES,
    batch: int = 1,
) -> Forest:
    """The forest of the states reached from some, each one node; its roots are the given states.

    Args:
        coalgebra: the rule ``S → F S`` on batches, as :func:`catcore_backends.compile_arrow` makes one.
        starts: a batch of states.
        states: the object S, made of finite sets, tensors and 1 by products and sums.
        functor: the functor F, a polynomial.
        most: how many states may be reached.
        batch: how many states are given; read only where no array says it, as for S = 1.

    Raises:
        NotRecursive: when a state leads back to itself, with the states on the way.
        ShapeMismatch: when the rule does not give one layer for each state, or leaves the set of states.
        TooLarge: when more states are reached than allowed, or there are new ones after ``MAX_ROUNDS`` rounds.
        NotInterpreted: when states hold something else than numbers, or the functor is no polynomial.
    """
    columns, graph = unfolded(coalgebra, starts, states, functor, most, batch)
    return graph.forest(Mu(functor.body), columns)


def unfolded(
    coalgebra: Callable[[Any], Any], starts: Any, states: Ob, functor: Functor, most: int = MAX_STATES, batch: int = 1
) -> tuple[Columns, Graph]:
    """The graph of the states reached from some; arguments as for :func:`forest_of_states`.

    An entry that holds integers at the start, and a real later on, is real from the start; and reals have a dtype from
    the start that holds all that come later.
    """
    columns = Columns(states).fitting(starts)
    while True:
        try:
            return columns, _reached(coalgebra, starts, columns, functor, most, batch)
        except Turned as turned:
            columns = columns.turned(turned.leaf, turned.dtype)


@dataclass(frozen=True)
class Unfolding:
    """A compiled coalgebra ``P × S → F S``: from parameters and a batch of states to the forest these lead to.

    Args:
        code: the coalgebra as a program.
        states: the object of states.
        functor: the functor of the coalgebra.
    """

    code: Code
    states: Ob
    functor: Functor
    _compiled: dict[Any, Callable[..., Any]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, xp: Any, given: Any, starts: Any, batch: int) -> Forest:
        """The forest over one array namespace; its states are kept by NumPy.

        Args:
            xp: the namespace.
            given: the parameters, one row that all states see.
            starts: the states.
            batch: their number, where no array says it.
        """
        ask = self._in_few_shapes(xp) if few(xp, given) else self._as_many(xp)
        coalgebra = ft.partial(ask, mapped(lambda x: x[0, ...], given))
        found = forest_of_states(coalgebra, mapped(_known, starts), self.states, self.functor, batch=batch)
        return replace(found, beside=real_in(xp, (given, starts)), _moved={})

    def _as_many(self, xp: Any) -> Callable[[Any, Any], Any]:
        """What gives the layers of a batch of states."""
        program = self.code.linked(xp)
        return lambda shared, states: program((shared, mapped(xp.asarray, states)), _count(states))

    def _in_few_shapes(self, xp: Any) -> Callable[[Any, Any], Any]:
        """The same where a library compiles for shapes: a power of two of states is asked about."""
        if here(xp) not in self._compiled:
            self._compiled[here(xp)] = at_once(self.code.linked(xp), static=(1,))
        program = self._compiled[here(xp)]

        def ask(shared: Any, states: Any) -> Any:
            count = _count(states)
            layers = program((shared, mapped(xp.asarray, filled_up(states))), rounded(count))
            return mapped(lambda x: _known(x)[:count], layers)

        return ask


def _count(states: Any) -> int:
    """How many states there are; 1 has one, however many start there."""
    return next((len(x) for x in arrays(states)), 1)


class Graph:
    """The states met so far, and what the coalgebra gave for them."""

    def __init__(self, functor: Functor, columns: Columns) -> None:
        self.kinds = monomials(functor)
        self.columns = columns
        self.fixed = Mu(functor.body)
        self.nodes = Numbered()
        self.reader = Reader(self.fixed, columns.ob, self.nodes)
        self.inside: list[tuple[Rows, Rows]] = []  # states, and those that they lead to inside data
        self.seen = recognised(columns)
        self.rows: Any = []
        self.names: Any = []
        self.branches: Any = [[[] for _ in kind.branches] for kind in self.kinds]
        self.labels: Any = [[[] for _ in kind.labels] for kind in self.kinds]
        self.roots: Any = None

    def add(self, layers: Any, count: int) -> Iterator[tuple[Callable[[Rows], None], Rows]]:
        """Take in the layers of a round of states; gives the states there, and what is to be told their numbers."""
        names, first = np.full(count, -1, np.int64), sum(map(len, self.names))
        for c, kind in enumerate(self.kinds):
            mask, places = self._places(kind.template, layers, count)
            here = np.flatnonzero(mask)
            names[here] = c
            obs = kind.obs(self.fixed)
            for into, i in zip(self.labels[c], kind.labels, strict=True):
                into.append(self.reader.read(obs[i], picked(places[i], here), first + here))
            for into, i in zip(self.branches[c], kind.branches, strict=True):
                yield into.append, self.columns.rows(picked(places[i], here), "a branch", len(here))
        for met in self.reader.taken():
            yield ft.partial(self._told, met), self.columns.rows(met.states, "a branch", len(met.at))
        self.names.append(names)

    def _told(self, met: Met, numbers: Rows) -> None:
        """Write down the numbers of states met in data."""
        met.into[met.at] = numbers
        self.inside.append((met.owners, numbers))

    def _places(self, template: Template, layers: Any, count: int) -> tuple[Any, list[Any]]:
        try:
            return _read(template, layers, np.ones(count, np.bool_))
        except (TypeError, ValueError, IndexError):
            kinds = " + ".join(map(str, self.kinds))
            raise ShapeMismatch(
                f"A coalgebra was asked about {count} states, and what it gave is not grouped as layers {kinds} are. "
                "Give a triple (tag, left, right) for a sum, a pair for a product, and () for 1."
            ) from None

    def finish(self) -> None:
        """Join the rounds."""
        self.rows, self.names = np.concatenate(self.rows), np.concatenate(self.names)
        self.branches = [[np.concatenate(b) for b in bs] for bs in self.branches]
        self.labels = [tuple(map(joined, xs)) for xs in self.labels]

    def forest(self, fixed: Mu, columns: Columns) -> Forest:
        """The forest whose nodes are the states.

        Raises:
            NotRecursive: when a state leads back to itself, with the states on the way.
        """
        count = len(self.names)
        ids = [np.flatnonzero(self.names == c) for c in range(len(self.kinds))]
        try:
            owners, below = [o for o, _ in self.inside], [[b] for _, b in self.inside]
            heights = heights_of([*ids, *owners], [*self.branches, *below], count)
        except Stuck as stuck:
            way = _cycle(self, stuck.nodes)
            raise NotRecursive(_sentence([columns.shown(self.rows[i]) for i in way])) from None
        for kind, labels in zip(self.kinds, self.labels, strict=True):
            for i, label in zip(kind.labels, labels, strict=True):
                check_elements(fixed, kind.obs(fixed)[i], label)
        found = forest_in_order(fixed, self.names, heights, self.branches, self.labels, self.roots, self.nodes)
        return replace(found, states=ft.partial(_node_by_node, columns, self.rows, self.nodes.place))


def _node_by_node(columns: Columns, rows: Rows, place: Rows) -> Any:
    """The states as a batch, in the order of the table."""
    return columns.batch(rows[np.argsort(place)])


def _reached(
    coalgebra: Callable[[Any], Any], starts: Any, columns: Columns, functor: Functor, most: int, batch: int
) -> Graph:
    graph = Graph(functor, columns)
    roots = columns.rows(starts, "the start", batch)
    start = roots if len(roots) else np.zeros((1, roots.shape[1]), np.int64)  # some state says what layers look like
    numbers, fresh = graph.seen.numbers(start)
    graph.roots = numbers[: len(roots)]
    while True:
        graph.rows.append(fresh)
        _check_size(graph, fresh, most)
        layers = mapped(_known, _plain(coalgebra(columns.batch(fresh))))
        _check_layers(layers, len(fresh), functor)
        below = list(graph.add(layers, len(fresh)))
        if not sum(len(rows) for _, rows in below):
            for tell, rows in below:
                tell(np.zeros(len(rows), np.int64))
            break
        numbers, fresh = graph.seen.numbers(np.concatenate([rows for _, rows in below]))
        cuts = np.cumsum([len(rows) for _, rows in below])[:-1]
        for (tell, _), found in zip(below, np.split(numbers, cuts), strict=True):
            tell(found)
        if not len(fresh):
            break
    graph.finish()
    return graph


def _check_size(graph: Graph, fresh: Rows, most: int) -> None:
    """Refuse more states, and more rounds, than there may be."""
    most = min(most, MAX_NUMBERS // max(fresh.shape[1], 1))
    asked, shown = "The states that a coalgebra leads to were asked for", graph.columns.shown(fresh[-1])
    if graph.seen.count > most:
        raise TooLarge(f"{asked}, and there are more than {most}, such as {shown}. Bound the states, or ask for fewer.")
    if len(graph.rows) > MAX_ROUNDS and graph.columns.size is None:
        raise TooLarge(
            f"{asked}, and there are new ones after {MAX_ROUNDS} rounds, such as {shown}. Let the coalgebra come to an "
            "end, by a number of steps left in the state, say."
        )


# ---- layers ------------------------------------------------------------------------------------------------------


def _known(array: Any) -> Any:
    """An array as one of NumPy, by which states are told apart."""
    if isinstance(array, Forest):
        return array.over(np)
    try:
        return on_host(array)
    except (RuntimeError, TypeError):  # an array that PyTorch or JAX follows
        raise Followed(
            f"States were to be unfolded, which looks at their numbers, and {type(array).__name__} is followed by its "
            "library, for a gradient or while it compiles. Use catcore_backends.gradients.gradient for gradients, and "
            "call the arrow outside of jax.jit."
        ) from None


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
            return _both(template, batch, mask)
        case Power():
            return _both(template.values, from_left(batch, len(template.values)), mask)
    raise NotInterpreted("A layer with a function in it was to be unfolded on arrays. Write X^2 as X × X.")


def _both(templates: Iterable[Template], batches: Iterable[Any], mask: Any) -> tuple[Any, list[Any]]:
    """The rows where all parts are made by their constructors, and the batches at the places of all."""
    found: list[Any] = []
    for template, batch in zip(templates, batches, strict=True):
        mask, places = _read(template, batch, mask)
        found += places
    return mask, found


def _check_layers(layers: Any, count: int, functor: Functor) -> None:
    wrong = next((x for x in arrays(layers) if not x.shape or x.shape[0] != count), None)
    if wrong is not None:
        raise ShapeMismatch(
            f"A coalgebra was asked about {count} states, and gave an array of shape {wrong.shape}. Give a batch of "
            f"layers {functor}, one for each state, in every array."
        )


# ---- cycles ------------------------------------------------------------------------------------------------------


def _cycle(graph: Graph, stuck: Rows) -> list[int]:
    """The states on a way from one back to itself, among those that no order can hold."""
    ids = (np.flatnonzero(graph.names == c) for c in range(len(graph.kinds)))
    edges = [*((i, b) for i, bs in zip(ids, graph.branches, strict=True) for b in bs), *graph.inside]
    above, below = (np.concatenate(ends) for ends in zip(*edges, strict=True))
    order = np.argsort(above, kind="stable")
    first = np.searchsorted(above[order], np.arange(len(graph.names) + 1))
    return repeating(stuck, lambda s: below[order[first[s] : first[s + 1]]].tolist())


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
