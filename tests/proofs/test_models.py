"""Finite models that refute laws between operations, groups by construction, complete systems (THEORY T1.5)."""

from __future__ import annotations

from math import inf
from random import Random
from typing import Any

import numpy as np
import pytest

from catcore import FinSet, Law, One, arrow, atoms, case, generator, ident, inl, inr, snd
from catcore.theories import action, commutative_monoid, group, monoid, semigroup, semilattice, semiring
from catcore_proofs import prove, refute
from catcore_proofs.algebraic import in_free_model, reading
from catcore_proofs.completion.bank import Bank
from catcore_proofs.completion.checking import satisfies
from catcore_proofs.completion.groups import group_model, groups
from catcore_proofs.completion.models import Clause, Model, ModelSearch, Signature
from catcore_proofs.completion.propositional import PropositionalSearch, SizedSearch
from catcore_proofs.refutation import difference, refute_law
from catcore_proofs.satisfaction import satisfied
from tests.proofs.test_soundness import model_of

A, B, S, V = atoms("A B S V")
G, M = group.variable("G"), monoid.variable("M")
g, m = G.carrier, M.carrier
SWAPPED = arrow(g * g, g)(lambda p: G.mult(p[1], p[0]))


def power(n: int) -> Law:
    """``x^n = e`` in the group."""

    def times(x: Any) -> Any:
        product = x
        for _ in range(n - 1):
            product = G.mult(x, product)
        return product

    return Law(f"exponent {n}", arrow(g, g)(times), arrow(g, g)(lambda _: G.unit(())))


def confirmed(law: Law, found: Any) -> None:
    """The counterexample is a model of the hypotheses, built from what it prints, in which the sides differ."""
    model = model_of(law, prove(law))
    assert all(satisfied(h, model) for h in law.given)
    assert difference(law, model) is not None
    assert found.sizes == {str(a): n for a, n in model.sizes.items()}


# ---- groups ----------------------------------------------------------------------------------------------------------


def test_groups_up_to_order_31_are_as_many_as_there_are():
    """OEIS A000001: the number of groups of order n, up to isomorphism; all of them are solvable."""
    counts = [len(groups(n)) for n in range(1, 32)]

    assert counts == [
        1, 1, 1, 2, 1, 2, 1, 5, 2, 2, 1, 5, 1, 2, 1, 14, 1, 5, 1, 5, 2, 2, 1, 15, 2, 2, 5, 4, 1, 4, 1,
    ]  # fmt: skip


@pytest.mark.parametrize("order", [6, 8, 12, 16, 24, 27])
def test_every_constructed_table_is_a_group(order):
    for table in groups(order):
        x = np.arange(order)
        assert (table[0] == x).all()
        assert (table[:, 0] == x).all()
        assert (table[table[:, :, None], x] == table[x[:, None, None], table[None]]).all()
        assert ((table == 0).sum(axis=1) == 1).all()


@pytest.mark.parametrize(("exponent", "order"), [(None, 6), (3, 27), (4, 8), (6, 6)])
def test_commutativity_fails_in_the_smallest_group_of_an_exponent(exponent, order):
    """R41, R56: of exponent 3 the smallest is the Heisenberg group modulo 3, of order 27."""
    law = Law("commutativity", G.mult, SWAPPED, (*G.given, *([power(exponent)] if exponent else [])))
    verdict = prove(law)

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert verdict.counterexample.sizes == {"G": order}
    confirmed(law, verdict.counterexample)


def test_groups_of_exponent_two_are_not_refuted():
    """The mutant of the search: x x = e does imply commutativity, and no group is found against it."""
    law = Law("commutativity", G.mult, SWAPPED, (*G.given, power(2)))

    assert prove(law).evidence == "proved"
    assert refute(law) is None
    read = reading(law)
    assert read is not None
    assert group_model(read.signature, (*read.hypotheses, read.goals[0])) is None


# ---- small models ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theory", "size"), [(monoid, 3), (semigroup, 2), (commutative_monoid, None), (semilattice, None)],
    ids=lambda t: getattr(t, "name", t),
)  # fmt: skip
def test_the_smallest_non_commutative_models(theory, size):
    """R27: three elements for monoids; two for semigroups."""
    model = theory.variable("N")
    n = model.carrier
    verdict = prove(model.mult, arrow(n * n, n)(lambda p: model.mult(p[1], p[0])), given=model.given)

    if size is None:
        assert verdict.evidence == "proved"
    else:
        assert (verdict.status, verdict.evidence) == ("fails", "exhaustive")
        assert verdict.counterexample is not None
        assert verdict.counterexample.sizes == {"N": size}


def test_several_sorts_and_operations_between_them():
    """R38: a lens with GetPut and PutGet and without PutPut has 3 states and 2 views; no smaller one exists."""
    put, get = generator("put", S * V, S), generator("get", S, V)
    laws = [
        Law("get put", arrow(S, S)(lambda s: put(s, get(s))), arrow(S, S)(lambda s: s)),
        Law("put get", arrow(S * V, V)(lambda p: get(put(p))), snd(S, V)),
    ]
    two = S * V * V
    law = Law("put put", arrow(two, S)(lambda t: put(put(t[0][0], t[0][1]), t[1])),
              arrow(two, S)(lambda t: put(t[0][0], t[1])), tuple(laws))  # fmt: skip
    found = refute_law(law)

    assert found.smallest
    assert found.counterexample is not None
    assert found.counterexample.sizes == {"S": 3, "V": 2}
    read = reading(law)
    assert read is not None
    assert (len(read.hypotheses), len(read.goals), read.exact) == (2, 1, True)


def test_maps_of_actions_need_not_be_equivariant():
    acted = action.variable("N", "X")
    n, x = acted.carriers
    h = generator("h", x, x)
    law = Law("equivariance", arrow(n * x, x)(lambda p: h(acted.act(p[0], p[1]))),
              arrow(n * x, x)(lambda p: acted.act(p[0], h(p[1]))), acted.given)  # fmt: skip
    verdict = prove(law)

    assert verdict.counterexample is not None
    assert verdict.counterexample.sizes == {"N": 2, "X": 2}
    confirmed(law, verdict.counterexample)


def test_the_smallest_semiring_that_does_not_commute_has_four_elements():
    ring = semiring.variable("R")
    r = ring.carrier
    law = Law("commutativity", ring.mult, arrow(r * r, r)(lambda p: ring.mult(p[1], p[0])), ring.given)
    verdict = prove(law)

    assert verdict.counterexample is not None
    assert verdict.counterexample.sizes == {"R": 4}
    confirmed(law, verdict.counterexample)


def test_pairs_sums_and_constants_are_read():
    split = generator("split", A, A * A)
    two = Law("both halves", split, arrow(A, A * A)(lambda a: (a, a)))
    read = reading(two)
    assert read is not None
    assert len(read.symbols) == 2
    assert len(read.goals) == 2
    assert prove(two).status == "fails"

    either = generator("f", A + B, A)
    cases = reading(Law("x", either, either, (Law("h", either, either),)))
    assert cases is None or not cases.goals or len(cases.goals) == 2
    assert reading(Law("functions", generator("k", A, A**B), generator("l", A, A**B))) is None


def test_limits_are_steps_and_repeat():
    x, y = Bank([1, 1]), Signature.of([2, 0])
    v = [x.variable(i) for i in (1, 2, 3)]
    assoc = Clause(x.term(0, (x.term(0, (v[0], v[1])), v[2])), x.term(0, (v[0], x.term(0, (v[1], v[2])))))
    stopped = [ModelSearch(y, [assoc], (4,), steps=500) for _ in range(2)]
    counts = [sum(1 for _ in search.solutions()) for search in stopped]

    assert counts[0] == counts[1]
    assert all(search.stopped for search in stopped)
    assert ModelSearch(y, [assoc, Clause(v[0], v[0], False)], (3,), steps=2_000).solve() is None


def test_a_model_that_breaks_a_clause_is_refused():
    bank, signature = Bank([1]), Signature.of([2])
    x, y = bank.variable(1), bank.variable(2)
    commutes = Clause(bank.term(0, (x, y)), bank.term(0, (y, x)))
    found = ModelSearch(signature, [commutes], (2,)).solve()
    assert found is not None
    assert satisfies(found, signature, [commutes])
    assert not satisfies(found, signature, [Clause(commutes.lhs, commutes.rhs, False)])


LATTICE = [
    "(x∧y)∧z = x∧(y∧z)", "(x∨y)∨z = x∨(y∨z)", "x∧y = y∧x", "x∨y = y∨x", "x∧(x∨y) = x", "x∨(x∧y) = x",
]  # fmt: skip


def clause(text: str, bank: Bank) -> Clause:
    """An equation in x, y, z, or a disequation (``≠``), between terms of ∧ (symbol 0), ∨ (1) and constants a, b, c."""
    positive = "≠" not in text
    lhs, rhs = (_infix(list(side.replace(" ", "")), bank) for side in text.split("=" if positive else "≠"))
    return Clause(lhs, rhs, positive)


def _infix(rest: list[str], bank: Bank) -> Any:
    t = _atom(rest, bank)
    while rest and rest[0] in "∧∨":
        t = bank.term("∧∨".index(rest.pop(0)), (t, _atom(rest, bank)))
    return t


def _atom(rest: list[str], bank: Bank) -> Any:
    letter = rest.pop(0)
    if letter == "(":
        t = _infix(rest, bank)
        rest.pop(0)
        return t
    return bank.variable("xyz".index(letter) + 1) if letter in "xyz" else bank.term("abc".index(letter) + 2)


def smallest(*goals: str, up_to: int = 6) -> int | None:
    """The size of the smallest lattice that satisfies the goals, by propositional search; each size is decided."""
    bank, signature = Bank([1] * 5), Signature.of([2, 2, 0, 0, 0])
    clauses = [clause(text, bank) for text in (*LATTICE, *goals)]
    for size in range(1, up_to + 1):
        found = SizedSearch(signature, clauses, (size,)).model(10_000, deadline=inf)
        assert found is not None, "not decided"
        if found is not False:
            assert satisfies(found, signature, clauses)
            return size
    return None


def test_the_smallest_lattices_that_break_a_law_are_the_pentagon_and_the_diamond():
    """Dedekind 1900, Birkhoff 1934: N5 is not modular; a modular lattice that is not distributive holds M3."""
    distributive = "a∧(b∨c) ≠ (a∧b)∨(a∧c)"
    modular = "(x∧y)∨(x∧z) = x∧(y∨(x∧z))"

    assert smallest("a∧b ≠ a", "a∨b ≠ a") == 4
    assert smallest("(a∧b)∨(a∧c) ≠ a∧(b∨(a∧c))") == 5
    assert smallest(modular, distributive) == 5
    assert smallest(modular, "(a∧b)∨(a∧c) ≠ a∧(b∨(a∧c))") is None
    assert smallest("x∧(y∨z) = (x∧y)∨(x∧z)", "a∨(b∧c) ≠ (a∨b)∧(a∨c)") is None


def test_propositional_search_and_backtracking_agree_on_random_clauses():
    """Both decide every size, so they must find models of the same sizes."""
    bank, signature, random = Bank([1] * 3), Signature.of([2, 1, 0]), Random(7)

    def term(depth: int) -> Any:
        symbol = random.choice([0, 1, 2, -1] if depth else [2, -1])
        if symbol < 0:
            return bank.variable(random.randint(1, 3))
        return bank.term(symbol, tuple(term(depth - 1) for _ in signature.arguments[symbol]))

    answers = set()
    for _ in range(60):
        clauses = [Clause(term(2), term(2), random.random() < 0.8) for _ in range(4)]
        for size in (1, 2, 3):
            slow = ModelSearch(signature, clauses, (size,), whole=True).solve()
            fast = SizedSearch(signature, clauses, (size,)).model(10_000, deadline=inf)
            assert (slow is None) == (fast is False)
            answers.add(fast is False)
            if isinstance(fast, Model):
                assert satisfies(fast, signature, clauses)
    assert answers == {True, False}


def test_propositional_search_handles_several_sorts():
    """An injection of three things into two does not exist; one into three is named in order."""
    bank = Bank([1] * 4)
    signature = Signature(((), (), (), (0,)), (0, 0, 0, 1))
    a, b, c = (bank.term(i) for i in range(3))
    apart = [Clause(s, t, False) for s, t in ((a, b), (b, c), (a, c))]
    images = [Clause(bank.term(3, (x.lhs,)), bank.term(3, (x.rhs,)), False) for x in apart]

    assert SizedSearch(signature, [*apart, *images], (3, 2)).model(1_000, deadline=inf) is False
    found = SizedSearch(signature, [*apart, *images], (3, 3)).model(1_000, deadline=inf)
    assert isinstance(found, Model)
    assert [found.tables[i] for i in range(3)] == [(0,), (1,), (2,)]


def test_rounds_of_the_propositional_search_end():
    """Clauses without a model are decided at every size; then no round is left, and a call more changes nothing."""
    bank, signature = Bank([1, 1]), Signature.of([0, 0])
    search = PropositionalSearch(signature, [Clause(bank.term(0), bank.term(0), False)])
    rounds = 0
    while search.unfinished:
        assert search.round() is None
        rounds += 1

    assert 1 <= rounds <= 6
    assert search.round() is None


def test_a_round_that_time_cuts_off_is_continued():
    """Without time nothing is looked at, and nothing is lost: the next call finds the pentagon."""
    bank, signature = Bank([1] * 5), Signature.of([2, 2, 0, 0, 0])
    clauses = [clause(text, bank) for text in (*LATTICE, "(a∧b)∨(a∧c) ≠ a∧(b∨(a∧c))")]
    search = PropositionalSearch(signature, clauses)

    assert search.round(deadline=0.0) is None
    found = search.round()
    assert found is not None
    assert found.size == 5


# ---- complete systems ------------------------------------------------------------------------------------------------


def bicyclic(*more: Law) -> Law:
    """``p q = e`` implies ``q p = e`` in every monoid (R42): true of finite ones only."""
    p, q = generator("p", One, m), generator("q", One, m)
    given = Law("one side", arrow(One, m)(lambda _: M.mult(p(()), q(()))), M.unit)
    return Law("other side", arrow(One, m)(lambda _: M.mult(q(()), p(()))), M.unit, (*M.given, given, *more))


def test_the_bicyclic_monoid_is_refuted_by_its_complete_system():
    verdict = prove(bicyclic())

    assert (verdict.status, verdict.evidence) == ("fails", "symbolic")
    assert verdict.counterexample is not None
    assert (verdict.counterexample.lhs, verdict.counterexample.rhs) == ("M.mult(q,p)", "M.unit")


def test_with_a_left_inverse_there_is_nothing_to_refute():
    r, p = generator("r", One, m), generator("p", One, m)
    law = bicyclic(Law("left inverse", arrow(One, m)(lambda _: M.mult(r(()), p(()))), M.unit))

    assert prove(law).evidence == "proved"
    assert in_free_model(law) is None


def test_a_hypothesis_about_every_object_is_never_read_at_one_object_only():
    law = Law("x", generator("f", A, A), generator("h", A, A), (Law("one point", snd(B, B), snd(B, B), every=(B,)),))

    read = reading(law)
    assert read is not None
    assert not read.exact
    assert not read.hypotheses
    assert in_free_model(law) is None
    assert "about every object" in refute_law(law).tried


# ---- what is too large -----------------------------------------------------------------------------------------------


def test_a_hypothesis_that_is_too_large_to_be_checked_leaves_models_out():
    """One element of A is a counterexample, smaller than two of B; whether the hypothesis holds there is not seen."""
    f, g, h = generator("f", One, 1 + A), generator("g", One, 1 + A), generator("h", B, B)
    large = ident(A * FinSet(2**40))
    sides = case(f >> inl(1 + A, B), h >> inr(1 + A, B)), case(g >> inl(1 + A, B), inr(1 + A, B))
    plain, under = (refute_law(Law("maps", *sides, given)) for given in ((), (Law("large", large, large),)))

    found = [(each.smallest, each.counterexample and each.counterexample.sizes) for each in (plain, under)]
    assert found == [(True, {"A": 1, "B": 0}), (False, {"A": 0, "B": 2})]


@pytest.mark.parametrize("count", [100, 101, 130])
def test_laws_of_many_variables_are_read(count):
    """There is a constant for each variable of a law, however many there are."""
    thing: Any = A
    for _ in range(count - 1):
        thing = thing * A
    f, h = generator("f", thing, A), generator("h", A, A)

    assert prove(f >> h, f, given=[Law("twice", h >> h, h)]).status == "fails"
    assert prove(f >> h >> h, f >> h, given=[Law("twice", h >> h, h)]).ok
