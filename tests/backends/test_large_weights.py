"""Weights that are larger than a worker: Dask runs the program operation by operation, and nobody holds them whole."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from catcore import FinSet, Id, One, R, arrow, finite_map, smooth
from catcore.categories.smooth import constant
from catcore.datatypes.parametric import parametric_fold
from catcore.equivariance import cyclic, symmetric
from catcore.errors import ShapeMismatch
from catcore.objects import mu
from catcore.para.architectures import convolution, feed_forward, linear
from catcore_backends import compile_arrow, gradient
from catcore_backends.recursion.forests import forest_of_lists
from tests.benchmarks._memory import can_measure

dask = pytest.importorskip("dask", reason="the extra dask is not installed")
da = pytest.importorskip("dask.array", reason="the extra dask is not installed")

MAPS = {
    "linear": linear(6, 8),
    "feed-forward": feed_forward(6, 8, 4),
    "convolution": convolution(cyclic(16).defining),
    "deep sets": convolution(symmetric(5).defining),
}


def numbers(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape)


def cut(array):
    """The array in blocks of at most half of each axis."""
    return da.from_array(array, chunks=tuple(max(1, n // 2) for n in array.shape))


def most_blocks_in_a_task(y, weights):
    """How many blocks of the weights the task of a graph reads that reads the most."""
    tasks = y.__dask_graph__().get_all_dependencies()
    return max(sum(key[0] == weights.name for key in needed if isinstance(key, tuple)) for needed in tasks.values())


@pytest.mark.parametrize("backend", ["dask", "auto"])
@pytest.mark.parametrize("name", MAPS)
def test_weights_in_blocks_give_the_same_numbers(name, backend):
    map_ = MAPS[name]
    params, x = tuple(numbers(*p.shape) for p in map_.params), numbers(10, *map_.dom.shape)
    given = params if len(params) > 1 else params[0]
    blocks = tuple(map(cut, params))
    found = compile_arrow(map_, backend)(blocks if len(blocks) > 1 else blocks[0], cut(x))

    assert isinstance(found, da.Array)
    assert np.allclose(found.compute(), compile_arrow(map_)(given, x), rtol=1e-10, atol=1e-10)


def test_no_task_reads_all_weights():
    weights, x = cut(numbers(64, 48)), numbers(4, 48)
    found = compile_arrow(linear(48, 64), "dask")(weights, cut(x))

    assert np.allclose(found.compute(), x @ weights.compute().T)
    assert (weights.npartitions, most_blocks_in_a_task(found, weights)) == (4, 1)


def test_rows_without_a_count_and_blocks_without_rows():
    weights, x = cut(numbers(8, 6)), numbers(9, 6)
    kept, run = x[:, 0] > 9, compile_arrow(MAPS["linear"], "dask")
    kept[-1] = True
    some = cut(x)[da.from_array(kept, chunks=4)]
    with pytest.raises(ShapeMismatch, match=r"compute_chunk_sizes\(\).*rechunk\(-1\)"):
        run(weights, some)

    some.compute_chunk_sizes()
    assert 0 in some.chunks[0]
    assert np.allclose(run(weights, some).compute(), x[kept] @ weights.compute().T)


MEASURED = """
import dask.array as da
from catcore.para.architectures import linear
from catcore_backends import compile_arrow
from tests.benchmarks._memory import can_measure
from tests.benchmarks._memory import _read
n, cut = 4096, (512, 512)
weights, x = da.random.default_rng(0).random((n, n), chunks=cut), da.ones((20, n), chunks=(10, 512))
before = _read("VmRSS")
compile_arrow(linear(n, n), "dask")(weights, x).sum().compute(scheduler="synchronous")
print((_read("VmHWM") - before) / 1024)
"""


@pytest.mark.skipif(not can_measure(), reason="this system does not say what the peak of a process was")
def test_weights_of_128_megabytes_take_a_few():
    done = subprocess.run([sys.executable, "-c", MEASURED], capture_output=True, text=True, check=True, timeout=120)

    assert float(done.stdout) < 64


def test_whole_weights_go_to_every_block_in_one_call():
    map_, x = MAPS["feed-forward"], da.from_array(numbers(9, 6), chunks=(3, 6))
    params, run = tuple(numbers(*p.shape) for p in map_.params), compile_arrow(map_, "dask")
    whole, pieces = run(params, x), run(tuple(map(cut, params)), x)

    assert len(whole.__dask_graph__()) < len(pieces.__dask_graph__()) / 2


LISTS = mu(1 + R(6) * Id)


@arrow((R(8, 6) * R(8, 8)) * (One + R(6) * R(8)), R(8))
def cell(x):
    """``nil ↦ 1``, ``cons(a, s) ↦ tanh(U a + W s)``."""
    (u, w), layer = x
    product = smooth("matmul", R(8, 6) * R(6)), smooth("matmul", R(8, 8) * R(8))
    return layer.case(
        inl=lambda _: constant([1.0] * 8)(()),
        inr=lambda c: smooth("tanh", R(8))(smooth("add", R(8) * R(8))(product[0](u, c[0]), product[1](w, c[1]))),
    )


def test_gradients_of_folds_are_computed_in_blocks_and_not_before_they_are_asked_for():
    term = parametric_fold(LISTS, cell) >> smooth("square", R(8)) >> smooth("sum", R(8))
    lists = forest_of_lists(LISTS, numbers(5, 3, 6), lengths=[3, 1, 0, 2, 3])
    weights = numbers(8, 6), numbers(8, 8)
    u, w = map(cut, weights)
    with dask.config.set(scheduler=lambda *_, **__: pytest.fail("Dask was made to compute")):
        value, slopes, heard = gradient(term, "dask", inputs=True)(((u, w), lists))
    expected = gradient(term, inputs=True)((weights, lists))

    assert np.allclose(value.compute(), expected[0], rtol=1e-10)
    assert all(isinstance(a, da.Array) for a in slopes)
    assert all(np.allclose(a.compute(), b, rtol=1e-10, atol=1e-10) for a, b in zip(slopes, expected[1], strict=True))
    assert np.allclose(labels_of(heard), labels_of(expected[2]), rtol=1e-10, atol=1e-10)
    assert [most_blocks_in_a_task(slopes[1], a) for a in (u, w)] == [1, 1]


def labels_of(trees):
    return np.concatenate([np.asarray(x) for g in trees.groups for x in g.labels])


def test_a_batch_of_the_first_element_alone_is_one_row():
    """Dask takes an array of one zero for its own that says where blocks start, and would look up every row."""
    turn = finite_map(FinSet(3), FinSet(3), [2, 0, 1])

    @arrow(R(8, 6) * (R(6) * FinSet(3)), R(8) * FinSet(3))
    def both(x):
        return smooth("matmul", R(8, 6) * R(6))(x[0], x[1][0]), turn(x[1][1])

    weights, x = numbers(8, 6), numbers(1, 6)
    run = compile_arrow(both, "dask", shared=True, check_bounds=False)
    for first in (np.asarray([0]), da.from_array(np.asarray([0]), chunks=1)):
        _, turned = run((cut(weights), (da.from_array(x), first)))

        assert (turned.shape, turned.compute().tolist()) == ((1,), [2])
