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
from catcore_proofs.comparison import Comparison
from catcore_proofs.evaluation import Evaluator, Normal, Rejected, Type, filled
from catcore_proofs.syntax import close


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
        return numbered(self.lhs, len(self.kinds)), numbered(self.rhs, len(self.kinds))


def numbered(normal: Normal, count: int) -> Normal:
    """A normal form with its first variables bound."""
    for i in range(count):
        normal = close(normal, ("v", i), i)
    return normal


def typed_parts(term: Normal, kind: Type, kernel: Evaluator) -> Iterator[tuple[Normal, Type]]:
    """The parts of a normal form that are not under a binder, with their types, the largest first."""
    yield term, kind
    match term:
        case ("fold", recursor, argument):
            yield from typed_parts(argument, recursor[1], kernel)
        case ("@", function, argument):
            of = kernel.synthesise(function)
            yield from typed_parts(function, of, kernel)
            yield from typed_parts(argument, of[2], kernel)
        case (("p1" | "p2" | "out"), inner):
            yield from typed_parts(inner, kernel.synthesise(inner), kernel)
        case ("g", name, argument):
            yield from typed_parts(argument, kernel.signature[name][0], kernel)
        case ("in", layer):
            yield from typed_parts(layer, filled(kind[1], kind), kernel)
        case (("l" | "r") as tag, payload) if kind[0] == "+":
            yield from typed_parts(payload, kind[1 if tag == "l" else 2], kernel)
        case ("*", left, right):
            yield from typed_parts(left, kind[1], kernel)
            yield from typed_parts(right, kind[2], kernel)


def abstracted(
    question: Normal, facts: Sequence[Any], context: Sequence[Type], kernel: Evaluator
) -> Iterator[tuple[Normal, list[Any], tuple[Type, ...]]]:
    """A neutral element with the parts of its argument replaced by variables, and as it stands; and what is known.

    Facts are tuples that start with a neutral element; those that speak of other variables are left out.
    """
    saved, kernel.context = kernel.context, list(context)
    try:
        levels = _levels(question, kernel)
    finally:
        kernel.context = saved
    for inner in (*levels, []):
        kinds = [*context, *(kind for _, kind in inner)]
        exchange = {part: ("v", len(context) + i) for i, (part, _) in enumerate(inner)}
        pattern = _exchanged(question, exchange)
        order = list(terms.variables(pattern))
        names: terms.Substitution = {old: ("v", new) for new, old in enumerate(order)}
        known = [fact._replace(question=_exchanged(fact[0], exchange)) for fact in facts]
        yield terms.substitute(pattern, names), _named(known, names), tuple(kinds[i] for i in order)


def _named(facts: Sequence[Any], names: terms.Substitution) -> list[Any]:
    """The facts that speak of the named variables only, by their new names."""
    return [
        fact._replace(question=terms.substitute(fact[0], names))
        for fact in facts
        if terms.variables(fact[0]).keys() <= names.keys()
    ]


def _levels(question: Normal, kernel: Evaluator) -> list[list[tuple[Normal, Type]]]:
    """The largest parts of inductive types inside the element that a question is about, then those inside of these."""
    core = question
    while core[0] in ("p1", "p2"):
        core = core[1]
    if core[0] != "fold":
        return []
    first = _inside(core[2], core[1][1], kernel, constructors=True)
    neutral = _inside(core[2], core[1][1], kernel, constructors=False)
    second = [found for part, kind in first for found in _inside(part, kind, kernel, constructors=True)]
    return [level for i, level in enumerate((first, neutral, second)) if level and (i != 1 or level != first)]


def _inside(term: Normal, kind: Type, kernel: Evaluator, *, constructors: bool) -> list[tuple[Normal, Type]]:
    """The largest proper parts of inductive types that are no variables."""
    found: dict[Normal, Type] = {}
    for part, of in typed_parts(term, kind, kernel):
        if part is term or of[0] != "μ" or part[0] == "v" or not terms.closed(part):
            continue
        if part[0] == "in" and not constructors:
            continue
        if not any(part in set(terms.subterms(larger)) for larger in found):
            found[part] = of
    return list(found.items())


def _exchanged(term: Normal, exchange: dict[Normal, Normal]) -> Normal:
    """A normal form with parts exchanged, the outermost first."""
    return exchange[term] if term in exchange else terms.each(lambda part: _exchanged(part, exchange), term)


def conjectures(
    stuck: tuple[Normal, Normal],
    kinds: tuple[Type, ...],
    cod: Type,
    hypotheses: Sequence[tuple[Normal, Normal]],
    facts: Sequence[Any],
    kernel: Comparison,
) -> Iterator[tuple[Conjecture, list[Any]]]:
    """Lemmas that would settle an equation whose variables have the given types, each with what is known there.

    Args:
        stuck: the two sides.
        kinds: the types of the variables.
        cod: the type of the sides.
        hypotheses: the rules that induction gives; a variable ``("c", i)`` of theirs is variable i of the sides.
        facts: tuples that start with a neutral element of which something is known.
        kernel: whoever knows the types of generators.
    """
    for one, other, kind in parting(*stuck, cod, kinds, kernel):
        for sides in _fertilised((one, other), hypotheses):
            for general, known, more in _generalised(sides, facts, kinds, kind, kernel):
                found = _renumbered(general, known, more, kind)
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


def parting(
    left: Normal, right: Normal, cod: Type, kinds: tuple[Type, ...], kernel: Comparison
) -> Iterator[tuple[Normal, Normal, Type]]:
    """As :func:`differing`, after the parts at which the arguments of equal functions differ, in variables of types."""
    for one, other, kind in differing(left, right, cod):
        saved, kernel.context = kernel.context, list(kinds)
        try:
            heads = kernel.heads(one, other)
            alike = len(heads[0]) == 3 and heads[0][:2] == heads[1][:2]
            inner = kernel.argument(heads[0]) if alike else None
        except (Rejected, IndexError, KeyError, TypeError):
            inner = None
        finally:
            kernel.context = saved
        if inner is not None and all(map(terms.closed, heads)):
            yield from parting(heads[0][2], heads[1][2], inner, kinds, kernel)
        yield one, other, kind


def _fertilised(
    stuck: tuple[Normal, Normal], hypotheses: Sequence[tuple[Normal, Normal]]
) -> Iterator[tuple[Normal, Normal]]:
    """The equation with the hypotheses used backwards on one side, on both, and as it stands."""
    back = [terms.frozen(side) for side in stuck]
    for lhs, rhs in hypotheses:
        if rhs[0] not in ("in", "l", "r", "*", "1"):  # what looks like such an element may be of another type
            back = [_backwards(side, rhs, lhs) for side in back]
    one, two = map(terms.thawed, back)
    yield from dict.fromkeys(((one, stuck[1]), (stuck[0], two), (one, two), stuck))


def _backwards(term: Normal, pattern: Normal, replacement: Normal) -> Normal:
    """``term`` with the outermost instances of a pattern replaced, once."""
    values = terms.match(pattern, term, {})
    if values is not None and terms.variables(replacement).keys() <= values.keys():
        return terms.substitute(replacement, values)
    if term[0] in ("fold", "unfold"):
        return (*term[:2], _backwards(term[2], pattern, replacement))
    return tuple(_backwards(p, pattern, replacement) if isinstance(p, tuple) and p else p for p in term)


#: How many generalisations of one equation are offered.
GENERALISATIONS = 16

Sides = tuple[Normal, Normal]


def _generalised(
    sides: Sides, facts: Sequence[Any], kinds: tuple[Type, ...], cod: Type, kernel: Evaluator
) -> list[tuple[Sides, Sequence[Any], tuple[Type, ...]]]:
    """The equation with common parts of inductive types replaced by new variables, the most general ones first."""
    found, seen = [(sides, facts, kinds)], {sides}
    for now, known, types in found:
        for part, kind in _common(now, types, cod, kernel):
            exchange = {part: ("v", len(types))}
            more = _exchanged(now[0], exchange), _exchanged(now[1], exchange)
            if more not in seen and len(found) < GENERALISATIONS:
                seen.add(more)
                found.append((more, [f._replace(question=_exchanged(f[0], exchange)) for f in known], (*types, kind)))
    return found[::-1]


def _common(sides: Sides, kinds: tuple[Type, ...], cod: Type, kernel: Evaluator) -> list[tuple[Normal, Type]]:
    """The parts of inductive types that both sides have, neutral ones first, the largest first.

    Constants are among them: what is handed down in a recursion starts at one, and then is anything.
    """
    saved, kernel.context = kernel.context, list(kinds)
    try:
        one, two = (dict(typed_parts(side, cod, kernel)) for side in sides)
    except (Rejected, IndexError, KeyError, TypeError):
        return []
    finally:
        kernel.context = saved
    common = [(part, kind) for part, kind in one.items() if kind[0] == "μ" and part[0] != "v" and part in two]
    closed = ((p, k) for p, k in common if terms.closed(p))
    return sorted(closed, key=lambda found: (found[0][0] == "in", -len(repr(found[0]))))


def _renumbered(
    sides: Sides, facts: Sequence[Any], kinds: tuple[Type, ...], cod: Type
) -> tuple[Conjecture, list[Any]] | None:
    """The equation with the variables that occur numbered from 0; none when nothing inductive occurs."""
    order = list(dict.fromkeys([*terms.variables(sides[0]), *terms.variables(sides[1])]))
    if cod[0] != "ν" and not any(kinds[i][0] == "μ" for i in order):
        return None
    names: terms.Substitution = {old: ("v", new) for new, old in enumerate(order)}
    one, two = (terms.substitute(side, names) for side in sides)
    return Conjecture(tuple(kinds[i] for i in order), cod, one, two), _named(facts, names)
