"""Exotic monads on lists: the unit is ``[x]`` throughout, and the multiplication is not concatenation (Piróg)."""

from __future__ import annotations

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


def stutter(again: int, longer: int = 0) -> Monad:
    """Concatenation up to the first inner list that is no singleton, unless that is a last list with elements.

    Where that list is empty the element before it comes ``again`` times more.  Where it is longer, so it is too, or
    with ``longer`` its head follows that many times.
    """

    def join(x: Ob) -> Arrow:
        of = List(x)
        shape = recursion(
            x, 1 + x + x, lambda: inl(inl(())),
            lambda h, rest: rest.case(
                inl=lambda r: r.case(inl=lambda _: inl(inr(h)), inr=lambda _: inr(h)), inr=lambda _: inr(h)
            ),
        )  # fmt: skip

        # whether nothing comes after; then the list from here on, unless the element before has to be repeated
        def step(xs: Any, after: Any) -> Any:
            def one(a: Any) -> Any:
                return after[1].case(inl=lambda _: inr(copies(x, again + 1)(a)), inr=lambda ys: inr(cons(x)(a, ys)))

            def many(a: Any) -> Any:
                return inr(copies(x, longer)(a)) if longer else inl(())

            whole = lambda _: inr(xs)  # noqa: E731 - one line is what it is
            kept = shape(xs).case(inl=lambda e: e.case(inl=lambda _: inl(()), inr=whole), inr=whole)
            cut = shape(xs).case(inl=lambda e: e.case(inl=lambda _: inl(()), inr=one), inr=many)
            return NO(()), after[0].case(inl=lambda _: kept, inr=lambda _: cut)

        found = recursion(of, BIT * (1 + of), lambda: (YES(()), inl(())), step)
        return arrow(List(of), of)(lambda xss: found(xss)[1].case(inl=lambda _: nil(x)(()), inr=lambda ys: ys))

    return list_monad(join)


def copies(x: Ob, count: int) -> Arrow:
    """So many copies of an element."""
    if count == 0:
        return arrow(x, List(x))(lambda _: nil(x)(()))
    return arrow(x, List(x))(lambda a: cons(x)(a, copies(x, count - 1)(a)))


@challenge("P66", "lists that stutter, for n = 0 and 1")
def stuttering() -> Any:
    return [stutter(1), stutter(2)]


@stuttering.twin("the last element is not repeated")
def _() -> Any:
    return stutter(0)


@challenge("P68", "lists that stutter on empty lists and on longer ones, for n = m = 0 and n = 0, m = 1")
def stutter_stutter() -> Any:
    return [stutter(1, 2), stutter(1, 3)]


@stutter_stutter.twin("the head of a longer list comes once")
def _() -> Any:
    return stutter(1, 1)


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
