"""Automatic differentiation through compiled sums: a dead branch leaves no NaN behind.  Needs the extra `jax`."""

from __future__ import annotations

import numpy as np
import pytest

from catcore.arrows import case, ident
from catcore.categories.smooth import smooth
from catcore.equivariance import Representation, cyclic, equivariant_maps
from catcore.objects import R
from catcore.tracing import arrow
from catcore_backends import Layer, compile_arrow, gradient

jax = pytest.importorskip("jax", reason="the extra jax is not installed")
V = R(2)


@pytest.mark.usefixtures("everywhere")
def test_gradients_of_dead_branches_are_zero():
    inner = (smooth("log", V) + smooth("sqrt", V)) >> case(ident(V), ident(V))
    run = compile_arrow(case(inner, smooth("sqrt", V)), "auto")
    outer, tags = jax.numpy.asarray([0, 1, 0]), jax.numpy.asarray([0, 0, 1])
    reals = [[[1.0, 2], [-1, 0], [np.nan, 1]], [[-1.0, 2], [-1, 0], [4, 9]], [[0.0, -1], [1, 4], [0, 0]]]

    def total(a, b, c):
        return run((outer, (tags, a, b), c)).sum()

    found = jax.grad(jax.jit(total), argnums=(0, 1, 2))(*map(jax.numpy.asarray, reals))

    assert np.allclose(found[0], [[1.0, 0.5], [0.0, 0.0], [0.0, 0.0]])
    assert np.allclose(found[1], [[0.0, 0.0], [0.0, 0.0], [0.25, 1 / 6]])
    assert np.allclose(found[2], [[0.0, 0.0], [0.5, 0.25], [0.0, 0.0]])


@pytest.mark.usefixtures("everywhere")
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("pairs", [tuple, list])
def test_the_gradient_of_a_term_takes_numpy_arrays_as_a_compiled_arrow_does(pairs):
    line = R()
    term = arrow(line * line, line)(lambda x: smooth("multiply", line * line)(x[0], smooth("sin", line)(x[1])))
    x = np.asarray([2.0, 3.0])
    values, slope, heard = gradient(term, "jax", inputs=True)(pairs([np.asarray(2.0), x]))

    assert all(isinstance(a, jax.Array) for a in (values, slope, heard))
    assert np.allclose(values, compile_arrow(term, "jax")((np.full(2, 2.0), x)))
    assert np.allclose(slope, np.sin(x).sum(), rtol=1e-5)
    assert np.allclose(heard, 2 * np.cos(x), rtol=1e-5)


@pytest.mark.usefixtures("everywhere")
def test_the_gradient_of_a_tied_layer_sums_over_the_tie():
    swap = Representation.permutation(cyclic(2), {name: [1, 0] for name in cyclic(2).generators})
    layer = Layer(equivariant_maps(swap, swap))
    x = jax.numpy.asarray([[[1.0, 10.0]]])
    gradient = jax.grad(lambda theta: layer(theta, x).sum())(jax.numpy.ones((2, 1, 1)))

    assert gradient[:, 0, 0].tolist() == [11.0, 11.0]
