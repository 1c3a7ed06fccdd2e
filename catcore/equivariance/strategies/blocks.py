"""Direct sums block by block: ``Hom(⊕ A_i, ⊕ B_j) = ⊕ Hom(A_i, B_j)``, each block by its own strategy.

Where the summands are tensor powers that diagrams solve, nothing as large as a block is formed either.  Reduced echelon
bases of the blocks, in the order of their pivots, are the one of the whole.

>>> from catcore.equivariance import equivariant_maps, symmetric
>>> points = symmetric(10**6).defining
>>> equivariant_maps(points + points.tensor(2), points + points.tensor(2)).dim
27
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.spaces.spans import Span
from catcore.equivariance.strategies.null_space import Basis
from catcore.equivariance.strategies.orbits import MAX_ENTRIES, Pattern
from catcore.errors import TooLarge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from catcore.equivariance.representations.representation import Representation
    from catcore.equivariance.spaces.homspace import HomSpace
    from catcore.exact import Field


@dataclass(frozen=True, eq=False)
class BlockSpan(Span):
    """Hom spaces of the summands: ``blocks[j][i]`` maps input summand i to output summand j."""

    blocks: tuple[tuple[HomSpace, ...], ...]

    @cached_property
    def _flat(self) -> list[tuple[HomSpace, int, int]]:
        """Every block with the row and the column at which it starts."""
        rows = itertools.accumulate((line[0].shape[0] for line in self.blocks), initial=0)
        found = []
        for line, top in zip(self.blocks, rows, strict=False):
            columns = itertools.accumulate((block.shape[1] for block in line), initial=0)
            found += [(block, top, left) for block, left in zip(line, columns, strict=False)]
        return found

    @property
    def count(self) -> int:
        """The sum of the dimensions."""
        return sum(block.dim for block, _, _ in self._flat)

    @property
    def counted_by(self) -> str:
        """Block by block."""
        return "the sum over the summands"

    @cached_property
    def _order(self) -> list[int]:
        """The elements of the blocks, in the order in which they first appear row by row where blocks are patterns."""
        leads = [_leads(block, top, left) for block, top, left in self._flat]
        if any(lead is None for lead in leads):
            return list(range(self.count))
        flat = [place for lead in leads for place in lead or ()]
        return sorted(range(self.count), key=flat.__getitem__)

    @cached_property
    def elements(self) -> Sequence[Any]:
        """The elements of the blocks, as (block row, block column, element)."""
        listed = [
            (j, i, element)
            for j, line in enumerate(self.blocks)
            for i, block in enumerate(line)
            for element in (block.span.elements if block.span is not None else range(block.dim))
        ]
        return [listed[k] for k in self._order]

    def _parts(self, theta: Any) -> list[Any]:
        """The parameters of each block."""
        import numpy as np

        inner = np.empty(len(theta), np.asarray(theta).dtype)
        inner[self._order] = theta
        return np.split(inner, list(itertools.accumulate(block.dim for block, _, _ in self._flat))[:-1])

    def materialise(self, field: Field) -> Pattern | Basis:
        """One pattern where every block has one, else exact matrices; raises ``TooLarge`` above 2²⁸ entries."""
        shape = (sum(line[0].shape[0] for line in self.blocks), sum(block.shape[1] for block in self.blocks[0]))
        if shape[0] * shape[1] > MAX_ENTRIES:
            raise TooLarge(
                f"A {shape[0]}×{shape[1]} tying pattern was asked for, {4 * shape[0] * shape[1]} bytes and above "
                f"{MAX_ENTRIES} labels; apply(theta, x) and span.elements stay lazy, and dim counts it."
            )
        if all(isinstance(block.solution, Pattern) for block, _, _ in self._flat):
            return self._pattern(shape)
        return Basis(self._family(shape, field), "direct summands")

    def _numbers(self) -> list[Any]:
        """The number, from 1, of each element of each block."""
        import numpy as np

        return self._parts(np.arange(1, self.count + 1))

    def _pattern(self, shape: tuple[int, int]) -> Pattern:
        import numpy as np

        labels = np.zeros(shape, np.int32)
        for (block, top, left), numbers in zip(self._flat, self._numbers(), strict=True):
            signed = np.concatenate([[0], numbers, -numbers[::-1]]).astype(np.int32)
            labels[top : top + block.shape[0], left : left + block.shape[1]] = signed[block.labels]
        return Pattern(labels, self.count)

    def _family(self, shape: tuple[int, int], field: Field) -> MatrixFamily:
        vectors: dict[int, dict[int, Any]] = {}
        for (block, top, left), numbers in zip(self._flat, self._numbers(), strict=True):
            for number, matrix in zip(numbers.tolist(), block._exact_basis, strict=True):
                entries = matrices.change_field(matrix, block.field, field).to_dok().items()
                vectors[number] = {(top + i) * shape[1] + left + j: x for (i, j), x in entries}
        return MatrixFamily.of([vectors[k] for k in range(1, self.count + 1)], shape, field)

    def apply(self, theta: Any, x: Any) -> NDArray[Any]:
        """``Σ θ_k B_k x``, block by block."""
        import numpy as np

        array, rows = np.asarray(x), dict[int, Any]()
        for (block, top, left), part in zip(self._flat, self._parts(np.asarray(theta)), strict=True):
            rows[top] = rows.get(top, 0) + block.apply(part, array[..., left : left + block.shape[1]])
        return np.concatenate(list(rows.values()), axis=-1)

    def independent(self) -> bool:
        """Whether the elements of every block are."""
        from catcore.equivariance.certificates.laws import independent

        return all(independent(block) for block, _, _ in self._flat)

    def lawful(self, rho_in: Representation, rho_out: Representation) -> bool:
        """Whether every block is."""
        return all(block.checked for block, _, _ in self._flat)


def _leads(block: HomSpace, top: int, left: int) -> list[tuple[int, int]] | None:
    """Where each element of a block first appears; None where the rule of the block does not say."""
    found = _first(block.solution) if block.span is None else getattr(block.span, "leads", None)
    return None if found is None else [(top + i, left + j) for i, j in found]


def _first(solution: Basis | Pattern) -> list[tuple[int, int]]:
    """Where each parameter first appears, row by row."""
    import numpy as np

    if isinstance(solution, Pattern):
        numbers, places = np.unique(np.abs(solution.labels), return_index=True)
        return [divmod(u, solution.labels.shape[1]) for u in places[numbers > 0].tolist()]
    return [min(matrix.to_dok()) for matrix in solution.matrices]
