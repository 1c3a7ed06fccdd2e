"""The source of an elementwise CUDA kernel, compiled and run by the C++ compiler of the host.

The body of such a kernel is plain C++ in the arguments of one entry.  Around it goes a loop over arrays that have been
broadcast, instead of the one that CuPy writes.  A ``raw`` argument is a whole array, read by the numbers of its
entries; where there are some, the shape is that of the output, which is given, and ``i`` is the number of the entry.
"""

from __future__ import annotations

import ctypes
import functools as ft
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

COMPILER = shutil.which("g++") or shutil.which("c++")
_TYPES = {"float32": "float", "float64": "double", "int64": "long", "complex128": "std::complex<double>"}
#: What CuPy calls otherwise than C++.
_C = {"raw T": "T", "int64": "long"}


@dataclass(frozen=True)
class HostKernel:
    """A kernel for the host: ``run(arrays)`` gives the outputs."""

    inputs: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]
    operation: str
    preamble: str

    @property
    def outputs(self) -> int:
        """How many arrays it gives."""
        return len(self.results)

    def __call__(self, given: tuple[Any, ...]) -> list[Any]:
        read, outputs = given[: len(self.inputs)], given[len(self.inputs) :]
        arrays = [np.asarray(a, np.int64 if kind == "int64" else None) for a, (kind, _) in self._with_kinds(read)]
        assert len(arrays) == len(self.inputs)
        assert len(outputs) in (0, len(self.results))
        dtypes = {a.dtype.name for a, (kind, _) in self._with_kinds(arrays) if kind.endswith("T")}
        assert len(dtypes) == 1, f"one type T was wanted, and {dtypes} were given"
        assert all(a.dtype == bool for a, (kind, _) in self._with_kinds(arrays) if kind == "bool")
        (dtype,) = dtypes
        one_by_one = [a for a, (kind, _) in self._with_kinds(arrays) if not kind.startswith("raw ")]
        shape = np.broadcast_shapes(*(a.shape for a in (*one_by_one, *outputs)))
        whole = [
            np.ascontiguousarray(a if kind.startswith("raw ") else np.broadcast_to(a, shape))
            for a, (kind, _) in self._with_kinds(arrays)
        ]
        found = [np.empty(shape, bool if kind == "bool" else dtype) for kind, _ in self.results]
        pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (*whole, *found)]
        library = _library(self.source(_TYPES[dtype]))
        library.run(ctypes.c_long(int(np.prod(shape))), *pointers)
        return found

    def _with_kinds(self, arrays: Any) -> Any:
        return zip(arrays, self.inputs, strict=True)

    def source(self, real: str) -> str:
        """The C++ of the loop, for one type of reals."""
        arguments = [f"const {_C.get(kind, kind)}* _{name}" for kind, name in self.inputs]
        arguments += [f"{kind}* _{name}" for kind, name in self.results]
        given = "".join(
            f"const {_C[kind]}* {name} = _{name}; "
            if kind.startswith("raw ")
            else f"const {_C.get(kind, kind)} {name} = _{name}[_i]; "
            for kind, name in self.inputs
        )
        given += "const long i = _i; (void)i; "
        given += "".join(f"{kind}& {name} = _{name}[_i]; " for kind, name in self.results)
        headers = "#include <cmath>\n"
        if "complex" in real:  # the compiler takes longer over this header than over all else
            headers += "#include <complex>\n"
        head = f"{headers}using namespace std;\ntypedef {real} T;\n{self.preamble}\n"
        loop = f"for (long _i = 0; _i < _n; ++_i) {{ {given}\n{self.operation};\n}}"
        return f'{head}extern "C" void run(long _n, {", ".join(arguments)}) {{\n{loop}\n}}\n'


def compiled(in_params: str, out_params: str, operation: str, preamble: str = "") -> HostKernel:
    """The kernel of CuPy's three texts."""
    return HostKernel(_parameters(in_params), _parameters(out_params), operation, preamble)


def _parameters(text: str) -> tuple[tuple[str, str], ...]:
    found = [tuple(part.strip().rsplit(maxsplit=1)) for part in text.split(",")]
    assert all(len(pair) == 2 for pair in found), text
    return tuple((pair[0], pair[1]) for pair in found)


@ft.cache
def _library(source: str) -> Any:
    assert COMPILER is not None
    with tempfile.TemporaryDirectory() as room:
        text, binary = Path(room, "kernel.cpp"), Path(room, "kernel.so")
        text.write_text(source, "utf-8")
        # before C++17, the header of the reals leaves out what takes two thirds of the time
        options = ["-std=c++14", "-O1", "-shared", "-fPIC", "-Wall", "-Werror"]
        subprocess.run([COMPILER, *options, "-o", str(binary), str(text)], check=True, timeout=120)
        return ctypes.CDLL(str(binary))
