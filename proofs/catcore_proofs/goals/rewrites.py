"""Rewriting a chosen subterm of a subgoal by one equation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from catcore.errors import MoveRefused
from catcore_proofs import terms
from catcore_proofs.evaluation import same
from catcore_proofs.goals.holes import HOLE, IH, Proof
from catcore_proofs.goals.notation import PLAIN, spelled
from catcore_proofs.goals.pausing import Hole
from catcore_proofs.goals.places import Place, element, places
from catcore_proofs.goals.workbench import Workbench
from catcore_proofs.rewriting import Rule


@dataclass(frozen=True)
class Request:
    """What a user asks to be rewritten.

    Args:
        equations: the numbers of the equations that may be used.
        at: the position; None for the first one that matches.
        backwards: from right to left.
        where: values for variables that the place does not determine.
    """

    equations: tuple[int, ...]
    at: Any = None
    backwards: bool = False
    where: Mapping[str, str] = field(default_factory=dict)


def rewritten(bench: Workbench, hole: Hole, request: Request) -> Proof:
    """One rewrite, at the first place that matches.

    Raises:
        MoveRefused: when none does, or when it leaves a variable open.
    """
    question = ""
    for place, step in rewrites(bench, hole, request):
        if not isinstance(step, str):
            return ("rewrite", place.side, *step, HOLE)
        question = question or step
    raise MoveRefused(question or _no_match(bench, request))


def rewrites(bench: Workbench, hole: Hole, request: Request) -> Iterator[tuple[Place, Any]]:
    """The places where the equations apply, each with the step, or with the question that is left open."""
    bench.settled(hole)
    rules = _rules(bench, request)
    for place in places(bench, hole, request.at):
        for rule in rules:
            if rule.lhs[0] == "v" and request.at in (None, "left", "right"):
                continue  # a variable matches everything, so the user says where
            values = terms.match(rule.lhs, terms.frozen(place.normal), {})
            if values is None:
                continue
            values, question = _chosen(bench, hole, rule, values, request.where)
            if question:
                yield place, question
            elif (step := _step(bench, hole, place, rule, values)) is not None:
                yield place, step


def _rules(bench: Workbench, request: Request) -> list[Rule]:
    found = (rule for number in request.equations for rule in bench.directions(number))
    return [rule for rule in found if rule.forward != request.backwards]


def _step(bench: Workbench, hole: Hole, place: Place, rule: Rule, values: terms.Substitution) -> Any:
    """The rewrite of a rule at given values; None when it changes nothing."""
    kernel = bench.kernel
    number, frozen, forward = rule.step(values)
    point = tuple(map(terms.thawed, frozen))
    equation = kernel.equations[number]
    left, right = kernel.instance(equation, point)
    before = bench.normals(hole)[place.side]
    if same(kernel.replaced(before, hole.cod, (left, right) if forward else (right, left), equation.cod), before):
        return None
    return IH if number == kernel.inductive else number, point, forward


def _chosen(
    bench: Workbench, hole: Hole, rule: Rule, values: terms.Substitution, where: Mapping[str, str]
) -> tuple[terms.Substitution, str]:
    """The values of a rule's variables, those given by the user included, or what is still to be said."""
    names = bench.rule_names(rule)
    for i in sorted({v for p in rule.point for v in terms.variables(p)} - values.keys()):
        text = next((t for name, t in where.items() if spelled(name) == spelled(names[i])), None)
        if text is None:
            return values, (
                f"The rule leaves {names[i]} ∈ {bench.notation.kind(rule.kinds[i])} open; say what it is, as in "
                f"where={{{names[i].translate(PLAIN)!r}: …}}, by an element that the subgoal shows."
            )
        values = {**values, i: terms.frozen(element(bench, hole, text, rule.kinds[i]))}
    return values, ""


def _no_match(bench: Workbench, request: Request) -> str:
    side, other = ("right", "without backwards") if request.backwards else ("left", "with backwards=True")
    rules = _rules(bench, request)
    if rules and all(rule.lhs[0] == "v" for rule in rules) and request.at in (None, "left", "right"):
        return (
            f"A rewrite was asked for by a rule whose {side} side is a variable, which matches everything; say where, "
            "with at= and a subterm."
        )
    where = "in the subgoal" if request.at is None else f"at {request.at!r}"
    return (
        f"A rewrite was asked for, and nothing {where} matches the rule's {side} side; applicable() lists what does, "
        f"and the rule is used the other way round {other}."
    )
