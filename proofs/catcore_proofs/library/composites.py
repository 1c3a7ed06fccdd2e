"""Composite monads and distributive laws between arbitrary monads (THEORY T1.10; Beck 1969; Cheng 2011).

Beck's converse: a multiplication on ``S T`` with the composite unit, which agrees with those of S and T and satisfies
the middle unit law, comes from the distributive law ``λ = (η_S T S η_T) ; μ``.  Its proof goes up before it goes down,
so the equations on the way are stated; each is proved at an arbitrary set, and later ones use it at every set.

Cheng's theorem: three monads with three distributive laws that satisfy the Yang–Baxter equation compose, both ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from catcore.arrows import Arrow, ident
from catcore.functors import NaturalTransformation
from catcore.laws import Law, assumed, fresh_atoms
from catcore.objects import Ob
from catcore.structures.distributive import DistributiveLaw
from catcore.structures.monads import Monad
from catcore_proofs.library.theorem import Theorem


def theorems() -> Iterator[Theorem]:
    """Beck's converse, and both composites of three monads."""
    yield Theorem("Beck's converse", "T1.10", beck_converse)
    yield Theorem("Cheng: U over S T", "T1.10", lambda: iterated()[0])
    yield Theorem("Cheng: T U over S", "T1.10", lambda: iterated()[1])


def beck_converse(*, middle: bool = True) -> tuple[Law, ...]:
    """The equations on the way and the four axioms of Beck; ``middle`` says whether the middle unit law is assumed."""
    outer, inner = Monad.variable("S"), Monad.variable("T")
    s, t = outer.functor, inner.functor
    multiplied = Multiplied(outer, inner, NaturalTransformation.variable("m", s(t(s(t))), s(t)))
    (x,) = fresh_atoms(1, s, t)
    known, found = assumed(multiplied.hypotheses(x)[: None if middle else -1], x), list[Law]()
    for chains in (multiplied.on_one_side(x), multiplied.beside_the_law(x)):
        for name, values in chains.items():
            steps = enumerate(pairwise(values), 1)
            found += [Law(f"{name}, step {n}", one, other, known) for n, (one, other) in steps]
        known += assumed([Law(name, values[0], values[-1]) for name, values in chains.items()], x)
    axioms = DistributiveLaw(inner, outer, multiplied.law).laws()[1:]
    return (*found, *(law.under(known) for law in axioms))


@dataclass(frozen=True)
class Multiplied:
    """A claimed multiplication ``m : S T S T → S T`` on the composite of two monads ``outer`` (S) and ``inner`` (T)."""

    outer: Monad
    inner: Monad
    mult: NaturalTransformation

    def st(self, f: Any) -> Any:
        """The composite functor ``S T``."""
        return self.outer.functor(self.inner.functor(f))

    def units(self, x: Ob) -> Arrow:
        """``η_S`` and then ``η_T`` around it: ``T → T S T``."""
        found: Arrow = self.outer.unit[self.inner.functor(x)] >> self.inner.unit[self.st(x)]
        return found

    def law(self, x: Ob) -> Arrow:
        """``λ = (η_S T S η_T) ; m``."""
        s, t = self._functors
        found: Arrow = self.outer.unit[t(s(x))] >> self.st(s(self.inner.unit[x])) >> self.mult[x]
        return found

    def hypotheses(self, x: Ob) -> tuple[Law, ...]:
        """That m makes ``S T`` a monad, agrees with both multiplications, and the middle unit law."""
        s, t, m, (unit_s, unit_t) = *self._functors, self.mult, (self.outer.unit, self.inner.unit)
        composite = Monad(s(t), lambda y: unit_t[y] >> unit_s[t(y)], m)
        with_s = s(unit_t[s(x)]) >> self.st(s(unit_t[x])) >> m[x]
        with_t = unit_s[t(t(x))] >> self.st(unit_s[t(x)]) >> m[x]
        between = s(unit_t[t(x)]) >> self.st(unit_s[t(x)]) >> m[x]
        return (
            *(law for law in composite.laws() if not law.name.startswith("naturality")),
            Law("compatible with S", with_s, self.outer.mult[x] >> s(unit_t[x])),
            Law("compatible with T", with_t, self.inner.mult[x] >> unit_s[t(x)]),
            Law("middle unit", between, ident(self.st(x))),
        )

    def on_one_side(self, x: Ob) -> dict[str, tuple[Arrow, ...]]:
        """What m is on an element of T on the right, and on one of S on the left."""
        s, t, m, unit_s = *self._functors, self.mult, self.outer.unit
        first, second = self._twice(x)
        right = s(t(unit_s[t(x)]) >> self.units(self.st(x)))
        left = s(s(self.units(x)) >> self.inner.unit[s(t(self.st(x)))])
        down_t, down_s = s(self.inner.mult[x] >> self.units(x)), self.outer.mult[t(x)] >> s(self.units(x))
        ends_t = self.st(unit_s[t(x)]) >> m[x], s(self.inner.mult[x])
        ends_s = s(self.inner.unit[self.st(x)]) >> m[x], self.outer.mult[t(x)]
        return {
            "T on the right": (ends_t[0], right >> first, right >> second, down_t >> m[x], ends_t[1]),
            "S on the left": (ends_s[0], left >> second, left >> first, down_s >> m[x], ends_s[1]),
        }

    def beside_the_law(self, x: Ob) -> dict[str, tuple[Arrow, ...]]:
        """What λ is before the multiplications of T and of S."""
        s, t, m, (unit_s, unit_t) = *self._functors, self.mult, (self.outer.unit, self.inner.unit)
        first, second = self._twice(x)
        before_t = t(s(self.units(x))) >> unit_s[t(s(t(self.st(x))))]
        before_s = s(t(s(unit_t[x])) >> self.units(s(t(x))))
        ends_t = self.law(t(x)) >> s(self.inner.mult[x]), unit_s[t(self.st(x))] >> m[x]
        ends_s = s(self.law(x)) >> self.outer.mult[t(x)], self.st(s(unit_t[x])) >> m[x]
        wide_t, wide_s = self.law(t(x)) >> self.st(unit_s[t(x)]), s(self.law(x) >> unit_t[self.st(x)])
        return {
            "λ before μ of T": (ends_t[0], wide_t >> m[x], before_t >> second, ends_t[1]),
            "λ before μ of S": (ends_s[0], wide_s >> m[x], before_s >> first, ends_s[1]),
        }

    @property
    def _functors(self) -> tuple[Any, Any]:
        return self.outer.functor, self.inner.functor

    def _twice(self, x: Ob) -> tuple[Arrow, Arrow]:
        """m twice, from the left and from the right."""
        return self.mult[self.st(x)] >> self.mult[x], self.st(self.mult[x]) >> self.mult[x]


def iterated(*, yang_baxter: bool = True) -> tuple[DistributiveLaw, DistributiveLaw]:
    """U over ``S T``, and ``T U`` over S, for three laws with or without the Yang–Baxter equation."""
    s, t, u = (Monad.variable(name) for name in "STU")
    over = {(a, b): DistributiveLaw.variable(f"λ_{n}", a, b) for n, a, b in (("TS", t, s), ("US", u, s), ("UT", u, t))}
    ts, us, ut = (law.transformation for law in over.values())
    (x,) = fresh_atoms(1, s.functor, t.functor, u.functor)
    both = (
        u.functor(ts[x]) >> us[t.functor(x)] >> s.functor(ut[x]),
        ut[s.functor(x)] >> t.functor(us[x]) >> ts[u.functor(x)],
    )
    given = (
        *(h for law in over.values() for h in law.given),
        *(assumed([Law("Yang–Baxter", *both)], x) if yang_baxter else ()),
    )
    known = tuple(dict.fromkeys(given))
    first = DistributiveLaw(u, over[t, s].composite(), lambda y: us[t.functor(y)] >> s.functor(ut[y]), known)
    second = DistributiveLaw(over[u, t].composite(), s, lambda y: t.functor(us[y]) >> ts[u.functor(y)], known)
    return first, second
