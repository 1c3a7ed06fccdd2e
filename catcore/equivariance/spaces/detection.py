"""Detection: which symmetries a given matrix, or tying pattern, respects.

Tying asks for the matrices that a group allows; detection is the other half of the Galois connection and asks for the
group that a matrix allows: pairs of a permutation τ of rows and σ of columns with ``W[τ i, σ j] = W[i, j]``, or one
permutation of both for a square matrix.  The group found is the whole one, given by generators: colour refinement and
an exhaustive search leave nothing out.  From a circulant whose points were relabelled it finds the translations, from
a random matrix nothing.  Infinitesimal symmetries ``X`` with ``X W = W X`` are a linear problem and are solved exactly.

>>> found = symmetries([[1, 2, 3], [3, 1, 2], [2, 3, 1]], both="same")
>>> found.order, found.evidence, found.columns.index_map("g0").tolist()
(3, 'exhaustive', [1, 2, 0])
>>> symmetries([[1, 2], [3, 4]]).order
1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from catcore.equivariance.families.automorphisms import automorphisms
from catcore.equivariance.families.graphs import group_of
from catcore.equivariance.groups.group import Group
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.representations.representation import LieRepresentation, Representation
from catcore.equivariance.spaces.homspace import HomSpace
from catcore.equivariance.strategies import null_space
from catcore.errors import BadSpecification, ShapeMismatch
from catcore.exact import Field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

Within = Literal["gl", "so", "diagonal"]


@dataclass(frozen=True)
class Symmetries:
    """The permutations of rows and columns that a matrix respects.

    ``rows`` and ``columns`` represent one group, so that ``equivariant_maps(columns, rows)`` is the space of all
    matrices with these symmetries; with ``signed`` they are signed permutations.  ``evidence`` is ``"exhaustive"`` for
    exact entries and ``"numeric"`` for floats, which count as equal within ``tolerance``; ``gap`` is then the smallest
    difference between entries that count as different, None if there is one class only.
    """

    group: Group
    rows: Representation
    columns: Representation
    evidence: str
    tolerance: float = 0.0
    gap: float | None = None

    @cached_property
    def order(self) -> Any:
        """How many pairs of permutations there are."""
        return self.group.order

    @property
    def trivial(self) -> bool:
        """Whether only the identity is respected."""
        return bool(self.order == 1)

    @cached_property
    def space(self) -> HomSpace:
        """All matrices with at least these symmetries."""
        from catcore.equivariance.strategies.solver import equivariant_maps

        return equivariant_maps(self.columns, self.rows)


def symmetries(
    matrix: Any, *, both: Literal["separate", "same"] = "separate", signed: bool = False, tolerance: float | None = None
) -> Symmetries:
    """The group of permutations that a matrix or a tying pattern respects, ``W[τ i, σ j] = W[i, j]``.

    ``matrix`` holds exact numbers (labels of a pattern are such), or floats, which need a ``tolerance``: entries closer
    than that, also through others in between, count as equal.  ``both="same"`` asks for τ = σ.  With ``signed`` the
    pairs are of signed permutations, ``τ W σ⁻¹ = W``.

    Raises ``ShapeMismatch`` for a matrix that is not rectangular, or not square with ``both="same"``,
    ``BadSpecification`` for floats without a tolerance, ``TooLarge`` when the search does not end.
    """
    classes, minus, gap = _classes(matrix, tolerance, signed=signed)
    m, n = classes.shape
    if both not in ("separate", "same"):
        raise BadSpecification(f"both = {both!r} was found; write 'separate' or 'same'.")
    if both == "same" and m != n:
        raise ShapeMismatch(f"One permutation of rows and columns was asked for and the matrix is {m}×{n}, not square.")
    table = _doubled(classes, minus) if signed else classes
    found = automorphisms(*(_square(table, signed) if both == "same" else _bipartite(table, signed)))
    group = group_of(found, 2 * m if both == "same" and signed else m if both == "same" else sum(table.shape))
    sides = _sides(group, m, n, both == "same", signed)
    evidence = "exhaustive" if tolerance is None else "numeric"
    return Symmetries(group, *sides, evidence, tolerance or 0.0, gap)


def _classes(matrix: Any, tolerance: float | None, *, signed: bool) -> tuple[Array, Array, float | None]:
    """The entries as class numbers, the class numbers of their negatives, and the gap between floating classes."""
    import numpy as np

    if tolerance is None:
        return (*_exact_classes(matrix), None)
    if not tolerance >= 0:
        raise BadSpecification(f"A tolerance of {tolerance} was found; it is a number of at least 0.")
    array = np.asarray(matrix, dtype=float)
    if array.ndim != 2 or not np.isfinite(array).all():
        raise ShapeMismatch("A matrix of finite numbers was asked for; give rows of equal length without nan or inf.")
    both = np.stack([array, -array])
    if not signed:
        both = both[:1]
    values = np.unique(both)
    steps = np.diff(values)
    number_of = np.concatenate([[0], np.cumsum(steps > tolerance)])
    found = number_of[np.searchsorted(values, both)]
    wide = steps[steps > tolerance]
    return found[0], found[-1], float(wide.min()) if len(wide) else None


def _exact_classes(matrix: Any) -> tuple[Array, Array]:
    import numpy as np

    array = np.asarray(matrix) if hasattr(matrix, "dtype") else None
    if array is not None and array.ndim == 2 and np.issubdtype(array.dtype, np.integer):
        found = np.unique(np.stack([array, -array.astype(np.int64)]), return_inverse=True)[1].reshape(2, *array.shape)
        return found[0], found[1]
    rows = _exact_rows(matrix)
    field = matrices.smallest_field([rows])
    elements = [[field.element(x) for x in row] for row in rows]
    number: dict[Any, int] = {}
    classes = [[number.setdefault(sign * x, len(number)) for row in elements for x in row] for sign in (1, -1)]
    shape = (len(rows), len(rows[0]) if rows else 0)
    plus, minus = (np.array(c, np.int64).reshape(shape) for c in classes)
    return plus, minus


def _exact_rows(matrix: Any) -> list[list[Any]]:
    rows = matrix.tolist() if hasattr(matrix, "tolist") else matrix
    if any(isinstance(x, float) for row in rows for x in row):
        raise BadSpecification(
            "The symmetries of a matrix of floats were asked for; say within which tolerance entries count as equal, "
            "such as tolerance=1e-9, or write the entries exactly."
        )
    return matrices.read_rows(matrix, "the matrix", None)


def _doubled(classes: Array, minus: Array) -> Array:
    """The matrix [[W, -W], [-W, W]]: signed permutations are the permutations of ±rows and ±columns that respect it."""
    import numpy as np

    return np.block([[classes, minus], [minus, classes]])


def _bipartite(table: Array, signed: bool) -> tuple[Array, list[int]]:
    """Rows and columns as the points of one relation, told apart by their colour."""
    import numpy as np

    m, n = table.shape
    whole = np.full((m + n, m + n), -1, dtype=np.int64)
    whole[:m, m:] = table
    if signed:
        for start, size in ((0, m), (m, n)):
            _link(whole[start : start + size, start : start + size])
    return whole, [0] * m + [1] * n


def _square(table: Array, signed: bool) -> tuple[Array, None]:
    import numpy as np

    whole = np.where(np.eye(len(table), dtype=bool), table * 2, table * 2 + 1)
    if signed:
        linked = np.zeros_like(whole)
        _link(linked)
        whole = whole * 3 + linked
    return whole, None


def _link(block: Array) -> None:
    """Mark the pairs of a point and its negative, so that both move together."""
    half = len(block) // 2
    for i in range(half):
        block[i, i + half] = block[i + half, i] = -2


def _sides(group: Group, m: int, n: int, same: bool, signed: bool) -> tuple[Representation, Representation]:
    width = 2 if signed else 1
    maps = {name: group.defining.index_map(name).tolist() for name in group.generators}
    rows = {name: f[: width * m] for name, f in maps.items()}
    columns = rows if same else {name: [i - width * m for i in f[width * m :]] for name, f in maps.items()}
    if signed:
        return tuple(  # type: ignore[return-value]
            Representation(group, {name: _signed(f, k) for name, f in side.items()})
            for side, k in ((rows, m), (columns, n))
        )
    return (
        Representation.permutation(group, rows, points=m),
        Representation.permutation(group, columns, points=n),
    )


def _signed(images: Sequence[int], n: int) -> list[list[int]]:
    """The signed permutation matrix of a permutation of ±points."""
    rows = [[0] * n for _ in range(n)]
    for j in range(n):
        rows[images[j] % n][j] = 1 if images[j] < n else -1
    return rows


# Infinitesimal ----------------------------------------------------------------------------------------------------


def infinitesimal_symmetries(*given: Any, within: Within = "gl") -> tuple[Any, ...]:
    """A basis of the matrices X with ``X W = W X`` for each of some square matrices W.

    ``within`` asks for a subalgebra: all matrices (``"gl"``), the antisymmetric ones (``"so"``) or the diagonal ones
    (``"diagonal"``).  The answer is closed under brackets: it is the Lie algebra of the group that commutes with the W,
    and :func:`lie_representation` makes it one.  Exact; raises ``ShapeMismatch`` unless all are square and of one size.

    >>> infinitesimal_symmetries([[1, 2], [-2, 1]], within="so")
    (Matrix([
    [ 0, 1],
    [-1, 0]]),)
    """
    rows = [matrices.read_square(w, f"matrix {k}", None) for k, w in enumerate(given)]
    if len({len(r) for r in rows}) != 1:
        raise ShapeMismatch(
            f"Square matrices of one size were asked for and sizes {[len(r) for r in rows]} were found; one matrix at "
            "least is needed, and what is found commutes with each."
        )
    field = matrices.smallest_field(rows)
    pairs = [(matrices.from_rows(r, field), matrices.from_rows(r, field)) for r in rows]
    basis = null_space.solve(pairs, len(rows[0]), len(rows[0]), field)
    found = _restricted(basis.matrices, within, len(rows[0]), field)
    return tuple(matrices.to_sympy(x, field) for x in found)


def _restricted(basis: Sequence[Any], within: Within, n: int, field: Field) -> list[Any]:
    """The combinations of a basis that satisfy the linear conditions of a subalgebra."""
    if within == "gl":
        return list(basis)
    if within not in ("so", "diagonal"):
        raise BadSpecification(f"within = {within!r} was found; write 'gl', 'so' or 'diagonal'.")
    from sympy.polys.matrices import DomainMatrix

    conditions: dict[tuple[int, int], Any] = {}
    for k, x in enumerate(basis):
        wrong = x + x.transpose() if within == "so" else x
        for (i, j), value in wrong.to_dok().items():
            if within == "so" or i != j:
                conditions[i * n + j, k] = value
    system = DomainMatrix.from_dok(conditions, (n * n, len(basis)), field.domain)
    kernel = system.nullspace().to_dok() if basis else {}
    combined: dict[int, Any] = {}
    for (row, k), c in kernel.items():
        term = basis[k] * c
        combined[row] = combined[row] + term if row in combined else term
    return [combined[row] for row in sorted(combined)]


def lie_representation(basis: Sequence[Any]) -> LieRepresentation:
    """The Lie algebra that some matrices span, as a representation with generators X1, X2, ..., to solve with."""
    return Representation.lie({f"X{k}": x for k, x in enumerate(basis, start=1)})
