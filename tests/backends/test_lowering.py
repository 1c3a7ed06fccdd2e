"""Programs of array operations: primitives inlined, constants computed once, arrays written over where it is safe."""

from __future__ import annotations

import pickle
import re
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from catcore.arrows import case, finite_map, fst, generator, ident, inl, pair, snd, terminal
from catcore.categories.smooth import Operation, constant, constant_matrix, register, same_shape, smooth
from catcore.errors import CatError, OutOfMemory, ShapeMismatch
from catcore.objects import FinSet, One, R
from catcore.para import ParaMap
from catcore.para.architectures import feed_forward
from catcore_backends import compile_arrow, gradient
from catcore_backends.compiler import operations
from tests.backends.test_smooth import CASES

V = R(3)
register(Operation("looks_in_tests", same_shape, lambda xp, x: x if float(xp.sum(x)) > 0 else -x))
TANH, ADD, MULTIPLY = smooth("tanh", V), smooth("add", V * V), smooth("multiply", V * V)


def written_over(source):
    """How many statements write over one of their operands."""
    calls = (re.findall(r"\bv\d+\b", line.partition(" = ")[2]) for line in source.splitlines() if "= xp." in line)
    return sum(names.count(names[-1]) > 1 for names in calls if names)


@pytest.mark.parametrize("f", CASES, ids=lambda f: f"{f.name} of {f.dom}")
def test_every_primitive_is_written_as_array_operations(f):
    for source in (compile_arrow(f).source, compile_arrow(f, "auto").source):
        assert re.search(r"\bg\d+\(", source) is None, source


def test_a_rule_that_looks_at_numbers_stays_a_call(library):
    run = compile_arrow(smooth("looks_in_tests", V) >> TANH, "auto")

    assert re.search(r"\bg\d+\(", run.source)
    if library.name != "dask":
        assert np.allclose(library.numpy(run(library.array([[-1.0, -2.0, 0.0]]))), np.tanh([[1.0, 2.0, 0.0]]))


def test_operations_are_shared_across_primitives():
    term = pair(smooth("softmax", V), smooth("logsumexp", V))

    assert compile_arrow(term).source.count("xp.max(") == 1


def test_constants_are_computed_once_for_each_dtype(library):
    term = constant_matrix([[1, "1/2", 0], [0, 1, 2], [1, 1, 1]]) >> pair(ident(V), terminal(V) >> (
        constant([1, 2, 3]) >> smooth("exp", V) >> smooth("square", V))) >> ADD  # fmt: skip
    run = compile_arrow(term, "auto")
    body = run.source.partition("def program")[2]

    assert "exp" not in body
    assert ".T" not in body
    for dtype in ("float32", "float64", "float32"):
        x = np.asarray([[1.0, 2.0, 3.0]])
        expected = x @ np.asarray([[1, 0.5, 0], [0, 1, 2], [1, 1, 1]]).T + np.exp([1, 2, 3]) ** 2
        found = library.numpy(run(library.array(x, dtype)))
        assert str(found.dtype) == dtype
        assert np.allclose(found, expected, rtol=1e-5 if dtype == "float32" else 1e-12)


def test_results_take_the_place_of_what_is_used_up():
    source = compile_arrow(TANH >> smooth("sin", V) >> smooth("exp", V)).source

    assert written_over(source) == 2


def test_inputs_constants_and_what_is_still_read_are_never_written_to():
    twice = pair(TANH, ident(V)) >> MULTIPLY >> pair(ident(V), smooth("sin", V)) >> ADD
    both = twice >> pair(smooth("exp", V), pair(ident(V), terminal(V) >> constant([1, 2, 3])) >> ADD)
    run = compile_arrow(both)
    x = np.random.default_rng(0).normal(size=(4, 3))
    x.flags.writeable = False
    for _ in range(2):  # a constant that was written to would show the second time
        first, second = run(x)
        y = np.tanh(x) * x
        y = y + np.sin(y)
        assert np.allclose(first, np.exp(y))
        assert np.allclose(second, y + np.arange(1, 4))
    assert written_over(run.source) > 0


@pytest.mark.usefixtures("everywhere")
def test_a_view_keeps_its_array_from_being_written_over():
    square = R(3, 3)
    turned = smooth("permute_dims", square, (1, 0))
    term = smooth("tanh", square) >> pair(turned, smooth("exp", square)) >> smooth("add", square * square)
    x = np.random.default_rng(1).normal(size=(2, 3, 3))

    assert np.allclose(compile_arrow(term)(x), np.swapaxes(np.tanh(x), 1, 2) + np.exp(np.tanh(x)))


@pytest.mark.usefixtures("everywhere")
def test_what_is_returned_is_not_written_over():
    first, second = compile_arrow(pair(TANH, TANH >> smooth("exp", V)))(np.ones((2, 3)))

    assert np.allclose(first, np.tanh(1.0))
    assert np.allclose(second, np.exp(np.tanh(1.0)))


@pytest.mark.parametrize("left", ["float32", "float64", "int64"])
@pytest.mark.parametrize("right", ["float32", "float64", "int64"])
def test_arrays_of_several_dtypes_keep_their_precision(left, right):
    term = pair(smooth("times", V, 2) * ident(V) >> ADD, snd(V, V)) >> ADD >> smooth("times", V, 3)
    a, b = np.asarray([[1, 2, 3]], left), np.asarray([[10, 20, 30]], right)
    run = compile_arrow(term)

    assert written_over(run.source) > 0
    assert run((a, b)).tolist() == [[66, 132, 198]]
    assert run((a, b)).dtype == np.result_type(a, b)


@pytest.mark.usefixtures("everywhere")
def test_a_dead_branch_is_masked_and_written_over_safely():
    run = compile_arrow(case(TANH >> smooth("exp", V), smooth("sqrt", V) >> smooth("log", V)))
    tags, left, right = np.asarray([0, 1, 0]), np.full((3, 3), np.nan), np.full((3, 3), -1.0)
    left[tags == 0], right[tags == 1] = 1.0, 4.0
    with np.errstate(all="raise"):
        found = run((tags, left, right))

    assert np.allclose(found, np.where(tags[:, None] == 1, np.log(2.0), np.exp(np.tanh(1.0))))


@pytest.mark.usefixtures("everywhere")
def test_parameters_are_looked_at_once_and_their_values_every_time():
    net = feed_forward(3, 4, 2)
    run = compile_arrow(net)
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(size=p.shape) for p in net.params)
    x = rng.normal(size=(5, 3))
    before = run(weights, x)
    weights[0][...] += 1.0

    assert np.allclose(run(weights, x), before + 1.0)
    assert np.allclose(run((weights[0] * 0, *weights[1:]), x), before + 1.0 - weights[0])


@pytest.mark.usefixtures("everywhere")
def test_injections_of_written_arrays():
    tag, left, _ = compile_arrow(TANH >> smooth("exp", V) >> inl(V, V))(np.ones((2, 3)))

    assert (tag.tolist(), np.allclose(left, np.exp(np.tanh(1.0)))) == ([False, False], True)


def test_a_program_first_linked_inside_a_trace_can_be_used_outside():
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    run = compile_arrow(constant_matrix([[1, 2, 3]]) >> smooth("relu", R(1)), "auto")
    x = jax.numpy.ones((2, 3))

    assert jax.jit(run)(x).tolist() == run(x).tolist() == [[6.0], [6.0]]
    assert jax.jit(lambda y: run(2 * y))(x).tolist() == [[12.0], [12.0]]
    assert jax.grad(lambda y: run(y).sum())(x).tolist() == [[1.0, 2.0, 3.0]] * 2


def test_constants_that_inference_made_serve_training():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    run = compile_arrow(constant_matrix([[1, 2, 3]]), "torch")
    with torch.inference_mode():
        run(torch.ones((2, 3)))
    x = torch.ones((2, 3), requires_grad=True)
    run(x).sum().backward()

    assert x.grad.tolist() == [[1.0, 2.0, 3.0]] * 2


class Broken(Exception):
    """What no rule raises for want of numbers."""


def _broken(xp, x):
    raise Broken


def test_a_fault_in_a_rule_is_not_taken_for_a_rule_that_looks_at_numbers():
    register(Operation("broken_in_tests", same_shape, _broken))
    with pytest.raises(Broken):
        compile_arrow(smooth("broken_in_tests", R(2)))


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("name", ["sigmoid", "softplus", "relu"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_short_forms_are_right_at_the_ends_of_the_numbers(name, dtype):
    top = float(np.finfo(dtype).max)
    x = np.asarray([-top, -800.0, -90.0, -30.0, -1e-3, 0.0, 1e-3, 15.0, 21.0, 46.0, 90.0, 800.0, top], dtype)
    wide = x.astype(np.longdouble)
    with np.errstate(all="ignore"):
        expected = {
            "relu": lambda: np.maximum(wide, 0),
            "sigmoid": lambda: np.where(wide < 0, np.exp(wide) / (1 + np.exp(wide)), 1 / (1 + np.exp(-wide))),
            "softplus": lambda: np.maximum(wide, 0) + np.log1p(np.exp(-np.abs(wide))),
        }[name]()
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = compile_arrow(smooth(name, R()))(x)

    assert found.dtype == x.dtype
    normal = expected >= np.finfo(dtype).tiny
    assert np.allclose(found[normal], expected[normal].astype(dtype), rtol=8 * np.finfo(dtype).eps, atol=0)
    assert (found[~normal] <= np.finfo(dtype).tiny).all()
    assert np.isnan(compile_arrow(smooth(name, R()))(np.asarray([np.nan], dtype))).all()


@pytest.mark.usefixtures("everywhere")
def test_a_program_serves_several_dtypes_in_turn_and_at_once():
    net = feed_forward(3, 4, 2)
    run = compile_arrow(net)
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(size=p.shape) for p in net.params)
    x = rng.normal(size=(5, 3))
    kinds = [tuple(w.astype(t) for w in weights) for t in ("float32", "float64")]
    expected = run(weights, x)

    def called(i):
        mine = kinds[i % 2]
        found = run(mine, x.astype(mine[0].dtype))
        return found.dtype == mine[0].dtype and np.allclose(found, expected, rtol=1e-4, atol=1e-5)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(called, range(200)))


def test_parameters_of_several_dtypes_keep_their_precision():
    net = feed_forward(3, 4, 2)
    run = compile_arrow(net)
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(size=p.shape) for p in net.params)
    x = rng.normal(size=(5, 3)).astype("float32")
    mixed = (weights[0].astype("float32"), *weights[1:])

    assert run(mixed, x).dtype == np.float64
    assert np.allclose(run(mixed, x), run(weights, x.astype("float64")), atol=1e-6)


@pytest.mark.usefixtures("everywhere")
def test_a_dtype_that_is_equal_and_not_the_same_object_is_served():
    odd = np.dtype(np.float64, metadata={"unit": "m"})
    run = compile_arrow(TANH >> smooth("times", V, 3))
    for dtype in (odd, np.float64, odd, ">f8"):
        x = np.ones((2, 3)).astype(dtype)
        assert np.allclose(run(x), 3 * np.tanh(1.0))


def test_what_is_repeated_is_computed_once():
    spread = smooth("sum", R(3, 4), 1) >> smooth("repeat", R(3), 1, 4) >> smooth("shift", R(3, 4), 1)
    term = pair(ident(R(3, 4)), spread >> smooth("exp", R(3, 4))) >> smooth("divide", R(3, 4) * R(3, 4))
    x = np.random.default_rng(0).normal(size=(5, 3, 4))
    run = compile_arrow(term)

    assert "broadcast_to" not in run.source
    assert np.allclose(run(x), x / np.exp(1 + x.sum(axis=2, keepdims=True)))
    assert np.allclose(compile_arrow(spread)(x), np.repeat(1 + x.sum(axis=2, keepdims=True), 4, axis=2))


# ---- calls -------------------------------------------------------------------------------------------------------


def frames(call):
    """The names of the Python functions that a call enters."""
    found = []
    sys.setprofile(lambda frame, event, _: found.append(frame.f_code.co_name) if event == "call" else None)
    try:
        call()
    finally:
        sys.setprofile(None)
    return found[1:]


def test_a_call_that_fits_enters_one_function():
    net, run = feed_forward(3, 4, 2), compile_arrow(TANH)
    layers, x = compile_arrow(net), np.ones((5, 3))
    weights = tuple(np.ones(p.shape) for p in net.params)
    for _ in range(3):
        run(x), layers(weights, x)

    assert frames(lambda: run(x)) == ["__call__"]
    assert frames(lambda: layers(weights, x)) == ["__call__"]
    assert len(frames(lambda: layers(tuple(weights[:]), x.astype("float32")))) > 1


@pytest.mark.parametrize(
    "wrong",
    [
        np.ones((2, 4)), np.ones(3), np.ones((2, 3, 1)), [[1.0, 2.0, 3.0]], "x", None, (), np.ones((2, 3), "complex64"),
        np.ma.ones((2, 3)),
    ],
    ids=repr,
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_every_call_in_the_same_words(wrong):
    net, x = feed_forward(3, 4, 2), np.ones((2, 3))
    weights = tuple(np.ones(p.shape) for p in net.params)
    for term, good, bad in (
        (TANH, (x,), (wrong,)),
        (ADD, ((x, x),), ((x, wrong),)),
        (net, (weights, x), (weights, wrong)),
    ):
        run = compile_arrow(term)
        with pytest.raises(CatError) as first:
            run(*bad)
        for _ in range(3):
            run(*good)
        with pytest.raises(CatError) as later:
            run(*bad)

        assert str(later.value) == str(first.value)


def test_arguments_that_do_not_fit_a_map_are_refused_at_every_call():
    net, x = feed_forward(3, 4, 2), np.ones((2, 3))
    weights, run = tuple(np.ones(p.shape) for p in net.params), compile_arrow(net)
    expected = run(weights, x)
    for _ in range(3):
        run(weights, x)

    assert np.array_equal(run((weights, x)), expected)
    assert np.array_equal(run(list(weights), x), expected)
    for bad in ((), (weights,), (weights, x, x), (weights[:2], x)):
        with pytest.raises(ShapeMismatch, match="A compiled map with parameters"):
            run(*bad)


def test_other_parameters_and_other_rows_take_the_place_of_those_before():
    net, x = feed_forward(3, 4, 2), np.random.default_rng(0).normal(size=(2, 3))
    one, other = (tuple(np.full(p.shape, k) for p in net.params) for k in (0.5, 0.25))
    run = compile_arrow(net)
    expected = [compile_arrow(net)(w, x) for w in (one, other)]

    for k in (0, 0, 0, 1, 0, 1, 1, 1, 0):
        assert np.array_equal(run((one, other)[k], x), expected[k])
    assert run(one, np.ones((7, 3))).shape == (7, 2)
    single = tuple(w.astype("float32") for w in one)
    for _ in range(3):
        assert run(single, x.astype("float32")).dtype == "float32"
        assert run(one, x.astype("float32")).dtype == "float64"
        assert run(one, x).dtype == "float64"


def test_a_list_of_parameters_is_read_at_every_call():
    run = compile_arrow(ParaMap(V * V, fst(V * V, V) >> ADD))
    parts, x = [np.ones(3), np.ones(3)], np.zeros((1, 3))
    for given in (parts, (parts[0], parts[1]), parts):
        for _ in range(3):
            assert run(given, x).tolist() == [[2.0] * 3]
    parts[1] = np.full(3, 4.0)

    assert run(parts, x).tolist() == [[5.0] * 3]


def test_a_failure_at_any_call_lets_its_arrays_go():
    made = []

    def exhausted(y):
        made.append(weakref.ref(y))
        if len(y) > 2:
            raise MemoryError("no room")
        return y

    run = compile_arrow(TANH >> generator("f", V, V), generators={"f": exhausted})
    for _ in range(3):
        run(np.ones((2, 3)))
    with pytest.raises(OutOfMemory, match=r"\(4, 3\)") as found:
        run(np.ones((4, 3)))

    assert made[-1]() is None
    assert found.value.__suppress_context__


def test_a_program_that_was_called_pickles_and_is_what_it_was():
    run = compile_arrow(feed_forward(3, 4, 2))
    weights, x = tuple(np.ones(p.shape) for p in run.map.params), np.ones((2, 3))
    expected = [run(weights, x) for _ in range(3)][-1]
    again = pickle.loads(pickle.dumps(run))

    assert type(again).__name__ == type(run).__name__ == "CompiledMap"
    assert repr(again) == repr(run)
    assert np.array_equal(again(weights, x), expected)


def test_clip_is_found_wherever_numpy_keeps_it(monkeypatch):
    def nowhere(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(operations, "import_module", nowhere)
    assert operations._clip() is np.clip


@pytest.mark.parametrize("back", [False, True])
def test_what_a_comparison_gives_is_made_a_real_number_also_after_a_sum(back, library):
    """The dtype of a sum is known where it is written, and that of a comparison with it is another."""
    step = smooth("sum", R(2)) >> smooth("step", R())
    twice = smooth("negative", R(2)) >> smooth("negative", R(2)) >> step
    x = library.array([[1.0, 2.0], [-3.0, 1.0]])
    if not back:
        found = compile_arrow(pair(step, twice) >> smooth("add", R() * R()), library.backend)(x)
        assert library.numpy(found).tolist() == [2.0, 0.0]
        return
    rectified = fst(R(2), R(2)) >> smooth("sum", R(2)) >> smooth("relu", R())
    slope = gradient(rectified, library.backend)((x[0, :], x))[1]
    assert library.numpy(slope).tolist() == [2.0, 2.0]


def test_a_result_that_was_written_to_does_not_change_the_next():
    low = FinSet(3)
    point = terminal(R(2)) >> finite_map(One, low, [1])
    run = compile_arrow(pair(point >> finite_map(low, low, [0, 1, 2]), point))
    for rows in (1, 1, 3, 1):
        found = run(np.ones((rows, 2)))
        assert [values.tolist() for values in found] == [[1] * rows] * 2
        for values in found:
            values[...] = 2
