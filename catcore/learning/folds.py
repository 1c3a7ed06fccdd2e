"""Folds backwards: every node hands its covector on to its branches (THEORY T4.6, T5.3).

A parametric fold ``h : P × μF → A`` is the fold into ``A ^ P``, applied.  With ``(p', u') = R[a]((p, F h u), v)``,

    R[h]((p, in u), v) = p' + Σ R[h]((p, uᵢ), sᵢ'),

where the sum is over the branches uᵢ of u and sᵢ' is the part of u' there; labels hear the rest of u'.  As a term this
is a fold too: into the functions of P to a value and the function from its covector to what is wanted, so equations
about it can be proved.  On arrays the levels are walked backwards, all nodes of one constructor and height at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from catcore.arrows import Arrow, Fold, fold, fst, ident, inl, inr
from catcore.datatypes.monomials import holds_branch
from catcore.functors import Functor
from catcore.learning.covectors import covectors, plus, points_of, written
from catcore.learning.reverse import reverse_derivative
from catcore.objects import Bound, Coproduct, Exponential, Mu, Ob, One, Product, occurring
from catcore.points import at, halves
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
    def carrier(self) -> Ob:
        """The object A."""
        found: Ob = self.args[0].cod.base
        return found

    @property
    def step(self) -> Arrow:
        """The algebra ``P × F A → A``."""
        return parametric_algebra(self.args[0])

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
        case Coproduct() if holds_branch(body):
            return layer.case(
                inl=lambda a: _by_constructor(body.left, a, lambda x: rest(inl(x))),
                inr=lambda b: _by_constructor(body.right, b, lambda x: rest(inr(x))),
            )
    return rest(layer)


@lru_cache(maxsize=256)
def _expanded(of: Fold) -> Arrow:
    assert isinstance(of.cod, Exponential)
    step, body, back_p = parametric_algebra(of), of.args[0].body, covectors(of.cod.exponent)

    def wanted(known: Any, found: Any) -> Any:
        return _handed_back(body, known, found[1], found[0], back_p)

    return folded_backwards(of, step, back_p, wanted)


def folded_backwards(of: Fold, step: Arrow, result: Ob, wanted: Callable[[Any, Any], Any]) -> Arrow:
    """``(P × μF) × A' → C`` for the fold of ``step : P × F A → A``, as a fold into ``(A × C ^ A') ^ P``.

    Args:
        of: the fold, whose data it is.
        step: its algebra, with the parameters.
        result: the object C.
        wanted: makes an element of C of the layer of pairs of a value and a function ``A' → C``, and of the covectors
            ``(p', u')`` of the algebra.
    """
    fixed: Mu = of.args[0]
    functor = Functor(1, fixed.body)
    assert isinstance(step.dom, Product)
    p, a, back = step.dom.left, step.cod, reverse_derivative(step)
    both = a * result ** covectors(a)
    applied = trace(lambda x: functor.map(lambda g: g(x[1]), x[0]), functor(both**p) * p, functor(both))
    forget = functor(fst(a, result ** covectors(a)))

    def algebra(layer: Any) -> Any:
        def at_parameters(given: Any) -> Any:
            known = applied(layer, given)
            values = forget(known)
            return step(given, values), lambda v: wanted(known, back((given, values), v))

        return at_parameters

    whole = fold(fixed, trace(algebra, functor(both**p), both**p))
    return trace(lambda x: whole(x[0][1])(x[0][0])[1](x[1]), (p * fixed) * covectors(a), result)


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
        case Exponential() if holds_branch(body):
            for point in points_of(body.exponent) or ():
                at_point = point(())
                total = _handed_back(body.base, layer(at_point), covector(at_point), total, ob)
    return total


def _plus(ob: Ob, x: Any, y: Any) -> Any:
    if ob is One:
        return ()
    pairs = ident(ob * ob)
    return at(written(plus(*halves(pairs)), pairs, ob), pairs)(x, y)
