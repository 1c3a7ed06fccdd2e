"""Homomorphisms by highest weight vectors, modulo a prime: as many unknowns as solutions, and nothing is eliminated.

Let both sides be graded by weights.  A homomorphism W sends the vectors that all raising generators annihilate to such
vectors of the same weight; and where these generate V_in by lowering, as they do for a semisimple Lie algebra in
characteristic 0, W is known by them, ``W f u = f W u``.  All arithmetic is between spaces of one weight.  Other
generators, such as those of a finite group beside the Lie algebra, restrict the W found by their equations on random
vectors, and so would raising and lowering if the algebra were not semisimple: all that commute are among those found
(Humphreys, *Introduction to Lie Algebras and Representation Theory*, §20; Weyl's theorem on complete reducibility).

>>> from catcore.equivariance import SL, equivariant_maps
>>> V = SL(2).defining.sym(2)
>>> equivariant_maps(V @ V.sym(2), V.sym(3)).how
'highest weights, 3 unknowns; 1 prime'
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catcore.equivariance.strategies.weights import Grading, Pairs, Side

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.modular import Array, PrimeField
    from catcore.equivariance.strategies.weights import Index

CONFIRMING_BITS = 40  # a space with a W that does not commute passes unseen once in 2^40
MAX_NUMBERS = 2**27  # entries of all W together: 1 GiB
SEED = 20211  # of the random vectors, so that answers repeat


def solve(F: PrimeField, pairs: Pairs, grades: Grading) -> Array | None:
    """All W modulo p, one a row of entries at ``grades.places``; None where lowering does not generate V_in, or the
    highest weight vectors leave more than :data:`MAX_NUMBERS` entries of all W together."""
    left = Module(F, grades.inputs, [grades.inputs.sorted(a) for a, _ in pairs], grades)
    right = Module(F, grades.outputs, [grades.outputs.sorted(b) for _, b in pairs], grades)
    parts = _parts(F, left, right)
    if parts is None:
        return None
    found = Maps(F, left, right, parts)
    return F.multiply(found.commuting().T, found.rows)


@dataclass(frozen=True, eq=False)
class Module:
    """One side: the generators in the sorted basis, read weight by weight."""

    F: PrimeField
    side: Side
    generators: list[Any]
    grades: Grading

    def block(self, s: int, source: int, target: int) -> Array:
        """What generator s does between the vectors of two weights."""
        block = self.generators[s][self.side.part(target), self.side.part(source)]
        dense: Array = block.toarray() if hasattr(block, "toarray") else block
        return dense

    @cached_property
    def highest(self) -> list[Array]:
        """For each weight, a basis of the vectors that everything raises to zero, as columns."""
        return [self._highest(w) for w in range(self.grades.count)]

    def _highest(self, w: int) -> Array:
        import numpy as np

        up = [self.block(x.generator, w, int(x.to[w])) for x in self.grades.raising if x.to[w] >= 0]
        return self.F.null_space(np.vstack(up)) if up else np.eye(self.side.size(w))

    @cached_property
    def above(self) -> list[list[tuple[int, int]]]:
        """For each weight, the generators that lower another weight to it, and which."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.grades.count)]
        for shift in self.grades.lowering:
            for w, lower in enumerate(shift.to.tolist()):
                if lower >= 0:
                    found[lower].append((shift.generator, w))
        return found


def _parts(F: PrimeField, left: Module, right: Module) -> list[Array] | None:
    """For each weight the W between its vectors: (input, output, unknown), for the unknowns met so far."""
    counts = [h.shape[1] * k.shape[1] for h, k in zip(left.highest, right.highest, strict=True)]
    if sum(counts) * sum(left.side.size(w) * right.side.size(w) for w in range(len(counts))) > MAX_NUMBERS:
        return None
    parts: list[Array] = []
    for w, unknowns in enumerate(itertools.accumulate(counts)):
        part = _part(F, left, right, w, parts, unknowns)
        if part is None:
            return None
        parts.append(part)
    return parts


def _part(F: PrimeField, left: Module, right: Module, w: int, parts: list[Array], unknowns: int) -> Array | None:
    """The W of one weight from those above: on highest weight vectors free, and known on what is lowered to it."""
    import numpy as np

    n, m, above = left.side.size(w), right.side.size(w), left.above[w]
    if not n:
        return np.zeros((0, m, unknowns))
    top, image = left.highest[w], right.highest[w]
    lowered = np.hstack([np.zeros((n, 0)), *(left.block(s, v, w) for s, v in above)])
    chosen = np.sort(F.echelon(lowered.T).sources)
    if top.shape[1] + len(chosen) != n:
        return None
    found = F.echelon(np.hstack([top, lowered[:, chosen], np.eye(n)]))
    if found.pivots.tolist() != list(range(n)):
        return None
    images = np.zeros((n, m, unknowns))
    first = unknowns - top.shape[1] * image.shape[1]
    for i in range(top.shape[1]):
        images[i, :, first + i * image.shape[1] : first + (i + 1) * image.shape[1]] = image
    taken = top.shape[1]
    for (s, v), columns in _by_generator(above, left, chosen):
        below = F.multiply(right.block(s, v, w), parts[v][columns])
        images[taken : taken + len(columns), :, : below.shape[2]] = below
        taken += len(columns)
    return F.multiply(found.rows[:, n:].T, images.reshape(n, m * unknowns)).reshape(n, m, unknowns)


def _by_generator(above: list[tuple[int, int]], left: Module, chosen: Index) -> list[tuple[tuple[int, int], Index]]:
    """The chosen columns of stacked blocks, block by block."""
    starts = list(itertools.accumulate((left.side.size(v) for _, v in above), initial=0))
    return [
        (step, chosen[(chosen >= start) & (chosen < stop)] - start)
        for step, (start, stop) in zip(above, itertools.pairwise(starts), strict=True)
    ]


@dataclass(frozen=True, eq=False)
class Maps:
    """A family of W that keep weights, by their parts."""

    F: PrimeField
    left: Module
    right: Module
    parts: list[Array]

    @property
    def count(self) -> int:
        """How many W there are."""
        return int(self.parts[-1].shape[2])

    @cached_property
    def rows(self) -> Array:
        """The entries of each W, one a row."""
        import numpy as np

        rows, done = np.zeros((self.count, sum(p.shape[0] * p.shape[1] for p in self.parts))), 0
        for part in self.parts:
            size = part.shape[0] * part.shape[1]
            rows[: part.shape[2], done : done + size] = part.reshape(size, part.shape[2]).T
            done += size
        return rows

    def applied(self, z: Array) -> Array:
        """The W on some vectors, which are the columns of z: (output, W, vector)."""
        import numpy as np

        images = np.zeros((len(self.right.side.order), self.count, z.shape[1]))
        for w, part in enumerate(self.parts):
            n, m, unknowns = part.shape
            image = self.F.multiply(part.reshape(n, m * unknowns).T, z[self.left.side.part(w)])
            images[self.right.side.part(w), :unknowns] = image.reshape(m, unknowns, z.shape[1])
        return images

    def commuting(self) -> Array:
        """A basis of the combinations of the W that commute with all generators on random vectors, as columns."""
        import numpy as np

        rng, n = np.random.default_rng(SEED), len(self.left.side.order)
        kernel = np.eye(self.count)
        while kernel.shape[1]:
            z = self.F.random((n, -(-CONFIRMING_BITS // self.F.p.bit_length())), rng)
            restricted = self.F.null_space(self.F.multiply(self._defects(z), kernel))
            if restricted.shape[1] == kernel.shape[1]:
                break
            kernel = self.F.multiply(kernel, restricted)
        return kernel

    def _defects(self, z: Array) -> Array:
        """``W a z - b W z`` for all generators, one W a column."""
        import numpy as np

        images = self.applied(z)
        m, count, k = images.shape
        found = []
        for a, b in zip(self.left.generators, self.right.generators, strict=True):
            moved = self.F.multiply(b, images.reshape(m, count * k)).reshape(m, count, k)
            defect = self.F.reduce(self.applied(self.F.multiply(a, z)) - moved)
            found.append(defect.transpose(0, 2, 1).reshape(m * k, count))
        return np.vstack(found)


__all__ = ["MAX_NUMBERS", "solve"]
