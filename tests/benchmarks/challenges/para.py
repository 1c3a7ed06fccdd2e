"""Parametrised maps: ``(P, f : P × A → B)``, their composition and their reparametrisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore import Law, arrow, atoms, generator, ident
from catcore.arrows import Arrow
from catcore.objects import Ob
from tests.benchmarks.challenges.rows import challenge

A, B, C, D, P, Q, R = atoms("A B C D P Q R")


@dataclass(frozen=True)
class Parametrised:
    """A map ``P × A → B`` with parameters in ``P``."""

    parameters: Ob
    map: Arrow

    def then(self, other: Parametrised) -> Parametrised:
        """``(P, f) ; (Q, g)`` has parameters ``Q × P``."""
        p, q = self.parameters, other.parameters
        a = self.map.dom.args[1]
        composite = arrow(q * p * a, other.map.cod)(lambda t: other.map(t[0][0], self.map(t[0][1], t[1])))
        return Parametrised(q * p, composite)

    def along(self, r: Arrow) -> Parametrised:
        """Reparametrised along ``r : P' → P``."""
        a = self.map.dom.args[1]
        return Parametrised(r.dom, (r * ident(a)) >> self.map)


def maps() -> tuple[Parametrised, Parametrised, Parametrised]:
    """Three composable parametrised maps."""
    return (
        Parametrised(P, generator("f", P * A, B)),
        Parametrised(Q, generator("g", Q * B, C)),
        Parametrised(R, generator("h", R * C, D)),
    )


def associator(a: Ob, b: Ob, c: Ob) -> Arrow:
    """``(A × B) × C → A × (B × C)``."""
    return arrow(a * b * c, a * (b * c))(lambda t: (t[0][0], (t[0][1], t[1])))


@challenge("P53", "Para: associative and unital up to reparametrisation; 2-cells compose and interchange", quick=True)
def para() -> Any:
    return _para(associator(R, Q, P))


@para.twin("the associator forgets which of two equal parameters is which")
def _() -> Any:
    f, g = Parametrised(P, generator("f", P * A, A)), Parametrised(P, generator("g", P * A, A))
    swap = arrow(P * P, P * P)(lambda t: (t[1], t[0]))
    return Law("a swap", f.then(g).map, f.then(g).along(swap).map)


def _para(reassociated: Arrow) -> list[Law]:
    f, g, h = maps()
    one, other = f.then(g).then(h), f.then(g.then(h))
    back = arrow(R * Q * P, R * (Q * P))(lambda t: (t[0][0], (t[0][1], t[1])))
    p2, p3, q2 = atoms("P2 P3 Q2")
    r, s = generator("r", p2, P), generator("s", p3, p2)
    u = generator("u", q2, Q)
    units = Parametrised(P, f.map)
    return [
        Law("associativity up to the associator", one.along(back).map, other.map),
        Law("the associator as given", reassociated, back),
        Law("vertical composition", f.along(r).along(s).map, f.along(s >> r).map),
        Law("identity 2-cell", f.along(ident(P)).map, units.map),
        Law("horizontal composition", f.along(r).then(g.along(u)).map, f.then(g).along(u * r).map),
        Law("interchange", f.along(s >> r).then(g.along(u)).map, f.along(r).then(g).along(u * s).map),
    ]


@challenge("R51", "composition in Para is strictly associative: the parameters are the same", quick=True)
def strictly_associative() -> Any:
    # the parameters of both composites, read as nested pairs of generic elements
    f, g, h = maps()
    one, other = f.then(g).then(h).parameters, f.then(g.then(h)).parameters
    return _same_objects(one, other)


@strictly_associative.twin("the parameters are the same up to isomorphism")
def _() -> Any:
    there = associator(R, Q, P)
    back = arrow(R * (Q * P), R * Q * P)(lambda t: (t[0], t[1][0], t[1][1]))
    return [
        Law("there and back", there >> back, ident(there.dom)),
        Law("back and there", back >> there, ident(back.dom)),
    ]


def _same_objects(one: Ob, other: Ob) -> Any:
    from catcore.laws import PointwiseLaw

    return PointwiseLaw("parameters", [(one, other)], lambda pair: pair[0], lambda pair: pair[1], "symbolic")
