"""Simplicial and cellular complexes with orientations: chains, boundaries, and the symmetries they respect (T1.16).

A complex is its boundary maps ``B_k : C_k → C_{k-1}`` with ``B_k B_{k+1} = 0``.  An automorphism permutes cells up to
orientation, so it acts on chains by signed permutations, and every boundary map is a homomorphism of these.  Changing
orientations is a second group ``{±1}^{cells}``, of gauge transformations: it turns B_k into ``D_{k-1} B_k D_k``, and a
layer made of boundaries is covariant under it.

>>> triangle = CellComplex.simplicial([(0, 1, 2)])
>>> triangle.boundary(1).tolist(), triangle.boundary(2).tolist()
([[-1, -1, 0], [1, 0, -1], [0, 1, 1]], [[1], [-1], [1]])
>>> from catcore.equivariance.strategies.solver import equivariant_maps
>>> chains = [triangle.chains(k) for k in range(3)]
>>> [[equivariant_maps(a, b).dim for b in chains] for a in chains]
[[2, 1, 0], [1, 2, 1], [0, 1, 1]]
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

import sympy as sp

from catcore.equivariance.families.automorphisms import automorphisms
from catcore.equivariance.families.graphs import group_of
from catcore.equivariance.groups.group import Group
from catcore.equivariance.representations.representation import Representation
from catcore.errors import LawViolated, ShapeMismatch

Boundary = tuple[tuple[int, ...], ...]
Simplex = tuple[Any, ...]


@dataclass(frozen=True)
class CellComplex:
    """A finite cellular complex by its integer boundary matrices ``(B_1, B_2, ...)``; column j bounds cell j.

    Raises ``ShapeMismatch`` for matrices that do not fit or what is no number of vertices, ``LawViolated`` where
    ``B_k B_{k+1}`` is not 0.
    """

    vertices: int
    boundaries: tuple[Boundary, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.vertices, bool) or not isinstance(self.vertices, Integral) or self.vertices < 0:
            raise ShapeMismatch(
                f"A complex starts with its number of vertices, an integer of at least 0, and {self.vertices!r} was "
                "given; write CellComplex(vertices, (B_1, B_2, ...)), where B_1 has a row for each vertex."
            )
        read = tuple(tuple(tuple(map(int, row)) for row in b) for b in self.boundaries)
        object.__setattr__(self, "vertices", int(self.vertices))
        object.__setattr__(self, "boundaries", read)
        below = self.vertices
        for k, b in enumerate(read, start=1):
            if len(b) != below or len({len(row) for row in b}) > 1:
                raise ShapeMismatch(
                    f"Boundary {k} of a complex has {len(b)} rows and there are {below} cells of dimension {k - 1}; a "
                    "boundary matrix has one row for each, all of one length."
                )
            below = len(b[0]) if b else 0
        for k in range(1, len(read)):
            square = self.boundary(k) * self.boundary(k + 1)
            if any(square):
                raise LawViolated(
                    f"The boundary of a boundary is not 0: B_{k} B_{k + 1} = {square.tolist()}; check the orientations "
                    "of the cells."
                )

    @classmethod
    def simplicial(cls, simplices: Iterable[Sequence[Any]]) -> CellComplex:
        """The complex of some simplices and all their faces, each oriented by the order of its sorted vertices."""
        cells = _closed(simplices)
        place = [{cell: k for k, cell in enumerate(level)} for level in cells]
        boundaries = []
        for k, level in enumerate(cells[1:], start=1):
            columns = [_faces(cell, place[k - 1]) for cell in level]
            boundaries.append(tuple(tuple(c.get(i, 0) for c in columns) for i in range(len(cells[k - 1]))))
        return cls(len(cells[0]) if cells else 0, tuple(boundaries))

    @property
    def dimension(self) -> int:
        """The largest dimension of a cell."""
        return len(self.boundaries)

    def count(self, k: int) -> int:
        """The number of cells of dimension k."""
        if k == 0:
            return self.vertices
        return len(self.boundaries[k - 1][0]) if 1 <= k <= self.dimension and self.boundaries[k - 1] else 0

    def boundary(self, k: int) -> Any:
        """The exact matrix of ``B_k : C_k → C_{k-1}``; it is 0 for k = 0 and above the dimension."""
        if 1 <= k <= self.dimension:
            return sp.ImmutableMatrix(
                self.count(k - 1), self.count(k), [x for row in self.boundaries[k - 1] for x in row]
            )
        return sp.ImmutableMatrix(sp.zeros(self.count(k - 1) if k else 0, self.count(k)))

    def laplacian(self, k: int) -> Any:
        """The Hodge Laplacian ``L_k = B_kᵀ B_k + B_{k+1} B_{k+1}ᵀ``."""
        lower, upper = self.boundary(k), self.boundary(k + 1)
        return sp.ImmutableMatrix(lower.T * lower + upper * upper.T)

    def betti(self, k: int) -> int:
        """The number of k-dimensional holes, ``dim ker L_k``, over the rationals."""
        return int(self.count(k) - self.boundary(k).rank() - self.boundary(k + 1).rank())

    # Symmetry -----------------------------------------------------------------------------------------------------

    @cached_property
    def group(self) -> Group:
        """All automorphisms, as permutations of the oriented cells: those of positive orientation first, then negative.

        Vertices keep their sign.  Raises ``TooLarge`` for more than 1000 cells.
        """
        total = self._before(self.dimension + 1)
        colours = [2 * k for k in range(self.dimension + 1) for _ in range(self.count(k))]
        negative = [c + (c == 0) for c in colours]  # vertices are told apart from their opposites
        return group_of(automorphisms(self._relation(), colours + negative), 2 * total)

    def _before(self, k: int) -> int:
        """How many cells there are of dimensions below k."""
        return sum(self.count(i) for i in range(k))

    def _relation(self) -> Any:
        """Incidence of ±cells: a cell with its opposite, and each boundary with its signs."""
        import numpy as np

        total = self._before(self.dimension + 1)
        whole = np.zeros((total, total), dtype=np.int64)
        for k in range(1, self.dimension + 1):
            below, here = self._before(k - 1), self._before(k)
            b = np.array(self.boundaries[k - 1], dtype=np.int64).reshape(self.count(k - 1), self.count(k))
            whole[below:here, here : here + self.count(k)] = b
        opposite = np.eye(total, dtype=np.int64)
        return 3 * np.block([[whole, -whole], [-whole, whole]]) + np.kron([[0, 1], [1, 0]], opposite)

    def chains(self, k: int) -> Representation:
        """The automorphisms acting on k-chains: a permutation of the vertices for k = 0, signed permutations above."""
        total = self._before(self.dimension + 1)
        start, n = self._before(k), self.count(k)
        maps = {name: self.group.defining.index_map(name).tolist() for name in self.group.generators}
        images = {name: [f[start + j] for j in range(n)] for name, f in maps.items()}
        if all(i < total for f in images.values() for i in f):
            return Representation.permutation(
                self.group, {name: [i - start for i in f] for name, f in images.items()}, points=n
            )
        return Representation(
            self.group,
            {
                name: [[(1 if f[j] < total else -1) * (f[j] % total == start + i) for j in range(n)] for i in range(n)]
                for name, f in images.items()
            },
        )

    def reoriented(self, signs: Sequence[Sequence[int]]) -> CellComplex:
        """The same complex with other orientations: B_k becomes ``D_{k-1} B_k D_k`` for the diagonal matrices of signs.

        ``signs`` lists ±1 for the cells of each dimension from 0 on.  Raises ``ShapeMismatch`` otherwise.
        """
        sizes = [self.count(k) for k in range(self.dimension + 1)]
        if [len(s) for s in signs] != sizes or any(x not in (1, -1) for s in signs for x in s):
            raise ShapeMismatch(f"Signs ±1 for {sizes} cells were asked for and {[len(s) for s in signs]} were given.")
        turned = [
            tuple(tuple(signs[k - 1][i] * x * signs[k][j] for j, x in enumerate(row)) for i, row in enumerate(b))
            for k, b in enumerate(self.boundaries, start=1)
        ]
        return CellComplex(self.vertices, tuple(turned))


def _closed(simplices: Iterable[Sequence[Any]]) -> list[list[Simplex]]:
    """All faces of some simplices, sorted, by dimension."""
    found: dict[int, set[Simplex]] = {}
    for simplex in simplices:
        cell = tuple(sorted(simplex))
        if len(set(cell)) != len(cell):
            raise ShapeMismatch(f"The simplex {tuple(simplex)} repeats a vertex; list each vertex once.")
        for size in range(1, len(cell) + 1):
            found.setdefault(size, set()).update(itertools.combinations(cell, size))
    return [sorted(found[size]) for size in sorted(found)]


def _faces(cell: Simplex, place: dict[Simplex, int]) -> dict[int, int]:
    """The boundary ``Σ (-1)^i (v_0, ..., v_i omitted, ..., v_k)``."""
    return {place[cell[:i] + cell[i + 1 :]]: (-1) ** i for i in range(len(cell))}
