"""Recursion with parameters: every layer reads the same ones (THEORY T4.5, T4.6).

A parametric algebra ``a : P × F A → A`` folds to ``h : P × μF → A`` with ``h(p, in u) = a(p, F(h(p, −)) u)``: the
parameters are handed on to every branch by the strength ``σ : P × F X → F (P × X)``.  In a cartesian closed category h
is the fold into ``A ^ P``, evaluated at the parameters, so it is a term like any other, and its law is proved from
that of the fold.  A parametric coalgebra ``c : P × S → F S`` unfolds a state that carries its parameters along.
Folding and recursive networks, decoders and full recurrent networks are the two for their functors; sharing the weights
is not an extra step, it is the copying in σ.

>>> from catcore.arrows import generator
>>> from catcore.functors import Id
>>> from catcore.objects import atoms, mu
>>> A, P, S = atoms("A P S")
>>> lists = mu(1 + A * Id)
>>> rnn = parametric_fold(lists, generator("cell", P * (1 + A * S), S))
>>> print(rnn.dom, "→", rnn.cod)
P × (μX. 1 + A × X) → S
>>> law = parametric_fold_law(lists, generator("cell", P * (1 + A * S), S))
>>> law.name
'parametric fold'
"""

from __future__ import annotations

from dataclasses import replace

from catcore.arrows import Arrow, Curry, Fold, Fst, Pair, Unfold, compose, fst, ident, out, pair, unfold
from catcore.datatypes.accumulations import HandDown, accumulate, accumulate_law, opened, typed
from catcore.errors import IllTyped
from catcore.functors import Functor
from catcore.instances import strength_of
from catcore.laws import Law
from catcore.objects import Exponential, Mu, Nu, Product
from catcore.terms import factors, needed_arrow


def parametric_fold(fixed: Mu, algebra: Arrow) -> Arrow:
    """The arrow ``h : P × μF → A`` of a parametric algebra ``a : P × F A → A``, one copy of P for all layers.

    Law: ``(P × in) ; h = ⟨π₁, σ ; F h⟩ ; a``; see :func:`parametric_fold_law`.

    Raises:
        IllTyped: when the algebra does not have that type.
        TracingError: when F is made of something else than sums, products and powers.
    """
    return accumulate(fixed, algebra, _strength("parametric_fold", fixed, algebra))


def parametric_fold_law(fixed: Mu, algebra: Arrow) -> Law:
    """``(P × in) ; h = ⟨π₁, σ ; F h⟩ ; a`` for the parametric fold h of ``a``: it is the one map with this property."""
    law = accumulate_law(fixed, algebra, _strength("parametric_fold_law", fixed, algebra))
    return replace(law, name="parametric fold")


def shared_algebra(of: Fold) -> Arrow | None:
    """The algebra ``a : P × F A → A`` of the fold into ``A ^ P`` that :func:`parametric_fold` makes; None of others."""
    fixed, algebra = of.args
    if not isinstance(of.cod, Exponential) or not isinstance(algebra, Curry):
        return None
    functor, carrier, parameters = Functor(1, fixed.body), of.cod.base, of.cod.exponent
    before = factors(opened(functor, parameters, carrier, lambda y: strength_of(functor, parameters, y)))
    whole = factors(algebra.args[0])
    if whole[: len(before)] != before:
        return None
    return compose(ident(parameters * functor(carrier)), *whole[len(before) :])


def parametric_unfold(fixed: Nu, coalgebra: Arrow) -> Arrow:
    """The arrow ``h : P × S → νF`` of a parametric coalgebra ``c : P × S → F S``, one copy of P for all steps.

    Law: ``h ; out = ⟨π₁, c⟩ ; σ ; F h``; see :func:`parametric_unfold_law`.

    Raises:
        IllTyped: when the coalgebra does not have that type.
        TracingError: when F is made of something else than sums, products and powers.
    """
    return unfold(fixed, _carried(fixed, coalgebra))


def shared_coalgebra(of: Unfold) -> Arrow | None:
    """The coalgebra ``c : P × S → F S`` of an unfold that :func:`parametric_unfold` makes; None of others."""
    fixed, coalgebra = of.args
    match factors(coalgebra):
        case [Pair(args=(Fst(), found)), *_] if found.cod is Functor(1, fixed.body)(found.dom.right):
            return found if _carried(fixed, found) is coalgebra else None
    return None


def parametric_unfold_law(fixed: Nu, coalgebra: Arrow) -> Law:
    """``h ; out = ⟨π₁, c⟩ ; σ ; F h`` for the parametric unfold h of ``c``."""
    h = parametric_unfold(fixed, coalgebra)
    return Law("parametric unfold", h >> out(fixed), _carried(fixed, coalgebra) >> Functor(1, fixed.body)(h))


def _carried(fixed: Nu, coalgebra: Arrow) -> Arrow:
    """The coalgebra on states that carry their parameters, ``P × S → F (P × S)``."""
    if not isinstance(fixed, Nu):
        raise IllTyped(f"parametric_unfold goes to a greatest fixed point nu(F), and {fixed} is none.")
    functor, dom = Functor(1, fixed.body), needed_arrow(coalgebra).dom
    if not isinstance(dom, Product) or coalgebra.cod is not functor(dom.right):
        raise IllTyped(f"parametric_unfold takes an arrow P × S → F(S), F = {functor}; it got {coalgebra.signature}.")
    return pair(fst(dom.left, dom.right), coalgebra) >> strength_of(functor, dom.left, dom.right)


def _strength(scheme: str, fixed: Mu, algebra: Arrow) -> HandDown:
    """What hands the parameters on to all branches, ``P × F Y → F (P × Y)``."""
    parameters, functor = typed(scheme, fixed, algebra)
    return lambda y: strength_of(functor, parameters, y)
