"""Terms at generic points: a term put after an arrow, with what is known about the point used (THEORY T1.1).

A generic point of A is an arrow ``Z → A``.  Putting a term after it takes components of pairs, branches of known
injections and bodies of known functions at once, so the arrows that come out are short.

>>> from catcore.arrows import fst, generator, pair
>>> from catcore.objects import atoms
>>> A, B = atoms("A B")
>>> f, g = generator("f", A, A), generator("g", A, B)
>>> print(at(fst(A, B) >> f, pair(f, g)))
f ; f
"""

from __future__ import annotations

from functools import lru_cache

from catcore import arrows as ar
from catcore.arrows import Arrow, Pair, compose, fst, ident, pair, snd, terminal
from catcore.objects import Product


def halves(x: Arrow) -> tuple[Arrow, Arrow]:
    """The two components of a point of a product."""
    if isinstance(x, Pair):
        return x.args[0], x.args[1]
    assert isinstance(x.cod, Product)
    return x >> fst(x.cod.left, x.cod.right), x >> snd(x.cod.left, x.cod.right)


@lru_cache(maxsize=65536)
def at(f: Arrow, x: Arrow) -> Arrow:
    """``x ; f`` for a point ``x : Z → A`` and a term ``f : A → B``."""
    match f:
        case ar.Composite():
            for factor in f.args:
                x = at(factor, x)
            return x
        case ar.Pair():
            return pair(at(f.args[0], x), at(f.args[1], x))
        case ar.Fst() | ar.Snd():
            first, second = halves(x)
            return second if isinstance(f, ar.Snd) else first
        case ar.Terminal():
            return terminal(x.dom)
        case ar.Case() if (known := side(x)) is not None:
            return at(f.args[known[0]], known[1])
        case ar.Distribute() if (known := side(halves(x)[1])) is not None:
            former = ar.inr if known[0] else ar.inl
            return compose(pair(halves(x)[0], known[1]), former(*f.cod.args))
        case ar.Ev() if (function := captured(halves(x)[0])) is not None:
            body: Arrow = function[0].args[0]
            return at(body, pair(function[1], halves(x)[1]))
        case ar.Action() if not f.functor.symbols:
            return at(f.expanded(), x)
    return compose(x, f)


def side(x: Arrow) -> tuple[int, Arrow] | None:
    """Which summand a point is known to be in, and the point there."""
    *before, last = ar.factors(x) or (x,)
    if isinstance(last, ar.Inl | ar.Inr):
        return int(isinstance(last, ar.Inr)), compose(ident(x.dom), *before)
    return None


def captured(x: Arrow) -> tuple[ar.Curry, Arrow] | None:
    """The function ``Λ(h)`` that a point of a function object is known to be, and what it has captured."""
    *before, last = ar.factors(x) or (x,)
    return (last, compose(ident(x.dom), *before)) if isinstance(last, ar.Curry) else None


def paired(x: Arrow, y: Arrow) -> Arrow:
    """``⟨x, y⟩``, which for the two projections of a product is the identity."""
    if isinstance(x, ar.Fst) and isinstance(y, ar.Snd) and x.dom is y.dom:
        return ident(x.dom)
    return pair(x, y)
