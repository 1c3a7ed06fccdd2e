"""State graphs unfolded on arrays: dynamic programming as a fold, beside one state at a time (T3.4)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import FinSet, Id, R, arrow, case, generator, ident
from catcore.arrows import finite_map
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import hylo
from catcore.errors import NotInterpreted, NotRecursive, ShapeMismatch, TooLarge, WrongDtype
from catcore.functors import Functor
from catcore.objects import One
from catcore_backends import compile_arrow
from catcore_backends.recursion import state_rows
from catcore_backends.recursion.state_rows import Columns
from catcore_backends.recursion.states import forest_of_states

N = R()
ADD = smooth("add", N * N)


def fibonacci(states):
    F = N + Id * Id
    return hylo(F, case(ident(N), ADD), generator("split", states, F(states)))


def split(n):
    return n >= 2, n.astype(np.float64), (np.maximum(n - 1, 0), np.maximum(n - 2, 0))


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("states", [FinSet(91), N], ids=["a table", "sorted runs"])
def test_fibonacci_by_unfolding_states_t3_4(states):
    run = compile_arrow(fibonacci(states), generators={"split": split})

    assert run(np.asarray([10, 1, 70, 10])).tolist() == [55, 1, 190392490709135, 55]


# 0/1 knapsack over ℕ + X + V × X² (T3.4): a state is (items looked at, weight left)
KNAPSACK = N + (Id + N * (Id * Id))
ITEMS = FinSet(5) * FinSet(8)


def knapsack(weights, values):
    w, v = np.asarray([0, *weights]), np.asarray([0.0, *values])

    def choices(state):
        i, left = state
        fits = w[i] <= left
        skipped, taken = (np.maximum(i - 1, 0), left), (np.maximum(i - 1, 0), np.maximum(left - w[i], 0))
        return i > 0, np.zeros(len(i)), (fits, skipped, (v[i], (skipped, taken)))

    return choices


@arrow(KNAPSACK(N), N)
def best(x):
    larger = smooth("maximum", N * N)
    return x.case(
        inl=lambda zero: zero,
        inr=lambda rest: rest.case(inl=lambda y: y, inr=lambda p: larger((p[1][0], ADD((p[0], p[1][1]))))),
    )


@pytest.mark.parametrize(
    ("weights", "values", "room", "answer"), [((1, 3, 4, 5), (1, 4, 5, 7), 7, 9), ((2, 3, 4, 5), (3, 4, 5, 6), 5, 7)]
)
def test_knapsacks_of_t3_4(weights, values, room, answer, library):
    term = hylo(KNAPSACK, best, generator("choices", ITEMS, KNAPSACK(ITEMS)))
    choices = knapsack(weights, values)

    def rule(state):  # it is written for NumPy, and called with arrays of the library
        return library.answer(choices(tuple(library.numpy(x) for x in state)))

    run = compile_arrow(term, "auto", generators={"choices": rule})
    found = run((library.array([4, 4, 0]), library.array([room, 0, 7])))

    assert library.numpy(found).tolist() == [answer, 0, 0]


def counting():
    """``n ↦ n − 1`` on 0 … 6, counting steps."""
    S, F = FinSet(7), 1 + Id
    down = finite_map(S, One + S, [0, 1, 2, 3, 4, 5, 6])
    return hylo(F, case(constant(0.0), smooth("shift", N, 1)), down)


@pytest.mark.usefixtures("everywhere")
def test_a_coalgebra_may_be_a_term():
    assert compile_arrow(counting())(np.arange(7)).tolist() == list(range(7))


@pytest.mark.parametrize("backend", ["jax", "auto"])
def test_states_are_not_unfolded_in_a_jit_of_ones_own(backend):
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    with pytest.raises(NotInterpreted, match=r"followed by its library.* call the arrow outside of jax\.jit"):
        jax.jit(compile_arrow(counting(), backend))(jax.numpy.arange(7))


@pytest.mark.usefixtures("everywhere")
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_random_graphs_of_states_are_answered_like_one_state_at_a_time(seed, bounded):
    rng = np.random.default_rng(seed)
    left = np.asarray([rng.integers(0, max(i, 1)) for i in range(40)])
    right, ends = np.asarray([rng.integers(0, max(i, 1)) for i in range(40)]), rng.random(40) < 0.2
    ends[0] = True
    S = (FinSet(40) if bounded else N) * FinSet(1)
    F = N + Id * Id
    double = hylo(
        F,
        case(ident(N), arrow(N * N, N)(lambda p: smooth("tanh", N)(ADD((p[0], ADD((p[1], p[1]))))))),
        generator("split", S, F(S)),
    )

    def rule(state):
        n, o = state
        return ~ends[n], n / 40, ((left[n], o), (right[n], o))

    @cache
    def alone(n):
        return n / 40 if ends[n] else np.tanh(alone(left[n]) + 2 * alone(right[n]))

    starts = rng.integers(0, 40, size=5)
    found = compile_arrow(double, generators={"split": rule})((starts, np.zeros(5, np.int64)))

    np.testing.assert_allclose(found, [alone(n) for n in starts], atol=1e-12)


@pytest.mark.usefixtures("everywhere")
def test_states_may_be_sums():
    # ι₁ n counts down to the point of the other side
    S, F = FinSet(5) + One, 1 + Id

    def rule(state):
        tag, n, _ = state
        last = n == 0
        return tag == 0, (), (last.astype(np.int64), np.maximum(n - 1, 0), ())

    term = hylo(F, case(constant(0.0), smooth("shift", N, 1)), generator("down", S, F(S)))
    run = compile_arrow(term, generators={"down": rule})

    assert run((np.asarray([0, 1]), np.asarray([4, 3]), ())).tolist() == [5, 0]


@pytest.mark.usefixtures("everywhere")
def test_no_states_have_no_answers():
    run = compile_arrow(fibonacci(FinSet(9)), generators={"split": split})

    assert run(np.zeros(0, np.int64)).shape == (0,)


def test_each_state_is_one_node():
    trees = forest_of_states(split, np.asarray([30, 10]), FinSet(31), N + Id * Id)

    assert (trees.size, trees.levels, len(trees.roots)) == (31, 30, 2)


def turning(n):
    return n >= 2, n.astype(np.float64), (np.maximum(n - 1, 0), np.where(n == 5, 7, np.maximum(n - 2, 0)))


def shorter(n):
    return n >= 2, np.zeros(len(n) + 1), (np.maximum(n - 1, 0), np.maximum(n - 2, 0))


@pytest.mark.parametrize(
    ("rule", "error", "sentence"),
    [
        (turning, NotRecursive, "7 → 6 → 5 → 7 leads back to itself"),
        (
            lambda n: (n >= 0, n * 1.0, (n - 1, n - 2)),
            ShapeMismatch,
            r"0 … 90, at \[2\]\[0\], and -1 came",
        ),
        (shorter, ShapeMismatch, r"shape \(1,\) at \[1\], and an array of shape \(2,\) came"),
        (lambda n: (n >= 2, n * 1.0, (n - 0.5, n - 2)), WrongDtype, "integers at .*, and one of dtype float64 came"),
    ],
)
def test_bad_coalgebras_are_refused(rule, error, sentence):
    with pytest.raises(error, match=sentence):
        compile_arrow(fibonacci(FinSet(91)), generators={"split": rule})(np.asarray([90]))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (lambda n: (n >= 0, n * 1.0, (n - 1, n - 2)), "a branch, and entry 0 of -1 is none of the 91"),
        (lambda n: (n >= 2, n * 1.0, (n - 0.5, n - 2)), "rows of integers, and an array of float64"),
    ],
)
def test_a_coalgebra_as_a_function_stays_in_its_states(rule, sentence):
    with pytest.raises(ShapeMismatch, match=sentence):
        forest_of_states(rule, np.asarray([90]), FinSet(91), N + Id * Id)


def test_endless_states_are_refused():
    with pytest.raises(TooLarge, match="more than 1000, such as 1001"):
        forest_of_states(lambda n: (np.ones(len(n)), (), n + 1), np.asarray([1]), N, 1 + Id, most=1000)


def test_states_and_functors_without_arrays_are_refused():
    with pytest.raises(NotInterpreted, match="must be integers or reals"):
        forest_of_states(split, np.asarray([1]), N**N, N + Id * Id)
    with pytest.raises(NotInterpreted, match="no sum, product or finite power"):
        forest_of_states(lambda n: n, np.asarray([1]), FinSet(3), Functor(1, (Id**N).body))
    with pytest.raises(ShapeMismatch, match="not grouped as layers X × X are"):
        forest_of_states(lambda n: n, np.asarray([1]), FinSet(3), Functor(1, (Id ** FinSet(2)).body))


def seen_by(rule, start, dtype, most=40):
    """The states that a rule ``R → 1 + R`` is asked about."""
    states = []

    def asked(s):
        states.extend(s.tolist())
        return s < most, (), rule(s)

    forest_of_states(asked, np.asarray([start], dtype), N, 1 + Id)
    return states


def test_narrow_states_are_widened_by_wider_answers():
    third = seen_by(lambda s: s.astype(np.float64) + 1 / 3, 1.0, np.float32, most=2)
    assert third[-1] > 2
    assert 1 + 1 / 3 in third  # and not float32's 1.3333333730697632

    wide = seen_by(lambda s: s.astype(np.int64) + 2**24 + 1, 0.5, np.float32, most=10)
    assert wide[-1] == 2**24 + 1


def test_integers_are_kept_to_the_last_bit():
    assert seen_by(lambda s: s + 1, 2**53, np.int64, most=2**53 + 2) == [2**53, 2**53 + 1, 2**53 + 2]
    assert seen_by(lambda s: s + 1, 2**62, np.uint64, most=2**62 + 1) == [2**62, 2**62 + 1]


@pytest.mark.parametrize(
    ("rule", "start", "dtype", "words"),
    [
        (lambda s: s, 2**63, np.uint64, f"integers up to {2**63 - 1}, and {2**63} was given.*smaller integers"),
        (lambda s: s.astype(np.int64) + 2**53 + 1, 1.5, np.float64, f"up to 2⁵³, and {2**53 + 2} was given"),
        (lambda s: s + 0.5, 2**53 + 1, np.int64, f"up to 2⁵³, and {2**53 + 1} was given"),
        (lambda s: s + 1j, 1.0, np.float64, "rows of numbers, and an array of complex128"),
    ],
)
def test_numbers_that_would_be_rounded_are_refused(rule, start, dtype, words):
    with pytest.raises(ShapeMismatch, match=words):
        seen_by(rule, start, dtype, most=2**54)


def test_dead_rows_do_not_ask_for_room():
    def rule(s):
        return s == 1.5, (), np.where(s == 1.5, 2, 2**60)

    assert forest_of_states(rule, np.asarray([1.5]), N, 1 + Id).size == 2


def test_states_with_one_hash_are_told_apart(monkeypatch):
    monkeypatch.setattr(state_rows, "_hashes", lambda rows: rows[:, 0] % 2)
    numbers = state_rows.recognised(Columns(N * N)).numbers
    rows = np.asarray([[0, 0], [0, 1], [1, 0], [0, 1], [2, 5]])
    found, fresh = numbers(rows)

    for again in (rows, rows[::-1]):
        known, more = numbers(again)
        for place, row in zip(known.tolist(), again.tolist(), strict=True):
            assert place not in range(len(fresh)) or fresh[place].tolist() == row  # a number never names two states
        fresh = np.concatenate([fresh, more])
    assert [fresh[i].tolist() for i in found] == rows.tolist()


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("batch", [0, 1, 3])
def test_the_unit_has_one_state_however_many_start_there(batch):
    F = N + Id
    rule = {"c": lambda _: (np.zeros(1, int), np.full(1, 7.0), ())}
    run = compile_arrow(hylo(F, case(ident(N), ident(N)), generator("c", One, F(One))), generators=rule)

    assert run((), batch=batch).tolist() == [7.0] * batch


def test_an_endless_loop_in_the_unit_is_told():
    F = N + Id
    rule = {"c": lambda _: (np.ones(1, int), np.full(1, 7.0), ())}
    run = compile_arrow(hylo(F, case(ident(N), ident(N)), generator("c", One, F(One))), generators=rule)

    with pytest.raises(NotRecursive, match=r"\(\) → \(\) leads back to itself"):
        run((), batch=3)
