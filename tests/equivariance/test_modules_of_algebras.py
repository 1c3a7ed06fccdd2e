"""Hom spaces of modules over algebras, with dimensions from theory: Jordan forms, quivers, Hecke and Clifford algebras
(T1.11, T2.1).
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import sympy as sp

from catcore.equivariance import Representation, equivariant_maps
from tests.equivariance.matrix_cases import Rows, blocks, conjugated, jordan, kron, over, solved, unit

# Commutants of one matrix: Frobenius ------------------------------------------------------------------------------


def frobenius(*sizes: int) -> int:
    """Σ min(s, t) over pairs of blocks of one eigenvalue."""
    return sum(min(s, t) for s, t in itertools.product(sizes, repeat=2))


@pytest.mark.parametrize("field", [None, "GF(2)", "GF(7)"])
@pytest.mark.parametrize("sizes", [(4,), (2, 2), (3, 1), (3, 2, 1), (1, 1, 1, 1), (5, 3, 3)])
def test_the_commutant_of_a_jordan_form_is_frobenius_sum(sizes: tuple[int, ...], field: str | None) -> None:
    assert solved(over(field, jordan(1, *sizes))) == frobenius(*sizes)


@pytest.mark.parametrize("sizes", [(4,), (3, 1), (2, 2, 1)])
def test_so_it_is_in_any_basis_and_at_any_scale(sizes: tuple[int, ...]) -> None:
    hidden = sp.Matrix(conjugated(jordan(2, *sizes), seed=len(sizes)))
    dims = {
        solved(over(None, [[str(x * scale) for x in row] for row in hidden.tolist()]))
        for scale in (1, sp.Rational(1, 10**6), 10**6, sp.Rational(-355, 113))
    }
    assert dims == {frobenius(*sizes)}


def test_many_equal_blocks_need_as_many_generating_vectors() -> None:
    assert solved(over(None, conjugated(jordan(2, *[3] * 10), 3))) == frobenius(*[3] * 10)


def test_a_matrix_without_symmetry_commutes_with_its_polynomials_whose_numbers_are_long() -> None:
    """The echelon basis of the polynomials in a random matrix has numbers of many digits, from many primes."""
    random = np.random.default_rng(1)
    rho = over(None, random.integers(-5, 6, (12, 12)).tolist())
    assert solved(rho) == 12
    assert max(abs(sp.Rational(x).q) for b in equivariant_maps(rho, rho).basis for x in b) > 10**20


def test_different_eigenvalues_do_not_meet() -> None:
    rho, tau = over(None, jordan(2, 3, 1)), over(None, jordan("1/2", 2, 2))
    assert solved(rho, tau) == 0
    both = over(None, conjugated(blocks(jordan(2, 2, 1), jordan("1/2", 3)), seed=5))
    assert solved(both) == frobenius(2, 1) + frobenius(3)


@pytest.mark.parametrize(
    ("field", "eigenvalue"),
    [("Q(sqrt(2))", "sqrt(2)"), ("C", "1+I"), ("Q(sqrt(2),sqrt(3))", "sqrt(2)-sqrt(3)/7"), (None, "cos(2*pi/7)")],
)
def test_jordan_forms_over_number_fields(field: str | None, eigenvalue: str) -> None:
    assert solved(over(field, jordan(eigenvalue, 2, 2, 1))) == frobenius(2, 2, 1)


def test_a_companion_matrix_commutes_with_its_polynomials_only() -> None:
    """x³ - 2 is irreducible over Q: the commutant is the field Q(∛2), of dimension 3."""
    companion = [[0, 0, 2], [1, 0, 0], [0, 1, 0]]
    W = equivariant_maps(over(None, companion), over(None, companion))
    assert W.dim == 3
    assert all(W.contains((b * c).tolist()) for b in W.basis for c in W.basis)


# Quivers: rectangular maps as corners of idempotents --------------------------------------------------------------


def test_the_kronecker_quiver_has_euler_form_minus_n_squared_plus() -> None:
    """dim Hom - dim Ext = a c + b d - 2 a d; for the real root (n, n+1) Hom(V, V) = 1 (Kac)."""
    for n in (1, 2, 3):
        size = 2 * n + 1
        arrows = [unit(size, *[(n + i + k, i, 1) for i in range(n)]) for k in (0, 1)]
        ends = unit(size, *[(i, i, 1) for i in range(n)])
        assert solved(over(None, *arrows, ends)) == 1


@pytest.mark.parametrize(
    ("a", "b", "dim"), [((0, 2), (0, 2), 1), ((0, 1), (1, 2), 0), ((1, 2), (0, 1), 1), ((0, 1), (0, 2), 0)]
)
def test_intervals_of_a_linear_quiver(a: tuple[int, int], b: tuple[int, int], dim: int) -> None:
    """A map of interval modules [a0, a1] → [b0, b1] of 0→1→2 is a number where b0 ≤ a0 ≤ b1 ≤ a1, and else 0."""

    def interval(low: int, high: int) -> Representation:
        """Vertex idempotents and arrows on a space of one dimension a vertex, none of them used outside."""
        inside = range(low, high + 1)
        vertices = [unit(3, (v, v, 1)) if v in inside else unit(3) for v in range(3)]
        arrows = [unit(3, (v + 1, v, 1)) if {v, v + 1} <= set(inside) else unit(3) for v in range(2)]
        return over(None, *vertices, *arrows)

    rho, tau = interval(*a), interval(*b)
    unused = (3 - (a[1] - a[0] + 1)) * (3 - (b[1] - b[0] + 1))  # the generators vanish on the rest of both spaces
    assert solved(rho, tau) == dim + unused


# Algebras by generators and relations -----------------------------------------------------------------------------


@pytest.mark.parametrize("q", [2, "1/3", -1, 1])
def test_the_hecke_algebra_acts_on_two_strands(q: Any) -> None:
    """T² = (q - 1) T + q on V ⊗ V: (n(n+1)/2)² + (n(n-1)/2)² unless q = -1, where T + 1 squares to 0."""
    n, q = 3, sp.Rational(str(q))
    T = sp.zeros(n * n, n * n)
    for i, j in itertools.product(range(n), repeat=2):
        here, there = i * n + j, j * n + i
        if i == j:
            T[here, here] = q
        elif i < j:
            T[there, here] = 1
        else:
            T[here, here], T[there, here] = q - 1, q
    assert (T * T).expand() == ((q - 1) * T + q * sp.eye(n * n)).expand()
    rank = (T + sp.eye(n * n)).rank()
    plus, minus = rank, n * n - rank
    expected = frobenius(*[2] * min(plus, minus), *[1] * abs(minus - plus)) if q == -1 else plus**2 + minus**2
    assert solved(over(None, [[str(x) for x in row] for row in T.tolist()])) == expected


PAULI: dict[str, Rows] = {"x": [[0, 1], [1, 0]], "y": [[0, "-I"], ["I", 0]], "z": [[1, 0], [0, -1]]}


@pytest.mark.parametrize("n", [1, 2, 3])
def test_clifford_algebras_have_one_spinor_module(n: int) -> None:
    """γ_i on (C²)^⊗n generate all matrices for an even number 2n of them (Jordan–Wigner): the commutant is C."""
    gammas = [kron(*[PAULI["z"]] * k, PAULI[axis], *[sp.eye(2)] * (n - k - 1)) for k in range(n) for axis in "xy"]
    assert solved(over("C", *gammas)) == 1
    assert solved(over("C", *gammas[:-1])) == 2  # an odd number leaves the centre of two simple modules


def test_quaternions_commute_with_quaternions() -> None:
    """Left multiplications of H on R⁴ commute with right multiplications: dimension 4; over C they split, 2² = 4."""
    i = blocks([[0, -1], [1, 0]], [[0, -1], [1, 0]])
    j = [[0, 0, -1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, -1, 0, 0]]
    for field in (None, "C", "GF(3)", "GF(5)"):
        assert solved(over(field, i, j)) == 4
    complex_i, complex_j = [["I", 0], [0, "-I"]], [[0, -1], [1, 0]]
    assert solved(over("C", complex_i, complex_j)) == 1
    right_i = conjugated(complex_i, 3)
    assert solved(over("C", i), over("C", right_i)) == 4  # eigenvalues ±i, twice and once: 2·1 + 2·1


def test_weyl_algebra_modulo_p_has_a_module_of_dimension_p() -> None:
    """x and d/dx with d x - x d = 1 on GF(p)[x]/(x^p) are irreducible."""
    for p in (2, 3, 5):
        x = unit(p, *[(i + 1, i, 1) for i in range(p - 1)])
        d = unit(p, *[(i - 1, i, i % p) for i in range(1, p)])
        assert solved(over(f"GF({p})", x, d)) == 1


def test_temperley_lieb_on_three_strands() -> None:
    """U_i with U_i² = 2 U_i on (Q²)^⊗3 is the image of S_3: the commutant has Σ dim(S^λ Q²)² = 4² + 2² = 20."""
    cup = sp.Matrix([[0, 0, 0, 0], [0, 1, -1, 0], [0, -1, 1, 0], [0, 0, 0, 0]])
    assert solved(over(None, kron(cup, sp.eye(2)), kron(sp.eye(2), cup))) == 20
