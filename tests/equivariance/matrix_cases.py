"""Representations by matrices for cases of all kinds, and counts of their homomorphisms by other eliminations."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from catcore.equivariance import Representation, equivariant_maps, free_monoid

Rows = list[list[Any]]


def unit(n: int, *entries: tuple[int, int, Any]) -> Rows:
    """The n×n matrix with these entries and zeros elsewhere."""
    rows: Rows = [[0] * n for _ in range(n)]
    for i, j, x in entries:
        rows[i][j] = x
    return rows


def blocks(*parts: Rows) -> Rows:
    return [[str(x) for x in row] for row in sp.diag(*[sp.Matrix(p) for p in parts]).tolist()]


def kron(*parts: Any) -> Rows:
    return [[str(x) for x in row] for row in sp.kronecker_product(*[sp.Matrix(p) for p in parts]).tolist()]


def conjugated(rows: Any, seed: int) -> Rows:
    """The same endomorphism in another integral basis, so that no entry is left where a form would show."""
    M, n = sp.Matrix(rows), len(rows)
    random = np.random.default_rng(seed)
    P = sp.eye(n)
    for _ in range(2 * n):
        i, j = (int(x) for x in random.choice(n, 2, replace=False))
        P = (sp.eye(n) + sp.SparseMatrix(n, n, {(i, j): int(random.integers(-2, 3))})) * P
    return [[str(sp.expand(x)) for x in row] for row in (P * M * P.inv()).tolist()]


def over(field: str | None, *generators: Rows) -> Representation:
    names = "abcdefgh"[: len(generators)]
    return Representation(free_monoid(*names), dict(zip(names, generators, strict=True)), field=field)


def solved(rho: Representation, tau: Representation | None = None) -> int:
    W = equivariant_maps(rho, rho if tau is None else tau)
    assert W.checked
    return W.dim


def jordan(eigenvalue: Any, *sizes: int) -> Rows:
    return blocks(
        *[unit(s, *[(i, i, eigenvalue) for i in range(s)], *[(i, i + 1, 1) for i in range(s - 1)]) for s in sizes]
    )


def brute_force_dimension(rho: Representation, p: int) -> int:
    """n² minus the rank of the Kronecker system, by an elimination of its own."""
    rows: list[list[int]] = []
    for name in rho.monoid.generators:
        a = np.array(rho.matrix(name).tolist(), dtype=int)
        one = np.eye(len(a), dtype=int)
        rows += ((np.kron(one, a.T) - np.kron(a, one)) % p).tolist()
    rank, columns = 0, len(rows[0])
    for c in range(columns):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][c] % p), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        inverse = pow(rows[rank][c], -1, p)
        for r in range(rank + 1, len(rows)):
            if factor := rows[r][c] * inverse % p:
                rows[r] = [(x - factor * y) % p for x, y in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return columns - rank


def floating_nullity(rho: Representation, tau: Representation) -> int:
    """The nullity of the Kronecker system in double precision, with a gap in the singular values."""
    systems = []
    for name in rho.monoid.generators:
        a, b = (np.array(r.matrix(name).evalf(20).tolist(), dtype=complex) for r in (rho, tau))
        systems.append(np.kron(np.eye(len(b)), a.T) - np.kron(b, np.eye(len(a))))
    values = np.linalg.svd(np.vstack(systems), compute_uv=False)
    values = np.concatenate([values, np.zeros(rho.degree * tau.degree - len(values))]) / max(1, values[0])
    small = values < 1e-9
    assert not len(values[~small]) or values[~small].min() > 1e-7, "no gap in the singular values"
    return int(small.sum())
