"""Polynomials over Z₂ as a reverse derivative category: Boolean circuits that learn (THEORY T5.3, T5.10).

An arrow ``n → m`` is m formal polynomials in n variables with coefficients 0 and 1; ``R[f](x, v)`` is the transpose of
the formal Jacobian, ``Σ_j v_j ∂f_j/∂x_i`` modulo 2.  Polynomials are kept formal: x² and x are one function of a bit,
and their derivatives are 0 and 1.

>>> f = polynomial_map(3, lambda p0, p1, a: p0 + p1 * a)
>>> print(f)
x0 + x1 x2 : 3 → 1
>>> print(PolyZ2().reverse(f))
x3, x2 x3, x1 x3 : 4 → 3
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from catcore.errors import IllTyped, NotParallel
from catcore.learning.axioms import ReverseDerivativeCategory

#: A monomial: the numbers of its variables, in order and with repetitions.
Monomial = tuple[int, ...]


@dataclass(frozen=True)
class Polynomial:
    """A formal polynomial over Z₂: the set of its monomials."""

    monomials: frozenset[Monomial] = frozenset()

    def __add__(self, other: object) -> Polynomial:
        q = _polynomial(other)
        return NotImplemented if q is None else Polynomial(self.monomials ^ q.monomials)

    __radd__ = __add__
    __sub__ = __add__

    def __mul__(self, other: object) -> Polynomial:
        q = _polynomial(other)
        if q is None:
            return NotImplemented
        return _sum(tuple(sorted(m + n)) for m, n in it.product(self.monomials, q.monomials))

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Polynomial:
        if type(exponent) is not int or not 0 <= exponent <= MAX_EXPONENT:
            raise IllTyped(f"Exponents of polynomials are 0 to {MAX_EXPONENT}, and {exponent!r:.60} was given.")
        found = ONE
        for _ in range(exponent):
            found = found * self
        return found

    def derivative(self, variable: int) -> Polynomial:
        """The formal partial derivative: ``d x^k = k x^(k−1)``, modulo 2."""
        odd = (m for m in self.monomials if m.count(variable) % 2)
        return _sum(_without(m, variable) for m in odd)

    def substituted(self, values: Sequence[Polynomial]) -> Polynomial:
        """The polynomial with polynomials for its variables."""
        found = ZERO
        for monomial in self.monomials:
            term = ONE
            for variable in monomial:
                term = term * values[variable]
            found = found + term
        return found

    def shifted(self, by: int) -> Polynomial:
        """The polynomial with variables numbered from ``by`` on."""
        return Polynomial(frozenset(tuple(v + by for v in m) for m in self.monomials))

    def __call__(self, bits: Sequence[int]) -> int:
        """The value at bits."""
        return sum(all(bits[v] for v in m) for m in self.monomials) % 2

    def __str__(self) -> str:
        return " + ".join(map(_written, sorted(self.monomials, key=lambda m: (len(m), m)))) or "0"


#: The highest exponent of a power.
MAX_EXPONENT = 1_000
ZERO, ONE = Polynomial(), Polynomial(frozenset({()}))


def _sum(monomials: Iterable[Monomial]) -> Polynomial:
    found: set[Monomial] = set()
    for monomial in monomials:
        found ^= {monomial}
    return Polynomial(frozenset(found))


def _polynomial(value: object) -> Polynomial | None:
    if isinstance(value, Polynomial):
        return value
    return None if not isinstance(value, int) else ONE if value % 2 else ZERO


def _without(monomial: Monomial, variable: int) -> Monomial:
    place = monomial.index(variable)
    return monomial[:place] + monomial[place + 1 :]


def _written(monomial: Monomial) -> str:
    powers = [(v, len(list(group))) for v, group in it.groupby(monomial)]
    return " ".join(f"x{v}" if k == 1 else f"x{v}^{k}" for v, k in powers) or "1"


def variable(number: int) -> Polynomial:
    """The polynomial that is one variable."""
    return Polynomial(frozenset({(number,)}))


@dataclass(frozen=True)
class PolynomialMap:
    """An arrow ``inputs → len(outputs)``: formal polynomials over Z₂."""

    inputs: int
    outputs: tuple[Polynomial, ...]

    def __post_init__(self) -> None:
        if type(self.inputs) is not int or self.inputs < 0:
            raise IllTyped(f"A polynomial map has so many variables, and {self.inputs!r:.60} was given.")
        used = max((v for p in self.outputs for m in p.monomials for v in m), default=-1)
        if used >= self.inputs:
            raise IllTyped(f"A polynomial map of {self.inputs} variables uses the variable x{used}; count from x0.")

    def __call__(self, *bits: int) -> tuple[int, ...]:
        """The values at bits.

        Raises:
            IllTyped: when another number of bits is given.
        """
        if len(bits) != self.inputs or any(b not in (0, 1) for b in bits):
            raise IllTyped(f"A polynomial map of {self.inputs} variables takes so many bits, and {bits} were given.")
        return tuple(p(bits) for p in self.outputs)

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.outputs)) or '()'} : {self.inputs} → {len(self.outputs)}"


def polynomial_map(inputs: int, function: Callable[..., Any]) -> PolynomialMap:
    """The polynomials that a Python function of so many variables computes with ``+``, ``*``, ``**``, 0 and 1.

    Raises:
        IllTyped: when something else than polynomials comes out, or the function is not one of so many variables.
    """
    variables = PolyZ2().identity(inputs).outputs
    try:
        found = function(*variables)
    except TypeError as error:
        raise IllTyped(
            f"A polynomial map of {inputs} variables was asked for, and its function could not be applied to them: "
            f"{error}. Use +, *, **, 0 and 1."
        ) from error
    outputs = [_polynomial(p) for p in (found if isinstance(found, tuple | list) else (found,))]
    if None in outputs:
        raise IllTyped(
            f"A function into polynomials over Z₂ was expected, and it gave {found!r}. Use +, *, **, 0 and 1."
        )
    return PolynomialMap(inputs, tuple(p for p in outputs if p is not None))


@dataclass(frozen=True)
class PolyZ2(ReverseDerivativeCategory):
    """The category of formal polynomials over Z₂.

    Args:
        maps: arrows on which the laws are checked besides the examples.
        derivative: the reverse derivative; another one makes another structure, which the laws then judge.
    """

    maps: tuple[PolynomialMap, ...] = ()
    derivative: Callable[[PolynomialMap], PolynomialMap] | None = None

    def identity(self, a: int) -> PolynomialMap:
        """The variables themselves.

        Raises:
            IllTyped: for something else than a number of them.
        """
        return PolynomialMap(a, tuple(map(variable, range(a if type(a) is int else 0))))

    def dom(self, f: PolynomialMap) -> int:
        """The number of variables."""
        return _needed(f).inputs

    def cod(self, f: PolynomialMap) -> int:
        """The number of polynomials."""
        return len(_needed(f).outputs)

    def _composite(self, f: PolynomialMap, g: PolynomialMap) -> PolynomialMap:
        return PolynomialMap(f.inputs, tuple(p.substituted(f.outputs) for p in g.outputs))

    def product(self, a: int, b: int) -> int:
        """``a + b`` variables."""
        return a + b

    def point(self) -> int:
        """No variables."""
        return 0

    def remainder(self, ab: int, a: int) -> int:
        """``ab − a``."""
        if ab < a:
            raise IllTyped(f"{a} variables and more are needed, and {ab} were found.")
        return ab - a

    def pair(self, f: PolynomialMap, g: PolynomialMap) -> PolynomialMap:
        """The polynomials of both."""
        self._shared(f.inputs, g.inputs, "⟨f, g⟩")
        return PolynomialMap(f.inputs, f.outputs + g.outputs)

    def first(self, a: int, b: int) -> PolynomialMap:
        """The first ``a`` variables."""
        return PolynomialMap(a + b, tuple(map(variable, range(a))))

    def second(self, a: int, b: int) -> PolynomialMap:
        """The last ``b`` variables."""
        return PolynomialMap(a + b, tuple(map(variable, range(a, a + b))))

    def zero(self, a: int, b: int) -> PolynomialMap:
        """Zeros."""
        return PolynomialMap(a, (ZERO,) * b)

    def plus(self, f: PolynomialMap, g: PolynomialMap) -> PolynomialMap:
        """The sum, which on bits is exclusive or."""
        self._shared(f.inputs, g.inputs, "f + g")
        self._shared(len(f.outputs), len(g.outputs), "f + g")
        return PolynomialMap(f.inputs, tuple(p + q for p, q in zip(f.outputs, g.outputs, strict=True)))

    def _shared(self, one: int, other: int, what: str) -> None:
        if one != other:
            raise NotParallel(f"{what} was asked for in {self}, and {one} is not {other}. Give maps with equal ends.")

    def reverse(self, f: PolynomialMap) -> PolynomialMap:
        """The transpose of the formal Jacobian, applied to a covector."""
        return self.derivative(f) if self.derivative is not None else transposed_jacobian(f)

    def examples(self) -> Sequence[tuple[str, Sequence[PolynomialMap]]]:
        """Formal equality is decided, so one check of a map is a check at all bits and more."""
        maps = (
            polynomial_map(2, lambda x, y: (x**3 + x * y, y**2 * x)),
            polynomial_map(2, lambda x, y: (1 + x * y, x + y)),
            polynomial_map(1, lambda x: x**2),
            *self.maps,
        )
        return (("symbolic", maps),)

    def __str__(self) -> str:
        return "Poly_Z₂"


def transposed_jacobian(f: PolynomialMap) -> PolynomialMap:
    """``R[f](x, v) = Σ_j v_j ∂f_j/∂x_i`` modulo 2."""
    f = _needed(f)
    covectors = [variable(f.inputs + j) for j in range(len(f.outputs))]
    parts = ((v * p.derivative(i) for v, p in zip(covectors, f.outputs, strict=True)) for i in range(f.inputs))
    return PolynomialMap(f.inputs + len(f.outputs), tuple(sum(part, ZERO) for part in parts))


def _needed(f: Any) -> PolynomialMap:
    if not isinstance(f, PolynomialMap):
        raise IllTyped(f"A map of polynomials over Z₂ is needed here, and {f!r:.60} was given. Use polynomial_map.")
    return f
