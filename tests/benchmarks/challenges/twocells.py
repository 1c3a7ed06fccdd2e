"""2-categories and symmetric monoidal categories: adjunctions, distributive laws, Hopf and Frobenius algebras."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catcore import Adjunction, DistributiveLaw, Monad
from catcore.diagrams import theories
from catcore_proofs.library import composites
from tests.benchmarks.challenges.rows import Diagrams, challenge


def claims(rules: Any, presentation: Any, **how: Any) -> list[Diagrams]:
    """The claims that equations follow from a presentation."""
    return [Diagrams(rule.name, rule.lhs, rule.rhs, presentation.rules, **how) for rule in rules]


def _triple(presentation: Any, name: str) -> tuple[Any, Any, Any]:
    return presentation[name], presentation[f"η{name}"], presentation[f"μ{name}"]


def _without(presentation: Any, name: str) -> Any:
    rules = tuple(rule for rule in presentation.rules if rule.name != name)
    return theories.Presentation(presentation.name, presentation.wires, presentation.boxes, rules)


@challenge("P22", "an adjunction gives the monad G F and the comonad F G", quick=True)
def adjunctions() -> Any:
    arbitrary = Adjunction.variable("F", "G")
    return [*_from_adjunction(theories.adjunction_theory()), arbitrary.monad(), arbitrary.comonad()]


@adjunctions.twin("with one triangle only")
def _() -> Any:
    arbitrary = Adjunction.variable("F", "G")
    half = replace(arbitrary, given=tuple(h for h in arbitrary.given if not h.name.startswith("left triangle")))
    return [*_from_adjunction(_without(theories.adjunction_theory(), "left triangle")), half.monad(), half.comonad()]


def _from_adjunction(a: Any) -> list[Diagrams]:
    f, g, unit, counit = a["F"], a["G"], a["η"], a["ε"]
    monad = theories.monad_rules(g @ f, unit, g @ counit @ f)
    comonad = theories.comonad_rules(f @ g, counit, f @ unit @ g)
    return [*claims(monad, a, steps=100), *claims(comonad, a, steps=100)]


@challenge("P23", "a distributive law makes S T a monad", quick=True)
def beck() -> Any:
    arbitrary = DistributiveLaw.variable("λ", Monad.variable("T"), Monad.variable("S"))
    return [*_from_law(theories.distributive_theory()), arbitrary.composite()]


@beck.twin("without the axiom for the inner multiplication")
def _() -> Any:
    return _from_law(_without(theories.distributive_theory(), "inner mult"))


def composite(outer: Any, inner: Any, law: Any) -> tuple[Any, Any, Any]:
    """The composite of two monads along a law."""
    from catcore.diagrams import theorems

    found: tuple[Any, Any, Any] = theorems.composite(outer, inner, law)
    return found


def _from_law(p: Any) -> list[Diagrams]:
    s, t = _triple(p, "S"), _triple(p, "T")
    return claims(theories.monad_rules(*composite(s, t, p["λ"])), p, steps=300)


@challenge("P24", "a monad structure on S T that is compatible with S and T comes from a distributive law")
def beck_converse() -> Any:
    return [*_converse(middle=True), composites.beck_converse()]


@beck_converse.twin("without the middle unit law")
def _() -> Any:
    return _converse(middle=False)


def _converse(*, middle: bool) -> list[Diagrams]:
    """``λ = (η_S T S η_T) ; μ`` satisfies the four axioms."""
    from catcore.diagrams.cells import Box
    from catcore.diagrams.rewriting import Rule

    both = theories.monad_theory("S", "ηS", "μS", prefix="S ") + theories.monad_theory("T", "ηT", "μT", prefix="T ")
    s, t = both["S"], both["T"]
    eta_s, mu_s, eta_t, mu_t = both["ηS"], both["μS"], both["ηT"], both["μT"]
    mult = Box("μ", s @ t @ s @ t, s @ t)
    rules = [
        *theories.monad_rules(s @ t, eta_s @ eta_t, mult, "S T "),
        Rule("compatible with S", (s @ eta_t @ s @ eta_t) >> mult, mu_s @ eta_t),
        Rule("compatible with T", (eta_s @ t @ eta_s @ t) >> mult, eta_s @ mu_t),
    ]
    if middle:
        rules.append(Rule("middle unit", (s @ eta_t @ eta_s @ t) >> mult, s @ t))
    presentation = both.with_rules("composite monad", *rules)
    law = (eta_s @ t @ s @ eta_t) >> mult
    axioms = theories.beck_rules((t, eta_t, mu_t), (s, eta_s, mu_s), law)
    found, known = [], presentation
    for lemmas in (*_lemmas(s, t, (eta_s, mu_s), (eta_t, mu_t), mult), [(rule, ()) for rule in axioms]):
        found += [Diagrams(rule.name, rule.lhs, rule.rhs, known.rules, 600, growth=3, by=by) for rule, by in lemmas]
        known = known.with_rules(known.name, *(rule for rule, _ in lemmas))
    return found


def _lemmas(s: Any, t: Any, outer: Any, inner: Any, mult: Any) -> list[list[tuple[Any, tuple[Any, ...]]]]:
    """What μ is on one side, then what λ is beside it, and ways to prove it; the axioms follow from these."""
    from catcore.diagrams.rewriting import Rule

    (eta_s, mu_s), (eta_t, mu_t) = outer, inner
    law = (eta_s @ t @ s @ eta_t) >> mult
    first, second = (mult @ s @ t) >> mult, (s @ t @ mult) >> mult
    right, left = s @ eta_t @ eta_s @ t @ eta_s @ t, s @ eta_t @ s @ eta_t @ eta_s @ t
    before_t, before_s = eta_s @ t @ s @ eta_t @ eta_s @ t, s @ eta_t @ eta_s @ t @ s @ eta_t
    sides = [
        (
            Rule("T on the right", (s @ t @ eta_s @ t) >> mult, s @ mu_t),
            (right >> first, right >> second, (s @ eta_t @ eta_s @ mu_t) >> mult),
        ),
        (
            Rule("S on the left", (s @ eta_t @ s @ t) >> mult, mu_s @ t),
            (left >> second, left >> first, (mu_s @ eta_t @ eta_s @ t) >> mult),
        ),
    ]
    beside = [
        (
            Rule("λ before μT", (law @ t) >> (s @ mu_t), (eta_s @ t @ s @ t) >> mult),
            ((law @ t) >> (s @ t @ eta_s @ t) >> mult, before_t >> second),
        ),
        (
            Rule("λ before μS", (s @ law) >> (mu_s @ t), (s @ t @ s @ eta_t) >> mult),
            ((s @ law) >> (s @ eta_t @ s @ t) >> mult, before_s >> first),
        ),
    ]
    return [sides, beside]


@challenge("P25", "three distributive laws with Yang–Baxter: U over S T, and T U over S")
def cheng() -> Any:
    return [*_iterated(theories.iterated_theory()), *composites.iterated()]


@cheng.twin("without the Yang–Baxter equation")
def _() -> Any:
    return _iterated(_without(theories.iterated_theory(), "Yang–Baxter"))


def _iterated(p: Any) -> list[Diagrams]:
    s, t, u = (_triple(p, name) for name in "STU")
    ts, us, ut = p["λTS"], p["λUS"], p["λUT"]
    first = theories.beck_rules(u, composite(s, t, ts), (us @ t[0]) >> (s[0] @ ut), "U over S T: ")
    second = theories.beck_rules(composite(t, u, ut), s, (t[0] @ us) >> (ts @ u[0]), "T U over S: ")
    return claims((*first, *second), p, steps=300)


@challenge("P57", "the antipode of a Hopf algebra reverses products; Frobenius algebras have spiders")
def hopf_and_frobenius() -> Any:
    from catcore.diagrams import theorems

    proofs = [theorems.antipode_reverses_products(), *theorems.frobenius_spiders()]
    return [_proved(theorem) for theorem in proofs]


def _proved(theorem: Any) -> Diagrams:
    """A theorem of the library, to be replayed."""
    return Diagrams(
        theorem.statement.name, theorem.statement.lhs, theorem.statement.rhs, theorem.presentation.rules,
        theorem=theorem,
    )  # fmt: skip


@hopf_and_frobenius.twin("the antipode keeps the order of products")
def _() -> Any:
    p = theories.hopf_theory()
    mu, s = p["μ"], p["S"]
    return Diagrams("order kept", mu >> s, (s @ s) >> mu, p.rules, symmetric=True, steps=60)


@challenge("P58", "a spiral equals itself after interchanges, for 4 to 50 turns")
def spirals() -> Any:
    return [_unwound(turns) for turns in (4, 8, 12, 20, 50)]


@spirals.twin("one turn more")
def _() -> Any:
    return Diagrams("two spirals", theories.spiral(4), theories.spiral(5))


def _unwound(turns: int) -> Diagrams:
    """A spiral and what some interchanges make of it."""
    start = theories.spiral(turns)
    moved = start
    for _ in range(turns):
        moved = next(iter(moved.interchanges()), moved)
    return Diagrams(f"spiral of {turns} turns", start, moved)
