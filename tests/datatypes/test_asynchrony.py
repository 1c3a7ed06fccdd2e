"""Cocycles, and message passing in any order (T3.6)."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from catcore.datatypes.asynchrony import eager, lazy, relayed, settle
from catcore.datatypes.semirings import BOOLEAN, COUNTING, MAX_PLUS, MIN_PLUS
from catcore.errors import NotRecursive, UnknownName
from catcore_proofs import prove, verify
from catcore_proofs.library.messages import cocycles
from tests.datatypes.test_hylomorphisms import EDGES, ROUNDS


def broken(cocycle):
    return [law.name for law in cocycle.laws() if verify(law).status == "fails"]


def test_eager_breaks_the_unit_law_only_t3_6():
    assert broken(eager(MIN_PLUS)) == ["unit"]


@pytest.mark.parametrize("semiring", [MIN_PLUS, MAX_PLUS, BOOLEAN], ids=str)
def test_lazy_is_a_cocycle_where_addition_chooses_t3_6(semiring):
    assert broken(lazy(semiring)) == []


def test_lazy_is_no_cocycle_for_sums():
    assert broken(lazy(COUNTING)) == ["composition"]
    assert broken(relayed(COUNTING)) == []


def test_an_action_that_is_none_is_refused():
    assert "products act in turn" in broken(replace(lazy(MIN_PLUS), act=lambda m, s: m + s))
    assert "e acts as the identity" in broken(replace(lazy(MIN_PLUS), act=lambda m, s: m))


def fixpoints(edges, semiring, cocycle):
    found = (settle(edges, semiring, cocycle, start={0: semiring.one}, seed=seed) for seed in range(40))
    return {tuple(sorted(states.items())) for states in found}


def test_every_schedule_ends_alike_when_addition_is_idempotent_t3_6():
    shortest = tuple(enumerate(ROUNDS[-1]))
    assert fixpoints(EDGES, MIN_PLUS, lazy(MIN_PLUS)) == {shortest}
    cyclic = [*EDGES, (4, 0, 1), (3, 2, 1)]
    assert fixpoints(cyclic, MIN_PLUS, lazy(MIN_PLUS)) == {shortest}


def test_schedules_disagree_when_addition_is_a_sum_t3_6():
    """The lazy rule re-sends a total at each change, so what arrives twice is counted twice."""
    assert len(fixpoints(EDGES, COUNTING, lazy(COUNTING))) > 1
    assert len(fixpoints(EDGES, COUNTING, relayed(COUNTING))) == 1


def test_what_never_ends_is_reported():
    with pytest.raises(NotRecursive, match="after 500 deliveries"):
        settle([(0, 1, -1), (1, 0, 0)], MIN_PLUS, lazy(MIN_PLUS), start={0: 0}, seed=0, limit=500)
    with pytest.raises(UnknownName, match="to 9, and the nodes are 0, 1"):
        settle([(0, 1, 1)], MIN_PLUS, lazy(MIN_PLUS), start={9: 0}, seed=0)
    assert settle([(0, 1, 1)], MIN_PLUS, lazy(MIN_PLUS), start={}, seed=0) == {0: math.inf, 1: math.inf}


def test_a_cocycle_is_an_action_that_emits_and_needs_its_law_t3_6():
    law = next(law for law in cocycles() if law.name == "product acts as the composite")

    assert prove(law).evidence == "proved"
    assert prove(replace(law, given=tuple(h for h in law.given if h.name != "composition"))).status == "fails"
