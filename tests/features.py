"""Read `tests/features.toml`: which construction is shown by which tests."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROWS = range(1, 134)
KINDS = {
    "S": "system",
    "C": "construction",
    "X": "example",
    "A": "architecture",
    "P": "paper",
    "L": "claim",
    "N": "non-technical",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One item of the talk: what it asks of the software and the tests that show it."""

    number: int
    kind: str
    item: str
    feature: str
    check: str = ""
    tests: tuple[str, ...] = ()
    planned: str = ""
    status: str = "technical"
    reason: str = ""


def read(path: Path = HERE / "features.toml") -> list[Row]:
    """Every row of the table, in the order of the file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Row(**{**row, "tests": tuple(row.get("tests", ()))}) for row in table["row"]]


def listed_ids() -> set[str]:
    """The ids of all tests that some row relies on."""
    return {test for row in read() for test in row.tests}
