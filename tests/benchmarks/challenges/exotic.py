"""Exotic monads on lists: the unit is ``[x]`` throughout, and the multiplication is not concatenation (Piróg)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore import Monad, arrow, inl, inr
from catcore.arrows import Arrow
from catcore.objects import Ob
from tests.benchmarks.challenges.list_monads import unit_case
from tests.benchmarks.challenges.lists import (
    AND,
    BIT,
    NO,
    NOT,
    OR,
    YES,
    List,
    answer,
    append,
    concat,
    cons,
    empty,
    every,
    is_null,
    is_odd,
    is_single,
    last,
    list_monad,
    nil,
    recursion,
    reverse,
    some,
    tail,
    when,
)  # fmt: skip
from tests.benchmarks.challenges.rows import challenge


def any_null(x: Ob) -> Arrow:
    """Whether some inner list is empty."""
    return some(List(x), is_null(x))


def gives_up(x: Ob, failing: Arrow, otherwise: Arrow) -> Arrow:
    """The empty list where a test says so."""
    return when(failing, empty(x, List(List(x))), otherwise)


@challenge("P62", "lists that fail globally")
def global_failure() -> Any:
    return list_monad(lambda x: gives_up(x, any_null(x), concat(x)))


@global_failure.twin("it fails when the first list is empty")
def _() -> Any:
    def join(x: Ob) -> Arrow:
        first_null = recursion(List(x), BIT, lambda: NO(()), lambda xs, _: is_null(x)(xs))
        return gives_up(x, first_null, concat(x))

    return list_monad(join)


@challenge("P63", "the maze walk: every list but the last one is walked there and back")
def maze_walk() -> Any:
    return _walk(lambda x: gives_up)


@maze_walk.twin("empty lists are walked as well")
def _() -> Any:
    return _walk(None)


def _walk(test: Any) -> Monad:
    def join(x: Ob) -> Arrow:
        of = List(x)
        there_and_back = arrow(of, of)(lambda xs: append(x)(xs, tail(x)(reverse(x)(xs))))

        def step(xs: Any, found: Any) -> Any:
            # whether nothing came after, and the walk so far
            walked = found[0].case(inl=lambda _: xs, inr=lambda _: append(x)(there_and_back(xs), found[1]))
            return NO(()), walked

        walks = recursion(of, BIT * of, lambda: (YES(()), nil(x)(())), step)
        whole = arrow(List(of), of)(lambda xss: walks(xss)[1])
        return gives_up(x, any_null(x), whole) if test else whole

    return list_monad(join)


def in_init(x: Ob, test: Arrow) -> Arrow:
    """Whether some element but the last one passes a test: ``List X → 1 + 1``."""
    found = recursion(
        x, BIT * BIT, lambda: (YES(()), NO(())),
        lambda h, r: (NO(()), r[0].case(inl=lambda _: NO(()), inr=lambda _: OR(test(h), r[1]))),
    )  # fmt: skip
    return arrow(List(x), BIT)(lambda xs: found(xs)[1])


@challenge("P65", "list unfolding: nothing when a list is empty or one before the last is no singleton")
def list_unfold() -> Any:
    def join(x: Ob) -> Arrow:
        failing = answer(any_null(x), in_init(List(x), is_single(x) >> NOT), OR)
        return gives_up(x, failing, concat(x))

    return list_monad(join)


@list_unfold.twin("the last list has to be a singleton, too, unless there is only one")
def _() -> Any:
    def join(x: Ob) -> Arrow:
        failing = answer(any_null(x), every(List(x), is_single(x)) >> NOT, OR)
        return gives_up(x, answer(failing, is_single(List(x)) >> NOT, OR), concat(x))

    return list_monad(join)


def stutter(again: int, broken: Callable[[Ob, Any], Any] | None = None) -> Monad:
    """Concatenation up to the first list that is no singleton, where the last element is repeated.

    That is so when such a list comes before the last one, or the last one is empty.
    """

    def join(x: Ob) -> Arrow:
        of = List(x)
        null_last = arrow(List(of), BIT)(
            lambda xss: last(of)(xss).case(inl=lambda _: NO(()), inr=lambda xs: is_null(x)(xs))
        )
        bad = answer(in_init(of, is_single(x) >> NOT), null_last, OR)
        prefix = recursion(
            of, of, lambda: nil(x)(()),
            lambda xs, r: is_single(x)(xs).case(inl=lambda _: append(x)(xs, r), inr=lambda _: nil(x)(())),
        )  # fmt: skip
        return when(bad, prefix >> repeated_last(x, again), concat(x))

    return list_monad(join)


def repeated_last(x: Ob, again: int) -> Arrow:
    """The last element so many times more."""

    def step(h: Any, found: Any) -> Any:
        many = nil(x)(())
        for _ in range(again + 1):
            many = cons(x)(h, many)
        return NO(()), found[0].case(inl=lambda _: many, inr=lambda _: cons(x)(h, found[1]))

    found = recursion(x, BIT * List(x), lambda: (YES(()), nil(x)(())), step)
    return arrow(List(x), List(x))(lambda xs: found(xs)[1])


@challenge("P66", "lists that stutter, for n = 0 and 1")
def stuttering() -> Any:
    return [stutter(1), stutter(2)]


@stuttering.twin("the last element is not repeated, and what follows a null list is kept")
def _() -> Any:
    return list_monad(lambda x: when(any_null(x), concat(x) >> repeated_last(x, 1), concat(x)))


@challenge("P69", "lists with concat in the cases of the units, else nothing")
def mini() -> Any:
    return list_monad(lambda x: when(unit_case(x), concat(x), empty(x, List(List(x)))))


@mini.twin("only when all inner lists are singletons")
def _() -> Any:
    return list_monad(lambda x: when(every(List(x), is_single(x)), concat(x), empty(x, List(List(x)))))


@challenge("P70", "lists with concat in the cases of the units and for oddly many odd lists, else nothing")
def odd() -> Any:
    def join(x: Ob) -> Arrow:
        odds = answer(is_odd(List(x)), every(List(x), is_odd(x)), AND)
        return when(answer(unit_case(x), odds, OR), concat(x), empty(x, List(List(x))))

    return list_monad(join)


@odd.twin("evenly many odd lists")
def _() -> Any:
    def join(x: Ob) -> Arrow:
        evens = answer(is_odd(List(x)) >> NOT, every(List(x), is_odd(x)), AND)
        return when(answer(unit_case(x), evens, OR), concat(x), empty(x, List(List(x))))

    return list_monad(join)


@challenge("P72", "the list monad of the numerical monoid of multiples of three")
def numerical_monoid() -> Any:
    return _numerical((0,))


@numerical_monoid.twin("lengths that leave the remainder 1 instead of 0, which are no submonoid")
def _() -> Any:
    return _numerical((1,))


def _numerical(remainders: tuple[int, ...]) -> Monad:
    """Concatenation where the length of every list, less one, leaves such a remainder when divided by three."""

    def fits(x: Ob) -> Arrow:
        three = BIT + 1
        start, middle, end = (arrow(1, three)(lambda _, v=v: v) for v in (inl(inl(())), inl(inr(())), inr(())))  # type: ignore[misc]
        following = arrow(three, three)(
            lambda s: s.case(
                inl=lambda b: b.case(inl=lambda _: middle(()), inr=lambda _: end(())), inr=lambda _: start(())
            )
        )
        # the length less one, divided by three: that of the empty list leaves two
        remainder = recursion(x, three, lambda: end(()), lambda _, r: following(r))
        verdicts = [YES if n in remainders else NO for n in range(3)]
        test = arrow(three, BIT)(
            lambda s: s.case(
                inl=lambda b: b.case(inl=lambda _: verdicts[0](()), inr=lambda _: verdicts[1](())),
                inr=lambda _: verdicts[2](()),
            )
        )
        return remainder >> test

    def join(x: Ob) -> Arrow:
        good = answer(fits(List(x)), every(List(x), fits(x)), AND)
        return when(answer(unit_case(x), good, OR), concat(x), empty(x, List(List(x))))

    return list_monad(join)


@challenge("P68", "lists that stutter on and on, for n = m = 0")
def stutter_stutter() -> Any:
    return _stutter_stutter(1, 2)


@stutter_stutter.twin("the head is not repeated")
def _() -> Any:
    return _stutter_stutter(1, 1)


def _stutter_stutter(again: int, copies: int) -> Monad:
    """As :func:`stutter`, where a first list that is no singleton but not empty has its head repeated."""

    def join(x: Ob) -> Arrow:
        of = List(x)
        null_last = arrow(List(of), BIT)(
            lambda xss: last(of)(xss).case(inl=lambda _: NO(()), inr=lambda xs: is_null(x)(xs))
        )
        bad = answer(in_init(of, is_single(x) >> NOT), null_last, OR)

        def stopped(xs: Any) -> Any:
            def copied(h: Any) -> Any:
                many = nil(x)(())
                for _ in range(copies):
                    many = cons(x)(h, many)
                return many

            return recursion(x, of, lambda: nil(x)(()), lambda h, _: copied(h))(xs)

        prefix = recursion(
            of, of, lambda: nil(x)(()),
            lambda xs, r: is_single(x)(xs).case(inl=lambda _: append(x)(xs, r), inr=lambda _: stopped(xs)),
        )  # fmt: skip
        return when(bad, prefix >> repeated_last(x, again), concat(x))

    return list_monad(join)
