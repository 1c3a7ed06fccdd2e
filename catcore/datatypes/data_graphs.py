"""Elements of data types as directed graphs of ``networkx``, and back (THEORY T2.3).

Each constructor is a node and each branch an edge, the branches in a list as well; shared branches are one node.  A
branch inside a label, such as a pair or a function, leaves ``...`` there.  Any rooted tree whose nodes fit constructors
is an element.

>>> from catcore.datatypes import datatype
>>> from catcore.objects import atoms, mu
>>> (A,) = atoms("A")
>>> Rose = datatype(lambda X: A * mu(lambda Y: 1 + X * Y), "Rose")
>>> tree = Rose.from_nested(("Rose", 1, [("Rose", 2, []), ("Rose", 3, [])]))
>>> sorted(Rose.to_networkx(tree).edges())
[(0, 1), (0, 2)]
>>> Rose.from_networkx(Rose.to_networkx(tree)) == tree
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catcore.categories.finite_sets import Graph, Injected
from catcore.datatypes.conversions import Conversion, Place
from catcore.datatypes.data import Data, children, exchanged, postorder
from catcore.datatypes.given import graph_of
from catcore.datatypes.shapes import Summand, chosen, summands, unpacked
from catcore.errors import IllTyped, UnknownName
from catcore.objects import Coproduct, Exponential, Mu, Ob, Product, Tensor


def to_networkx(conversion: Conversion, value: Data) -> Any:
    """An element as a directed multigraph; node 0 is the root."""
    return _GraphWriter(conversion).graph(value)


def nodes(conversion: Conversion, value: Data) -> list[Data]:
    """The elements inside an element that become the nodes 0, 1, … of its graph."""
    return _GraphWriter(conversion).nodes(value)


def from_networkx(conversion: Conversion, of: Mu, graph: Any) -> Data:
    """The element that a directed graph with one root stands for.

    Raises:
        IllTyped: when there is not one root, a cycle, or a node that fits no constructor.
    """
    import networkx

    graph = graph_of(graph)
    roots = [node for node, degree in graph.in_degree() if degree == 0] if graph.is_directed() else []
    if len(roots) != 1:
        raise IllTyped(
            f"A directed graph with one root was asked for as an element of {of}, and it has {len(roots)} roots."
        )
    if not networkx.is_directed_acyclic_graph(graph):
        raise IllTyped(f"An element of {of} was to be read off a graph, and the graph has a cycle.")
    read = _GraphReader(conversion, graph)
    return read.element(of, roots[0])


@dataclass(frozen=True)
class _GraphWriter:
    """Writes elements as graphs."""

    conversion: Conversion

    def graph(self, value: Data) -> Any:
        """An element as a directed multigraph."""
        import networkx

        order = self.nodes(value)
        number = {id(node): i for i, node in enumerate(order)}
        graph = networkx.MultiDiGraph()
        for node in order:
            which, payload = chosen(node.of.body, node.layer)
            arguments = unpacked(self.conversion.kinds(node.of)[which].payload, payload)
            labels = tuple(self._label(a) for a in arguments if not self._is_branches(a))
            graph.add_node(number[id(node)], constructor=self.conversion.name(node.of, which), labels=labels)
            place = 0
            for k, argument in enumerate(arguments):
                for branch in self._inlined(argument):
                    graph.add_edge(number[id(node)], number[id(branch)], place=place, argument=k)
                    place += 1
        return graph

    def nodes(self, value: Data) -> list[Data]:
        """The elements that become nodes, in order."""
        return postorder(value, below=self._branches)[::-1]

    def _branches(self, node: Data) -> Iterator[Data]:
        return self._inlined(node.layer) if not self.conversion.is_plain_list(node.of) else self._inlined(node)

    def _inlined(self, part: Any) -> Iterator[Data]:
        """The branches in a part of a layer, those in plain lists included."""
        for branch in children(part):
            if self.conversion.is_plain_list(branch.of):
                for item in _items(branch):
                    yield from self._inlined(item)
            else:
                yield branch

    def _is_branches(self, argument: Any) -> bool:
        """Whether an argument is a branch, or a list of branches, which edges say all about."""
        if not isinstance(argument, Data):
            return False
        return not self.conversion.is_plain_list(argument.of) or self.conversion.is_branch(_item_type(argument.of))

    def _label(self, argument: Any) -> Any:
        """An argument with ``...`` where its branches stand."""

        def label(branch: Data) -> Any:
            if self.conversion.is_plain_list(branch.of):
                return [self._label(item) for item in _items(branch)]
            return ...

        return exchanged(argument, label)


def _items(value: Data) -> Iterator[Any]:
    while value.layer.side == "inr":
        item, value = value.layer.value
        yield item


def _item_type(of: Mu) -> Ob:
    return summands(of.unrolled())[1].payload.args[0]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class _GraphReader:
    """Reads nodes of a graph as elements."""

    conversion: Conversion
    graph: Any

    def element(self, of: Mu, root: Any) -> Data:
        """The element that a node stands for; each node is read once for each type."""
        done: dict[tuple[Mu, Any], Data] = {}
        todo: list[tuple[Mu, Any, bool]] = [(of, root, False)]
        while todo:
            kind, node, visited = todo.pop()
            if (kind, node) in done:
                continue
            arguments, below = self._arguments(kind, node)
            if not visited:
                todo += [(kind, node, True), *((k, n, False) for k, n in below)]
                continue
            name, *parts = exchanged(arguments, lambda place: done[place.key], Place)
            done[kind, node] = self.conversion.from_nested(kind, (name, *parts))
        return done[of, root]

    def _arguments(self, of: Mu, node: Any) -> tuple[tuple[Any, ...], list[tuple[Mu, Any]]]:
        """The constructor at a node with its arguments, places for the branches, and the branches with their types."""
        number = self._constructor(of, node)
        factors = self.conversion.kinds(of)[number].factors
        wanted = sum(not self._edges_only(f) for f in factors)
        labels = self._labels(node, wanted)
        if len(labels) != wanted:
            raise IllTyped(
                f"Node {node!r} was to be the constructor {self.conversion.name(of, number)} of {of}, with {wanted} "
                f"label(s), and it has {len(labels)}."
            )
        return self._filled(of, number, node, iter(labels))

    @cached_property
    def _branches(self) -> dict[Any, list[tuple[int | None, Any]]]:
        """For each node its branches in order, each with the number of its argument where that is known."""
        found: dict[Any, list[tuple[Any, int | None, Any]]] = {node: [] for node in self.graph}
        for order, (source, target, data) in enumerate(self.graph.edges(data=True)):
            found[source].append((data.get("place", order), data.get("argument"), target))
        return {node: [edge[1:] for edge in sorted(edges, key=lambda e: e[0])] for node, edges in found.items()}

    def _constructor(self, of: Mu, node: Any) -> int:
        kinds = self.conversion.kinds(of)
        names = [self.conversion.name(of, i) for i in range(len(kinds))]
        named = self.graph.nodes[node].get("constructor")
        if named is not None:
            if named not in names:
                raise UnknownName(f"Node {node!r} has the constructor {named!r}; those of {of} are {', '.join(names)}.")
            return names.index(named)
        count = len(self._branches[node])
        fitting = [i for i, kind in enumerate(kinds) if self._fits(kind, count)]
        if len(fitting) != 1:
            raise IllTyped(
                f"Node {node!r} has {count} branches, which fits {len(fitting)} constructors of {of}; say which it is "
                f"in the node's attribute 'constructor': {', '.join(names)}."
            )
        return fitting[0]

    def _fits(self, kind: Summand, count: int) -> bool:
        direct = sum(self.conversion.is_branch(f) for f in kind.factors)
        return count >= direct if any(map(self._is_branch_list, kind.factors)) else count == direct

    def _is_branch_list(self, of: Ob) -> bool:
        return self.conversion.is_plain_list(of) and self.conversion.is_branch(_item_type(of))  # type: ignore[arg-type]

    def _edges_only(self, of: Ob) -> bool:
        return self.conversion.is_branch(of) or self._is_branch_list(of)

    def _labels(self, node: Any, wanted: int) -> tuple[Any, ...]:
        data = self.graph.nodes[node]
        if "labels" in data:
            return tuple(data["labels"])
        return (data["label"],) if "label" in data else (node,) * (wanted == 1)

    def _filled(
        self, of: Mu, number: int, node: Any, labels: Iterator[Any]
    ) -> tuple[tuple[Any, ...], list[tuple[Mu, Any]]]:
        factors = self.conversion.kinds(of)[number].factors
        left, below = list(self._branches[node]), []
        reserved = sum(self.conversion.is_branch(f) for f in factors)

        def take(kind: Ob) -> Any:
            if not left:
                name = self.conversion.name(of, number)
                raise IllTyped(f"Node {node!r} has too few branches for the constructor {name} of {of}.")
            _, branch = left.pop(0)
            below.append((kind, branch))
            return Place((kind, branch))

        arguments: list[Any] = [self.conversion.name(of, number)]
        for k, factor in enumerate(factors):
            if self.conversion.is_branch(factor):
                reserved -= 1
                arguments.append(take(factor))
            elif self._is_branch_list(factor):
                known = any(argument is not None for argument, _ in left)
                count = sum(a == k for a, _ in left) if known else len(left) - reserved
                arguments.append(tuple(take(_item_type(factor)) for _ in range(count)))  # type: ignore[arg-type]
            else:
                arguments.append(_with_branches(factor, next(labels), take, self.conversion))
        if left:
            raise IllTyped(
                f"Node {node!r} has {len(left)} branch(es) more than the constructor {arguments[0]} of {of} takes."
            )
        return tuple(arguments), below  # type: ignore[return-value]


def _with_branches(of: Ob, label: Any, take: Callable[[Ob], Any], conversion: Conversion) -> Any:
    """A label with branches for each ``...`` in it."""
    if label is ...:
        return take(of)
    match of:
        case Product() | Tensor() if isinstance(label, tuple) and len(label) == 2:
            return tuple(_with_branches(f, x, take, conversion) for f, x in zip(of.args, label, strict=True))
        case Coproduct() if isinstance(label, Injected):
            side = of.left if label.side == "inl" else of.right
            return Injected(label.side, _with_branches(side, label.value, take, conversion))
        case Exponential() if isinstance(label, Graph):
            return Graph(tuple((a, _with_branches(of.base, x, take, conversion)) for a, x in label.pairs))
        case Mu() if conversion.is_plain_list(of) and isinstance(label, list | tuple):
            return tuple(_with_branches(_item_type(of), x, take, conversion) for x in label)
    return label
