"""How much memory a contest takes: ``python -m tests.benchmarks._memory MODULE CLASS SIDE`` prints kilobytes.

Each side runs in a process of its own, so that neither library's leftovers count for the other.  A small instance runs
first, for what is loaded or kept once; then the resident memory is read, the instance is made at its full size and runs
a few times, and the answer is by how much the peak of the process lies above that reading: data, weights, state and
all that one run needs.  The numbers are Linux's (``VmRSS`` and ``VmHWM`` of ``/proc/self/status``).
"""

from __future__ import annotations

import ctypes
import gc
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RUNS = 3


def can_measure() -> bool:
    """Whether this system says what the peak of a process was, and lets it be set back."""
    return STATUS.exists() and RESET.exists()


def megabytes(module: str, contest: str, side: str) -> float:
    """The memory of one side of a contest, ``"ours"`` or ``"theirs"``, measured in a process with one thread."""
    command = [sys.executable, "-m", __spec__.name, module, contest, side]
    one = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300, env=one)
    return int(done.stdout) / 1024


def _read(field: str) -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1])


def _given_back() -> None:
    """Let freed memory go back to the system."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _measured(make: Any, side: str) -> int:
    small = make(make.small)
    for _ in range(RUNS):
        getattr(small, side)()
    del small
    _given_back()
    before = _read("VmRSS")
    RESET.write_text("5")
    contest = make(make.full)
    for _ in range(RUNS):
        getattr(contest, side)()
    return _read("VmHWM") - before


if __name__ == "__main__":
    module, name, which = sys.argv[1:]
    print(_measured(getattr(import_module(module), name), which))
