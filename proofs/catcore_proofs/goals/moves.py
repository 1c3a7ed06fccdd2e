"""The moves of an interactive proof other than rewriting: each gives what comes in the place of a hole."""

from __future__ import annotations

from typing import Any

from catcore.errors import MoveRefused
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, injections, same
from catcore_proofs.goals.holes import HOLE, IH, Proof
from catcore_proofs.goals.notation import spelled
from catcore_proofs.goals.pausing import Hole
from catcore_proofs.goals.places import undecided
from catcore_proofs.goals.workbench import Workbench
from catcore_proofs.kernel import Equation
from catcore_proofs.syntax import need


def split(bench: Workbench, hole: Hole, text: str | None) -> Proof:
    """A case distinction: on the element that evaluation waits for, or on the one that is written ``text``."""
    neutral = _waiting(bench, hole) if text is None else _named(bench, hole, text)
    return _cases(neutral, bench.kernel.synthesise(neutral))


def _cases(neutral: Normal, kind: Type) -> Proof:
    return ("split", neutral, (HOLE,) * len(injections(kind)))


def _waiting(bench: Workbench, hole: Hole) -> Normal:
    try:
        bench.normals(hole)
    except Split as stuck:
        return stuck.neutral
    choices = undecided(bench, hole)
    hint = f"name one of {', '.join(choices)}" if choices else "no element of a sum is left to be distinguished"
    raise MoveRefused(
        f"A case distinction was asked for without saying on what, and neither side waits for one; {hint}."
    )


def _named(bench: Workbench, hole: Hole, text: str) -> Normal:
    choices = undecided(bench, hole)
    for written, neutral in choices.items():
        if spelled(written) == spelled(text):
            return neutral
    known = f"there are {', '.join(choices)}" if choices else "there is none"
    raise MoveRefused(
        f"A case distinction on {text!r} was asked for, which is no undecided element of a sum or of a finite set in "
        f"this subgoal; {known}."
    )


def constructors(layer: Type, variable: int) -> Proof:
    """A hole for each constructor of a layer that is variable number ``variable``."""
    if layer[0] != "+":
        return HOLE
    return ("split", ("v", variable), tuple(constructors(payload, variable + 1) for payload in layer[1:]))


def through(bench: Workbench, hole: Hole, equation: dict[str, Any]) -> Proof:
    """Both sides equal to a third one: the right side of an equation that starts where the statement does."""
    kernel, said = bench.kernel, bench.kernel.equation(equation)
    if said.cod != hole.cod or hole.coinductive is not None:
        raise MoveRefused(
            f"A step via an arrow into {bench.notation.kind(said.cod)} was asked for, and the sides of this subgoal "
            f"are elements of {bench.notation.kind(hole.cod)}."
        )
    middle = said.evaluate(1, [kernel.reflect(("v", i), kind) for i, kind in enumerate(said.kinds)])
    try:
        return ("via", kernel.reify(middle, said.cod), HOLE, HOLE)
    except Split as stuck:
        text = bench.writer().text(stuck.neutral, stuck.kind)
        raise MoveRefused(
            f"The arrow in the middle waits for a case distinction on {text}; make it first, with split({text!r})."
        ) from None


def extended(bench: Workbench, hole: Hole) -> Proof:
    """Pairs by components, functions at a new argument, binds of one element by their bodies."""
    if hole.coinductive is None:
        if hole.cod[0] == "*":
            return ("parts", HOLE, HOLE)
        if hole.cod[0] == "^":
            return ("apply", HOLE)
        left, right = bench.settled(hole)
        if left[0] == right[0] and left[0] in ("bind", "map") and same(left[1], right[1]):
            return ("under", HOLE)
    raise MoveRefused(
        f"Extensionality was asked for, and the sides are elements of {bench.notation.kind(hole.cod)}; it applies to "
        "pairs, to functions, and to the same element bound on both sides."
    )


def simplified(bench: Workbench, hole: Hole) -> Proof:
    """Both sides rewritten by every rule that makes them smaller; the induction hypothesis included."""
    bench.use_hypotheses()
    own, steps = bench.kernel.inductive, list[tuple[Any, ...]]()
    for which, normal in enumerate(bench.settled(hole)):
        for number, point, forward in bench.system.normalise(normal, hole.cod)[0]:
            steps.append((which, IH if number == own else number, point, forward))
    if not steps and not bench.trivial(hole):
        raise MoveRefused("simp was asked for, and no rule makes either side smaller; use rewrite, split or lemma.")
    proof: Proof = HOLE
    for step in reversed(steps):
        proof = ("rewrite", *step, proof)
    return proof


def layered(bench: Workbench, hole: Hole) -> Proof:
    """The layers of a coinduction compared: what is not at once equal, or the goal again, is a subgoal."""
    goal, kernel = hole.coinductive, bench.kernel
    assert goal is not None
    try:
        with kernel.assuming({}):
            one, two = (side() for side in hole.sides)
            ends = kernel.corresponding(
                goal.cod[1], goal.cod, one, two, lambda a, b, other: _end(bench, a, b, other, goal)
            )
            return ("layers", tuple(ends))
    except Split as stuck:
        return _cases(stuck.neutral, stuck.kind)
    except Rejected as error:
        raise MoveRefused(f"Coinduction was asked for, and {error}; rewrite until they agree.") from None


def _end(bench: Workbench, left: Value, right: Value, other: Type | None, goal: Equation) -> Proof:
    need(other is None, "two layers differ")
    normals = tuple(bench.kernel.reify(value, goal.cod) for value in (left, right))
    if same(normals[0], normals[1]):
        return ("equal", ("same",))
    point = bench.search.point(normals, goal)
    return ("equal", HOLE) if point is None else ("again", point, HOLE, HOLE)
