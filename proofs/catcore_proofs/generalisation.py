"""Conjectures out of what remains of a failed induction.

When an induction stops at two different normal forms, their equality would be enough.  As a lemma it must hold for all
values of the variables.  Three steps make it likelier to be true and easier to prove (Boyer and Moore): constructors
that both sides share are taken off; the induction hypothesis is used backwards on one side, so that both speak of the
same things; and subterms that occur on both sides are replaced by new variables.  Conjectures are offered from the
most to the least general.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catcore_proofs import terms
from catcore_proofs.evaluation import Evaluator, Normal, Rejected, Type, close, filled


@dataclass(frozen=True)
class Conjecture:
    """An equation between normal forms in numbered variables of the given types."""

    kinds: tuple[Type, ...]
    cod: Type
    lhs: Normal
    rhs: Normal

    @property
    def key(self) -> Any:
        """What identifies the conjecture."""
        return (self.kinds, self.lhs, self.rhs)

    def statement(self) -> dict[str, Any]:
        """The conjecture as the statement of a lemma."""
        return {"variables": self.kinds, "cod": self.cod, "lhs": self.lhs, "rhs": self.rhs}

    def closed(self) -> tuple[Normal, Normal]:
        """Both sides with the variables bound."""
        sides = []
        for side in (self.lhs, self.rhs):
            for i in range(len(self.kinds)):
                side = close(side, ("v", i), i)
            sides.append(side)
        return sides[0], sides[1]


def conjectures(
    stuck: tuple[Normal, Normal],
    kinds: tuple[Type, ...],
    cod: Type,
    hypotheses: Sequence[tuple[Normal, Normal]],
    kernel: Evaluator,
) -> Iterator[Conjecture]:
    """Lemmas that would settle an equation whose variables have the given types.

    Args:
        stuck: the two sides.
        kinds: the types of the variables.
        cod: the type of the sides.
        hypotheses: the rules that induction gives; a variable ``("c", i)`` of theirs is variable i of the sides.
        kernel: whoever knows the types of generators.
    """
    for one, other, kind in differing(*stuck, cod):
        for sides in _fertilised((one, other), hypotheses):
            for left, right, more in (*_generalised(*sides, kinds, kernel), (*sides, kinds)):
                found = _renumbered(left, right, more, kind)
                if found is not None:
                    yield found


def differing(left: Normal, right: Normal, cod: Type) -> Iterator[tuple[Normal, Normal, Type]]:
    """The parts at which two normal forms differ under equal constructors, with their types."""
    if left == right:
        return
    match left[0], right[0], cod[0]:
        case "in", "in", "μ":
            yield from differing(left[1], right[1], filled(cod[1], cod))
        case "*", "*", "*":
            for i in (1, 2):
                yield from differing(left[i], right[i], cod[i])
        case ("l", "l", "+") | ("r", "r", "+"):
            yield from differing(left[1], right[1], cod[1 if left[0] == "l" else 2])
        case _:
            yield left, right, cod


def _fertilised(
    stuck: tuple[Normal, Normal], hypotheses: Sequence[tuple[Normal, Normal]]
) -> Iterator[tuple[Normal, Normal]]:
    """The equation with the hypotheses used backwards on one side, and as it stands."""
    for which in (0, 1):
        side = terms.frozen(stuck[which])
        for lhs, rhs in hypotheses:
            side = _backwards(side, rhs, lhs)
        if side != terms.frozen(stuck[which]):
            yield (terms.thawed(side), stuck[1]) if which == 0 else (stuck[0], terms.thawed(side))
    yield stuck


def _backwards(term: Normal, pattern: Normal, replacement: Normal) -> Normal:
    """``term`` with the outermost instances of a pattern replaced, once."""
    values = terms.match(pattern, term, {})
    if values is not None and terms.variables(replacement).keys() <= values.keys():
        return terms.substitute(replacement, values)
    if term[0] in ("fold", "unfold"):
        return (*term[:2], _backwards(term[2], pattern, replacement))
    return tuple(_backwards(p, pattern, replacement) if isinstance(p, tuple) and p else p for p in term)


def _generalised(lhs: Normal, rhs: Normal, kinds: tuple[Type, ...], kernel: Evaluator) -> list[Any]:
    """The equation with common subterms of inductive types replaced by new variables: all of them, then the largest."""
    one = _once(lhs, rhs, kinds, kernel)
    if one is None:
        return []
    found = [one]
    while (more := _once(found[0][0], found[0][1], found[0][2], kernel)) is not None:
        found.insert(0, more)
    return found


def _once(lhs: Normal, rhs: Normal, kinds: tuple[Type, ...], kernel: Evaluator) -> Any:
    """The equation with the largest common subterm of an inductive type replaced by a new variable."""
    inside = set(terms.subterms(rhs))
    common = [t for t in dict.fromkeys(terms.subterms(lhs)) if t in inside and t[0] in ("fold", "@", "g", "p1", "p2")]
    saved, kernel.context = kernel.context, list(kinds)
    try:
        for part in sorted(common, key=lambda t: -len(repr(t))):
            try:
                kind = kernel.synthesise(part)
            except (Rejected, IndexError, KeyError, TypeError):
                continue
            if kind[0] == "μ" and terms.closed(part):
                new = ("v", len(kinds))
                return terms.replace_all(lhs, part, new), terms.replace_all(rhs, part, new), (*kinds, kind)
    finally:
        kernel.context = saved
    return None


def _renumbered(lhs: Normal, rhs: Normal, kinds: tuple[Type, ...], cod: Type) -> Conjecture | None:
    """The equation with the variables that occur numbered from 0; none when nothing inductive occurs."""
    order = list(dict.fromkeys([*terms.variables(lhs), *terms.variables(rhs)]))
    if not any(kinds[i][0] == "μ" for i in order):
        return None
    names: terms.Substitution = {old: ("v", new) for new, old in enumerate(order)}
    return Conjecture(tuple(kinds[i] for i in order), cod, terms.substitute(lhs, names), terms.substitute(rhs, names))
