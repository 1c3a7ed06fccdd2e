"""From equations to rules: each hypothesis or lemma is read in the directions in which it can be used.

An equation between elements of sums is taken apart into its cases, with conditions where it asks for the answer to a
question.  A rule exchanges parts of normal forms, answers a question, or tells the constructor of a variable; an
equation neither of whose sides has all variables is only found in a goal with both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from catcore_proofs import terms
from catcore_proofs.columns import answer, answers, measure
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value
from catcore_proofs.kernel import Equation, Kernel, aligned
from catcore_proofs.measures import standing
from catcore_proofs.patterns import apart, asked, computes, points, reaching, relative, undetermined

#: A rewrite: number of the equation, point, direction.
Step = tuple[int, tuple[Normal, ...], bool]

#: Into how many cases an equation may be taken apart to make rules of it.
CASES = 24


@dataclass(frozen=True)
class Rule:
    """``lhs → rhs`` as an instance of an equation; ``directed`` when it always makes terms smaller.

    With ``conditions``, which are questions and their answers, it is an instance where these hold.
    """

    number: int
    point: tuple[Normal, ...]
    forward: bool
    kinds: tuple[Type, ...]
    lhs: Normal
    rhs: Normal
    directed: bool
    conditions: tuple[tuple[Normal, Value], ...] = ()

    def backwards(self) -> Rule | None:
        """The rule from right to left, if that can be matched; it may make terms larger."""
        if self.rhs[0] in ("v", "c") or terms.variables(self.rhs).keys() != terms.variables(self.lhs).keys():
            return None
        return replace(self, forward=not self.forward, lhs=self.rhs, rhs=self.lhs, directed=True)

    def step(self, values: terms.Substitution) -> Step:
        """The rewrite that this rule makes at the given values of its variables."""
        return (self.number, tuple(terms.substitute(p, values) for p in self.point), self.forward)


class Rules:
    """The rules that a kernel's equations give, and the lemmas that completion adds to them."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.given = len(kernel.equations)
        self.rules: list[Rule] = []
        self.local: list[Rule] = []  # induction hypotheses, at the place that is being proved
        self.answering: dict[Any, list[Rule]] = {}  # what answers questions, by what they ask first
        self.telling: list[Rule] = []  # what tells the constructor of a variable
        self.wholes: list[Rule] = []  # what can be matched with both sides of a goal only
        self.open: list[tuple[Normal, Type]] = []  # the questions that kept a rule from being used
        self._lemmas: list[dict[str, Any]] = []
        self.order = terms.Order(_top(kernel))
        self.ready = self.completed = False

    # ---- from equations to rules --------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Read the hypotheses as rules, once."""
        if not self.ready:
            self.ready = True
            for number in range(self.given):
                self.rules += self.rules_of(number)
                self.wholes += self.wholes_of(number)
                self._index(self._answering(number))

    def rules_of(self, number: int) -> list[Rule]:
        """All rules of an equation: one for each case of its variables, component and direction."""
        equation, found = self.kernel.equations[number], []
        for point, kinds in points(equation.kinds):
            with self.outside(kinds), self.kernel.leaving_sums():
                cases = list(self._cases(lambda point=point: self.kernel.instance(equation, point)))  # type: ignore[misc]
                cases = [(c, (self.contracted(one, kinds), self.contracted(two, kinds))) for c, (one, two) in cases]
            for conditions, sides in cases:
                found += self._exchanges(number, point, kinds, conditions, sides)
        return found

    def wholes_of(self, number: int) -> list[Rule]:
        """An equation neither of whose sides has all its variables, for each case of these."""
        equation, found = self.kernel.equations[number], []
        for point, kinds in points(equation.kinds):
            with self.outside(kinds), self.kernel.leaving_sums():
                cases = list(self._cases(lambda point=point: self.kernel.instance(equation, point)))  # type: ignore[misc]
            for conditions, sides in cases:
                lhs, rhs = (self.contracted(side, kinds) for side in sides)
                if not conditions and undetermined(lhs, rhs, len(kinds)):
                    found += [Rule(number, point, True, kinds, lhs, rhs, False)]
        return found

    def connecting(self, left: Normal, right: Normal) -> Iterator[Step]:
        """The rewrites of the left side by equations whose two sides stand at one place of both."""
        for one, other in apart(terms.frozen(left), terms.frozen(right)) if self.wholes else ():
            for rule in self.wholes:
                for forward, (old, new) in ((True, (rule.lhs, rule.rhs)), (False, (rule.rhs, rule.lhs))):
                    values = terms.match(old, one, {})
                    values = None if values is None else terms.match(new, other, values)
                    if values is not None and len(values) == len(rule.kinds):
                        yield rule.number, tuple(terms.thawed(terms.substitute(p, values)) for p in rule.point), forward

    def _exchanges(
        self, number: int, point: Any, kinds: Any, conditions: Any, sides: tuple[Normal, Normal]
    ) -> list[Rule]:
        """The rules of one instance of an equation, from left to right and from right to left."""
        ways = ((True, list(_parts(*sides))), (False, list(_parts(*sides[::-1]))))
        forward, backward = (
            [
                replace(rule, conditions=conditions)
                for lhs, rhs in pairs
                for rule in self.rule(number, point, way, kinds, lhs, rhs)
            ]
            for way, pairs in ways
        )
        others = [
            Rule(number, point, True, kinds, lhs, rhs, True, conditions)
            for lhs, rhs in ways[0][1]
            if self.matchable(lhs, kinds) and all(lhs != rule.lhs for rule in forward)
        ]
        return self.agreeing(forward, backward, others)

    def agreeing(self, forward: list[Rule], backward: list[Rule], others: list[Rule]) -> list[Rule]:
        """The rules of one instance in one direction: the kernel exchanges all components of a pair at once.

        ``others`` are the components that forward rules would make larger.
        """
        both = all(any(rule.directed for rule in rules) for rules in (forward, backward))
        return forward + others if both else forward + backward

    @staticmethod
    def matchable(lhs: Normal, kinds: tuple[Type, ...]) -> bool:
        """Whether a side determines all variables of its equation by matching, which is first-order."""
        determined = lhs[0] != "v" and terms.variables(lhs).keys() == set(range(len(kinds)))
        return determined and not terms.applies_variable(lhs)

    def _telling(self, number: int) -> list[Rule]:
        """The rules by which an equation tells, under conditions, which constructor a variable is."""
        equation = self.kernel.equations[number]
        if len(equation.kinds) != 1 or equation.cod != equation.kinds[0] or equation.cod[0] != "μ":
            return []
        variable = ("v", 0)
        with self.outside(equation.kinds), self.kernel.leaving_sums():
            cases = list(self._cases(lambda: self.kernel.instance(equation, (variable,))))
        return [
            Rule(number, (variable,), sides[0] == variable, equation.kinds, variable, ("1",), True, conditions)
            for conditions, sides in cases
            if conditions and variable in sides and {side[0] for side in sides} == {"v", "in"}
        ]

    def told(self) -> Iterator[tuple[Normal, Step]]:
        """The variables of the present context of which an equation tells the constructor."""
        for i, kind in enumerate(self.kernel.context):
            if kind[0] == "μ" and ("v", i) not in self.kernel.known:
                for rule in self.telling:
                    if rule.kinds[0] == kind and self._met(rule, {0: ("c", i)}):
                        yield ("v", i), (rule.number, (("v", i),), rule.forward)

    def _index(self, rules: list[Rule]) -> None:
        """Note rules that answer questions; their right sides are not looked at."""
        for rule in rules:
            self.answering.setdefault(asked(rule.lhs), []).append(rule)

    def _cases(self, evaluate: Callable[[], Any]) -> Iterator[tuple[tuple[tuple[Normal, Value], ...], Any]]:
        """What an evaluation gives, by the answers to the questions on which it depends."""
        todo: list[tuple[tuple[Normal, Value], ...]] = [()]
        for _ in range(CASES):
            if not todo:
                return
            conditions = todo.pop()
            try:
                with self.kernel.assuming(dict(conditions)):
                    found = evaluate()
            except Split as split:
                todo += [(*conditions, (split.neutral, a)) for a in reversed(answers(split.kind))]
                continue
            except Rejected:
                continue
            yield conditions, found

    def _answering(self, number: int) -> list[Rule]:
        """The rules by which an equation answers questions; its other side may ask simpler ones."""
        equation = self.kernel.equations[number]
        if not (answers(equation.cod) or equation.cod[0] == "+"):
            return []
        point = tuple(("v", i) for i in range(len(equation.kinds)))
        with self.outside(equation.kinds):
            return [
                Rule(number, point, forward, equation.kinds, question, ("1",), True, conditions)
                for conditions, question, forward in self._questions(equation, point)
                if terms.variables(question).keys() == set(range(len(equation.kinds)))
            ]

    def _questions(self, equation: Equation, point: tuple[Normal, ...]) -> Iterator[tuple[Any, Normal, bool]]:
        """The questions that a side of an equation comes to, with their conditions; the other side is not greater."""
        values = [self.kernel.revalue(p) for p in point]
        ends = [list(self._cases(lambda side=side: equation.evaluate(side, values))) for side in (0, 1)]  # type: ignore[misc]
        plain = [found[0][1] if len(found) == 1 else None for found in ends]
        for side, found in enumerate(ends):
            for conditions, value in found:
                value, other = self.kernel.newest(value), plain[1 - side]
                if value[0] != "?" or value[1][0] == "v" or terms.applies_variable(value[1]):
                    continue
                if other is None and side == 1 and plain[1] is None:
                    continue
                other = ("1",) if other is None else self.kernel.newest(other)
                if other[0] == "?" and not self.order.total(value[1], other[1]):
                    continue
                yield conditions, value[1], side == 0

    def contracted(self, side: Normal, kinds: tuple[Type, ...]) -> Normal:
        """A side with η-expanded variables of function type contracted, so that they match any function."""
        for i, kind in enumerate(kinds):
            if kind[0] == "^":
                side = terms.replace_all(side, self.kernel.reify(self.kernel.reflect(("v", i), kind), kind), ("v", i))
        return side

    def rule(self, number: int, point: Any, forward: bool, kinds: Any, lhs: Normal, rhs: Normal) -> list[Rule]:
        """The rule that replaces ``lhs`` by ``rhs``, when it can be matched and does not make terms larger."""
        if lhs == rhs or not self.matchable(lhs, kinds):
            return []
        # where only one side can be matched, it is the one to replace, even if it is the smaller one
        directed = self.order.greater(lhs, rhs) or terms.applies_variable(rhs) or computes(lhs, rhs)
        if (not directed and self.order.greater(rhs, lhs)) or computes(rhs, lhs):
            return []
        return [Rule(number, point, forward, kinds, lhs, rhs, directed)]

    def establish(self, lemma: dict[str, Any]) -> None:
        """Add a lemma that has a proof, and its rules."""
        with self.outside(()):
            self.kernel.lemma(lemma)
        self._lemmas.append(lemma)
        self.rules += self.rules_of(len(self.kernel.equations) - 1)
        self.wholes += self.wholes_of(len(self.kernel.equations) - 1)
        self._index(self._answering(len(self.kernel.equations) - 1))
        self.telling += self._telling(len(self.kernel.equations) - 1)

    def distributed(self) -> list[Rule]:
        """The rules, where lemmas such as ``h(x) · h(y) → h(x · y)`` go the other way; none where there are none."""
        lemmas = [
            rule.backwards()
            if rule.number >= self.given and rule.rhs[0] == "fold" and rule.rhs[2][0] in ("fold", "@")
            else None
            for rule in self.rules
        ]
        return [back or rule for back, rule in zip(lemmas, self.rules, strict=True)] if any(lemmas) else []

    def hypotheses(self, number: int) -> list[Rule]:
        """The rules that an induction hypothesis gives for the smaller elements in the present context."""
        equation, kernel, found = self.kernel.equations[number], self.kernel, []
        for full, kinds, base in self._smaller(equation):
            with kernel.assuming({}):
                kernel.context.extend(kinds)
                cases = list(self._cases(lambda full=full: kernel.instance(equation, full)))  # type: ignore[misc]
            for conditions, sides in cases:
                found += self._hypothesis(number, full, kinds, sides, base, conditions)
        return found

    def answering_hypotheses(self, number: int) -> list[Rule]:
        """The rules by which an induction hypothesis answers questions."""
        equation, kernel, found = self.kernel.equations[number], self.kernel, []
        if not (answers(equation.cod) or equation.cod[0] == "+"):
            return []
        for full, kinds, base in self._smaller(equation, shapes=False):
            with kernel.assuming({}):
                kernel.context.extend(kinds)
                cases = list(self._questions(equation, full))
            point = tuple(relative(p, base) for p in full)
            for conditions, question, forward in cases:
                conditions = tuple((relative(q, base), a) for q, a in conditions)
                found.append(Rule(number, point, forward, kinds, relative(question, base), ("1",), True, conditions))
        return found

    def _smaller(self, equation: Equation, *, shapes: bool = True) -> Iterator[tuple[Any, tuple[Type, ...], int]]:
        """The points at which an induction hypothesis holds, with the types of their variables, which follow others."""
        kernel, which, base = self.kernel, equation.inductive, len(self.kernel.context)
        if which is None:
            yield from self._below(equation)
            return
        kind = equation.kinds[which]
        others = equation.kinds[:which] + equation.kinds[which + 1 :]
        for i in sorted(kernel.smaller):
            for path, arguments in reaching(kernel.context[i], kind):
                every = (*others, *arguments)
                for point, kinds in points(every) if shapes else [(tuple(("v", n) for n in range(len(every))), every)]:
                    shifted = [terms.shift(p, base) for p in point]
                    supply = iter(shifted[len(others) :])
                    element: Normal = ("v", i)
                    for step in path:
                        element = ("@", element, next(supply)) if step == "@" else (step, element)
                    yield (*shifted[:which], element, *shifted[which : len(others)]), kinds, base

    def _below(self, equation: Equation) -> Iterator[tuple[Any, tuple[Type, ...], int]]:
        """As :meth:`_smaller`, in an induction along a measure: the points whose measure is a part of the layer."""
        kernel, measure, count, base = self.kernel, equation.measure, len(equation.kinds), len(self.kernel.context)
        assert measure is not None
        with self.outside(equation.kinds):
            generic = [kernel.reflect(("v", i), kind) for i, kind in enumerate(equation.kinds)]
            pattern = self.contracted(kernel.reify(kernel.measured(measure, generic), measure.kind), equation.kinds)
        here = [kernel.reflect(("v", i), kind) for i, kind in enumerate(equation.kinds)]
        whole = kernel.measured(measure, here)
        for place, part, arguments in standing(kernel, measure.kind, whole[1]) if whole[0] == "in" else ():
            values = terms.match(pattern, terms.frozen(part), {})
            if values is None:
                continue
            free = [i for i in range(count) if i not in values]
            start = base + len(arguments)
            point = {i: terms.thawed(value) for i, value in values.items()}
            point |= {i: ("v", start + n) for n, i in enumerate(free)}
            kinds = (*arguments, *(equation.kinds[i] for i in free))
            yield (*(point[i] for i in range(count)), ("at", *place)), kinds, base

    def _hypothesis(self, number: int, point: Any, kinds: Any, sides: Any, base: int, conditions: Any) -> list[Rule]:
        point = tuple(relative(p, base) for p in point)
        conditions = tuple((relative(q, base), a) for q, a in conditions)
        return self._exchanges(number, point, kinds, conditions, (relative(sides[0], base), relative(sides[1], base)))

    @contextmanager
    def outside(self, kinds: tuple[Type, ...]) -> Iterator[None]:
        """Work with variables of the given types and without the facts of the present goal."""
        kernel = self.kernel
        saved = kernel.context, kernel.known
        kernel.context, kernel.known = list(kinds), {}
        try:
            yield
        finally:
            kernel.context, kernel.known = saved

    def _met(self, rule: Rule, values: terms.Substitution) -> bool:
        """Whether the conditions of a rule are known to hold; the first question that is open is noted.

        A question about more than the rule is used for is not asked: its answer would lead to the next one.
        """
        for question, needed in rule.conditions:
            question = terms.thawed(terms.substitute(question, values))
            try:
                value = self.kernel.newest(self.kernel.revalue(question))
            except Split as split:
                self._note(split.neutral, split.kind, rule, values)
                return False
            found = answer(self.kernel, value)
            if found is None and value[0] == "?":
                self._note(value[1], value[2], rule, values)
            if found != needed:
                return False
        return True

    def _note(self, question: Normal, kind: Type, rule: Rule, values: terms.Substitution) -> None:
        if measure(question)[:2] <= measure(terms.thawed(terms.substitute(rule.lhs, values)))[:2]:
            self.open.append((question, kind))


def _parts(old: Normal, new: Normal) -> Iterator[tuple[Normal, Normal]]:
    """What an equation exchanges: a whole constructor, or the neutral parts of a side."""
    if old[0] in ("in", "unfold"):
        yield old, new
    else:
        yield from aligned(old, new)


def _top(kernel: Kernel) -> str | None:
    """The first unary operation of a sort on itself, the candidate for weight 0."""
    unary = [name for name, (dom, cod) in kernel.signature.items() if dom == cod and dom[0] == "a"]
    return unary[0] if len(unary) == 1 else None
