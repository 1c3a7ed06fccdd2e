"""Coinductions: two functions into a terminal coalgebra are equal when their layers are alike.

The layers of both sides have one form; at each place of the coalgebra's elements there are equal elements, or the two
functions at some point.  That this makes the functions equal is the theorem ``coinduction`` of ``greatest.v``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from catcore_proofs.kernel import Equation, component
from catcore_proofs.rocq.closing import Closing
from catcore_proofs.rocq.expressions import Tree, factors, paired
from catcore_proofs.rocq.normal_forms import clean
from catcore_proofs.syntax import Type, Value, bears, filled, flat, need, same

Sides = tuple[Callable[[], Value], Callable[[], Value]]


class Stated(NamedTuple):
    """An equation, and how its two sides are written at given elements."""

    goal: Equation
    sides: Callable[[list[Tree]], tuple[str, str]]


class Coinductive(Closing):
    """Writes the proofs that layers are alike; arguments as for :class:`Closing`."""

    def step(self, proof: Any, sides: Sides, cod: Type, goal: Equation | None = None) -> None:
        """Write the proof that two values are equal; with the goal of a coinduction, that they are layers alike."""
        raise NotImplementedError

    @contextmanager
    def kept_trees(self) -> Iterator[None]:
        """Forget afterwards what new variables are called."""
        trees = list(self.writer.trees)
        yield
        self.writer.trees[:] = trees

    def coinduct(self, stated: Stated, proof: Any, sides: Sides) -> None:
        """Write a coinduction on all variables of an equation together."""
        goal, t, domain = stated.goal, self.names.fresh("t"), _product(stated.goal.kinds)
        need(goal.cod[0] == "ν", "a coinduction for no greatest fixed point")
        variables = ["tt" if kind == "1" else self.names.fresh() for kind in goal.kinds]
        point = self.expressions.text(paired(domain, [*variables] or ["tt"]))
        functions = (
            f"(fun {t} : {self.names.type(domain)} => {side})" for side in stated.sides(_parts(goal.kinds, domain, t))
        )
        made = f"coinduction final{self.names.greatest(goal.cod)} {' '.join(functions)} _ {point}"
        binders = " ".join(x for x in variables if x != "tt")
        self.say(f"refine ({f'fun {binders} => ' if binders else ''}{made}).")
        pattern, tree = self.pattern(domain)
        self.say(f"intros {pattern}.")
        self.writer.trees[:] = _parts(goal.kinds, domain, tree)
        self.step(
            proof, (lambda: self.out(sides[0]()), lambda: self.out(sides[1]())), filled(goal.cod[1], goal.cod), goal
        )

    def layers(self, ends: Any, sides: Sides, goal: Equation) -> None:
        """Two layers are alike, with a proof for the parts at each place."""
        supply = iter(ends)
        self.alike(goal.cod[1], sides, supply, goal)
        need(next(supply, None) is None, "a coinduction with the wrong number of ends")

    def alike(self, body: Type, sides: Sides, ends: Iterator[Any], goal: Equation) -> None:
        """Two elements of a functor with the given body are alike, as the kernel compares them."""
        seen = self.decide if body[0] == "+" else self.newest
        (left, right), effort = self.observe(lambda: [seen(side()) for side in sides])
        self.simplify(effort)
        if not bears(body):
            self.say("apply alike_always.")
            self.elsewhere(filled(body, goal.cod), sides, ends)
            return
        match body[0]:
            case "h":
                self.place(next(ends, None), sides, goal)
            case "*":
                self.say("apply alike_times.")
                for i in (1, 2):
                    with self.block():
                        self.alike(body[i], (component(sides[0], i), component(sides[1], i)), ends, goal)
            case "+":
                need(left[0] == right[0], "two layers are of different kinds")
                self.say(f"apply alike_{'left' if left[0] == 'l' else 'right'}.")
                payloads = (lambda: self.decide(sides[0]())[1]), (lambda: self.decide(sides[1]())[1])
                self.alike(body[1 if left[0] == "l" else 2], payloads, ends, goal)
            case "^":
                with self.generic(body[2], "apply alike_power.") as start:
                    values = self.applied(sides[0], body[2], start), self.applied(sides[1], body[2], start)
                    self.alike(body[1], values, ends, goal)

    @contextmanager
    def generic(self, kind: Type, tactic: str) -> Iterator[int]:
        """Go on at a generic element that a tactic leaves to introduce; where its variables start in the context."""
        pattern, tree = self.pattern(kind)
        self.say(f"{tactic} intros {pattern}.")
        with self.assuming({}), self.kept_trees():
            start = len(self.context)
            self.declare(flat(kind))
            self.writer.trees += factors(kind, tree)
            yield start

    def elsewhere(self, kind: Type, sides: Sides, ends: Iterator[Any]) -> None:
        """Two values have one normal form, or an end proves them equal."""
        left, right = (self.reify(side(), kind) for side in sides)
        if same(left, right):
            return self.unchanged(kind, sides)
        match next(ends, None):
            case ("equal", proof):
                self.step(proof, sides, kind)
            case _:
                need(False, "an end of a coinduction is malformed")

    def unchanged(self, kind: Type, sides: Sides) -> None:
        """Two values have one normal form."""
        (left, right), effort = self.observe(lambda: [self.reify(side(), kind) for side in sides])
        self.close_goal(left if not clean(left, True, True, True) else right, kind, effort)

    def place(self, end: Any, sides: Sides, goal: Equation) -> None:
        """Two parts of layers are equal, or the two sides of the goal at a point."""
        match end:
            case ("equal", proof):
                self.say("apply agree_equal.")
                self.step(proof, sides, goal.cod)
            case ("again", point, *proofs) if len(proofs) == 2:
                self.fits(goal, point)
                parts = [self.writer.text(p, kind) for p, kind in zip(point, goal.kinds, strict=True)]
                domain = _product(goal.kinds)
                self.say(f"apply (agree_again {self.expressions.text(paired(domain, [*parts] or ['tt']))}).")
                for number, proof in enumerate(proofs):
                    with self.block():
                        self.step(proof, (sides[number], self.at(goal, number, point)), goal.cod)
            case _:
                need(False, "an end of a coinduction is malformed")

    def at(self, goal: Equation, number: int, point: Any) -> Callable[[], Value]:
        """One side of an equation at a point."""
        return lambda: goal.evaluate(number, [self.revalue(p) for p in point])


def _product(kinds: tuple[Type, ...]) -> Type:
    """The type of all variables of an equation together."""
    if len(kinds) < 2:
        return kinds[0] if kinds else "1"
    return ("*", kinds[0], _product(kinds[1:]))


def _parts(kinds: tuple[Type, ...], domain: Type, tree: Tree) -> list[Tree]:
    """The variables of an equation in an element of the type of all together."""
    return factors(domain, tree) if kinds else []
