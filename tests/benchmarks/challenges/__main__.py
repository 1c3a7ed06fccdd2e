"""Run the challenges: one line each, with evidence and time; exit status 1 when a bar is missed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from tests.benchmarks import Row, arguments, finish
from tests.benchmarks.challenges import families
from tests.benchmarks.challenges.answers import BARS, CITED, Verdict, score
from tests.benchmarks.challenges.rows import CHALLENGES, Challenge
from tests.benchmarks.challenges.settling import Outcome, outcome
from tests.benchmarks.challenges.table import load

#: How much of a line is shown.
WIDTH = 150


def main(argv: Sequence[str] | None = None) -> int:
    """Settle the challenges asked for and print what was found."""
    parser = arguments(__doc__ or "", folder="a folder of TPTP problems, settled beside as families")
    parser.add_argument("--only", metavar="IDS", help="some rows, such as P32,R01")
    parser.add_argument("--statements", action="store_true", help="print every equation under its row")
    options = parser.parse_args(argv)
    load()
    chosen = [c for c in CHALLENGES.values() if _asked(c, options)]
    rows = [_settled(c, statements=options.statements) for c in chosen]
    summary, passed = _summary(rows, whole=not (options.quick or options.only))
    if options.folder is not None:
        summary |= families.settled(options.folder)
    return finish(rows, summary, options.json, passed=passed)


def _asked(challenge: Challenge, options: Any) -> bool:
    if options.only:
        return challenge.id in options.only.split(",")
    return challenge.quick or not options.quick


def _settled(challenge: Challenge, *, statements: bool) -> Row:
    """Settle a challenge and its twin, print its line, and return it as a row."""
    found = outcome(challenge.statement)
    twin = outcome(challenge.mutant) if challenge.mutant is not None else None
    verdict = score(challenge.id, found, twin)
    row = _row(challenge, found, twin, verdict)
    text = f"{row['id']:4} {row['verdict']:6} {found.seconds:7.2f} s  {row['ours']:8} {row['asked']} · {_how(row)}"
    print(text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…", flush=True)
    for line in found.statements if statements else ():
        print(f"       {line}")
    return row


def _how(row: Row) -> str:
    parts = [row["evidence"], row["detail"], f"twin {row['twin']}" if row["twin"] else ""]
    return "; ".join(filter(None, parts))


def _row(challenge: Challenge, found: Outcome, twin: Outcome | None, verdict: Verdict) -> Row:
    return {
        "id": challenge.id, "asked": challenge.title, "ours": found.status, "evidence": found.evidence,
        "detail": found.detail, "values": found.values, "seconds": found.seconds, "verdict": verdict.word,
        "why": verdict.why, "twin": twin.status if twin else None, "twin change": challenge.change,
        "twin detail": twin.detail if twin else None, "twin seconds": twin.seconds if twin else None,
        "statements": list(found.statements),
    }  # fmt: skip


def _summary(rows: Sequence[Row], *, whole: bool) -> tuple[Row, bool]:
    """How many of each kind are settled; the bars apply to the whole table."""
    wrong = [row["id"] for row in rows if row["verdict"] == "WRONG"]
    summary: Row = {"wrong": len(wrong)}
    passed = not wrong
    for letter, (word, bar, asked) in BARS.items():
        right = sum(row["id"][0] == letter and row["verdict"] == "right" for row in rows)
        cited = sum(row["id"][0] == letter and row["id"] in CITED for row in rows)
        mine = sum(row["id"][0] == letter for row in rows)
        summary[word] = f"{right} of {asked if whole else mine}" + (f" (bar {bar}, {cited} cited)" if whole else "")
        passed = passed and (right >= bar if whole else True)
    unsettled = [row["id"] for row in rows if row["verdict"] == "open"]
    if unsettled:
        summary["open"] = " ".join(unsettled)
    return summary, passed


if __name__ == "__main__":
    sys.exit(main())
