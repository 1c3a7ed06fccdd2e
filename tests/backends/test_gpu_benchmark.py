"""The comparisons on a GPU run from end to end: on NumPy, and along the way of a device on the stand-in for one."""

from __future__ import annotations

import json

import pytest

from tests.backends import cupy_stand_in
from tests.backends.host_kernels import COMPILER
from tests.benchmarks import gpu


def test_a_rehearsal_compares_numbers_and_measures_nothing(tmp_path, capsys):
    assert gpu.main(["--quick", "--json", str(tmp_path / "found.json")]) == 0
    assert "nothing was measured" in capsys.readouterr().out
    text = (tmp_path / "found.json").read_text("utf-8")
    assert json.loads(text)
    assert '"ratio"' not in text


@pytest.mark.skipif(COMPILER is None, reason="no C++ compiler is installed, which the stand-in needs")
def test_every_comparison_takes_the_way_of_a_device_and_keeps_no_time_of_one_that_is_none(tmp_path, capsys):
    with cupy_stand_in.installed() as machine:
        assert gpu.main(["--quick", "--json", str(tmp_path / "found.json")]) == 0
        kernels = {event[1] for event in machine.words("launch") if event[1].startswith("catcore_run")}

    printed = capsys.readouterr().out
    assert "rehearsed on a stand-in for a device, and nothing was measured" in printed
    assert "wrong: 0" in printed
    assert '"ratio"' not in (tmp_path / "found.json").read_text("utf-8")
    assert kernels
    assert machine.words("replay")


def test_the_times_of_a_device_are_kept():
    row = gpu._times([(1.0, 2.0), (1.0, 4.0), (3.0, 4.0)], 0.5)

    assert gpu.Device("cupy", "some GPU", None).measured
    assert row == {"ours ms": 1.0, "peer ms": 4.0, "ratio": 0.5, "bar": 0.5}
