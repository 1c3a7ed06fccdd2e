"""What runs a test's programs elsewhere runs them there, and notices an answer that is off by a little."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import R, smooth
from catcore_backends import compile_arrow
from tests.backends.agreement import CALLS, also_on, assert_agree
from tests.backends.libraries import Library


@pytest.mark.parametrize("off", [1e-8, 1.0])
def test_answers_that_differ_do_not_agree(library, off):
    wanted = np.asarray([1.0, -2.0])

    assert_agree(library, library.array(wanted), wanted)
    assert_agree(library, (library.array(wanted + 1e-12), ()), (wanted, ()))
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_agree(library, library.array(wanted + off), wanted)


def test_answers_on_the_host_or_in_another_dtype_do_not_agree(library):
    with pytest.raises(AssertionError):
        assert_agree(library, library.array([1.0], "float32"), np.asarray([1.0]))
    with pytest.raises(AssertionError, match="list"):
        assert_agree(library, [1.0], np.asarray([1.0]))


def test_a_program_that_is_called_runs_on_the_library_too(library):
    seen = []

    class Counting(Library):
        def array(self, values, dtype=None):
            seen.append(values)
            return super().array(values, dtype)

    run = compile_arrow(smooth("tanh", R(2)))
    with also_on(Counting(library.name, library.xp)):
        for k in range(CALLS + 3):
            run(np.full((1, 2), float(k)))

    assert len([x for x in seen if x.shape == (1, 2)]) == CALLS
