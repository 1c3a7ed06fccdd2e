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

from catcore.arrows import Arrow, Fold, curry, fold, fst, ident, inl, inr
from catcore.datatypes.monomials import holds_branch, monomials
from catcore.datatypes.parametric import shared_algebra
from catcore.errors import CatError, NotInterpreted
from catcore.functors import Functor
from catcore.learning.covectors import covectors
from catcore.learning.layers import layer_of, summed, with_answers
from catcore.learning.reverse import reverse_derivative
from catcore.objects import Coproduct, Exponential, Mu, Ob, Product, occurring
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
    # branches in data meet a value there and no function
    shared = shared_algebra(of) if occurring(fixed.body, Mu) else None

    def applied(x: Any) -> Any:
        p, layer = x
        return algebra(functor.map(lambda value: lambda _: value, layer))(p)

    dom = carrier.exponent * functor(carrier.base)
    whole = shared or trace(applied, dom, carrier.base)
    found = trace(lambda x: _by_constructor(fixed.body, x[1], lambda layer: whole(x[0], layer)), dom, carrier.base)
    return at(found, ident(found.dom))


@lru_cache(maxsize=256)
def hands_on(of: Fold) -> bool:
    """Whether the algebra of a fold into ``A ^ P`` applies its branches at the parameters it is given, and at no other.

    At a generic layer of functions f it then gives the same as with ``q ↦ f(p)`` for each of them, p being the given
    parameters; both are compared constructor by constructor, in normal form if a prover is there.
    """
    if shared_algebra(of) is not None:
        return True
    fixed, algebra = of.args
    functor, carrier = Functor(1, fixed.body), of.cod
    assert isinstance(carrier, Exponential)
    layers = carrier.exponent * functor(carrier)
    anywhere = trace(lambda x: algebra(x[1])(x[0]), layers, carrier.base)
    # (f, p) ↦ (q ↦ f(p)) as an arrow, for branches that stand in data
    held = curry(trace(lambda x: x[0][0](x[0][1]), (carrier * carrier.exponent) * carrier.exponent, carrier.base))
    here = trace(lambda x: algebra(functor.map(lambda f: held(f, x[0]), x[1]))(x[0]), layers, carrier.base)
    return all(
        _equal(*(_at_constructor(kind.arrow(functor, carrier), whole) for whole in (anywhere, here)))
        for kind in monomials(functor)
    )


def _at_constructor(made: Arrow, whole: Arrow) -> Arrow:
    """``(p, places) ↦ whole(p, made(places))``."""
    assert isinstance(whole.dom, Product)
    step = trace(lambda x: whole(x[0], made(x[1])), whole.dom.left * made.dom, whole.cod)
    return at(step, ident(step.dom))


def _equal(f: Arrow, g: Arrow) -> bool:
    if f is g:
        return True
    try:
        return f.normal() is g.normal()
    except CatError:
        return False


def needs_shared(of: Fold) -> None:
    """Refuses a fold into functions whose branches get other parameters, as in an accumulation.

    Raises:
        NotInterpreted: when it is one, or not seen to be none.
    """
    assert isinstance(of.cod, Exponential)
    if not hands_on(of):
        raise NotInterpreted(
            f"The reverse derivative of a fold of {of.args[0]} into functions of {of.cod.exponent} was asked for, and "
            "its branches get other arguments than it gets itself, or it is not seen that they get the same. "
            "Hand its own on to all of them, or take functions "
            "of a finite set; a list is folded from the left by folding the reversed list, with the start as parameter."
        )


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

    p = of.cod.exponent
    branch, body = layer_of(of.args[0])
    branches = {branch: with_answers(of.cod.base, p)}

    def wanted(known: Any, found: Any) -> Any:
        return summed(body, branches, known, found[1], found[0])

    return folded_backwards(of, parametric_algebra(of), covectors(p), wanted)


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
