"""Rewriting under binders: inside functions, and inside what elements of an arbitrary functor are bound to.

A rewrite of the kernel exchanges parts without bound variables.  To rewrite the body of a binder, the body is looked
at on a new generic element, rewritten there, and put back: the whole element is equal to the new one, by congruence
along the way to the body.  So a chain of moves from one normal form to another consists of rewrites and of such
intermediate elements, each with its proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from catcore_proofs import terms
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, filled, flat, packed
from catcore_proofs.kernel import Kernel


class Inside(NamedTuple):
    """An element equal to the present one, with the proof that it is."""

    middle: Normal
    proof: Any


#: A rewrite (number of the equation, point, direction) or an intermediate element.
Move = tuple[Any, ...]


def turns(right: Sequence[Move]) -> bool:
    """Whether moves of the right side turn the equation round: an intermediate element is put on the left."""
    return any(isinstance(move, Inside) for move in right)


def chained(left: Sequence[Move], right: Sequence[Move], end: Any = ("same",)) -> Any:
    """The proof that two elements are equal which moves lead to two others, and these are equal by ``end``.

    Where the moves of the right side turn the equation round, ``end`` proves the second end equal to the first.
    """
    return _chained([*((0, move) for move in left), *((1, move) for move in right)], end)


def _chained(moves: list[tuple[int, Move]], proof: Any) -> Any:
    # once an intermediate element equals the right side, it is compared with the left one, from the left
    first = next((i for i, (which, move) in enumerate(moves) if which and isinstance(move, Inside)), len(moves))
    for i, (which, move) in reversed(list(enumerate(moves))):
        if not isinstance(move, Inside):
            proof = ("rewrite", which if i < first else 0, *move, proof)
        elif i == first:
            proof = ("via", move.middle, proof, move.proof)
        else:
            proof = ("via", move.middle, move.proof, proof)
    return proof


def binds(term: Normal) -> bool:
    """Whether there is a binder in a normal form, other than of what gives an element back."""
    if term[0] == "λ":
        return True
    if term[0] in ("bind", "map"):
        return term[2] not in (("η", ("b", 0)), ("b", 0)) or binds(term[1])
    return any(map(binds, terms.parts(term)))


class Congruence:
    """Moves inside the binders of normal forms.

    Args:
        kernel: the kernel whose context the normal forms are in.
        normalise: what moves a body goes through, given the body and its type.
    """

    def __init__(self, kernel: Kernel, normalise: Callable[[Normal, Type], tuple[list[Move], Normal]]) -> None:
        self.kernel, self.normalise = kernel, normalise

    def move(self, term: Normal, kind: Type) -> Inside | None:
        """A move in the first body that can be moved, or none."""
        if not binds(term):
            return None
        try:
            found = self._element(term, kind)
        except (Split, Rejected):
            return None
        return None if found is None else Inside(*found)

    def _element(self, term: Normal, kind: Type) -> tuple[Normal, Any] | None:
        """What a normal form becomes, with the proof; the outermost binders are opened first."""
        match term[0]:
            case "*":
                return self._pair(term, kind)
            case "in" | "l" | "r" | "η":
                inner = filled(kind[1], kind) if term[0] == "in" else kind[1 if term[0] == "l" else 2]
                return _inside(self._element(term[1], inner), lambda part: (term[0], part))
            case "λ":
                found = self._body(term[1], kind[2], kind[1])
                return None if found is None else (("λ", found[0]), ("apply", found[1]))
            case "bind" | "map":
                return self._bound(term, kind)
            case "case" | "switch" | "1" | "n":
                return None
        return self._neutral(term)

    def _pair(self, term: Normal, kind: Type) -> tuple[Normal, Any] | None:
        for i in (1, 2):
            if (found := self._element(term[i], kind[i])) is not None:
                part, proof = found
                both = (part, term[2]) if i == 1 else (term[1], part)
                return ("*", *both), ("parts", proof, ("same",)) if i == 1 else ("parts", ("same",), proof)
        return None

    def _bound(self, term: Normal, kind: Type) -> tuple[Normal, Any] | None:
        source = self.kernel.synthesise(term[1])[2]
        found = self._body(term[2], source, kind if term[0] == "bind" else kind[2])
        if found is not None:
            return (*term[:2], found[0]), ("under", found[1])
        return _inside(self._spine(term[1]), lambda part: (term[0], part, term[2]))

    def _neutral(self, term: Normal) -> tuple[Normal, Any] | None:
        return _inside(self._spine(term), lambda part: part)

    def _spine(self, term: Normal) -> tuple[Normal, Any] | None:
        """What a neutral element becomes when the argument of one function in it moves, with that argument's proof."""
        match term[0]:
            case "p1" | "p2" | "out":
                found = self._spine(term[1])
                return None if found is None else ((term[0], found[0]), found[1])
            case "@":
                found = self._spine(term[1])
                if found is not None:
                    return ("@", found[0], term[2]), found[1]
            case "v":
                return None
        found = self._element(term[2], self.kernel.argument(term))
        return None if found is None else ((*term[:2], found[0]), found[1])

    def _body(self, body: Normal, source: Type, kind: Type) -> tuple[Normal, Any] | None:
        """What a body becomes that is rewritten at a new element of a type, with the proof that it is what it was."""
        kernel, start = self.kernel, len(self.kernel.context)
        with kernel.assuming({}):
            element = packed(source, iter(kernel.declare(flat(source))))
            opened = kernel.reify(kernel.revalue(body, (element,)), kind)
            moves, end = self.normalise(opened, kind)
            if not moves:
                return None
            return _closed(end, _names(source, start), 0), chained((), moves)


def _inside(found: tuple[Normal, Any] | None, rebuild: Callable[[Normal], Normal]) -> tuple[Normal, Any] | None:
    return None if found is None else (rebuild(found[0]), ("inside", found[1]))


def _names(kind: Type, start: int) -> dict[Normal, tuple[str, ...]]:
    """The variables of a generic element of a type, each with the projections that lead to it."""
    found: list[tuple[str, ...]] = []

    def walk(part: Type, path: tuple[str, ...]) -> None:
        if part[0] == "*":
            walk(part[1], (*path, "p1"))
            walk(part[2], (*path, "p2"))
        else:
            found.append(path)

    walk(kind, ())
    return {("v", start + i): path for i, path in enumerate(found)}


def _closed(term: Normal, names: dict[Normal, tuple[str, ...]], depth: int) -> Normal:
    """A body with variables turned into the projections of the element bound ``depth`` binders further out."""
    if term in names:
        element: Normal = ("b", depth)
        for projection in names[term]:
            element = (projection, element)
        return element
    match term[0]:
        case "λ":
            return ("λ", _closed(term[1], names, depth + 1))
        case "bind" | "map":
            return (term[0], _closed(term[1], names, depth), _closed(term[2], names, depth + 1))
        case "case":
            return ("case", _closed(term[1], names, depth), *(_closed(b, names, depth + 1) for b in term[2:]))
    return terms.each(lambda part: _closed(part, names, depth), term)
