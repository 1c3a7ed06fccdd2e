"""Inductions along a measure: an equation holds at x because it holds where the measure is a part of that of x.

For a least fixed point ``mu`` with the constructor ``in`` the file says what it means that P holds ``below`` a layer y:
at all parts of y.  The principle ``descent`` is that P holds of every element if it holds of ``in y`` wherever it holds
below y.  Along the measure ``m x``, P says of t that the equation holds at every x with ``m x = t``.
"""

from __future__ import annotations

from typing import Any

from catcore_proofs.kernel import Equation
from catcore_proofs.rocq.coinduction import Coinductive, Sides
from catcore_proofs.rocq.expressions import Tree, first, second
from catcore_proofs.rocq.fixed_points import Unexportable
from catcore_proofs.rocq.normal_forms import replace
from catcore_proofs.syntax import Normal, Type, bears, filled, need


class Measured(Coinductive):
    """Writes inductions along a measure; arguments as for :class:`Coinductive`."""

    _descent: tuple[Normal, str, str, str]  # the measure, the layer, what holds below it, and that it is the layer
    _principles: frozenset[int] = frozenset()

    def introduce(self, goal: Equation) -> None:
        """Name the variables of an equation."""
        raise NotImplementedError

    def descend(self, goal: Equation, element: Normal, proof: Any, sides: Sides) -> None:
        """Write an induction along a measure; the induction hypothesis is a rule with a condition."""
        self.introduce(goal)
        kind = self.synthesise(element)
        need(kind[0] == "μ", "an induction along what is no element of a least fixed point")
        number, measure = self.principle(kind), self.writer.text(element, kind)
        t, h, layer, below, known = (self.names.fresh(letter) for letter in ("t", "H", "y", "IH", "E"))
        pairs = zip(self.writer.trees, goal.kinds, strict=True)
        names = " ".join(self.expressions.text(tree) for tree, of in pairs if of != "1")
        claim = f"forall {t} : mu{number}, {measure} = {t} -> G"
        self.say(f"match goal with |- ?G => cut ({claim}) end; [intros {h}; exact ({h} _ eq_refl) |].")
        self.say(f"intros {t}. {f'revert {names}. ' if names else ''}revert {t}.")
        self.say(f"refine (descent{number} _ _). intros {layer} {below} {names} {known}.")
        with self.descending(goal, element):
            self._descent = element, layer, below, known
            self.rules.append(below)
            self.step(proof, sides, goal.cod)
            self.rules.pop()

    def at_part(self, equation: Equation, point: tuple[Any, ...]) -> str:
        """The induction hypothesis at a point whose measure stands at a place of the layer."""
        *values, place = point
        assert equation.measure is not None
        (element, layer, below, known), kind = self._descent, equation.measure.kind
        number, count = self.names.least(kind), len(equation.kinds)
        here = [self.reflect(("v", i), self.context[i]) for i in range(count)]
        with self.leaving_sums():
            whole, effort = self.observe(lambda: self._measure(equation, here))
            written = self.writer.text(whole[1], filled(kind[1], kind))
            made, same, there = (self.names.fresh(letter) for letter in ("K", "L", "Q"))
            self.say(f"assert ({made} : {self.writer.text(element, kind)} = in{number} {written}).")
            with self.block():
                self.close_goal(whole, kind, effort)
            self.say(f"assert ({same} : {layer} = {written}).")
            with self.block():
                self.say(f"injection (eq_trans (eq_sym {known}) {made}). exact (fun h => h).")
            proof = f"(eq_ind {layer} (below{number} _) {below} _ {same})"
            path = self._standing((kind[1], kind), (whole[1], written), place[1:], proof)
            part, more = self.observe(lambda: self._part(equation, here, values, place))
        moved = replace(element, {("v", i): value for i, value in enumerate(values)})
        self.say(f"assert ({there} : {self.writer.text(moved, kind)} = {self.writer.text(part, kind)}).")
        with self.block():
            self.close_goal(part, kind, effort | more)
        given = [self.writer.text(v, k) for v, k in zip(values, equation.kinds, strict=True) if k != "1"]
        return f"({' '.join((path, *given, there))})"

    def _part(self, equation: Equation, here: list[Any], values: list[Normal], place: Any) -> Normal:
        """The normal form of the measure at a point, which is that of the part at the place."""
        assert equation.measure is not None
        self.standing(equation.measure.kind[1], self.measured(equation.measure, here)[1], place[1:])
        return self._measure(equation, [self.revalue(value) for value in values])

    def _measure(self, equation: Equation, values: list[Any]) -> Normal:
        assert equation.measure is not None
        return self.reify(self.measured(equation.measure, values), equation.measure.kind)

    def _standing(self, of: tuple[Type, Type], layer: tuple[Normal, str], place: tuple[Any, ...], proof: str) -> str:
        """What holds at a place of a layer below which it holds.

        Args:
            of: the body of a fixed point, or a part of it, and the fixed point.
            layer: an element of that over the fixed point, and how it is written.
            place: where the part stands in it.
            proof: that it holds below the element.
        """
        (body, fixed), (element, written) = of, layer
        match body[0]:
            case "h":
                return proof
            case "+":
                if element[0] not in ("l", "r"):
                    raise Unexportable("A part is said to stand in a case that is not known.")
                part = body[1 if element[0] == "l" else 2]
                inside = element[1], self.writer.text(element[1], filled(part, fixed))
                return self._standing((part, fixed), inside, place, proof)
            case "*":
                which, *rest = place
                tree = (first if which == 1 else second)(written)
                return self._standing(
                    (body[which], fixed), (element[which], tree), tuple(rest), f"(proj{which} {proof})"
                )
            case "^":
                argument, *rest = place
                value, proof = self._at_argument(body, fixed, layer, argument, proof)
                return self._standing((body[1], fixed), value, tuple(rest), proof)
        raise Unexportable("A part is said to be where the type itself does not occur.")

    def _at_argument(
        self, body: Type, fixed: Type, layer: tuple[Normal, str], argument: Normal, proof: str
    ) -> tuple[tuple[Normal, str], str]:
        """The value of a function in a layer, and what holds below it; what is known of the value is used."""
        kind, (function, written) = filled(body[1], fixed), layer
        at = f"({written} {self.writer.text(argument, body[2])})"
        value, effort = self.observe(lambda: self.reify(self.revalue(function)[1](self.revalue(argument)), kind))
        text, holds, equal = self.writer.text(value, kind), self.names.fresh("H"), self.names.fresh("Q")
        proof = f"({proof} {self.writer.text(argument, body[2])})"
        if not effort or text == at:
            return (value, text), proof
        self.say(f"pose proof {proof} as {holds}.")
        self.say(f"assert ({equal} : {at} = {text}).")
        with self.block():
            self.close_goal(value, kind, effort)
        self.say(f"rewrite {equal} in {holds}.")
        return (value, text), holds

    # ---- the principle -------------------------------------------------------------------------------------------

    def principle(self, kind: Type) -> int:
        """The number of a least fixed point whose principle is among the definitions."""
        number = self.names.least(kind)
        if number not in self._principles:
            self._principles |= {number}
            layer, y = self.names.type(filled(kind[1], kind)), self.names.fresh("y")
            below, proof = self._below(kind[1], y), self._proof(kind[1], y, f"descent{number} P step")
            step = f"(step : forall y, below{number} P y -> P (in{number} y))"
            made = f"match x as x return P x with in{number} {y} => step {y} {proof} end"
            opening = f"{number} (P : mu{number} -> Prop)"
            self.names.define(
                f"Definition below{opening} ({y} : {layer}) : Prop := {below}.",
                f"Fixpoint descent{opening} {step} (x : mu{number}) {{struct x}} : P x := {made}.",
            )
        return number

    def _below(self, body: Type, x: Tree) -> str:
        """That P holds at all places of an element of a functor."""
        text = self.expressions.text
        if not bears(body):
            return "True"
        match body[0]:
            case "h":
                return f"(P {text(x)})"
            case "*":
                return f"({self._below(body[1], first(x))} /\\ {self._below(body[2], second(x))})"
            case "+":
                y = self.names.fresh("y")
                left, right = (self._below(part, y) for part in body[1:])
                return f"(match {text(x)} return Prop with inl {y} => {left} | inr {y} => {right} end)"
            case "^":
                y = self.names.fresh("y")
                return (
                    f"(forall {y} : {self.names.type(body[2])}, {self._below(body[1], self.expressions.apply(x, y))})"
                )
        raise Unexportable("A fixed point depends on the variable of the one along which an induction goes.")

    def _proof(self, body: Type, x: Tree, every: str) -> str:
        """The proof of that, where P holds of every element."""
        text = self.expressions.text
        if not bears(body):
            return "I"
        match body[0]:
            case "h":
                return f"({every} {text(x)})"
            case "*":
                return f"(conj {self._proof(body[1], first(x), every)} {self._proof(body[2], second(x), every)})"
            case "+":
                y, z = self.names.fresh("y"), self.names.fresh("z")
                left, right = (self._proof(part, y, every) for part in body[1:])
                ways = f"inl {y} => {left} | inr {y} => {right}"
                return f"(match {text(x)} as {z} return {self._below(body, z)} with {ways} end)"
        y = self.names.fresh("y")
        return f"(fun {y} : {self.names.type(body[2])} => {self._proof(body[1], self.expressions.apply(x, y), every)})"
