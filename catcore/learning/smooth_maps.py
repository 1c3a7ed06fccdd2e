"""The category of smooth maps as a reverse derivative category (THEORY T5.3).

Objects are products of real tensors, arrows are terms over the table of smooth primitives, and ``R[f](x, v)`` is the
transpose of the derivative.  Equations between polynomial maps are decided on symbols; others are compared at random
points, and the laws say which.

>>> S = Smooth()
>>> from catcore.categories.smooth import smooth
>>> from catcore.objects import R
>>> f = smooth("square", R(2))
>>> S.equal(S.forward(f), smooth("multiply", R(2) * R(2)) >> smooth("times", R(2), 2))
True
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catcore.arrows import Arrow, ident, terminal
from catcore.categories.smooth import smooth
from catcore.errors import NotInterpreted
from catcore.learning.axioms import ReverseDerivativeCategory
from catcore.learning.cartesian import TermsWithProducts
from catcore.learning.covectors import covectors, nothing, plus, written
from catcore.learning.numbers import entries, exactly, is_polynomial, numerically, sampled_at, symbols_of
from catcore.learning.reverse import reverse_derivative
from catcore.objects import Ob, One, R
from catcore.tracing import trace


@dataclass(frozen=True)
class Smooth(TermsWithProducts, ReverseDerivativeCategory):
    """Smooth maps between products of real tensors.

    Args:
        maps: arrows on which the laws are checked besides the examples of the literature.
        derivative: the reverse derivative; another one makes another structure, which the laws then judge.
        points: at how many random points two maps are compared that are no polynomials.
    """

    maps: tuple[Arrow, ...] = ()
    derivative: Callable[[Arrow], Arrow] = reverse_derivative
    points: int = 3

    def zero(self, a: Ob, b: Ob) -> Arrow:
        """The map that is zero everywhere."""
        return terminal(a) if b is One else nothing(ident(a), b)

    def covectors(self, a: Ob) -> Ob:
        """The object of covectors; real tensors are their own."""
        return covectors(a)

    def no_covector(self, a: Ob, b: Ob) -> Arrow:
        """The zero covector of an object, also of sums and data."""
        return nothing(ident(a), b)

    def plus(self, f: Arrow, g: Arrow) -> Arrow:
        """The sum of two parallel maps, value by value."""
        return written(plus(f, g), ident(f.dom), f.cod)

    def reverse(self, f: Arrow) -> Arrow:
        """The transpose of the derivative, as a term."""
        return self.derivative(f)

    def _equal(self, f: Arrow, g: Arrow) -> bool:
        if f is g:
            return True
        if is_polynomial(f) and is_polynomial(g):
            x = symbols_of(f.dom, "x")
            return all(_vanishes(p - q) for p, q in zip(entries(exactly(f, x)), entries(exactly(g, x)), strict=True))
        return all(self._agree(f, g, seed) for seed in range(self.points))

    def _agree(self, f: Arrow, g: Arrow, seed: int) -> bool:
        import numpy as np

        x = sampled_at(f.dom, seed)
        return bool(np.allclose(entries(numerically(f, x)), entries(numerically(g, x)), rtol=1e-9, atol=1e-9))

    def examples(self) -> Sequence[tuple[str, Sequence[Arrow]]]:
        """Polynomial maps, compared on symbols, and others, compared in numbers."""
        polynomial, others = [_polynomial()], [_transcendental(), smooth("tanh", R(2))]
        for f in self.maps:
            if not isinstance(f, Arrow):
                raise NotInterpreted(f"The axioms were to be checked on {f!r}, which is no arrow. Give terms.")
            (polynomial if is_polynomial(f) else others).append(f)
        return (("symbolic", polynomial), ("numeric", others))

    def __str__(self) -> str:
        return "Smooth"


def _vanishes(expression: object) -> bool:
    import sympy as sp

    return bool(sp.expand(expression) == 0)


_PLANE = R() * R()


def _polynomial() -> Arrow:
    """``(x³ + 2 x y, y² x)``, the example of T5.3."""
    add, times, square = smooth("add", _PLANE), smooth("multiply", _PLANE), smooth("square", R())
    twice = smooth("times", R(), 2)
    return trace(
        lambda p: (add(times(p[0], square(p[0])), twice(times(*p))), times(square(p[1]), p[0])), _PLANE, _PLANE
    )


def _transcendental() -> Arrow:
    """``(x, y) ↦ (sin x, y exp x)``, copied into a vector and multiplied through ``tanh``."""
    sin, exp, times = smooth("sin", R()), smooth("exp", R()), smooth("multiply", _PLANE)
    row = smooth("reshape", R(), (1,))
    join = smooth("concat", R(1) * R(1), 0)
    return trace(lambda p: join(row(sin(p[0])), row(times(p[1], exp(p[0])))), _PLANE, R(2))
