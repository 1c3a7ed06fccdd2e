"""A network as a PyTorch module.  Needs the extra ``torch``.

The ``state_dict`` holds the free parameters, named as in the network with ``.`` written ``_``; patterns and index
tables are code, not state.
"""

from __future__ import annotations

from typing import Any

from catcore.equivariance.networks.sequential import Sequential
from catcore_backends.export.needing import need
from catcore_backends.layers.networks import Network


def torch_module(network: Sequential, *, seed: int = 0, dtype: str = "float32") -> Any:
    """A ``torch.nn.Module`` of a lawful network, with random initial parameters.

    Raises ``LawViolated`` where a layer does not commute, ``IllTyped`` for what is no network or no type of floats,
    ``BackendMissing`` without PyTorch.
    """
    need("torch", "'catcore[torch]'")
    import torch

    run = Network(network, backend="auto")
    initial = run.initial(seed, dtype)

    class EquivariantModule(torch.nn.Module):
        """The network, its parameters registered."""

        def __init__(self) -> None:
            super().__init__()
            for name, value in initial.items():
                self.register_parameter(_attribute(name), torch.nn.Parameter(torch.as_tensor(value)))

        def forward(self, *x: Any) -> Any:
            """The network applied to one array a summand."""
            parameters = {name: getattr(self, _attribute(name)) for name in run.parameters}
            return run(parameters, x)

    return EquivariantModule()


def _attribute(name: str) -> str:
    return "layer_" + name.replace(".", "_")
