"""Problems of pure equational logic: does an equation follow from others?

Several strategies share the time: ordered completion under different orders and weights, and the search for a finite
model.  A proof is a certificate that the kernel has replayed; a refutation is a finite model whose tables have been
evaluated, or a system of rules that is complete and gives the two sides different normal forms.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from catcore_proofs.completion.bank import MOST, Bank, Overgrown, Term
from catcore_proofs.completion.checking import satisfies
from catcore_proofs.completion.groups import group_model
from catcore_proofs.completion.models import Clause as ModelClause
from catcore_proofs.completion.models import Model, Signature
from catcore_proofs.completion.propositional import PropositionalSearch
from catcore_proofs.completion.runs import Run, parts
from catcore_proofs.completion.strategies import STRATEGIES, Strategy
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import replay
from catcore_proofs.tptp import Clause, Problem, Written, is_variable

#: How many steps each strategy makes in all when it has had its turns, and how many terms all of them keep.
STEPS, MEMORY = (1_000, 4_000, 16_000, 64_000, 256_000, 1_024_000), 3_000_000

#: How many steps the search for finite models makes in each of its turns, the last of them over and over, and how many
#: readings of the symbols in groups are tried.
TURNS, READINGS = (500_000, 1_500_000, 2_000_000, 3_000_000, 4_000_000, 6_000_000, 10_000_000), 2_000
_DEPTH = 20_000

#: The most variables of one clause.
VARIABLES = 1_000


@dataclass(frozen=True)
class Answer:
    """What was found about a problem.

    Args:
        status: ``'proved'`` when the clauses are contradictory, ``'refuted'`` when they are not, or ``'unknown'``.
        evidence: how: ``'certificate'``, ``'finite model'`` or ``'complete system'``; empty when unknown.
        certificate: what the kernel has replayed.
        model: the size and the tables of a finite model.
        rules: the rules of a complete system, as text.
        seconds: the time it took.
        tried: the strategies that were run.
    """

    status: str
    evidence: str = ""
    certificate: dict[str, Any] | None = field(default=None, repr=False)
    model: dict[str, Any] | None = None
    rules: tuple[str, ...] = ()
    seconds: float = 0.0
    tried: tuple[str, ...] = ()

    def __str__(self) -> str:
        how = f" ({self.evidence})" if self.evidence else ""
        lines = [f"{self.status}{how} in {self.seconds:.2f} s"]
        if self.certificate is not None:
            lines.append(f"  {self.certificate['statement']['text']}, by {len(self.certificate['lemmas'])} lemmas")
        if self.model is not None:
            lines.append(
                f"  {self.model['size']} elements; {', '.join(f'{n} = {t}' for n, t in self.model['tables'].items())}"
            )
        lines += [f"  {rule}" for rule in self.rules]
        if self.status == "unknown":
            lines += [f"  tried {each}" for each in self.tried]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON values, without the certificate."""
        found: dict[str, Any] = {"status": self.status, "evidence": self.evidence, "seconds": round(self.seconds, 3)}
        if self.model is not None:
            found["model"] = self.model
        if self.rules:
            found["rules"] = list(self.rules)
        if self.certificate is not None:
            found["lemmas"] = len(self.certificate["lemmas"])
        return {**found, "tried": list(self.tried)}


def settle(problem: Problem, *, seconds: float = 10.0) -> Answer:
    """Prove that the problem's clauses are contradictory, or find out that they are not.

    What is tried, in which order and how far, is counted in steps, so that the first answer is always the same one; a
    slower machine, or a shorter time, can only make it ``'unknown'``.

    Args:
        problem: equations, and disequations; without a disequation the clauses are never contradictory.
        seconds: the last stop.
    """
    start = time.perf_counter()
    tried: list[str] = []
    oversized = next(filter(None, map(_oversized, problem.clauses)), None)
    if oversized is not None:
        return Answer("unknown", tried=(oversized,))

    def left() -> float:
        return start + seconds - time.perf_counter()

    with deep_recursion():
        for answer in _attempts(problem, left, tried):
            if answer is not None:
                return _finished(answer, start, tried)
            if left() <= 0:
                tried.append(f"the time of {seconds:g} s ended")
                break
    return _finished(Answer("unknown"), start, tried)


def _oversized(clause: Clause) -> str | None:
    """Why a clause is too large for any attempt, if it is."""
    sides = [list(parts(side)) for side in (clause.lhs, clause.rhs)]
    symbols = max(map(len, sides))
    variables = len({t[0] for side in sides for t in side if is_variable(t)})
    if symbols <= MOST and variables <= VARIABLES:
        return None
    return (
        f"nothing: the clause {clause.name} has a side of {symbols} symbols and {variables} variables, "
        f"and {MOST} and {VARIABLES} are the most"
    )


def _finished(answer: Answer, start: float, tried: list[str]) -> Answer:
    return replace(answer, seconds=time.perf_counter() - start, tried=tuple(tried))


def _attempts(problem: Problem, left: Callable[[], float], tried: list[str]) -> Iterator[Answer | None]:
    # short runs first: most of what can be settled is settled at once
    runs, models = _Runs(problem, left, tried), _Models(problem, left, tried)
    yield from runs.attempts(STRATEGIES[:1], STEPS[1])
    yield models.answer(TURNS[0])
    yield from runs.attempts(STRATEGIES, STEPS[0])
    yield models.answer(TURNS[1])
    yield from runs.attempts(STRATEGIES, STEPS[1])
    yield models.answer(TURNS[2])
    yield models.constructed()
    for steps, turn in zip(STEPS[2:], TURNS[3:], strict=True):
        yield from runs.attempts(STRATEGIES, steps)
        if models.search.unfinished:
            yield models.answer(turn)
    while models.search.unfinished:
        yield models.answer(TURNS[-1])


class _Runs:
    """Runs of completion, each with a strategy of its own, which take turns."""

    def __init__(self, problem: Problem, left: Callable[[], float], tried: list[str]) -> None:
        self.problem, self.left, self.tried = problem, left, tried
        self.runs: dict[Strategy, Run] = {}

    def attempts(self, strategies: Sequence[Strategy], steps: int) -> Iterator[Answer | None]:
        """Let each strategy go on until it made so many steps."""
        for strategy in strategies:
            self.tried.append(f"{strategy.name}, {steps} steps")
            try:
                if strategy not in self.runs:
                    self.runs[strategy] = Run(self.problem, strategy)
                yield self._answer(self.runs[strategy], steps)
            except (RecursionError, Rejected, Overgrown) as error:  # a proof that the kernel does not accept is none
                self.tried.append(f"given up: {error}")

    def _answer(self, run: Run, steps: int) -> Answer | None:
        memory = MEMORY - sum(len(each.bank.table) for each in self.runs.values() if each is not run)
        status = run.status(steps=steps, memory=memory, deadline=time.perf_counter() + self.left())
        if status == "proved":
            certificate = run.certificate()
            replay(certificate)
            return Answer("proved", "certificate", certificate)
        if status == "refuted":
            return Answer("refuted", "complete system", rules=tuple(map(run.rule, run.completion.active)))
        return None


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Deep terms need deep recursion, and many terms no search for garbage; both are put back afterwards."""
    before, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(before, _DEPTH))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
        if collecting:
            gc.enable()


def complete_run(
    signature: Signature, hypotheses: Sequence[ModelClause], goal: ModelClause, names: Sequence[str], *,
    selections: int, seconds: float,
) -> tuple[tuple[str, str], tuple[str, ...]] | None:  # fmt: skip
    """Different normal forms of the sides of a ground goal, and the rules, when completion ends with both.

    Args:
        signature: the symbols, over one sort.
        hypotheses: the equations to complete.
        goal: the ground equation, or its negation.
        names: what the symbols are called in the answer.
        selections: how many equations may be looked at.
        seconds: a last stop.
    """
    problem = Problem()
    plain = [f"s{number}" for number in range(len(names))]
    for number, clause in enumerate((*hypotheses, goal)):
        sides = _written(clause.lhs, plain), _written(clause.rhs, plain)
        problem.add(Clause(f"c{number}", "axiom", *sides, clause is not goal), "the statement")
    run = Run(problem, STRATEGIES[0])
    run.completion.most, run.completion.deadline = selections, time.perf_counter() + seconds
    with deep_recursion():
        if run.completion.run(*run.goal) != "refuted":
            return None
        called = dict(zip(plain, names, strict=True))
        run.names = [called.get(name, name) for name in run.names]
        lhs, rhs = (run.show(run.completion.normal(side)) for side in run.goal)
        return (lhs, rhs), tuple(map(run.rule, run.completion.active))


def _written(t: Term, names: Sequence[str]) -> Written:
    return (f"X{-t.head}",) if t.head < 0 else (names[t.head], *(_written(a, names) for a in t.args))


def clauses_of(problem: Problem) -> tuple[Signature, list[ModelClause]]:
    """A problem's symbols, in order, and its clauses, for the search for models."""
    numbers = {name: number for number, name in enumerate(problem.arities)}
    bank = Bank([1] * len(numbers))

    def term(t: Written, variables: dict[str, int]) -> Term:
        if is_variable(t):
            return bank.variable(variables.setdefault(t[0], len(variables) + 1))
        return bank.term(numbers[t[0]], tuple(term(a, variables) for a in t[1:]))

    found = []
    for clause in problem.clauses:
        variables: dict[str, int] = {}
        found.append(ModelClause(term(clause.lhs, variables), term(clause.rhs, variables), clause.positive))
    return Signature.of(list(problem.arities.values())), found


class _Models:
    """The search for a finite model of all clauses, which is evaluated again before it is believed."""

    def __init__(self, problem: Problem, left: Callable[[], float], tried: list[str]) -> None:
        self.problem, self.left, self.tried = problem, left, tried
        self.signature, self.clauses = clauses_of(problem)
        self.search = PropositionalSearch(self.signature, self.clauses)

    def answer(self, steps: int) -> Answer | None:
        """The next round of the search, for some steps; the answer, if there is one."""
        self.tried.append(f"finite models, {steps} steps")
        return self._answer(self.search.round(steps=steps, deadline=self._deadline()))

    def constructed(self) -> Answer | None:
        """A model made of a group that is constructed, for models larger than a search for tables finds."""
        self.tried.append(f"groups by construction, {READINGS} readings")
        return self._answer(group_model(self.signature, self.clauses, readings=READINGS, deadline=self._deadline()))

    def _deadline(self) -> float:
        return time.perf_counter() + self.left()

    def _answer(self, model: Model | None) -> Answer | None:
        if model is None or not satisfies(model, self.signature, self.clauses):
            return None
        tables = {n: list(model.tables[i]) for i, n in enumerate(self.problem.arities)}
        return Answer("refuted", "finite model", model={"size": model.size, "tables": tables})
