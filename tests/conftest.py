"""Settings for every test: Hypothesis profiles, the array libraries, and that a feature's tests may not be skipped."""

from __future__ import annotations

import gc
import os

# each worker keeps to a core of its own: libraries that start a thread for every core get in each other's way
if "PYTEST_XDIST_WORKER" in os.environ:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")

import pytest
from hypothesis import HealthCheck, settings

from tests.backends.agreement import also_on
from tests.backends.libraries import LIBRARIES, library_named
from tests.features import FeatureWatch, listed_ids

# programs of tests run once: XLA compiles them without the passes of LLVM that make long loops fast
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")
settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # under xdist only the controller sees every report
        config.pluginmanager.register(FeatureWatch(listed_ids()), "feature-watch")


def pytest_collection_finish() -> None:
    """What is there before the first test lives to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()


#: Where Hypothesis keeps the settings of a test.
KEPT_SETTINGS = "_hypothesis_internal_use_settings"
NAMES = [pytest.param(name, marks=pytest.mark.gpu) if name == "cupy" else name for name in LIBRARIES]


@pytest.fixture(params=NAMES)
def library(request):
    """Each array library in turn."""
    with library_named(request.param) as found:
        yield found


@pytest.fixture(params=NAMES[1:])
def everywhere(request):
    """What the test computes with NumPy is computed by each other array library in turn, and agrees to 1e-10.

    Only the first calls are made elsewhere, so that all examples of Hypothesis are drawn once, and then a few.
    """
    with pytest.MonkeyPatch.context() as patch, library_named(request.param) as found, also_on(found):
        own = getattr(request.function, KEPT_SETTINGS, None)
        if own is not None and found.name != NAMES[1]:
            patch.setattr(request.function, KEPT_SETTINGS, settings(own, max_examples=min(own.max_examples, 10)))
        yield
