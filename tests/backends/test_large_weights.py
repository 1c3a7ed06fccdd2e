"""Weights that are larger than a worker: Dask runs the program operation by operation, and nobody holds them whole."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from catcore.equivariance import cyclic, symmetric
from catcore.errors import ShapeMismatch
from catcore.para.architectures import convolution, feed_forward, linear
from catcore_backends import compile_arrow
from tests.benchmarks._memory import can_measure

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
