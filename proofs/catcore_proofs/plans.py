"""Recursion along a plan: equations about functions that are told what they are by one layer of their recursion.

A hypothesis such as ``h = c ; F h ; a`` says what h is at x in terms of its values elsewhere.  Where one more function
``p = c ; F p ; in`` has elements of a least fixed point for its values, it shows that the recursion ends: an equation
about h is proved by induction along the measure p(x), by unfolding h and p once and using the equation at the parts
(THEORY T3.4; Capretta, Uustalu and Vene 2006).
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from catcore_proofs import terms
from catcore_proofs.branches import REVEALS, Sides, Unsettled
from catcore_proofs.coinduction import Coinduction
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, flat, injections, packed
from catcore_proofs.kernel import Equation
from catcore_proofs.rules import Step

#: How often what was unfolded is unfolded again, how many measures are tried, and into how many cases a clause is read.
ROUNDS, MEASURES, CASES = 2, 6, 24


class Clause(NamedTuple):
    """An equation that says what a function is at any point in terms of its values, or by a constructor."""

    number: int
    forward: bool
    pattern: Normal
    kinds: tuple[Type, ...]
    cod: Type
    builds: bool  # whether it says by which constructor an element of a least fixed point is built


class Plans(Coinduction):
    """A search that knows functions by the clauses among the hypotheses."""

    _clauses: tuple[Clause, ...] | None = None

    def clauses(self) -> tuple[Clause, ...]:
        """The hypotheses that are clauses."""
        if self._clauses is None:
            self._clauses = tuple(c for number in range(self.system.given) for c in self._read(number))
        return self._clauses

    def _read(self, number: int) -> Iterator[Clause]:
        """The ways to read a hypothesis as a clause: the function applied to variables, and what it is."""
        equation, kernel = self.kernel.equations[number], self.kernel
        with self.system.outside(equation.kinds), kernel.leaving_sums():
            for side in (0, 1):
                cases = self._cases(lambda side=side: self._side(equation, side))  # type: ignore[misc]
                others = self._cases(lambda side=side: self._side(equation, 1 - side))  # type: ignore[misc]
                if len(cases) != 1 or not others:
                    continue
                pattern = self.system.contracted(_whole(cases[0]), equation.kinds)
                if (head := _head(pattern)) is None or terms.applies_variable(pattern):
                    continue
                if terms.variables(pattern).keys() != set(range(len(equation.kinds))):
                    continue
                builds = equation.cod[0] == "μ" and all(other[0] == "in" for other in others)
                if builds or (_recurs(head, others) and not any(_head(other) == head for other in others[:1])):
                    yield Clause(number, side == 0, pattern, equation.kinds, equation.cod, builds)

    def _side(self, equation: Equation, side: int) -> Normal:
        values = [self.kernel.reflect(("v", i), kind) for i, kind in enumerate(equation.kinds)]
        return self.kernel.reify(equation.evaluate(side, values), equation.cod)

    def _cases(self, evaluate: Callable[[], Normal], most: int = CASES) -> list[Normal]:
        """What an evaluation gives in each case of what it asks; nothing where there are too many."""
        try:
            return [evaluate()]
        except Rejected:
            return []
        except Split as split:
            found: list[Normal] = []
            for payload, inject in injections(split.kind):
                with self.kernel.assuming({}):
                    inner = ("1",) if payload is None else packed(payload, iter(self.kernel.declare(flat(payload))))
                    self.kernel.known = {**self.kernel.known, split.neutral: inject(inner)}
                    more = self._cases(evaluate, most // 2) if most else []
                if not more:
                    return []
                found += more
            return found

    def reveal(self, neutral: Normal, proof: Callable[[], Any]) -> Any:
        """A proof that goes on with the layer of a neutral element, be it what a clause says."""
        building = list(self._unfolding(neutral, len(self.kernel.context), builds=True))
        if not building:
            return super().reveal(neutral, proof)
        if self.reveals == REVEALS:
            raise Unsettled("generic elements: too many constructors are taken off")
        self.reveals += 1
        try:
            return self._learned(building[:1], proof)
        finally:
            self.reveals -= 1

    # ---- induction along a measure -----------------------------------------------------------------------------------

    def measures(self, goal: Equation) -> Iterator[Normal]:
        """The elements of least fixed points along which a proof may go, those that occur in the goal first."""
        building = [clause for clause in self.clauses() if clause.builds]
        if not building:
            return
        found: dict[Normal, None] = {}
        try:
            parts = self._parts(self.open(goal), goal.cod)
        except Split:
            parts = []
        for part in parts:
            for clause in building:
                if terms.match(clause.pattern, terms.frozen(part), {}) is not None:
                    found[part] = None
        for clause in building:
            places = [[i for i, kind in enumerate(goal.kinds) if kind == wanted] for wanted in clause.kinds]
            for chosen in it.product(*places):
                found[terms.substitute(clause.pattern, {i: ("v", n) for i, n in enumerate(chosen)})] = None
        yield from it.islice(found, MEASURES)

    def _parts(self, sides: Sides, cod: Type) -> list[Normal]:
        """The parts of both sides as far as they are known without a further case distinction."""
        with self.kernel.leaving_sums():
            normals = [self.kernel.reify(side(), cod) for side in sides]
        return list(dict.fromkeys(part for normal in normals for part in terms.subterms(normal)))

    def descend(self, goal: Equation, element: Normal) -> Any:
        """A proof by induction along a measure."""
        stuck: Unsettled | None = None
        for rounds in range(1, ROUNDS + 1):
            sides = self.open(goal)
            try:
                with self.kernel.descending(goal, element):
                    return ("measure", element, self.unfolded(sides, goal.cod, (element,), rounds))
            except Unsettled as error:
                stuck = error
        assert stuck is not None
        raise stuck

    def unfolded(self, sides: Sides, cod: Type, seen: tuple[Normal, ...] = (), rounds: int = 1) -> Any:
        """A proof that unfolds, so many times, all functions of the present variables, before it goes on.

        Args:
            sides: what is to be proved equal.
            cod: its type.
            seen: elements that are looked at besides.
            rounds: how often.
        """
        return self._unfolded(sides, cod, seen, rounds, len(self.kernel.context))

    def _unfolded(self, sides: Sides, cod: Type, seen: tuple[Normal, ...], rounds: int, count: int) -> Any:
        if rounds == 0:
            return self.attempt(sides, cod)
        try:
            parts = (*seen, *self._parts(sides, cod))
        except Split as split:
            return self.decide(split, lambda: self._unfolded(sides, cod, seen, rounds, count))
        steps = [step for part in parts for step in self._unfolding(part, count)]
        return self._learned(list(dict.fromkeys(steps)), lambda: self._unfolded(sides, cod, seen, rounds - 1, count))

    def _unfolding(self, part: Normal, count: int, *, builds: bool = False) -> Iterator[Step]:
        """The clauses of the function that a part is a value of, at constructors or at what the first variables say."""
        for clause in self.clauses() if terms.closed(part) else ():
            values = terms.match(clause.pattern, terms.frozen(part), {})
            if values is not None and (clause.builds or not builds):
                point = tuple(terms.thawed(values[i]) for i in range(len(clause.kinds)))
                if all(i < count for i in terms.variables(part)) or any(p[0] == "in" for p in point):
                    yield clause.number, point, clause.forward

    def _learned(self, steps: list[Step], proof: Callable[[], Any]) -> Any:
        """A proof that uses some equations about neutral elements from now on."""
        if not steps:
            return proof()
        (number, point, forward), *rest = steps
        kernel = self.kernel
        try:
            facts = kernel.tells(kernel.equations[number], point, forward)
        except Split as split:
            return self.decide(split, lambda: self._learned(steps, proof))
        except Rejected:  # it is known already, or of another type
            return self._learned(rest, proof)
        if any(kernel.newest(value)[:2] == ("?", neutral) for neutral, value in facts.items()):
            return self._learned(rest, proof)
        with kernel.assuming(facts):
            return ("fact", number, point, forward, self._learned(rest, proof))


def _head(normal: Normal) -> str | None:
    """The generator that a neutral element is a value of."""
    while normal[0] in ("p1", "p2", "@"):
        normal = normal[1]
    return str(normal[1]) if normal[0] == "g" else None


def _whole(normal: Normal) -> Normal:
    """The element whose projections a pair is made of, if there is one."""
    if normal[0] == "*":
        first, second = map(_whole, normal[1:])
        if (first[0], second[0]) == ("p1", "p2") and first[1] == second[1]:
            return first[1]  # type: ignore[no-any-return]
    return normal


def _recurs(head: str, normals: list[Normal]) -> bool:
    """Whether a generator occurs."""
    return any(part[:2] == ("g", head) for normal in normals for part in terms.subterms(normal))
