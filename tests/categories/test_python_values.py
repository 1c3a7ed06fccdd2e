"""Terms on Python values: lists, and naturality on infinite sets (THEORY T1.2, T1.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import Id, NaturalTransformation, One, arrow, atoms, fold, functor, generator, in_, inl, inr, mu
from catcore.categories import PythonValues
from catcore.datatypes import datatype
from catcore.errors import NotInterpreted
from catcore.laws import naturality
from catcore_proofs import verify

A, N = atoms("A N")
List = functor(lambda X: mu(lambda Y: 1 + X * Y))
LISTS = [[], [1], [1, 2], [2, 1], [3, 1, 2]]
from_list, to_list = datatype(List(N)).list_of, datatype(List(N)).to_list


def head(x):
    """``safe_head : List X → 1 + X`` as a fold."""
    step = arrow(1 + x * (1 + x), 1 + x)(lambda t: t.case(inl=lambda u: inl(u), inr=lambda p: inr(p[0])))
    return fold(List(x), step)


def reverse(x):
    """Reversal as a fold into functions that append, applied to the empty list."""
    of = List(x)
    step = arrow(1 + x * of**of, of**of)(
        lambda t: t.case(inl=lambda _: lambda rest: rest, inr=lambda p: lambda rest: p[1](in_(of)(inr((p[0], rest)))))
    )
    empty = inl(One, x * of) >> in_(of)
    return arrow(of, of)(lambda xs: fold(of, step)(xs)(empty))


negate = generator("negate", N, N)
python = PythonValues({negate: lambda x: -x})


@given(st.lists(st.integers(), max_size=6))
def test_lists_and_values_convert_both_ways(values) -> None:
    assert to_list(from_list(values)) == values


@given(st.lists(st.integers(), max_size=6))
def test_reversal_as_a_fold_reverses(values) -> None:
    assert to_list(python.apply(reverse(N), from_list(values))) == values[::-1]


@pytest.mark.parametrize("family", [(head, 1 + Id), (reverse, List)], ids=["safe_head", "reverse"])
def test_polymorphic_folds_are_natural_on_samples(family) -> None:
    """T1.3: reverse and safe_head are natural; on samples of an infinite set that is what can be said."""
    component, target = family
    law = naturality(NaturalTransformation(List, target, component), negate)
    verdict = verify(python.sampled(law, map(from_list, LISTS)))[law.name]

    assert (verdict.status, verdict.evidence) == ("holds", "sampled")


def test_sorting_is_not_natural() -> None:
    """T1.3: with f = x ↦ −x on [1, 2], sort after map is [−2, −1] and map after sort is [−1, −2]."""
    sort = generator("sort", List(N), List(N))
    sorting = PythonValues({negate: lambda x: -x, sort: lambda xs: from_list(sorted(to_list(xs)))})
    law = naturality(NaturalTransformation(List, List, lambda _: sort, "sort"), negate)
    verdict = verify(sorting.sampled(law, map(from_list, LISTS)))["naturality of sort"]

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert to_list(verdict.counterexample.element) == [1, 2]
    assert to_list(verdict.counterexample.lhs) == [-2, -1]
    assert to_list(verdict.counterexample.rhs) == [-1, -2]


def test_sorting_is_no_arrow_part_of_a_functor() -> None:
    """T1.2: 'sort after mapping' fails F(f ; g) = F(f) ; F(g) on [1, 2] with f = g = negation."""
    sort = generator("sort", List(N), List(N))
    sorting = PythonValues({negate: lambda x: -x, sort: lambda xs: from_list(sorted(to_list(xs)))})

    def action(f):
        return List(f) >> sort

    xs = from_list([2, 1])
    assert to_list(sorting.apply(action(negate >> negate), xs)) == [1, 2]
    assert to_list(sorting.apply(List(negate) >> sort >> List(negate), xs)) != [1, 2]


def test_functions_are_not_compared_by_sampling() -> None:
    from catcore import Law, curry, snd

    constant = curry(snd(A, N))
    with pytest.raises(NotInterpreted, match="functions"):
        PythonValues().sampled(Law("same", constant, constant), [0])


def test_a_generator_without_a_function_is_named() -> None:
    with pytest.raises(NotInterpreted, match="negate : N → N has no Python function"):
        PythonValues().apply(negate, 1)


def test_nodes_print_as_constructors() -> None:
    assert str(from_list([1])) == "[1]"
