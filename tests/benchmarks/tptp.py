"""Unit equality problems: how many are settled in the time given, and none wrongly.

``python -m tests.benchmarks.tptp DIR --seconds 10`` runs every ``*.p`` in a folder that also holds ``index.json``, a
list of ``{"name", "status", "rating"}``; what is expected only scores.  Where the prover ``eprover`` is installed it
runs beside as the peer, on the same problem with the same time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from catcore_proofs.equational import settle
from catcore_proofs.tptp import read_problem
from tests.benchmarks import Row, arguments, finish, table

OWN = Path(__file__).parent / "problems"
MEANING = {"proved": "Unsatisfiable", "refuted": "Satisfiable"}
#: Problems to be settled, of the 85 unsatisfiable and the 15 satisfiable ones of the reference folder, in shares.
BARS = {"Unsatisfiable": 55 / 85, "Satisfiable": 8 / 15}
COLUMNS = ("problem", "expected", "rating", "ours", "evidence", "seconds", "eprover", "peer seconds", "verdict")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit status 1 when a bar is missed or an answer is wrong."""
    parser = arguments(__doc__ or "", folder="problems with an index.json; by default those of the project")
    parser.add_argument("--seconds", type=float, default=10.0, help="time for each problem")
    options = parser.parse_args(argv)
    folder = options.folder or OWN
    seconds = min(options.seconds, 3.0) if options.quick else options.seconds
    rows = [_row(folder, entry, seconds) for entry in json.loads((folder / "index.json").read_text())]
    print(table(rows, COLUMNS))
    summary, passed = _summary(rows)
    return finish(rows, summary, options.json, passed=passed)


def _row(folder: Path, entry: dict[str, Any], seconds: float) -> Row:
    path = folder / f"{entry['name']}.p"
    answer = settle(read_problem(path), seconds=seconds)
    found = MEANING.get(answer.status)
    verdict = "right" if found == entry["status"] else "open" if found is None else "WRONG"
    peer, peer_seconds = _eprover(path, seconds)
    return {
        "problem": entry["name"], "expected": entry["status"], "rating": entry.get("rating"), "ours": answer.status,
        "evidence": answer.evidence, "seconds": answer.seconds, "eprover": peer, "peer seconds": peer_seconds,
        "verdict": verdict,
    }  # fmt: skip


def _eprover(path: Path, seconds: float) -> tuple[str | None, float | None]:
    """What E says about the problem, and how long it took; nothing where it is not installed."""
    if shutil.which("eprover") is None:
        return None, None
    start = time.perf_counter()
    command = ["eprover", "--auto", "--silent", f"--cpu-limit={max(1, int(seconds))}", "--tptp3-format", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    status = next((line.split()[-1] for line in said.splitlines() if "SZS status" in line), "unknown")
    return status, time.perf_counter() - start


def _summary(rows: Sequence[Row]) -> tuple[Row, bool]:
    summary: Row = {}
    passed = not any(row["verdict"] == "WRONG" for row in rows)
    summary["wrong"] = sum(row["verdict"] == "WRONG" for row in rows)
    for status, share in BARS.items():
        asked = [row for row in rows if row["expected"] == status]
        right = sum(row["verdict"] == "right" for row in asked)
        peer = sum(row["eprover"] == status for row in asked) if any(row["eprover"] for row in rows) else None
        bar = -(-int(share * len(asked) * 1000) // 1000)
        beside = peer if peer is not None else "not installed"
        summary[status] = f"{right} of {len(asked)} (bar {bar}, eprover {beside})"
        passed = passed and right >= bar
    return summary, passed


if __name__ == "__main__":
    sys.exit(main())
