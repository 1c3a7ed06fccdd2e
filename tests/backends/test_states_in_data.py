"""Recursions whose states stand inside data, such as those over rose trees, on arrays (T2.2, T3.4, T4.5)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import FinSet, Id, R, arrow, case, fold, generator, mu
from catcore.categories import PythonValues
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import datatype
from catcore.datatypes import hylo as plain_hylo
from catcore.errors import NotInterpreted, NotRecursive, ShapeMismatch
from catcore.functors import functor
from catcore.para import ParaMap, hylo
from catcore.structures.lists import LIST
from catcore_backends import compile_arrow, gradient
from catcore_backends.libraries.conversion import on_host
from catcore_backends.recursion.forests import forest, forest_from_tables, forest_of_lists

N, S = R(), FinSet(40)
ADD, MULTIPLY = (smooth(word, N * N) for word in ("add", "multiply"))
TOTAL = fold(LIST(N), case(constant(0.0), ADD))
ROSE = functor(lambda X: N * LIST(X))
ASK = generator("ask", S, ROSE(S))
SUM = arrow(ROSE(N), N)(lambda x: ADD((x[0], TOTAL(x[1]))))
numbers = st.lists(st.integers(0, 39), min_size=1, max_size=6)


def below(n: int) -> list[int]:
    """The states that a state leads to: as many as its rest by 4, so that lists differ in length."""
    return [(n - 1 - i) // 2 for i in range(min(n, n % 4))]


def listed(rows: Any) -> Any:
    """The lists of successors of a batch of states."""
    found = [below(int(n)) for n in rows]
    padded = np.zeros((len(found), 4), np.int64)
    for row, states in zip(padded, found, strict=True):
        row[: len(states)] = states
    return forest_of_lists(LIST(S), padded, [len(x) for x in found])


def asked(rows):
    """Each state itself as a number, and its list."""
    return np.asarray(rows, float), listed(rows)


@given(numbers)
def test_states_in_lists_give_what_the_term_gives(starts):
    lists = datatype(LIST(S))
    functions = {ASK: lambda n: (float(n), lists.list_of(below(n))), constant(0.0): lambda _: 0.0, ADD: sum}
    python = PythonValues(functions)
    h = plain_hylo(ROSE, SUM, ASK)

    found = compile_arrow(h, generators={"ask": asked})(np.asarray(starts))

    np.testing.assert_allclose(found, [python.apply(h, n) for n in starts])


def test_states_in_lists_on_every_library(library):
    def rule(rows):
        return library.answer(asked(on_host(rows)))

    run = compile_arrow(plain_hylo(ROSE, SUM, ASK), "auto", generators={"ask": rule})
    found = library.numpy(run(library.array([39, 7, 0, 22])))

    np.testing.assert_allclose(found, [weighed(n, 1, 1) for n in (39, 7, 0, 22)], rtol=1e-12)


W = R()
WEIGHED_ASK = generator("weighed_ask", W * S, ROSE(S))
WEIGHED_SUM = arrow(W * ROSE(N), N)(lambda x: ADD((x[1][0], MULTIPLY((x[0], TOTAL(x[1][1]))))))


def weighed(n, p, q):
    """``q n + p Σ below``, one state at a time."""
    return q * n + p * sum(weighed(m, p, q) for m in below(n))


@given(numbers, st.floats(-1, 1), st.floats(-1, 1))
def test_parameters_are_shared_by_states_in_lists_t4_5(starts, p, q):
    def weighed_asked(x):
        return x[0] * np.asarray(x[1], float), listed(x[1])

    def run(algebra, coalgebra, *given):
        cells = hylo(ROSE, algebra, coalgebra)
        assert len(cells.params) == len(given)
        code = compile_arrow(cells, generators={"weighed_ask": weighed_asked, "ask": asked})
        weights = tuple(map(np.asarray, given))
        return code(weights[0] if len(given) == 1 else weights, np.asarray(starts))

    both, first, second = ParaMap(W, WEIGHED_SUM), ParaMap((), SUM), ParaMap((), ASK)
    asking = ParaMap(W, WEIGHED_ASK)
    np.testing.assert_allclose(run(both, asking, p, q), [weighed(n, p, q) for n in starts], atol=1e-9)
    np.testing.assert_allclose(run(both, second, p), [weighed(n, p, 1) for n in starts], atol=1e-9)
    np.testing.assert_allclose(run(first, asking, q), [weighed(n, 1, q) for n in starts], atol=1e-9)
    np.testing.assert_allclose(run(first, second), [weighed(n, 1, 1) for n in starts], atol=1e-9)


def test_parameters_are_shared_by_states_on_every_library(library):
    def rule(x):
        return library.answer((np.asarray(on_host(x[1]), float), listed(on_host(x[1]))))

    cells = hylo(ROSE, ParaMap(W, WEIGHED_SUM), ParaMap(W, WEIGHED_ASK))
    run = compile_arrow(cells, "auto", generators={"weighed_ask": lambda x: (x[0] * rule(x)[0], rule(x)[1])})
    found = library.numpy(run((library.array(0.5), library.array(-0.25)), library.array([39, 7, 0, 22])))

    np.testing.assert_allclose(found, [weighed(n, 0.5, -0.25) for n in (39, 7, 0, 22)], rtol=1e-12)


def test_a_plan_folds_on_every_library(library):
    trees = compile_arrow(plain_hylo(ROSE, SUM, ASK).plan, generators={"ask": asked})(np.asarray([39, 7, 0]))
    found = library.numpy(compile_arrow(fold(mu(lambda X: N * LIST(X)), SUM), library.backend)(trees))

    np.testing.assert_allclose(found, [weighed(n, 1, 1) for n in (39, 7, 0)], rtol=1e-12)


def test_unfolding_alone_gives_the_trees_of_states():
    """The plan of a recursion is a forest, which folds like any other (T3.4)."""
    trees = compile_arrow(plain_hylo(ROSE, SUM, ASK).plan, generators={"ask": asked})(np.asarray([39, 7, 0]))

    assert trees.shape == (3,)
    found = compile_arrow(fold(mu(lambda X: N * LIST(X)), SUM))(trees)
    np.testing.assert_allclose(found, [weighed(n, 1, 1) for n in (39, 7, 0)])


def test_each_state_is_asked_once():
    met: list[int] = []

    def counted(rows):
        met.extend(np.asarray(rows).tolist())
        return asked(rows)

    compile_arrow(plain_hylo(ROSE, SUM, ASK), generators={"ask": counted})(np.arange(40))

    assert sorted(met) == list(range(40))


def test_states_in_lists_of_lists_and_beside_labels():
    # (n, [[(weight, state)]]): one list of the two states below, and an empty one
    outer = functor(lambda X: N * mu(lambda Z: 1 + mu(lambda Y: 1 + (N * X) * Y) * Z))
    inner, pairs = mu(1 + (N * S) * Id), mu(lambda Y: 1 + (N * N) * Y)
    weigh = fold(pairs, arrow(1 + (N * N) * N, N)(
        lambda x: x.case(inl=lambda _: constant(0.0)(()), inr=lambda p: ADD((MULTIPLY(p[0]), p[1])))
    ))  # fmt: skip
    tables = mu(lambda Z: 1 + pairs * Z)
    whole = fold(tables, arrow(1 + pairs * N, N)(
        lambda x: x.case(inl=lambda _: constant(0.0)(()), inr=lambda p: ADD((weigh(p[0]), p[1])))
    ))  # fmt: skip
    algebra = arrow(N * tables, N)(lambda x: ADD((x[0], whole(x[1]))))
    rows, lists = datatype(mu(lambda Z: 1 + inner * Z)), datatype(inner)

    def layers(states):
        ends = np.asarray(states, float)
        return ends, forest([
            rows.list_of([lists.list_of([(2.0, (n - 1) // 2), (3.0, (n - 1) // 3)] if n else []), lists.list_of([])])
            for n in np.asarray(states).tolist()
        ])  # fmt: skip

    def value(n):
        return n + (2 * value((n - 1) // 2) + 3 * value((n - 1) // 3) if n else 0)

    h = plain_hylo(outer, algebra, generator("layers", S, outer(S)))
    found = compile_arrow(h, generators={"layers": layers})(np.asarray([0, 1, 5, 39]))

    np.testing.assert_allclose(found, [value(n) for n in (0, 1, 5, 39)])


def test_items_of_lists_need_not_be_states():
    # (1, [state or nothing]): what is no state counts 1
    optional = functor(lambda X: N * LIST(1 + X))

    @arrow(1 + (1 + N) * N, N)
    def counted(x):
        return x.case(
            inl=lambda _: constant(0.0)(()),
            inr=lambda p: p[0].case(inl=lambda _: smooth("shift", N, 1)(p[1]), inr=lambda a: ADD((a, p[1]))),
        )

    items = fold(LIST(1 + N), counted)
    algebra = arrow(optional(N), N)(lambda x: ADD((x[0], items(x[1]))))

    def asked_for(rows):
        n = np.asarray(rows)
        none = np.zeros(len(n), np.int64)
        pairs = np.stack([n > 0, none], 1).astype(int), (), np.stack([np.maximum(n - 1, 0), none], 1)
        return np.ones(len(n)), forest_of_lists(LIST(1 + S), pairs)

    h = plain_hylo(optional, algebra, generator("optional", S, optional(S)))

    assert compile_arrow(h, generators={"optional": asked_for})(np.arange(4)).tolist() == [3, 5, 7, 9]


def test_no_states_and_states_without_successors():
    run = compile_arrow(plain_hylo(ROSE, SUM, ASK), generators={"ask": asked})

    assert run(np.zeros(0, np.int64)).shape == (0,)
    assert run(np.asarray([0, 4, 0])).tolist() == [0, 4, 0]


def test_a_long_chain_of_states_in_lists():
    def one(rows):
        n = np.asarray(rows)
        return np.ones(len(n)), forest_of_lists(LIST(N), np.maximum(n - 1, 0)[:, None], np.minimum(n, 1).astype(int))

    h = plain_hylo(ROSE, SUM, generator("ask", N, ROSE(N)))

    assert compile_arrow(h, generators={"ask": one})(np.asarray([3000, 1])).tolist() == [3001, 2]


def test_states_that_lead_back_to_themselves_through_lists_are_shown():
    def round_about(rows):
        n = np.asarray(rows)
        return n.astype(float), forest_of_lists(LIST(S), ((n + 1) % 3)[:, None])

    with pytest.raises(NotRecursive, match="0 → 1 → 2 → 0 leads back to itself"):
        compile_arrow(plain_hylo(ROSE, SUM, ASK), generators={"ask": round_about})(np.asarray([0]))


TREES = mu(S + Id * Id)


@pytest.mark.parametrize(("lists", "sentence"), [
    (lambda n: np.zeros((len(n), 2)), r"2 elements of μX\. 1 \+ 40 × X, and ndarray was given"),
    (lambda n: forest_of_lists(LIST(S), np.zeros((len(n) + 1, 2), np.int64)), r"about 2 states, .* of shape \(3,\)"),
    (
        lambda n: forest_from_tables(TREES, [0], [[], [[], []]], [[[0]], []], np.zeros(len(n), np.int64)),
        r"2 elements of μX\. 1 \+ 40 × X, and 2 elements of μX\. 40 \+ X × X was given",
    ),
])  # fmt: skip
def test_what_is_no_batch_of_lists_is_refused(lists, sentence):
    run = compile_arrow(plain_hylo(ROSE, SUM, ASK), generators={"ask": lambda n: (np.asarray(n, float), lists(n))})
    with pytest.raises(ShapeMismatch, match=sentence):
        run(np.asarray([1, 2]))


def test_gradients_through_states_in_lists_are_refused():
    h = hylo(ROSE, ParaMap(W, WEIGHED_SUM), ParaMap(W, WEIGHED_ASK))
    with pytest.raises(NotInterpreted, match="The gradient of a recursion over"):
        gradient(h.arrow, generators={"weighed_ask": asked})
