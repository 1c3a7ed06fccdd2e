"""Overlaps of rules: the terms that two rules rewrite in two ways, and the equations that follow (Knuth–Bendix 1970).

An overlap is left out when a part below the place where the rules meet can be rewritten too: other overlaps then say
the same by smaller steps (Kapur, Musser and Narendran 1988).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catcore_proofs.completion.bank import Bank, Resolution, Substitution, Term, subterms, unify
from catcore_proofs.completion.fingerprints import ByShape, Shapes
from catcore_proofs.completion.normal_forms import NormalForms
from catcore_proofs.completion.rules import Rule

#: Where two rules may meet: the outer rule, the number of its side, the path in this side, and the part there.
Place = tuple[Rule, int, tuple[int, ...], Term]


class Overlaps:
    """The active rules, filed by the shapes of what they rewrite and of the parts of it.

    Args:
        shapes: the shapes of the terms.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.places: ByShape[Place] = ByShape(shapes, shapes.unifiable)
        self.tops: ByShape[tuple[Rule, int, Term]] = ByShape(shapes, shapes.unifiable)
        self.rewritten: ByShape[Place] = ByShape(shapes, shapes.matched)

    def add(self, rule: Rule) -> None:
        """A rule is active from now on."""
        for flip, (lhs, _) in enumerate(rule.sides()):
            for path, part in subterms(lhs):
                place = (rule, flip, path, part)
                self.places.add(part, place)
                self.rewritten.add(part, place)
        for flip, (lhs, _) in enumerate(rule.sides_apart()):
            self.tops.add(lhs, (rule, flip, lhs))

    def purge(self) -> None:
        """Forget the rules that were retired."""
        for filed in (self.places, self.tops, self.rewritten):
            filed.purge(lambda entry: not entry[0].retired)

    def of(self, rule: Rule) -> Iterator[tuple[tuple[Any, ...], Substitution]]:
        """The overlaps of an active rule with all active ones: their origins, and unifiers."""
        for flip, (small, _) in enumerate(rule.sides_apart()):
            for outer, flip_out, path, part in self.places.near(small):
                if outer is rule and flip == flip_out and not path and _closed(rule, flip):
                    continue  # a rule says the same of one place twice
                values = unify(part, small)
                if values is not None:
                    yield ("overlap", outer, path, rule, (flip_out, flip)), values
        for flip, (big, _) in enumerate(rule.sides()):
            for path, part in subterms(big):
                for inner, flip_in, small in self.tops.near(part) if path else ():
                    if inner is not rule:
                        values = unify(part, small)
                        if values is not None:
                            yield ("overlap", rule, path, inner, (flip, flip_in)), values


def _closed(rule: Rule, flip: int) -> bool:
    """Whether one way of a rule leaves no variable of its result free to differ."""
    lhs, rhs = rule.sides()[flip]
    return rhs.counts.keys() <= lhs.counts.keys()


def peak(origin: tuple[Any, ...], bank: Bank) -> tuple[Term, tuple[Rule, Term, Term], tuple[Rule, Term, Term]]:
    """The term of an overlap, and the two rewrites of it: rule, instance of both sides.

    Raises:
        Overgrown: when it has too many symbols.
    """
    _, outer, path, inner, (flip_out, flip_in) = origin
    (big, big_rhs), (small, small_rhs) = outer.sides()[flip_out], inner.sides_apart()[flip_in]
    part = big
    for i in path:
        part = part.args[i]
    values = unify(part, small)
    assert values is not None, "the overlap was found by unification"
    of = Resolution(bank, values).of
    whole = of(big)
    return whole, (outer, whole, of(big_rhs)), (inner, of(small), of(small_rhs))


class CriticalPairs:
    """The equations that overlaps give, as long as nothing shows them to be superfluous.

    Args:
        forms: the normal forms under the active rules.
    """

    def __init__(self, forms: NormalForms) -> None:
        self.forms, self.bank, self.order = forms, forms.bank, forms.order

    def of(self, origin: tuple[Any, ...], values: Substitution) -> tuple[Term, Term] | None:
        """The two normal forms of an overlap, or none when they are equal or the overlap is superfluous.

        Raises:
            Overgrown: when a term with too many symbols arises.
        """
        _, outer, path, inner, (flip_out, flip_in) = origin
        (big, big_rhs), (small, small_rhs) = outer.sides()[flip_out], inner.sides_apart()[flip_in]
        resolution, normal = Resolution(self.bank, values), self.forms.of
        of = resolution.of
        old = of(small)
        for part in old.args:
            if normal(part) is not part:
                return None
        left, new = of(big_rhs), of(small_rhs)
        if not outer.directed and self.order.greater(left, of(big)):
            return None
        if not inner.directed and self.order.greater(new, old):
            return None
        # one place is rewritten here; a proof, which rewrites all equal ones, starts anew from the peak
        s, t = normal(left), normal(resolution.of_replaced(big, path, new))
        return None if s is t else (s, t)
