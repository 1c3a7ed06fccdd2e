"""Distributive laws and composite monads (Beck 1969; THEORY T1.10).

A distributive law of a monad ``T`` over a monad ``S`` is a transformation ``λ : T S → S T`` that respects both units
and both multiplications.  Then ``S T`` is a monad with ``μ = S(λ_T) ; S S(μ^T) ; μ^S``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore.functors import NaturalTransformation
from catcore.laws import Law, assumed, fresh_atoms, naturality
from catcore.structures.monads import Monad, _transformation


@dataclass(frozen=True)
class DistributiveLaw:
    """A claimed distributive law ``λ : T S → S T`` of the monad ``inner`` (T) over the monad ``outer`` (S)."""

    inner: Monad
    outer: Monad
    transformation: Any
    hypotheses: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        t, s = self.inner.functor, self.outer.functor
        object.__setattr__(self, "transformation", _transformation(self.transformation, t(s), s(t), "law"))

    @property
    def given(self) -> tuple[Law, ...]:
        """The hypotheses of both monads, and those about the law itself."""
        return tuple(dict.fromkeys((*self.inner.given, *self.outer.given, *self.hypotheses)))

    @staticmethod
    def variable(name: str, inner: Monad, outer: Monad) -> DistributiveLaw:
        """An arbitrary distributive law between two monads; Beck's axioms are assumed at every object."""
        t, s = inner.functor, outer.functor
        law = NaturalTransformation.variable(name, t(s), s(t))
        axioms = DistributiveLaw(inner, outer, law).laws()[1:]
        return DistributiveLaw(inner, outer, law, assumed(axioms, *fresh_atoms(1, t, s)))

    def laws(self) -> tuple[Law, ...]:
        """Naturality and the four axioms of Beck."""
        t, s, lam = self.inner, self.outer, self.transformation
        (x,) = fresh_atoms(1, t.functor, s.functor)
        laws = (
            naturality(lam),
            Law("inner unit", t.unit[s(x)] >> lam[x], s(t.unit[x])),
            Law("outer unit", t(s.unit[x]) >> lam[x], s.unit[t(x)]),
            Law("inner mult", t.mult[s(x)] >> lam[x], t(lam[x]) >> lam[t(x)] >> s(t.mult[x])),
            Law("outer mult", t(s.mult[x]) >> lam[x], lam[s(x)] >> s(lam[x]) >> s.mult[t(x)]),
        )
        return tuple(law.under(self.given) for law in laws)

    def composite(self) -> Monad:
        """The monad ``S T``."""
        t, s, lam = self.inner, self.outer, self.transformation
        return Monad(
            s.functor(t.functor),
            unit=lambda x: t.unit[x] >> s.unit[t(x)],
            mult=lambda x: s(lam[t(x)]) >> s(s(t.mult[x])) >> s.mult[t(x)],
            given=self.given,
        )

    def __str__(self) -> str:
        return f"distributive law of {self.inner.functor} over {self.outer.functor}"
