"""Recursion with parameters: its laws are proved, its numbers are those of the theory (T4.5, T4.6)."""

from __future__ import annotations

import pytest

from catcore import FinSet, Id, fold, generator, ident, mu, nu, snd
from catcore.datatypes.parametric import (
    parametric_fold,
    parametric_fold_law,
    parametric_unfold,
    parametric_unfold_law,
)
from catcore.errors import IllTyped
from catcore.laws import Law
from catcore.objects import atoms
from catcore_proofs import prove

A, B, P, S = atoms("A B P S")
FUNCTORS = {
    "lists": 1 + A * Id,
    "trees": A + Id * Id,
    "labelled trees": 1 + A * (Id * Id),
    "powers": A + B * Id ** FinSet(2),
}


def proved(law: Law) -> bool:
    verdict = prove(law.lhs, law.rhs)
    return (verdict.status, verdict.evidence) == ("holds", "proved")


@pytest.mark.parametrize("name", FUNCTORS)
def test_the_law_of_parametric_folds_is_proved_t4_6(name):
    F = FUNCTORS[name]

    assert proved(parametric_fold_law(mu(F), generator("cell", P * F(S), S)))


@pytest.mark.parametrize("F", [A * Id, (B * Id) ** FinSet(2), B * Id ** FinSet(2)], ids=str)
def test_the_law_of_parametric_unfolds_is_proved_t4_6(F):
    assert proved(parametric_unfold_law(nu(F), generator("cell", P * S, F(S))))


def test_an_algebra_that_ignores_its_parameters_folds_as_without_t4_5():
    F = FUNCTORS["trees"]
    a = generator("a", F(S), S)
    h = parametric_fold(mu(F), snd(P, F(S)) >> a)

    assert proved(Law("no parameters", h, snd(P, mu(F)) >> fold(mu(F), a)))


def test_the_law_with_another_cell_is_refused():
    F = FUNCTORS["lists"]
    law = parametric_fold_law(mu(F), generator("cell", P * F(S), S))
    other = parametric_fold_law(mu(F), generator("other", P * F(S), S))

    assert prove(law.lhs, other.rhs).status != "holds"


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: parametric_fold(A, ident(A)), "mu\\(F\\), and A is none"),  # type: ignore[arg-type]
        (lambda: parametric_fold(mu(1 + A * Id), ident(A)), "takes an arrow P × F"),
        (lambda: parametric_fold(mu(1 + A * Id), generator("f", P * (1 + A * B), S)), "it got f : P × "),
        (lambda: parametric_unfold(mu(A * Id), ident(A)), "greatest fixed point"),  # type: ignore[arg-type]
        (lambda: parametric_unfold(nu(A * Id), generator("f", P * S, A * P)), "takes an arrow P × S → F"),
    ],
)
def test_refusals_say_what_was_found(attempt, sentence):
    with pytest.raises(IllTyped, match=sentence):
        attempt()
