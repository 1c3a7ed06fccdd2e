"""Equations that a run of completion need not keep: instances of others, and consequences of AC."""

from __future__ import annotations

from typing import Any

from catcore_proofs.completion.bank import Bank, Substitution, Term, match
from catcore_proofs.completion.fingerprints import ByShape, Shapes
from catcore_proofs.completion.rules import Rule


class Redundancy:
    """What the active rules say of whole equations.

    Args:
        bank: where the terms live.
        shapes: the shapes of the terms.
    """

    def __init__(self, bank: Bank, shapes: Shapes) -> None:
        self.bank = bank
        self.undirected: ByShape[tuple[Rule, Term, Term]] = ByShape(shapes, shapes.matching)
        #: The laws seen of each symbol, those that are associative and commutative, and the equations kept for these.
        self.laws: dict[int, set[str]] = {}
        self.symbols: set[int] = set()
        self.kept: set[tuple[Term, ...]] = set()
        self._flat: dict[Term, Any] = {}

    def add(self, rule: Rule) -> None:
        """A rule is active from now on."""
        if not rule.directed:
            for lhs, rhs in rule.sides():
                self.undirected.add(lhs, (rule, lhs, rhs))
        law = _law(rule.lhs, rule.rhs) or _law(rule.rhs, rule.lhs)
        if law is not None:
            name, symbol = law
            self.laws.setdefault(symbol, set()).add(name)
            if self.laws[symbol] == {"A", "C"} and symbol not in self.symbols:
                self.symbols.add(symbol)
                self._flat.clear()
                x, y, z = (self.bank.variable(i) for i in (1, 2, 3))
                inner = [self.bank.term(symbol, pair) for pair in ((y, z), (x, z))]
                # x(yz) = y(xz) follows from the two laws, but it is needed as a rule
                self.kept.add((self.bank.term(symbol, (x, inner[0])), self.bank.term(symbol, (y, inner[1]))))

    def of(self, s: Term, t: Term) -> bool:
        """Whether an equation says nothing new."""
        return self.permuted(s, t) or self._instance(s, t)

    def _instance(self, s: Term, t: Term) -> bool:
        """Whether the equation is an instance of an undirected active one, at one place of both sides."""
        while s.head >= 0:
            for rule, lhs, rhs in self.undirected.near(s):
                values: Substitution = {}
                if not rule.retired and match(lhs, s, values) and match(rhs, t, values):
                    return True
            if s.head != t.head:
                return False
            different = [(a, b) for a, b in zip(s.args, t.args, strict=True) if a is not b]
            if len(different) != 1:
                return False
            s, t = different[0]
        return False

    def permuted(self, s: Term, t: Term) -> bool:
        """Whether the sides are equal by associativity and commutativity, and no rule is needed for these."""
        if not self.symbols or s.size != t.size or s.variables != t.variables:
            return False
        if self._flattened(s) != self._flattened(t):
            return False
        pairs = self.bank.renamed((s, t)), self.bank.renamed((t, s))
        return not any(_law(*pair) or pair in self.kept for pair in pairs)

    def _flattened(self, t: Term) -> Any:
        """A term with the arguments of associative and commutative symbols flattened and sorted."""
        if not t.args:
            return t.head
        known = self._flat.get(t)
        if known is None:
            known = self._flat[t] = self._sorted(t)
        return known

    def _sorted(self, t: Term) -> Any:
        if t.head not in self.symbols:
            return (t.head, *map(self._flattened, t.args))
        leaves: list[Term] = []
        stack = [t]
        while stack:
            u = stack.pop()
            if u.head == t.head:
                stack.extend(u.args)
            else:
                leaves.append(u)
        return (t.head, *sorted(map(self._flattened, leaves), key=repr))


def _law(lhs: Term, rhs: Term) -> tuple[str, int] | None:
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
