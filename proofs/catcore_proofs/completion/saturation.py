"""The saturation loop of ordered completion (Bachmair, Dershowitz and Plaisted 1989; the DISCOUNT loop).

Equations wait in a queue; the lightest one is simplified by the active rules, directed if the order allows, made
active, and overlapped with all active rules.  A ground goal ``s = t`` is proved when both sides reach one normal form.
An equation that no order directs is used in both directions, each time the instance gets smaller.  When the queue runs
dry the system is ground-confluent, and different normal forms of the two sides refute the goal.
"""

from __future__ import annotations

import heapq
import itertools as it
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from catcore_proofs.completion.bank import Bank, Term, match, subterms, unify
from catcore_proofs.completion.orders import Order

#: How many ground terms a complete system is tried on, and how many instances of each axiom.
GROUND, INSTANCES = 12, 500


@dataclass(eq=False)
class Rule:
    """An active equation, used from left to right; ``directed`` when the left side is always greater.

    ``origin`` is ``("axiom", number)``, ``("rule", rule)`` for a simplified rule, or ``("overlap", outer rule, path,
    inner rule, sides)``; ``steps`` are the rewrites that brought the two sides of the origin to this form.
    """

    number: int
    lhs: Term
    rhs: Term
    directed: bool
    origin: tuple[Any, ...]
    steps: tuple[Any, ...]
    flipped: bool = False
    apart: tuple[Term, Term] = field(default=None)  # type: ignore[assignment]
    positions: list[tuple[tuple[int, ...], Term]] = field(default_factory=list)


#: Overlaps of more symbols are left out, and the run is then incomplete: unifiers can be of exponential size.
LARGEST = 350


class Saturation:
    """One run of ordered completion.

    Args:
        bank: where the terms live.
        order: the simplification order.
        deadline: when to stop, as a value of ``time.perf_counter``.
        heaviest: a weight of an overlap from which on it is left out (the run is then incomplete).
        ratio: every so many selections the oldest equation is taken instead of the lightest.
        score: the weight of a waiting equation from those of its two sides.
    """

    def __init__(
        self,
        bank: Bank,
        order: Order,
        *,
        deadline: float,
        heaviest: int = 10**9,
        ratio: int = 10,
        score: Callable[[Term, Term], int] | None = None,
    ) -> None:
        self.bank, self.order, self.deadline = bank, order, deadline
        self.heaviest, self.ratio = heaviest, ratio
        self.score = score or (lambda s, t: s.size + t.size)
        self.rules: list[Rule] = []
        self.active: list[Rule] = []
        self.by_head: dict[int, list[tuple[int, Any]]] = {}
        self.queue: list[tuple[int, int, Term, Term, tuple[Any, ...]]] = []
        self.ages: list[tuple[int, Term, Term, tuple[Any, ...]]] = []
        self.taken: set[int] = set()
        self.axioms: list[tuple[Term, Term]] = []
        self.counter = 0
        self.epoch = 0
        self.complete = True
        self.goal: tuple[Term, Term] | None = None
        self.ac: dict[int, set[str]] = {}
        self.ac_seen: dict[int, set[str]] = {}
        self.protected: set[tuple[Term, Term]] = set()
        self.matcher_epoch = -1
        self.matcher_table: dict[int, list[tuple[Rule, Term, Term]]] = {}
        self.oldest = 0
        self.selected = 0
        self.most = self.overlaps = 10**9  # how many selections may be made, and how many equations may have waited
        self.collapse: Rule | None = None

    # ---- rewriting -------------------------------------------------------------------------------------------------

    def normal(self, t: Term) -> Term:
        """The normal form of a term under the active rules; remembered until there are new rules."""
        if t.epoch == self.epoch:
            return t.normal
        result = self._root(t) if t.normal is t else self.normal(t.normal)
        t.normal, t.epoch = result, self.epoch
        return result

    def _root(self, t: Term) -> Term:
        if t.args:
            args = tuple([a.normal if a.epoch == self.epoch else self.normal(a) for a in t.args])
            if args != t.args:
                return self.normal(self.bank.term(t.head, args))
        rules = self.by_head.get(t.head)
        if rules:
            since = t.epoch
            for position in range(len(rules) - 1, -1, -1):
                number, rewrite = rules[position]
                if number <= since:
                    break
                new = rewrite(t)
                if new is not None:
                    return self.normal(new)
        return t

    def traced(self, t: Term, steps: list[Any]) -> Term:
        """The normal form of a term, with the rewrites that lead to it: rule, instance of both sides."""
        while True:
            found = self._first(t)
            if found is None:
                return t
            rule, old, new = found
            steps.append((rule, old, new))
            t = self.bank.replace_all(t, old, new)

    def _first(self, t: Term) -> tuple[Rule, Term, Term] | None:
        if t.head < 0:
            return None
        for a in t.args:
            found = self._first(a)
            if found is not None:
                return found
        for rule, lhs, rhs in self._matchers().get(t.head, ()):
            values: dict[int, Term] = {}
            if match(lhs, t, values):
                if self.bank.least is not None:
                    for v in rhs.counts:
                        values.setdefault(v, self.bank.least)
                new = self.bank.instance(rhs, values)
                if rule.directed or self.order.greater(t, new):
                    return rule, t, new
        return None

    def _matchers(self) -> dict[int, list[tuple[Rule, Term, Term]]]:
        """The active rules by the head of the side they replace."""
        if self.matcher_epoch != self.epoch:
            self.matcher_epoch, self.matcher_table = self.epoch, {}
            for rule in self.active:
                for lhs, rhs in _sides(rule):
                    self.matcher_table.setdefault(lhs.head, []).append((rule, lhs, rhs))
        return self.matcher_table

    # ---- the loop ------------------------------------------------------------------------------------------

    def add(self, s: Term, t: Term, origin: tuple[Any, ...]) -> None:
        """Let an equation wait."""
        self.counter += 1
        if origin[0] == "axiom":
            self.axioms.append((s, t))
        weight = 0 if origin[0] == "axiom" else self.score(s, t)
        heapq.heappush(self.queue, (weight, self.counter, s, t, origin))
        if self.ratio:
            self.ages.append((self.counter, s, t, origin))

    def run(self, s: Term, t: Term) -> str:
        """Settle the ground goal ``s = t``: ``'proved'``, ``'refuted'`` or ``'unknown'``.

        After ``'unknown'`` the run can go on with a later deadline.
        """
        self.goal = (s, t)
        if s is t:
            return "proved"
        while self.queue:
            if self.selected >= self.most or self.counter >= self.overlaps or time.perf_counter() > self.deadline:
                return "unknown"
            self.selected += 1
            if self.ratio and self.selected % self.ratio == 0:
                while self.oldest < len(self.ages) and self.ages[self.oldest][0] in self.taken:
                    self.oldest += 1
                if self.oldest == len(self.ages):
                    continue
                count, left, right, origin = self.ages[self.oldest]
            else:
                _, count, left, right, origin = heapq.heappop(self.queue)
                if count in self.taken:
                    continue
            self.taken.add(count)
            if self.process(left, right, origin) and (self.collapse or self.normal(s) is self.normal(t)):
                return "proved"
        return "refuted" if self.complete and self._determined() and self._respects_axioms() else "unknown"

    def _determined(self) -> bool:
        """Whether every rule can be applied: no variable is left without a value."""
        return self.bank.least is not None or all(r.lhs.counts.keys() == r.rhs.counts.keys() for r in self.active)

    def _respects_axioms(self) -> bool:
        """Whether small ground instances of the axioms have one normal form: a look at what completeness promises."""
        assert self.goal is not None
        pool = list(dict.fromkeys(part for side in self.goal for _, part in subterms(side)))[:GROUND]
        for left, right in self.axioms:
            variables = sorted({*left.counts, *right.counts})
            for point in it.islice(it.product(pool, repeat=len(variables)), INSTANCES):
                values = dict(zip(variables, point, strict=True))
                if self.normal(self.bank.instance(left, values)) is not self.normal(self.bank.instance(right, values)):
                    return False
        return True

    def process(self, left: Term, right: Term, origin: tuple[Any, ...]) -> bool:
        """Make an equation active unless it follows from the active ones; whether it became active."""
        if self.normal(left) is self.normal(right):
            return False
        steps: tuple[list[Any], list[Any]] = ([], [])
        left, right = self.traced(left, steps[0]), self.traced(right, steps[1])
        if left is right or self._ac_equal(left, right) or self._subsumed(left, right):
            return False
        self.activate(left, right, origin, (tuple(steps[0]), tuple(steps[1])))
        return True

    def _collapses(self, left: Term, right: Term) -> bool:
        """Whether the equation has a variable alone on one side, so that all terms are equal."""
        return any(a.head < 0 and a.head not in b.counts for a, b in ((left, right), (right, left)))

    def activate(self, left: Term, right: Term, origin: tuple[Any, ...], steps: tuple[Any, ...]) -> None:
        """Add an equation to the active ones, simplify those by it, and overlap it with them."""
        flipped = False
        directed = self.order.greater(left, right)
        if not directed and (self.order.greater(right, left) or left.size < right.size):
            left, right, flipped = right, left, True
            directed = self.order.greater(left, right)
        lhs, rhs = self.bank.renamed((left, right))
        rule = Rule(len(self.rules), lhs, rhs, directed, origin, steps, flipped)
        rule.apart = self.bank.renamed((lhs, rhs), start=1001)  # type: ignore[assignment]
        self.rules.append(rule)
        if self._collapses(lhs, rhs):
            self.collapse = rule
            return
        self._interreduce(rule)
        self.active.append(rule)
        self._index(rule)
        self._note_ac(rule)
        for other in list(self.active):
            self._overlap(rule, other)
            if other is not rule:
                self._overlap(other, rule)

    def _index(self, rule: Rule) -> None:
        self.epoch += 1
        for lhs, rhs in _sides(rule):
            self.by_head.setdefault(lhs.head, []).append((self.epoch, self._compiled(lhs, rhs, rule.directed)))

    def _compiled(self, lhs: Term, rhs: Term, directed: bool) -> Callable[[Term], Term | None]:
        """A Python function that rewrites a term at its root, or says None."""
        rewrite = compiled_rewrite(lhs, rhs, self.bank)
        if directed:
            return rewrite
        greater = self.order.greater

        def ordered(t: Term) -> Term | None:
            new = rewrite(t)
            return new if new is not None and greater(t, new) else None

        return ordered

    def _interreduce(self, new: Rule) -> None:
        """Take back the active rules whose greater side the new rule rewrites."""
        sides = _sides(new)
        kept = []
        for rule in self.active:
            watched = (rule.lhs,) if rule.directed else (rule.lhs, rule.rhs)
            if any(
                self._rewrites(lhs, rhs, new.directed, part)
                for side in watched
                for _, part in subterms(side)
                for lhs, rhs in sides
            ):
                # it stays among the compiled rewrites, where it is harmless: it is still true
                self.add(rule.lhs, rule.rhs, ("rule", rule))
            else:
                kept.append(rule)
        self.active = kept

    def _rewrites(self, lhs: Term, rhs: Term, directed: bool, t: Term) -> bool:
        if lhs.head != t.head or lhs.size > t.size:
            return False
        values: dict[int, Term] = {}
        if not match(lhs, t, values):
            return False
        return directed or self.order.greater(t, self.bank.instance(rhs, values))

    # ---- overlaps ------------------------------------------------------------------------------------------

    def _overlap(self, outer: Rule, inner: Rule) -> None:
        """All overlaps of a left side of ``inner`` into one of ``outer``."""
        for flip_in, (small, small_rhs) in enumerate(_apart_sides(inner)):
            for flip_out, (big, big_rhs) in enumerate(_sides(outer)):
                # a rule says the same of one place twice, unless a variable of its right side is free to differ
                itself = outer is inner and flip_in == flip_out and big_rhs.counts.keys() <= big.counts.keys()
                for path, part in subterms(big):
                    if part.head != small.head or (itself and not path):
                        continue
                    if not _compatible(part, small):
                        continue
                    values = unify(part, small)
                    if values is None:
                        continue
                    self._critical(outer, big, big_rhs, path, inner, small, small_rhs, values, (flip_out, flip_in))

    def _critical(
        self, outer: Rule, big: Term, big_rhs: Term, path: tuple[int, ...], inner: Rule, small: Term, small_rhs: Term,
        values: dict[int, Term], flips: tuple[int, int],
    ) -> None:  # fmt: skip
        resolve, size = self.bank.resolve, self.bank.resolved_size
        if max(size(big, values), size(big_rhs, values), size(small_rhs, values)) > LARGEST:
            self.complete = False
            return
        peak = resolve(big, values)
        left = resolve(big_rhs, values)
        new = resolve(small_rhs, values)
        if not outer.directed and self.order.greater(left, peak):
            return
        if not inner.directed and self.order.greater(new, resolve(small, values)):
            return
        right = self.bank.replace_all(peak, resolve(small, values), new)
        if left is right:
            return
        s, t = self.normal(left), self.normal(right)
        if s is t:
            return
        if s.weight + t.weight > self.heaviest:
            self.complete = False
            return
        if self.ac and self._ac_equal(s, t):
            return
        self.add(left, right, ("overlap", outer, path, inner, flips))

    # ---- redundancy --------------------------------------------------------------------------------------------------

    def _subsumed(self, s: Term, t: Term) -> bool:
        """Whether the equation is an instance of an undirected active one, at one place of both sides."""
        while True:
            for rule in self.active:
                if not rule.directed:
                    for lhs, rhs in _sides(rule):
                        values: dict[int, Term] = {}
                        if lhs.head == s.head and match(lhs, s, values) and match(rhs, t, values):
                            return True
            if s.head < 0 or s.head != t.head:
                return False
            different = [(a, b) for a, b in zip(s.args, t.args, strict=True) if a is not b]
            if len(different) != 1:
                return False
            s, t = different[0]

    def _note_ac(self, rule: Rule) -> None:
        """Remember which symbols are associative and commutative."""
        law = _ac_law(rule.lhs, rule.rhs) or _ac_law(rule.rhs, rule.lhs)
        if law is not None:
            self.ac_seen.setdefault(law[1], set()).add(law[0])
            if self.ac_seen[law[1]] == {"A", "C"} and law[1] not in self.ac:
                self.ac[law[1]] = self.ac_seen[law[1]]
                x, y, z = (self.bank.variable(i) for i in (1, 2, 3))
                inner = [self.bank.term(law[1], pair) for pair in ((y, z), (x, z))]
                # x(yz) = y(xz) follows from the two laws, but it is needed as a rule
                self.protected.add((self.bank.term(law[1], (x, inner[0])), self.bank.term(law[1], (y, inner[1]))))

    def _ac_equal(self, s: Term, t: Term) -> bool:
        """Whether two terms are equal by associativity and commutativity, and not one of the rules for these."""
        if not self.ac or s.weight != t.weight or s.counts != t.counts:
            return False
        if self._ac_normal(s) != self._ac_normal(t):
            return False
        pair = self.bank.renamed((s, t))
        other = self.bank.renamed((t, s))
        return not (_ac_law(*pair) or _ac_law(*other) or pair in self.protected or other in self.protected)

    def _ac_normal(self, t: Term) -> Any:
        if t.head < 0:
            return t.head
        if t.head in self.ac:
            leaves: list[Any] = []
            stack = [t]
            while stack:
                u = stack.pop()
                if u.head == t.head:
                    stack.extend(u.args)
                else:
                    leaves.append(self._ac_normal(u))
            return (t.head, *sorted(leaves, key=repr))
        return (t.head, *map(self._ac_normal, t.args))


def _sides(rule: Rule) -> list[tuple[Term, Term]]:
    pair = (rule.lhs, rule.rhs)
    if rule.directed:
        return [pair]
    return [p for p in (pair, pair[::-1]) if p[0].head >= 0]


def _apart_sides(rule: Rule) -> list[tuple[Term, Term]]:
    if rule.directed:
        return [rule.apart]
    return [p for p in (rule.apart, rule.apart[::-1]) if p[0].head >= 0]


def _compatible(a: Term, b: Term) -> bool:
    """A quick test that two terms with the same head may unify."""
    for x, y in zip(a.args, b.args, strict=True):
        if x.head >= 0 and y.head >= 0:
            if x.head != y.head:
                return False
            for u, v in zip(x.args, y.args, strict=True):
                if u.head >= 0 and v.head >= 0 and u.head != v.head:
                    return False
    return True


def _ac_law(lhs: Term, rhs: Term) -> tuple[str, int] | None:
    """``("A", f)`` or ``("C", f)`` when the equation says that f is associative or commutative."""
    f = lhs.head
    if f < 0 or rhs.head != f or len(lhs.args) != 2:
        return None
    a, b = lhs.args
    if a.head < 0 and b.head < 0 and a is not b and rhs.args == (b, a):
        return ("C", f)
    if a.head == f and b.head < 0:
        x, y = a.args
        if x.head < 0 and y.head < 0 and len({x.head, y.head, b.head}) == 3:
            c, d = rhs.args
            if c is x and d.head == f and d.args == (y, b):
                return ("A", f)
    return None


def compiled_rewrite(lhs: Term, rhs: Term, bank: Bank) -> Callable[[Term], Term | None]:
    """A Python function that rewrites an instance of ``lhs``, whose head is already known, to that of ``rhs``."""
    lines: list[str] = ["def rewrite(t):"]
    names: dict[int, str] = {}
    constants: dict[str, Any] = {"table": bank.table.get, "new": bank._new}
    pending: list[tuple[str, Term]] = [("t", lhs)]
    fresh = _numbers()
    while pending:
        name, pattern = pending.pop(0)
        arguments = [f"a{next(fresh)}" for _ in pattern.args]
        if arguments:
            lines.append(f" {', '.join(arguments)}{',' if len(arguments) == 1 else ''} = {name}.args")
        for argument, part in zip(arguments, pattern.args, strict=True):
            if part.head < 0:
                if part.head in names:
                    lines.append(f" if {argument} is not {names[part.head]}: return None")
                else:
                    names[part.head] = argument
            elif not part.counts:
                constant = f"c{len(constants)}"
                constants[constant] = part
                lines.append(f" if {argument} is not {constant}: return None")
            else:
                lines.append(f" if {argument}.head != {part.head}: return None")
                pending.append((argument, part))
    lines.append(f" return {_built(rhs, names, constants, bank.least, lines)}")
    exec("\n".join(lines), constants)  # the source is made of numbers and of names chosen here
    rewrite: Callable[[Term], Term | None] = constants["rewrite"]
    return rewrite


def _built(t: Term, names: dict[int, str], constants: dict[str, Any], least: Term | None, lines: list[str]) -> str:
    """The name of a term, after lines that make its parts one by one: nested calls would be too deep for Python."""
    made: dict[Term, str] = {}
    todo = [t]
    while todo:
        part = todo[-1]
        missing = [a for a in part.args if a not in made] if part.counts and part.head >= 0 else []
        if missing:
            todo += missing
            continue
        todo.pop()
        if part in made:
            continue
        if part.head in names:
            made[part] = names[part.head]
        elif not part.counts or part.head < 0:
            made[part] = f"c{len(constants)}"
            # a variable that the left side does not determine stands for the smallest element
            constants[made[part]] = part if part.head >= 0 or least is None else least
        else:
            made[part] = name = f"k{len(made)}"
            args = "".join(f"{made[a]}, " for a in part.args)
            lines += [f" {name} = {part.head}, ({args})", f" {name} = table({name}) or new(*{name})"]
    return made[t]


def _numbers() -> Iterator[int]:
    n = 0
    while True:
        yield n
        n += 1
