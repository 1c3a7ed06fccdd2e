"""No room, at every door and on every library: one sentence, and the arrays of the failed call are let go.

What is asked for on the way is 2⁴⁵ bytes and more, from arrays of a few megabytes, so it is refused at once; the
answers are small.  The programs multiply matrices with a function in between.  XLA fuses that with a sum, and needs no
matrix then; with another product it does.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from catcore.arrows import case, distribute, finite_map, fold, fst, generator, pair, snd, terminal
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import Choice, Problem, hylo
from catcore.datatypes.parametric import parametric_fold
from catcore.datatypes.semirings import MIN_PLUS
from catcore.equivariance import Representation, cyclic, equivariant_maps, symmetric
from catcore.equivariance.networks import Linear, Pointwise, Sequential
from catcore.errors import MixedDevices, OutOfMemory, WrongDtype
from catcore.functors import Id
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import descent
from catcore.objects import FinSet, One, R, mu
from catcore.para import ParaMap
from catcore.para.architectures import mealy
from catcore.para.architectures.elements import on, plus
from catcore.tracing import trace
from catcore_backends import compile_arrow, get_backend
from catcore_backends.batches import arrays
from catcore_backends.gradients import gradient
from catcore_backends.layers.networks import Network
from catcore_backends.libraries import jax_backend
from catcore_backends.recurrences import Option, Recurrence, problems
from catcore_backends.recursion.forests import forest_of_lists
from catcore_backends.recursion.machines import compile_machine
from catcore_backends.training.fitting import fit
from tests.backends import cupy_stand_in
from tests.backends.host_kernels import COMPILER

N = 2**22
V = R(2)
BOTH = R(N, 1) * R(1, N)
FLAT = smooth("matmul", BOTH) >> smooth("tanh", R(N, N)) >> smooth("sum", R(N, N))
WIDE = trace(lambda x: on("matmul", x[1], on("matmul", on("tanh", on("matmul", *x)), x[0])), BOTH, R(1, 1))
LOSS = WIDE >> smooth("sum", R(1, 1))
SWAP = Representation.permutation(cyclic(2), {"s": [1, 0]})
LISTS = mu(1 + R() * Id)
ALGEBRA = case(constant(0), generator("g", R() * R(), R()))
#: Folds and machines whose parameters are a column and a row.
WEIGHTED = distribute(BOTH, One, R() * R()) >> case(
    terminal(BOTH * One) >> constant(0),
    trace(lambda x: plus(x[1][1], on("multiply", x[1][0], LOSS(x[0]))), BOTH * (R() * R()), R()),
)
CELL = trace(lambda x: (plus(x[1][0], on("multiply", LOSS(x[0]), x[1][1])),) * 2, BOTH * (R() * R()), R() * R())
STEP = trace(lambda x: (plus(x[1][0], on("multiply", x[0], x[1][1])),) * 2, R() * (R() * R()), R() * R())
#: Counting down: 0 has no successor.
DOWN = finite_map(FinSet(3), One + FinSet(3), [0, 1, 2])


class Given:
    """What doors are given: arrays of a library, of which nothing is kept but whether they are there."""

    def __init__(self, library: Any) -> None:
        self.library, self.backend, self.seen = library, library.backend, list[Any]()

    def ones(self, *shape: int) -> Any:
        """An array of the library, in one block where it has blocks."""
        values = np.ones(shape, "float32")
        made = (
            self.library.xp.from_array(values, chunks=-1) if self.library.name == "dask" else self.library.array(values)
        )
        self.seen.append(weakref.ref(made))
        return made

    @property
    def both(self) -> Any:
        """A column and a row."""
        return self.ones(N, 1), self.ones(1, N)

    @property
    def huge(self) -> Callable[..., Any]:
        """A function of users that asks for 2⁴⁷ bytes, which no compiler saves, and answers rows.

        The blocks of Dask's arrays are NumPy's.
        """
        xp = np if self.library.name == "dask" else self.library.xp

        def asking(x: Any) -> Any:
            row = x[0] if isinstance(x, tuple) else x
            column = xp.ones((N, 1), dtype=row.dtype) * xp.sum(row)
            return row + xp.sum(xp.matmul(xp.matmul(column, xp.ones((1, N), dtype=row.dtype)), column))

        return asking


def _program(given: Given) -> Any:
    return compile_arrow(WIDE, given.backend)((given.ones(1, N, 1), given.ones(1, 1, N)))


def _auto(given: Given) -> Any:
    return compile_arrow(WIDE, "auto")((given.ones(1, N, 1), given.ones(1, 1, N)))


def _shared(given: Given) -> Any:
    return compile_arrow(WIDE, given.backend, shared=True)((given.ones(N, 1), given.ones(1, 1, N)))


def _map(given: Given) -> Any:
    return compile_arrow(ParaMap(R(N, 1), WIDE), given.backend)(given.ones(N, 1), given.ones(1, 1, N))


def _gradient(given: Given) -> Any:
    return gradient(FLAT, given.backend)((given.ones(N, 1), given.ones(1, 1, N)))


def _auto_gradient(given: Given) -> Any:
    return gradient(FLAT, "auto")((given.ones(N, 1), given.ones(1, 1, N)))


def _fold(given: Given) -> Any:
    run = compile_arrow(fold(LISTS, ALGEBRA), given.backend, generators={"g": given.huge})
    return run(forest_of_lists(LISTS, np.ones((1, 1))))


def _fold_gradient(given: Given) -> Any:
    run = gradient(parametric_fold(LISTS, WEIGHTED), given.backend)
    return run((given.both, forest_of_lists(LISTS, np.ones((1, 1)))))


def _hylo(given: Given) -> Any:
    counted = hylo(1 + Id, case(constant(0), generator("g", R(), R())), DOWN)
    return compile_arrow(counted, given.backend, generators={"g": given.huge})(given.library.array([1]))


def _machine(given: Given) -> Any:
    run = compile_machine(mealy(ParaMap(BOTH, CELL)), given.backend)
    return run(given.both, given.ones(1), given.ones(1, 1))


def _recurrence(given: Given) -> Any:
    rule = Recurrence(lambda n: [Option(np.ones(2**47))], (3,))
    return rule.solve((np.asarray([2]),), MIN_PLUS, backend=given.backend)


def _best(given: Given) -> Any:
    return Recurrence(lambda n: [Option(np.ones(2**47))], (3,)).best(2, MIN_PLUS)


def _layer(given: Given) -> Any:
    return _dense(given.backend)(given.ones(2, 2**11, 2**11), given.ones(1, 2**11, 2**10))


def _layer_vjp(given: Given) -> Any:
    x, y = given.ones(1, 2**11, 2**10), given.ones(1, 2**11, 2**10)
    return _dense(given.backend).vjp(given.ones(2, 2**11, 2**11), x, y)


@cache
def _dense(backend: str) -> Any:
    """A layer that writes out a matrix of 2⁴² entries."""
    rho = symmetric(2**10).defining
    return equivariant_maps(rho, rho).layer(backend=backend, channels=(2**11, 2**11), method="dense")


def _network(given: Given) -> Any:
    run = _wide(given.backend)
    return run({name: given.ones(*shape) for name, shape in run.parameters.items()}, given.ones(N, 1, 2))


def _network_vjp(given: Given) -> Any:
    run = _wide(given.backend)
    theta = {name: given.ones(*shape) for name, shape in run.parameters.items()}
    return run.vjp(theta, given.ones(N, 1, 2), given.ones(N, 1, 2))


@cache
def _wide(backend: str) -> Any:
    """A network with many channels inside."""
    inside = [(SWAP, 2**18)]
    layers = Linear(SWAP, inside, bias=False), Pointwise("tanh", inside), Linear(inside, SWAP, bias=False)
    return Network(Sequential(*layers), backend=backend)


def _training(given: Given) -> Any:
    options: dict[str, Any] = {"weights": np.ones((N, 1)), "epochs": 1, "dtype": "float32"}
    data = given.ones(1, 1, N), given.library.array(np.ones(1))
    return fit(ParaMap(R(N, 1), LOSS), data, quadratic, descent, backend=given.backend, **options)


DOORS = (
    *(_program, _auto, _shared, _map, _gradient, _auto_gradient, _fold, _fold_gradient, _hylo, _machine),
    *(_recurrence, _best, _layer, _layer_vjp, _network, _network_vjp, _training),
)


def _computed(answer: Any) -> None:
    for part in arrays(list(answer) if isinstance(answer, tuple) else [answer]):
        for each in part.values() if isinstance(part, dict) else [part]:
            if hasattr(each, "compute"):
                each.compute()


@pytest.fixture(autouse=True)
def little_to_collect():
    """Garbage is looked for among what the test makes, and not in all that the tests before it left."""
    gc.freeze()
    yield
    gc.unfreeze()


@cache
def _small(backend: str) -> Any:
    return compile_arrow(smooth("square", V), backend)


@pytest.mark.parametrize("door", DOORS, ids=lambda f: f.__name__.strip("_"))
def test_no_room_is_one_sentence_and_the_arrays_are_let_go(door, library):
    if library.name == "numpy-readonly":
        pytest.skip("it has the memory of NumPy")
    given = Given(library)
    with pytest.raises(OutOfMemory, match=r"was applied to .* there was no room .* Give fewer rows at a time"):
        _computed(door(given))
    gc.collect()
    assert all(ref() is None for ref in given.seen)
    assert library.numpy(_small(library.backend)(library.array([[2.0, 3.0]]))).tolist() == [[4.0, 9.0]]


def test_a_problem_without_room(monkeypatch):
    monkeypatch.setattr(problems, "by_height", lambda graph, arithmetic: np.ones(2**47))
    with pytest.raises(OutOfMemory, match=r"A problem was applied to a batch, and there was no room"):
        Problem(lambda n: [Choice(1, (n - 1,))] if n else [Choice(0)]).solve(2, MIN_PLUS, backend="numpy")


def test_the_sentence_keeps_no_array_of_what_was_computed(library):
    made = []

    def seen(x: Any) -> Any:
        y = x + 1
        if x.shape[0]:  # Dask asks with no rows what an answer looks like, and keeps that
            made.append(weakref.ref(y))
        return y

    arrow = generator("f", V, V) >> generator("g", V, V)
    run = compile_arrow(arrow, "auto", generators={"f": seen, "g": Given(library).huge})
    for _ in range(2):
        with pytest.raises(OutOfMemory) as caught:
            _computed(run(library.array(np.ones((3, 2)))))
        gc.collect()
        assert made
        assert all(ref() is None for ref in made), "the exception, still held, keeps an array"
        assert caught.value.__cause__ is None


def test_other_failures_let_their_arrays_go(library):
    made = []

    def seen(x: Any) -> Any:
        y = x + 1
        if x.shape[0]:
            made.append(weakref.ref(y))
        return y

    xp = np if library.name == "dask" else library.xp
    run = compile_arrow(
        generator("f", V, V) >> generator("g", V, V),
        "auto",
        generators={"f": seen, "g": lambda x: xp.bitwise_and(x, x)},
    )
    x = library.array(np.ones((3, 2)))
    with pytest.raises(WrongDtype, match=r"its library lacks an operation for it") as caught:
        _computed(run(x))
    gc.collect()
    assert made
    assert all(ref() is None for ref in made), "the exception, still held, keeps an array"
    assert caught.value.__cause__ is None


def test_two_devices_let_their_arrays_go():
    strict = pytest.importorskip("array_api_strict")
    made = []

    def seen(x: Any) -> Any:
        made.append(weakref.ref(y := x + 1))
        return y

    both = pair(fst(V, V) >> generator("f", V, V), snd(V, V)) >> smooth("add", V * V)
    run = compile_arrow(both, "auto", generators={"f": seen})
    with pytest.raises(MixedDevices) as caught:
        run((strict.ones((3, 2)), strict.ones((3, 2), device=strict.Device("device1"))))
    gc.collect()
    assert made[0]() is None, "the exception, still held, keeps an array"
    assert caught.value.__cause__ is None


# ---- JAX, which computes while Python goes on --------------------------------------------------------------------


def _slow(door: str, jnp: Any) -> Any:
    """An answer that takes milliseconds, operation by operation."""
    x, theta = jnp.ones((2**9, 2**9, 2), "float32"), jnp.ones((2, 2**9, 2**9), "float32")
    square, matrices = smooth("matmul", R(2**10, 2**10) * R(2**10, 2**10)), jnp.ones((1, 2**10, 2**10), "float32")
    if door == "arrow":
        return compile_arrow(square, "auto")((matrices, matrices))
    if door == "gradient":
        return gradient(square >> smooth("sum", R(2**10, 2**10)), "auto")((matrices[0, ...], matrices))
    if door.startswith("layer"):
        layer = equivariant_maps(SWAP, SWAP).layer(backend="jax", channels=(2**9, 2**9), method="dense")
        if door == "layer.apply":
            return layer.apply(layer.matrix(theta), x)
        return layer(theta, x) if door == "layer" else layer.vjp(theta, x, x)
    network = Network(Sequential(Linear([(SWAP, 2**9)], [(SWAP, 2**9)], bias=False)), backend="jax")
    parameters = network.initial()
    return network(parameters, x) if door == "network" else network.vjp(parameters, x, x)


@pytest.mark.parametrize(
    "door",
    ["arrow", "gradient", "layer", "layer.vjp", "layer.apply", "network", "network.vjp"],
)
def test_what_jax_computes_operation_by_operation_is_there(door):
    jnp = pytest.importorskip("jax.numpy", reason="the extra jax is not installed")
    _slow(door, jnp)  # JAX compiles the operations
    answer = _slow(door, jnp)
    found = [a for part in arrays(answer) for a in (part.values() if isinstance(part, dict) else [part])]

    assert found
    assert all(a.is_ready() for a in found)


def test_arrays_are_counted_that_jax_makes_in_loops_and_branches():
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")

    def made(f: Any) -> int:
        return jax_backend._made(jax.make_jaxpr(f)(jax.numpy.ones(8, "float32")))

    def large(x: Any) -> Any:
        return jax.numpy.sum(jax.numpy.tanh(x[:, None] * jax.numpy.ones((8, 2**10), "float32")))

    within = [
        jax.jit(large),
        lambda x: jax.lax.fori_loop(0, 3, lambda _, total: total + large(x), 0.0),
        lambda x: jax.lax.cond(x[0] > 0, large, lambda x: x[0], x),
        lambda x: jax.lax.map(lambda y: large(y * x), x),
        jax.grad(large),
        jax.checkpoint(large),
    ]
    assert made(lambda x: x + 1) == 8 * 4
    assert all(made(f) >= 8 * 2**10 * 4 for f in within)


def test_programs_that_are_waited_for_are_traced_and_differentiated(monkeypatch):
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    monkeypatch.setattr(jax_backend, "_LARGE", 0)
    run, x = compile_arrow(smooth("square", V), "jax"), jax.numpy.asarray([[1.0, 2.0]])

    assert run(x).is_ready()
    assert jax.jit(run)(x).tolist() == [[1.0, 4.0]]
    assert jax.grad(lambda x: run(x).sum())(x).tolist() == [[2.0, 4.0]]
    assert jax.vmap(run)(x[None]).tolist() == [[[1.0, 4.0]]]


# ---- a limit of CuPy's pool, which is told in the same sentence --------------------------------------------------


def _limited(backend: str, put: Callable[..., Any]) -> dict[str, Callable[[], Any]]:
    """Calls at each door with what they need at hand."""
    layer = equivariant_maps(SWAP, SWAP).layer(backend=backend, channels=(4, 4))
    network = Network(Sequential(Linear([(SWAP, 4)], [(SWAP, 4)], bias=False)), backend=backend)
    x, theta = put(np.ones((64, 4, 2))), put(np.ones((2, 4, 4)))
    weights = {name: put(np.ones(shape)) for name, shape in network.parameters.items()}
    column, batch = put(np.ones((64, 1))), put(np.ones((3, 1, 64)))
    product = smooth("matmul", R(64, 1) * R(1, 64)) >> smooth("sum", R(64, 64))
    arrow, slope = compile_arrow(product, backend, shared=True), gradient(product, backend)
    trees = forest_of_lists(LISTS, np.ones((64, 3)))
    added = compile_arrow(fold(LISTS, case(constant(0), smooth("add", R() * R()))), backend)
    counted = compile_arrow(hylo(1 + Id, case(constant(0), smooth("square", R())), DOWN), backend)
    starts = put(np.full(64, 2))
    machine = compile_machine(mealy(ParaMap(R(), STEP)), backend)
    weight, states, inputs = put(np.asarray(2.0)), put(np.zeros(64)), put(np.ones((64, 3)))
    steps = Recurrence(lambda n: [Option(0, when=n == 0), Option(1, [np.maximum(n - 1, 0)], when=n > 0)], (65,))
    return {
        "arrow": lambda: arrow((column, batch)),
        "gradient": lambda: slope((column, batch)),
        "fold": lambda: added(trees),
        "hylo": lambda: counted(starts),
        "machine": lambda: machine(weight, states, inputs),
        "recurrence": lambda: steps.solve((np.arange(65),), MIN_PLUS, backend=backend),
        "layer": lambda: layer(theta, x),
        "layer.vjp": lambda: layer.vjp(theta, x, x),
        "network": lambda: network(weights, x),
        "network.vjp": lambda: network.vjp(weights, x, x),
    }


@pytest.mark.skipif(COMPILER is None, reason="no C++ compiler is installed, which the stand-in needs")
def test_a_limit_of_the_pool_is_told_at_every_door():
    with cupy_stand_in.installed():
        import cupy

        pool = cupy.get_default_memory_pool()
        for name, run in _limited("cupy", cupy_stand_in.put).items():
            run()  # what lasts is made: constants, and trees on the device
            used = pool.used_bytes()
            with (
                get_backend("cupy").memory_limit(used + 64),
                pytest.raises(OutOfMemory, match="limit set to") as caught,
            ):
                run()
            assert (name, pool.used_bytes()) == (name, used), "the error, still held, keeps an array"
            assert caught.value.__cause__ is None
            run()
