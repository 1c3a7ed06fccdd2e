"""Tied layers inside terms: the structured form in the same program, and the same numbers as the written-out matrix."""

from __future__ import annotations

import re

import numpy as np
import pytest

from catcore.arrows import ident
from catcore.categories.smooth import smooth
from catcore.equivariance import Representation, cyclic, dihedral, equivariant_maps, hyperoctahedral, symmetric
from catcore.objects import R
from catcore.para.architectures import activation, convolution
from catcore.para.maps import ParaMap
from catcore.para.tying import combination
from catcore_backends import compile_arrow
from catcore_backends.compiler.operations import operations
from catcore_backends.gradients import gradient
from catcore_backends.layers.methods import choose, costs
from catcore_backends.layers.methods.choosing import Candidates

swapped = Representation.permutation(cyclic(2), {"s": [1, 0]}) + Representation.permutation(cyclic(2), {"s": [0]})
SPACES = {
    "dense": (symmetric(4).defining, symmetric(4).defining),
    "diagrams": (symmetric(256).defining, symmetric(256).defining),
    "convolution": (cyclic(1024).defining, cyclic(1024).defining),
    "torus": ((cyclic(32) * cyclic(32)).defining, (cyclic(32) * cyclic(32)).defining),
    "signs": (hyperoctahedral(3).defining, hyperoctahedral(3).defining.tensor(3)),
    "zeros": (swapped, swapped),
    "two to two": (symmetric(6).defining.tensor(2), symmetric(6).defining.tensor(2)),
    "large two to two": (symmetric(24).defining.tensor(2), symmetric(24).defining.tensor(2)),
    "dihedral": (dihedral(5).defining, dihedral(5).defining),
}


def numbers(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape)


def written_out(space, theta):
    if space.labels is None:
        return np.tensordot(theta, space.basis_array(), axes=1)
    labels = np.asarray(space.labels)
    return np.sign(labels) * np.concatenate([[0.0], theta])[np.abs(labels)]


@pytest.mark.parametrize("name", SPACES)
def test_a_tied_layer_in_a_term_is_its_matrix_applied(name, library):
    source, target = SPACES[name]
    space = equivariant_maps(source, target)
    run = compile_arrow(convolution(source, target), "auto")
    theta, x = numbers(space.dim), numbers(3, space.shape[1])
    found = library.numpy(run(library.array(theta), library.array(x)))

    assert np.allclose(found, x @ written_out(space, theta).T, rtol=1e-10, atol=1e-10)
    assert re.search(r"\bg\d+\(", compile_arrow(run.map).source) is None, "a part of the layer stayed a call"


@pytest.mark.parametrize(
    ("name", "method", "word"),
    [
        ("convolution", "convolution", "xp.fft.rfft("),
        ("torus", "convolution", "xp.fft.rfftn("),
        ("diagrams", "diagrams", "xp.sum("),
    ],
)
def test_the_structured_form_is_in_the_program(name, method, word):
    source, target = SPACES[name]

    assert choose(Candidates(equivariant_maps(source, target)), (1, 1), costs.PRICES["numpy"]).method.name == method
    assert word in compile_arrow(convolution(source, target)).source


def test_layers_between_other_terms_and_with_one_theta_a_row(library):
    v = symmetric(4).defining
    net = convolution(v) >> activation("tanh", 4) >> convolution(v)
    run = compile_arrow(net, "auto")
    theta, x = (numbers(2), numbers(2) + 1), numbers(5, 4)
    basis = equivariant_maps(v, v).basis_array()
    first, second = (np.tensordot(t, basis, axes=1) for t in theta)
    found = library.numpy(run(tuple(map(library.array, theta)), library.array(x)))
    apart = compile_arrow(convolution(v).arrow, "auto")
    rows = np.stack([theta[0], theta[1], theta[0]])
    each = library.numpy(apart((library.array(rows), library.array(x[:3]))))

    assert np.allclose(found, np.tanh(x @ second.T) @ first.T)
    assert np.allclose(each, np.stack([np.tensordot(t, basis, axes=1) @ y for t, y in zip(rows, x[:3], strict=True)]))


@pytest.mark.parametrize("name", SPACES)
def test_gradients_of_a_tied_layer_are_those_of_its_matrix_t4_3(name, library):
    source, target = SPACES[name]
    space = equivariant_maps(source, target)
    n_out, n_in = space.shape
    energy = ParaMap((), smooth("square", R(n_out)) >> smooth("sum", R(n_out)))
    theta, x = numbers(space.dim), numbers(3, n_in)
    slope = gradient((convolution(source, target) >> energy).arrow, library.backend, inputs=True)
    found = [library.numpy(part) for part in slope((library.array(theta), library.array(x)))]

    matrix = written_out(space, theta)
    outer = 2 * (x @ matrix.T).T @ x
    if space.labels is None:
        expected = np.tensordot(space.basis_array(), outer, axes=2)
    else:
        labels = np.asarray(space.labels)
        summed = [np.bincount((sign * labels).clip(0).ravel(), outer.ravel(), space.dim + 1)[1:] for sign in (1, -1)]
        expected = summed[0] - summed[1]
    np.testing.assert_allclose(found[0], ((x @ matrix.T) ** 2).sum(1), rtol=1e-10)
    np.testing.assert_allclose(found[1], expected, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(found[2], 2 * (x @ matrix.T) @ matrix, rtol=1e-10, atol=1e-9)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("name", ["dense", "convolution", "diagrams"])
def test_integers_stay_exact_in_tied_layers(name):
    source, target = SPACES[name]
    space = equivariant_maps(source, target)
    theta, x = np.arange(space.dim) + 2**53 + 1, np.eye(1, space.shape[1], dtype=np.int64)
    found = compile_arrow(convolution(source, target))(theta, x)

    assert found.dtype == np.int64
    assert found[0].tolist() == theta[np.asarray(space.labels)[:, 0] - 1].tolist()


@pytest.mark.parametrize("name", ["dense", "diagrams", "convolution", "dihedral"])
@pytest.mark.parametrize("columns", [0, 1, 3])
def test_a_tied_matrix_times_matrices_is_structured_too(name, columns, library):
    space = equivariant_maps(*SPACES[name])
    given = R(space.shape[1], columns)
    term = (combination(space) * ident(given)) >> smooth("matmul", R(*space.shape) * given)
    run = compile_arrow(term, "auto", shared=True)
    theta, x = numbers(space.dim), numbers(2, *given.shape)
    found = library.numpy(run((library.array(theta), library.array(x))))

    assert np.allclose(found, written_out(space, theta) @ x, rtol=1e-10, atol=1e-10)
    calls = re.findall(r"\bg\d+\(", run.source)
    if (
        name == "convolution" and calls
    ):  # where the library is NumPy the layer, a Fourier transform of SciPy's, is one call
        assert len(calls) == 1
        assert "matmul(" not in run.source, "the matrix is written out"
    else:
        assert calls == [], "the matrix is written out"


@pytest.mark.usefixtures("everywhere")
def test_a_matrix_that_is_no_tied_one_is_left_alone():
    term = smooth("matmul", R(2, 3) * R(3))
    a, x = numbers(4, 2, 3), numbers(4, 3)

    assert np.allclose(compile_arrow(term)((a, x)), np.einsum("bij,bj->bi", a, x))


@pytest.mark.parametrize("rows", [2, 200])  # below and above what is worth a thread for each core
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_transforms_of_programs_for_numpy_are_those_of_numpy(rows, dtype):
    x, fft = numbers(rows, 1, 1024).astype(dtype), operations(np).fft
    found = fft.rfft(x, n=1024, axis=2)

    assert found.dtype == np.result_type(x, np.complex64)
    assert np.allclose(found, np.fft.rfft(x), atol=1e-3 if dtype == "float32" else 1e-12)
    assert np.allclose(fft.irfftn(found, s=(1024,), axes=(2,)), x, atol=1e-5)
