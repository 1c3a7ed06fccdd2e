"""Settling a statement, whatever it is made of: what was found, how, and how long it took."""

from __future__ import annotations

import itertools as it
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from catcore.categories.finite_sets import Injected, shown
from catcore.laws import Law, PointwiseLaw
from catcore_proofs import Counterexample, Verdict, verify
from catcore_proofs.census import Finding
from catcore_proofs.equational import settle
from catcore_proofs.tptp import Problem, write_problem
from tests.benchmarks.challenges.rows import Diagrams, Exists, Quantity, Statement

#: The time for one problem of equational logic, a last stop.
SECONDS = 20.0


@dataclass(frozen=True)
class Outcome:
    """What was found about a statement.

    Args:
        status: ``'proved'``, ``'refuted'``, ``'unknown'`` or ``'counted'``.
        evidence: how, in a word or two.
        detail: a counterexample, the numbers counted, or what was tried.
        counterexamples: those that were found.
        values: the numbers counted, by the names of the entries.
        statements: the statement as text, one line an equation.
        seconds: the time it took.
    """

    status: str
    evidence: str = ""
    detail: str = ""
    counterexamples: tuple[Counterexample, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    statements: tuple[str, ...] = ()
    seconds: float = 0.0


def outcome(build: Statement) -> Outcome:
    """Build a statement and settle it."""
    start = time.perf_counter()
    try:
        found = together([_one(part) for part in _parts(build())])
    except Exception as error:  # a crash of the prover settles nothing, and the other rows go on
        found = Outcome("unknown", "", f"crashed with {type(error).__name__}: {error}")
    return Outcome(**{**found.__dict__, "seconds": time.perf_counter() - start})


def _parts(statement: Any) -> list[Any]:
    """The statements that a statement consists of; laws and structures stay together."""
    return list(statement) if isinstance(statement, list | tuple) else [statement]


def _one(part: Any) -> Outcome:
    match part:
        case Problem():
            return _problem(part)
        case Exists():
            return _search(part)
        case Quantity():
            values = {name: count() for name, count in part.entries.items()}
            return Outcome("counted", "exhaustive", ", ".join(map(str, values.values())), (), values, (str(part),))
        case Diagrams():
            return _diagrams(part)
        case Finding():
            return _finding(part)
    return from_verdicts(verify(part))


def from_verdicts(verdicts: Iterable[Verdict]) -> Outcome:
    """The outcome of several laws: refuted when one fails, proved when all hold."""
    found = list(verdicts)
    statements = tuple(f"{v.law}: {v.statement}" for v in found)
    failing = [v for v in found if v.status == "fails"]
    if failing:
        examples = tuple(v.counterexample for v in failing if v.counterexample is not None)
        first = min(failing, key=lambda v: weight_of(v.counterexample))
        return Outcome(
            "refuted", first.evidence, f"{first.law} {first.counterexample}", examples, statements=statements
        )
    unknown = [v for v in found if v.status == "unknown"]
    if unknown:
        tried = "; ".join(dict.fromkeys(f"{v.law}: {v.reason}" for v in unknown))
        return Outcome("unknown", "", tried, statements=statements)
    evidence = ", ".join(sorted({v.evidence for v in found}))
    return Outcome("proved", evidence, f"{len(found)} laws", statements=statements)


def _problem(problem: Problem) -> Outcome:
    answer = settle(problem, seconds=SECONDS)
    text = tuple(line.strip() for line in write_problem(problem).splitlines())
    size = f"model of {answer.model['size']}" if answer.model else f"{len(answer.rules)} rules" if answer.rules else ""
    example = (Counterexample("a finite model", "", "", {"model": answer.model["size"]}),) if answer.model else ()
    return Outcome(answer.status, answer.evidence, size, example, statements=text)


def _search(claim: Exists) -> Outcome:
    count = claim.search()
    holds = count == 1 if claim.unique else count > 0
    return Outcome("proved" if holds else "refuted", "exhaustive", f"{count} found", statements=(str(claim),))


def _finding(found: Finding) -> Outcome:
    """What a search among all small models says: it refutes, and what it does not refute is open beyond its sizes."""
    if found.status != "fails":
        return Outcome("unknown", "", f"{found.claim}: {found.reason}", statements=(found.claim,))
    size = re.search(r"models on \((\d+)", found.reason)
    examples = (Counterexample("a model", "", "", {"model": int(size[1])}),) if size else ()
    return Outcome("refuted", found.evidence, found.reason, examples, statements=(found.claim,))


def _diagrams(claim: Diagrams) -> Outcome:
    from catcore.diagrams.normal import equal
    from catcore.diagrams.rewriting import prove_equal, replay

    text = (str(claim) if len(str(claim)) < 2000 else claim.name,)
    if claim.theorem is not None:
        right = claim.theorem.check()
        return Outcome("proved" if right else "unknown", "replayed", str(claim.theorem.statement.name), statements=text)
    if not claim.rules:
        same = equal(claim.lhs, claim.rhs)
        return Outcome("proved" if same else "refuted", "normal forms", claim.name, statements=text)
    lengths = []
    for start, end in it.pairwise((claim.lhs, *claim.by, claim.rhs)):
        how: Any = {"steps": claim.steps, "growth": claim.growth, "symmetric": claim.symmetric}
        proof = prove_equal(start, end, claim.rules, **how)
        if proof is None or not replay(proof, claim.rules, symmetric=claim.symmetric):
            return Outcome("unknown", "", f"{claim.name}: no proof among {claim.steps} diagrams", statements=text)
        lengths.append(len(proof.steps))
    return Outcome("proved", "rewriting", f"{sum(lengths)} steps", statements=text)


def together(outcomes: list[Outcome]) -> Outcome:
    """Several outcomes as one: refuted when one is, proved when all are."""
    if len(outcomes) == 1:
        return outcomes[0]
    statements = tuple(line for o in outcomes for line in o.statements)
    examples = tuple(c for o in outcomes for c in o.counterexamples)
    values = {name: value for o in outcomes for name, value in o.values.items()}
    for status in ("refuted", "unknown", "proved", "counted"):
        chosen = [o for o in outcomes if o.status == status]
        if chosen:
            break
    evidence = ", ".join(dict.fromkeys(o.evidence for o in chosen if o.evidence))
    detail = "; ".join(dict.fromkeys(o.detail for o in chosen if o.detail))
    return Outcome(status, evidence, detail, examples, values, statements)


# ---- the size of a counterexample ------------------------------------------------------------------------------------


def weight(element: Any) -> int:
    """How large an element is: its labels and its lists are counted."""
    match element:
        case list():
            return 1 + sum(map(weight, element))
        case tuple():
            return sum(map(weight, element))
        case Injected():
            return weight(element.value)
    return 1


def weight_of(example: Counterexample | None) -> tuple[int, int]:
    """How large a counterexample is: the sizes of its sets, then its element."""
    return (10**9, 0) if example is None else (sum(example.sizes.values()), weight(example.element))


def summary(example: Counterexample) -> str:
    """A counterexample in a few words."""
    sizes = ", ".join(f"|{name}| = {size}" for name, size in example.sizes.items())
    return f"{shown(example.element)}{f' with {sizes}' if sizes else ''}"


def laws_of(statement: Any) -> Iterator[Law | PointwiseLaw]:
    """All laws in a statement."""
    for part in _parts(statement):
        if isinstance(part, Law | PointwiseLaw):
            yield part
        elif hasattr(part, "laws"):
            yield from part.laws()
