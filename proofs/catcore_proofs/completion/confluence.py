"""Whether a system of equations is ground-confluent, looked at afresh: what a refutation rests on.

A run of completion leaves out what it has reason to leave out.  Here nothing of its bookkeeping is believed: normal
forms are computed anew by the given equations alone, and every overlap of any two has to be joined.  Two terms are
joined when they have one normal form, are an instance of an equation, or differ by associativity and commutativity
where all rules for these are there; or when their arguments are joined.  An overlap that is not joined must have a
reducible part below the place where the equations meet: other overlaps then join it (Kapur, Musser and Narendran 1988;
Bachmair, Dershowitz and Plaisted 1989; Martin and Nipkow 1990).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from catcore_proofs.completion.bank import Bank, Overgrown, Resolution, Substitution, Term, match, subterms, unify
from catcore_proofs.completion.orders import Order
from catcore_proofs.completion.rules import Rule

#: The most overlaps that are looked at, and terms that are brought to normal form.
OVERLAPS, TERMS = 200_000, 1_000_000


class Undecided(Exception):
    """A limit was reached before all overlaps were looked at."""


class Confluence:
    """A system of equations, each used where it makes a term smaller.

    Args:
        bank: where the terms live.
        order: the simplification order.
        rules: the equations; only their sides are used, and whether the order directs them.
        deadline: when to stop, as a value of ``time.perf_counter``.
    """

    def __init__(self, bank: Bank, order: Order, rules: Sequence[Rule], deadline: float) -> None:
        self.bank, self.order, self.rules, self.deadline = bank, order, rules, deadline
        self.uses: dict[int, list[tuple[Term, Term]]] = {}
        for rule in rules:
            for lhs, rhs in rule.sides():
                self.uses.setdefault(lhs.head, []).append((lhs, rhs))
        self.equations = {pair for rule in rules for pair in ((rule.lhs, rule.rhs), (rule.rhs, rule.lhs))}
        self.symbols = {lhs.head for lhs, _ in self.equations if len(lhs.args) == 2 and self._commutes(lhs.head)}
        self.known: dict[Term, Term] = {}

    def holds(self, axioms: Iterable[tuple[Term, Term]]) -> bool:
        """Whether ground normal forms are unique, and the two sides of every axiom always have the same one.

        Raises:
            Undecided: when a limit is reached.
        """
        try:
            return self._determined() and all(self.joined(*sides) for sides in axioms) and self._locally()
        except Overgrown:
            raise Undecided from None

    def _determined(self) -> bool:
        """Whether every equation can be applied: no variable is left without a value."""
        return self.bank.least is not None or all(r.lhs.counts.keys() == r.rhs.counts.keys() for r in self.rules)

    def _locally(self) -> bool:
        for looks, (left, right, below) in enumerate(self._peaks()):
            if looks >= OVERLAPS or (looks % 64 == 0 and time.perf_counter() > self.deadline):
                raise Undecided
            if not self.joined(left, right) and all(self.normal(part) is part for part in below):
                return False
        return True

    def _peaks(self) -> Iterator[tuple[Term, Term, tuple[Term, ...]]]:
        """What any two equations make of the terms that both rewrite, and the parts below the inner place."""
        inner: dict[int, list[tuple[Rule, Term, Term]]] = {}
        for rule in self.rules:
            for small, small_rhs in rule.sides_apart():
                inner.setdefault(small.head, []).append((rule, small, small_rhs))
        for outer in self.rules:
            for big, big_rhs in outer.sides():
                for path, part in subterms(big):
                    for rule, small, small_rhs in inner.get(part.head, ()):
                        if path or rule.number <= outer.number:
                            yield from self._peak((outer, big, big_rhs), path, part, (rule, small, small_rhs))

    def _peak(
        self, outer: tuple[Rule, Term, Term], path: tuple[int, ...], part: Term, inner: tuple[Rule, Term, Term]
    ) -> Iterator[tuple[Term, Term, tuple[Term, ...]]]:
        values = unify(part, inner[1])
        if values is None:
            return
        resolution = Resolution(self.bank, values)
        whole, left, old, new = map(resolution.of, (*outer[1:], *inner[1:]))
        if not (self._upward(outer[0], whole, left) or self._upward(inner[0], old, new)):
            yield left, resolution.of_replaced(outer[1], path, new), old.args

    def _upward(self, rule: Rule, old: Term, new: Term) -> bool:
        """Whether an instance of an equation never makes a term smaller: not even with the least new elements."""
        low = self._least(new, old.counts)
        return not rule.directed and (low is old or self.order.greater(low, old))

    def _least(self, t: Term, kept: Collection[int]) -> Term:
        """A term with the least constant, where there is one, for the variables that are not kept."""
        least = self.bank.least
        return t if least is None else self.bank.instance(t, dict.fromkeys(t.counts.keys() - kept, least))

    # ---- normal forms ----------------------------------------------------------------------------------------------

    def normal(self, t: Term) -> Term:
        """A normal form by the equations, innermost first.

        Raises:
            Undecided: when a limit is reached.
            Overgrown: when a term has too many symbols.
        """
        if t.head < 0:
            return t
        found = self.known.get(t)
        if found is None:
            if len(self.known) > TERMS or time.perf_counter() > self.deadline:
                raise Undecided
            inside = self.bank.term(t.head, tuple(map(self.normal, t.args)))
            smaller = self._smaller(inside)
            found = self.known[t] = inside if smaller is None else self.normal(smaller)
        return found

    def _smaller(self, t: Term) -> Term | None:
        """What the first equation makes of a term that it makes smaller at the root."""
        for lhs, rhs in self.uses.get(t.head, ()):
            values: Substitution = {}
            if match(lhs, t, values):
                new = self.bank.instance(self._least(rhs, values.keys()), values)
                if self.order.greater(t, new):
                    return new
        return None

    # ---- joined terms ----------------------------------------------------------------------------------------------

    def joined(self, s: Term, t: Term) -> bool:
        """Whether all ground instances of two terms have one normal form, for one of the reasons above."""
        return self._alike(self.normal(s), self.normal(t))

    def _alike(self, s: Term, t: Term) -> bool:
        if s is t or self._instance(s, t) or (s.size == t.size and self._flat(s) == self._flat(t)):
            return True
        return s.head == t.head >= 0 and all(map(self._alike, s.args, t.args))

    def _instance(self, s: Term, t: Term) -> bool:
        pairs = [*self.uses.get(s.head, ()), *((rhs, lhs) for lhs, rhs in self.uses.get(t.head, ()))]
        for lhs, rhs in pairs:
            values: Substitution = {}
            if match(lhs, s, values) and match(rhs, t, values):
                return True
        return False

    def _commutes(self, symbol: int) -> bool:
        """Whether a symbol is associative and commutative, by rules that sort its arguments."""
        x, y, z = (self.bank.variable(i) for i in (1, 2, 3))

        def f(a: Term, b: Term) -> Term:
            return self.bank.term(symbol, (a, b))

        return symbol >= 0 and {
            (f(f(x, y), z), f(x, f(y, z))), (f(x, y), f(y, x)), (f(x, f(y, z)), f(y, f(x, z))),
        } <= self.equations  # fmt: skip

    def _flat(self, t: Term) -> Any:
        """A term with the arguments of associative and commutative symbols flattened and sorted."""
        if t.head not in self.symbols:
            return (t.head, *map(self._flat, t.args))
        leaves, stack = [], [t]
        while stack:
            u = stack.pop()
            if u.head == t.head:
                stack.extend(u.args)
            else:
                leaves.append(self._flat(u))
        return (t.head, *sorted(leaves, key=repr))
