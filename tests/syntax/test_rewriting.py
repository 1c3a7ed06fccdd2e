"""Arrows are rewritten by laws at paths, up to associativity of composition (T1.1, T1.3)."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from catcore import Law, Monad, One, atoms, case, fold, fst, generator, ident, mu, pair, snd, terminal
from catcore.errors import IllTyped, MoveRefused
from catcore.laws import naturality
from catcore.rewriting import rewrites
from catcore_proofs import prove
from tests.syntax.strategies import ARROWS

A, B, C, D, X, Y, Z = atoms("A B C D X Y Z")
F, G, H, K = generator("f", A, B), generator("g", B, C), generator("h", C, D), generator("k", A, C)
FUSE = Law("fuse", F >> G, K)
P, Q = generator("p", X, Y), generator("q", X, Z)
BETA = Law("beta", pair(P, Q) >> fst(Y, Z), P)
BOTH = generator("p", X, Y * Z)
ETA = Law("eta", pair(BOTH >> fst(Y, Z), BOTH >> snd(Y, Z)), BOTH)
T = Monad.variable("T")
NATURAL = naturality(T.unit)
ANY = (generator("f", X, Y), X, Y)


def test_a_run_of_factors_is_replaced():
    assert (F >> G >> H).rewrite(FUSE) is K >> H
    assert (F >> G >> H).rewrite(FUSE, at=(0,)) is K >> H
    assert (F >> G).rewrite(FUSE) is K
    assert (K >> H).rewrite(FUSE, backwards=True) is F >> G >> H
    assert (terminal(D) >> generator("p", One, A) >> F >> G).rewrite(FUSE, at=(2,)) is (
        terminal(D) >> generator("p", One, A) >> K
    )


def test_inside_every_former():
    both = F >> G
    mapped = T.functor(both)
    recursive = fold(mu(lambda x: A + x * C), case(both, snd(C, C)))

    assert pair(both, both).rewrite(FUSE, at=(1,)) is pair(both, K)
    assert pair(both, both >> H).rewrite(FUSE, at=(1, 0)) is pair(both, K >> H)
    assert (both @ H).rewrite(FUSE) is K @ H
    assert mapped.rewrite(FUSE) is T.functor(K)
    assert recursive.rewrite(FUSE) is fold(mu(lambda x: A + x * C), case(K, snd(C, C)))


def test_a_law_about_anything_is_used_at_all_instances():
    """T1.3: naturality, at a composite and in the middle of one."""
    assert (pair(F, K) >> fst(B, C) >> G).rewrite(BETA, forall=[P, Q, X, Y, Z]) is F >> G
    assert (F >> G >> T.unit[C]).rewrite(NATURAL, forall=ANY) is T.unit[A] >> T.functor(F >> G)
    assert (F >> G >> T.unit[C]).rewrite(NATURAL, at=(1,), forall=ANY) is F >> T.unit[B] >> T.functor(G)
    moved = (F >> T.unit[B] >> T.functor(G)).rewrite(NATURAL, backwards=True, forall=ANY)
    assert moved is F >> G >> T.unit[C]


def test_a_symbol_stands_for_one_thing_and_fits_in_type():
    pairs = generator("r", A, B * C)
    assert pair(pairs >> fst(B, C), pairs >> snd(B, C)).rewrite(ETA, forall=[BOTH, X, Y, Z]) is pairs
    other = generator("s", A, B * C)
    with pytest.raises(MoveRefused):
        pair(pairs >> fst(B, C), other >> snd(B, C)).rewrite(ETA, forall=[BOTH, X, Y, Z])
    with pytest.raises(MoveRefused):
        (pair(F, K) >> fst(B, C)).rewrite(BETA, forall=[P, Q, X, Y])  # Z stands for itself


def test_all_rewrites_with_their_places_and_proofs():
    found = list(rewrites(pair(F >> G, F >> G), FUSE))

    assert [each.at for each in found] == [(0,), (1,)]
    assert [each.after for each in found] == [pair(K, F >> G), pair(F >> G, K)]
    assert all(each.proof().evidence == "proved" for each in found)
    assert str(found[0]) == "⟨f ; g, f ; g⟩ = ⟨k, f ; g⟩   by fuse at (0,)"


def test_a_proof_needs_the_rule():
    """The equation of a rewrite is false without its rule."""
    (found,) = rewrites(F >> G >> H, FUSE)

    assert not prove(found.before, found.after).ok
    assert found.law.given == (FUSE,)


@settings(max_examples=60, deadline=None)
@given(ARROWS, ARROWS, st.data())
def test_what_is_replaced_is_found_again(f, g, data) -> None:
    """A rule between arbitrary terms, used at each place and back, gives the term."""
    assume(f is not ident(f.dom))
    rule = Law("fresh", f, generator("fresh", f.dom, f.cod))
    whole = data.draw(st.sampled_from([f, pair(f, f), f >> terminal(f.cod), pair(ident(f.dom), f)]))
    for found in rewrites(whole, rule):
        assert (found.after.dom, found.after.cod) == (whole.dom, whole.cod)
        back = [each.after for each in rewrites(found.after, rule, backwards=True)]
        assert whole in back
    assert next(rewrites(whole, rule), None) is not None


REFUSED = {
    "no rule": (lambda: F.rewrite(3), IllTyped, "A rewrite needs a rule, a Law, and 3 was given"),  # type: ignore[arg-type]
    "nothing matches": (
        lambda: F.rewrite(FUSE),
        MoveRefused,
        "anywhere in f, and nothing there is an instance of f ; g",
    ),
    "no such path": (
        lambda: pair(F, K).rewrite(FUSE, at=(2,)),
        MoveRefused,
        r"The path \(2,\) was asked for in ⟨f, k⟩, and at \(\) stands ⟨f, k⟩, which has 2 parts, numbered from 0",
    ),
    "not at that path": (
        lambda: (F >> G >> H).rewrite(FUSE, at=(1,)),
        MoveRefused,
        r"'fuse' was to be used at \(1,\) in f ; g ; h, and nothing there is an instance of f ; g",
    ),
    "an identity": (
        lambda: F.rewrite(Law("loop", ident(A), ident(A))),
        MoveRefused,
        "replace an identity, which is every",
    ),
    "left open": (
        lambda: F.rewrite(BETA, backwards=True, forall=[P, Q, X, Y, Z]),
        MoveRefused,
        "does not determine what [qZ] stands for on its other side; use an instance",
    ),
    "no symbol": (
        lambda: F.rewrite(BETA, forall=[F >> G]),
        IllTyped,
        "Only generators and atoms stand for anything",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_are_sentences(name):
    move, kind, message = REFUSED[name]

    with pytest.raises(kind, match=message) as error:
        move()
    assert str(error.value).endswith(".")
