"""A kernel that pauses at the holes of an unfinished proof.

To look at a subgoal, or to make a move in it, the unfinished proof is replayed from the start; the kernel checks every
step on the way and stands at the hole in exactly the state in which what comes there has to be proved: with the
variables, the known cases and the induction hypothesis of that place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from catcore_proofs.evaluation import Normal, Split, Type, Value, filled, injections
from catcore_proofs.kernel import Equation, Kernel


class Hole(NamedTuple):
    """A place to be proved: two values, their type, and the equation that a coinduction is about."""

    sides: tuple[Callable[[], Value], ...]
    cod: Type
    coinductive: Equation | None


class PausingKernel(Kernel):
    """A kernel that calls ``pause`` where a proof has a hole."""

    pause: Callable[[Hole], None]

    def replay(
        self, proof: Any, sides: tuple[Callable[[], Value], ...], cod: Type, coinductive: Equation | None = None
    ) -> None:
        """As the kernel does; a hole proves nothing and is reported."""
        match proof:
            case ("?",):
                self.pause(Hole(sides, cod, coinductive))
            case ("rewrite", side, -1, *rest):
                super().replay(("rewrite", side, len(self.equations) - 1, *rest), sides, cod, coinductive)
            case (("fact" | "absurd") as head, -1, *rest):
                super().replay((head, len(self.equations) - 1, *rest), sides, cod, coinductive)
            case _:
                super().replay(proof, sides, cod, coinductive)

    @property
    def inductive(self) -> int | None:
        """The number of the induction hypothesis, where there is one."""
        last = len(self.equations) - 1
        return last if last >= 0 and self.equations[last].hypothetical else None

    def seen(self, value: Value, kind: Type) -> Normal:
        """The normal form of a value as far as it is known: elements of sums that are not may stand in it."""
        match self.newest(value):
            case ("?", neutral, _):
                return neutral  # type: ignore[no-any-return]
            case (("l" | "r") as side, payload):
                return (side, self.seen(payload, kind[1 if side == "l" else 2]))
            case ("*", a, b):
                return ("*", self.seen(a, kind[1]), self.seen(b, kind[2]))
            case ("in", layer):
                return ("in", self.seen(layer, filled(kind[1], kind)))
            case other:
                return self.reify(other, kind)

    def shown(self, side: Callable[[], Value], cod: Type) -> Normal:
        """The normal form of a side, with the case distinctions that it waits for written out."""
        try:
            return self.reify(side(), cod)
        except Split as split:
            branches = [self._branch(split, payload, inject, side, cod) for payload, inject in injections(split.kind)]
            return ("switch" if split.kind[0] == "f" else "case", split.neutral, *branches)

    def _branch(self, split: Split, payload: Type, inject: Any, side: Any, cod: Type) -> Normal:
        def inner(value: Value) -> Normal:
            with self.assuming({split.neutral: inject(value)}):
                return self.shown(side, cod)

        return inner(("1",)) if payload is None else self._under(payload, inner)
