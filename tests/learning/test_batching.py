"""The batched form of a smooth map is the map on each sample, and its gradient the sum of theirs."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import R, arrow, case, curry, ev, ident, pair, reverse_derivative, smooth
from catcore.categories.smooth import TABLE, Operation, constant, constant_matrix, register, same_shape
from catcore.errors import IllTyped, NotInterpreted
from catcore.learning.batching import RULES, batched, batched_map
from catcore.objects import Product
from catcore.para import architectures
from catcore_backends import compile_arrow
from tests.backends.test_smooth import CASES
from tests.learning.running import batch_of_one, flat, single

rng = np.random.default_rng(0)


def element(ob, *lead):
    """A random element, with axes in front."""
    if isinstance(ob, Product):
        return element(ob.left, *lead), element(ob.right, *lead)
    return rng.uniform(0.5, 1.5, size=(*lead, *ob.shape))


@pytest.mark.parametrize("f", CASES, ids=lambda f: f"{f.name} of {f.dom}")
def test_every_primitive_on_a_batch(f):
    x = element(f.dom, 4)
    found = single(compile_arrow(batched(f, 4))(batch_of_one(x)))

    assert np.allclose(found, compile_arrow(f)(x), rtol=1e-13)


@pytest.mark.parametrize("f", [f for f in CASES if isinstance(f.dom, Product)], ids=lambda f: f"{f.name} of {f.dom}")
def test_every_primitive_with_one_argument_for_all(f):
    one, x = element(f.dom.left), element(f.dom.right, 4)
    run = compile_arrow(batched(f, 4, shared=1))
    wanted = compile_arrow(f)((np.broadcast_to(one, (4, *one.shape)), x))

    assert np.allclose(single(run((one[None], x[None]))), wanted, rtol=1e-13)


def test_every_primitive_has_a_rule_but_contractions():
    assert {f.name for f in CASES} - set(RULES) == {"einsum"}  # taken sample by sample, as a user's own primitives are
    assert set(RULES) <= {f.name for f in CASES}


def test_the_gradient_of_a_batch_is_the_sum_of_the_gradients_in_one_product():
    dense = smooth("matmul", R(4, 3) * R(3)) >> smooth("tanh", R(4))
    many = compile_arrow(reverse_derivative(batched(dense, 6, shared=1)))
    w, x, v = rng.normal(size=(4, 3)), rng.normal(size=(6, 3)), rng.normal(size=(6, 4))
    found = single(many(((w[None], x[None]), v[None])))
    alone = compile_arrow(reverse_derivative(dense))(((np.broadcast_to(w, (6, 4, 3)), x), v))

    assert np.allclose(found[0], alone[0].sum(0), rtol=1e-13)
    assert np.allclose(found[1], alone[1], rtol=1e-13)
    assert many.source.count("# matmul") == 3


@pytest.mark.usefixtures("everywhere")
def test_constants_functions_and_pairs():
    shift = arrow(R(2), R(2) * R())(lambda x: (smooth("add", R(2) * R(2))(x, constant([1, 2])), constant(3)))
    applied = pair(curry(smooth("multiply", R(2) * R(2))), ident(R(2))) >> ev(R(2), R(2))
    for f in (shift, applied, shift >> (constant_matrix([[1, 2]]) * ident(R()))):
        x = rng.normal(size=(3, 2))
        found = flat(single(compile_arrow(batched(f, 3))(x[None])))
        assert all(np.allclose(a, b) for a, b in zip(found, flat(compile_arrow(f)(x)), strict=True))


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: batched(case(ident(R()), ident(R())), 2), NotInterpreted, "A batch of ℝ \\+ ℝ as one tensor"),
        (lambda: batched(ident(R()), 0), IllTyped, "A batch of 0 samples"),
        (lambda: batched(ident(R()), 2, shared=1), IllTyped, "shares 1 factors of ℝ"),
    ],
)
def test_refusals(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


@pytest.mark.usefixtures("everywhere")
def test_a_primitive_without_a_batch_rule_is_applied_to_every_sample():
    register(Operation("cube for a batch", same_shape, lambda xp, x: x**3, lambda xp, x, v: 3 * x**2 * v))
    try:
        f = smooth("cube for a batch", R(2)) >> smooth("tanh", R(2))
        x, v = rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
        many = batched(f, 4)
        found = single(compile_arrow(reverse_derivative(many))((x[None], v[None])))

        assert np.allclose(single(compile_arrow(many)(x[None])), compile_arrow(f)(x))
        assert np.allclose(found, compile_arrow(reverse_derivative(f))((x, v)))
    finally:
        del TABLE["cube for a batch"]


@pytest.mark.usefixtures("everywhere")
def test_a_causal_network_is_one_program_on_a_batch():
    block = architectures.transformer_block(3, 4, heads=2)
    many = batched_map(block, 5)
    weights, x = element(block.whole), element(block.dom, 5)
    point, alone = (_at(weights, x, len(block.params), lead) for lead in (True, False))

    assert np.allclose(single(compile_arrow(many.arrow)(point)), compile_arrow(block.arrow)(alone), rtol=1e-10)


def _at(weights, x, count, one):
    """A point of ``p × (q × … × A)``: one copy of the weights, or one for each sample."""
    value = x[None] if one else x
    parts = []
    for _ in range(count - 1):
        parts.append(weights[0])
        weights = weights[1]
    for part in reversed([*parts, weights]):
        value = (part[None] if one else np.broadcast_to(part, (len(x), *part.shape)), value)
    return value
