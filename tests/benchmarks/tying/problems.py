"""A problem of the benchmark: a base representation by its generators, and the tensor orders ``V^⊗k → V^⊗l``.

Nothing here belongs to one solver, so that each reads the same numbers.  An index map ``m`` sends basis vector j to
basis vector ``m[j]``; a matrix is a list of rows of integers; generators of kind ``lie`` are infinitesimal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Images = Any  # of points, list[int], or the rows of a matrix, list[list[int]]


@dataclass(frozen=True)
class Problem:
    """One space of homomorphisms with its known dimension.

    Args:
        id: the row's name in the table.
        dim: the dimension, known without a solver.
        why: where the dimension comes from.
        kind: ``group``, ``monoid`` or ``lie``.
        generators: the base representation, index maps or matrices.
        orders: tensor orders ``(k, l)`` of input and output.
        name: the group's name, for solvers that know it by name.
        components: one group element for each further component, beside infinitesimal generators.
        asked: ``basis``, or ``labels`` where the pattern is to be written out, or ``layer`` to be applied.
        complexified: whether the dimension counts complex parameters.
    """

    id: str
    dim: int
    why: str
    kind: str
    generators: Mapping[str, Images]
    orders: tuple[int, int] = (1, 1)
    name: str | None = None
    components: Mapping[str, Images] = field(default_factory=dict)
    asked: str = "basis"
    complexified: bool = False

    @property
    def degree(self) -> int:
        """The dimension of the base representation."""
        return len(next(iter((*self.generators.values(), *self.components.values()))))

    def written(self) -> dict[str, Any]:
        """The problem as JSON holds it."""
        return asdict(self)


def read(data: Mapping[str, Any]) -> Problem:
    """The problem that :meth:`Problem.written` wrote."""
    return Problem(**{**data, "orders": tuple(data["orders"])})


def is_index_map(images: Images) -> bool:
    """Whether these are images of points, and not the rows of a matrix."""
    return not isinstance(images[0], Sequence)
