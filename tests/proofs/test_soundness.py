"""Nothing false is called proved, and what is said to fail does fail (THEORY 0.5)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catcore import (
    FinSet,
    Law,
    One,
    R,
    Zero,
    atoms,
    case,
    curry,
    ev,
    finite_map,
    fst,
    generator,
    ident,
    inl,
    inr,
    nu,
    pair,
    snd,
    terminal,
)
from catcore.arrows import Arrow, compose
from catcore.categories.finite_sets import FiniteModel
from catcore.objects import Atom
from catcore_proofs import Verdict, prove, prover, refute
from catcore_proofs.library.data import reverse
from catcore_proofs.refutation import refute_law
from catcore_proofs.translation import statement
from tests.proofs.models import as_json, refuted
from tests.proofs.strategies import HYPOTHESES, agree, models, objects, parallel, terms

MANY = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
A, B = atoms("A B")
F = generator("f", A, A)


@pytest.fixture(autouse=True)
def short_refutations(monkeypatch):
    """Look at few models where no proof is found: what is tested here is what is claimed."""
    monkeypatch.setattr(prover, "refute_law", partial(refute_law, models=400))


# ---- random equations ----------------------------------------------------------------------------------------------


def model_of(law: Law, verdict: Verdict) -> FiniteModel:
    """The model that a printed counterexample describes, built from nothing but what it prints."""
    found = verdict.counterexample
    assert found is not None
    obs, generators = law.symbols()
    model = FiniteModel({a: found.sizes[str(a)] for a in obs})
    tables = {}
    for g in generators:
        graph = found.tables[str(g)] if str(g) in found.tables else found.tables[g.signature]
        values = [v for _, v in graph.pairs] if model.size(g.dom) != 1 else [graph]
        numbers = {repr(model.show(g.cod, i)): i for i in range(model.size(g.cod))}
        tables[g] = tuple(numbers[repr(v)] for v in values)
    return FiniteModel(model.sizes, tables)


def confirm(law: Law, verdict: Verdict) -> None:
    """Check a verdict against finite models."""
    if verdict.status == "holds":
        assert all(agree(law.lhs, law.rhs, model) for model in models(law)), str(verdict)
    if verdict.status == "fails" and verdict.evidence == "symbolic":  # in the free model, which need not be finite
        assert verdict.counterexample is not None
        assert "the complete system" in verdict.counterexample.tables
    elif verdict.status == "fails":
        model, found = model_of(law, verdict), verdict.counterexample
        assert found is not None
        assert all(agree(h.lhs, h.rhs, model) for h in law.given)
        x = model.elements(law.lhs.dom)
        lhs, rhs = model.apply(law.lhs, x), model.apply(law.rhs, x)
        (number,) = [i for i in x if repr(model.show(law.lhs.dom, int(i))) == repr(found.element)]
        assert repr(model.show(law.lhs.cod, int(lhs[number]))) == repr(found.lhs)
        assert repr(model.show(law.lhs.cod, int(rhs[number]))) == repr(found.rhs)
        assert lhs[number] != rhs[number]
    if verdict.evidence == "proved":
        assert refuted(as_json(verdict.certificate)["statement"], limit=60) is None


@MANY
@given(parallel())
def test_verdicts_on_random_equations_agree_with_finite_sets(sides):
    law = Law("random", sides[0], sides[1])

    confirm(law, prove(law))


@MANY
@given(st.sampled_from(sorted(HYPOTHESES)), parallel())
def test_verdicts_under_hypotheses_agree_with_finite_sets(hypotheses, sides):
    law = Law("random", sides[0], sides[1], HYPOTHESES[hypotheses])

    confirm(law, prove(law))


@st.composite
def two_over_atoms(draw: Any) -> tuple[Arrow, Arrow]:
    dom = draw(st.sampled_from([A, A * A, A * A * A, A * (One + One)]))
    return draw(terms(dom, A, 4)), draw(terms(dom, A, 4))


@MANY
@given(two_over_atoms(), two_over_atoms(), two_over_atoms())
def test_verdicts_under_random_hypotheses_agree_with_finite_sets(goal, first, second):
    """Hypotheses of any shape, contradictory ones and ones over empty sets among them."""
    given = [Law(f"h{i}", sides[0], sides[1]) for i, sides in enumerate((first, second))]
    law = Law("random", goal[0], goal[1], tuple(given))

    confirm(law, prove(law))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(objects(3))
def test_eta_laws_are_proved_at_every_object(ob):
    from tests.proofs.strategies import expand

    verdict = prove(expand(ob), ident(ob))

    assert verdict.status == "holds"
    assert verdict.evidence in ("proved", "exhaustive")


# ---- attacks ---------------------------------------------------------------------------------------------------------


def test_generators_of_one_name_and_different_types_are_different():
    """The kernel tells arrows apart by name, so the translation must never give one name to two of them."""
    odd, f, g = generator("f#2", A, A), generator("f", A, B), generator("f", A, A)

    assert prove(pair(odd, f), pair(g, f)).status == "fails"
    assert prove(pair(f, g), pair(f, odd)).status == "fails"
    for suffix in range(4):
        odd = generator(f"f#{suffix}", A, A)
        sides = pair(pair(odd, f), g), pair(pair(g, f), odd)
        assert len(statement(Law("x", sides[0], sides[1]))["signature"]) == 3
        assert prove(*sides).status == "fails"


def test_generators_that_differ_in_type_only_as_sets_of_one_size_are_different():
    named = FinSet("e", "s")
    f, g = generator("f", FinSet(2), A), generator("f", named, A)

    assert (
        len(
            statement(
                Law("x", pair(fst(2, named) >> f, snd(2, named) >> g), pair(fst(2, named) >> f, snd(2, named) >> g))
            )["signature"]
        )
        == 2
    )


def test_an_atom_is_never_mistaken_for_a_space_of_tensors():
    """With an atom named R(2), a hypothesis about the atom would otherwise speak about all vectors."""
    impostor = Atom("R(2)")
    law = Law(
        "x", fst(R(2), R(2)), snd(R(2), R(2)), (Law("at most one", fst(impostor, impostor), snd(impostor, impostor)),)
    )
    found = statement(law)

    assert found["dom"] != found["given"][0]["dom"]
    assert prove(law).status == "unknown"


def test_a_conditional_hypothesis_is_used_only_where_its_condition_is_given():
    never = Law("never", inl(1, 1), inr(1, 1))
    conditional = Law("conditional", F, ident(A), (never,))
    other = Law("other", F >> F, F)

    assert prove(F, ident(A), given=[conditional]).status == "fails"
    assert prove(F, ident(A), given=[Law("conditional", F, ident(A), (other,))]).status == "fails"
    assert prove(F, ident(A), given=[Law("conditional", F, ident(A), (other,)), other]).evidence == "proved"
    chain = Law("chain", F, ident(A), (Law("conditional", F >> F >> F, F, (other,)),))
    assert prove(F, ident(A), given=[chain, other, Law("conditional", F >> F >> F, F, (other,))]).evidence == "proved"
    closed = Law("closed", ident(2), finite_map(2, 2, [1, 0]), (never,))
    assert prove(ident(2), finite_map(2, 2, [1, 0]), given=[closed]).status == "fails"


def test_labels_are_never_taken_from_sets_that_may_have_one_element_or_none():
    """Equations that hold since a set of functions is empty, or a fixed point is a point, are not refuted by labels."""
    for ob in (Zero**A * A, A * Zero**A, nu(lambda x: x), R(0), A**Zero):
        turned = reverse(ob)
        assert prove(turned, ident(turned.dom)).status != "fails", ob
    assert prove(reverse(A), ident(reverse(A).dom)).status == "fails"
    absurd = generator("n", A, Zero**A)
    assert prove(pair(absurd, F) >> snd(Zero**A, A), ident(A)).status != "fails"


def test_a_hypothesis_over_an_empty_set_says_nothing():
    for ob in (B, Zero, A * B, A * Zero, B**A * B):
        law = Law("h", fst(A, ob) >> F, fst(A, ob))
        verdict = prove(F, ident(A), given=[law])
        assert verdict.status == "fails", ob
        confirm(Law("x", F, ident(A), (law,)), verdict)


def test_a_hypothesis_over_a_set_with_a_point_is_used():
    for ob in (One, One + B):
        assert prove(F, ident(A), given=[Law("h", fst(A, ob) >> F, fst(A, ob))]).status in ("holds", "unknown")
    assert prove(F, ident(A), given=[Law("h", fst(A, One) >> F, fst(A, One))]).evidence == "proved"


def test_rewriting_under_a_binder_does_not_capture():
    """``m(x, y) = x`` at fixed x, y must not rewrite ``λy. m(y, x)``."""
    m = generator("m", A * A, A)
    swap = pair(snd(A, A), fst(A, A))
    at_diagonal = Law("diagonal", pair(ident(A), ident(A)) >> m, ident(A))

    assert prove(curry(m), curry(swap >> m)).status == "fails"
    assert prove(curry(m), curry(fst(A, A)), given=[at_diagonal]).status == "fails"
    assert prove(curry(swap >> m), curry(swap >> m), given=[at_diagonal]).status == "holds"


def test_case_distinctions_under_a_binder_stay_inside():
    bits = One + One
    f = generator("f", A * bits, B)
    constant = generator("g", A, B)
    same_in_both = curry(f)

    assert prove(same_in_both, curry(fst(A, bits) >> constant)).status == "fails"
    assert prove(curry(case(inl(One, One), inr(One, One)) * ident(A) >> generator("h", bits * A, B)),
                 curry(generator("h", bits * A, B))).evidence == "proved"  # fmt: skip
    p, q = generator("p", A, bits), generator("q", A, bits)
    either = case(generator("b", One, B), generator("b", One, B))
    assert prove(curry(snd(One, A) >> p >> either), curry(snd(One, A) >> q >> either)).evidence == "proved"
    apart = case(generator("b", One, B), generator("c", One, B))
    assert prove(curry(snd(One, A) >> p >> apart), curry(snd(One, A) >> q >> apart)).status == "fails"


def test_functions_out_of_and_into_the_empty_set():
    absurd = generator("n", A, Zero)

    assert prove(absurd >> generator("x", Zero, B), generator("y", A, B)).status in ("holds", "unknown")
    assert prove(generator("x", Zero**A, B), generator("y", Zero**A, B)).status == "fails"
    assert prove(generator("x", A**Zero, B), generator("y", A**Zero, B)).status == "fails"
    assert prove(fst(A**Zero, A**Zero), snd(A**Zero, A**Zero)).evidence == "proved"
    assert prove(fst(A**A, A**A), snd(A**A, A**A)).status == "fails"
    assert prove(fst(Zero**A, Zero**A), snd(Zero**A, Zero**A)).status in ("holds", "unknown")
    assert prove(fst(A, Zero**A) >> F, fst(A, Zero**A)).status in ("holds", "unknown")


def test_contradictory_hypotheses_prove_nothing_about_other_models():
    never = Law("never", inl(1, 1), inr(1, 1))
    verdict = prove(F, ident(A), given=[never])

    assert verdict.status in ("holds", "unknown")
    assert refute(F, ident(A), given=[never]) is None
    empty_only = Law("empty", inl(A, A), inr(A, A))  # true exactly where A is empty
    assert prove(F, ident(A), given=[empty_only]).status in ("holds", "unknown")
    assert refute(F, ident(A), given=[empty_only]) is None
    assert prove(generator("g", B, B), ident(B), given=[empty_only]).status == "fails"


def test_exhaustive_checks_never_wrap_round():
    """2^24 · 2^40 is 0 modulo 2^64: two different elements of a huge product must not look equal."""
    huge = FinSet(2**40)
    zero, other = finite_map(1, huge, [0]), finite_map(1, huge, [2**24])

    assert prove(pair(zero, zero), pair(other, zero)).status != "holds"
    assert prove(pair(zero, zero) >> fst(huge, huge), pair(other, zero) >> fst(huge, huge)).status != "holds"
    assert prove(pair(zero, zero), pair(zero, zero)).status == "holds"


def test_arrows_into_huge_sets_end_in_a_verdict():
    """The tables of an arrow into 2^40 elements are not listed."""
    huge = FinSet(2**40)
    f, g = generator("f", A, huge), generator("g", A, huge)

    assert prove(f, g).status in ("fails", "unknown")
    assert prove(generator("f", huge, A), generator("g", huge, A)).status == "fails"
    assert prove(f, f).status in ("holds", "unknown")


def test_hypotheses_about_one_arrow_say_nothing_about_another():
    g = generator("g", A, A)

    assert prove(g >> g, g, given=[Law("idempotent", F >> F, F)]).status == "fails"
    assert prove(F, ident(A), given=[Law("idempotent", F >> F, F)]).status == "fails"


def test_a_smaller_counterexample_does_not_exist():
    """The counterexample of a false equation lives on the smallest sets: none on fewer points."""
    verdict = prove(F >> F, F)

    assert verdict.evidence == "exhaustive"
    assert verdict.counterexample is not None
    size = verdict.counterexample.sizes["A"]
    assert size == 2
    law = Law("x", F >> F, F)
    assert all(agree(law.lhs, law.rhs, m) for m in models(law) if sum(m.sizes.values()) < size)


@pytest.mark.parametrize("length", [100, 1_000, 10_000])
def test_long_composites_end_in_a_verdict(length):
    long = compose(*[F] * length)

    assert prove(long, compose(*[F] * length)).status in (("holds",) if length < 10_000 else ("holds", "unknown"))
    assert prove(long, compose(*[F] * (length + 1))).status in ("fails", "unknown")


def right(ob: Any) -> Any:
    """The second part of a product or sum."""
    return ob.right


def test_deep_terms_end_in_a_verdict():
    """Three hundred nested pairs and cases, then so many that only a sentence is left."""
    for depth in (300, 3_000):
        pairs, cases = F, ident(A)
        for _ in range(depth):
            pairs, cases = pair(F, pairs), case(ident(A), cases)
        first = prove(pairs >> fst(A, right(pairs.cod)), F)
        assert first.status == ("holds" if depth == 300 else "unknown"), first
        assert prove(inl(A, right(cases.dom)) >> cases, ident(A)).status == first.status


def test_terms_that_are_small_only_by_sharing_end_in_a_verdict():
    shared = ident(A)
    for _ in range(60):
        shared = pair(shared, shared) >> generator("m", A * A, A)
    verdict = prove(shared, shared)

    assert verdict.status == "unknown"
    assert "term formers" in verdict.reason


def test_applied_functions_and_their_curried_forms_agree():
    f = generator("f", A * B, A)
    applied = curry(f) * ident(B) >> ev(B, A)

    assert prove(applied, f).evidence == "proved"
    assert prove(applied, fst(A, B)).status == "fails"
    assert prove(terminal(A) * ident(B) >> snd(One, B), snd(A, B)).evidence == "proved"
