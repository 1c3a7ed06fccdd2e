"""Which moves apply to a subgoal, those that leave the least to show first."""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from catcore.errors import MoveRefused
from catcore_proofs.goals.holes import HOLE, HYPOTHESIS, holes
from catcore_proofs.goals.pausing import Hole
from catcore_proofs.goals.places import places, said
from catcore_proofs.goals.rewrites import Request, rewrites

if TYPE_CHECKING:
    from catcore_proofs.goals.goal import Goal, Move


def choices(goal: Goal, at: Any) -> tuple[Move, ...]:
    """The moves that apply to the subgoal in focus, at a subterm or anywhere."""
    from catcore_proofs.goals.goal import Move

    found: dict[Any, Move] = {}
    for after in _tried(goal, at):
        call = after.calls[-1]
        found.setdefault(after.proof, Move(call, holes(after.proof) - holes(goal.proof) + 1, after))
    return tuple(sorted(found.values(), key=lambda move: move.leaves))


def _tried(goal: Goal, at: Any) -> Iterator[Goal]:
    for name, place, backwards in _rewrites(goal, at):
        yield from _made(lambda name=name, p=place, b=backwards: goal.rewrite(name, at=p, backwards=b))
    if at is not None:
        return
    yield from _made(goal.simp)
    yield from _made(goal.split)
    yield from _made(goal.ext)
    if goal.subgoals[goal.number].layers:
        yield from _made(goal.coinduct)
    if goal.proof == HOLE:
        for variable, _kind in goal.subgoals[0].variables:
            yield from _made(lambda v=variable: goal.induct(v))
        yield from _made(goal.coinduct)


def _made(move: Any) -> Iterator[Goal]:
    try:
        yield move()
    except MoveRefused:
        return


def _rewrites(goal: Goal, at: Any) -> list[tuple[str, Any, bool]]:
    """The rules that match somewhere: name, position and direction."""
    bench, found = goal.workbench(), list[tuple[str, Any, bool]]()
    names = [*dict.fromkeys(goal.rules), *[HYPOTHESIS] * bool(goal.subgoals[goal.number].hypotheses)]

    def here(hole: Hole) -> Any:
        everywhere = places(bench, hole, None)
        for name, backwards in it.product(names, (False, True)):
            for place, step in rewrites(bench, hole, Request(goal.equations(name), at, backwards)):
                if not isinstance(step, str):
                    found.append((name, said(everywhere, place), backwards))
        return HOLE

    try:
        bench.moved(goal.proof, goal.number, here)
    except MoveRefused:
        if at is not None:
            raise
    return found
