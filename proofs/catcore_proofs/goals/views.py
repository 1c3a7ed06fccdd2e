"""What is seen of a goal: its rules, and every subgoal with its variables, known cases and induction hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catcore.errors import MoveRefused
from catcore_proofs.evaluation import Normal, Rejected, Split
from catcore_proofs.goals.display import Board, Subgoal
from catcore_proofs.goals.holes import HYPOTHESIS
from catcore_proofs.goals.notation import Writer
from catcore_proofs.goals.pausing import Hole
from catcore_proofs.goals.workbench import Workbench
from catcore_proofs.translation import usable

if TYPE_CHECKING:
    from catcore_proofs.goals.goal import Goal


def board(goal: Goal) -> Board:
    """Everything that is shown of a goal."""
    bench = goal.workbench()
    subgoals: list[Subgoal] = []
    try:
        bench.visit(goal.proof, lambda hole: subgoals.append(_subgoal(bench, hole)))
    except (Rejected, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise MoveRefused(f"The goal {goal.law.name!r} cannot be shown: {reason}.") from None
    texts = [bench.equation_text(number) for number in range(len(bench.kernel.equations))]
    said = [*map(str, usable(goal.law.given)), *[""] * len(goal.lemmas)]
    rules = tuple((name, text or law) for name, text, law in zip(goal.rules, texts, said, strict=True))
    title = f"{goal.law.name} : {bench.notation.object(goal.law.lhs.dom)} → {bench.notation.object(goal.law.lhs.cod)}"
    return Board(title, rules, bench.notation.legend, tuple(subgoals), goal.number)


def _subgoal(bench: Workbench, hole: Hole) -> Subgoal:
    kernel, writer = bench.kernel, bench.writer()
    layers = hole.coinductive is not None
    sides = [writer.text(kernel.shown(side, hole.cod), hole.cod) for side in hole.sides]
    facts = dict(_facts(bench, writer))
    variables = tuple(
        (name, bench.notation.kind(kind))
        for i, (name, kind) in enumerate(zip(writer.names, kernel.context, strict=True))
        if kind != "1" and ("v", i) not in kernel.known
    )
    hypotheses = tuple(_hypotheses(bench, writer))
    waiting = _waiting(bench, hole, writer)
    return Subgoal(variables, tuple(facts.values()), hypotheses, sides[0], sides[1], waiting, layers)


def _facts(bench: Workbench, writer: Writer) -> Iterator[tuple[Normal, str]]:
    """The known cases: each element of a sum with what it is."""
    kernel = bench.kernel
    for neutral, value in kernel.known.items():
        if neutral[0] == "v" and neutral[1] >= len(bench.goal.kinds):
            continue  # what it was made for is shown with its constructors
        kind = kernel.synthesise(neutral)
        yield neutral, f"{writer.text(neutral, kind)} = {writer.text(kernel.seen(value, kind), kind)}"


def _hypotheses(bench: Workbench, writer: Writer) -> Iterator[tuple[str, str]]:
    """The induction hypothesis, once for each smaller element."""
    own = bench.kernel.inductive
    if own is not None:
        for text in dict.fromkeys(bench.hypothesis_texts(own, writer)):
            yield HYPOTHESIS, text


def _waiting(bench: Workbench, hole: Hole, writer: Writer) -> str:
    try:
        bench.normals(hole)
    except Split as split:
        return writer.text(split.neutral, split.kind)
    except Rejected:
        return ""
    return ""
