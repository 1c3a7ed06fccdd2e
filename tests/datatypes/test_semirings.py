"""Semirings and their laws; those that break a law are refused with the elements at which they do (T3.4, T3.5)."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from catcore.datatypes.semirings import (
    BOOLEAN,
    COUNTING,
    LOG_SUM_EXP,
    MAX_PLUS,
    MIN_PLUS,
    Semiring,
    lawful,
    witnessed,
)
from catcore.errors import BadSpecification, LawViolated
from catcore_proofs import verify

ALL = [MIN_PLUS, MAX_PLUS, BOOLEAN, COUNTING, LOG_SUM_EXP, witnessed(MIN_PLUS), witnessed(MAX_PLUS, count=3)]


@pytest.mark.parametrize("semiring", ALL, ids=str)
def test_the_laws_hold(semiring):
    assert verify(list(semiring.laws())).status != "fails"
    assert lawful(semiring) is semiring


MUTANTS = [
    (replace(MIN_PLUS, zero=0), "0 is the unit of ⊕"),
    (replace(MIN_PLUS, add=lambda x, y: x), "⊕ is commutative"),
    (replace(MIN_PLUS, add=lambda x, y: (x + y) / 2), "⊕ is associative"),
    (replace(COUNTING, one=2), "1 is a left unit of ⊗"),
    (replace(COUNTING, mul=lambda x, y: x - y), "⊗ is associative"),
    (replace(COUNTING, mul=max, one=0), "⊗ distributes from the left"),
    (replace(BOOLEAN, mul=lambda x, y: x == y), "⊗ distributes from the left"),
    (replace(LOG_SUM_EXP, add=lambda x, y: x + y, zero=0.0), "⊗ distributes from the left"),
]


@pytest.mark.parametrize(("mutant", "law"), MUTANTS, ids=[law for _, law in MUTANTS])
def test_a_semiring_that_breaks_a_law_is_refused_where_it_does(mutant, law):
    assert verify(list(mutant.laws())).status == "fails"
    with pytest.raises(LawViolated, match=f"the law '{law}' fails at"):
        lawful(mutant)


def test_min_and_plus_are_idempotent_or_not():
    assert verify(MIN_PLUS.idempotence()).status != "fails"
    assert verify(COUNTING.idempotence()).status == "fails"


def test_the_best_come_first_with_their_witnesses():
    best = witnessed(MIN_PLUS, count=2)
    roads = best.sum(best.lift(cost, name) for cost, name in [(5, "c"), (3, "b"), (3, "a"), (math.inf, "d")])

    assert roads == ((3, ("a",)), (3, ("b",)))
    assert best.mul(roads, best.lift(1, "x")) == ((4, ("a", "x")), (4, ("b", "x")))


def test_a_bottleneck_cannot_carry_the_best_witness():
    """In ``(max, min)`` a strict preference may become a tie, and the witness kept was the wrong one."""
    bottleneck = Semiring(
        name="bottleneck", add=max, mul=min, zero=-math.inf, one=math.inf, samples=(-math.inf, 1, 2, 3, math.inf)
    )
    lawful(bottleneck)
    with pytest.raises(LawViolated, match="distributes"):
        lawful(witnessed(bottleneck))


def test_witnesses_need_an_addition_that_chooses():
    with pytest.raises(BadSpecification, match="neither of the two"):
        witnessed(COUNTING)
    with pytest.raises(BadSpecification, match="ask for at least one"):
        witnessed(MIN_PLUS, count=0)
