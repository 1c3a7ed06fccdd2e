"""Covectors: what flows backwards through a term (THEORY T5.3).

Every object A has an object A' of covectors, with a zero and a sum.  Real tensors are their own covectors; finite sets
and the point have none but zero.  A covector of a product or of a sum has a part for each side, and only the part of
the side that is there matters.  A covector of a function out of a finite set is such a function, and one of an element
of a data type has its shape with covectors for labels, or is zero (:mod:`catcore.learning.data`).

While a term is being differentiated a covector is known in parts, so that zeros and projections cost nothing: it is
None for zero, an arrow ``Z → A'``, a pair of covectors for a product or a sum, or :class:`Applied` for a function,
covectors of its values at some arguments.

>>> from catcore.objects import FinSet, R, mu
>>> print(covectors(R(2) * FinSet(3) + R()))
ℝ[2] × 1 × ℝ
>>> print(covectors(mu(lambda X: 1 + R() * X)), "and", covectors(R() ** FinSet(3)))
μX. 1 + (1 + ℝ × X) and ℝ^3
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catcore.arrows import (
    Arrow,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    finite_size,
    fst,
    generator,
    inl,
    pair,
    snd,
    terminal,
)
from catcore.arrows import in_ as constructed
from catcore.categories.finite_sets import listed
from catcore.categories.reverse_rules import both, zeros
from catcore.datatypes.monomials import holds_branch
from catcore.errors import NotInterpreted
from catcore.objects import Atom, Bound, Coproduct, Exponential, FinSet, Mu, Nu, Ob, One, Product, R, Zero, occurring
from catcore.points import at, halves

Covector = Any


#: Functions out of finite sets of at most so many elements have covectors.
MAX_POINTS = 64


@dataclass(frozen=True)
class Applied:
    """A covector of a function: the sum of covectors of its values at some arguments, as pairs of both."""

    values: tuple[tuple[Arrow, Covector], ...]


def covectors(ob: Ob) -> Ob:
    """The object A' of covectors of A.

    Raises:
        NotInterpreted: for functions out of infinite sets, greatest fixed points, ⊗ and arbitrary functors.
    """
    match ob:
        case R() | Atom():
            return ob
        case Product() | Coproduct():
            return Product(covectors(ob.left), covectors(ob.right))
        case FinSet():
            return One
        case Bound():  # a branch, met inside other data; covectors of data hold covectors of their branches there
            return ob
        case Mu():
            return One if rigid(ob) else Mu(Coproduct(One, _marked(ob.body)))
        case Exponential() if rigid(ob):
            return One
        case Exponential() if points_of(ob.exponent) is not None:
            return Exponential(covectors(ob.base), ob.exponent)
        case _ if ob is One or ob is Zero:
            return One
    raise NotInterpreted(
        f"Covectors of {ob} were asked for. They exist for real tensors, finite sets and atoms, for products and sums "
        f"of these, for data, and for functions out of sets of at most {MAX_POINTS} elements; the changes of a "
        "function out of an infinite set fill no space of finite dimension, so apply such functions inside the term."
    )


def _marked(body: Ob) -> Ob:
    """The body of a functor with covectors in the place of labels."""
    if not holds_branch(body):
        return covectors(body)
    match body:
        case Bound() | Mu():
            return covectors(body)
        case Product() | Coproduct():
            return type(body)(_marked(body.left), _marked(body.right))
        case Exponential() if listed(body.exponent) is not None:
            return Exponential(_marked(body.base), body.exponent)
    raise NotInterpreted(
        f"Covectors of data were asked for whose layers hold {body}. They exist where branches stand in sums, "
        "products, powers by finite sets, and other data of that kind."
    )


def points_of(ob: Ob) -> list[Arrow] | None:
    """The elements of a finite set as arrows out of 1; None for an object that is none, or a large one."""
    elements = listed(ob)
    if elements is None or len(elements) > MAX_POINTS:
        return None
    return [finite_map(One, ob, [i]) for i in range(len(elements))]


@lru_cache(maxsize=4096)
def rigid(ob: Ob) -> bool:
    """Whether nothing in an object varies, so that zero is its only covector; a function varies with its values."""
    if isinstance(ob, Exponential):
        return rigid(ob.base)
    if isinstance(ob, Product | Coproduct):
        return rigid(ob.left) and rigid(ob.right)
    return not (occurring(ob, R) or occurring(ob, Atom) or _is_open(ob))


def _is_open(ob: Ob, depth: int = 0) -> bool:
    """Whether an object is a part of the layer of data that varies, with variables for its branches."""
    if isinstance(ob, Bound):
        return bool(ob.args[0] >= depth)
    below = depth + isinstance(ob, Mu | Nu)
    return any(_is_open(part, below) for part in ob.args if isinstance(part, Ob))


def nothing(x: Arrow, ob: Ob) -> Arrow:
    """The zero covector of ``A = ob``, out of the domain of ``x``."""
    match ob:
        case R():
            return zeros(x, ob)
        case Atom():
            return terminal(x.dom) >> generator("0", One, ob)
        case Product() | Coproduct():
            return pair(nothing(x, ob.left), nothing(x, ob.right))
        case Mu() if not rigid(ob):
            return terminal(x.dom) >> no_data(ob)
        case Exponential() if not rigid(ob.base):
            return curry(nothing(fst(x.dom, ob.exponent), ob.base))
    return terminal(x.dom)


def no_data(ob: Mu) -> Arrow:
    """The zero covector of data of a type, out of 1."""
    back = covectors(ob)
    assert isinstance(back, Mu)
    layer = back.unrolled()
    assert isinstance(layer, Coproduct)
    injection: Arrow = inl(layer.left, layer.right)
    return injection >> constructed(back)


def plus(v: Covector, w: Covector) -> Covector:
    """The sum of two covectors of one object."""
    match v, w:
        case (None, _) | (_, None):
            return w if v is None else v
        case (Applied(), _) | (_, Applied()):
            return Applied(values_of(v).values + values_of(w).values)
        case Arrow(), Arrow() if not isinstance(v.cod, Product):
            return _sum(v, w)
    (v1, v2), (w1, w2) = parts(v), parts(w)
    return plus(v1, w1), plus(v2, w2)


def _sum(v: Arrow, w: Arrow) -> Covector:
    if v.cod is One:
        return None
    if isinstance(v.cod, R):
        return both("add", v, w)
    if isinstance(v.cod, Exponential):
        return Applied(values_of(v).values + values_of(w).values)
    if isinstance(v.cod, Mu):
        from catcore.learning.data import DataSum  # it needs the sums of labels

        return pair(v, w) >> DataSum(v.cod)
    return pair(v, w) >> generator("+", v.cod * v.cod, v.cod)


def values_of(v: Covector) -> Applied:
    """A covector of a function out of a finite set by its values at all arguments."""
    if isinstance(v, Applied):
        return v
    assert isinstance(v, Arrow)
    assert isinstance(v.cod, Exponential)
    arguments = [terminal(v.dom) >> point for point in points_of(v.cod.exponent) or ()]
    evaluated = ev(v.cod.exponent, v.cod.base)
    return Applied(tuple((a, at(evaluated, pair(v, a))) for a in arguments))


def parts(v: Covector) -> tuple[Covector, Covector]:
    """The two parts of a covector of a product or of a sum."""
    match v:
        case None:
            return None, None
        case tuple():
            return v
    return halves(v)


def written(v: Covector, x: Arrow, ob: Ob) -> Arrow:
    """The covector of ``A = ob`` as one arrow out of the domain of ``x``."""
    match v:
        case None:
            return nothing(x, ob)
        case Arrow():
            return v
        case tuple() if isinstance(ob, Product | Coproduct):
            return pair(written(v[0], x, ob.left), written(v[1], x, ob.right))
        case Applied() if isinstance(ob, Exponential) and points_of(ob.exponent) is not None:
            return curry(_tabled(v, x, ob))
    raise NotInterpreted(f"A covector of {ob} was asked for, and such functions have none. Apply them inside the term.")


def _tabled(v: Applied, x: Arrow, ob: Exponential) -> Arrow:
    """``(z, a) ↦ Σ v_i`` over the arguments ``a_i = a`` of a covector of functions over Z."""
    size = finite_size(ob.exponent)
    context, a = fst(x.dom, ob.exponent), snd(x.dom, ob.exponent)
    same = finite_map(ob.exponent * ob.exponent, One + One, [int(i == j) for i in range(size) for j in range(size)])
    found: Covector = None
    for argument, value in v.values:
        given = written(value, x, ob.base)
        chosen = pair(context, pair(context >> argument, a) >> same) >> distribute(x.dom, One, One)
        no, yes = nothing(fst(x.dom, One), ob.base), fst(x.dom, One) >> given
        found = plus(found, chosen >> case(no, yes))
    return written(found, context, ob.base)


def both_of(a: Ob, b: Ob) -> tuple[Arrow, Arrow]:
    """The projections of ``A × B'``, the domain of a reverse derivative."""
    return fst(a, covectors(b)), snd(a, covectors(b))


def packed(values: Any, x: Arrow) -> tuple[Arrow, Callable[[Arrow], Any]]:
    """Covectors and points over Z as one arrow ``Z → C``, and the way to read them off an arrow into C.

    Args:
        values: pairs of pairs of arrows and zeros.
        x: an arrow out of Z.
    """
    if isinstance(values, Arrow) and values.cod is One:  # which is left out beside others
        return values, lambda context: terminal(context.dom)
    if isinstance(values, Arrow):
        return values, lambda context: context
    if values is None:
        return terminal(x.dom), lambda context: None
    if isinstance(values, Applied):
        return _packed_values(values, x)
    (first, read_first), (second, read_second) = (packed(value, x) for value in values)
    if first.cod is One:
        return second, lambda context: (read_first(context), read_second(context))
    if second.cod is One:
        return first, lambda context: (read_first(context), read_second(context))
    return pair(first, second), lambda context: _read(halves(context), read_first, read_second)


def _packed_values(v: Applied, x: Arrow) -> tuple[Arrow, Callable[[Arrow], Any]]:
    nested: Any = None
    for pair_of in v.values:
        nested = (nested, pair_of)
    arrow, read = packed(nested, x)

    def unpacked(context: Arrow) -> Applied:
        rest, found = read(context), []
        for _ in v.values:
            rest, (argument, value) = rest
            found.append((argument, value))
        return Applied(tuple(reversed(found)))

    return arrow, unpacked


def _read(context: tuple[Arrow, Arrow], first: Callable[[Arrow], Any], second: Callable[[Arrow], Any]) -> Any:
    return first(context[0]), second(context[1])
