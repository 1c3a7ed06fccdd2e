"""Problems of pure equational logic: does an equation follow from others?

Several strategies share the time: ordered completion under different orders and weights, and the search for a finite
model.  A proof is a certificate that the kernel has replayed; a refutation is a finite model whose tables have been
evaluated, or a system of rules that is complete and gives the two sides different normal forms.
"""

from __future__ import annotations

import itertools as it
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from catcore_proofs.completion.bank import Bank, Term
from catcore_proofs.completion.checking import satisfies
from catcore_proofs.completion.extraction import Axiom, Extraction, Language
from catcore_proofs.completion.groups import group_model
from catcore_proofs.completion.models import Clause as ModelClause
from catcore_proofs.completion.models import Model, Signature
from catcore_proofs.completion.orders import KnuthBendix, LexicographicPath
from catcore_proofs.completion.propositional import PropositionalSearch
from catcore_proofs.completion.saturation import Saturation
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import replay
from catcore_proofs.tptp import Clause, Problem, Written, is_variable, show

#: The kernel's type of individuals.
SORT = ("a", "individuals")
_DEPTH = 20_000


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


def _sum(s: Term, t: Term) -> int:
    return s.size + t.size


@dataclass(frozen=True)
class Strategy:
    """A way to run completion."""

    name: str
    order: str = "kbo"
    ratio: int = 5
    score: Callable[[Term, Term], int] = _sum


def _largest(s: Term, t: Term) -> int:
    return 4 * max(s.size, t.size) + min(s.size, t.size)


STRATEGIES = (
    Strategy("Knuth–Bendix order, lightest sum"),
    Strategy("lexicographic path order", "lpo"),
    Strategy("Knuth–Bendix order, lightest side", "kbo", 8, _largest),
)


def settle(problem: Problem, *, seconds: float = 10.0) -> Answer:
    """Prove that the problem's clauses are contradictory, or find out that they are not.

    Args:
        problem: equations, and disequations; without a disequation the clauses are never contradictory.
        seconds: the last stop; most problems are settled, or given up, by counting steps.
    """
    start = time.perf_counter()
    tried: list[str] = []

    def left() -> float:
        return start + seconds - time.perf_counter()

    with deep_recursion():
        for answer in _attempts(problem, seconds, left, tried):
            if answer is not None:
                return _finished(answer, start, tried)
    return _finished(Answer("unknown"), start, tried)


def _finished(answer: Answer, start: float, tried: list[str]) -> Answer:
    return replace(answer, seconds=time.perf_counter() - start, tried=tuple(tried))


def _attempts(problem: Problem, seconds: float, left: Callable[[], float], tried: list[str]) -> Iterator[Answer | None]:
    # short runs first: most of what can be settled is settled at once
    first, models = _Run(problem, STRATEGIES[0]), _Models(problem)
    yield _attempt(first, 0.03 * seconds, tried)
    yield models.answer(0.05 * seconds, tried)
    yield _attempt(first, 0.1 * seconds, tried)
    yield models.answer(0.1 * seconds, tried)
    tried.append(f"groups by construction, {0.05 * seconds:.1f} s")
    yield _constructed(problem, 0.05 * seconds)
    yield _attempt(first, 0.3 * seconds, tried)
    yield models.answer(0.2 * seconds, tried)
    for strategy, share in zip(STRATEGIES[1:], (0.5, 0.9), strict=True):
        if left() > 0.01:
            yield _attempt(_Run(problem, strategy), share * left(), tried)
    while left() > 0.01 and models.search.unfinished:
        yield models.answer(left(), tried)


def _attempt(run: _Run, limit: float, tried: list[str]) -> Answer | None:
    tried.append(f"{run.strategy.name}, {limit:.1f} s")
    try:
        return run.answer(limit)
    except (RecursionError, Rejected) as error:  # a proof that the kernel does not accept is no proof
        tried.append(f"given up: {error}")
        return None


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Deep terms need deep recursion; the limit is put back afterwards."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class _Run:
    """One run of completion on a problem."""

    def __init__(self, problem: Problem, strategy: Strategy) -> None:
        self.strategy = strategy
        self.arities = dict(problem.arities)
        for name, arity in (("$equal", 2), ("$true", 0), ("$false", 0)):
            self.arities.setdefault(name, arity)
        self.names = list(self.arities)
        self.numbers = {name: i for i, name in enumerate(self.names)}
        sides = (side for clause in problem.equations for side in (clause.lhs, clause.rhs))
        precedence, top = ranked(self.names, self.arities, Counter(it.chain.from_iterable(map(_symbols, sides))))
        weights = [0 if strategy.order == "kbo" and n == top else 1 for n in self.names]
        self.bank = Bank(weights)
        order = KnuthBendix(precedence) if strategy.order == "kbo" else LexicographicPath(precedence)
        constants = [self.bank.term(self.numbers[n]) for n in self.names if self.arities[n] == 0]
        self.bank.least = min(constants, key=lambda t: (t.weight, precedence[t.head]))
        self.run = Saturation(self.bank, order, deadline=0.0, ratio=strategy.ratio, score=self._score)
        self.axioms: list[tuple[Term, Term]] = []
        for clause in problem.equations:
            self._axiom(clause.lhs, clause.rhs)
        self.goal = self._goal(problem)

    def _score(self, s: Term, t: Term) -> int:
        """The weight of a waiting equation; what stems from a goal with variables counts half, so it comes early."""
        weight = self.strategy.score(s, t)
        return weight // 2 if self.numbers["$false"] in (s.head, t.head) else weight

    def _axiom(self, lhs: Written, rhs: Written) -> None:
        names: dict[str, int] = {}
        sides = self._term(lhs, names), self._term(rhs, names)
        self.axioms.append(sides)
        self.run.add(*sides, ("axiom", len(self.axioms) - 1))

    def _goal(self, problem: Problem) -> tuple[Term, Term]:
        """The ground equation to prove; goals with variables become rules for a symbol of equality."""
        goals = problem.goals
        if len(goals) == 1 and not _has_variables(goals[0].lhs) and not _has_variables(goals[0].rhs):
            return self._term(goals[0].lhs, {}), self._term(goals[0].rhs, {})
        self._axiom(("$equal", ("X",), ("X",)), ("$true",))
        for clause in goals:
            self._axiom(("$equal", clause.lhs, clause.rhs), ("$false",))
        return self.bank.term(self.numbers["$true"]), self.bank.term(self.numbers["$false"])

    def _term(self, t: Written, names: dict[str, int]) -> Term:
        if is_variable(t):
            return self.bank.variable(names.setdefault(t[0], len(names) + 1))
        return self.bank.term(self.numbers[t[0]], tuple(self._term(a, names) for a in t[1:]))

    def answer(self, limit: float) -> Answer | None:
        """Go on for some seconds; the answer, if there is one."""
        self.run.deadline = time.perf_counter() + limit
        status = self.run.run(*self.goal)
        if status == "proved":
            certificate = self._certificate()
            replay(certificate)
            return Answer("proved", "certificate", certificate)
        if status == "refuted":
            return Answer("refuted", "complete system", rules=tuple(map(self._rule, self.run.active)))
        return None

    def _rule(self, rule: Any) -> str:
        arrow = "→" if rule.directed else "="
        return f"{self._show(rule.lhs)} {arrow} {self._show(rule.rhs)}"

    def _show(self, t: Term) -> str:
        if t.head < 0:
            return f"X{-t.head}"
        return show((self.names[t.head], *((self._show(a),) for a in t.args)))

    def _certificate(self) -> dict[str, Any]:
        language, given = Language(self.names, SORT), len(self.axioms)
        extraction = Extraction(self.run, list(it.starmap(_axiom, enumerate(self.axioms))), language, given)
        proof = extraction.goal(*self.goal)
        signature = {n: (_power(self.arities[n]), SORT) for n in self.names}
        statement = {**self._equation(*self.goal), "signature": signature, "name": "goal"}
        statement["given"] = [self._equation(*sides) for sides in self.axioms]
        statement["text"] = f"{self._show(self.goal[0])} = {self._show(self.goal[1])}"
        return {
            "format": "catcore-certificate-1",
            "statement": statement,
            "lemmas": extraction.lemmas,
            "proof": proof,
        }

    def _equation(self, lhs: Term, rhs: Term) -> dict[str, Any]:
        count = len(set(lhs.counts) | set(rhs.counts))
        sides = {"lhs": self._arrow(lhs, count), "rhs": self._arrow(rhs, count)}
        return {"dom": _power(count), "cod": SORT, **sides}

    def _arrow(self, t: Term, count: int) -> Any:
        """A term in ``count`` variables as a term of the kernel, an arrow from their product."""
        if t.head < 0:
            index = -t.head - 1
            steps = [("p1",)] * (count - 1 - index) + ([("p2",)] if index else [])
            return (";", *steps)
        argument: Any = ("!",)
        for i, a in enumerate(t.args):
            part = self._arrow(a, count)
            argument = part if i == 0 else ("<>", argument, part)
        return (";", argument, ("gen", self.names[t.head]))


def _axiom(number: int, sides: tuple[Term, Term]) -> Axiom:
    """A hypothesis; one without variables is an equation on the one-point set."""
    count = len(set(sides[0].counts) | set(sides[1].counts))
    return Axiom(*sides, number, tuple(("v", i) for i in range(count)) or (("1",),))


def _power(count: int) -> Any:
    """The kernel's type of tuples of individuals."""
    kind: Any = "1" if count == 0 else SORT
    for _ in range(count - 1):
        kind = ("*", kind, SORT)
    return kind


def _has_variables(t: Written) -> bool:
    return is_variable(t) or any(map(_has_variables, t[1:]))


def _symbols(t: Written) -> Iterator[str]:
    stack = [t]
    while stack:
        t = stack.pop()
        yield t[0]
        stack.extend(t[1:])


def ranked(names: Sequence[str], arities: Mapping[str, int], uses: Mapping[str, int]) -> tuple[list[int], str | None]:
    """A rank for each symbol: unary operations above, then by arity, rare symbols above frequent ones.

    The highest symbol, if unary, is the one that may have weight 0.
    """
    ordered = sorted(names, key=lambda n: (arities[n] if arities[n] != 1 else 3, -uses.get(n, 0), n))
    rank = {name: i for i, name in enumerate(ordered)}
    top = ordered[-1] if arities[ordered[-1]] == 1 else None
    return [rank[n] for n in names], top


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
    run = _Run(problem, STRATEGIES[0])
    run.run.most, run.run.deadline = selections, time.perf_counter() + seconds
    with deep_recursion():
        if run.run.run(*run.goal) != "refuted":
            return None
        called = dict(zip(plain, names, strict=True))
        run.names = [called.get(name, name) for name in run.names]
        lhs, rhs = (run._show(run.run.normal(side)) for side in run.goal)
        return (lhs, rhs), tuple(map(run._rule, run.run.active))


def _written(t: Term, names: Sequence[str]) -> Written:
    return (f"X{-t.head}",) if t.head < 0 else (names[t.head], *(_written(a, names) for a in t.args))


def clauses_of(problem: Problem) -> tuple[Signature, list[ModelClause]]:
    """A problem's symbols, in order, and its clauses, for the search for models."""
    names = list(problem.arities)
    bank = Bank([1] * len(names))

    def term(t: Written, variables: dict[str, int]) -> Term:
        if is_variable(t):
            return bank.variable(variables.setdefault(t[0], len(variables) + 1))
        return bank.term(names.index(t[0]), tuple(term(a, variables) for a in t[1:]))

    found = []
    for clause in problem.clauses:
        variables: dict[str, int] = {}
        found.append(ModelClause(term(clause.lhs, variables), term(clause.rhs, variables), clause.positive))
    return Signature.of([problem.arities[n] for n in names]), found


class _Models:
    """The search for a finite model of all clauses, which is evaluated again before it is believed."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.signature, self.clauses = clauses_of(problem)
        self.search = PropositionalSearch(self.signature, self.clauses)

    def answer(self, limit: float, tried: list[str]) -> Answer | None:
        """The next round of the search, for some seconds; the answer, if there is one."""
        tried.append(f"finite models, {limit:.1f} s")
        found = self.search.round(deadline=time.perf_counter() + limit)
        return None if found is None else _answered(self.problem, self.signature, self.clauses, found)


def _constructed(problem: Problem, limit: float) -> Answer | None:
    """A model made of a group that is constructed, for models larger than a search for tables finds."""
    signature, clauses = clauses_of(problem)
    found = group_model(signature, clauses, deadline=time.perf_counter() + limit)
    return None if found is None else _answered(problem, signature, clauses, found)


def _answered(problem: Problem, signature: Signature, clauses: list[ModelClause], model: Model) -> Answer | None:
    if not satisfies(model, signature, clauses):
        return None
    tables = {n: list(model.tables[i]) for i, n in enumerate(problem.arities)}
    return Answer("refuted", "finite model", model={"size": model.size, "tables": tables})
