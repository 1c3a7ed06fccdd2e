"""Networks as modules of other libraries: the same numbers, and free parameters as the only state."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest

from catcore.equivariance import Representation, cyclic, equivariant_maps, symmetric
from catcore.equivariance.networks import Linear, Pointwise, Sequential, deep_sets
from catcore.equivariance.networks.functions import Function
from catcore.errors import IllTyped, LawViolated, UnknownName
from catcore_backends.layers.layer import Layer
from catcore_backends.layers.networks import Network
from tests.backends.test_networks import TURN

NET = Sequential(deep_sets(5, (1, 3)), Pointwise("relu", deep_sets(5, (1, 3)).target), deep_sets(5, (3, 1)))
X = np.random.default_rng(0).normal(size=(4, 1, 5)).astype("float32")


def test_a_torch_module_holds_the_free_parameters_only_and_learns():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    from catcore_backends.export.torch_module import torch_module

    module, x = torch_module(NET), torch.from_numpy(X)
    names = {"layer_" + name.replace(".", "_"): shape for name, shape in NET.parameters.items()}
    state = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    expected = Network(NET)(Network(NET).initial(), X)

    assert state == names
    assert sum(p.numel() for p in module.parameters()) == NET.free_parameters == sum(map(prod, names.values()))
    assert np.allclose(module(x).detach().numpy(), expected, atol=1e-6)

    optimiser = torch.optim.SGD(module.parameters(), lr=0.01)
    losses = []
    for _ in range(20):
        optimiser.zero_grad()
        loss = ((module(x) - x.sum(-1, keepdim=True)) ** 2).mean()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    assert torch.allclose(module(x)[..., [4, 3, 2, 1, 0]], module(x[..., [4, 3, 2, 1, 0]]), atol=1e-5)


def test_an_equinox_module_has_the_free_parameters_as_its_arrays():
    equinox = pytest.importorskip("equinox", reason="Equinox is not installed")
    import jax

    from catcore_backends.export.jax_modules import equinox_module

    module = equinox_module(NET)
    x = jax.numpy.asarray(X)
    gradient = equinox.filter_jit(equinox.filter_grad(lambda m, x: (m(x) ** 2).sum()))(module, x)

    assert sum(leaf.size for leaf in jax.tree_util.tree_leaves(module)) == NET.free_parameters
    assert np.allclose(module(x), Network(NET)(Network(NET).initial(), X), atol=1e-6)
    assert gradient.parameters["0.weight.0.0"].shape == (2, 3, 1)


def test_a_flax_module_declares_the_free_parameters():
    pytest.importorskip("flax", reason="Flax is not installed")
    import jax

    from catcore_backends.export.jax_modules import flax_module

    module, x = flax_module(NET), jax.numpy.asarray(X)
    variables = module.init(jax.random.PRNGKey(0), x)
    y = module.apply(variables, x)

    assert {name: value.shape for name, value in variables["params"].items()} == NET.parameters
    assert np.allclose(np.asarray(y)[..., ::-1], module.apply(variables, x[..., ::-1]), atol=1e-5)


def test_a_wrong_network_is_exported_to_nothing():
    pytest.importorskip("torch", reason="the extra torch is not installed")
    from catcore_backends.export.torch_module import torch_module

    with pytest.raises(LawViolated, match="Layer 1"):
        torch_module(Sequential(Linear(TURN, TURN), Pointwise("relu", TURN)))


@pytest.mark.parametrize("dtype", ["int32", "bool", "no such type", "object", "<U4", 7])
def test_parameters_are_floats(dtype):
    with pytest.raises(IllTyped, match="their type is one of floats"):
        Network(NET).initial(dtype=dtype)


@pytest.mark.parametrize(("library", "module"), [("torch", "torch_module"), ("flax", "jax_modules")])
def test_modules_refuse_integers_and_what_is_no_network(library, module):
    pytest.importorskip(library, reason=f"{library} is not installed")
    import importlib

    made = importlib.import_module(f"catcore_backends.export.{module}")
    make = getattr(made, "torch_module", None) or made.flax_module
    with pytest.raises(IllTyped, match="their type is one of floats"):
        make(NET, dtype="int32")
    for given in ("x", None, deep_sets(3)):
        with pytest.raises(IllTyped, match=r"Sequential\(layer, \.\.\.\), was asked for"):
            make(given)


def test_numbers_of_a_finite_field_are_no_arrays():
    rho = Representation(cyclic(4), {"s": [[2]]}, field="GF(5)")
    for made in (lambda: Network(Sequential(Linear(rho, rho))), lambda: Layer(equivariant_maps(rho, rho))):
        with pytest.raises(IllTyped, match=r"over GF\(5\)"):
            made()


def test_a_function_under_the_name_of_another_is_not_run_by_its_code():
    points = symmetric(3).defining
    for name in ("relu", "mine"):
        with pytest.raises(UnknownName, match=f"The function {name} of .* has no array code"):
            Network(Sequential(Pointwise(Function(name, lambda x: x**2), points)))
