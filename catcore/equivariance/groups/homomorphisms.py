"""Homomorphisms of monoids, given by where the generators go: subgroups, quotients, projections of a product.

A homomorphism ``φ : N → M`` sends each generator of N to a word in the generators of M, so that ``φ(x y) = φ(x) φ(y)``.
Along it representations of M *restrict* to N, ``(φ*ρ)(n) = ρ(φ(n))``; the inclusion of a subgroup gives restriction in
the usual sense, the map to the one-element monoid makes everything trivial (T1.13), and the projections of a product
carry representations of its factors to the product.  Relations of N must hold between the images.

>>> from catcore.equivariance.groups.group import cyclic, dihedral
>>> rotations = subgroup(dihedral(4), {"t": "r^2"})
>>> rotations.source.order, dihedral(4).defining.restrict(rotations).matrix("t") == dihedral(4).defining.of("r r")
(2, True)
>>> MonoidHomomorphism(cyclic(2), cyclic(4), {"s": "s"})
Traceback (most recent call last):
...
catcore.errors.LawViolated: A homomorphism from C2 to C4 was asked for and it does not preserve s^2 = 1: the images of \
its sides, s^2 and 1, are different elements of C4; send the generators elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catcore.equivariance.groups import models, words
from catcore.equivariance.groups.group import Group
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.groups.monoid import Monoid, separate_names
from catcore.equivariance.groups.words import Relation, Word
from catcore.errors import BadSpecification, LawViolated, NotAGroup, UnknownName

Source = Monoid | LieGroup
CAYLEY_LIMIT = 500  # elements of a monoid without relations whose Cayley graph is followed


@dataclass(frozen=True, repr=False, init=False)
class MonoidHomomorphism:
    """The homomorphism ``source → target`` that sends each generator to a word, such as ``{"t": "r^2"}``.

    An infinitesimal generator of a Lie group goes to an infinitesimal generator, or to ``"1"``, which stands for its 0.
    Raises ``UnknownName`` unless each generator has an image, ``LawViolated`` where a relation is not preserved,
    ``BadSpecification`` for a word that mixes infinitesimal generators with others.
    """

    source: Any  # a monoid or a Lie group
    target: Any
    images: tuple[Word, ...]
    expression: str = ""

    def __init__(self, source: Source, target: Source, images: Mapping[str, str | Word]) -> None:
        if set(images) != set(source.generators):
            raise UnknownName(
                f"A homomorphism from {source} needs the images of {', '.join(source.generators) or 'no generators'} "
                f"and those of {', '.join(images) or 'none'} were given; send each generator to a word in "
                f"{', '.join(target.generators)}."
            )
        read = tuple(_read(images[name], target) for name in source.generators)
        shown = {name: words.show_word(w) for name, w in zip(source.generators, read, strict=True)}
        self._set(source, target, read, f"MonoidHomomorphism({source!r}, {target!r}, {shown})")
        self._check()

    def _set(self, source: Source, target: Source, images: tuple[Word, ...], expression: str) -> None:
        for name, value in (("source", source), ("target", target), ("images", images), ("expression", expression)):
            object.__setattr__(self, name, value)

    @classmethod
    def _trusted(cls, source: Source, target: Source, images: tuple[Word, ...], expression: str) -> MonoidHomomorphism:
        """A homomorphism that holds by construction, such as an inclusion."""
        made = object.__new__(cls)
        made._set(source, target, images, expression)
        return made

    @cached_property
    def words(self) -> dict[str, Word]:
        """The word that each generator goes to."""
        return dict(zip(self.source.generators, self.images, strict=True))

    def _check(self) -> None:
        if isinstance(self.source, LieGroup) or isinstance(self.target, LieGroup):
            self._check_infinitesimal()
            return
        if self.source.is_group and not self.target.is_group and any(self.images):
            raise NotAGroup(
                f"A homomorphism from the group {self.source} to the monoid {self.target} was asked for, where images "
                "need not invert; send every generator to 1, or use a Group as target."
            )
        model = self.target.model
        if model is None:
            return  # a symbol has no elements to compare
        values = {name: models.word_value(model, w) for name, w in self.words.items()}
        for left, right in self.source.relations or self.source.cayley_relations(CAYLEY_LIMIT) or ():
            if models.word_value(model, left, values) != models.word_value(model, right, values):
                self._refuse((left, right))

    def _refuse(self, relation: Relation) -> None:
        sides = [words.show_word(_substituted(side, self.words)) for side in relation]
        raise LawViolated(
            f"A homomorphism from {self.source} to {self.target} was asked for and it does not preserve "
            f"{words.show_relation(relation)}: the images of its sides, {sides[0]} and {sides[1]}, are different "
            f"elements of {self.target}; send the generators elsewhere."
        )

    def _check_infinitesimal(self) -> None:
        special = {g for s in (self.source, self.target) if isinstance(s, LieGroup) for g in s.infinitesimal}
        target = set(self.target.infinitesimal) if isinstance(self.target, LieGroup) else set()
        for name, w in self.words.items():
            inside = [letter for letter, _ in w if letter in target]
            single = isinstance(self.source, LieGroup) and name in self.source.infinitesimal
            if (inside and (w != ((inside[0], 1),) or not single)) or (single and w and not inside):
                raise BadSpecification(
                    f"{name} was sent to {words.show_word(w)}; an infinitesimal generator (here {', '.join(special)}) "
                    "goes to one infinitesimal generator or to 1, and words multiply group elements only."
                )

    def __repr__(self) -> str:
        return self.expression

    def __str__(self) -> str:
        shown = ", ".join(f"{name} ↦ {words.show_word(w)}" for name, w in self.words.items())
        return f"{self.source} → {self.target}: {shown}"


def _read(image: str | Word, target: Source) -> Word:
    if isinstance(image, str):
        return words.read_word(image, target.generators, inverses=target.is_group)
    unknown = [letter for letter, _ in image if letter not in target.generators]
    if unknown:
        raise UnknownName(f"{unknown[0]!r} is no generator of {target}; there are {', '.join(target.generators)}.")
    return words.word(*image)


def _substituted(letters: Word, images: Mapping[str, Word]) -> Word:
    return words.word(*(run for name, k in letters for run in words.power(images[name], k)))


# Subgroups and projections ----------------------------------------------------------------------------------------


def subgroup(group: Monoid, generators: Mapping[str, str | Word]) -> MonoidHomomorphism:
    """The inclusion of the subgroup generated by words, such as ``subgroup(dihedral(4), {"t": "r^2"})``.

    Its ``source`` is the subgroup, a group with those generators.  Raises ``NotAGroup`` for a monoid, ``UnknownName``
    and ``BadSpecification`` for words that are none.
    """
    if not isinstance(group, Group):
        raise NotAGroup(f"A subgroup of {group} was asked for and it is no group; use submonoid.")
    return submonoid(group, generators)


def submonoid(monoid: Monoid, generators: Mapping[str, str | Word]) -> MonoidHomomorphism:
    """The inclusion of the submonoid (in a group: the subgroup) generated by words.

    Raises ``UnknownName`` for a monoid that is only a symbol, and for letters that are no generators.
    """
    if monoid.model is None:
        raise UnknownName(f"A part of {monoid} was asked for and it is only a symbol; name its elements first.")
    read = {name: _read(w, monoid) for name, w in generators.items()}
    shown = {name: words.show_word(w) for name, w in read.items()}
    kind = "subgroup" if monoid.is_group else "submonoid"
    expression = f"{kind}({monoid!r}, {shown})"
    part = (Group if monoid.is_group else Monoid)(
        f"⟨{', '.join(shown.values()) or '1'}⟩ ≤ {monoid}",
        tuple(read),
        (),
        _part(monoid, read),
        f"{expression}.source",
        _defining(monoid, read),
    )
    return MonoidHomomorphism._trusted(part, monoid, tuple(read.values()), expression)


def _part(monoid: Monoid, generators: Mapping[str, Word]) -> Any:
    images = {name: models.word_value(monoid.model, w) for name, w in generators.items()}
    if isinstance(monoid.model, models.Maps):
        return models.Maps(monoid.model.points, tuple(images.items()))
    return models.Part(monoid.model, tuple(images.items()))


def _defining(monoid: Monoid, generators: Mapping[str, Word]) -> tuple[tuple[int, ...], ...] | None:
    """The defining permutations restricted to the part."""
    if monoid.defining_maps is None:
        return None
    maps = models.Maps(monoid.defining_degree, tuple(zip(monoid.generators, monoid.defining_maps, strict=True)))
    return tuple(models.word_value(maps, w) for w in generators.values())


def projections(left: Source, right: Source) -> tuple[MonoidHomomorphism, MonoidHomomorphism]:
    """The projections of the product ``left * right`` to its factors; either factor may be a Lie group."""
    product: Source = left * right
    made = []
    names = separate_names(left.generators, right.generators)
    for place, (factor, chosen) in enumerate(zip((left, right), names, strict=True)):
        old = dict(zip(chosen, factor.generators, strict=True))
        images = tuple(((old[g], 1),) if g in old else () for g in product.generators)
        made.append(MonoidHomomorphism._trusted(product, factor, images, f"projections({left!r}, {right!r})[{place}]"))
    return made[0], made[1]
