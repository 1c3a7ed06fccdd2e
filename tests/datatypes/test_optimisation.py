"""Problems stated once and solved in several semirings: optimum, count, feasibility, best solutions (T3.4)."""

from __future__ import annotations

import itertools as it
import math
from fractions import Fraction
from typing import Any

import pytest

from catcore.datatypes import datatype
from catcore.datatypes.optimisation import Choice, Problem
from catcore.datatypes.semirings import BOOLEAN, COUNTING, LOG_SUM_EXP, MAX_PLUS, MIN_PLUS, witnessed
from catcore.errors import BackendMissing, BadSpecification, IllTyped, NotRecursive, TooLarge
from tests.datatypes.test_hylomorphisms import EDGES, ROUNDS


def edit_distance(a, b):
    def choices(state):
        i, j = state
        if i < len(a):
            yield Choice(1, ((i + 1, j),), (a[i], ""))
        if j < len(b):
            yield Choice(1, ((i, j + 1),), ("", b[j]))
        if i < len(a) and j < len(b):
            yield Choice(int(a[i] != b[j]), ((i + 1, j + 1),), (a[i], b[j]))
        if (i, j) == (len(a), len(b)):
            yield Choice(0)

    return Problem(choices)


def knapsack(weights, values):
    def choices(state):
        i, room = state
        if i == len(weights):
            return [Choice(0)]
        take = [Choice(values[i], ((i + 1, room - weights[i]),), i)] if weights[i] <= room else []
        return [Choice(0, ((i + 1, room),)), *take]

    return Problem(choices)


def matrix_chain(sizes):
    def choices(state):
        i, j = state
        if j - i < 2:
            return [Choice(0)]
        return [Choice(sizes[i] * sizes[k] * sizes[j], ((i, k), (k, j)), (i, k, j)) for k in range(i + 1, j)]

    return Problem(choices)


def shortest_paths(edges, source):
    def choices(state):
        node, hops = state
        if hops == 0:
            return [Choice(0)] if node == source else []
        return [Choice(0, ((node, hops - 1),)), *(Choice(w, ((u, hops - 1),), u) for u, v, w in edges if v == node)]

    return Problem(choices)


@pytest.mark.parametrize(("a", "b", "cost"), [("kitten", "sitting", 3), ("flaw", "lawn", 2), ("saturday", "sunday", 3)])
def test_edit_distance_with_its_edits_t3_4(a, b, cost):
    ((found, edits),) = edit_distance(a, b).best((0, 0), MIN_PLUS)

    assert found == edit_distance(a, b).solve((0, 0), MIN_PLUS) == cost
    assert sum(old != new for old, new in edits) == cost
    assert "".join(old for old, _ in edits) == a
    assert "".join(new for _, new in edits) == b


def test_alignments_are_counted_by_delannoy_numbers():
    assert [edit_distance("a" * n, "b" * n).solve((0, 0), COUNTING) for n in range(5)] == [1, 3, 13, 63, 321]


@pytest.mark.parametrize(
    ("weights", "values", "room", "best"),
    [((1, 3, 4, 5), (1, 4, 5, 7), 7, 9), ((2, 3, 4, 5), (3, 4, 5, 6), 5, 7)],
)
def test_knapsack_in_four_ways_t3_4(weights, values, room, best):
    problem = knapsack(weights, values)
    packings = [s for r in range(5) for s in it.combinations(range(4), r) if sum(weights[i] for i in s) <= room]
    worth = sorted((sum(values[i] for i in s) for s in packings), reverse=True)

    assert problem.solve((0, room), MAX_PLUS) == best == worth[0]
    assert problem.solve((0, room), COUNTING) == len(packings)
    assert problem.solve((0, room), BOOLEAN) is True
    assert [value for value, _ in problem.best((0, room), MAX_PLUS, count=3)] == worth[:3]
    assert all(tuple(i for i in s if i is not None) in packings for _, s in problem.best((0, room), MAX_PLUS, count=3))


@pytest.mark.parametrize(("sizes", "cost", "trees"), [((10, 30, 5, 60), 4500, 2), ((40, 20, 30, 10, 30), 26000, 5)])
def test_matrix_chains_and_their_brackets_t3_4(sizes, cost, trees):
    problem, start = matrix_chain(sizes), (0, len(sizes) - 1)
    ((found, splits),) = problem.best(start, MIN_PLUS)

    assert found == cost == sum(math.prod(sizes[i] for i in s) for s in splits if s)
    assert problem.solve(start, COUNTING) == trees


@pytest.mark.parametrize("hops", range(5))
def test_bellman_ford_by_hops_t3_4(hops):
    problem = shortest_paths(EDGES, 0)

    assert [problem.solve((v, hops), MIN_PLUS) for v in range(5)] == ROUNDS[hops]
    assert [problem.solve((v, hops), BOOLEAN) for v in range(5)] == [d < math.inf for d in ROUNDS[hops]]


def test_the_plan_is_a_tree_of_choices_that_shares():
    problem = matrix_chain((10, 30, 5, 60))
    assert problem.plan((0, 3)).of is problem.arrow.plan.cod
    choices = datatype(problem.plan((0, 3)).layer.of, "Nil", "Cons").to_list(problem.plan((0, 3)).layer)
    assert [choice.label for choice, _ in choices] == [(0, 1, 3), (0, 2, 3)]


def test_a_state_without_choices_has_no_solution():
    stuck = Problem(lambda n: [])
    assert (stuck.solve(0, MIN_PLUS), stuck.solve(0, COUNTING), stuck.best(0, MIN_PLUS)) == (math.inf, 0, [])


def test_problems_that_are_none_are_refused():
    partial: dict[int, Any] = {0: [Choice(0, (1,))], 1: None}
    with pytest.raises(IllTyped, match="The choices at the state 1 were asked for, and None was found"):
        Problem(partial.__getitem__).solve(0, MIN_PLUS)
    with pytest.raises(NotRecursive, match="0 → 1 → 0 leads back to itself"):
        Problem(lambda n: [Choice(0, (1 - n,))]).solve(0, MIN_PLUS)
    with pytest.raises(BadSpecification, match="neither of the two"):
        Problem(lambda n: [Choice(0)]).best(0, COUNTING)


@pytest.mark.parametrize("semiring", [MIN_PLUS, MAX_PLUS, BOOLEAN, COUNTING, LOG_SUM_EXP], ids=str)
def test_the_level_engine_gives_the_same_answers(semiring):
    problems = [(edit_distance("flaw", "lawn"), (0, 0)), (knapsack((1, 3, 4, 5), (1, 4, 5, 7)), (0, 7)),
                (matrix_chain((40, 20, 30, 10, 30)), (0, 4)), (shortest_paths(EDGES, 0), (4, 3)),
                (Problem(lambda n: []), 0)]  # fmt: skip
    for problem, start in problems:
        exact = problem.answers(start, semiring)
        found = problem.answers(start, semiring, backend="numpy")

        assert list(found) == list(exact)
        assert list(found.values()) == pytest.approx(list(exact.values()))


def test_what_arrays_cannot_hold_is_refused():
    doubling = Problem(lambda n: [Choice(0, (n - 1, n - 1))] * 2 if n else [Choice(0)] * 2)
    halves = Problem(lambda n: [Choice(Fraction(1, 2), (n - 1,))] if n else [Choice(0)])

    assert doubling.solve(4, COUNTING, backend="numpy") == doubling.solve(4, COUNTING)
    with pytest.raises(TooLarge, match="exceed 64 bits"):
        doubling.solve(6, COUNTING, backend="numpy")
    assert doubling.solve(6, COUNTING) > 2**64
    with pytest.raises(IllTyped, match="at the state 1 is 1/2, which is no machine number"):
        halves.solve(1, MIN_PLUS, backend="numpy")
    with pytest.raises(BadSpecification, match="name no functions on arrays"):
        halves.solve(0, witnessed(MIN_PLUS), backend="numpy")
    with pytest.raises(BackendMissing, match="Backend 'abacus' was asked for"):
        halves.solve(0, MIN_PLUS, backend="abacus")
    with pytest.raises(NotRecursive, match="0 → 1 → 0 leads back to itself"):
        Problem(lambda n: [Choice(0, (1 - n,))]).solve(0, MIN_PLUS, backend="numpy")
