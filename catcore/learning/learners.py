"""Learners, and backprop as a functor (THEORY T5.11; Fong, Spivak and Tuyéras).

A learner ``A → B`` has parameters P, a map ``I : P × A → B`` that it implements, an update ``U : P × (A × B) → P`` and
a request ``r : P × (A × B) → A``, which says what input it would rather have had.  Composite learners pass requests
back.
Given a step size ε > 0 and an error ``e : ℝ × ℝ → ℝ`` whose derivative ``∂e/∂x (a, −)`` can be inverted, gradient
descent is a functor ``Para → Learn``:

    U(p, a, b) = p − ε ∇_p E,      r(p, a, b) = f_a(∇_a E),      E = Σ e(I(p, a), b),

where ``f_a`` inverts ``∂e/∂x (a, −)`` in each component.  For the quadratic error ``r = a − ∇_a E``.  An error whose
derivative takes one value twice, such as ``|x − y|``, has no such inverse and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, ident, pair
from catcore.categories.smooth import constant, smooth
from catcore.errors import IllTyped, LawViolated, NotComposable
from catcore.laws import PointwiseLaw
from catcore.learning.numbers import entries, numerically, sampled_at
from catcore.learning.reverse import reverse_derivative
from catcore.learning.spaces import leafwise, op
from catcore.objects import Ob, Product, R
from catcore.para.maps import ParaMap, needed
from catcore.tracing import trace


@dataclass(frozen=True)
class Learner:
    """A learner ``A → B``.

    Args:
        implement: ``I : P × A → B``.
        update: ``U : P × (A × B) → P``.
        request: ``r : P × (A × B) → A``.

    Raises:
        IllTyped: when the three do not fit.
    """

    implement: Arrow
    update: Arrow
    request: Arrow

    def __post_init__(self) -> None:
        dom = self.implement.dom
        if not isinstance(dom, Product):
            raise IllTyped(f"A learner implements a map P × A → B, and {self.implement.signature} was given.")
        p, a = dom.left, dom.right
        given = p * (a * self.implement.cod)
        for name, arrow, cod in (("update", self.update, p), ("request", self.request, a)):
            if arrow.dom is not given or arrow.cod is not cod:
                raise IllTyped(
                    f"The {name} of a learner with {self.implement.signature} is an arrow {given} → {cod}, and "
                    f"{arrow.signature} was given."
                )

    @property
    def parameters(self) -> Ob:
        """P."""
        return self._ends[0]

    @property
    def dom(self) -> Ob:
        """A."""
        return self._ends[1]

    @property
    def cod(self) -> Ob:
        """B."""
        return self.implement.cod

    @property
    def _ends(self) -> tuple[Ob, Ob]:
        assert isinstance(self.implement.dom, Product)
        return self.implement.dom.left, self.implement.dom.right

    def __rshift__(self, other: object) -> Learner:
        """The composite, first ``self``; its parameters are ``Q × P``.

        Raises:
            NotComposable: when the first does not end where the second starts.
        """
        if not isinstance(other, Learner):
            return NotImplemented
        if self.cod is not other.dom:
            raise NotComposable(
                f"A composite of learners was asked for: the first ends in {self.cod} and the second starts in "
                f"{other.dom}."
            )
        return _composite(self, other)


def _composite(f: Learner, g: Learner) -> Learner:
    weights, a, c = g.parameters * f.parameters, f.dom, g.cod

    def passed(x: Any) -> tuple[Any, Any, Any, Any]:
        (q, p), (point, label) = x
        middle = f.implement(p, point)
        return q, p, point, (middle, g.request(q, (middle, label)), label)

    def update(x: Any) -> Any:
        q, p, point, (middle, wanted, label) = passed(x)
        return g.update(q, (middle, label)), f.update(p, (point, wanted))

    def request(x: Any) -> Any:
        _, p, point, (_, wanted, _) = passed(x)
        return f.request(p, (point, wanted))

    return Learner(
        trace(lambda x: g.implement(x[0][0], f.implement(x[0][1], x[1])), weights * a, c),
        trace(update, weights * (a * c), weights),
        trace(request, weights * (a * c), a),
    )


@dataclass(frozen=True)
class GradientDescent:
    """The functor ``L_{ε,e} : Para → Learn`` of gradient descent.

    Args:
        error: ``e : ℝ × ℝ → ℝ``, of a value and its target.
        inverse: the inverse of its derivative: ``ℝ × ℝ → ℝ``, ``(x, z) ↦ y`` with ``∂e/∂x (x, y) = z``.
        step: ε.

    Raises:
        LawViolated: when the derivative of the error takes one value at two targets, or the inverse is none.
    """

    error: Arrow
    inverse: Arrow
    step: Any = "1/10"

    def __post_init__(self) -> None:
        clash = _not_injective(self.derivative)
        if clash is not None:
            x, y, other, z = clash
            raise LawViolated(
                f"Backprop as a functor needs an error whose derivative in its first argument can be inverted, and "
                f"that of {self.error} is {z:g} at ({x:g}, {y:g}) and at ({x:g}, {other:g}). Use an error such as the "
                "quadratic one."
            )
        wrong = next((p for p in self._inverted().points if not self._inverted().lhs(p)), None)
        if wrong is not None:
            raise LawViolated(f"{self.inverse} was given as the inverse of the derivative, and at {wrong} it is none.")

    @property
    def derivative(self) -> Arrow:
        """``∂e/∂x : ℝ × ℝ → ℝ``."""
        back, plane = reverse_derivative(self.error), R() * R()
        return trace(lambda x: back(x, constant(1))[0], plane, R())

    def _inverted(self) -> PointwiseLaw:
        back = trace(lambda x: self.derivative(x[0], self.inverse(x)), R() * R(), R())
        points = [tuple(entries(sampled_at(R() * R(), seed))) for seed in range(5)]
        return PointwiseLaw("inverse", points, lambda p: _close(_value(back, *p), p[1]), lambda _: True, "numeric")

    def __call__(self, model: Any) -> Learner:
        """The learner of a parametric map."""
        f = needed(model)
        a, b, p = f.dom, f.cod, f.whole
        arrow = _regrouped(f)
        back = reverse_derivative(arrow)

        def gradients(x: Any) -> Any:
            weights, (point, label) = x
            value = arrow(weights, point)
            slope = leafwise(b, lambda v, t: _each(self.derivative, v, t), value, label)
            return back((weights, point), slope)

        def update(x: Any) -> Any:
            return leafwise(p, lambda w, g: op("subtract", w, op("times", g, self.step)), x[0], gradients(x)[0])

        def request(x: Any) -> Any:
            return leafwise(a, lambda v, g: _each(self.inverse, v, g), x[1][0], gradients(x)[1])

        given = p * (a * b)
        return Learner(arrow, trace(update, given, p), trace(request, given, a))

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """Functoriality on composable maps, in numbers, and that the inverse is one."""
        curve = ParaMap(R(), smooth("multiply", R() * R()) >> smooth("tanh", R()))
        line = ParaMap(R(), smooth("multiply", R() * R()))
        chains = [(curve, curve), (curve, line), (line, curve)]
        return (self._inverted(), *(self._functorial(part, chains) for part in ("update", "request")))

    def _functorial(self, part: str, chains: list[tuple[ParaMap, ParaMap]]) -> PointwiseLaw:
        def value(learner: Learner) -> Any:
            arrow: Arrow = getattr(learner, part)
            return [round(float(v), 9) for v in entries(numerically(arrow, sampled_at(arrow.dom, 1)))]

        return PointwiseLaw(
            f"composites, {part}",
            chains,
            lambda c: value(self(c[0] >> c[1])),
            lambda c: value(self(c[0]) >> self(c[1])),
            "numeric",
        )

    def __str__(self) -> str:
        return f"gradient descent with the error {self.error}"


def _regrouped(f: ParaMap) -> Arrow:
    """The arrow of a parametric map out of (all parameters) × A."""
    moved = f.reparametrised((f.whole,), ident(f.whole)) if len(f.params) != 1 else f
    found: Arrow = moved.arrow
    return found


def _each(scalar: Arrow, x: Any, y: Any) -> Any:
    """A map of two numbers applied to two tensors entry by entry: its primitives act on any shape."""
    shape = x.infer().type
    return _reshaped(scalar, shape)(x, y)


def _reshaped(f: Arrow, shape: Ob) -> Arrow:
    """The term of numbers as a term of tensors of one shape; all its primitives act entry by entry."""
    from catcore.arrows import Composite, Fst, Generator, Identity, Pair, Snd, Terminal, compose
    from catcore.categories.smooth import Primitive

    match f:
        case Identity():
            return ident(_object(f.dom, shape))
        case Composite():
            return compose(*(_reshaped(g, shape) for g in f.args))
        case Pair():
            return pair(_reshaped(f.args[0], shape), _reshaped(f.args[1], shape))
        case Fst() | Snd() | Terminal():
            return type(f)(*(_object(a, shape) for a in f.args))
        case Primitive() if f.name == "constant":
            return f >> smooth("fill", R(), shape.args)
        case Primitive() if f.name not in ("sum", "reshape"):
            return Primitive(f.name, _object(f.dom, shape), *f.parameters)
        case Primitive() | Generator():
            raise IllTyped(f"An error of numbers is applied entry by entry, and {f.signature} is no such primitive.")
    raise IllTyped(f"An error of numbers is made of smooth primitives, and {f.signature} was found in it.")


def _object(ob: Ob, shape: Ob) -> Ob:
    if isinstance(ob, Product):
        return _object(ob.left, shape) * _object(ob.right, shape)  # type: ignore[no-any-return]
    return shape if ob is R() else ob


def _value(f: Arrow, x: float, y: float) -> float:
    import numpy as np

    return float(numerically(f, (np.asarray(x), np.asarray(y))))


def _close(x: float, y: float) -> bool:
    return abs(x - y) <= 1e-9 * max(1.0, abs(y))


def _not_injective(derivative: Arrow) -> tuple[float, float, float, float] | None:
    """A point and two targets at which the derivative of an error is the same, if some are found on a grid."""
    grid = [i / 4 for i in range(-12, 13)]
    for x in (-1.0, 0.5, 2.0):
        seen: dict[float, float] = {}
        for y in grid:
            z = round(_value(derivative, x, y), 12)
            if z in seen:
                return x, seen[z], y, z
            seen[z] = y
    return None


def quadratic_descent(step: Any = "1/10") -> GradientDescent:
    """Gradient descent with the error ``½ (x − y)²``, whose inverse is ``(x, z) ↦ x − z``."""
    plane = R() * R()
    subtract = smooth("subtract", plane)
    return GradientDescent(subtract >> smooth("square", R()) >> smooth("times", R(), "1/2"), subtract, step)
