"""Folds into functions: branches that get what the fold got or something else, and tables (T2.5, T5.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catcore import FinSet, Id, One, R, arrow, curry, finite_map, fold, reverse_derivative, smooth
from catcore.arrows import Arrow
from catcore.categories.finite_sets import Injected
from catcore.categories.smooth import constant
from catcore.datatypes import Data
from catcore.datatypes.accumulations import fold_left, map_accumulate, scan_left
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.learning.folds import hands_on
from catcore.learning.numbers import numerically
from catcore.objects import Ob, Product, mu
from catcore.structures.lists import LIST
from catcore.tracing import trace
from tests.learning.random_folds import reals

LINE, BITS = R(), FinSet(2)
LISTS = mu(1 + LINE * Id)
TIMES = smooth("multiply", LINE * LINE)
FLIP, TURN = finite_map(BITS, BITS, [1, 0]), finite_map(BITS, One + One, [0, 1])


def folded(of: Ob, nil: Any, cons: Any) -> Arrow:
    """``(s, items) ↦ h(items)(s)`` for the fold h into functions of ``of``."""
    layer, functions = 1 + LINE * LINE**of, LINE**of
    algebra = trace(
        lambda x: x.case(inl=lambda _: lambda s: nil(s), inr=lambda c: lambda s: cons(s, *c)), layer, functions
    )
    h = fold(LISTS, algebra)
    return trace(lambda x: h(x[1])(x[0]), of * LISTS, LINE)


def listed(*items: float) -> Data:
    found = Data(LISTS, Injected("inl", ()))
    for item in reversed(items):
        found = Data(LISTS, Injected("inr", (np.asarray(item), found)))
    return found


def backwards(f: Arrow, start: Any) -> tuple[Any, list[float]]:
    """What the start and the items 2, 3, 5 hear of 1."""
    first, labels = numerically(reverse_derivative(f), ((start, listed(2.0, 3.0, 5.0)), np.asarray(1.0)))
    return first, [float(a) for a in reals(labels) if not isinstance(a, tuple)]


def test_branches_may_get_what_the_fold_got():
    """``s⁴ · 2 · 3 · 5``, written without a parametric fold, and with a pair that is taken apart and made anew."""
    power = folded(LINE, lambda s: s, lambda s, a, f: TIMES(f(s), TIMES(a, s)))
    pairs = folded(LINE * LINE, lambda s: s[0], lambda s, a, f: TIMES(f((s[0], s[1])), TIMES(a, s[1])))

    assert backwards(power, np.asarray(2.0)) == (4 * 8 * 30, [240, 160, 96])
    assert backwards(pairs, (np.asarray(2.0), np.asarray(3.0))) == ((27 * 30, 2 * 27 * 30), [810, 540, 324])


def test_branches_that_get_something_else_are_tables_or_are_refused():
    """Every second item is multiplied, by a state of two values; with a state of reals there is no table."""
    every_second = folded(
        BITS,
        lambda s: constant(1)(()),
        lambda s, a, f: TURN(s).case(inl=lambda _: TIMES(a, f(FLIP(s))), inr=lambda _: f(FLIP(s))),
    )
    accumulated = folded(LINE, lambda s: s, lambda s, a, f: f(TIMES(a, s)))

    assert backwards(every_second, 0) == ((), [5, 0, 2])
    assert backwards(every_second, 1) == ((), [0, 1, 0])
    for refused in (accumulated, fold_left(TIMES), scan_left(TIMES), map_accumulate(_twice())):
        with pytest.raises(NotInterpreted, match="its branches get other arguments than it gets itself"):
            reverse_derivative(refused)


def into_functions(body: Any, of: Ob, algebra: Any) -> Any:
    """The fold of ``mu(body)`` into functions of ``of`` with a pointwise algebra."""
    fixed = mu(body)
    return fold(fixed, trace(algebra, Functor(1, fixed.body)(LINE**of), LINE**of))


@pytest.mark.parametrize("other", [False, True])
def test_branches_are_seen_to_get_what_the_fold_got(other):
    """In every branch of a choice of labels, and in every branch of a tree; one that gets something else is found."""
    choices = into_functions(
        1 + (LINE + LINE) * Id,
        LINE,
        lambda x: x.case(
            inl=lambda _: lambda s: s,
            inr=lambda c: (
                lambda s: c[0].case(
                    inl=lambda a: TIMES(a, c[1](s)), inr=lambda b: TIMES(b, c[1](TIMES(s, s) if other else s))
                )
            ),
        ),
    )
    trees = into_functions(
        LINE + Id * Id,
        LINE * LINE,
        lambda x: x.case(
            inl=lambda a: lambda s: TIMES(a, s[0]),
            inr=lambda c: lambda s: TIMES(c[0](s), c[1]((s[1], s[0]) if other else (s[0], s[1]))),
        ),
    )

    assert [hands_on(choices), hands_on(trees)] == [not other, not other]


def _twice() -> Arrow:
    return trace(lambda x: (TIMES(x[0], x[1]), x[1]), Product(LINE, LINE), Product(LINE, LINE))


def test_a_fold_of_rose_trees_whose_branches_get_other_arguments_is_refused_as_one_of_lists_is():
    line, add, sine = R(), smooth("add", R() * R()), smooth("sin", R())
    maps, rose = line**line, mu(lambda x: R() * LIST(x))
    ends = arrow((1 + maps * maps) * line, line)(
        lambda z: z[0].case(inl=lambda _: z[1], inr=lambda c: add(c[0](sine(z[1])), c[1](z[1])))
    )
    step = arrow((line * LIST(maps)) * line, line)(lambda z: add(z[0][0], fold(LIST(maps), curry(ends))(z[0][1])(z[1])))
    whole = fold(rose, curry(step))
    with pytest.raises(NotInterpreted, match="other arguments than it gets itself, or it is not seen"):
        reverse_derivative(arrow(line * rose, line)(lambda x: whole(x[1])(x[0])))
