"""Laws of lists and of the list monad, true and false, and its morphisms."""

from __future__ import annotations

from typing import Any

from catcore import (
    DistributiveLaw,
    Law,
    MonadMorphism,
    One,
    arrow,
    atoms,
    functor,
    generator,
    ident,
    inl,
    inr,
    out,
    pointwise,
)
from catcore.arrows import Arrow
from catcore.objects import Ob
from catcore.structures import standard
from tests.benchmarks.challenges.lists import (
    BIT,
    OR,
    List,
    answer,
    append,
    concat,
    cons,
    every,
    first,
    interleave,
    is_single,
    length,
    list_monad,
    match,
    nil,
    recursion,
    reverse,
    selected,
    sequence,
    single,
    tail,
    when,
)  # fmt: skip
from tests.benchmarks.challenges.rows import challenge

A, B, C, V, X, Y, Z = atoms("A B C V X Y Z")


@challenge("P32", "lists with concat are a monad")
def lists() -> Any:
    return list_monad(concat)


@lists.twin("concatenated the other way round")
def _() -> Any:
    return list_monad(lambda x: recursion(List(x), List(x), lambda: nil(x)(()), lambda xs, r: append(x)(r, xs)))


@challenge("P33", "reverse is an involution, an antihomomorphism and a monad morphism")
def reversal() -> Any:
    of = List(X)
    involution = Law("involution", reverse(X) >> reverse(X), ident(of))
    swapped = arrow(of * of, of)(lambda p: append(X)(reverse(X)(p[1]), reverse(X)(p[0])))
    anti = Law("reverse of an append", append(X) >> reverse(X), swapped)
    return [involution, anti, MonadMorphism(list_monad(concat), list_monad(concat), reverse)]


@reversal.twin("reverse is a homomorphism")
def _() -> Any:
    return reverse_of_append()


def reverse_of_append() -> Law:
    """The false claim that reverse keeps the order of an append."""
    return Law("reverse of an append", append(X) >> reverse(X), reverse(X) * reverse(X) >> append(X))


@challenge("R44", "reverse(xs ++ ys) = reverse xs ++ reverse ys", quick=True)
def homomorphism() -> Any:
    return reverse_of_append()


@homomorphism.twin("in the other order")
def _() -> Any:
    of = List(X)
    swapped = arrow(of * of, of)(lambda p: append(X)(reverse(X)(p[1]), reverse(X)(p[0])))
    return Law("reverse of an append", append(X) >> reverse(X), swapped)


@challenge("P38", "map, filter and length: map (g∘f), filter p ∘ map f, length of an append", quick=True)
def map_filter_length() -> Any:
    return _map_filter_length(generator("f", X, Y), lambda f, p: f >> p)


@map_filter_length.twin("the filter after map f asks p, the one before it asks another q")
def _() -> Any:
    return _map_filter_length(generator("f", X, Y), lambda f, p: generator("q", X, BIT))


def _map_filter_length(f: Arrow, before: Any) -> list[Law]:
    g, p = generator("g", Y, Z), generator("p", Y, BIT)
    plus = length(X) * length(X) >> append(One)
    return [
        Law("map of a composite", List(f >> g), List(f) >> List(g)),
        Law("filter after map", List(f) >> selected(Y, p), selected(X, before(f, p)) >> List(f)),
        Law("length of an append", append(X) >> length(X), plus),
    ]


@challenge("R01", "lists with concat ∘ reverse are a monad")
def reversed_concat() -> Any:
    return list_monad(lambda x: reverse(List(x)) >> concat(x))


@reversed_concat.twin("concat")
def _() -> Any:
    return list_monad(concat)


def short_lists(x: Ob) -> Ob:
    """Lists of at most two elements: ``1 + X + X × X``."""
    return 1 + x + x * x


@challenge("R02", "lists of at most two elements with take 2 ∘ concat are a monad", quick=True)
def at_most_two() -> Any:
    from catcore import Monad

    short = functor(short_lists)

    def as_list(x: Ob) -> Arrow:
        return arrow(short(x), List(x))(
            lambda s: s.case(
                inl=lambda t: t.case(inl=lambda _: nil(x)(()), inr=lambda a: single(x)(a)),
                inr=lambda p: cons(x)(p[0], single(x)(p[1])),
            )
        )

    def shortened(x: Ob) -> Arrow:
        return match(x, short(x), lambda: inl(inl(())), lambda a, rest: _second(x)(a, rest))

    def join(x: Ob) -> Arrow:
        return as_list(short(x)) >> List(as_list(x)) >> concat(x) >> shortened(x)

    return Monad(short, pointwise(lambda a: inl(inr(a))), join)


def _second(x: Ob) -> Arrow:
    """From the head and the rest of a list, its first one or two elements."""
    of = short_lists(x)
    return arrow(x * List(x), of)(
        lambda p: out(List(x))(p[1]).case(inl=lambda _: inl(inr(p[0])), inr=lambda q: inr((p[0], q[0])))
    )


@challenge("R04", "lists with fair interleaving are a monad")
def fair() -> Any:
    return list_monad(
        lambda x: recursion(List(x), List(x), lambda: nil(x)(()), lambda xs, rest: interleave(x)(xs, rest))
    )


def by_length(x: Ob) -> Arrow:
    """``sortOn length``, stable: ``List List X → List List X``."""
    of, lists = List(x), List(List(x))
    shorter = recursion(
        x, BIT**of, lambda: lambda _: inl(()),
        lambda _, rest: lambda ys: out(of)(ys).case(inl=lambda _: inr(()), inr=lambda p: rest(p[1])),
    )  # fmt: skip

    def step(ys: Any, rest: Any) -> Any:
        def put(xs: Any) -> Any:
            return shorter(xs)(ys).case(
                inl=lambda _: cons(of)(xs, cons(of)(ys, rest[0])), inr=lambda _: cons(of)(ys, rest[1](xs))
            )

        return cons(of)(ys, rest[0]), put

    insert = recursion(of, lists * lists**of, lambda: (nil(of)(()), lambda xs: single(of)(xs)), step)
    return recursion(of, lists, lambda: nil(of)(()), lambda xs, rest: insert(rest)[1](xs))


@challenge("R07", "lists with concat ∘ sortOn length are a monad")
def sorted_by_length() -> Any:
    return list_monad(lambda x: by_length(x) >> concat(x))


@challenge("R09", "lists with unit [x, x] and concat are a monad")
def doubled_unit() -> Any:
    return list_monad(concat, lambda x: arrow(x, List(x))(lambda a: cons(x)(a, single(x)(a))))


@doubled_unit.twin("unit [x]")
def _() -> Any:
    return list_monad(concat)


@challenge("R10", "lists with concat, reversed unless the outer list or all inner lists are singletons, are a monad")
def reversed_unless_units() -> Any:
    def join(x: Ob) -> Arrow:
        return when(unit_case(x), concat(x), concat(x) >> reverse(x))

    return list_monad(join)


def unit_case(x: Ob) -> Arrow:
    """Whether the outer list, or all inner lists, are singletons."""
    return answer(is_single(List(x)), every(List(x), is_single(x)), OR)


@challenge("R12", "the cartesian product List List → List List is a distributive law")
def cartesian_product() -> Any:
    return DistributiveLaw(list_monad(concat), list_monad(concat), sequence)


@cartesian_product.twin("its two axioms for the units")
def _() -> Any:
    return [law for law in cartesian_product.statement().laws() if law.name in ("inner unit", "outer unit")]


@challenge("R13", "lists composed with lists, joined through the cartesian product, are a monad")
def composed_lists() -> Any:
    return DistributiveLaw(list_monad(concat), list_monad(concat), sequence).composite()


@challenge("R28", "lists are a commutative monad")
def lists_commute() -> Any:
    def paired(a: Ob, b: Ob) -> Arrow:
        row = recursion(b, List(a * b) ** a, lambda: lambda _: nil(a * b)(()),
                        lambda h, rest: lambda k: cons(a * b)((k, h), rest(k)))  # fmt: skip
        rows = recursion(a, List(a * b) ** List(b), lambda: lambda _: nil(a * b)(()),
                         lambda h, rest: lambda ys: append(a * b)(row(ys)(h), rest(ys)))  # fmt: skip
        return arrow(List(a) * List(b), List(a * b))(lambda p: rows(p[0])(p[1]))

    swap = arrow(B * A, A * B)(lambda p: (p[1], p[0]))
    other = arrow(List(A) * List(B), List(B) * List(A))(lambda p: (p[1], p[0])) >> paired(B, A) >> List(swap)
    return Law("commutativity", paired(A, B), other)


@challenge("R29", "the first element, List → Maybe, is a monad morphism")
def head_option() -> Any:
    return MonadMorphism(list_monad(concat), standard.maybe(), first)


@challenge("R31", "xs ↦ xs ++ tail (reverse xs) is a monad morphism List → List")
def palindromes() -> Any:
    def palindrome(x: Ob) -> Arrow:
        return arrow(List(x), List(x))(lambda xs: append(x)(xs, tail(x)(reverse(x)(xs))))

    return MonadMorphism(list_monad(concat), list_monad(concat), palindrome)


@palindromes.twin("reverse")
def _() -> Any:
    return MonadMorphism(list_monad(concat), list_monad(concat), reverse)


@challenge("R46", "foldr and foldl agree for every operation and start", quick=True)
def folds_from_both_ends() -> Any:
    return _two_folds(generator("op", V * V, V), ())


@folds_from_both_ends.twin("for every monoid")
def _() -> Any:
    from catcore import Monoid

    m = Monoid.variable("V")
    return _two_folds(m.mult, m.given, m.unit)


def _two_folds(op: Arrow, given: Any, start: Arrow | None = None) -> Law:
    e = start if start is not None else generator("e", One, V)
    right = recursion(V, V, lambda: e(()), lambda h, rest: op(h, rest))
    accumulating = recursion(V, V**V, lambda: lambda a: a, lambda h, rest: lambda a: rest(op(a, h)))
    left = arrow(List(V), V)(lambda xs: accumulating(xs)(e(())))
    return Law("foldr and foldl", right, left, tuple(given))
