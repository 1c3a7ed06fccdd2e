"""CUDA's compilers, which need no device: from the source of a kernel to the code of a GPU, or their complaints.

NVRTC, the one that CuPy calls, comes with the wheel ``nvidia-cuda-nvrtc`` (or ``-cu12``); ``nvcc`` with a toolkit.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools as ft
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: The oldest architecture that CUDA 13 compiles for.
ARCHITECTURE = "compute_75"
NVCC = shutil.which("nvcc")


@ft.cache
def library() -> Any:
    """The compiler; None where it is not installed."""
    folders = [Path(entry, "nvidia") for entry in sys.path]
    found = [str(p) for folder in folders for p in sorted(folder.glob("**/libnvrtc.so.*")) if "alt" not in p.name]
    name = found[0] if found else ctypes.util.find_library("nvrtc")
    return ctypes.CDLL(name) if name else None


def compilers() -> dict[str, Callable[[str], str]]:
    """The compilers that are installed: each gives the PTX of a source, or an AssertionError with its complaints."""
    found = {"NVRTC": (_by_nvrtc, library()), "nvcc": (_by_nvcc, NVCC)}
    return {name: compiler for name, (compiler, there) in found.items() if there}


def _by_nvcc(source: str) -> str:
    assert NVCC is not None
    with tempfile.TemporaryDirectory() as room:
        text, code = Path(room, "kernel.cu"), Path(room, "kernel.ptx")
        text.write_text(source, "utf-8")
        command = [NVCC, "-ptx", "-std=c++17", f"-arch={ARCHITECTURE}", "-o", str(code), str(text)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return code.read_text("utf-8")


def _by_nvrtc(source: str) -> str:
    nvrtc, program = library(), ctypes.c_void_p()
    made = nvrtc.nvrtcCreateProgram(ctypes.byref(program), source.encode(), b"kernel.cu", 0, None, None)
    assert made == 0
    options = (ctypes.c_char_p * 2)(b"--std=c++17", f"--gpu-architecture={ARCHITECTURE}".encode())
    status = nvrtc.nvrtcCompileProgram(program, 2, options)
    assert status == 0, _text(nvrtc, program, "ProgramLog")
    return _text(nvrtc, program, "PTX")


def _text(nvrtc: Any, program: Any, what: str) -> str:
    size = ctypes.c_size_t()
    getattr(nvrtc, f"nvrtcGet{what}Size")(program, ctypes.byref(size))
    text = ctypes.create_string_buffer(size.value)
    getattr(nvrtc, f"nvrtcGet{what}")(program, text)
    return text.value.decode()


def kernel_source(given: str, results: str, operation: str, real: str) -> str:
    """The CUDA source around the body of an elementwise kernel of contiguous arrays, much as CuPy writes it."""
    arguments = [f"const {part.replace(' ', '* _')}" for part in given.split(", ")]
    arguments += [part.replace(" ", "* _") for part in results.split(", ")]
    lines = [f"const {part} = _{part.split()[1]}[_i];" for part in given.split(", ")]
    lines += [f"{part.replace(' ', '& ')} = _{part.split()[1]}[_i];" for part in results.split(", ")]
    head = f'typedef {real} T;\nextern "C" __global__ void kernel(long _n, {", ".join(arguments)})'
    index = "long _i = blockIdx.x * (long)blockDim.x + threadIdx.x; if (_i >= _n) return;"
    return f"{head} {{\n{index}\n" + "\n".join([*lines, operation]) + "\n}\n"
