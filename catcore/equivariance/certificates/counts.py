"""Independent counts of ``dim Hom(ρ_in, ρ_out)``: characters, Burnside, cycle types, orbits, Weyl; never the solver.

For a finite group the dimension is ``(1/|G|) Σ χ_out(g) χ_in(g⁻¹)``, for permutations Burnside's number of orbits on
pairs (T1.11).  Which way is taken depends on what is known of the group:

===============================================  =================================================================
group and representations                        count
===============================================  =================================================================
S_n, A_n; made from the n points and the sign    sum over cycle types, n replaced by the degree where it is larger
B_n; made from the n axes or the 2n points       the same, over cycle types with signs
O(n), SO(n), Sp(n), U(n), ...; made from R^n     constant term of Weyl's character formula
products of such and of finite groups            the same, averaged over the elements of the finite factors
other reductive algebras, times finite groups    the same, with roots and weights found modulo primes
a group of permutations                          characters of its elements, run through by a stabiliser chain
permutation representations of a larger group    orbits of pairs, as components of their graph
any other finite group                           characters of the matrices that the generators make
===============================================  =================================================================

Monoids are refused: without inverses nothing averages.

>>> from catcore.equivariance.groups.group import cyclic, symmetric
>>> count(cyclic(6).defining, cyclic(6).defining)
Count(dim=6, how='Burnside over 6 elements')
>>> points = symmetric(10**6).defining
>>> count(points.tensor(2), points.tensor(2))
Count(dim=15, how='characters of S4 by cycle type, stable from there on')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from catcore.equivariance.certificates.characters import INTEGERS, Arithmetic, character, degree_in_leaves, leaves
from catcore.equivariance.certificates.closures import closed, heights
from catcore.equivariance.certificates.congruences import Seen, dimension
from catcore.equivariance.families.classical import ClassicalGroup
from catcore.equivariance.families.hyperoctahedral import HyperoctahedralGroup
from catcore.equivariance.groups import models
from catcore.equivariance.groups.group import AlternatingGroup, SymmetricGroup
from catcore.equivariance.groups.stabilizers import Companions, Element, StabilizerChain
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.linear_algebra.reduction import Place
from catcore.equivariance.representations.induction import faithful_maps
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import LieRepresentation, Representation
from catcore.errors import CatError, NotAGroup, NotARepresentation, TooLarge

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.modular import PrimeField

MAX_ELEMENTS = 20_000
MAX_WORK = 100_000_000  # entries of images over all elements
MAX_PAIRS = 4_000_000
MAX_PARTITIONS = 50  # n of S_n whose cycle types are run through
MAX_SIGNED_PARTITIONS = 16  # n of B_n
MAX_CLOSED = 5000  # matrices closed under multiplication


class Count(NamedTuple):
    """A dimension, and how it was counted."""

    dim: int
    how: str


class UpperCount(Count):
    """A count that rests on primes: what they hide of an algebra makes it too large, so it alone refutes nothing."""


def independent_count(rho_in: Representation, rho_out: Representation) -> Count | None:
    """The dimension of ``Hom(ρ_in, ρ_out)`` counted without the solver; None where no count exists or is feasible."""
    try:
        return count(rho_in, rho_out)
    except CatError:
        return None


def count(rho_in: Representation, rho_out: Representation) -> Count:
    """The same; raises ``NotAGroup`` for monoids, other Lie groups and finite fields, ``TooLarge`` for large groups."""
    group: Any = rho_in.monoid
    if isinstance(group, ClassicalGroup) and _made_from(group.defining, rho_in, rho_out):
        from catcore.equivariance.certificates.weyl import multiplicity

        return Count(multiplicity(group, rho_in.dual @ rho_out), f"Weyl's character formula for {group}")
    if isinstance(rho_in, LieRepresentation) and not rho_in.field.characteristic:
        from catcore.equivariance.certificates import products, reductive

        if (found := products.count(rho_in, rho_out) or reductive.count(rho_in, rho_out)) is not None:
            return found
    for rho in (rho_in, rho_out):
        need_finite_group(rho, "A dimension by characters")
    if isinstance(group, SymmetricGroup | AlternatingGroup) and (found := _by_cycle_type(rho_in, rho_out)):
        return found
    if isinstance(group, HyperoctahedralGroup) and (found := _by_signed_cycle_type(rho_in, rho_out)):
        return found
    if isinstance(rho_in, PermutationRepresentation) and isinstance(rho_out, PermutationRepresentation):
        return _permutations(rho_in, rho_out)
    if group.model is None or isinstance(group.model, models.NormalForms):
        return _of_matrices(rho_in, rho_out)
    points, maps = faithful_maps(group)
    return _by_elements(rho_in, rho_out, maps, points)


def need_finite_group(rho: Representation, asked: str) -> None:
    """Raise ``NotAGroup`` unless averages over the group make sense."""
    if isinstance(rho, LieRepresentation):
        raise NotAGroup(
            f"{asked} over {rho.monoid} was asked for and it is infinite; the equations of its "
            "generators are all there is."
        )
    if not rho.monoid.is_group:
        raise NotAGroup(
            f"{asked} over {rho.monoid} was asked for and it is a monoid: without inverses there is no averaging, "
            "so only the linear equations count (T2.1)."
        )
    if rho.field.characteristic:
        raise NotAGroup(
            f"{asked} over {rho.field.name} was asked for; averages and characters are used in characteristic 0 only."
        )


def _made_from(allowed: Representation, *given: Representation) -> bool:
    return all(leaf == allowed for rho in given for leaf in leaves(rho))


# Cycle types ------------------------------------------------------------------------------------------------------


def _by_cycle_type(rho_in: Representation, rho_out: Representation) -> Count | None:
    """Sum over the classes of S_n; None where the leaves are no cycle counts or n is too large."""
    group: Any = rho_in.monoid
    points = group.defining
    others = {leaf for rho in (rho_in, rho_out) for leaf in leaves(rho)} - {points}
    if any(leaf.construction != ("sign",) for leaf in others):
        return None
    # moments of cycle counts of degree at most n are those of independent Poisson variables (Diaconis, Shahshahani
    # 1994), so they do not depend on n from there on; odd permutations fix as many tuples of n - 2 points
    degree = degree_in_leaves(rho_in) + degree_in_leaves(rho_out)
    n, even = points.degree, isinstance(group, AlternatingGroup)
    stable = not others and n > degree + 2 * even
    if stable:
        n, even = max(degree, 1), False
    if n > MAX_PARTITIONS:
        return None
    total = sum(
        (weight * _class_value(rho_in, rho_out, points, cycles) for cycles, weight in _cycle_types(n, even=even)),
        Fraction(0),
    )
    name = f"{'A' if even else 'S'}{n}"
    return Count(int(total), f"characters of {name} by cycle type" + (", stable from there on" if stable else ""))


def _class_value(rho_in: Representation, rho_out: Representation, points: Representation, cycles: Cycles) -> int:
    def trace(leaf: Representation, j: int) -> int:
        if leaf == points:
            return sum(length * m for length, m in cycles.items() if j % length == 0)
        odd: int = abs(j) * sum((length - 1) * m for length, m in cycles.items())
        return -1 if odd % 2 else 1

    return int(character(rho_out, trace) * character(rho_in, trace, INTEGERS, -1))


def _by_signed_cycle_type(rho_in: Representation, rho_out: Representation) -> Count | None:
    """Sum over the classes of B_n, pairs of cycle types: cycles along which an axis comes back, and comes back negated.

    As in S_n, moments of degree at most n do not depend on n.
    """
    group: Any = rho_in.monoid
    if any(leaf not in (group.natural, group.defining) for rho in (rho_in, rho_out) for leaf in leaves(rho)):
        return None
    degree = degree_in_leaves(rho_in) + degree_in_leaves(rho_out)
    n, stable = min(group.points, max(degree, 1)), group.points > degree
    if n > MAX_SIGNED_PARTITIONS:
        return None

    def trace_in(signs: tuple[Cycles, Cycles]) -> Callable[[Representation, int], int]:
        def trace(leaf: Representation, j: int) -> int:
            back, negated = (
                sum(length * m for length, m in cycles.items() if j % length == 0 and odd in (None, j // length % 2))
                for cycles, odd in ((signs[0], None), (signs[1], 0))
            )
            flipped = sum(length * m for length, m in signs[1].items() if j % length == 0) - negated
            return 2 * (back + negated) if leaf == group.defining else back + negated - flipped

        return trace

    total = sum(
        weight * int(character(rho_out, trace_in(signs)) * character(rho_in, trace_in(signs), INTEGERS, -1))
        for signs, weight in _signed_cycle_types(n)
    )
    return Count(int(total), f"characters of B{n} by cycle type" + (", stable from there on" if stable else ""))


def _signed_cycle_types(n: int) -> Iterator[tuple[tuple[Cycles, Cycles], Fraction]]:
    """Pairs of cycle types, of cycles without and with a sign, each with its share of B_n."""
    for k in range(n + 1):
        for plain, share in _cycle_types(k, even=False):
            for signed, other in _cycle_types(n - k, even=False):
                halves = sum(plain.values()) + sum(signed.values())
                yield (plain, signed), share * other / 2**halves


Cycles = dict[int, int]


def _cycle_types(n: int, *, even: bool) -> Iterator[tuple[Cycles, Fraction]]:
    """The cycle types of S_n (or the even ones, for A_n), each with its share of the group."""
    from sympy.utilities.iterables import partitions

    for cycles in partitions(n):
        size = Fraction(1, math.prod(length**m * math.factorial(m) for length, m in cycles.items()))
        if not even:
            yield dict(cycles), size
        elif sum((length - 1) * m for length, m in cycles.items()) % 2 == 0:
            yield dict(cycles), size * (2 if n > 1 else 1)


# Elements, run through by a stabiliser chain ----------------------------------------------------------------------


class _Images:
    """The images of an element on several leaves: index maps, or matrices modulo a prime at which the field splits."""

    def __init__(self, found: Sequence[Representation], field: Any, place: Place | None) -> None:
        import numpy as np

        self.leaves, self.field, self.place = list(dict.fromkeys(found)), field, place
        self.one = tuple(
            np.arange(leaf.degree) if isinstance(leaf, PermutationRepresentation) else np.eye(leaf.degree)
            for leaf in self.leaves
        )

    @property
    def prime(self) -> PrimeField | None:
        """The prime that values are counted modulo, None where they are integers."""
        return self.place.F if self.place else None

    def generator(self, name: str) -> tuple[Any, Any]:
        """The images of a generator and of its inverse."""
        import numpy as np

        pairs = []
        for leaf in self.leaves:
            if isinstance(leaf, PermutationRepresentation):
                f = np.asarray(leaf.index_map(name))
                pairs.append((f, np.argsort(f)))
            else:
                assert self.place is not None
                exact = leaf.exact(name, self.field)
                pairs.append((self._reduced(exact), self._reduced(exact.inv())))
        return tuple(a for a, _ in pairs), tuple(b for _, b in pairs)

    def _reduced(self, exact: Any) -> Any:
        assert self.place is not None
        family = MatrixFamily.of_matrices([exact], exact.shape, self.field)
        residues = self.place.all_residues(family.values)[0]
        if not residues.all():
            raise ZeroDivisionError  # an entry vanishes at this prime
        return family.dense(residues)[0]

    def multiply(self, x: Any, y: Any) -> Any:
        """The images of a product."""
        return tuple(
            a[b] if a.ndim == 1 else self.prime.multiply(a, b)  # type: ignore[union-attr]
            for a, b in zip(x, y, strict=True)
        )

    def same(self, x: Any, y: Any) -> bool:
        """Whether images are equal."""
        return all((a == b).all() for a, b in zip(x, y, strict=True))

    @property
    def values(self) -> Arithmetic:
        """Integers, or residues."""
        if (F := self.prime) is None:
            return INTEGERS
        return Arithmetic(lambda c: c % F.p, lambda x, k: x * pow(k, -1, F.p) % F.p)

    def product(self, rho_in: Representation, rho_out: Representation, x: Any, inverse: Any) -> int:
        """χ_out(g) χ_in(g⁻¹) of an element, from its images and those of its inverse."""
        powers = {0: self.one, 1: x, -1: inverse}
        place = {leaf: k for k, leaf in enumerate(self.leaves)}

        def trace(leaf: Representation, j: int) -> int:
            if j not in powers:
                step = 1 if j > 0 else -1
                trace(leaf, j - step)
                powers[j] = self.multiply(powers[j - step], powers[step])
            image = powers[j][place[leaf]]
            return int((image == self.one[place[leaf]]).sum() if image.ndim == 1 else image.trace())

        value: int = character(rho_out, trace, self.values) * character(rho_in, trace, self.values, -1)
        return value


def _by_elements(
    rho_in: Representation, rho_out: Representation, maps: dict[str, tuple[int, ...]], points: int
) -> Count:
    """The character sum over a group of permutations."""

    def summed(images: _Images) -> Summed:
        chain = StabilizerChain(
            list(maps.values()),
            points=points,
            values=[images.generator(name) for name in maps],
            companions=Companions(images.multiply, images.one, images.same),
        )
        size = points + sum(one.size for one in images.one)
        if chain.order > MAX_ELEMENTS or chain.order * size > MAX_WORK:
            raise TooLarge(
                f"A sum over the {chain.order} elements of {rho_in.monoid} was asked for; at most {MAX_ELEMENTS} are "
                "summed over.  The solver needs only generators."
            )
        return sum(images.product(rho_in, rho_out, x.value, x.unvalue) for x in _elements(chain)), Seen(chain.order)

    how = "Burnside" if _plain(rho_in) and _plain(rho_out) else "characters"
    dim, order = _mean(rho_in, rho_out, summed)
    return Count(dim, f"{how} over {order} elements")


def _plain(rho: Representation) -> bool:
    return isinstance(rho, PermutationRepresentation)


def _elements(chain: StabilizerChain, level: int = 0) -> Iterator[Element]:
    """Every element once, as products of the transversals; one product for each."""
    if level == len(chain.levels):
        yield chain.one
        return
    for rest in _elements(chain, level + 1):
        for step in chain.levels[level].transversal.values():
            yield chain.multiply(step, rest)


Summed = tuple[int, Seen]  # a sum over a group; its order, its table of products, and what proves that it is finite


def _mean(rho_in: Representation, rho_out: Representation, summed: Callable[[_Images], Summed]) -> tuple[int, int]:
    """The mean of ``χ_out(g) χ_in(g⁻¹)`` and the order of the group, from their sum and their number: as integers where
    all leaves are permutations, and otherwise modulo as many primes as tell it."""
    found = [*leaves(rho_in), *leaves(rho_out)]
    matrices = [leaf for leaf in found if not isinstance(leaf, PermutationRepresentation)]
    if not matrices:
        total, (order, *_) = summed(_Images(found, None, None))
        if total % order:
            raise NotARepresentation(
                "A character sum is not divisible by the order of the group; these are not representations of it."
            )
        return total // order, order
    field = matrices[0].field
    for leaf in matrices[1:]:
        field = field.join(leaf.field)

    def seen(place: Place) -> Seen:
        total, group = summed(_Images(found, field, place))
        shape = (group.residue, group.shape)
        return Seen(total * pow(group.residue, -1, place.F.p) % place.F.p, shape, group.spare)

    counted = dimension(field, rho_in.degree * rho_out.degree, seen)
    if counted is None:
        raise NotARepresentation(
            "A character sum was taken modulo several primes, and no dimension has all the residues that were found; "
            f"these matrices make no finite group that represents {rho_in.monoid}."
        )
    return counted.dim, counted.shape[0]


# Permutations -----------------------------------------------------------------------------------------------------


def _permutations(rho_in: PermutationRepresentation, rho_out: PermutationRepresentation) -> Count:
    """Burnside over the permutations of the leaves while they are few, else the orbits of pairs."""
    found = list(dict.fromkeys([*leaves(rho_in), *leaves(rho_out)]))
    names = rho_in.monoid.generators
    if found and names and all(isinstance(leaf, PermutationRepresentation) for leaf in found):
        try:
            return _by_elements(rho_in, rho_out, *_side_by_side(found, names))
        except TooLarge:
            pass
    return _orbits_of_pairs(rho_in, rho_out)


def _side_by_side(found: Sequence[Any], names: Sequence[str]) -> tuple[dict[str, tuple[int, ...]], int]:
    """The permutations of the points of several representations together."""
    import numpy as np

    starts = np.cumsum([0, *(leaf.degree for leaf in found)])
    maps = {
        g: np.concatenate([leaf.index_map(g) + start for leaf, start in zip(found, starts, strict=False)])
        for g in names
    }
    return {g: tuple(f.tolist()) for g, f in maps.items()}, int(starts[-1])


def _orbits_of_pairs(rho_in: PermutationRepresentation, rho_out: PermutationRepresentation) -> Count:
    """The components of the graph on pairs of points, an edge for each generator."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    m, n = rho_out.degree, rho_in.degree
    if m * n > MAX_PAIRS:
        raise TooLarge(
            f"The orbits of {m}·{n} pairs of points were to be counted, above {MAX_PAIRS}; the group "
            f"{rho_in.monoid} is too large to sum over."
        )
    start = np.arange(m * n)
    edges = [
        (np.asarray(rho_out.index_map(g))[:, None] * n + np.asarray(rho_in.index_map(g))[None, :]).ravel()
        for g in rho_in.monoid.generators
    ]
    ends = np.concatenate(edges) if edges else start[:0]
    graph = csr_array((np.ones(len(ends), np.int8), (np.tile(start, len(edges)), ends)), shape=(m * n, m * n))
    return Count(int(connected_components(graph, directed=False)[0]), f"orbits of {m * n} pairs of points")


# Matrices of a group that is only presented ------------------------------------------------------------------------


def _of_matrices(rho_in: Representation, rho_out: Representation) -> Count:
    """The character sum over the matrices that the generators make, closed under multiplication."""

    def summed(images: _Images) -> Summed:
        return _summed_over_matrices(images, rho_in, rho_out)

    dim, order = _mean(rho_in, rho_out, summed)
    return Count(dim, f"characters over the {order} matrices that the generators make")


def _summed_over_matrices(images: _Images, rho_in: Representation, rho_out: Representation) -> Summed:
    names = rho_in.monoid.generators
    found = closed(images.one, [images.generator(g) for g in names], images.multiply, _key, MAX_CLOSED)
    if found is None:
        raise TooLarge(
            f"More than {MAX_CLOSED} different matrices were made by the generators of {rho_in.monoid}, too many "
            "to sum over; the solver needs only generators."
        )
    total = sum(images.product(rho_in, rho_out, x, back) for x, back in found.elements)
    needed = heights(images.leaves, names, images.field).spare(found.depth) if images.place else 1
    return total, Seen(len(found.elements), found.table, needed)


def _key(images: Any) -> bytes:
    return b"".join((image + 0).tobytes() for image in images)  # + 0 makes -0.0 and 0.0 one
