"""Weights and highest weight vectors: dimensions from theory, bases that elimination finds, and algebras that are not
semisimple (Humphreys, *Introduction to Lie Algebras and Representation Theory*)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore.equivariance import GL, SL, SU, Representation, Sp, U, cyclic, dihedral, equivariant_maps, symmetric
from catcore.equivariance.certificates import checks
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.strategies import highest_weights, null_space, weights
from catcore.equivariance.strategies.system import System
from tests.equivariance.matrix_cases import Rows, floating_nullity, unit

Pair = tuple[Representation, Representation]


def eliminated(rho: Representation, tau: Representation) -> list[Any]:
    """The basis without a look at weights."""
    system = System(checks.exact_pairs(rho, tau, rho.field), rho.field)
    basis = null_space.eliminated(system, rho.degree, tau.degree)
    return [m.to_dok() for m in basis.matrices]


def found(rho: Representation, tau: Representation) -> list[Any]:
    """The basis, once it is sure that weights were looked at."""
    W = equivariant_maps(rho, tau)
    assert isinstance(W._found, null_space.Basis)
    assert W.how.startswith("highest weights"), W.how
    assert W.checked
    return [m.to_dok() for m in W._found.matrices]


# Classical groups in their split forms ----------------------------------------------------------------------------

POWERS: list[Callable[[Representation], Representation]] = [
    lambda V: V,
    lambda V: V.sym(2),
    lambda V: V.alt(2),
    lambda V: V.dual,
    lambda V: V.sym(2) @ V.dual,
    lambda V: V.sym(3),
    lambda V: V.alt(2) @ V,
    lambda V: Representation.trivial(V.monoid),
]


SPLIT: list[Any] = [SL(2), SL(3), SU(3), GL(2), U(2), Sp(4)]


@settings(max_examples=15)
@given(st.sampled_from(SPLIT), st.sampled_from(POWERS), st.sampled_from(POWERS))
def test_bases_are_those_of_elimination_and_counts_those_of_weyl(group: Any, first: Any, second: Any) -> None:
    rho, tau = (power(group.defining) @ group.defining for power in (first, second))
    W = equivariant_maps(rho, tau)

    assert W.dim == W.count.dim  # type: ignore[union-attr]
    assert W.checked
    if "weights" in W.how:
        assert found(rho, tau) == eliminated(rho, tau)


@pytest.mark.parametrize(
    ("rho", "dim"),
    [
        (SL(2).defining.sym(4).tensor(3), 65),
        (Sp(4).defining.alt(2) @ Sp(4).defining.sym(2) @ Sp(4).defining, 36),
        (Sp(6).defining.alt(2) @ Sp(6).defining.alt(2), 16),
        (SL(4).defining.sym(2) @ SL(4).defining.sym(2), 3),
        (SU(3).defining.sym(3) @ SU(3).defining.sym(3), 4),
        (GL(3).defining.sym(2).tensor(2) @ GL(3).defining.dual, 11),
    ],
    ids=str,
)
def test_endomorphisms_of_powers(rho: Representation, dim: int) -> None:
    """Weyl's formula says the same."""
    W = equivariant_maps(rho, rho)

    assert (W.dim, W.count.dim, W.checked) == (dim, dim, True)  # type: ignore[union-attr]
    assert W.how.startswith(f"highest weights, {dim} unknowns")


# Exceptional algebras and spinors ---------------------------------------------------------------------------------

OCTONIONS = Representation.lie(  # the seven imaginary units in a weight basis: short root 1, long root 2 of G2
    {
        "e1": unit(7, (0, 1, 1), (2, 3, 2), (3, 4, 1), (5, 6, 1)),
        "f1": unit(7, (1, 0, 1), (3, 2, 1), (4, 3, 2), (6, 5, 1)),
        "e2": unit(7, (1, 2, 1), (4, 5, 1)),
        "f2": unit(7, (2, 1, 1), (5, 4, 1)),
    }
)


@pytest.mark.parametrize(("k", "l", "dim"), [(1, 1, 1), (2, 1, 1), (2, 2, 4), (3, 2, 10), (3, 3, 35)])
def test_the_smallest_exceptional_algebra(k: int, l: int, dim: int) -> None:
    """Invariants of G2 in powers of its seven-dimensional space: 1, 0, 1, 1, 4, 10, 35 (Kuperberg 1996)."""
    assert len(found(OCTONIONS.tensor(k), OCTONIONS.tensor(l))) == dim


def minuscule(cartan: list[list[int]], node: int) -> Representation:
    """The module whose weights are the orbit of a fundamental weight, each once: e and f move along the orbit."""
    weight = tuple(int(i == node) for i in range(len(cartan)))
    orbit, frontier = [weight], [weight]
    while frontier:
        frontier = list(
            dict.fromkeys(
                tuple(x - c for x, c in zip(w, root, strict=True))
                for w in frontier
                for i, root in enumerate(cartan)
                if w[i] == 1
            )
        )
        orbit += frontier
    place, n = {w: k for k, w in enumerate(orbit)}, len(orbit)
    images: dict[str, Rows] = {}
    for i, root in enumerate(cartan):
        steps = [(place[w], place[tuple(x - c for x, c in zip(w, root, strict=True))]) for w in orbit if w[i] == 1]
        images[f"e{i}"] = unit(n, *[(high, low, 1) for high, low in steps])
        images[f"f{i}"] = unit(n, *[(low, high, 1) for high, low in steps])
    return Representation.lie(images)


def simply_laced(n: int, *edges: tuple[int, int]) -> list[list[int]]:
    linked = {*edges, *((j, i) for i, j in edges)}
    return [[2 if i == j else -int((i, j) in linked) for j in range(n)] for i in range(n)]


D5 = simply_laced(5, (0, 1), (1, 2), (2, 3), (2, 4))
E6 = simply_laced(6, (0, 1), (1, 2), (2, 3), (3, 4), (2, 5))


def test_half_spinors_of_ten_dimensions() -> None:
    """16 ⊗ 16 = 10 + 120 + 126, and 16* occurs in no power of 16 of order 2."""
    spinor = minuscule(D5, 4)

    assert spinor.degree == 16
    assert len(found(spinor.tensor(2), spinor.tensor(2))) == 3
    assert equivariant_maps(spinor.tensor(2), spinor.dual).dim == 0
    vector = minuscule(D5, 0)
    assert vector.degree == 10


def test_the_27_of_e6_has_a_cubic_form() -> None:
    """27 ⊗ 27 = 27* + 351 + 351': one map to the dual, the polarised cubic form, and none to 27 itself."""
    space = minuscule(E6, 0)

    assert space.degree == 27
    assert len(found(space.tensor(2), space.dual)) == 1
    assert equivariant_maps(space.tensor(2), space).dim == 0
    assert equivariant_maps(space @ space.dual, space @ space.dual).dim == 3


# Other generators beside them, and other algebras -----------------------------------------------------------------


def test_finite_groups_beside_a_lie_algebra() -> None:
    """Hom over a product of groups is the product of the Hom spaces."""
    plane, turn, corner = SL(2).defining.sym(2), cyclic(3).defining, dihedral(4).defining
    for inner, outer in itertools.product((plane, plane.tensor(2)), (turn, corner)):
        both, other = inner.outer(outer), plane.outer(outer)
        assert len(found(both, other)) == equivariant_maps(inner, plane).dim * equivariant_maps(outer, outer).dim
        assert found(both, other) == eliminated(both, other)


AFFINE = {"e": unit(3, (0, 1, 1)), "f": unit(3, (1, 0, 1)), "t": unit(3, (0, 2, 1))}
NOT_SEMISIMPLE = {
    "Borel": {"h": unit(3, (0, 0, 2), (2, 2, -2)), "e": unit(3, (0, 1, 1), (1, 2, 1))},
    "affine": AFFINE,
    "affine, dilated": {**AFFINE, "d": unit(3, (2, 2, 1))},
    "Heisenberg, graded": {"d": unit(3, (0, 0, 1), (2, 2, -1)), "p": unit(3, (0, 1, 1)), "q": unit(3, (1, 2, 1))},
    "parabolic": {"e": unit(3, (0, 1, 1)), "f": unit(3, (1, 0, 1)), "u": unit(3, (1, 2, 1)), "v": unit(3, (0, 2, 3))},
}


@pytest.mark.parametrize("name", NOT_SEMISIMPLE)
def test_algebras_that_are_not_semisimple_are_left_to_elimination_or_restricted(name: str) -> None:
    V = Representation.lie(NOT_SEMISIMPLE[name])
    for rho, tau in ((V, V), (V.tensor(2), V), (V, V.dual @ V), (V.sym(2), V.tensor(2)), (V.dual, V.dual)):
        W = equivariant_maps(rho, tau)
        assert W.checked
        assert [b.tolist() for b in W.basis] == [matrix(m, W.shape) for m in eliminated(rho, tau)]
        assert W.dim == floating_nullity(rho, tau)


def matrix(entries: dict[tuple[int, int], Any], shape: tuple[int, int]) -> list[list[Any]]:
    return [[entries.get((i, j), 0) for j in range(shape[1])] for i in range(shape[0])]


numbers = st.integers(-3, 3)


@settings(max_examples=25)
@given(st.data(), st.integers(1, 4), st.integers(1, 4))
def test_what_shifts_a_grading_need_be_no_lie_algebra(data: st.DataObject, n: int, m: int) -> None:
    """A diagonal element and two that shift it up and down by any numbers, zeros among them (T1.11)."""

    def module(size: int, top: int) -> dict[str, Rows]:
        up, down = (data.draw(st.lists(numbers, min_size=size, max_size=size)) for _ in range(2))
        return {
            "h": unit(size, *[(i, i, top - i) for i in range(size)]),
            "e": unit(size, *[(i, i + 1, up[i]) for i in range(size - 1)]),
            "f": unit(size, *[(i + 1, i, down[i]) for i in range(size - 1)]),
        }

    rho, tau = (Representation.lie(module(size, data.draw(st.integers(0, 2)))) for size in (n, m))
    W = equivariant_maps(rho + rho, rho + tau)

    assert W.checked
    assert W.dim == floating_nullity(rho + rho, rho + tau)


# The pieces -------------------------------------------------------------------------------------------------------


def test_a_grading_needs_what_is_diagonal_and_what_shifts_it() -> None:
    def graded(rho: Representation) -> weights.Grading | None:
        system = System(checks.exact_pairs(rho, rho, rho.field), rho.field)
        assert system.integers is not None
        return weights.grading(system.integers)

    sl3 = graded(SL(3).defining.tensor(2))
    assert sl3 is not None
    assert (sl3.count, len(sl3.places)) == (6, 3 * 1 + 3 * 4)
    assert [len(sl3.raising), len(sl3.lowering)] == [2, 2]
    rotation = Representation.lie({"J": [[0, -1], [1, 0]], "K": [[0, 1], [1, 0]]})
    assert graded(rotation) is None  # [J, K] is diagonal, and both shift its weights either way
    assert graded(Representation.lie({"h": [[1, 0], [0, -1]]})) is None
    assert graded(cyclic(5).defining) is None


def test_a_wrong_operator_leaves_fewer_maps() -> None:
    """The mutant of f on the output moves nothing to the lowest weight, so the plane has no image there."""
    plane = Representation.lie({"e": [[0, 1], [0, 0]], "f": [[0, 0], [1, 0]], "h": [[1, 0], [0, -1]]})
    mutant = Representation.lie({"e": [[0, 1], [0, 0]], "f": [[0, 0], [2, 0]], "h": [[1, 0], [0, -1]]})
    assert equivariant_maps(plane, plane).dim == 1
    assert equivariant_maps(plane, mutant).dim == floating_nullity(plane, mutant) == 0


def test_entries_at_places_spread_over_a_larger_matrix() -> None:
    import numpy as np

    family = MatrixFamily.of([{0: 5, 2: 7}], (1, 3), SL(2).defining.field)
    assert [m.to_dok() for m in family.spread(np.array([1, 2, 5]), (2, 3))] == [{(0, 1): 5, (1, 2): 7}]


def test_highest_weights_that_leave_too_many_unknowns_are_left_to_the_others() -> None:
    """SL(2) alone leaves 120² unknowns in the 240 dimensions, and S5 all but 120: its algebra acts on itself."""
    beside = SL(2).defining.outer(Representation.regular(symmetric(5)))
    W = equivariant_maps(beside, beside)

    assert (W.dim, W.checked) == (120, True)


def test_what_does_not_fit_is_not_allocated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sym² ⊗ Sym² = Sym⁴ + Sym² + Sym⁰, with weights of multiplicities 1, 2, 3, 2, 1."""
    square = SL(2).defining.sym(2).tensor(2)
    numbers = 3 * (1 + 4 + 9 + 4 + 1)
    for most, fits in ((numbers, True), (numbers - 1, False)):
        monkeypatch.setattr(highest_weights, "MAX_NUMBERS", most)
        W = equivariant_maps(square, square)
        assert (W.dim, W.how.startswith("highest weights")) == (3, fits)
