"""PyTorch: tensors with automatic differentiation, on any device that it knows.  Needs the extra ``torch``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from catcore.errors import BackendMissing
from catcore_backends.backend import Backend
from catcore_backends.libraries.failures import together
from catcore_backends.library import Link, Run


class TorchBackend(Backend):
    """PyTorch's tensors."""

    def device(self, name: Any) -> Any:
        """PyTorch's device of a name such as ``"cpu"`` or ``"cuda:1"``."""
        self.namespace()
        import torch

        try:
            return torch.device(name)
        except (RuntimeError, TypeError, ValueError) as error:
            raise BackendMissing(
                f"The device {name!r} was asked for, and PyTorch knows no such name. Use one such as 'cpu' or 'cuda:0'."
            ) from error

    def on(self, device: Any) -> AbstractContextManager[Any]:
        """A context in which tensors made from nothing lie on this device."""
        found: AbstractContextManager[Any] = device
        return found

    def executable(self, link: Link, *, shared: bool = False, totals: tuple[int, ...] = ()) -> Run:
        """The program; PyTorch computes with the device ``meta`` beside others, so devices are looked at first."""
        program = link(self.namespace())

        def run(x: Any, batch: int) -> Any:
            if isinstance(x, tuple | list):
                together(x)
            return program(x, batch)

        return run


backend = TorchBackend("torch", "array_api_compat.torch", "Install it with: pip install 'catcore[torch]'")
