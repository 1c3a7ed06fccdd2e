"""Read `tests/features.toml`: which construction is shown by which tests; and watch that none of those is skipped."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROWS = range(1, 134)
#: Array libraries without which catcore is whole; only a row that names the case of one relies on it.
OPTIONAL = frozenset({"torch", "jax", "dask", "cupy"})
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


def relies(test: str, case: str) -> bool:
    """Whether a row that lists a test relies on a case of it: the one it names, or without brackets all of them.

    A test that runs on every array library is not relied on where the library may be missing.
    """
    name, _, parameters = case.partition("[")
    return case == test or (name == test and OPTIONAL.isdisjoint(parameters.rstrip("]").split("-")))


def listed_ids() -> set[str]:
    """The ids of all tests that some row relies on."""
    return {test for row in read() for test in row.tests}


class FeatureWatch:
    """Fail the run if a test that `features.toml` relies on was skipped or expected to fail.

    A failing test fails the run anyway; a skipped one would go unnoticed, and its row would claim too much.
    """

    def __init__(self, ids: set[str]) -> None:
        self.ids = ids
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        listed = {report.nodeid, report.nodeid.partition("[")[0]} & self.ids
        if report.skipped and any(relies(test, report.nodeid) for test in listed):
            self.skipped[report.nodeid] = str(report.longrepr)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for nodeid, reason in self.skipped.items():
            terminalreporter.write_line(f"tests/features.toml relies on a skipped test: {nodeid} ({reason})", red=True)
