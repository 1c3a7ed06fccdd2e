"""What the emulation stands on, and a sentence for each thing that is missing."""

from __future__ import annotations

import platform
import shutil
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

#: The wheel whose modules are known, and the versions of it.
WHEEL = "cupy-cuda13x"
SERIES = "14.2"
TOOLS = ("g++", "nm")
#: Below it lie `cupy` and `cupy_backends`.
SITE = Path(sysconfig.get_paths()["platlib"])
#: CuPy's own headers, where it is installed.
HEADERS = SITE / "cupy" / "_core" / "include"


class Unsuitable(RuntimeError):
    """The emulation cannot stand here; the message says what is missing and what to do."""


def require_host() -> None:
    """Linux on x86-64 with a compiler: what the emulation itself needs."""
    system, machine = platform.system(), platform.machine()
    if (system, machine) != ("Linux", "x86_64"):
        raise Unsuitable(f"the emulated CUDA needs Linux on x86-64, and this is {system} on {machine}")
    for tool in TOOLS:
        if shutil.which(tool) is None:
            raise Unsuitable(f"the emulated CUDA needs {tool}, which is not on the path; install g++ and binutils")


def require_cupy() -> str:
    """The version of CuPy's wheel, which must be one whose modules are known."""
    try:
        found = version(WHEEL)
    except PackageNotFoundError:
        raise Unsuitable(
            f"the emulated CUDA runs the wheel {WHEEL} {SERIES}, which is not installed; "
            "`make test-emulated-gpu` makes an environment with it"
        ) from None
    if not found.startswith(f"{SERIES}."):
        raise Unsuitable(
            f"the emulated CUDA replaces functions inside {WHEEL} {SERIES}, and {found} is installed; "
            f"install {WHEEL}=={SERIES}.*, or look through emulated_cuda/ for what {found} does otherwise"
        )
    return found


def require_headers() -> None:
    """The headers that CuPy's kernels include, which its wheel brings."""
    for name in ("complex.cuh", "carray.cuh", "atomics.cuh", "math_constants.h"):
        if not (HEADERS / "cupy" / name).is_file():
            raise Unsuitable(f"{WHEEL} should have the header cupy/{name} in {HEADERS}, and has not")


def module_of_cupy(name: str) -> Path:
    """The file of a compiled module of CuPy, by its path without the ending."""
    found = sorted(SITE.glob(f"{name}.*.so"))
    if len(found) != 1:
        raise Unsuitable(f"{WHEEL} should have one module {name}.*.so in {SITE}, and has {len(found)}")
    return found[0]
