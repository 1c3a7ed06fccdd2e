"""The emulated CUDA: its own C++ with kernels of ours, without CuPy; and CuPy on it, where its wheel is installed."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.backends.emulated_cuda import building, compiling, requirements
from tests.backends.emulated_cuda.requirements import Unsuitable

KERNELS = r"""
template <class T> __device__ T twice(T x) { return x + x; }

extern "C" __global__ void doubled(const double* x, double* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = twice(x[i]);
}

extern "C" __global__ void total(const double* x, double* y, int n) {
  extern __shared__ double parts[];
  double mine = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) mine += x[i];
  parts[threadIdx.x] = mine;
  for (int half = blockDim.x / 2; half; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) parts[threadIdx.x] += parts[threadIdx.x + half];
  }
  if (!threadIdx.x) *y = parts[0];
}

template <class T, int by> __global__ void shifted(const T* x, T* y) {
  y[threadIdx.x] = __shfl_down_sync(~0u, x[threadIdx.x], by);
}
"""
TEMPLATE = "shifted<double, 3>"


class Emulation:
    """The emulated runtime, driver and compiler, called as a C program would call them."""

    def __init__(self, folder: Path) -> None:
        self.library = ctypes.CDLL(str(building.build_library(folder)), mode=ctypes.RTLD_GLOBAL)
        header = building.HERE / "kernels" / "kernel.h"
        self.compiler = compiling.compiler(header)
        self.library.emulated_cuda_compile_by(self.compiler)

    def do(self, name: str, *arguments: Any) -> None:
        status = getattr(self.library, name)(*arguments)
        assert status == 0, f"{name} answered {status}"

    def compiled(self, source: str, *templates: str) -> tuple[Any, Any, int]:
        """A program, the module it became, and the status of its compilation."""
        program, module = ctypes.c_void_p(), ctypes.c_void_p()
        self.do("nvrtcCreateProgram", ctypes.byref(program), source.encode(), None, 0, None, None)
        for template in templates:
            self.do("nvrtcAddNameExpression", program, template.encode())
        status = self.library.nvrtcCompileProgram(program, 0, None)
        if not status:
            self.do("cuModuleLoadData", ctypes.byref(module), self.text(program, "CUBIN"))
        return program, module, status

    def text(self, program: Any, what: str) -> Any:
        size = ctypes.c_size_t()
        self.do(f"nvrtcGet{what}Size", program, ctypes.byref(size))
        text = ctypes.create_string_buffer(size.value)
        self.do(f"nvrtcGet{what}", program, text)
        return text

    def launch(self, module: Any, name: bytes, grid: int, block: int, *given: Any, shared: int = 0) -> None:
        kernel = ctypes.c_void_p()
        self.do("cuModuleGetFunction", ctypes.byref(kernel), module, name)
        places = (ctypes.c_void_p * len(given))(*(ctypes.cast(ctypes.byref(x), ctypes.c_void_p) for x in given))
        self.do("cuLaunchKernel", kernel, grid, 1, 1, block, 1, 1, shared, None, places, None)


def pointer(array: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


@pytest.fixture(scope="module")
def emulation(tmp_path_factory):
    try:
        requirements.require_host()
    except Unsuitable as missing:
        pytest.skip(str(missing))
    return Emulation(tmp_path_factory.mktemp("emulated_cuda"))


@pytest.mark.slow
def test_kernels_run_with_threads_barriers_and_warps(emulation):
    program, module, status = emulation.compiled(KERNELS, TEMPLATE)
    assert status == 0, emulation.text(program, "ProgramLog").value.decode()
    x, y, n = np.arange(100.0), np.zeros(100), ctypes.c_int(100)

    emulation.launch(module, b"doubled", 4, 32, pointer(x), pointer(y), n)
    np.testing.assert_array_equal(y, 2 * x)

    emulation.launch(module, b"total", 1, 64, pointer(x), pointer(y), n, shared=64 * 8)
    assert y[0] == x.sum()

    lowered = ctypes.c_char_p()
    emulation.do("nvrtcGetLoweredName", program, TEMPLATE.encode(), ctypes.byref(lowered))
    emulation.launch(module, lowered.value, 1, 32, pointer(x), pointer(y))
    np.testing.assert_array_equal(y[:32], [*range(3, 32), 29, 30, 31])


@pytest.mark.slow
def test_a_kernel_that_is_no_program_is_refused_with_the_compilers_words(emulation):
    program, _, status = emulation.compiled('extern "C" __global__ void broken(double* x) { *x = undefined_word; }')

    assert status == 6
    assert "undefined_word" in emulation.text(program, "ProgramLog").value.decode()


@pytest.mark.slow
def test_a_device_has_its_own_memory(emulation):
    place, there, x = ctypes.c_void_p(), np.zeros(4), np.arange(4.0)
    emulation.do("cudaMalloc", ctypes.byref(place), 32)
    emulation.do("cudaMemcpy", place, pointer(x), 32, 1)
    emulation.do("cudaMemcpy", pointer(there), place, 32, 2)

    np.testing.assert_array_equal(there, x)
    assert emulation.library.cudaMemcpy(pointer(there), pointer(x), 32, 1) == 1  # it leads to no device
    assert emulation.library.cudaFree(pointer(x)) == 1
    emulation.do("cudaFree", place)
    assert emulation.library.cudaMalloc(ctypes.byref(place), ctypes.c_size_t(1 << 40)) == 2


@pytest.mark.slow
def test_a_captured_stream_does_nothing_until_its_graph_is_launched(emulation):
    stream, graph, place = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
    there = np.ones(4, np.uint8)
    emulation.do("cudaStreamCreateWithFlags", ctypes.byref(stream), 1)
    emulation.do("cudaMalloc", ctypes.byref(place), 4)
    emulation.do("cudaMemset", place, 7, 4)
    emulation.do("cudaStreamBeginCapture", stream, 0)
    emulation.do("cudaMemsetAsync", place, 9, 4, stream)
    emulation.do("cudaStreamEndCapture", stream, ctypes.byref(graph))
    emulation.do("cudaMemcpy", pointer(there), place, 4, 2)
    assert there.tolist() == 4 * [7]

    emulation.do("cudaGraphLaunch", graph, stream)
    emulation.do("cudaMemcpy", pointer(there), place, 4, 2)
    assert there.tolist() == 4 * [9]


@pytest.mark.slow
def test_a_captured_stream_cannot_be_waited_for(emulation):
    stream, graph = ctypes.c_void_p(), ctypes.c_void_p()
    emulation.do("cudaStreamCreateWithFlags", ctypes.byref(stream), 1)
    emulation.do("cudaStreamBeginCapture", stream, 0)

    assert emulation.library.cudaStreamSynchronize(stream) == 900
    assert emulation.library.cudaStreamEndCapture(stream, ctypes.byref(graph)) == 901


def test_the_source_of_a_kernel_says_how_it_is_launched():
    plain = compiling.host_source('extern "C" __global__ void f(int* x) {}', [])
    waiting = compiling.host_source("__global__ void __launch_bounds__(64) g(int* x) { __syncthreads(); }", ["h<int>"])

    assert plain.splitlines()[1:] == ["EMULATED_KERNEL(false, f, f)"]
    assert waiting.splitlines()[1:] == ["EMULATED_KERNEL(true, g, g)", "EMULATED_KERNEL(true, kernel_0, h<int>)"]


@pytest.mark.parametrize(("found", "sentence"), [("13.6.0", "14.2, and 13.6.0 is installed"), ("14.20.1", "14.20.1")])
def test_another_version_of_cupy_is_refused(monkeypatch, found, sentence):
    monkeypatch.setattr(requirements, "version", lambda name: found)

    with pytest.raises(Unsuitable, match=sentence):
        requirements.require_cupy()


def test_another_machine_is_refused(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "arm64")

    with pytest.raises(Unsuitable, match=r"needs Linux on x86-64, and this is \w+ on arm64"):
        requirements.require_host()


def test_headers_that_cupy_should_bring_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(requirements, "HEADERS", tmp_path)

    with pytest.raises(Unsuitable, match=r"should have the header cupy/complex\.cuh"):
        requirements.require_headers()


@pytest.mark.slow
def test_a_module_for_another_cuda_is_refused(emulation):
    with pytest.raises(Unsuitable, match="takes none: it is for another CUDA"):
        building.functions_wanted(Path(emulation.library._name), "libcublas.so.12")


CALLS = """
import cupy, numpy
x = numpy.arange(6.0).reshape(2, 3)
y = cupy.asarray(x)
found = [y + 1, y.sum(axis=0), y @ y.T, cupy.sort(-y), cupy.fft.rfft(y), y[y > 2]]
wanted = [x + 1, x.sum(axis=0), x @ x.T, numpy.sort(-x), numpy.fft.rfft(x), x[x > 2]]
for f, w in zip(found, wanted, strict=True):
    numpy.testing.assert_allclose(f.get(), w, rtol=1e-12, atol=1e-12)
print(len(found))
"""


@pytest.mark.slow
def test_cupy_itself_runs_where_its_wheel_is_installed(tmp_path):
    try:
        requirements.require_host()
        requirements.require_cupy()
    except Unsuitable as missing:
        pytest.skip(str(missing))
    script = tmp_path / "calls.py"
    script.write_text(CALLS, "utf-8")
    command = [sys.executable, "-m", "tests.backends.emulated_cuda", str(script)]
    done = subprocess.run(command, cwd=building.HERE.parents[2], capture_output=True, text=True, timeout=550)

    assert done.stdout == "6\n", done.stderr
