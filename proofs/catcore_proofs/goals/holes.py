"""Proofs with holes: what an unfinished proof is.

A partial proof is a proof of the kernel in which some places say ``HOLE``; each of them is a subgoal.  Rewrites name
equations by number: the hypotheses first, then the lemmas, and ``IH`` for the induction hypothesis, whose number is
known only once all lemmas are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Proof = Any

#: A place where nothing has been proved yet, and the number of the induction hypothesis; those below name equations
#: that are proved together with another one, wherever that stands.
HOLE, IH = ("?",), -1

#: The steps that leave one thing to prove.
_WITH_ONE = frozenset(
    ("rewrite", "fact", "unsplit", "induct", "measure", "under", "inside", "open", "apply", "coinduct", "equal")
)

#: Where the steps that use an equation have its number.
_NUMBERED = {"rewrite": 2, "fact": 1, "absurd": 1}

#: What the induction hypothesis is called.
HYPOTHESIS = "induction hypothesis"


def opened(proof: Proof) -> tuple[tuple[Proof, ...], Callable[[tuple[Proof, ...]], Proof]]:
    """The proofs directly inside a proof, and how to put others in their places."""
    match proof:
        case (("split" | "layers") as head, *middle, inner):
            return tuple(inner), lambda parts: (head, *middle, parts)
        case (str() as head, *middle, inner) if head in _WITH_ONE:
            return (inner,), lambda parts: (head, *middle, *parts)
        case (("via" | "again") as head, middle, *inner):
            return tuple(inner), lambda parts: (head, middle, *parts)
        case ("mutual", which, inner, others):
            return (inner, *(other[-1] for other in others)), lambda parts: (
                "mutual", which, parts[0], tuple((*o[:-1], part) for o, part in zip(others, parts[1:], strict=True))
            )  # fmt: skip
        case ("parts", *inner):
            return tuple(inner), lambda parts: ("parts", *parts)
    return (), lambda _: proof


def holes(proof: Proof) -> int:
    """How many holes a proof has."""
    return 1 if proof == HOLE else sum(map(holes, opened(proof)[0]))


def plugged(proof: Proof, pieces: Iterator[Proof]) -> Proof:
    """The proof with its holes filled, in order."""
    if proof == HOLE:
        return next(pieces)
    parts, rebuild = opened(proof)
    return rebuild(tuple(plugged(part, pieces) for part in parts))


def numbers(proof: Proof) -> Iterator[int]:
    """The numbers of the equations that a proof rewrites by."""
    if (place := _NUMBERED.get(proof[0])) is not None and proof[place] >= IH:
        yield proof[place]
    for part in opened(proof)[0]:
        yield from numbers(part)


def renumbered(proof: Proof, number: Callable[[int], int]) -> Proof:
    """The proof with other numbers for its equations."""
    parts, rebuild = opened(proof)
    found = rebuild(tuple(renumbered(part, number) for part in parts))
    place = _NUMBERED.get(found[0])
    return found if place is None or found[place] < IH else (*found[:place], number(found[place]), *found[place + 1 :])


def needed(proof: Proof, lemmas: tuple[Proof, ...], given: int) -> list[int]:
    """Which lemmas a proof rests on, directly or through other lemmas; ``lemmas`` are their proofs."""
    found: set[int] = set()
    todo = [proof]
    while todo:
        for number in numbers(todo.pop()):
            which = number - given
            if 0 <= which < len(lemmas) and which not in found:
                found.add(which)
                todo.append(lemmas[which])
    return sorted(found)
