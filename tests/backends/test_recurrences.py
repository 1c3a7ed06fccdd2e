"""Dynamic programming on arrays: worked numbers of T3.4, and the same answers as one state at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.datatypes import Choice, Problem, witnessed
from catcore.datatypes.semirings import BOOLEAN, COUNTING, LOG_SUM_EXP, MAX_PLUS, MIN_PLUS
from catcore.errors import (
    BackendMissing,
    BadSpecification,
    IllTyped,
    LawViolated,
    NotRecursive,
    ShapeMismatch,
    TooLarge,
)
from catcore_backends.recurrences import Option, Recurrence
from catcore_backends.recurrences.arithmetic import Arithmetic

words = st.text("ab", max_size=6)


def letters(word):
    return np.asarray([*map(ord, word), 0])  # the last letter is never read


def edits(first, second, *, bounded=True):
    a, b = letters(first), letters(second)

    def options(i, j):
        return [
            Option(0, when=(i == 0) & (j == 0)),
            Option(1, [(i - 1, j)], when=i > 0),
            Option(1, [(i, j - 1)], when=j > 0),
            Option(a[i - 1] != b[j - 1], [(i - 1, j - 1)], when=(i > 0) & (j > 0)),
        ]

    return Recurrence(options, (len(first) + 1, len(second) + 1) if bounded else (None, None))


def alone(first, second):
    """The same problem, one state at a time."""

    def choices(state):
        i, j = state
        if i == j == 0:
            return [Choice(0)]
        found = [Choice(1, ((i - 1, j),))] if i else []
        found += [Choice(1, ((i, j - 1),))] if j else []
        return found + ([Choice(int(first[i - 1] != second[j - 1]), ((i - 1, j - 1),))] if i and j else [])

    return Problem(choices)


def test_the_distance_of_kitten_and_sitting_t3_4():
    assert edits("kitten", "sitting").solve((6, 7), MIN_PLUS) == 3


@given(words, words, st.sampled_from([MIN_PLUS, MAX_PLUS, COUNTING, BOOLEAN, LOG_SUM_EXP]), st.booleans())
def test_wavefronts_and_heights_answer_like_one_state_at_a_time(first, second, semiring, bounded):
    start = len(first), len(second)

    found = edits(first, second, bounded=bounded).solve(start, semiring)

    assert found == pytest.approx(alone(first, second).solve(start, semiring))


@given(words, words)
def test_a_best_solution_costs_what_is_answered(first, second):
    problem, start = edits(first, second), (len(first), len(second))

    value, steps = problem.best(start, MIN_PLUS)

    costs = [0, 1, 1]
    total = sum(costs[o] if o < 3 else int(first[i - 1] != second[j - 1]) for (i, j), o in steps)
    assert value == total == problem.solve(start, MIN_PLUS)
    assert (steps[0][0], steps[-1]) == (start, ((0, 0), 0))


@pytest.mark.parametrize("semiring", [MIN_PLUS, COUNTING, BOOLEAN, LOG_SUM_EXP], ids=str)
def test_every_library_gives_the_same(semiring, library):
    problem, i, j = edits("owl", "low"), np.arange(4), np.arange(4)[::-1]

    found = problem.solve((library.array(i), library.array(j)), semiring, backend=library.backend)

    expected = [alone("owl", "low").solve((a, b), semiring) for a, b in zip(i, j, strict=True)]
    assert library.numpy(found).tolist() == pytest.approx(expected)
    assert type(found) is type(library.array([0]))


def test_problems_stated_one_state_at_a_time_run_on_every_library(library):
    problem = alone("owl", "low")

    for semiring in (MIN_PLUS, COUNTING):
        found = problem.answers((3, 3), semiring, backend=library.backend)
        assert found == problem.answers((3, 3), semiring)
    assert type(found[3, 3]) is int


def test_every_library_repeats_until_nothing_changes(library):
    edges = np.concatenate([GRAPH, [[4, 0, 1], [3, 2, -5]]])
    every = library.array(np.arange(6))  # no way leads to the last one

    found = shortest(edges, 6).solve((every,), MIN_PLUS, repeat=True, backend=library.backend)

    assert library.numpy(found).tolist() == [0, 3, 2, 8, 11, INFINITY]


@given(st.lists(st.integers(1, 9), min_size=1), st.randoms())
def test_stretches_are_added_in_rounds_as_by_numpy(lengths, random):
    xp = pytest.importorskip("array_api_strict")
    values = np.asarray([random.uniform(-9, 9) for _ in range(sum(lengths))])
    starts = np.cumsum([0, *lengths[:-1]])

    for semiring in (MIN_PLUS, MAX_PLUS, LOG_SUM_EXP):
        found = Arithmetic(semiring, xp).totals(xp.asarray(values), starts)
        assert np.asarray(found) == pytest.approx(Arithmetic(semiring, np).totals(values, starts))


def test_answers_at_many_states_at_once():
    i = np.arange(7)

    assert edits("kitten", "sitting").solve((i, np.zeros(7, np.int64)), MIN_PLUS).tolist() == list(range(7))


@pytest.mark.parametrize(("sizes", "answer"), [([10, 30, 5, 60], 4500), ([40, 20, 30, 10, 30], 26000)])
def test_matrix_chains_have_any_number_of_options_t3_4(sizes, answer):
    size = np.asarray(sizes)

    def options(i, j):
        rows = np.repeat(np.arange(len(i)), np.maximum(j - i - 1, 0))
        k = np.concatenate([np.arange(a + 1, b) for a, b in zip(i, j, strict=True)] or [i])
        cost = size[i[rows]] * size[k] * size[j[rows]]
        return [Option(0, when=j - i == 1), Option(cost, [(i[rows], k), (k, j[rows])], rows=rows)]

    problem = Recurrence(options, (len(sizes), len(sizes)))
    assert problem.solve((0, len(sizes) - 1), MIN_PLUS) == answer
    assert problem.best((0, len(sizes) - 1), MIN_PLUS)[0] == answer


GRAPH = np.asarray([(0, 1, 4), (0, 2, 2), (2, 1, 1), (1, 3, 5), (2, 3, 8), (3, 4, 3)])
INFINITY = float("inf")


def arrivals(edges, count):
    """The ways into each node of a graph: its own start at node 0, and its edges."""
    source, target, weight = edges[np.argsort(edges[:, 1], kind="stable")].T
    first = np.searchsorted(target, np.arange(count + 1))

    def ways(v):
        lengths = first[v + 1] - first[v]
        rows = np.repeat(np.arange(len(v)), lengths)
        edge = np.arange(len(rows)) + np.repeat(first[v] - np.cumsum(lengths) + lengths, lengths)
        return rows, source[edge], weight[edge]

    return ways


def test_the_rounds_of_bellman_and_ford_t3_4():
    ways = arrivals(GRAPH, 5)

    def hops(v, k):
        rows, source, weight = ways(v)
        later = k[rows] > 0
        return [
            Option(0, when=(v == 0) & (k == 0)),
            Option(0, [(v, k - 1)], when=k > 0),
            Option(weight[later], [(source[later], k[rows[later]] - 1)], rows=rows[later]),
        ]

    rounds = Recurrence(hops, (5, 5)).solve(tuple(x.reshape(-1) for x in np.mgrid[:5, :5]), MIN_PLUS)
    assert rounds.reshape(5, 5).T.tolist() == [
        [0, INFINITY, INFINITY, INFINITY, INFINITY],
        [0, 4, 2, INFINITY, INFINITY],
        [0, 3, 2, 9, INFINITY],
        [0, 3, 2, 8, 12],
        [0, 3, 2, 8, 11],
    ]


def shortest(edges, count):
    ways = arrivals(edges, count)

    def options(v):
        rows, source, weight = ways(v)
        return [Option(0, when=v == 0), Option(weight, [source], rows=rows)]

    return Recurrence(options, (count,))


def test_the_least_solution_on_a_graph_with_cycles():
    edges = np.concatenate([GRAPH, [[4, 0, 1], [3, 2, -5]]])

    assert shortest(edges, 5).solve((np.arange(5),), MIN_PLUS, repeat=True).tolist() == [0, 3, 2, 8, 11]


@given(st.integers(0, 2**32 - 1))
def test_shortest_ways_agree_with_scipy(seed):
    csgraph = pytest.importorskip("scipy.sparse.csgraph")
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 12))
    weights = np.where(rng.random((count, count)) < 0.3, rng.integers(1, 20, (count, count)), 0)
    edges = np.asarray([(*e, weights[tuple(e)]) for e in np.argwhere(weights)]).reshape(-1, 3)

    found = shortest(edges, count).solve((np.arange(count),), MIN_PLUS, repeat=True)

    assert found.tolist() == csgraph.bellman_ford(weights.astype(float), indices=0).tolist()


def test_a_sum_over_all_paths_has_two_leaves():
    # Catalan numbers: binary trees with n nodes, by the size of the left branch
    def trees(n):
        rows = np.repeat(np.arange(len(n)), n)
        left = np.concatenate([np.arange(x) for x in n] or [n])
        return [Option(0, when=n == 0), Option(0, [left, n[rows] - 1 - left], rows=rows)]

    @cache
    def catalan(n):
        return 1 if n == 0 else sum(catalan(i) * catalan(n - 1 - i) for i in range(n))

    assert Recurrence(trees, (31,)).solve((30,), COUNTING) == catalan(30)


def steps(n):
    return [Option(0, when=n == 0), Option(1, [n - 1], when=n > 0), Option(1, [n - 2], when=n > 1)]


def turning(n):
    return [Option(0, when=n == 0), Option(1, [np.where(n == 2, 4, n - 1)], when=n > 0)]


def three(n) -> Any:
    return 3


LEAKY = replace(MIN_PLUS, zero=7.0)


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: Recurrence(turning, (9,)).solve((8,), MIN_PLUS), NotRecursive, r"\(4,\) → \(3,\) → \(2,\) → \(4,\)"),
        (lambda: Recurrence(turning, (None,)).solve((8,), MIN_PLUS), NotRecursive, "say repeat=True"),
        (
            lambda: shortest(np.asarray([(0, 1, 1), (1, 0, -2)]), 2).solve((1,), MIN_PLUS, repeat=True),
            NotRecursive,
            "negative cycle",
        ),
        (lambda: Recurrence(steps, (9,)).solve((8,), COUNTING, repeat=True), BadSpecification, "not idempotent"),
        (lambda: Recurrence(steps, (9,)).solve((8,), witnessed(MIN_PLUS)), BadSpecification, "Give ufuncs="),
        (lambda: Recurrence(steps, (9,)).solve((8,), LEAKY), LawViolated, "0 is the unit of ⊕"),
        (lambda: Recurrence(steps, (9,)).best((8,), COUNTING), BadSpecification, "a semiring that chooses"),
        (lambda: Recurrence(lambda n: [], (9,)).best((8,), MIN_PLUS), BadSpecification, "and there is none"),
        (lambda: Recurrence(steps, (200,)).solve((199,), COUNTING), TooLarge, "some exceed 64 bits"),
        (lambda: Recurrence(steps, (9,)).solve((9,), MIN_PLUS), ShapeMismatch, "entry 0 of 9 is none of the 9"),
        (lambda: Recurrence(steps, (9,)).solve((1, 1), MIN_PLUS), ShapeMismatch, "state of 1 columns was expected"),
        (lambda: Recurrence(steps, ()), IllTyped, "at least one column"),
        (lambda: Recurrence(steps, (9,)).solve((1,), cast(Any, 7)), IllTyped, "in a semiring; one was expected, and 7"),
        (
            lambda: Recurrence(steps, (9,)).solve((1,), MIN_PLUS, backend="abacus"),
            BackendMissing,
            "The backend 'abacus'",
        ),
        (
            lambda: Recurrence(lambda n, m: [Option(0, [n - 1], when=n > 0)], (3, 3)).solve((1, 1), MIN_PLUS),
            ShapeMismatch,
            "a state of 1 columns was found",
        ),
        (
            lambda: Recurrence(lambda n: [Option(np.ones(2))], (3,)).solve((1,), MIN_PLUS),
            ShapeMismatch,
            "an array of shape .2,. was found",
        ),
        (
            lambda: Recurrence(lambda n: [Option(0, [n / 2], when=n > 1)], (3,)).solve((1,), MIN_PLUS),
            ShapeMismatch,
            "a column of float64 was found",
        ),
        (lambda: Recurrence(lambda n: [Option("x")], (3,)).solve((1,), MIN_PLUS), ShapeMismatch, "the cost 'x'"),
        (lambda: Recurrence(three, (9,)).solve((1,), MIN_PLUS), IllTyped, "and int was found"),
        (
            lambda: Recurrence(lambda n: [Option(1, [n + 1])], (9,)).solve((1,), MIN_PLUS),
            ShapeMismatch,
            "a leaf of option 0, and entry 0 of 9",
        ),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


@pytest.mark.parametrize("bound", [9, None])
def test_no_states_have_no_answers(bound):
    none = np.zeros(0, np.int64)

    assert Recurrence(steps, (bound,)).solve((none,), MIN_PLUS).tolist() == []
    assert Recurrence(steps, (bound,)).solve((none,), MIN_PLUS, repeat=True).tolist() == []


def test_counts_are_exact_though_others_within_the_bounds_overflow():
    assert Recurrence(steps, (200,)).solve((60,), COUNTING) == 2504730781961  # the Fibonacci number F₆₁


def test_a_state_without_options_has_no_solution():
    assert Recurrence(lambda n: [], (9,)).solve((3,), MIN_PLUS) == INFINITY
    assert Recurrence(lambda n: [Option(0, when=n == 2)], (None,)).solve((3,), BOOLEAN) is False


def test_states_that_are_not_reached_need_not_make_sense():
    def options(n):  # odd states leave the bounds
        return [Option(0, when=n == 0), Option(1, [np.where(n % 2 == 0, n - 2, n + 900)], when=n > 0)]

    assert Recurrence(options, (101,)).solve((100,), MIN_PLUS) == 50
