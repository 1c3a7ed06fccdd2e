"""Arbitrary functors, adjunctions, comonads and distributive laws: 2-cells with certificates (THEORY T1.8, T1.10)."""

from __future__ import annotations

import copy
import itertools as it
import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore import Adjunction, Comonad, DistributiveLaw, Functor, Id, Law, Monad, atoms, generator, ident
from catcore.categories.finite_sets import FiniteModel
from catcore.functors import NaturalTransformation
from catcore.instances import Instance
from catcore.laws import assumed
from catcore_proofs import prove, replay, verify
from catcore_proofs.census import transformations
from catcore_proofs.evaluation import Rejected
from catcore_proofs.refutation import difference
from catcore_proofs.whiskering import NoDiagram, certificate, read

X, Y, Z = atoms("X Y Z")
ADJUNCTION = Adjunction.variable("F", "U")
S, T = Monad.variable("S"), Monad.variable("T")
LAW = DistributiveLaw.variable("λ", T, S)
W = Comonad.variable("W")
F = Functor.variable("F")
ALPHA, BETA = (NaturalTransformation.variable(name, F, F) for name in ("α", "β"))
INVOLUTION = assumed([Law("involution", ALPHA[X] >> ALPHA[X], ident(F(X)))], X)
SMALL = [Id, 1 + Id, Id * Id]


@pytest.mark.parametrize(
    "structure", [ADJUNCTION, ADJUNCTION.monad(), ADJUNCTION.comonad(), LAW, LAW.composite(), W], ids=str
)
def test_structures_on_arbitrary_functors_are_proved(structure):
    """P22: an adjunction gives a monad and a comonad; P23: Beck's theorem."""
    report = verify(structure)

    assert {v.evidence for v in report} == {"proved"}, str(report)
    for verdict in report:
        replay(json.loads(json.dumps(verdict.certificate)))


def test_composites_of_transformations_are_natural():
    f = generator("f", X, Y)
    alpha = NaturalTransformation.variable("α", T.functor, S.functor)
    twice = Law("twice", T(T(f)) >> alpha[T(Y)] >> S(alpha[Y]), alpha[T(X)] >> S(alpha[X]) >> S(S(f)))

    assert prove(twice).evidence == "proved"
    assert prove(alpha[T(X)] >> S(alpha[X]), T(alpha[X]) >> alpha[S(X)]).evidence == "proved"


def test_maps_between_objects_stand_in_diagrams_too():
    """A Kleisli arrow ``f : X → T Y`` is a box; its extension is natural."""
    f, g = generator("f", X, T(Y)), generator("g", Y, T(Z))
    alpha = NaturalTransformation.variable("α", T.functor, S.functor)

    law = Law("moved", T(f) >> alpha[T(Y)] >> S(T(g)), alpha[X] >> S(f) >> S(T(g)))
    assert prove(law).evidence == "proved"


# ---- what must not pass ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("triangle", [0, 1], ids=["left triangle only", "right triangle only"])
def test_one_triangle_does_not_give_a_monad_and_a_comonad(triangle):
    half = replace(ADJUNCTION, given=(ADJUNCTION.given[triangle],))
    verdicts = [*verify(half.monad()), *verify(half.comonad())]

    assert {v.status for v in verdicts} == {"holds", "fails"}
    failing = next(v for v in verdicts if v.status == "fails")
    assert failing.counterexample is not None
    assert set(failing.counterexample.instances) == {"F", "U", "η", "ε"}


def test_without_an_axiom_beck_does_not_follow():
    axioms = tuple(h for h in LAW.hypotheses if not h.name.startswith("outer unit"))
    weaker = replace(LAW, hypotheses=axioms)

    assert verify(weaker.composite()).status != "holds"


def test_a_hypothesis_at_one_object_is_not_used_at_another():
    alpha = ALPHA
    at_x = Law("involution at X", alpha[X] >> alpha[X], ident(F(X)))
    (everywhere,) = assumed([at_x], X)

    assert prove(alpha[F(X)] >> alpha[F(X)], ident(F(F(X))), given=[everywhere]).evidence == "proved"
    assert prove(alpha[F(X)] >> alpha[F(X)], ident(F(F(X))), given=[at_x]).status != "holds"
    assert prove(alpha[Y] >> alpha[Y], ident(F(Y)), given=[at_x]).status != "holds"
    assert prove(alpha[Y] >> alpha[Y], ident(F(Y)), given=[everywhere]).evidence == "proved"


def test_names_cannot_make_two_functions_one():
    """Functors, transformations and maps whose names look like whiskered ones stay apart."""
    G = Functor.variable("G")
    alpha = NaturalTransformation.variable("α", F, G)
    impostor = generator("α[X]", F(X), G(X))
    nested = NaturalTransformation.variable("F(α", F, G)

    assert prove(alpha[X], impostor).status != "holds"
    assert prove(F(alpha[X]), generator("F(α[X])", F(F(X)), F(G(X)))).status != "holds"
    assert prove(nested[X], alpha[X]).status != "holds"
    (u,) = atoms("F(X)")
    assert prove(generator("f", u, u) >> generator("f", u, u), generator("f", u, u)).status == "fails"


def test_every_step_of_a_certificate_is_checked():
    good = certificate(LAW.composite().laws()[4])
    replay(good)

    def steps(proof):
        while proof[0] == "rewrite":
            yield proof
            proof = proof[-1]

    assert len(list(steps(good["proof"]))) > 10
    for position in (0, 3, 7):
        for change in ("point", "number", "direction", "left out"):
            bad = copy.deepcopy(good)
            chain = [list(step) for step in steps(bad["proof"])]
            if change == "point":
                chain[position][3] = (("v", 0),) if chain[position][3] != (("v", 0),) else (("v", 1),)
            elif change == "number":
                chain[position][2] = (chain[position][2] + 1) % len(bad["statement"]["given"])
            elif change == "direction":
                chain[position][4] = not chain[position][4]
            else:
                del chain[position]
            proof = ("same",)
            for step in reversed(chain):
                proof = (*step[:5], proof)
            bad["proof"] = proof
            with pytest.raises(Rejected):
                replay(bad)


def test_what_is_no_diagram_is_left_to_others():
    with pytest.raises(NoDiagram, match="no composite of arbitrary functors"):
        read(Law("x", NaturalTransformation.variable("a", Id * Id, Id)[X],
                 NaturalTransformation.variable("b", Id * Id, Id)[X]))  # fmt: skip
    with pytest.raises(NoDiagram, match="no proof among"):
        certificate(Law("x", T(T.unit[X]), T.unit[T(X)]))


# ---- random equations against all small instances --------------------------------------------------------------------


@st.composite
def composites(draw: Any) -> Any:
    """A composite ``F F X → F F X`` of transformations, each inside or outside of the other functor."""
    term = ident(F(F(X)))
    for _ in range(draw(st.integers(0, 4))):
        alpha = draw(st.sampled_from([ALPHA, BETA]))
        term = term >> (F(alpha[X]) if draw(st.booleans()) else alpha[F(X)])
    return term


@cache
def small_instances() -> list[Instance]:
    """All pairs of transformations on three functors: 1 + 4 + 16."""
    found = []
    for functor in SMALL:
        options = [t.natural() for t in transformations(functor, functor)]
        for values in it.product(options, repeat=2):
            chosen = [replace(v, source=functor, target=functor) for v in values]
            found.append(Instance({F: functor, ALPHA: chosen[0], BETA: chosen[1]}))
    return found


@settings(max_examples=60, deadline=None)
@given(composites(), composites(), st.booleans())
def test_random_equations_of_transformations_agree_with_all_small_instances(lhs, rhs, assume):
    law = Law("random", lhs, rhs, INVOLUTION if assume else ())
    verdict = prove(law)
    broken = [i for i in small_instances() if _refuted(i.law(law))]

    assert len(small_instances()) == 21
    if verdict.status == "holds":
        assert not broken, str(verdict)
    if broken:
        assert verdict.status == "fails", str(verdict)


def _refuted(law: Law) -> bool:
    """Whether a law about given functors is false though its hypotheses hold, on sets of at most three elements."""

    def fails(equation: Law) -> bool:
        return any(difference(replace(equation, given=()), FiniteModel({X: n})) is not None for n in range(4))

    return fails(law) and not any(map(fails, law.given))
