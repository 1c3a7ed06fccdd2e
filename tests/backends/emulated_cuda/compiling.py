"""The compiler behind the emulated NVRTC: the source of a kernel becomes a shared library of the host.

Beside each kernel stands what launches it.  Kernels whose threads wait for each other run as coroutines; the others
run as a loop, which is faster.
"""

from __future__ import annotations

import ctypes
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.backends.emulated_cuda.building import kernel_command

#: `int compile(source, names, options, folder)`, as `device/nvrtc.cpp` calls it.
Compile = ctypes.CFUNCTYPE(ctypes.c_int, *4 * [ctypes.c_char_p])

_SHARED = re.compile(r"extern\s+__shared__\s+([\w:<> ]+?)\s*(\w+)\s*\[\s*\]\s*;")
_WAITING = re.compile(r"__sync|__shfl|emulated_cuda::shared")
_KERNEL = re.compile(
    r"(template\s*<[^;{}]*>\s*)?(?:extern\s+\"C\"\s+)?__global__\s+void\s+"
    r"(?:__launch_bounds__\s*\([^)]*\)\s*)?(\w+)\s*\("
)


def compiler(prelude: Path) -> Any:
    """A function for `emulated_cuda_compile_by`, which compiles kernels after a header; the caller keeps it alive."""

    def compile_kernel(source: bytes, names: bytes, options: bytes, folder: bytes) -> int:
        definitions = [option for option in options.decode().splitlines() if option.startswith("-D")]
        text = host_source(source.decode(), names.decode().splitlines())
        return _compile(text, definitions, prelude, Path(folder.decode()))

    return Compile(compile_kernel)


def _compile(source: str, options: list[str], prelude: Path, folder: Path) -> int:
    if not source.strip():  # CuPy reads the comments of an empty program's PTX, to know which compiler it has
        (folder / "kernel.so").write_text("// the emulated CUDA\n", "utf-8")
        return 0
    text = folder / "kernel.cpp"
    text.write_text(source, "utf-8")
    command = [*kernel_command(), "-include", prelude, *options, text, "-o", folder / "kernel.so"]
    done = subprocess.run(command, capture_output=True, text=True)
    (folder / "log").write_text(done.stderr, "utf-8")
    return done.returncode


def host_source(source: str, templates: list[str]) -> str:
    """The source with what launches its kernels: those it names, and the instances of templates that were asked for."""
    source = _SHARED.sub(r"\1* \2 = (\1*)emulated_cuda::shared;", source)
    together = "true" if _WAITING.search(source) else "false"
    named = {kernel: kernel for kernel in _kernels(source)}
    named |= {f"kernel_{k}": expression for k, expression in enumerate(templates)}
    return source + "".join(f"\nEMULATED_KERNEL({together}, {name}, {what})" for name, what in named.items()) + "\n"


def _kernels(source: str) -> Iterator[str]:
    for template, name in _KERNEL.findall(source):
        if not template:
            yield name
