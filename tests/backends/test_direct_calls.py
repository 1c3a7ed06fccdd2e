"""From its second call on, a compiled arrow for NumPy is called by its program itself: that changes nothing else."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from catcore.arrows import finite_map, pair, terminal
from catcore.categories.smooth import smooth
from catcore.errors import ShapeMismatch
from catcore.objects import FinSet, One, R
from catcore.para import ParaMap
from catcore_backends import compile_arrow
from catcore_backends.compiler.compiling import Compiled

MATMUL = smooth("matmul", R(2, 3) * R(3))
BATCH = np.ones((4, 2, 3)), np.ones((4, 3))


def test_a_point_beside_several_arrays_is_repeated_at_every_call() -> None:
    plane = R() * R()
    run = compile_arrow(pair(smooth("add", plane), terminal(plane) >> finite_map(One, FinSet(5), [3])))

    for _ in range(3):
        total, point = run((np.asarray([1.0, 2.0]), np.asarray([3.0, 4.0])))
        assert total.tolist() == [4.0, 6.0]
        assert point.tolist() == [3, 3]


def test_no_name_of_a_call_hides_one_of_the_program() -> None:
    run = compile_arrow(MATMUL)
    run(BATCH)
    call: Any = type(run).__call__

    assert "extent" in call.__code__.co_varnames
    assert not set(call.__code__.co_varnames) & set(call.__globals__)


def test_a_class_of_users_keeps_its_call() -> None:
    class Counting(Compiled):
        count = 0

        def __call__(self, x: Any = (), *, batch: int = 1) -> Any:
            self.count += 1
            return super().__call__(x, batch=batch)

    run = Counting(MATMUL)
    for _ in range(3):
        run(BATCH)
    assert run.count == 3


@pytest.mark.parametrize("wrong", [(BATCH[0][0], BATCH[1][0]), (BATCH[0], BATCH[1][0]), (BATCH[0], BATCH[1][:3])])
def test_what_does_not_fit_is_refused_alike_at_every_call(wrong: Any) -> None:
    run = compile_arrow(MATMUL)
    found = []
    for _ in range(2):
        with pytest.raises(ShapeMismatch) as refusal:
            run(wrong)
        found.append((str(refusal.value), refusal.value.__context__))
        run(BATCH)
    assert found[0] == found[1]
    assert found[0][1] is None


def test_an_arrow_that_was_called_shows_and_pickles_as_before() -> None:
    run = compile_arrow(MATMUL)
    shown, source, name = repr(run), run.source, type(run).__call__.__qualname__
    value = run(BATCH)

    assert (repr(run), run.source, type(run).__call__.__qualname__) == (shown, source, name)
    assert np.array_equal(pickle.loads(pickle.dumps(run))(BATCH), value)


@pytest.mark.parametrize("batch", [-1, 2.5, "two", None])
def test_a_wrong_number_of_rows_is_refused_at_every_call(batch: Any) -> None:
    run = compile_arrow(MATMUL)
    for _ in range(2):
        with pytest.raises(ShapeMismatch, match="asked for batch="):
            run(BATCH, batch=batch)
        run(BATCH)


@pytest.mark.parametrize("order", ["=", "<", ">"])
def test_parameters_in_either_byte_order_may_be_changed_between_calls(order: str) -> None:
    run = compile_arrow(ParaMap(R(2, 3), MATMUL))
    weights = np.ones((2, 3), f"{order}f8")
    for k in range(1, 5):
        weights[...] = k
        assert run(weights, BATCH[1]).tolist() == [[3.0 * k] * 2] * 4
