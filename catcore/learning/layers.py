"""Layers of covectors: what the branches of a layer make of what the layer hears (THEORY T2.2, T5.3).

A layer is an element of ``F(U)``, with what is known about each branch in its place: its value in A and, say, the
function from its covector to what its own labels hear.  A covector of ``F(A)`` is handed to the branches, each makes a
covector of B of its own, and the answers stand where the branches stood, in a covector of ``F(B)``.  Branches may stand
inside other data, as those of a rose tree stand in a list: that data is folded into the function which does the same
for it, so shapes of any depth are walked by one definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catcore.arrows import Arrow, fold, fst, ident, in_, inl, inr, out
from catcore.datatypes.monomials import holds_branch
from catcore.functors import Functor
from catcore.learning.covectors import covectors, nothing, plus, points_of, written
from catcore.objects import (
    Coproduct,
    Exponential,
    Mu,
    Ob,
    One,
    Product,
    abstract,
    instantiate,
    parts,
    substitute,
    unknown,
)
from catcore.points import at, halves
from catcore.tracing import trace


@dataclass(frozen=True)
class Branch:
    """What stands at a variable of a shape.

    Args:
        value: the object A of its values, whose covectors are given.
        wanted: the object B whose covectors are made.
        known: the object of what is known about a branch and stands in the layer.
        answer: a covector of B of what is known about a branch and a covector of its value.
    """

    value: Ob
    wanted: Ob
    known: Ob
    answer: Callable[[Any, Any], Any]


Branches = Mapping[Ob, Branch]


def with_answers(a: Ob, b: Ob) -> Branch:
    """A branch of which its value in A is known and the function from its covector to the answer, a covector of B."""
    return Branch(a, b, a * covectors(b) ** covectors(a), lambda known, v: known[1](v))


def handed(shape: Ob, branches: Branches, layer: Any, v: Any) -> Any:
    """The covector of ``F(B)`` of a layer and a covector of ``F(A)``; what has no branches keeps its own."""
    if not _holds(shape, branches):
        return v
    match shape:
        case Product():
            return handed(shape.left, branches, layer[0], v[0]), handed(shape.right, branches, layer[1], v[1])
        case Coproduct():
            left, right = (nothing(ident(One), _at(part, branches, "wanted")) for part in shape.args)
            return layer.case(
                inl=lambda a: (handed(shape.left, branches, a, v[0]), right(())),
                inr=lambda b: (left(()), handed(shape.right, branches, b, v[1])),
            )
        case Exponential():
            return lambda i: handed(shape.base, branches, layer(i), v(i))
        case Mu():
            return _handed_in_data(shape, branches)(layer, v)
    return branches[shape].answer(layer, v)


def joined(shape: Ob, branch: Ob, branches: Branches, layer: Any, v: Any) -> Any:
    """The same as a layer of a covector of data, whose constructor is that of the layer: a sum over branches stays one.

    ``branch`` is the variable of that data.
    """
    if not _holds(shape, (branch,)):
        return handed(shape, branches, layer, v)
    match shape:
        case Product():
            first = joined(shape.left, branch, branches, layer[0], v[0])
            return first, joined(shape.right, branch, branches, layer[1], v[1])
        case Coproduct():
            return layer.case(
                inl=lambda a: inl(joined(shape.left, branch, branches, a, v[0])),
                inr=lambda b: inr(joined(shape.right, branch, branches, b, v[1])),
            )
        case Exponential():
            return lambda i: joined(shape.base, branch, branches, layer(i), v(i))
    return handed(shape, branches, layer, v)


def summed(shape: Ob, branches: Branches, layer: Any, v: Any, total: Any) -> Any:
    """``total`` plus the covectors, all of one object, that the branches of a layer make of a covector of ``F(A)``."""
    if not _holds(shape, branches):
        return total
    match shape:
        case Product():
            total = summed(shape.left, branches, layer[0], v[0], total)
            return summed(shape.right, branches, layer[1], v[1], total)
        case Coproduct():
            return layer.case(
                inl=lambda a: summed(shape.left, branches, a, v[0], total),
                inr=lambda b: summed(shape.right, branches, b, v[1], total),
            )
        case Exponential():
            for point in points_of(shape.exponent) or ():
                index = point(())
                total = summed(shape.base, branches, layer(index), v(index), total)
            return total
    ob = next(iter(branches.values())).wanted
    found = _summed_in_data(shape, branches) if isinstance(shape, Mu) else branches[shape].answer
    return added(covectors(ob), total, found(layer, v))


def split(body: Ob, u: Any, fixed: Mu) -> Any:
    """A layer of a covector of ``μF`` as a covector of ``F μF``: a sum becomes a pair with zero on the other side."""
    match body:
        case Coproduct() if holds_branch(body):
            left, right = (nothing(ident(One), Functor(1, part)(fixed)) for part in body.args)
            return u.case(
                inl=lambda a: (split(body.left, a, fixed), right(())),
                inr=lambda b: (left(()), split(body.right, b, fixed)),
            )
        case Product() if holds_branch(body):
            return split(body.left, u[0], fixed), split(body.right, u[1], fixed)
        case Exponential() if holds_branch(body):
            return lambda i: split(body.base, u(i), fixed)
    return u


def added(ob: Ob, x: Any, y: Any) -> Any:
    """The sum of two covectors that are elements of ``ob``."""
    if ob is One:
        return ()
    pairs = ident(ob * ob)
    return at(written(plus(*halves(pairs)), pairs, ob), pairs)(x, y)


def layer_of(shape: Mu) -> tuple[Ob, Ob]:
    """A variable for the branches of data, and one layer of it with the variable in their places."""
    branch = unknown()
    return branch, instantiate(shape.body, (branch,))


# ---- data with branches in it --------------------------------------------------------------------------------------


def _handed_in_data(shape: Mu, branches: Branches) -> Arrow:
    """``D(U) × D(A)' → D(B)'`` for data ``D(X)`` with branches in it."""
    result = covectors(_at(shape, branches, "wanted"))

    def layers(body: Ob, branch: Ob, inside: Branches, layer: Any, v: Any) -> Any:
        return in_(result)(inr(joined(body, branch, inside, layer, v)))

    return _folded(shape, branches, _at(shape, branches, "wanted"), layers)


def _summed_in_data(shape: Mu, branches: Branches) -> Arrow:
    """``D(U) × D(A)' → B'``, the sum over all branches in the data."""
    ob = next(iter(branches.values())).wanted

    def layers(body: Ob, branch: Ob, inside: Branches, layer: Any, v: Any) -> Any:
        return summed(body, inside, layer, v, nothing(ident(One), ob)(()))

    return _folded(shape, branches, ob, layers)


def _folded(shape: Mu, branches: Branches, wanted: Ob, layers: Callable[..., Any]) -> Arrow:
    """The fold of data into the function of its covector that ``layers`` gives layer by layer; of zero it is zero."""
    value, known = (_at(shape, branches, part) for part in ("value", "known"))
    assert isinstance(value, Mu)
    back, functions = covectors(value), covectors(wanted) ** covectors(value)
    zero = nothing(ident(One), wanted)
    branch, body = layer_of(shape)
    inside = {**branches, branch: Branch(value, wanted, functions, lambda function, v: function(v))}

    def algebra(layer: Any) -> Any:
        return lambda v: out(back)(v).case(
            inl=lambda _: zero(()),
            inr=lambda u: layers(body, branch, inside, layer, split(value.body, u, value)),
        )

    whole = fold(known, trace(algebra, _at(body, inside, "known"), functions))
    return trace(lambda x: whole(x[0])(x[1]), known * back, covectors(wanted))


def _holds(shape: Ob, variables: Any) -> bool:
    return not parts({shape}).isdisjoint(variables)


def _at(shape: Ob, branches: Branches, part: str) -> Ob:
    """A shape with one of the objects of each branch at its variable."""
    return substitute(shape, {variable: getattr(branch, part) for variable, branch in branches.items()})


# ---- sums ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def sum_of_data(back: Mu) -> Arrow:
    """``(v, w) ↦ v + w`` of covectors of data; of two layers that belong to no tree in common the first is taken."""
    return trace(lambda x: _adding(back, {})(x[0])[1](x[1]), back * back, back)


def _adding(shape: Mu, sums: Mapping[Ob, Ob]) -> Arrow:
    """``D(U) → D(V) × D(V) ^ D(V)``, a covector and what adds one to it, where U is this for V, at each variable."""
    ob = substitute(shape, sums)
    assert isinstance(ob, Mu)
    branch, body = layer_of(shape)
    inside = {**sums, branch: ob}
    standing = substitute(body, _pairs(inside))
    assert isinstance(body, Coproduct)
    some = body.right

    def algebra(layer: Any) -> Any:
        mine = in_(ob)(_first(body, inside, layer))

        def plus_other(w: Any) -> Any:
            return layer.case(
                inl=lambda _: w,
                inr=lambda a: out(ob)(w).case(
                    inl=lambda _: mine, inr=lambda b: in_(ob)(inr(_zipped(some, inside, a, b)))
                ),
            )

        return mine, plus_other

    return fold(substitute(shape, _pairs(sums)), trace(algebra, standing, ob * ob**ob))


def _zipped(shape: Ob, sums: Mapping[Ob, Ob], a: Any, b: Any) -> Any:
    """The sum of a layer of pairs ``(v, v + −)`` and a layer of covectors."""
    if not _holds(shape, sums):
        return added(shape, a, b)
    match shape:
        case Product():
            return _zipped(shape.left, sums, a[0], b[0]), _zipped(shape.right, sums, a[1], b[1])
        case Coproduct():
            first = [lambda x, part=part: _first(part, sums, x) for part in shape.args]
            return a.case(
                inl=lambda x: inl(b.case(inl=lambda y: _zipped(shape.left, sums, x, y), inr=lambda _: first[0](x))),
                inr=lambda x: inr(b.case(inl=lambda _: first[1](x), inr=lambda y: _zipped(shape.right, sums, x, y))),
            )
        case Exponential():
            return lambda i: _zipped(shape.base, sums, a(i), b(i))
        case Mu():
            return _adding(shape, sums)(a)[1](b)
    return a[1](b)


def _first(shape: Ob, sums: Mapping[Ob, Ob], layer: Any) -> Any:
    """A layer of pairs as a layer of their first components."""
    standing = _pairs(sums)
    for variable, ob in sums.items():
        others = {other: standing[other] for other in sums if other is not variable}
        body = abstract(substitute(shape, others), (variable,))
        layer = Functor(1, body)(fst(ob, ob**ob))(layer) if holds_branch(body) else layer
        standing[variable] = ob
    return layer


def _pairs(sums: Mapping[Ob, Ob]) -> dict[Ob, Ob]:
    return {variable: ob * ob**ob for variable, ob in sums.items()}
