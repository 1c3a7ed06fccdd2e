"""Folds with parameters, backwards: every node hands its covector on to its branches (THEORY T4.6, T5.3).

A parametric fold ``h : P × μF → A`` is the fold into ``A ^ P``, applied.  The data do not vary, the parameters do, and

    R[h]((p, in u), v) = p' + Σ R[h]((p, uᵢ), sᵢ')      with (p', u') = R[a]((p, F h u), v),

where the sum is over the branches uᵢ of u and sᵢ' is the part of u' there.  As a term this is a fold too: into the
functions of P to a value and the function from its covector to P', so equations about it can be proved.  On arrays the
levels are walked backwards, all nodes of one constructor and height at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from catcore.arrows import Arrow, Fold, fold, fst, generator, ident, inl, inr
from catcore.categories.smooth import smooth
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.learning.covectors import covectors
from catcore.learning.reverse import reverse_derivative
from catcore.objects import Atom, Bound, Coproduct, Exponential, Mu, Ob, Product, R, occurring
from catcore.points import at
from catcore.tracing import trace


class BackwardFold(Arrow):
    """The reverse derivative ``(P × μF) × A' → P'`` of a fold ``μF → A ^ P``, which is its argument."""

    __slots__ = ()
    constructor = "backward_fold"
    doctrine = "inductive"

    def _build(self) -> None:
        (of,) = self.args
        p, a = of.cod.exponent, of.cod.base
        self._type((p * of.dom) * covectors(a), covectors(p))

    @property
    def name(self) -> str:
        """How it is written."""
        return f"R[{self.args[0]}]"

    def expanded(self) -> Arrow:
        """The same map as a fold into functions, with the other term formers."""
        return _expanded(self.args[0])


def parametric_algebra(of: Fold) -> Arrow:
    """The arrow ``a : P × F A → A`` of a fold into ``A ^ P`` that hands its parameters on to all branches."""
    fixed, algebra = of.args
    functor, carrier = Functor(1, fixed.body), of.cod
    assert isinstance(carrier, Exponential)

    def applied(x: Any) -> Any:
        p, layer = x
        return algebra(functor.map(lambda value: lambda _: value, layer))(p)

    dom = carrier.exponent * functor(carrier.base)
    whole = trace(applied, dom, carrier.base)
    found = trace(lambda x: _by_constructor(fixed.body, x[1], lambda layer: whole(x[0], layer)), dom, carrier.base)
    return at(found, ident(found.dom))


def _by_constructor(body: Ob, layer: Any, rest: Callable[[Any], Any]) -> Any:
    """``rest`` of a layer after all its case distinctions, so that it sees a known constructor."""
    match body:
        case Product() if occurring(body, Coproduct):
            return _by_constructor(
                body.left, layer[0], lambda a: _by_constructor(body.right, layer[1], lambda b: rest((a, b)))
            )
        case Coproduct() if occurring(body, Bound):
            return layer.case(
                inl=lambda a: _by_constructor(body.left, a, lambda x: rest(inl(x))),
                inr=lambda b: _by_constructor(body.right, b, lambda x: rest(inr(x))),
            )
    return rest(layer)


@lru_cache(maxsize=256)
def _expanded(of: Fold) -> Arrow:
    fixed: Mu = of.args[0]
    functor = Functor(1, fixed.body)
    assert isinstance(of.cod, Exponential)
    p, a = of.cod.exponent, of.cod.base
    back_p, back_a = covectors(p), covectors(a)
    carrier = (a * back_p**back_a) ** p
    step = parametric_algebra(of)
    back = reverse_derivative(step)

    both = a * back_p**back_a
    applied = trace(lambda x: functor.map(lambda g: g(x[1]), x[0]), functor(carrier) * p, functor(both))
    forget = functor(fst(a, back_p**back_a))

    def algebra(layer: Any) -> Any:
        def at_parameters(given: Any) -> Any:
            known = applied(layer, given)
            values = forget(known)

            def backwards(v: Any) -> Any:
                found = back((given, values), v)
                return _handed_back(fixed.body, known, found[1], found[0], back_p)

            return step(given, values), backwards

        return at_parameters

    whole = fold(fixed, trace(algebra, functor(carrier), carrier))
    return trace(lambda x: whole(x[0][1])(x[0][0])[1](x[1]), (p * fixed) * back_a, back_p)


def _handed_back(body: Ob, layer: Any, covector: Any, total: Any, ob: Ob) -> Any:
    """``total`` plus what the branches of a layer make of their covectors."""
    match body:
        case Bound() if body is Bound(0):
            return _plus(ob, total, layer[1](covector))
        case Product():
            first = _handed_back(body.left, layer[0], covector[0], total, ob)
            return _handed_back(body.right, layer[1], covector[1], first, ob)
        case Coproduct():
            return layer.case(
                inl=lambda x: _handed_back(body.left, x, covector[0], total, ob),
                inr=lambda x: _handed_back(body.right, x, covector[1], total, ob),
            )
        case Exponential() if occurring(body, Bound):
            raise NotInterpreted(
                f"The reverse derivative of a fold over layers with {body} was asked for as a term. Write the power as "
                "a product."
            )
    return total


def _plus(ob: Ob, x: Any, y: Any) -> Any:
    match ob:
        case R():
            return smooth("add", ob * ob)(x, y)
        case Atom():
            return generator("+", ob * ob, ob)(x, y)
        case Product():
            return _plus(ob.left, x[0], y[0]), _plus(ob.right, x[1], y[1])
    return x
