"""Formal polynomials over Z₂: a reverse derivative category where functions of bits are none (T5.3, T5.10)."""

from __future__ import annotations

import itertools as it
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import Lens
from catcore.errors import IllTyped, NotParallel
from catcore.learning import PolynomialMap, PolyZ2, polynomial_map
from catcore.learning.polynomials import Polynomial, transposed_jacobian
from catcore_proofs import verify

monomials = st.lists(st.integers(0, 2), max_size=3).map(lambda m: tuple(sorted(m)))
polynomials = st.frozensets(monomials, max_size=4).map(Polynomial)
maps = st.tuples(polynomials, polynomials, polynomials).map(lambda ps: PolynomialMap(3, ps))
Z2 = PolyZ2()


@given(maps, maps, maps)
def test_the_category_and_its_chain_rule(f, g, h):
    assert Z2.equal(Z2.compose(Z2.compose(f, g), h), Z2.compose(f, Z2.compose(g, h)))
    assert verify(PolyZ2(maps=(f, g))).ok


@given(maps, maps)
def test_composites_of_polynomials_compute_composites_of_functions(f, g):
    assert all(Z2.compose(f, g)(*bits) == g(*f(*bits)) for bits in it.product((0, 1), repeat=3))


@given(maps)
def test_the_reverse_derivative_says_whether_flipping_a_bit_helps(f):
    """For a polynomial without squares, the derivative is the difference that one bit makes."""
    flat = PolynomialMap(
        3, tuple(Polynomial(frozenset(m for m in p.monomials if len({*m}) == len(m))) for p in f.outputs)
    )
    back = Z2.reverse(flat)
    for bits in it.product((0, 1), repeat=3):
        for i, j in it.product(range(3), repeat=2):
            flipped = tuple(b ^ (k == i) for k, b in enumerate(bits))
            changed = flat(*bits)[j] ^ flat(*flipped)[j]
            assert back(*bits, *(int(k == j) for k in range(3)))[i] == changed


def test_equal_functions_are_different_polynomials():
    square, same = polynomial_map(1, lambda x: x**2), polynomial_map(1, lambda x: x)

    assert all(square(b) == same(b) for b in (0, 1))
    assert not Z2.equal(square, same)
    assert str(Z2.reverse(square)) == "0 : 2 → 1"
    assert str(Z2.reverse(same)) == "x1 : 2 → 1"


def of_functions(f):
    """A reverse derivative that sees the function of bits only."""
    reduced = (Polynomial(frozenset(tuple(sorted({*m})) for m in p.monomials)) for p in f.outputs)
    return transposed_jacobian(PolynomialMap(f.inputs, tuple(reduced)))


def test_a_reverse_derivative_of_functions_breaks_the_chain_rule():
    report = verify(PolyZ2(derivative=of_functions))

    assert [v.law for v in report if v.status == "fails"] == ["RD5, chain rule (symbolic)"]


def test_the_reverse_derivative_of_t5_10():
    """f((p₀, p₁), a) = p₀ + p₁ a has p₀' = δ, p₁' = a δ and a' = p₁ δ."""
    lens = Lens(Z2).reverse(polynomial_map(3, lambda p0, p1, a: p0 + p1 * a))

    assert [str(p) for p in lens.put.outputs] == ["x3", "x2 x3", "x1 x3"]


def test_lenses_of_polynomials_compose():
    f, g = polynomial_map(2, lambda x, y: (x * y, x + y)), polynomial_map(2, lambda x, y: x + x * y)
    lenses = Lens(Z2)

    assert lenses.equal(lenses.reverse(f) >> lenses.reverse(g), lenses.reverse(Z2.compose(f, g)))
    assert lenses.equal(lenses.reverse(f) @ lenses.reverse(g), lenses.reverse(Z2.beside(f, g)))


ODD: Any = 2.5


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: polynomial_map(1, lambda x: "x"), IllTyped, "and it gave 'x'"),
        (lambda: PolynomialMap(1, (Polynomial(frozenset({(1,)})),)), IllTyped, "uses the variable x1"),
        (lambda: polynomial_map(2, lambda x, y: x)(1), IllTyped, "takes so many bits, and"),
        (lambda: polynomial_map(1, lambda x: x)(2), IllTyped, "takes so many bits, and"),
        (lambda: Z2.plus(Z2.identity(1), Z2.identity(2)), NotParallel, "1 is not 2"),
        (lambda: polynomial_map(-1, lambda: ()), IllTyped, "so many variables, and -1"),
        (lambda: polynomial_map(ODD, lambda x: x), IllTyped, "so many variables, and 2.5"),
        (lambda: polynomial_map(2, lambda x: x), IllTyped, "could not be applied to them"),
        (lambda: polynomial_map(1, ODD), IllTyped, "could not be applied to them"),
        (lambda: polynomial_map(1, lambda x: x + 2.5), IllTyped, "could not be applied to them"),
        (lambda: polynomial_map(1, lambda x: x**-1), IllTyped, "Exponents of polynomials are 0 to 1000, and -1"),
        (lambda: polynomial_map(1, lambda x: x**10**9), IllTyped, "Exponents of polynomials"),
        (lambda: Z2.reverse(ODD), IllTyped, "Use polynomial_map"),
        (lambda: Z2.compose(Z2.identity(1), ODD), IllTyped, "Use polynomial_map"),
        (lambda: Z2.identity(ODD), IllTyped, "so many variables, and 2.5"),
    ],
)
def test_refusals(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()
