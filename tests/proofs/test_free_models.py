"""The monads of free models: normal forms, laws, algebras, distributive laws (THEORY T1.4, T1.6, T1.8, T1.10)."""

from __future__ import annotations

import itertools as it
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.errors import IllTyped, TooLarge, UnknownName
from catcore.theories import action, commutative_monoid, group, monoid, semigroup, semilattice, semiring
from catcore_proofs import verify
from catcore_proofs.census import count_algebras, count_models, one_sorted, with_equation
from catcore_proofs.free_models import (
    CanonicalMonad,
    Distribution,
    Distributions,
    FreeModels,
    PointwiseDistribution,
    distributions,
    free_model_monad,
)
from catcore_proofs.free_terms import Operation, Variable

JOIN = one_sorted(
    "semilattice without unit", {"mult": 2},
    {
        "associativity": (3, lambda s, x, y, z: s.mult(s.mult(x, y), z), lambda s, x, y, z: s.mult(x, s.mult(y, z))),
        "commutativity": (2, lambda s, x, y: s.mult(x, y), lambda s, x, y: s.mult(y, x)),
        "idempotence": (1, lambda s, x: s.mult(x, x), lambda s, x: x),
    },
)  # fmt: skip
NAMED = one_sorted(
    "monoid whose unit is called like a law", {"mult": 2, "commutativity": 0},
    {
        "associativity": (3, lambda s, x, y, z: s.mult(s.mult(x, y), z), lambda s, x, y, z: s.mult(x, s.mult(y, z))),
        "left unit": (1, lambda s, x: s.mult(s.commutativity(), x), lambda s, x: x),
        "right unit": (1, lambda s, x: s.mult(x, s.commutativity()), lambda s, x: x),
    },
)  # fmt: skip
INVOLUTION = one_sorted("involution", {"turn": 1}, {"twice": (1, lambda s, x: s.turn(s.turn(x)), lambda s, x: x)})
MAGMA = one_sorted("magma", {"mult": 2}, {})
THEORIES = (monoid, semigroup, commutative_monoid, semilattice, JOIN, group, INVOLUTION, MAGMA)


@pytest.mark.parametrize("theory", THEORIES, ids=lambda t: t.name)
def test_the_free_models_are_a_monad_and_models(theory):
    free = free_model_monad(theory)

    assert {(v.status, v.evidence) for v in verify(free)} == {("holds", "sampled")}
    model = list(free.elements("xyz", 2))[:9]
    for x, y, z in it.product(model, repeat=3):
        if theory in (monoid, commutative_monoid, semilattice, semigroup, group, JOIN):
            both = free.operation("mult", free.operation("mult", x, y), z)
            assert both == free.operation("mult", x, free.operation("mult", y, z))
        if theory in (commutative_monoid, semilattice, JOIN):
            assert free.operation("mult", x, y) == free.operation("mult", y, x)
        if theory in (semilattice, JOIN):
            assert free.operation("mult", x, x) == x
        if theory is group:
            assert free.operation("mult", x, free.operation("inverse", x)) == free.operation("unit")


def test_a_constant_called_like_a_law_is_a_unit_and_no_law():
    free = free_model_monad(NAMED)
    x, y = free.unit("x"), free.unit("y")

    assert free.operation("mult", x, y) != free.operation("mult", y, x)
    assert free.operation("mult", x, free.operation("commutativity")) == x


@pytest.mark.parametrize("labels", range(4))
def test_words_bags_and_sets_are_as_many_as_they_should_be(labels):
    """Words of length at most 3, bags of at most 3, all subsets, non-empty subsets."""

    def count(theory: Any, size: int) -> int:
        return len(list(free_model_monad(theory).elements(range(labels), size)))

    assert count(monoid, 3) == sum(labels**k for k in range(4))
    assert count(commutative_monoid, 3) == comb(labels + 3, 3)
    assert count(semilattice, labels) == 2**labels
    assert count(JOIN, labels) == 2**labels - 1
    assert count(INVOLUTION, 2) == 2 * labels


def test_reduced_words_of_the_free_group():
    """On one generator: e, x, x⁻¹, x², … within the size; x x⁻¹ is the unit."""
    free = free_model_monad(group)
    x = free.unit("x")
    inverse = free.operation("inverse", x)

    assert free.operation("mult", x, inverse) == free.operation("unit")
    assert free.operation("inverse", inverse) == x
    y = free.unit("y")
    assert free.operation("inverse", free.operation("mult", x, y)) == free.operation(
        "mult", free.operation("inverse", y), inverse
    )


@given(st.lists(st.integers(0, 4), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_bags_and_sets_forget_the_order_and_words_do_not(word, random):
    def built(theory: Any, letters: list[int]) -> Any:
        free = free_model_monad(theory)
        found = [free.unit(i) for i in letters]
        while len(found) > 1:  # bracketed at random
            i = random.randrange(len(found) - 1)
            found[i : i + 2] = [free.operation("mult", found[i], found[i + 1])]
        return found[0]

    shuffled = random.sample(word, len(word))
    assert built(monoid, word) == built(monoid, word)
    assert (built(monoid, word) == built(monoid, shuffled)) == (word == shuffled)
    assert built(commutative_monoid, word) == built(commutative_monoid, shuffled)
    assert built(semilattice, word) == built(semilattice, sorted(set(shuffled)))


# ---- algebras --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theory", "counts"),
    [
        (monoid, (1, 4, 33)), (commutative_monoid, (1, 4, 27, 376)), (semilattice, (1, 2, 6, 36)),
        (JOIN, (1, 2, 9, 76)), (semigroup, (1, 8, 113)), (INVOLUTION, (1, 2, 4, 10)),
    ],
    ids=lambda v: getattr(v, "name", ""),
)  # fmt: skip
def test_algebras_are_counted(theory, counts):
    """T1.6: List has 4 algebras on 2 points and powerset 2; C04 to C06 for bags, finite sets and non-empty ones."""
    free = free_model_monad(theory)

    assert tuple(count_algebras(free, n).count for n in range(1, len(counts) + 1)) == counts


@pytest.mark.parametrize("theory", [monoid, commutative_monoid, semilattice, JOIN, INVOLUTION], ids=lambda t: t.name)
def test_algebras_by_brute_force_are_the_models(theory):
    """Maps ``a : T 2 → 2`` with both laws of an algebra at small elements, found without the theory's equations.

    An algebra is given by its values at the operations applied to points, since associativity gives the others.
    """
    free = free_model_monad(theory)
    _, nested, _ = free.layers(range(2), 3)
    found = 0
    arities = {name: len(sorts) for name, sorts in _arities(theory).items()}
    tables = [it.product(range(2), repeat=2**n) for n in arities.values()]
    for chosen in it.product(*tables):
        operations = {
            name: lambda *xs, table=table: table[sum(x << i for i, x in enumerate(reversed(xs)))]
            for name, table in zip(arities, chosen, strict=True)
        }
        found += _is_algebra(free, operations, nested)
    assert found == count_models(theory, 2).count


def _arities(theory: Any) -> dict[str, tuple[int, ...]]:
    from catcore_proofs.census.theories import Reading

    reading = Reading(theory, (1,), {})
    return dict(zip(reading.names, reading.arguments, strict=True))


def _is_algebra(free: FreeModels, operations: Any, nested: list[Any]) -> bool:
    """Whether the value of terms is well defined on normal forms: ``T(a) ; a = μ ; a``."""

    def value(element: Any) -> Any:
        return free.value(element, operations, lambda x: x)

    for name, sorts in _arities(free.theory).items():
        for points in it.product(range(2), repeat=len(sorts)):
            if value(free.operation(name, *map(free.unit, points))) != operations[name](*points):
                return False
    return all(value(free.map(value, t)) == value(free.mult(t)) for t in nested)


# ---- distributions ---------------------------------------------------------------------------------------------------


def test_distributions_are_a_monad_with_convex_combinations():
    d = distributions()
    x, y = d.unit("x"), d.unit("y")

    assert {v.status for v in verify(d)} == {"holds"}
    assert d.combination("1/2", x, x) == x
    assert d.combination("1/3", x, y) == d.combination("2/3", y, x)
    left = d.combination("1/2", d.combination("1/2", x, y), d.unit("z"))
    assert left == d.combination("1/4", x, d.combination("1/3", y, d.unit("z")))
    assert d.combination(1, x, y) == x
    with pytest.raises(IllTyped, match="a weight between 0 and 1, and 3/2 was given"):
        d.combination("3/2", x, y)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_weights_add_up_to_one(parts):
    d = distributions()
    mixed = d.unit(0)
    for i, n in enumerate(parts):
        mixed = d.combination(Fraction(1, n), mixed, d.unit(i))
    assert sum(w for _, w in mixed.weights) == 1
    assert all(w > 0 for _, w in mixed.weights)


# ---- distributive laws -----------------------------------------------------------------------------------------------

LIST, BAG, SET = (free_model_monad(t) for t in (monoid, commutative_monoid, semilattice))


def test_multiplication_over_addition():
    """T1.10 (iii): ``(a + b) c = a c + b c``."""
    law = PointwiseDistribution(LIST, BAG)
    a, b, c = (BAG.unit(x) for x in "abc")
    product = LIST.operation("mult", LIST.unit(BAG.operation("mult", a, b)), LIST.unit(c))
    words = [LIST.operation("mult", LIST.unit(x), LIST.unit("c")) for x in "ab"]

    assert law(product) == BAG.operation("mult", *map(BAG.unit, words))


@pytest.mark.parametrize("inner", [LIST, BAG], ids=str)
@pytest.mark.parametrize("outer", [BAG, SET, distributions()], ids=str)
def test_linear_theories_distribute_over_commutative_monads(inner, outer):
    """Bags over bags are C27's; each axiom is checked at some hundred elements."""
    assert {(v.status, v.evidence) for v in verify(PointwiseDistribution(inner, outer))} == {("holds", "sampled")}


@pytest.mark.parametrize(
    ("inner", "outer"), [(LIST, LIST), (SET, BAG), (SET, distributions()), (SET, SET)], ids=["words over words",
    "sets over bags", "sets over distributions", "sets over sets"],
)  # fmt: skip
def test_the_tempting_cases_fail(inner, outer):
    """T1.10, pitfall; R12, R20, R21: choices do not give a law for words over words, or for sets."""
    assert verify(PointwiseDistribution(inner, outer)).status == "fails"


# ---- refusals and mutants --------------------------------------------------------------------------------------------


def test_theories_without_normal_forms_are_refused():
    with pytest.raises(TooLarge, match="completion of its equations did not end"):
        free_model_monad(semiring)
    with pytest.raises(IllTyped, match=r"has the sorts M, X; for the actions of a monoid M take ActionMonad\(M\)"):
        free_model_monad(action)
    with pytest.raises(UnknownName, match="mult was applied to 1 element"):
        LIST.operation("mult", LIST.unit(1))
    trivial = with_equation(monoid, "all are equal", lambda s: (s.carriers[0] * s.carriers[0], lambda p: p[0],
                                                                lambda p: p[1], s.carriers[0]))  # fmt: skip
    with pytest.raises(TooLarge, match="that tell two labels apart"):
        free_model_monad(trivial)


def test_a_monad_that_does_not_normalise_is_refuted():
    class Unsorted(FreeModels):
        """Words that forget their first letter when they are substituted."""

        def bind(self, element: Any, function: Any) -> Any:
            found = super().bind(element, function)
            return found.arguments[1] if isinstance(found, Operation) and found.arguments else found

    class Sharpened(Distributions):
        """Mixtures whose weights are squared; with equal weights instead they would be the monad of finite sets."""

        def bind(self, element: Any, function: Any) -> Any:
            squares = [(x, w * w) for x, w in super().bind(element, function).weights]
            return Distribution(frozenset((x, w / sum(v for _, v in squares)) for x, w in squares))

    assert verify(Unsorted("unsorted", monoid)).status == "fails"
    assert verify(Sharpened("sharpened"))["associativity"].status == "fails"


def test_the_interface_is_abstract_and_values_are_values():
    with pytest.raises(NotImplementedError):
        CanonicalMonad("nothing").unit(1)
    assert LIST.unit(3) == Variable(3)
    assert str(LIST.operation("mult", LIST.unit("x"), LIST.operation("unit"))) == "x"
    total = LIST.value(
        LIST.operation("mult", LIST.unit(2), LIST.operation("mult", LIST.unit(3), LIST.unit(4))),
        {"mult": lambda a, b: a * b, "unit": lambda: 1}, lambda x: x,
    )  # fmt: skip
    assert total == 24
