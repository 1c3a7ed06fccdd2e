"""The kernel: it replays a certificate, and nothing is called proved before it did.

The kernel has its own language of types and terms, made of JSON values, and imports nothing of the prover or catcore.
Its evaluator computes both sides of an equation on a generic element (β and η for functions, products and the unit are
computation), and it follows the certificate where computation alone does not decide:

* ``["same"]``: both sides have the same normal form;
* ``["split", n, [proofs]]``: the neutral element n of a sum is a left or a right injection, one proof for each; a
  neutral of an n-element set is one of n, and a neutral of the empty set leaves nothing to prove;
* ``["rewrite", side, equation, point, forward, proof]``: in the left (0) or right (1) side, every occurrence of an
  instance of an equation's one side is replaced by the other side; equations are the hypotheses, then the lemmas;
* ``["fact", equation, point, forward, proof]``: where an instance of an equation's one side is a neutral element, or
  made of such by pairs, its value is that of the other side from now on;
* ``["absurd", equation, point]``: an instance of an equation equates a left and a right injection, so that there is
  nothing to prove;
* ``["unsplit", proof]``: neutral elements of sums are compared and rewritten as they are;
* ``["via", m, proof, proof]``: the normal form m equals the left side, and it equals the right side;
* ``["parts", proof, proof]``: two pairs are equal when both components are;
* ``["apply", proof]``: two functions are equal when they are at a new generic argument;
* ``["inside", proof]``: two constructors of layers, injections of payloads, or values of one function are equal when
  the layers, the payloads or the arguments are;
* ``["under", proof]``: the same element of a functor or monad bound to two bodies, which are equal at a new element;
* ``["induct", k, proof]``, first in a proof: variable k of a least fixed point is a constructor applied to a layer, and
  the equation itself, after the others, may be used where variable k is a part of that layer;
* ``["mutual", k, proof, [others]]``, first in a proof: as an induction, together with other equations between normal
  forms, ``[types, type, side, side, k, proof]``; the equation itself comes after all others, these have the numbers −2,
  −3, …, and each may be used where its own variable k is a part of the layer that the proof of any of them opened;
* ``["measure", m, proof]``, first in a proof: the equation itself, after the others, may be used where m, which is an
  element of a least fixed point and depends on the variables, is a part of the layer of m; a point of it ends with the
  place of that part, ``["at", …]``, by components 1 and 2 and arguments of functions;
* ``["open", n, proof]``: the neutral element n of a least fixed point is a constructor applied to a layer;
* ``["coinduct", proof]``, first in a proof: both sides have equal layers, where ``["layers", [ends]]`` ends the proof
  and each end says for the parts at one place of the layers, or for other parts that differ as they are, that they are
  equal, ``["equal", proof]``, or for parts at a place that they are the two sides
  of the equation itself at a point, ``["again", point, proof, proof]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from catcore_proofs.comparison import Sides
from catcore_proofs.comparison import component as component
from catcore_proofs.descent import Equation as Equation
from catcore_proofs.descent import Measure
from catcore_proofs.equations import Equations
from catcore_proofs.equations import aligned as aligned
from catcore_proofs.evaluation import (
    Normal,
    Rejected,
    Split,
    Type,
    Value,
    filled,
    flat,
    injections,
    need,
    packed,
    same,
    wellformed,
)
from catcore_proofs.schemes import Scheme, scheme
from catcore_proofs.syntax import UNIT, close, freeze


class Kernel(Equations):
    """A checker of proofs over one signature; arguments as for :class:`catcore_proofs.evaluation.Evaluator`."""

    def __init__(
        self, signature: dict[str, Any], steps: int = 5_000_000, functors: dict[str, str] | None = None
    ) -> None:
        super().__init__(signature, steps, functors)
        self.schemes: list[Scheme] = []

    def equation(self, statement: Any) -> Equation:
        """An equation between two terms, type-checked, as one between functions of generic elements.

        A function-valued equation is applied to further elements, so that splits reach under its binder.
        """
        dom, cod = wellformed(freeze(statement["dom"])), wellformed(freeze(statement["cod"]))
        sides = freeze(statement["lhs"]), freeze(statement["rhs"])
        for side in sides:
            need(self.infer(side, dom) == cod, "the two sides do not have the stated type")
        kinds, arguments = flat(dom), []
        while cod[0] == "^":
            arguments.append(cod[2])
            cod = cod[1]
        kinds += tuple(k for argument in arguments for k in flat(argument))

        def evaluate(side: int, values: list[Value]) -> Value:
            supply = iter(values)
            value = self.apply(sides[side], packed(dom, supply))
            for argument in arguments:
                value = value[1](packed(argument, supply))
            return value

        return Equation(kinds, cod, evaluate)

    def lemma(self, lemma: Any) -> None:
        """Check the proof of an equation between normal forms and make it available to rewrites.

        A lemma with a ``"scheme"`` is an instance of a hypothesis about every set and map, with proofs of its
        conditions.
        """
        if "scheme" in lemma:
            return self.specialise(lemma)
        found = self.between(*(freeze(lemma[part]) for part in ("variables", "cod", "lhs", "rhs")))
        self.prove(found, freeze(lemma["proof"]))
        self.equations.append(found)

    def between(self, kinds: tuple[Type, ...], cod: Type, *sides: Normal) -> Equation:
        """An equation between normal forms in variables of some types, type-checked."""
        kinds, cod = tuple(map(wellformed, kinds)), wellformed(cod)
        self.context.clear()
        self.declare(kinds)
        for side in sides:
            self.check(side, cod)
        bodies = [self.bound(body, len(kinds)) for body in sides]
        return Equation(kinds, cod, lambda side, values: self.revalue(bodies[side], tuple(values)))

    @staticmethod
    def bound(normal: Normal, count: int) -> Normal:
        """A normal form with its first variables bound."""
        for i in range(count):
            normal = close(normal, ("v", i), i)
        return normal

    def specialise(self, lemma: Any) -> None:
        """Make an instance of a scheme available to rewrites."""
        types = {name: wellformed(freeze(kind)) for name, kind in lemma["types"].items()}
        terms = {name: freeze(term) for name, term in lemma["terms"].items()}
        need(0 <= lemma["scheme"] < len(self.schemes), "an instance of no scheme")
        ends, (*conditions, equation) = self.schemes[lemma["scheme"]].instance(types, terms)
        for name, (dom, cod) in ends.items():
            need(self.infer(terms[name], dom) == cod, "a term of an instance has another type than its map")
        need(len(conditions) == len(lemma["proofs"]), "an instance has a proof for each of its conditions")
        for condition, proof in zip(conditions, lemma["proofs"], strict=True):
            self.prove(self.equation(condition), freeze(proof))
        self.equations.append(self.equation(equation))

    def prove(self, goal: Equation, proof: Any) -> None:
        """Replay a proof of an equation on generic elements."""
        left, right = sides = self.at_variables(goal)
        match proof:
            case ("induct", which, inner):
                with self.inducting(goal, which):
                    self.replay(inner, sides, goal.cod)
            case ("mutual", which, inner, others):
                goals = [goal, *(self.between(*other[:4]) for other in others)]
                steps = [(which, inner), *(other[4:] for other in others)]
                with self.mutually([(each, on) for each, (on, _) in zip(goals, steps, strict=True)]):
                    for each, (on, step) in zip(goals, steps, strict=True):
                        sides = self.at_variables(each)
                        with self.opening(("v", on), inducted=True):
                            self.replay(step, sides, each.cod)
            case ("measure", element, inner):
                with self.descending(goal, element):
                    self.replay(inner, sides, goal.cod)
            case ("coinduct", inner):
                need(goal.cod[0] == "ν", "a coinduction for no greatest fixed point")
                layers = (lambda: self.out(left())), (lambda: self.out(right()))
                self.replay(inner, layers, filled(goal.cod[1], goal.cod), goal)
            case _:
                self.replay(proof, sides, goal.cod)

    def at_variables(self, goal: Equation) -> Sides:
        """Both sides of an equation on generic elements, whose variables become the context."""
        self.context.clear()
        self.declare(goal.kinds)

        def side(number: int) -> Callable[[], Value]:
            return lambda: goal.evaluate(number, [self.reflect(("v", i), k) for i, k in enumerate(goal.kinds)])

        return side(0), side(1)

    @contextmanager
    def mutually(self, goals: list[tuple[Equation, int]]) -> Iterator[None]:
        """All of some equations hold where a variable of each is a part of the element inducted on."""
        for goal, which in goals:
            need(0 <= which < len(goal.kinds) and goal.kinds[which][0] == "μ", "an induction on no least fixed point")
        saved, self.joint = self.joint, len(self.equations)
        self.equations += [goal._replace(inductive=which) for goal, which in goals]
        try:
            yield
        finally:
            del self.equations[self.joint :]
            self.joint = saved

    @contextmanager
    def inducting(self, goal: Equation, which: int) -> Iterator[None]:
        """Variable ``which`` is a constructor on a layer, and the goal holds for the parts of that layer."""
        with self.mutually([(goal, which)]), self.opening(("v", which), inducted=True):
            yield

    @contextmanager
    def descending(self, goal: Equation, element: Normal) -> Iterator[None]:
        """The goal holds where an element of a least fixed point, which depends on the variables, is smaller."""
        kind = self.synthesise(element)
        need(kind[0] == "μ", "an induction along what is no element of a least fixed point")
        measure = Measure(self.bound(element, len(goal.kinds)), kind)
        self.equations.append(goal._replace(measure=measure))
        try:
            yield
        finally:
            self.equations.pop()

    def replay(self, proof: Any, sides: Sides, cod: Type, coinductive: Equation | None = None) -> None:
        """Check a proof that two values are equal; in a coinduction, that they are equal layers."""
        match proof:
            case ("same",):
                left, right = (self.reify(side(), cod) for side in sides)
                need(same(left, right), "the two sides have different normal forms")
            case ("split", neutral, proofs):
                self.in_cases(neutral, proofs, lambda inner: self.replay(inner, sides, cod, coinductive))
            case ("under", inner):
                with self.assuming({}):
                    left, right = (self.reify(side(), cod) for side in sides)
                    self.replay(inner, *self.bodies(left, right, cod))
            case ("inside", inner):
                self.replay(inner, *self.inside(sides, cod))
            case ("rewrite", (0 | 1) as which, int(number), point, forward, inner):
                self.replay(inner, self.exchanged(sides, cod, which, number, point, forward), cod, coinductive)
            case ("fact", int(number), point, forward, inner):
                with self.assuming(self.tells(self.named(number), point, forward)):
                    self.replay(inner, sides, cod, coinductive)
            case ("absurd", int(number), point):
                self.contradiction(self.named(number), point)
            case ("unsplit", inner):
                with self.leaving_sums():
                    self.replay(inner, sides, cod, coinductive)
            case ("layers", ends) if coinductive is not None:
                self.equal_layers(ends, sides, coinductive)
            case ("via", middle, first, second):
                self.check(middle, cod)
                for side, inner in zip(sides, (first, second), strict=True):
                    self.replay(inner, (lambda: self.revalue(middle), side), cod)
            case ("open", neutral, inner):
                with self.opening(neutral):
                    self.replay(inner, sides, cod, coinductive)
            case ("parts", first, second):
                need(cod[0] == "*", "the components of something that is no pair")
                for i, inner in ((1, first), (2, second)):
                    self.replay(inner, tuple(component(side, i) for side in sides), cod[i])
            case ("apply", inner):
                need(cod[0] == "^", "the application of something that is no function")
                with self.assuming({}):
                    start = len(self.context)
                    self.declare(flat(cod[2]))
                    self.replay(inner, tuple(self.applied(side, cod[2], start) for side in sides), cod[1])
            case _:
                raise Rejected("a proof step is malformed")

    def in_cases(self, neutral: Normal, proofs: Any, check: Callable[[Any], None]) -> None:
        """Check a proof for each case that a neutral element of a sum, or of a finite set, may be in."""
        ways = injections(self.synthesise(neutral))
        need(len(ways) == len(proofs), "a split with the wrong number of proofs")
        for (payload, inject), inner in zip(ways, proofs, strict=True):
            with self.assuming({}):
                start, saved = len(self.context), self.smaller
                value = UNIT if payload is None else packed(payload, iter(self.declare(flat(payload))))
                if self.part(neutral):
                    self.smaller |= frozenset(range(start, len(self.context)))
                self.known = {**self.known, neutral: inject(value)}
                check(inner)
                self.smaller = saved

    def exchanged(self, sides: Sides, cod: Type, which: int, number: int, point: Any, forward: bool) -> Sides:
        """The two sides after an instance of an equation's one side was replaced by the other in one of them."""
        equation = self.named(number)
        left, right = self.instance(equation, point)
        ends = (left, right) if forward else (right, left)
        changed = self.replaced(self.reify(sides[which](), cod), cod, ends, equation.cod)
        return (lambda: self.revalue(changed), sides[1]) if which == 0 else (sides[0], lambda: self.revalue(changed))

    def contradiction(self, equation: Equation, point: Any) -> None:
        """Check that an equation says something absurd at a point: a left injection is a right one."""
        need(equation.cod[0] in ("+", "f"), "an absurd equation is one between elements of a sum")
        left, right = map(self.decide, self.values(equation, point))
        need(left != right if left[0] == "n" else left[0] != right[0], "an equation says nothing absurd")

    def equal_layers(self, ends: Any, sides: Sides, goal: Equation) -> None:
        """Check that two layers are equal, or the two sides of the goal of a coinduction at the places in them."""
        supply, (left, right) = iter(ends), (side() for side in sides)

        def use(one: Value, two: Value, other: Type | None) -> None:
            self.end(next(supply, None), one, two, other, goal)

        found = self.corresponding(goal.cod[1], goal.cod, left, right, use)
        need(len(found) == len(ends), "a coinduction with the wrong number of ends")

    def end(self, end: Any, left: Value, right: Value, other: Type | None, goal: Equation) -> None:
        """Check that two parts of layers are equal, or the two sides of the goal at a point.

        Parts of an ``other`` type than the fixed point itself are never granted to be equal.
        """
        match end:
            case ("equal", proof):
                self.replay(proof, (lambda: left, lambda: right), goal.cod if other is None else other)
            case ("again", point, *proofs) if len(proofs) == 2 and other is None:
                values = self.fits(goal, point)
                for number, (value, proof) in enumerate(zip((left, right), proofs, strict=True)):
                    granted = goal.evaluate(number, values)
                    self.replay(proof, (lambda value=value: value, lambda granted=granted: granted), goal.cod)  # type: ignore[misc]
            case _:
                raise Rejected("an end of a coinduction is malformed")

    @contextmanager
    def leaving_sums(self) -> Iterator[None]:
        """Leave neutral elements of sums as they are for a while."""
        saved, self.unsplit = self.unsplit, True
        try:
            yield
        finally:
            self.unsplit = saved


def replay(certificate: Any) -> None:
    """Check a whole certificate: its statement, its lemmas in order, and its proof.

    Raises:
        Rejected: with the first thing that is wrong.
    """
    try:
        _replay(certificate)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Rejected(f"the certificate is malformed ({type(error).__name__})") from error
    except RecursionError:
        raise Rejected("the certificate is nested too deeply") from None
    except Split:
        raise Rejected("the proof lacks a case distinction") from None


def _replay(certificate: Any) -> None:
    statement = certificate["statement"]
    kernel = Kernel(statement["signature"], functors=statement.get("functors"))
    kernel.equations = [kernel.equation(hypothesis) for hypothesis in statement["given"]]
    kernel.schemes = list(map(scheme, statement.get("schemes", ())))
    for lemma in certificate["lemmas"]:
        kernel.lemma(lemma)
    kernel.prove(kernel.equation(statement), freeze(certificate["proof"]))
