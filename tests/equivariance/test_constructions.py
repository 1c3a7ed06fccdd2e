"""Restriction, induction, cosets, copies, outer products: theorems on random groups, and small cases by hand."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import catcore.equivariance
from catcore.equivariance import (
    Group,
    LieGroup,
    Monoid,
    MonoidHomomorphism,
    PermutationRepresentation,
    Representation,
    alternating,
    cyclic,
    dihedral,
    equivariant_maps,
    free_monoid,
    full_transformation_monoid,
    projections,
    subgroup,
    submonoid,
    symmetric,
)
from catcore.equivariance.groups.stabilizers import Companions, StabilizerChain, composed, inverted
from catcore.equivariance.representations.induction import faithful_maps
from catcore.errors import BadSpecification, LawViolated, NotAGroup, NotARepresentation, TooLarge, UnknownName
from tests.equivariance.strategies import permutation_groups, representations, subgroups

S3, S4 = symmetric(3), symmetric(4)
POINT_STABILISER = subgroup(S4, {"s": "s", "t": "c s c^-1"})  # S_3 fixing the last point
ROTATIONS = subgroup(dihedral(4), {"t": "r"})
SPIN = Representation.lie({"J": [[0, -1], [1, 0]]})


def hom(rho: Representation, tau: Representation) -> int:
    """The dimension of the hom space, once its basis was multiplied out."""
    space = equivariant_maps(rho, tau)
    assert space.checked
    return space.dim


# Theorems on random representations -------------------------------------------------------------------------------


@given(st.data())
def test_frobenius_reciprocity(data: st.DataObject) -> None:
    """Hom_G(Ind σ, ρ) = Hom_H(σ, Res ρ), and the same with the sides exchanged (Frobenius)."""
    group = data.draw(permutation_groups())
    inclusion = data.draw(subgroups(group))
    sigma, rho = data.draw(representations(inclusion.source, depth=1)), data.draw(representations(group, depth=1))
    if group.order // inclusion.source.order * sigma.degree > 40:
        sigma = Representation.trivial(inclusion.source)

    induced = sigma.induce(inclusion)

    assert induced.degree == sigma.degree * (group.order // inclusion.source.order)
    assert hom(induced, rho) == hom(sigma, rho.restrict(inclusion))
    assert hom(rho, induced) == hom(rho.restrict(inclusion), sigma)


@given(st.data())
def test_tensoring_is_adjoint_to_its_dual(data: st.DataObject) -> None:
    """Hom(A ⊗ B, C) = Hom(A, B* ⊗ C)."""
    group = data.draw(permutation_groups())
    A, B, C = (data.draw(representations(group, depth=1)) for _ in range(3))

    if A.degree * B.degree * C.degree <= 400:
        assert hom(A @ B, C) == hom(A, B.dual @ C)


@given(st.data())
def test_second_powers_make_up_the_tensor_square(data: st.DataObject) -> None:
    """Sym² ⊕ Λ² = ρ ⊗ ρ, so both have the same homs to anything."""
    group = data.draw(permutation_groups())
    rho, tau = data.draw(representations(group, depth=1)), data.draw(representations(group, depth=1))

    if rho.degree**2 * tau.degree <= 400:
        assert hom(rho.sym(2), tau) + (hom(rho.alt(2), tau) if rho.degree > 1 else 0) == hom(rho.tensor(2), tau)


@given(st.data())
def test_homs_are_additive(data: st.DataObject) -> None:
    """Hom(A ⊕ B, C) = Hom(A, C) ⊕ Hom(B, C), and n copies count n times."""
    group = data.draw(permutation_groups())
    A, B, C = (data.draw(representations(group)) for _ in range(3))

    assert hom(A + B, C) == hom(A, C) + hom(B, C)
    assert hom(2 * A, 3 * C) == 6 * hom(A, C)


@given(st.data())
def test_restriction_is_a_representation_and_forgets_equations(data: st.DataObject) -> None:
    group = data.draw(permutation_groups())
    inclusion = data.draw(subgroups(group))
    rho = data.draw(representations(group))

    for name, word in inclusion.words.items():
        assert rho.restrict(inclusion).matrix(name) == rho.of(word)
    assert hom(rho.restrict(inclusion), rho.restrict(inclusion)) >= hom(rho, rho)


@given(st.data())
def test_chains_count_as_listing_does_and_carry_values(data: st.DataObject) -> None:
    """The order is the number of elements listed, and the companion of an element is the element it stands for."""
    group = data.draw(permutation_groups())
    _, named = faithful_maps(group)
    maps = list(named.values())
    values = [(m, inverted(m)) for m in maps]
    chain = StabilizerChain(maps, values=values, companions=Companions(composed, tuple(range(len(maps[0])))))
    element = tuple(range(len(maps[0])))
    for k in data.draw(st.lists(st.integers(0, len(maps) - 1), max_size=6)):
        element = composed(element, maps[k])

    assert chain.order == Group.permutations({f"g{k}": m for k, m in enumerate(maps)})._listed_order()
    assert chain.value(element) == element


# By hand ----------------------------------------------------------------------------------------------------------


def test_cosets_of_a_point_stabiliser_are_the_points() -> None:
    quotient = Representation.cosets(POINT_STABILISER)

    assert quotient.degree == 4
    assert hom(quotient, S4.defining) == hom(S4.defining, S4.defining) == 2
    assert hom(quotient, quotient) == 2


def test_inducing_from_the_trivial_subgroup_is_regular() -> None:
    trivial = Representation.trivial(subgroup(S3, {}).source)
    regular = trivial.induce(subgroup(S3, {}))

    assert isinstance(regular, PermutationRepresentation)
    assert (regular.degree, hom(regular, regular)) == (6, 6)
    assert hom(regular, Representation.sign(S3)) == 1


def test_inducing_from_a_large_subgroup_lists_no_elements() -> None:
    """S_11 in S_12 has 39 916 800 elements; the sign induces to defining ⊗ sign, which is 12-dimensional."""
    S12 = symmetric(12)
    inclusion = subgroup(S12, {"a": "s", "b": "c s"})
    fixed = subgroup(S12, {"a": "c s c^-1", "b": "s c"})  # s c is the cycle (1 2 ... 11)
    quotient, signed = Representation.cosets(fixed), Representation.sign(fixed.source).induce(fixed)

    assert inclusion.source.order == sp.factorial(12)
    assert fixed.source.order == sp.factorial(11)
    assert (quotient.degree, hom(quotient, S12.defining)) == (12, 2)
    assert (signed.degree, hom(signed, Representation.sign(S12))) == (12, 1)
    assert hom(signed, Representation.trivial(S12)) == 0


def test_turns_of_the_square_induce_the_plane() -> None:
    """D_4's plane is induced by no real character of C_4, but the plane of C_4 induces two copies of it."""
    plane = Representation(dihedral(4), {"r": [[0, -1], [1, 0]], "s": [[1, 0], [0, -1]]})

    assert hom(plane.restrict(ROTATIONS).induce(ROTATIONS), plane) == 2
    assert hom(plane, plane) == 1
    assert hom(plane.restrict(ROTATIONS), plane.restrict(ROTATIONS)) == 2  # T1.12 h


def test_a_homomorphism_to_one_makes_everything_trivial() -> None:
    """T1.13: invariance is restriction along M → 1, also for a monoid."""
    T3, one = full_transformation_monoid(3), free_monoid()
    collapse = MonoidHomomorphism(T3, one, dict.fromkeys(T3.generators, "1"))

    assert equivariant_maps(T3.defining, Representation.trivial(one).restrict(collapse)).pattern == [[1, 1, 1]]


def test_sign_is_pulled_back_along_the_quotient_map() -> None:
    quotient = MonoidHomomorphism(S3, cyclic(2), {"s": "s", "c": "1"})
    minus = Representation(cyclic(2), {"s": [[-1]]}).restrict(quotient)

    assert hom(minus, Representation.sign(S3)) == 1
    assert hom(minus, Representation.trivial(S3)) == 0


def test_copies_are_channels() -> None:
    rho = 3 * S3.defining

    assert isinstance(rho, PermutationRepresentation)
    assert rho.matrix("s") == sp.diag(*[S3.defining.matrix("s")] * 3)
    assert (0 * SPIN).degree == 0
    assert (2 * SPIN).matrix("J") == sp.diag(SPIN.matrix("J"), SPIN.matrix("J"))
    with pytest.raises(BadSpecification, match="-1 copies"):
        _ = -1 * rho
    with pytest.raises(TypeError):
        _ = 1.5 * rho  # type: ignore[operator]


def test_outer_products_of_groups_multiply_dimensions() -> None:
    """Hom_{G×H}(A ⊠ B, A ⊠ B) = Hom_G(A, A) ⊗ Hom_H(B, B)."""
    A, B = S3.defining, dihedral(4).defining

    assert hom(A.outer(B), A.outer(B)) == hom(A, A) * hom(B, B) == 6
    assert A.outer(B) == A.restrict(projections(S3, dihedral(4))[0]) @ B.restrict(projections(S3, dihedral(4))[1])


def test_lie_groups_and_finite_groups_act_together() -> None:
    """n vectors of the plane: O(2) × S_n on ℝ² ⊠ ℝⁿ has Hom = 1 · 2, SO(2) × S_n has 2 · 2 (T1.12 e, s)."""
    plane = Representation.lie({"J": [[0, -1], [1, 0]]}, {"r": [[1, 0], [0, -1]]})
    points = symmetric(4).defining

    for flat, dim in [(SPIN, 4), (plane, 2)]:
        pair = flat.outer(points)
        assert isinstance(pair.monoid, LieGroup)
        assert hom(pair, pair) == hom(points.outer(flat), points.outer(flat)) == dim
    both = SPIN.outer(SPIN)
    assert both.monoid.generators == ("J1", "J2")
    assert hom(both, both) == 4
    assert both.matrix("J2") == sp.kronecker_product(sp.eye(2), SPIN.matrix("J"))


def test_powers_of_large_degree_are_sparse() -> None:
    """Λ³ of 40 points has 9880 dimensions where the tensor cube has 64 000; its homs to trivial are none."""
    rho = symmetric(40).defining
    image = rho.alt(3).exact("c")

    assert image.shape == (9880, 9880)
    assert all(abs(x) == 1 for x in image.to_dok().values())
    assert rho.sym(2).degree == 820
    assert np.array_equal(np.sort(rho.sym(2).index_map("c")), np.arange(820))


VALUES = [
    S4.defining.restrict(POINT_STABILISER),
    Representation.sign(POINT_STABILISER.source).induce(POINT_STABILISER),
    Representation.cosets(ROTATIONS),
    2 * Representation.sign(S3),
    S3.defining.outer(S4.defining),
    SPIN.outer(S3.defining),
    Representation.trivial(Group.presentation("a b", ["a b = b a"])),
    full_transformation_monoid(2).defining.restrict(submonoid(full_transformation_monoid(2), {"k": "m s"})),
]


@pytest.mark.parametrize("rho", VALUES, ids=lambda rho: str(rho.construction[0]))
def test_constructed_values_round_trip(rho: Representation) -> None:
    again = eval(repr(rho), vars(catcore.equivariance))

    assert again == rho
    assert pickle.loads(pickle.dumps(rho)) == rho
    assert {name: again.matrix(name) for name in rho.monoid.generators} == {
        name: rho.matrix(name) for name in rho.monoid.generators
    }


def test_bad_homomorphisms_are_refused() -> None:
    cases = [
        (lambda: MonoidHomomorphism(cyclic(2), S3, {"s": "c"}), LawViolated, r"does not preserve s\^2 = 1"),
        (lambda: MonoidHomomorphism(S3, cyclic(2), {"s": "s"}), UnknownName, "needs the images of s, c"),
        (lambda: subgroup(S3, {"t": "q"}), UnknownName, "is no generator; the generators are s, c"),
        (lambda: subgroup(S3, {"t": "s^"}), BadSpecification, "cannot be read"),
        (lambda: subgroup(S3, {"t": (("q", 1),)}), UnknownName, "'q' is no generator of S3"),
        (lambda: subgroup(free_monoid("a"), {"t": "a"}), NotAGroup, "use submonoid"),
        (lambda: S4.defining.restrict(ROTATIONS), NotARepresentation, "whose target is S4 was asked for"),
        (lambda: S4.defining.induce(POINT_STABILISER), NotARepresentation, "whose source is S4 was asked for"),
        (
            lambda: Representation.cosets(submonoid(free_monoid("a"), {"t": "a"})),
            NotAGroup,
            "those of a subgroup of a finite group",
        ),
        (lambda: Representation.cosets(subgroup(symmetric(12), {"t": "s"})), TooLarge, "The 239500800 cosets"),
        (
            lambda: MonoidHomomorphism(cyclic(2), full_transformation_monoid(2), {"s": "m"}),
            NotAGroup,
            "images need not invert",
        ),
        (
            lambda: MonoidHomomorphism(SPIN.monoid, SPIN.monoid, {"J": "J J"}),
            BadSpecification,
            "goes to one infinitesimal generator or to 1",
        ),
        (lambda: SPIN.monoid * free_monoid("a"), NotAGroup, "elements need not invert"),
        (lambda: Representation.cosets(subgroup(Group.presentation("a"), {"t": "a"})), TooLarge, "it may be infinite"),
    ]
    for make, kind, sentence in cases:
        with pytest.raises(kind, match=sentence):
            make()


def test_a_map_that_is_no_representation_of_the_subgroup_is_refused() -> None:
    """The images of A_4's generators by permutations must satisfy what the permutations satisfy."""
    whole = subgroup(alternating(5), {"a": "x2", "b": "x3", "c": "x4"})
    wrong = Representation(Group.presentation("a b c"), {"a": [[1]], "b": [[1]], "c": [[2]]})
    lifted = Representation._make(whole.source, 1, wrong.field, ("matrices", "c ↦ 2"), wrong._images, "")

    with pytest.raises(NotARepresentation, match="represent another group"):
        lifted.induce(whole)


def test_submonoids_of_maps() -> None:
    T3 = full_transformation_monoid(3)
    reset = submonoid(T3, {"k": "m c m"})

    assert isinstance(reset.source, Monoid)
    assert reset.source.order == 2
    assert hom(T3.defining.restrict(reset), T3.defining.restrict(reset)) >= 1
