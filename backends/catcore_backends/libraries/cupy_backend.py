"""CuPy: the same array code on a CUDA device.  The library is imported when an array is first needed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from catcore.errors import BackendMissing
from catcore_backends.backend import Backend
from catcore_backends.libraries.cuda import devices, pool
from catcore_backends.library import Link, Run

if TYPE_CHECKING:
    from catcore_backends.compiler.compiling import Compiled

INSTALL = "Install it with: pip install 'catcore[cuda12]' or 'catcore[cuda13]', whichever fits the driver."


class CupyBackend(Backend):
    """CuPy: programs run on the device of their arrays and on the current stream."""

    def namespace(self, *arrays: Any) -> Any:
        """CuPy's array-API namespace, once a device has answered.

        Raises:
            BackendMissing: when CuPy is not installed, or no CUDA device answers.
        """
        xp = super().namespace(*arrays)
        from cupy.cuda import runtime

        try:
            count = runtime.getDeviceCount()
        except runtime.CUDARuntimeError as error:
            count, why = 0, f" ({error})"
        else:
            why = ""
        if count < 1:
            raise BackendMissing(
                f"The backend 'cupy' was asked for, and no CUDA device answers{why}. "
                "Run on a machine with an NVIDIA device and driver, or use backend='numpy'."
            )
        return xp

    def executable(self, link: Link, *, shared: bool = False, totals: tuple[int, ...] = ()) -> Run:
        """The program on the device of each batch."""
        return devices.on_their_device(link, self.namespace())

    def device(self, name: Any) -> Any:
        """CuPy's device of a number, or of a name such as ``"cuda:1"``."""
        self.namespace()
        return devices.device_named(name)

    def on(self, device: Any) -> AbstractContextManager[Any]:
        """A context in which this device is the current one."""
        found: AbstractContextManager[Any] = device
        return found

    def memory_limit(self, limit: int | str, *, device: Any = None) -> AbstractContextManager[None]:
        """CuPy's memory pool with a limit on a device, by default the current one; see :mod:`.cuda.pool`."""
        self.namespace()
        from cupy.cuda import Device

        return pool.limited(limit, Device() if device is None else self.device(device))

    def captured(self, run: Compiled, given: tuple[Any, ...], batch: int) -> Any:
        """The arrow as a CUDA graph; see :class:`~catcore_backends.libraries.cuda.graphs.Captured`."""
        from catcore_backends.libraries.cuda.graphs import Captured

        return Captured(run, given, batch)

    def release(self) -> None:
        """Empty the memory pool of what no array uses."""
        pool.emptied()


backend = CupyBackend("cupy", "array_api_compat.cupy", INSTALL)
