"""Gradients of recursions over real states on arrays, beside differences (T3.4, T5.3)."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import FinSet, Id, R, arrow, generator
from catcore.arrows import finite_map, inl, inr
from catcore.categories.smooth import constant, smooth
from catcore.errors import NotInterpreted, TooLarge
from catcore.objects import One
from catcore.para import ParaMap, bundled, hylo
from catcore_backends import compile_arrow
from catcore_backends.gradients import gradient
from catcore_backends.recursion import linear_states
from tests.backends.libraries import library_named
from tests.backends.test_shared_hylos import COUNT, INTERVAL, MATRIX, STATE, VECTOR, gather, walk, weigh

N = R()
add, multiply, tanh = smooth("add", N * N), smooth("multiply", N * N), smooth("tanh", N)
TRUE = One + One


def differences(function, x, step=1e-6):
    """The slope of a function of an array by central differences."""
    found = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i], down[i] = up[i] + step, down[i] - step
        found[i] = (function(up) - function(down)) / (2 * step)
    return found


def summed(h):
    return h.arrow if h.cod is N else (h >> ParaMap((), smooth("square", h.cod) >> smooth("sum", h.cod))).arrow


@pytest.mark.parametrize("name", ["numpy", "array-api-strict", "torch", "jax", "dask"])
def test_a_recurrent_network_with_a_step_count_has_gradients(name):
    with library_named(name) as library:
        check_network(library)


def check_network(library):
    h = hylo(COUNT, ParaMap(VECTOR * MATRIX, gather), ParaMap(MATRIX, walk))
    rng = np.random.default_rng(0)
    bias, mix, weight = rng.normal(size=3), rng.normal(size=(3, 3)) / 2, rng.normal(size=(3, 3)) / 2
    steps, starts = np.asarray([0, 3, 7, 3]), rng.normal(size=(4, 3))
    whole = bundled(h >> ParaMap((), smooth("square", VECTOR) >> smooth("sum", VECTOR)))
    run = compile_arrow(whole)

    def loss(bias, mix, weight, starts):
        return float(np.sum(run((((bias, mix), weight)), (steps, starts))))

    values, (slope, heard_weight), (_, heard) = gradient(whole.arrow, library.backend, inputs=True)(
        library.batch((((bias, mix), weight), (steps, starts)))
    )

    def same(found, expected):
        np.testing.assert_allclose(library.numpy(found), expected, rtol=1e-6, atol=1e-7)

    np.testing.assert_allclose(np.sum(library.numpy(values)), loss(bias, mix, weight, starts), rtol=1e-12)
    same(slope[0], differences(lambda x: loss(x, mix, weight, starts), bias))
    same(slope[1], differences(lambda x: loss(bias, x, weight, starts), mix))
    same(heard_weight, differences(lambda x: loss(bias, mix, x, starts), weight))
    same(heard, differences(lambda x: loss(bias, mix, weight, x), starts))


LONG = generator("long", INTERVAL, TRUE)


def long(x):
    return x[1] - x[0] > 0.1, (), ()


def cutting(shape, layer):
    """The coalgebra that cuts an interval at a fraction q."""

    def cut(x):
        q, (a, b) = x
        length = add((b, smooth("negative", N)(a)))
        at = add((a, multiply((q, length))))
        return LONG(a, b).case(inl=lambda _: inl((a, b)), inr=lambda _: inr(layer(a, at, b)))

    return arrow(N * INTERVAL, shape(INTERVAL))(cut)


BINARY = N * N + N * (Id * Id)
binary = cutting(BINARY, lambda a, at, b: (at, ((a, at), (at, b))))


@pytest.mark.parametrize("seed", range(3))
def test_trees_of_intervals_have_gradients(seed):
    h = hylo(BINARY, ParaMap(N * N, weigh), ParaMap(N, binary))
    rng = np.random.default_rng(seed)
    check(h, ((np.asarray(0.7), np.asarray(-0.3)), np.asarray(0.45)), (-rng.random(4), rng.random(4)))


def test_branches_in_a_power_have_gradients():
    shape = N * N + N * Id ** FinSet(2)
    two = [finite_map(One, FinSet(2), [i]) for i in range(2)]
    sides = finite_map(FinSet(2), TRUE, [0, 1])
    cell = cutting(shape, lambda a, at, b: (at, lambda i: sides(i).case(inl=lambda _: (a, at), inr=lambda _: (at, b))))

    @arrow((N * N) * shape(N), N)
    def join(x):
        (p, r), layer = x
        return layer.case(
            inl=lambda end: multiply((p, tanh(multiply((end[0], end[1]))))),
            inr=lambda n: add((multiply((r, n[0])), multiply((n[1](two[0](())), n[1](two[1](())))))),
        )

    h = hylo(shape, ParaMap(N * N, join), ParaMap(N, cell))
    check(h, ((np.asarray(0.7), np.asarray(-0.3)), np.asarray(0.45)), (np.asarray([-0.2, 0.1]), np.asarray([0.5, 0.3])))


def check(h, params, x):
    """The gradients of parameters and states are what differences say."""
    arrow = bundled(h).arrow
    run = compile_arrow(arrow, generators={"long": long}, shared=True)
    _, slopes, heard = gradient(arrow, generators={"long": long}, inputs=True)((params, x))

    np.testing.assert_allclose(flat(slopes), differences_of(lambda p: run((p, x)), params), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(flat(heard), differences_of(lambda s: run((params, s)), x), rtol=1e-5, atol=1e-7)


def differences_of(function, nested):
    def at(vector):
        return float(np.sum(function(shaped(nested, iter(np.split(vector, cuts))))))

    cuts = np.cumsum([x.size for x in leaves(nested)])[:-1]
    return differences(at, flat(nested))


def leaves(nested):
    return [leaf for part in nested for leaf in leaves(part)] if isinstance(nested, tuple) else [np.asarray(nested)]


def flat(nested):
    return np.concatenate([x.reshape(-1) for x in leaves(nested)])


def shaped(nested, parts):
    if isinstance(nested, tuple):
        return tuple(shaped(part, parts) for part in nested)
    return next(parts).reshape(np.shape(nested))


@pytest.mark.usefixtures("everywhere")
def test_equal_states_hear_what_each_of_them_should():
    # h(x) = x² by a state that occurs twice, in two rows with other covectors
    shape = N + Id * Id
    once = finite_map(FinSet(2), One + FinSet(2), [0, 1])

    @arrow(FinSet(2) * N, shape(FinSet(2) * N))
    def twice(x):
        n, state = x
        return once(n).case(inl=lambda _: inl(state), inr=lambda m: inr(((m, state), (m, state))))

    @arrow(shape(N), N)
    def join(x):
        return x.case(inl=lambda leaf: leaf, inr=lambda p: multiply((p[0], p[1])))

    h = hylo(shape, ParaMap((), join), ParaMap((), twice)).arrow
    scaled = arrow(N * ((FinSet(2) * N) * N), N)(lambda x: multiply((x[0], multiply((x[1][1], h(x[1][0]))))))
    state = (np.asarray([1, 1, 0]), np.asarray([3.0, 3.0, 3.0]))

    values, slope, ((_, heard), weights) = gradient(scaled, inputs=True)(
        (np.asarray(2.0), (state, np.asarray([1.0, 10.0, 5.0])))
    )
    assert values.tolist() == [18, 180, 30]
    assert slope == (18 + 180 + 30) / 2
    assert heard.tolist() == [12, 120, 10]
    assert weights.tolist() == [18, 18, 6]


# ---- shared states -----------------------------------------------------------------------------------------------

LIBRARIES = ["numpy", "array-api-strict", "torch", "jax", "dask", "cupy-stand-in"]


def doubling(count):
    """``h(n, x) = p (h(n − 1, x) + h(n − 1, x))`` and x at 0, so that ``h(n, x) = (2 p)ⁿ x``."""
    shape = N + Id * Id
    down = finite_map(FinSet(count), One + FinSet(count), list(range(count)))

    @arrow(FinSet(count) * N, shape(FinSet(count) * N))
    def double(x):
        return down(x[0]).case(inl=lambda _: inl(x[1]), inr=lambda n: inr(((n, x[1]), (n, x[1]))))

    @arrow(N * shape(N), N)
    def join(x):
        p, layer = x
        return layer.case(inl=lambda leaf: leaf, inr=lambda q: multiply((p, add((q[0], q[1])))))

    return hylo(shape, ParaMap(N, join), ParaMap((), double)).arrow


@pytest.mark.parametrize("name", LIBRARIES)
def test_states_that_occur_often_hear_as_many_times(name):
    with library_named(name) as library:
        given = np.asarray(0.75), (np.asarray([59, 3, 59]), np.asarray([1.0, 2.0, 5.0]))
        values, slope, (_, heard) = gradient(doubling(60), library.backend, inputs=True)(library.batch(given))

        np.testing.assert_allclose(library.numpy(values), [1.5**59, 2 * 1.5**3, 5 * 1.5**59], rtol=1e-12)
        np.testing.assert_allclose(library.numpy(heard), [1.5**59, 1.5**3, 1.5**59], rtol=1e-12)
        exact = 2 * (59 * 6 * 1.5**58 + 3 * 2 * 1.5**2)
        np.testing.assert_allclose(library.numpy(slope), exact, rtol=1e-12)


def fibonacci(states, asked):
    """``h(n) = p h(n − 1) + h(n − 2)``, and 1 at 0 and 1."""
    shape = One + Id * Id

    @arrow(N * shape(N), N)
    def join(x):
        p, layer = x
        return layer.case(inl=lambda _: constant(1)(), inr=lambda below: add((multiply((p, below[0])), below[1])))

    return hylo(shape, ParaMap(N, join), ParaMap((), asked(states, shape(states)))).arrow


def by_sets(states, layer):
    """n ↦ n − 1, n − 2 on a finite set."""
    before = [finite_map(states, One + states, [0] * 2 + list(range(3 - k, states.size + 1 - k))) for k in (1, 2)]

    @arrow(states, layer)
    def asked(n):
        return before[0](n).case(
            inl=lambda _: inl(()),
            inr=lambda one: before[1](n).case(inl=lambda _: inl(()), inr=lambda two: inr((one, two))),
        )

    return asked


def by_numbers(states, layer):
    """The same on real numbers; whether n is above 1 is said by a generator."""
    above = generator("above", N, TRUE)
    less = [smooth("shift", N, -k) for k in (1, 2)]
    return arrow(states, layer)(
        lambda n: above(n).case(inl=lambda _: inl(()), inr=lambda _: inr((less[0](n), less[1](n))))
    )


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize(("states", "asked"), [(FinSet(61), by_sets), (N, by_numbers)])
def test_fibonacci_numbers_have_gradients_in_as_many_steps_as_states(name, states, asked):
    """T3.4 backwards: the derivative of ``h(n) = p h(n − 1) + h(n − 2)`` at p = 1, by its own recursion."""
    h, h_slope = [1, 1], [0, 0]
    for n in range(2, 61):
        h_slope.append(h[n - 1] + h_slope[n - 1] + h_slope[n - 2])
        h.append(h[n - 1] + h[n - 2])
    with library_named(name) as library:
        starts = np.asarray([60, 40], np.int64 if states is not N else float)
        run = gradient(fibonacci(states, asked), library.backend, generators={"above": lambda n: (n > 1, (), ())})
        values, slope = run(library.batch((np.asarray(1.0), starts)))

        np.testing.assert_allclose(library.numpy(values), [h[60], h[40]], rtol=1e-13)
        np.testing.assert_allclose(library.numpy(slope), h_slope[60] + h_slope[40], rtol=1e-13)


PAIR = R(2)


def sharing(depth):
    """Vector answers; the parameters turn states and weigh answers, and both branches lead to one state."""
    steps, shape = FinSet(depth), PAIR * (One + Id * Id)
    down = finite_map(steps, One + steps, list(range(depth)))
    turned, both = smooth("matmul", R(2, 2) * PAIR), smooth("add", PAIR * PAIR)
    squashed = smooth("tanh", PAIR)

    @arrow(R(2, 2) * (steps * PAIR), shape(steps * PAIR))
    def ask(x):
        q, (n, state) = x
        there = squashed(turned((q, state)))
        return state, down(n).case(inl=lambda _: inl(()), inr=lambda m: inr(((m, there), (m, there))))

    @arrow(R(2, 2) * shape(PAIR), PAIR)
    def answer(x):
        p, (here, layer) = x
        return layer.case(
            inl=lambda _: here, inr=lambda q: squashed(both((here, turned((p, both((q[0], squashed(q[1]))))))))
        )

    return hylo(shape, ParaMap(R(2, 2), answer), ParaMap(R(2, 2), ask))


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("depth", [2, 6])
def test_shared_states_hear_by_linear_maps_what_they_hear_taken_apart(name, depth):
    """Depth 2 is taken apart, depth 6 is not; both are what differences say."""
    whole = bundled(sharing(depth) >> ParaMap((), smooth("square", PAIR) >> smooth("sum", PAIR))).arrow
    rng = np.random.default_rng(depth)
    params, starts = (rng.normal(size=(2, 2)), rng.normal(size=(2, 2))), rng.normal(size=(3, 2))
    starts[2], steps = starts[0], np.asarray([depth - 1, depth - 2, depth - 1])
    run = compile_arrow(whole, shared=True)

    def loss(vector):
        p, q, s = vector[:4].reshape(2, 2), vector[4:8].reshape(2, 2), vector[8:].reshape(3, 2)
        return float(np.sum(run(((p, q), (steps, s)))))

    with library_named(name) as library:
        _, slopes, (_, heard) = gradient(whole, library.backend, inputs=True)(library.batch((params, (steps, starts))))
        found = [*library.numpy(slopes), library.numpy(heard)]
    expected = differences(loss, np.concatenate([x.reshape(-1) for x in (*params, starts)]))
    np.testing.assert_allclose(np.concatenate([x.reshape(-1) for x in found]), expected, rtol=1e-6, atol=1e-8)


def test_states_are_unfolded_and_answered_once():
    asked = []

    def above(n):
        asked.append(len(n))
        return n > 1, (), ()

    run = gradient(fibonacci(N, by_numbers), generators={"above": above})
    run((np.asarray(1.0), np.asarray([6.0])))

    assert sum(asked) == 7, "each state from 6 down to 0"


def test_tables_of_linear_maps_that_are_too_large_are_refused(monkeypatch):
    monkeypatch.setattr(linear_states, "MOST", 20)
    given = np.asarray(0.5), (np.asarray([39]), np.asarray([1.0]))
    with pytest.raises(TooLarge, match=r"whose 40 states are met at about 1\.1e\+12 places.*Make states that need no"):
        gradient(doubling(40), inputs=True)(given)


def test_a_generator_has_the_gradient_that_is_given():
    shape = N + Id
    end, ask = generator("end", shape(N), N), generator("ask", STATE, shape(STATE))
    h = hylo(shape, ParaMap((), end), ParaMap((), ask)).arrow
    scaled = arrow(N * STATE, N)(lambda x: multiply((x[0], h(x[1]))))
    with pytest.raises(NotInterpreted, match=r"R\[end\]"):
        gradient(scaled, generators={"end": abs, "ask": abs}, inputs=True)
