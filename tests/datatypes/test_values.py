"""Elements of least fixed points: equality, printing, reading, pickling, depth (T2.2, T2.3)."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import FinSet, Id, atoms
from catcore.categories.finite_sets import Injected
from catcore.datatypes import Data, datatype, initial_chain, terminal_chain
from catcore.errors import BadSpecification, IllTyped, NotInterpreted, TooLarge, UnknownName
from catcore.functors import Const
from tests.datatypes.examples import LIST, TREE, Binary, Bits, Lists, N, Nat, Rose, Trees, again

DEEP = 5_000
leaf, node = Trees.constructors
trees = st.recursive(st.integers(-9, 9).map(leaf), lambda t: st.tuples(t, t).map(lambda p: node(*p)), max_leaves=12)


def degenerate(depth: int) -> Data:
    tree = leaf(0)
    for i in range(depth):
        tree = node(leaf(i), tree)
    return tree


def test_sizes_of_the_initial_chains_of_t2_3():
    two, one = FinSet(2), FinSet(1)

    assert initial_chain(1 + two * Id, 6) == [0, 1, 3, 7, 15, 31]
    assert initial_chain(one + Id * Id, 6) == [0, 1, 2, 5, 26, 677]
    assert initial_chain(two + Id * Id, 5) == [0, 2, 6, 38, 1446]
    assert initial_chain(1 + two * (Id * Id), 5) == [0, 1, 3, 19, 723]


def test_sizes_of_the_terminal_chains_of_t3_2():
    two = FinSet(2)

    assert terminal_chain(two * Id, 6) == [1, 2, 4, 8, 16, 32]
    assert terminal_chain((two * Id) ** two, 4) == [1, 4, 64, 16384]
    assert terminal_chain(two * Id**two, 5) == [1, 2, 8, 128, 32768]


def test_sizes_of_the_free_monad_of_t2_7():
    # μX. (1 + {0,1} × X) + Z with one variable: lists that end in nil or in the variable
    assert initial_chain(1 + FinSet(2) * Id + FinSet(1), 5) == [0, 2, 6, 14, 30]


def test_a_chain_refuses_what_has_no_size():
    (unknown,) = atoms("unknown")
    with pytest.raises(NotInterpreted, match=r"has no size; give sizes=\{unknown: n\}"):
        initial_chain(1 + unknown * Id, 3)
    assert initial_chain(1 + unknown * Id, 3, {unknown: 5}) == [0, 1, 6]
    with pytest.raises(TooLarge, match="binary digits"):
        initial_chain(2 + Id ** FinSet(1000), 9)


@given(trees)
def test_trees_print_and_read_back(tree):
    assert Trees.read(Trees.show(tree)) == tree
    assert Trees.from_nested(Trees.nested(tree)) == tree
    assert again(tree) == tree
    assert hash(again(tree)) == hash(tree)


@given(trees, trees)
def test_equality_is_that_of_trees(left, right):
    assert (left == right) == (Trees.nested(left) == Trees.nested(right))


@given(st.lists(st.integers()))
def test_lists_convert_both_ways(items):
    value = Lists.list_of(items)

    assert Lists.to_list(value) == items
    assert str(value) == str(items)
    assert Lists.read(str(items)) == value


def test_values_print_as_they_are_written():
    assert str(LIST) == "[3, 1, 4, 1, 5]"
    assert Trees.show(TREE) == "Node(Node(Leaf(2), Leaf(5)), Node(Leaf(7), Node(Leaf(1), Leaf(3))))"
    assert str(TREE) == "c1(c1(c0(2), c0(5)), c1(c0(7), c1(c0(1), c0(3))))"
    assert (TREE.height, TREE.size) == (4, 9)


def test_labels_of_every_kind_are_read():
    of = datatype(1 + N * Id, "Nil", "Cons")
    assert of.to_list(of.read("[1, 2.5, 1/3, 'a b', (1, x), inl(()), -4]")) == [
        1, 2.5, Fraction(1, 3), "a b", (1, "x"), Injected("inl", ()), -4,
    ]  # fmt: skip


def test_a_deep_value_needs_no_deep_stack():
    assert sys.getrecursionlimit() < DEEP
    one, other = degenerate(DEEP), degenerate(DEEP)

    assert one == other
    assert hash(one) == hash(other)
    assert one.height == DEEP + 1
    assert again(one) == one
    assert Trees.read(Trees.show(one)) == one
    assert one != node(leaf(-1), one)


@pytest.mark.slow
def test_many_constructors_need_no_deep_stack():
    many = 200_000
    one, comb, end = Lists.list_of([1] * many), leaf(0), leaf(1)
    for _ in range(many):
        comb = node(end, comb)

    assert Lists.fold(Nil=lambda: 0, Cons=lambda a, n: a + n)(one) == many
    assert Trees.fold(Leaf=lambda a: 1, Node=lambda l, r: l + r)(comb) == many + 1
    assert (one.height, comb.height) == (many + 1, many + 1)


def test_shared_branches_cost_nothing():
    tree = leaf(1)
    for _ in range(200):
        tree = node(tree, tree)

    assert tree.size == 2**201 - 1
    assert Trees.fold(Leaf=lambda a: a, Node=lambda l, r: l + r)(tree) == 2**200
    assert again(tree) == tree


def test_branches_inside_other_data_are_branches():
    (rose,) = Rose.constructors
    forest = datatype(lambda Y: 1 + Rose.fixed * Y)
    tree = rose(1, forest.list_of([rose(2, forest.list_of([])), rose(3, forest.list_of([]))]))

    total = Rose.fold(Rose=lambda label, below: label + sum(below_items(below)))
    assert total(tree) == 6
    assert str(tree) == "c0(1, [c0(2, []), c0(3, [])])"


def below_items(value: Data) -> list[int]:
    items = []
    while value.layer.side == "inr":
        item, value = value.layer.value
        items.append(item)
    return items


def test_a_networkx_graph_shares_branches():
    shared = node(leaf(1), leaf(2))
    graph = Trees.to_networkx(node(shared, shared))

    assert graph.number_of_nodes() == 4
    assert graph.number_of_edges() == 4
    assert graph.nodes[0]["constructor"] == "Node"
    assert sorted(d["labels"] for _, d in graph.nodes(data=True) if d["constructor"] == "Leaf") == [(1,), (2,)]


def test_values_cannot_change():
    with pytest.raises(AttributeError, match="is a value and cannot change"):
        LIST.layer = ()


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: node(leaf(1)), IllTyped, "takes 2 argument"),
        (lambda: node(leaf(1), LIST), IllTyped, "as an argument of Node, and an element of"),
        (lambda: Bits.constructors[1](2, Bits.constructors[0]()), IllTyped, "An element of 2 was asked for"),
        (lambda: datatype(N + Id * Id, "Leaf"), IllTyped, "has 2 constructors"),
        (lambda: Trees.list_of([1]), IllTyped, "only μX. 1 . A × X has lists"),
        (lambda: Trees.apply("Twig", ()), UnknownName, "'Twig' is no constructor"),
        (lambda: Trees.fold(Leaf=abs), UnknownName, "Node is missing or unknown"),
        (lambda: Trees.fold(Leaf=abs, Node=max)(LIST), IllTyped, "An element of μX. N . X × X was asked for"),
        (lambda: Trees.read("Node(Leaf(2), "), BadSpecification, "ends in the middle"),
        (lambda: Trees.read("Node(Leaf(2) Leaf(5))"), BadSpecification, "a comma or a closing bracket"),
        (lambda: Trees.read("Leaf(2))"), BadSpecification, "closes nothing"),
        (lambda: Trees.read("Leaf(2,)"), BadSpecification, "closes nothing"),
        (lambda: Trees.read("Leaf(;)"), BadSpecification, "at character 5"),
        (lambda: Trees.read("Node(__import__('os'), Leaf(1))"), UnknownName, "'__import__' is no constructor"),
        (lambda: Data(cast(Any, N), ()), IllTyped, "least fixed point"),
        (lambda: datatype(Const(1) + Id, "A b", "C"), IllTyped, "letters and digits"),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


def test_numerals_are_data_too():
    zero, successor = Nat.constructors
    three = successor(successor(successor(zero())))
    assert Nat.fold(Zero=lambda: 0, Succ=lambda n: n + 1)(three) == 3
    assert [c.arrow.signature for c in Binary.constructors][1].endswith("→ μX. 1 + (X + X)")
