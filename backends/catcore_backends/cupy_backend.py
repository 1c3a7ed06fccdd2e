"""CuPy: the same array code on a CUDA device.  The library is imported when an array is first needed."""

from __future__ import annotations

from typing import Any

from catcore.errors import BackendMissing
from catcore_backends.backend import Backend

INSTALL = "Install it with: pip install 'catcore[cuda12]' or 'catcore[cuda13]', whichever fits the driver."


class CupyBackend(Backend):
    """CuPy on the current device."""

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


backend = CupyBackend("cupy", "array_api_compat.cupy", INSTALL)
