"""The workbench of an unfinished proof: a kernel at its holes, the lemmas, the search, and how things are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from catcore.errors import MoveRefused
from catcore_proofs import terms
from catcore_proofs.evaluation import Normal, Split, same
from catcore_proofs.goals.holes import HOLE, IH, Proof, holes, plugged, renumbered
from catcore_proofs.goals.notation import Notation, Writer
from catcore_proofs.goals.pausing import Hole, PausingKernel
from catcore_proofs.rewriting import RewriteSystem, Rule
from catcore_proofs.search import Search, Unsettled


class BothWays(RewriteSystem):
    """Equations as rules in both directions, whatever becomes larger."""

    def rule(self, number: int, point: Any, forward: bool, kinds: Any, lhs: Normal, rhs: Normal) -> list[Rule]:
        """The rule that replaces ``lhs`` by ``rhs``, when it can be matched."""
        if lhs == rhs or terms.applies_variable(lhs):
            return []
        return [Rule(number, point, forward, kinds, lhs, rhs, True)]

    def agreeing(self, forward: list[Rule], backward: list[Rule], others: list[Rule]) -> list[Rule]:
        """All rules: the user says which is wanted."""
        return forward + backward


class Workbench:
    """The kernel and the search of one statement, with lemmas that are proved already."""

    def __init__(self, statement: Mapping[str, Any], lemmas: tuple[Mapping[str, Any], ...], notation: Notation) -> None:
        self.search, self.notation = Search(dict(statement), kernel=PausingKernel), notation
        assert isinstance(self.search.kernel, PausingKernel)
        self.kernel, self.system, self.goal = self.search.kernel, self.search.system, self.search.goal
        self.system.prepare()
        for lemma in lemmas:
            self.system.establish(dict(lemma))

    # ---- walking -------------------------------------------------------------------------------------------------

    def visit(self, proof: Proof, pause: Callable[[Hole], None]) -> None:
        """Replay an unfinished proof and pause at its holes."""
        kernel = self.kernel
        kernel.pause, kernel.known, kernel.smaller = pause, {}, frozenset()
        kernel.prove(self.goal, proof)

    def moved(self, proof: Proof, number: int, tactic: Callable[[Hole], Proof]) -> Proof:
        """The proof after a move in one of its holes; what is then equal by evaluation is closed."""
        pieces: list[Proof] = []

        def here(hole: Hole) -> None:
            pieces.append(tactic(hole) if len(pieces) == number else HOLE)

        self.visit(proof, here)
        return self.tidied(plugged(proof, iter(pieces)), number, holes(pieces[number]))

    def tidied(self, proof: Proof, first: int, count: int) -> Proof:
        """The proof with the new holes closed whose two sides have the same normal form."""
        pieces: list[Proof] = []

        def here(hole: Hole) -> None:
            new = first <= len(pieces) < first + count
            pieces.append(("same",) if new and not hole.coinductive and self.trivial(hole) else HOLE)

        self.visit(proof, here)
        return plugged(proof, iter(pieces))

    def trivial(self, hole: Hole) -> bool:
        """Whether both sides have the same normal form."""
        try:
            left, right = self.normals(hole)
        except Split:
            return False
        return same(left, right)

    def normals(self, hole: Hole) -> tuple[Normal, Normal]:
        """The normal forms of both sides; raises ``Split`` where a case distinction is needed."""
        left, right = (self.kernel.reify(side(), hole.cod) for side in hole.sides)
        return left, right

    def settled(self, hole: Hole) -> tuple[Normal, Normal]:
        """Both normal forms, where no case distinction stands in the way."""
        try:
            return self.normals(hole)
        except Split as split:
            text = self.writer().text(split.neutral, split.kind)
            raise MoveRefused(
                f"This subgoal waits for a case distinction on {text}; make it first, with split() or split({text!r})."
            ) from None

    # ---- searching -----------------------------------------------------------------------------------------------

    def searched(self, proof: Proof, number: int) -> Proof:
        """The proof with one hole closed by the search, with lemmas and completion where they are needed."""
        if proof == HOLE:
            found = self.search.settle(self.goal)
            own = len(self.kernel.equations)
            return renumbered(found, lambda each: IH if each == own else each)
        while True:
            # completion would number its lemmas after the induction hypothesis, so it works outside of it
            self.system.completed = True
            try:
                return self.search.finish(lambda: self.moved(proof, number, self._automatic))
            except Unsettled:
                self.system.completed = False
                if not self.system.complete():
                    raise

    def _automatic(self, hole: Hole) -> Proof:
        left, right = hole.sides
        if hole.coinductive is None:
            return self.relative(self.search.attempt((left, right), hole.cod))
        return self.relative(self.search.layers((left, right), hole.coinductive))

    def relative(self, proof: Proof) -> Proof:
        """A proof with the present induction hypothesis called so."""
        own = self.kernel.inductive
        return renumbered(proof, lambda number: IH if number == own else number)

    # ---- rules ---------------------------------------------------------------------------------------------------

    def directions(self, number: int) -> list[Rule]:
        """An equation as rules, from left to right and back."""
        found = self.kernel.inductive if number == IH else number
        if found is None:
            return []
        system = BothWays(self.kernel)
        return system.hypotheses(found) if found == self.kernel.inductive else system.rules_of(found)

    def use_hypotheses(self) -> None:
        """Let the rewrite system use the induction hypothesis of this place."""
        own = self.kernel.inductive
        self.system.local = [] if own is None else self.system.hypotheses(own)

    # ---- writing -------------------------------------------------------------------------------------------------

    def writer(self) -> Writer:
        """A writer for the present context."""
        return Writer(self.kernel, self.notation)

    def rule_names(self, rule: Rule) -> tuple[str, ...]:
        """What the variables of a rule are called; an induction hypothesis keeps the names of the goal's variables."""
        which = self.kernel.equations[rule.number].inductive
        if which is not None:
            names = [name for i, name in enumerate(self.writer().names[: len(self.goal.kinds)]) if i != which]
            if len(names) == len(rule.kinds):
                return tuple(names)
        with self.system.outside(rule.kinds):
            return tuple(self.writer().names)

    def equation_text(self, number: int) -> str:
        """A hypothesis or a lemma, as an equation between expressions; empty where it speaks of elements of sums."""
        equation = self.kernel.equations[number]
        with self.system.outside(equation.kinds):
            point = tuple(("v", i) for i in range(len(equation.kinds)))
            try:
                sides = self.kernel.instance(equation, point)
            except Split:
                return ""
            writer = self.writer()
            return " = ".join(writer.text(side, equation.cod) for side in sides)

    def hypothesis_texts(self, number: int, writer: Writer) -> Iterator[str]:
        """An induction hypothesis, at each smaller element of the present context."""
        kernel, equation, base = self.kernel, self.kernel.equations[number], len(self.kernel.context)
        for rule in BothWays(kernel).hypotheses(number):
            if not rule.forward:
                continue
            names = self.rule_names(rule)
            with kernel.assuming({}):
                kernel.context.extend(rule.kinds)
                inner = Writer(kernel, self.notation, (*writer.names, *names))
                values: terms.Substitution = {i: ("v", base + i) for i in range(len(rule.kinds))}
                sides = kernel.instance(equation, tuple(terms.thawed(terms.substitute(p, values)) for p in rule.point))
                text = " = ".join(inner.text(side, equation.cod) for side in sides)
            yield text + (f" for all {', '.join(names)}" if names else "")
