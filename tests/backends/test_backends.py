"""Each backend by its name: the numbers of NumPy, its own arrays, and memory shared between libraries."""

from __future__ import annotations

import numpy as np
import pytest

from catcore.arrows import case, ident
from catcore.categories.smooth import constant_matrix, smooth
from catcore.errors import NotInterpreted, ShapeMismatch, WrongDtype
from catcore.objects import R
from catcore_backends import compile_arrow, get_backend

V = R(2)
TERM = case(smooth("log", V) >> constant_matrix([[1, "1/3"], [2, 0]]), smooth("tanh", V)) >> smooth("square", V)


def rows(count):
    """A batch of `V + V` whose dead payloads are outside of the domain of the logarithm."""
    rng = np.random.default_rng(0)
    tags = np.arange(count) % 2
    return tags, np.where(tags[:, None] == 0, rng.uniform(0.5, 2, (count, 2)), -1.0), rng.normal(size=(count, 2))


@pytest.mark.parametrize("count", [0, 1, 7])
def test_each_backend_agrees_with_numpy_to_ten_digits(count, library):
    found = compile_arrow(TERM, library.backend)(library.batch(rows(count)))

    assert type(found) is type(library.array([1.0]))
    np.testing.assert_allclose(library.numpy(found), compile_arrow(TERM)(rows(count)), rtol=1e-10, atol=1e-10)


def test_shared_parameters_are_the_same_for_all_rows(library):
    w, x = np.asarray([[1.0, 2], [3, 4], [5, 6]]), np.random.default_rng(1).normal(size=(5, 2))
    found = compile_arrow(smooth("matmul", R(3, 2) * V), library.backend, shared=True)(library.batch((w, x)))

    np.testing.assert_allclose(library.numpy(found), x @ w.T, rtol=1e-10)


def test_a_wrong_batch_is_refused_by_every_library(library):
    with pytest.raises(ShapeMismatch, match=r"shape \(batch, 2\) at x, and an array of shape \((4|0), 3\)"):
        compile_arrow(smooth("tanh", V), library.backend)(library.array(np.ones((4, 3))))


def test_memory_is_shared_through_dlpack():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    x = np.zeros(3)
    y = get_backend("torch").asarray(x)
    y[0] = 7.0
    back = get_backend("numpy").asarray(y)
    back[1] = 8.0

    assert (x.tolist(), y.tolist()) == ([7.0, 8.0, 0.0], [7.0, 8.0, 0.0])
    assert isinstance(y, torch.Tensor)
    assert isinstance(back, np.ndarray)


def test_a_copy_can_be_asked_for():
    x = np.zeros(3)
    get_backend("numpy").asarray(x, copy=True)[0] = 1.0

    assert x.tolist() == [0.0, 0.0, 0.0]


def test_a_dtype_that_does_not_exist_is_one_sentence():
    with pytest.raises(WrongDtype, match=r"'float33' was asked for, and numpy has float32.*one of these names"):
        get_backend("numpy").asarray([1], "float33")


def test_a_generator_that_looks_at_numbers_cannot_be_jitted():
    pytest.importorskip("jax", reason="the extra jax is not installed")
    from catcore.arrows import generator

    run = compile_arrow(generator("f", V, V), "jax", generators={"f": lambda x: x if bool(x[0, 0] > 0) else -x})
    with pytest.raises(NotInterpreted, match=r"looks at the numbers.*backend='auto'"):
        run(np.ones((1, 2)))


def test_dask_stays_lazy_and_keeps_the_blocks():
    da = pytest.importorskip("dask.array", reason="the extra dask is not installed")
    x = da.ones((6, 2), chunks=(4, 1))
    seen = compile_arrow(ident(V) >> smooth("square", V), "dask")(x)

    assert seen.chunks == ((4, 2), (2,))
    assert seen.compute().tolist() == [[1.0, 1.0]] * 6
