"""Monoids, groups and their actions: orders, tables, presentations, and the counts of T1.5 and T1.6."""

from __future__ import annotations

import math
import time

import pytest
import sympy as sp

from catcore.equivariance import (
    Action,
    Group,
    Monoid,
    actions,
    alternating,
    cyclic,
    dihedral,
    equivariant_functions,
    free_monoid,
    full_transformation_monoid,
    named_group,
    semidirect,
    symmetric,
)
from catcore.equivariance.groups import words
from catcore.errors import (
    BadSpecification,
    CatError,
    LawViolated,
    NotARepresentation,
    ShapeMismatch,
    TooLarge,
    UnknownName,
)

ZERO_ONE = Monoid.from_table([[0, 0], [0, 1]], unit=1)  # ({0, 1}, ×)
FAMILIES: list[Group] = [
    cyclic(1),
    cyclic(6),
    dihedral(1),
    dihedral(2),
    dihedral(5),
    symmetric(1),
    symmetric(4),
    alternating(2),
]
FAMILIES += [alternating(4), Group.presentation("r s", ["r^4", "s^2", "s r s r"]), Group.permutations({"a": [1, 2, 0]})]
OTHERS: list[Monoid] = [
    cyclic(3) * dihedral(3),
    semidirect(cyclic(5), cyclic(2), {"s": {"s": "s^-1"}}),
    full_transformation_monoid(3),
]
OTHERS += [ZERO_ONE, Monoid.presentation("a b", ["a a = a", "b b = b", "a b = b a"]), free_monoid("a", "b")]


@pytest.mark.parametrize("monoid", [*FAMILIES, *OTHERS], ids=str)
def test_a_monoid_prints_as_what_makes_it(monoid: Monoid) -> None:
    assert eval(repr(monoid)) == monoid
    assert hash(eval(repr(monoid))) == hash(monoid)


@pytest.mark.parametrize("monoid", [*FAMILIES, *OTHERS[:-1]], ids=str)
def test_tables_of_listed_elements_are_associative_with_unit(monoid: Monoid) -> None:
    n, e = monoid.order, monoid.identity
    table = monoid.table

    assert len(monoid.elements) == n == len(table)
    assert table[e] == tuple(range(n)) == tuple(row[e] for row in table)
    assert all(table[table[i][j]][k] == table[i][table[j][k]] for i in range(n) for j in range(n) for k in range(n))


@pytest.mark.parametrize("group", FAMILIES, ids=str)
def test_groups_invert(group: Group) -> None:
    assert all(group.multiply(i, j) == group.identity for i, j in enumerate(group.inverse))


@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("family", [symmetric, alternating, cyclic, dihedral])
def test_stated_relations_present_the_group(family: object, n: int) -> None:
    group = family(n)  # type: ignore[operator]
    abstract = Group.presentation(group.generators, group.relations)

    assert abstract.order == group.order == len(group.elements)


def test_large_groups_are_cheap() -> None:
    start = time.perf_counter()
    group = symmetric(50)

    assert group.order == math.factorial(50)
    assert group.defining.degree == 50
    assert time.perf_counter() - start < 0.5
    with pytest.raises(TooLarge, match=r"use its generators|only its generators|Work with its generators"):
        _ = group.elements


def test_nand_magma_is_stated_and_fails_associativity_at_0_0_1() -> None:
    """T1.5: the magma x·y = 1 - xy is expressible, and (0·0)·1 = 0 while 0·(0·1) = 1."""
    nand = Monoid.from_table([[1, 1], [1, 0]])
    triples = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    times = nand.multiply

    broken = [t for t in triples if times(times(t[0], t[1]), t[2]) != times(t[0], times(t[1], t[2]))]
    assert broken[0] == (0, 0, 1)
    assert (times(times(0, 0), 1), times(0, times(0, 1))) == (0, 1)


def test_orders() -> None:
    assert free_monoid("a").order is sp.oo
    assert [full_transformation_monoid(n).order for n in (1, 2, 3)] == [1, 4, 27]
    assert len(full_transformation_monoid(3).elements) == 27
    assert (symmetric(3) * cyclic(4)).order == 24
    assert Monoid.presentation("a", ["a a a = a"]).order == 3
    assert Group.permutations({"a": [1, 2, 0, 3], "b": [1, 0, 3, 2]}).order == 12


def test_products_of_equal_names_are_numbered() -> None:
    assert (cyclic(2) * cyclic(2)).generators == ("s1", "s2")
    assert (cyclic(2) * dihedral(3)).generators == ("s1", "r", "s2")


@pytest.mark.parametrize(
    ("group", "points", "count"),
    [(cyclic(2), 2, 2), (cyclic(2), 3, 4), (cyclic(2), 4, 10), (cyclic(3), 3, 3), (symmetric(3), 3, 10)],
)
def test_t1_6_counts_of_group_actions(group: Group, points: int, count: int) -> None:
    found = actions(group, points)

    assert len(found) == len(set(found)) == count
    assert all(a.broken_law() is None for a in found)


@pytest.mark.parametrize(("points", "count"), [(2, 3), (3, 10)])
def test_t1_6_counts_of_idempotent_maps(points: int, count: int) -> None:
    assert len(actions(ZERO_ONE, points)) == count


def test_t1_6_counts_do_not_depend_on_how_the_monoid_is_given() -> None:
    S3 = symmetric(3)
    as_permutations = Group.permutations({"a": [1, 2, 0], "b": [1, 0, 2]})
    as_table = Monoid.from_table(S3.table)

    assert [len(actions(M, 3)) for M in (as_permutations, as_table)] == [10, 10]


def test_t1_6_equivariant_functions() -> None:
    swap = Action(cyclic(2), 2, {"s": [1, 0]})
    free = Action(cyclic(3), 3, {"s": [1, 2, 0]})

    assert equivariant_functions(swap, swap) == ((0, 1), (1, 0))
    assert len(equivariant_functions(free, free)) == 3


def test_t1_6_homs_out_of_the_free_algebra_are_points() -> None:
    S3 = symmetric(3)
    free = Action(S3, 6, {name: S3.table[S3.elements.index(g)] for name, g in S3.model.images.items()})

    assert all(len(equivariant_functions(free, a)) == a.points for a in actions(S3, 3))


def test_t1_6_right_multiplication_is_not_a_left_action() -> None:
    S3 = Monoid.from_table(symmetric(3).table)
    right = {name: [row[i] for row in S3.table] for i, name in enumerate(S3.model.names) if name in S3.generators}

    assert Action(S3, 6, right).broken_law() is not None
    with pytest.raises(NotARepresentation, match="it is not an action"):
        Action(S3, 6, right).linearise()


def test_t1_5_linear_form_is_the_permutation_representation() -> None:
    action = Action(cyclic(3), 3, {"s": [1, 2, 0]})

    assert action.linearise() == cyclic(3).defining
    assert action.act("s s", 0) == 2
    assert eval(repr(action)) == action
    assert Action(cyclic(3), 2, {"s": [1, 0]}).broken_law() == "(s^3)▶0 = 1 but 0 = 0"


def test_words() -> None:
    word = words.read_word("(r s)^2 r^-1", ("r", "s"), inverses=True)

    assert words.show_word(word) == "r s r s r^-1"
    assert words.read_relation("a a = a", ("a",)) == ((("a", 2),), (("a", 1),))
    assert words.read_word("1", ("a",)) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a c", "'c' in 'a c' is no generator; the generators are a, b"),
        ("a^-1", "a monoid has no inverses"),
        ("(a b", "a bracket is never closed"),
        ("a $", "cannot be read from"),
        ("a)", "is left over"),
        ("a^9999999", "its power is larger than"),
        ("(" * 40 + "a" + ")" * 40, "it nests more than"),
        ("(a b)^90000", "has more than 20000 runs"),
        ("a " * 9000, "at most 10000 are read"),
    ],
)
def test_words_from_strangers_are_refused_in_sentences(text: str, sentence: str) -> None:
    with pytest.raises(CatError, match=sentence.replace("(", r"\(")):
        words.read_word(text, ("a", "b"))


def test_refusals_of_constructors() -> None:
    with pytest.raises(ShapeMismatch, match=r"repeats an image; use Monoid.transformations"):
        Group.permutations({"a": [0, 0]})
    with pytest.raises(ShapeMismatch, match="rows of lengths"):
        Monoid.from_table([[0, 1], [1]])
    with pytest.raises(ShapeMismatch, match="out of range"):
        Monoid.transformations(2, {"a": [0, 2]})
    with pytest.raises(BadSpecification, match="names are letters"):
        Monoid.presentation(["a b"])
    two = cyclic(2)
    with pytest.raises(LawViolated, match=r"it does not preserve s1\^2 = 1"):
        semidirect(two * cyclic(4), two, {"s": {"s1": "s2", "s2": "s1"}})
    with pytest.raises(LawViolated, match=r"C2 does not act on C5: s\^2 = 1 fails on s"):
        semidirect(cyclic(5), two, {"s": {"s": "s s"}})
    with pytest.raises(UnknownName, match="needs where s moves s"):
        semidirect(cyclic(5), two, {})
    with pytest.raises(LawViolated, match="element 0 has none"):
        _ = Group.from_table([[0, 0], [0, 1]], unit=1).inverse


def test_unknown_groups_are_refused() -> None:
    assert [named_group(name) for name in ("S5", "A4", "C6", "D4")] == [
        symmetric(5),
        alternating(4),
        cyclic(6),
        dihedral(4),
    ]
    for name in ("E8", "S0", "S", "SO3x", "A99999"):
        with pytest.raises(UnknownName, match="the groups known by name are S n, A n, C n and D n"):
            named_group(name)
