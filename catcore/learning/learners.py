"""Learners, and backprop as a functor (THEORY T5.11; Fong, Spivak and Tuyéras).

A learner ``A → B`` has parameters P, a map ``I : P × A → B`` that it implements, an update ``U : P × (A × B) → P`` and
a request ``r : P × (A × B) → A``, which says what input it would rather have had.  Composite learners pass requests
back.
Given a step size ε > 0 and an error ``e : ℝ × ℝ → ℝ`` whose derivative ``∂e/∂x (a, −)`` can be inverted, gradient
descent is a functor ``Para → Learn``:

    U(p, a, b) = p − ε ∇_p E,      r(p, a, b) = f_a(∇_a E),      E = Σ e(I(p, a), b),

where ``f_a`` inverts ``∂e/∂x (a, −)`` in each component.  For the quadratic error ``r = a − ∇_a E``.  An error whose
derivative takes one value twice, such as ``|x − y|``, has no such inverse and is refused.

That it is a functor is proved at arbitrary maps, from nothing but that the inverse is one: a composite of learners
sends back the request ``f_b(∇_b E)``, and the next learner finds ``∇_b E`` in it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, generator, ident, pair, snd, terminal
from catcore.categories.smooth import constant, smooth
from catcore.errors import IllTyped, LawViolated, NotComposable
from catcore.laws import Law, PointwiseLaw
from catcore.learning.numbers import is_polynomial, numerically
from catcore.learning.reverse import reverse_derivative
from catcore.learning.smooth_maps import Smooth
from catcore.learning.spaces import op
from catcore.objects import Ob, One, Product, R
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

    def __mul__(self, other: object) -> Learner:
        """Both side by side, with the parameters ``P × Q``."""
        return _beside(self, other) if isinstance(other, Learner) else NotImplemented


def identity_learner(ob: Ob) -> Learner:
    """The learner without parameters that returns its input, and would rather have had the label."""
    given = One * (ob * ob)
    return Learner(snd(One, ob), terminal(given), trace(lambda x: x[1][1], given, ob))


def _beside(f: Learner, g: Learner) -> Learner:
    weights, dom, cod = f.parameters * g.parameters, f.dom * g.dom, f.cod * g.cod
    given = weights * (dom * cod)

    def both(one: Arrow, other: Arrow) -> Any:
        def parted(x: Any) -> Any:
            (p, q), ((a, b), (c, d)) = x
            return one(p, (a, c)), other(q, (b, d))

        return parted

    return Learner(
        trace(lambda x: (f.implement(x[0][0], x[1][0]), g.implement(x[0][1], x[1][1])), weights * dom, cod),
        trace(both(f.update, g.update), given, weights),
        trace(both(f.request, g.request), given, dom),
    )


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
        law = self._inverted()
        if not all(map(law.lhs, law.points)):
            raise LawViolated(
                f"{self.inverse} was given as the inverse of the derivative {self.derivative}, and it is none: one "
                "after the other is not the second projection."
            )

    @property
    def derivative(self) -> Arrow:
        """``∂e/∂x : ℝ × ℝ → ℝ``."""
        back, plane = reverse_derivative(self.error), R() * R()
        return trace(lambda x: back(x, constant(1))[0], plane, R())

    def _inverted(self) -> PointwiseLaw:
        """``∂e/∂x (x, f_x(z)) = z`` and ``f_x(∂e/∂x (x, y)) = y``, on symbols where both are polynomials."""
        plane, smooth_maps = R() * R(), Smooth()
        there = trace(lambda x: self.derivative(x[0], self.inverse(x)), plane, R())
        back = trace(lambda x: self.inverse(x[0], self.derivative(x)), plane, R())
        evidence = "symbolic" if is_polynomial(there) else "numeric"
        ends = [there, back]
        return PointwiseLaw("inverse", ends, lambda f: smooth_maps.equal(f, snd(R(), R())), lambda _: True, evidence)

    def __call__(self, model: Any) -> Learner:
        """The learner of a parametric map."""

        def moved(_: Ob, w: Any, g: Any) -> Any:
            return op("subtract", w, op("times", g, self.step))

        return learner_of(model, Rules(self._slope, self._wanted, moved))

    def _slope(self, ob: Ob, v: Any, t: Any) -> Any:
        return _each(self.derivative, v, t)

    def _wanted(self, ob: Ob, v: Any, g: Any) -> Any:
        return _each(self.inverse, v, g)

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """That the inverse is one, and that this makes a functor: identities, composites and products."""
        return (self._inverted(), *functoriality(self, self._slope, self._wanted))

    def __str__(self) -> str:
        return f"gradient descent with the error {self.error}"


Entrywise = Callable[[Ob, Any, Any], Any]


@dataclass(frozen=True)
class Rules:
    """How a map learns; each rule is for one tensor of a product, given with its object.

    Args:
        slope: the covector of a value and its label.
        wanted: the input that the covector of an input asks for.
        moved: the parameter after a step along its covector.
    """

    slope: Entrywise
    wanted: Entrywise
    moved: Entrywise


def learner_of(model: Any, rules: Rules) -> Learner:
    """The learner of a parametric map by some rules."""
    f = needed(model)
    a, b, p = f.dom, f.cod, f.whole
    arrow = _regrouped(f)
    back = reverse_derivative(arrow)

    def gradients(x: Any) -> Any:
        weights, (point, label) = x
        return back((weights, point), _leafwise(b, rules.slope, arrow(weights, point), label))

    given = p * (a * b)
    update = trace(lambda x: _leafwise(p, rules.moved, x[0], gradients(x)[0]), given, p)
    request = trace(lambda x: _leafwise(a, rules.wanted, x[1][0], gradients(x)[1]), given, a)
    return Learner(arrow, update, request)


def _leafwise(ob: Ob, rule: Entrywise, x: Any, y: Any) -> Any:
    """A rule for one tensor, applied to all tensors of a product."""
    if isinstance(ob, Product):
        return _leafwise(ob.left, rule, x[0], y[0]), _leafwise(ob.right, rule, x[1], y[1])
    return () if ob is One else rule(ob, x, y)


def functoriality(functor: Any, slope: Entrywise, wanted: Entrywise) -> tuple[Law, ...]:
    """That maps go to learners as a monoidal functor does, at arbitrary maps, given that ``wanted`` inverts ``slope``.

    Args:
        functor: takes parametric maps to learners.
        slope: the covector of a value and a label, ``(x, y) ↦ z``.
        wanted: its inverse, ``(x, z) ↦ y``.
    """
    p, q, a, b, c, d = (R(n) for n in range(2, 8))
    f, g = ParaMap(p, generator("f", p * a, b)), ParaMap(q, generator("g", q * b, c))
    h = ParaMap(q, generator("h", q * c, d))
    there = Law("∂e/∂x (x, −) after its inverse", *_inverse_laws(b, slope, wanted))
    back = Law("∂e/∂x (x, −) before its inverse", *_inverse_laws(a, wanted, slope))
    one = functor(ParaMap((), ident(a))), identity_learner(a)
    return (
        *_equal("identities", *one, (back,)),
        *_equal("composites", functor(f >> g), functor(f) >> functor(g), (there,)),
        *_equal("products", functor(f * h), functor(f) * functor(h), ()),
    )


def _inverse_laws(ob: Ob, one: Entrywise, other: Entrywise) -> tuple[Arrow, Arrow]:
    whole = ob * ob
    return trace(lambda x: one(ob, x[0], other(ob, x[0], x[1])), whole, ob), snd(ob, ob)


def _equal(name: str, f: Learner, g: Learner, given: tuple[Law, ...]) -> Iterator[Law]:
    """The equations of two learners."""
    for part in ("implement", "update", "request"):
        yield Law(f"{name}, {part}", getattr(f, part), getattr(g, part), given)


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
