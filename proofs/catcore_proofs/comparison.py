"""What two values are made of, so that they are equal when their parts are: trusted, like the evaluator.

Pairs are compared by components, functions at a new argument, elements of one form by what is inside: the layers of
constructors, the payloads of injections, the arguments of one function.  The same element bound on both sides is taken
off, and two layers of greatest fixed points are compared place by place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from catcore_proofs.evaluation import Evaluator
from catcore_proofs.syntax import Normal, Rejected, Type, Value, bears, filled, flat, need, packed, same

#: The values that are compared, evaluated anew whenever more is known.
Sides = tuple[Callable[[], Value], ...]

Found = TypeVar("Found")


class Comparison(Evaluator):
    """An evaluator that takes pairs of values apart; arguments as for :class:`Evaluator`."""

    def declare(self, kinds: tuple[Type, ...]) -> list[Value]:
        """New variables of the given types, as values."""
        start = len(self.context)
        self.context.extend(kinds)
        return [self.reflect(("v", start + i), kind) for i, kind in enumerate(kinds)]

    def inside(self, sides: Sides, cod: Type) -> tuple[Sides, Type]:
        """What is inside two elements of the same form, and its type.

        Raises:
            Rejected: when they are of different forms, or have nothing inside.
        """
        left, right = (self.newest(side()) for side in sides)
        if left[0] == right[0] and left[0] in ("in", "l", "r", "η"):
            kind = filled(cod[1], cod) if left[0] == "in" else cod[1 if left[0] == "l" else 2]
            return tuple(lambda side=side: self.newest(side())[1] for side in sides), kind
        one, other = self.heads(self.reify(left, cod), self.reify(right, cod))
        need(one[0] == other[0] and len(one) == 3 and same(one[1], other[1]), "two elements of different forms")
        return (lambda: self.revalue(one[2]), lambda: self.revalue(other[2])), self.argument(one)

    @staticmethod
    def heads(one: Normal, other: Normal) -> tuple[Normal, Normal]:
        """Two neutral elements without what is equally done to them."""
        if one[0] == other[0] and one[0] in ("bind", "map") and same(one[2], other[2]):
            one, other = one[1], other[1]
        while one[0] == other[0] and (one[0] in ("p1", "p2", "out") or (one[0] == "@" and same(one[2], other[2]))):
            one, other = one[1], other[1]
        return one, other

    def argument(self, neutral: Normal) -> Type:
        """The type of what a function is applied to in an element that is its value."""
        match neutral[0]:
            case "@":
                return self.synthesise(neutral[1])[2]
            case "g":
                return self.signature[neutral[1]][0]
            case "fold":
                return neutral[1][1]
            case "unfold":
                return self.seed(neutral[1])
        raise Rejected("an element that is no value of a function has nothing inside")

    def bodies(self, left: Normal, right: Normal, cod: Type) -> tuple[tuple[Callable[[], Value], ...], Type]:
        """What the same element is bound to on both sides, at a new element, and its type."""
        need(
            left[0] == right[0] and left[0] in ("bind", "map") and same(left[1], right[1]),
            "two binds of different elements",
        )
        kind, start = self.synthesise(left[1])[2], len(self.context)
        self.declare(flat(kind))

        def body(normal: Normal) -> Callable[[], Value]:
            def value() -> Value:
                factors = (self.reflect(("v", start + i), k) for i, k in enumerate(flat(kind)))
                return self.revalue(normal[2], (packed(kind, factors),))

            return value

        return (body(left), body(right)), cod if left[0] == "bind" else cod[2]

    def applied(self, side: Callable[[], Value], kind: Type, start: int) -> Callable[[], Value]:
        """A function at the generic argument whose variables start at a place in the context."""

        def value() -> Value:
            factors = (self.reflect(("v", start + i), k) for i, k in enumerate(flat(kind)))
            return side()[1](packed(kind, factors))  # type: ignore[no-any-return]

        return value

    def corresponding(
        self, body: Type, whole: Type, left: Value, right: Value, use: Callable[[Value, Value, Type | None], Found]
    ) -> list[Found]:
        """What ``use`` makes of the parts of two layers at each place of the bound variable, and of the other parts.

        It gets the parts of other types with their type, where they differ as they are, and those at the places with
        None.
        Where the parts are values of functions, there is a generic argument for as long as they are used, no longer:
        functions from a set that may be empty do not show that it has an element.
        """
        if not bears(body):
            kind = filled(body, whole)
            alike = same(self.reify(left, kind), self.reify(right, kind))
            return [] if alike else [use(left, right, kind)]
        match body[0]:
            case "h":
                return [use(left, right, None)]
            case "*":
                places = (self.corresponding(body[i], whole, left[i], right[i], use) for i in (1, 2))
                return [found for place in places for found in place]
            case "+":
                (tag, a), (other, b) = self.decide(left), self.decide(right)
                need(tag == other, "two layers are of different kinds")
                return self.corresponding(body[1 if tag == "l" else 2], whole, a, b, use)
            case "^":
                with self.assuming({}):
                    argument = packed(body[2], iter(self.declare(flat(body[2]))))
                    return self.corresponding(body[1], whole, left[1](argument), right[1](argument), use)
        raise Rejected("a coinduction through a fixed point inside a fixed point")


def component(side: Callable[[], Value], i: int) -> Callable[[], Value]:
    """Component 1 or 2 of a pair."""
    return lambda: side()[i]
