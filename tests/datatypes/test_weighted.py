"""Weighted automata over a field: exact equivalence, minimisation, homomorphisms (T2.1)."""

from __future__ import annotations

import itertools as it
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.datatypes import WeightedAutomaton, automaton
from catcore.errors import BadSpecification, InexactNumber, NotANumber, ShapeMismatch, UnknownName
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
    clean = WeightedAutomaton([1, 0, 0], {"a": doubled.matrix("a")}, [1, 0, 0])
    assert verify(list(clean.intertwiner_laws(onto, FIBONACCI))).ok
    assert clean.difference(FIBONACCI) is None
    assert len(clean.minimal()) == 2


SMALL = WeightedAutomaton([1, 0], {"a": [[0, 1], [1, 1]], "b": [[2, 0], [0, "1/2"]]}, [0, 1])
#: The second state of the automaton above, twice.
LARGE = WeightedAutomaton(
    [1, 0, 0],
    {"a": [[0, "1/2", "1/2"], [1, "1/2", "1/2"], [1, "1/2", "1/2"]], "b": [[2, 0, 0], [0, "1/2", 0], [0, 0, "1/2"]]},
    [0, 1, 1],
)


def test_a_homomorphism_is_found_and_gives_equal_weights_t2_1():
    W = LARGE.homomorphism(SMALL)

    assert W is not None
    assert W.shape == (3, 2)
    assert verify(list(LARGE.intertwiner_laws(W, SMALL))).ok
    assert LARGE.difference(SMALL) is None
    assert all(LARGE.weight(w) == SMALL.weight(w) for w in words(5))
    assert LARGE.homomorphism(WeightedAutomaton([1, 0], {x: SMALL.matrix(x) for x in "ab"}, [1, 1])) is None


@given(automata())
def test_minimal_automata_of_one_behaviour_are_isomorphic(machine):
    smallest, other = machine.minimal(), machine.reversed().minimal().reversed()
    W = smallest.homomorphism(other)

    assert W is not None
    assert verify(list(smallest.intertwiner_laws(W, other))).ok
    assert len(smallest) == len(other)
    assert W.det() != 0 if len(smallest) else True


def test_a_number_field_decides_what_the_rationals_cannot_write():
    phi, psi = "(1+sqrt(5))/2", "(1-sqrt(5))/2"
    golden = WeightedAutomaton(["(5+sqrt(5))/10", "(5-sqrt(5))/10"], {"a": [[phi, 0], [0, psi]]}, [1, 1])

    assert golden.field.name == "Q(sqrt(5))"
    assert FIBONACCI.difference(golden) is None
    W = FIBONACCI.homomorphism(golden)
    assert W is not None
    assert verify(list(FIBONACCI.intertwiner_laws(W, golden))).ok
    assert not verify(list(FIBONACCI.intertwiner_laws(W * 2, golden))).ok
    assert golden.difference(WeightedAutomaton([1, 0], {"a": [[phi, 0], [0, psi]]}, [1, 1])) == ("a",)
    assert len(golden.minimal()) == 2


def test_weights_in_a_finite_field():
    def fibonacci(field: str) -> WeightedAutomaton:
        return WeightedAutomaton([1, 0], {"a": [[1, 1], [1, 0]]}, [1, 0], field=field)

    assert [int(fibonacci("GF(2)").weight("a" * n)) for n in range(6)] == [1, 1, 0, 1, 1, 0]
    power = WeightedAutomaton([1], {"a": [[3]]}, [1], field="GF(5)")  # over GF(5) it is n ↦ 3ⁿ(1 + n/2)
    assert len(fibonacci("GF(5)").minimal()) == 2
    assert fibonacci("GF(5)").difference(power) == ("a",)
    nilpotent = WeightedAutomaton([1], {"a": [[7]]}, [1], field="GF(7)")
    assert nilpotent.difference(WeightedAutomaton([1], {"a": [[0]]}, [1], field="GF(7)")) is None
    assert nilpotent.homomorphism(nilpotent) is not None
    with pytest.raises(NotANumber, match="no field holds both"):
        fibonacci("GF(2)").difference(fibonacci("GF(3)"))


def test_a_deterministic_automaton_is_a_weighted_one():
    odd = automaton("eo", "xy", lambda s, c: ("o" if s == "e" else "e") if c == "x" else s, "o")
    weighted = WeightedAutomaton.of(odd, "e")

    assert [int(weighted.weight(w)) for w in ("", "x", "xyx", "xyxx")] == [0, 1, 0, 1]
    wide = automaton(range(4), "xy", lambda s, c: (s + 1) % 4 if c == "x" else s, [1, 3])
    assert WeightedAutomaton.of(wide, 0).difference(weighted) is None
    assert len(WeightedAutomaton.of(wide, 0).minimal()) == 2
    assert WeightedAutomaton.of(wide, 1).difference(weighted) == ()


@given(automata())
def test_graphs_of_weighted_automata_come_back(machine):
    assert WeightedAutomaton.from_networkx(machine.to_networkx()) == machine


def test_weighted_automata_in_dot():
    text = WeightedAutomaton(["1/2"], {'a"': [[3]]}, [1]).dot()

    assert 's0 [label="0: 1/2 / 1", initial="1/2", final="1"];' in text
    assert r's0 -> s0 [label="a\" : 3"' in text
    with pytest.raises(BadSpecification, match="needs the attributes letter and weight"):
        WeightedAutomaton.from_dot("digraph { a -> b }")


@given(automata())
def test_weighted_automata_come_back_from_dot(machine):
    assert WeightedAutomaton.from_dot(machine.dot()) == machine


def test_the_empty_automaton_weighs_nothing():
    empty = WeightedAutomaton([], {"a": []}, [])

    assert empty.weight("aa") == 0
    assert empty.difference(WeightedAutomaton([1], {"a": [[1]]}, [0])) is None
    assert len(WeightedAutomaton([1], {"a": [[1]]}, [0]).minimal()) == 0


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
        (lambda: FIBONACCI.homomorphism(WeightedAutomaton([1], {}, [1])), UnknownName, "read the same letters"),
        (lambda: FIBONACCI.intertwiner_laws([[1, 0]], FIBONACCI), ShapeMismatch, "needs as many rows"),
        (lambda: WeightedAutomaton(["sqrt(2)"], {}, [1], field="Q"), NotANumber, "sqrt"),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()
