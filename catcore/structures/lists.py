"""Lists: the functor, its constructors, and the monad of lists with concatenation (THEORY T1.4, T2.2, T2.3).

``List A`` is the initial algebra ``μY. 1 + A × Y``, and the free monoid on ``A``: the multiplication is ``++``, the
unit ``[]``.  Concatenation of lists of lists is the multiplication of the list monad.
"""

from __future__ import annotations

from catcore.arrows import Arrow, fold, in_, inl, inr
from catcore.functors import Functor, functor
from catcore.objects import Ob, One, mu
from catcore.structures.monads import Monad
from catcore.tracing import trace

LIST: Functor = functor(lambda x: mu(lambda y: 1 + x * y))


def nil(x: Ob) -> Arrow:
    """The empty list."""
    return inl(One, x * LIST(x)) >> in_(LIST(x))  # type: ignore[no-any-return]


def cons(x: Ob) -> Arrow:
    """``x × List x → List x``."""
    return inr(One, x * LIST(x)) >> in_(LIST(x))  # type: ignore[no-any-return]


def single(x: Ob) -> Arrow:
    """The list of one element."""
    return trace(lambda a: cons(x)(a, nil(x)), x, LIST(x))


def append(x: Ob) -> Arrow:
    """``xs ++ ys``, by folding xs into functions of ys."""
    lists = LIST(x)
    step = trace(
        lambda t: t.case(inl=lambda _: lambda ys: ys, inr=lambda p: lambda ys: cons(x)(p[0], p[1](ys))),
        1 + x * lists**lists,
        lists**lists,
    )
    return trace(lambda p: fold(lists, step)(p[0])(p[1]), lists * lists, lists)


def concat(x: Ob) -> Arrow:
    """The list of lists, joined."""
    lists = LIST(x)
    step = trace(lambda t: t.case(inl=lambda _: nil(x), inr=lambda p: append(x)(p[0], p[1])), 1 + lists * lists, lists)
    return fold(LIST(lists), step)


def list_monad() -> Monad:
    """The monad of lists: ``x ↦ [x]`` and concatenation; its algebras are the monoids (T1.6)."""
    return Monad(LIST, single, concat, name="List")
