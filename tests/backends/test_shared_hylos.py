"""Recursions over real states with shared parameters on arrays, beside the term on Python values (T3.4, T4.5)."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import FinSet, Id, R, arrow, case, generator, ident
from catcore.arrows import finite_map, inl, inr, subterms
from catcore.categories.finite_sets import Injected
from catcore.categories.python_values import PythonValues
from catcore.categories.smooth import Primitive, constant, smooth
from catcore.datatypes import hylo as plain_hylo
from catcore.errors import NotInterpreted, NotRecursive, ShapeMismatch, TooLarge, WrongDtype
from catcore.objects import One, atoms
from catcore.para import ParaMap, hylo
from catcore.para.actegories import CARTESIAN
from catcore_backends import compile_arrow
from catcore_backends.recursion import states as unfolding
from catcore_backends.recursion.state_rows import Columns

N = R()
add, multiply, tanh = smooth("add", N * N), smooth("multiply", N * N), smooth("tanh", N)


def python_values(term, more):
    """The Python values of a term, whose primitives are taken at batches of one."""
    at_one = {f: partial(_entry, f) for f in subterms(term) if isinstance(f, Primitive)}
    return PythonValues(at_one | more)


def _entry(f, x):
    return f.operation.rule(np, _batched(x), *f.parameters)[0]


def _batched(x):
    return tuple(map(_batched, x)) if isinstance(x, tuple) else np.asarray([x])


# ---- a cell run for a number of steps: terms on both sides -----------------------------------------------------------

STEPS, VECTOR = FinSet(40), R(3)
STATE = STEPS * VECTOR
COUNT = VECTOR + VECTOR * Id
MATRIX = R(3, 3)
down = finite_map(STEPS, One + STEPS, list(range(40)))
plus, times = smooth("add", VECTOR * VECTOR), smooth("matmul", MATRIX * VECTOR)


@arrow(MATRIX * STATE, COUNT(STATE))
def walk(x):
    """One step of a recurrent network: x ↦ tanh(A x) while there are steps left."""
    weight, (left, state) = x
    following = smooth("tanh", VECTOR)(times((weight, state)))
    return down(left).case(inl=lambda _: inl(state), inr=lambda n: inr((state, (n, following))))


@arrow((VECTOR * MATRIX) * COUNT(VECTOR), VECTOR)
def gather(x):
    (bias, weight), layer = x
    return layer.case(inl=lambda end: plus((end, bias)), inr=lambda p: plus((p[0], times((weight, p[1])))))


def test_a_recurrent_network_with_a_step_count_runs_on_every_library(library):
    h = hylo(COUNT, ParaMap(VECTOR * MATRIX, gather), ParaMap(MATRIX, walk))
    rng = np.random.default_rng(0)
    bias, mix, weight = rng.normal(size=3), rng.normal(size=(3, 3)) / 2, rng.normal(size=(3, 3))
    steps, starts = np.asarray([0, 5, 39, 17]), rng.normal(size=(4, 3))

    def alone(n, x):
        return x + mix @ alone(n - 1, np.tanh(weight @ x)) if n else x + bias

    run = compile_arrow(h, "auto")
    found = run(library.batch(((bias, mix), weight)), library.batch((steps, starts)))

    expected = [alone(n, x) for n, x in zip(steps, starts, strict=True)]
    np.testing.assert_allclose(library.numpy(found), expected, rtol=1e-12, atol=1e-12)


def test_parameters_are_kept_out_of_the_states(monkeypatch):
    h = hylo(COUNT, ParaMap(VECTOR * MATRIX, gather), ParaMap(MATRIX, walk))
    seen = []

    def columns(ob, *blocks):
        seen.append(ob)
        return Columns(ob, *blocks)

    monkeypatch.setattr(unfolding, "Columns", columns)
    compile_arrow(h)(((np.zeros(3), np.eye(3)), np.eye(3)), (np.asarray([4]), np.ones((1, 3))))

    assert seen == [STATE]


# ---- trees of real intervals -----------------------------------------------------------------------------------------

INTERVAL = N * N
BISECT = N * N + N * (Id * Id)


def bisect(x):
    """An interval is cut at a fraction q until it is shorter than 0.1."""
    q, (a, b) = x
    cut = a + q * (b - a)
    return b - a > 0.1, (a, b), (cut, ((a, cut), (cut, b)))


def bisect_alone(x):
    q, (a, b) = x
    cut = a + q * (b - a)
    return Injected("inr", (cut, ((a, cut), (cut, b)))) if b - a > 0.1 else Injected("inl", (a, b))


@arrow((N * N) * BISECT(N), N)
def weigh(x):
    (p, r), layer = x
    return layer.case(
        inl=lambda end: multiply((p, tanh(multiply((end[0], end[1]))))),
        inr=lambda n: add((multiply((r, n[0])), multiply((n[1][0], n[1][1])))),
    )


def trees_of_intervals():
    return hylo(BISECT, ParaMap(N * N, weigh), ParaMap(N, generator("bisect", N * INTERVAL, BISECT(INTERVAL))))


@pytest.mark.usefixtures("everywhere")
@given(
    st.lists(st.tuples(st.floats(-1, 0), st.floats(0, 1)), min_size=1, max_size=4),
    st.floats(-1, 1),
    st.floats(-1, 1),
    st.floats(0.3, 0.7),
)
def test_trees_of_real_intervals_agree_with_the_term(ends, p, r, q):
    h = trees_of_intervals()
    values = python_values(h.arrow, {generator("bisect", N * INTERVAL, BISECT(INTERVAL)): bisect_alone})
    run = compile_arrow(h, generators={"bisect": bisect})

    found = run(((np.asarray(p), np.asarray(r)), np.asarray(q)), tuple(map(np.asarray, zip(*ends, strict=True))))

    expected = [values.apply(h.arrow, ((p, r), (q, interval))) for interval in ends]
    np.testing.assert_allclose(found, np.ravel(expected), rtol=1e-12, atol=1e-12)


def quadrature_alone(f, a, b, tolerance):
    """Adaptive Simpson: an interval whose halves say otherwise is cut."""
    middle = (a + b) / 2
    whole = (b - a) / 6 * (f(a) + 4 * f(middle) + f(b))
    halves = (b - a) / 12 * (f(a) + 4 * f((a + middle) / 2) + 2 * f(middle) + 4 * f((middle + b) / 2) + f(b))
    if abs(whole - halves) < tolerance or b - a < 1e-6:
        return halves
    return quadrature_alone(f, a, middle, tolerance) + quadrature_alone(f, middle, b, tolerance)


@pytest.mark.usefixtures("everywhere")
def test_adaptive_quadrature_is_a_recursion_over_intervals():
    def f(x):
        return np.exp(-40 * (x - 0.3) ** 2)

    def simpson(x):
        tolerance, (a, b) = x
        m = (a + b) / 2
        whole = (b - a) / 6 * (f(a) + 4 * f(m) + f(b))
        halves = (b - a) / 12 * (f(a) + 4 * f((a + m) / 2) + 2 * f(m) + 4 * f((m + b) / 2) + f(b))
        return (np.abs(whole - halves) >= tolerance) & (b - a >= 1e-6), halves, ((a, m), (m, b))

    F = N + Id * Id
    h = hylo(F, ParaMap((), case(ident(N), add)), ParaMap(N, generator("simpson", N * INTERVAL, F(INTERVAL))))
    run = compile_arrow(h, generators={"simpson": simpson})
    ends = np.asarray([-1.0, 0.0, 0.25]), np.asarray([1.0, 1.0, 0.5])

    found = run(np.asarray(1e-9), ends)

    expected = [quadrature_alone(f, a, b, 1e-9) for a, b in zip(*ends, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


# ---- unseen functors and parameters ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("everywhere")
def test_branches_may_be_a_power_and_parameters_finite_sets_and_sums():
    F = N + N * Id ** FinSet(3)
    Q, P = FinSet(3), N + One

    def third(x):
        chosen, state = x
        return state > 1, state, (chosen * 1.0 + state, ((state / 2, state / 3), state / (2 + chosen)))

    def alone(chosen, scale, x):
        if x <= 1:
            return scale * x
        below = [alone(chosen, scale, y) for y in (x / 2, x / 3, x / (2 + chosen))]
        return chosen + x + below[0] + below[1] * below[2]

    @arrow(P * F(N), N)
    def join(x):
        given, layer = x
        scale = given.case(inl=lambda p: p, inr=lambda _: constant(2.0)(()))
        at = [finite_map(One, FinSet(3), [i]) for i in range(3)]
        return layer.case(
            inl=lambda end: multiply((scale, end)),
            inr=lambda n: add((n[0], add((n[1](at[0](())), multiply((n[1](at[1](())), n[1](at[2](())))))))),
        )

    h = hylo(F, ParaMap(P, join), ParaMap(Q, generator("third", Q * N, F(N))))
    run = compile_arrow(h, generators={"third": third})
    starts = np.asarray([0.5, 3.0, 7.0])

    for chosen in range(3):
        for side, scale in ((0, 0.7), (1, 2)):
            found = run(((np.asarray(side), np.asarray(0.7), ()), np.asarray(chosen)), starts)
            np.testing.assert_allclose(found, [alone(chosen, scale, x) for x in starts], rtol=1e-12)


COUNTDOWN = N + N * Id


@pytest.mark.parametrize("sizes", [(0, 0), (1, 0), (0, 1), (2, 1), (1, 3)])
def test_any_number_of_parameters_stands_on_both_sides(sizes):
    """h(x) = Σp + x while x ≤ 1, and x · h(x / 2 − Σq) above."""
    ps, qs = sizes

    def ask(x):
        *given, state = unnested(x, qs)
        return state > 1, state, (state, state / 2 - sum(given))

    def answer(x):
        *given, (tag, end, (label, below)) = unnested(x, ps)
        return np.where(tag, label * below, sum(given) + end)

    def unnested(x, count):
        return [] if x is None else [x] if not count else [x[0], *unnested(x[1], count - 1)]

    def alone(p, q, x):
        return x * alone(p, q, x / 2 - q) if x > 1 else p + x

    a = ParaMap((N,) * ps, generator("answer", CARTESIAN.act((N,) * ps, COUNTDOWN(N)), N))
    c = ParaMap((N,) * qs, generator("ask", CARTESIAN.act((N,) * qs, N), COUNTDOWN(N)))
    run = compile_arrow(hylo(COUNTDOWN, a, c), generators={"ask": ask, "answer": answer})
    starts, given = np.asarray([9.0, 0.25, 100.0]), tuple(np.asarray(0.1 * (i + 1)) for i in range(ps + qs))
    found = run(given[0] if len(given) == 1 else given, starts) if given else run(starts)

    expected = [alone(float(sum(given[:ps])), float(sum(given[ps:])), x) for x in starts]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.usefixtures("everywhere")
def test_a_parameter_that_changes_on_the_way_is_a_state():
    """h(q, x) = x below 1, and q · h(q + 1, x / 2) above: q is shared at the start, and nowhere else."""
    halve = multiply

    @arrow(N * N, N * (N * N))
    def step(x):
        return x[0], (add((x[0], constant(1.0)(()))), halve((constant(0.5)(()), x[1])))

    F = N + N * Id
    states = N * N
    ask = generator("above", states, One + One)

    @arrow(states, F(states))
    def c(x):
        return ask(x).case(inl=lambda _: inl(x[1]), inr=lambda _: inr(step(x)))

    run = compile_arrow(
        plain_hylo(F, case(ident(N), multiply), c),
        generators={"above": lambda x: (x[1] >= 1, (), ())},
        shared=True,
    )
    assert run((np.asarray(2.0), np.asarray([0.5, 1.0, 5.0]))).tolist() == [0.5, 1.0, 2 * 3 * 4 * 0.625]


# ---- recognising and refusing ----------------------------------------------------------------------------------------

F = N + Id * Id
SUM = case(ident(N), add)


def counting(rule):
    return compile_arrow(plain_hylo(F, SUM, generator("ask", N, F(N))), generators={"ask": rule})


def test_equal_real_states_are_asked_once():
    asked = []

    def fibonacci(n):
        asked.append(len(n))
        return n >= 1, n * 0 + 1, (n - 0.5, n - 1)

    two = [1, 1]  # h(0) and h(1/2)
    while len(two) < 41:
        two.append(two[-1] + two[-2])

    assert counting(fibonacci)(np.asarray([19.5, 20.0])).tolist() == two[-2:]
    assert sum(asked) == 41


def test_states_that_become_real_are_real_from_the_start():
    def halve(n):
        return n > 1, n * 1.0, (n / 2, n / 4)

    assert counting(halve)(np.asarray([5])).tolist() == counting(halve)(np.asarray([5.0])).tolist()


def test_the_dtype_of_real_states_is_kept():
    seen = set()

    def halve(n):
        seen.add(n.dtype)
        return n > 1, n, (n / 2, n / 4)

    assert counting(halve)(np.asarray([5.0], np.float32)).dtype == np.float32
    assert seen == {np.dtype(np.float32)}


def ends_never(n):
    return n == n, n * 1.0, (n + 0.5, n + 0.5)


@pytest.mark.parametrize(
    ("rule", "error", "sentence"),
    [
        (ends_never, TooLarge, r"new ones after 50 rounds, such as 51\.0\. Let the coalgebra come to an end"),
        (lambda n: (n < 99, n, (n * 2, n / 2)), TooLarge, "new ones after 50 rounds"),
        (lambda n: (n == n, n, (n * 1.0, n * 0 + 9)), NotRecursive, "26.0 → 26.0 leads back to itself"),
        (lambda n: (n > 0, n, (n * np.nan, n * 0)), None, ""),
        (
            lambda n: (n > 0, n, (n + 0j, n * 0)),
            WrongDtype,
            r"generator ask .* dtype complex128.*Convert",
        ),
        (lambda n: (n > 0, n, (n[:, None] * np.ones(2), n * 0)), ShapeMismatch, "shape"),
    ],
)
def test_real_recursions_that_cannot_be_answered_are_refused(rule, error, sentence, monkeypatch):
    monkeypatch.setattr(unfolding, "MAX_ROUNDS", 50)
    if error is None:
        assert np.isnan(counting(rule)(np.asarray([26.0]))).all()
        return
    with pytest.raises(error, match=sentence):
        counting(rule)(np.asarray([26.0]))


def test_arrays_that_their_library_follows_are_refused():
    torch = pytest.importorskip("torch")
    h = hylo(COUNTDOWN, ParaMap((), case(ident(N), add)), ParaMap(N, generator("ask", N * N, COUNTDOWN(N))))

    def ask(x):
        q, state = x
        return state > 1, state, (state, state * q)

    run = compile_arrow(h, "torch", generators={"ask": ask})
    assert run(torch.tensor(0.5), torch.tensor([3.0])).tolist() == [3 + 1.5 + 0.75]
    with pytest.raises(NotInterpreted, match=r"Use catcore_backends\.gradients\.gradient"):
        run(torch.tensor(0.5, requires_grad=True), torch.tensor([3.0]))


def test_atoms_without_shapes_are_refused():
    (S,) = atoms("S")
    unknown = plain_hylo(N + Id, case(ident(N), ident(N)), generator("next", S, N + S))
    with pytest.raises(NotInterpreted, match="say by shapes= what atoms are"):
        compile_arrow(unknown, generators={"next": abs})(np.ones(3))
