"""Machines run step by step on every library (T4.5)."""

from __future__ import annotations

import numpy as np
import pytest

from catcore.arrows import snd
from catcore.objects import R
from catcore.para import architectures as arch
from catcore_backends.recursion.machines import compile_machine

RECURRENT = arch.recurrent_machine(3, 4, 2)


@pytest.mark.parametrize("kind", ["mealy", "moore"])
def test_a_recurrent_network_says_the_same_on_every_library(kind, library):
    cell = arch.mealy(RECURRENT) if kind == "mealy" else arch.moore(arch.linear(4, 2), RECURRENT >> snd(R(2), R(4)))
    rng = np.random.default_rng(0)
    given = tuple(rng.normal(size=p.shape) for p in cell.params), rng.normal(size=(5, 4)), rng.normal(size=(5, 6, 3))
    wanted = compile_machine(cell)(*given)
    found = library.numpy(compile_machine(cell, library.backend)(*map(library.batch, given)))

    assert wanted[0].shape == (5, 6 + (kind == "moore"), 2)
    for mine, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-10)
