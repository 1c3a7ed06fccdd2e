"""From a run of completion to a certificate of the kernel.

Every rule that the proof needs becomes a lemma.  A lemma is proved from a peak, the term where two rules met: the
rewrites that lead down from it on either side are listed, each as an instance of an earlier lemma or of a hypothesis.
Variables that disappear on the way remain variables of the lemma; whoever uses it gives them the value of a constant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from catcore_proofs.completion.bank import Bank, Substitution, Term, match, unify
from catcore_proofs.completion.saturation import Rule, Saturation

#: A rewrite: the equation it uses (a rule, or the number of an axiom) and the instances of its two sides.
Step = tuple[Rule | int, Term, Term]


def lemma_parts(rule: Rule, axioms: Sequence[tuple[Term, Term]], bank: Bank) -> tuple[Term, list[Step], list[Step]]:
    """The peak of a rule, and the two chains of rewrites that lead from it to the rule's two sides."""
    left_steps, right_steps = (list(chain) for chain in rule.steps)
    kind = rule.origin[0]
    if kind == "axiom":
        number = rule.origin[1]
        left, right = axioms[number]
        peak, first = left, [(number, left, right)]
        chains: tuple[list[Step], list[Step]] = (left_steps, [*first, *right_steps])
    elif kind == "rule":
        old = rule.origin[1]
        peak = old.lhs
        chains = (left_steps, [(old, old.lhs, old.rhs), *right_steps])
    else:
        peak, outer, inner = _overlap(rule, bank)
        chains = ([outer, *left_steps], [inner, *right_steps])
    return (peak, *(chains[::-1] if rule.flipped else chains))


def _overlap(rule: Rule, bank: Bank) -> tuple[Term, Step, Step]:
    _, outer, path, inner, (flip_out, flip_in) = rule.origin
    big, big_rhs = (outer.lhs, outer.rhs) if not _second(outer, flip_out) else (outer.rhs, outer.lhs)
    small, small_rhs = inner.apart if not _second(inner, flip_in) else inner.apart[::-1]
    part = big
    for i in path:
        part = part.args[i]
    values = unify(part, small)
    assert values is not None, "the overlap was found by unification"
    resolve = bank.resolve
    peak = resolve(big, values)
    return (
        peak,
        (outer, peak, resolve(big_rhs, values)),
        (inner, resolve(small, values), resolve(small_rhs, values)),
    )


def _second(rule: Rule, flip: int) -> bool:
    """Whether side number ``flip`` of a rule is its right side; a variable alone is no side."""
    sides = [rule.lhs, rule.rhs] if rule.directed else [s for s in (rule.lhs, rule.rhs) if s.head >= 0]
    return sides[flip] is not rule.lhs


class Extraction:
    """Writes the certificate of a finished run.

    Args:
        run: the run of completion.
        axioms: the two sides of each hypothesis, variables numbered from 1.
        names: the kernel's name of each symbol.
        sort: the kernel's type of a term.
    """

    def __init__(
        self,
        run: Saturation,
        axioms: Sequence[tuple[Term, Term]],
        names: Sequence[str],
        sort: Callable[[Term], Any],
    ) -> None:
        self.run, self.axioms, self.names, self.sort = run, axioms, names, sort
        self.bank = run.bank
        self.numbers: dict[int, int] = {}
        self.lemmas: list[dict[str, Any]] = []

    def goal(self, s: Term, t: Term) -> Any:
        """The proof of the ground goal ``s = t``; the lemmas it uses are in :attr:`lemmas`."""
        if self.run.collapse is not None:
            return self._collapsed(s, t)
        chains: list[list[Step]] = [[], []]
        for side, chain in zip((s, t), chains, strict=True):
            self.run.traced(side, chain)
        self._lemmas_for([step for chain in chains for step in chain])
        proof: Any = ("same",)
        for which in (1, 0):
            for step in reversed(chains[which]):
                proof = ("rewrite", which, *self._rewrite(step, {}), proof)
        return proof

    def _collapsed(self, s: Term, t: Term) -> Any:
        """All terms are equal: both sides equal the other side of the collapsing equation."""
        rule = self.run.collapse
        assert rule is not None
        other = rule.rhs if rule.lhs.head < 0 else rule.lhs
        common = self.bank.instance(other, dict.fromkeys(other.counts, s))
        steps: list[Step] = [(rule, s, common), (rule, t, common)]
        self._lemmas_for(steps)
        first, second = (self._rewrite(step, {}) for step in steps)
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
        names = self._variables((*ends, peak, *(t for _, old, new in (*left, *right) for t in (old, new))))
        proof = ("via", self.normal(peak, names), self._chain(left, names), self._chain(right, names))
        sides = tuple(self.normal(end, names) for end in ends)
        kinds = [self.sort(self.bank.term(v, ())) for v in names]
        self.numbers[rule.number] = len(self.axioms) + len(self.lemmas)
        self.lemmas.append(
            {"variables": kinds, "cod": self.sort(ends[0]), "lhs": sides[0], "rhs": sides[1], "proof": proof}
        )
        self._order(rule, ends, names)

    def _ends(self, peak: Term, chain: Sequence[Step]) -> Term:
        for _, old, new in chain:
            peak = self.bank.replace_all(peak, old, new)
        return peak

    @staticmethod
    def _variables(terms: Sequence[Term]) -> dict[int, int]:
        """The variables of some terms, numbered from 0 in order of appearance."""
        names: dict[int, int] = {}
        stack = list(reversed(terms))
        while stack:
            t = stack.pop()
            if t.head < 0:
                names.setdefault(t.head, len(names))
            stack.extend(reversed(t.args))
        return names

    def _order(self, rule: Rule, ends: tuple[Term, Term], names: dict[int, int]) -> None:
        """Remember how the variables of the rule correspond to those of its lemma."""
        values: Substitution = {}
        assert match(rule.lhs, ends[0], values)
        assert match(rule.rhs, ends[1], values)
        of_name = {value.head: variable for variable, value in values.items()}
        self.places[rule.number] = [of_name.get(name, 0) for name in names]

    @property
    def places(self) -> dict[int, list[int]]:
        """For each variable of a lemma, that of its rule, or 0 when it does not occur in the rule."""
        if not hasattr(self, "_places"):
            self._places: dict[int, list[int]] = {}
        return self._places

    def _chain(self, steps: Sequence[Step], names: dict[int, int]) -> Any:
        # in a `via` the peak is the left side
        proof: Any = ("same",)
        for step in reversed(steps):
            proof = ("rewrite", 0, *self._rewrite(step, names), proof)
        return proof

    def _rewrite(self, step: Step, names: dict[int, int]) -> tuple[int, Any, bool]:
        """Number of the equation, point, and direction of a rewrite."""
        rule, old, new = step
        if isinstance(rule, int):
            sides, number = self.axioms[rule], rule
            variables = list(self._variables_sorted(sides))
        else:
            sides, number = (rule.lhs, rule.rhs), self.numbers[rule.number]
            variables = self.places[rule.number]
        for forward, (lhs, rhs) in ((True, sides), (False, sides[::-1])):
            values: Substitution = {}
            if match(lhs, old, values) and match(rhs, new, values):
                point = tuple(self.normal(values[v] if v else self._any(names), names) for v in variables)
                # a hypothesis without variables is an equation on the one-point set
                return number, point if point or not isinstance(rule, int) else (("1",),), forward
        raise AssertionError("a recorded rewrite is no instance of its rule")

    @staticmethod
    def _variables_sorted(sides: tuple[Term, Term]) -> list[int]:
        return sorted(set(sides[0].counts) | set(sides[1].counts), reverse=True)

    def _any(self, names: dict[int, int]) -> Term:
        """Some element: the smallest constant, or a variable at hand."""
        if self.bank.least is not None:
            return self.bank.least
        if names:
            return self.bank.term(next(iter(names)), ())
        raise AssertionError("a lemma needs an element, and there is no constant")

    def normal(self, t: Term, names: dict[int, int]) -> Any:
        """A term as a normal form of the kernel."""
        if t.head < 0:
            return ("v", names[t.head])
        argument: Any = ("1",)
        for i, a in enumerate(t.args):
            part = self.normal(a, names)
            argument = part if i == 0 else ("*", argument, part)
        return ("g", self.names[t.head], argument)
