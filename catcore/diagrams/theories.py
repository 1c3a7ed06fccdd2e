"""Structures presented by wires, boxes and equations: the formal adjunction, monad, distributive law, and their kin.

A :class:`Presentation` is a free strict 2-category with equations; what is proved from its rules holds in every
2-category in which the structure lives.  Monads and comonads are Street's (1972), distributive laws Beck's (1969),
iterated ones Cheng's (2011).  Frobenius and Hopf algebras live in symmetric monoidal categories, where boxes may be
connected through crossings; their equations are for :mod:`catcore.diagrams.symmetric`.

>>> print(adjunction_theory())
adjunction: 2 wires, 2 boxes, 2 equations
>>> print(adjunction_theory().rule("left triangle"))
left triangle: F η ; ε F = id(F)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catcore.diagrams.cells import Box, Diagram, Swap, braid, identity
from catcore.diagrams.rewriting import Rule
from catcore.diagrams.wires import Path, Wire, ZeroCell
from catcore.errors import UnknownName


@dataclass(frozen=True)
class Presentation:
    """Wires, boxes and equations between diagrams made of them."""

    name: str
    wires: tuple[Wire, ...]
    boxes: tuple[Box, ...]
    rules: tuple[Rule, ...]

    def __getitem__(self, name: str) -> Any:
        """The wire or box of that name; raises ``UnknownName`` when there is none."""
        return _named(self, (*self.wires, *self.boxes), name)

    def rule(self, name: str) -> Rule:
        """The equation of that name; raises ``UnknownName`` when there is none."""
        found: Rule = _named(self, self.rules, name)
        return found

    def __add__(self, other: Presentation) -> Presentation:
        """Both together; what they share is the same."""
        wires = tuple(dict.fromkeys(self.wires + other.wires))
        boxes = tuple(dict.fromkeys(self.boxes + other.boxes))
        return Presentation(f"{self.name} + {other.name}", wires, boxes, tuple(dict.fromkeys(self.rules + other.rules)))

    def only(self, *endings: str) -> Presentation:
        """The same generators with those equations whose names end in one of the given texts."""
        rules = tuple(rule for rule in self.rules if rule.name.endswith(endings))
        return Presentation(f"{self.name}, {' and '.join(endings)} only", self.wires, self.boxes, rules)

    def with_rules(self, name: str, *rules: Rule) -> Presentation:
        """The same generators with further equations."""
        return Presentation(name, self.wires, self.boxes, self.rules + rules)

    def __str__(self) -> str:
        return f"{self.name}: {len(self.wires)} wires, {len(self.boxes)} boxes, {len(self.rules)} equations"


def _named(presentation: Presentation, things: Sequence[Any], name: str) -> Any:
    for thing in things:
        if thing.name == name:
            return thing
    names = ", ".join(thing.name for thing in things)
    raise UnknownName(f"The presentation {presentation.name} was asked for {name!r}, and it has {names}.")


def adjunction_theory(left: str = "F", right: str = "G", unit: str = "η", counit: str = "ε") -> Presentation:
    """The adjunction ``F ⊣ G`` with its two triangles (THEORY T1.8)."""
    c, d = ZeroCell("C"), ZeroCell("D")
    f, g = Wire(left, c, d), Wire(right, d, c)
    eta, eps = Box(unit, Path(c), g @ f), Box(counit, f @ g, Path(d))
    triangles = (
        Rule("left triangle", (f @ eta) >> (eps @ f), f),
        Rule("right triangle", (eta @ g) >> (g @ eps), g),
    )
    return Presentation("adjunction", (f, g), (eta, eps), triangles)


def monad_rules(functor: Wire | Path, unit: Any, mult: Any, prefix: str = "") -> tuple[Rule, ...]:
    """The equations of a monad for any 1-cell and any two 2-cells of the right type (THEORY T1.4)."""
    t = identity(functor)
    return (
        Rule(f"{prefix}left unit", (unit @ t) >> mult, t),
        Rule(f"{prefix}right unit", (t @ unit) >> mult, t),
        Rule(f"{prefix}associativity", (mult @ t) >> mult, (t @ mult) >> mult),
    )


def comonad_rules(functor: Wire | Path, counit: Any, comult: Any, prefix: str = "") -> tuple[Rule, ...]:
    """The equations of a comonad for any 1-cell and any two 2-cells of the right type (THEORY T1.7)."""
    w = identity(functor)
    return (
        Rule(f"{prefix}left counit", comult >> (counit @ w), w),
        Rule(f"{prefix}right counit", comult >> (w @ counit), w),
        Rule(f"{prefix}coassociativity", comult >> (comult @ w), comult >> (w @ comult)),
    )


def monad_theory(name: str = "T", unit: str = "η", mult: str = "μ", *, prefix: str = "") -> Presentation:
    """The monad on one 0-cell; the same boxes and equations present a monoid in a monoidal category."""
    t = Wire(name)
    eta, mu = Box(unit, Path(), t), Box(mult, t @ t, t)
    return Presentation(f"monad {name}", (t,), (eta, mu), monad_rules(t, eta, mu, prefix))


def comonad_theory(name: str = "W", counit: str = "ε", comult: str = "δ", *, prefix: str = "") -> Presentation:
    """The comonad on one 0-cell; also a comonoid in a monoidal category."""
    w = Wire(name)
    eps, delta = Box(counit, w, Path()), Box(comult, w, w @ w)
    return Presentation(f"comonad {name}", (w,), (eps, delta), comonad_rules(w, eps, delta, prefix))


def beck_rules(inner: Sequence[Any], outer: Sequence[Any], law: Any, prefix: str = "") -> tuple[Rule, ...]:
    """The four axioms of a distributive law ``T S → S T`` (THEORY T1.10); each monad is (1-cell, unit, mult)."""
    (t, eta_t, mu_t), (s, eta_s, mu_s) = inner, outer
    return (
        Rule(f"{prefix}inner unit", (eta_t @ s) >> law, s @ identity(Path()) @ eta_t),
        Rule(f"{prefix}outer unit", (t @ identity(Path()) @ eta_s) >> law, eta_s @ t),
        Rule(f"{prefix}inner mult", (mu_t @ s) >> law, (t @ law) >> (law @ t) >> (s @ mu_t)),
        Rule(f"{prefix}outer mult", (t @ mu_s) >> law, (law @ s) >> (s @ law) >> (mu_s @ t)),
    )


def distributive_theory(inner: str = "T", outer: str = "S") -> Presentation:
    """Two monads and a distributive law ``λ : T S → S T``; boxes ``ηT μT ηS μS λ``."""
    t, s = (_indexed_monad(name) for name in (inner, outer))
    law = Box("λ", t.wires[0] @ s.wires[0], s.wires[0] @ t.wires[0])
    axioms = beck_rules((t.wires[0], *t.boxes), (s.wires[0], *s.boxes), law)
    both = t + s
    return Presentation("distributive law", both.wires, (*both.boxes, law), both.rules + axioms)


def iterated_theory() -> Presentation:
    """Monads ``S T U``, distributive laws of each over the ones before it, and the Yang–Baxter equation (Cheng 2011).

    The laws are ``λTS : T S → S T``, ``λUS`` and ``λUT``.
    """
    monads = {name: _indexed_monad(name) for name in "STU"}
    whole = monads["S"] + monads["T"] + monads["U"]
    laws: dict[str, Box] = {}
    rules = list(whole.rules)
    for inner, outer in (("T", "S"), ("U", "S"), ("U", "T")):
        i, o = monads[inner], monads[outer]
        law = laws[inner + outer] = Box(f"λ{inner}{outer}", i.wires[0] @ o.wires[0], o.wires[0] @ i.wires[0])
        rules += beck_rules((i.wires[0], *i.boxes), (o.wires[0], *o.boxes), law, f"{law.name} ")
    s, t, u = whole.wires
    ts, us, ut = laws["TS"], laws["US"], laws["UT"]
    one = (ut @ s) >> (t @ us) >> (ts @ u)
    other = (u @ ts) >> (us @ t) >> (s @ ut)
    rules.append(Rule("Yang–Baxter", one, other))
    return Presentation("iterated distributive law", whole.wires, (*whole.boxes, ts, us, ut), tuple(rules))


def _indexed_monad(name: str) -> Presentation:
    return monad_theory(name, f"η{name}", f"μ{name}", prefix=f"{name} ")


def frobenius_theory(*, special: bool = False, commutative: bool = False) -> Presentation:
    """A Frobenius algebra: a monoid and a comonoid on ``x`` with two more equations; planar unless commutative.

    Args:
        special: whether ``δ ; μ = id`` is among the equations.
        commutative: whether ``σ ; μ = μ`` and ``δ ; σ = δ`` are.
    """
    both = monad_theory("x", prefix="mult ") + comonad_theory("x", prefix="comult ")
    x, eta, mu, eps, delta = both.wires[0], *both.boxes
    rules = [
        Rule("Frobenius left", (delta @ x) >> (x @ mu), mu >> delta),
        Rule("Frobenius right", (x @ delta) >> (mu @ x), mu >> delta),
    ]
    if special:
        rules.append(Rule("special", delta >> mu, x))
    if commutative:
        rules += [Rule("commutativity", braid(x, x) >> mu, mu), Rule("cocommutativity", delta >> braid(x, x), delta)]
    return Presentation("Frobenius algebra", (x,), (eta, mu, eps, delta), both.rules + tuple(rules))


def hopf_theory() -> Presentation:
    """A Hopf algebra ``(x, μ, η, δ, ε, S)`` in a symmetric monoidal category, without commutativity of either kind."""
    both = monad_theory("x", prefix="mult ") + comonad_theory("x", prefix="comult ")
    x, eta, mu, eps, delta = both.wires[0], *both.boxes
    antipode = Box("S", x, x)
    rules = (
        Rule("bialgebra", mu >> delta, (delta @ delta) >> (x @ Swap(x, x) @ x) >> (mu @ mu)),
        Rule("unit copied", eta >> delta, eta @ eta),
        Rule("product dropped", mu >> eps, eps @ eps),
        Rule("bone", eta >> eps, Path()),
        Rule("left antipode", delta >> (antipode @ x) >> mu, eps >> eta),
        Rule("right antipode", delta >> (x @ antipode) >> mu, eps >> eta),
    )
    return Presentation("Hopf algebra", (x,), (eta, mu, eps, delta, antipode), both.rules + rules)


def spiral(turns: int) -> Diagram:
    """A path wound into a spiral, ``2 n + 2`` boxes on which interchange needs the most moves (Delpeuch–Vicary 2022).

    A unit, ``n`` cups, each one inside the last, a counit in the middle, and ``n`` caps that close the spiral.
    """
    x = Wire("x")
    unit, counit = Box("unit", Path(), x), Box("counit", x, Path())
    opened, closed = Box("cap", Path(), x @ x), Box("cup", x @ x, Path())
    outwards = [(closed, turns - turn - 1) for turn in range(turns)]
    return Diagram(Path(), (unit, 0), *((opened, turn) for turn in range(turns)), (counit, turns), *outwards)
