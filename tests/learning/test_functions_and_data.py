"""Functions and data as inputs and outputs of a reverse derivative (T2.2, T5.3)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from catcore import (
    Id,
    One,
    R,
    arrow,
    atoms,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    fold,
    fst,
    generator,
    ident,
    in_,
    inl,
    inr,
    pair,
    reverse_derivative,
    smooth,
    snd,
    terminal,
)
from catcore.arrows import out
from catcore.categories.finite_sets import Injected
from catcore.categories.python_values import PythonValues
from catcore.categories.smooth import constant, number
from catcore.datatypes import Data
from catcore.datatypes.hylomorphisms import hylo
from catcore.errors import NotInterpreted
from catcore.learning.covectors import covectors
from catcore.learning.data import DataSum
from catcore.learning.numbers import numerically
from catcore.objects import FinSet, Mu, mu
from catcore_backends import compile_arrow, gradient
from catcore_backends.recursion.forests import forest
from catcore_proofs import prove
from tests.learning.random_folds import reals

A, B = atoms("A B")
LINE, E = R(), FinSet(3)
PLANE = LINE * LINE
ADD, TIMES, SIN, SQUARE = (smooth("add", PLANE), smooth("multiply", PLANE), smooth("sin", LINE), smooth("square", LINE))
LISTS = mu(1 + LINE * Id)
SUM, PRODUCT = fold(LISTS, case(constant(0), ADD)), fold(LISTS, case(constant(1), TIMES))


def listed(*numbers: float) -> Data:
    found = Data(LISTS, Injected("inl", ()))
    for n in reversed(numbers):
        found = Data(LISTS, Injected("inr", (np.asarray(float(n)), found)))
    return found


def heard(f: Any, x: Any, v: float = 1.0) -> list[float]:
    """What the labels of a list hear, by the term."""
    return [float(a) for a in reals(numerically(reverse_derivative(f), (x, np.asarray(v))))]


# ---- data --------------------------------------------------------------------------------------------------------


def test_every_item_of_a_list_hears_what_a_fold_makes_of_it():
    """The sum tells all the same, the product each the product of the others."""
    assert heard(SUM, listed(1, 2, 3), 5) == [5, 5, 5]
    assert heard(PRODUCT, listed(2, 3, 4)) == [12, 8, 6]
    assert heard(PRODUCT, listed()) == []


def test_two_uses_of_a_list_are_added_item_by_item():
    both = pair(PRODUCT, SUM) >> ADD

    assert heard(both, listed(2, 3, 4)) == [13, 9, 7]


@pytest.mark.usefixtures("everywhere")
def test_the_same_by_levels():
    lists = [listed(2, 3, 4), listed(5), listed()]
    for f in (SUM, PRODUCT, pair(PRODUCT, SUM) >> ADD):
        found = compile_arrow(reverse_derivative(f))((forest(lists), np.asarray([1.0, 10.0, 7.0])))
        labels = sorted(float(x) for g in found.groups for part in g.labels for x in part)
        by_term = [a for x, v in zip(lists, (1, 10, 7), strict=True) for a in heard(f, x, v)]

        assert found.fixed is covectors(LISTS)
        assert labels == sorted(by_term)


def test_a_fold_that_builds_a_list_passes_covectors_through_its_constructors():
    """Σ x² by squaring every item first: 2 x each."""
    squares = fold(LISTS, (ident(One) + (SQUARE * ident(LISTS))) >> in_(LISTS))

    assert heard(squares >> SUM, listed(2, 3, 4)) == [4, 6, 8]


def test_the_first_layer_of_a_list_hears_alone():
    first = out(LISTS) >> case(constant(0), fst(LINE, LISTS))
    back = reverse_derivative(first)

    assert heard(first, listed(2, 3, 4)) == [1]  # zero is the covector of the whole tail
    assert str(numerically(back, (listed(), np.asarray(1.0)))) == "c1"


def test_zero_is_neutral_for_covectors_of_data():
    back = covectors(LISTS)
    assert isinstance(back, Mu)
    layer = back.unrolled()
    zero = terminal(back) >> inl(*layer.args) >> in_(back)
    total = DataSum(back).expanded()
    some = Data(back, Injected("inr", Injected("inr", (np.asarray(2.0), Data(back, Injected("inl", ()))))))

    for term in (pair(zero, ident(back)) >> total, pair(ident(back), zero) >> total):
        assert [float(a) for a in reals(numerically(term, some))] == [2.0]


def test_second_derivatives_stop_at_folds_with_a_sentence():
    """The sum of two covectors is linear, and its reverse a copy; a fold backwards is no fold of tensors any more."""
    back = covectors(LISTS)

    assert reverse_derivative(DataSum(back)) is pair(
        snd(back * back, covectors(back)), snd(back * back, covectors(back))
    )
    with pytest.raises(NotInterpreted, match="A second derivative through"):
        reverse_derivative(reverse_derivative(SUM))


@pytest.mark.usefixtures("everywhere")
def test_gradients_of_inputs_go_with_those_of_parameters():
    scaled = arrow(LINE * LISTS, LINE)(lambda x: TIMES(x[0], PRODUCT(x[1])))
    values, slope, labels = gradient(scaled, inputs=True)((np.asarray(10.0), forest([listed(2, 3), listed(5)])))

    assert values.tolist() == [60, 50]
    assert float(slope) == 11
    assert sorted(float(x) for g in labels.groups for part in g.labels for x in part) == [10, 20, 30]


# ---- coalgebra-to-algebra morphisms ------------------------------------------------------------------------------

STATES = FinSet(4) * LINE
DOWN = finite_map(FinSet(4), One + FinSet(4), [0, 1, 2, 3])


@arrow(STATES, LINE + LINE * STATES)
def steps(s):
    """``(0, x) ↦ x``, ``(n + 1, x) ↦ (x, (n, sin x))``."""
    return DOWN(s[0]).case(inl=lambda _: inl(s[1]), inr=lambda n: inr((s[1], (n, SIN(s[1])))))


class Floats(dict[Any, Any]):
    """Primitives on Python floats, which can be the states of a recursion."""

    def __contains__(self, f: object) -> bool:
        return hasattr(f, "operation")

    def __getitem__(self, f: Any) -> Any:
        table = {
            "sin": math.sin,
            "cos": math.cos,
            "square": lambda x: x * x,
            "multiply": lambda x: x[0] * x[1],
            "add": lambda x: x[0] + x[1],
            "times": lambda x: x * number(f.parameters[0]),
            "constant": lambda _: float(f.parameters[1]),
        }
        return table[f.name]


@pytest.mark.usefixtures("everywhere")
def test_states_hear_what_the_answers_need():
    """``x · sin x · sin sin x · (sin sin sin x)²`` by a recursion that hands its state on, and its slope."""
    h = hylo(LINE + LINE * Id, case(SQUARE, TIMES), steps)
    run = PythonValues(Floats())

    def value(x: float) -> float:
        return float(run.apply(h, (3, x)))

    x, tiny = 0.7, 1e-6
    point, slope = run.apply(reverse_derivative(h), ((3, x), 1.0))

    assert point == ()
    assert math.isclose(slope, (value(x + tiny) - value(x - tiny)) / (2 * tiny), rel_tol=1e-8)


@pytest.mark.usefixtures("everywhere")
def test_parameters_of_a_recursion_over_states_hear_on_arrays():
    """``h(w, n) = w h(w, n − 1)`` and 1 at 0: w³ has the slope 3 w²."""
    functor, states = One + Id, FinSet(4)
    algebra = curry(
        arrow((One + LINE**LINE) * LINE, LINE)(
            lambda x: x[0].case(inl=lambda _: constant(1)(()), inr=lambda h: TIMES(x[1], h(x[1])))
        )
    )
    power = hylo(functor, algebra, DOWN)
    applied = arrow(LINE * states, LINE)(lambda x: power(x[1])(x[0]))
    values, slope = gradient(applied)((np.asarray(2.0), np.asarray([3, 0, 1])))

    assert values.tolist() == [8, 1, 2]
    assert float(slope) == 12 + 0 + 1


@pytest.mark.usefixtures("everywhere")
def test_states_hear_on_arrays_what_the_term_says():
    back = reverse_derivative(hylo(LINE + LINE * Id, case(SQUARE, TIMES), steps))
    counts, points, v = np.asarray([0, 1, 3]), np.asarray([0.7, -0.2, 1.3]), np.asarray([1.0, -2.0, 0.5])
    run = PythonValues(Floats())

    _, found = compile_arrow(back)(((counts, points), v))

    expected = [run.apply(back, ((int(n), float(x)), float(y)))[1] for n, x, y in zip(counts, points, v, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


# ---- functions ---------------------------------------------------------------------------------------------------


@arrow(LINE**E * LINE, LINE)
def reads(x):
    """``f, y ↦ f(1) (y + f(2))``."""
    one, two = (finite_map(One, E, [i])(()) for i in (1, 2))
    return TIMES(x[0](one), ADD(x[1], x[0](two)))


def test_a_function_hears_at_the_arguments_where_it_was_applied():
    table = [2.0, 3.0, 5.0]
    back = reverse_derivative(reads)
    function, y = numerically(back, ((lambda i: np.asarray(table[i]), np.asarray(7.0)), np.asarray(1.0)))

    assert back.cod is LINE**E * LINE
    assert [float(function(i)) for i in range(3)] == [0, 12, 3]
    assert float(y) == 3


@pytest.mark.usefixtures("everywhere")
def test_tables_on_arrays_hear_the_same():
    row = ((np.asarray([2.0]), np.asarray([3.0])), np.asarray([5.0]))
    found, y = compile_arrow(reverse_derivative(reads))(((row, np.asarray([7.0])), np.asarray([1.0])))

    assert [float(a[0]) for a in (found[0][0], found[0][1], found[1], y)] == [0, 12, 3, 3]


def test_a_map_into_functions_hears_from_all_their_values():
    f = curry(fst(LINE, E) >> SQUARE)
    found = numerically(reverse_derivative(f), (np.asarray(3.0), lambda i: np.asarray(10.0**i)))

    assert float(found) == 6 * 111


CHOSEN = case(curry(TIMES), curry(TIMES >> SIN))


@pytest.mark.usefixtures("everywhere")
def test_a_function_chosen_by_a_case_distinction_is_applied_backwards():
    """``x y`` on the left and ``sin (x y)`` on the right; before, each branch had to apply its own function."""
    f = arrow((LINE + LINE) * LINE, LINE)(lambda x: CHOSEN(x[0])(x[1]))
    tags, x, y = np.asarray([0, 1]), np.asarray([2.0, 2.0]), np.asarray([3.0, 3.0])
    (left, right), slope = compile_arrow(reverse_derivative(f))((((tags, x, x), y), np.ones(2)))

    assert np.allclose(left, [3, 0])
    assert np.allclose(right, [0, 3 * math.cos(6)])
    assert np.allclose(slope, [2, 2 * math.cos(6)])


@pytest.mark.usefixtures("everywhere")
def test_functions_of_a_point_that_are_chosen_are_applied_backwards():
    """``() ↦ x`` or ``() ↦ sin x``: the point at which a function was applied had been lost among covectors."""
    side = LINE * LINE
    given = pair(curry(snd(side * One, LINE)), fst(side, One) >> fst(LINE, LINE)) >> ev(LINE, LINE)
    chosen = distribute(LINE, LINE, LINE) >> case(curry(given), curry(given >> SIN))
    f = pair(chosen, terminal(chosen.dom)) >> ev(One, LINE)
    x = np.asarray([2.0, 2.0])
    slope, _ = compile_arrow(reverse_derivative(f))(((x, (np.asarray([0, 1]), x, x)), np.ones(2)))

    assert np.allclose(slope, [1, math.cos(2)])


def test_functions_without_values_that_vary_hear_nothing():
    empty = One**LINE
    f = pair(curry(fst(LINE, empty)), curry(terminal(LINE * LINE))) >> ev(empty, LINE)
    chosen = pair(ident(LINE + LINE), curry(terminal((LINE + LINE) * LINE))) >> snd(LINE + LINE, empty)

    assert float(numerically(reverse_derivative(f), (np.asarray(3.0), np.asarray(2.0)))) == 2
    assert reverse_derivative(chosen).cod is LINE * LINE


def test_a_function_applied_twice_hears_twice():
    f = arrow(LINE, LINE)(lambda x: _twice(x))

    assert np.isclose(numerically(reverse_derivative(f), (np.asarray(3.0), np.asarray(1.0))), 3 * 3.0**2)


def _twice(x: Any) -> Any:
    """``g (g x)`` for ``g y = x y``, which is x³."""
    g = curry(TIMES)(x)
    return g(g(x))


@pytest.mark.parametrize("ob", [LINE**A, LINE**LINE, LINE ** FinSet(65)])
def test_functions_out_of_large_sets_have_no_covectors(ob):
    with pytest.raises(NotInterpreted, match="for functions out of sets of at most 64 elements"):
        reverse_derivative(ident(ob))


def test_evaluation_is_its_own_theorem():
    """``R[Λ f ; ev] = R[f]`` for an arbitrary f: β backwards."""
    f = generator("f", A * B, A)
    applied = (curry(f) * ident(B)) >> ev(B, A)

    assert prove(reverse_derivative(applied), reverse_derivative(f)).status == "holds"
    assert prove(reverse_derivative(applied), fst(A * B, A) >> fst(A, B) >> pair(ident(A), generator("b", A, B)))
