"""The bars: nothing unsolved or wrong, ten times faster than the solvers of null spaces, never slower than the best.

Rows under 10 ms are judged with 5 ms of slack, since there the clock and the interpreter are what is measured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks import Row
from tests.benchmarks.tying.problems import Problem
from tests.benchmarks.tying.running import PEER_NAMES, RECORDED_ONLY, REFERENCES, Answer

BEATEN = {"emlp": 10.0, "escnn": 10.0}
NEVER_SLOWER = 1.2
SHORT, SLACK = 0.010, 0.005
#: Seconds and MiB for grids of 64 × 64 pixels, by what is asked.
GRIDS = {"labels": (1.0, 512.0), "basis": (0.1, None)}

RECORDED = tomllib.loads((Path(__file__).parent / "recorded.toml").read_text(encoding="utf-8"))


def recorded(problem: Problem) -> list[Answer]:
    """What is known of each peer and reference on a row, from :file:`recorded.toml`."""
    row: dict[str, Any] = RECORDED.get(problem.id, {})
    found = []
    for solver in (*PEER_NAMES, *REFERENCES, *RECORDED_ONLY):
        value = row.get(solver)
        if isinstance(value, dict):
            found.append(Answer(solver, problem=f"wrong after {value['wrong']} s", recorded=True))
        elif value is False:
            found.append(Answer(solver, problem="did not finish", recorded=True))
        elif value is not None:
            found.append(Answer(solver, seconds=float(value), recorded=True))
    return found


def judge(problem: Problem, ours: Answer, others: Sequence[Answer], *, timed: bool = True) -> Row:
    """One row of the table: what each solver took, the ratio to the best of them, and the bars that are missed.

    Untimed, only that the row is solved, and rightly, is judged.
    """
    right = [a for a in others if a.right(problem)]
    best = min(right, key=lambda a: a.seconds or 0.0, default=None)
    missed = [*_unsolved(problem, ours), *(_late(problem, ours, right, best) if timed else ())]
    return {
        "row": problem.id, "dim": problem.dim, "ours s": ours.seconds, "MiB": ours.mib,
        "best": best and name(best), "best s": best and best.seconds,
        "ratio": best and ours.seconds and (best.seconds or 0.0) / ours.seconds,
        **{a.solver: shown(a, problem) for a in others},
        "bar": "; ".join(missed) or "met",
    }  # fmt: skip


def _unsolved(problem: Problem, ours: Answer) -> Iterator[str]:
    if ours.seconds is None:
        yield f"unsolved: {ours.problem}"
    elif ours.dim != problem.dim:
        yield f"wrong: {ours.dim} instead of {problem.dim}"


def _late(problem: Problem, ours: Answer, right: Sequence[Answer], best: Answer | None) -> Iterator[str]:
    if ours.seconds is None:
        return
    judged = ours.seconds - (SLACK if ours.seconds < SHORT else 0.0)
    for answer in right:
        times = BEATEN.get(answer.solver, 0.0)
        if judged * times > (answer.seconds or 0.0):
            yield f"not {times:.0f}× {name(answer)}"
    if best is not None and judged > NEVER_SLOWER * (best.seconds or 0.0):
        yield f"slower than {NEVER_SLOWER} × {name(best)}"
    if "64×64" in problem.id:
        most, memory = GRIDS[problem.asked]
        if ours.seconds > most:
            yield f"above {most} s"
        if memory is not None and (ours.mib or 0.0) > memory:
            yield f"above {memory:.0f} MiB"


def grows(small: Answer, large: Answer) -> str | None:
    """What is wrong where a row on more points takes longer than the same one on few; None where nothing is."""
    if small.seconds is None or large.seconds is None:
        return "unsolved"
    if large.seconds > NEVER_SLOWER * small.seconds + SLACK:
        return f"time grows with n: {large.seconds / small.seconds:.1f}×"
    return None


def name(answer: Answer) -> str:
    """The solver, marked where its figure is only recorded."""
    return answer.solver + ("*" if answer.recorded else "")


def shown(answer: Answer, problem: Problem) -> str | None:
    """Seconds, or a word for why there are none; a star marks what is only recorded."""
    star = "*" if answer.recorded else ""
    if not answer.applicable:
        return None
    if answer.seconds is None:
        return ("wrong" if answer.problem.startswith("wrong") else "unsolved") + star
    if not answer.right(problem):
        return f"wrong ({answer.dim})"
    return f"{answer.seconds:.3g}{star}"
