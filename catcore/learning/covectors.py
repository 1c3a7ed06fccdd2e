"""Covectors: what flows backwards through a term (THEORY T5.3).

Every object A has an object A' of covectors, with a zero and a sum.  Real tensors are their own covectors; finite sets
and the point have none but zero, nor have elements of data types, whose labels do not vary.  A covector of a product or
of a sum has a part for each side, and only the part of the side that is there matters.  While a term is being
differentiated a covector is known in parts, so that zeros and projections cost nothing: it is None for zero, an arrow
``Z → A'``, a pair of covectors for a product or a sum, or a :class:`Captured` one for a function known by its term.

>>> from catcore.objects import FinSet, R
>>> print(covectors(R(2) * FinSet(3) + R()))
ℝ[2] × 1 × ℝ
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catcore.arrows import Arrow, Curry, fst, generator, pair, snd, terminal
from catcore.categories.reverse_rules import both, zeros
from catcore.errors import NotInterpreted
from catcore.objects import Atom, Coproduct, FinSet, Mu, Ob, One, Product, R, Zero, occurring
from catcore.points import halves

Covector = Any


@dataclass(frozen=True)
class Captured:
    """A covector of a function ``Λ(h)`` applied to what it has captured: a covector of that."""

    function: Curry
    inside: Covector


def covectors(ob: Ob) -> Ob:
    """The object A' of covectors of A.

    Raises:
        NotInterpreted: for function objects, greatest fixed points, ⊗ and arbitrary functors, which have none here.
    """
    match ob:
        case R() | Atom():
            return ob
        case Product() | Coproduct():
            return Product(covectors(ob.left), covectors(ob.right))
        case FinSet() | Mu():
            return One
        case _ if ob is One or ob is Zero:
            return One
    raise NotInterpreted(
        f"Covectors of {ob} were asked for. They exist for real tensors, finite sets and atoms, for products and sums "
        "of these, and for data, which do not vary; apply functions inside the term."
    )


@lru_cache(maxsize=4096)
def rigid(ob: Ob) -> bool:
    """Whether nothing in an object varies, so that zero is its only covector."""
    return not (occurring(ob, R) or occurring(ob, Atom))


def nothing(x: Arrow, ob: Ob) -> Arrow:
    """The zero covector of ``A = ob``, out of the domain of ``x``."""
    match ob:
        case R():
            return zeros(x, ob)
        case Atom():
            return terminal(x.dom) >> generator("0", One, ob)
        case Product() | Coproduct():
            return pair(nothing(x, ob.left), nothing(x, ob.right))
    return terminal(x.dom)


def plus(v: Covector, w: Covector) -> Covector:
    """The sum of two covectors of one object."""
    match v, w:
        case (None, _) | (_, None):
            return w if v is None else v
        case Captured(), Captured():
            return Captured(v.function, plus(v.inside, w.inside))
        case Arrow(), Arrow() if not isinstance(v.cod, Product):
            return _sum(v, w)
    (v1, v2), (w1, w2) = parts(v), parts(w)
    return plus(v1, w1), plus(v2, w2)


def _sum(v: Arrow, w: Arrow) -> Covector:
    if v.cod is One:
        return None
    if isinstance(v.cod, R):
        return both("add", v, w)
    return pair(v, w) >> generator("+", v.cod * v.cod, v.cod)


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
    raise NotInterpreted(f"A covector of {ob} was asked for, and functions have none. Apply them inside the term.")


def both_of(a: Ob, b: Ob) -> tuple[Arrow, Arrow]:
    """The projections of ``A × B'``, the domain of a reverse derivative."""
    return fst(a, covectors(b)), snd(a, covectors(b))


def packed(values: Any, x: Arrow) -> tuple[Arrow, Callable[[Arrow], Any]]:
    """Covectors and points over Z as one arrow ``Z → C``, and the way to read them off an arrow into C.

    Args:
        values: pairs of pairs of arrows and zeros.
        x: an arrow out of Z.
    """
    if isinstance(values, Arrow):
        return values, lambda context: context
    if values is None:
        return terminal(x.dom), lambda context: None
    if not isinstance(values, tuple):
        raise NotInterpreted("A function was applied inside a branch and built outside of it. Build it in the branch.")
    (first, read_first), (second, read_second) = (packed(value, x) for value in values)
    if first.cod is One:
        return second, lambda context: (read_first(context), read_second(context))
    if second.cod is One:
        return first, lambda context: (read_first(context), read_second(context))
    return pair(first, second), lambda context: _read(halves(context), read_first, read_second)


def _read(context: tuple[Arrow, Arrow], first: Callable[[Arrow], Any], second: Callable[[Arrow], Any]) -> Any:
    return first(context[0]), second(context[1])
