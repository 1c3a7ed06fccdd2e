"""Functions on lists, written as folds: what the statements about list monads are made of.

A list is an element of ``μY. 1 + X × Y``.  Functions of further arguments are folds into function objects, and answers
to questions are elements of ``1 + 1``, where ``inl`` is yes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore import Functor, Monad, One, arrow, case, fold, functor, ident, in_, inl, inr, mu, out
from catcore.arrows import Arrow
from catcore.objects import Ob

List: Functor = functor(lambda X: mu(lambda Y: 1 + X * Y))
BIT = One + One


def list_monad(join: Callable[[Ob], Arrow], unit: Callable[[Ob], Arrow] | None = None) -> Monad:
    """The claimed monad of lists with the given multiplication, and ``[x]`` as unit unless another one is given."""
    return Monad(List, unit or single, join)


# ---- making and taking apart -----------------------------------------------------------------------------------------


def nil(x: Ob) -> Arrow:
    """The empty list, ``1 → List X``."""
    return inl(One, x * List(x)) >> in_(List(x))


def cons(x: Ob) -> Arrow:
    """A further element in front, ``X × List X → List X``."""
    return inr(One, x * List(x)) >> in_(List(x))


def recursion(x: Ob, to: Ob, empty: Callable[[], Any], step: Callable[[Any, Any], Any]) -> Arrow:
    """The function ``List X → to`` with ``empty()`` at nil and ``step(head, value of the tail)`` at a cons."""
    algebra = arrow(1 + x * to, to)(lambda s: s.case(inl=lambda _: empty(), inr=lambda p: step(p[0], p[1])))
    return fold(List(x), algebra)


def match(x: Ob, to: Ob, empty: Callable[[], Any], step: Callable[[Any, Any], Any]) -> Arrow:
    """The function ``List X → to`` that looks at the first element and the rest."""
    layer = arrow(1 + x * List(x), to)(lambda s: s.case(inl=lambda _: empty(), inr=lambda p: step(p[0], p[1])))
    return out(List(x)) >> layer


def single(x: Ob) -> Arrow:
    """``[x]``, ``X → List X``."""
    return arrow(x, List(x))(lambda a: cons(x)(a, nil(x)(())))


def first(x: Ob) -> Arrow:
    """The first element, if there is one: ``List X → 1 + X``."""
    return recursion(x, 1 + x, lambda: inl(()), lambda h, _: inr(h))


def last(x: Ob) -> Arrow:
    """The last element, if there is one."""
    return recursion(x, 1 + x, lambda: inl(()), lambda h, rest: rest.case(inl=lambda _: inr(h), inr=lambda l: inr(l)))


def tail(x: Ob) -> Arrow:
    """All elements but the first one."""
    return match(x, List(x), lambda: nil(x)(()), lambda _, rest: rest)


# ---- usual functions -------------------------------------------------------------------------------------------------


def append(x: Ob) -> Arrow:
    """``xs ++ ys``, ``List X × List X → List X``."""
    of = List(x)
    onto = recursion(x, of**of, lambda: lambda ys: ys, lambda h, rest: lambda ys: cons(x)(h, rest(ys)))
    return arrow(of * of, of)(lambda p: onto(p[0])(p[1]))


def concat(x: Ob) -> Arrow:
    """All lists one after another, ``List List X → List X``."""
    return recursion(List(x), List(x), lambda: nil(x)(()), lambda xs, rest: append(x)(xs, rest))


def reverse(x: Ob) -> Arrow:
    """The list backwards."""
    return recursion(x, List(x), lambda: nil(x)(()), lambda h, rest: append(x)(rest, single(x)(h)))


def length(x: Ob) -> Arrow:
    """The length, a list of points."""
    return recursion(x, List(One), lambda: nil(One)(()), lambda _, rest: cons(One)((), rest))


def selected(x: Ob, test: Arrow) -> Arrow:
    """``filter test``."""
    return recursion(
        x, List(x), lambda: nil(x)(()),
        lambda h, rest: test(h).case(inl=lambda _: cons(x)(h, rest), inr=lambda _: rest),
    )  # fmt: skip


def take(x: Ob, count: int) -> Arrow:
    """The first ``count`` elements."""
    if count == 0:
        return arrow(List(x), List(x))(lambda _: nil(x)(()))
    return match(x, List(x), lambda: nil(x)(()), lambda h, rest: cons(x)(h, take(x, count - 1)(rest)))


def interleave(x: Ob) -> Arrow:
    """Elements of both lists in turn."""
    of = List(x)
    empty = nil(x)

    def step(h: Any, rest: Any) -> Any:
        return lambda ys: out(of)(ys).case(
            inl=lambda _: cons(x)(h, rest(empty(()))), inr=lambda p: cons(x)(h, cons(x)(p[0], rest(p[1])))
        )

    found = recursion(x, of**of, lambda: lambda ys: ys, step)
    return arrow(of * of, of)(lambda p: found(p[0])(p[1]))


def sequence(x: Ob) -> Arrow:
    """All lists that take one element of each list: ``List List X → List List X``."""
    of, lists = List(x), List(List(x))
    prefixed = arrow(x * lists, lists)(
        lambda p: recursion(of, lists**x, lambda: lambda _: nil(of)(()),
                            lambda ys, rest: lambda h: cons(of)(cons(x)(h, ys), rest(h)))(p[1])(p[0])
    )  # fmt: skip
    every_one = recursion(
        x, lists**lists, lambda: lambda _: nil(of)(()),
        lambda h, rest: lambda yss: append(of)(prefixed(h, yss), rest(yss)),
    )  # fmt: skip
    return recursion(of, lists, lambda: single(of)(nil(x)(())), lambda xs, rest: every_one(xs)(rest))


# ---- questions -------------------------------------------------------------------------------------------------------

YES, NO = inl(One, One), inr(One, One)
AND = arrow(BIT * BIT, BIT)(lambda p: p[0].case(inl=lambda _: p[1], inr=lambda _: inr(())))
OR = arrow(BIT * BIT, BIT)(lambda p: p[0].case(inl=lambda _: inl(()), inr=lambda _: p[1]))
NOT = case(NO, YES)


def constant(of: Ob, answer: Arrow) -> Arrow:
    """The same answer for all elements of ``of``."""
    return arrow(of, BIT)(lambda _: answer(()))


def is_null(x: Ob) -> Arrow:
    """Whether a list is empty."""
    return recursion(x, BIT, lambda: YES(()), lambda *_: NO(()))


def is_single(x: Ob) -> Arrow:
    """Whether a list has exactly one element."""
    both = recursion(x, BIT * BIT, lambda: (YES(()), NO(())), lambda _, rest: (NO(()), rest[0]))
    return arrow(List(x), BIT)(lambda xs: both(xs)[1])


def is_odd(x: Ob) -> Arrow:
    """Whether the length is odd."""
    return recursion(x, BIT, lambda: NO(()), lambda _, rest: NOT(rest))


def every(x: Ob, test: Arrow) -> Arrow:
    """Whether all elements pass a test."""
    return recursion(x, BIT, lambda: YES(()), lambda h, rest: AND(test(h), rest))


def some(x: Ob, test: Arrow) -> Arrow:
    """Whether some element passes a test."""
    return recursion(x, BIT, lambda: NO(()), lambda h, rest: OR(test(h), rest))


def when(test: Arrow, yes: Arrow, no: Arrow) -> Arrow:
    """``yes`` where the test says yes, and ``no`` elsewhere."""
    return arrow(test.dom, yes.cod)(lambda a: test(a).case(inl=lambda _: yes(a), inr=lambda _: no(a)))


def answer(test: Arrow, other: Arrow, by: Arrow) -> Arrow:
    """Two questions about one element, combined by ``AND`` or ``OR``."""
    return arrow(test.dom, BIT)(lambda a: by(test(a), other(a)))


def empty(x: Ob, of: Ob) -> Arrow:
    """The empty list, whatever is given."""
    return arrow(of, List(x))(lambda _: nil(x)(()))


def unchanged(x: Ob) -> Arrow:
    """The identity on lists."""
    return ident(List(x))
