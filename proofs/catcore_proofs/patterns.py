"""The patterns of rules: the shapes that values can have, and what of a pattern is fixed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catcore_proofs import terms
from catcore_proofs.evaluation import Normal, Type

#: Projections ``p1`` and ``p2`` and applications ``@``, the first one first.
Path = tuple[str, ...]


def points(kinds: tuple[Type, ...]) -> Iterator[tuple[tuple[Normal, ...], tuple[Type, ...]]]:
    """The shapes that values of the given types can have, with variables numbered from 0, and their types."""

    def shapes(kind: Type, start: int) -> Iterator[tuple[Normal, tuple[Type, ...]]]:
        match kind[0]:
            case "+":
                for tag, inner in (("l", kind[1]), ("r", kind[2])):
                    for (payload,), used in several((inner,), start):
                        yield (tag, payload), used
            case "*":
                for (a, b), used in several((kind[1], kind[2]), start):
                    yield ("*", a, b), used
            case "1":
                yield ("1",), ()
            case "f":
                yield from ((("n", i), ()) for i in range(kind[1]))
            case "0":
                return
            case _:
                yield ("v", start), (kind,)

    def several(kinds: tuple[Type, ...], start: int) -> Iterator[tuple[tuple[Normal, ...], tuple[Type, ...]]]:
        if not kinds:
            yield (), ()
            return
        for first, used in shapes(kinds[0], start):
            for rest, more in several(kinds[1:], start + len(used)):
                yield (first, *rest), used + more

    yield from several(kinds, 0)


def reaching(kind: Type, target: Type, path: Path = ()) -> Iterator[tuple[Path, tuple[Type, ...]]]:
    """The projections and applications that lead from a type to another one, with the types of the arguments."""
    if kind == target:
        yield path, ()
    elif kind[0] == "*":
        for i in (1, 2):
            yield from reaching(kind[i], target, (*path, f"p{i}"))
    elif kind[0] == "^":
        for inner, arguments in reaching(kind[1], target, (*path, "@")):
            yield inner, (kind[2], *arguments)


def undetermined(lhs: Normal, rhs: Normal, count: int) -> bool:
    """Whether neither side of an equation has all of its variables, but both sides together have."""
    one, two = terms.variables(lhs).keys(), terms.variables(rhs).keys()
    return lhs[0] != "v" != rhs[0] and max(len(one), len(two)) < count == len(one | two)


def apart(left: Normal, right: Normal) -> Iterator[tuple[Normal, Normal]]:
    """The pairs of different parts at one place of two normal forms, the outermost first."""
    if left == right:
        return
    yield left, right
    one, two = terms.parts(left), terms.parts(right)
    if left[0] == right[0] and len(one) == len(two):
        for a, b in zip(one, two, strict=True):
            yield from apart(a, b)


def computes(old: Normal, new: Normal) -> bool:
    """Whether an equation says what a function does to a constructor or an operation, as in ``h(in(l)) = a(F(h)(l))``.

    Then it is used from left to right, whatever becomes larger, unless it could be used again on what it gives.
    """
    return _pushes(old, new) and not _pushes(new, old)


def _pushes(old: Normal, new: Normal) -> bool:
    while old[0] in ("p1", "p2", "@"):
        old = old[1]
    if old[0] != "g" or not (old[2][0] == "g" or any(part[0] == "in" for part in _components(old[2]))):
        return False
    return not any(terms.match(old, part, {}) is not None for part in terms.subterms(terms.frozen(new)))


def _components(argument: Normal) -> Iterator[Normal]:
    if argument[0] == "*":
        yield from _components(argument[1])
        yield from _components(argument[2])
    else:
        yield argument


def asked(question: Normal) -> Any:
    """The recursor that a question starts from; different ones are different questions."""
    while question[0] in ("p1", "p2", "@"):
        question = question[1]
    return question[1] if question[0] in ("fold", "g") else question[0]


def relative(term: Normal, base: int) -> Normal:
    """A normal form with the variables of the context as constants, and those after them numbered from 0."""
    if term[0] == "v":
        return ("c", term[1]) if term[1] < base else ("v", term[1] - base)
    return terms.each(lambda part: relative(part, base), term)


def renumbered(peak: Normal, kinds: tuple[Type, ...]) -> tuple[tuple[Type, ...], terms.Substitution]:
    """The types of the variables of a term, and their renumbering from 0."""
    order = list(dict.fromkeys(part[1] for part in terms.subterms(peak) if part[0] == "v"))
    return tuple(kinds[i] for i in order), {old: ("v", new) for new, old in enumerate(order)}


def covers(values: terms.Substitution, point: tuple[Normal, ...], renaming: terms.Substitution) -> bool:
    """Whether a point under some values has renamed variables only."""
    return all(v in renaming for p in point for v in terms.variables(terms.resolve(p, values)))
