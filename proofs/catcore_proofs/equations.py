"""What equations say at a point: instances, facts about neutral elements, and what stands in the place of what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catcore_proofs.descent import Descent, Equation
from catcore_proofs.evaluation import Normal, Type, Value, need


class Equations(Descent):
    """The equations that a proof may use; arguments as for :class:`catcore_proofs.evaluation.Evaluator`."""

    def __init__(
        self, signature: dict[str, Any], steps: int = 5_000_000, functors: dict[str, str] | None = None
    ) -> None:
        super().__init__(signature, steps, functors)
        self.equations: list[Equation] = []
        self.joint: int | None = None  # the number of the first of the equations that are proved together

    def named(self, number: int) -> Equation:
        """An equation by its number; those that are proved together with another one have the numbers −2, −3, …"""
        if number < -1 and self.joint is not None:
            number = self.joint - 1 - number
        need(0 <= number < len(self.equations), "a step names no equation")
        return self.equations[number]

    def values(self, equation: Equation, point: tuple[Normal, ...]) -> tuple[Value, Value]:
        """The two sides of an equation at a point."""
        values = self.fits(equation, point)
        left, right = (equation.evaluate(side, values) for side in (0, 1))
        return left, right

    def instance(self, equation: Equation, point: tuple[Normal, ...]) -> tuple[Normal, Normal]:
        """The two sides of an equation at a point, as normal forms."""
        left, right = self.values(equation, point)
        return self.reify(left, equation.cod), self.reify(right, equation.cod)

    def tells(self, equation: Equation, point: tuple[Normal, ...], forward: bool) -> dict[Normal, Value]:
        """The neutral elements that one side of an equation is made of at a point, with what the other one is there."""
        left, right = self.values(equation, point)[:: 1 if forward else -1]
        found = dict(self.learned(left, right))
        need(len(found) > 0, "a fact about something that is no neutral element")
        return found

    def learned(self, left: Value, right: Value) -> Iterator[tuple[Normal, Value]]:
        """The neutral elements that pairs on one side are made of, with what stands there on the other side."""
        left = self.newest(left)
        if left[0] == "*":
            for i in (1, 2):
                yield from self.learned(left[i], right[i])
        elif left[0] == "?":
            yield left[1], right

    def replaced(self, normal: Normal, kind: Type, ends: tuple[Normal, Normal], at: Type) -> Normal:
        """``normal`` with every occurrence of an element of the type ``at``, or of its neutral parts, exchanged."""
        facts = {part: self.revalue(value) for part, value in aligned(*ends)}
        with self.assuming(facts):
            self.instead = {(at, ends[0]): ends[1]} if ends[0][0] in ("in", "unfold") else {}
            try:
                return self.reify(self.revalue(normal), kind)
            finally:
                self.instead = {}


def aligned(old: Normal, new: Normal) -> Iterator[tuple[Normal, Normal]]:
    """The neutral parts of a normal form beside what stands there in another one."""
    if old[0] == new[0] and old[0] in ("*", "l", "r"):
        for a, b in zip(old[1:], new[1:], strict=True):
            yield from aligned(a, b)
    elif old[0] in ("g", "@", "p1", "p2", "v", "fold", "out"):
        yield old, new  # a constructor is exchanged where it is read back
    elif (old[0], old[2:]) in (("bind", (("η", ("b", 0)),)), ("map", (("b", 0),))):
        yield old[1], new  # a neutral element of T(A), as its normal form shows it
