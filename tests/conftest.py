"""Settings for every test: Hypothesis profiles, and the rule that a feature's tests may not be skipped."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.features import listed_ids

settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


class FeatureWatch:
    """Fail the run if a test that `features.toml` relies on was skipped or expected to fail.

    A failing test fails the run anyway; a skipped one would go unnoticed, and its row would claim too much.
    """

    def __init__(self, ids: set[str]) -> None:
        self.ids = ids
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and (report.nodeid in self.ids or report.nodeid.partition("[")[0] in self.ids):
            self.skipped[report.nodeid] = str(report.longrepr)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for nodeid, reason in self.skipped.items():
            terminalreporter.write_line(f"tests/features.toml relies on a skipped test: {nodeid} ({reason})", red=True)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # under xdist only the controller sees every report
        config.pluginmanager.register(FeatureWatch(listed_ids()), "feature-watch")
