"""Satisfaction: whether a law is true in a finite model, or in each of many models at once.

All elements are looked at.  What a law quantifies is tried in all ways, over sets that are large enough for every set.
Answers are arrays without axes for one model, and with one axis for many (:class:`FiniteModels`), so that these are
asked in as many operations as one.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from math import prod
from typing import Any

from catcore import arrows as ar
from catcore.categories.finite_sets import MAX_ELEMENTS, FiniteModel, tables
from catcore.datatypes.hylomorphisms import Hylo, rounds, says_recursive
from catcore.errors import TooLarge
from catcore.laws import Law
from catcore.objects import Ob, children, parts

#: The largest domain or codomain of a generator whose tables are enumerated.
ENUMERATED = 10_000

#: How many numbers one operation on one model makes at most.
SEEN = 10 * MAX_ELEMENTS


def satisfied(law: Law, model: FiniteModel) -> bool:
    """Whether a law is true in a model: one of its hypotheses is not, or both sides are equal.

    What the law quantifies is tried in all ways, over sets that are large enough (:func:`sizes_to_test`).

    Raises:
        TooLarge: when some domain has too many elements to look at, or there are too many maps to try.
    """
    return bool(satisfying(law, model))


def satisfying(law: Law, model: FiniteModel) -> Any:
    """As :func:`satisfied`, as an array: with one entry for each of many models, or one for all where they agree.

    Raises:
        TooLarge: as :func:`satisfied` does.
    """
    if law.every:
        return _satisfying_everywhere(law, model)
    if says_recursive(law):
        known = {g: model.tables[g] for g in law.symbols()[1] if g in model.tables}
        return _flag(model, _recursive(law.lhs, tuple(model.sizes.items()), tuple(known.items()), model.xp))
    for each in (law, *(h for h in law.given if not (h.every or says_recursive(h)))):
        _refuse_large(each, model)  # also where a condition fails: one answer for all tables on these sets
    given = _all(model, (satisfying(h, model) for h in law.given))
    if law.given and not _any(model, given):
        return ~given
    return ~given | _equal(law, model)


def _all(model: FiniteModel, flags: Iterable[Any]) -> Any:
    """Where all flags are set; no more of them are asked for once none is left."""
    found = _flag(model, True)
    for each in flags:
        found = found & each
        if not _any(model, found):
            break
    return found


def _flag(model: FiniteModel, value: bool) -> Any:
    return model.namespace.asarray(value)


def _any(model: FiniteModel, flags: Any) -> bool:
    return bool(model.namespace.any(flags))


def _equal(law: Law, model: FiniteModel) -> Any:
    """In which models both sides are equal."""
    x = _looked_at(law, model)
    return model.namespace.all(model.apply(law.lhs, x) == model.apply(law.rhs, x), axis=-1)


def first_differences(law: Law, model: FiniteModel) -> Any:
    """The first elements at which the two sides differ, as an array; where there is none, the number of elements.

    Raises:
        TooLarge: when the common domain has too many elements to look at.
    """
    x = _looked_at(law, model)
    xp, count = model.namespace, x.shape[-1]
    if not count:
        return xp.asarray(0)
    wrong = model.apply(law.lhs, x) != model.apply(law.rhs, x)
    return xp.min(xp.where(wrong, x, count), axis=-1)


def _looked_at(law: Law, model: FiniteModel) -> Any:
    _refuse_large(law, model)
    return model.elements(law.lhs.dom)


@lru_cache(maxsize=4096)
def _recursive(h: Hylo, sizes: tuple[tuple[Ob, int], ...], known: tuple[tuple[ar.Arrow, Any], ...], xp: Any) -> bool:
    """Whether the coalgebra of a hylomorphism is recursive on finite sets."""
    return rounds(h, FiniteModel(dict(sizes), dict(known), xp)) is not None


def _satisfying_everywhere(law: Law, model: FiniteModel) -> Any:
    sizes = sizes_to_test(law)
    if sizes is None:
        raise TooLarge(f"The law {law.name!r} is about every set, and no finite set is enough to check it.")
    model = replace(model, sizes={**model.sizes, **sizes})
    maps = [g for g in law.every if isinstance(g, ar.Generator)]
    choices = [model.size(g.cod) ** min(model.size(g.dom), 62) for g in maps]
    if 0 in choices:
        return _flag(model, True)  # there are no such maps, however many the others are
    if prod(choices) > ENUMERATED:
        raise TooLarge(f"The law {law.name!r} is about more than {ENUMERATED} maps here; take smaller sets.")
    plain = replace(law, every=())
    return _all(
        model,
        (
            satisfying(plain, model.extended(dict(zip(maps, chosen, strict=True))))
            for chosen in it.product(*(tables(g, model) for g in maps))
        ),
    )


def sizes_to_test(law: Law) -> dict[Ob, int] | None:
    """Sizes of the sets that a law quantifies at which it holds only if it holds for all sets; None if none are known.

    Where all equations are between maps out of Z that begin with quantified maps, they hold pointwise: one point is
    enough.  Where all are between maps into Z that end with quantified maps, two points are: a map to them tells any
    two elements of Z apart.
    """
    found: dict[Ob, int] = {}
    for each in law.every:
        if not isinstance(each, Ob):
            continue
        if any(c.every or c.given for c in law.given):
            return None
        if all(_only(each, side, law, 0) for side in sides(law)):
            found[each] = 1
        elif all(_only(each, side, law, -1) for side in sides(law)):
            found[each] = 2
        else:
            return None
    return found


def _only(z: Ob, side: ar.Arrow, law: Law, place: int) -> bool:
    """Whether a set stands in a composite only as the start of its first map, or the end of its last one (−1)."""
    parts_ = list(side.args) if isinstance(side, ar.Composite) else [side]
    end = parts_.pop(place)
    outer, inner = (end.dom, end.cod) if place == 0 else (end.cod, end.dom)
    others = {ob for part in parts_ for t in ar.subterms(part) for ob in (t.dom, t.cod)} | {inner}
    return end in law.every and outer is z and z not in parts(others)


def _refuse_large(law: Law, model: FiniteModel) -> None:
    """Refuse where elements are too many to number with 62 bits, as arithmetic would wrap round, or to look at."""
    for side in (law.lhs, law.rhs):
        for thing in _largest_types(side):
            model.size(thing)
        if model.size(side.dom) > MAX_ELEMENTS or seen(side, model) > SEEN:
            raise TooLarge(f"{side} is about too many elements to look at all of them; use smaller sets.")


def sides(law: Law) -> Iterator[ar.Arrow]:
    """Both sides of a law, of its hypotheses, and of their conditions."""
    yield from (law.lhs, law.rhs)
    for hypothesis in law.given:
        yield from sides(hypothesis)


def seen(f: ar.Arrow, model: FiniteModel) -> int:
    """How many numbers an operation makes at most, when a term is applied to all elements of its domain."""
    inside = max(prod(map(model.size, made)) for made in _nested(f))
    return model.size(f.dom) * max(1, inside)


@lru_cache(maxsize=256)
def _nested(f: ar.Arrow) -> frozenset[tuple[Ob, ...]]:
    """The arguments of the functions that a term makes inside of one another, from the outermost."""
    found: dict[ar.Arrow, frozenset[tuple[Ob, ...]]] = {}
    for part in ar.sorted_by_parts(f):
        below = {made for arg in part.args if isinstance(arg, ar.Arrow) for made in found[arg]} | {()}
        if isinstance(part, ar.Action) and not part.functor.symbols:
            below |= _nested(part.expanded())
        if isinstance(part, ar.Curry):
            below = {(part.args[0].dom.right, *made) for made in below}
        found[part] = frozenset(below)
    return found[f]


@lru_cache(maxsize=256)
def _largest_types(f: ar.Arrow) -> frozenset[Ob]:
    """The ends of all parts of a term, without those that are part of others: sizes are counted from the parts."""
    found: set[Ob] = set()
    for part in ar.subterms(f):
        found |= {part.dom, part.cod}
        if isinstance(part, ar.Action) and not part.functor.symbols:
            found |= _largest_types(part.expanded())
    return frozenset(found - parts(inner for thing in found for inner in children(thing)))
