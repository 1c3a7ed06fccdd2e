"""Multilinear contractions: `einsum` pair by pair, chains of linear maps regrouped, constants multiplied beforehand."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from catcore.arrows import fst, pair, snd
from catcore.categories.contractions import order
from catcore.categories.smooth import constant_matrix, smooth
from catcore.errors import IllTyped
from catcore.learning import Smooth, reverse_derivative
from catcore.objects import R
from catcore.tracing import trace
from catcore_backends import compile_arrow

CASES = {
    "ij,jk,k->i": [(2, 3), (3, 4), (4,)],
    "ij->ji": [(2, 3)],
    "ij->": [(2, 3)],
    "i,j->ij": [(2,), (3,)],
    "ij,ij->i": [(2, 3), (2, 3)],
    "bij,bjk->bik": [(5, 2, 3), (5, 3, 4)],
    "i,i,i->": [(3,)] * 3,
    "ijk,lj,mk->ilm": [(2, 3, 4), (5, 3), (6, 4)],
    ",i->i": [(), (3,)],
    "ij,k->i": [(2, 3), (4,)],
    "ab,bc,cd,de,ea->": [(2, 3), (3, 4), (4, 5), (5, 6), (6, 2)],
}


def product(shapes):
    dom = R(*shapes[0])
    for shape in shapes[1:]:
        dom = dom * R(*shape)
    return dom


def batch(shapes, rows=4):
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(rows, *shape)) for shape in shapes]
    nested: Any = arrays[0]
    for array in arrays[1:]:
        nested = (nested, array)
    return arrays, nested


def expected(subscripts, arrays):
    left, _, right = subscripts.partition("->")
    return np.einsum(",".join("Z" + part for part in left.split(",")) + "->Z" + right, *arrays)


@pytest.mark.parametrize("subscripts", CASES)
def test_einsum_is_the_sum_over_its_indices(subscripts, library):
    arrays, x = batch(CASES[subscripts])
    run = compile_arrow(smooth("einsum", product(CASES[subscripts]), subscripts), "auto")

    assert np.allclose(library.numpy(run(library.batch(x))), expected(subscripts, arrays), rtol=1e-10, atol=1e-10)
    assert re.search(r"\bg\d+\(|einsum\(", run.source) is None


@pytest.mark.parametrize("subscripts", CASES)
def test_the_reverse_derivative_is_the_transpose_of_the_derivative(subscripts):
    """``⟨v, f(x + t e)⟩`` is a polynomial of degree 1 in each tensor, so differences are exact up to rounding."""
    term = smooth("einsum", product(CASES[subscripts]), subscripts)
    arrays, x = batch(CASES[subscripts], 1)
    run, back = compile_arrow(term), compile_arrow(reverse_derivative(term))
    v = np.random.default_rng(1).normal(size=run(x).shape)
    slopes: list[Any] = []
    found = back((x, v))
    for _ in arrays[1:]:
        slopes.insert(0, found[1])
        found = found[0]
    for place, slope in enumerate([found, *slopes]):
        moved = [a.copy() for a in arrays]
        moved[place] = step = np.random.default_rng(2).normal(size=arrays[place].shape)
        assert np.allclose(np.sum(slope * step), np.sum(v * expected(subscripts, moved)))


@pytest.mark.parametrize(
    ("shapes", "subscripts"),
    [
        ([(2, 3), (3, 4)], "ij->ij"),
        ([(2, 3), (3,)], "ij,kl->il"),
        ([(2, 3), (4, 2)], "ij,jk->ik"),
        ([(2, 2)], "ii->i"),
        ([(2,)], "i->j"),
        ([(2,)], "i->ii"),
        ([(2,)], "1->1"),
        ([(2,)], ["i", "i"]),
    ],
)
def test_subscripts_that_do_not_fit_are_one_sentence(shapes, subscripts):
    with pytest.raises(IllTyped, match="einsum"):
        smooth("einsum", product(shapes), subscripts)


def test_the_order_is_found_for_the_shapes():
    a, b, x = np.ones((2, 300)), np.ones((300, 300)), np.ones((300, 2))

    assert order([(a, ("i", "j")), (b, ("j", "k")), (x, ("k", "l"))], ("i", "l"))[0] in ((0, 1), (1, 2))
    assert order([(b, ("i", "j")), (b, ("j", "k")), (x[:, 0], ("k",))], ("i",))[0] == (1, 2)


def matmul(a, b):
    return pair(a, b) >> smooth("matmul", a.cod * b.cod)


def test_products_are_regrouped_where_that_is_cheaper(library):
    dom = R(30, 40) * R(40, 50) * R(50)
    term = trace(
        lambda p: smooth("matmul", R(30, 50) * R(50))(smooth("matmul", R(30, 40) * R(40, 50))(*p[0]), p[1]),
        dom, R(30),
    )  # fmt: skip
    arrays, x = batch([(30, 40), (40, 50), (50,)])
    run = compile_arrow(term, "auto")

    assert "40, 50" in run.source
    assert "(v3, 40, 1)" in run.source or re.search(r"\(v\d+, 40\b", run.source), "b x comes first"
    assert np.allclose(library.numpy(run(library.batch(x))), np.einsum("zij,zjk,zk->zi", *arrays))


def test_constant_matrices_are_multiplied_beforehand(library):
    rng = np.random.default_rng(0)
    a, b = rng.integers(-3, 3, size=(40, 6)), rng.integers(-3, 3, size=(5, 40))
    run = compile_arrow(constant_matrix(a) >> constant_matrix(b), "auto")
    x = rng.normal(size=(3, 6))

    assert run.source.partition("def program")[2].count("@") == 1
    assert np.allclose(library.numpy(run(library.array(x))), x @ a.T @ b.T)


def test_constant_matrices_that_would_become_larger_are_left_alone():
    run = compile_arrow(constant_matrix(np.ones((1, 50), int)) >> constant_matrix(np.ones((50, 1), int)))

    assert run.source.partition("def program")[2].count("@") == 2


def test_what_is_read_elsewhere_stays_whole():
    dom = R(3, 3) * R(3, 3) * R(3)
    both = trace(lambda p: (smooth("matmul", R(3, 3) * R(3, 3))(*p[0]), p[1]), dom, R(3, 3) * R(3))
    term = both >> pair(smooth("matmul", R(3, 3) * R(3)), smooth("matmul", R(3, 3) * R(3)) >> smooth("exp", R(3)))
    arrays, x = batch([(3, 3), (3, 3), (3,)])
    plain, powers = compile_arrow(term)(x)

    assert np.allclose(plain, np.einsum("zij,zjk,zk->zi", *arrays))
    assert np.allclose(powers, np.exp(plain))


@pytest.mark.parametrize("sizes", [(1, 2, 2, 1), (2, 2, 3, 2)])
def test_the_laws_that_regrouping_rests_on_hold_on_symbols(sizes):
    """Associativity of products and the product of transposes, as identities of polynomials; a false one is seen."""
    l, m, n, k = sizes
    dom = R(l, m) * R(m, n) * R(n, k)
    a, b = (fst(*dom.args) >> side(R(l, m), R(m, n)) for side in (fst, snd))
    c = snd(*dom.args)
    first, second = matmul(matmul(a, b), c), matmul(a, matmul(b, c))
    third = turned(matmul(turned(c), matmul(turned(b), turned(a))))

    assert Smooth().equal(first, second)
    assert Smooth().equal(first, third)
    assert not Smooth().equal(first, second >> smooth("times", R(l, k), 2))


def turned(a):
    return a >> smooth("permute_dims", a.cod, (1, 0))
