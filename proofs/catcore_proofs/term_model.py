"""Sets made of terms: a model in which labels and the values of arbitrary maps are as different as can be.

An atom is the infinite set of all terms.  An arbitrary map takes an argument to the term that names it, so it has
different values at arguments that are seen to differ; where its values are data, or elements of sums, one of them is
chosen, by whoever is asked (:class:`Split`).  What is seen of a function is its values at a few fixed arguments, and
of an element of a greatest fixed point its first layers: to be seen alike is an equivalence, so that a map which
depends on what is seen is a map.  Every element here is one of an actual set, and two that are seen to differ do.
"""

from __future__ import annotations

import itertools as it
from typing import Any

from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, filled, flat, injections, need, packed
from catcore_proofs.kernel import Kernel
from catcore_proofs.specimens import ELEMENTS, Specimen, complete, inhabited, largest, specimens
from catcore_proofs.syntax import UNIT

#: How many layers of elements of greatest fixed points are seen.
LAYERS = 4

#: At how many arguments functions are seen, and how many constructors these have at most.
ARGUMENTS, CONSTRUCTORS = 16, 2

#: The number of the first label that is an argument at which functions are seen.
SEEN = 10_000

#: How many elements of a least fixed point are tried as the value of an arbitrary map.
VALUES = 3


class TermModel(Kernel):
    """The evaluator among sets of terms; arguments as for :class:`catcore_proofs.evaluation.Evaluator`.

    Raises:
        Rejected: when an arbitrary map has no values, or has them in an arbitrary functor.
    """

    def __init__(
        self, signature: dict[str, Any], steps: int = 5_000_000, functors: dict[str, str] | None = None
    ) -> None:
        super().__init__(signature, steps, functors)
        self._arguments: dict[Type, tuple[Value, ...]] = {}
        self._labels: list[Type] = [UNIT] * SEEN  # those of arguments, in which each type has its own
        self.complete = True  # whether all arguments, layers and answers were looked at so far
        need(all(inhabited(cod) for _, cod in self.signature.values()), "a map without values")

    def newest(self, x: Value) -> Value:
        """What is known by now of an element; which element of a least fixed point it is has to be known."""
        x = super().newest(x)
        if x[0] == "?" and x[2][0] == "μ" and not self.unsplit:
            raise Split(x[1], x[2])
        return x

    def reify(self, x: Value, kind: Type) -> Normal:
        """What is seen of an element."""
        return self.seen(x, kind, LAYERS)

    def seen(self, x: Value, kind: Type, layers: int) -> Normal:
        """What is seen of an element in so many layers of elements of greatest fixed points."""
        self.tick()
        match kind:
            case "1":
                return UNIT
            case ("a", _):
                return x[1]  # type: ignore[no-any-return]
            case ("*", left, right):
                return ("*", self.seen(x[1], left, layers), self.seen(x[2], right, layers))
            case ("^", base, exponent):
                return ("λ", *(self.seen(x[1](point), base, layers) for point in self.arguments(exponent)))
            case (("+" | "f" | "μ" | "ν"), *_) if self.unsplit and (x := self.newest(x))[0] == "?":
                return x[1]  # type: ignore[no-any-return]
            case ("ν", body):
                self.complete = self.complete and layers > 0
                return ("seen", self.seen(self.out(x), filled(body, kind), layers - 1)) if layers else ("seen",)
            case ("μ", body):
                return ("in", self.seen(self.out(x), filled(body, kind), layers))
            case ("f", _):
                return self.decide(x)
            case ("+", left, right):
                tag, payload = self.decide(x)
                return (tag, self.seen(payload, left if tag == "l" else right, layers))
        raise Rejected("an element of the empty set, or of an arbitrary functor")

    def arguments(self, kind: Type) -> tuple[Value, ...]:
        """The arguments at which functions out of a type are seen, the same ones whatever the function is."""
        if kind not in self._arguments:
            smallest = self._smallest(kind, CONSTRUCTORS, ARGUMENTS)
            saved, self.context = self.context, self._labels
            try:
                self._arguments[kind] = tuple(make(self) for make in smallest)
            finally:
                self.context = saved
        return self._arguments[kind]

    def answers(self, kind: Type) -> list[Specimen]:
        """What an element of a sum, of a finite set or of a least fixed point may be, smallest first."""
        if kind[0] in ("μ", "f"):
            return self._smallest(kind, CONSTRUCTORS + 1, VALUES if kind[0] == "μ" else ELEMENTS)
        return [
            lambda _, payload=payload, inject=inject: inject(packed(payload, iter(self.declare(flat(payload)))))  # type: ignore[misc]
            for payload, inject in injections(kind)
            if inhabited(payload)
        ]

    def _smallest(self, kind: Type, size: int, count: int) -> list[Specimen]:
        """The smallest specimens, with a note where there are other elements."""
        found = list(it.islice(it.chain.from_iterable(specimens(kind, own) for own in range(size + 1)), count + 1))
        if len(found) > count or largest(kind) > size or not complete((kind,), size):
            self.complete = False
        return found[:count]
