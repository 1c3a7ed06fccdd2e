"""Normal forms of terms under rules, remembered with the rewrites that lead to them.

A term is rewritten innermost first.  Its normal form is remembered with the time, which is the number of rules so far;
later only rules that came since are tried.  A rule that was retired stays: what it says is still true.
"""

from __future__ import annotations

from typing import Any

from catcore_proofs.completion.bank import Bank, Term
from catcore_proofs.completion.fingerprints import ByShape, Shapes
from catcore_proofs.completion.matchers import Rewrite, compiled_rewrite
from catcore_proofs.completion.orders import Order
from catcore_proofs.completion.rules import Rule


class _Use:
    """One way to use a rule; the function that rewrites by it is made when it is first needed."""

    __slots__ = ("bank", "epoch", "lhs", "order", "rewrite", "rhs", "rule")

    def __init__(self, epoch: int, rule: Rule, sides: tuple[Term, Term], bank: Bank, order: Order) -> None:
        self.epoch, self.rule, self.bank, self.order = epoch, rule, bank, order
        self.lhs, self.rhs = sides
        self.rewrite: Rewrite = self._first

    def _first(self, t: Term) -> Term | None:
        plain = compiled_rewrite(self.lhs, self.rhs, self.bank)
        self.rewrite = plain if self.rule.directed else _ordered(plain, self.order)
        return self.rewrite(t)


def _ordered(plain: Rewrite, order: Order) -> Rewrite:
    """The rewrites that make a term smaller."""
    greater = order.greater

    def rewrite(t: Term) -> Term | None:
        new = plain(t)
        return new if new is not None and greater(t, new) else None

    return rewrite


class NormalForms:
    """The normal forms of the terms of a bank under a growing set of rules.

    Args:
        bank: where the terms live.
        order: decides for each instance of an equation that it does not direct.
        shapes: the shapes of the terms.
    """

    def __init__(self, bank: Bank, order: Order, shapes: Shapes) -> None:
        self.bank, self.order, self.shapes = bank, order, shapes
        self.epoch = 0
        self.uses: ByShape[_Use] = ByShape(shapes, shapes.matching)

    def add(self, rule: Rule) -> None:
        """Rewrite by one more rule from now on."""
        self.epoch += 1
        for sides in rule.sides():
            self.uses.add(sides[0], _Use(self.epoch, rule, sides, self.bank, self.order))

    def of(self, t: Term) -> Term:
        """The normal form of a term.

        Raises:
            Overgrown: when a term with too many symbols arises.
        """
        if t.epoch == self.epoch:
            return t.normal
        known = t.normal
        result = self._reduced(t) if known is t else self.of(known)
        t.normal, t.epoch = result, self.epoch
        return result

    def _reduced(self, t: Term) -> Term:
        args, head, epoch = t.args, t.head, self.epoch
        if args:
            new = tuple([a.normal if a.epoch == epoch else self.of(a) for a in args])
            if new != args:
                return self.of(self.bank.table.get((head, new)) or self.bank.new(head, new))
        elif head < 0:
            return t
        since = t.epoch
        for use in reversed(self.uses.near(t)):
            if use.epoch <= since:
                break
            result = use.rewrite(t)
            if result is not None:
                t.step = (use.rule, result)
                return self.of(result)
        return t

    def traced(self, t: Term, steps: list[Any]) -> Term:
        """The normal form of a term, with the rewrites that lead to it: rule, instance of both sides."""
        while self.of(t) is not t:
            rule, old, new = self._redex(t)
            steps.append((rule, old, new))
            t = self.bank.replace_all(t, old, new)
        return t

    def _redex(self, t: Term) -> tuple[Rule, Term, Term]:
        """The rewrite that was made first in a term."""
        while t.step is None:
            t = next(a for a in t.args if self.of(a) is not a)
        rule, new = t.step
        return rule, t, new
