"""CuPy meets the emulation: `install()` is called before CuPy is first imported."""

from __future__ import annotations

import ctypes
import os
import sys

from tests.backends.emulated_cuda.building import LIBRARY, LINKED, built
from tests.backends.emulated_cuda.compiling import compiler
from tests.backends.emulated_cuda.redirecting import redirect
from tests.backends.emulated_cuda.requirements import Unsuitable, module_of_cupy
from tests.backends.emulated_cuda.sorting import thrust

#: What has to live as long as the process: libraries would call what is gone.
_KEPT: list[object] = []


def install() -> None:
    """Let CuPy run on the emulation in this process; `Unsuitable` says what is missing."""
    if _KEPT:
        return
    if "cupy" in sys.modules:
        raise Unsuitable("CuPy has been imported already, and with it the CUDA that it found; install() comes first")
    folder = built()
    os.environ["CUPY_ACCELERATORS"] = ""  # CUB is compiled for devices
    os.environ["CUPY_CACHE_DIR"] = str(folder / "kernels")
    library = ctypes.CDLL(str(folder / LIBRARY), mode=ctypes.RTLD_GLOBAL)
    compile_kernel = compiler(folder / "prelude.h")
    library.emulated_cuda_compile_by(compile_kernel)
    for name in LINKED:  # loaded once, they are what is found by these names
        ctypes.CDLL(str(folder / name), mode=ctypes.RTLD_GLOBAL)
    redirect(module_of_cupy("cupy_backends/cuda/api/runtime"), library)
    sys.modules["cupy.cuda.thrust"] = thrust()
    _KEPT.extend((library, compile_kernel))
