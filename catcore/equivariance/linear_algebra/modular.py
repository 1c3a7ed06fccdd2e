"""Linear algebra modulo a prime on floating-point arrays, exactly: products, echelon forms, null spaces, inverses.

Residues are kept balanced, between -p/2 and p/2, as doubles.  A product of two of them is below p²/4 and doubles hold
integers up to 2⁵³, so for p < 2²³ as many as 512 products add up without rounding, and the matrix products of BLAS are
products modulo p once each is reduced.  Echelon forms proceed by panels of columns, so that their cost too is that of
products (Dumas, Giorgi and Pernet, *Dense linear algebra over word-size prime fields*, 2008).

>>> import numpy as np
>>> F7 = PrimeField(7)
>>> F7.null_space(np.array([[1.0, 2.0, 3.0]])).T.tolist()
[[-2.0, 1.0, 0.0], [-3.0, 0.0, 1.0]]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LARGEST = 2**23  # primes are below this
PANEL = 48  # columns that are searched for pivots together
WIDE = 4  # columns over rows, above which pivots are found before the rest is touched


def primes(below: int = LARGEST) -> Iterator[int]:
    """The primes below a number, at most :data:`LARGEST`, the largest first."""
    p = below
    while (p := int(sp.prevprime(p))) > 2**20:
        yield p


@dataclass(frozen=True)
class Echelon:
    """The reduced echelon form of a matrix: its nonzero rows, their pivot columns, and the rows that they came from."""

    rows: Array
    pivots: NDArray[np.int64]
    sources: NDArray[np.int64]

    @property
    def rank(self) -> int:
        """How many rows there are."""
        return len(self.pivots)


@dataclass(frozen=True)
class PrimeField:
    """The integers modulo a prime below 2²³, as balanced residues in double precision."""

    p: int

    @cached_property
    def terms(self) -> int:
        """How many products of two residues add up below 2⁵³."""
        return max(1, 2**53 // (self.p // 2 + 1) ** 2 - 1)

    def reduce(self, x: Any) -> Array:
        """Balanced residues of integers below 2⁵³."""
        import numpy as np

        quotient = x * (1.0 / self.p)
        np.rint(quotient, out=quotient)
        quotient *= self.p
        reduced: Array = np.subtract(x, quotient, out=quotient)
        return reduced

    def multiply(self, a: Any, b: Any) -> Array:
        """The matrix product; ``a`` may be a sparse array with few entries in a row."""
        import numpy as np
        from scipy.sparse import issparse

        inner = a.shape[-1]
        if issparse(a) or inner <= self.terms:
            return self.reduce(a @ b)
        total: Array = np.zeros(())
        for start in range(0, inner, self.terms):
            part = slice(start, start + self.terms)
            total = self.reduce(total + self.reduce(a[..., part] @ (b[part] if b.ndim == 1 else b[..., part, :])))
        return total

    def reciprocal(self, x: float) -> int:
        """The inverse of a nonzero residue."""
        return pow(int(x) % self.p, -1, self.p)

    def random(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Residues drawn uniformly."""
        return self.reduce(rng.integers(0, self.p, shape).astype(float))

    def echelon(self, matrix: Any) -> Echelon:
        """The reduced row echelon form."""
        import numpy as np

        M = np.asarray(matrix, dtype=float)
        live = np.flatnonzero(np.any(M, axis=0))
        M = M[:, live]
        found = self._of_wide(M) if M.shape[1] > WIDE * len(M) else self._by_panels(M)
        rows = np.zeros((found.rank, np.shape(matrix)[1]))
        rows[:, live] = found.rows
        return Echelon(rows, live[found.pivots], found.sources)

    def _by_panels(self, M: Array) -> Echelon:
        """Panel after panel, clearing all columns to its right at once; overwrites the matrix."""
        import numpy as np

        source, pivots, row = np.arange(len(M)), list[int](), 0
        for start in range(0, M.shape[1], PANEL):
            if row == len(M):
                break
            rows, columns = self._pivots(M[row:, start : start + PANEL])
            if rows:
                self._to_front(M, source, row, rows)
                self._clear(M, row, row + len(rows), [start + c for c in columns], start)
                pivots += [start + c for c in columns]
                row += len(rows)
        return Echelon(M[:row], np.array(pivots, dtype=np.int64), source[:row])

    def _of_wide(self, M: Array) -> Echelon:
        """Pivots first, looking at a panel of columns modulo those found; then the rows by one product."""
        import numpy as np

        T, names, pivots = np.eye(len(M)), np.arange(len(M)), list[int]()  # T M: the rows left, pivots cleared
        sources = list[int]()
        width = max(PANEL, len(M))
        for start in range(0, M.shape[1], width):
            if not len(T):
                break
            found = self._by_panels(self.multiply(T, M[:, start : start + width]))
            if not found.rank:
                continue
            rows, columns = found.sources, [int(start + c) for c in found.pivots]
            pivots += columns
            sources += names[rows].tolist()
            rest = np.setdiff1d(np.arange(len(T)), rows)
            block = self.multiply(T[rows], M[:, columns])
            clear = self.multiply(self.multiply(T[rest], M[:, columns]), self.inverse(block))
            T, names = self.reduce(T[rest] - self.multiply(clear, T[rows])), names[rest]
        chosen = M[np.array(sources, dtype=np.int64)]
        rows_ = self.multiply(self.inverse(chosen[:, pivots]), chosen) if pivots else chosen
        return Echelon(rows_, np.array(pivots, dtype=np.int64), np.array(sources, dtype=np.int64))

    def _pivots(self, panel: Array) -> tuple[list[int], list[int]]:
        """Rows and columns of an invertible block of the panel as large as its rank, the columns leftmost."""
        import numpy as np

        P = panel[np.any(panel, axis=1)].copy()
        name = np.flatnonzero(np.any(panel, axis=1))
        free = np.ones(len(P), dtype=bool)
        rows, columns = list[int](), list[int]()
        for c in range(P.shape[1]):
            candidates = np.flatnonzero((P[:, c] != 0) & free)
            if not len(candidates):
                continue
            r = candidates[0]
            free[r] = False
            rows.append(int(name[r]))
            columns.append(c)
            if len(others := candidates[1:]):
                scaled = self.reduce(P[r, c:] * self.reciprocal(P[r, c]))
                P[others, c:] = self.reduce(P[others, c:] - np.outer(P[others, c], scaled))
        return rows, columns

    @staticmethod
    def _to_front(M: Array, source: NDArray[np.int64], row: int, rows: list[int]) -> None:
        """Move these rows (counted from ``row``) to the front, in this order."""
        import numpy as np

        rest = np.ones(len(M) - row, dtype=bool)
        rest[rows] = False
        head = np.array(rows)
        moved = np.concatenate([head, np.flatnonzero(rest)]) + row
        changed = np.flatnonzero(moved != np.arange(row, len(M)))
        M[row + changed] = M[moved[changed]]
        source[row + changed] = source[moved[changed]]

    def _clear(self, M: Array, top: int, end: int, columns: list[int], start: int) -> None:
        """Make the block of these rows and columns the identity, and what lies above and below it zero."""
        import numpy as np

        M[top:end, start:] = self.multiply(self._small_inverse(M[top:end, columns]), M[top:end, start:])
        used = np.any(M[:, columns], axis=1)
        used[top:end] = False
        rows = np.flatnonzero(used)
        if len(rows):
            M[rows, start:] = self.reduce(M[rows, start:] - self.multiply(M[rows][:, columns], M[top:end, start:]))

    def _small_inverse(self, block: Array) -> Array:
        """Gauss–Jordan on an invertible block whose pivots can be taken in the order of its columns, rows permuted."""
        import numpy as np

        k = len(block)
        P = np.hstack([block, np.eye(k)])
        for c in range(k):
            r = c + int(np.flatnonzero(P[c:, c])[0])
            if r != c:
                P[[c, r]] = P[[r, c]]
            P[c] = self.reduce(P[c] * self.reciprocal(P[c, c]))
            factor = P[:, c].copy()
            factor[c] = 0
            P = self.reduce(P - np.outer(factor, P[c]))
        return P[:, k:]

    def null_space(self, matrix: Any) -> Array:
        """A basis of the vectors that the matrix sends to zero, as columns."""
        import numpy as np

        found, n = self.echelon(matrix), matrix.shape[1]
        free = np.setdiff1d(np.arange(n), found.pivots)
        basis = np.zeros((n, len(free)))
        basis[free, np.arange(len(free))] = 1
        basis[found.pivots] = -found.rows[:, free]
        return self.reduce(basis)

    def inverse(self, matrix: Array) -> Array:
        """The inverse of an invertible matrix."""
        import numpy as np

        n = len(matrix)
        found = self.echelon(np.hstack([matrix, np.eye(n)]))
        assert found.pivots.tolist() == list(range(n))
        return found.rows[:, n:]


__all__ = ["LARGEST", "Echelon", "PrimeField", "primes"]
