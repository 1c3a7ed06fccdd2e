"""A library or a device that is missing, and arrays on two devices: the remedy in a sentence, at every door."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from catcore.arrows import generator, ident
from catcore.categories.smooth import smooth
from catcore.datatypes import Choice, Problem
from catcore.datatypes.semirings import MIN_PLUS
from catcore.equivariance import Representation, cyclic, equivariant_maps
from catcore.equivariance.networks import Linear, Sequential
from catcore.errors import BackendMissing, CatError
from catcore.functors import Id
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import descent
from catcore.objects import R, atoms
from catcore.para import ParaMap
from catcore_backends import compile_arrow, get_backend
from catcore_backends.export.jax_modules import equinox_module, flax_module
from catcore_backends.export.torch_module import torch_module
from catcore_backends.gradients import gradient
from catcore_backends.layers.networks import Network
from catcore_backends.layers.orbits import orbit_labels, tying_labels
from catcore_backends.recurrences import Option, Recurrence
from catcore_backends.training.fitting import fit
from catcore_proofs import census, prove, refute

V = R(2)
(A,) = atoms("A")
f = generator("f", A, A)
PRODUCT = smooth("matmul", R(1, 2) * V)
MODEL = ParaMap(R(1, 2), PRODUCT)
SWAP = Representation.permutation(cyclic(2), {"s": [1, 0]})
SPACE = equivariant_maps(SWAP, SWAP)
NETWORK = Sequential(Linear(SWAP, SWAP))
SAMPLES = np.ones((3, 2)), np.ones((3, 1))
STEPS = Recurrence(lambda i: [Option(0, when=i == 0), Option(1, [(i - 1,)], when=i > 0)], (5,))
COUNTED = Problem(lambda i: [Choice(1, (i - 1,))] if i else [Choice(0)])

#: The module that a backend imports, and the extra that brings it.
NEEDED = {
    "torch": ("array_api_compat.torch", r"catcore\[torch\]"),
    "jax": ("jax.numpy", r"catcore\[jax\]"),
    "dask": ("dask.array", r"catcore\[dask\]"),
    "cupy": ("array_api_compat.cupy", r"catcore\[cuda12\]"),
    "array-api-strict": ("array_api_strict", "array-api-strict"),
}
DOORS: dict[str, Any] = {
    "an arrow": lambda b: compile_arrow(smooth("square", V), b),
    "an arrow on a device": lambda b: compile_arrow(smooth("square", V), b, device="cpu"),
    "shared parameters": lambda b: compile_arrow(PRODUCT, b, shared=True),
    "a parametric map": lambda b: compile_arrow(MODEL, b),
    "a gradient": lambda b: gradient(PRODUCT >> smooth("sum", R(1)), b),
    "a layer": lambda b: SPACE.layer(backend=b),
    "a network": lambda b: Network(NETWORK, backend=b).initial(),
    "a recurrence": lambda b: STEPS.solve((3,), MIN_PLUS, backend=b),
    "a problem": lambda b: COUNTED.solve(3, MIN_PLUS, backend=b),
    "training": lambda b: fit(MODEL, SAMPLES, quadratic, descent, epochs=1, backend=b),
    "orbits": lambda b: orbit_labels([[1, 0]], backend=b),
    "a tying pattern": lambda b: tying_labels(SPACE, backend=b),
    "an array": lambda b: get_backend(b).asarray([1.0]),
    "a census": lambda b: census.count_monads(1 + Id, backend=b),
    "a refutation": lambda b: refute(f >> f, f, backend=b),
    "a proof": lambda b: prove(f >> ident(A), f, backend=b),
}


@pytest.mark.parametrize("backend", NEEDED)
def test_a_missing_library_is_named_with_what_to_install_at_every_door(backend, monkeypatch):
    module, remedy = NEEDED[backend]
    monkeypatch.setitem(sys.modules, module, None)
    for door in DOORS.values():
        with pytest.raises(BackendMissing, match=rf"'{backend}' was asked for.*cannot be imported.*{remedy}"):
            door(backend)


@pytest.mark.parametrize("door", DOORS)
def test_a_backend_that_nobody_offers_is_named_at_every_door(door):
    with pytest.raises(BackendMissing, match=r"'fortran' was asked for.* array-api-strict, auto, cupy, dask, jax"):
        DOORS[door]("fortran")


@pytest.mark.parametrize(
    ("module", "door"), [("torch", torch_module), ("equinox", equinox_module), ("flax.linen", flax_module)]
)
def test_a_network_becomes_no_module_of_a_missing_library(module, door, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BackendMissing, match=r"become a module of .*cannot be imported.*Install it with: pip install"):
        door(NETWORK)


@pytest.mark.parametrize("device", ["nowhere", "nowhere:1", "cuda:99", 10**30, None.__class__])
@pytest.mark.parametrize("backend", ["numpy", "torch", "jax", "dask", "array-api-strict", "cupy", "auto"])
def test_a_missing_device_is_one_sentence(backend, device):
    for door in (
        lambda: compile_arrow(smooth("square", V), backend, device=device)(np.ones((1, 2))),
        lambda: get_backend(backend).asarray([1.0], device=device),
        lambda: orbit_labels([[1, 0]], backend=backend, device=device),
    ):
        with pytest.raises(CatError):
            door()


#: What is tried with two devices that JAX makes of the processor; each is to be refused in a sentence.
_TWO_DEVICES = """
import jax, numpy as np
from catcore.errors import MixedDevices
from tests.backends.test_missing import *
jax.config.update("jax_enable_x64", True)
put = lambda shape, i: jax.device_put(np.ones(shape), jax.devices()[i])
layer, network = SPACE.layer(backend="jax"), Network(NETWORK, backend="jax")
given = {name: put(shape, 0) for name, shape in network.parameters.items()}
w, x, rows = put((1, 2), 0), put((1, 2), 1), put((3, 1, 2), 1)
for door in (
    lambda: compile_arrow(smooth("add", V * V), "jax")((w, x)),
    lambda: compile_arrow(smooth("add", V * V), "auto")((w, x)),
    lambda: compile_arrow(PRODUCT, "jax", shared=True)((w, x)),
    lambda: compile_arrow(MODEL, "jax")(w, x),
    lambda: gradient(PRODUCT >> smooth("sum", R(1)), "jax")((w, x)),
    lambda: layer(put((2, 1, 1), 0), rows),
    lambda: layer.vjp(put((2, 1, 1), 1), rows, put((3, 1, 2), 0)),
    lambda: network(given, rows),
    lambda: network.vjp(given, rows, rows),
    lambda: fit(MODEL, (put((3, 2), 1), put((3, 1), 0)), quadratic, descent, epochs=1, backend="jax"),
    lambda: fit(MODEL, (put((3, 2), 1), put((3, 1), 1)), quadratic, descent, epochs=1, backend="jax"),
):
    try:
        door()
    except MixedDevices as refused:
        assert "live on cpu:0 and cpu:1. Move them to one device" in str(refused)
        print("refused")
"""


def test_two_devices_of_jax_are_named_at_every_door(monkeypatch):
    pytest.importorskip("jax", reason="the extra jax is not installed")
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=2")
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    done = subprocess.run(
        [sys.executable, "-c", _TWO_DEVICES], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.split() == ["refused"] * 11, done.stderr
