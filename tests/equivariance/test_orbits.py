"""Orbits of pairs: against elimination and floating rank, with signs and roots of unity, at size, and mutants."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import (
    Group,
    Monoid,
    Representation,
    cyclic,
    dihedral,
    equivariant_maps,
    free_monoid,
    semidirect,
    symmetric,
)
from catcore.equivariance.groups import subnormal
from catcore.equivariance.linear_algebra.forests import Forest
from catcore.equivariance.representations import monomials
from catcore.equivariance.spaces.homspace import HomSpace
from catcore.equivariance.strategies import orbit_spans, orbits
from catcore.equivariance.strategies.orbit_spans import OrbitSpan
from catcore.errors import TooLarge
from tests.equivariance.groups_at_work import by_null_space, dense_nullity

UNITS = {"Q": ("1", "-1"), "C": ("1", "-1", "I", "-I"), "GF(5)": ("1", "2", "3", "4"), "GF(2)": ("1",)}


def monomial_matrix(images: list[int], units: list[str]) -> list[list[Any]]:
    """Basis vector j goes to ``units[j]`` times basis vector ``images[j]``."""
    rows: list[list[Any]] = [[0] * len(images) for _ in images]
    for j, (i, x) in enumerate(zip(images, units, strict=True)):
        rows[i][j] = x
    return rows


@st.composite
def monomial_pairs(draw: st.DrawFn) -> tuple[Representation, Representation]:
    """Two random monomial representations of one free group, over Q, Q(i), GF(5) or GF(2)."""
    field = draw(st.sampled_from(sorted(UNITS)))
    group = Group.presentation(" ".join("gh"[: draw(st.integers(1, 2))]))

    def side() -> Representation:
        n = draw(st.integers(1, 4))
        units = st.lists(st.sampled_from(UNITS[field]), min_size=n, max_size=n)
        images = {g: draw(st.permutations(range(n))) for g in group.generators}
        rows = {g: monomial_matrix(list(images[g]), draw(units)) for g in group.generators}
        return Representation(group, rows, field=field)

    return side(), side()


@given(monomial_pairs())
def test_phased_orbits_agree_with_elimination(pair: tuple[Representation, Representation]) -> None:
    rho, tau = pair
    space, eliminated = equivariant_maps(rho, tau), by_null_space(rho, tau)

    assert "orbits" in space.method
    assert isinstance(space.span, OrbitSpan)
    assert space.dim == eliminated.dim == len(space.span.elements)
    assert list(space.basis) == list(eliminated.basis)
    assert space.checked
    assert space.span.lawful(rho, tau)


@given(monomial_pairs(), st.sampled_from(["+", "@", "*", "tensor", "dual"]))
def test_monomials_follow_the_construction(pair: tuple[Representation, Representation], how: str) -> None:
    rho, tau = pair
    made = {"+": rho + tau, "@": rho @ tau, "*": 2 * rho, "tensor": rho.tensor(2), "dual": rho.dual}[how]
    plain = Representation(made.monoid, {g: made.matrix(g) for g in made.monoid.generators}, field=made.field)
    followed, read = monomials.read(made), monomials.read(plain)

    assert followed is not None
    assert read is not None
    followed, read = followed.over(60), read.over(60)
    assert all(np.array_equal(x, y) for x, y in zip(followed.images, read.images, strict=True))
    assert all(np.array_equal(x % 60, y % 60) for x, y in zip(followed.phases, read.phases, strict=True))


def test_other_matrices_are_not_monomial() -> None:
    for rows in ([[1, 1], [0, 1]], [[2, 0], [0, 1]], [[0, 0], [1, 0]], [["3/5", "-4/5"], ["4/5", "3/5"]]):
        assert monomials.read(Representation(free_monoid("a"), {"a": rows})) is None
    far = Representation(Group.presentation("a"), {"a": [["3/5+4*I/5"]]}, field="C")
    assert monomials.read(far) is None  # on the unit circle, and no root of unity
    assert monomials.read(Representation.lie({"J": [[1]]})) is None


def test_characters_of_a_cyclic_group_are_orthogonal() -> None:
    """Schur: the only map between two characters is a multiple of one, and only where they agree."""
    group = cyclic(6)
    chi = [Representation(group, {"s": [[f"cos({k}*pi/3)+I*sin({k}*pi/3)"]]}, field="C") for k in range(1, 6)]

    for a, b in ((a, b) for a in range(5) for b in range(5)):
        assert equivariant_maps(chi[a], chi[b]).dim == int(a == b)
    assert [equivariant_maps(group.defining, c).dim for c in chi] == [1] * 5
    assert equivariant_maps(chi[0].dual, chi[4]).dim == 1


def test_signs_of_simplices_and_hyperoctahedral_powers() -> None:
    """Signed permutations of n coordinates: maps of tensor powers are set partitions into even blocks (T1.12 g)."""
    group = Group.presentation("s c r")
    for n, dims in ((3, {(1, 1): 1, (2, 2): 4, (1, 3): 4, (2, 1): 0}), (2, {(2, 2): 4, (3, 1): 4, (1, 1): 1})):
        swap, turn = [1, 0, *range(2, n)], [*range(1, n), 0]
        rho = Representation(
            group,
            {
                "s": monomial_matrix(swap, ["1"] * n),
                "c": monomial_matrix(turn, ["1"] * n),
                "r": monomial_matrix(list(range(n)), ["-1"] + ["1"] * (n - 1)),
            },
        )
        for (k, l), dim in dims.items():
            space = equivariant_maps(rho.tensor(k), rho.tensor(l))
            assert (space.method, space.dim, space.checked) == ("signed orbits", dim, True)
            assert space.independent_dimension() == dim


# The order of the group, and without it ---------------------------------------------------------------------------


def known(group: Group) -> list[int | None]:
    """The order where it is known, and as if it were not."""
    return [group.known_order, None]


@st.composite
def groups(draw: st.DrawFn) -> tuple[Group, list[Representation]]:
    """A small group of known order, and permutation representations of it."""
    listed: list[Any] = [cyclic(6), dihedral(4), symmetric(4), cyclic(2) * cyclic(4), dihedral(3) * cyclic(2)]
    group = draw(st.sampled_from(listed))
    made = [group.defining, Representation.trivial(group, 2), Representation.regular(group), group.defining.tensor(2)]
    if group.defining.degree < 6:
        made.append(group.defining.sym(3))
    return group, draw(st.lists(st.sampled_from(made), min_size=2, max_size=2))


@given(groups())
def test_orders_spare_work_and_change_nothing(pair: tuple[Group, list[Representation]]) -> None:
    """Burnside's count agrees, with the group's order known and not; unfaithful actions are among these."""
    group, (rho, tau) = pair
    source, target, roots = orbit_spans.sides(rho, tau)  # type: ignore[misc]
    spans = [OrbitSpan(source, target, roots, [1], size) for size in known(group)]

    assert spans[0].count == spans[1].count == equivariant_maps(rho, tau).independent_dimension()
    assert spans[0].elements == spans[1].elements
    first, second = (span.materialise(rho.field).labels for span in spans)  # type: ignore[union-attr]
    assert np.array_equal(first, second)


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_forests_reach_every_point(n: int, maps: int, data: st.DataObject) -> None:
    functions = [data.draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n)) for _ in range(maps)]
    forest = Forest(functions, n)
    for point in range(n):
        at = int(forest.bases[forest.where[point]])
        for u, v, kind in forest.path(point):
            assert u == at
            assert functions[kind // 2][u if kind % 2 == 0 else v] == (v if kind % 2 == 0 else u)
            at = v
        assert at == point
        assert len(forest.path(point)) == forest.depth[point]
    carried = {int(v) for children, _, _ in forest.levels() for v in children}
    assert carried == set(range(n)) - {int(b) for b in forest.bases}


# At size ----------------------------------------------------------------------------------------------------------


def pixels(n: int, rule: Callable[[int, int], tuple[int, int]]) -> list[int]:
    """Where pixel (i, j) of a torus of n × n pixels goes."""
    moved = (rule(i, j) for i in range(n) for j in range(n))
    return [i % n * n + j % n for i, j in moved]


def wallpaper(n: int) -> Representation:
    """The group p4m on a torus: translations, quarter turns, a mirror."""
    rules: dict[str, Callable[[int, int], tuple[int, int]]] = {
        "a": lambda i, j: (i, j + 1),
        "b": lambda i, j: (i + 1, j),
        "r": lambda i, j: (j, -i),
        "f": lambda i, j: (i, -j),
    }
    group = Group.presentation("a b r f")
    return Representation.permutation(group, {g: pixels(n, rule) for g, rule in rules.items()})


@pytest.mark.parametrize("n", [4, 5, 64])
def test_wallpaper_groups_count_offsets_up_to_symmetry(n: int) -> None:
    """Offsets up to signs and exchange: 561 parameters on 64 × 64 pixels, out of 16.8 million."""
    rho, half = wallpaper(n), n // 2 + 1
    start = time.process_time()
    space = equivariant_maps(rho, rho)

    assert space.dim == half * (half + 1) // 2
    assert space.span is not None
    assert len(space.span.elements) == space.dim
    assert time.process_time() - start < 2
    if n < 10:
        assert space.dim == space.independent_dimension() == dense_nullity(rho, rho)
    assert space.checked


def test_a_product_of_cyclic_groups_needs_no_table() -> None:
    """The order of the group equals the number of pixels, so that a base row is all there is."""
    torus = (cyclic(64) * cyclic(64)).defining
    start = time.process_time()
    space = equivariant_maps(torus, torus)

    assert space.dim == 4096
    assert time.process_time() - start < 0.5
    assert isinstance(space.span, OrbitSpan)
    assert space.span.classes._table is None
    assert space.span.elements[:3] == [(0, 0), (0, 1), (0, 2)]


def test_many_orbits_on_either_side() -> None:
    turn = cyclic(3).defining
    rho, tau = turn + turn + Representation.trivial(cyclic(3), 2), 2 * turn
    space = equivariant_maps(rho, tau)

    assert (space.method, space.dim, space.checked) == ("orbits", 16, True)
    assert space.pattern == by_null_space(rho, tau).pattern


def test_large_answers_are_counted_and_refused_with_their_size() -> None:
    torus = (cyclic(200) * cyclic(200)).defining
    space = equivariant_maps(torus, torus)

    assert space.dim == 40_000
    with pytest.raises(TooLarge, match="1600000000 labels was asked for, 6400000000 bytes"):
        _ = space.labels


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_inputs_that_merge_points(n: int, m: int, data: st.DataObject) -> None:
    monoid = free_monoid("a", "b")
    functions = st.lists(st.integers(0, n - 1), min_size=n, max_size=n)
    rho = Representation.permutation(monoid, {g: data.draw(functions) for g in "ab"})
    tau = Representation.permutation(monoid, {g: data.draw(st.permutations(range(m))) for g in "ab"})
    space = equivariant_maps(rho, tau)

    assert isinstance(space.span, OrbitSpan)
    assert len(space.span.elements) == space.dim == dense_nullity(rho, tau)
    assert space.pattern == by_null_space(rho, tau).pattern
    assert space.labels is not None
    for k, (i, j) in enumerate(space.span.elements):
        assert space.labels[i, j] == k + 1


@given(monomial_pairs(), st.integers(0, 2**32 - 1))
def test_spans_act_as_their_matrices(pair: tuple[Representation, Representation], seed: int) -> None:
    space: HomSpace = equivariant_maps(*pair)
    if space.field.characteristic:
        return
    random = np.random.default_rng(seed)
    theta, x = random.integers(-5, 5, space.dim), random.integers(-5, 5, (2, space.shape[1]))
    W = np.tensordot(theta, space.basis_array(complex), 1)

    assert np.allclose(space.apply(theta, x), x @ W.T)


# Mutants ----------------------------------------------------------------------------------------------------------


def test_the_checkers_reject_wrong_generators_and_wrong_orders() -> None:
    rho = dihedral(4).defining
    source, target, roots = orbit_spans.sides(rho, rho)  # type: ignore[misc]
    span = OrbitSpan(source, target, roots, [1], 8)
    other = orbits.Side.maps([np.array([1, 0, 2, 3])] * 2, 4)

    assert span.lawful(rho, rho)
    stale = OrbitSpan(source, other, roots, [1])
    stale.__dict__["_labels"] = span._labels
    assert not stale.lawful(rho, rho)
    # an order that is too small stops the search for identifications early, and the equation then fails
    wrong = OrbitSpan(source, target, roots, [1], 4)
    assert wrong.count == 4
    assert not wrong.lawful(rho, rho)


def test_a_broken_phase_is_seen() -> None:
    turn = Representation(cyclic(4), {"s": [[0, -1], [1, 0]]})
    space = equivariant_maps(turn, turn)
    assert isinstance(space.span, OrbitSpan)
    assert space.span.lawful(turn, turn)
    space.span.__dict__["_powers"] = np.zeros((2, 2), int)
    assert not space.span.lawful(turn, turn)


def test_semidirect_products_and_monoids_of_permutations() -> None:
    """D_5 as a semidirect product acts on its pentagon as D_5 does; a monoid may consist of permutations (T2.1)."""
    flip = semidirect(cyclic(5), Group.permutations({"f": [1, 0]}), {"f": {"s": "s^4"}})
    rho = Representation.permutation(flip, {"s": [1, 2, 3, 4, 0], "f": [0, 4, 3, 2, 1]})

    assert equivariant_maps(rho, rho).dim == 3
    line = Monoid.presentation("t")
    assert equivariant_maps(*[Representation.permutation(line, {"t": [1, 2, 0]})] * 2).dim == 3


# Subnormal orders -------------------------------------------------------------------------------------------------


@given(st.integers(2, 6), st.data())
def test_stabilisers_follow_a_subnormal_order(n: int, data: st.DataObject) -> None:
    """Where an order is found, the generators found fix the point, and are as many as Schreier's say."""
    from sympy.combinatorics import Permutation, PermutationGroup

    turn, flip = np.roll(np.arange(n), -1), -np.arange(n) % n
    listed = [np.concatenate([x, n + y]) for x, y in [(turn, flip), (flip, turn), (flip, np.arange(n)), (turn, turn)]]
    maps = data.draw(st.lists(st.sampled_from(listed), min_size=1, max_size=3))
    order = subnormal.subnormal_order(maps)
    if order is None:
        return
    base, chain = data.draw(st.integers(0, 2 * n - 1)), [maps[i] for i in order]
    found = list(subnormal.stabilizer(chain, chain, base))

    assert all(h[base] == base for h in found)
    whole = PermutationGroup([Permutation(g.tolist()) for g in maps])
    fixing = PermutationGroup([Permutation(h.tolist()) for h in found])
    assert fixing.order() * len(whole.orbit(base)) == whole.order()


def test_other_groups_have_no_subnormal_order() -> None:
    assert subnormal.subnormal_order([np.array([1, 0, 2]), np.array([1, 2, 0])]) == [1, 0]
    assert subnormal.subnormal_order([np.array([1, 0, 2, 3]), np.array([1, 2, 3, 0])]) is None


def test_stabilisers_and_a_look_at_every_edge_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    rho = wallpaper(8)
    source, target, roots = orbit_spans.sides(rho, rho)  # type: ignore[misc]
    monkeypatch.setattr(orbits, "SMALL", 0)
    by_stabilisers = OrbitSpan(source, target, roots, [1])
    assert by_stabilisers.count == 15
    assert by_stabilisers.classes._table is None
    monkeypatch.setattr(orbits, "subnormal_order", lambda generators: None)
    by_edges = OrbitSpan(source, target, roots, [1])
    assert by_edges.elements == by_stabilisers.elements
    assert by_edges.classes._table is not None
