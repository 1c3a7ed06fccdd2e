"""The subterms of a subgoal, and how a user points at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from catcore.errors import MoveRefused
from catcore_proofs.evaluation import Normal, Type
from catcore_proofs.goals.notation import Bound, spelled
from catcore_proofs.goals.pausing import Hole
from catcore_proofs.goals.workbench import Workbench

SIDES = ("left", "right")


class Place(NamedTuple):
    """A subterm of one side of a subgoal: where it stands, its type, the variables bound around it, and its text."""

    side: int
    path: tuple[int, ...]
    normal: Normal
    kind: Type
    bound: Bound
    text: str

    @property
    def position(self) -> tuple[Any, ...]:
        """The position as the user gives it."""
        return (SIDES[self.side], *self.path)


def all_places(bench: Workbench, hole: Hole) -> Iterator[Place]:
    """All subterms: the left side first, and outermost first."""
    writer = bench.writer()
    for number, side in enumerate(hole.sides):
        todo: list[Any] = [((), (bench.kernel.shown(side, hole.cod), hole.cod, ()))]
        while todo:
            path, child = todo.pop()
            normal, kind, bound = child
            yield Place(number, path, normal, kind, bound, writer.text(normal, kind, bound))
            todo += [((*path, i), part) for i, part in reversed(list(enumerate(writer.inside(*child))))]


def places(bench: Workbench, hole: Hole, at: Any) -> list[Place]:
    """The subterms that a position means.

    Raises:
        MoveRefused: when it is no position of the subgoal.
    """
    found = list(all_places(bench, hole))
    match at:
        case None:
            return found
        case "left" | "right":
            return [place for place in found if SIDES[place.side] == at]
        case str():
            chosen = [place for place in found if spelled(place.text) == spelled(at)]
        case tuple() | list():
            chosen = [place for place in found if place.position == tuple(at)]
        case _:
            chosen = []
    if not chosen:
        raise MoveRefused(
            f"The position {at!r} was asked for and is no place of this subgoal; say 'left', 'right', a path such as "
            f"('left', 0), or a subterm: {_some(found)}."
        )
    return chosen


def _some(found: list[Place]) -> str:
    """The texts of the subterms that can be seen in the sides, as far as there is room."""
    sides = [place.text for place in found if not place.path]
    shown = [place.text for place in found if len(place.text) < 40 and any(place.text in side for side in sides)]
    return ", ".join(map(repr, list(dict.fromkeys(shown))[:12]))


def said(found: list[Place], place: Place) -> Any:
    """The shortest way to point at a place: its text, where that means the same subterm of the same side."""
    first = next(each for each in found if each.text == place.text)
    return place.text if (first.side, first.normal) == (place.side, place.normal) else place.position


def element(bench: Workbench, hole: Hole, text: str, kind: Type) -> Normal:
    """The element of a type that a text means: a variable, or a subterm without bound variables.

    Raises:
        MoveRefused: when the subgoal shows none.
    """
    known, context = bench.kernel.known, bench.kernel.context
    for i, name in enumerate(bench.writer().names):
        if spelled(name) == spelled(text) and context[i] == kind and ("v", i) not in known:
            return ("v", i)
    for place in all_places(bench, hole):
        if spelled(place.text) == spelled(text) and place.kind == kind and not place.bound:
            return place.normal
    raise MoveRefused(
        f"{text!r} was given as a value, and the subgoal shows no such element of {bench.notation.kind(kind)}."
    )


def undecided(bench: Workbench, hole: Hole) -> dict[str, Normal]:
    """The elements of sums and finite sets that are not known yet, as they are written."""
    kernel, found = bench.kernel, dict[str, Normal]()
    for i, name in enumerate(bench.writer().names):
        if kernel.context[i][0] in "+f0" and ("v", i) not in kernel.known:
            found[name] = ("v", i)
    for place in all_places(bench, hole):
        if place.kind[0] in "+f0" and not place.bound and place.normal[0] in ("g", "@", "p1", "p2", "fold", "out"):
            found.setdefault(place.text, place.normal)
    return found
