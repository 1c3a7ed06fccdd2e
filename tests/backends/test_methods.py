"""Every way to apply a tied matrix against the dense one, forward and both derivatives, and how one is chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catcore.equivariance import SO, O, Sp, cyclic, equivariant_maps, symmetric
from catcore.errors import IllTyped, ShapeMismatch
from catcore_backends import Layer
from catcore_backends.layers.methods import METHODS, costs, sums
from catcore_backends.layers.methods.choosing import Candidates
from catcore_backends.layers.methods.entries import TiedEntries
from tests.backends.test_layers import Dense, Pattern


def circulant(n: int, first: int = 1) -> Any:
    """Labels of a circulant."""
    return first + (np.arange(n)[:, None] - np.arange(n)[None, :]) % n


def toeplitz(m: int, n: int) -> Any:
    """Labels of a Toeplitz matrix: all differences free."""
    return n + np.arange(m)[:, None] - np.arange(n)[None, :]


def power(n: int, k: int, l: int) -> Any:
    """Labels of the maps between tensor powers of S_n, from the solver."""
    v = symmetric(n).defining
    return equivariant_maps(v.tensor(k), v.tensor(l)).labels


def torus(m: int, n: int) -> Any:
    """Labels of the translations of a grid, from the solver."""
    v = (cyclic(m) * cyclic(n)).defining
    return equivariant_maps(v, v).labels


def strided(m: int, n: int) -> Any:
    """A grid of m × n kept at every second row (T1.12 u)."""
    rows = (2 * np.arange(m // 2)[:, None] - np.arange(m)[None, :]) % m
    columns = (np.arange(n)[:, None] - np.arange(n)[None, :]) % n
    return (1 + n * rows[:, None, :, None] + columns[None, :, None, :]).reshape(m * n // 2, m * n)


def blocks() -> Any:
    """Blocks of shapes 2×2, 2×2 and 1×3 with signs, rows and columns in disorder."""
    labels = np.zeros((5, 7), dtype=int)
    labels[:2, :2], labels[2:4, 2:4], labels[4, 4:] = [[1, 2], [3, -1]], [[4, 5], [5, 6]], [7, 8, 9]
    return labels[[3, 0, 4, 1, 2]][:, [6, 2, 0, 4, 1, 3, 5]]


CASES: dict[str, tuple[str, Any]] = {
    "S5 1→1": ("diagrams", lambda: power(5, 1, 1)),
    "S5 2→2": ("diagrams", lambda: power(5, 2, 2)),
    "S3 2→2, fewer blocks than places": ("diagrams", lambda: power(3, 2, 2)),
    "S5 2→1": ("diagrams", lambda: power(5, 2, 1)),
    "S5 1→2": ("diagrams", lambda: power(5, 1, 2)),
    "S5 0→2": ("diagrams", lambda: power(5, 0, 2)),
    "S5 2→0": ("diagrams", lambda: power(5, 2, 0)),
    "S4 3→1": ("diagrams", lambda: power(4, 3, 1)),
    "S4 1→3": ("diagrams", lambda: power(4, 1, 3)),
    "agreement alone, signed": ("diagrams", lambda: np.where(np.eye(6) == 1, -1, 1)),
    "circulant": ("convolution", lambda: circulant(8)),
    "circulant of odd length": ("convolution", lambda: circulant(7)),
    "circulant whose length has a large prime factor": ("convolution", lambda: circulant(13)),
    "torus": ("convolution", lambda: torus(4, 3)),
    "causal": ("convolution", lambda: np.tril(circulant(9))),
    "more rows than columns": ("convolution", lambda: toeplitz(7, 4)),
    "more columns than rows": ("convolution", lambda: toeplitz(4, 7)),
    "strided grid": ("convolution", lambda: strided(6, 4)),
    "strided grid of a length with a large prime factor": ("convolution", lambda: strided(26, 3)),
    "copies": (
        "convolution",
        lambda: np.block([[circulant(5), circulant(5, 6)], [-circulant(5, 6), circulant(5) * 0]]),
    ),
    "band": ("taps", lambda: np.where(np.abs(toeplitz(8, 8) - 8) <= 1, 1 + np.arange(8)[:, None], 0)),
    "blocks in disorder": ("blocks", blocks),
}


def space_of(name: str) -> Pattern:
    """The space of a case."""
    return Pattern(CASES[name][1]().tolist())


def reference(space: Pattern, theta: Any, x: Any, ybar: Any) -> tuple[Any, Any, Any]:
    """y, θ̄ and x̄ from the dense basis."""
    basis = Pattern(space.rows).basis_array("float64")
    return (
        np.einsum("koc,kij,bcj->boi", theta, basis, x),
        np.einsum("boi,kij,bcj->koc", ybar, basis, x),
        np.einsum("koc,kij,boi->bcj", theta, basis, ybar),
    )


def numbers(layer: Layer, batch: int = 5) -> tuple[Any, Any, Any]:
    """Random θ, x and ȳ for a layer."""
    rng = np.random.default_rng(3)
    (c_in, c_out), (n_out, n_in) = layer.channels, layer.space.shape
    shapes = (layer.parameters_shape, (batch, c_in, n_in), (batch, c_out, n_out))
    theta, x, ybar = (rng.normal(size=shape) for shape in shapes)
    return theta, x, ybar


@pytest.mark.parametrize("channels", [(1, 1), (2, 3)])
@pytest.mark.parametrize("name", CASES)
def test_every_method_that_fits_is_the_dense_matrix(name, channels, library):
    space, meant = space_of(name), CASES[name][0]
    fitting = [m for m in METHODS if getattr(Candidates(space), m) is not None]

    assert meant in fitting
    # JAX compiles every operation for every shape: there, a case has channels and is for the method that is meant
    if library.name == "jax" and channels == (1, 1):
        pytest.skip("one channel is computed as several are")
    for method in [meant] if library.name == "jax" else fitting:
        layer = Layer(space, channels=channels, method=method)
        theta, x, ybar = numbers(layer)
        arrays = [library.array(v) for v in (theta, x, ybar)]
        found = (layer(*arrays[:2]), *layer.vjp(*arrays))
        for ours, right in zip(found, reference(space, theta, x, ybar), strict=True):
            assert np.allclose(library.numpy(ours), right, rtol=1e-10, atol=1e-10), method


@pytest.mark.parametrize("channels", [(1, 1), (2, 3)])
def test_derivatives_of_a_space_without_a_pattern(channels, library):
    space = Dense(CASES["causal"][1]().tolist())
    layer = Layer(space, channels=channels)
    theta, x, ybar = numbers(layer)
    found = layer.vjp(*(library.array(v) for v in (theta, x, ybar)))

    assert layer.method == "dense"
    for ours, right in zip(found, reference(space, theta, x, ybar)[1:], strict=True):
        assert np.allclose(library.numpy(ours), right)


@pytest.mark.parametrize("name", [name for name, (method, _) in CASES.items() if method in ("diagrams", "convolution")])
def test_one_changed_entry_is_no_longer_that_structure(name):
    method, labels = CASES[name][0], np.array(CASES[name][1]())
    before = getattr(Candidates(Pattern(labels.tolist())), method)
    labels[-1, labels.shape[1] // 2] += 1
    space = Pattern(labels.tolist())
    after = getattr(Candidates(space), method)
    layer = Layer(space)
    theta, x, ybar = numbers(layer)

    # what is left may be a convolution of more and smaller copies
    assert after is None or (method == "convolution" and sum(after.copies) > sum(before.copies))
    assert np.allclose(layer(theta, x), reference(space, theta, x, ybar)[0])


@pytest.mark.parametrize(
    ("labels", "channels", "method"),
    [
        (lambda: power(5, 1, 1), (1, 1), "dense"),
        (lambda: np.where(np.eye(2048) == 1, 1, 2), (1, 1), "diagrams"),
        (lambda: circulant(2048), (1, 1), "convolution"),
        (lambda: np.tril(circulant(1500)), (1, 1), "convolution"),
        (lambda: np.where(np.abs(toeplitz(2000, 2000) - 2000) <= 1, 1 + np.arange(2000)[:, None], 0), (1, 1), "taps"),
        (lambda: np.kron(np.eye(16, dtype=int), np.arange(1, 64**2 + 1).reshape(64, 64)), (1, 1), "blocks"),
        (lambda: np.random.default_rng(0).integers(1, 9, size=(300, 300)), (1, 1), "dense"),
    ],
)
def test_the_cheapest_is_chosen_and_said(labels, channels, method):
    table = labels()

    class Written:
        shape, dim = table.shape, int(np.abs(table).max())
        labels = table

    layer = Layer(Written(), channels=channels)  # type: ignore[arg-type]

    assert layer.method == method
    assert layer.costs[method] <= layer.costs["dense"]


@pytest.mark.parametrize(
    ("labels", "numpy", "torch"),
    [
        (lambda: circulant(256), "dense", "convolution"),
        (lambda: np.kron(np.eye(4, dtype=int), np.ones((8, 8), dtype=int)), "dense", "dense"),
        (lambda: circulant(1013), "convolution", "convolution"),
    ],
)
def test_each_library_has_prices_of_its_own(labels, numpy, torch):
    pytest.importorskip("torch")
    space = Pattern(labels().tolist())

    assert Layer(space, backend="numpy").method == numpy
    assert Layer(space, backend="torch").method == torch


def test_a_choice_follows_prices_that_are_set(monkeypatch):
    space = space_of("circulant")
    before = Layer(space, backend="numpy")
    monkeypatch.setitem(costs.PRICES, "numpy", costs.Prices(product=1e6, tied=1e6))
    after = Layer(space, backend="numpy")
    theta, x, _ = numbers(after)

    assert (before.method, after.method) == ("dense", "convolution")
    assert np.allclose(after(theta, x), before(theta, x))
    assert after.costs["dense"].forward > after.costs["convolution"].forward


def test_work_adds_up_and_a_long_transform_with_a_large_prime_factor_is_dear():
    work = costs.Work(product=2) + 3 * costs.Work(call=1)

    assert (work.product, work.call, work.small) == (2, 3, 0)
    assert costs.levels_of(1024) == 10
    assert costs.transform((1021,), 1).fourier > 10 * costs.transform((1024,), 1).fourier


def test_a_tensor_power_too_large_to_write_down_runs_on_its_diagrams(library):
    """T1.12 g: 2→2 on 300 points, a matrix of 8·10⁹ entries that is never formed."""
    square = symmetric(300).defining.tensor(2)
    space = equivariant_maps(square, square)
    layer = Layer(space)
    theta, x, ybar = numbers(layer, batch=2)
    found = layer.vjp(library.array(theta), library.array(x), library.array(ybar))
    y = library.numpy(layer(library.array(theta), library.array(x)))

    assert layer.method == "diagrams"
    assert np.allclose(y[:, 0], space.apply(theta[:, 0, 0], x[:, 0]))
    # the derivatives of a bilinear map: ⟨ȳ, y⟩ is ⟨θ̄, θ⟩ and ⟨x̄, x⟩
    for gradient, at in zip(found, (theta, x), strict=True):
        assert np.isclose(np.sum(library.numpy(gradient) * at), np.sum(ybar * y))


GIVEN_BY_DIAGRAMS = [
    *((symmetric(4), 2, 2), (symmetric(3), 3, 1), (O(3), 2, 2), (O(2), 3, 1)),
    *((SO(3), 2, 1), (SO(2), 1, 1), (SO(1, 2), 2, 2), (Sp(2), 2, 2)),
]


@pytest.mark.parametrize(("group", "k", "l"), GIVEN_BY_DIAGRAMS)
def test_spaces_given_by_diagrams_are_applied_as_their_basis_says(group, k, l):
    """T1.12 g, q, r, s: the order of the parameters is that of the basis, whichever way the layer runs."""
    v = group.defining
    space = equivariant_maps(v.tensor(k), v.tensor(l))
    basis = space.basis_array()
    for method in METHODS:
        if getattr(Candidates(space), method) is not None:
            layer = Layer(space, channels=(2, 1), method=method)
            theta, x, _ = numbers(layer)
            assert np.allclose(layer(theta, x), np.einsum("koc,kij,bcj->boi", theta, basis, x)), method
    assert (Candidates(space).diagrams is not None) == (group in (symmetric(4), symmetric(3), O(3), O(2)))


@pytest.mark.parametrize("name", ["S5 2→2", "circulant", "band", "blocks in disorder"])
def test_arrays_of_different_dtypes_meet_in_the_one_they_have_in_common(name):
    torch = pytest.importorskip("torch")
    space = space_of(name)
    for method in METHODS:
        if getattr(Candidates(space), method) is None:
            continue
        layer = Layer(space, channels=(2, 1), method=method)
        theta, x, ybar = (np.round(3 * a) for a in numbers(layer))
        right = reference(space, theta, x, ybar)
        for kind in (np.float16, np.float32, np.int64, np.complex64):
            for make in (np.asarray, torch.from_numpy):
                arrays = make(theta.astype(kind)), make(x), make(ybar)
                found = layer(*arrays[:2]), *layer.vjp(*arrays)
                assert all(np.allclose(np.asarray(a), b, atol=1e-6) for a, b in zip(found, right, strict=True)), method


def test_half_precision_is_not_transformed():
    torch = pytest.importorskip("torch")
    layer = Layer(space_of("circulant"), method="convolution")
    theta, x, _ = (torch.from_numpy(a).to(torch.float16) for a in numbers(layer))

    assert layer(theta, x).dtype == torch.float16
    assert torch.allclose(layer(theta, x).double(), layer(theta.double(), x.double()), atol=0.1)


def test_integers_stay_exact_where_a_transform_would_round():
    layer = Layer(space_of("circulant"), method="convolution")
    theta, x = np.arange(8).reshape(8, 1, 1) + 2**40, np.arange(16).reshape(2, 1, 8)
    y = layer(theta, x)

    assert y.dtype == np.int64
    assert np.array_equal(y, layer.apply(layer.matrix(theta), x))


def test_a_kept_matrix_follows_theta_and_its_dtype():
    layer = Layer(space_of("circulant"), method="dense")
    theta, x = np.ones((8, 1, 1)), np.ones((1, 1, 8))

    assert layer(theta, x)[0, 0, 0] == 8
    assert layer(theta.astype("float32"), x.astype("float32")).dtype == np.float32
    theta[:] = 3
    assert layer(theta, x)[0, 0, 0] == 24


@pytest.mark.parametrize("sizes", [[5], [1, 200, 1, 3], [0, 2, 0], [40] * 7, [1000, 1]])
def test_classes_of_any_sizes_are_summed(sizes, library):
    if library.name == "dask":
        pytest.skip("Dask's arrays cannot be written to; its layers are dense products")
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(1, len(sizes) + 1), sizes))
    labels[::3] *= -1
    values = np.random.default_rng(1).normal(size=(len(labels), 2, 1))
    found = TiedEntries(labels, len(sizes)).collect(library.xp, library.array(values))
    right = [np.sum(values * np.sign(labels)[:, None, None] * (np.abs(labels) == k)[:, None, None], axis=0)
             for k in range(1, len(sizes) + 1)]  # fmt: skip

    assert np.allclose(library.numpy(found), right)


def test_long_classes_are_added_in_pieces_so_that_rounding_stays_small(library):
    if library.name == "dask":
        pytest.skip("Dask's arrays cannot be written to; its layers are dense products")
    labels = np.where(np.arange(2**20) % 2**18 == 0, 0, 1 + (np.arange(2**20) % 3 == 0))
    values = np.random.default_rng(1).uniform(0.5, 1.5, size=len(labels)).astype("float32")
    found = library.numpy(TiedEntries(labels, 3).collect(library.xp, library.array(values)))
    right = np.bincount(labels, values.astype("float64"), minlength=4)[1:]

    assert len(labels) > sums.IN_ORDER
    assert found.dtype == np.float32
    assert np.allclose(found, right, rtol=2e-6)


def test_a_matrix_with_channels_is_a_wider_pattern(library):
    """W[(o, i), (c, j)] = ±θ[k, o, c], and the way back is the transpose."""
    if library.name == "dask":
        pytest.skip("Dask's own namespace lacks names of the standard")
    labels = np.asarray([[1, -2, 0], [0, 2, 1]])
    rng = np.random.default_rng(2)
    theta, matrix = rng.normal(size=(2, 2, 4)), rng.normal(size=(4, 12))
    for entries in (TiedEntries(labels, 2), Candidates(Dense(labels.tolist())).entries()):
        sizes = 2, 2, 4, 3
        W = library.numpy(entries.matrix(library.xp, library.array(theta), sizes))
        back = library.numpy(entries.collect_matrix(library.xp, library.array(matrix), sizes))
        basis = Pattern(labels.tolist()).basis_array("float64")

        assert np.allclose(W, np.einsum("koc,kij->oicj", theta, basis).reshape(4, 12))
        assert np.isclose(np.sum(back * theta), np.sum(W * matrix))


def test_a_kept_matrix_is_not_kept_where_a_library_follows_theta():
    torch = pytest.importorskip("torch")
    layer = Layer(space_of("circulant"), channels=(2, 1), method="dense")
    theta, x = torch.randn(3, *layer.parameters_shape), torch.randn(4, 2, 8)
    apart = [layer(t, x) for t in theta]

    assert torch.allclose(torch.func.vmap(lambda t: layer(t, x))(theta), torch.stack(apart))
    with torch.inference_mode():
        layer(theta[0] + 1, x)
    batch = x.clone().requires_grad_()
    layer(theta[0] + 1, batch).sum().backward()
    assert batch.grad is not None
    learned = (theta[0] + 1).requires_grad_()
    layer(learned, x).sum().backward()
    assert torch.allclose(learned.grad, layer.vjp(theta[0] + 1, x, torch.ones(4, 1, 8))[0])


def test_the_bias_has_a_derivative():
    layer = Layer(space_of("circulant"), channels=(1, 2), bias=True)
    theta, x, ybar = numbers(layer)
    beta_bar = layer.vjp(theta, x, ybar)[2]

    assert beta_bar.shape == layer.bias_shape
    assert np.allclose(beta_bar[0], ybar.sum(axis=(0, 2)))


def test_wrong_uses_are_sentences():
    with pytest.raises(IllTyped, match="'magic' was asked for, and there are dense"):
        Layer(space_of("circulant"), method="magic")
    with pytest.raises(IllTyped, match="8×8 space is not of that form"):
        Layer(space_of("circulant"), method="diagrams")
    layer = Layer(space_of("circulant"))
    with pytest.raises(ShapeMismatch, match=r"ybar of shape \(2, 1, 8\)"):
        layer.vjp(np.ones((8, 1, 1)), np.ones((2, 1, 8)), np.ones((2, 8)))
