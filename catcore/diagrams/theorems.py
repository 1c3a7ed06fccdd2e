"""Theorems about presented structures, each with a proof that is found once and replayed on demand.

An adjunction gives a monad and a comonad (Huber 1961); a distributive law makes the composite of two monads a monad
(Beck 1969); with the Yang–Baxter equation, distributive laws of three monads iterate (Cheng 2011); connected diagrams
of a special commutative Frobenius algebra depend on their boundary only, of which the bialgebra-shaped square is an
instance (spiders); and the antipode of a Hopf algebra reverses products (Sweedler 1969).

>>> monad, *_ = adjunction_gives_monad()
>>> print(monad.statement)
left unit: η G F ; G ε F = id(G F)
>>> monad.check()
True
>>> print(monad.proof)
η G F ; G ε F
  = by right triangle at (0, 0)
id(G F)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any

from catcore.diagrams.cells import Diagram, as_diagram, braid
from catcore.diagrams.rewriting import Proof, Rule, prove_equal, replay
from catcore.diagrams.theories import (
    Presentation,
    adjunction_theory,
    beck_rules,
    comonad_rules,
    distributive_theory,
    frobenius_theory,
    hopf_theory,
    iterated_theory,
    monad_rules,
)
from catcore.errors import CertificateRejected


@dataclass(frozen=True)
class Theorem:
    """An equation that follows from a presentation, its proof, and the theorems that the proof uses."""

    statement: Rule
    presentation: Presentation
    proof: Proof
    lemmas: tuple[Theorem, ...] = ()
    symmetric: bool = False

    def check(self) -> bool:
        """Replay the proof and those of all lemmas; raises ``CertificateRejected`` at a step that does not follow."""
        for lemma in self.lemmas:
            if not set(lemma.presentation.rules) <= set(self.presentation.rules):
                raise CertificateRejected(
                    f"The theorem {self.statement.name!r} uses the lemma {lemma.statement.name!r}, which is proved "
                    f"from the {lemma.presentation.name} and not from the {self.presentation.name} alone."
                )
            lemma.check()
        rules = (*self.presentation.rules, *(lemma.statement for lemma in self.lemmas))
        ends = (self.proof.start, self.proof.end) == (self.statement.lhs, self.statement.rhs)
        return ends and replay(self.proof, rules, symmetric=self.symmetric)

    def __str__(self) -> str:
        return f"{self.statement}, from the {self.presentation.name} in {len(self.proof.steps)} steps"


def derive(
    name: str,
    presentation: Presentation,
    *way: Any,
    lemmas: Sequence[Theorem] = (),
    symmetric: bool = False,
    steps: int = 2000,
) -> Theorem | None:
    """Prove that the first and the last diagram of ``way`` are equal, going by those in between.

    Args:
        name: what the theorem is called.
        presentation: where the equations come from.
        way: two or more parallel diagrams.
        lemmas: theorems that may be used as equations.
        symmetric: whether crossings are the symmetry.
        steps: how many diagrams are looked at between two stations.
    """
    stations = [as_diagram(station) for station in way]
    rules = (*presentation.rules, *(lemma.statement for lemma in lemmas))
    legs = []
    for start, end in pairwise(stations):
        leg = prove_equal(start, end, rules, steps=steps, symmetric=symmetric)
        if leg is None:
            return None
        legs.append(leg)
    proof = reduce(Proof.__rshift__, legs)
    return Theorem(Rule(name, stations[0], stations[-1]), presentation, proof, tuple(lemmas), symmetric)


def _derived(rules: Sequence[Rule], presentation: Presentation) -> tuple[Theorem, ...]:
    return tuple(_found(derive(rule.name, presentation, rule.lhs, rule.rhs)) for rule in rules)


def _found(theorem: Theorem | None) -> Theorem:
    assert theorem is not None, "the search for a theorem of the library is deterministic and finds it"
    return theorem


def adjunction_gives_monad() -> tuple[Theorem, ...]:
    """``G F`` with ``η`` and ``G ε F`` satisfies the three equations of a monad, from the triangles."""
    a = adjunction_theory()
    f, g, unit, counit = a["F"], a["G"], a["η"], a["ε"]
    return _derived(monad_rules(g @ f, unit, g @ counit @ f), a)


def adjunction_gives_comonad() -> tuple[Theorem, ...]:
    """``F G`` with ``ε`` and ``F η G`` satisfies the three equations of a comonad."""
    a = adjunction_theory()
    f, g, unit, counit = a["F"], a["G"], a["η"], a["ε"]
    return _derived(comonad_rules(f @ g, counit, f @ unit @ g), a)


def composite(outer: Sequence[Any], inner: Sequence[Any], law: Any) -> tuple[Any, Diagram, Diagram]:
    """The composite ``S T`` of two monads (1-cell, unit, mult) along ``λ : T S → S T``, again as such a triple."""
    (s, eta_s, mu_s), (t, eta_t, mu_t) = outer, inner
    return s @ t, as_diagram(eta_s) @ eta_t, (s @ as_diagram(law) @ t) >> (as_diagram(mu_s) @ mu_t)


def distributive_law_gives_monad() -> tuple[Theorem, ...]:
    """``S T`` is a monad, from two monads and Beck's four axioms."""
    p = distributive_theory()
    s, t = ((p[name], p[f"η{name}"], p[f"μ{name}"]) for name in "ST")
    return _derived(monad_rules(*composite(s, t, p["λ"])), p)


def iterated_laws() -> tuple[Theorem, ...]:
    """``U`` distributes over ``S T``, and ``T U`` over ``S``: eight axioms, two of them by the Yang–Baxter equation."""
    p = iterated_theory()
    s, t, u = ((p[name], p[f"η{name}"], p[f"μ{name}"]) for name in "STU")
    ts, us, ut = p["λTS"], p["λUS"], p["λUT"]
    first = beck_rules(u, composite(s, t, ts), (us @ t[0]) >> (s[0] @ ut), "U over S T: ")
    second = beck_rules(composite(t, u, ut), s, (t[0] @ us) >> (ts @ u[0]), "T U over S: ")
    return _derived(first + second, p)


def frobenius_spiders() -> tuple[Theorem, ...]:
    """Three ways to draw a connected diagram of a special commutative Frobenius algebra with 2 inputs and 2 outputs."""
    p = frobenius_theory(special=True, commutative=True)
    x, mu, delta = p["x"], p["μ"], p["δ"]
    spider = mu >> delta
    zigzag = (delta @ x) >> (x @ mu)
    square = (delta @ delta) >> (x @ braid(x, x) @ x) >> (mu @ mu)
    ways = {"zigzag": zigzag, "mirrored zigzag": (x @ delta) >> (mu @ x), "square": square}
    return tuple(_found(derive(name, p, way, spider, symmetric=True)) for name, way in ways.items())


def antipode_reverses_products() -> Theorem:
    """``S(a b) = S(b) S(a)`` in every Hopf algebra: both sides are convolution inverse to the product."""
    p = hopf_theory()
    x, mu, eta, delta, eps, s = (p[name] for name in ("x", "μ", "η", "δ", "ε", "S"))
    copies = (delta @ delta) >> (x @ braid(x, x) @ x)
    one, reverse = (eps @ eps) >> eta, braid(x, x) >> (s @ s) >> mu
    return _by_convolution(p, "antipode of a product", (mu >> s, as_diagram(mu), reverse), one, (copies, mu))


def antipode_reverses_copies() -> Theorem:
    """``S ; δ = δ ; σ ; (S ⊗ S)``, the same upside down: both sides are convolution inverse to the copying."""
    p = hopf_theory()
    x, mu, eta, delta, eps, s = (p[name] for name in ("x", "μ", "η", "δ", "ε", "S"))
    products = (x @ braid(x, x) @ x) >> (mu @ mu)
    one, reverse = eps >> (eta @ eta), delta >> (s @ s) >> braid(x, x)
    return _by_convolution(p, "copies of an antipode", (s >> delta, as_diagram(delta), reverse), one, (delta, products))


def _by_convolution(
    p: Presentation, name: str, cells: tuple[Diagram, ...], one: Diagram, ends: tuple[Any, Any]
) -> Theorem:
    """``left = right``, because ``left`` inverts ``cell`` and ``cell`` inverts ``right`` for ``δ ; (f ⊗ g) ; μ``."""
    left, cell, right = cells

    def times(f: Diagram, g: Diagram) -> Diagram:
        return as_diagram(ends[0]) >> (f @ g) >> as_diagram(ends[1])

    lemmas = [
        _found(derive("left inverse", p, times(left, cell), one, symmetric=True)),
        _found(derive("right inverse", p, times(cell, right), one, symmetric=True)),
    ]
    bracketed = times(left, times(cell, right)), times(times(left, cell), right)
    rebracket = p.only("associativity", "coassociativity")
    lemmas.append(_found(derive("convolution is associative", rebracket, *bracketed, symmetric=True)))
    way = (left, times(left, one), *bracketed, times(one, right), right)
    return _found(derive(name, p, *way, lemmas=lemmas, symmetric=True))
