"""Actions that the worked tables of THEORY speak of: pixels, graphs and chains, built from first principles."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import sympy as sp

from catcore.equivariance import Group, HomSpace, Representation
from catcore.equivariance.certificates import checks
from catcore.equivariance.strategies import null_space
from catcore.equivariance.strategies.system import System


def turn(n: int) -> list[int]:
    """A quarter turn of n×n pixels, as an index map."""
    return np.rot90(np.arange(n * n).reshape(n, n)).ravel().tolist()


def flip(n: int) -> list[int]:
    """The mirror image of n×n pixels."""
    return np.arange(n * n).reshape(n, n)[:, ::-1].ravel().tolist()


def automorphisms(n: int, edges: list[tuple[int, int]]) -> Representation:
    """All automorphisms of a graph, each a generator, acting on its vertices."""
    wanted = {frozenset(e) for e in edges}
    maps = [p for p in itertools.permutations(range(n)) if {frozenset((p[a], p[b])) for a, b in edges} == wanted]
    return Group.permutations({f"g{k}": p for k, p in enumerate(maps)}).defining


def by_null_space(rho_in: Representation, rho_out: Representation) -> HomSpace:
    """The hom space by exact elimination, whatever strategy the pair would get."""
    field = rho_in.field.join(rho_out.field)

    def solve() -> null_space.Basis:
        system = System(checks.exact_pairs(rho_in, rho_out, field), field)
        return null_space.eliminated(system, rho_in.degree, rho_out.degree)

    return HomSpace(rho_in, rho_out, "null space", solve)


def dense_nullity(rho_in: Representation, rho_out: Representation) -> int:
    """The dimension from a floating Kronecker system (0.4), as an independent witness for small cases."""
    systems = []
    for name in rho_in.monoid.generators:
        a, b = (np.array(rho.matrix(name).evalf().tolist(), dtype=complex) for rho in (rho_in, rho_out))
        systems.append(np.kron(a.T, np.eye(len(b))) - np.kron(np.eye(len(a)), b))
    unknowns = rho_in.degree * rho_out.degree
    return unknowns - int(np.linalg.matrix_rank(np.vstack(systems), tol=1e-9)) if systems else unknowns


def span_equal(basis: Any, expected: list[list[list[int]]]) -> bool:
    """Whether two families of matrices span one space."""
    rows = [sp.Matrix(b).reshape(1, len(b) * len(b[0])) for b in (m.tolist() for m in basis)]
    wanted = [sp.Matrix(b).reshape(1, len(b) * len(b[0])) for b in expected]
    ranks = {sp.Matrix.vstack(*family).rank() for family in (rows, wanted, rows + wanted)}
    return len(ranks) == 1
