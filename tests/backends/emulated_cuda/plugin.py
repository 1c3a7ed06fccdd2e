"""A plugin that lets pytest, and each of its workers, run CuPy on the emulation."""

from __future__ import annotations

import pytest

from tests.backends.emulated_cuda.installing import install
from tests.backends.emulated_cuda.requirements import Unsuitable


def pytest_configure() -> None:
    try:
        install()
    except Unsuitable as error:
        raise pytest.UsageError(str(error)) from None


def pytest_report_header() -> str:
    return "CuPy runs on an emulated CUDA in main memory: no GPU takes part"
