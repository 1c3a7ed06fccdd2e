"""Recursion that hands something down, and folds that keep all they find (T2.5)."""

from __future__ import annotations

import itertools as it
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import Id, atoms, fold, generator, inl, inr, mu
from catcore.categories import PythonValues
from catcore.datatypes import (
    accumulate,
    accumulate_law,
    datatype,
    fold_left,
    map_accumulate,
    mealy,
    parametric_fold,
    scan,
    scan_left,
    scan_right,
)
from catcore.errors import IllTyped
from catcore.structures.lists import LIST, append
from catcore.tracing import trace
from catcore_proofs import prove, verify
from catcore_proofs.library import schemes
from tests.datatypes.examples import LIST as DIGITS
from tests.datatypes.examples import N, Trees

A, B, S = atoms("A B S")
STEP, CELL, CLAUSES = generator("step", B * A, B), generator("cell", S * A, S * B), generator("a", 1 + A * B, B)
Items, Values = datatype(LIST(A)), datatype(LIST(B))
numbers = st.lists(st.integers(-9, 9))


def shifted(p):
    return 10 * p[0] + p[1]


@given(numbers, st.integers(-9, 9))
def test_folds_and_scans_from_the_left_are_those_of_itertools(items, start):
    python = PythonValues({STEP: shifted})
    expected = list(it.accumulate(items, lambda b, a: shifted((b, a)), initial=start))
    value = Items.list_of(items)

    assert Values.to_list(python.apply(scan_left(STEP), (start, value))) == expected
    assert python.apply(fold_left(STEP), (start, value)) == expected[-1]


@given(numbers)
def test_a_scan_from_the_right_has_the_fold_of_each_tail(items):
    python = PythonValues({CLAUSES: lambda x: 0 if x.side == "inl" else x.value[0] - x.value[1]})
    values = [python.apply(fold(LIST(A), CLAUSES), Items.list_of(items[k:])) for k in range(len(items) + 1)]

    assert Values.to_list(python.apply(scan_right(CLAUSES), Items.list_of(items))) == values


def test_the_list_of_t2_3_scanned():
    totals = PythonValues({CLAUSES: lambda x: 0 if x.side == "inl" else sum(x.value)})
    found = totals.apply(scan_right(CLAUSES), Items.list_of(datatype(LIST(N)).to_list(DIGITS)))

    assert Values.to_list(found) == [14, 11, 10, 6, 5, 0]


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1))))
def test_mapping_with_a_state_runs_a_mealy_machine_t3_2(word):
    def add(carry, bits):
        return (carry + sum(bits)) % 2, (carry + sum(bits)) // 2

    adder = mealy(range(2), list(it.product((0, 1), repeat=2)), add)
    python = PythonValues({CELL: lambda p: add(*p)[::-1]})
    state, digits = python.apply(map_accumulate(CELL), (0, Items.list_of(word)))

    assert Values.to_list(digits) == adder.run(0, word)
    assert state == adder.after(0, word)


def depths(x):
    one_more = generator("succ", N, N)
    return trace(
        lambda p: p[1].case(inl=lambda n: inl(n), inr=lambda q: inr(((one_more(p[0]), q[0]), (one_more(p[0]), q[1])))),
        N * (N + x * x),
        N + (N * x) * (N * x),
    )


def test_an_accumulation_hands_the_depth_down():
    leaves = generator("leaves", N * (N + A * A), A)
    python = PythonValues({
        generator("succ", N, N): lambda n: n + 1,
        leaves: lambda x: [(x[0], x[1].value)] if x[1].side == "inl" else x[1].value[0] + x[1].value[1],
    })  # fmt: skip
    tree = Trees.read("Node(Node(Leaf(2), Leaf(5)), Leaf(7))")

    assert python.apply(accumulate(Trees.fixed, leaves, depths), (0, tree)) == [(2, 2), (2, 5), (1, 7)]


def test_a_scan_keeps_what_is_found_at_every_constructor():
    total = generator("total", N + A * A, A)
    python = PythonValues({total: lambda x: x.value if x.side == "inl" else sum(x.value)})
    labelled = python.apply(scan(Trees.fixed, total), Trees.read("Node(Node(Leaf(2), Leaf(5)), Leaf(7))"))

    assert str(labelled).replace("c0", "") == "(14, inr(((7, inr(((2, inl(2)), (5, inl(5))))), (7, inl(7)))))"


@pytest.mark.parametrize(
    "theorem", [t for t in schemes.theorems() if "scan" in t.name or "accum" in t.name], ids=lambda t: t.name
)
def test_their_laws_are_theorems(theorem):
    assert all(v.evidence == "proved" for v in verify(theorem.structure()))


def test_another_hand_down_breaks_the_law():
    a = generator("a", N * (N + B * B), B)
    law = accumulate_law(Trees.fixed, a, depths)
    same_for_all = parametric_fold(Trees.fixed, a)

    assert prove(law).evidence == "proved"
    assert prove(same_for_all, accumulate(Trees.fixed, a, depths)).status == "fails"


def test_functions_that_folds_give_need_no_deep_stack():
    many = 5_000
    ones = Items.list_of([1] * many)

    assert PythonValues({STEP: sum}).apply(fold_left(STEP), (0, ones)) == many
    assert PythonValues().apply(append(A), (ones, ones)).size == 2 * many + 1


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: fold_left(generator("f", A, B)), "fold_left takes an arrow B × A → B; it got f : A → B"),
        (lambda: scan_left(cast(Any, 7)), "An arrow is needed here"),
        (lambda: scan_right(generator("f", 1 + A, B)), "scan_right takes an arrow 1"),
        (lambda: scan_right(STEP), "scan_right takes an arrow 1"),
        (lambda: map_accumulate(STEP), "map_accumulate takes an arrow S × A → S × B"),
        (lambda: scan(mu(1 + A * Id), STEP), "scan takes a least fixed point"),
        (lambda: accumulate(LIST(A), STEP, depths), "accumulate takes an arrow P × F"),
        (lambda: accumulate(Trees.fixed, generator("a", B * (N + A * A), A), depths), "A layer was to hand B down"),
        (lambda: accumulate(Trees.fixed, generator("a", N * (N + A * A), A), cast(Any, 7)), "is a Python function"),
    ],
)
def test_refusals_say_what_was_found(attempt, sentence):
    with pytest.raises(IllTyped, match=sentence):
        attempt()
