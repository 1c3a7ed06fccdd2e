"""The kernel: it replays a certificate, and nothing is called proved before it did.

The kernel has its own language of types and terms, made of JSON values, and imports nothing of the prover or catcore.
Its evaluator computes both sides of an equation on a generic element (β and η for functions, products and the unit are
computation), and it follows the certificate where computation alone does not decide:

* ``["same"]``: both sides have the same normal form;
* ``["split", n, [proofs]]``: the neutral element n of a sum is a left or a right injection, one proof for each; a
  neutral of an n-element set is one of n, and a neutral of the empty set leaves nothing to prove;
* ``["rewrite", side, equation, point, forward, proof]``: in the left (0) or right (1) side, every occurrence of an
  instance of an equation's one side is replaced by the other side; equations are the hypotheses, then the lemmas;
* ``["via", m, proof, proof]``: the normal form m equals the left side, and it equals the right side;
* ``["parts", proof, proof]``: two pairs are equal when both components are;
* ``["apply", proof]``: two functions are equal when they are at a new generic argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from catcore_proofs.evaluation import (
    UNIT,
    Evaluator,
    Normal,
    Rejected,
    Split,
    Type,
    Value,
    close,
    flat,
    freeze,
    injections,
    need,
    packed,
    same,
    wellformed,
)


class Equation(NamedTuple):
    """An equation between two functions of generic elements of the types ``kinds``."""

    kinds: tuple[Type, ...]
    cod: Type
    evaluate: Callable[[int, list[Value]], Value]


class Kernel(Evaluator):
    """A checker of proofs over one signature; arguments as for :class:`Evaluator`."""

    def __init__(self, signature: dict[str, Any], steps: int = 5_000_000) -> None:
        super().__init__(signature, steps)
        self.equations: list[Equation] = []

    def declare(self, kinds: tuple[Type, ...]) -> list[Value]:
        """New variables of the given types, as values."""
        start = len(self.context)
        self.context.extend(kinds)
        return [self.reflect(("v", start + i), kind) for i, kind in enumerate(kinds)]

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
        """Check the proof of an equation between normal forms and make it available to rewrites."""
        kinds, cod = tuple(map(wellformed, freeze(lemma["variables"]))), wellformed(freeze(lemma["cod"]))
        sides = freeze(lemma["lhs"]), freeze(lemma["rhs"])
        self.context.clear()
        self.declare(kinds)
        for side in sides:
            self.check(side, cod)
        bodies = []
        for body in sides:
            for i in range(len(kinds)):
                body = close(body, ("v", i), i)
            bodies.append(body)
        found = Equation(kinds, cod, lambda side, values: self.revalue(bodies[side], tuple(values)))
        self.prove(found, freeze(lemma["proof"]))
        self.equations.append(found)

    def prove(self, goal: Equation, proof: Any) -> None:
        """Replay a proof of an equation on generic elements."""
        self.context.clear()
        self.declare(goal.kinds)

        def side(number: int) -> Callable[[], Value]:
            return lambda: goal.evaluate(number, [self.reflect(("v", i), k) for i, k in enumerate(goal.kinds)])

        self.replay(proof, (side(0), side(1)), goal.cod)

    def replay(self, proof: Any, sides: tuple[Callable[[], Value], ...], cod: Type) -> None:
        """Check a proof that two values are equal."""
        match proof:
            case ("same",):
                left, right = (self.reify(side(), cod) for side in sides)
                need(same(left, right), "the two sides have different normal forms")
            case ("split", neutral, proofs):
                ways = injections(self.synthesise(neutral))
                need(len(ways) == len(proofs), "a split with the wrong number of proofs")
                for (payload, inject), inner in zip(ways, proofs, strict=True):
                    with self.assuming({}):
                        value = UNIT if payload is None else packed(payload, iter(self.declare(flat(payload))))
                        self.known = {**self.known, neutral: inject(value)}
                        self.replay(inner, sides, cod)
            case ("rewrite", (0 | 1) as which, int(number), point, forward, inner):
                need(0 <= number < len(self.equations), "a rewrite names no equation")
                old, new = self.instance(self.equations[number], point)[:: 1 if forward else -1]
                changed = self.replaced(self.reify(sides[which](), cod), cod, old, new)
                step = [*sides]
                step[which] = lambda: self.revalue(changed)
                self.replay(inner, tuple(step), cod)
            case ("via", middle, first, second):
                self.check(middle, cod)
                for side, inner in zip(sides, (first, second), strict=True):
                    self.replay(inner, (lambda: self.revalue(middle), side), cod)
            case ("parts", first, second):
                need(cod[0] == "*", "the components of something that is no pair")
                for i, inner in ((1, first), (2, second)):
                    self.replay(inner, tuple(component(side, i) for side in sides), cod[i])
            case ("apply", inner):
                need(cod[0] == "^", "the application of something that is no function")
                with self.assuming({}):
                    kinds, start = flat(cod[2]), len(self.context)
                    self.declare(kinds)
                    self.replay(inner, tuple(self.applied(side, cod[2], start) for side in sides), cod[1])
            case _:
                raise Rejected("a proof step is malformed")

    def applied(self, side: Callable[[], Value], kind: Type, start: int) -> Callable[[], Value]:
        """A function at the generic argument whose variables start at a place in the context."""

        def value() -> Value:
            factors = (self.reflect(("v", start + i), k) for i, k in enumerate(flat(kind)))
            return side()[1](packed(kind, factors))  # type: ignore[no-any-return]

        return value

    def instance(self, equation: Equation, point: tuple[Normal, ...]) -> tuple[Normal, Normal]:
        """The two sides of an equation at a point, as normal forms."""
        need(len(point) == len(equation.kinds), "a rewrite gives the wrong number of values")
        for normal, kind in zip(point, equation.kinds, strict=True):
            self.check(normal, kind)
        left, right = (equation.evaluate(side, [self.revalue(p) for p in point]) for side in (0, 1))
        return self.reify(left, equation.cod), self.reify(right, equation.cod)

    def replaced(self, normal: Normal, kind: Type, old: Normal, new: Normal) -> Normal:
        """``normal`` with every occurrence of the neutral parts of ``old`` replaced by those of ``new``."""
        facts = {part: self.revalue(value) for part, value in aligned(old, new)}
        with self.assuming(facts):
            return self.reify(self.revalue(normal), kind)


def component(side: Callable[[], Value], i: int) -> Callable[[], Value]:
    """Component 1 or 2 of a pair."""
    return lambda: side()[i]


def aligned(old: Normal, new: Normal) -> Iterator[tuple[Normal, Normal]]:
    """The neutral parts of a normal form beside what stands there in another one."""
    if old[0] == new[0] and old[0] in ("*", "l", "r"):
        for a, b in zip(old[1:], new[1:], strict=True):
            yield from aligned(a, b)
    elif old[0] in ("g", "@", "p1", "p2", "v"):
        yield old, new


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
    kernel = Kernel(statement["signature"])
    kernel.equations = [kernel.equation(hypothesis) for hypothesis in statement["given"]]
    for lemma in certificate["lemmas"]:
        kernel.lemma(lemma)
    kernel.prove(kernel.equation(statement), freeze(certificate["proof"]))
