"""``f.normal()``: generic elements read back as arrows; and provers that are found by their entry point (T1.1)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from catcore import (
    FinSet,
    Monad,
    Monoid,
    One,
    Zero,
    arrow,
    atoms,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    snd,
    terminal,
)  # fmt: skip
from catcore.arrows import Arrow, subterms
from catcore.errors import MissingDoctrine, ProverMissing, TooLarge, UnknownName
from catcore.objects import Coproduct, Exponential, Ob, occurring
from catcore.provers import prover
from catcore.structures.transformers import state_transformer
from catcore_proofs import normal, prove
from tests.proofs.strategies import expand, objects, terms
from tests.proofs.test_induction import LIST, STREAM, TURN

A, B, C, S, X = atoms("A B C S X")
F, G, H = generator("f", A * B, C), generator("g", A, B + C), generator("h", C, B)
U, V = generator("u", A, C), generator("v", B, C)
T = Monad.variable("T", strong=True)
LAWS = [*state_transformer(S, T).laws(), *T.laws()]

READ = [
    ((curry(F) * ident(B)) >> ev(B, C), "f"),
    (pair(F, ident(A * B)) >> fst(C, A * B), "f"),
    (curry(ev(A, B)), "id"),
    (curry(F), "Λ(f)"),
    (pair(snd(A, B), fst(A, B)), "⟨π₂, π₁⟩"),
    (pair(fst(A, B), snd(A, B)), "id"),
    (ident(One * A), "id"),
    (F >> terminal(C), "!"),
    (G, "g"),
    (case(inl(A, B), inr(A, B)), "id"),
    (G >> case(ident(B), H), "g ; [id, h]"),
    (inl(A, B) >> case(U, V), "u"),
    (distribute(C, A, B) >> case(fst(C, A), fst(C, B)), "δ ; [π₁, π₁]"),
    (finite_map(3, 3, [1, 2, 0]) >> finite_map(3, 3, [1, 2, 0]), "[2 0 1]"),
    (finite_map(3, 2, [0, 1, 0]) >> terminal(2), "!"),
    (STREAM(ident(A)), "〖out ; ⟨π₁, π₂⟩〗"),
    (arrow(One * A, C)(lambda p: U(p[1])), "π₂ ; u"),
    (T.functor(U) >> T.functor(ident(C)), "T(u)"),
    (T.unit[A] >> T.functor(U), "u ; T.unit[C]"),
]


@pytest.mark.parametrize(("f", "text"), READ, ids=[str(f)[:40] for f, _ in READ])
def test_normal_forms_read_as_on_a_board(f, text):
    assert str(f.normal()) == text
    assert f.normal() is normal(f)
    assert f.normal().normal() is f.normal()


@pytest.mark.parametrize("law", LAWS, ids=[law.name for law in LAWS])
def test_laws_of_arbitrary_monads_are_equal_normal_forms(law):
    """T1.4: the state transformer over any strong monad, and the monad itself."""
    found = law.lhs.normal()

    assert found is law.rhs.normal()
    assert prove(law.lhs, found).ok


def test_the_normal_form_is_provably_the_arrow():
    arrows = [f for f, _ in READ] + [TURN >> TURN, LIST(U), STREAM(U)]
    assert [f for f in arrows if not prove(f, f.normal()).ok] == []


def test_axioms_are_not_used():
    """T1.5: a monoid's laws are hypotheses, so both sides keep their own normal forms."""
    law = Monoid.variable("M").laws()[0]

    assert law.lhs.normal() is not law.rhs.normal()


def holds(f: Arrow, former: type[Ob]) -> bool:
    """Whether an object of a kind stands somewhere in a term."""
    return any(occurring(end, former) for part in subterms(f) for end in (part.dom, part.cod))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_normal_forms_are_equal_arrows_and_stay_as_they_are(data: Any) -> None:
    dom, cod = data.draw(objects()), data.draw(objects())
    f = data.draw(terms(dom, cod))
    assume(not holds(f, type(Zero)))  # equality with the empty type is not decided completely

    found = f.normal()
    assert (found.dom, found.cod) == (f.dom, f.cod)
    verdict = prove(f, found)
    assert verdict.status != "fails"
    # the kernel's normal forms distinguish cases under binders even where nothing depends on them
    assert verdict.ok or holds(f, Exponential)
    assert found.normal() is found


SUMLESS = st.recursive(
    st.sampled_from((A, B, One)),
    lambda inner: st.one_of(st.builds(lambda a, b: a * b, inner, inner), st.builds(lambda a, b: b**a, inner, inner)),
    max_leaves=3,
)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_without_sums_equal_normal_forms_are_provable_equality(data: Any) -> None:
    dom, cod = data.draw(SUMLESS), data.draw(SUMLESS)
    f, g = data.draw(terms(dom, cod)), data.draw(terms(dom, cod))
    assume(not holds(f, Coproduct) and not holds(g, Coproduct))
    assert (f.normal() is g.normal()) == prove(f, g).ok
    assert f.normal() is (expand(dom) >> f >> expand(cod)).normal()


def test_what_has_no_generic_elements_is_refused():
    with pytest.raises(MissingDoctrine, match="belongs to the monoidal doctrine, which has no elements"):
        (U @ V).normal()
    deep = U
    for k in range(6000):
        deep = deep >> generator(f"c{k}", C, C)
    with pytest.raises(TooLarge, match="was asked for, and"):
        deep.normal()


def test_elements_of_finite_and_empty_sets():
    two = finite_map(2, 2, [1, 0])
    assert str(finite_map(1, 2, [1]).normal()) == "[1]"
    assert (two >> two).normal() is ident(FinSet(2)) or prove(two >> two, (two >> two).normal()).ok
    absurd = generator("i", A, Zero)
    assert prove(absurd >> generator("k", Zero, B), (absurd >> generator("k", Zero, B)).normal()).ok


def test_provers_are_found_by_name(monkeypatch):
    import importlib.metadata

    assert prover().normal(U) is U
    with pytest.raises(UnknownName, match=r"The prover 'coq' was asked for; installed are .*catcore_proofs"):
        U.normal(prover="coq")
    prover.cache_clear()
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [])
    with pytest.raises(ProverMissing, match=r"no installed package offers one in the group 'catcore.provers'"):
        U.normal()
    prover.cache_clear()
