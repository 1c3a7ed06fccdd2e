"""Data with data in it in the level engine: rose trees, mutual types, labels that are lists (T2.2, T2.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import Const, Id, R, arrow, atoms, case, fold, fst, generator, mu, pair, snd
from catcore.categories import PythonValues
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import Data, datatype, mutual
from catcore.datatypes.parametric import parametric_fold
from catcore.errors import NotInterpreted
from catcore.functors import functor
from catcore.structures.lists import LIST
from catcore_backends import compile_arrow, gradient
from catcore_backends.recursion.forests import forest, forest_from_tables

N = R()
A, B = atoms("A B")
ADD, LARGER, MULTIPLY = (smooth(word, N * N) for word in ("add", "maximum", "multiply"))
NUMBERS = mu(1 + N * Id)
TOTAL = fold(NUMBERS, case(constant(0.0), ADD))
Rose = datatype(functor(lambda X: N * mu(lambda Y: 1 + X * Y)), "Rose")

roses: Any = st.recursive(
    st.floats(-1, 1).map(lambda a: ("Rose", a, [])),
    lambda t: st.tuples(st.just("Rose"), st.floats(-1, 1), st.lists(t, max_size=3)),
    max_leaves=12,
)


def squashed(nested):
    """``a + tanh Σ branches``, one tree at a time."""
    return nested[1] + np.tanh(sum(map(squashed, nested[2])))


SQUASHED = pair(fst(N, NUMBERS), snd(N, NUMBERS) >> TOTAL >> smooth("tanh", N)) >> ADD


@pytest.mark.usefixtures("everywhere")
@given(st.lists(roses, min_size=1, max_size=4))
def test_rose_trees_fold_like_each_tree(trees):
    run = compile_arrow(fold(Rose.fixed, SQUASHED))

    found = run([Rose.from_nested(t) for t in trees])

    np.testing.assert_allclose(found, [squashed(t) for t in trees], atol=1e-12)


def test_every_library_gives_the_same(library):
    tree: Any = ("Rose", 1.0, [("Rose", 0.5, []), ("Rose", -2.0, [("Rose", 0.25, [])] * 3)])
    batch = forest([Rose.from_nested(tree), Rose.from_nested(tree[2][1])])
    run = compile_arrow(fold(Rose.fixed, SQUASHED), "auto")

    found = library.numpy(run(batch.over(library.xp)))

    np.testing.assert_allclose(found, [squashed(tree), squashed(tree[2][1])], atol=1e-12)


@pytest.mark.usefixtures("everywhere")
def test_the_depth_of_a_rose_tree_counts_its_nodes_only():
    chain: Any = ("Rose", 0.0, [])
    for _ in range(50):
        chain = ("Rose", 0.0, [("Rose", 0.0, [])] * 5 + [chain])
    deepest = fold(NUMBERS, case(constant(0.0), LARGER))
    batch = forest([Rose.from_nested(chain)])

    assert compile_arrow(fold(Rose.fixed, snd(N, NUMBERS) >> deepest >> smooth("shift", N, 1)))(batch).tolist() == [51]
    assert batch.levels == 51


@pytest.mark.usefixtures("everywhere")
def test_branches_may_stand_beside_labels_in_the_list():
    # a node has a list of (length of the way, branch): the longest way down
    ways = datatype(functor(lambda X: mu(lambda Y: 1 + (N * X) * Y)), "Node")
    longest = fold(mu(1 + (N * N) * Id), case(constant(0.0), pair(fst(N * N, N) >> ADD, snd(N * N, N)) >> LARGER))
    end: Any = ("Node", [])
    tree = ("Node", [(2.0, end), (1.0, ("Node", [(0.5, end), (4.0, end)]))])

    assert compile_arrow(fold(ways.fixed, longest))([*map(ways.from_nested, (tree, end))]).tolist() == [5, 0]


@pytest.mark.usefixtures("everywhere")
def test_lists_of_lists_of_branches():
    tables = datatype(functor(lambda X: N * mu(lambda Z: 1 + mu(lambda Y: 1 + X * Y) * Z)), "Table")
    inner = mu(lambda Z: 1 + NUMBERS * Z)
    whole = fold(inner, case(constant(0.0), pair(fst(NUMBERS, N) >> TOTAL, snd(NUMBERS, N)) >> ADD))
    leaves: list[Any] = [("Table", float(i), []) for i in range(4)]
    tree = ("Table", 10.0, [leaves[:2], [], [leaves[3], ("Table", 5.0, [[leaves[2]]])]])
    algebra = pair(fst(N, inner), snd(N, inner) >> whole) >> ADD
    batch = [*map(tables.from_nested, (tree, leaves[2]))]

    assert compile_arrow(fold(tables.fixed, algebra))(batch).tolist() == [21, 2]


@pytest.mark.usefixtures("everywhere")
def test_mutual_types_are_nested_ones():
    # lists of an even and of an odd number of items: a₁ + a₂ · (a₃ + a₄ · …)
    even, odd_lists = mutual(lambda even, odd: (1 + N * odd, N * even))
    odd = mu(N * Const(N))

    @arrow(1 + N * odd, N)
    def algebra(x):
        return x.case(
            inl=lambda _: constant(0.0)(()),
            inr=lambda p: ADD((p[0], fold(odd, smooth("multiply", N * N))(p[1]))),
        )

    nil, more = datatype(even, "Nil", "More").constructors

    def two(a, b, rest):
        return more(a, Data(odd_lists, (b, rest)))

    batch = [two(1.0, 2.0, two(3.0, 4.0, nil())), nil()]
    assert compile_arrow(fold(even, algebra))(batch).tolist() == [1 + 2 * 3, 0]


@pytest.mark.usefixtures("everywhere")
def test_labels_may_be_lists():
    trees = datatype(NUMBERS + Id * Id, "Leaf", "Node")
    leaf, node = trees.constructors
    lists = datatype(NUMBERS)
    tree = node(leaf(lists.list_of([1.0, 2.0])), node(leaf(lists.list_of([])), leaf(lists.list_of([7.0]))))

    assert compile_arrow(fold(trees.fixed, case(TOTAL, ADD)))([tree, leaf(lists.list_of([5.0]))]).tolist() == [10, 5]


WEIGHTS = N * N


@arrow(WEIGHTS * (N * NUMBERS), N)
def rose_cell(x):
    (w, v), (label, below) = x
    return smooth("tanh", N)(ADD((MULTIPLY((w, label)), MULTIPLY((v, TOTAL(below))))))


def networked(nested, w, v):
    """``tanh(w a + v Σ branches)``, one tree at a time."""
    return np.tanh(w * nested[1] + v * sum(networked(b, w, v) for b in nested[2]))


@pytest.mark.usefixtures("everywhere")
@given(st.lists(roses, min_size=1, max_size=4), st.floats(-1, 1), st.floats(-1, 1))
def test_parameters_are_shared_by_all_nodes_of_rose_trees_t4_5(trees, w, v):
    run = compile_arrow(parametric_fold(Rose.fixed, rose_cell), shared=True)

    found = run(((np.asarray(w), np.asarray(v)), [Rose.from_nested(t) for t in trees]))

    np.testing.assert_allclose(found, [networked(t, w, v) for t in trees], atol=1e-12)


def test_every_library_shares_parameters_over_rose_trees(library):
    trees: list[Any] = [("Rose", 1.0, [("Rose", 0.5, []), ("Rose", -2.0, [("Rose", 0.25, [])] * 3)]), ("Rose", 0.5, [])]
    batch = forest([Rose.from_nested(t) for t in trees])
    run = compile_arrow(parametric_fold(Rose.fixed, rose_cell), "auto", shared=True)

    found = library.numpy(run(((library.array(0.5), library.array(-0.3)), batch.over(library.xp))))

    np.testing.assert_allclose(found, [networked(t, 0.5, -0.3) for t in trees], atol=1e-12)


def test_every_library_gives_the_gradients_over_rose_trees(library):
    """The parameters and the labels hear the same in every library (T5.3)."""
    trees: list[Any] = [("Rose", 1.0, [("Rose", 0.5, []), ("Rose", -2.0, [("Rose", 0.25, [])] * 3)]), ("Rose", 0.5, [])]
    batch = forest([Rose.from_nested(t) for t in trees])
    energy = parametric_fold(Rose.fixed, rose_cell) >> smooth("square", N)
    wanted = gradient(energy, inputs=True)(((np.asarray(0.5), np.asarray(-0.3)), batch))
    given = (library.array(0.5), library.array(-0.3)), batch.over(library.xp)
    values, slopes, heard = gradient(energy, "auto", inputs=True)(given)

    np.testing.assert_allclose(library.numpy(values), wanted[0], atol=1e-12)
    np.testing.assert_allclose([library.numpy(s) for s in slopes], wanted[1], atol=1e-12)
    for ours, theirs in zip(heard.groups, wanted[2].groups, strict=True):
        np.testing.assert_allclose(library.numpy(ours.labels[0]), theirs.labels[0], atol=1e-12)


def test_python_and_arrays_agree_on_parameters_over_rose_trees():
    cell = generator("cell", A * (N * LIST(B)), B)
    tree: Any = ("Rose", 1.0, [("Rose", 0.5, []), ("Rose", -2.0, [("Rose", 0.25, [])] * 3)])
    values = datatype(LIST(B))
    python = PythonValues({cell: lambda x: np.tanh(x[0][0] * x[1][0] + x[0][1] * sum(values.to_list(x[1][1])))})

    found = python.apply(parametric_fold(Rose.fixed, cell), ((0.5, -0.3), Rose.from_nested(tree)))

    assert found == pytest.approx(networked(tree, 0.5, -0.3))


def test_a_fold_into_functions_over_rose_trees_is_refused():
    other = arrow(N * mu(1 + N**N * Id), N**N)(lambda x: lambda p: ADD((p, x[0])))
    functions = fold(Rose.fixed, other)
    with pytest.raises(NotInterpreted, match="its branches stand in data"):
        compile_arrow(arrow(N * Rose.fixed, N)(lambda x: functions(x[1])(x[0])), shared=True)


def test_tables_of_nested_data_are_refused():
    with pytest.raises(NotInterpreted, match="stand inside other data"):
        forest_from_tables(Rose.fixed, [0], [[]], [[[1.0]]], [0])
