"""A plugin that lets pytest, and each of its workers, run CuPy on the emulation."""

from __future__ import annotations

from tests.backends.emulated_cuda.installing import install


def pytest_configure() -> None:
    install()


def pytest_report_header() -> str:
    return "CuPy runs on an emulated CUDA in main memory: no GPU takes part"
