"""Named groups: orders, presentations, natural representations; grids, solids, quaternions, wreath products, cube."""

from __future__ import annotations

import math
import pickle
from typing import Any

import networkx as nx
import pytest
import sympy as sp

import catcore.equivariance
from catcore.equivariance import (
    Group,
    Representation,
    automorphism_group,
    cyclic,
    dicyclic,
    dihedral,
    edge_representation,
    equivariant_maps,
    hyperoctahedral,
    icosahedral,
    octahedral,
    p4,
    p4m,
    quaternion_group,
    rubik,
    symmetric,
    tetrahedral,
    torus,
    wreath,
)
from catcore.equivariance.groups.stabilizers import StabilizerChain
from catcore.errors import IllTyped, ShapeMismatch, TooLarge

ORDERS: list[tuple[Any, int]] = [
    (torus(4), 4),
    (torus(2, 3, 5), 30),
    (p4(3), 36),
    (p4(5), 100),
    (p4m(3), 72),
    (p4m(5), 200),
    (p4m(2), 8),  # on 2×2 pixels: the symmetries of the square of their four positions
    (p4m(1), 1),
    (hyperoctahedral(1), 2),
    (hyperoctahedral(3), 48),
    (hyperoctahedral(4), 384),
    (dicyclic(1), 4),
    (dicyclic(3), 12),
    (quaternion_group(), 8),
    (tetrahedral(), 12),
    (octahedral(), 24),
    (icosahedral(), 60),
    (wreath(cyclic(3), symmetric(3)), 27 * 6),
    (wreath(symmetric(3), cyclic(2)), 72),
    (wreath(cyclic(2), Group.permutations({"g": [1, 0, 2]})), 8 * 2),  # two orbits of blocks, both filled
]


@pytest.mark.parametrize(("group", "order"), ORDERS, ids=lambda x: str(x))
def test_orders_are_what_schreier_and_sims_count(group: Group, order: int) -> None:
    chain = StabilizerChain(list(group.defining_maps or ()))

    assert group.order == order
    assert chain.order == order
    assert len(group.elements) == order
    again = eval(repr(group), vars(catcore.equivariance))
    assert again == group
    assert again.defining == group.defining
    assert pickle.loads(pickle.dumps(group)) == group


@pytest.mark.parametrize("group", [p4(3), p4m(4), torus(2, 3), dicyclic(3), icosahedral(), octahedral()], ids=str)
def test_presentations_hold_and_are_complete(group: Any) -> None:
    """The relations hold for the permutations, and the presentation has no further elements (von Dyck; T1.12 c)."""
    Representation.permutation(group, {g: group.defining.index_map(g).tolist() for g in group.generators})
    presented = Group.presentation(" ".join(group.generators), group.relations)

    assert presented.order == group.order


NATURAL: list[tuple[Any, int, int, str]] = [
    (hyperoctahedral(3), 3, 1, "Q"),
    (dicyclic(2), 2, 1, "Q(I)"),
    (dicyclic(3), 2, 1, "Q(sqrt(3), I)"),
    (tetrahedral(), 3, 1, "Q"),
    (octahedral(), 3, 1, "Q"),
    (icosahedral(), 3, 1, "Q(sqrt(5))"),
]


@pytest.mark.parametrize(("group", "degree", "commutant", "field"), NATURAL, ids=lambda x: str(x))
def test_natural_representations_are_irreducible(group: Any, degree: int, commutant: int, field: str) -> None:
    """Schur: an absolutely irreducible representation commutes with scalars only."""
    rho = group.natural
    W = equivariant_maps(rho, rho)

    assert (rho.degree, rho.field.name, W.dim, W.checked) == (degree, field, commutant, True)
    assert W.independent_dimension() == commutant


def test_solids_have_their_vertices_edges_and_faces() -> None:
    counts = [(g.vertices.degree, g.edges.degree, g.faces.degree) for g in (tetrahedral(), octahedral(), icosahedral())]

    assert counts == [(4, 6, 4), (6, 12, 8), (12, 30, 20)]
    assert all(v - e + f == 2 for v, e, f in counts)  # Euler


def test_rubiks_cube_is_the_right_group() -> None:
    """43 252 003 274 489 856 000 positions (8!·3⁷·12!·2¹⁰), each turn of order 4, corners and edges apart."""
    cube = rubik()

    assert cube.order == math.factorial(8) * 3**7 * math.factorial(12) * 2**10 == 43252003274489856000
    assert all(cube.defining.of(f"{face}^4") == sp.eye(48) for face in "UD")
    assert cube.defining.of("U D") == cube.defining.of("D U")
    assert cube.defining.of("U R") != cube.defining.of("R U")
    assert equivariant_maps(cube.defining, cube.defining).dim == 9
    assert equivariant_maps(cube.defining, Representation.trivial(cube)).dim == 2


def test_automorphism_groups_of_known_graphs() -> None:
    """Orders from the literature on each graph (for instance Godsil and Royle, *Algebraic Graph Theory*)."""
    known: list[tuple[Any, int]] = [
        (nx.petersen_graph(), 120),
        (nx.dodecahedral_graph(), 120),
        (nx.heawood_graph(), 336),
        (nx.hypercube_graph(4), 384),
        (nx.frucht_graph(), 1),
        (nx.cycle_graph(7), 14),
        (nx.complete_bipartite_graph(3, 3), 72),
        (nx.paley_graph(13), 78),
        (nx.cycle_graph(5, create_using=nx.DiGraph), 5),
        (nx.path_graph(4), 2),
        (nx.empty_graph(6), 720),
        (nx.Graph(), 1),
    ]

    assert [automorphism_group(graph).order for graph, _ in known] == [order for _, order in known]


def test_colours_and_parallel_edges_are_kept() -> None:
    square = nx.cycle_graph(4)
    assert automorphism_group(square).order == 8
    square.nodes[0]["kind"] = "root"
    assert automorphism_group(square, node_colour="kind").order == 2
    nx.set_edge_attributes(square, {(0, 1): "thick", (2, 3): "thick"}, "width")
    assert automorphism_group(square, edge_colour="width").order == 4
    double = nx.MultiGraph([(0, 1), (0, 1), (1, 2), (2, 0)])
    assert automorphism_group(double).order == 2


def test_graphs_act_on_their_edges() -> None:
    graph = nx.petersen_graph()
    group = automorphism_group(graph)
    edges = edge_representation(group, graph)

    assert edges.degree == 15
    assert equivariant_maps(edges, Representation.trivial(group)).dim == 1  # edge-transitive
    assert equivariant_maps(group.defining, group.defining).dim == 3  # strongly regular: I, A, J
    with pytest.raises(IllTyped, match="moves one to no edge"):
        edge_representation(symmetric(4), nx.path_graph(4))


def test_bad_requests_are_sentences() -> None:
    with pytest.raises(IllTyped, match="A graph was asked for and list was given"):
        automorphism_group([(0, 1)])
    with pytest.raises(TooLarge, match="2001 nodes"):
        automorphism_group(nx.empty_graph(2001))
    with pytest.raises(ShapeMismatch, match=r"A torus of sizes \(3, 0\)"):
        torus(3, 0)
    with pytest.raises(ShapeMismatch, match="A dicyclic group for n = 0"):
        dicyclic(0)


def test_the_quarter_turn_turns_the_torus() -> None:
    group = p4(4)
    r = group.defining.index_map("r").tolist()

    assert r[0 * 4 + 1] == 3 * 4 + 0  # (0, 1) goes to (-1, 0)
    assert dihedral(4).order == 8  # the stabiliser of pixel (0, 0) in p4m
    stabiliser = StabilizerChain([tuple(p4m(4).defining.index_map(g).tolist()) for g in "rm"])
    assert stabiliser.order == 8
