"""One typed door, several rooms: a strategy is chosen by the forms of the two representations.

======================================  ==============================================================================
pair                                    strategy
======================================  ==============================================================================
tensor powers of S_n, A_n or B_n        :mod:`~catcore.equivariance.diagrams.partitions`: diagrams, whatever n is
tensor powers of a classical group      :mod:`~catcore.equivariance.diagrams.schur_weyl`: strands, forms and ε
direct sums of such, and of matrices    :mod:`~catcore.equivariance.strategies.blocks`: block by block
index maps, output permutes             :mod:`~catcore.equivariance.strategies.orbits`: classes of index pairs
permutations up to roots of unity       the same, each class with a phase in every entry
index maps, some merge outputs          :mod:`~catcore.equivariance.strategies.transformations`: orbits, a small system
sparse matrices over Q or GF(p)         :mod:`~catcore.equivariance.linear_algebra.short_equations`, then what is left,
                                        unless :mod:`~catcore.equivariance.strategies.forecast` has spinning quicker
matrices over any field                 :mod:`~catcore.equivariance.strategies.null_space`
tensor powers of Lie generators         :mod:`~catcore.equivariance.strategies.recognition`: diagrams if it is classical
generators that shift weights           :mod:`~catcore.equivariance.strategies.highest_weights`: no more unknowns
other Lie generators, such as rotations the same modulo primes, :mod:`~catcore.equivariance.strategies.tori`
other Lie generators and components     null space, one equation a generator and a component
======================================  ==============================================================================
"""

from __future__ import annotations

from multipledispatch import Dispatcher

from catcore.equivariance.certificates import checks
from catcore.equivariance.diagrams.partitions import PartitionSpan
from catcore.equivariance.diagrams.schur_weyl import ClassicalSpan
from catcore.equivariance.families.classical import ClassicalGroup
from catcore.equivariance.groups.group import AlternatingGroup
from catcore.equivariance.representations.forms import (
    ClassicalPower,
    LiePower,
    Linear,
    Monomial,
    NaturalPower,
    Permutation,
    PowerSum,
    SignedPower,
    form,
    summands,
    whole_form,
)
from catcore.equivariance.representations.representation import LieRepresentation, Representation
from catcore.equivariance.representations.validation import require_same_source
from catcore.equivariance.spaces.homspace import HomSpace
from catcore.equivariance.spaces.spans import Span
from catcore.equivariance.strategies import null_space, orbit_spans, transformations
from catcore.equivariance.strategies.blocks import BlockSpan
from catcore.equivariance.strategies.null_space import Basis
from catcore.equivariance.strategies.orbits import Pattern
from catcore.equivariance.strategies.recognition import recognise

MAX_BLOCKS = 2**12

_strategy = Dispatcher("equivariant_maps")


def equivariant_maps(rho_in: Representation, rho_out: Representation) -> HomSpace:
    """The space ``Hom(ρ_in, ρ_out) = {W : W ρ_in(m) = ρ_out(m) W for every m}``, exact (T1.11).

    The equation is imposed on the generators, and nothing is inverted or averaged, so monoids are solved as groups are.
    Raises ``NotARepresentation`` unless both represent the same monoid.

    >>> from catcore.equivariance.groups.group import cyclic
    >>> turn = Representation(cyclic(4), {"s": [[0, -1], [1, 0]]})
    >>> equivariant_maps(turn, turn).pattern
    [[1, 2], [-2, 1]]
    """
    require_same_source(rho_in, rho_out)
    if not rho_in.degree * rho_out.degree:
        return HomSpace(rho_in, rho_out, "no unknowns", lambda: Basis(()))
    space: HomSpace = _strategy(form(rho_in), form(rho_out))
    return space


@_strategy.register(NaturalPower, NaturalPower)  # type: ignore[untyped-decorator]
def _(source: NaturalPower, target: NaturalPower) -> HomSpace:
    n, places = source.points, source.order + target.order
    if isinstance(source.rho.monoid, AlternatingGroup) and places > n - 2:
        # with all but one of the points told apart an orbit of S_n falls in two
        return _by_orbits(source, target)

    def solve() -> PartitionSpan:
        return PartitionSpan(n, source.order, target.order)

    return HomSpace(source.rho, target.rho, "set-partition diagrams", solve)


@_strategy.register(SignedPower, SignedPower)  # type: ignore[untyped-decorator]
def _(source: SignedPower, target: SignedPower) -> HomSpace:
    def solve() -> PartitionSpan:
        return PartitionSpan(source.axes, source.order, target.order, even=True)

    return HomSpace(source.rho, target.rho, "set-partition diagrams of even blocks", solve)


@_strategy.register(ClassicalPower, ClassicalPower)  # type: ignore[untyped-decorator]
def _(source: ClassicalPower, target: ClassicalPower) -> HomSpace:
    return _by_diagrams(source, target, source.group, None)


@_strategy.register(LiePower, LiePower)  # type: ignore[untyped-decorator]
def _(source: LiePower, target: LiePower) -> HomSpace:
    bases = {f.base for f in (source, target) if f.base is not None}
    base = next(iter(bases)) if len(bases) == 1 else None
    group = recognise(base) if base is not None else None
    return _by_matrices(source, target) if group is None else _by_diagrams(source, target, group, base)


def _by_diagrams(
    source: ClassicalPower | LiePower,
    target: ClassicalPower | LiePower,
    group: ClassicalGroup,
    defining: Representation | None,
) -> HomSpace:
    duals = frozenset(p for p, dual in enumerate(target.duals + source.duals) if dual)

    def solve() -> ClassicalSpan:
        return ClassicalSpan(group, len(target.duals), len(source.duals), duals, defining)

    return HomSpace(source.rho, target.rho, f"diagrams of {group}", solve)


@_strategy.register(PowerSum, PowerSum)  # type: ignore[untyped-decorator]
@_strategy.register(PowerSum, NaturalPower)  # type: ignore[untyped-decorator]
@_strategy.register(NaturalPower, PowerSum)  # type: ignore[untyped-decorator]
@_strategy.register(PowerSum, SignedPower)  # type: ignore[untyped-decorator]
@_strategy.register(SignedPower, PowerSum)  # type: ignore[untyped-decorator]
@_strategy.register(PowerSum, ClassicalPower)  # type: ignore[untyped-decorator]
@_strategy.register(ClassicalPower, PowerSum)  # type: ignore[untyped-decorator]
def _(source: Linear, target: Linear) -> HomSpace:
    return _by_blocks(source.rho, target.rho)


@_strategy.register(PowerSum, Linear)  # type: ignore[untyped-decorator]
@_strategy.register(Linear, PowerSum)  # type: ignore[untyped-decorator]
def _(source: Linear, target: Linear) -> HomSpace:
    space: HomSpace = _strategy(whole_form(source.rho), whole_form(target.rho))
    return space


@_strategy.register(Monomial, Monomial)  # type: ignore[untyped-decorator]
def _(source: Monomial, target: Monomial) -> HomSpace:
    return _by_orbits(source, target)


@_strategy.register(Linear, Linear)  # type: ignore[untyped-decorator]
def _(source: Linear, target: Linear) -> HomSpace:
    return _by_matrices(source, target)


def _by_orbits(source: Monomial, target: Monomial) -> HomSpace:
    rho, tau = source.rho, target.rho
    if isinstance(source, Permutation) and isinstance(target, Permutation):
        if not target.rho.bijective:
            return _by_transformations(source, target)
        return HomSpace(rho, tau, "orbits", lambda: orbit_spans.of_maps(source.rho, target.rho))
    span = orbit_spans.of(rho, tau)
    if span is None:
        return _by_matrices(source, target)
    kind = {1: "orbits", 2: "signed orbits"}.get(span.order, f"orbits with phases of order {span.order}")
    return HomSpace(rho, tau, kind, lambda: span)


def _by_transformations(source: Permutation, target: Permutation) -> HomSpace:
    eliminated = _by_null_space(source, target)

    def solve() -> Basis | Pattern | Span:
        return transformations.solve(source.rho, target.rho) or eliminated._solve()

    return HomSpace(source.rho, target.rho, eliminated.method, solve)


def _by_blocks(rho_in: Representation, rho_out: Representation) -> HomSpace:
    """Block by block; equal blocks share what is found of them."""
    inputs, outputs = summands(rho_in), summands(rho_out)
    known: dict[tuple[Representation, Representation], HomSpace] = {}

    def block(rho: Representation, tau: Representation) -> HomSpace:
        if (rho, tau) not in known:
            known[rho, tau] = equivariant_maps(rho, tau)
        return known[rho, tau]

    spaces = tuple(tuple(block(rho, tau) for rho in inputs) for tau in outputs)
    return HomSpace(rho_in, rho_out, f"blocks: {spaces[0][0].method}", lambda: BlockSpan(spaces))


def _by_matrices(source: Linear, target: Linear) -> HomSpace:
    """Block by block where one side is a direct sum, and otherwise as one system."""
    if 1 < len(summands(source.rho)) * len(summands(target.rho)) <= MAX_BLOCKS:
        return _by_blocks(source.rho, target.rho)
    return _by_null_space(source, target)


def _by_null_space(source: Linear, target: Linear) -> HomSpace:
    rho, tau = source.rho, target.rho
    field = rho.field.join(tau.field)
    flat = sum(map(rho._infinitesimal, rho.monoid.generators))

    def solve() -> Basis:
        pairs = checks.exact_pairs(rho, tau, field)
        return null_space.solve(pairs, rho.degree, tau.degree, field, infinitesimal=flat)

    prefix = "Lie generators, " if isinstance(rho, LieRepresentation) else ""
    return HomSpace(rho, tau, f"{prefix}null space over {field.name}", solve)
