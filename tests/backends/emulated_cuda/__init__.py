"""CuPy's released wheel on an emulated CUDA, for those who have no GPU: ``make test-emulated-gpu``.

CuPy's own code runs unchanged: its checks, its memory pool, the kernels it writes and its way of recording graphs.
Below it stands a runtime of ours, whose devices are main memory (``device/``) and whose kernels are compiled by g++,
with CUDA's words defined for the host (``kernels/``).  So what CuPy refuses is refused here, too, and a kernel that is
no C++ fails, as do a copy that leads elsewhere than it says and a call that a captured stream forbids.

What it is not: nothing is asynchronous, threads take turns and never race, and times mean nothing.  Loops stand in for
cuBLAS and cuFFT, NumPy for Thrust; CUB, cuSOLVER, cuSPARSE and cuRAND are refused.  It needs Linux on x86-64, g++ and
nm, and one version of CuPy, since it replaces functions inside a module of that wheel.  **No run on it is a run on a
GPU.**

``python -m tests.backends.emulated_cuda -m tests.benchmarks.gpu --quick`` runs a module on it, and pytest runs on it
with ``-p tests.backends.emulated_cuda.plugin``.
"""
