"""Tying is reparametrisation: patterns, arrows and hom spaces, with counts before and after (T4.3)."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import sympy as sp

from catcore import Para, ParaMap, R, Representation, TwoCell, atoms, cyclic, equivariant_maps, generator, parametric
from catcore.arrows import Arrow
from catcore.categories import FVect
from catcore.categories.smooth import constant_matrix, smooth
from catcore.equivariance import free_monoid
from catcore.errors import IllTyped, ShapeMismatch, UnknownName
from catcore.para import combination, copies, tie
from catcore.para.counting import scalars, storage
from catcore.para.tying import Combination
from catcore_backends import compile_arrow
from catcore_proofs import prove, verify

P, Q, A = atoms("P Q A")
f = ParaMap(P, generator("f", P * A, A))
g = ParaMap(Q, generator("g", Q * A, A))


def dense(m: int, n: int) -> ParaMap:
    return ParaMap(R(m, n), smooth("matmul", R(m, n) * R(n)))


@pytest.mark.usefixtures("everywhere")
def test_t4_3_one_weight_for_two_steps():
    step = ParaMap(R(), smooth("scale", R() * R()))
    cell = tie(step >> step, [0, 0])
    assert cell.counts() == (2, 1)
    assert verify(cell).ok
    run = compile_arrow(cell.target.arrow)
    assert run((np.array([3.0]), np.array([5.0]))).tolist() == [45.0]  # w² x


def test_patterns_tie_permute_and_share_partly():
    both = f >> g >> f  # parameters (P, Q, P)
    assert tie(both, [0, 1, 0]).target.params == (P, Q)
    assert tie(both, [1, 0, 1]).target.params == (Q, P)
    for pattern in ([0, 1, 0], [1, 0, 1], [2, 1, 0]):
        assert verify(tie(both, pattern)).ok
    assert tie(f >> f, [0, 0]).r is copies(P, 2)
    swapped_twice = tie(tie(both, [2, 1, 0]).target, [2, 1, 0])
    assert prove(swapped_twice.target.arrow, both.arrow).evidence == "proved"


def test_t4_6_iv_copies_do_not_depend_on_the_bracketing():
    three = f >> f >> f
    at_once = tie(three, [0, 0, 0]).target
    left = tie(tie(three, [0, 0, 1]).target, [0, 0]).target
    right = tie(tie(three, [0, 1, 1]).target, [0, 0]).target
    for other in (left, right):
        verdict = prove(at_once.arrow, other.arrow)
        assert verdict.evidence == "proved"
        assert verdict.certificate


@pytest.mark.usefixtures("everywhere")
def test_t1_12_b_a_convolution_is_a_tied_dense_layer():
    turn = Representation.permutation(cyclic(4), {"s": [1, 2, 3, 0]})
    cell = tie(dense(4, 4), equivariant_maps(turn, turn))
    assert cell.counts() == (16, 4)
    run = compile_arrow(cell.target.arrow)
    weights, x = np.array([[2.0, 3.0, 5.0, 7.0]]), np.array([[1.0, 10.0, 100.0, 1000.0]])
    layer = equivariant_maps(turn, turn).layer()
    expected = layer(weights[0][:, None, None], x[:, None, :])[:, 0]
    assert np.array_equal(run((weights, x)), expected)


@pytest.mark.usefixtures("everywhere")
def test_tying_by_a_hom_space_without_a_pattern_sums_its_basis():
    rotation = Representation(cyclic(3), {"s": [[0, -1], [1, -1]]})
    space = equivariant_maps(rotation, rotation)
    assert space.labels is None
    cell = tie(dense(2, 2), space)
    theta, x = np.array([[2.0, 3.0]]), np.array([[1.0, 4.0]])
    expected = sum(t * np.array(b.tolist(), float) for t, b in zip(theta[0], space.basis, strict=True)) @ x[0]
    assert compile_arrow(cell.target.arrow)((theta, x))[0].tolist() == expected.tolist()


def test_combinations_and_collections_are_transposes_and_each_others_reverse_t4_3():
    from catcore.categories.smooth import TABLE
    from catcore.learning.reverse import reverse_derivative

    turn = Representation.permutation(cyclic(4), {"s": [1, 2, 3, 0]})
    rotation = Representation(cyclic(3), {"s": [[0, -1], [1, -1]]})
    rng = np.random.default_rng(0)
    for rho in (turn, rotation):
        space = equivariant_maps(rho, rho)
        theta, v = rng.normal(size=(3, space.dim)), rng.normal(size=(3, *space.shape))
        forward, back = TABLE["combine"].rule(np, theta, space), TABLE["collect"].rule(np, v, space)
        assert np.allclose(np.sum(forward * v, axis=(1, 2)), np.sum(theta * back, axis=1))
        once = reverse_derivative(combination(space))
        assert np.allclose(compile_arrow(once)((theta, v)), back)
        assert np.allclose(compile_arrow(reverse_derivative(once))(((theta, v), theta))[1], forward)


def test_t4_3_counts_of_image_layers():
    n = 28
    down = [(i + 1) % n * n + j for i in range(n) for j in range(n)]
    right = [i * n + (j + 1) % n for i in range(n) for j in range(n)]
    torus = Representation.permutation(free_monoid("a", "b"), {"a": down, "b": right})
    space = equivariant_maps(torus, torus)
    circulant = tie(dense(n * n, n * n), space)
    assert circulant.counts() == (614_656, 784)
    near = constant_matrix(sp.Matrix(784, 9, lambda i, j: int(i == j)).tolist())  # any nine of the shifts
    assert tie(circulant.target, near).counts() == (784, 9)


def test_a_parameter_at_a_place():
    layers = dense(3, 2) >> dense(2, 3)
    turn = Representation.permutation(cyclic(2), {"s": [1, 0]})
    three = Representation.permutation(cyclic(2), {"s": [0, 2, 1]})
    cell = tie(layers, equivariant_maps(three, turn))  # the only place of shape (2, 3)
    assert cell.target.params == (R(3), R(3, 2))
    assert cell.counts() == (12, 9)
    assert verify(cell).ok
    r = generator("r", A, R(3, 2))
    assert tie(layers, r, at=1).target.params == (R(2, 3), A)


def test_matrices_are_tied_by_the_same_operation():
    step = Para(FVect()).map(1, sp.ImmutableMatrix([[1, 2]]))
    cell = tie(step >> step, [0, 0])
    assert cell.target.arrow == sp.ImmutableMatrix([[3, 4]])  # (q + 2 (p + 2 x)) at q = p
    assert cell.counts() == (2, 1)


def test_counts_and_storage():
    assert scalars(R(4, 2) * R(4)) == 12
    assert scalars(R(3) ** 4) == 12
    assert scalars(A * R(2), {"A": (3, 5)}) == 17
    assert dense(4, 2).storage() == 32
    assert dense(4, 2).storage("float16") == 16
    assert storage(175 * 10**9) == 700 * 10**9  # slide: more than 700 GB


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tie(f >> g, [0, 0]), IllTyped, "one parameter at places of types Q and P"),
        (lambda: tie(f >> f, [0]), IllTyped, "a list of 2 numbers"),
        (lambda: tie(f >> f, [0, 2]), IllTyped, "with gaps; use 0 … 1"),
        (lambda: tie(f, "P"), IllTyped, "a pattern such as"),
        (lambda: tie(f, generator("r", A, Q)), IllTyped, "from A to P is an arrow A → P, and an arrow A → Q was given"),
        (lambda: tie(f, generator("r", A, P), at=4), IllTyped, "Parameter number 4"),
        (lambda: tie(f >> g, generator("r", A, P), at=0), IllTyped, "is Q, and the arrow A → P was given"),
        (lambda: tie(dense(3, 2), _swap_space()), ShapeMismatch, r"shape \(2, 2\)"),
        (lambda: tie(dense(2, 2) >> dense(2, 2), _swap_space()), ShapeMismatch, "has 2 of that shape"),
        (lambda: tie(_text(), [0]), IllTyped, "A parametric map is needed here"),
        (lambda: Combination("combine", R(3), _swap_space()), IllTyped, r"combine leaves R\(dim\)"),
        (lambda: f.count(), IllTyped, "nothing says its shape"),
        (lambda: scalars(1 + R(2)), IllTyped, "differ in size"),
        (lambda: dense(2, 2).storage("float7"), UnknownName, "'float7'"),
    ],
)
def test_refusals(make, error, message):
    with pytest.raises(error, match=message):
        make()


def _swap_space():
    swap = Representation.permutation(cyclic(2), {"s": [1, 0]})
    return equivariant_maps(swap, swap)


def _text():
    return "no map"


def test_a_claimed_tying_that_is_none_is_refuted():
    @parametric((P, P), A, A)
    def untied(p, q, x):
        return f.arrow(p, f.arrow(q, x))

    @parametric(P, A, A)
    def wrong(p, x):
        return f.arrow(p, x)  # one step instead of two

    delta: Arrow = copies(P, 2)
    assert verify(TwoCell(delta, untied, wrong)).status == "fails"
    assert verify(TwoCell(delta, untied, P)).ok


def test_combinations_print_what_builds_them():
    f = combination(_swap_space())
    assert repr(f).startswith("combination(equivariant_maps(")
    assert pickle.loads(pickle.dumps(f)) is f
