"""Automorphism groups of graphs: what a layer on the vertices or edges of a graph must respect (T1.12 l-o).

A graph is anything with ``nodes`` and ``edges`` as NetworkX has them; directed graphs, loops, and colours of nodes and
edges by an attribute are understood.  The group is given by generators, never by its list of elements.

>>> import networkx as nx
>>> group = automorphism_group(nx.petersen_graph())
>>> group.order, len(group.generators) <= 9
(120, True)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catcore.equivariance.families.automorphisms import MAX_POINTS, automorphisms
from catcore.equivariance.groups.group import Group
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation
from catcore.errors import IllTyped, TooLarge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def automorphism_group(graph: Any, *, node_colour: str | None = None, edge_colour: str | None = None) -> Group:
    """The automorphism group of a graph, permuting its nodes in the order of ``graph.nodes``.

    ``node_colour`` and ``edge_colour`` name attributes that must be kept.  The trivial group is
    given by one generator, the identity.  Raises ``IllTyped`` for something that is no
    graph, ``TooLarge`` above 2000 nodes or when the search does not end.
    """
    nodes = _nodes(graph)
    own = [repr(graph.nodes[v].get(node_colour)) for v in nodes] if node_colour else None
    return group_of(automorphisms(_adjacency(graph, nodes, edge_colour), own), len(nodes))


def group_of(generators: tuple[tuple[int, ...], ...], points: int) -> Group:
    """The group that permutations generate; of no generators it is the identity's."""
    return Group.permutations({f"g{k}": g for k, g in enumerate(generators or (tuple(range(points)),))})


def edge_representation(group: Group, graph: Any) -> PermutationRepresentation:
    """A group of automorphisms acting on the edges of a graph, in the order of ``graph.edges``.

    Raises ``IllTyped`` when an edge is moved to something that is no edge.
    """
    place = {v: i for i, v in enumerate(_nodes(graph))}
    edges = [_ordered(graph, place[u], place[v]) for u, v, *_ in graph.edges]
    number = {edge: k for k, edge in enumerate(edges)}
    maps = {}
    for name in group.generators:
        sigma = group.defining.index_map(name).tolist()
        moved = [_ordered(graph, sigma[i], sigma[j]) for i, j in edges]
        if not set(moved) <= set(number):
            raise IllTyped(
                f"The edges of a graph were to be permuted and {name} moves one to no edge; use a group of "
                "automorphisms of this graph, from automorphism_group."
            )
        maps[name] = [number[edge] for edge in moved]
    return Representation.permutation(group, maps, points=len(edges))


def _ordered(graph: Any, i: int, j: int) -> tuple[int, int]:
    return (i, j) if graph.is_directed() else (min(i, j), max(i, j))


def _nodes(graph: Any) -> list[Any]:
    if not hasattr(graph, "nodes") or not hasattr(graph, "edges"):
        raise IllTyped(
            f"A graph was asked for and {type(graph).__name__} was given; give something with nodes and edges, such as "
            "networkx.Graph(edges)."
        )
    nodes = list(graph.nodes)
    if len(nodes) > MAX_POINTS:
        raise TooLarge(f"The automorphisms of {len(nodes)} nodes were asked for; at most {MAX_POINTS} are searched.")
    return nodes


def _adjacency(graph: Any, nodes: list[Any], edge_colour: str | None) -> NDArray[np.int64]:
    """Edges counted, or numbered by their colours; parallel edges give a multiset of colours."""
    import numpy as np

    place = {v: i for i, v in enumerate(nodes)}
    colours: dict[tuple[int, int], list[str]] = {}
    for u, v, data in graph.edges(data=True):
        colour = repr(data.get(edge_colour)) if edge_colour else ""
        ends = {(place[u], place[v])} if graph.is_directed() else {(place[u], place[v]), (place[v], place[u])}
        for end in ends:
            colours.setdefault(end, []).append(colour)
    number = {c: k + 1 for k, c in enumerate(sorted({tuple(sorted(c)) for c in colours.values()}))}
    table = np.zeros((len(nodes), len(nodes)), dtype=np.int64)
    for (i, j), found in colours.items():
        table[i, j] = number[tuple(sorted(found))]
    return table
