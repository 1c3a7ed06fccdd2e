"""What a representation is made of: the form by which a solver is chosen.

A representation is read as built, by sums, products, duals and powers, from representations that are known better than
by their matrices.  Each form is a class, and a form is a special case of the class it derives from: a solver that is
registered for the more special pair is preferred.

>>> from catcore.equivariance.groups.group import symmetric
>>> points = symmetric(10**6).defining
>>> form(points.tensor(2) @ points).order
3
"""

from __future__ import annotations

from dataclasses import dataclass

from catcore.equivariance.families.classical import ClassicalGroup
from catcore.equivariance.families.hyperoctahedral import HyperoctahedralGroup
from catcore.equivariance.groups.group import AlternatingGroup, SymmetricGroup
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.representations import monomials
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation


@dataclass(frozen=True)
class Linear:
    """Matrices, of which nothing more is known."""

    rho: Representation


@dataclass(frozen=True)
class Monomial(Linear):
    """Matrices that permute the basis up to roots of unity."""


@dataclass(frozen=True)
class Permutation(Monomial):
    """Index maps."""

    rho: PermutationRepresentation


@dataclass(frozen=True)
class NaturalPower(Permutation):
    """A tensor power of the n points that S_n or A_n permutes."""

    points: int
    order: int


@dataclass(frozen=True)
class SignedPower(Monomial):
    """A tensor power of the n axes that a hyperoctahedral group permutes up to sign; these are their own duals."""

    axes: int
    order: int


@dataclass(frozen=True)
class ClassicalPower(Linear):
    """A product of copies of the space on which a classical group is defined, and of its dual where ``duals`` says."""

    group: ClassicalGroup
    duals: tuple[bool, ...]


@dataclass(frozen=True)
class LiePower(Linear):
    """A product of copies of one representation of a Lie group, and of its dual; ``base`` is None without any."""

    base: Representation | None
    duals: tuple[bool, ...]


@dataclass(frozen=True)
class PowerSum(Linear):
    """A direct sum of tensor powers that diagrams solve."""

    parts: tuple[Representation, ...]


@dataclass(frozen=True)
class Factor:
    """A factor of a tensor product, or its dual."""

    rho: Representation
    dual: bool = False


def factors(rho: Representation) -> tuple[Factor, ...]:
    """The tensor product that a representation is, its factors in order; none for the trivial one on a line."""
    kind, *parts = rho.construction
    if kind == "@":
        return factors(parts[0]) + factors(parts[1])
    if kind == "dual":
        return tuple(Factor(f.rho, not f.dual) for f in factors(parts[0]))
    if kind == "tensor":
        return factors(parts[1]) * int(parts[0])
    return () if rho.construction == ("trivial", 1) else (Factor(rho),)


def summands(rho: Representation) -> tuple[Representation, ...]:
    """The direct sum that a representation is, in order."""
    kind, *parts = rho.construction
    if kind == "+":
        return summands(parts[0]) + summands(parts[1])
    return summands(parts[1]) * int(parts[0]) if kind == "*" else (rho,)


def form(rho: Representation) -> Linear:
    """The most special form of a representation."""
    parts = summands(rho)
    if len(parts) > 1 and all(isinstance(form(part), NaturalPower | SignedPower | ClassicalPower) for part in parts):
        return PowerSum(rho, parts)
    return whole_form(rho)


def whole_form(rho: Representation) -> Linear:
    """The same, without a look at the summands of a direct sum."""
    if isinstance(rho.monoid, SymmetricGroup | AlternatingGroup) and isinstance(rho, PermutationRepresentation):
        points, parts = rho.monoid.defining, factors(rho)
        if all(f.rho == points for f in parts):
            return NaturalPower(rho, points.degree, len(parts))
    if isinstance(rho.monoid, HyperoctahedralGroup):
        parts = factors(rho)
        if all(f.rho == rho.monoid.natural for f in parts):
            return SignedPower(rho, rho.monoid.points, len(parts))
    if isinstance(rho.monoid, ClassicalGroup):
        parts = factors(rho)
        if all(f.rho == rho.monoid.defining for f in parts):
            return ClassicalPower(rho, rho.monoid, tuple(f.dual for f in parts))
    elif isinstance(rho.monoid, LieGroup):
        parts = factors(rho)
        if len({f.rho for f in parts}) <= 1:
            return LiePower(rho, parts[0].rho if parts else None, tuple(f.dual for f in parts))
    if isinstance(rho, PermutationRepresentation):
        return Permutation(rho)
    return Monomial(rho) if monomials.read(rho) is not None else Linear(rho)
