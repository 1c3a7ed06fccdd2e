"""The side of the child process: a problem from standard input, seconds, memory and dimension to standard output."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable

from tests.benchmarks.tying.problems import Problem, read

EXIT_NOT_APPLICABLE = 3


class NotApplicable(Exception):
    """The solver has no way to state this problem."""


def anything(problem: Problem) -> None:
    """Accept every problem."""


def answer(
    solve: Callable[[Problem], int | tuple[int, float]],
    warm: Callable[[], object],
    accept: Callable[[Problem], object] = anything,
) -> None:
    """Warm up, solve the problem on standard input, and print what it took.

    A problem that ``accept`` raises :class:`NotApplicable` for is refused before anything slow is imported.  Seconds
    are processor time of this process, all threads together, unless the solver brings its own.
    """
    problem = read(json.load(sys.stdin))
    try:
        accept(problem)
        warm()
        start = time.process_time()
        dim = solve(problem)
        took = time.process_time() - start
    except NotApplicable as reason:
        print(json.dumps({"not applicable": str(reason)}))
        sys.exit(EXIT_NOT_APPLICABLE)
    if isinstance(dim, tuple):
        dim, took = dim
    print("\n" + json.dumps({"seconds": took, "dim": dim, "mib": peak_mib()}))


def peak_mib() -> float:
    """The largest resident set of this process or a child, in MiB; what its imports took is in it."""
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return peak / 1024
