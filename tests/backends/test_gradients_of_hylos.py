"""Gradients of recursions over real states on arrays, beside differences (T3.4, T5.3)."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import FinSet, Id, R, arrow, generator
from catcore.arrows import finite_map, inl, inr
from catcore.categories.smooth import smooth
from catcore.errors import NotInterpreted, TooLarge
from catcore.objects import One
from catcore.para import ParaMap, bundled, hylo
from catcore_backends import compile_arrow, occurrences
from catcore_backends.gradients import gradient
from tests.backends.conftest import library_named
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


@pytest.mark.parametrize("name", ["numpy", "torch", "jax"])
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


def test_states_that_occur_too_often_are_refused(monkeypatch):
    shape = N + Id * Id
    down = finite_map(FinSet(20), One + FinSet(20), list(range(20)))

    @arrow(FinSet(20) * N, shape(FinSet(20) * N))
    def double(x):
        return down(x[0]).case(inl=lambda _: inl(x[1]), inr=lambda n: inr(((n, x[1]), (n, x[1]))))

    @arrow(N * shape(N), N)
    def join(x):
        p, layer = x
        return layer.case(inl=lambda leaf: leaf, inr=lambda q: multiply((p, add((q[0], q[1])))))

    h = hylo(shape, ParaMap(N, join), ParaMap((), double)).arrow
    monkeypatch.setattr(occurrences, "MOST", 1000)
    state = (np.asarray([19]), np.asarray([1.0]))

    assert compile_arrow(h, shared=True)((np.asarray(0.5), state)).tolist() == [1]
    with pytest.raises(TooLarge, match="more than 1000 nodes"):
        gradient(h)((np.asarray(0.5), state))


def test_a_generator_has_the_gradient_that_is_given():
    shape = N + Id
    end, ask = generator("end", shape(N), N), generator("ask", STATE, shape(STATE))
    h = hylo(shape, ParaMap((), end), ParaMap((), ask)).arrow
    scaled = arrow(N * STATE, N)(lambda x: multiply((x[0], h(x[1]))))
    with pytest.raises(NotInterpreted, match=r"R\[end\]"):
        gradient(scaled, generators={"end": abs, "ask": abs}, inputs=True)
