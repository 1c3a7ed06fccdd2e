"""Dynamic programming as coalgebra-to-algebra morphisms: the worked problems of T3.4, and its laws."""

from __future__ import annotations

import itertools as it
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import FinSet, Id, finite_map, functor, generator, hylo
from catcore.categories import PythonValues
from catcore.categories.finite_sets import Injected
from catcore.datatypes import datatype, ranks
from catcore.datatypes.hylomorphisms import Hylo
from catcore.errors import IllTyped, NotRecursive
from catcore.objects import atoms, mu
from tests.datatypes.examples import N, S

inl, inr = (lambda value, side=side: Injected(side, value) for side in ("inl", "inr"))


def problem(F, algebra, coalgebra):
    """A hylomorphism over Python functions on layers, the count of calls, and its plan."""
    calls: list = []
    a, c = generator("algebra", F(N), N), generator("coalgebra", S, F(S))

    def counted(state):
        calls.append(state)
        return coalgebra(state)

    h = hylo(F, a, c)
    return h, PythonValues({a: algebra, c: counted}), calls


def solve(F, algebra, coalgebra, start):
    h, python, _ = problem(F, algebra, coalgebra)
    return python.apply(h, start)


def fibonacci():
    return problem(
        N + Id * Id,
        lambda e: e.value if e.side == "inl" else sum(e.value),
        lambda n: inl(n) if n < 2 else inr((n - 1, n - 2)),
    )


def test_fibonacci_asks_each_state_once_t3_4():
    h, python, calls = fibonacci()

    assert python.apply(h, 10) == 55
    assert len(calls) == 11
    assert naive_calls(10) == 177


def naive_calls(n: int) -> int:
    return 1 if n < 2 else 1 + naive_calls(n - 1) + naive_calls(n - 2)


def test_the_plan_can_be_shown_and_executed():
    h, python, _ = fibonacci()
    plan = python.apply(h.plan, 5)
    trees = datatype(h.plan.cod, "Known", "Sum")

    assert trees.show(python.apply(h.plan, 3)) == "Sum(Sum(Known(1), Known(0)), Known(1))"
    assert trees.fold(Known=lambda n: n, Sum=lambda x, y: x + y)(plan) == python.apply(h, 5) == 5


def edit_distance(a: str, b: str) -> int:
    """``ℕ + 2 × X³``: whether the letters agree, and the three smaller problems."""

    def unfold(state):
        i, j = state
        if i == len(a) or j == len(b):
            return inl(len(a) - i + len(b) - j)
        return inr((int(a[i] != b[j]), ((i + 1, j), ((i, j + 1), (i + 1, j + 1)))))

    def best(layer):
        if layer.side == "inl":
            return layer.value
        differ, (drop, (add, change)) = layer.value
        return min(drop + 1, add + 1, change + differ)

    return solve(N + 2 * (Id * (Id * Id)), best, unfold, (0, 0))


@pytest.mark.parametrize(
    ("a", "b", "distance"), [("kitten", "sitting", 3), ("flaw", "lawn", 2), ("saturday", "sunday", 3)]
)
def test_edit_distance_t3_4(a, b, distance):
    assert edit_distance(a, b) == distance


def knapsack(weights, values, room):
    """``ℕ + X + V × X²``: nothing left, an item too heavy, or an item to leave or to take."""

    def unfold(state):
        i, room = state
        if i == len(weights):
            return inl(inl(0))
        if weights[i] > room:
            return inl(inr((i + 1, room)))
        return inr((values[i], ((i + 1, room), (i + 1, room - weights[i]))))

    def best(layer):
        if layer.side == "inl":
            return layer.value.value
        value, (leave, take) = layer.value
        return max(leave, value + take)

    return solve((N + Id) + N * (Id * Id), best, unfold, (0, room))


@pytest.mark.parametrize(
    ("weights", "values", "room", "best"),
    [((1, 3, 4, 5), (1, 4, 5, 7), 7, 9), ((2, 3, 4, 5), (3, 4, 5, 6), 5, 7)],
)
def test_knapsack_t3_4(weights, values, room, best):
    assert knapsack(weights, values, room) == best


@pytest.mark.parametrize(("sizes", "cost"), [((10, 30, 5, 60), 4500), ((40, 20, 30, 10, 30), 26000)])
def test_matrix_chains_branch_over_a_list_t3_4(sizes, cost):
    F = functor(lambda X: 1 + mu(lambda Y: 1 + (X * X) * N * Y))
    items = datatype(F(S).right)

    def unfold(state):
        i, j = state
        if j - i < 2:
            return inl(())
        return inr(items.list_of([(((i, k), (k, j)), sizes[i] * sizes[k] * sizes[j]) for k in range(i + 1, j)]))

    def best(layer):
        if layer.side == "inl":
            return 0
        choices = datatype(layer.value.of, "Nil", "Cons").to_list(layer.value)
        return min(left + right + product for (left, right), product in choices)

    assert solve(F, best, unfold, (0, len(sizes) - 1)) == cost


EDGES = [(0, 1, 4), (0, 2, 2), (2, 1, 1), (1, 3, 5), (2, 3, 8), (3, 4, 3)]
ROUNDS: list[list[float]] = [
    [0, math.inf, math.inf, math.inf, math.inf],
    [0, 4, 2, math.inf, math.inf],
    [0, 3, 2, 9, math.inf],
    [0, 3, 2, 8, 12],
    [0, 3, 2, 8, 11],
]


def bellman_ford():
    """``W̄ + List(X × W)`` on pairs of a node and a number of hops; on nodes alone it would not end."""
    F = functor(lambda X: N + mu(lambda Y: 1 + (X * N) * Y))
    items = datatype(F(S).right)

    def unfold(state):
        node, k = state
        if k == 0:
            return inl(0 if node == 0 else math.inf)
        return inr(items.list_of([((node, k - 1), 0), *(((u, k - 1), w) for u, v, w in EDGES if v == node)]))

    def best(layer):
        if layer.side == "inl":
            return layer.value
        choices = datatype(layer.value.of, "Nil", "Cons").to_list(layer.value)
        return min((d + w for d, w in choices), default=math.inf)

    return F, best, unfold


@pytest.mark.parametrize("k", range(5))
def test_rounds_of_bellman_ford_t3_4(k):
    F, best, unfold = bellman_ford()

    assert [solve(F, best, unfold, (v, k)) for v in range(5)] == ROUNDS[k]


def test_a_cycle_of_states_is_reported_not_followed():
    F, best, _ = bellman_ford()
    items = datatype(F(S).right)
    loop = {0: 1, 1: 2, 2: 0}

    with pytest.raises(NotRecursive, match="0 → 1 → 2 → 0 leads back to itself"):
        solve(F, best, lambda s: inr(items.list_of([(loop[s], 1)])), 0)


def test_quicksort_unfolds_a_tree_and_folds_it_t3_4():
    def unfold(items):
        if not items:
            return inl(())
        pivot, *rest = items
        return inr((tuple(x for x in rest if x < pivot), (pivot, tuple(x for x in rest if x >= pivot))))

    def join(layer):
        return () if layer.side == "inl" else (*layer.value[0], layer.value[1][0], *layer.value[1][1])

    assert solve(1 + Id * (N * Id), join, unfold, (3, 1, 4, 1, 5, 9, 2, 6)) == (1, 1, 2, 3, 4, 5, 6, 9)


def test_a_long_recursion_needs_no_deep_stack():
    total = solve(
        1 + Id, lambda e: 0 if e.side == "inl" else e.value + 1, lambda n: inr(n - 1) if n else inl(()), 10_000
    )

    assert total == 10_000


def test_states_have_to_be_recognised():
    with pytest.raises(IllTyped, match="has no hash"):
        solve(1 + Id, lambda e: 0, lambda n: inl(()), [1])


def test_hylo_types_its_two_maps():
    A, B = atoms("A B")
    F = 1 + Id
    with pytest.raises(IllTyped, match="takes an algebra"):
        hylo(F, generator("f", A, B), generator("g", S, F(S)))
    with pytest.raises(IllTyped, match="takes a coalgebra"):
        hylo(F, generator("f", F(A), A), generator("g", S, S))
    assert isinstance(eval(repr(hylo(F, generator("f", F(A), A), generator("g", S, F(S)))), namespace()), Hylo)


def namespace():
    import catcore
    from catcore.objects import Atom

    return {**vars(catcore), "Atom": Atom}


@given(st.integers(1, 12), st.randoms())
def test_a_coalgebra_is_recursive_exactly_when_no_state_leads_back_t3_4(n, random):
    table = [random.randrange(n + 1) for _ in range(n)]  # 0 ends, and i + 1 leads to i

    def returns(s):
        return any(s == t for t in it.islice(_way(table, s), 1, n + 1))

    coalgebra = finite_map(FinSet(n), 1 + FinSet(n), table)
    if any(returns(s) for s in range(n)):
        with pytest.raises(NotRecursive, match="leads back to itself"):
            ranks(1 + Id, coalgebra)
    else:
        assert ranks(1 + Id, coalgebra) == {s: len(list(_way(table, s))) - 1 for s in range(n)}


def _way(table, s):
    """A state and those that follow."""
    yield s
    while table[s]:
        s = table[s] - 1
        yield s


def test_ranks_of_the_states_of_fibonacci_t3_4():
    found = ranks(N + Id * Id, lambda n: inl(n) if n < 2 else inr((n - 1, n - 2)), [10])

    assert found == {n: max(n - 1, 0) for n in range(11)}
