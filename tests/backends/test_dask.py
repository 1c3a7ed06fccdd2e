"""What is Dask's own: laziness, blocks, rows that nobody has counted, other processes, shares of gradients."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from catcore.arrows import case, fold, fst, generator, ident, pair
from catcore.categories.smooth import constant, constant_matrix, smooth
from catcore.equivariance import equivariant_maps, symmetric
from catcore.equivariance.networks import Linear, Pointwise, Sequential
from catcore.errors import NotInterpreted, OutOfMemory, ShapeMismatch, WrongDtype
from catcore.functors import Id
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import momentum
from catcore.objects import FinSet, R, mu
from catcore.para import ParaMap
from catcore.tracing import trace
from catcore_backends import compile_arrow, gradient
from catcore_backends.layers.layer import Layer
from catcore_backends.layers.networks import Network
from catcore_backends.recursion.forests import forest_of_lists
from catcore_backends.training.fitting import fit

dask = pytest.importorskip("dask", reason="the extra dask is not installed")
da = pytest.importorskip("dask.array", reason="the extra dask is not installed")

V = R(3)
BOTH = pair(smooth("tanh", V) >> constant_matrix([[1, 2, 0], [0, "1/3", 1]]), smooth("square", V) >> smooth("sum", V))
SUM = smooth("multiply", V * V) >> smooth("exp", V)
SQUARE = smooth("square", V)
ENERGY = smooth("matmul", R(4, 3) * V) >> smooth("tanh", R(4)) >> smooth("square", R(4)) >> smooth("sum", R(4))


def numbers(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape)


def cut(array, *chunks):
    return da.from_array(array, chunks=chunks + array.shape[len(chunks) :])


def agree(found, wanted):
    """Equal numbers, and what was said of them before they were computed is true."""
    if isinstance(wanted, tuple):
        assert len(found) == len(wanted)
        return [agree(*both) for both in zip(found, wanted, strict=True)]
    computed = found.compute()
    assert isinstance(found, da.Array)
    assert (found.dtype, found.ndim) == (computed.dtype, computed.ndim) == (wanted.dtype, wanted.ndim)
    assert np.isnan(found.shape[0] if found.ndim else 0) or found.shape == computed.shape
    np.testing.assert_allclose(computed, wanted, rtol=1e-10, atol=1e-10)
    return None


def unread(shape, chunks):
    """An array whose blocks must not be read."""

    def read(block):
        if block.size:
            raise AssertionError("something was computed")
        return block

    return da.ones(shape, chunks=chunks).map_blocks(read, dtype=float, meta=np.empty((0,) * len(shape)))


def tasks_of_programs(y):
    """How many tasks of the graph call a program."""
    return sum("program" in str(key) for key in dask.optimize(y)[0].__dask_graph__())


def masked(array, keep):
    """Rows of an array, so that Dask does not know how many."""
    return cut(array, 3)[da.from_array(keep, chunks=3)]


# ---- laziness and blocks ----------------------------------------------------------------------------------------


def test_nothing_is_computed_before_it_is_asked_for():
    w, x = unread((4, 3), (4, 3)), unread((10, 3), (4, 2))
    layer = Layer(equivariant_maps(symmetric(3).defining, symmetric(3).defining), backend="dask", bias=True)
    theta, beta = unread(layer.parameters_shape, -1), unread(layer.bias_shape, -1)
    results = [
        *compile_arrow(BOTH, "dask")(x),
        compile_arrow(ENERGY, "auto", shared=True)((w, x)),
        *gradient(ENERGY, "dask", inputs=True)((w, x)),
        layer(theta, x[:, None, :], beta),
        *layer.vjp(theta, x[:, None, :], x[:, None, :]),
    ]

    assert [y.shape for y in results[:6]] == [(10, 2), (10,), (10,), (10,), (4, 3), (10, 3)]
    for y in results:
        with pytest.raises(AssertionError, match="something was computed"):
            y.compute()


def test_arrays_that_are_cut_differently_meet():
    a, b = numbers(10, 3), numbers(10, 3) + 1

    agree(compile_arrow(SUM, "dask")((cut(a, 3, 2), cut(b, 4, 1))), compile_arrow(SUM)((a, b)))


def test_one_task_a_block_computes_all_results():
    calls = []

    def counted(x):
        calls.append(len(x))
        return x

    term = generator("f", V, V) >> BOTH
    found = compile_arrow(term, "dask", generators={"f": counted})(cut(numbers(12, 3), 3))
    calls.clear()
    dask.compute(*found)

    assert calls == [3, 3, 3, 3]


@pytest.mark.parametrize("count", [0, 1, 11])
def test_sums_and_finite_sets_are_cut_along_their_rows(count):
    shape, rng = V + (R(2) * FinSet(4)), np.random.default_rng(0)
    term = pair(ident(shape), case(smooth("log", V) >> smooth("sum", V), fst(R(2), FinSet(4)) >> smooth("sum", R(2))))
    tags, dead = rng.integers(0, 2, count), rng.uniform(1, 2, (count, 3))
    x = tags, np.where(tags[:, None], -1.0, dead), (rng.normal(size=(count, 2)), rng.integers(0, 4, count))
    blocks = (cut(x[0], 3), cut(x[1], 4, 1), (cut(x[2][0], 5), cut(x[2][1], 2)))

    agree(compile_arrow(term, "dask")(blocks), compile_arrow(term)(x))


def test_rows_that_nobody_has_counted():
    a, b = numbers(10, 3), numbers(10, 3) + 1
    for keep in (a[:, 0] > 0, a[:, 0] > 9):
        found = compile_arrow(SUM, "dask")((masked(a, keep), masked(b, keep)))
        agree(found, compile_arrow(SUM)((a[keep], b[keep])))


def test_a_batch_without_arrays_has_the_rows_asked_for():
    agree(compile_arrow(constant(3), "dask")((), batch=4), np.full(4, 3.0))


def test_what_stands_beside_trees_is_read_at_once():
    lists, number = mu(1 + R() * Id), smooth("add", R() * R())
    total = fold(lists, case(constant(0.0), number))
    trees, x = forest_of_lists(lists, numbers(3, 5), np.array([3, 0, 5])), numbers(3)
    term = trace(lambda z: number(total(z[0]), z[1]), lists * R(), R())

    agree(compile_arrow(term, "dask")((trees, cut(x, 2))), compile_arrow(term)((trees, x)))


# ---- gradients, training ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["dask", "auto"])
@pytest.mark.parametrize("chunks", [(4, 3), (2, 2)], ids=["whole", "cut"])
@pytest.mark.parametrize("rows", [0, 1, 10])
def test_blocks_share_the_gradient_of_parameters(backend, chunks, rows):
    w, x = numbers(4, 3), numbers(rows, 3)

    agree(
        gradient(ENERGY, backend, inputs=True)((cut(w, *chunks), cut(x, 3, 2))), gradient(ENERGY, inputs=True)((w, x))
    )


def test_gradients_of_blocks_are_added_up_as_a_tree():
    w, x = numbers(4, 3), numbers(4000, 3)
    total = gradient(ENERGY, "dask")((w, cut(x, 10)))[1]
    graph = total.__dask_graph__()

    agree(total, gradient(ENERGY)((w, x))[1])
    assert max(map(len, graph.get_all_dependencies().values())) <= 16
    assert tasks_of_programs(total) == 400


def test_a_gradient_looks_at_places_in_each_block():
    term = fst(R(2), FinSet(3)) >> smooth("sum", R(2))
    with pytest.raises(ShapeMismatch, match=r"elements of a set of 3 at x\[1\], and 7 was given"):
        gradient(term, "dask")((numbers(2), cut(np.array([0, 1, 7]), 2)))[0].compute()


def test_samples_on_dask_are_learned_from():
    model = ParaMap(R(1, 3), smooth("matmul", R(1, 3) * V))
    x, y = numbers(20, 3), numbers(20, 1)
    given = (cut(x, 6, 2), cut(y, 7))
    ours = fit(model, given, quadratic, momentum, rate=-0.05, epochs=3, batch=8, backend="dask", validation=given)
    theirs = fit(model, (x, y), quadratic, momentum, rate=-0.05, epochs=3, batch=8, validation=(x, y))

    agree(ours.weights, theirs.weights)
    agree(ours(given[0]), theirs(x))
    assert [h["validation"] for h in ours.history] == pytest.approx([h["validation"] for h in theirs.history])


# ---- layers -----------------------------------------------------------------------------------------------------


def test_weights_are_written_out_once_for_all_blocks(monkeypatch):
    rho = symmetric(4).defining
    layer = Layer(equivariant_maps(rho, rho), backend="dask", channels=(2, 3), method="dense")
    theta, x = numbers(*layer.parameters_shape), numbers(20, 2, 4)
    y = layer(cut(theta, 1, 2, 1), cut(x, 2))
    dense, prepared = type(layer._host._dense), []
    prepare = dense.prepare

    def counted(*given):
        prepared.append(1)
        return prepare(*given)

    monkeypatch.setattr(dense, "prepare", counted)

    agree(y, Layer(layer.space, channels=(2, 3), backend="numpy", method="dense")(theta, x))
    assert len(prepared) == 2  # one of them for NumPy's
    assert tasks_of_programs(y) == 10


@pytest.mark.parametrize("lead", [(), (7,), (5, 2), (0, 2)])
@pytest.mark.parametrize("own", [cut, lambda a, *_: a], ids=["dask", "numpy"])
def test_layers_take_axes_before_and_parameters_of_numpy(lead, own):
    rho = symmetric(4).defining
    space = equivariant_maps(rho, rho)
    layer, host = (Layer(space, channels=(2, 3), bias=True, backend=name) for name in ("dask", "numpy"))
    theta, beta = numbers(*layer.parameters_shape), numbers(*(layer.bias_shape or ()))
    x, ybar = numbers(*lead, 2, 4).astype("float32"), numbers(*lead, 3, 4)

    agree(layer(own(theta, 1), cut(x, 2), own(beta, 1)), host(theta, x, beta))
    agree(layer.vjp(own(theta, 1), cut(x, 2), cut(ybar, 2)), host.vjp(theta, x, ybar))


@pytest.mark.parametrize("lead", [(), (7,), (3, 2), (0,)])
def test_a_network_is_one_task_a_block(lead):
    points = (symmetric(4).defining, 2)
    described = Sequential(Linear(points, points), Pointwise("tanh", points), Linear(points, points))
    host, theta = Network(described, backend="numpy"), Network(described, backend="numpy").initial(dtype="float64")
    x, ybar = numbers(*lead, 2, 4), numbers(*lead, 2, 4) + 1
    given = cut(x, 2), cut(ybar, 2)
    for parameters in (theta, {name: da.asarray(value) for name, value in theta.items()}):
        run = pickle.loads(pickle.dumps(Network(described, backend="dask")))
        y, (bars, xbar) = run(parameters, given[0]), run.vjp(parameters, *given)
        wanted_bars, wanted = host.vjp(theta, x, ybar)
        agree((y, xbar, tuple(bars.values())), (host(theta, x), wanted, tuple(wanted_bars.values())))
        assert bars.keys() == wanted_bars.keys()
        assert lead != (7,) or tasks_of_programs(y) == 4


# ---- other processes --------------------------------------------------------------------------------------------


def results() -> list[Any]:
    """Results of every kind, and the numbers that they are."""
    w, x = numbers(4, 3), numbers(10, 3)
    layer, host = (Layer(equivariant_maps(*2 * [symmetric(3).defining]), backend=name) for name in ("dask", "numpy"))
    theta = numbers(*layer.parameters_shape)
    shifted = generator("f", V, V) >> BOTH
    meaning = {"f": lambda x: x + 1}
    return [
        (compile_arrow(shifted, "dask", generators=meaning)(cut(x, 4))[0], compile_arrow(BOTH)(x + 1)[0]),
        (gradient(ENERGY, "dask")((w, cut(x, 4)))[1], gradient(ENERGY)((w, x))[1]),
        (layer(theta, cut(x[:, None], 4)), host(theta, x[:, None])),
    ]


def test_schedulers_agree():
    ours, theirs = zip(*results(), strict=True)
    for scheduler in ("synchronous", "threads", "processes"):
        found = dask.compute(*ours, scheduler=scheduler, num_workers=2)
        assert all(np.allclose(a, b, rtol=1e-10) for a, b in zip(found, theirs, strict=True))


def test_results_travel_and_are_named_by_what_they_are():
    for ours, theirs in results():
        agree(pickle.loads(pickle.dumps(ours)), theirs)
    x = cut(numbers(10, 3), 4)
    first, again, other = (compile_arrow(term, "dask")(x) for term in (SQUARE, smooth("square", V), smooth("tanh", V)))

    assert first.name == again.name != other.name


def test_what_cannot_travel_is_said_and_runs_here():
    from threading import Lock

    lock = Lock()

    def guarded(x):
        with lock:
            return 2 * x

    y = compile_arrow(generator("f", V, V), "dask", generators={"f": guarded})(cut(numbers(6, 3), 2))
    agree(y, 2 * numbers(6, 3))
    with pytest.raises(NotInterpreted, match=r"cannot be sent there.*scheduler='threads'"):
        pickle.dumps(y)


# ---- what is refused --------------------------------------------------------------------------------------------


class Foreign:
    shape, dtype, ndim = (4, 3), np.dtype(float), 2


@pytest.mark.parametrize(
    ("x", "error", "words"),
    [
        ((da.ones((4, 3)), da.ones((5, 3))), ShapeMismatch, "arrays with 4 and 5 rows"),
        ((da.ones((4, 3)), da.ones((4, 2))), ShapeMismatch, "x.1., and an array of shape .0, 2. .*tried on 0 rows"),
        ((da.ones((4, 3)), masked(numbers(4, 3), np.ones(4, bool))), ShapeMismatch, r"compute_chunk_sizes\(\)"),
        ((da.ones((4, 3)), da.ones((4, 5))[:, da.ones(5) > 0]), ShapeMismatch, "axis of unknown extent"),
        ((da.ones((4, 3)), Foreign()), WrongDtype, r"Foreign was given.*get_backend\('dask'\).asarray"),
        ((da.ones((4, 3)), np.array([["a"] * 3] * 4)), WrongDtype, "array of real numbers at x.1."),
        ((da.ones((4, 3)), np.ones((4, 3), object)), WrongDtype, "array of real numbers at x.1."),
        (da.ones((4, 3)), ShapeMismatch, "a pair at x"),
        ([da.ones((4, 3))], ShapeMismatch, "a pair at x, and 1 parts were given"),
        ((da.ones((4, 3)), 1.0), ShapeMismatch, "at x.1., and float was given"),
        ((da.ones((4, 3)), np.ma.ones((4, 3))), WrongDtype, r"a masked array in a batch on Dask\. Fill"),
        ((da.ones((4, 3)), np.zeros((4, 3), "V8")), WrongDtype, "array of real numbers at x.1., and one of dtype .V8"),
    ],
)
def test_a_wrong_batch_is_refused_at_once(x, error, words):
    with pytest.raises(error, match=words):
        compile_arrow(SUM, "dask")(x)


def fails_on_the_second_block(error):
    def f(x):
        if x.max(initial=0) > 1:
            raise error
        return x

    rows = np.array([[0.0] * 3] * 2 + [[2.0] * 3] * 2)
    return compile_arrow(generator("f", V, V), "dask", generators={"f": f})(cut(rows, 2))


def test_no_room_in_a_block_is_one_sentence():
    with pytest.raises(OutOfMemory, match=r"shape \(2, 3\), and there was no room.*in smaller blocks"):
        fails_on_the_second_block(MemoryError("no room")).compute()


def test_an_error_of_a_generator_in_a_block_is_its_own():
    with pytest.raises(ZeroDivisionError, match="mine"):
        fails_on_the_second_block(ZeroDivisionError("mine")).compute()


def test_a_generator_that_takes_no_batch_without_rows_is_tried_on_one():
    x = np.abs(numbers(6, 3)) + 1
    run = compile_arrow(generator("f", V, V), "dask", generators={"f": lambda x: x / x.max(axis=0).max()})

    agree(run(cut(x, 6)), x / x.max())
