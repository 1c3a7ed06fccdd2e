"""A run of completion on a problem of unit equality, and the certificate of what it proves."""

from __future__ import annotations

import itertools as it
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from catcore_proofs.completion.bank import Term
from catcore_proofs.completion.extraction import Axiom, Extraction, Language
from catcore_proofs.completion.rules import Rule
from catcore_proofs.completion.strategies import Strategy, Symbols
from catcore_proofs.tptp import Clause, Problem, Written, is_variable, show

#: The kernel's type of individuals.
SORT = ("a", "individuals")


class Run:
    """One run of completion on a problem."""

    def __init__(self, problem: Problem, strategy: Strategy) -> None:
        self.strategy = strategy
        self.arities = dict(problem.arities)
        # symbols of its own, whatever the problem means by such names
        self.equal, self.true, self.false = (_unused(name, problem.arities) for name in ("$equal", "$true", "$false"))
        self.arities |= {self.equal: 2, self.true: 0, self.false: 0}
        self.names = list(self.arities)
        self.numbers = {name: i for i, name in enumerate(self.names)}
        self.completion = strategy.started(self._symbols_of(problem))
        self.bank = self.completion.bank
        self.axioms: list[tuple[Term, Term]] = []
        for clause in problem.equations:
            self._axiom(clause.lhs, clause.rhs)
        self.goal = self._goal(problem)

    def _symbols_of(self, problem: Problem) -> Symbols:
        uses = Counter(it.chain.from_iterable(map(_names, problem.equations)))
        goal = set(it.chain.from_iterable(map(_names, problem.goals)))
        return Symbols(
            list(self.arities.values()),
            [uses[name] for name in self.names],
            {self.numbers[name] for name in goal & self.numbers.keys()},
            {self.numbers[self.equal], self.numbers[self.false]},
            {self.numbers[f]: [self.numbers[g] for g in used] for f, used in definitions(problem).items()},
        )

    def _axiom(self, lhs: Written, rhs: Written) -> None:
        names: dict[str, int] = {}
        sides = self._term(lhs, names), self._term(rhs, names)
        self.axioms.append(sides)
        self.completion.add(*sides, ("axiom", len(self.axioms) - 1))

    def _goal(self, problem: Problem) -> tuple[Term, Term]:
        """The ground equation to prove; goals with variables become rules for a symbol of equality."""
        goals = problem.goals
        if len(goals) == 1 and not _has_variables(goals[0].lhs) and not _has_variables(goals[0].rhs):
            return self._term(goals[0].lhs, {}), self._term(goals[0].rhs, {})
        self._axiom((self.equal, ("X",), ("X",)), (self.true,))
        for clause in goals:
            self._axiom((self.equal, clause.lhs, clause.rhs), (self.false,))
        return self.bank.term(self.numbers[self.true]), self.bank.term(self.numbers[self.false])

    def _term(self, t: Written, names: dict[str, int]) -> Term:
        if is_variable(t):
            return self.bank.variable(names.setdefault(t[0], len(names) + 1))
        return self.bank.term(self.numbers[t[0]], tuple(self._term(a, names) for a in t[1:]))

    def status(self, *, steps: int, memory: int, deadline: float) -> str:
        """Go on until a limit: ``'proved'``, ``'refuted'`` or ``'unknown'``.

        Args:
            steps: how many overlaps may be looked at in all.
            memory: how many terms may be kept.
            deadline: a last stop, as a value of ``time.perf_counter``.
        """
        self.completion.limit, self.completion.memory, self.completion.deadline = steps, memory, deadline
        return self.completion.run(*self.goal)

    def rule(self, rule: Rule) -> str:
        """A rule as text."""
        arrow = "→" if rule.directed else "="
        return f"{self.show(rule.lhs)} {arrow} {self.show(rule.rhs)}"

    def show(self, t: Term) -> str:
        """A term as text."""
        if t.head < 0:
            return f"X{-t.head}"
        return show((self.names[t.head], *((self.show(a),) for a in t.args)))

    def certificate(self) -> dict[str, Any]:
        """The certificate of a proof, which the kernel has yet to replay."""
        language, given = Language(self.names, SORT), len(self.axioms)
        extraction = Extraction(self.completion, list(it.starmap(_axiom, enumerate(self.axioms))), language, given)
        proof = extraction.goal(*self.goal)
        signature = {n: (_power(self.arities[n]), SORT) for n in self.names}
        statement = {**self._equation(*self.goal), "signature": signature, "name": "goal"}
        statement["given"] = [self._equation(*sides) for sides in self.axioms]
        statement["text"] = f"{self.show(self.goal[0])} = {self.show(self.goal[1])}"
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


def _unused(name: str, taken: Collection[str]) -> str:
    """A name with marks until nothing is called so."""
    while name in taken:
        name += "\N{PRIME}"
    return name


def _has_variables(t: Written) -> bool:
    return is_variable(t) or any(map(_has_variables, t[1:]))


def _names(clause: Clause) -> Iterator[str]:
    """The symbols and variables of a clause, with repetitions."""
    return (t[0] for side in (clause.lhs, clause.rhs) for t in parts(side))


def definitions(problem: Problem) -> dict[str, list[str]]:
    """The symbols that an axiom defines, with the symbols of what they stand for; those that are used come first.

    ``f(x, y) = t`` defines f when the variables are different, none is repeated in t or new there, and f is not used in
    what t stands for.
    """
    found: dict[str, list[str]] = {}
    for clause in problem.equations:
        for head, body in ((clause.lhs, clause.rhs), (clause.rhs, clause.lhs)):
            if head[0] not in found and _defines(head, body):
                found[head[0]] = [t[0] for t in parts(body) if not is_variable(t)]
                break
    return _dependent(found)


def _defines(head: Written, body: Written) -> bool:
    """Whether a term is a symbol applied to different variables, and another one has each of these once at most."""
    if is_variable(head) or is_variable(body) or not all(map(is_variable, head[1:])):
        return False
    used = [t for t in parts(body) if is_variable(t)]
    return len(set(head[1:])) == len(head) - 1 and len(set(used)) == len(used) and set(used) <= set(head[1:])


def _dependent(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Definitions without those that go round in circles, each after those it uses."""
    missing = {f: {g for g in used if g in found} for f, used in found.items()}
    users: dict[str, list[str]] = {f: [] for f in found}
    for f, used in missing.items():
        for g in used:
            users[g].append(f)
    place = {f: number for number, f in enumerate(found)}
    ordered: dict[str, list[str]] = {}
    ready = [f for f in found if not missing[f]]
    while ready:
        ordered |= {f: found[f] for f in ready}
        for g in ready:
            for f in users[g]:
                missing[f].discard(g)
        ready = sorted({f for g in ready for f in users[g] if not missing[f]}, key=place.__getitem__)
    return ordered


def parts(t: Written) -> Iterator[Written]:
    """A written term and the terms in it."""
    stack = [t]
    while stack:
        t = stack.pop()
        yield t
        stack.extend(t[1:])
