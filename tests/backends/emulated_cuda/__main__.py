"""Run a script, or a module after ``-m``, with CuPy on the emulation: ``python -m tests.backends.emulated_cuda …``."""

from __future__ import annotations

import runpy
import sys

from tests.backends.emulated_cuda.installing import install
from tests.backends.emulated_cuda.requirements import Unsuitable


def main(arguments: list[str]) -> None:
    """Install the emulation, then hand over to what the arguments name."""
    module = arguments[:1] == ["-m"]
    named = arguments[1:] if module else arguments
    if not named:
        sys.exit("name a script, or a module after -m, to run on the emulated CUDA")
    try:
        install()
    except Unsuitable as error:
        sys.exit(str(error))
    sys.argv = named
    if module:
        runpy.run_module(named[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(named[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
