"""Whether a nonlinear map commutes with a representation: decided from its matrices, or refuted by an exact vector.

A verdict is True, by the form of the matrix and for every vector; or a counterexample; or None, when neither was found.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.networks.functions import Function
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation

MAX_VECTORS = 200  # tried in the search for a counterexample
DIGITS = 40
UNDEFINED = sp.Symbol("undefined")  # a function of a real variable at a number that is not real


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


@dataclass(frozen=True)
class Motion:
    """A generator of the group itself, over the reals: one that has a name, or a combination of two that have."""

    rho: Representation
    name: str
    parts: tuple[tuple[Any, str], ...]  # coefficients and named generators

    @cached_property
    def matrix(self) -> Any:
        """Its matrix, ρ(g) or dρ(X); dρ is complex linear."""
        return sum((c * self.rho.matrix(x) for c, x in self.parts[1:]), self.parts[0][0] * self.rho.matrix(self.first))

    @property
    def first(self) -> str:
        """The first named generator in it."""
        return self.parts[0][1]

    @property
    def infinitesimal(self) -> bool:
        """Whether it is one of the Lie algebra."""
        return is_infinitesimal(self.rho, self.first)

    @property
    def permutes(self) -> bool:
        """Whether it is known to permute the coordinates without its matrix."""
        return isinstance(self.rho, PermutationRepresentation) and self.rho.bijective


def motions(rho: Representation) -> Iterator[Motion]:
    """Generators of the real group that acts: for a compact group that is given by complexified generators these are
    the ``X - X*`` and ``i (X + X*)`` of its own Lie algebra, such as e - f, i(e + f) and i d of U(n)."""
    adjoints = rho.monoid.adjoints if isinstance(rho.monoid, LieGroup) else ()
    paired = {x for pair in adjoints for x in pair}
    for x in rho.monoid.generators:
        if x not in paired:
            yield Motion(rho, x, ((sp.Integer(1), x),))
    for x, y in adjoints:
        if x == y:
            yield Motion(rho, f"i·{x}", ((sp.I, x),))
        else:
            yield Motion(rho, f"{x} - {y}", ((sp.Integer(1), x), (sp.Integer(-1), y)))
            yield Motion(rho, f"i·({x} + {y})", ((sp.I, x), (sp.I, y)))


def pointwise(sigma: Function, g: Motion) -> bool | Failure | None:
    """Whether ``σ(ρ(g) x) = ρ(g) σ(x)`` for all x, σ applied entry by entry (T1.15; Wood and Shawe-Taylor 1996).

    For an infinitesimal generator X the law is its derivative at the identity, ``σ'(x) ∘ (X x) = X σ(x)``, which a
    homogeneous σ obeys when X is diagonal and real: σ(a x) = a σ(x) is said of positive a, and ``exp(tX)`` has these.
    """
    if g.permutes or sigma.has("linear"):
        return True
    rows = [[(j, x) for j, x in enumerate(g.matrix.row(i)) if x != 0] for i in range(g.matrix.rows)]
    if g.infinitesimal:
        if all(not row or _scales(sigma, i, row) for i, row in enumerate(rows)):
            return True
        return _flow_failure(sigma, g.matrix, g.name)
    if all(_row_commutes(sigma, [x for _, x in row]) for row in rows):
        return True
    return first_failure(lambda v: tuple(map(sigma.exact, v)), g.matrix, g.name)


def _scales(sigma: Function, i: int, row: list[tuple[int, Any]]) -> bool:
    """Whether an infinitesimal generator stretches coordinate i alone, by a real number, and σ allows that."""
    return len(row) == 1 and row[0][0] == i and bool(row[0][1].is_real) and sigma.has("homogeneous")


def _row_commutes(sigma: Function, entries: list[Any]) -> bool:
    if len(entries) != 1:
        return not entries and sigma.fixes_zero
    a = entries[0]
    return bool(a == 1 or (a == -1 and sigma.has("odd")) or (a.is_positive and sigma.has("homogeneous")))


def norm_preserving(g: Motion) -> bool | Failure:
    """Whether ``|ρ(g) x| = |x|``: ρ(g) is unitary, ``ρ(g)* ρ(g) = 1``, or ``X* + X = 0`` for an infinitesimal one.

    A failure shows ``|ρ(g) x|²`` and ``|x|²``, or the rate of change of the former and 0.
    """
    if g.permutes:
        return True
    defect = _defect(g, g.matrix.H)
    if not any(defect):
        return True
    x = _seen_by(defect)
    return _failure_of_form(g, x, sp.simplify((x.H * defect * x)[0]), (x.H * x)[0])


def orthogonal(g: Motion) -> bool | Failure:
    """Whether ``ρ(g)ᵀ ρ(g) = 1``, or ``Xᵀ + X = 0``: the bilinear form ``xᵀ x`` is preserved, complex or not.

    A failure shows ``(ρ(g) x)ᵀ ρ(g) x`` and ``xᵀ x``, or the rate of change of the former and 0.
    """
    if g.permutes:
        return True
    defect = _defect(g, g.matrix.T)
    if not any(defect):
        return True
    x = _seen_by(defect, symmetric=True)
    return _failure_of_form(g, x, sp.simplify((x.T * defect * x)[0]), (x.T * x)[0])


def _defect(g: Motion, transposed: Any) -> Any:
    """How far a generator is from preserving the form, as a matrix."""
    change = transposed + g.matrix if g.infinitesimal else transposed * g.matrix - sp.eye(g.matrix.rows)
    return change.applyfunc(sp.simplify)


def _failure_of_form(g: Motion, x: Any, change: Any, before: Any) -> Failure:
    if g.infinitesimal:
        return Failure(g.name, tuple(x), (change,), (sp.Integer(0),))
    return Failure(g.name, tuple(x), (sp.simplify(change + before),), (before,))


def _seen_by(defect: Any, *, symmetric: bool = False) -> Any:
    """A vector on which a nonzero Hermitian (or symmetric bilinear) form is not 0: a unit vector, or a sum of two."""
    n = defect.rows
    one = [sp.Matrix([int(i == j) for i in range(n)]) for j in range(n)]
    for i in range(n):
        if defect[i, i] != 0:
            return one[i]
    i, j = next((i, j) for i in range(n) for j in range(n) if defect[i, j] != 0)
    return one[i] + one[j] if symmetric or sp.re(defect[i, j]) != 0 else one[i] + sp.I * one[j]


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
            after = _evaluated(f, matrix * x)
        before = tuple(matrix * sp.Matrix(f(tuple(x))))
        if _differ(after, before):
            return Failure(generator, tuple(x), after, before)
    return None


def _flow_failure(sigma: Function, matrix: Any, generator: str) -> Failure | None:
    t = sp.Symbol("t", real=True)
    for x in _vectors(matrix.cols):
        if all(x):  # away from the corners of σ
            after = tuple(_slope(sigma, value, y, t) for value, y in zip(x, matrix * x, strict=True))
            before = tuple(matrix * sp.Matrix([sigma.exact(value) for value in x]))
            if _differ(after, before):
                return Failure(generator, tuple(x), after, before)
    return None


def _evaluated(f: Callable[[tuple[Any, ...]], tuple[Any, ...]], x: Any) -> tuple[Any, ...]:
    """f(x), undefined where a function of real numbers is asked for its value at another."""
    try:
        return f(tuple(x))
    except (TypeError, ValueError):
        if all(value.is_real for value in x):
            raise
        return (UNDEFINED,) * len(x)


def _slope(sigma: Function, x: Any, y: Any, t: Any) -> Any:
    """The derivative of ``σ(x + t y)`` at t = 0; σ need not be analytic, so the direction y matters where it is
    complex."""
    if y.is_real:
        return sp.diff(sigma.exact(t), t).subs(t, x).doit() * y
    if _evaluated(lambda v: (sigma.exact(v[0]),), (x + y,)) == (UNDEFINED,):
        return UNDEFINED
    return sp.diff(sigma.exact(x + t * y), t).subs(t, 0).doit()


def _differ(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Whether two exact vectors differ by more than rounding to 40 digits can make them."""
    if UNDEFINED in a:
        return True
    return any(abs(sp.N(sp.sympify(x) - y, DIGITS)) > sp.Rational(1, 10**20) for x, y in zip(a, b, strict=True))
