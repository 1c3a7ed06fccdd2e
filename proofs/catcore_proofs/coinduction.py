"""Coinduction: two elements of a greatest fixed point are equal when their layers are, the equation itself granted.

At each place of the layers where the type itself occurs, the parts on both sides are equal, or they are the two sides
of the equation at another point.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from catcore_proofs import terms
from catcore_proofs.branches import Branches, Sides, Unsettled
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, filled, same
from catcore_proofs.generalisation import Conjecture
from catcore_proofs.kernel import Equation


class Coinduction(Branches):
    """A search that knows how to compare layers."""

    def equation(self, conjecture: Conjecture) -> Equation:
        """A conjecture as an equation that can be evaluated."""
        bodies = conjecture.closed()
        return Equation(
            conjecture.kinds, conjecture.cod, lambda side, values: self.kernel.revalue(bodies[side], tuple(values))
        )

    def layers(self, layers: Sides, goal: Equation, *, rewritten: bool = False) -> Any:
        """A proof that two layers are equal, given that the two sides of the goal are."""
        kernel, (body, whole) = self.kernel, (goal.cod[1], goal.cod)
        try:
            with kernel.assuming({}):
                one, two = (layer() for layer in layers)
                # before work is put into the ends: layers that differ elsewhere may be rewritten as a whole
                different = any(kernel.corresponding(body, whole, one, two, lambda *parts: parts[2] is not None))
                if different and not rewritten and (proof := self.rewritten(layers, goal)) is not None:
                    return proof
                self.leaf()
                ends = kernel.corresponding(body, whole, one, two, lambda a, b, other: self.end(a, b, other, goal))
                return ("layers", ends)
        except Split as split:
            return self.decide(split, lambda: self.layers(layers, goal, rewritten=rewritten))
        except Rejected as error:
            proof = None if rewritten else self.rewritten(layers, goal)
            if proof is None:
                raise Unsettled(f"coinduction: {error}") from None
            return proof

    def squares(self, goal: Equation) -> list[Conjecture]:
        """That one side respects layers as the other side, an unfold, does; then it is that unfold, by finality."""
        kernel, found = self.kernel, list[Conjecture]()
        with self.system.outside(goal.kinds):
            variables = [kernel.reflect(("v", i), kind) for i, kind in enumerate(goal.kinds)]
            for which in (0, 1):
                with suppress(Split):  # whether a layer is moved may depend on what kind of layer it is
                    found += self.square(goal, which, variables)
        return found

    def square(self, goal: Equation, which: int, variables: list[Value]) -> Iterator[Conjecture]:
        """That the other side respects layers as one side, an unfold, does."""
        kernel = self.kernel
        whole, other = goal.evaluate(which, variables), goal.evaluate(1 - which, variables)
        if len(goal.kinds) == 1 and whole[0] == "unfold" and whole[2] == variables[0] and other[0] == "?":
            coalgebra = kernel.apply(whole[1][2], variables[0])
            moved = kernel.mapped(goal.cod[1], (lambda x: goal.evaluate(1 - which, [x]),), coalgebra)
            yield from self.components(kernel.out(other), moved, filled(goal.cod[1], goal.cod), goal.kinds)

    def components(self, left: Value, right: Value, kind: Type, kinds: tuple[Type, ...]) -> Iterator[Conjecture]:
        """The equations between the components of two layers."""
        if kind[0] == "*":
            for i in (1, 2):
                yield from self.components(left[i], right[i], kind[i], kinds)
            return
        try:
            yield Conjecture(kinds, kind, self.kernel.reify(left, kind), self.kernel.reify(right, kind))
        except Split:
            return

    def rewritten(self, layers: Sides, goal: Equation) -> Any:
        """A proof that two layers are equal once the hypotheses have rewritten them; none when they rewrite nothing."""
        kernel, system, kind = self.kernel, self.system, filled(goal.cod[1], goal.cod)
        system.prepare()
        chains: list[Any] = []
        ends: list[Normal] = []
        for which, layer in enumerate(layers):
            steps, end = system.normalise(kernel.reify(layer(), kind), kind, binders=False)  # these are for the ends
            chains += [("rewrite", which, *step) for step in steps]
            ends.append(end)
        if not chains:
            return None
        left, right = ends
        proof = self.layers((lambda: kernel.revalue(left), lambda: kernel.revalue(right)), goal, rewritten=True)
        for step in reversed(chains):
            proof = (*step, proof)
        return proof

    def end(self, left: Value, right: Value, other: Type | None, goal: Equation) -> Any:
        """A proof that two parts of layers are equal, or the goal at another point."""
        kernel, pair = self.kernel, (left, right)
        if other is not None:
            return ("equal", self.rewrite(kernel.reify(left, other), kernel.reify(right, other), other))
        normals = tuple(kernel.reify(value, goal.cod) for value in pair)
        if same(normals[0], normals[1]):
            return ("equal", ("same",))
        point = self.point(normals, goal)
        if point is None:
            return ("equal", self.rewrite(normals[0], normals[1], goal.cod))
        proofs = []
        for number, value in enumerate(pair):
            other = goal.evaluate(number, [kernel.revalue(p) for p in point])
            proofs.append(self.attempt((lambda value=value: value, lambda other=other: other), goal.cod))  # type: ignore[misc]
        return ("again", point, *proofs)

    def point(self, normals: tuple[Normal, ...], goal: Equation) -> tuple[Normal, ...] | None:
        """The point at which one of the goal's sides has the given normal form."""
        kernel = self.kernel
        with self.system.outside(goal.kinds):
            variables = [kernel.reflect(("v", i), k) for i, k in enumerate(goal.kinds)]
            try:
                patterns = [kernel.reify(goal.evaluate(side, variables), goal.cod) for side in (0, 1)]
            except Split:
                return None
        for pattern, normal in zip(patterns, normals, strict=True):
            values = terms.match(pattern, terms.frozen(normal), {})
            if values is not None and len(values) == len(goal.kinds):
                return tuple(terms.thawed(values[i]) for i in range(len(goal.kinds)))
        return None
