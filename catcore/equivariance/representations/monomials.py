"""Monomial representations: generators that permute the basis up to roots of unity, such as signed permutations.

Basis vector j goes to ``ζ^e`` times basis vector ``images[j]``.  Signs are the roots of unity of Q; GF(p) has p - 1 of
them, and a number field may have more.  A root of unity is kept as its fraction of a full turn (in GF(p), of the powers
of the smallest primitive root), so that sums and products only move integers.  Oriented cells, chains and characters
are of this kind (T1.16).

>>> from catcore.equivariance import Representation, cyclic
>>> turn = Representation(cyclic(4), {"s": [[0, -1], [1, 0]]})
>>> found = read(turn.tensor(2))
>>> found.order, found.images[0].tolist(), found.phases[0].tolist()
(2, [3, 2, 1, 0], [0, 1, 1, 0])
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation
from catcore.exact import Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Index = NDArray[np.int64]

MAX_ORDER = 120  # of a root of unity


@dataclass(frozen=True, eq=False)
class Monomials:
    """The generators of a monomial representation: images, and exponents of the root of unity of this order."""

    images: list[Index]
    phases: list[Index]
    order: int = 1
    units: dict[Fraction, Any] = field(default_factory=dict)  # the roots of unity that were met, in the field

    def over(self, order: int) -> Monomials:
        """The same with exponents of a root of unity of a multiple of the order."""
        factor = order // self.order
        return self if factor == 1 else Monomials(self.images, [factor * p for p in self.phases], order, self.units)


def read(rho: Representation, over: Field | None = None) -> Monomials | None:
    """The generators as monomial maps over a field, following how ρ was built; None where they are not."""
    K = over or rho.field
    if isinstance(rho.monoid, LieGroup):
        return None
    if isinstance(rho, PermutationRepresentation):
        return _permutations(rho) if rho.bijective else None
    kind, *parts = rho.construction
    if kind in ("+", "@"):
        left, right = (read(part, K) for part in parts)
        return None if left is None or right is None else _combined(kind, left, right)
    if kind not in ("tensor", "dual", "*"):
        return _from_matrices(rho, K)
    inner = read(parts[-1], K)
    if inner is None:
        return None
    if kind == "dual":
        return Monomials(inner.images, [-p % inner.order for p in inner.phases], inner.order, inner.units)
    return _copies(inner, parts[0]) if kind == "*" else _power(inner, parts[0])


def _permutations(rho: PermutationRepresentation) -> Monomials:
    import numpy as np

    images = [rho.index_map(name) for name in rho.monoid.generators]
    return Monomials(images, [np.zeros_like(s) for s in images])


def _combined(kind: str, left: Monomials, right: Monomials) -> Monomials:
    """The direct sum or the tensor product."""
    import numpy as np

    order = math.lcm(left.order, right.order)
    left, right = left.over(order), right.over(order)
    units = left.units | right.units
    if kind == "+":
        images = [np.concatenate([s, t + len(s)]) for s, t in zip(left.images, right.images, strict=True)]
        phases = [np.concatenate([p, q]) for p, q in zip(left.phases, right.phases, strict=True)]
        return Monomials(images, phases, order, units)
    images = [(s[:, None] * len(t) + t).ravel() for s, t in zip(left.images, right.images, strict=True)]
    phases = [(p[:, None] + q).ravel() % order for p, q in zip(left.phases, right.phases, strict=True)]
    return Monomials(images, phases, order, units)


def _power(base: Monomials, k: int) -> Monomials:
    import numpy as np

    one = np.zeros(1, np.int64)
    result = Monomials([one] * len(base.images), [one] * len(base.images))
    for _ in range(k):
        result = _combined("@", result, base)
    return result


def _copies(base: Monomials, n: int) -> Monomials:
    import numpy as np

    size = [len(s) for s in base.images]
    images = [(np.arange(n)[:, None] * m + s).ravel() for m, s in zip(size, base.images, strict=True)]
    return Monomials(images, [np.tile(p, n) for p in base.phases], base.order, base.units)


def _from_matrices(rho: Representation, over: Field) -> Monomials | None:
    """Read off the matrices: one entry in each row and column, a root of unity."""
    import numpy as np

    images, values, turns = [], [], dict[Any, Fraction]()
    for name in rho.monoid.generators:
        entries = rho.exact(name, over).to_dok()
        columns = {j: (i, x) for (i, j), x in entries.items()}
        if not len(entries) == len(columns) == len({i for i, _ in columns.values()}) == rho.degree:
            return None
        images.append(np.array([columns[j][0] for j in range(rho.degree)], np.int64))
        values.append([columns[j][1] for j in range(rho.degree)])
        for x in set(values[-1]) - set(turns):
            turn = _turn(x, over)
            if turn is None:
                return None
            turns[x] = turn
    order = math.lcm(*(turn.denominator for turn in turns.values()))
    phases = [np.array([int(turns[x] * order) for x in row], np.int64) for row in values]
    return Monomials(images, phases, order, {turn: x for x, turn in turns.items()}) if order <= MAX_ORDER else None


def _turn(x: Any, field: Field) -> Fraction | None:
    """The root of unity x as a fraction of a turn; None for other numbers.  That ``x^order = 1`` is checked exactly."""
    if x == field.domain.one:
        return Fraction(0)
    if field.characteristic:
        return _logarithm(int(x), field.characteristic)
    if x == -field.domain.one:
        return Fraction(1, 2)
    z = complex(field.expression(x).evalf(20)) if field.generators else 0.0
    if abs(abs(z) - 1) > 1e-9:
        return None
    turn = Fraction(cmath.phase(z) / (2 * math.pi) % 1).limit_denominator(MAX_ORDER) % 1
    return turn if x**turn.denominator == field.domain.one else None


def _logarithm(x: int, p: int) -> Fraction | None:
    """The exponent of x over p - 1, to the base of the smallest primitive root; None for zero and for large orders."""
    orders = [d for d in range(1, min(p, MAX_ORDER + 1)) if (p - 1) % d == 0 and pow(x, d, p) == 1]
    if x % p == 0 or not orders:
        return None
    order = orders[0]
    step = pow(_primitive_root(p), (p - 1) // order, p)
    return next(Fraction(k, order) for k in range(order) if pow(step, k, p) == x % p)


def _primitive_root(p: int) -> int:
    from sympy.ntheory import primitive_root

    return int(primitive_root(p))


def roots(order: int, known: Mapping[Fraction, Any], over: Field) -> list[Any]:
    """The powers 1, ζ, ζ², ... of the root of unity of this order, as products of those met in the field."""
    found = {Fraction(0): over.domain.one}
    frontier = list(found)
    while frontier:
        fresh = {(turn + step) % 1: found[turn] * x for turn in frontier for step, x in known.items()}
        frontier = [turn for turn in fresh if turn not in found]
        found |= {turn: fresh[turn] for turn in frontier}
    return [found[Fraction(k, order)] for k in range(order)]
