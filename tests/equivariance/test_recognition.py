"""Explicit Lie generators that define a classical group are recognised, and only those; diagrams span what is spun."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from catcore.equivariance import Representation, equivariant_maps
from catcore.equivariance.certificates import checks
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.strategies import intertwining, null_space
from catcore.equivariance.strategies.recognition import recognise
from catcore.equivariance.strategies.system import System
from tests.equivariance.matrix_cases import unit
from tests.equivariance.test_modules_of_lie_algebras import sl2


def rotations(n: int, *signs: int) -> dict[str, Any]:
    """Infinitesimal rotations and boosts of neighbouring axes; ``signs`` are those of the squares."""
    g = signs or (1,) * n
    return {f"l{i}": unit(n, (i, i + 1, -g[i + 1]), (i + 1, i, g[i])) for i in range(n - 1)}


def reflection(n: int) -> dict[str, Any]:
    return {"r": [[(-1 if i == 0 else 1) * int(i == j) for j in range(n)] for i in range(n)]}


SU2: dict[str, Any] = {"i": [["I", 0], [0, "-I"]], "j": [[0, 1], [-1, 0]]}
SU3 = {
    **{f"a{i}": unit(3, (i, i + 1, 1), (i + 1, i, -1)) for i in range(2)},
    **{f"s{i}": unit(3, (i, i + 1, "I"), (i + 1, i, "I")) for i in range(2)},
}
SP4 = {
    "e1": unit(4, (0, 1, 1), (3, 2, -1)),
    "f1": unit(4, (1, 0, 1), (2, 3, -1)),
    "e2": unit(4, (1, 3, 1)),
    "f2": unit(4, (3, 1, 1)),
}
CASES = {
    "SO(3)": Representation.lie(rotations(3)),
    "O(3)": Representation.lie(rotations(3), reflection(3)),
    "SO(4)": Representation.lie(rotations(4)),
    "SO(2)": Representation.lie(rotations(2)),
    "SO(1,3)": Representation.lie(rotations(4, 1, -1, -1, -1)),
    "SO(2,1)": Representation.lie(rotations(3, 1, 1, -1)),
    "Sp(4)": Representation.lie(SP4),
    "Sp(2)": Representation.lie(SU2, field="C"),
    "SL(3)": Representation.lie(SU3, field="C"),
    "GL(2)": Representation.lie({"e": unit(2, (0, 1, 1)), "f": unit(2, (1, 0, 1)), "d": unit(2, (0, 0, 1))}),
}


@pytest.mark.parametrize("name", CASES)
def test_classical_groups_are_recognised_and_their_diagrams_span_what_is_spun(name: str) -> None:
    V = CASES[name]
    assert str(recognise(V)) == name
    for rho, tau in ((V, V), (V.tensor(2), V), (V.tensor(2), V.tensor(2)), (V @ V.dual, V @ V.dual)):
        W = equivariant_maps(rho, tau)
        assert W.method == f"diagrams of {name}"
        assert W.checked
        spun = null_space.solve(checks.exact_pairs(rho, tau, V.field), rho.degree, tau.degree, V.field)
        assert len(spun.matrices) == W.dim
        joined = MatrixFamily.of_matrices((*spun.matrices, *W._exact_basis), W.shape, V.field)
        assert joined.rank() == W.dim


def test_invariants_of_a_classical_group_are_maps_from_a_line() -> None:
    V = CASES["SO(3)"]
    line = Representation.trivial(V.monoid, 1)
    assert [equivariant_maps(V.tensor(k), line).dim for k in range(5)] == [1, 0, 1, 1, 3]
    assert equivariant_maps(line, line).dim == 1


@pytest.mark.parametrize(
    "rho",
    [
        Representation.lie({"x": rotations(3)["l0"]}),  # a line of so(3)
        Representation.lie({"d": [[1, 0], [0, 1]]}),
        Representation.lie({"d": [[1, 0], [0, -1]], "e": [[0, 1], [0, 0]]}),  # a Borel algebra
        sl2(2),  # so(3), in a basis where its form is not in standard position
        sl2(3),
        Representation.lie(rotations(3, 1, -1, 1)),  # signs in another order
        Representation.lie(rotations(3), {"scale": [[2, 0, 0], [0, 2, 0], [0, 0, 2]]}),  # similitudes
        Representation.lie(SU3, {"r": [[1, 0, 0], [0, 1, 0], [0, 0, -1]]}, field="C"),  # determinants ±1
        Representation.lie(rotations(2), field="GF(5)"),
    ],
)
def test_nothing_else_is_recognised(rho: Representation) -> None:
    assert recognise(rho) is None
    W = equivariant_maps(rho, rho)
    assert W.method.startswith("Lie generators")
    assert W.checked


def test_a_mutant_of_the_form_is_refused() -> None:
    """A span that claims another group's diagrams for these generators does not pass its check."""
    V = CASES["SO(1,3)"]
    W = equivariant_maps(V.tensor(2), V.tensor(2))
    euclidean = equivariant_maps(CASES["SO(4)"].tensor(2), CASES["SO(4)"].tensor(2))
    assert W.span is not None
    assert euclidean.span is not None
    assert W.span.lawful(V.tensor(2), V.tensor(2))
    other = type(euclidean.span)(euclidean.span.group, 2, 2, defining=V)  # type: ignore[attr-defined, call-arg]
    assert not other.lawful(V.tensor(2), V.tensor(2))
    basis = MatrixFamily.of_matrices(euclidean._exact_basis, W.shape, V.field)
    square = V.tensor(2)
    system = System(checks.exact_pairs(square, square, V.field), V.field)
    assert intertwining.holds(MatrixFamily.of_matrices(W._exact_basis, W.shape, V.field), system)
    assert not intertwining.holds(basis, system)


def test_five_vectors_to_five_vectors_of_space() -> None:
    """SO(3) 5→5: 603 = Σ m² for multiplicities 6, 15, 15, 10, 4, 1 of the spins 0 to 5."""
    V = CASES["SO(3)"].tensor(5)
    W = equivariant_maps(V, V)
    assert W.dim == 603 == sum(m * m for m in (6, 15, 15, 10, 4, 1))
    assert sp.Matrix(W.basis[0])[0, 0] in (0, 1)
