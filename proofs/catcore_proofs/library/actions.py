"""Groups, monoids, actions and distributive laws (THEORY T1.5, T1.6, T1.10)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from catcore.arrows import ident
from catcore.equivariance import Group, Monoid
from catcore.functors import Id
from catcore.laws import Law
from catcore.objects import One, atoms
from catcore.structures import standard
from catcore.structures.distributive import DistributiveLaw
from catcore.structures.monads import Monad
from catcore.theories import Model
from catcore.tracing import pointwise, trace
from catcore_proofs.library.theorem import Theorem

E, S = atoms("E S")


def theorems() -> Iterator[Theorem]:
    """The action monad, consequences of the group axioms, and the two families of distributive laws."""
    yield Theorem("action monad", "T1.5; CDL Ex. 2.2", lambda: standard.ActionMonad(Monoid.variable("M")))
    yield Theorem("a monoid from its action monad", "T1.5", monoid_from_action_monad)
    yield Theorem("consequences of the group axioms", "standard", lambda: consequences("G"))
    yield Theorem("groups of exponent two commute", "standard", lambda: (exponent_two("G"),))
    for name, monad in (("state", standard.state(S)), ("an arbitrary monad", Monad.variable("T", strong=True))):
        laws = {
            f"exceptions distribute over {name}": standard.exceptions_over(E, monad),
            f"actions distribute over {name}": standard.action_over(Monoid.variable("M"), monad),
        }
        for title, law in laws.items():
            yield Theorem(title, "T1.10", partial(_itself, law))
            yield Theorem(f"composite: {title}", "T1.10; Beck 1969", law.composite)
    beck = DistributiveLaw.variable("λ", Monad.variable("T"), Monad.variable("S"))
    yield Theorem("composite of an arbitrary distributive law", "T1.10; Beck 1969", beck.composite)


def _itself(law: DistributiveLaw) -> DistributiveLaw:
    return law


def monoid_from_action_monad() -> tuple[Law, ...]:
    """If ``M × −`` with ``(e, x)`` and ``(g h, x)`` is a monad, which is said at the one-point set, M is a monoid."""
    free = Monoid.variable("M")
    m = Model(free.theory, free.carriers, free.operations)  # the operations without their equations
    monad = Monad(
        m.carrier * Id,
        pointwise(lambda x: (m.unit, x)),
        pointwise(lambda p: (m.mult(p[0], p[1][0]), p[1][1])),
    )
    t, eta, mu = monad.functor, monad.unit, monad.mult
    given = (
        Law("left unit", eta[t(One)] >> mu[One], ident(t(One))),
        Law("right unit", t(eta[One]) >> mu[One], ident(t(One))),
        Law("associativity", t(mu[One]) >> mu[One], mu[t(One)] >> mu[One]),
    )
    return tuple(law.under(given) for law in m.laws())


def consequences(name: str) -> tuple[Law, ...]:
    """Inverses are unique enough: ``(x⁻¹)⁻¹ = x``, ``(x y)⁻¹ = y⁻¹ x⁻¹`` and ``e⁻¹ = e``."""
    group = Group.variable(name)
    g, mult, inverse, unit = group.carrier, group.mult, group.inverse, group.unit
    return (
        Law("inverse of the inverse", inverse >> inverse, trace(lambda x: x, g, g), group.given),
        Law(
            "inverse of a product",
            mult >> inverse,
            trace(lambda p: mult(inverse(p[1]), inverse(p[0])), g * g, g),
            group.given,
        ),
        Law("inverse of the unit", trace(lambda _: inverse(unit), One, g), unit, group.given),
    )


def exponent_two(name: str) -> Law:
    """A group in which ``x x = e`` is commutative."""
    group = Group.variable(name)
    g, mult = group.carrier, group.mult
    square = Law("squares", trace(lambda x: mult(x, x), g, g), trace(lambda _: group.unit, g, g))
    return Law("commutativity", mult, trace(lambda p: mult(p[1], p[0]), g * g, g), (*group.given, square))
