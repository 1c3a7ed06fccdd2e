"""Settings for every test: Hypothesis profiles, and the rule that a feature's tests may not be skipped."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.features import FeatureWatch, listed_ids

settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # under xdist only the controller sees every report
        config.pluginmanager.register(FeatureWatch(listed_ids()), "feature-watch")
