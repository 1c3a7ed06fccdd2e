"""What does not depend on branches is computed ahead of the levels, for any functor, with the same values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catcore import Id, ParaMap, R, atoms, fold, generator, mu, parametric
from catcore.arrows import case, ev, finite_map, ident, inl, inr, pair, terminal
from catcore.categories.finite_sets import Graph, Injected
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import datatype
from catcore.datatypes.data import Data
from catcore.objects import FinSet, One
from catcore.para import architectures as arch
from catcore.para.architectures.elements import apply, on, plus
from catcore_backends import compile_arrow
from catcore_backends.compiler import staging
from catcore_backends.recursion.forests import forest, forest_of_lists
from catcore_backends.recursion.levels import Levels

A, P, S = atoms("A P S")
V, POINT = R(2), finite_map(One, FinSet(3), [2])
RNG = np.random.default_rng(3)


def pieces(fixed: Any, cell: ParaMap) -> list[staging.Staged]:
    """The programs of a fold of a cell."""
    run = compile_arrow(fold(fixed, cell))
    (levels,) = (value[1] for value in run.code.program.constants.values() if value[0] == "fold")
    assert isinstance(levels, Levels)
    return levels.pieces


def test_the_product_of_the_inputs_leaves_the_recursion():
    for cell in (arch.rnn_cell, arch.gru_cell, arch.lstm_cell):
        _, step = pieces(mu(1 + R(3) * Id), arch.folding(cell(3, 4)))
        assert step.before is not None
        # both products stand in the whole program, and one of them is left in the step
        assert step.before.source("numpy").count("# matmul") == 1
        assert step.after.source("numpy").count("# matmul") == (3 if cell is arch.gru_cell else 1)


def test_what_reads_a_branch_waits_for_it():
    cell = ParaMap(R(2), generator("cell", R(2) * (1 + R(2) * R(2)), R(2)))
    run = compile_arrow(fold(mu(1 + R(2) * Id), cell), generators={"cell": lambda x: x[1][2][1]})
    (levels,) = (value[1] for value in run.code.program.constants.values() if value[0] == "fold")
    assert "# cell" not in levels.pieces[1].before.source("numpy")
    assert "# cell" in levels.pieces[1].after.source("numpy")


@pytest.mark.parametrize("ahead", [1, 3, 1000])
@pytest.mark.parametrize("lengths", [None, [5, 0, 2, 4]])
def test_stretches_of_any_length_give_the_same_states(monkeypatch, ahead, lengths):
    monkeypatch.setattr(staging, "AHEAD", ahead)
    lists = mu(1 + R(3) * Id)
    run = compile_arrow(fold(lists, arch.folding(arch.rnn_cell(3, 4))))
    w, u, b = weights = tuple(RNG.normal(size=p.shape) for p in run.map.params)
    x = RNG.normal(size=(4, 5, 3))
    found = run(weights, forest_of_lists(lists, x, lengths))
    for row, state in enumerate(found):
        expected = np.zeros(4)
        for a in x[row, : 5 if lengths is None else lengths[row]][::-1]:
            expected = np.tanh(w @ a + u @ expected + b)
        assert np.allclose(state, expected)


def test_labels_of_several_kinds_and_branches_in_between():
    """``X × (FinSet(3) × ℝ²) × X``: the labels stand between branches, one of them a place."""
    shape = R(2) + Id * (FinSet(3) * R(2)) * Id
    trees = datatype(shape, "Tip", "Fork")

    @parametric((R(2, 2), R(2, 2)), R(2) * (FinSet(3) * R(2)) * R(2), R(2))
    def node(w: Any, v: Any, t: Any) -> Any:
        (left, (_, label)), right = t
        return on("tanh", plus(apply(w, label), apply(v, plus(left, right))))

    from catcore.para import cases

    cell = cases(arch.linear(2, 2), node)
    u, w, v = weights = tuple(RNG.normal(size=p.shape) for p in cell.params)
    tip, fork = trees.constructors
    a, b, c = (RNG.normal(size=2) for _ in range(3))
    one = fork(tip(a), 2, b, fork(tip(c), 0, a, tip(b)))
    alone = trees.fold(Tip=lambda x: u @ x, Fork=lambda l, _, m, r: np.tanh(w @ m + v @ (l + r)))
    batch = [one, tip(c), fork(one, 1, c, one)]
    found = compile_arrow(fold(trees.fixed, cell))(weights, forest(batch))
    assert np.allclose(found, [alone(t) for t in batch])
    assert pieces(trees.fixed, cell)[1].before is not None


def test_folds_without_parameters_are_staged_too():
    lists = mu(1 + R(2) * Id)

    @parametric((), 1 + R(2) * R(2), R(2))
    def algebra(t: Any) -> Any:
        from catcore.categories.smooth import constant

        return t.case(
            inl=lambda _: constant([0.0, 0.0])(()), inr=lambda c: plus(on("sin", on("exp", c[0])), on("tanh", c[1]))
        )

    x = RNG.normal(size=(3, 4, 2))
    expected = np.zeros((3, 2))
    for t in reversed(range(4)):
        expected = np.sin(np.exp(x[:, t])) + np.tanh(expected)
    run = compile_arrow(fold(lists, algebra))
    assert np.allclose(run(forest_of_lists(lists, x)), expected)
    (levels,) = (value[1] for value in run.code.program.constants.values() if value[0] == "fold")
    assert "# sin" in levels.pieces[1].before.source("numpy")
    assert "# sin" not in levels.pieces[1].after.source("numpy")


def test_a_function_of_labels_alone_is_called_once_for_many_levels():
    calls: list[int] = []

    def called(x: Any) -> Any:
        calls.append(len(x))
        return x

    lists = mu(1 + A * Id)
    step = generator("add", S * S, S)
    read = generator("read", A, S)

    @parametric(P, 1 + A * S, S)
    def algebra(p: Any, t: Any) -> Any:
        return t.case(inl=lambda _: generator("zero", 1, S)(()), inr=lambda c: step(read(c[0]), c[1]))

    run = compile_arrow(
        fold(lists, algebra),
        shapes={"P": (1,), "A": (2,), "S": (2,)},
        generators={"read": called, "add": lambda x: x[0] + x[1], "zero": lambda x: np.zeros((1, 2))},
    )
    x = RNG.normal(size=(2, 6, 2))
    assert np.allclose(run(np.zeros(1), forest_of_lists(lists, x)), x.sum(axis=1))
    assert calls == [12]


@pytest.mark.parametrize("height", [0, 1, 3])
def test_a_layer_whose_value_reads_no_branch_asks_none_where_it_is(height):
    fixed, carrier = mu(1 + Id), FinSet(7) + FinSet(3)
    found = case(
        finite_map(One, FinSet(7), [5]) >> inl(*carrier.args), terminal(carrier) >> POINT >> inr(*carrier.args)
    )
    data = Data(fixed, Injected("inl", ()))
    for _ in range(height):
        data = Data(fixed, Injected("inr", data))
    tag, left, right = compile_arrow(fold(fixed, found))([data])
    assert (bool(tag[0]), int((right if height else left)[0])) == ((True, 2) if height else (False, 5))


def test_a_constant_of_the_dtype_of_labels_is_one_row_for_all_levels():
    fixed = mu(FinSet(2) + R(1, 2) * Id)
    product = pair(constant([[1, 2]]), constant([3, 4])) >> smooth("matmul", R(1, 2) * V)
    spread = product >> smooth("reshape", R(1), ()) >> smooth("fill", R(), (2,))
    found = case(terminal(FinSet(2)) >> constant([0, 0]), terminal(R(1, 2) * V) >> spread)
    data = Data(fixed, Injected("inl", 1))
    for _ in range(3):
        data = Data(fixed, Injected("inr", (np.ones((1, 2)), data)))
    run = compile_arrow(fold(fixed, found))
    assert run([data, Data(fixed, Injected("inl", 0))]).tolist() == [[11, 11], [0, 0]]


def test_a_label_may_be_a_table_that_no_tree_of_the_batch_has():
    table = R() ** FinSet(2)
    at_one = pair(ident(table), terminal(table) >> finite_map(One, FinSet(2), [1])) >> ev(FinSet(2), R())
    fixed = mu(lambda X: V + table)
    read = fold(fixed, case(smooth("sum", V), at_one))
    vector, entries = np.asarray([1.0, 2.0]), Graph(((0, 5.0), (1, 7.0)))
    assert compile_arrow(read)([Data(fixed, Injected("inl", vector))]).tolist() == [3.0]
    assert compile_arrow(read)([Data(fixed, Injected("inr", entries))]).tolist() == [7.0]
