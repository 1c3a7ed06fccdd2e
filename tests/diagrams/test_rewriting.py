"""Rewriting by named equations: proofs are found, replayed, and refused when they are tampered with."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catcore.diagrams as dg
from catcore.diagrams import (
    Path,
    Rule,
    adjunction_theory,
    comonad_theory,
    distributive_theory,
    equal,
    identity,
    iterated_theory,
    monad_theory,
    prove_equal,
    replay,
    rewrite,
    rewrites,
    simplify,
)
from catcore.diagrams.matching import Context
from catcore.diagrams.rewriting import Proof, Step
from catcore.diagrams.theorems import (
    Theorem,
    adjunction_gives_comonad,
    adjunction_gives_monad,
    derive,
    distributive_law_gives_monad,
    iterated_laws,
)
from catcore.diagrams.theories import monad_rules
from catcore.errors import CertificateRejected, NotParallel, UnknownName
from tests.diagrams.oracle import random_diagram

LIBRARY = {
    "P22 monad": (adjunction_gives_monad, 3),
    "P22 comonad": (adjunction_gives_comonad, 3),
    "P23": (distributive_law_gives_monad, 3),
    "P25": (iterated_laws, 8),
}
T = monad_theory()
t, ETA, MU = T["T"], T["η"], T["μ"]


@pytest.mark.parametrize("name", LIBRARY)
def test_theorems_of_the_library_replay(name):
    build, count = LIBRARY[name]
    theorems = build()

    assert len(theorems) == count
    assert all(theorem.check() for theorem in theorems)
    for theorem in theorems:
        assert eval(repr(theorem.proof), {**vars(dg), "Context": Context}) == theorem.proof


def without(theorem: Theorem, name: str) -> Theorem:
    rules = tuple(rule for rule in theorem.presentation.rules if rule.name != name)
    return replace(theorem, presentation=replace(theorem.presentation, rules=rules))


@pytest.mark.parametrize("name", LIBRARY)
def test_no_step_of_a_proof_can_be_left_out_or_changed(name):
    """A mutant of every proof: a step dropped, turned round, renamed, or moved; the replay refuses each one."""
    for theorem in LIBRARY[name][0]():
        proof, rules = theorem.proof, theorem.presentation.rules
        for number, step in enumerate(proof.steps):
            head, tail = proof.steps[:number], proof.steps[number + 1 :]
            moved = [] if shifted(step) == step.context else [(replace(step, context=shifted(step)),)]
            for mutant in [(), (step.reversed(),), (replace(step, rule="no such rule"),), *moved]:
                with pytest.raises(CertificateRejected):
                    replay(Proof(proof.start, proof.end, head + mutant + tail), rules)
            with pytest.raises(CertificateRejected, match="not among the given ones"):
                without(theorem, step.rule).check()


def shifted(step: Step) -> Context:
    """The context with its sides the wrong way round, or with one wire too many."""
    context = step.context
    if len(context.left) == len(context.right):
        return replace(context, left=context.left @ context.left if len(context.left) else Path(context.left.source))
    return replace(context, left=context.right, right=context.left)


def test_without_yang_baxter_the_laws_do_not_iterate():
    """Negative of P25: the two axioms that need the equation are not found without it."""
    theory = iterated_theory()
    weaker = replace(theory, rules=tuple(rule for rule in theory.rules if rule.name != "Yang–Baxter"))
    needing = [
        theorem for theorem in iterated_laws() if any(step.rule == "Yang–Baxter" for step in theorem.proof.steps)
    ]

    assert len(needing) == 2
    for theorem in needing:
        assert derive("mutant", weaker, theorem.statement.lhs, theorem.statement.rhs, steps=60) is None


def test_a_false_equation_is_not_proved():
    a = adjunction_theory()
    f, g, eta, eps = a["F"], a["G"], a["η"], a["ε"]
    both = (eta @ g @ f) >> (g @ eps @ f)

    assert prove_equal(both, identity(g @ f), a.rules) is not None
    assert prove_equal(eps @ f @ g, f @ g @ eps, a.rules, steps=200) is None
    assert prove_equal(MU @ t, t @ MU, T.rules, steps=200) is None


def test_words_of_a_monad_simplify_to_one_product():
    """Every diagram of η and μ with output T is the product of its inputs (the simplex category)."""
    forward = (T.rule("left unit"), T.rule("right unit"), T.rule("associativity"))
    start = (ETA @ t @ t @ t) >> (MU @ MU) >> MU
    proof = simplify(start, forward)

    assert replay(proof, T.rules)
    assert equal(proof.end, (t @ MU) >> MU)


def test_positions_are_named_and_chosen():
    diagram = (MU @ MU @ t) >> (MU @ t) >> MU
    places = [place for place, _, _ in rewrites(diagram, T.rule("associativity"))]

    assert len(places) == 2
    step, result = rewrite(diagram, T.rule("associativity"), at=places[1])
    assert replay(Proof(diagram, result, (step,)), T.rules)
    with pytest.raises(UnknownName, match=r"applies at \("):
        rewrite(diagram, T.rule("associativity"), at=(9, 9))
    with pytest.raises(UnknownName, match="applies nowhere"):
        rewrite(MU, T.rule("left unit"))


@given(st.integers(0, 10**9))
def test_every_rewrite_is_a_step_that_replays(seed):
    rng = random.Random(seed)
    diagram = random_diagram(rng, 2, 4, (ETA, MU), t)
    for rule in T.rules:
        for backwards in (False, True):
            for _, step, result in rewrites(diagram, rule, backwards=backwards):
                assert replay(Proof(diagram, result, (step,)), T.rules)
                assert replay(Proof(result, diagram, (step.reversed(),)), T.rules)


def test_comonads_are_monads_upside_down():
    w = comonad_theory()
    eps, delta, word = w["ε"], w["δ"], w["W"]
    proof = prove_equal(delta >> (delta @ word) >> (eps @ eps @ word), word, w.rules)

    assert proof is not None
    assert replay(proof, w.rules)


def test_a_distributive_law_with_one_axiom_missing_gives_no_associativity_proof():
    p = distributive_theory()
    weaker = replace(p, rules=tuple(rule for rule in p.rules if rule.name != "inner mult"))
    s, t2 = p["S"], p["T"]
    mult = (s @ p["λ"] @ t2) >> (p["μS"] @ p["μT"])
    law = monad_rules(s @ t2, p["ηS"] @ p["ηT"], mult)[-1]

    assert derive("mutant", weaker, law.lhs, law.rhs, steps=60) is None


def test_refusals():
    with pytest.raises(NotParallel, match="not parallel"):
        Rule("bad", ETA, MU)
    with pytest.raises(NotParallel):
        prove_equal(ETA, MU, T.rules)
    proof = prove_equal((ETA @ t) >> MU, t, T.rules)
    assert proof is not None
    with pytest.raises(CertificateRejected, match="joined"):
        proof >> proof
    with pytest.raises(UnknownName, match="asked for 'ζ'"):
        T["ζ"]
    assert str(proof) == "η T ; μ\n  = by left unit at (0, 0)\nid(T)"
