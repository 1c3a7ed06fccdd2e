"""The proof that two values are equal, under what is known of them: one branch of a proof.

Both values are normalised.  Where that needs to know which case an element of a sum is in, a rule or a lemma answers,
or the proof goes on in each case.  Where the normal forms differ, they are rewritten by the hypotheses, by their
consequences, and by induction hypotheses.  A branch that gets stuck says at what, and what was known there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore_proofs.columns import answer, answers
from catcore_proofs.congruence import binds, chained, turns
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, flat, injections, packed, same
from catcore_proofs.generalisation import Conjecture
from catcore_proofs.kernel import Equation, Kernel, component
from catcore_proofs.observations import Fact, Observations
from catcore_proofs.rewriting import REWRITES, RewriteSystem
from catcore_proofs.syntax import freeze

Sides = tuple[Callable[[], Value], Callable[[], Value]]

#: How many rewrites an induction hypothesis may make from its smaller to its greater side.
BACKWARDS = 30

#: How many equations may be found in a goal with both of their sides.
CONNECTIONS = 10

#: How many elements may be opened, one after another.
REVEALS = 8


class Unsettled(Exception):
    """The search found no proof; ``stuck`` holds the two normal forms where it stopped, if it came that far."""

    def __init__(
        self,
        reason: str,
        stuck: tuple[Normal, Normal] | None = None,
        kinds: tuple[Type, ...] = (),
        cod: Type = "1",
        hypotheses: tuple[tuple[Normal, Normal], ...] = (),
        facts: tuple[Fact, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.stuck, self.kinds, self.cod, self.hypotheses, self.facts = stuck, kinds, cod, hypotheses, facts


class Wanted(Exception):
    """The search would like to know a conjecture before it goes on."""

    def __init__(self, conjecture: Conjecture) -> None:
        super().__init__("a conjecture is wanted")
        self.conjecture = conjecture


def holds_functions(kind: Type) -> bool:
    """Whether a type is one of functions, or of pairs with a function in them."""
    return kind[0] == "^" or (kind[0] == "*" and any(map(holds_functions, kind[1:])))


class Branches:
    """The state of a search, and the proofs of branches.

    Args:
        statement: see :func:`catcore_proofs.translation.statement`.
        steps: how many evaluation steps may be taken.
        kernel: the kind of kernel that follows the search.
    """

    def __init__(self, statement: dict[str, Any], steps: int, kernel: type[Kernel] = Kernel) -> None:
        self.kernel = kernel(statement["signature"], steps, statement.get("functors"))
        self.kernel.equations = [self.kernel.equation(given) for given in statement["given"]]
        self.system = RewriteSystem(self.kernel)
        self.observations = Observations(self.kernel, free=not statement["given"])
        self.observations.read(freeze([statement["lhs"], statement["rhs"]]))
        self.leaves = self.depth = 0
        self.refused: dict[Any, int] = {}
        self.data = "μ" in repr(statement)
        self.revealed: frozenset[int] = frozenset()  # the variables that are parts of what was opened
        self.reveals = 0  # how many elements were opened in the present branch
        self.unsplit: list[Unsettled] = []  # what else was compared in vain: sums as they are, lemmas turned round

    def open(self, goal: Equation) -> Sides:
        """Both sides of an equation on generic elements."""
        kernel = self.kernel
        kernel.context.clear()
        kernel.declare(goal.kinds)

        def side(number: int) -> Callable[[], Value]:
            return lambda: goal.evaluate(number, [kernel.reflect(("v", i), k) for i, k in enumerate(goal.kinds)])

        return side(0), side(1)

    def attempt(self, sides: Sides, cod: Type) -> Any:
        """A proof that two values are equal, under what is known."""
        kernel = self.kernel
        try:
            left, right = (kernel.reify(side(), cod) for side in sides)
        except Split as split:
            proof = self.as_they_are(sides, cod)
            return self.decide(split, lambda: self.attempt(sides, cod)) if proof is None else ("unsplit", proof)
        self.leaf()
        if same(left, right):
            return ("same",)
        if kernel.equations and holds_functions(cod):  # rewriting does not reach under binders, so they are opened
            return self.opened(sides, cod)
        alike = left[0] == right[0] and left[0] in ("bind", "map") and same(left[1], right[1])
        if alike and (kernel.equations or self.depth):
            with kernel.assuming({}):
                (one, other), kind = kernel.bodies(left, right, cod)
                return ("under", self.attempt((one, other), kind))
        try:
            return self.rewrite(left, right, cod)
        except Split as split:
            return self.decide(split, lambda: self.attempt(sides, cod))
        except Unsettled as stuck:
            for _, step in self.system.told():
                with kernel.assuming(kernel.tells(kernel.equations[step[0]], step[1], step[2])):
                    return ("fact", *step, self.attempt(sides, cod))
            bound = binds(left) or binds(right)
            if holds_functions(cod) or (cod[0] == "*" and (bound or self.system.wholes)):
                return self.opened(sides, cod)
            if bound:
                return self.inside((left, right), cod, stuck)
            raise

    def inside(self, ends: tuple[Normal, Normal], cod: Type, stuck: Unsettled) -> Any:
        """A proof that elements are rewritten to two of one form, and what is inside is equal; else it is ``stuck``."""
        kernel = self.kernel
        (one, left), (two, right) = (self.system.normalise(end, cod) for end in ends)
        if turns(two):
            left, right = right, left
        try:
            contents, kind = kernel.inside((lambda: kernel.revalue(left), lambda: kernel.revalue(right)), cod)
        except Rejected:
            raise stuck from None
        return chained(one, two, ("inside", self.attempt((contents[0], contents[1]), kind)))

    def as_they_are(self, sides: Sides, cod: Type) -> Any:
        """A proof without any further case distinction on elements of sums, or none."""
        kernel = self.kernel
        if kernel.unsplit or not self.data or holds_functions(cod):
            return None
        self.leaf()
        try:
            with kernel.leaving_sums():
                left, right = (kernel.reify(side(), cod) for side in sides)
                self.hypotheses()
                proof, ends = self._join(left, right, cod)
                if proof is None:
                    self.unsplit.append(self.unsettled("rewriting by the hypotheses", ends, cod))
                return proof
        except Split:
            return None

    def decide(self, split: Split, proof: Callable[[], Any]) -> Any:
        """A proof that knows which case a neutral element is in: by a rule, by a new lemma, or in each case."""
        kernel, question = self.kernel, split.neutral
        if (closed := self.closed(question)) is not None:
            return self.reveal(closed, proof)
        self.system.prepare()
        for number, point, forward in self.system.answers(question, split.kind):
            try:
                facts = kernel.tells(kernel.equations[number], point, forward)
            except Split as inner:
                if inner.neutral == question:
                    continue
                return self.decide(inner, proof)
            except Rejected:
                continue
            if question in facts:
                with kernel.assuming(facts):
                    return ("fact", number, point, forward, proof())
        if self.depth:
            for conjecture in self.observations.explanations(question, split.kind, self.facts(), kernel.context):
                if self.refused.get(conjecture.key, 0) < self.depth:
                    raise Wanted(conjecture)
        if answers(split.kind):
            self.observations.ask(question, split.kind, kernel.context)
        return self.split(split, proof)

    def closed(self, question: Normal) -> Normal | None:
        """The element of a least fixed point that has to be opened to answer a question about its layer."""
        while question[0] in ("p1", "p2", "@"):
            question = question[1]
        if question[0] != "out" or self.kernel.synthesise(question[1])[0] != "μ":
            return None
        return self.blocking(question[1])

    def blocking(self, element: Normal) -> Normal:
        """The variable on which the folds wait that an element is made of, or the element itself."""
        inner = element
        while inner[0] in ("p1", "p2", "@", "fold", "out"):
            inner = inner[2] if inner[0] == "fold" else inner[1]
        if inner[0] == "v" and self.kernel.context[inner[1]][0] == "μ" and inner[1] not in self.revealed:
            return inner
        return element

    def reveal(self, neutral: Normal, proof: Callable[[], Any]) -> Any:
        """A proof that goes on with the layer of a neutral element."""
        kernel, start = self.kernel, len(self.kernel.context)
        saved = self.revealed, self.reveals
        if self.reveals == REVEALS:
            raise Unsettled("generic elements: too many constructors are taken off")
        with kernel.opening(neutral):
            self.revealed, self.reveals = saved[0] | frozenset(range(start, len(kernel.context))), saved[1] + 1
            try:
                return ("open", neutral, proof())
            finally:
                self.revealed, self.reveals = saved

    def facts(self) -> list[Fact]:
        """The questions whose answers are known."""
        found = []
        for question, value in self.kernel.known.items():
            if question[0] != "v" and (known := answer(self.kernel, value)) is not None:
                try:
                    kind = self.kernel.synthesise(question)
                except (Rejected, IndexError, KeyError, TypeError):
                    continue
                if answers(kind):
                    found.append(Fact(question, kind, known))
        return found

    def absurd(self) -> Any:
        """A proof that what is known is contradictory, or none."""
        kernel = self.kernel
        for question, kind, _ in self.facts():
            for number, point, _ in self.system.answers(question, kind):
                try:
                    left, right = (answer(kernel, v) for v in kernel.values(kernel.equations[number], point))
                except (Split, Rejected):
                    continue
                if left is not None and right is not None and _apart(left, right):
                    return ("absurd", number, point)
        return None

    def leaf(self) -> None:
        """Count a leaf of the proof."""
        self.leaves -= 1
        if self.leaves < 0:
            raise Unsettled("generic elements: too many cases")

    def opened(self, sides: Sides, cod: Type) -> Any:
        """A proof by components, and at a generic argument for functions."""
        kernel = self.kernel
        if cod[0] == "*":
            return ("parts", *(self.attempt((component(sides[0], i), component(sides[1], i)), cod[i]) for i in (1, 2)))
        with kernel.assuming({}):
            start = len(kernel.context)
            kernel.declare(flat(cod[2]))
            one, other = (kernel.applied(side, cod[2], start) for side in sides)
            return ("apply", self.attempt((one, other), cod[1]))

    def split(self, split: Split, proof: Callable[[], Any]) -> Any:
        """A proof by cases on a neutral element."""
        kernel, proofs = self.kernel, []
        for payload, inject in injections(split.kind):
            with kernel.assuming({}):
                start, saved, revealed = len(kernel.context), kernel.smaller, self.revealed
                value = ("1",) if payload is None else packed(payload, iter(kernel.declare(flat(payload))))
                if kernel.part(split.neutral):
                    kernel.smaller |= frozenset(range(start, len(kernel.context)))
                if split.neutral[0] == "v" and split.neutral[1] in revealed:
                    self.revealed |= frozenset(range(start, len(kernel.context)))
                kernel.known = {**kernel.known, split.neutral: inject(value)}
                try:
                    proofs.append(proof())
                finally:
                    kernel.smaller, self.revealed = saved, revealed
        return ("split", split.neutral, proofs)

    def rewrite(self, left: Normal, right: Normal, cod: Type) -> Any:
        """A proof by rewriting both sides to a common normal form."""
        kernel, system = self.kernel, self.system
        if not kernel.equations:
            raise self.unsettled("generic elements", (left, right), cod)
        self.hypotheses()
        proof, ends = self._join(left, right, cod)
        if proof is None and system.local:
            hypotheses = system.local
            system.local = [backwards for rule in hypotheses if (backwards := rule.backwards()) is not None]
            proof, _ = self._join(left, right, cod, BACKWARDS)
            system.local = hypotheses
        if proof is None and (distributed := system.distributed()):
            rules, system.rules = system.rules, distributed
            proof, parted = self._join(left, right, cod, BACKWARDS)
            system.rules = rules
            if proof is None:
                self.unsplit.append(self.unsettled("rewriting by the hypotheses", parted, cod))
        if proof is None and not system.local and not self.data and system.complete():
            proof, ends = self._join(left, right, cod)
        if proof is None:
            proof = self.absurd()
        if proof is None and system.open:
            raise Split(*system.open[0])
        if proof is None:
            if self.depth:
                for conjecture in self.observations.contradictions(self.facts(), kernel.context):
                    if self.refused.get(conjecture.key, 0) < self.depth:
                        raise Wanted(conjecture)
            raise self.unsettled("rewriting by the hypotheses", ends, cod)
        return proof

    def hypotheses(self) -> None:
        """Read the induction hypothesis as rules, at the present place."""
        kernel, system = self.kernel, self.system
        system.prepare()
        granted = (n for n, equation in enumerate(kernel.equations) if equation.hypothetical)
        system.local = [rule for number in granted for rule in system.hypotheses(number)]

    def unsettled(self, how: str, ends: tuple[Normal, Normal], cod: Type) -> Unsettled:
        """The failure of a branch, with what remained of it."""
        hypotheses = tuple((rule.lhs, rule.rhs) for rule in self.system.local)
        reason = f"{how}: the two sides have different normal forms"
        return Unsettled(reason, ends, tuple(self.kernel.context), cod, hypotheses, tuple(self.facts()))

    def _join(self, left: Normal, right: Normal, cod: Type, limit: int = REWRITES) -> tuple[Any, tuple[Normal, Normal]]:
        """A proof that both sides rewrite to one normal form, or none; and the two normal forms."""
        self.system.open = []
        (one, first), (two, second) = (self.system.normalise(side, cod, limit) for side in (left, right))
        for _ in range(CONNECTIONS):
            if same(first, second):
                return chained(one, two), (first, second)
            for step in self.system.connecting(first, second):
                changed = self.system.changed(*step, first, cod)
                if changed is not None and changed != first:
                    one, first = [*one, step], changed
                    break
            else:
                break
        return None, (first, second)


def _apart(left: Value, right: Value) -> bool:
    """Whether two elements of a finite type are in different cases at the outside."""
    return left != right if left[0] == "n" else left[0] != right[0]
