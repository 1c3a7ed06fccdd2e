"""Weighted automata over the rationals: exact equivalence, minimisation, homomorphisms (T2.1)."""

from __future__ import annotations

import itertools as it
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.datatypes import WeightedAutomaton
from catcore.errors import InexactNumber, ShapeMismatch, UnknownName
from catcore_proofs import verify

FIBONACCI = WeightedAutomaton([1, 0], {"a": [[1, 1], [1, 0]]}, [1, 0])
small = st.integers(-2, 2)


@st.composite
def automata(draw: Any) -> WeightedAutomaton:
    n = draw(st.integers(1, 4))
    row = st.lists(small, min_size=n, max_size=n)
    square = st.lists(row, min_size=n, max_size=n)
    return WeightedAutomaton(draw(row), {"a": draw(square), "b": draw(square)}, draw(row))


def words(length: int):
    return (w for k in range(length + 1) for w in it.product("ab", repeat=k))


@given(automata())
def test_minimising_keeps_every_weight(machine):
    smallest = machine.minimal()

    assert len(smallest) <= len(machine)
    assert all(smallest.weight(w) == machine.weight(w) for w in words(4))
    assert machine.difference(smallest) is None
    assert len(smallest.minimal()) == len(smallest)


@given(automata(), automata())
def test_a_difference_is_a_shortest_word(left, right):
    found = left.difference(right)
    bound = len(left) + len(right) - 1  # a basis of the reachable vectors has no longer words
    differing = [w for w in words(bound) if left.weight(w) != right.weight(w)] if bound < 5 else None

    if found is None:
        assert not differing
    else:
        assert left.weight(found) != right.weight(found)
        assert all(left.weight(w) == right.weight(w) for w in words(len(found) - 1))


def test_a_homomorphism_keeps_weights_and_a_wrong_one_is_refused():
    doubled = WeightedAutomaton([1, 0, 0], {"a": [[1, 1, 0], [1, 0, 0], [0, 0, 5]]}, [1, 0, 7])
    onto = [[1, 0], [0, 1], [0, 0]]

    assert verify(list(doubled.intertwiner_laws(onto, FIBONACCI))).status == "fails"  # the third state ends with 7
    clean = WeightedAutomaton([1, 0, 0], doubled.steps, [1, 0, 0])
    assert verify(list(clean.intertwiner_laws(onto, FIBONACCI))).ok
    assert clean.difference(FIBONACCI) is None
    assert len(clean.minimal()) == 2


def test_fractions_are_exact():
    third = WeightedAutomaton(["1/3"], {"a": [["1/3"]]}, [1])

    assert third.weight("aa") * 27 == 1


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: WeightedAutomaton([1, 0], {"a": [[1, 1]]}, [1, 0]), ShapeMismatch, "needs 2 rows"),
        (lambda: WeightedAutomaton([1, 0], {}, [1]), ShapeMismatch, "the final weights"),
        (lambda: WeightedAutomaton([0.5], {}, [1]), InexactNumber, "the initial weights"),
        (lambda: FIBONACCI.weight("b"), UnknownName, "the letter 'b'"),
        (lambda: FIBONACCI.minus(WeightedAutomaton([1], {}, [1])), UnknownName, "read the same letters"),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()
