"""The level engine: folds over any polynomial functor on arrays, beside the same fold one element at a time."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import FinSet, Id, R, arrow, case, finite_map, fold, fst, generator, ident, out, pair, snd
from catcore.categories.smooth import constant, constant_matrix, smooth
from catcore.datatypes import datatype, para
from catcore.errors import IllTyped, NotInterpreted, ShapeMismatch
from catcore_backends import compile_arrow
from catcore_backends.recursion.forests import forest, forest_from_tables, forest_of_lists

Trees = datatype(R() + Id * Id, "Leaf", "Node")
Lists = datatype(1 + R(2) * Id, "Nil", "Cons")
Terms = datatype(R() + (FinSet(2) * Id + Id * Id), "Number", "Unary", "Times")
Triples = datatype(R() + R() * Id ** FinSet(3), "Leaf", "Fork")
leaf, node = Trees.constructors

ADD = smooth("add", R() * R())
TOTAL = fold(Trees.fixed, case(ident(R()), ADD))
TREE = "Node(Node(Leaf(2), Leaf(5)), Node(Leaf(7), Node(Leaf(1), Leaf(3))))"

trees = st.recursive(st.floats(-1, 1).map(leaf), lambda t: st.tuples(t, t).map(lambda p: node(*p)), max_leaves=10)


def difference():
    """``l − 2 r`` on nodes (T2.3)."""
    doubled = pair(snd(R(), R()), snd(R(), R())) >> ADD >> smooth("negative", R())
    return fold(Trees.fixed, case(ident(R()), pair(fst(R(), R()), doubled) >> ADD))


def test_a_forest_that_was_folded_is_pickled(library):
    batch, run = forest([Trees.read(TREE), leaf(4.0)]), compile_arrow(TOTAL, "auto")
    before = library.numpy(run(batch.over(library.xp)))

    again = pickle.loads(pickle.dumps(batch))
    assert library.numpy(run(again.over(library.xp))).tolist() == before.tolist() == [18, 4]


@pytest.mark.usefixtures("everywhere")
def test_worked_trees_t2_3():
    batch = [Trees.read(TREE), leaf(4.0)]

    assert compile_arrow(TOTAL)(batch).tolist() == [18, 4]
    assert compile_arrow(difference())(batch).tolist() == [-42, 4]


@pytest.mark.usefixtures("everywhere")
@given(st.lists(trees, min_size=1, max_size=6))
def test_a_forest_folds_like_each_tree(batch):
    term = difference()
    expected = [Trees.fold(Leaf=lambda a: a, Node=lambda l, r: l - 2 * r)(t) for t in batch]

    np.testing.assert_allclose(compile_arrow(term)([*batch]), expected, atol=1e-12)


@pytest.mark.usefixtures("everywhere")
@given(st.lists(st.lists(st.floats(-1, 1), max_size=5), min_size=1, max_size=5))
def test_padded_lists_are_the_same_forest(batch):
    width = max(map(len, batch))
    padded = np.zeros((len(batch), width, 2))
    for row, items in zip(padded, batch, strict=True):
        row[: len(items)] = np.outer(items, [1, -1])
    step = smooth("add", R(2) * R(2)) >> smooth("tanh", R(2)) >> constant_matrix([[1, "1/2"], [0, 1]])
    run = compile_arrow(fold(Lists.fixed, case(constant([0.5, 1.0]), step)))

    values = [Lists.list_of([np.array([x, -x]) for x in items]) for items in batch]
    np.testing.assert_allclose(
        run(forest_of_lists(Lists.fixed, padded, [len(items) for items in batch])), run(values), atol=1e-12
    )


def test_every_library_gives_the_same(library):
    batch = forest([Trees.read(TREE), leaf(1.5), node(leaf(0.5), leaf(-1.0))])
    run = compile_arrow(difference() >> smooth("tanh", R()), "auto")

    found = library.numpy(run(batch.over(library.xp)))
    np.testing.assert_allclose(found, np.tanh([-42, 1.5, 2.5]), rtol=1e-12)


@pytest.mark.usefixtures("everywhere")
def test_terms_of_a_signature_with_several_operations():
    number, unary, times = Terms.constructors
    algebra = case(ident(R()), case(snd(FinSet(2), R()) >> smooth("tanh", R()), smooth("multiply", R() * R())))
    value = times(unary(0, number(0.3)), times(number(2.0), unary(1, number(-0.1))))

    found = compile_arrow(fold(Terms.fixed, algebra))([value, number(7.0)])
    np.testing.assert_allclose(found, [np.tanh(0.3) * 2.0 * np.tanh(-0.1), 7.0])


@pytest.mark.usefixtures("everywhere")
def test_powers_are_branches_too():
    leaf3, fork = Triples.constructors
    branches = [leaf3(1.0), leaf3(20.0), leaf3(300.0)]
    tree = fork(5.0, branches)
    algebra = case(ident(R()), sum_of_four())

    assert compile_arrow(fold(Triples.fixed, algebra))([tree, fork(0.0, [tree, *branches[:2]])]).tolist() == [326, 347]


def sum_of_four():
    """``R × R³ → R``, the sum of a number and the three values of a function."""

    def total(x):
        for i in range(3):
            x = ADD((x[0], x[1](finite_map(1, 3, [i])(())))), x[1]
        return x[0]

    return arrow(R() * R() ** FinSet(3), R())(total)


@pytest.mark.usefixtures("everywhere")
def test_a_carrier_may_be_a_pair():
    both = case(
        pair(ident(R()), ident(R())),
        pair(
            pair(fst(R() * R(), R() * R()) >> fst(R(), R()), snd(R() * R(), R() * R()) >> fst(R(), R())) >> ADD,
            pair(fst(R() * R(), R() * R()) >> snd(R(), R()), snd(R() * R(), R() * R()) >> snd(R(), R()))
            >> smooth("multiply", R() * R()),
        ),
    )
    sums, products = compile_arrow(fold(Trees.fixed, both))([Trees.read(TREE)])

    assert (sums.tolist(), products.tolist()) == ([18], [210])


@pytest.mark.usefixtures("everywhere")
def test_a_fold_inside_a_larger_arrow():
    term = pair(TOTAL, difference()) >> ADD

    assert compile_arrow(term)([Trees.read(TREE)]).tolist() == [18 - 42]
    assert compile_arrow(term).source.count("# fold") == 1  # two folds of one tree are one, into pairs


@pytest.mark.usefixtures("everywhere")
def test_shared_branches_are_computed_once():
    tree = leaf(1.0)
    for _ in range(40):
        tree = node(tree, tree)
    batch = forest([tree])

    assert (batch.size, batch.levels) == (41, 41)
    assert compile_arrow(TOTAL)(batch).tolist() == [2.0**40]


def test_a_long_list_needs_no_deep_stack():
    labels = np.ones((1, 20_000, 2))
    run = compile_arrow(fold(Lists.fixed, case(constant([0.0, 0.0]), smooth("add", R(2) * R(2)))))

    assert run(forest_of_lists(Lists.fixed, labels)).tolist() == [[20_000, 20_000]]


@pytest.mark.slow
def test_long_lists_and_combs_need_no_deep_stack():
    count = 30_000  # thirty times what Python calls deep; a million work as well, and take a minute
    run = compile_arrow(fold(Lists.fixed, case(constant([0.0, 0.0]), smooth("add", R(2) * R(2)))))
    names = np.repeat([0, 1], [count + 1, count])
    left, right = np.arange(1, count + 1), np.concatenate([[0], np.arange(count + 1, 2 * count)])
    comb = forest_from_tables(Trees.fixed, names, [[], [left, right]], [[np.ones(count + 1)], []], [2 * count])

    assert run(forest_of_lists(Lists.fixed, np.ones((1, count, 2)))).tolist() == [[count, count]]
    assert compile_arrow(TOTAL)(comb).tolist() == [count + 1]


@pytest.mark.usefixtures("everywhere")
def test_a_table_in_any_order():
    # node 0 = Node(2, 1), 1 = Leaf(5), 2 = Node(1, 3), 3 = Leaf(7)
    batch = forest_from_tables(Trees.fixed, [1, 0, 1, 0], [[], [[2, 1], [1, 3]]], [[[5.0, 7.0]], []], [0, 2])

    assert compile_arrow(TOTAL)(batch).tolist() == [17, 12]


@pytest.mark.usefixtures("everywhere")
def test_the_dtype_is_that_of_the_labels():
    labels = np.ones((2, 3, 2), np.float32)
    run = compile_arrow(fold(Lists.fixed, case(constant([0.0, 0.0]), smooth("add", R(2) * R(2)))))

    assert run(forest_of_lists(Lists.fixed, labels)).dtype == np.float32


def test_compiled_folds_pickle():
    again = pickle.loads(pickle.dumps(compile_arrow(TOTAL)))

    assert again([Trees.read(TREE)]).tolist() == [18]


def test_a_paramorphism_that_copies_branches_has_no_arrays():
    term = para(Trees.fixed, case(ident(R()), generator("f", (Trees.fixed * R()) * (Trees.fixed * R()), R())))

    with pytest.raises(NotInterpreted, match="built outside of compiled programs"):
        compile_arrow(term)


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: forest_of_lists(Lists.fixed, np.ones(3)), ShapeMismatch, "an array of shape .3,. was given"),
        (lambda: forest_of_lists(Lists.fixed, np.ones((2, 3)), [1, 4]), ShapeMismatch, "entries from 0 to 4"),
        (lambda: forest([]), IllTyped, "0 elements of 0 types"),
        (lambda: forest([leaf(1.0), Lists.list_of([])]), IllTyped, "elements of 2 types"),
        (lambda: compile_arrow(TOTAL)(np.ones(3)), ShapeMismatch, "takes a forest or a list of elements"),
        (lambda: compile_arrow(TOTAL)(forest([Lists.list_of([])])), ShapeMismatch, "a forest of μX. 1"),
        (lambda: compile_arrow(out(Trees.fixed)), NotInterpreted, "the destructor of"),
        (
            lambda: forest_from_tables(Trees.fixed, [1], [[], [[0], [0]]], [[[]], []], [0]),
            IllTyped,
            "node 0 of its table is below itself",
        ),
        (lambda: forest_from_tables(Trees.fixed, [0], [[], []], [[[1.0]], []], [0]), ShapeMismatch, "needs 2 arrays"),
        (
            lambda: forest_from_tables(Trees.fixed, [0, 1], [[], [[0], [7]]], [[[1.0]], []], [0]),
            ShapeMismatch,
            "none of the nodes 0 to 1",
        ),
        (
            lambda: compile_arrow(case(TOTAL, ident(R()))),
            NotInterpreted,
            "rows of a forest cannot be left out",
        ),
    ],
)
def test_refusals_say_what_was_found(attempt: Any, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


@pytest.mark.usefixtures("everywhere")
def test_many_nodes_stand_in_the_order_in_which_they_are_read():
    """Groups are split and sorted where that pays; what is folded does not change."""
    rng = np.random.default_rng(0)
    count = 3000  # trees of three shapes: Node(Leaf, Leaf), Node(Node(Leaf, Leaf), Leaf), and a branch that two share
    names: list[int] = []
    left, right, leaves, roots = [], [], [], []
    for tree in range(count):
        first = len(names)
        names += [0, 0, 1] if tree % 3 == 0 else [0, 0, 1, 1] if tree % 3 == 1 else [0, 0, 1, 1, 1]
        leaves += rng.normal(size=2).tolist()
        links = [(first, first + 1), (first + 2, first), (first + 3, first + 2)][: len(names) - first - 2]
        left += [a for a, _ in links]
        right += [b for _, b in links]
        roots.append(len(names) - 1)
    batch = forest_from_tables(Trees.fixed, names, [[], [left, right]], [[leaves], []], roots)
    a, b = np.asarray(leaves).reshape(-1, 2).T
    whole = a - 2 * b
    expected = np.where(np.arange(count) % 3 == 0, whole, whole - 2 * a)
    expected = np.where(np.arange(count) % 3 == 2, expected - 2 * whole, expected)

    assert any(isinstance(branch, slice) for g in batch.groups for branch in g.branches)
    np.testing.assert_allclose(compile_arrow(difference())(batch), expected, atol=1e-12)
