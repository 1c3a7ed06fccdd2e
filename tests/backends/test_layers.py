"""Tied layers against dense matrices, and equivariance exactly, on every array library (T1.12, T1.15)."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from catcore.equivariance import Monoid, Representation, cyclic, equivariant_maps, symmetric
from catcore.errors import IllTyped, ShapeMismatch
from catcore_backends import Layer, get_backend


@dataclass
class Pattern:
    """A tying pattern written down by hand, with a bias that ties all outputs."""

    rows: list[list[int]]
    shape: tuple[int, int] = field(init=False)
    dim: int = field(init=False)

    def __post_init__(self):
        self.shape = (len(self.rows), len(self.rows[0]))
        self.dim = max(abs(k) for row in self.rows for k in row)

    @property
    def labels(self) -> Any:
        return np.asarray(self.rows, dtype=np.int32)

    @property
    def bias(self) -> Pattern:
        return Pattern([[1]] * self.shape[0])

    def basis_array(self, dtype: Any) -> Any:
        """The same as dense matrices."""
        numbers = np.arange(1, self.dim + 1)[:, None, None]
        return ((self.labels == numbers).astype(int) - (self.labels == -numbers)).astype(dtype)


class Dense(Pattern):
    """The same space with its pattern hidden."""

    @property
    def labels(self) -> None:
        return None

    def basis_array(self, dtype: Any) -> Any:
        return Pattern(self.rows).basis_array(dtype)


CIRCULANT = [[1 + (j - i) % 5 for j in range(5)] for i in range(5)]
PATTERNS = {
    "circulant": CIRCULANT,
    "signed": [[1, -1, 2], [-1, 1, 2]],
    "with zeros": [[1, 0, 0], [2, 1, 0], [3, 2, 1], [0, 3, 2]],
    "nothing": [[0, 0], [0, 0]],
    "signed with zeros": [[0, -1], [1, 0], [2, -2]],
}


def dense(space, theta, x):
    """``y[…, o, i] = Σ θ[k, o, c] B[k, i, j] x[…, c, j]`` without any tying."""
    basis = Pattern(space.rows).basis_array("float64") if isinstance(space, Pattern) else space.basis_array()
    return np.einsum("koc,kij,...cj->...oi", theta, basis, x)


def parameters(layer, seed=0):
    """Random parameters for a layer, as NumPy arrays."""
    rng = np.random.default_rng(seed)
    bias_shape: Any = layer.bias_shape or ()
    return rng.normal(size=layer.parameters_shape), rng.normal(size=bias_shape)


@pytest.mark.parametrize("batch", [(), (4,), (2, 3), (0,)])
@pytest.mark.parametrize("channels", [(1, 1), (3, 2)])
@pytest.mark.parametrize("kind", [Pattern, Dense])
@pytest.mark.parametrize("name", PATTERNS)
def test_a_layer_is_its_dense_matrix(name, kind, channels, batch, library):
    space = kind(PATTERNS[name])
    layer = Layer(space, channels=channels, backend="auto")
    theta, _ = parameters(layer)
    x = np.random.default_rng(1).normal(size=(*batch, channels[0], space.shape[1]))
    y = library.numpy(layer(library.array(theta), library.array(x)))

    assert y.shape == (*batch, channels[1], space.shape[0])
    assert np.allclose(y, dense(space, theta, x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", [Pattern, Dense])
def test_precision_is_kept(kind, dtype, library):
    layer = Layer(kind(CIRCULANT), bias=True, backend="auto")
    shapes: list[Any] = [layer.parameters_shape, (2, 1, 5), layer.bias_shape]
    arrays = [library.array(np.ones(shape), dtype) for shape in shapes]

    assert str(library.numpy(layer(*arrays)).dtype) == dtype


def test_bias_is_an_invariant_vector_for_each_output_channel(library):
    layer = Layer(Pattern(CIRCULANT), channels=(1, 2), bias=True, backend="auto")
    theta, beta = parameters(layer)
    x = np.zeros((3, 1, 5))
    y = library.numpy(layer(library.array(theta), library.array(x), library.array(beta)))

    assert layer.bias_shape == (1, 2)
    assert np.array_equal(y, np.broadcast_to(beta[0][:, None], (3, 2, 5)))


def test_integers_commute_with_the_shift_exactly(library):
    """T1.12: a circulant layer of 64-bit integers, where equality is exact."""
    group = cyclic(8)
    shift = Representation.permutation(group, {name: list(np.roll(np.arange(8), 1)) for name in group.generators})
    space = equivariant_maps(shift, shift)
    layer = Layer(space, channels=(2, 3), bias=True, backend="auto")
    rng = np.random.default_rng(0)
    theta, x = rng.integers(-(2**20), 2**20, layer.parameters_shape), rng.integers(-(2**20), 2**20, (4, 2, 8))
    beta = rng.integers(-9, 9, layer.bias_shape or ())

    def run(x):
        return library.numpy(layer(library.array(theta), library.array(x), library.array(beta)))

    assert run(x).dtype == np.int64
    for s in range(8):
        assert np.array_equal(run(np.roll(x, s, axis=-1)), np.roll(run(x), s, axis=-1))


def test_an_untied_matrix_does_not_commute():
    layer = Layer(Pattern([[1, 2], [3, 4]]))
    theta, x = np.arange(4).reshape(4, 1, 1), np.asarray([[1, 5]])

    assert not np.array_equal(layer(theta, x[:, ::-1]), layer(theta, x)[:, ::-1])


def test_a_causal_layer_commutes_with_the_zero_filling_shift(library):
    """T1.15: a monoid that is no group ties a causal convolution."""
    fill = [[int(i == j + 1) for j in range(5)] for i in range(5)]
    causal = Representation(Monoid.presentation("s"), {"s": fill})
    space = equivariant_maps(causal, causal)
    layer = Layer(space, backend="auto")
    theta, x = np.arange(1, 6).reshape(5, 1, 1), np.asarray([[3, 1, 4, 1, 5]])
    shifted = np.asarray(x) @ np.asarray(fill).T
    run = [library.numpy(layer(library.array(theta), library.array(v))) for v in (x, shifted)]

    assert space.dim == 5
    assert np.array_equal(run[1], run[0] @ np.asarray(fill).T)


def test_a_space_without_a_pattern_uses_its_dense_basis():
    rotation = Representation(cyclic(3), {name: [[0, -1], [1, -1]] for name in cyclic(3).generators})
    space = equivariant_maps(rotation, rotation)
    layer = space.layer(backend="numpy")
    theta, _ = parameters(layer)
    x = np.random.default_rng(2).normal(size=(6, 1, 2))
    turn = np.asarray([[0, -1], [1, -1]])

    assert space.labels is None
    assert np.allclose(layer(theta, x), dense(space, theta, x))
    assert np.allclose(layer(theta, x @ turn.T), layer(theta, x) @ turn.T)


def test_the_space_finds_its_layer_by_the_backend_name():
    swap = Representation.permutation(cyclic(2), {name: [1, 0] for name in cyclic(2).generators})
    space = equivariant_maps(swap, swap)
    layer = space.layer(backend="numpy", channels=(1, 2), bias=True)

    assert layer.parameters_shape == (2, 2, 1)
    assert layer(np.ones((2, 2, 1)), np.ones((3, 1, 2))).shape == (3, 2, 2)
    assert get_backend("numpy").layer(space).parameters_shape == (2, 1, 1)


def test_one_matrix_serves_many_batches(library):
    layer = Layer(Pattern(CIRCULANT), channels=(2, 2), backend="auto")
    theta, x = library.array(parameters(layer)[0]), library.array(np.ones((3, 2, 5)))
    W = layer.matrix(theta)

    assert W.shape == (2, 5, 2, 5)
    assert np.array_equal(library.numpy(layer.apply(W, x)), library.numpy(layer(theta, x)))


def test_a_changed_theta_is_seen():
    layer = Layer(Pattern(CIRCULANT))
    theta, x = np.ones((5, 1, 1)), np.ones((1, 5))
    before = layer(theta, x)
    theta[:] = 2.0

    assert np.array_equal(layer(theta, x), 2 * before)


def test_a_layer_pickles():
    layer = Layer(Pattern(CIRCULANT), channels=(2, 3), bias=True, backend="auto")
    copy = pickle.loads(pickle.dumps(layer))

    assert repr(copy) == repr(layer) == "<layer (…, 2, 5) → (…, 3, 5), θ of shape (5, 3, 2), auto>"
    assert copy.bias_shape == layer.bias_shape


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda f: f(np.ones((5, 1)), np.ones((1, 5))), r"theta of shape \(5, 1, 1\).*and \(5, 1\) was given"),
        (lambda f: f(np.ones((5, 1, 1)), np.ones((7, 5))), r"x of shape \(…, 1, 5\).*and \(7, 5\) was given"),
        (lambda f: f(np.ones((5, 1, 1)), np.ones((1, 5)), np.ones((1, 1))), "bias was given to a layer without one"),
    ],
)
def test_a_wrong_shape_is_one_sentence(call, words):
    with pytest.raises(ShapeMismatch, match=words):
        call(Layer(Pattern(CIRCULANT)))


def test_other_wrong_uses_are_sentences_too():
    with pytest.raises(IllTyped, match="no 0/±1 pattern"):
        Layer(Dense(CIRCULANT))(np.ones((5, 1, 1), dtype=np.int64), np.ones((1, 5), dtype=np.int64))
    with pytest.raises(IllTyped, match=r"channels=\(c_in, c_out\)"):
        Layer(Pattern(CIRCULANT), channels=(0, 1))
    with pytest.raises(ShapeMismatch, match=r"beta of shape \(1, 1\)"):
        Layer(Pattern(CIRCULANT), bias=True)(np.ones((5, 1, 1)), np.ones((1, 5)), np.ones((2, 1)))


def test_no_samples_give_no_samples_whatever_the_method(library):
    space = equivariant_maps(*2 * [symmetric(300).defining.tensor(2)])
    layer = Layer(space, channels=(2, 3), bias=True)
    theta, x = library.array(np.ones(layer.parameters_shape)), library.array(np.ones((0, 2, 90000)))

    assert layer(theta, x).shape == (0, 3, 90000)
    theta_bar, x_bar, beta_bar = layer.vjp(theta, x, library.array(np.ones((0, 3, 90000))))
    assert (theta_bar.shape, x_bar.shape) == (layer.parameters_shape, (0, 2, 90000))
    assert not library.numpy(theta_bar).any()
    assert not library.numpy(beta_bar).any()


@pytest.mark.parametrize("backend", ["auto", "dask"])
def test_dask_applies_the_chosen_method_block_by_block(backend):
    da = pytest.importorskip("dask.array")
    n = 24
    square = equivariant_maps(*2 * [symmetric(n).defining.tensor(2)])
    layer = Layer(square, bias=True, backend=backend)
    rng = np.random.default_rng(0)
    theta, x, ybar = (rng.normal(size=s) for s in (layer.parameters_shape, (7, 1, n * n), (7, 1, n * n)))
    given, *blocks = (da.from_array(a, chunks=(3, 1, -1)) for a in (theta, x, ybar))
    y, found = layer(given, blocks[0]), layer.vjp(given, *blocks)
    host = Layer(square, bias=True, backend="numpy")

    assert layer.method == "diagrams"
    assert y.chunks == ((3, 3, 1), (1,), (n * n,))
    assert np.allclose(y.compute(), host(theta, x))
    for ours, right in zip(found, host.vjp(theta, x, ybar), strict=True):
        assert ours.shape == right.shape
        assert np.allclose(ours.compute(), right)
    assert np.allclose(layer(given, blocks[0][0]).compute(), host(theta, x[0]))
    assert np.allclose(layer.vjp(given, blocks[0][0], blocks[1][0])[1].compute(), host.vjp(theta, x[0], ybar[0])[1])
