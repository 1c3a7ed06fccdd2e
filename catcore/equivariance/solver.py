"""One typed door, several rooms: a strategy is chosen by the types of the two representations.

==================================  ==============================================================
pair                                strategy
==================================  ==============================================================
index maps, output permutes         :mod:`~catcore.equivariance.orbits`: classes of index pairs
index maps that do not permute      :mod:`~catcore.equivariance.null_space`: nothing is inverted
matrices over any field             :mod:`~catcore.equivariance.null_space`
Lie generators and components       the same, one equation a generator and a component
==================================  ==============================================================
"""

from __future__ import annotations

from multipledispatch import Dispatcher

from catcore.equivariance import checks, null_space, orbits
from catcore.equivariance.homspace import HomSpace
from catcore.equivariance.null_space import Basis
from catcore.equivariance.orbits import Pattern
from catcore.equivariance.permutations import PermutationRepresentation
from catcore.equivariance.representations import LieRepresentation, Representation
from catcore.equivariance.validation import require_same_source

_strategy = Dispatcher("equivariant_maps")


def equivariant_maps(rho_in: Representation, rho_out: Representation) -> HomSpace:
    """The space ``Hom(ρ_in, ρ_out) = {W : W ρ_in(m) = ρ_out(m) W for every m}``, exact (T1.11).

    The equation is imposed on the generators, and nothing is inverted or averaged, so monoids are solved as groups are.
    Raises ``NotARepresentation`` unless both represent the same monoid.

    >>> from catcore.equivariance.groups import cyclic
    >>> turn = Representation(cyclic(4), {"s": [[0, -1], [1, 0]]})
    >>> equivariant_maps(turn, turn).pattern
    [[1, 2], [-2, 1]]
    """
    require_same_source(rho_in, rho_out)
    space: HomSpace = _strategy(rho_in, rho_out)
    return space


@_strategy.register(PermutationRepresentation, PermutationRepresentation)  # type: ignore[untyped-decorator]
def _(rho_in: PermutationRepresentation, rho_out: PermutationRepresentation) -> HomSpace:
    maps = checks.index_maps(rho_in, rho_out)
    if maps is None:
        return _by_null_space(rho_in, rho_out)

    def solve() -> Pattern:
        return orbits.solve(*maps, rho_in.degree, rho_out.degree)

    return HomSpace(rho_in, rho_out, "orbits", solve)


@_strategy.register(Representation, Representation)  # type: ignore[untyped-decorator]
def _(rho_in: Representation, rho_out: Representation) -> HomSpace:
    return _by_null_space(rho_in, rho_out)


@_strategy.register(LieRepresentation, LieRepresentation)  # type: ignore[untyped-decorator]
def _(rho_in: LieRepresentation, rho_out: LieRepresentation) -> HomSpace:
    return _by_null_space(rho_in, rho_out, "Lie generators, ")


def _by_null_space(rho_in: Representation, rho_out: Representation, prefix: str = "") -> HomSpace:
    field = rho_in.field.join(rho_out.field)

    def solve() -> Basis:
        return null_space.solve(checks.exact_pairs(rho_in, rho_out, field), rho_in.degree, rho_out.degree, field)

    return HomSpace(rho_in, rho_out, f"{prefix}null space over {field.name}", solve)
