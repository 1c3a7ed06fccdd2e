"""Representations of e3nn and escnn, read exactly: stand-ins with their methods, and the libraries themselves."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
import sympy as sp

from catcore.equivariance import SO, O, Representation, equivariant_maps, from_e3nn, from_escnn
from catcore.equivariance.representations.foreign import recognised
from catcore.errors import InexactNumber, NotARepresentation


def rotation(x: float, y: float, z: float) -> np.ndarray:
    """The rotation about an axis by its length, by Rodrigues' formula."""
    angle = math.sqrt(x * x + y * y + z * z)
    K = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]]) / (angle or 1.0)
    return np.eye(3) + math.sin(angle) * K + (1 - math.cos(angle)) * K @ K


def quadrupole(R: np.ndarray) -> np.ndarray:
    """l = 2: symmetric traceless matrices, in an orthonormal basis with square roots of 2 and 6."""
    basis = [np.zeros((3, 3)) for _ in range(5)]
    for B, (i, j) in zip(basis, ((0, 1), (1, 2), (0, 2)), strict=False):
        B[i, j] = B[j, i] = math.sqrt(0.5)
    basis[3][:] = np.diag([1, -1, 0]) / math.sqrt(2)
    basis[4][:] = np.diag([-1, -1, 2]) / math.sqrt(6)
    return np.array([[np.sum(A * (R @ B @ R.T)) for B in basis] for A in basis])


class Irreps:
    """As e3nn's: R = Ry(alpha) Rx(beta) Ry(gamma), and k counts inversions."""

    def __init__(self, *parts: tuple[int, int]) -> None:
        self.parts, self.lmax = parts, max(l for l, _ in parts)

    def D_from_angles(self, alpha: Any, beta: Any, gamma: Any, k: Any) -> np.ndarray:
        R = rotation(0, float(alpha), 0) @ rotation(float(beta), 0, 0) @ rotation(0, float(gamma), 0)
        blocks = [{0: np.eye(1), 1: R, 2: quadrupole(R)}[l] * p ** int(k) for l, p in self.parts]
        whole = np.zeros((sum(map(len, blocks)),) * 2)
        start = 0
        for block in blocks:
            whole[start : start + len(block), start : start + len(block)] = block
            start += len(block)
        return whole


def test_the_vector_of_e3nn_is_the_defining_representation() -> None:
    assert all(from_e3nn(Irreps((1, -1))).matrix(g) == O(3).defining.matrix(g) for g in O(3).generators)


def test_schur_counts_equal_irreducibles_of_e3nn() -> None:
    """Hom of sums is a sum over pairs, of 1 where degree and parity agree (T1.12 q)."""
    kinds = [(0, 1), (0, -1), (1, 1), (1, -1), (2, 1)]
    for a, b in itertools.product(kinds, repeat=2):
        assert equivariant_maps(from_e3nn(Irreps(a)), from_e3nn(Irreps(b))).dim == (a == b)
    both = from_e3nn(Irreps((0, 1), (1, -1), (2, 1)))
    assert both.field.name == "Q(sqrt(3))"
    assert equivariant_maps(O(3).defining.tensor(2), both).dim == 2  # 1o ⊗ 1o = 0e + 1e + 2e


def test_what_is_no_rotation_is_refused() -> None:
    class Sheared(Irreps):
        def D_from_angles(self, alpha: Any, beta: Any, gamma: Any, k: Any) -> np.ndarray:
            return super().D_from_angles(2 * float(alpha), beta, gamma, k)

    sheared = Sheared((1, -1))
    sheared.lmax = 2
    with pytest.raises(NotARepresentation, match="is broken"):
        from_e3nn(sheared)


class Matrices:
    """As a group of escnn's: elements are matrices that multiply by ``@``."""

    name = "matrices"

    def __init__(self, generators: list[np.ndarray]) -> None:
        self.generators = [Element(g) for g in generators]
        self.elements = [Element(np.eye(len(generators[0])))]
        for x in self.elements:
            self.elements += [y for g in self.generators if (y := g @ x) not in self.elements]

    def order(self) -> int:
        return len(self.elements)


class Element:
    def __init__(self, matrix: np.ndarray) -> None:
        self.matrix = matrix

    def __matmul__(self, other: Element) -> Element:
        return Element(self.matrix @ other.matrix)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and np.allclose(self.matrix, other.matrix)

    __hash__ = None  # type: ignore[assignment]


class Given:
    """As a representation of escnn's: called on elements."""

    def __init__(self, group: Any, image: Any) -> None:
        self.group, self.image = group, image

    def __call__(self, element: Any) -> Any:
        return self.image(element)


def plane(t: float) -> np.ndarray:
    return np.array([[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]])


@pytest.mark.parametrize("n", [3, 4, 5, 7, 8])
def test_a_polygon_of_escnn(n: int) -> None:
    """The plane of D_n is absolutely irreducible for n > 2, also in a turned basis."""
    group = Matrices([plane(2 * math.pi / n), np.diag([1.0, -1.0])])
    rho = from_escnn(Given(group, lambda g: g.matrix))
    turned = from_escnn(Given(group, lambda g: plane(math.pi / 4) @ g.matrix @ plane(-math.pi / 4)))
    assert group.order() == 2 * n
    assert equivariant_maps(rho, rho).dim == equivariant_maps(rho, turned).dim == 1
    doubled = from_escnn(Given(group, lambda g: np.kron(g.matrix, g.matrix)))
    assert equivariant_maps(doubled, doubled).dim == (4 if n == 4 else 3)


def test_images_that_do_not_multiply_are_refused() -> None:
    group = Matrices([plane(2 * math.pi / 5)])
    with pytest.raises(NotARepresentation, match="is broken"):
        from_escnn(Given(group, lambda g: plane(2 * math.pi / 3)))


def test_numbers_are_recognised_or_refused() -> None:
    numbers = [sp.Rational(-3, 7), sp.sqrt(3) / 2, (1 + sp.sqrt(5)) / 4, sp.cos(2 * sp.pi / 7), sp.sqrt(15) / 8,
               (sp.sqrt(2) + sp.sqrt(6)) / 4, sp.Integer(0)]  # fmt: skip
    found = recognised(np.array([[float(x) for x in numbers]]), 7)[0]
    assert all(sp.simplify(x - y) == 0 for x, y in zip(found, numbers, strict=True))
    with pytest.raises(InexactNumber, match=r"entry \(0, 1\) is 0\.123456789"):
        recognised([[1.0, 0.123456789]], 4)


def test_e3nn() -> None:
    pytest.importorskip("e3nn")
    assert from_e3nn("1x1o").matrix("J2") == O(3).defining.matrix("J2")
    assert equivariant_maps(O(3).defining.tensor(2), from_e3nn("2x0e+1x1e+1x2e+1x2o")).dim == 4


def test_escnn() -> None:
    escnn = pytest.importorskip("escnn.group")
    so3, d6 = escnn.so3_group(2), escnn.dihedral_group(6)
    assert equivariant_maps(SO(3).defining, from_escnn(so3.irrep(1))).dim == 1
    assert equivariant_maps(*[from_escnn(so3.irrep(1).tensor(so3.irrep(1)))] * 2).dim == 3
    regular = from_escnn(d6.regular_representation)
    assert equivariant_maps(regular, regular).dim == 12
    assert isinstance(from_escnn(escnn.cyclic_group(7).irrep(2)), Representation)
