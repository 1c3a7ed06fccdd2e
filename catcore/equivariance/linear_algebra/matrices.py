"""Exact sparse matrices over a field, and the constructions that representations are made of.

Matrices are SymPy ``DomainMatrix`` values in sparse form over the domain of a :class:`~catcore.exact.Field`.  The
functions here are direct sums, Kronecker products (also of Lie algebra elements, by Leibniz), symmetric and
alternating powers, and the readers that turn nested lists into matrices.  Basis vector ``i`` of the first factor and
``j`` of the second make basis vector ``i·n + j`` of a product.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from catcore.errors import ShapeMismatch, TooLarge
from catcore.exact import Field, exact_number, field_of

Entries = dict[tuple[int, int], Any]
MAX_DEGREE = 20_000  # rows of an exact matrix
MAX_NONZERO = 4_000_000


def sparse(entries: Mapping[tuple[int, int], Any], shape: tuple[int, int], field: Field) -> Any:
    """The matrix with these nonzero entries; raises ``TooLarge`` for a shape that could not be computed with."""
    if max(shape, default=0) > MAX_DEGREE or len(entries) > MAX_NONZERO:
        raise TooLarge(
            f"An exact {shape[0]}×{shape[1]} matrix was asked for; at most {MAX_DEGREE} rows are computed with.  "
            "Take smaller tensor powers, or only the dimension of a classical group's space, which needs none "
            "(W.dim, or catcore tie without -o and --picture); permutations given as index maps are not limited so."
        )
    return DomainMatrix.from_dok({place: x for place, x in entries.items() if x}, shape, field.domain)


def identity(n: int, field: Field) -> Any:
    """The n×n identity."""
    return sparse({(i, i): field.domain.one for i in range(n)}, (n, n), field)


def read_rows(rows: Any, where: str, field: Field | None) -> list[list[Any]]:
    """A nested list (or SymPy or NumPy matrix) of exact numbers; raises ``ShapeMismatch`` when its rows differ in
    length."""
    if hasattr(rows, "tolist"):
        rows = rows.tolist()
    if (
        not isinstance(rows, Sequence)
        or isinstance(rows, str)
        or any(isinstance(r, str) or not isinstance(r, Sequence) for r in rows)
    ):
        raise ShapeMismatch(
            f"A matrix was asked for at {where} and {str(rows)[:60]!r} was found; write a list of rows."
        )
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        raise ShapeMismatch(
            f"A matrix was asked for at {where} and its rows have lengths {_few(lengths)}; make them equal."
        )
    known: dict[int, Any] = {}  # plain integers, which come again and again

    def read(x: Any, i: int, j: int) -> Any:
        number = known.get(x) if type(x) is int else None
        if number is None:
            number = exact_number(x, field=field, where=f"{where}, row {i}, column {j}")
            if type(x) is int:
                known[x] = number
        return number

    return [[read(x, i, j) for j, x in enumerate(row)] for i, row in enumerate(rows)]


def read_square(rows: Any, where: str, field: Field | None) -> list[list[Any]]:
    """The same for a square matrix; raises ``ShapeMismatch`` otherwise."""
    read = read_rows(rows, where, field)
    if not read or len(read[0]) != len(read):
        raise ShapeMismatch(
            f"A square matrix was asked for at {where} and a {len(read)}×{len(read[0]) if read else 0} one was "
            "found; a generator maps the space to itself."
        )
    return read


def _few(lengths: Sequence[int]) -> str:
    return ", ".join(map(str, lengths[:8])) + (", ..." if len(lengths) > 8 else "")


def from_rows(rows: Sequence[Sequence[Any]], field: Field) -> Any:
    """The exact matrix of SymPy numbers."""
    entries = {(i, j): field.element(x) for i, row in enumerate(rows) for j, x in enumerate(row) if x}
    return sparse(entries, (len(rows), len(rows[0]) if rows else 0), field)


def to_sympy(matrix: Any, field: Field) -> Any:
    """The immutable SymPy matrix of numbers."""
    entries = {place: field.expression(x) for place, x in matrix.to_dok().items()}
    return sp.ImmutableMatrix(sp.SparseMatrix(*matrix.shape, entries))


def smallest_field(all_rows: Sequence[Sequence[Sequence[Any]]]) -> Field:
    """The number field that the entries of some matrices generate."""
    return field_of({x for rows in all_rows for row in rows for x in row})


def change_field(matrix: Any, old: Field, new: Field) -> Any:
    """The same matrix over a larger field (or its reduction modulo p when the entries are integers)."""
    if old.domain == new.domain:
        return matrix
    if not old.generators and not new.characteristic:
        return matrix.convert_to(new.domain)
    return sparse({place: new.element(old.expression(x)) for place, x in matrix.to_dok().items()}, matrix.shape, new)


def from_index_map(images: Sequence[int], field: Field) -> Any:
    """The 0/1 matrix that sends basis vector j to basis vector ``images[j]``."""
    n = len(images)
    return sparse({(int(i), j): field.domain.one for j, i in enumerate(images)}, (n, n), field)


def direct_sum(a: Any, b: Any, field: Field) -> Any:
    """The block-diagonal matrix a ⊕ b."""
    (m, n), (k, l) = a.shape, b.shape
    lower = {(i + m, j + n): x for (i, j), x in b.to_dok().items()}
    return sparse(a.to_dok() | lower, (m + k, n + l), field)


def copies(a: Any, n: int, field: Field) -> Any:
    """The block-diagonal matrix of n copies of a."""
    m = a.shape[0]
    entries = {(c * m + i, c * m + j): x for (i, j), x in a.to_dok().items() for c in range(n)}
    return sparse(entries, (n * m, n * m), field)


def kronecker(a: Any, b: Any, field: Field) -> Any:
    """The Kronecker product a ⊗ b."""
    (m, n), (k, l) = a.shape, b.shape
    left, right = a.to_dok(), b.to_dok()
    if len(left) * len(right) > MAX_NONZERO:
        raise TooLarge(
            f"A tensor product with {len(left) * len(right)} nonzero entries was asked for; at most "
            f"{MAX_NONZERO} are kept."
        )
    entries = {(i * k + p, j * l + q): x * y for (i, j), x in left.items() for (p, q), y in right.items()}
    return sparse(entries, (m * k, n * l), field)


def leibniz(a: Any, b: Any, field: Field) -> Any:
    """The action of a Lie algebra element on a product: a ⊗ 1 + 1 ⊗ b."""
    m, k = a.shape[0], b.shape[0]
    return kronecker(a, identity(k, field), field) + kronecker(identity(m, field), b, field)


def tensor_power(a: Any, k: int, field: Field, *, infinitesimal: bool = False) -> Any:
    """The k-fold tensor power; of order 0 it is 1 (or 0 for a Lie algebra element) on the ground field."""
    if k == 0:
        return sparse({} if infinitesimal else {(0, 0): field.domain.one}, (1, 1), field)
    product = leibniz if infinitesimal else kronecker
    result = a
    for _ in range(k - 1):
        result = product(result, a, field)
    return result


def multisets(n: int, k: int) -> list[tuple[int, ...]]:
    """The basis of Sym^k: nondecreasing k-tuples, in lexicographic order."""
    return list(itertools.combinations_with_replacement(range(n), k))


def symmetric_power(a: Any, k: int, field: Field, *, infinitesimal: bool = False) -> Any:
    """The action on monomials of degree k, a quotient of the k-fold tensor power."""

    def sort(t: Sequence[int]) -> int:
        return 1

    return _quotient(a, field, multisets(a.shape[0], k), sort, infinitesimal=infinitesimal)


def alternating_power(a: Any, k: int, field: Field, *, infinitesimal: bool = False) -> Any:
    """The action on k-vectors ``e_i ∧ e_j ∧ ...`` with i < j < ..., a quotient of the k-fold tensor power."""
    basis = list(itertools.combinations(range(a.shape[0]), k))

    def sort(t: Sequence[int]) -> int:
        return parity(t) if len(set(t)) == len(t) else 0

    return _quotient(a, field, basis, sort, infinitesimal=infinitesimal)


def _quotient(
    a: Any, field: Field, basis: list[tuple[int, ...]], sort: Callable[[Sequence[int]], int], *, infinitesimal: bool
) -> Any:
    """Columns are products of columns of a, expanded and sorted; ``sort`` is the sign that sorting costs, or 0."""
    columns: dict[int, list[tuple[int, Any]]] = {}
    for (i, j), x in a.to_dok().items():
        columns.setdefault(j, []).append((i, x))
    place = {t: i for i, t in enumerate(basis)}
    entries: Entries = {}
    expand = _leibniz_terms if infinitesimal else _product_terms
    for column, t in enumerate(basis):
        for images, x in expand(columns, t, field):
            if sign := sort(images):
                at = (place[tuple(sorted(images))], column)
                entries[at] = entries.get(at, field.domain.zero) + (x if sign > 0 else -x)
        if len(entries) > MAX_NONZERO:
            break  # sparse() refuses it with a sentence
    return sparse(entries, (len(basis), len(basis)), field)


Columns = Mapping[int, Sequence[tuple[int, Any]]]


def _product_terms(columns: Columns, t: tuple[int, ...], field: Field) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The terms of ``a e_i · a e_j · ...``."""
    for terms in itertools.product(*(columns.get(j, ()) for j in t)):
        yield tuple(i for i, _ in terms), math.prod((x for _, x in terms), start=field.domain.one)


def _leibniz_terms(columns: Columns, t: tuple[int, ...], field: Field) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The terms of ``a e_i · e_j · ... + e_i · a e_j · ... + ...``."""
    for place, j in enumerate(t):
        for i, x in columns.get(j, ()):
            yield (*t[:place], i, *t[place + 1 :]), x


def parity(images: Sequence[int]) -> int:
    """+1 or -1 as the sequence has an even or an odd number of inversions."""
    return math.prod(-1 if images[i] > images[j] else 1 for i in range(len(images)) for j in range(i + 1, len(images)))
