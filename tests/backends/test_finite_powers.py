"""Functions out of finite sets on arrays: tables of their values, as inputs, outputs, labels and carriers of folds."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import FinSet, Id, R, arrow, case, curry, ev, fold, ident, snd
from catcore.arrows import finite_map
from catcore.categories.smooth import smooth
from catcore.datatypes import datatype
from catcore.errors import NotInterpreted
from catcore_backends import compile_arrow

N, THREE = R(), FinSet(3)
ADD = smooth("add", N * N)


@pytest.mark.usefixtures("everywhere")
def test_a_function_is_the_nested_pair_of_its_values():
    a, b, c = (np.asarray(x) for x in ([1.0, 2.0], [3.0, 4.0], [5.0, 6.0]))

    assert compile_arrow(ev(THREE, N))((((a, b), c), np.asarray([2, 0]))).tolist() == [5, 2]


def test_functions_are_results_too(library):
    turned = arrow(N**THREE, N**THREE)(lambda f: lambda i: ADD((f(finite_map(3, 3, [1, 2, 0])(i)), f(i))))
    values = [library.array(x) for x in ([1.0, 2.0], [30.0, 40.0], [500.0, 600.0])]

    (first, second), third = compile_arrow(turned, "auto")(((values[0], values[1]), values[2]))

    assert [library.numpy(x).tolist() for x in (first, second, third)] == [[31, 42], [530, 640], [501, 602]]


@pytest.mark.usefixtures("everywhere")
def test_the_identity_leaves_tables_alone():
    x = ((np.ones(2), np.zeros(2)), np.ones(2))

    assert compile_arrow(ident(N**THREE))(x) is not None
    assert [a.tolist() for a in compile_arrow(ident(N**THREE))(x)[0]] == [[1, 1], [0, 0]]


@pytest.mark.usefixtures("everywhere")
def test_labels_may_be_functions():
    lists = datatype(1 + N**THREE * Id, "Nil", "Cons")
    nil, cons = lists.constructors

    @arrow(1 + N**THREE * N, N)
    def algebra(x):
        from catcore.categories.smooth import constant

        last = finite_map(1, 3, [2])
        return x.case(inl=lambda _: constant(0.0)(()), inr=lambda p: ADD((p[1], p[0](last(())))))

    batch = [cons([1.0, 2.0, 3.0], cons([4.0, 5.0, 6.0], nil())), nil()]
    assert compile_arrow(fold(lists.fixed, algebra))(batch).tolist() == [9, 0]


@pytest.mark.usefixtures("everywhere")
def test_words_fold_to_the_functions_that_they_are_in_an_automaton():
    # states 0, 1, 2; letter 0 steps on, letter 1 resets to 0: a word is a function of states
    words = datatype(1 + FinSet(2) * Id, "Nil", "Cons")
    step = finite_map(FinSet(2) * THREE, THREE, [1, 2, 0, 0, 0, 0])
    algebra = case(
        curry(snd(1, THREE)),
        arrow(FinSet(2) * THREE**THREE, THREE**THREE)(lambda x: lambda s: x[1](step((x[0], s)))),
    )
    run = compile_arrow(fold(words.fixed, algebra))
    batch = [words.list_of(w) for w in ([], [0], [0, 0], [0, 1, 0], [1, 0, 0])]

    (first, second), third = run(batch)

    def after(word, state):
        for letter in word:
            state = 0 if letter else (state + 1) % 3
        return state

    expected = [[after(w, s) for w in ([], [0], [0, 0], [0, 1, 0], [1, 0, 0])] for s in range(3)]
    assert [x.tolist() for x in (first, second, third)] == expected


def test_functions_out_of_large_or_infinite_sets_are_no_tables():
    for exponent in (FinSet(65), N):
        with pytest.raises(NotInterpreted, match="a function is no array"):
            compile_arrow(ident(N**exponent))


@pytest.mark.usefixtures("everywhere")
def test_shared_functions_have_no_batch_axis():
    run = compile_arrow(ev(THREE, N), shared=True)
    values = ((np.asarray(1.0), np.asarray(2.0)), np.asarray(30.0))

    assert run((values, np.asarray([2, 0, 2]))).tolist() == [30, 1, 30]
