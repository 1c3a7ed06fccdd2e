"""Induced representations and the permutations of cosets: what a subgroup's representation makes of the whole group.

For a subgroup H of G with left cosets ``t_1 H, ..., t_m H`` each g permutes the cosets, ``g t_j = t_i h`` with h in H,
and ``Ind σ`` puts σ(h) in block (i, j).  For σ = 1 this is the permutation of the cosets, the quotient representation
``k[G/H]``; for H = 1 the regular one.  Frobenius: ``Hom_G(Ind σ, ρ) = Hom_H(σ, Res ρ)``.

Elements of H are never listed.  A stabiliser chain of H (Schreier and Sims) finds a coset from an element, and carries
σ(h) beside h.

>>> from catcore.equivariance.groups.group import symmetric
>>> from catcore.equivariance.groups.homomorphisms import subgroup
>>> from catcore.equivariance.representations.representation import Representation
>>> S4 = symmetric(4)
>>> three = subgroup(S4, {"s": "s", "t": "c s c^-1"})
>>> Representation.cosets(three).degree, Representation.sign(three.source).induce(three).degree
(4, 4)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore.equivariance.groups import models
from catcore.equivariance.groups.homomorphisms import MonoidHomomorphism
from catcore.equivariance.groups.monoid import Monoid
from catcore.equivariance.groups.stabilizers import (
    Companions,
    Element,
    Permutation,
    StabilizerChain,
    composed,
    inverted,
)
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.representations.permutations import PermutationRepresentation, as_array, make_permutation
from catcore.errors import NotAGroup, TooLarge, UnknownName

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from catcore.equivariance.representations.representation import Representation

MAX_INDEX = 50_000  # cosets
MAX_LISTED = 2000  # elements of a group that is no group of permutations, represented by its regular action


def faithful_maps(group: Monoid) -> tuple[int, dict[str, Permutation]]:
    """Permutations that the generators of a finite group stand for, different for different elements.

    Raises ``TooLarge`` for a group without permutations whose elements are too many to list.
    """
    return _maps_of(group.model, str(group))


def _maps_of(model: Any, name: str) -> tuple[int, dict[str, Permutation]]:
    if isinstance(model, models.Maps):
        return model.points, {g: tuple(m) for g, m in model.generators}
    if isinstance(model, models.Pairs) and model.action is None:
        return _side_by_side(model, name)
    if model is None:
        raise UnknownName(f"The elements of {name} were asked for and it is only a symbol; give it by permutations.")
    listed = models.enumerate_elements(model, limit=MAX_LISTED)
    images = model.images
    return len(listed.elements), {
        g: tuple(listed.index[model.multiply(x, y)] for y in listed.elements) for g, x in images.items()
    }


def _side_by_side(model: models.Pairs, name: str) -> tuple[int, dict[str, Permutation]]:
    """A direct product on the disjoint union of its factors' points."""
    (m, first), (n, second) = _maps_of(model.left, name), _maps_of(model.right, name)
    maps = {new: f + tuple(range(m, m + n)) for new, f in zip(model.names[0], first.values(), strict=True)}
    maps |= {
        new: tuple(range(m)) + tuple(m + i for i in g) for new, g in zip(model.names[1], second.values(), strict=True)
    }
    return m + n, maps


@dataclass(frozen=True, eq=False)
class Cosets:
    """The left cosets of a subgroup: for each generator of the group where each goes, and the element of H it takes."""

    moves: dict[str, list[int]]
    factors: dict[str, list[Any]]

    @property
    def count(self) -> int:
        """The index of the subgroup."""
        return len(next(iter(self.moves.values()))) if self.moves else 1


def cosets(inclusion: MonoidHomomorphism, sigma: Representation | None = None) -> Cosets:
    """The cosets of a subgroup, with ``σ(h)`` for the h in ``g t_j = t_i h``; raises ``NotAGroup``, ``TooLarge``."""
    group, part = inclusion.target, inclusion.source
    if not isinstance(group, Monoid) or not isinstance(part, Monoid) or not (group.is_group and part.is_group):
        raise NotAGroup(
            f"The cosets of {part} in {group} were asked for; they are those of a subgroup of a finite group, given by "
            "subgroup(G, {name: word})."
        )
    points, maps = faithful_maps(group)
    whole = StabilizerChain(list(maps.values()), points=points)
    chain = _chain(inclusion, maps, points, sigma)
    index = whole.order // chain.order
    if index > MAX_INDEX:
        raise TooLarge(
            f"The {index} cosets of {part} in {group} were asked for; at most {MAX_INDEX} are listed.  Restrict "
            "instead of inducing: Hom_G(Ind σ, ρ) = Hom_H(σ, Res ρ)."
        )
    return _enumerate(chain, maps)


def _chain(
    inclusion: MonoidHomomorphism, maps: dict[str, Permutation], points: int, sigma: Representation | None
) -> StabilizerChain:
    one = tuple(range(points))
    inside = [words_value(w, maps, one) for w in inclusion.images]
    if sigma is None:
        return StabilizerChain(inside, points=points)
    values = [_companion(sigma, name) for name in inclusion.source.generators]
    return StabilizerChain(inside, points=points, values=values, companions=companions(sigma))


def words_value(letters: Any, maps: dict[str, Permutation], one: Permutation) -> Permutation:
    """The permutation of a word."""
    from catcore.equivariance.groups import words

    return words.value(letters, maps, composed, one, inverted)


def companions(sigma: Representation) -> Companions:
    """How the images of a representation multiply: index maps as tuples, others as exact matrices."""
    if isinstance(sigma, PermutationRepresentation):
        return Companions(composed, tuple(range(sigma.degree)))
    return Companions(lambda x, y: x * y, matrices.identity(sigma.degree, sigma.field))


def _companion(sigma: Representation, name: str) -> tuple[Any, Any]:
    if isinstance(sigma, PermutationRepresentation):
        images = tuple(sigma.index_map(name).tolist())
        return images, inverted(images)
    return sigma.exact(name), sigma.exact(name).inv()


def chain_of(sigma: Representation, maps: dict[str, Permutation], points: int) -> StabilizerChain:
    """The chain of a group that carries a representation; raises ``NotARepresentation`` where that is not one."""
    values = [_companion(sigma, name) for name in maps]
    return StabilizerChain(list(maps.values()), points=points, values=values, companions=companions(sigma))


def _enumerate(chain: StabilizerChain, maps: dict[str, Permutation]) -> Cosets:
    """Breadth-first from H itself; a coset is known by the element with the smallest images of the bases of H."""
    one = chain.one
    steps = {name: Element(f, inverted(f), one.value, one.value) for name, f in maps.items()}
    place, found = {chain.smallest(one).images: 0}, [one]
    moves: dict[str, list[int]] = {name: [] for name in maps}
    factors: dict[str, list[Any]] = {name: [] for name in maps}
    for step in found:  # grows while it is read
        for name, g in steps.items():
            moved = composed(g.images, step.images)
            canonical = chain.smallest(Element(moved, inverted(moved), one.value, one.value)).images
            if canonical not in place:
                place[canonical] = len(found)
                found.append(Element(canonical, inverted(canonical), one.value, one.value))
            target = found[place[canonical]]
            moves[name].append(place[canonical])
            factors[name].append(chain.value(composed(target.back, moved)))
    return Cosets(moves, factors)


def induced(sigma: Representation, inclusion: MonoidHomomorphism) -> Representation:
    """The representation that σ of a subgroup induces; basis vector (j, x) of ``t_j ⊗ e_x`` is number ``j·n + x``."""
    found = cosets(inclusion, sigma)
    n, degree, expression = sigma.degree, found.count * sigma.degree, f"{sigma!r}.induce({inclusion!r})"
    key = ("induce", inclusion, sigma)
    if isinstance(sigma, PermutationRepresentation):

        def images(name: str) -> NDArray[Any]:
            blocks = zip(found.moves[name], found.factors[name], strict=True)
            return as_array([i * n + x for i, h in blocks for x in h])

        return make_permutation(inclusion.target, degree, key, images, lambda: expression, sigma.field)
    return _induced_matrices(sigma, inclusion, found, key, expression)


def _induced_matrices(
    sigma: Representation, inclusion: MonoidHomomorphism, found: Cosets, key: Any, expression: str
) -> Representation:
    from catcore.equivariance.representations.representation import Representation

    n, degree = sigma.degree, found.count * sigma.degree

    def image(name: str) -> Any:
        entries = {}
        for j, (i, h) in enumerate(zip(found.moves[name], found.factors[name], strict=True)):
            entries.update({(i * n + p, j * n + q): x for (p, q), x in h.to_dok().items()})
        return matrices.sparse(entries, (degree, degree), sigma.field)

    made: Representation = Representation._make(inclusion.target, degree, sigma.field, key, image, expression)
    return made


def coset_permutations(inclusion: MonoidHomomorphism) -> PermutationRepresentation:
    """The quotient representation ``k[G/H]``: the group permuting the left cosets of a subgroup."""
    found = cosets(inclusion)
    moves: dict[str, Sequence[int]] = dict(found.moves)
    return make_permutation(
        inclusion.target,
        found.count,
        ("cosets", inclusion),
        lambda name: as_array(moves[name]),
        lambda: f"Representation.cosets({inclusion!r})",
    )
