"""Local equivariance errors against closed forms, commutators, finite differences and other libraries (THEORY §6)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from catcore.equivariance import SO, cyclic, equivariant_maps
from catcore.errors import NoInstance, NotARepresentation, ShapeMismatch, UnknownName
from catcore_backends.lie_derivatives import layer_errors, lie_derivative, local_error, translation

N = 16
MOVE = {"translation": translation(N)}
SPACE = SO(3).defining


def wave(frequency: int) -> np.ndarray:
    return np.cos(2 * np.pi * frequency * np.arange(N) / N + 0.3)[None]


def relu(x):
    return np.maximum(x, 0)


def error(f, x, **options) -> float:
    return local_error(f, MOVE, MOVE, x, **options).along["translation"]


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (np.square, {1: 0, 3: 0, 5: np.pi**2 / 2, 7: np.pi**2 / 2}),
        (lambda x: x**3, {1: 0, 3: np.pi**2 / 8, 5: np.pi**2 / 8, 7: np.pi**2 / 8}),
        (relu, {1: 2.634594e-3, 3: 6.171299e-2, 5: 1.005524, 7: 1.196257}),
        (lambda x: x @ np.stack([np.roll(np.arange(1.0, N + 1), k) for k in range(N)]), dict.fromkeys(range(8), 0)),
    ],
    ids=["square", "cube", "relu", "circular convolution"],
)
def test_t6_4_aliasing(f, expected):
    """T6.4: what a pointwise map makes above half the sampling rate comes back at another rate."""
    assert {k: error(f, wave(k)) for k in expected} == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 9])
def test_a_sample_in_a_unit_of_time(n):
    x = np.cos(2 * np.pi * ((n - 1) // 2) * np.arange(n) / n + 0.3)

    assert np.allclose(expm(translation(n)) @ x, np.roll(x, 1))


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_t6_2_linear_maps_give_their_commutator(n, m, seed):
    """T6.2: ``L_X W x = (W X − Y W) x``."""
    rng = np.random.default_rng(seed)
    W, X, Y, x = (rng.normal(size=s) for s in ((m, n), (n, n), (m, m), (4, n)))

    assert np.allclose(lie_derivative(lambda v: v @ W.T, X, Y, x), x @ (W @ X - Y @ W).T, atol=1e-7)


def test_homomorphisms_of_rotations_have_no_error_and_their_mutants_do():
    pairs = SPACE.tensor(2)
    (basis,) = equivariant_maps(pairs, SPACE).basis
    W = np.array(basis, dtype=float)
    x = np.random.default_rng(1).normal(size=(7, 9))
    wrong = W + np.eye(3, 9)

    assert max(local_error(lambda v: v @ W.T, pairs, SPACE, x).along.values()) < 1e-16
    assert local_error(lambda v: v @ wrong.T, pairs, SPACE, x).worst[1] > 0.1


def test_t6_2_random_probes_agree_with_the_norm():
    """T6.2: Hutchinson's estimate, within two parts in a thousand at 2·10⁵ probes."""
    assert error(np.square, wave(5), probes=200_000) == pytest.approx(np.pi**2 / 2, rel=5e-3)
    assert error(np.square, wave(1), probes=1000) == pytest.approx(0, abs=1e-9)


def test_t6_3_the_layers_of_a_network_add_up():
    """T6.3: the Lie derivative of a composite is the sum of the layers' own, carried to the end."""
    rng = np.random.default_rng(2)
    W = rng.normal(size=(N, N)) / 4
    layers: list[Any] = [lambda x: np.tanh(x @ W), np.square, lambda x: x @ W.T]
    x = rng.normal(size=(3, N))
    X = MOVE["translation"]

    def carried(k, v, point):
        for j, layer in enumerate(layers):
            if j > k:
                v = (layer(point + 1e-5 * v) - layer(point - 1e-5 * v)) / 2e-5
            elif j == k:
                v = lie_derivative(layer, X, X, point)
            point = layer(point)
        return v

    summands = [carried(k, None, x) for k in range(3)]
    whole = lie_derivative(lambda v: layers[2](layers[1](layers[0](v))), X, X, x)
    reported = [e.along["translation"] for e in layer_errors(layers, [MOVE] * 4, x)]

    assert np.allclose(sum(summands), whole, atol=1e-7)
    assert reported == pytest.approx([np.mean(v**2) for v in summands], rel=1e-6)


def test_the_layer_that_breaks_the_symmetry_is_found():
    circular = np.stack([np.roll(np.hanning(N), k) for k in range(N)])
    layers = [lambda x: x @ circular, relu, lambda x: x @ circular, lambda x: x[:, ::2]]
    half = {"translation": translation(N // 2) / 2}
    found = [e.along["translation"] for e in layer_errors(layers, [MOVE] * 4 + [half], wave(5) + wave(7))]

    assert found[0] < 1e-12
    assert found[2] < 1e-12
    assert found[1] > 1e-4


def test_errors_of_smooth_maps_depend_on_the_bandwidth():
    """The pitfall of §6: to reverse signals, which moves them the wrong way, looks harmless at low frequencies."""
    errors = [error(lambda x: x[:, ::-1], wave(k)) for k in (1, 2, 6)]

    assert errors == pytest.approx([2 * (2 * np.pi * k / N) ** 2 for k in (1, 2, 6)])


def test_other_libraries_give_exact_directional_derivatives(library):
    if library.name not in ("torch", "jax"):
        pytest.skip("has no directional derivatives of its own")
    x = wave(5)

    def f(v):
        return v * v * v

    found = lie_derivative(f, MOVE["translation"], MOVE["translation"], library.array(x))
    assert np.allclose(library.numpy(found), lie_derivative(f, MOVE["translation"], MOVE["translation"], x), atol=1e-9)


def test_nothing_to_measure():
    assert error(np.square, np.zeros((0, N))) == 0
    assert local_error(np.square, {}, {}, wave(1)).worst == ("", 0.0)
    assert error(np.square, np.zeros((2, N))) == 0


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: local_error(relu, cyclic(3).defining, cyclic(3).defining, np.ones(3)), NoInstance, "no infinitesimal"),
        (lambda: local_error(relu, SPACE, SO(4).defining, np.ones(3)), NotARepresentation, "SO"),
        (lambda: local_error(relu, MOVE, {"turn": np.eye(N)}, wave(1)), UnknownName, "translation .* turn"),
        (lambda: local_error(relu, MOVE, MOVE, np.ones((2, 5))), ShapeMismatch, r"\(2, 5\)"),
        (lambda: local_error(lambda x: x[:, :4], MOVE, MOVE, wave(1)), ShapeMismatch, r"outputs .*\(1, 4\)"),
        (lambda: layer_errors([relu], [MOVE], wave(1)), ShapeMismatch, "are 2, and 1 were given"),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


def exact(x):
    """``L f`` of the cube by the chain rule, in 64 bits."""
    X = MOVE["translation"]
    x = np.asarray(x, np.float64)
    return 3 * x**2 * (x @ X.T) - x**3 @ X.T


def test_narrow_points_lose_no_digits():
    x = wave(5).astype(np.float32)
    found = lie_derivative(lambda v: v**3, MOVE["translation"], MOVE["translation"], x)
    assert np.allclose(found, exact(x), atol=1e-9)


def test_a_map_that_answers_in_float32_has_six_digits():
    found = lie_derivative(lambda v: (v**3).astype(np.float32), MOVE["translation"], MOVE["translation"], wave(5))
    assert np.allclose(found, exact(wave(5)), atol=1e-4)


def test_each_sample_has_a_step_of_its_own():
    still = np.full((1, N), 1e9)  # it does not move, and is large
    x = np.concatenate([wave(5), still])
    found = lie_derivative(np.sin, MOVE["translation"], MOVE["translation"], x)
    alone = lie_derivative(np.sin, MOVE["translation"], MOVE["translation"], wave(5))
    assert np.allclose(found[:1], alone, atol=1e-9)


def test_axes_in_between_may_be_mixed():
    x = np.stack([wave(1)[0], 1e3 * wave(2)[0]])[None]
    X = MOVE["translation"]

    def mixed(v):
        return v[..., :1, :] * v[..., 1:, :]

    expected = (x @ X.T)[:, :1] * x[:, 1:] + x[:, :1] * (x @ X.T)[:, 1:] - mixed(x) @ X.T
    assert np.allclose(lie_derivative(mixed, X, X, x), expected, atol=1e-6)


def test_integers_are_points(library):
    x = np.arange(2 * N).reshape(2, N) % 5
    found = lie_derivative(lambda v: v * v * v, MOVE["translation"], MOVE["translation"], library.array(x))
    assert np.allclose(library.numpy(found), exact(x), rtol=1e-5, atol=1e-5)


def test_a_layer_is_evaluated_once_for_its_value():
    calls = []

    def layer(x):
        calls.append(x)
        return x * x

    layer_errors([layer], [MOVE, MOVE], wave(5))
    assert len(calls) == 1 + 4  # its value, and two central differences
