"""Whether a nonlinear map commutes with a representation: decided from its matrices, or refuted by an exact vector.

A verdict is True, by the form of the matrix and for every vector; or a counterexample; or None, when neither was found.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.networks.functions import Function
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation

MAX_VECTORS = 200  # tried in the search for a counterexample
DIGITS = 40


@dataclass(frozen=True)
class Failure:
    """A generator and a vector on which the two sides of the law differ, with both sides."""

    generator: str
    vector: tuple[Any, ...]
    mapped_after: tuple[Any, ...]  # f(ρ(g) x)
    mapped_before: tuple[Any, ...]  # ρ(g) f(x)

    def __str__(self) -> str:
        def shown(v: tuple[Any, ...]) -> str:
            return f"({', '.join(map(str, v))})"

        return (
            f"at x = {shown(self.vector)} and generator {self.generator}, f(ρ(g) x) = {shown(self.mapped_after)} and "
            f"ρ(g) f(x) = {shown(self.mapped_before)}"
        )


def pointwise(sigma: Function, rho: Representation, generator: str) -> bool | Failure | None:
    """Whether ``σ(ρ(g) x) = ρ(g) σ(x)`` for all x, σ applied entry by entry (T1.15; Wood and Shawe-Taylor 1996).

    For an infinitesimal generator X the law is its derivative at the identity, ``σ'(x) ∘ (X x) = X σ(x)``, which a
    homogeneous σ obeys when X is diagonal.
    """
    if sigma.linear:
        return True
    if isinstance(rho, PermutationRepresentation) and rho.bijective:
        return True
    matrix = rho.matrix(generator)
    if is_infinitesimal(rho, generator):
        if _is_diagonal(matrix) and (sigma.homogeneous or not any(matrix)):
            return True
        return _flow_failure(sigma, matrix, generator)
    if all(_row_commutes(sigma, [x for x in matrix.row(i) if x != 0]) for i in range(matrix.rows)):
        return True
    return first_failure(lambda v: tuple(map(sigma.exact, v)), matrix, generator)


def _row_commutes(sigma: Function, entries: list[Any]) -> bool:
    if len(entries) != 1:
        return not entries and sigma.fixes_zero
    a = entries[0]
    return bool(a == 1 or (a == -1 and sigma.odd) or (sigma.homogeneous and a.is_positive))


def norm_preserving(rho: Representation, generator: str) -> bool | Failure:
    """Whether ``|ρ(g) x| = |x|``: ρ(g) is unitary, ``ρ(g)* ρ(g) = 1``, or ``X* + X = 0`` for an infinitesimal one.

    A failure shows ``|ρ(g) x|²`` and ``|x|²``, or the rate of change of the former and 0.
    """
    if isinstance(rho, PermutationRepresentation) and rho.bijective:
        return True
    matrix = rho.matrix(generator)
    adjoint = matrix.H
    defect = adjoint + matrix if is_infinitesimal(rho, generator) else adjoint * matrix - sp.eye(matrix.rows)
    defect = defect.applyfunc(sp.simplify)
    if not any(defect):
        return True
    x = _seen_by(defect)
    form = sp.simplify((x.H * defect * x)[0])
    if is_infinitesimal(rho, generator):
        return Failure(generator, tuple(x), (form,), (sp.Integer(0),))
    return Failure(generator, tuple(x), (sp.simplify(form + (x.H * x)[0]),), ((x.H * x)[0],))


def _seen_by(defect: Any) -> Any:
    """A vector on which a nonzero Hermitian form is not 0: a unit vector, or a sum of two."""
    n = defect.rows
    one = [sp.Matrix([int(i == j) for i in range(n)]) for j in range(n)]
    for i in range(n):
        if defect[i, i] != 0:
            return one[i]
    i, j = next((i, j) for i in range(n) for j in range(n) if defect[i, j] != 0)
    return one[i] + one[j] if sp.re(defect[i, j]) != 0 else one[i] + sp.I * one[j]


def trivial(rho: Representation, generator: str) -> bool | Failure:
    """Whether a generator acts as the identity (as 0, for an infinitesimal one)."""
    if isinstance(rho, PermutationRepresentation) and rho.index_map(generator).tolist() == list(range(rho.degree)):
        return True
    matrix = rho.matrix(generator)
    neutral = sp.zeros(*matrix.shape) if is_infinitesimal(rho, generator) else sp.eye(matrix.rows)
    if matrix == neutral:
        return True
    place = next(j for j in range(matrix.cols) if matrix[:, j] != neutral[:, j])
    x = sp.Matrix([int(i == place) for i in range(matrix.cols)])
    return Failure(generator, tuple(x), tuple(matrix * x), tuple(neutral * x))


def is_infinitesimal(rho: Representation, generator: str) -> bool:
    """Whether a generator is one of the Lie algebra."""
    return isinstance(rho.monoid, LieGroup) and generator in rho.monoid.infinitesimal


def _is_diagonal(matrix: Any) -> bool:
    return all(matrix[i, j] == 0 for i in range(matrix.rows) for j in range(matrix.cols) if i != j)


def _vectors(n: int) -> Iterator[Any]:
    """Small exact vectors: unit vectors, their negatives, sums of two, and full ones with different entries."""
    one = [sp.Matrix([int(i == j) for i in range(n)]) for j in range(n)]
    full = (
        sp.Matrix([sp.Rational(s ** (i + 1) * (k * i + 1), 2) for i in range(n)]) for k in (1, 2, 3) for s in (1, -1)
    )
    pairs = (
        v
        for a, b in itertools.combinations(range(n), 2)
        for v in (one[a] + one[b], one[a] - one[b], one[a] + one[b] / 2)
    )
    return itertools.islice(itertools.chain(full, one, (-v for v in one), pairs), MAX_VECTORS)


def first_failure(
    f: Callable[[tuple[Any, ...]], tuple[Any, ...]], matrix: Any, generator: str, *, infinitesimal: bool = False
) -> Failure | None:
    """The first small vector where f and the matrix do not commute: ``f(ρ x) ≠ ρ f(x)``, or ``f'(x) X x ≠ X f(x)``."""
    t = sp.Symbol("t", real=True)
    for x in _vectors(matrix.cols):
        if infinitesimal:
            after = tuple(sp.diff(y, t).subs(t, 0) for y in f(tuple(x + t * matrix * x)))
        else:
            after = f(tuple(matrix * x))
        before = tuple(matrix * sp.Matrix(f(tuple(x))))
        if _differ(after, before):
            return Failure(generator, tuple(x), after, before)
    return None


def _flow_failure(sigma: Function, matrix: Any, generator: str) -> Failure | None:
    t = sp.Symbol("t", real=True)
    for x in _vectors(matrix.cols):
        if all(x):  # away from the corners of σ
            slopes = [sp.diff(sigma.exact(t), t).subs(t, value).doit() for value in x]
            after = tuple(s * y for s, y in zip(slopes, matrix * x, strict=True))
            before = tuple(matrix * sp.Matrix([sigma.exact(value) for value in x]))
            if _differ(after, before):
                return Failure(generator, tuple(x), after, before)
    return None


def _differ(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Whether two exact vectors differ by more than rounding to 40 digits can make them."""
    return any(abs(sp.N(sp.sympify(x) - y, DIGITS)) > sp.Rational(1, 10**20) for x, y in zip(a, b, strict=True))
