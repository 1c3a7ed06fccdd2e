"""Folds in small steps: a trace that ends in the value, with one step for each constructor (FEATURES 132)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.datatypes import datatype, reduction_steps
from catcore.errors import IllTyped, TooLarge, UnknownName
from tests.datatypes.examples import LIST, TREE, Lists, Nat, Rose, Trees

leaf, node = Trees.constructors
trees = st.recursive(st.integers(-9, 9).map(leaf), lambda t: st.tuples(t, t).map(lambda p: node(*p)), max_leaves=12)
DIFFERENCE: dict[str, Callable[..., Any]] = {"Leaf": lambda a: a, "Node": lambda l, r: l - 2 * r}


def rose():
    """A rose tree without branches."""
    return Rose.constructors[0](1, datatype(lambda Y: 1 + Rose.fixed * Y).list_of([]))


def test_a_tree_of_t2_3_in_nine_steps():
    trace = reduction_steps(TREE, Trees, **DIFFERENCE)

    assert (len(trace), trace.value) == (9, -42)
    assert trace.rules == ("Leaf", "Leaf", "Node", "Leaf", "Leaf", "Leaf", "Node", "Node", "Node")
    assert [str(s) for s in trace.states[2:5]] == [
        "Node(Node(2, 5), Node(Leaf(7), Node(Leaf(1), Leaf(3))))",
        "Node(-8, Node(Leaf(7), Node(Leaf(1), Leaf(3))))",
        "Node(-8, Node(7, Node(Leaf(1), Leaf(3))))",
    ]


@given(trees)
def test_as_many_steps_as_constructors_and_the_value_of_the_fold(tree):
    trace = reduction_steps(tree, Trees, **DIFFERENCE)

    assert trace.value == Trees.fold(**DIFFERENCE)(tree)
    assert len(trace) == tree.size
    assert len(trace.states) == tree.size + 1


def test_shared_branches_are_reduced_as_often_as_they_occur():
    tree = leaf(1)
    for _ in range(5):
        tree = node(tree, tree)

    assert len(reduction_steps(tree, Trees, **DIFFERENCE)) == 63


def test_a_list_is_reduced_from_its_end():
    trace = reduction_steps(LIST, Lists, Nil=lambda: 0, Cons=lambda a, rest: a + 2 * rest)

    assert [str(s) for s in trace.states[:3]] == [
        "Cons(3, Cons(1, Cons(4, Cons(1, Cons(5, Nil)))))",
        "Cons(3, Cons(1, Cons(4, Cons(1, Cons(5, 0)))))",
        "Cons(3, Cons(1, Cons(4, Cons(1, 5))))",
    ]
    assert trace.value == 3 + 2 * (1 + 2 * (4 + 2 * (1 + 2 * 5)))


def test_deep_elements_need_no_deep_stack():
    number = Nat.constructors[0]()
    for _ in range(1_200):
        number = Nat.constructors[1](number)
    trace = reduction_steps(number, Nat, Zero=lambda: 0, Succ=lambda n: n + 1)

    assert (len(trace), trace.value) == (1_201, 1_200)
    assert str(trace.states[0]).count("Succ") == 1_200


def test_a_trace_prints_one_state_a_line():
    lines = str(reduction_steps(node(leaf(5), leaf(1)), Trees, **DIFFERENCE)).splitlines()

    assert [line.split() for line in lines[2:]] == [["→", "Node(5,", "1)", "by", "Leaf"], ["→", "3", "by", "Node"]]


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: reduction_steps(TREE, Trees, Leaf=abs), UnknownName, "one clause for each of Leaf, Node; Node is"),
        (lambda: reduction_steps(LIST, Trees, **DIFFERENCE), IllTyped, "An element of .* was asked for"),
        (
            lambda: reduction_steps(Lists.list_of(range(2_000)), Lists, Nil=lambda: 0, Cons=lambda a, n: n),
            TooLarge,
            "with 2001 constructors, and each is a step",
        ),
        (
            lambda: reduction_steps(rose(), Rose, Rose=lambda a, branches: a),
            IllTyped,
            "branches stand inside its argument",
        ),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()
