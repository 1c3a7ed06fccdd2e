"""Weight tying beside its peers; a star marks a figure that is recorded because the peer is not installed.

The quick form runs small rows beside the references alone and judges only that they are solved, and rightly.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.benchmarks import Row, arguments, finish, table
from tests.benchmarks.tying import rows, scoring
from tests.benchmarks.tying.problems import Problem
from tests.benchmarks.tying.running import OURS, PEER_NAMES, RECORDED_ONLY, REFERENCES, Answer, best, interpreter

COLUMNS = ("row", "dim", "ours s", "MiB", "best", "best s", "ratio", *PEER_NAMES, *REFERENCES, *RECORDED_ONLY, "bar")
FEW, MANY = "S50, 2→2", "S1000000, 2→2"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit status 1 when a bar is missed."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--limit", type=float, default=60.0, metavar="SECONDS", help="for each process (60)")
    parser.add_argument("--rows", metavar="TEXT", help="only the rows whose name contains this")
    parser.add_argument("--solvers", metavar="NAMES", help="only these peers and references, comma between")
    options = parser.parse_args(argv)
    problems = [p for p in (rows.quick() if options.quick else rows.full()) if (options.rows or "") in p.id]
    chosen: Sequence[str] = REFERENCES if options.quick else (*PEER_NAMES, *REFERENCES)
    if options.solvers is not None:
        chosen = tuple(name for name in chosen if name in options.solvers.split(","))
    found: list[Row] = []
    answers: dict[str, Answer] = {}
    for problem in problems:
        answers[problem.id], row = measure(problem, chosen, limit=options.limit, quick=options.quick)
        found.append(row)
        print(f"{problem.id}: {row['bar']}", file=sys.stderr, flush=True)
    if FEW in answers and MANY in answers and (wrong := scoring.grows(answers[FEW], answers[MANY])):
        row = next(row for row in found if row["row"] == MANY)
        row["bar"] = wrong if row["bar"] == "met" else f"{row['bar']}; {wrong}"
    columns = [c for c in COLUMNS if c in COLUMNS[:4] or any(row.get(c) is not None for row in found)]
    print(table(found, columns))
    missed = [row for row in found if row["bar"] != "met"]
    absent = [name for name in PEER_NAMES if interpreter(name) is None]
    summary: Row = {"rows": len(found), "missed": len(missed), "not installed": ", ".join(absent) or "none"}
    return finish(found, summary, options.json, passed=not missed)


def measure(problem: Problem, solvers: Sequence[str], *, limit: float, quick: bool) -> tuple[Answer, Row]:
    """Our answer, and the row beside every solver that is installed and, of the others, what is recorded."""
    repeats = 1 if quick else 3
    ours = best(OURS, problem, limit=limit, repeats=repeats)
    live = [best(name, problem, limit=limit, repeats=repeats) for name in solvers if interpreter(name) is not None]
    known = [a for a in scoring.recorded(problem) if a.solver not in {answer.solver for answer in live}]
    return ours, scoring.judge(problem, ours, [*live, *known], timed=not quick)


if __name__ == "__main__":
    sys.exit(main())
