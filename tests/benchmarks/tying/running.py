"""One solver on one problem in a fresh interpreter, with limits on its time and its memory."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.tying.problems import Problem

ROOT = Path(__file__).parents[3]
PEERS = ROOT / ".peers"
MEMORY = 12 * 2**30
#: Libraries run on one thread, so that processor seconds can be compared.
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
XLA = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1", "JAX_PLATFORMS": "cpu"}

OURS = "catcore"
REFERENCES = ("union_find", "domain_matrix")
PEER_NAMES = ("emlp", "escnn", "symm_learning", "e3nn", "gap")
#: Figures that are only recorded: reference implementations that are not repeated here.
RECORDED_ONLY = ("spinning", "diagrams")


@dataclass(frozen=True)
class Answer:
    """What a solver said: its dimension with seconds and MiB, or why it has none."""

    solver: str
    dim: int | None = None
    seconds: float | None = None
    mib: float | None = None
    problem: str = ""
    recorded: bool = False
    applicable: bool = True

    def right(self, problem: Problem) -> bool:
        """Whether the dimension is the known one; what is recorded was found right or is marked."""
        return self.seconds is not None and (self.recorded or self.dim == problem.dim)


def interpreter(solver: str) -> str | None:
    """The Python that runs a solver; None where its peer is not installed."""
    if solver == OURS or solver in REFERENCES:
        return sys.executable
    if solver == "gap":
        return sys.executable if shutil.which("gap") else None
    python = PEERS / solver.replace("_", "-") / "bin" / "python"
    return str(python) if python.exists() else None


def run(solver: str, problem: Problem, *, limit: float) -> Answer:
    """The answer of an installed solver; a failure of any kind is an answer without a dimension."""
    python = interpreter(solver)
    assert python is not None
    module = f"tests.benchmarks.tying.solvers.with_{solver}"
    packages = os.pathsep.join(str(ROOT / room) for room in ("", "backends", "proofs"))
    try:
        done = subprocess.run(
            [python, "-m", module], input=json.dumps(problem.written()), capture_output=True, text=True, timeout=limit,
            cwd=ROOT, env={**os.environ, **THREADS, **XLA, "PYTHONPATH": packages}, preexec_fn=_bounded,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Answer(solver, problem=f"did not finish in {limit:.0f} s")
    try:
        said = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return Answer(solver, problem=_last_line(done))
    if "not applicable" in said:
        return Answer(solver, problem=said["not applicable"], applicable=False)
    return Answer(solver, said["dim"], said["seconds"], said["mib"])


def best(solver: str, problem: Problem, *, limit: float, repeats: int) -> Answer:
    """The fastest of several processes; what takes a second or fails is run once."""
    answers = [run(solver, problem, limit=limit)]
    while len(answers) < repeats and (answers[-1].seconds or 1.0) < 1.0:
        answers.append(run(solver, problem, limit=limit))
    timed = [a for a in answers if a.seconds is not None]
    return min(timed, key=lambda a: a.seconds or 0.0) if len(timed) == len(answers) else answers[-1]


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stderr or done.stdout).strip().splitlines()
    return f"failed: {lines[-1][:90]}" if lines else f"failed with exit status {done.returncode}"
