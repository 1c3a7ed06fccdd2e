"""Finite groups of matrices, closed under multiplication modulo a prime, and when that proves them finite.

Reduction at a prime is a homomorphism, so a group G of matrices over a number field has there an image with a table of
products ``x s = y``, elements times generators.  Between words in the generators these equations need not hold in G: a
generator ``1 + pA`` of infinite order is 1 modulo p.  But an entry of ``x s - y`` that vanishes at degree-one primes
over different p has a norm that all these p divide.  Words of length L have entries of absolute value at most B^L under
every embedding σ, with B(σ) the largest sum of absolute values along a row of a generator, or 1, and D^L makes
algebraic integers of them, if D does of the generators' entries.  Once the primes multiply to more than
``Π_σ 2 (B(σ) D)^(L+1)`` every equation holds, so G is finite, and has the table.  Embeddings are enclosed in balls, so
that the bound is one.

>>> from catcore.equivariance import Group, Representation
>>> half = Representation(Group.presentation("s", []), {"s": [["-1/2", "-3/2"], ["1/2", "-1/2"]]})
>>> heights([half], ["s"], half.field).spare(2).bit_length()    # 2 ((1/2 + 3/2) 2)³ = 2⁷, rounded up
9
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from catcore.equivariance.linear_algebra import reduction
from catcore.equivariance.representations.representation import Representation


class Closed(NamedTuple):
    """The elements, each with its inverse; the length of the longest word for one; the table of products."""

    elements: list[tuple[Any, Any]]
    depth: int
    table: tuple[int, ...]


def closed(
    one: Any,
    steps: Sequence[tuple[Any, Any]],
    multiply: Callable[[Any, Any], Any],
    key: Callable[[Any], Hashable],
    limit: int,
) -> Closed | None:
    """The group that some elements, given with their inverses, generate; None above ``limit`` elements."""
    elements, number = [(one, one)], {key(one): 0}
    table: list[int] = []
    frontier, depth = [(one, one)], 0
    while frontier:
        fresh = []
        for (x, back), (g, undo) in itertools.product(frontier, steps):
            name = key(y := multiply(x, g))
            if name not in number:
                number[name] = len(elements)
                elements.append((y, multiply(undo, back)))
                fresh.append(elements[-1])
            table.append(number[name])
        if len(elements) > limit:
            return None
        frontier = fresh
        depth += bool(fresh)
    return Closed(elements, depth, tuple(table))


@dataclass(frozen=True)
class Heights:
    """Bits of B(σ) for every embedding σ, 0 at least, and of the denominator D."""

    sums: tuple[float, ...]
    denominator: float

    def spare(self, depth: int) -> int:
        """What the primes have to exceed for the table to hold, where elements are words of length ``depth``."""
        bits = sum(1 + (depth + 1) * (b + self.denominator) for b in self.sums)
        return int(2 ** math.ceil(bits))


def heights(found: Sequence[Representation], names: Sequence[str], field: Any) -> Heights:
    """The heights of the matrices of these generators on all leaves."""
    polynomial = reduction.minimal_polynomial(field)
    given = [rho.exact(name, field) for rho in found for name in names]
    entries = {x for matrix in given for x in matrix.to_dok().values()}
    denominator = math.log2(math.lcm(*(_to_integer(x, field) for x in entries))) + _ROUNDING
    sums = tuple(max((_row_sum(m, root) for m in given), default=0.0) for root in _embeddings(polynomial))
    return Heights(tuple(max(0.0, math.log2(b) + _ROUNDING) if b else 0.0 for b in sums), denominator)


_ROUNDING = 1e-9  # bits by which a logarithm of a float is rounded up


def _to_integer(x: Any, field: Any) -> int:
    """The least integer d such that d x is an algebraic integer: d^k times a coefficient k below the leading one of the
    characteristic polynomial is an integer."""
    import flint

    polynomial = list(reversed(flint.fmpq_mat(reduction.multiplication(x, field)).charpoly().coeffs()))
    powers: dict[int, int] = {}
    for k, c in enumerate(polynomial[1:], 1):
        for prime, power in c.q.factor() if c else ():
            powers[int(prime)] = max(powers.get(int(prime), 0), -(-int(power) // k))
    return math.prod(prime**power for prime, power in powers.items())


def _embeddings(polynomial: Sequence[int]) -> list[Any]:
    """Balls around the roots of a polynomial without multiple roots."""
    import flint

    found: Any = flint.fmpz_poly(list(polynomial)).complex_roots()
    return [root for root, _ in found]


def _row_sum(matrix: Any, root: Any) -> float:
    """The largest sum of absolute values along a row, at this root of the field's polynomial, from above."""
    sums: dict[int, float] = {}
    for (i, _), x in matrix.to_dok().items():
        sums[i] = sums.get(i, 0.0) + _absolute(x, root)
    return max(sums.values(), default=0.0)


def _absolute(x: Any, root: Any) -> float:
    import flint

    value = flint.acb(0)
    for c in reversed(reduction.coordinates_of(x)):
        top, bottom = reduction.fraction(c)
        value = value * root + flint.acb(flint.fmpq(top, bottom))
    return float(value.abs_upper())


__all__ = ["Closed", "Heights", "closed", "heights"]
