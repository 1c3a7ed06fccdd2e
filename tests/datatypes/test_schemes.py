"""Recursion schemes on worked numbers, each derived from one fold (T2.3–T2.6)."""

from __future__ import annotations

import itertools as it
from typing import Any, cast

import pytest

from catcore import Id, arrow, case, fold, fst, generator, ident, in_, inl, inr, mu, nu, out, pair, snd
from catcore.arrows import terminal
from catcore.categories import PythonValues
from catcore.categories.finite_sets import Injected
from catcore.datatypes import apo, datatype, histo, mutu, para, zygo
from catcore.datatypes.schemes import earlier, history, latest
from catcore.errors import IllTyped
from catcore_proofs import prove
from tests.datatypes.examples import LIST, TREE, A, Binary, Lists, N, Nat, Trees, run

LIST_FOLDS: dict[str, tuple[Any, Any, Any]] = {
    "sum": (lambda: 0, lambda a, x: a + x, 14),
    "length": (lambda: 0, lambda a, x: 1 + x, 5),
    "a - x": (lambda: 0, lambda a, x: a - x, 10),
    "a + 10 x": (lambda: 0, lambda a, x: a + 10 * x, 51413),
}
TREE_FOLDS: dict[str, tuple[Any, Any, Any]] = {
    "sum": (lambda a: a, lambda l, r: l + r, 18),
    "max": (lambda a: a, max, 7),
    "depth": (lambda a: 0, lambda l, r: 1 + max(l, r), 3),
    "leaves": (lambda a: 1, lambda l, r: l + r, 5),
    "l - 2 r": (lambda a: a, lambda l, r: l - 2 * r, -42),
    "flatten": (lambda a: [a], lambda l, r: l + r, [2, 5, 7, 1, 3]),
}
nat = Nat.fold(Zero=lambda: 0, Succ=lambda n: n + 1)


def numeral(n: int):
    zero, successor = Nat.constructors
    made = zero()
    for _ in range(n):
        made = successor(made)
    return made


@pytest.mark.parametrize("name", LIST_FOLDS)
def test_folds_of_a_list_t2_3(name):
    nil, cons, expected = LIST_FOLDS[name]

    assert Lists.fold(Nil=nil, Cons=cons)(LIST) == expected


@pytest.mark.parametrize("name", TREE_FOLDS)
def test_folds_of_a_tree_t2_3(name):
    leaf, node, expected = TREE_FOLDS[name]

    assert Trees.fold(Leaf=leaf, Node=node)(TREE) == expected


@pytest.mark.parametrize("name", TREE_FOLDS)
def test_the_term_gives_the_same_t2_3(name):
    leaf, node, expected = TREE_FOLDS[name]
    f = fold(Trees.fixed, case(generator("leaf", N, A), generator("node", A * A, A)))

    assert run(f, TREE, leaf=leaf, node=lambda p: node(*p)) == expected


def test_exactly_one_of_2187_functions_is_a_fold_t2_3():
    words = [w for n in range(3) for w in it.product((0, 1), repeat=n)]
    satisfying = [
        values for values in it.product(range(3), repeat=len(words)) if is_fold(dict(zip(words, values, strict=True)))
    ]

    assert len(words) == 7
    assert len(satisfying) == 1


def is_fold(f: dict[tuple[int, ...], int]) -> bool:
    return all(f[w] == (2 if not w else (w[0] + 2 * f[w[1:]] + 1) % 3) for w in f)


def test_a_paramorphism_uses_the_branches_t2_5():
    factorial = para(Nat.fixed, case(generator("one", 1, N), generator("times", Nat.fixed * N, N)))

    found = run(factorial, numeral(5), one=lambda _: 1, times=lambda p: (nat(p[0]) + 1) * p[1])
    assert found == 120


def test_the_tails_of_a_list_are_a_paramorphism():
    tails = para(Lists.fixed, case(generator("nil", 1, A), generator("cons", N * (Lists.fixed * A), A)))

    found = run(tails, LIST, nil=lambda _: [[]], cons=lambda p: [[p[0], *Lists.to_list(p[1][0])], *p[1][1]])
    assert found == [[3, 1, 4, 1, 5], [1, 4, 1, 5], [4, 1, 5], [1, 5], [5], []]


def binary(n: int):
    one, twice, twice_plus_one = Binary.constructors
    bits = []
    while n > 1:
        bits.append(n % 2)
        n //= 2
    made = one()
    for bit in reversed(bits):
        made = twice_plus_one(made) if bit else twice(made)
    return made


def test_the_successor_of_binary_numerals_is_a_paramorphism_t2_6():
    B = Binary.fixed
    one, twice, odd = (c.arrow for c in Binary.constructors)
    clauses = case(one >> twice, case(fst(B, B) >> odd, snd(B, B) >> twice))
    successor = para(B, clauses)
    value = Binary.fold(One=lambda: 1, Twice=lambda n: 2 * n, TwicePlusOne=lambda n: 2 * n + 1)

    python = PythonValues()
    assert all(value(python.apply(successor, binary(n))) == n + 1 for n in range(1, 2000))
    assert Binary.show(python.apply(successor, binary(11))) == "Twice(Twice(TwicePlusOne(One)))"


def test_a_zygomorphism_has_a_fold_beside_it():
    # the alternating sum needs the parity of the position counted from the end
    even = case(generator("zero", 1, N), generator("flip", N * N, N))
    step = case(generator("none", 1, N), generator("add", N * (N * N), N))
    alternating = zygo(Lists.fixed, even, step)

    found = run(
        alternating,
        LIST,
        zero=lambda _: 0,
        flip=lambda p: 1 - p[1],
        none=lambda _: 0,
        add=lambda p: p[1][1] + p[0] * (-1) ** p[1][0],
    )
    assert found == 3 - 1 + 4 - 1 + 5


def test_mutual_folds_know_the_parity_of_a_numeral():
    yes, no = generator("yes", 1, A), generator("no", 1, A)
    even = case(yes, snd(A, A))
    odd = case(no, fst(A, A))

    assert run(mutu(Nat.fixed, even, odd), numeral(7), yes=lambda _: True, no=lambda _: False) == (False, True)


def fibonacci():
    """Course-of-values recursion: the two newest values of the history."""
    H = history(Nat.fixed, N)
    before = case(generator("zero", 1, N), latest(H))
    step = pair(latest(H), earlier(H) >> before) >> generator("add", N * N, N)
    return histo(Nat.fixed, case(generator("one", 1, N), step))


def test_a_histomorphism_remembers_all_values_t2_5():
    values = [run(fibonacci(), numeral(n), zero=lambda _: 0, one=lambda _: 1, add=sum) for n in range(10)]

    assert values == [1, 1, 2, 3, 5, 8, 13, 21, 34, 55]


def test_an_apomorphism_hands_over_to_a_ready_branch():
    streams = nu(lambda X: N * X)
    rest = generator("rest", 1, streams)
    # one number in front of a stream that is there already
    inserted = apo(streams, pair(generator("head", A, N), terminal(A) >> rest >> inl(streams, A)))
    count = generator("count", N, N * N)

    from catcore import unfold

    up = PythonValues({count: lambda n: (n, n + 1)}).apply(unfold(streams, count), 7)
    python = PythonValues({generator("head", A, N): lambda a: a, rest: lambda _: up})
    assert take(python.apply(inserted, 100), 4) == [100, 7, 8, 9]


def take(stream, n: int) -> list[int]:
    heads = []
    for _ in range(n):
        head, stream = stream.out()
        heads.append(head)
    return heads


@pytest.mark.parametrize("layer", [1 + Id, 1 + A * Id, A + Id * Id])
def test_a_paramorphism_of_a_fold_that_ignores_branches_is_that_fold(layer):
    of = mu(layer)
    algebra = generator("algebra", layer(N), N)

    assert prove(para(of, layer(snd(of, N)) >> algebra), fold(of, algebra)).evidence == "proved"


def test_swapped_clauses_are_no_paramorphism():
    of = mu(1 + Id)
    wrong = para(of, case(inl(1, of) >> in_(of), snd(of, of)))

    assert prove(wrong, ident(of)).status == "fails"


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: para(Nat.fixed, generator("f", N, N)), "para takes an arrow"),
        (lambda: zygo(Nat.fixed, generator("f", N, N), generator("g", N, N)), "zygo takes an arrow"),
        (lambda: mutu(Nat.fixed, generator("f", N, N), generator("g", N, N)), "mutu takes an arrow"),
        (lambda: histo(Nat.fixed, generator("f", N, N)), "histo takes an arrow"),
        (lambda: apo(nu(lambda X: N * X), generator("f", N, N)), "apo takes an arrow"),
        (lambda: para(cast(Any, nu(1 + Id)), generator("f", N, N)), "least fixed point"),
    ],
)
def test_the_schemes_refuse_other_types(attempt, sentence):
    with pytest.raises(IllTyped, match=sentence):
        attempt()


def test_the_destructor_takes_one_constructor_off():
    assert PythonValues().apply(out(Lists.fixed), LIST) == Injected("inr", (3, Lists.list_of([1, 4, 1, 5])))
    assert arrow(Nat.fixed, Nat.fixed)(lambda n: n) is ident(Nat.fixed)
    assert datatype(Nat.fixed).names == ("c0", "c1")
    assert inr(1, Nat.fixed) >> in_(Nat.fixed) is Nat.constructors[1].arrow
