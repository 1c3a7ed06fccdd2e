"""The search for a certificate: generic elements, case splits, rewriting, induction and coinduction.

Both sides of an equation are normalised on a generic element.  When evaluation is stuck on an element of a sum, the
search splits on it and goes on in each branch.  When the normal forms still differ, they are rewritten by the
hypotheses, by their consequences, and by induction hypotheses.  Where an induction gets stuck, what remains is
generalised and proved first, as a lemma.  The search itself proves nothing: what it returns is a certificate, and
:func:`catcore_proofs.kernel.replay` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from catcore_proofs.branches import Unsettled as Unsettled
from catcore_proofs.branches import Wanted
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, flat, injections, packed, same
from catcore_proofs.exploration import Exploration, compositions
from catcore_proofs.generalisation import Conjecture, conjectures
from catcore_proofs.kernel import Equation, Kernel
from catcore_proofs.mutual import Mutual
from catcore_proofs.observations import Fact, conditional
from catcore_proofs.specimens import differs
from catcore_proofs.syntax import UNIT

#: How many leaves a proof by case splits may have, how deeply lemmas may rest on lemmas, and how many may be tried;
#: an answer to a question counts 1 for the depth, and any other lemma 2.
LEAVES, DEPTH, LEMMAS = 20_000, 6, 200

#: How many leaves each attempt at a lemma may have, how many evaluation steps it may take, and how many a search.
LEMMA_LEAVES, LEMMA_STEPS, STEPS = 200, 500_000, 8_000_000

#: How many cases of a specimen are looked at, by the answers to questions about its labels.
ANSWERED = 16

#: How many layers of elements of greatest fixed points are compared before they are taken for equal.
OBSERVED = 2


def certificate(
    statement: dict[str, Any], *, leaves: int = LEAVES, steps: int = STEPS, depth: int = DEPTH, complete: bool = True,
    known: Iterable[dict[str, Any]] = (),
) -> dict[str, Any]:  # fmt: skip
    """A certificate of a statement.

    Args:
        statement: see :func:`catcore_proofs.translation.statement`.
        leaves: how many cases a proof may have.
        steps: how many evaluation steps may be taken.
        depth: how many lemmas may rest on each other; 0 for none.
        complete: whether the hypotheses are completed where they do not decide by themselves.
        known: lemmas with their proofs, in order; they come first in the certificate.

    Raises:
        Unsettled: when no proof was found; the message says what was tried.
    """
    try:
        search = Search(statement, steps)
        search.system.completed = not complete
        search.system.prepare()
        for lemma in known:
            search.system.establish(lemma)
        proof = search.settle(search.goal, depth, leaves)
    except Rejected as error:
        raise Unsettled(f"generic elements: {error}") from None
    except RecursionError:
        raise Unsettled("generic elements: the term is nested too deeply") from None
    return {"format": "catcore-certificate-1", "statement": statement, "lemmas": search.system.lemmas(), "proof": proof}


class Search(Mutual):
    """The search for a proof of one statement.

    Args:
        statement: see :func:`catcore_proofs.translation.statement`.
        steps: how many evaluation steps may be taken.
        kernel: the kind of kernel that follows the search.
    """

    def __init__(self, statement: dict[str, Any], steps: int = STEPS, kernel: type[Kernel] = Kernel) -> None:
        super().__init__(statement, steps, kernel)
        self.goal = self.kernel.equation(statement)
        self.lemmas = LEMMAS
        self.judged: dict[Any, bool] = {}
        self.looked: dict[Any, Conjecture | None] = {}
        self.explorations: dict[tuple[Type, ...], Exploration] = {}

    # ---- tactics -------------------------------------------------------------------------------------------------

    def settle(self, goal: Equation, depth: int = DEPTH, leaves: int = LEAVES) -> Any:
        """A proof of an equation; lemmas are proved on the way, at most ``depth`` of them resting on each other."""
        while True:
            stuck: list[Unsettled] = []
            self.depth, self.leaves, self.unsplit = depth, leaves, []
            self.revealed, self.reveals = frozenset(), 0
            try:
                for tactic in self.tactics(goal):
                    try:
                        return tactic()
                    except Unsettled as error:
                        stuck.append(error)
            except Wanted as wanted:
                self.found(wanted.conjecture, depth, 1)
                continue
            if depth and goal.cod[0] == "ν" and any(self.found(square, depth, 2) for square in self.squares(goal)):
                continue
            if depth:
                found = self.mutual(goal, self.candidates, lambda failures: self.lemma(failures, depth))
                if found is not None:
                    return found
            failures = [*self.unsplit, *(stuck[1:] or stuck)]
            if depth == 0 or not (self.lemma(failures, depth) or (goal is self.goal and self.completed())):
                raise stuck[-1]

    def completed(self) -> bool:
        """Whether the hypotheses had consequences that were not known yet."""
        return self.system.given > 0 and self.system.complete()

    def finish(self, attempt: Callable[[], Any]) -> Any:
        """A proof of a branch where the kernel stands, with lemmas."""
        while True:
            self.depth, self.leaves, self.unsplit = DEPTH, LEAVES, []
            try:
                return attempt()
            except Wanted as wanted:
                self.found(wanted.conjecture, DEPTH, 1)
            except Unsettled as error:
                if not self.lemma([*self.unsplit, error], DEPTH):
                    raise

    def tactics(self, goal: Equation) -> Iterator[Callable[[], Any]]:
        """The ways to prove an equation, the plainest first."""
        yield lambda: self.plainly(goal)
        for which, kind in enumerate(goal.kinds):
            if kind[0] == "μ":
                yield lambda which=which: self.induct(goal, which)  # type: ignore[misc]
        if goal.cod[0] == "ν":
            yield lambda: self.coinduct(goal)
        for element in self.measures(goal):
            yield lambda element=element: self.descend(goal, element)  # type: ignore[misc]

    def plainly(self, goal: Equation) -> Any:
        """A proof by evaluation, splits and rewriting."""
        return self.attempt(self.open(goal), goal.cod)

    def induct(self, goal: Equation, which: int) -> Any:
        """A proof by induction on a variable."""
        sides = self.open(goal)
        with self.kernel.inducting(goal, which):
            try:
                return ("induct", which, self.attempt(sides, goal.cod))
            except Unsettled:
                if not self.clauses():
                    raise
                return ("induct", which, self.unfolded(sides, goal.cod))

    def coinduct(self, goal: Equation) -> Any:
        """A proof by coinduction."""
        left, right = self.open(goal)
        kernel = self.kernel
        layers = (lambda: kernel.out(left())), (lambda: kernel.out(right()))
        return ("coinduct", self.layers(layers, goal))

    def lemma(self, failures: list[Unsettled], depth: int) -> bool:
        """Prove a generalisation of what remained of some attempts; whether a new lemma was found."""
        candidates = {c.key: c for error in failures for c in self.candidates(error)}
        for allowed in range(2, depth + 1, 2):  # what needs no lemmas of its own comes first
            for conjecture in candidates.values():
                if self.found(conjecture, allowed, 2):
                    return True
            if any(self.found(conjecture, allowed, 2) for conjecture in self.explored(failures)):
                return True
        return False

    def explored(self, failures: list[Unsettled]) -> Iterator[Conjecture]:
        """What functions of values of functions are in other terms, for those that some attempts got stuck at."""
        for error in failures:
            if error.stuck is None:
                continue
            for pattern, kind, kinds in compositions(error.stuck, error.cod, error.kinds, self.kernel):
                found = self.equal_terms(pattern, kind, kinds)
                if found is not None and self.plausible(found):
                    yield found

    def equal_terms(self, pattern: Normal, kind: Type, kinds: tuple[Type, ...]) -> Conjecture | None:
        """The conjecture that a term is equal to a small one, kept once it was looked for."""
        if (pattern, kinds) not in self.looked:
            if kinds not in self.explorations:
                functions = tuple(self.observations.functions)
                self.explorations[kinds] = Exploration(self.observations, functions, kinds)
            self.looked[pattern, kinds] = self.explorations[kinds].equal(pattern, kind)
        return self.looked[pattern, kinds]

    def candidates(self, error: Unsettled) -> Iterator[Conjecture]:
        """The conjectures that what remained of an attempt leads to."""
        if error.stuck is None:
            return
        for conjecture, facts in conjectures(
            error.stuck, error.kinds, error.cod, error.hypotheses, error.facts, self.kernel
        ):
            likely = conjecture if self.plausible(conjecture) else self.conditional(conjecture, facts)
            if likely is not None and self.refused.get(likely.key, 0) < DEPTH:
                yield likely

    def conditional(self, conjecture: Conjecture, facts: list[Fact]) -> Conjecture | None:
        """The conjecture under the fewest of the facts that are needed for it at small elements."""
        if not facts or not self.typed(conjecture):
            return None
        needed = self.observations.conditions(conjecture, facts)
        sides = conjecture.lhs, conjecture.rhs
        return conditional(conjecture.kinds, conjecture.cod, sides, needed, conjecture.rhs) if needed else None

    def found(self, conjecture: Conjecture, depth: int, cost: int) -> bool:
        """Try to prove a conjecture, which takes ``cost`` of the depth, and make a lemma of it."""
        if self.refused.get(conjecture.key, 0) >= depth or self.lemmas == 0:
            return False
        self.refused[conjecture.key] = depth
        self.lemmas -= 1
        try:
            with self.kernel.sparing(LEMMA_STEPS):
                proof = self.settle(self.equation(conjecture), depth - cost, LEMMA_LEAVES)
        except (Unsettled, Rejected):
            self.kernel.tick(0)  # where nothing is left for anyone, the search ends
            return False
        self.system.prepare()
        self.system.establish({**conjecture.statement(), "proof": proof})
        return True

    def typed(self, conjecture: Conjecture) -> bool:
        """Whether both sides of a conjecture have its type: parts that look alike may have different types."""
        try:
            with self.system.outside(conjecture.kinds):
                for side in (conjecture.lhs, conjecture.rhs):
                    self.kernel.check(side, conjecture.cod)
        except Rejected:
            return False
        return True

    def plausible(self, conjecture: Conjecture) -> bool:
        """Whether a conjecture holds at small elements with generic labels."""
        if conjecture.key not in self.judged:
            self.judged[conjecture.key] = self.typed(conjecture) and self.agrees(conjecture)
        return self.judged[conjecture.key]

    def agrees(self, conjecture: Conjecture) -> bool:
        """Whether both sides of a conjecture are found to agree at all specimens."""
        equation = self.equation(conjecture)

        def different(values: list[Value], cases: int = ANSWERED) -> bool:
            try:
                if equation.cod[0] == "ν":
                    return self.parted(equation.evaluate(0, values), equation.evaluate(1, values), equation.cod)
                one, two = (self.kernel.reify(equation.evaluate(i, values), equation.cod) for i in (0, 1))
            except Split as split:
                return self.varied(split, lambda left: different(values, left), cases)
            ends = [self.system.normalise(normal, equation.cod)[1] for normal in (one, two)]
            return not same(ends[0], ends[1])

        self.system.local = []
        with self.system.outside(()):
            return differs(equation.kinds, different, self.kernel) is None

    def varied(self, split: Split, different: Callable[[int], bool], cases: int) -> bool:
        """Whether two elements differ for some answer to a question, as far as so many cases are looked at.

        Hypotheses may rule answers out, so that with them nothing is said.
        """
        ways = injections(split.kind)
        for payload, inject in ways if cases >= len(ways) and not self.system.given else ():
            with self.kernel.assuming({}):
                value = UNIT if payload is None else packed(payload, iter(self.kernel.declare(flat(payload))))
                self.kernel.known = {**self.kernel.known, split.neutral: inject(value)}
                if different(cases // len(ways)):
                    return True
        return False

    def parted(self, left: Value, right: Value, kind: Type, depth: int = OBSERVED) -> bool:
        """Whether two elements of a greatest fixed point are seen to differ in their first layers."""
        one, two = (self.kernel.out(value) for value in (left, right))
        try:
            deeper = self.kernel.corresponding(
                kind[1],
                kind,
                one,
                two,
                lambda a, b, other: other is not None or (depth > 0 and self.parted(a, b, kind, depth - 1)),
            )
        except Rejected:
            return True
        return any(deeper)
