"""Families of finite groups beyond S_n, A_n, C_n and D_n: dicyclic and quaternion groups, wreath
products, the rotations of the Platonic solids, and Rubik's cube.

Each is a group of permutations with its usual generators and, where the family has a natural representation by
matrices, that one too, exactly: signed permutations for the symmetries of the n-cube, 2×2 complex matrices for the
quaternions, rotations of space for the solids (over Q(√5) for the icosahedron).

>>> quaternion_group().order, icosahedral().order, rubik().order
(8, 60, 43252003274489856000)
>>> quaternion_group().natural.matrix("b")
Matrix([
[0, -1],
[1,  0]])
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from catcore.equivariance.groups import models, words
from catcore.equivariance.groups.group import Group, _need
from catcore.equivariance.groups.monoid import separate_names
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation

Permutation = tuple[int, ...]
Vector = tuple[int, int, int]


@dataclass(frozen=True, repr=False)
class NaturalGroup(Group):
    """A group of permutations that also has a natural representation by matrices, :attr:`natural`."""

    rows: tuple[Any, ...] = field(default=(), compare=False)
    over: str | None = field(default=None, compare=False)

    @property
    def natural(self) -> Representation:
        """The representation by which the group is usually known."""
        return Representation(self, dict(zip(self.generators, self.rows, strict=True)), field=self.over)


def _relations(names: Sequence[str], texts: Sequence[str]) -> tuple[words.Relation, ...]:
    return tuple(words.read_relation(text, tuple(names), inverses=True) for text in texts)


# Quaternions, wreath products ------------------------------------------------------------------------------


def dicyclic(n: int) -> NaturalGroup:
    """The dicyclic group Dic_n = ⟨a, b | a²ⁿ, b² = aⁿ, b a b⁻¹ = a⁻¹⟩ of order 4n, acting on itself.

    ``natural`` is by 2×2 complex matrices, a = diag(ζ, ζ⁻¹) with ζ = exp(πi/n) and b = [[0, -1], [1, 0]].
    """
    _need(n, "A dicyclic group")
    elements = [(k, e) for e in (0, 1) for k in range(2 * n)]  # a^k b^e, number k + 2n·e
    a = tuple((k + 1) % (2 * n) + 2 * n * e for k, e in elements)
    b = tuple((-k + (n if e else 0)) % (2 * n) + 2 * n * (1 - e) for k, e in elements)  # b a^k = a^-k b, b² = a^n
    turn = [[f"cos(pi/{n})+I*sin(pi/{n})", 0], [0, f"cos(pi/{n})-I*sin(pi/{n})"]]
    return NaturalGroup(
        f"Dic{n}",
        ("a", "b"),
        _relations("ab", [f"a^{2 * n}", f"b^2 = a^{n}", "b a b^-1 = a^-1"]),
        models.Maps(4 * n, (("a", a), ("b", b))),
        f"dicyclic({n})",
        (a, b),
        4 * n,
        (turn, [[0, -1], [1, 0]]),
        "C",
    )


def quaternion_group() -> NaturalGroup:
    """The quaternion group Q_8 = {±1, ±i, ±j, ±k}, with a = i and b = j; it is Dic_2."""
    return dicyclic(2)


def wreath(inner: Group, outer: Group) -> Group:
    """The wreath product ``H ≀ G`` of two groups of permutations, on blocks: point (b, x) is number b·n + x.

    G permutes m blocks of n points each, H acts in each block by itself; the order is ``|H|^m · |G|``.  H is generated
    in one block of each orbit of G.  Raises ``UnknownName`` for a group without defining permutations.
    """
    m, n = outer.defining.degree, inner.defining.degree
    blocks = {name: outer.defining.index_map(name).tolist() for name in outer.generators}
    cells = {name: inner.defining.index_map(name).tolist() for name in inner.generators}
    firsts = _orbit_representatives(list(blocks.values()), m)
    copies = {f"{h}{b}" if len(firsts) > 1 else h: (b, f) for b in firsts for h, f in cells.items()}
    left, right = separate_names(tuple(copies), outer.generators)
    maps: dict[str, Permutation] = {}
    for name, (b, f) in zip(left, copies.values(), strict=True):
        maps[name] = tuple(c * n + (f[x] if c == b else x) for c in range(m) for x in range(n))
    for name, g in zip(right, blocks.values(), strict=True):
        maps[name] = tuple(g[c] * n + x for c in range(m) for x in range(n))
    known = inner.order, outer.order
    return Group(
        f"{inner.name}≀{outer.name}",
        tuple(maps),
        (),
        models.Maps(m * n, tuple(maps.items())),
        f"wreath({inner!r}, {outer!r})",
        tuple(maps.values()),
        None if None in known else known[0] ** m * known[1],
    )


def _orbit_representatives(maps: Sequence[Sequence[int]], points: int) -> list[int]:
    seen: set[int] = set()
    firsts = []
    for start in range(points):
        if start not in seen:
            firsts.append(start)
            frontier = {start}
            while frontier:
                seen |= frontier
                frontier = {f[i] for i in frontier for f in maps} - seen
    return firsts


# Rotations of the Platonic solids ---------------------------------------------------------------------------------

GOLDEN = ("(sqrt(5)-1)/4", "(1+sqrt(5))/4")  # cos(2π/5) and cos(π/5), half the golden ratio
TURNS: dict[str, tuple[int, list[list[Any]], list[list[Any]]]] = {
    # r turns about a vertex by 2π/p, t about an adjacent face by 2π/3, and (r t)² = 1 (von Dyck)
    "tetrahedral": (3, [[0, 0, 1], [1, 0, 0], [0, 1, 0]], [[0, -1, 0], [0, 0, 1], [-1, 0, 0]]),
    "octahedral": (4, [[0, -1, 0], [1, 0, 0], [0, 0, 1]], [[0, 0, 1], [1, 0, 0], [0, 1, 0]]),
    "icosahedral": (
        5,
        [[GOLDEN[0], GOLDEN[1], "-1/2"], [f"-{GOLDEN[1]}", "1/2", GOLDEN[0]], ["1/2", GOLDEN[0], GOLDEN[1]]],
        [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
    ),
}


@dataclass(frozen=True, repr=False)
class PolyhedralGroup(NaturalGroup):
    """The rotations of a Platonic solid with triangular faces, acting on its vertices, edges and faces, and on space.

    The cube has the group of the octahedron, its faces being the octahedron's vertices and its vertices the faces; so
    have the dodecahedron and the icosahedron.  ``r`` turns about a vertex, ``t`` about a face.
    """

    @property
    def vertices(self) -> PermutationRepresentation:
        """The group permuting the vertices: 4, 6 or 12."""
        return self.defining

    @property
    def edges(self) -> PermutationRepresentation:
        """The group permuting the edges: 6, 12 or 30."""
        return self._on(2)

    @property
    def faces(self) -> PermutationRepresentation:
        """The group permuting the triangular faces: 4, 8 or 20."""
        return self._on(3)

    def _on(self, size: int) -> PermutationRepresentation:
        """The action on the sets of so many vertices that are next to each other."""
        maps = {name: self.defining.index_map(name).tolist() for name in self.generators}
        start, *_ = _cliques(_solid(self.expression.removesuffix("()"))[0], size)
        cells = sorted({tuple(sorted(cell)) for cell in _images(start, list(maps.values()))})
        place = {cell: k for k, cell in enumerate(cells)}
        return Representation.permutation(
            self, {name: [place[tuple(sorted(f[v] for v in cell))] for cell in cells] for name, f in maps.items()}
        )


def _images(cell: Sequence[int], maps: Sequence[Sequence[int]]) -> set[frozenset[int]]:
    found = {frozenset(cell)}
    frontier = set(found)
    while frontier:
        frontier = {frozenset(f[v] for v in c) for c in frontier for f in maps} - found
        found |= frontier
    return found


def _cliques(adjacent: Mapping[int, set[int]], size: int) -> list[tuple[int, ...]]:
    """Sets of vertices each next to each other: edges and faces, all transitive."""
    return [
        cell
        for cell in itertools.combinations(sorted(adjacent), size)
        if all(b in adjacent[a] for a, b in itertools.combinations(cell, 2))
    ]


def tetrahedral() -> PolyhedralGroup:
    """The 12 rotations of the tetrahedron, A_4."""
    return _polyhedral("tetrahedral", 12)


def octahedral() -> PolyhedralGroup:
    """The 24 rotations of the octahedron and of the cube, S_4."""
    return _polyhedral("octahedral", 24)


def icosahedral() -> PolyhedralGroup:
    """The 60 rotations of the icosahedron and of the dodecahedron, A_5."""
    return _polyhedral("icosahedral", 60)


def _polyhedral(name: str, order: int) -> PolyhedralGroup:
    p, r, t = TURNS[name]
    _, maps = _solid(name)
    return PolyhedralGroup(
        f"{name} rotations",
        ("r", "t"),
        _relations("rt", [f"r^{p}", "t^3", "(r t)^2"]),
        models.Maps(len(maps[0]), (("r", maps[0]), ("t", maps[1]))),
        f"{name}()",
        maps,
        order,
        (r, t),
    )


@lru_cache(maxsize=3)
def _solid(name: str) -> tuple[dict[int, set[int]], tuple[Permutation, ...]]:
    """Which vertices are next to each other, and how the two turns move them, from exact coordinates."""
    import sympy as sp

    from catcore.exact import parse_number

    turns = [
        sp.Matrix([[parse_number(x) if isinstance(x, str) else x for x in row] for row in rows])
        for rows in TURNS[name][1:]
    ]
    golden = (1 + sp.sqrt(5)) / 2
    first = {"tetrahedral": (1, 1, 1), "octahedral": (0, 0, 1), "icosahedral": (0, 1, golden)}[name]
    vertices = [tuple(map(sp.sympify, first))]
    for v in vertices:  # grows while it is read
        for turn in turns:
            moved = tuple(sp.expand(x) for x in turn * sp.Matrix(v))
            if moved not in vertices:
                vertices.append(moved)
    maps = tuple(
        tuple(vertices.index(tuple(sp.expand(x) for x in turn * sp.Matrix(v))) for v in vertices) for turn in turns
    )
    return _nearest(vertices), maps


def _nearest(vertices: Sequence[Any]) -> dict[int, set[int]]:
    import sympy as sp

    far = {
        (i, j): sp.N(sum((a - b) ** 2 for a, b in zip(vertices[i], vertices[j], strict=True)))
        for i, j in itertools.permutations(range(len(vertices)), 2)
    }
    edge = min(far.values()) * sp.Float("1.01")
    return {i: {j for j in range(len(vertices)) if j != i and far[i, j] < edge} for i in range(len(vertices))}


# Rubik's cube -----------------------------------------------------------------------------------------------------

FACES: dict[str, Vector] = {
    "U": (0, 0, 1),
    "L": (-1, 0, 0),
    "F": (0, -1, 0),
    "R": (1, 0, 0),
    "B": (0, 1, 0),
    "D": (0, 0, -1),
}


def rubik() -> Group:
    """Rubik's cube group of order 43 252 003 274 489 856 000, by its six face turns on the 48 stickers that move.

    A sticker is a position in {-1, 0, 1}³ and an outward normal; a face turn rotates those with the face's layer by a
    quarter, clockwise as seen from outside.
    """
    stickers = [
        (position, normal)
        for normal in FACES.values()
        for position in itertools.product((-1, 0, 1), repeat=3)
        if _dot(position, normal) == 1 and sum(map(abs, position)) > 1
    ]
    place: dict[Any, int] = {sticker: k for k, sticker in enumerate(stickers)}
    maps = {
        name: tuple(
            place[_clockwise(position, axis), _clockwise(normal, axis)] if _dot(position, axis) == 1 else k
            for k, (position, normal) in enumerate(stickers)
        )
        for name, axis in FACES.items()
    }
    names = tuple(maps)
    return Group(
        "Rubik's cube",
        names,
        (),
        models.Maps(48, tuple(maps.items())),
        "rubik()",
        tuple(maps.values()),
    )


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _clockwise(v: Sequence[int], axis: Vector) -> tuple[int, ...]:
    """A quarter turn clockwise about an axis seen from its tip: v ↦ (v·a) a - a × v."""
    (a, b, c), (x, y, z) = axis, v
    along = _dot(v, axis)
    cross = (b * z - c * y, c * x - a * z, a * y - b * x)
    return tuple(along * n - w for n, w in zip(axis, cross, strict=True))
