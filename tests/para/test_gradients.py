"""What tying does to gradients: the tied one is the sum of the untied ones, because R[Δ] is + (T4.3, T4.8, T5.4)."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import ParaMap, R, reverse_derivative, smooth
from catcore.datatypes import datatype
from catcore.functors import Id
from catcore.para import architectures as arch
from catcore.para import bundled, tie, unrolled
from catcore_backends import compile_arrow
from tests.para.test_recursion import step

Lists = datatype(1 + R() * Id, "Nil", "Cons")


def gradients(f, params, x, covector):
    """The covectors of the parameters of a map, in the order of its parameters, and that of its input."""
    whole = bundled(f)
    batched = _batched(_nested(params))
    found = compile_arrow(reverse_derivative(whole.arrow))(((batched, x), covector))
    flat, rest = [], found[0]
    for _ in params[1:]:
        flat.append(rest[0])
        rest = rest[1]
    return [*flat, rest], found[1]


def _nested(parts):
    return (parts[0], _nested(parts[1:])) if len(parts) > 1 else parts[0]


def _batched(value):
    return tuple(map(_batched, value)) if isinstance(value, tuple) else np.asarray(value)[None]


def test_t4_3_tied_gradients_are_sums_of_untied_ones():
    cell = arch.folding(step, 0.1)
    free = unrolled(Lists.list_of([1.0, -2.0, 0.5]), cell)
    labels = _batched((1.0, (-2.0, 0.5)))
    untied, _ = gradients(free, [0.5, -0.3, 0.2] * 4, labels, np.ones(1))
    nodes = np.array(untied).reshape(4, 3)
    expected = [(0.474696, -0.344374, 0.474696), (0.13492, -0.026777, -0.06746), (0.008525, 0.001705, 0.017049)]
    assert np.allclose(nodes, [*expected, (0, 0, 0)], atol=1e-6)  # from head to tail; the empty list uses none
    tied, _ = gradients(tie(free, [0, 1, 2] * 4).target, [0.5, -0.3, 0.2], labels, np.ones(1))
    assert np.allclose(np.squeeze(tied), nodes.sum(axis=0))
    assert np.allclose(np.squeeze(tied), [0.618141, -0.369446, 0.424286], atol=1e-6)


def test_t4_8_one_step_of_descent_and_ascent():
    scale = ParaMap(R(), smooth("multiply", R() * R()))
    network = arch.gan(scale, scale)  # parameters (q, p), input (z, real)
    mask = (np.array([1.0]), np.array([-1.0]))
    (q_bar, p_bar), _ = gradients(network, [0.3, 0.5], _batched((1.0, 2.0)), mask)
    assert np.allclose([0.5 - 0.1 * p_bar[0], 0.3 + 0.1 * q_bar[0]], [0.47, 0.15])


@pytest.mark.usefixtures("everywhere")
def test_t4_8_a_linear_autoencoder_reaches_the_error_of_principal_components():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 4)) * [3.0, 2.0, 0.4, 0.2]
    values = np.sort(np.linalg.svd(x, compute_uv=False) ** 2)
    best = values[:2].sum()
    network = arch.autoencoder(4, 2, tied=True)
    back = compile_arrow(reverse_derivative(network.arrow))
    run = compile_arrow(network)
    w = rng.normal(size=(2, 4)) / 4
    for _ in range(600):
        error = run(w, x) - x
        w = w - 4e-4 * back(((np.broadcast_to(w, (40, 2, 4)), x), 2 * error))[0].sum(axis=0)
    assert np.isclose(np.sum((run(w, x) - x) ** 2), best, rtol=1e-6)
