"""Counts by Weyl's formula for Lie algebras without a name and finite groups beside them, against solver and theory."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore.equivariance import (
    GL,
    SL,
    SO,
    SU,
    Group,
    O,
    Representation,
    Sp,
    cyclic,
    dihedral,
    equivariant_maps,
    free_monoid,
    symmetric,
)
from catcore.equivariance.certificates import counts, laws, products, reductive
from catcore.equivariance.certificates.characters import leaves, with_small_leaves
from catcore.equivariance.groups.homomorphisms import MonoidHomomorphism
from catcore.equivariance.linear_algebra.reduction import places
from catcore.errors import TooLarge
from catcore_proofs import verify
from tests.equivariance.matrix_cases import Rows, conjugated, floating_nullity, unit
from tests.equivariance.test_highest_weights import D5, E6, NOT_SEMISIMPLE, OCTONIONS, minuscule

SKEW: dict[str, Rows] = {
    "x": [[0, 1, -2, 3, 1], [-1, 0, 2, -1, 3], [2, -2, 0, 1, 1], [-3, 1, -1, 0, -2], [-1, -3, -1, 2, 0]],
    "y": [[0, -1, 3, 0, 2], [1, 0, 1, 1, -1], [-3, -1, 0, 2, 1], [0, -1, -2, 0, 3], [-2, 1, -1, -3, 0]],
}


def counted(rho: Representation, tau: Representation) -> int:
    found = reductive.count(rho, tau)
    assert found is not None
    assert counts.count(rho, tau).dim == found.dim
    return found.dim


# Algebras ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rho", "tau", "dim"),
    [
        (OCTONIONS.tensor(3), OCTONIONS.tensor(3), 35),
        (minuscule(D5, 4).tensor(2), minuscule(D5, 4).tensor(2), 3),
        (minuscule(E6, 0).tensor(2), minuscule(E6, 0).dual, 1),
        (minuscule(E6, 0).tensor(3), Representation.trivial(minuscule(E6, 0).monoid), 1),
        (OCTONIONS.alt(2), OCTONIONS, 1),
    ],
    ids=["G2, six octonions", "D5, half spinors", "E6, 27 ⊗ 27 to 27*", "E6, the cubic form", "G2, the product"],
)
def test_exceptional_algebras_and_spinors(rho: Representation, tau: Representation, dim: int) -> None:
    """Kuperberg 1996 for G2; 16 ⊗ 16 = 10 + 120 + 126; the cubic form of E6; the cross product of octonions."""
    assert counted(rho, tau) == dim


@settings(max_examples=12)
@given(
    st.sampled_from([SL(2), SL(3), SU(3), Sp(4), SO(3), SO(4), SO(1, 3), SO(5), SL(4)]),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 2),
)
def test_named_groups_count_as_their_own_formula_has_it(group: Any, k: int, l: int, seed: int) -> None:
    """The same algebra by matrices in a hidden basis, where nothing says which it is."""
    V = group.defining
    images = {name: conjugated(V.matrix(name).tolist(), seed) for name in group.infinitesimal}
    hidden = Representation.lie(images)
    for power, other in ((hidden.sym(k), V.sym(k)), (hidden.tensor(k) @ hidden.dual, V.tensor(k) @ V.dual)):
        assert counted(power, hidden.tensor(l)) == counts.count(other, V.tensor(l)).dim


def test_so5_by_two_random_elements() -> None:
    V = Representation.lie(SKEW)
    rho, tau = V.sym(2) @ V.alt(2), V.alt(2).tensor(2)

    assert (
        counted(rho, tau)
        == counts.count(*(SO(5).defining.alt(2) @ p for p in (SO(5).defining.sym(2), SO(5).defining.alt(2)))).dim
    )
    assert equivariant_maps(rho, tau).count == reductive.count(rho, tau)


def test_a_centre_grades() -> None:
    """gl(2) beside a scaling: degrees have to agree; two flows of incommensurable speeds count pairs of equal speed."""
    V = Representation.lie({"e": unit(2, (0, 1, 1)), "f": unit(2, (1, 0, 1)), "z": [["1/2", 0], [0, "1/2"]]})
    assert [counted(V.tensor(2), V.tensor(k)) for k in (1, 2, 3)] == [0, 2, 0]
    flow = Representation.lie({"r": unit(4, (0, 1, -1), (1, 0, 1), (2, 3, "-sqrt(2)"), (3, 2, "sqrt(2)"))})
    for rho in (flow, flow.sym(2), flow.tensor(2)):
        assert counted(rho, rho) == equivariant_maps(rho, rho).dim == floating_nullity(rho, rho)


# Finite groups beside them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("finite", [cyclic(3).defining, dihedral(4).defining, symmetric(4).defining], ids=str)
@pytest.mark.parametrize("space", [SO(3).defining, SU(2).defining.sym(2), SO(5).defining, GL(2).defining], ids=str)
def test_products_with_finite_groups(space: Representation, finite: Representation) -> None:
    """Hom over a product is the product of the Hom spaces, and the count sees one leaf on each side."""
    both = space.outer(finite)
    pairs = [(space, finite), (space.tensor(2), finite.tensor(2))]
    for rho, tau in zip(*[[(a, b), (space, finite)] for a, b in pairs], strict=True):
        left, right = rho[0].outer(rho[1]), tau[0].outer(tau[1])
        wanted = counts.count(rho[0], tau[0]).dim * counts.count(rho[1], tau[1]).dim
        assert counted(left, right) == wanted
    assert {leaf.degree for leaf in leaves(with_small_leaves(space.tensor(3).outer(finite.tensor(2))))} == {
        leaf.degree for leaf in leaves(with_small_leaves(both))
    }
    assert "elements" in reductive.count(both, both).how  # type: ignore[union-attr]


def test_a_finite_group_with_matrices_that_are_not_monomial() -> None:
    third = Representation(cyclic(3), {"s": [[0, -1], [1, -1]]})
    both = SO(3).defining.outer(third)

    assert counted(both.tensor(2), both.tensor(2)) == 3 * 6 == equivariant_maps(both.tensor(2), both.tensor(2)).dim


def test_components_that_move_the_algebra_are_left_alone() -> None:
    both = O(3).defining.outer(cyclic(4).defining)

    assert reductive.count(both, both) is None


@pytest.mark.parametrize(
    ("space", "k", "dim"),
    [
        (O(3).defining, 2, 3),
        (O(2).defining, 2, 3),
        (O(4).defining, 2, 3),
        (SO(1, 3).defining, 2, 4),
        (SO(2).defining, 1, 2),
    ],
    ids=str,
)
def test_products_of_named_groups_of_several_components(space: Representation, k: int, dim: int) -> None:
    """Matchings of four vectors, and ε in four dimensions or two, times the orbits of a finite group on tuples."""
    for finite in (symmetric(3).defining, dihedral(4).defining.tensor(2)):
        left, right = space.tensor(k).outer(finite), space.outer(finite).tensor(k)
        inner = [equivariant_maps(finite, rho).dim for rho in (finite, finite.tensor(k))]
        for tau, wanted in ((left, inner[0]), (right, inner[1])):
            found = products.count(left, tau)
            assert found is not None
            assert found.dim == dim * wanted
            assert found == counts.count(left, tau)
    two = O(3).defining.outer(SU(2).defining)
    assert products.count(two.tensor(2), two.tensor(2)) == (6, "Weyl's character formula for O(3) × SU(2)")
    assert equivariant_maps(two.tensor(2), two.tensor(2)).dim == 6


def test_maps_that_share_a_factor_or_forget_one_have_no_such_count() -> None:
    """The mean over each target in turn is one over the product only where maps are projections to different factors:
    C4 acting through C2 as well, a diagonal beside a projection, and a map that forgets all."""
    beside = SO(3).defining.outer(cyclic(4).defining)
    product = beside.monoid
    halved = MonoidHomomorphism(product, cyclic(2), {g: "s" if g == "s" else "1" for g in product.generators})
    shared = beside @ cyclic(2).defining.restrict(halved)

    V = SO(2).defining
    first, second = (leaf.construction[1] for leaf in leaves(V.outer(V)))
    torus, word = first.source, next(word for word in first.words.values() if word)
    diagonal = MonoidHomomorphism(torus, V.monoid, dict.fromkeys(torus.generators, word))
    forgetful = MonoidHomomorphism(torus, V.monoid, dict.fromkeys(torus.generators, "1"))
    crossed, forgotten = V.restrict(diagonal) @ V.restrict(first), V.restrict(forgetful) @ V.restrict(second)
    for rho, dim in ((shared, 16), (crossed, 4), (forgotten, 8)):
        W = equivariant_maps(rho, rho)
        assert products.count(rho, rho) is None
        assert W.dim == dim
        assert W.count is None or W.count.dim == dim


def by_matrices(rho: Representation) -> Representation:
    """The same representation, which no longer says what it is made of."""
    group: Any = rho.monoid
    flat, further = ({x: rho.matrix(x) for x in names} for names in (group.infinitesimal, group.components))
    return Representation.lie(flat, further, group=group)


BESIDE = SO(3).defining.outer(cyclic(4).defining)
LINES = Representation.lie({"z": [[1, 0], [0, -1]]})
OTHER_LEAVES: dict[str, tuple[Representation, Representation, int]] = {
    "no product": (SO(3).defining, SO(3).defining, 1),
    "a product by matrices": (BESIDE @ by_matrices(BESIDE), BESIDE, 16),
    "a factor not by its defining space": (
        by_matrices(SO(3).defining.sym(2)).outer(cyclic(4).defining),
        BESIDE.tensor(2),
        2 * 16,
    ),
    "an algebra without a name": (SO(3).defining.outer(LINES), SO(3).defining.outer(LINES), 2),
}


@pytest.mark.parametrize("name", OTHER_LEAVES)
def test_leaves_that_are_no_defining_spaces_of_factors_have_no_such_count(name: str) -> None:
    """Sym² of R³ is R⁵ and R, R³ ⊗ R³ is R⁵, R³ and R, and C4 has 16 maps from 4 points to pairs of them."""
    rho, tau, dim = OTHER_LEAVES[name]
    W = equivariant_maps(rho, tau)

    assert products.count(rho, tau) is None
    assert W.count is not None
    assert W.dim == W.count.dim == dim


# What is not reductive --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NOT_SEMISIMPLE if n != "affine, dilated"])
def test_other_algebras_have_no_such_count(name: str) -> None:
    V = Representation.lie(NOT_SEMISIMPLE[name])

    assert reductive.count(V, V) is None


def test_an_ideal_of_vectors_is_seen_though_its_weights_are_opposite() -> None:
    """sl(2) with the plane it acts on: every root space is a line, and the brackets of vectors vanish."""
    V = Representation.lie({"e": unit(3, (0, 1, 1)), "f": unit(3, (1, 0, 1)), "t": unit(3, (0, 2, 1))})

    assert reductive.count(V, V) is None
    assert equivariant_maps(V, V).count == laws._nullity(equivariant_maps(V, V))


def test_a_nilpotent_centre_is_seen() -> None:
    nilpotent = {
        "e": unit(4, (0, 1, 1), (2, 3, 1)),
        "f": unit(4, (1, 0, 1), (3, 2, 1)),
        "z": unit(4, (0, 2, 1), (1, 3, 1)),
    }
    V = Representation.lie(nilpotent)

    assert reductive.count(V, V) is None
    assert equivariant_maps(V, V).dim == 2


def test_nothing_to_look_at() -> None:
    one = Representation.trivial(SL(2))
    assert reductive.count(one, one) is None
    large = Representation.lie({"z": unit(65)})
    assert reductive.count(large, large) is None


# Monoids ----------------------------------------------------------------------------------------------------------


def test_monoids_are_counted_by_the_rank_modulo_another_prime() -> None:
    shift = Representation(free_monoid("s"), {"s": unit(6, *[(i + 1, i, 1) for i in range(5)])})
    W = equivariant_maps(shift, shift)

    assert W.count is not None
    assert W.count == (6, "nullity of the whole system modulo 4194301")


# Modulo primes ----------------------------------------------------------------------------------------------------

PLANE = Representation.lie({"x": [[1, 2], [3, -1]], "y": [[0, 1], [-4, 0]]})


def test_counts_above_a_prime() -> None:
    """Schur and Weyl: Hom of n-th tensor powers of the plane of SL(2) is the n-th Catalan number."""
    catalan = [math.comb(2 * n, n) // (n + 1) for n in range(25)]
    for n in (14, 15, 24):
        assert counted(PLANE.tensor(n), PLANE.tensor(n)) == catalan[n]
    both = SL(2).defining.outer(cyclic(2).defining)
    found = products.count(both.tensor(12), both.tensor(12))
    assert found is not None
    assert found.dim == catalan[12] * 2**23
    assert counted(both.tensor(12), both.tensor(12)) == catalan[12] * 2**23


def test_a_finite_group_of_matrices_counts_above_a_prime() -> None:
    """The plane of S3: character 2 at the identity, 0 at three reflections and -1 at two rotations."""
    plane = Representation(symmetric(3), {"s": [[0, 1], [1, 0]], "c": [[0, -1], [1, -1]]})

    assert counts.count(plane.tensor(14), plane.tensor(14)).dim == (4**14 + 2) // 6


@pytest.mark.parametrize("lost", [8388593, 8388593 * 8388587, 8388593 * 8388587 * 8388581])
def test_a_generator_that_vanishes_modulo_a_prime_is_not_lost(lost: int) -> None:
    """Upper triangular matrices are not reductive, however small an entry looks modulo primes."""
    V = Representation.lie({"z": [[1, 0], [0, -1]], "x": [[0, lost], [0, 0]]})

    assert reductive.count(V, V) is None
    assert equivariant_maps(V, V).count is None or equivariant_maps(V, V).count.dim == 1  # type: ignore[union-attr]


def test_a_bracket_that_vanishes_modulo_a_prime_is_not_lost() -> None:
    """Two matrices that are diagonal together modulo a prime, and make the triangular ones of trace and x; their
    entries in a hidden basis do not vanish there."""
    basis, inverse = sp.Matrix([[1, 1], [1, 2]]), sp.Matrix([[2, -1], [-1, 1]])
    x, y = ((basis * sp.Matrix(m) * inverse).tolist() for m in ([[0, 0], [0, 1]], [[1, 8388593], [0, 3]]))
    V = Representation.lie({"x": x, "y": y})

    assert all(entry % 8388593 for m in (x, y) for row in m for entry in row)
    assert reductive.count(V, V) is None
    assert equivariant_maps(V, V).dim == 1


def test_an_infinite_group_that_is_finite_modulo_a_prime_has_no_such_count() -> None:
    """``[[1, p], [0, 1]]`` is the identity modulo p."""
    integers = Group("Z", ("s",))
    shear = Representation(integers, {"s": [[1, 8388593], [0, 1]]})
    both = SL(2).defining.outer(shear)

    assert products.count(both, both) is None


LARGE = 8388593 * 8388587  # vanishes modulo both primes that are taken for small entries


@pytest.mark.parametrize(("last", "dims"), [(LARGE - 1, (2, 0)), (LARGE + 1, (2, 0)), (-1, (2, 2))])
def test_weights_that_agree_modulo_two_primes_are_told_apart(last: int, dims: tuple[int, int]) -> None:
    """Two weights, 1 and another: endomorphisms, and invariants of the square, which are there for opposite ones."""
    V = Representation.lie({"z": [[1, 0], [0, last]]})

    for (rho, tau), dim in zip(((V, V), (V.tensor(2), Representation.trivial(V.monoid))), dims, strict=True):
        W = equivariant_maps(rho, tau)
        assert reductive.count(rho, tau) is None or counted(rho, tau) == dim
        assert W.count is not None
        assert W.dim == W.count.dim == dim


def test_an_infinite_group_that_is_trivial_modulo_two_primes_has_no_such_count() -> None:
    """A shear in a basis where no entry vanishes modulo either prime."""
    shear = Representation(Group("Z", ("s",)), {"s": [[1 - LARGE, LARGE], [-LARGE, 1 + LARGE]]})

    with pytest.raises(TooLarge, match="different matrices were made"):
        counts.count(shear, shear)
    W = equivariant_maps(shear, shear)
    assert W.count is not None
    assert W.dim == W.count.dim == 2


NEAR_DIAGONAL = [-2, -2, -2, 1, -1, 2, 0, 1, -1, -2, -2, 1, -1, -4, -1, 1]  # a short vector of a lattice, see below


def test_a_nilpotent_part_of_a_large_matrix_is_not_lost() -> None:
    """``[[0, u, 0], [0, T, w], [0, 0, 0]]`` with small entries is diagonal in some basis just if ``u T⁻¹ w = 0``, here
    at both primes and not in characteristic 0; so its commutant has dimension 18, and 20 at the primes."""
    n, draw = 16, random.Random(3)
    T = [[i + 1 if i == j else draw.randint(-40, 40) if j > i else 0 for j in range(n)] for i in range(n)]
    w = [draw.randint(-40, 40) for _ in range(n)]
    rows = [[0, *NEAR_DIAGONAL, 0], *([0, *T[i], w[i]] for i in range(n)), [0] * (n + 2)]
    lost = (sp.Matrix([NEAR_DIAGONAL]) * sp.Matrix(T).inv() * sp.Matrix(w))[0]
    assert lost.p
    assert lost.p % LARGE == 0
    V = Representation.lie({"x": rows})
    W = equivariant_maps(V, V)

    assert reductive.count(V, V) is None
    assert W.count is not None
    assert W.dim == W.count.dim == n + 2
    assert verify(W).ok


def test_units_that_are_trivial_at_a_root_modulo_two_primes_are_not_lost() -> None:
    """1 + δ with small coordinates over Q(cos(π/16)), δ being 0 at the first root of the field modulo both primes."""
    near_one = "0"
    for c in (25, 22, 10, -11, -2, 1, -17, -20):
        near_one = f"({near_one})*cos(pi/16)+({c})"
    unit = Representation(Group("Z", ("s",)), {"s": [[near_one]]})
    one = Representation(unit.monoid, {"s": [[1]]}, field=unit.field)
    both, plain = SL(2).defining.outer(unit), SL(2).defining.outer(one)
    flow = Representation.lie({"x": [[near_one]]})
    group: Any = flow.monoid
    still = Representation.lie({"x": [[1]]}, group=group, field=flow.field)

    assert [r for p, r in _at_two_primes(unit)] == [1, 1]
    with pytest.raises(TooLarge):
        counts.count(one, unit)
    assert products.count(both, both) is None
    assert reductive.count(both, plain) is None
    for rho, tau in ((one, unit), (still, flow)):
        W = equivariant_maps(rho, tau)
        assert W.count is not None
        assert W.dim == W.count.dim == 0
        assert verify(W).ok


def _at_two_primes(rho: Representation) -> list[tuple[int, int]]:
    entry = rho.exact("s").to_dok()[0, 0]
    return [(place.F.p, place.residues(entry)[0]) for place in itertools.islice(places(rho.field), 2)]


def test_a_count_that_rests_on_primes_refutes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it disagrees the nullity settles it; a space that lacks a map is still refuted, by the nullity."""
    V = Representation.lie({"x": [[1, 0], [0, 2]]})
    W = equivariant_maps(V, V)
    monkeypatch.setattr(laws, "independent_count", lambda *_: counts.UpperCount(3, "primes"))
    assert W.count is not None
    assert W.count.dim == 2
    monkeypatch.setattr(laws, "MAX_UNKNOWNS", 3)
    assert equivariant_maps(V, V).count is None
    monkeypatch.setattr(laws, "independent_count", lambda *_: counts.Count(3, "exact"))
    assert not verify(equivariant_maps(V, V)).ok
