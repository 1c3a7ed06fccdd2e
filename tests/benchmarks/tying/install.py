"""Install the peers at fixed versions, each in an environment of its own: ``python -m tests.benchmarks.tying.install``.

Environments lie under ``.peers/``, which git ignores; one that is complete is left alone.  GAP comes from the system's
packages.  A peer that cannot be installed is reported, and the benchmark scores it by what is recorded.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import table
from tests.benchmarks.tying.running import PEERS

#: escnn's needs are built from source: they are compiled against this NumPy, and py3nj by a Fortran compiler.
BUILD = ("numpy==1.26.4", "cython<3", "setuptools<70", "wheel", "pip")
TORCH = ("torch==2.13.0", "numpy==1.26.4")
SOURCES = ("--no-build-isolation-package", "lie-learn")
#: A peer, what is installed before it, and what is installed then.
PINNED: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    # EMLP needs an old JAX, and objax forgets to ask for six
    "emlp": ((), ("emlp==1.0.3", "jax==0.4.13", "jaxlib==0.4.13", "ml-dtypes==0.2.0", "numpy==1.26.4",
                  "scipy==1.10.1", "plum-dispatch<2", "six")),
    "escnn": (BUILD, (*SOURCES, "escnn==1.0.11", *TORCH)),
    "symm-learning": (BUILD, (*SOURCES, "symm-learning==0.8.1", *TORCH)),
    "e3nn": ((), ("e3nn==0.6.0", "torch==2.13.0")),
}  # fmt: skip
GAP = ("gap-core", "gap-libs", "gap-gapdoc", "gap-primgrp", "gap-smallgrp", "gap-transgrp")
DONE = ".installed"


def main() -> int:
    """Install what is missing, and say of each peer how it went; the exit status is 0, since peers are optional."""
    reports = [{"peer": name, "state": install(name)} for name in PINNED] + [{"peer": "gap", "state": install_gap()}]
    print(table(reports, ("peer", "state")))
    return 0


def install(name: str) -> str:
    """Make the environment of one peer; what is there already and complete is kept."""
    folder = PEERS / name
    before, then = PINNED[name]
    wanted = "\n".join((*before, *then)) + "\n"
    stamp = folder / DONE
    if stamp.exists() and stamp.read_text() == wanted:
        return "installed before"
    shutil.rmtree(folder, ignore_errors=True)
    steps = [[uv(), "venv", "--quiet", "--python", sys.executable, str(folder)]]
    into = [uv(), "pip", "install", "--quiet", "--compile-bytecode", "--python", str(folder / "bin" / "python")]
    steps += [[*into, *wheels] for wheels in (before, then) if wheels]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            return f"skipped: {reason(done.stderr)}"
    stamp.write_text(wanted)
    return "installed"


def install_gap() -> str:
    """GAP from the system's packages, where that is allowed."""
    if shutil.which("gap"):
        return "installed before"
    if shutil.which("apt-get") is None:
        return f"skipped: install the packages {' '.join(GAP)}"
    done = subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *GAP], capture_output=True, text=True
    )
    return "installed" if done.returncode == 0 else f"skipped: {reason(done.stderr)}"


def uv() -> str:
    """The installer beside this interpreter, or the one on the path."""
    beside = Path(sys.executable).parent / "uv"
    return str(beside) if beside.exists() else "uv"


def reason(text: str) -> str:
    """The line of an installer's complaint that says what is wrong."""
    lines = [kept for line in text.splitlines() if (kept := line.strip(" ╰─▶│×"))]
    telling = [line for line in lines if "rror" in line or "ailed" in line]
    return (telling or lines or ["no reason was given"])[0]


if __name__ == "__main__":
    sys.exit(main())
