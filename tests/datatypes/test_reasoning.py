"""A specification prints: the functor and the structure map of every recursion of a network (FEATURES 89)."""

from __future__ import annotations

from typing import Any, cast

import pytest

from catcore import Id, R, atoms, fold, generator, ident, mu, nu, pair, unfold
from catcore.datatypes import Problem, parametric_fold
from catcore.datatypes.reasoning import specification
from catcore.errors import IllTyped
from catcore.para import ParaMap, cases, recursion
from catcore.para.architectures import folding, mealy, recurrent_machine, rnn_cell
from catcore.structures.lists import LIST

A, B, P, S = atoms("A B P S")


def test_a_folding_network_reasons_by_induction_over_lists():
    found = specification(parametric_fold(LIST(A), generator("cell", P * (1 + A * S), S)))

    assert str(found) == ("P × (μX. 1 + A × X) → S\n  induction over 1 + A × Id, by cell : P × (1 + A × S) → S")


def test_kinds_of_reasoning_tell_architectures_apart():
    decoder = generator("decoder", S, B * S)

    assert specification(ident(A)).kinds == ()
    assert str(specification(ident(A))) == "A → A\n  no recursion"
    assert specification(unfold(nu(B * Id), decoder)).kinds == ("coinduction",)
    assert specification(Problem(lambda n: []).arrow).kinds == ("planning and execution",)
    encoder = fold(LIST(A), generator("encoder", 1 + A * S, S))
    both = specification(encoder >> unfold(nu(B * Id), decoder))
    assert both.kinds == ("induction", "coinduction")
    assert [str(r.functor) for r in both.recursions] == ["1 + A × Id", "B × Id"]


def test_a_recursion_is_determined_by_what_is_listed():
    layer = A + Id * Id
    algebra = generator("a", layer(B), B)
    (found,) = specification(fold(mu(layer), algebra)).recursions

    assert fold(mu(found.functor), *found.structure) is found.term


def test_handing_parameters_on_is_no_reasoning_of_its_own():
    rose = mu(lambda x: A * LIST(x))
    given = P * (A * LIST(S))
    inside = pair(generator("w", given, S), generator("v", given, S)) >> generator("+", S * S, S)

    assert len(specification(parametric_fold(rose, inside)).recursions) == 1


def test_the_networks_of_the_talk_specify_themselves():
    cell, joined = rnn_cell(2, 3), generator("joined", R(3) * R(3), R(3))
    networks = [
        (recursion.fold(LIST(R(2)), folding(cell)), "induction over 1 + ℝ[2] × Id"),
        (recursion.fold(mu(R(3) + Id * Id), cases(ParaMap((), ident(R(3))), joined)), "induction over ℝ[3] + Id × Id"),
        (recursion.unfold(nu(R(3) * Id), generator("decoder", R(4), R(3) * R(4))), "coinduction over ℝ[3] × Id"),
        (recursion.unfold(nu((R(1) * Id) ** R(2)), mealy(recurrent_machine(2, 3, 1))), 
         "coinduction over (ℝ[1] × Id)^ℝ[2]"),
    ]  # fmt: skip
    for network, said in networks:
        (line,) = str(specification(network)).splitlines()[1:]
        assert line.startswith(f"  {said}, by ")


def test_what_is_no_arrow_is_refused():
    with pytest.raises(IllTyped, match="of an arrow or of a parametric map was asked for, and 7"):
        specification(cast(Any, 7))
