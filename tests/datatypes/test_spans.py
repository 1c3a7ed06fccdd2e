"""Integral transforms along polynomial spans (T3.5): one span, several semirings, and relabelling."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.datatypes.semirings import BOOLEAN, COUNTING, LOG_SUM_EXP, MIN_PLUS, lawful, witnessed
from catcore.datatypes.spans import POLYNOMIALS, Span, SpanAutomorphism, edge_span, integral_transform, message_bags
from catcore.errors import BadSpecification, ShapeMismatch
from catcore_proofs import verify
from tests.datatypes.test_hylomorphisms import EDGES, ROUNDS

STEP = edge_span(5, [(u, v) for u, v, _ in EDGES])
WEIGHTS = [w for _, _, w in EDGES]


def rounds(semiring, weights, stay, *, count=4, kind=list):
    """The values of the nodes after each round, starting at node 0."""
    nodes = [semiring.one] + [semiring.zero] * 4
    found = [nodes]
    for _ in range(count):
        nodes = list(integral_transform(STEP, semiring, kind([*nodes, *weights, *[stay] * 5])))
        found.append(nodes)
    return found


@pytest.mark.parametrize("kind", [list, np.array])
def test_bellman_ford_is_a_span_over_min_plus_t3_5(kind):
    assert rounds(MIN_PLUS, WEIGHTS, 0, kind=kind) == ROUNDS


@pytest.mark.parametrize("kind", [list, np.array])
def test_the_same_span_tells_what_is_reached_t3_5(kind):
    assert rounds(BOOLEAN, [True] * 6, True, kind=kind) == [[d < math.inf for d in row] for row in ROUNDS]


@pytest.mark.parametrize("kind", [list, np.array])
def test_the_same_span_counts_walks_t3_5(kind):
    adjacency = np.zeros((5, 5), dtype=int)
    for u, v, w in EDGES:
        adjacency[u, v] += w
    powers = [np.linalg.matrix_power(adjacency, k)[0].tolist() for k in range(5)]

    assert rounds(COUNTING, WEIGHTS, 0, kind=kind) == powers
    assert powers[1] == [0, 4, 2, 0, 0]


def test_witnesses_name_the_shortest_path():
    best = witnessed(MIN_PLUS)
    found = rounds(best, [best.lift(w, (u, v)) for u, v, w in EDGES], best.one)

    assert found[4][4] == ((11, ((0, 2), (2, 1), (1, 3), (3, 4))),)


def test_fractions_stay_exact_and_features_ride_along():
    third = [Fraction(1, 3)] * STEP.inputs
    assert integral_transform(STEP, COUNTING, third)[1] == Fraction(1, 3)  # three messages of 1/9
    batch = np.random.default_rng(0).normal(size=(STEP.inputs, 7))
    columns = [integral_transform(STEP, LOG_SUM_EXP, batch[:, k]) for k in range(7)]
    assert np.allclose(integral_transform(STEP, LOG_SUM_EXP, batch), np.stack(columns, axis=1))


def test_messages_are_bags_for_sets_lose_multiplicity():
    twice = edge_span(2, [(0, 1), (0, 1)])
    assert message_bags(twice, COUNTING, [1, 0, 1, 1, 1, 1])[1] == [1, 1, 0]
    assert integral_transform(twice, COUNTING, [1, 0, 1, 1, 1, 1]) == [1, 2]


@st.composite
def spans(draw):
    w, y, z = (draw(st.integers(1, 4)) for _ in range(3))
    x = draw(st.integers(0, 6))
    images = lambda n, size: tuple(draw(st.lists(st.integers(0, size - 1), min_size=n, max_size=n)))  # noqa: E731
    return Span(w, images(x, w), images(x, y), images(y, z), z)


@given(spans(), st.data())
def test_arrays_agree_with_exact_values(span, data):
    for semiring, dtype in ((MIN_PLUS, float), (COUNTING, int)):
        values = data.draw(st.lists(st.integers(-3, 3), min_size=span.inputs, max_size=span.inputs))
        exact = integral_transform(span, semiring, values)
        assert list(integral_transform(span, semiring, np.array(values, dtype=dtype))) == exact


SQUARE = edge_span(3, [(0, 1), (1, 2), (2, 0)])


def rotation():
    """The rotation of a directed triangle, on its nodes, edges and stays."""
    turn, blocks = [1, 2, 0], range(2)
    messages = tuple(3 * block + turn[k] for block in blocks for k in range(3))
    inputs = (*turn, *(3 + m for m in messages))
    arguments = tuple(2 * messages[k // 2] + k % 2 for k in range(12))
    return SpanAutomorphism(SQUARE, inputs, arguments, messages, tuple(turn))


def test_transforms_are_natural_under_relabelling_t3_5():
    assert verify(rotation()).status != "fails"


def test_a_permutation_that_is_no_automorphism_is_refused():
    swapped = replace(rotation(), on_outputs=(0, 2, 1))
    assert verify(swapped).status == "fails"
    assert verify(swapped.equivariance()).status == "fails"
    with pytest.raises(ShapeMismatch, match="no permutation of the 3 elements of Z"):
        replace(rotation(), on_outputs=(0, 0, 1))


def test_polynomials_are_a_commutative_semiring():
    lawful(POLYNOMIALS)
    assert verify(POLYNOMIALS.commutativity()).status != "fails"


def test_maps_that_do_not_fit_are_refused():
    with pytest.raises(ShapeMismatch, match="i has 2 values and p has 1"):
        Span(2, (0, 1), (0,), (0,), 1)
    with pytest.raises(ShapeMismatch, match="i : X → W sends 1 to 2, outside of 0, …, 1"):
        Span(2, (0, 2), (0, 0), (0,), 1)
    with pytest.raises(ShapeMismatch, match="o : Y → Z sends 0 to -1"):
        Span(1, (0,), (0,), (-1,), 1)
    with pytest.raises(ShapeMismatch, match="16 values were asked for"):
        integral_transform(STEP, MIN_PLUS, [0])
    with pytest.raises(BadSpecification, match="names no NumPy functions"):
        integral_transform(STEP, POLYNOMIALS, np.zeros(STEP.inputs))
