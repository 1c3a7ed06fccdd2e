"""Dimensions for products of named classical groups and finite groups: the mean over each factor in turn.

Representations of a product are made of those of its factors, so a character is a polynomial in traces of one factor
each.  On a component of O(3) the trace of the defining space is a Laurent polynomial of weights
(:mod:`~catcore.equivariance.certificates.weyl`); for an element of a finite group it is a number, modulo primes.

>>> from catcore.equivariance import O, dihedral
>>> both = O(3).defining.outer(dihedral(4).defining)
>>> count(both.tensor(2), both.tensor(2))
Count(dim=108, how="Weyl's character formula for O(3), over 8 elements of D4")
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from catcore.equivariance.certificates.characters import Arithmetic, character, leaves, with_small_leaves
from catcore.equivariance.certificates.closures import heights
from catcore.equivariance.certificates.congruences import Seen, dimension
from catcore.equivariance.certificates.reductive import Action, Element, closure
from catcore.equivariance.certificates.weyl import Component, Laurent, components
from catcore.equivariance.families.classical import ClassicalGroup
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.linear_algebra.reduction import Place
from catcore.equivariance.representations.representation import Representation

if TYPE_CHECKING:
    from catcore.equivariance.certificates.counts import Count
    from catcore.equivariance.groups.homomorphisms import MonoidHomomorphism


def count(rho_in: Representation, rho_out: Representation) -> Count | None:
    """The dimension of ``Hom(ρ_in, ρ_out)``; None unless the leaves are defining spaces of classical factors and
    representations of finite ones.  Raises ``TooLarge`` for characters of too many weights."""
    from catcore.equivariance.certificates.counts import Count

    rho_in, rho_out = with_small_leaves(rho_in), with_small_leaves(rho_out)
    factors = _factors([*leaves(rho_in), *leaves(rho_out)])
    if factors is None:
        return None
    classical = [along for along in factors if isinstance(along.target, ClassicalGroup)]
    finite = [along for along in factors if along not in classical]
    if not classical:
        return None
    field = rho_in.field.join(rho_out.field)
    parts = [components(along.target) for along in classical]

    def seen(place: Place) -> Seen | None:
        groups = [closure(place.F, [Action.of(leaf, place, field).components for leaf in factors[a]]) for a in finite]
        closed = [group for group in groups if group is not None]
        if len(closed) < len(groups):
            return None
        total = 0
        for chosen in itertools.product(*parts, *(group.elements for group in closed)):
            traces = _Traces(place.F, factors, dict(zip((*classical, *finite), chosen, strict=True)))
            total += traces.mean(rho_in, rho_out)
        p, orders = place.F.p, [len(group.elements) for group in closed]
        needed = math.prod(size.spare(group.depth) for size, group in zip(sizes, closed, strict=True))
        shape = tuple((len(group.elements), group.table) for group in closed)
        return Seen(total * pow(math.prod([*map(len, parts), *orders]), -1, p) % p, shape, needed)

    sizes = [heights(factors[along], along.source.components, field) for along in finite]
    counted = dimension(field, rho_in.degree * rho_out.degree, seen)
    if counted is None:
        return None
    how = "Weyl's character formula for " + " × ".join(str(a.target) for a in classical)
    for along, (order, _) in zip(finite, counted.shape, strict=True):
        how += f", over {order} elements of {along.target}"
    return Count(counted.dim, how)


def _factors(found: list[Representation]) -> dict[MonoidHomomorphism, list[Representation]] | None:
    """The projections to factors along which the leaves are restricted, each with its leaves; None for other leaves."""
    factors: dict[MonoidHomomorphism, list[Representation]] = {}
    for leaf in dict.fromkeys(found):
        kind, *parts = leaf.construction
        if kind != "restrict":
            return None
        along, inner = parts
        group = along.target
        if isinstance(group, ClassicalGroup) and inner != group.defining:
            return None
        if isinstance(group, LieGroup) and not isinstance(group, ClassicalGroup):
            return None
        factors.setdefault(along, []).append(leaf)
    used = [name for along in factors for name, word in along.words.items() if word]
    whole = all(
        sorted(word for word in along.words.values() if word) == sorted(((g, 1),) for g in along.target.generators)
        for along in factors
    )
    return factors if whole and len(used) == len(set(used)) else None


class _Traces:
    """The traces of one component of each classical factor and one element of each finite one."""

    def __init__(self, F: Any, factors: dict[Any, list[Representation]], chosen: dict[Any, Any]) -> None:
        self.F, self.factors, self.chosen = F, factors, chosen
        self.starts: dict[Any, int] = {}
        self.rank = 0
        for along, part in chosen.items():
            if isinstance(part, Component):
                self.starts[along] = self.rank
                self.rank += part.rank

    def mean(self, rho_in: Representation, rho_out: Representation) -> int:
        """The integral of ``χ_out χ_in⁻¹`` over these components, modulo the prime."""
        p, zero = self.F.p, (0,) * self.rank
        values = Arithmetic(lambda c: Laurent({zero: c} if c else {}), lambda x, k: x.times(pow(k, -1, p), p))
        left = character(rho_in, self.trace, values, -1)
        for along, start in self.starts.items():
            for root in self.chosen[along].roots:
                left = (left * Laurent({zero: 1, self._placed(root, start): -1})).times(1, p)
        right = character(rho_out, self.trace, values)
        total: int = sum(c for e, c in (left * right).terms.items() if self._constant(e)) % p
        return total

    def _placed(self, exponents: tuple[int, ...], start: int) -> tuple[int, ...]:
        return (0,) * start + exponents + (0,) * (self.rank - start - len(exponents))

    def _constant(self, e: tuple[int, ...]) -> bool:
        return all(self.chosen[a].constant(e[s : s + self.chosen[a].rank]) for a, s in self.starts.items())

    def trace(self, leaf: Representation, j: int) -> Laurent:
        """The trace of the j-th power on a leaf."""
        along = leaf.construction[1]
        part = self.chosen[along]
        if isinstance(part, Component):
            return Laurent({self._placed(e, self.starts[along]): c for e, c in part.trace(j).terms.items()})
        number = self._number(part[j < 0], self.factors[along].index(leaf), abs(j))
        return Laurent({(0,) * self.rank: number} if number else {})

    def _number(self, element: Element, leaf: int, j: int) -> int:
        import numpy as np

        power = np.eye(len(element[leaf]))
        for _ in range(j):
            power = self.F.multiply(power, element[leaf])
        return int(power.trace()) % int(self.F.p)


__all__ = ["count"]
