"""What is compiled anew for each shape, as JAX's programs are, meets few shapes in forests and among states."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catcore import FinSet, Id, R, case, fold, generator, ident
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import hylo
from catcore.objects import mu
from catcore_backends import compile_arrow, gradient
from catcore_backends.recursion.few_shapes import filled_up, rounded, stretches
from catcore_backends.recursion.forests import forest_of_lists
from tests.backends.test_gradients_of_folds import ENERGY, OVER_LISTS, WEIGHTS
from tests.backends.test_gradients_of_folds import LISTS as PAIRS
from tests.learning.running import flat

LISTS = mu(1 + R() * Id)
STEP = case(constant(0), generator("g", R() * R(), R()))
STATES = FinSet(512)
TOTAL = hylo(
    R() + Id * Id, case(ident(R()), smooth("add", R() * R())), generator("split", STATES, R() + STATES * STATES)
)


@pytest.mark.parametrize("n", range(70))
def test_stretches_are_powers_of_two_and_all_rows_once(n):
    found = stretches(n)

    assert [i for start, stop in found for i in range(start, stop)] == [*range(n)]
    assert all((stop - start).bit_count() == 1 for start, stop in found)
    assert len(found) == n.bit_count()
    assert rounded(n) >= n > rounded(n) // 2 or n <= 1


def test_copies_of_the_last_row_fill_up():
    assert filled_up((np.asarray([3, 4, 5]), ()))[0].tolist() == [3, 4, 5, 5]
    assert filled_up(np.zeros((0, 2))).shape == (0, 2)


def _lists(counts: Any) -> Any:
    own = np.random.default_rng(sum(counts))
    return forest_of_lists(LISTS, own.normal(size=(len(counts), 9)), counts)


def test_a_fold_on_jax_meets_powers_of_two_and_then_nothing_new():
    pytest.importorskip("jax", reason="the extra jax is not installed")
    met = []

    def g(x: Any) -> Any:
        met.append(x[0].shape[0])
        return x[0] + 2 * x[1]

    run = compile_arrow(fold(LISTS, STEP), "jax", generators={"g": g})
    here = compile_arrow(fold(LISTS, STEP), generators={"g": lambda x: x[0] + 2 * x[1]})
    for counts in ([3, 5, 9, 1, 1, 8, 4], [9] * 7, [2, 5, 9, 9, 9, 9, 4], [9, 8, 7, 6, 5, 4, 3]):
        assert np.allclose(np.asarray(run(_lists(counts))), here(_lists(counts)), rtol=1e-4)

    assert sorted(met) == [1, 1, 2, 2, 4, 4]  # for the tables of up to 32 and of up to 64 nodes


def test_a_gradient_on_jax_is_compiled_for_few_shapes_and_agrees(caplog):
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    run, here = gradient(OVER_LISTS >> ENERGY, "jax"), gradient(OVER_LISTS >> ENERGY)
    own, compiled = np.random.default_rng(0), []
    with jax.enable_x64(True), jax.log_compiles():
        for counts in ([3, 5, 9, 1, 7, 8, 4], [9] * 7, [2, 5, 9, 9, 9, 9, 4], [9, 8, 7, 6, 5, 4, 3]):
            trees = forest_of_lists(PAIRS, own.normal(size=(7, 9, 2)), counts)
            found, wanted = run((WEIGHTS, trees)), here((WEIGHTS, trees))
            assert all(np.allclose(a, b, rtol=1e-10) for a, b in zip(flat(found[1]), flat(wanted[1]), strict=True))
            compiled.append(sum("Compiling" in r.getMessage() for r in caplog.records))
            caplog.clear()

    assert compiled[0] > 0
    assert compiled[1:] == [0, 0, 0]


def test_a_recursion_on_jax_asks_about_powers_of_two_of_states():
    pytest.importorskip("jax", reason="the extra jax is not installed")
    met = []

    def split(n: Any) -> Any:
        met.append(n.shape[0])
        return n >= 2, n.astype("float32"), (n // 2, n // 3)

    def run(backend: str, starts: Any) -> Any:
        return compile_arrow(TOTAL, backend, generators={"split": split})(np.asarray(starts))

    for starts in ([300, 200, 100], [311, 211, 77]):
        found = run("jax", starts)
        assert {n.bit_count() for n in met} == {1}
        assert np.allclose(np.asarray(found), run("numpy", starts))
        met.clear()
