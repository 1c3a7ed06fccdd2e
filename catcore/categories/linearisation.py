"""The functor ``k[−]`` from sets with an action to permutation representations (THEORY T1.5, T1.2).

A set ``X`` with an action of ``M`` goes to the vector space with basis ``X``, on which the generators act by 0/1
matrices; an equivariant map goes to the matrix that moves basis vectors along it.  It preserves identities and
composites, and it carries equivariant maps to homomorphisms: into the solution space of ``W ρ_in = ρ_out W``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from catcore.equivariance.groups.monoid import Monoid
from catcore.equivariance.representations.actions import Action, actions, equivariant_functions
from catcore.equivariance.strategies.solver import equivariant_maps
from catcore.laws import PointwiseLaw


@dataclass(frozen=True)
class Linearisation:
    """The functor ``k[−]`` on the sets with an action of a finite monoid.

    Args:
        monoid: what acts.
        points: the functor laws are checked on all actions on at most this many points.
    """

    monoid: Monoid
    points: int = 2

    def __call__(self, thing: Action | Sequence[int], onto: int | None = None) -> Any:
        """The representation of an action, or the matrix of a map given by its values into ``onto`` points."""
        if isinstance(thing, Action):
            return thing.linearise()
        rows = onto if onto is not None else max(thing, default=-1) + 1
        return sp.ImmutableMatrix(rows, len(thing), lambda i, j: int(thing[j] == i))

    def _maps(self) -> list[tuple[Action, Action, tuple[int, ...]]]:
        found = [a for n in range(1, self.points + 1) for a in actions(self.monoid, n)]
        return [(a, b, f) for a in found for b in found for f in equivariant_functions(a, b)]

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """Functoriality, and equivariant maps go to homomorphisms, over all actions on few points."""
        maps = self._maps()
        pairs = [(f, g) for f in maps for g in maps if f[1] == g[0]]
        identities = sorted({a.points for a, _, _ in maps})
        return (
            PointwiseLaw(
                "identities",
                identities,
                lambda n: self(range(n), n),
                lambda n: sp.ImmutableMatrix(sp.eye(n)),
                "sampled",
            ),
            PointwiseLaw("composites", pairs, self._of_composite, self._composite_of, "sampled"),
            PointwiseLaw("equivariant maps are homomorphisms", maps, self._is_homomorphism, lambda _: True, "sampled"),
        )

    def _of_composite(self, pair: Any) -> Any:
        (_, _, f), (_, c, g) = pair
        return self(tuple(g[x] for x in f), c.points)

    def _composite_of(self, pair: Any) -> Any:
        (_, b, f), (_, c, g) = pair
        return self(g, c.points) * self(f, b.points)

    def _is_homomorphism(self, triple: Any) -> bool:
        a, b, f = triple
        return bool(equivariant_maps(self(a), self(b)).contains(self(f, b.points)))

    def __str__(self) -> str:
        return f"k[−] on sets with an action of {self.monoid}"
