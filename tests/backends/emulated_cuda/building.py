"""What the emulation is built of, and where it lies: one folder for each state of its sources, under ``.peers/``."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.backends.emulated_cuda.requirements import (
    HEADERS,
    Unsuitable,
    module_of_cupy,
    require_cupy,
    require_headers,
    require_host,
)

HERE = Path(__file__).parent
BUILDS = HERE.parents[2] / ".peers" / "cupy" / "emulation"
LIBRARY = "libemulated_cuda.so"
#: The names under which CUDA's libraries are asked for, each with the modules of CuPy that are linked against it.
LINKED = {
    "libcuda.so.1": (),
    "libcudart.so.13": (),
    "libnvrtc.so.13": (),
    "libnvJitLink.so.13": (),
    "libcublas.so.13": ("cupy_backends/cuda/libs/cublas",),
    "libcublasLt.so.13": (),
    "libcufft.so.12": ("cupy/cuda/cufft",),
    "libcurand.so.10": ("cupy_backends/cuda/libs/curand",),
    "libcusolver.so.12": ("cupy_backends/cuda/libs/cusolver",),
    "libcusparse.so.12": ("cupy_backends/cuda/libs/cusparse",),
}
#: What a function that is not emulated answers: "not supported", a status of cuBLAS; elsewhere it is some error.
NOT_SUPPORTED = 15


def built() -> Path:
    """The folder with everything that CuPy needs, built where it is not there yet."""
    require_host()
    cupy = require_cupy()
    require_headers()
    folder = BUILDS / _digest(cupy)
    if not folder.exists():
        BUILDS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILDS, ignore_cleanup_errors=True) as room:
            _build(Path(room, "build"))
            _put(Path(room, "build"), folder)
    return folder


def _build(folder: Path) -> None:
    folder.mkdir()
    build_library(folder)
    precompile_header(folder)
    for name, modules in LINKED.items():
        _build_named(folder, name, modules)


def _put(made: Path, folder: Path) -> None:
    """Give a finished build its name; where another process was faster, its build is as good."""
    with contextlib.suppress(OSError):
        made.rename(folder)


def _digest(cupy: str) -> str:
    """A name for the sources as they are, and for the version of CuPy that they are built for."""
    sources = sorted(path for path in HERE.rglob("*") if path.suffix in {".cpp", ".h", ".py"})
    text = b"\0".join([cupy.encode(), *(path.read_bytes() for path in sources)])
    return hashlib.sha256(text).hexdigest()[:16]


def build_library(folder: Path) -> Path:
    """The runtime, the driver, the compiler's door and the mathematical libraries, in one library."""
    sources = sorted((HERE / "device").glob("*.cpp"))
    objects = [folder / f"{source.stem}.o" for source in sources]
    common = ["-std=c++17", "-O1", "-Wall", "-Wextra", "-fPIC", "-fvisibility=hidden"]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda s, o: run(["g++", *common, "-c", s, "-o", o]), sources, objects))
    run(["g++", "-shared", "-o", folder / LIBRARY, *objects, "-ldl"])
    for compiled in objects:
        compiled.unlink()
    return folder / LIBRARY


def kernel_command() -> list[str | Path]:
    """How a kernel is compiled: no fused multiplication and addition, so that results are those of plain C++."""
    return [
        *("g++", "-shared", "-fPIC", "-O1", "-w", "-std=c++17", "-fno-strict-aliasing", "-ffp-contract=off"),
        *("-Wno-invalid-pch", "-I", HERE / "kernels" / "replaced", "-I", HERE / "kernels", "-I", HEADERS),
    ]


def precompile_header(folder: Path) -> None:
    """What stands before each kernel, read once: the headers take seconds, and a run compiles hundreds of kernels."""
    header = folder / "prelude.h"
    header.write_text('#include "kernel.h"\n', "utf-8")
    run([*kernel_command(), "-x", "c++-header", header, "-o", folder / "prelude.h.gch"])


def _build_named(folder: Path, name: str, modules: Sequence[str]) -> None:
    """A library of the name that is asked for, which leads to ours; what ours lacks is there and refuses."""
    wanted = {symbol for module in modules for symbol in functions_wanted(module_of_cupy(module), name)}
    missing = sorted(wanted - _defined(folder / LIBRARY))
    source, versions = folder / "named.c", folder / "named.map"
    source.write_text("".join(f"int {symbol}(void) {{ return {NOT_SUPPORTED}; }}\n" for symbol in missing), "utf-8")
    versions.write_text(f"{name} {{ global: *; }};\n", "utf-8")
    linking = [f"-Wl,-soname,{name}", "-Wl,--no-as-needed", f"-Wl,--version-script={versions}", "-Wl,-rpath,$ORIGIN"]
    ours = ["-L", folder, f"-l:{LIBRARY}"]
    run(["g++", "-x", "c", "-shared", "-fPIC", *linking, "-o", folder / name, source, *ours])
    source.unlink()
    versions.unlink()


def functions_wanted(module: Path, library: str) -> set[str]:
    """The functions that a compiled module takes from a library of this name."""
    listing = run(["nm", "-D", "--undefined-only", module])
    found = set(re.findall(rf"\bU (\w+)@{re.escape(library)}$", listing, re.MULTILINE))
    if not found:
        raise Unsuitable(f"{module.name} should take functions from {library}, and takes none: it is for another CUDA")
    return found


def _defined(library: Path) -> set[str]:
    return {line.split()[-1] for line in run(["nm", "-D", "--defined-only", library]).splitlines()}


def run(command: Sequence[object]) -> str:
    """What a tool prints; its complaints are raised in one sentence."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise Unsuitable(f"{command[0]} failed while the emulated CUDA was built:\n{done.stderr.strip()}")
    return done.stdout
