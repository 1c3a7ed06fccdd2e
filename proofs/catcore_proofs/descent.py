"""What is smaller: where an induction may use the equation that it proves.  Trusted, like the evaluator.

The elements of a least fixed point are built up from their parts, so that being a part is well-founded, and nothing
holds of a part but fails of the whole for ever.  There are two ways to say that an element is a part.

In an induction on a variable, the variables of its layer are parts, and so are the variables of the layers of parts, be
they of the same type or, as the lists of branches of a tree, of another one.  What is inside of a set is of
lower rank; so equations about elements of several types may be proved together, each used for parts only.

In an induction along a measure, which is an element ``m(x)`` of a least fixed point that depends on the variables x of
the equation, the equation may be used at a point y where ``m(y)`` stands at a named place of the layer of ``m(x)``.  To
the order of the parts of ``m(x)`` corresponds a well-founded order of the points, whatever set they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from catcore_proofs.comparison import Comparison
from catcore_proofs.syntax import Normal, Rejected, Type, Value, filled, flat, need, packed, same


class Measure(NamedTuple):
    """An element of the least fixed point ``kind`` that depends on the variables of an equation, here bound ones."""

    body: Normal
    kind: Type


class Equation(NamedTuple):
    """An equation between two functions of generic elements of the types ``kinds``."""

    kinds: tuple[Type, ...]
    cod: Type
    evaluate: Callable[[int, list[Value]], Value]
    inductive: int | None = None  # the variable that an induction hypothesis may use for smaller elements only
    measure: Measure | None = None  # what has to be smaller for an induction hypothesis to be used

    @property
    def hypothetical(self) -> bool:
        """Whether it is an induction hypothesis."""
        return self.inductive is not None or self.measure is not None


class Descent(Comparison):
    """An evaluator that knows what is smaller; arguments as for :class:`catcore_proofs.evaluation.Evaluator`."""

    def __init__(
        self, signature: dict[str, Any], steps: int = 5_000_000, functors: dict[str, str] | None = None
    ) -> None:
        super().__init__(signature, steps, functors)
        self.smaller: frozenset[int] = frozenset()  # the variables that are parts of the element inducted on

    @contextmanager
    def opening(self, neutral: Normal, *, inducted: bool = False) -> Iterator[None]:
        """A neutral element is a constructor on a layer, whose parts are smaller than what is inducted on if it is."""
        kind, saved = self.synthesise(neutral), self.smaller
        need(kind[0] == "μ", "what is opened is no element of a least fixed point")
        layer = filled(kind[1], kind)
        with self.assuming({}):
            start = len(self.context)
            value = packed(layer, iter(self.declare(flat(layer))))
            if inducted or self.part(neutral):
                before = frozenset[int]() if inducted else saved
                self.smaller = before | frozenset(range(start, len(self.context)))
            self.known = {**self.known, neutral: ("in", value)}
            try:
                yield
            finally:
                self.smaller = saved

    def part(self, neutral: Normal) -> bool:
        """Whether a neutral element is a part of the layer inducted on: reached by projections and applications."""
        while neutral[0] in ("p1", "p2", "@"):
            neutral = neutral[1]
        return neutral[0] == "v" and neutral[1] in self.smaller

    def fits(self, equation: Equation, point: tuple[Normal, ...]) -> list[Value]:
        """The values of an equation's variables at a point; a point that is none of the equation's is rejected.

        In an induction along a measure a point ends with the place of the part that its measure is.
        """
        place: Any = None
        if equation.measure is not None:
            *point, place = point  # type: ignore[assignment]
        need(len(point) == len(equation.kinds), "a rewrite gives the wrong number of values")
        for normal, kind in zip(point, equation.kinds, strict=True):
            self.check(normal, kind)
        values = [self.revalue(normal) for normal in point]
        smaller = True
        if equation.inductive is not None:
            smaller = self.part(point[equation.inductive])
        elif equation.measure is not None:
            smaller = self.below(equation.measure, len(equation.kinds), values, place)
        need(smaller, "an induction hypothesis is used for an element that is not smaller")
        return values

    def below(self, measure: Measure, count: int, values: list[Value], place: Any) -> bool:
        """Whether the measure of some values stands at a place of the layer of the generic element's measure."""
        whole = self.measured(measure, [self.reflect(("v", i), self.context[i]) for i in range(count)])
        need(whole[0] == "in", "an induction along a measure whose layer is not known")
        need(place[0] == "at", "the place of a part is malformed")
        part = self.standing(measure.kind[1], whole[1], place[1:])
        return same(*(self.reify(value, measure.kind) for value in (part, self.measured(measure, values))))

    def measured(self, measure: Measure, values: list[Value]) -> Value:
        """The measure of some values, as far as it is known by now."""
        return self.newest(self.revalue(measure.body, tuple(values)))

    def standing(self, body: Type, layer: Value, place: tuple[Any, ...]) -> Value:
        """What stands in a layer at a place where the type itself occurs: components, and values of functions."""
        match body[0], place:
            case "h", ():
                return layer
            case "+", _:
                tag, payload = self.decide(layer)
                return self.standing(body[1 if tag == "l" else 2], payload, place)
            case "*", ((1 | 2) as which, *rest):
                return self.standing(body[which], layer[which], tuple(rest))
            case "^", (argument, *rest):
                self.check(argument, body[2])
                return self.standing(body[1], layer[1](self.revalue(argument)), tuple(rest))
        raise Rejected("a part is said to be where the type itself does not occur")
