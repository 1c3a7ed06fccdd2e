"""Failures of an array library: one sentence with the remedy, and memory that is free again."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
import pytest

from catcore.arrows import generator
from catcore.categories.smooth import smooth
from catcore.equivariance import Representation, cyclic, equivariant_maps
from catcore.equivariance.networks import Linear, Sequential
from catcore.errors import MixedDevices, OutOfMemory, WrongDtype
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import descent
from catcore.objects import R
from catcore.para import ParaMap
from catcore_backends import compile_arrow, get_backend
from catcore_backends.gradients import gradient
from catcore_backends.layers.networks import Network
from catcore_backends.training.fitting import fit

V = R(2)


def test_no_room_is_one_sentence_and_releases_what_was_made():
    made = []

    def large(x):
        made.append(weakref.ref(y := x + 1))
        return y

    def full(x):
        raise MemoryError("Unable to allocate 8.00 EiB")

    run = compile_arrow(generator("f", V, V) >> generator("g", V, V), generators={"f": large, "g": full})
    with pytest.raises(OutOfMemory, match=r"shape \(3, 2\), and there was no room.*fewer rows at a time") as caught:
        run(np.ones((3, 2)))

    assert made[0]() is None, "the exception, still held, keeps an intermediate array"
    assert caught.value.__cause__ is None


def test_torch_without_room():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    run = compile_arrow(generator("f", V, V), "torch", generators={"f": lambda x: torch.empty(10**16)})
    with pytest.raises(OutOfMemory, match="there was no room"):
        run(torch.ones((1, 2)))


def test_mixed_devices_are_named():
    strict = pytest.importorskip("array_api_strict")
    here, there = strict.ones((1, 2)), strict.ones((1, 2), device=strict.Device("device1"))
    with pytest.raises(MixedDevices, match=r"live on .*CPU_DEVICE.* and .*device1.*Move them to one device"):
        compile_arrow(smooth("add", V * V), "auto")((here, there))


def test_other_failures_are_not_renamed():
    def broken(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        compile_arrow(generator("f", V, V), generators={"f": broken})(np.ones((1, 2)))


SWAP = Representation.permutation(cyclic(2), {"s": [1, 0]})
LAYER = equivariant_maps(SWAP, SWAP)
NETWORK = Sequential(Linear(SWAP, SWAP))
PRODUCT = smooth("matmul", R(1, 2) * V)


def _calls(backend):
    """What is called with (parameters, rows): layers, networks, and their reverse derivatives."""
    layer, network = LAYER.layer(backend=backend), Network(NETWORK, backend=backend)
    names = [name for name in network.parameters if "weight" in name]

    def named(theta):
        beta = np.zeros((1, 1)) if backend in ("numpy", "auto") else get_backend(backend).asarray(np.zeros((1, 1)))
        return {name: theta if name in names else beta for name in network.parameters}

    return {
        "layer": layer,
        "layer.vjp": lambda theta, x: layer.vjp(theta, x, x),
        "network": lambda theta, x: network(named(theta), x),
        "network.vjp": lambda theta, x: network.vjp(named(theta), x, x),
    }


@pytest.mark.parametrize("name", ["layer", "layer.vjp", "network", "network.vjp"])
def test_layers_and_networks_without_room(name, library):
    if library.backend in ("dask", "cupy", "jax"):
        pytest.skip("rows without memory of their own are made by NumPy, PyTorch and the standard's implementation")
    xp = library.xp
    rows = xp.broadcast_to(library.array([[[1.0, 2.0]]]), (2**44, 1, 2))
    run, theta = _calls(library.backend)[name], library.array(np.ones((2, 1, 1)))

    for _ in range(2):  # the second call finds what the first has kept
        with pytest.raises(
            OutOfMemory, match=r"A (layer|network) was applied to .*no room.* Give fewer rows"
        ) as caught:
            run(theta, rows)
        assert _held(caught.value, type(rows)) <= 2, "the error keeps arrays beside those of the caller"
    assert library.numpy(_calls(library.backend)["layer"](theta, rows[:2, ...])).tolist() == [[[3.0, 3.0]]] * 2


def _held(error, kind):
    """How many arrays the frames of an error hold, below that of the test."""
    found: dict[int, Any] = {}
    trace = error.__traceback__.tb_next
    while trace is not None:
        found |= {id(v): v for v in trace.tb_frame.f_locals.values() if type(v) is kind}
        trace = trace.tb_next
    return len(found)


@pytest.mark.parametrize("name", ["layer", "layer.vjp", "network", "network.vjp"])
@pytest.mark.parametrize("moved", [0, 1])
def test_torch_does_not_compute_with_two_devices(name, moved):
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    given = [torch.ones((2, 1, 1), dtype=torch.float64), torch.ones((3, 1, 2), dtype=torch.float64)]
    run = _calls("torch")[name]
    run(*given)
    given[moved] = given[moved].to("meta")
    with pytest.raises(MixedDevices, match=r"live on cpu and meta\. Move them to one device"):
        run(*given)


@pytest.mark.parametrize("backend", ["torch", "auto"])
@pytest.mark.parametrize("compiled", ["arrow", "shared", "gradient"])
def test_torch_parameters_and_batches_live_on_one_device(backend, compiled):
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    made: dict[str, tuple[Any, Any]] = {
        "arrow": (compile_arrow(PRODUCT, backend), torch.ones((3, 1, 2))),
        "shared": (compile_arrow(PRODUCT, backend, shared=True), torch.ones((1, 2))),
        "gradient": (gradient(PRODUCT >> smooth("sum", R(1)), backend), torch.ones((1, 2))),
    }
    run, theta = made[compiled]
    run((theta, torch.ones((3, 2))))
    for given in ((theta.to("meta"), torch.ones((3, 2))), (theta, torch.ones((3, 2), device="meta"))):
        with pytest.raises(MixedDevices, match=r"live on cpu and meta\. Move them to one device"):
            run(given)


@pytest.mark.parametrize("name", ["layer", "layer.vjp", "network", "network.vjp"])
@pytest.mark.parametrize("kind", ["<U1", "object", "bool", "int8", "uint8", "M8[s]"])
def test_layers_and_networks_multiply_numbers(name, kind):
    theta, x = np.ones((2, 1, 1)).astype(kind), np.ones((3, 1, 2)).astype("i8").astype(kind)
    for backend in ("numpy", "auto"):
        with pytest.raises(WrongDtype, match=r"A layer takes real or complex numbers, and .* dtype .*Convert them"):
            _calls(backend)[name](theta, x)


@pytest.mark.parametrize("name", ["layer", "layer.vjp", "network", "network.vjp"])
def test_layers_and_networks_refuse_what_would_be_misread(name):
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    arrays = np.ones((2, 1, 1)), np.ones((3, 1, 2))
    tensors = tuple(map(torch.asarray, arrays))
    for backend, given, odd in (
        ("numpy", arrays, lambda a: np.ma.masked_array(a, a > 0)),
        ("torch", tensors, lambda a: a.to_sparse()),
    ):
        run = _calls(backend)[name]
        for k in (0, 1, 0):
            run(*given)
            with pytest.raises(WrongDtype, match=r"A (layer|network) takes .* was given\. (Fill|Make it dense)"):
                run(*(odd(a) if i == k else a for i, a in enumerate(given)))


def test_training_takes_weights_that_are_numbers_in_memory():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    model, rows = ParaMap(R(1, 2), PRODUCT), np.ones((3, 2))
    w = torch.zeros((1, 2), dtype=torch.float64)
    for weights, words in (
        (w.clone().requires_grad_(), r"weights\. .*x\.detach"),
        (w.to_sparse(), r"weights\. .*x\.to_dense"),
        (w.to("meta"), r"weights\. .*device meta"),
        (np.ma.masked_array(w.numpy(), [[True, False]]), r"weights\. .*x\.filled"),
        (np.zeros((1, 2), np.int8), r"int8 was given, whose products wrap round\. Convert"),
        (np.zeros((1, 2), np.uint64), r"uint64 was given, whose negatives wrap round\. Convert"),
        (np.zeros((1, 2), complex), r"complex128 was given, which has no order"),
    ):
        with pytest.raises(WrongDtype, match=words):
            fit(model, (rows, rows[:, :1]), quadratic, descent, weights=weights, epochs=1)
    for weights in (w, w.numpy(), w.tolist(), np.zeros((1, 2), np.int64)):
        fit(model, (rows, rows[:, :1]), quadratic, descent, weights=weights, epochs=1)
