"""The feature table is complete, and every test it names exists and counts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.features import KINDS, ROWS, FeatureWatch, Row, listed_ids, read, relies

ROOT = Path(__file__).parents[1]

# Collect in a fresh interpreter, so that collecting does not depend on what this run selected.
COLLECT = """
import json, sys
import pytest

class Ids:
    found = {}
    def pytest_collection_finish(self, session):
        for item in session.items:
            weak = [m.name for m in item.iter_markers() if m.name in ("skip", "skipif", "xfail", "gpu")]
            self.found[item.nodeid] = weak

ids = Ids()
options = ["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
code = pytest.main([*options, *sys.argv[2:]], plugins=[ids])
open(sys.argv[1], "w").write(json.dumps(ids.found))
sys.exit(0 if code in (0, 5) else int(code))
"""


def collected(ids: set[str], folder: Path) -> dict[str, list[str]]:
    """Every test in the files that `ids` names, with the marks that would make it count for less."""
    files = sorted({test.partition("::")[0] for test in ids if (ROOT / test.partition("::")[0]).is_file()})
    if not files:
        return {}
    out = folder / "ids.json"
    run = subprocess.run(
        [sys.executable, "-c", COLLECT, str(out), *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    found: dict[str, list[str]] = json.loads(out.read_text())
    return found


def problems(ids: set[str], found: dict[str, list[str]]) -> list[str]:
    """One sentence for each id that names no test, or names one that may be skipped or may fail.

    An id without brackets stands for all cases of a parametrised test but those of libraries that may be missing.
    """
    said = []
    for test in sorted(ids):
        cases = {case: marks for case, marks in found.items() if relies(test, case)}
        if not cases:
            said.append(f"{test} names no test")
        said += [f"{case} is marked {', '.join(marks)}" for case, marks in cases.items() if marks]
    return said


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read()


def test_every_row_is_there_once_and_in_order(rows):
    assert [row.number for row in rows] == list(ROWS)


def test_every_row_says_what_it_is(rows):
    assert {row.kind for row in rows} <= KINDS.keys()
    assert [row.number for row in rows if not (row.item and row.feature)] == []


def test_non_technical_rows_say_so_with_a_reason(rows):
    assert [row.number for row in rows if (row.kind == "N") != (row.status == "none")] == []
    assert [row.number for row in rows if (row.kind == "N") != bool(row.reason)] == []


def test_technical_rows_are_shown_or_planned(rows):
    technical = [row for row in rows if row.kind != "N"]

    assert [row.number for row in technical if not row.check] == []
    assert [row.number for row in technical if bool(row.tests) == bool(row.planned)] == []


@pytest.mark.slow
def test_the_tests_named_exist_and_count(tmp_path):
    ids = listed_ids()

    assert problems(ids, collected(ids, tmp_path)) == []


def test_a_wrong_id_is_caught(tmp_path):
    here = "tests/test_features.py"
    good = f"{here}::test_every_row_is_there_once_and_in_order"
    found = collected({good, f"{here}::test_no_such"}, tmp_path)

    assert problems({good}, found) == []
    assert problems({f"{here}::test_no_such"}, found) == [f"{here}::test_no_such names no test"]
    assert problems({"tests/no_such_file.py::test_x"}, found) == ["tests/no_such_file.py::test_x names no test"]


def test_a_test_that_may_be_skipped_is_caught():
    found = {"a.py::one": ["skipif"], "a.py::many[1]": [], "a.py::many[2]": ["xfail"]}

    assert problems({"a.py::one"}, found) == ["a.py::one is marked skipif"]
    assert problems({"a.py::many"}, found) == ["a.py::many[2] is marked xfail"]
    assert problems({"a.py::many[1]"}, found) == []

    found = {"a.py::t[numpy]": [], "a.py::t[cupy]": ["gpu"]}
    assert problems({"a.py::t"}, found) == []
    assert problems({"a.py::t[cupy]"}, found) == ["a.py::t[cupy] is marked gpu"]


@pytest.mark.parametrize(
    ("nodeid", "skipped", "fails"),
    [
        ("a.py::t[1]", True, True),
        ("a.py::t[1]", False, False),
        ("b.py::t", True, False),
        ("a.py::t[array-api-strict]", True, True),
        ("a.py::t[cupy-1]", True, False),
        ("a.py::on[cupy]", True, True),
    ],
)
def test_a_run_that_skips_a_listed_test_fails(nodeid, skipped, fails):
    watch = FeatureWatch({"a.py::t", "a.py::on[cupy]"})
    session: Any = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    report: Any = SimpleNamespace(nodeid=nodeid, skipped=skipped, longrepr="no device")
    watch.pytest_runtest_logreport(report)
    watch.pytest_sessionfinish(session)

    assert (session.exitstatus == pytest.ExitCode.TESTS_FAILED) is fails
