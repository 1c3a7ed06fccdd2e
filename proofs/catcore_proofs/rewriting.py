"""Rewriting by hypotheses, and ordered completion (Knuth and Bendix 1970; Bachmair, Dershowitz and Plaisted 1989).

Each hypothesis becomes rules that replace a greater side by a smaller one.  When that does not settle an equation,
completion adds what two overlapping rules imply.  Every such consequence is a lemma with its own proof: the term where
the two rules meet, and the rewrites that lead from it to either side.  Equations that no order directs, such as
commutativity, are used in the direction that makes the term at hand smaller.
"""

from __future__ import annotations

import heapq
import itertools as it
from collections.abc import Iterator
from typing import Any

from catcore_proofs import terms
from catcore_proofs.congruence import Congruence, Move
from catcore_proofs.evaluation import Normal, Rejected, Split, Type
from catcore_proofs.kernel import Kernel
from catcore_proofs.patterns import asked, covers, renumbered
from catcore_proofs.rules import Rule as Rule
from catcore_proofs.rules import Rules, Step

#: Bounds of completion, in rules and in overlaps looked at; verdicts repeat because these are counted.
RULES, OVERLAPS, WEIGHT, REWRITES = 80, 4_000, 30, 2_000


class RewriteSystem(Rules):
    """The rules that a kernel's equations give, how they rewrite, and the lemmas that completion adds to them."""

    def __init__(self, kernel: Kernel) -> None:
        super().__init__(kernel)
        self._answered: tuple[Any, list[Rule]] | None = None
        self._inside = Congruence(kernel, self.normalise)

    # ---- normal forms -------------------------------------------------------------------------------------------

    def rewrite(
        self, term: Normal, *, unconditional: bool = False, without: frozenset[Any] = frozenset()
    ) -> tuple[Step, Normal, Normal] | None:
        """The first rewrite that applies somewhere in a term, with the parts it exchanges."""
        for part in terms.subterms(term):
            for rule in (*self.rules, *self.local):
                if unconditional and rule.conditions:
                    continue
                values = terms.match(rule.lhs, part, {})
                if values is None:
                    continue
                new = terms.substitute(rule.rhs, values)
                if not (rule.directed or self.order.total(part, new)) or (rule.step(values), part) in without:
                    continue
                if self._met(rule, values):
                    return rule.step(values), part, new
        return None

    def normalise(
        self, term: Normal, cod: Type, limit: int = REWRITES, *, binders: bool = True
    ) -> tuple[list[Move], Normal]:
        """Rewrite a normal form of the present goal until no rule applies, and list the moves; under binders or not."""
        steps: list[Move] = []
        without: set[Any] = set()
        seen = {term}  # evaluation may undo a rewrite, so that rules lead round in circles
        while len(steps) < limit:
            found = self.rewrite(terms.frozen(term), without=frozenset(without))
            if found is None:
                inside = self._inside.move(term, cod) if binders else None
                if inside is None or inside.middle == term:
                    break
                steps.append(inside)
                term = inside.middle
                continue
            (number, frozen, forward), part, _ = found
            point = tuple(map(terms.thawed, frozen))
            changed = self.changed(number, point, forward, term, cod)
            if changed is None or changed in seen:
                without.add((found[0], part))
                continue
            term = changed
            seen.add(term)
            steps.append((number, point, forward))
        return steps, term

    def changed(self, number: int, point: tuple[Normal, ...], forward: bool, term: Normal, cod: Type) -> Normal | None:
        """What a rewrite makes of a term; none where it cannot be made."""
        equation = self.kernel.equations[number]
        try:
            left, right = self.kernel.instance(equation, point)
            return self.kernel.replaced(term, cod, (left, right) if forward else (right, left), equation.cod)
        except Split as split:
            self.open.append((split.neutral, split.kind))
        except Rejected:  # what looks like an instance is of another type
            pass
        return None

    def answers(self, question: Normal, kind: Type) -> Iterator[Step]:
        """The rewrites that answer a question."""
        frozen, first = terms.frozen(question), asked(question)
        for rule in (*self._local_answers(), *self.answering.get(first, ())):
            values = terms.match(rule.lhs, frozen, {})
            if values is not None and self.kernel.equations[rule.number].cod == kind and self._met(rule, values):
                number, point, forward = rule.step(values)
                yield number, tuple(map(terms.thawed, point)), forward

    def _local_answers(self) -> list[Rule]:
        """The rules by which the induction hypothesis answers questions, kept as long as nothing else is known."""
        last, kernel = len(self.kernel.equations) - 1, self.kernel
        if last < 0 or not kernel.equations[last].hypothetical:
            return []
        state = kernel.known, kernel.equations[last], len(kernel.context)
        if self._answered is None or any(a is not b for a, b in zip(self._answered[0], state, strict=True)):
            self._answered = state, self.answering_hypotheses(last)
        return self._answered[1]

    def reduce(self, term: Normal) -> tuple[list[Step], Normal]:
        """As :meth:`normalise`, for a term of a lemma, whose rewrites need no evaluation."""
        steps: list[Step] = []
        while (found := self.rewrite(term, unconditional=True)) is not None and len(steps) < REWRITES:
            step, old, new = found
            term = terms.replace_all(term, old, new)
            steps.append(step)
        return steps, term

    # ---- completion -----------------------------------------------------------------------------------------------

    def complete(self) -> bool:
        """Add the consequences of overlapping rules, within bounds; whether anything was added."""
        if self.completed:
            return False
        self.completed = True
        before, overlaps, pairs = len(self._lemmas), 0, Pairs(self.order)
        while (pair := pairs.next(self.rules)) is not None:
            for peak, kinds, one, two in self._overlaps(*pair):
                overlaps += 1
                self._conclude(peak, kinds, one, two)
            if overlaps > OVERLAPS or len(self.rules) > RULES:
                break
        return len(self._lemmas) > before

    def _overlaps(self, a: Rule, b: Rule) -> Iterator[tuple[Normal, tuple[Type, ...], Any, Any]]:
        """The terms where both rules apply: the term, its variables, and each rule's rewrite there."""
        by = len(a.kinds)
        lhs, rhs, point = terms.shift(b.lhs, by), terms.shift(b.rhs, by), tuple(terms.shift(p, by) for p in b.point)
        for part in {p: None for p in terms.subterms(a.lhs) if p[0] not in ("v", "*", "1", "b", "n")}:
            if part == a.lhs and a is b:
                continue
            values = terms.unify(part, lhs, {})
            if values is None:
                continue
            peak = terms.resolve(a.lhs, values)
            kinds, renaming = renumbered(peak, a.kinds + b.kinds)
            if not (covers(values, a.point, renaming) and covers(values, point, renaming)):
                continue

            def named(term: Normal, values: Any = values, renaming: Any = renaming) -> Normal:
                return terms.substitute(terms.resolve(term, values), renaming)

            one = ((a.number, tuple(map(named, a.point)), a.forward), named(a.lhs), named(a.rhs))
            two = ((b.number, tuple(map(named, point)), b.forward), named(lhs), named(rhs))
            yield named(a.lhs), kinds, one, two

    def _conclude(self, peak: Normal, kinds: tuple[Type, ...], one: Any, two: Any) -> None:
        """Turn a peak with two rewrites into a lemma and its rules, unless both ends agree already."""
        ends, chains = [], []
        for step, old, new in (one, two):
            steps, end = self.reduce(terms.replace_all(peak, old, new))
            ends.append(end)
            chains.append([step, *steps])
        if ends[0] == ends[1] or max(map(self.order.weight, ends)) > WEIGHT:
            return
        if set(terms.variables(ends[0])) | set(terms.variables(ends[1])) != set(range(len(kinds))):
            return
        self._add_lemma(peak, kinds, ends, chains)

    def _add_lemma(self, peak: Normal, kinds: tuple[Type, ...], ends: list[Normal], chains: list[list[Step]]) -> None:
        with self.outside(kinds):
            cod = self.kernel.synthesise(peak)
        proof = ("via", peak, _chain(chains[0]), _chain(chains[1]))
        lemma = {"variables": kinds, "cod": cod, "lhs": ends[0], "rhs": ends[1], "proof": proof}
        with self.outside(()):
            try:
                self.kernel.lemma(lemma)
            except (Rejected, Split):  # no normal form, such as a function applied to a function, or a question
                return
        self._lemmas.append(lemma)
        added = self.rules_of(len(self.kernel.equations) - 1)
        old, self.rules = self.rules, [*self.rules, *added]
        for rule in old:
            self._simplify(rule, added)

    def _simplify(self, rule: Rule, added: list[Rule]) -> None:
        """Retire a rule whose greater side the new rules rewrite; what it says is kept as a lemma if still needed."""
        if rule.conditions:
            return
        if rule.directed and any(_applies(new, rule.lhs) for new in added if new.directed) and rule in self.rules:
            self.rules.remove(rule)
            found = self.rewrite(rule.lhs, unconditional=True)
            if found is not None:
                identity = tuple(("v", i) for i in range(len(rule.kinds)))
                values = dict(enumerate(identity))
                self._conclude(rule.lhs, rule.kinds, (rule.step(values), rule.lhs, rule.rhs), found)

    def lemmas(self) -> list[dict[str, Any]]:
        """The lemmas found, in the order in which they were proved."""
        return self._lemmas


class Pairs:
    """The pairs of rules that may overlap, each once, the lightest first.

    Args:
        order: the order that weighs their left sides.
    """

    def __init__(self, order: terms.Order) -> None:
        self.order = order
        self._met: dict[int, tuple[Rule, frozenset[Any]]] = {}  # by identity, with the heads inside the left side
        self._queue: list[tuple[int, int, Rule, Rule]] = []
        self._count = it.count()

    def next(self, rules: list[Rule]) -> tuple[Rule, Rule] | None:
        """The next pair of the present rules, or None when all were given."""
        for rule in rules:
            if not rule.conditions and id(rule) not in self._met:
                self._meet(rule)
        present = set(map(id, rules))
        while self._queue:
            *_, a, b = heapq.heappop(self._queue)
            if id(a) in present and id(b) in present:
                return a, b
        return None

    def _meet(self, rule: Rule) -> None:
        inside = frozenset(map(_head, terms.subterms(rule.lhs)))
        self._met[id(rule)] = rule, inside
        for other, heads in list(self._met.values()):
            weight = self.order.weight(rule.lhs) + self.order.weight(other.lhs)
            if _head(other.lhs) in inside:
                heapq.heappush(self._queue, (weight, next(self._count), rule, other))
            if other is not rule and _head(rule.lhs) in heads:
                heapq.heappush(self._queue, (weight, next(self._count), other, rule))


def _head(term: Normal) -> Any:
    """What two terms that can be unified, and are no variables, have in common."""
    return term[:2] if term[0] in ("g", "fold", "unfold") else term[0]


def _chain(steps: list[Step]) -> Any:
    proof: Any = ("same",)
    for step in reversed(steps):
        proof = ("rewrite", 0, *step, proof)
    return proof


def _applies(rule: Rule, term: Normal) -> bool:
    return any(terms.match(rule.lhs, part, {}) is not None for part in terms.subterms(term))
