"""A network as an Equinox or a Flax module.  Needs the extra ``jax``, and Equinox or Flax."""

from __future__ import annotations

from typing import Any

from catcore.equivariance.networks.sequential import Sequential
from catcore_backends.export.needing import need
from catcore_backends.layers.networks import Network, require_floating


def equinox_module(network: Sequential, *, seed: int = 0, dtype: str = "float32") -> Any:
    """An ``equinox.Module`` whose only array leaves are the free parameters; call it on one array a summand.

    Raises ``LawViolated`` where a layer does not commute, ``BackendMissing`` without Equinox.
    """
    need("equinox", "'catcore[jax]' equinox")
    import equinox
    import jax.numpy as jnp

    run = Network(network, backend="auto")

    class EquivariantModule(equinox.Module):
        """The network: parameters by name."""

        parameters: dict[str, Any]

        def __call__(self, *x: Any) -> Any:
            """The network applied to a batch."""
            return run(self.parameters, x)

    return EquivariantModule({name: jnp.asarray(v) for name, v in run.initial(seed, dtype).items()})


def flax_module(network: Sequential, *, dtype: str = "float32") -> Any:
    """A ``flax.linen.Module`` whose variables are the free parameters; ``module.init(key, *x)`` makes them.

    Raises ``LawViolated`` where a layer does not commute, ``BackendMissing`` without Flax.
    """
    need("flax.linen", "'catcore[jax]' flax")
    import flax.linen as nn
    import jax

    require_floating(dtype)
    run = Network(network, backend="auto")
    spread = run.spread()

    class EquivariantModule(nn.Module):
        """The network: each parameter declared by its name."""

        @nn.compact
        def __call__(self, *x: Any) -> Any:
            """The network applied to a batch."""

            def start(name: str) -> Any:
                return lambda key, shape: spread[name] * jax.random.normal(key, shape, dtype)

            return run({name: self.param(name, start(name), shape) for name, shape in run.parameters.items()}, x)

    return EquivariantModule()
