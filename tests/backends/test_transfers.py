"""Between host and device, on the stand-in: constants are moved once, and nothing is read that need not be.

A transfer waits until the device has done what it was asked for, so a program that reads a number in its inner loop
runs at the pace of the slower of the two.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from catcore.arrows import case, fold
from catcore.categories.smooth import constant, smooth
from catcore.datatypes.parametric import parametric_fold
from catcore.datatypes.semirings import MIN_PLUS
from catcore.equivariance import cyclic, equivariant_maps, symmetric
from catcore.equivariance.networks import Linear, Sequential
from catcore.errors import MixedDevices
from catcore.functors import Id
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import adam
from catcore.objects import R, mu
from catcore.para import ParaMap
from catcore.para.architectures import activation, convolution
from catcore_backends import Layer, compile_arrow, fit, get_backend, gradient
from catcore_backends.layers.methods import METHODS
from catcore_backends.recurrences import Option, Recurrence
from catcore_backends.recursion.forests import forest_of_lists
from tests.backends import cupy_stand_in as cupy
from tests.backends.host_kernels import COMPILER
from tests.backends.test_parametric_folds import Lists, rnn

N, LISTS = R(), mu(1 + R() * Id)
SUM = fold(LISTS, case(constant(1.0), smooth("add", N * N) >> smooth("tanh", N)))
CIRCLE, POINTS = cyclic(6).defining, symmetric(4).defining
pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C++ compiler is installed, which the stand-in needs")


@pytest.fixture
def machine():
    with cupy.installed(devices=2) as found:
        yield found


def numbers(*shape, device=0):
    return cupy.put(np.random.default_rng(sum(shape)).normal(size=shape), device)


def traffic(machine, run):
    """How many arrays a call moves to the device, and how many it reads on the host."""
    machine.log.clear()
    run()
    found = Counter(word for word, *_ in machine.log)
    return found["moved to the device"], found["read on the host"]


def layers():
    for space in (equivariant_maps(CIRCLE, CIRCLE), equivariant_maps(POINTS, POINTS)):
        for method in (None, *METHODS[:4]):
            if method != "diagrams" or space.shape == (4, 4):
                yield Layer(space, channels=(2, 3), bias=True, backend="cupy", method=method)


@pytest.mark.parametrize("device", [0, 1])
def test_a_layer_moves_its_constants_once_to_each_device_and_reads_nothing(machine, device):
    for layer in layers():
        theta, beta = (numbers(*shape, device=device) for shape in (layer.parameters_shape, layer.bias_shape))
        (n, m), x = layer.space.shape, numbers(5, 2, layer.space.shape[1], device=device)
        y = numbers(5, 3, n, device=device)
        assert layer(theta, x, beta).device.id == layer.vjp(theta, x, y)[0].device.id == device
        for call in (
            lambda: layer(theta, x, beta),  # noqa: B023 — called at once
            lambda: layer.vjp(theta, x, y),  # noqa: B023
            lambda: layer.apply(layer.matrix(theta), x, beta),  # noqa: B023
        ):
            call()
            assert traffic(machine, call) == (0, 0), f"{layer.method} of {n}×{m}"


def test_arrays_of_a_layer_on_two_devices_are_refused(machine):
    layer = next(layers())
    theta, beta = (numbers(*shape) for shape in (layer.parameters_shape, layer.bias_shape))
    x, y = numbers(5, 2, 6, device=1), numbers(5, 3, 6)
    network = get_backend("cupy").network(Sequential(Linear(POINTS, POINTS)))
    for call in (
        lambda: layer(theta, x),
        lambda: layer(numbers(*theta.shape, device=1), x, beta),
        lambda: layer.vjp(theta, x, y),
        lambda: network(network.initial(), numbers(5, 1, 4, device=1)),
    ):
        with pytest.raises(MixedDevices, match=r"live on <CUDA Device 0> and <CUDA Device 1>\. Move them to one"):
            call()


@pytest.mark.parametrize("device", [0, 1])
def test_a_network_runs_on_the_device_of_its_arrays_without_a_word_to_the_host(machine, device):
    network = get_backend("cupy").network(Sequential(Linear(POINTS, POINTS), Linear(POINTS, POINTS)))
    x, y = numbers(5, 1, 4, device=device), numbers(5, 1, 4, device=device)
    with cupy.Device(device):
        theta = network.initial(dtype="float64")
    assert network(theta, x).device.id == network.vjp(theta, x, y)[1].device.id == device

    assert traffic(machine, lambda: network(theta, x)) == traffic(machine, lambda: network.vjp(theta, x, y)) == (0, 0)


@pytest.mark.parametrize("rho", [CIRCLE, POINTS])
def test_tied_terms_and_their_gradients_keep_their_constants(machine, rho):
    n = rho.degree
    term = convolution(rho) >> activation("tanh", n) >> ParaMap((), smooth("sum", R(n)))
    run, slope = compile_arrow(term, "cupy"), gradient(term.arrow, "cupy")
    theta, x = numbers(equivariant_maps(rho, rho).dim), numbers(5, n)
    run(theta, x), slope((theta, x))

    assert traffic(machine, lambda: run(theta, x)) == traffic(machine, lambda: slope((theta, x))) == (0, 0)


def test_a_layer_that_is_decided_when_the_program_runs_is_made_once(machine):
    rho = cyclic(1024).defining
    run = compile_arrow(convolution(rho), "cupy")
    theta, x = numbers(1024), numbers(2, 1024)
    run(theta, x)

    assert traffic(machine, lambda: run(theta, x)) == (0, 0)


def test_the_node_table_of_a_forest_is_moved_in_two_transfers_however_high_it_is(machine):
    run, slope = compile_arrow(SUM, "cupy"), gradient(parametric_fold(Lists.fixed, rnn), "cupy")
    weights = (numbers(), (numbers(), numbers()))

    def lists(length):
        return forest_of_lists(LISTS, np.ones((3, length)), [1, length, length])

    for length in (1, 30):
        trees = lists(length)
        for call in (run, lambda forest: slope((weights, forest))):
            call(trees)
            assert traffic(machine, lambda: call(trees)) == (0, 0)  # noqa: B023 — called at once
            assert traffic(machine, lambda: call(lists(length))) == (2, 0), "places and labels"  # noqa: B023


def test_a_forest_moved_together_folds_as_one_of_numpy(machine):
    labels, lengths = np.random.default_rng(0).normal(size=(4, 7)), [0, 7, 3, 7]
    found = compile_arrow(SUM, "cupy")(forest_of_lists(LISTS, labels, lengths))

    assert np.allclose(found.get(), compile_arrow(SUM)(forest_of_lists(LISTS, labels, lengths)), rtol=1e-12)


def test_a_recurrence_is_answered_on_the_device_of_its_start_and_moved_once(machine):
    sums = Recurrence(lambda i: [Option(0, when=i == 0), Option(i, [i - 1], when=i > 0)], bounds=(50,))
    for last in (5, 40):
        start = cupy.put([0, 3, last], 1)
        found = sums.solve((start,), MIN_PLUS)
        assert (found.device.id, found.tolist()) == (1, [0, 6, last * (last + 1) // 2])
        assert traffic(machine, lambda: sums.solve((start,), MIN_PLUS))[0] <= 5  # noqa: B023 — called at once


def test_a_step_of_training_reads_one_array(machine):
    """The loss, and with it whether the weights are finite."""
    x = np.random.default_rng(0).normal(size=(20, 3))
    rho = convolution(symmetric(3).defining)

    def reads(epochs):
        run = lambda: fit(rho, (x, x), quadratic, adam, epochs=epochs, batch=5, backend="cupy")  # noqa: E731
        return traffic(machine, run)[1]

    assert reads(3) - reads(2) == 4
