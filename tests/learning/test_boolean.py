"""Boolean circuits that learn over Z₂ (T5.10)."""

from __future__ import annotations

import itertools as it

import pytest

from catcore.learning import PolyZ2, polynomial_map
from catcore.learning.losses import boolean
from tests.learning.tasks import circuits
from tests.learning.tasks.circuits import step_of

Z2 = PolyZ2()
AND = step_of(polynomial_map(2, lambda p, a: p * a), 1)
AFFINE = step_of(circuits.AFFINE, 2)


def test_the_table_of_t5_10():
    """f(p, a) = p a: p ↦ p + a (p a + b)."""
    wanted = {"000": 0, "001": 0, "010": 0, "011": 1, "100": 1, "101": 1, "110": 0, "111": 1}

    assert {f"{p}{a}{b}": AND(a, b, p)[0] for p, a, b in it.product((0, 1), repeat=3)} == wanted


def test_the_step_is_the_formula():
    """put(a, p, b) = p + π₀ R[f](p, a, f(p, a) + b)."""
    assert Z2.equal(AFFINE, polynomial_map(4, lambda a, b, p0, p1: (p1 * a + b, p1 + a * (p0 + p1 * a + b))))


@pytest.mark.parametrize("target", [(0, 0), (1, 1), (0, 1), (1, 0)])
@pytest.mark.parametrize("start", list(it.product((0, 1), repeat=2)))
def test_all_functions_of_one_bit_are_learned_in_two_epochs_and_kept(start, target):
    def epoch(p):
        for a in (0, 1):
            p = AFFINE(a, target[a], *p)
        return p

    learned = epoch(epoch(start))

    assert tuple((learned[0] + learned[1] * a) % 2 for a in (0, 1)) == target
    assert epoch(learned) == learned


def test_ascent_is_descent():
    """p + p' and p − p' are one polynomial, so a game of two players has one move only."""
    plus, minus = polynomial_map(2, lambda p, d: p + d), polynomial_map(2, lambda p, d: p - d)

    assert Z2.equal(plus, minus)


def test_the_boolean_loss_tells_label_and_prediction_the_same():
    """e(t, y) = t + y has the covectors (α, α) (T5.5)."""
    lens = boolean(2).arrow

    assert [str(p) for p in lens.get.outputs] == ["x0 + x2", "x1 + x3"]
    assert [str(p) for p in lens.put.outputs] == ["x4", "x5", "x4", "x5"]


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_a_table_is_any_function_and_sees_each_input_once(inputs):
    """One weight an input: after one epoch it is the function, whatever it is, and from the start it has the grades."""
    circuit = circuits.table(inputs)
    for number in range(2 ** (2**inputs)) if inputs < 3 else (0, 1, 90, 150, 232, 255):
        values = [number >> i & 1 for i in range(2**inputs)]
        samples = [([i >> k & 1 for k in range(inputs)], values[i]) for i in range(2**inputs)]
        weights = circuits.learned(circuit, (0,) * 2**inputs, samples)
        assert [circuit(*weights, *a)[0] for a, _ in samples] == values
