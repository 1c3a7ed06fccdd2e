"""Message passing as dynamic programming: polynomial spans and their integral transforms (THEORY T3.5).

A span ``W ←i– X –p→ Y –o→ Z`` says which inputs W the arguments X read, which arguments make up each message of Y, and
which messages reach each output of Z (Dudzik and Veličković 2022).  Over a semiring, values of W are pulled back along
i, multiplied along p, collected into bags along o and added there.  Changing the semiring of one span changes shortest
paths into reachability or into a count of walks.

>>> from math import inf
>>> from catcore.datatypes.semirings import BOOLEAN, MIN_PLUS
>>> step = edge_span(3, [(0, 1), (1, 2)])
>>> integral_transform(step, MIN_PLUS, [0, inf, inf, 4, 5, 0, 0, 0])
[0, 4, inf]
>>> integral_transform(step, BOOLEAN, [True, False, False, True, True, True, True, True])
[True, True, False]
"""

from __future__ import annotations

import itertools as it
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from catcore.datatypes.given import count, items, one_of
from catcore.datatypes.semirings import Semiring
from catcore.errors import BadSpecification, ShapeMismatch
from catcore.laws import PointwiseLaw

Indices = tuple[int, ...]


@dataclass(frozen=True)
class Span:
    """A polynomial span of finite sets, given by the images of its three maps.

    Args:
        inputs: how many elements W has.
        reads: the map i, for each argument the input it reads.
        joins: the map p, for each argument the message it is part of.
        arrives: the map o, for each message the output it reaches; its length is the size of Y.
        outputs: how many elements Z has.

    Raises:
        ShapeMismatch: when the maps do not fit together.
    """

    inputs: int
    reads: Indices
    joins: Indices
    arrives: Indices
    outputs: int

    def __post_init__(self) -> None:
        for what, size in (("inputs", self.inputs), ("outputs", self.outputs)):
            count(size, f"The number of {what} of a span")
        for what, images in (("i", self.reads), ("p", self.joins), ("o", self.arrives)):
            for image in items(images, f"The images of the map {what} of a span"):
                one_of(image, Integral, f"The map {what} of a span goes to numbers; a number")
        if len(self.reads) != len(self.joins):
            raise ShapeMismatch(
                f"A span W ← X → Y → Z was asked for: its maps from X must have the same domain, and i has "
                f"{len(self.reads)} values and p has {len(self.joins)}."
            )
        for name, values, size in (
            ("i : X → W", self.reads, self.inputs),
            ("p : X → Y", self.joins, len(self.arrives)),
            ("o : Y → Z", self.arrives, self.outputs),
        ):
            at = next((k for k, v in enumerate(values) if not 0 <= v < size), None)
            if at is not None:
                raise ShapeMismatch(
                    f"A span W ← X → Y → Z was asked for, and {name} sends {at} to {values[at]}, outside of "
                    f"0, …, {size - 1}. Give each element an image in the codomain."
                )


def edge_span(nodes: int, edges: Sequence[tuple[int, int]]) -> Span:
    """One step along edges, or of staying: ``W = V + E + V``, ``Y = E + V``, two arguments to a message.

    The inputs are the values of the nodes, the weights of the edges, and the weights of staying at each node.
    """
    sources = [u for u, _ in edges] + list(range(nodes))
    targets = [v for _, v in edges] + list(range(nodes))
    messages = range(len(sources))
    reads = (i for message in messages for i in (sources[message], nodes + message))
    joins = (message for message in messages for _ in range(2))
    return Span(nodes + len(sources), tuple(reads), tuple(joins), tuple(targets), nodes)


def integral_transform(span: Span, semiring: Semiring, values: Any) -> Any:
    """The values at the outputs: ``z ↦ ⊕ over y in o⁻¹(z) of ⊗ over x in p⁻¹(y) of values(i(x))``.

    A NumPy array, of shape ``(W, …)``, gives an array of shape ``(Z, …)``, by one array call per stage; any other
    sequence is computed exactly, element by element.

    Raises:
        ShapeMismatch: when there is not one value for each input.
        BadSpecification: for an array, when the semiring names no NumPy functions.
    """
    one_of(span, Span, "A span")
    one_of(semiring, Semiring, "A transform multiplies and adds in a semiring; one")
    one_of(values, Sized, "A value for each input; a list or an array")
    if len(values) != span.inputs:
        raise ShapeMismatch(f"{span.inputs} values were asked for, one for each input, and {len(values)} were given.")
    if type(values).__module__ == "numpy":
        return _on_arrays(span, semiring, values)
    return [semiring.sum(bag) for bag in message_bags(span, semiring, values)]


def message_bags(span: Span, semiring: Semiring, values: Sequence[Any]) -> list[list[Any]]:
    """The messages that reach each output, as bags: a set would lose how often a message came."""
    factors: list[list[Any]] = [[] for _ in span.arrives]
    for source, message in zip(span.reads, span.joins, strict=True):
        factors[message].append(values[source])
    bags: list[list[Any]] = [[] for _ in range(span.outputs)]
    for message, target in enumerate(span.arrives):
        bags[target].append(semiring.product(factors[message]))
    return bags


def _on_arrays(span: Span, semiring: Semiring, values: Any) -> Any:
    import numpy as np

    if semiring.ufuncs is None:
        raise BadSpecification(
            f"The transform of an array was asked for, and {semiring} names no NumPy functions for ⊕ and ⊗. Give a "
            "list, or name them as ufuncs=(…, …)."
        )
    plus, times = (getattr(np, name) for name in semiring.ufuncs)
    ends = np.asarray([semiring.zero, semiring.one])
    kind = np.result_type(values.dtype, ends.dtype)
    messages = np.full((len(span.arrives), *values.shape[1:]), semiring.one, dtype=kind)
    times.at(messages, np.asarray(span.joins, dtype=np.intp), values[np.asarray(span.reads, dtype=np.intp)])
    totals = np.full((span.outputs, *values.shape[1:]), semiring.zero, dtype=kind)
    plus.at(totals, np.asarray(span.arrives, dtype=np.intp), messages)
    return totals


@dataclass(frozen=True)
class SpanAutomorphism:
    """Four permutations of W, X, Y and Z that are to commute with the maps of a span.

    Raises:
        ShapeMismatch: when one is no permutation of its set.
    """

    span: Span
    on_inputs: Indices
    on_arguments: Indices
    on_messages: Indices
    on_outputs: Indices

    def __post_init__(self) -> None:
        s = self.span
        for name, images, size in (
            ("W", self.on_inputs, s.inputs),
            ("X", self.on_arguments, len(s.reads)),
            ("Y", self.on_messages, len(s.arrives)),
            ("Z", self.on_outputs, s.outputs),
        ):
            if sorted(images) != list(range(size)):
                raise ShapeMismatch(
                    f"An automorphism of a span was asked for, and {list(images)} is no permutation of the {size} "
                    f"elements of {name}. Give the image of each element."
                )

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """The three squares, and the equivariance that follows from them, over every commutative semiring.

        Equivariance is checked at one generic point: each input is a variable, and values are polynomials with natural
        coefficients, the free commutative semiring.
        """
        s = self.span
        return (
            _square("i", s.reads, self.on_arguments, self.on_inputs),
            _square("p", s.joins, self.on_arguments, self.on_messages),
            _square("o", s.arrives, self.on_messages, self.on_outputs),
            self.equivariance(),
        )

    def equivariance(self) -> PointwiseLaw:
        """``T(f ∘ σ_W) = T(f) ∘ σ_Z``."""

        def moved_before(f: Any) -> list[Any]:
            return list(integral_transform(self.span, POLYNOMIALS, [f[w] for w in self.on_inputs]))

        def moved_after(f: Any) -> list[Any]:
            totals = integral_transform(self.span, POLYNOMIALS, f)
            return [totals[z] for z in self.on_outputs]

        generic = tuple(variable(w) for w in range(self.span.inputs))
        return PointwiseLaw("equivariance", (generic,), moved_before, moved_after, "symbolic")


def _square(name: str, images: Indices, before: Indices, after: Indices) -> PointwiseLaw:
    return PointwiseLaw(
        f"{name} commutes with the permutations",
        tuple(range(len(images))),
        lambda k: images[before[k]],
        lambda k: after[images[k]],
        "exhaustive",
    )


def variable(index: int) -> Any:
    """A variable as a polynomial of :data:`POLYNOMIALS`."""
    return ((index,),)


#: Polynomials with natural coefficients in commuting variables, as sorted bags of sorted bags of variables.
POLYNOMIALS = Semiring(
    name="polynomials",
    add=lambda f, g: tuple(sorted(f + g)),
    mul=lambda f, g: tuple(sorted(tuple(sorted(u + v)) for u, v in it.product(f, g))),
    zero=(),
    one=((),),
    samples=((), ((),), ((0,),), ((1,),), ((0,), (0,)), ((), (0, 1))),
)
