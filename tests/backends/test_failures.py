"""Failures of an array library: one sentence with the remedy, and memory that is free again."""

from __future__ import annotations

import weakref

import numpy as np
import pytest

from catcore.arrows import generator
from catcore.categories.smooth import smooth
from catcore.errors import MixedDevices, OutOfMemory
from catcore.objects import R
from catcore_backends import compile_arrow

V = R(2)


def test_no_room_is_one_sentence_and_releases_what_was_made():
    made = []

    def large(x):
        made.append(weakref.ref(y := x + 1))
        return y

    def full(x):
        raise MemoryError("Unable to allocate 8.00 EiB")

    run = compile_arrow(generator("f", V, V) >> generator("g", V, V), generators={"f": large, "g": full})
    with pytest.raises(OutOfMemory, match=r"shape \(3, 2\), and there was no room.*fewer rows at a time") as caught:
        run(np.ones((3, 2)))

    assert made[0]() is None, "the exception, still held, keeps an intermediate array"
    assert caught.value.__cause__ is None


def test_torch_without_room():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    run = compile_arrow(generator("f", V, V), "torch", generators={"f": lambda x: torch.empty(10**16)})
    with pytest.raises(OutOfMemory, match="there was no room"):
        run(torch.ones((1, 2)))


def test_mixed_devices_are_named():
    strict = pytest.importorskip("array_api_strict")
    here, there = strict.ones((1, 2)), strict.ones((1, 2), device=strict.Device("device1"))
    with pytest.raises(MixedDevices, match=r"live on .*CPU_DEVICE.* and .*device1.*Move them to one device"):
        compile_arrow(smooth("add", V * V), "auto")((here, there))


def test_other_failures_are_not_renamed():
    def broken(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        compile_arrow(generator("f", V, V), generators={"f": broken})(np.ones((1, 2)))
