"""Representations: what they are made of, their algebra, and every way in which matrices fail to be one."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import sympy as sp

import catcore.equivariance
from catcore.equivariance import (
    Group,
    PermutationRepresentation,
    Representation,
    cyclic,
    dihedral,
    equivariant_maps,
    free_monoid,
    symmetric,
)
from catcore.errors import InexactNumber, NotAGroup, NotARepresentation, ShapeMismatch, TooLarge, UnknownName

Z2, C8, D7 = cyclic(2), cyclic(8), dihedral(7)
SWAP = Representation.permutation(Z2, {"s": [1, 0]})
EIGHTH = Representation(C8, {"s": [["sqrt(2)/2", "-sqrt(2)/2"], ["sqrt(2)/2", "sqrt(2)/2"]]})
HEPTAGON = Representation(
    D7, {"r": [["cos(2*pi/7)", "-sin(2*pi/7)"], ["sin(2*pi/7)", "cos(2*pi/7)"]], "s": [[1, 0], [0, -1]]}
)
TURN = Representation.lie({"J": [[0, -1], [1, 0]]}, {"r": [[1, 0], [0, -1]]})
VALUES = [SWAP, EIGHTH, HEPTAGON, TURN, SWAP.tensor(3) + SWAP @ SWAP, EIGHTH.dual, HEPTAGON.sym(2), HEPTAGON.alt(2)]
VALUES += [Representation(cyclic(4), {"s": [[2]]}, field="GF(5)"), Representation.trivial(Z2, 3), SWAP.sym(2)]
VALUES += [Representation(cyclic(4), {"s": [["I"]]}, field="C"), Representation.trivial(symmetric(1))]


@pytest.mark.parametrize("rho", VALUES, ids=str)
def test_a_representation_prints_as_what_makes_it(rho: Representation) -> None:
    again = eval(repr(rho), vars(catcore.equivariance))
    assert again == rho
    assert hash(again) == hash(rho)
    assert pickle.loads(pickle.dumps(rho)) == rho
    with pytest.raises(AttributeError, match="is a value and cannot change"):
        rho.degree = 3


def test_index_maps_send_basis_vector_j_to_its_image() -> None:
    """0.4: column j of the matrix is the image of basis vector j."""
    rho = Representation.permutation(cyclic(3), {"s": [1, 2, 0]})

    assert rho.matrix("s") == sp.Matrix([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    assert rho.of("s s") == rho.matrix("s") ** 2
    assert rho.of("s^-1") == rho.matrix("s").T


def test_permutations_stay_permutations() -> None:
    for rho in (SWAP + SWAP, SWAP @ SWAP, SWAP.tensor(4), SWAP.sym(3), SWAP.dual, SWAP.tensor(0)):
        assert isinstance(rho, PermutationRepresentation)
    assert not isinstance(SWAP @ Representation.sign(Z2), PermutationRepresentation)


@pytest.mark.parametrize("rho", [HEPTAGON, dihedral(4).defining, Representation.regular(symmetric(3))], ids=str)
def test_constructions_agree_with_matrices(rho: Representation) -> None:
    """ρ ⊕ τ, ρ ⊗ τ, ρ* and powers on every generator, against SymPy's matrices; characters of sym and alt."""
    for name in rho.monoid.generators:
        a = rho.matrix(name)
        assert _same((rho + rho).matrix(name), sp.diag(a, a))
        assert _same((rho @ rho).matrix(name), sp.kronecker_product(a, a))
        assert _same(rho.tensor(2).matrix(name), sp.kronecker_product(a, a))
        assert _same(rho.dual.matrix(name) * a.T, sp.eye(rho.degree))
        symmetric_part, alternating_part = rho.sym(2).matrix(name).trace(), rho.alt(2).matrix(name).trace()
        assert abs(sp.N(symmetric_part - (a.trace() ** 2 + (a * a).trace()) / 2)) < 1e-12
        assert abs(sp.N(alternating_part - (a.trace() ** 2 - (a * a).trace()) / 2)) < 1e-12


def _same(a: sp.Matrix, b: sp.Matrix) -> bool:
    return np.allclose(np.array(a.evalf(), dtype=float), np.array(b.evalf(), dtype=float))


def test_powers_are_representations() -> None:
    """A power given by its matrices satisfies the same relations, and is equivalent to the lazy one."""
    for rho in (HEPTAGON.sym(2), HEPTAGON.alt(2), HEPTAGON.dual, HEPTAGON.tensor(2)):
        stated = Representation(D7, {name: rho.matrix(name) for name in D7.generators})
        assert equivariant_maps(stated, rho).dim == equivariant_maps(rho, rho).dim


def test_lie_powers_follow_leibniz() -> None:
    J, r, one = TURN.matrix("J"), TURN.matrix("r"), sp.eye(2)

    assert TURN.tensor(2).matrix("J") == sp.kronecker_product(J, one) + sp.kronecker_product(one, J)
    assert TURN.tensor(2).matrix("r") == sp.kronecker_product(r, r)
    assert TURN.dual.matrix("J") == J
    assert TURN.tensor(0).matrix("J") == sp.Matrix([[0]])
    assert TURN.alt(2).matrix("r") == sp.Matrix([[-1]])
    assert TURN.alt(2).matrix("J") == sp.Matrix([[0]])
    assert Representation.trivial(TURN.monoid).matrix("J") == sp.Matrix([[0]])


def test_lazy_tensor_powers_cost_nothing_until_asked() -> None:
    rho = symmetric(50).defining.tensor(3)

    assert rho.degree == 125_000
    assert symmetric(10**6).defining.tensor(4).degree == 10**24
    huge = symmetric(50).defining.tensor(10)
    assert (huge.degree, huge.sym(2).degree) == (50**10, 50**10 * (50**10 + 1) // 2)
    assert pickle.loads(pickle.dumps(huge)) == huge
    with pytest.raises(TooLarge, match=f"degree {50**10} was asked for; at most 16777216 basis vectors are written"):
        huge.index_map("s")


def test_sign_and_regular() -> None:
    assert Representation.sign(symmetric(4)).matrix("c") == sp.Matrix([[-1]])
    assert Representation.sign(dihedral(5)).matrix("r") == sp.Matrix([[1]])
    assert Representation.regular(free_monoid()).degree == 1
    with pytest.raises(UnknownName, match="not given by permutations"):
        Representation.sign(Group.presentation("s", ["s s"]))


def test_matrices_that_represent_nothing_are_refused() -> None:
    cases = [
        (lambda: Representation(Z2, {"s": [[0, 1], [1]]}), ShapeMismatch, "its rows have lengths 2, 1"),
        (lambda: Representation(Z2, {"s": [[0, 1]]}), ShapeMismatch, "a 1×2 one was found"),
        (lambda: Representation(Z2, {"s": 3}), ShapeMismatch, "write a list of rows"),
        (
            lambda: Representation(Z2, {"s": [[0, 0.5], [2, 0]]}),
            InexactNumber,
            "row 0, column 1; write it exactly, for example '1/2'",
        ),
        (lambda: Representation(Z2, {"t": [[1]]}), UnknownName, "Generators s of C2 were asked for and t were found"),
        (lambda: Representation(D7, {"r": [[1]], "s": [[1, 0], [0, 1]]}), ShapeMismatch, "r: 1, s: 2"),
        (lambda: Representation(Z2, {"s": [[0, 1], [1, 1]]}), NotARepresentation, r"the relation s\^2 = 1 is broken"),
        (lambda: Representation(Group.presentation("s"), {"s": [[1, 1], [1, 1]]}), NotARepresentation, "s is singular"),
        (lambda: Representation.permutation(Z2, {"s": [0, 2]}), ShapeMismatch, "entry 1 is 2 .* out of range"),
        (
            lambda: Representation.permutation(Z2, {"s": np.array([0.0, 1.0]).tolist()}),
            ShapeMismatch,
            "2 entries, 0 of them integers",
        ),
        (lambda: Representation.permutation(Z2, {"s": [0, 0]}), NotARepresentation, "is no permutation"),
        (lambda: Representation.permutation(cyclic(3), {"s": [1, 0]}), NotARepresentation, r"s\^3 = 1 is broken"),
        (lambda: Representation.permutation(free_monoid("a"), {"a": [0, 0]}).dual, NotAGroup, "need not have inverses"),
        (lambda: SWAP + cyclic(3).defining, NotARepresentation, "build both on the same monoid"),
        (lambda: equivariant_maps(SWAP, cyclic(3).defining), NotARepresentation, "build both on the same monoid"),
        (
            lambda: Representation(EIGHTH.monoid, {"s": EIGHTH.matrix("s").tolist()}, field="Q"),
            ValueError,
            r"sqrt\(2\)",
        ),
    ]
    for make, kind, sentence in cases:
        with pytest.raises(kind, match=sentence):
            make()


def test_permutation_groups_without_relations_are_checked_on_their_cayley_graph() -> None:
    group = Group.permutations({"a": [1, 2, 0]})

    assert Representation.permutation(group, {"a": [0]}).degree == 1
    with pytest.raises(NotARepresentation, match=r"a\^3 = 1 is broken"):
        Representation.permutation(group, {"a": [1, 0]})
