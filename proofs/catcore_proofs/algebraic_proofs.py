"""Laws between operations, proved by unfailing completion.

Where hypotheses are equations between operations on atoms, as those of groups, rings, lattices and actions are, they
become the axioms of a run of ordered completion, and the variables of the law become new constants of it.  A run in
which both sides of the law reach one normal form is written out as a certificate of the law itself: the rules that it
needed are lemmas, each with the peak where it came from, and the kernel replays them (Bachmair, Dershowitz and
Plaisted 1989).  With several sorts the run does not look at them; the kernel does.
"""

from __future__ import annotations

import itertools as it
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from catcore.laws import Law
from catcore_proofs.algebraic import Reading, neutral, reading
from catcore_proofs.completion.bank import Overgrown, Term
from catcore_proofs.completion.extraction import Axiom, Extraction, Language, Unwritten
from catcore_proofs.completion.strategies import STRATEGIES, Strategy, Symbols
from catcore_proofs.equational import deep_recursion
from catcore_proofs.evaluation import Normal, Rejected, Type
from catcore_proofs.kernel import replay

#: How many overlaps each strategy looks at, in turns, how many strategies there are, and the last stop in seconds.
OVERLAPS, STRATEGY_COUNT, SECONDS = (1_000, 4_000, 12_000), 4, 120.0


def certificate(law: Law) -> dict[str, Any] | None:
    """A certificate that the kernel has replayed, or None where completion finds none within its bounds."""
    read = reading(law)
    if read is None or read.sides is None or not any(each.clauses for each in read.given):
        return None
    last = time.perf_counter() + SECONDS
    with deep_recursion():
        runs = [_Completion(read, strategy) for strategy in STRATEGIES[:STRATEGY_COUNT]]
        for overlaps, run in it.product(OVERLAPS, runs):
            found = run.certificate(overlaps, last)
            if found is not None:
                return found
    return None


def covers(law: Law) -> bool:
    """Whether a law and all its hypotheses are read by completion, so that no other rewriting can add to it."""
    read = reading(law)
    return read is not None and read.exact and read.sides is not None and all(len(h.parts) == 1 for h in read.given)


class _Completion:
    """One run of completion on a law."""

    def __init__(self, read: Reading, strategy: Strategy) -> None:
        self.read = read
        uses = Counter(h for clause in read.hypotheses for h in it.chain(_heads(clause.lhs), _heads(clause.rhs)))
        goal = {h for aim in read.goals for h in it.chain(_heads(aim.lhs), _heads(aim.rhs))}
        arities = list(map(len, read.signature.arguments))
        symbols = Symbols(arities, [uses[number] for number in range(len(arities))], goal)
        self.run = strategy.started(symbols)
        self.bank = self.run.bank
        if len(read.atoms) > 1:
            self.bank.least = None
        self.axioms = list(self._axioms())
        for number, axiom in enumerate(self.axioms):
            self.run.add(axiom.lhs, axiom.rhs, ("axiom", number))

    def _axioms(self) -> Iterator[Axiom]:
        """The hypotheses of one part; a rewrite by others would exchange all parts at once."""
        for number, each in enumerate(self.read.given):
            if len(each.parts) == 1:
                (part,), (clause,) = each.parts, each.clauses
                yield Axiom(self._own(clause.lhs), self._own(clause.rhs), number, part.point)

    def _own(self, t: Term) -> Term:
        return self.bank.term(t.head, tuple(map(self._own, t.args)))

    def certificate(self, overlaps: int, last: float) -> dict[str, Any] | None:
        """Go on until so many overlaps were looked at; the certificate, if there is one."""
        self.run.limit, self.run.deadline = overlaps, last
        goals = [(self._own(goal.lhs), self._own(goal.rhs)) for goal in self.read.goals]
        if any(self.run.run(*goal) != "proved" for goal in goals):
            return None
        try:
            whole = self._written(goals)
            replay(whole)
        except (Unwritten, Rejected, Overgrown, RecursionError):  # a proof that the kernel does not accept is no proof
            return None
        return whole

    def _written(self, goals: Sequence[tuple[Term, Term]]) -> dict[str, Any]:
        said, language = self.read.statement, Operations(self.read)
        lemmas: list[dict[str, Any]] = []
        proofs = []
        for goal in goals:
            found = Extraction(self.run, self.axioms, language, len(said["given"]) + len(lemmas))
            proofs.append(found.goal(*goal))
            lemmas += found.lemmas
        sides = self.read.sides
        assert sides is not None, "a law that was read as goals has normal forms"
        proof = _assembled(*sides, iter(proofs))
        return {"format": "catcore-certificate-1", "statement": said, "lemmas": lemmas, "proof": proof}


def _heads(t: Term) -> Iterator[int]:
    stack = [t]
    while stack:
        t = stack.pop()
        yield t.head
        stack.extend(t.args)


def _assembled(left: Normal, right: Normal, proofs: Iterator[Any]) -> Any:
    """The proof that two normal forms are equal, from proofs for their neutral parts in order."""
    if left[0] == right[0] == "*":
        return ("parts", *(_assembled(a, b, proofs) for a, b in zip(left[1:], right[1:], strict=True)))
    if left[0] == right[0] and left[0] in ("l", "r"):
        return ("inside", _assembled(left[1], right[1], proofs))
    return next(proofs) if neutral(left) or left != right else ("same",)


class Operations(Language):
    """Operations between products of atoms, as normal forms of the kernel; each component of the law has constants."""

    def __init__(self, read: Reading) -> None:
        self.read = read
        self.sorts = [("a", str(atom)) for atom in read.atoms]
        places = [i for part in read.aims for i, value in enumerate(part.point) if value[0] == "v"]
        self.generic = dict(enumerate(places, start=len(read.symbols)))

    def application(self, head: int, arguments: Sequence[Normal]) -> Normal:
        """A symbol, which is a component of a generator, applied to normal forms."""
        name, path = self.read.symbols[head]
        found: Normal = ("g", name, _packed(self.read.statement["signature"][name][0], iter(arguments)))
        for step in path:
            found = (step, found)
        return found

    def kinds(self, names: dict[int, int], seen: Sequence[Term]) -> list[Type]:
        """The type of each variable is what the symbols above it ask for; one that is alone is like its other side."""
        found: dict[int, int] = {}
        stack = list(seen)
        while stack:
            t = stack.pop()
            if t.head >= 0:
                for argument, sort in zip(t.args, self.read.signature.arguments[t.head], strict=True):
                    found.setdefault(argument.head, sort)
                    stack.append(argument)
        alone = self._result(*seen)
        results = self.read.signature.results
        return [
            self.sorts[results[head] if head >= 0 else found.get(head, alone)]
            for head, _ in sorted(names.items(), key=lambda item: item[1])
        ]

    def kind(self, lhs: Term, rhs: Term, peak: Term) -> Type:
        """The type of three equal terms."""
        return self.sorts[self._result(lhs, rhs, peak)]

    def _result(self, *equal: Term) -> int:
        """The sort of equal terms; where all are variables there is but one sort to try."""
        return next((self.read.signature.results[t.head] for t in equal if t.head >= 0), 0)


def _packed(kind: Type, parts: Iterator[Normal]) -> Normal:
    """Components as one normal form of a product of atoms."""
    if kind == "1":
        return ("1",)
    if kind[0] == "*":
        first = _packed(kind[1], parts)
        return ("*", first, _packed(kind[2], parts))
    return next(parts)
