"""Networks as paths of layers, graded by the shapes of their parameters (THEORY T5.12).

A graph whose edges carry a grade has a free graded category: its arrows are paths, and the grade of a path is the list
of the grades of its edges.  Layers are such edges between shapes, graded by the shape of their parameters; a path is
checked when it is built, and a fold over it, an interpreter, says what it means: a parametric map, a parametric lens,
or a loop over the layers that threads values forwards and gradients back.

>>> model = path(linear(4, 2), bias(4), relu(4), linear(2, 4), bias(2), relu(2))
>>> model.grade
((4, 2), (4,), (0,), (2, 4), (2,), (0,))
>>> model.dom, model.cod
((2,), (2,))
>>> linear(4, 2) >> linear(3, 2)
Traceback (most recent call last):
...
catcore.errors.NotComposable: A path was asked for in which linear[3, 2] follows linear[4, 2]: the first ends in the \
shape (4,) and the second starts in the shape (2,). Give layers whose shapes meet.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from catcore.arrows import Arrow, ident, pair, snd, terminal
from catcore.categories.smooth import constant, smooth
from catcore.errors import IllTyped, NotComposable, ShapeMismatch
from catcore.learning.lenses import LensMap, Port
from catcore.learning.parametric import LENSES, parametric_lens
from catcore.learning.reverse import reverse_derivative
from catcore.objects import R
from catcore.para.maps import ParaMap, identity

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Edge:
    """A layer: an edge from one shape to another, graded by the shape of its parameters.

    Args:
        name: what it is called; interpreters other than the built-in ones go by it.
        grade: the shape of its parameters; ``(0,)`` for none.
        dom: the shape of its input.
        cod: the shape of its output.
        arrow: what it computes, an arrow ``R(grade) × R(dom) → R(cod)``.
        back: what flows back, ``(R(grade) × R(dom)) × R(cod) → R(grade) × R(dom)``; by default the reverse derivative.

    Raises:
        IllTyped: when an arrow has another type.
    """

    name: str
    grade: Shape
    dom: Shape
    cod: Shape
    arrow: Arrow
    back: Arrow | None = None

    def __post_init__(self) -> None:
        expected = R(*self.grade) * R(*self.dom), R(*self.cod)
        if (self.arrow.dom, self.arrow.cod) != expected:
            raise IllTyped(
                f"The layer {self.name} from {self.dom} to {self.cod} with parameters of shape {self.grade} is an "
                f"arrow {expected[0]} → {expected[1]}, and {self.arrow.signature} was given."
            )

        found = self.lens.dom, self.lens.cod
        if found != (Port(expected[0], expected[0]), Port(expected[1], expected[1])):
            raise IllTyped(
                f"The layer {self.name} sends covectors back along an arrow {expected[0] * expected[1]} → "
                f"{expected[0]}, and {self.lens.put.signature} was given."
            )

    @property
    def lens(self) -> LensMap:
        """The layer with what flows back."""
        return LensMap(self.arrow, reverse_derivative(self.arrow) if self.back is None else self.back)

    def __rshift__(self, other: Edge | Path) -> Path:
        return path(self, other)

    def __str__(self) -> str:
        return f"{self.name}{[*self.grade]}"


@dataclass(frozen=True)
class Path:
    """A path of layers; an arrow of the free graded category."""

    edges: tuple[Edge, ...]
    dom: Shape

    @property
    def cod(self) -> Shape:
        """The shape of the output."""
        return self.edges[-1].cod if self.edges else self.dom

    @property
    def grade(self) -> tuple[Shape, ...]:
        """The shapes of the parameters, first layer first."""
        return tuple(e.grade for e in self.edges)

    def __rshift__(self, other: Edge | Path) -> Path:
        return path(self, other)

    def fold(self, start: Any, step: Callable[[Any, Edge], Any]) -> Any:
        """The value of the path under an interpreter: ``step`` is applied to one layer after the other."""
        return reduce(step, self.edges, start)

    def map(self) -> ParaMap:
        """The parametric map that the path is; its parameters are those of the last layer first."""
        found: ParaMap = self.fold(identity(R(*self.dom)), lambda f, e: f >> ParaMap(R(*e.grade), e.arrow))
        return found

    def lens(self) -> ParaMap:
        """The parametric lens, composed layer by layer."""
        start = parametric_lens(ident(R(*self.dom)))
        found: ParaMap = self.fold(start, lambda f, e: f >> ParaMap(R(*e.grade), e.lens, LENSES))
        return found

    def run(self, weights: Sequence[Any], x: Any, evaluate: Callable[[Arrow, Any], Any]) -> Any:
        """The value at an input, layer by layer, with any interpreter ``(arrow, element) ↦ element`` of terms.

        Raises:
            ShapeMismatch: naming the layer, for an array of another shape.
            IllTyped: for another number of them.
        """
        for edge, w in zip(self.edges, self._checked(weights, x), strict=True):
            x = evaluate(edge.arrow, (w, x))
        return x

    def gradients(self, weights: Sequence[Any], x: Any, v: Any, evaluate: Callable[[Arrow, Any], Any]) -> Any:
        """The gradients of the layers, first layer first, and of the input, for a covector v of the output.

        Raises as :meth:`run` does.
        """
        seen = list(self._points(self._checked(weights, x), x, evaluate))
        _fitting(v, self.cod, f"covector of {self}")
        found = []
        for edge, point in zip(reversed(self.edges), reversed(seen), strict=True):
            back, v = evaluate(edge.lens.put, (point, v))
            found.append(back)
        return found[::-1], v

    def _points(self, weights: Sequence[Any], x: Any, evaluate: Callable[[Arrow, Any], Any]) -> Iterator[Any]:
        for edge, w in zip(self.edges, weights, strict=True):
            yield w, x
            x = evaluate(edge.arrow, (w, x))

    def _checked(self, weights: Sequence[Any], x: Any) -> Sequence[Any]:
        if not isinstance(weights, Sequence):
            raise IllTyped(f"The parameters of {self} are a list of arrays, and {weights!r:.60} was given.")
        if len(weights) != len(self.edges):
            raise IllTyped(
                f"The path {self} has {len(self.edges)} layers, and {len(weights)} parameters were given. Give one "
                "array for each layer, of extent 0 where it has no parameters."
            )
        for edge, w in zip(self.edges, weights, strict=True):
            _fitting(w, edge.grade, f"parameter of {edge}")
        _fitting(x, self.dom, f"input of {self}")
        return weights

    def __str__(self) -> str:
        return "[< " + ", ".join(map(str, self.edges)) + "]"


def _fitting(x: Any, shape: Shape, what: str) -> None:
    """Refuses an array of another shape; elements of other interpretations have none."""
    if x is None or isinstance(x, str):
        raise IllTyped(f"The {what} is an array of shape {shape}, and {x!r:.60} was given.")
    found = tuple(getattr(x, "shape", shape))
    if found != shape:
        raise ShapeMismatch(f"The {what} is an array of shape {shape}, and one of shape {found} was given.")


def path(*parts: Edge | Path) -> Path:
    """The path of layers and of paths of them.

    Raises:
        NotComposable: where one layer ends in another shape than the next one starts.
        IllTyped: for no layers, or for something else than layers.
    """
    edges = [e for part in parts for e in (part.edges if isinstance(part, Path) else (part,))]
    wrong = next((e for e in edges if not isinstance(e, Edge)), None)
    if wrong is not None or not edges:
        raise IllTyped(f"A path is made of layers, and {wrong if edges else 'none'!r} was given. Use linear(m, n), ….")
    for first, second in it.pairwise(edges):
        if first.cod != second.dom:
            raise NotComposable(
                f"A path was asked for in which {second} follows {first}: the first ends in the shape {first.cod} and "
                f"the second starts in the shape {second.dom}. Give layers whose shapes meet."
            )
    return Path(tuple(edges), edges[0].dom)


# ---- layers ------------------------------------------------------------------------------------------------------


def linear(m: int, n: int) -> Edge:
    """``W x``, from (n,) to (m,), graded by (m, n)."""
    return Edge("linear", (m, n), (n,), (m,), smooth("matmul", R(m, n) * R(n)))


def bias(n: int) -> Edge:
    """``b + x``, graded by (n,)."""
    return Edge("bias", (n,), (n,), (n,), smooth("add", R(n) * R(n)))


def activation(name: str, n: int) -> Edge:
    """An entrywise primitive without parameters, graded by (0,)."""
    return Edge(name, (0,), (n,), (n,), snd(R(0), R(n)) >> smooth(name, R(n)))


def relu(n: int) -> Edge:
    """``max(x, 0)``, graded by (0,)."""
    return activation("relu", n)


def softmax(n: int) -> Edge:
    """``softmax x``, graded by (0,)."""
    return activation("softmax", n)


def cross_entropy(n: int) -> Edge:
    """``(Σ t) lse(x) − t · x``, from (n,) to (), graded by its label (n,)."""
    from catcore.learning.losses import softmax_cross_entropy

    return Edge("cross entropy", (n,), (n,), (), softmax_cross_entropy(R(n)).arrow)


def learning_rate(number: Any) -> Edge:
    """The end of a path, from a loss () to (0,), graded by (0,): whatever the loss is, what flows back is the number.

    It is no reverse derivative of anything (T5.6).
    """
    nothing, loss = R(0), R()
    ends = (nothing * loss) * nothing
    zero = constant(0) >> smooth("fill", loss, (0,))
    back = pair(terminal(ends) >> zero, terminal(ends) >> constant(number))
    return Edge("learning rate", (0,), (), (0,), terminal(nothing * loss) >> zero, back)
