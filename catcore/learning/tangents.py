"""Second derivatives of folds: what a fold hands back is differentiated through the fold's tangent (THEORY T5.3).

The forward derivative ``D[f] : A × A'' → B''`` of a map is in its reverse derivative: ``R[f](x, −)`` is linear, and its
own reverse is ``D[f](x, −)``.  For a parametric fold h of ``a : P × F A → A`` it is a fold again, of values with their
tangents, whose parameters are those of h and a direction w:

    (y, dy) ↦ (a(p, y), D[a]((p, y), (w, dy))).

As ``⟨w, R[h]((p, u), v)⟩ = ⟨v, D[h]((p, u), w)⟩``, the reverse derivative of ``R[h]`` at a covector w is that of the
right side: of this fold at the covector v of its tangents, and ``D[h]`` itself in the place of v.  So a derivative of
any order in directions of parameters is made of folds, on which all interpretations agree; labels may hear it.

Refused are second derivatives in directions of labels or of states, through folds whose branches stand in other data,
and through folds with data as values: a direction there is a tree that has to be matched with the data node by node,
and tangents of data, ``(μF)''``, are another type than its covectors.

>>> from catcore.categories.smooth import smooth
>>> from catcore.objects import R
>>> change = forward_derivative(smooth("multiply", R() * R()))
>>> print(change.dom, "→", change.cod)
ℝ × ℝ × (ℝ × ℝ) → ℝ
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from catcore.arrows import Arrow, Fold, fst, ident, needed_arrow, pair
from catcore.datatypes.parametric import parametric_fold
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.learning.covectors import Covector, covectors, nothing, parts, written
from catcore.learning.folds import BackwardFold, parametric_algebra
from catcore.learning.layers import layer_of
from catcore.learning.reverse import backwards, rule
from catcore.learning.smooth_maps import Smooth
from catcore.objects import Coproduct, Exponential, Ob, One, Product, substitute
from catcore.objects import parts as objects_in
from catcore.points import at, halves
from catcore.tracing import trace


def forward_derivative(f: Arrow) -> Arrow:
    """The forward derivative ``D[f] : A × A'' → B''`` of any term, as in :meth:`ReverseDerivativeCategory.forward`.

    Between real tensors ``D[f](x, w) = Df(x) w``; its reverse derivative gives Hessians times vectors.

    Raises:
        NotInterpreted: where a part has no second derivative, such as a fold in directions of its labels.
    """
    found = Smooth().forward(needed_arrow(f))
    return at(found, ident(found.dom))


@rule(BackwardFold)
def _backward_fold(f: BackwardFold, x: Arrow, w: Covector) -> Covector:
    of: Fold = f.args[0]
    assert isinstance(of.cod, Exponential)
    back = covectors(f.carrier)
    if covectors(covectors(back)) is not back:
        raise NotInterpreted(
            f"A second derivative through a fold with values in {f.carrier} was asked for, and tangents of data are "
            "data of another type than its covectors. Fold into tensors, sums and products of these."
        )
    (p, data), v = halves(halves(x)[0]), halves(x)[1]
    direction = written(w, x, covectors(of.cod.exponent))
    tangent = _tangent_fold(of)
    point = pair(pair(p, direction), data)
    parameters, labels = parts(backwards(tangent, point, (None, v)))
    return (parts(parameters)[0], labels), halves(at(tangent, point))[1]


@lru_cache(maxsize=256)
def _tangent_fold(of: Fold) -> Arrow:
    """``(P × P'') × μF → A × A''``: the values of a fold, and their change when the parameters go in a direction."""
    algebra, fixed = parametric_algebra(of), of.args[0]
    assert isinstance(of.cod, Exponential)
    p, a = of.cod.exponent, of.cod.base
    directions, tangents = covectors(covectors(p)), covectors(covectors(a))
    both, functor = a * tangents, Functor(1, fixed.body)
    values = functor(fst(a, tangents))
    variable, body = layer_of(fixed)
    moving = trace(lambda x: _moving(body, variable, x, a), functor(both), covectors(covectors(functor(a))))
    change = forward_derivative(algebra)

    def step(x: Any) -> Any:
        (given, direction), layer = x
        here = given, values(layer)
        return algebra(here), change(here, (direction, moving(layer)))

    traced = trace(step, (p * directions) * functor(both), both)
    return parametric_fold(fixed, at(traced, ident(traced.dom)))


def _moving(shape: Ob, variable: Ob, layer: Any, a: Ob) -> Any:
    """The tangent of a layer of values with tangents: labels stay where they are."""

    def zero(part: Ob) -> Any:
        return nothing(ident(One), covectors(substitute(part, {variable: a})))(())

    if shape is variable:
        return layer[1]
    if variable not in objects_in({shape}):
        return zero(shape)
    match shape:
        case Product():
            return _moving(shape.left, variable, layer[0], a), _moving(shape.right, variable, layer[1], a)
        case Coproduct():
            return layer.case(
                inl=lambda x: (_moving(shape.left, variable, x, a), zero(shape.right)),
                inr=lambda x: (zero(shape.left), _moving(shape.right, variable, x, a)),
            )
        case Exponential():
            return lambda i: _moving(shape.base, variable, layer(i), a)
    raise NotInterpreted(
        f"A second derivative through a fold was asked for whose branches stand in {shape}. It is there for branches "
        "in sums, products and powers; take differences of gradients."
    )
