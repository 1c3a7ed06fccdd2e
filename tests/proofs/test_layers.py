"""Layers of greatest fixed points: parts of other types are equal by a proof, and are never granted (THEORY T3.2)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catcore import Law, curry, generator, ident, snd, unfold
from catcore_proofs import prove
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import replay
from catcore_proofs.library.machines import INPUTS, MEALY, OUTPUTS, S, T, homomorphisms, mealy_machines
from catcore_proofs.rocq.judge import judge

UNIQUE, ALIKE = mealy_machines()[1], homomorphisms()[1]
SAME = ("same",)


def ends(proof: Any) -> Any:
    """The ends of the layers in a proof."""
    while proof[0] != "layers":
        proof = proof[-1]
    return proof[1]


def with_ends(proof: Any, others: Any) -> Any:
    return ("layers", others) if proof[0] == "layers" else (*proof[:-1], with_ends(proof[-1], others))


@pytest.mark.parametrize("law", [UNIQUE, ALIKE], ids=lambda law: law.name)
def test_behaviour_of_mealy_machines_is_proved(law: Law, tmp_path: Path) -> None:
    verdict = prove(law)

    assert verdict.evidence == "proved"
    assert judge(verdict.certificate, tmp_path).status in ("accepted", "unavailable")


def test_parts_of_another_type_need_their_own_proof() -> None:
    found = prove(ALIKE).certificate
    assert found is not None
    elsewhere, place = ends(found["proof"])
    assert elsewhere[0] == "equal"
    assert place[0] == "again"

    for mutant in (
        (("equal", SAME), place),
        (("again", place[1], SAME, SAME), place),
        (place, elsewhere),
        (place,),
        (elsewhere, place, place),
    ):
        with pytest.raises(Rejected):
            replay({**found, "proof": with_ends(found["proof"], mutant)})


def test_machines_with_other_outputs_do_not_behave_alike() -> None:
    h = generator("h", S, T)
    one, two = (generator(f"cell of {s}", s * INPUTS, OUTPUTS * s) for s in (S, T))
    after = Law("same steps", (h * ident(INPUTS)) >> two >> snd(OUTPUTS, T), one >> snd(OUTPUTS, S) >> h)

    assert prove(replace(ALIKE, given=(after,))).status != "holds"
    assert prove(h >> unfold(MEALY, curry(two)), unfold(MEALY, curry(one))).status != "holds"
