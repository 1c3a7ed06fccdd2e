"""From a number field to prime fields and back: reduction at the roots of its polynomial, and reconstruction.

Let ``K = Q(θ)`` with θ a root of f, and p a prime at which f has as many different roots as its degree.  Then reduction
at each root, θ ↦ r, is a homomorphism to GF(p) from the elements without p in a denominator, and the residues at all
roots determine the coordinates of an element modulo p.  Residues modulo several primes determine them modulo the
product, and a rational is known from its residue once its numerator and denominator are below the root of half the
modulus (Wang, *A p-adic algorithm for univariate partial fractions*, 1981).

>>> [place.roots for place, _ in zip(places(Field()), range(1))]
[(0,)]
>>> reconstruct(pow(3, -1, 8388593), 8388593)
(1, 3)
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp

from catcore.equivariance.linear_algebra.modular import LARGEST, PrimeField, primes
from catcore.exact import Field

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.modular import Array

PRIMES_TRIED = 20_000  # primes looked at for one that splits


@dataclass(frozen=True)
class Place:
    """A prime at which a number field splits, with the roots of its polynomial there (0 alone for the rationals)."""

    F: PrimeField
    roots: tuple[int, ...]

    def residues(self, element: Any) -> list[int]:
        """The element at every root; raises ``ZeroDivisionError`` where the prime divides a denominator."""
        coordinates = [self._rational(c) for c in coordinates_of(element)]
        return [sum(c * pow(r, i, self.F.p) for i, c in enumerate(coordinates)) % self.F.p for r in self.roots]

    def _rational(self, x: Any) -> int:
        top, bottom = fraction(x)
        if bottom % self.F.p == 0:
            raise ZeroDivisionError
        return top * pow(bottom, -1, self.F.p) % self.F.p

    def all_residues(self, elements: Sequence[Any]) -> Array:
        """The elements at every root, one row a root."""
        import numpy as np

        columns = [self.residues(x) for x in elements]
        return self.F.reduce(np.array(columns, dtype=float).reshape(len(columns), len(self.roots)).T)

    @cached_property
    def interpolation(self) -> Array:
        """The matrix from residues at the roots to coordinates modulo the prime."""
        import numpy as np

        powers = [[pow(r, i, self.F.p) for i in range(len(self.roots))] for r in self.roots]
        return self.F.inverse(self.F.reduce(np.array(powers, dtype=float)))


def fraction(x: Any) -> tuple[int, int]:
    """Numerator and denominator of a rational; an element of a prime field and 1."""
    return (int(x.numerator), int(x.denominator)) if hasattr(x, "numerator") else (int(x), 1)


def coordinates_of(element: Any) -> list[Any]:
    """The rational coordinates of an element in powers of θ, the constant one first."""
    return list(reversed(element.to_list())) if hasattr(element, "to_list") else [element]


def size(elements: Iterable[Any]) -> tuple[int, int]:
    """The largest coordinate of some elements over their common denominator, and that denominator."""
    fractions = [fraction(c) for x in elements for c in coordinates_of(x)]
    common = math.lcm(*(bottom for _, bottom in fractions))
    return max((abs(top) * (common // bottom) for top, bottom in fractions), default=0), common


def growth(field: Field) -> tuple[int, int]:
    """By how much the coordinates of a product of two elements, and their denominator, may grow beyond the products."""
    degree = len(minimal_polynomial(field)) - 1
    theta = field.domain([1, 0]) if field.generators else field.domain.one
    top, bottom = size(theta**k for k in range(2 * degree - 1))
    return degree**2 * top, bottom


def minimal_polynomial(field: Field) -> list[int]:
    """The coefficients of the polynomial of θ, cleared of denominators, the constant one first; [0, 1] over Q."""
    if not field.generators:
        return [0, 1]
    coefficients = [fraction(c) for c in reversed(field.domain.mod.to_list())]
    common = math.lcm(*(bottom for _, bottom in coefficients))
    return [top * (common // bottom) for top, bottom in coefficients]


def multiplication(x: Any, field: Field) -> list[list[Any]]:
    """Multiplication by an element on the powers of θ, a matrix of rationals."""
    import flint

    degree = len(minimal_polynomial(field)) - 1
    powers = [field.domain([1, *[0] * k]) if field.generators else field.domain.one for k in range(degree)]
    columns = [[flint.fmpq(*fraction(c)) for c in coordinates_of(x * power)] for power in powers]
    return [[column[k] if k < len(column) else flint.fmpq(0) for column in columns] for k in range(degree)]


def places(field: Field, below: int = LARGEST) -> Iterator[Place]:
    """The primes below a number at which the field splits, largest first; few enough are looked at that the search
    ends.

    For GF(p) itself that is p, as long as arrays hold its residues.
    """
    import flint

    if field.characteristic:
        if field.characteristic < LARGEST:
            yield Place(PrimeField(field.characteristic), (0,))
        return
    polynomial = minimal_polynomial(field)
    degree = len(polynomial) - 1
    for p in itertools.islice(primes(below), PRIMES_TRIED):
        if degree == 1:
            yield Place(PrimeField(p), (0,))
            continue
        f = flint.nmod_poly(polynomial, p)
        roots = sorted(int(-g[0]) for g, _ in f.factor()[1] if g.degree() == 1)
        if len(roots) == degree:
            yield Place(PrimeField(p), tuple(roots))


# Back to characteristic 0 -----------------------------------------------------------------------------------------


def lift(found: Sequence[tuple[Place, Array]], field: Field) -> list[Any] | None:
    """The elements with these residues, one a column; each array has a row for each root of its place.

    None where some coordinate has no reconstruction with numerator and denominator below the bound.
    """
    if field.characteristic:
        return [field.domain(int(x) % field.characteristic) for x in found[0][1][0]]
    modulus = math.prod(place.F.p for place, _ in found)
    by_prime = [
        (place.F.multiply(place.interpolation, residues) % place.F.p).astype(int).tolist() for place, residues in found
    ]
    weights = [modulus // place.F.p * pow(modulus // place.F.p, -1, place.F.p) for place, _ in found]
    degree = len(found[0][0].roots)
    known: dict[int, tuple[int, int] | None] = {}
    common, elements = 1, []
    for column in range(found[0][1].shape[1]):
        coordinates = []
        for i in range(degree):
            residue = sum(w * rows[i][column] for w, rows in zip(weights, by_prime, strict=True)) % modulus
            if residue not in known:
                known[residue] = over(common, residue, modulus) or reconstruct(residue, modulus)
            if (fraction := known[residue]) is None:
                return None
            common = math.lcm(common, fraction[1]) if common < modulus else 1
            coordinates.append(sp.QQ(*fraction))
        elements.append(_element(coordinates, field))
    return elements


def _element(coordinates: Sequence[Any], field: Field) -> Any:
    return field.domain(list(reversed(coordinates))) if field.generators else coordinates[0]


def over(common: int, residue: int, modulus: int) -> tuple[int, int] | None:
    """What :func:`reconstruct` finds, where a multiple of the denominator is known; None where this is none.

    >>> over(6, pow(3, -1, 8388593), 8388593), over(2, pow(3, -1, 8388593), 8388593)
    ((1, 3), None)
    """
    top = residue * common % modulus
    top -= modulus * (2 * top > modulus)
    shared = math.gcd(top, common)
    numerator, denominator = top // shared, common // shared
    small = 2 * max(abs(numerator), denominator) ** 2 <= modulus
    return (numerator, denominator) if small and (numerator - residue * denominator) % modulus == 0 else None


def reconstruct(residue: int, modulus: int) -> tuple[int, int] | None:
    """Numerator and denominator below the root of half the modulus, by the Euclidean algorithm; None without."""
    bound = math.isqrt(modulus // 2)
    r, s, u, v = modulus, residue, 0, 1
    while s > bound:
        q = r // s
        r, s, u, v = s, r - q * s, v, u - q * v
    if abs(v) > bound or v == 0:
        return None
    return (s, v) if v > 0 else (-s, -v)
