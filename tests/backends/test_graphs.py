"""CUDA graphs of whole programs: what is recorded, replayed and refused, on a stand-in for the device.

While a stream of the stand-in is captured nothing is computed, and a graph that is launched computes in the same
memory, so a result can only be right if inputs, replay and outputs are where they have to be.
"""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

from catcore.arrows import case, fold, generator, ident, pair, terminal
from catcore.categories.smooth import constant, constant_matrix, smooth
from catcore.errors import MixedDevices, NotInterpreted, OutOfMemory, ShapeMismatch
from catcore.functors import Id
from catcore.objects import R, mu
from catcore.para import ParaMap
from catcore.para.architectures import feed_forward
from catcore.terms import Arrow
from catcore_backends import compile_arrow, get_backend
from catcore_backends.libraries.cuda import products
from catcore_backends.libraries.cuda.products import Recordable
from tests.backends import cupy_stand_in as cupy
from tests.backends.host_kernels import COMPILER

V = R(2)
TERM = smooth("softmax", V) >> smooth("tanh", V) >> pair(ident(V), smooth("sin", V)) >> smooth("add", V * V)
pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C++ compiler is installed, which the stand-in needs")


@pytest.fixture
def machine():
    with cupy.installed(devices=2) as found:
        yield found


def numbers(seed, rows=3):
    return np.random.default_rng(seed).normal(size=(rows, 2))


def test_a_graph_gives_the_numbers_of_each_new_batch(machine):
    captured = compile_arrow(TERM, "cupy").captured(cupy.put(numbers(0)))
    first = captured(cupy.put(numbers(1)))
    second = captured(cupy.put(numbers(2)))

    np.testing.assert_allclose(first.get(), compile_arrow(TERM)(numbers(1)), rtol=1e-12)
    np.testing.assert_allclose(second.get(), compile_arrow(TERM)(numbers(2)), rtol=1e-12)


def test_events_come_in_the_order_that_streams_need(machine):
    run = compile_arrow(TERM, "cupy")
    x = cupy.put(numbers(0))
    machine.log.clear()
    captured = run.captured(x)
    order = [event[0] for event in machine.words("record", "wait", "synchronize", "begin", "end", "read on the host")]
    side = machine.words("begin")[0][1]

    assert order == ["record", "wait", "synchronize", "begin", "end", "record"]
    assert machine.words("wait") == [("wait", side, 0)], "the side stream waits for what the caller's stream has made"
    assert machine.words("malloc while capturing") == [], "the warm-up has filled the pool"
    machine.log.clear()
    with cupy.Stream() as mine:
        captured(x)
        captured(x)
    places = [event[:2] for event in machine.words("wait", "replay", "record")]
    assert places == [("wait", mine.number), ("replay", mine.number), ("record", mine.number)] * 2
    assert machine.words("wait")[0][2] == side, "a call waits for the one before, whatever stream that was on"
    launches = [event[1] if event[0] == "launch" else event[0] for event in machine.words("launch", "replay")]
    assert launches == ["setitem", "replay", "copy"] * 2, "the batch in, the graph, the results out, and no kernel"


def test_another_shape_is_captured_anew(machine):
    captured = compile_arrow(TERM, "cupy").captured(cupy.put(numbers(0)))
    x = numbers(1, rows=7)

    np.testing.assert_allclose(captured(cupy.put(x)).get(), compile_arrow(TERM)(x), rtol=1e-12)
    np.testing.assert_allclose(captured(cupy.put(x.astype("float32"))).get(), compile_arrow(TERM)(x), rtol=1e-5)
    assert len(machine.words("begin")) == 3
    captured(cupy.put(x.astype("float32")))
    assert len(machine.words("begin")) == 3


def test_results_are_copied_unless_that_is_not_wanted(machine):
    captured = compile_arrow(TERM, "cupy").captured(cupy.put(numbers(0)))
    first, second = captured(cupy.put(numbers(1)), copy=False), captured(cupy.put(numbers(2)), copy=False)

    assert first is second
    np.testing.assert_allclose(first.get(), compile_arrow(TERM)(numbers(2)), rtol=1e-12)


def test_the_graph_s_own_inputs_are_not_copied(machine):
    captured = compile_arrow(TERM, "cupy").captured(cupy.put(numbers(0)))
    (place,) = captured.inputs
    place[...] = cupy.put(numbers(3))

    np.testing.assert_allclose(captured(place).get(), compile_arrow(TERM)(numbers(3)), rtol=1e-12)


def test_parameters_sums_and_several_results(machine):
    scaled, shifted = (ParaMap(V, smooth(word, V * V)) for word in ("multiply", "add"))
    model = scaled >> shifted >> smooth("softmax", V)
    run, host = compile_arrow(model, "cupy"), compile_arrow(model)
    params = tuple(np.random.default_rng(0).normal(size=(2, 2)))
    captured = run.captured(tuple(map(cupy.put, params)), cupy.put(numbers(0)))
    others = tuple(2 * p for p in params)
    found = captured([cupy.put(p) for p in others], cupy.put(numbers(1)))
    np.testing.assert_allclose(found.get(), host(others, numbers(1)), rtol=1e-12)

    choice = case(smooth("exp", V), smooth("tanh", V))
    given = np.array([0, 1, 1]), numbers(4), numbers(5)
    both = compile_arrow(choice, "cupy").captured(tuple(map(cupy.put, given)))
    turned = np.array([1, 0, 0]), *given[1:]
    np.testing.assert_allclose(both(tuple(map(cupy.put, turned))).get(), compile_arrow(choice)(turned), rtol=1e-12)


def test_a_program_without_input(machine):
    term = constant([1, 2]) >> smooth("tanh", V)
    captured = compile_arrow(term, "cupy").captured()

    assert captured().get().tolist() == [np.tanh([1.0, 2.0]).tolist()]
    assert captured(batch=3).shape == compile_arrow(term)(batch=3).shape


def test_the_memory_of_a_graph_is_its_own(machine):
    """Emptying CuPy's pool must not take away what the graph computes with."""
    captured = compile_arrow(TERM, "cupy").captured(cupy.put(numbers(0)))
    gc.collect()
    get_backend("cupy").release()

    np.testing.assert_allclose(captured(cupy.put(numbers(1))).get(), compile_arrow(TERM)(numbers(1)), rtol=1e-12)


def test_the_pool_of_a_graph_has_the_limit_of_the_device(machine):
    """What fits at first, and not in the pool of the graph, is refused there."""
    calls: list[Any] = []

    def larger_each_time(x):
        calls.append(cupy.xp.zeros(10 ** (2 * len(calls) + 1)))
        return x

    run = compile_arrow(generator("f", V, V) >> TERM, "cupy", generators={"f": larger_each_time})
    x = cupy.put(np.ones((10, 2)))
    with get_backend("cupy").memory_limit("6 KB"), pytest.raises(OutOfMemory, match=r"limit set to: 6000 bytes"):
        run.captured(x)
    calls.clear()
    with get_backend("cupy").memory_limit("1 MB"):
        captured = compile_arrow(TERM, "cupy").captured(x)
        assert captured._pool.get_limit() == 10**6
    assert captured._pool.get_limit() == 10**6, "the graph keeps the limit under which it was captured"


def test_the_limit_holds_for_the_graph_too(machine):
    run = compile_arrow(generator("f", V, V) >> TERM, "cupy", generators={"f": lambda x: cupy.xp.sin(x)})
    x = cupy.put(np.ones((1000, 2)))
    with get_backend("cupy").memory_limit("40 KB"), pytest.raises(OutOfMemory, match="no room"):
        run.captured(x)
    assert machine.capturing is None


def test_on_another_device(machine):
    captured = compile_arrow(TERM, "cupy").captured(cupy.put(numbers(0), 1))
    found = captured(cupy.put(numbers(1), 1))
    here = captured(cupy.put(numbers(1), 0))

    assert (found.device.id, here.device.id) == (1, 0)
    np.testing.assert_allclose(found.get(), here.get())


# ---- refusals ----------------------------------------------------------------------------------------------------


def test_what_looks_at_values_on_the_host_is_refused_and_the_stream_is_usable(machine):
    look = generator("look", V, V)
    run = compile_arrow(look, "cupy", generators={"look": lambda x: x if float(x[0, 0]) > 0 else -x})
    with pytest.raises(
        NotInterpreted, match=r"look at its values on the host: it does while it is recorded .*captured"
    ):
        run.captured(cupy.put(numbers(0)))

    assert machine.capturing is None
    assert [event[0] for event in machine.words("begin", "end")] == ["begin", "end"]
    compile_arrow(TERM, "cupy").captured(cupy.put(numbers(0)))


def given_for(term):
    shapes = [(2,), (2, 3), (3,), (3, 2)]
    return [] if isinstance(term, Arrow) else [tuple(cupy.put(np.full(shape, 0.25)) for shape in shapes)]


@pytest.mark.parametrize("term", [constant_matrix([[1, 2], [3, 4]]), feed_forward(2, 3, 2)])
def test_products_of_matrices_are_recorded_by_a_kernel_of_our_own(machine, term):
    """The stand-in refuses cuBLAS while a stream is captured, as CuPy does."""
    run, given = compile_arrow(term, "cupy"), given_for(term)
    captured = run.captured(*given, cupy.put(numbers(0)))
    machine.log.clear()
    found = captured(*given, cupy.put(numbers(1)))

    assert "catcore_product" not in [event[1] for event in machine.words("launch")]
    np.testing.assert_allclose(found.get(), run(*given, cupy.put(numbers(1))).get(), rtol=1e-13)
    run(*given, cupy.put(numbers(1)))
    assert "catcore_product" not in [event[1] for event in machine.words("launch")], "cuBLAS outside of graphs"


def test_functions_that_call_cublas_are_refused_and_the_stream_is_usable(machine):
    run = compile_arrow(generator("m", V, V), "cupy", generators={"m": lambda x: x @ cupy.put(np.eye(2))})
    with pytest.raises(NotInterpreted, match=r"a function .* calls cuBLAS, of which CuPy records nothing.*Call it"):
        run.captured(cupy.put(numbers(0)))

    assert machine.capturing is None
    assert run(cupy.put(numbers(0))).shape == (3, 2)


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex128"])
@pytest.mark.parametrize(
    ("left", "right"),
    [((3, 4), (4, 5)), ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)), ((7, 1, 3, 4), (2, 4, 1)), ((4,), (4, 5)),
     ((2, 3, 4), (4,)), ((4,), (4,)), ((3, 0), (0, 5)), ((0, 4), (4, 5))],
)  # fmt: skip
def test_the_kernel_multiplies_as_numpy_does(machine, left, right, dtype):
    if dtype == "complex128" and 0 in left:
        pytest.skip("one case of each shape is enough")
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=shape).astype(dtype) for shape in (left, right))
    xp = Recordable(get_backend("cupy").namespace())
    found = xp.matmul(cupy.put(a), cupy.put(b))

    np.testing.assert_allclose(found.get(), a @ b, rtol=1e-5 if dtype == "float32" else 1e-13, atol=1e-6)
    assert found.dtype == a.dtype


def test_the_kernel_reads_transposed_matrices_and_sums_over_several_axes(machine):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(3, 4, 5)), rng.normal(size=(5, 3, 2))
    xp = Recordable(get_backend("cupy").namespace())
    turned = xp.matmul(xp.permute_dims(cupy.put(a), (0, 2, 1)), cupy.put(a))

    np.testing.assert_allclose(turned.get(), a.swapaxes(1, 2) @ a, rtol=1e-13)
    joined = xp.tensordot(cupy.put(a), cupy.put(b), axes=((2, 0), (0, 1)))
    np.testing.assert_allclose(joined.get(), np.tensordot(a, b, axes=((2, 0), (0, 1))), rtol=1e-13)
    np.testing.assert_allclose(xp.vecdot(cupy.put(a), cupy.put(a), axis=1).get(), np.sum(a * a, axis=1), rtol=1e-13)


def test_large_products_are_left_to_cublas(machine, monkeypatch):
    monkeypatch.setattr(products, "LARGEST", 11)
    with pytest.raises(NotInterpreted, match=r"a product of 12 multiplications .* at most 11 are recorded.*Call the"):
        compile_arrow(constant_matrix([[1, 2], [3, 4]]), "cupy").captured(cupy.put(numbers(0)))


def test_folds_are_refused_before_anything_is_launched(machine):
    numerals = mu(1 + Id)
    run = compile_arrow(fold(numerals, case(constant([0, 0]), smooth("tanh", V))), "cupy")
    machine.log.clear()
    with pytest.raises(NotInterpreted, match="it folds data"):
        run.captured(cupy.put(numbers(0)))
    assert machine.log == []


def test_a_refused_batch_leaves_the_capture_of_before(machine):
    captured = compile_arrow(TERM, "cupy").captured(cupy.put(numbers(0)))
    with pytest.raises(ShapeMismatch, match=r"shape \(batch, 2\) at x"):
        captured(cupy.put(np.ones((3, 5))))
    with pytest.raises(MixedDevices, match="live on cpu"):
        captured(numbers(0))
    with pytest.raises(ShapeMismatch):
        captured()

    np.testing.assert_allclose(captured(cupy.put(numbers(1))).get(), compile_arrow(TERM)(numbers(1)), rtol=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "auto"])
def test_other_libraries_have_no_graphs(backend):
    with pytest.raises(NotInterpreted, match=rf"compiled for '{backend}' was asked for, and only 'cupy' has graphs"):
        compile_arrow(terminal(V), backend).captured(numbers(0))
