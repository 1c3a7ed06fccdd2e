"""The saturation loop of ordered completion (Bachmair, Dershowitz and Plaisted 1989; the DISCOUNT loop).

Equations wait; the most promising one is simplified by the active rules, directed if the order allows, made active, and
overlapped with all active rules.  A ground goal ``s = t`` is proved when both sides reach one normal form.  An equation
that no order directs is used in both directions, each time the instance gets smaller.  When no equation waits the
system is ground-confluent; that is checked, and then different normal forms of the two sides refute the goal.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from catcore_proofs.completion.bank import Bank, Overgrown, Substitution, Term, match
from catcore_proofs.completion.confluence import Confluence, Undecided
from catcore_proofs.completion.fingerprints import Shapes
from catcore_proofs.completion.normal_forms import NormalForms
from catcore_proofs.completion.orders import Order
from catcore_proofs.completion.overlaps import CriticalPairs, Overlaps, peak
from catcore_proofs.completion.redundancy import Redundancy
from catcore_proofs.completion.rules import Rule
from catcore_proofs.completion.waiting import Score, Waiting

#: Equations with a side of more symbols are left out, and the run is then incomplete.
LARGEST = 350

#: The most variables in a rule that an overlap gives.
VARIABLES = 48


class Saturation:
    """One run of ordered completion.

    Args:
        bank: where the terms live.
        order: the simplification order.
        deadline: when to stop, as a value of ``time.perf_counter``.
        scores: the weights of waiting equations, each with how many turns it has in a round.
        oldest: how many turns of a round the oldest equation has.
    """

    def __init__(
        self,
        bank: Bank,
        order: Order,
        *,
        deadline: float,
        scores: Sequence[tuple[int, Score]] = ((9, lambda s, t: s.size + t.size),),
        oldest: int = 1,
    ) -> None:
        self.bank, self.order, self.deadline = bank, order, deadline
        shapes = Shapes()
        self.forms = NormalForms(bank, order, shapes)
        self.overlaps, self.pairs = Overlaps(shapes), CriticalPairs(self.forms)
        self.redundancy = Redundancy(bank, shapes)
        self.waiting = Waiting(scores, oldest)
        self.rules: list[Rule] = []
        self.active: list[Rule] = []  # those that no other rule has simplified
        self.axioms: list[tuple[Term, Term]] = []
        self.seen: dict[tuple[Term, Term], bool] = {}
        self.apart = 1 + VARIABLES
        self.complete = True
        self.goal: tuple[Term, Term] | None = None
        self.collapse: Rule | None = None
        self.pending: Iterator[tuple[tuple[Any, ...], Substitution]] = iter(())
        self.selected = self.steps = 0
        # how many equations may be selected, how many overlaps looked at, and how many terms kept
        self.most = self.limit = self.memory = 10**9

    def normal(self, t: Term) -> Term:
        """The normal form of a term under the rules."""
        return self.forms.of(t)

    # ---- the loop ------------------------------------------------------------------------------------------

    def add(self, s: Term, t: Term, origin: tuple[Any, ...]) -> None:
        """Let an axiom wait."""
        self.axioms.append((s, t))
        self.apart = max([self.apart, *(1 - v for side in (s, t) for v in side.counts)])
        self.waiting.add(s, t, origin, first=True)

    def run(self, s: Term, t: Term) -> str:
        """Settle the ground goal ``s = t``: ``'proved'``, ``'refuted'`` or ``'unknown'``.

        After ``'unknown'`` the run can go on with a later deadline.
        """
        self.goal = (s, t)
        if self._proved():
            return "proved"
        while self._overlapped():
            if not self.waiting:
                return "refuted" if self.complete and self._separated() else "unknown"
            if self._spent():
                return "unknown"
            self.selected += 1
            _, left, right, origin = self.waiting.pop()
            try:
                active = self.process(left, right, origin)
            except Overgrown:
                active, self.complete = False, False
            if active and self._proved():
                return "proved"
        return "unknown"

    def _overlapped(self) -> bool:
        """Let the equations of the newest rule's overlaps wait; whether all of them do, before a limit is reached."""
        for overlap, values in self.pending:
            self._overlap(overlap, values)
            if self.steps % 16 == 0 and self._spent():
                return False
        return True

    def _spent(self) -> bool:
        """Whether a limit is reached."""
        counted = self.selected >= self.most or self.steps >= self.limit or len(self.bank.table) >= self.memory
        return counted or time.perf_counter() > self.deadline

    def _proved(self) -> bool:
        """Whether the two sides of the goal reach one term by recorded rewrites of terms that are not too large."""
        assert self.goal is not None
        s, t = self.goal
        if self.collapse is not None or s is t:
            return True
        try:
            return self.normal(s) is self.normal(t) and self.forms.traced(s, []) is self.forms.traced(t, [])
        except Overgrown:
            return False

    def _separated(self) -> bool:
        """Whether the active rules, looked at afresh, are ground-confluent and give the goal two normal forms."""
        assert self.goal is not None
        looked = Confluence(self.bank, self.order, self.active, self.deadline)
        try:
            confluent = looked.holds(self.axioms)
            self.complete = confluent
            return confluent and not looked.joined(*self.goal)
        except (Undecided, Overgrown):
            return False

    def process(self, left: Term, right: Term, origin: tuple[Any, ...]) -> bool:
        """Make an equation active unless it follows from the active ones; whether it became active."""
        if self.normal(left) is self.normal(right):
            return False
        if self._orphan((left, right), origin):
            del self.seen[left, right]  # active rules may yet give it
            return False
        if origin[0] == "overlap":
            whole, outer, inner = peak(origin, self.bank)
            left, right = outer[2], self.bank.replace_all(whole, inner[1], inner[2])
        steps: tuple[list[Any], list[Any]] = ([], [])
        left, right = self.forms.traced(left, steps[0]), self.forms.traced(right, steps[1])
        if left is right or self.redundancy.of(left, right):
            return False
        self.activate(left, right, origin, (tuple(steps[0]), tuple(steps[1])))
        return True

    def _orphan(self, sides: tuple[Term, Term], origin: tuple[Any, ...]) -> bool:
        """Whether a rule that an equation comes from was retired, and no other overlap gave the equation as well."""
        return origin[0] == "overlap" and (origin[1].retired or origin[3].retired) and not self.seen[sides]

    def activate(self, left: Term, right: Term, origin: tuple[Any, ...], steps: tuple[Any, ...]) -> None:
        """Add an equation to the active ones, simplify those by it, and overlap it with them."""
        flipped = False
        directed = self.order.greater(left, right)
        if not directed and (self.order.greater(right, left) or left.size < right.size):
            left, right, flipped = right, left, True
            directed = self.order.greater(left, right)
        lhs, rhs = self.bank.renamed((left, right))
        if len(lhs.counts.keys() | rhs.counts.keys()) >= self.apart:
            self.complete = False
            return
        apart = self.bank.renamed((lhs, rhs), self.apart)
        rule = Rule(len(self.rules), lhs, rhs, directed, origin, steps, flipped, apart)
        self.rules.append(rule)
        if any(a.head < 0 and a.head not in b.counts for a, b in ((lhs, rhs), (rhs, lhs))):
            self.collapse = rule  # a variable equals everything
            return
        self._retire_by(rule)
        self.active.append(rule)
        self.forms.add(rule)
        self.overlaps.add(rule)
        self.redundancy.add(rule)
        self.pending = self.overlaps.of(rule)

    def _retire_by(self, new: Rule) -> None:
        """Take back the active rules whose greater side the new rule rewrites; what that makes of them waits.

        The rewrite is made here: a retired rule still rewrites, and would join its own two sides.
        """
        before = len(self.waiting)
        for lhs, rhs in new.sides():
            for rule, flip, _, part in self.overlaps.rewritten.near(lhs):
                if not rule.retired and not self._below(rule.sides()[flip]):
                    self._retire(rule, flip, self._rewritten(lhs, rhs, new.directed, part), (new, part))
        if len(self.waiting) > before:
            self.overlaps.purge()
            self.active = [rule for rule in self.active if not rule.retired]

    def _below(self, sides: tuple[Term, Term]) -> bool:
        """Whether the second side is always rewritten to the first, new variables having the least value.

        The rule would then join what becomes of it; it may keep a smaller side that others rewrite.
        """
        (side, other), least = sides, self.bank.least
        new = side.counts.keys() - other.counts.keys()
        return bool(new) and least is not None and self.order.greater(
            other, self.bank.instance(side, dict.fromkeys(new, least))
        )  # fmt: skip

    def _retire(self, rule: Rule, flip: int, result: Term | None, rewrite: tuple[Rule, Term]) -> None:
        """Retire a rule one side of which is rewritten, unless nothing comes of it or that is too large."""
        if result is None:
            return
        (side, other), (new, part) = rule.sides()[flip], rewrite
        try:
            changed = self.bank.replace_all(side, part, result)
        except Overgrown:
            return
        rule.retired = True
        self.waiting.add(changed, other, ("rule", rule, (side, other), (new, part, result)))

    def _rewritten(self, lhs: Term, rhs: Term, directed: bool, t: Term) -> Term | None:
        """What an equation makes of a term at its root, where the term gets smaller and not too large."""
        values: Substitution = {}
        if lhs.size > t.size or not match(lhs, t, values):
            return None
        try:
            result = self.bank.instance(rhs, values)
        except Overgrown:
            return None
        return result if directed or self.order.greater(t, result) else None

    def _overlap(self, origin: tuple[Any, ...], values: Substitution) -> None:
        """Let the equation of an overlap wait, unless it is superfluous."""
        self.steps += 1
        try:
            found = self.pairs.of(origin, values)
        except Overgrown:
            self.complete = False
            return
        if found is None:
            return
        if found in self.seen:
            self.seen[found] = True
            return
        s, t = found
        if max(s.size, t.size) > LARGEST:
            self.complete = False
        elif not self.redundancy.permuted(s, t):
            self.seen[found] = False
            self.waiting.add(s, t, origin)
