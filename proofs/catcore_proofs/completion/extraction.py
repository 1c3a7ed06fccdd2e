"""From a run of completion to a certificate of the kernel.

Every rule that the proof needs becomes a lemma.  A lemma is proved from a peak, the term where two rules met: the
rewrites that lead down from it on either side are listed, each as an instance of an earlier lemma or of a hypothesis.
Variables that disappear on the way remain variables of the lemma; whoever uses it gives them the value of a constant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from catcore_proofs import terms
from catcore_proofs.completion.bank import Bank, Substitution, Term, match
from catcore_proofs.completion.overlaps import peak as overlapped
from catcore_proofs.completion.rules import Rule
from catcore_proofs.completion.saturation import Saturation

#: A rewrite: the equation it uses (a rule, or the number of an axiom) and the instances of its two sides.
Step = tuple[Rule | int, Term, Term]


@dataclass(frozen=True)
class Axiom:
    """An equation of the kernel as an equation of a run.

    Args:
        lhs: one side.
        rhs: the other side.
        number: the kernel's number of the equation.
        point: the kernel's variables of the equation; in them ``("v", i)`` stands for variable ``−1 − i`` of the sides.
    """

    lhs: Term
    rhs: Term
    number: int
    point: tuple[Any, ...]


class Unwritten(Exception):
    """A run has a proof that the kernel's language cannot express."""


class Language:
    """How the terms of a run are written as normal forms of the kernel: symbols with names, over one sort.

    Args:
        names: the kernel's name of each symbol.
        sort: the kernel's type of a term.
    """

    #: The constants that stand for variables of the goal, with the kernel's numbers of these.  In a lemma they may have
    #: any value.
    generic: Mapping[int, int] = MappingProxyType({})

    def __init__(self, names: Sequence[str], sort: Any) -> None:
        self.names, self.sort = names, sort

    def application(self, head: int, arguments: Sequence[Any]) -> Any:
        """A symbol applied to normal forms."""
        argument: Any = ("1",)
        for i, part in enumerate(arguments):
            argument = part if i == 0 else ("*", argument, part)
        return ("g", self.names[head], argument)

    def kinds(self, names: dict[int, int], seen: Sequence[Term]) -> list[Any]:
        """The types of the variables ``names`` of some terms, in the order of their numbers."""
        return [self.sort] * len(names)

    def kind(self, lhs: Term, rhs: Term, peak: Term) -> Any:
        """The type of three equal terms."""
        return self.sort


def lemma_parts(rule: Rule, axioms: Sequence[Axiom], bank: Bank) -> tuple[Term, list[Step], list[Step]]:
    """The peak of a rule, and the two chains of rewrites that lead from it to the rule's two sides."""
    left_steps, right_steps = (list(chain) for chain in rule.steps)
    kind = rule.origin[0]
    if kind == "axiom":
        number = rule.origin[1]
        left, right = axioms[number].lhs, axioms[number].rhs
        peak, first = left, [(number, left, right)]
        chains: tuple[list[Step], list[Step]] = (left_steps, [*first, *right_steps])
    elif kind == "rule":
        _, old, (peak, other), rewrite = rule.origin
        chains = ([rewrite, *left_steps], [(old, peak, other), *right_steps])
    else:
        peak, outer, inner = overlapped(rule.origin, bank)
        chains = ([outer, *left_steps], [inner, *right_steps])
    return (peak, *(chains[::-1] if rule.flipped else chains))


class Extraction:
    """Writes the certificate of a finished run.

    Args:
        run: the run of completion.
        axioms: what was added to it.
        language: how its terms are written.
        given: how many equations the kernel has before the lemmas.
    """

    def __init__(self, run: Saturation, axioms: Sequence[Axiom], language: Language, given: int) -> None:
        self.run, self.axioms, self.language, self.given = run, axioms, language, given
        self.bank = run.bank
        self.numbers: dict[int, int] = {}
        #: For each lemma the terms of its rule that are the values of its variables; None where any value will do.
        self.places: dict[int, list[Term | None]] = {}
        self.lemmas: list[dict[str, Any]] = []

    def goal(self, s: Term, t: Term) -> Any:
        """The proof of the ground goal ``s = t``; the lemmas it uses are in :attr:`lemmas`."""
        if self.run.collapse is not None and s is not t:
            return self._collapsed(s, t)
        names = dict(self.language.generic)
        chains: list[list[Step]] = [[], []]
        for side, chain in zip((s, t), chains, strict=True):
            self.run.forms.traced(side, chain)
        self._lemmas_for([step for chain in chains for step in chain])
        proof: Any = ("same",)
        for which in (1, 0):
            for step in reversed(chains[which]):
                proof = ("rewrite", which, *self._rewrite(step, names), proof)
        return proof

    def _collapsed(self, s: Term, t: Term) -> Any:
        """All terms are equal: both sides equal the other side of the collapsing equation."""
        rule = self.run.collapse
        assert rule is not None
        other = rule.rhs if rule.lhs.head < 0 else rule.lhs
        common = self.bank.instance(other, dict.fromkeys(other.counts, s))
        steps: list[Step] = [(rule, s, common), (rule, t, common)]
        self._lemmas_for(steps)
        names = dict(self.language.generic)
        first, second = (self._rewrite(step, names) for step in steps)
        return ("rewrite", 0, *first, ("rewrite", 1, *second, ("same",)))

    def _lemmas_for(self, steps: Sequence[Step]) -> None:
        """Write the lemmas that some steps need, those they rest on first; without recursion."""
        pending: list[tuple[Rule, bool]] = [(s[0], False) for s in steps if isinstance(s[0], Rule)]
        while pending:
            rule, ready = pending.pop()
            if rule.number in self.numbers:
                continue
            if ready:
                self._lemma(rule)
                continue
            pending.append((rule, True))
            _, left, right = lemma_parts(rule, self.axioms, self.bank)
            pending += [(s[0], False) for s in (*left, *right) if isinstance(s[0], Rule)]

    def _lemma(self, rule: Rule) -> None:
        peak, left, right = lemma_parts(rule, self.axioms, self.bank)
        ends = self._ends(peak, left), self._ends(peak, right)
        seen = (*ends, peak, *(t for _, old, new in (*left, *right) for t in (old, new)))
        names = self._variables(seen)
        proof = ("via", self.normal(peak, names), self._chain(left, names), self._chain(right, names))
        sides = tuple(self.normal(end, names) for end in ends)
        self.numbers[rule.number] = self.given + len(self.lemmas)
        kinds, cod = self.language.kinds(names, seen), self.language.kind(*ends, peak)
        self.lemmas.append({"variables": kinds, "cod": cod, "lhs": sides[0], "rhs": sides[1], "proof": proof})
        self._order(rule, ends, names)

    def _ends(self, peak: Term, chain: Sequence[Step]) -> Term:
        for _, old, new in chain:
            peak = self.bank.replace_all(peak, old, new)
        return peak

    def _variables(self, seen: Sequence[Term]) -> dict[int, int]:
        """The variables and generic constants of some terms, numbered from 0 in order of appearance."""
        names: dict[int, int] = {}
        stack = list(reversed(seen))
        while stack:
            t = stack.pop()
            if t.head < 0 or t.head in self.language.generic:
                names.setdefault(t.head, len(names))
            stack.extend(reversed(t.args))
        return names

    def _order(self, rule: Rule, ends: tuple[Term, Term], names: dict[int, int]) -> None:
        """Remember how the variables of the rule correspond to those of its lemma."""
        values: Substitution = {}
        assert match(rule.lhs, ends[0], values)
        assert match(rule.rhs, ends[1], values)
        of_name = {value.head: self.bank.term(variable) for variable, value in values.items()}
        generic = {head: self.bank.term(head) for head in self.language.generic}
        self.places[rule.number] = [of_name.get(name) or generic.get(name) for name in names]

    def _chain(self, steps: Sequence[Step], names: dict[int, int]) -> Any:
        # in a `via` the peak is the left side
        proof: Any = ("same",)
        for step in reversed(steps):
            proof = ("rewrite", 0, *self._rewrite(step, names), proof)
        return proof

    def _rewrite(self, step: Step, names: dict[int, int]) -> tuple[int, Any, bool]:
        """Number of the equation, point, and direction of a rewrite."""
        rule, old, new = step
        sides = (rule.lhs, rule.rhs) if isinstance(rule, Rule) else (self.axioms[rule].lhs, self.axioms[rule].rhs)
        for forward, (lhs, rhs) in ((True, sides), (False, sides[::-1])):
            values: Substitution = {}
            if match(lhs, old, values) and match(rhs, new, values):
                if isinstance(rule, Rule):
                    point = tuple(self._value(place, values, names) for place in self.places[rule.number])
                    return self.numbers[rule.number], point, forward
                axiom = self.axioms[rule]
                return axiom.number, self._point(axiom, values, names), forward
        raise AssertionError("a recorded rewrite is no instance of its rule")

    def _point(self, axiom: Axiom, values: Substitution, names: dict[int, int]) -> tuple[Any, ...]:
        used = {i for part in axiom.point for i in terms.variables(part)}
        chosen = {i: self._value(self.bank.variable(1 + i), values, names) for i in used}
        return tuple(terms.substitute(part, chosen) for part in axiom.point)

    def _value(self, place: Term | None, values: Substitution, names: dict[int, int]) -> Any:
        """The value of a variable of an equation that is used; any where the equation does not say."""
        found = place if place is None or place.head >= 0 else values.get(place.head)
        return self.normal(self._any(names) if found is None else found, names)

    def _any(self, names: dict[int, int]) -> Term:
        """Some element: the smallest constant, or a variable at hand."""
        if self.bank.least is not None and self.bank.least.head not in self.language.generic:
            return self.bank.least
        if names:
            return self.bank.term(next(iter(names)), ())
        raise Unwritten("a lemma needs an element, and there is no constant")

    def normal(self, t: Term, names: dict[int, int]) -> Any:
        """A term as a normal form of the kernel."""
        if t.head in names:
            return ("v", names[t.head])
        return self.language.application(t.head, [self.normal(a, names) for a in t.args])
