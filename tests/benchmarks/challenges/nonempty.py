"""Non-empty lists, elements of ``μY. X + X × Y``: their monads and comonads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore import (
    Comonad,
    Functor,
    Monad,
    One,
    arrow,
    case,
    fold,
    fst,
    functor,
    ident,
    in_,
    inl,
    inr,
    mu,
    out,
    snd,
)
from catcore.arrows import Arrow
from catcore.objects import Ob
from tests.benchmarks.challenges.lists import AND, BIT, NO, OR, YES, answer, when
from tests.benchmarks.challenges.rows import challenge

NonEmpty: Functor = functor(lambda X: mu(lambda Y: X + X * Y))
NATURAL = mu(lambda Y: 1 + Y)


def one(x: Ob) -> Arrow:
    """``[x]``."""
    return inl(x, x * NonEmpty(x)) >> in_(NonEmpty(x))


def more(x: Ob) -> Arrow:
    """A further element in front."""
    return inr(x, x * NonEmpty(x)) >> in_(NonEmpty(x))


def recursion(x: Ob, to: Ob, end: Callable[[Any], Any], step: Callable[[Any, Any], Any]) -> Arrow:
    """The function with the value ``end(x)`` at ``[x]`` and ``step(head, value of the tail)`` at longer lists."""
    return fold(NonEmpty(x), arrow(x + x * to, to)(lambda s: s.case(inl=end, inr=lambda p: step(p[0], p[1]))))


def head(x: Ob) -> Arrow:
    """The first element."""
    return fold(NonEmpty(x), case(ident(x), fst(x, x)))


def last(x: Ob) -> Arrow:
    """The last element."""
    return fold(NonEmpty(x), case(ident(x), snd(x, x)))


def append(x: Ob) -> Arrow:
    """``xs ++ ys``."""
    of = NonEmpty(x)
    onto = recursion(x, of**of, lambda a: lambda ys: more(x)(a, ys), lambda h, r: lambda ys: more(x)(h, r(ys)))
    return arrow(of * of, of)(lambda p: onto(p[0])(p[1]))


def concat(x: Ob) -> Arrow:
    """All lists one after another."""
    return recursion(NonEmpty(x), NonEmpty(x), lambda xs: xs, lambda xs, rest: append(x)(xs, rest))


def is_single(x: Ob) -> Arrow:
    """Whether there is only one element."""
    return recursion(x, BIT, lambda _: YES(()), lambda *_: NO(()))


def every(x: Ob, test: Arrow) -> Arrow:
    """Whether all elements pass a test."""
    return recursion(x, BIT, lambda a: test(a), lambda h, rest: AND(test(h), rest))


def repeated(x: Ob, count: int) -> Arrow:
    """``count`` copies of an element, at least one."""
    if count == 1:
        return one(x)
    return arrow(x, NonEmpty(x))(lambda a: more(x)(a, repeated(x, count - 1)(a)))


def tails(x: Ob) -> Arrow:
    """All non-empty tails, the whole list first."""
    of = NonEmpty(x)
    return recursion(
        x, NonEmpty(of), lambda a: one(of)(one(x)(a)),
        lambda h, rest: more(of)(more(x)(h, head(of)(rest)), rest),
    )  # fmt: skip


def inits(x: Ob) -> Arrow:
    """All non-empty initial parts, the whole list last."""
    of = NonEmpty(x)
    longer = recursion(
        of, NonEmpty(of) ** x, lambda ys: lambda h: one(of)(more(x)(h, ys)),
        lambda ys, rest: lambda h: more(of)(more(x)(h, ys), rest(h)),
    )  # fmt: skip
    return recursion(
        x, NonEmpty(of), lambda a: one(of)(one(x)(a)),
        lambda h, rest: more(of)(one(x)(h), longer(rest)(h)),
    )  # fmt: skip


def monad(join: Callable[[Ob], Arrow], unit: Callable[[Ob], Arrow] = one) -> Monad:
    """The claimed monad of non-empty lists with the given multiplication."""
    return Monad(NonEmpty, unit, join)


# ---- comonads --------------------------------------------------------------------------------------------------------


@challenge("P17", "non-empty lists with head and tails are a comonad")
def head_and_tails() -> Any:
    return Comonad(NonEmpty, head, tails)


@head_and_tails.twin("last and tails")
def _() -> Any:
    return Comonad(NonEmpty, last, tails)


@challenge("P18", "non-empty lists with last and inits are a comonad")
def last_and_inits() -> Any:
    return Comonad(NonEmpty, last, inits)


@last_and_inits.twin("the initial parts the other way round")
def _() -> Any:
    def backwards(x: Ob) -> Arrow:
        of = NonEmpty(NonEmpty(x))
        item = NonEmpty(x)
        turned = recursion(item, of, one(item), lambda h, rest: append(item)(rest, one(item)(h)))
        return inits(x) >> turned

    return Comonad(NonEmpty, last, backwards)


@challenge("R35", "non-empty lists with head and inits are a comonad")
def head_and_inits() -> Any:
    return Comonad(NonEmpty, head, inits)


@head_and_inits.twin("last and inits")
def _() -> Any:
    return Comonad(NonEmpty, last, inits)


# ---- monads ----------------------------------------------------------------------------------------------------------


@challenge("R06", "non-empty lists with the diagonal, kept at the last element where a list is too short, are a monad")
def diagonal() -> Any:
    def at(x: Ob) -> Arrow:
        # element number n, or the last one
        def step(h: Any, rest: Any) -> Any:
            return lambda n: out(NATURAL)(n).case(inl=lambda _: h, inr=lambda m: rest(m))

        return recursion(x, x**NATURAL, lambda a: lambda _: a, step)

    def join(x: Ob) -> Arrow:
        of = NonEmpty(x)
        successor = inr(One, NATURAL) >> in_(NATURAL)
        zero = inl(One, NATURAL) >> in_(NATURAL)
        along = recursion(
            of, of**NATURAL, lambda xs: lambda n: one(x)(at(x)(xs)(n)),
            lambda xs, rest: lambda n: more(x)(at(x)(xs)(n), rest(successor(n))),
        )  # fmt: skip
        return arrow(NonEmpty(of), of)(lambda xss: along(xss)(zero(())))

    return monad(join)


@challenge("P74", "non-empty lists: the last elements of all lists but the last one, then that one")
def discrete_hybrid() -> Any:
    return monad(lambda x: recursion(NonEmpty(x), NonEmpty(x), lambda xs: xs, lambda xs, r: more(x)(last(x)(xs), r)))


@discrete_hybrid.twin("only the last list counts, with its first element before it")
def _() -> Any:
    return monad(lambda x: recursion(NonEmpty(x), NonEmpty(x), lambda xs: xs, lambda _, r: more(x)(head(x)(r), r)))


@challenge("P75", "non-empty lists: the first elements of all lists but the last one, then that one")
def op_discrete_hybrid() -> Any:
    return monad(lambda x: recursion(NonEmpty(x), NonEmpty(x), lambda xs: xs, lambda xs, r: more(x)(head(x)(xs), r)))


@op_discrete_hybrid.twin("first and last elements change places with every list")
def _() -> Any:
    def join(x: Ob) -> Arrow:
        of = NonEmpty(x)
        found = recursion(
            of, of * of, lambda xs: (xs, xs),
            lambda xs, r: (more(x)(head(x)(xs), r[1]), more(x)(last(x)(xs), r[0])),
        )  # fmt: skip
        return arrow(NonEmpty(of), of)(lambda xss: found(xss)[0])

    return monad(join)


def stutter(count: int) -> Monad:
    """Concatenation up to the first inner list, but the last, that is no singleton; its head ``count + 2`` times."""

    def join(x: Ob) -> Arrow:
        of = NonEmpty(x)

        def step(xs: Any, rest: Any) -> Any:
            return is_single(x)(xs).case(
                inl=lambda _: more(x)(head(x)(xs), rest), inr=lambda _: repeated(x, count + 2)(head(x)(xs))
            )

        return recursion(of, of, lambda xs: xs, step)

    return monad(join)


@challenge("P77", "non-empty lists that stutter, for n = 0 and 1")
def stuttering() -> Any:
    return [stutter(0), stutter(1)]


@stuttering.twin("a single head")
def _() -> Any:
    return stutter(-1)


@challenge("P79", "non-empty lists with unit [x, x], heads and a tail")
def heads_and_tail() -> Any:
    return _heads_and_tail(2)


@heads_and_tail.twin("the unit is [x]")
def _() -> Any:
    return _heads_and_tail(1)


def _heads_and_tail(copies: int) -> Monad:
    def join(x: Ob) -> Arrow:
        of, nested = NonEmpty(x), NonEmpty(NonEmpty(x))
        shortened = arrow(of, of)(lambda xs: out(of)(xs).case(inl=lambda a: one(x)(a), inr=lambda p: p[1]))
        general = recursion(of, of, lambda xs: shortened(xs), lambda xs, r: more(x)(head(x)(xs), r))
        short = answer(is_single(of), last(of) >> is_single(x), OR)
        corner = arrow(nested, of)(lambda xss: one(x)(head(x)(head(of)(xss))))
        return when(short, corner, general)

    return monad(join, lambda x: repeated(x, copies))


@challenge("P80", "non-empty lists: concat in the cases of the units, else the first and the last of all elements")
def alpha_omega() -> Any:
    return [_alpha_omega(1, 1), _alpha_omega(2, 1)]


@alpha_omega.twin("the first and the last of all elements always")
def _() -> Any:
    return monad(_ends(1, 1))


def _ends(first: int, final: int) -> Callable[[Ob], Arrow]:
    def ends(x: Ob) -> Arrow:
        of = NonEmpty(x)
        return arrow(NonEmpty(of), of)(
            lambda xss: append(x)(
                repeated(x, first)(head(x)(head(of)(xss))), repeated(x, final)(last(x)(last(of)(xss)))
            )
        )

    return ends


def _alpha_omega(first: int, final: int) -> Monad:
    def join(x: Ob) -> Arrow:
        units = answer(is_single(NonEmpty(x)), every(NonEmpty(x), is_single(x)), OR)
        return when(units, concat(x), _ends(first, final)(x))

    return monad(join)
