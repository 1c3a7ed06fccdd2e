"""Completion of presentations: orders known from the literature, infinite monoids told apart, and refusals in time."""

from __future__ import annotations

import itertools
import time

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import Group, Monoid, symmetric
from catcore.equivariance.groups.completion import RewritingSystem, complete
from catcore.equivariance.groups.models import enumerate_elements
from catcore.errors import TooLarge

ORDERS = [
    (("a b", ["a^2", "b^3", "(a b)^5"]), 60),  # A5
    (("a b", ["a^2", "b^5", "(a b)^4", "(a b a b^-1)^3"]), 120),  # S5
    (("a b", ["a^2", "b^3", "(a b)^7", "(a b a^-1 b^-1)^4"]), 168),  # PSL(2, 7)
    (("a b c d e", ["a b = c", "b c = d", "c d = e", "d e = a", "e a = b"]), 11),  # the Fibonacci group F(2, 5)
    (("a b c", ["a^2", "b^2", "c^2", "(a b)^5", "(b c)^3", "(a c)^2"]), 120),  # the Coxeter group H3
    (("a b", ["a^300", "b^3", "a b = b a"]), 900),
    (("a b", ["a b a^-1 = b^2", "b a b^-1 = a^2"]), 1),  # trivial, though not at first sight
    (("a b", ["a b = b a"]), sp.oo),
    (("a b", ["a^2", "b^3"]), sp.oo),  # PSL(2, Z)
]


@pytest.mark.parametrize(("presentation", "order"), ORDERS, ids=lambda x: str(x))
def test_orders_of_groups(presentation: tuple[str, list[str]], order: object) -> None:
    assert Group.presentation(*presentation).order == order


def test_orders_of_monoids() -> None:
    assert Monoid.presentation("a b", ["a a = a", "b b = b", "a b a = a b", "b a b = a b"]).order == 5
    assert Monoid.presentation("p q", ["p q = 1"]).order is sp.oo  # the bicyclic monoid
    with pytest.raises(TooLarge, match="infinitely many"):
        _ = Monoid.presentation("p q", ["p q = 1"]).elements


@pytest.mark.parametrize(
    "relations",
    [
        ["a^2", "b^3", "(a b)^7"],
        ["a^2", "b^3", "(a b)^7", "(a b a^-1 b^-1)^8"],
        ["a b a^-1 = b^2"],
        ["a b a = b a b"],
    ],
    ids=str,
)
def test_refusals_come_within_seconds(relations: list[str]) -> None:
    """Systems that are infinite in this order, or large: bounded by steps, with what to do."""
    start = time.process_time()
    group = Group.presentation("a b", relations)
    with pytest.raises(TooLarge, match=r"not completed .* give the monoid by transformations, permutations or a table"):
        _ = group.elements
    assert group.order is None
    assert time.process_time() - start < 20


WORDS = st.lists(st.integers(0, 1), max_size=4).map(tuple)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=4))
def test_completed_systems_are_confluent(equations: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> None:
    """Equal by an equation in any context is equal in normal form; what is counted is what a search would list."""
    try:
        system = complete(equations)
    except TooLarge:
        return
    for left, right in equations:
        for before, after in itertools.product([(), (0,), (1, 0), (1, 1, 0)], repeat=2):
            assert system.normal(before + left + after) == system.normal(before + right + after)
    short = [w for n in range(5) for w in itertools.product(range(2), repeat=n) if system.normal(w) == w]
    count = system.count(2)
    assert count is None or count >= len(short)
    if len({len(w) for w in short}) < 5:  # no irreducible word of some length, so none longer
        assert count == len(short)


def test_counting_needs_every_rule() -> None:
    """Without one of its rules the system of S3 has more irreducible words, and no longer decides equality."""
    system = symmetric_system()
    assert system.count(2) == 6
    for left in list(system.rules):
        mutant = symmetric_system()
        mutant.remove(left)
        assert mutant.count(2) != 6


def symmetric_system() -> RewritingSystem:
    return complete([((0, 0), ()), ((1, 1, 1), ()), ((0, 1, 0, 1), ())])


def test_elements_of_a_presentation_multiply_as_permutations_do() -> None:
    group = symmetric(4)
    abstract = Group.presentation(group.generators, group.relations)
    assert len(enumerate_elements(abstract.model).elements) == abstract.order == 24
