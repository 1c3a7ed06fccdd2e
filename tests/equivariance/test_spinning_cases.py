"""Hom spaces of matrices over many fields, with dimensions from theory: Jordan forms, quivers, Hecke and Clifford
algebras, quaternions, weights, modular representations and automata (T1.11, T2.1).

Every case is solved, its basis multiplied out exactly, and its dimension compared with a count made without a solver.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from catcore.equivariance import Monoid, Representation, cyclic, dihedral, equivariant_maps, free_monoid, symmetric
from catcore.equivariance.linear_algebra.modular import PrimeField

Rows = list[list[Any]]


def unit(n: int, *entries: tuple[int, int, Any]) -> Rows:
    """The n×n matrix with these entries and zeros elsewhere."""
    rows: Rows = [[0] * n for _ in range(n)]
    for i, j, x in entries:
        rows[i][j] = x
    return rows


def blocks(*parts: Rows) -> Rows:
    return [[str(x) for x in row] for row in sp.diag(*[sp.Matrix(p) for p in parts]).tolist()]


def kron(*parts: Any) -> Rows:
    return [[str(x) for x in row] for row in sp.kronecker_product(*[sp.Matrix(p) for p in parts]).tolist()]


def conjugated(rows: Any, seed: int) -> Rows:
    """The same endomorphism in another integral basis, so that no entry is left where a form would show."""
    M, n = sp.Matrix(rows), len(rows)
    random = np.random.default_rng(seed)
    P = sp.eye(n)
    for _ in range(2 * n):
        i, j = (int(x) for x in random.choice(n, 2, replace=False))
        P = (sp.eye(n) + sp.SparseMatrix(n, n, {(i, j): int(random.integers(-2, 3))})) * P
    return [[str(sp.expand(x)) for x in row] for row in (P * M * P.inv()).tolist()]


def over(field: str | None, *generators: Rows) -> Representation:
    names = "abcdefgh"[: len(generators)]
    return Representation(free_monoid(*names), dict(zip(names, generators, strict=True)), field=field)


def solved(rho: Representation, tau: Representation | None = None) -> int:
    W = equivariant_maps(rho, rho if tau is None else tau)
    assert W.checked
    return W.dim


# Commutants of one matrix: Frobenius ------------------------------------------------------------------------------


def jordan(eigenvalue: Any, *sizes: int) -> Rows:
    return blocks(
        *[unit(s, *[(i, i, eigenvalue) for i in range(s)], *[(i, i + 1, 1) for i in range(s - 1)]) for s in sizes]
    )


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


# Finite groups ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [7, 8, 9, 12])
def test_dihedral_planes_over_real_cyclotomic_fields(n: int) -> None:
    """Irreducible planes ρ_k of D_n: Hom(ρ_j, ρ_k) is a line where j ≡ ±k and 0 else; characters agree."""
    group = dihedral(n)

    def plane(k: int) -> Representation:
        c, s = f"cos({2 * k}*pi/{n})", f"sin({2 * k}*pi/{n})"
        return Representation(group, {"r": [[c, f"-{s}"], [s, c]], "s": [[1, 0], [0, -1]]})

    one, two = plane(1), plane(2)
    assert (solved(one), solved(one, two), solved(two)) == (1, 0, 1)
    product = equivariant_maps(one @ one, two)
    assert (product.dim, product.independent_dimension(), product.checked) == (1, 1, True)


def test_symmetric_groups_as_dense_matrices_agree_with_their_orbits() -> None:
    for n, k in ((4, 1), (5, 1), (4, 2)):
        group, points = symmetric(n), symmetric(n).defining.tensor(k)
        rows = {g: points.matrix(g) for g in group.generators}
        change = sp.Matrix(conjugated(sp.eye(points.degree).tolist(), 0)) + sp.SparseMatrix(
            points.degree, points.degree, {(0, points.degree - 1): 3}
        )
        hidden = Representation(group, {g: (change * M * change.inv()).tolist() for g, M in rows.items()})
        assert solved(hidden) == equivariant_maps(points, points).dim


@pytest.mark.parametrize(("p", "dim"), [(2, 6), (3, 6), (5, 6), (7, 6)])
def test_the_regular_representation_over_any_field(p: int, dim: int) -> None:
    """Hom_G(kG, kG) = kG in every characteristic, also where it divides the order of the group."""
    group = symmetric(3)
    regular = Representation.regular(group)
    change = sp.eye(6) + sp.SparseMatrix(6, 6, {(0, 5): 1, (2, 3): 1})
    images = {g: (change * regular.matrix(g) * change.inv()).tolist() for g in group.generators}
    assert solved(Representation(group, images, field=f"GF({p})")) == dim


@pytest.mark.parametrize("p", [2, 3, 5])
def test_modular_reductions_of_the_permutations_of_three_points(p: int) -> None:
    """Orbits count Hom(k³, k³) = 2 in every characteristic; the plane of sums 0 has scalars only, also for p = 3."""
    group = symmetric(3)
    points = Representation(group, {g: group.defining.matrix(g).tolist() for g in group.generators}, field=f"GF({p})")
    assert solved(points) == 2
    plane = over(f"GF({p})", [[-1, 1], [0, 1]], [[0, -1], [1, -1]])
    assert (solved(plane), brute_force_dimension(plane, p)) == (1, 1)


def test_the_defining_plane_of_gl2_over_two_elements() -> None:
    """GL(2, 2) = S_3 is irreducible on GF(2)² =: V, and V⊗V = V ⊕ P with P projective of length 2: 1 + 2 = 3."""
    plane = over("GF(2)", [[1, 1], [0, 1]], [[0, 1], [1, 0]])
    assert solved(plane) == 1
    square = over("GF(2)", kron([[1, 1], [0, 1]], [[1, 1], [0, 1]]), kron([[0, 1], [1, 0]], [[0, 1], [1, 0]]))
    assert solved(square) == brute_force_dimension(square, 2) == 3


def brute_force_dimension(rho: Representation, p: int) -> int:
    """n² minus the rank of the Kronecker system, by an elimination of its own."""
    rows: list[list[int]] = []
    for name in rho.monoid.generators:
        a = np.array(rho.matrix(name).tolist(), dtype=int)
        one = np.eye(len(a), dtype=int)
        rows += ((np.kron(one, a.T) - np.kron(a, one)) % p).tolist()
    rank, columns = 0, len(rows[0])
    for c in range(columns):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][c] % p), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        inverse = pow(rows[rank][c], -1, p)
        for r in range(rank + 1, len(rows)):
            if factor := rows[r][c] * inverse % p:
                rows[r] = [(x - factor * y) % p for x, y in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return columns - rank


# Lie algebras by generators that no classical group has -----------------------------------------------------------


def spin(twice: int) -> tuple[Rows, Rows]:
    """e and f of sl(2) on the irreducible module with highest weight ``twice``."""
    n = twice + 1
    return unit(n, *[(i, i + 1, i + 1) for i in range(twice)]), unit(n, *[(i + 1, i, twice - i) for i in range(twice)])


def sl2(*weights: int, group: Any = None) -> Representation:
    parts = [spin(w) for w in weights]
    return Representation.lie({"e": blocks(*[e for e, _ in parts]), "f": blocks(*[f for _, f in parts])}, group=group)


def clebsch_gordan(weights: list[int], power: int) -> dict[int, int]:
    """Multiplicities of the irreducibles in a tensor power."""
    found = {0: 1}
    for _ in range(power):
        step: dict[int, int] = {}
        for (w, m), v in itertools.product(found.items(), weights):
            for u in range(abs(w - v), w + v + 1, 2):
                step[u] = step.get(u, 0) + m
        found = step
    return found


@pytest.mark.parametrize(
    ("weights", "power"), [((3,), 1), ((4,), 2), ((3,), 3), ((1, 2), 2), ((2, 2, 0), 1), ((4,), 3), ((1, 1, 3), 2)]
)
def test_powers_of_sl2_modules_decompose_by_clebsch_gordan(weights: tuple[int, ...], power: int) -> None:
    rho = sl2(*weights).tensor(power)
    assert solved(rho) == sum(m * m for m in clebsch_gordan(list(weights), power).values())


def test_maps_between_different_powers_count_common_constituents() -> None:
    V = sl2(3)
    for k, l in ((2, 3), (2, 4), (3, 1), (2, 0)):
        source, target = clebsch_gordan([3], k), clebsch_gordan([3], l)
        assert solved(V.tensor(k), V.tensor(l)) == sum(m * target.get(w, 0) for w, m in source.items())


def test_the_adjoint_square_of_sl3() -> None:
    """8 ⊗ 8 = 1 + 8 + 8 + 10 + 10* + 27: 1 + 4 + 1 + 1 + 1 = 8."""
    names = [(0, 1), (1, 2), (1, 0), (2, 1)]
    basis = [sp.Matrix(unit(3, (i, j, 1))) for i in range(3) for j in range(3) if i != j]
    basis += [sp.diag(1, -1, 0), sp.diag(0, 1, -1)]
    frame = sp.Matrix.hstack(*[b.reshape(9, 1) for b in basis])

    def adjoint(x: Any) -> Rows:
        columns = [(x * b - b * x).reshape(9, 1) for b in basis]
        rows: Rows = (frame.T * frame).inv().__mul__(frame.T * sp.Matrix.hstack(*columns)).tolist()
        return rows

    adj = Representation.lie({f"e{i}{j}": adjoint(sp.Matrix(unit(3, (i, j, 1)))) for i, j in names})
    assert solved(adj) == 1
    assert solved(adj.tensor(2)) == 8


def test_a_solvable_algebra_is_not_semisimple() -> None:
    """Upper triangular matrices on Q³: only scalars commute, and Hom(V, V⊗V) and Hom(V⊗V, V) differ from each other."""
    borel = Representation.lie(
        {"h": unit(3, (0, 0, 2), (2, 2, -2)), "e": unit(3, (0, 1, 1), (1, 2, 1))},
    )
    assert solved(borel) == 1
    square = borel.tensor(2)
    assert solved(square) == floating_nullity(square, square)


# Monoids and automata ---------------------------------------------------------------------------------------------


def floating_nullity(rho: Representation, tau: Representation) -> int:
    """The nullity of the Kronecker system in double precision, with a gap in the singular values."""
    systems = []
    for name in rho.monoid.generators:
        a, b = (np.array(r.matrix(name).evalf(20).tolist(), dtype=complex) for r in (rho, tau))
        systems.append(np.kron(np.eye(len(b)), a.T) - np.kron(b, np.eye(len(a))))
    values = np.linalg.svd(np.vstack(systems), compute_uv=False)
    values = np.concatenate([values, np.zeros(rho.degree * tau.degree - len(values))]) / max(1, values[0])
    small = values < 1e-9
    assert not len(values[~small]) or values[~small].min() > 1e-7, "no gap in the singular values"
    return int(small.sum())


def transformations(n: int, *maps: list[int]) -> Representation:
    return Representation.permutation(
        free_monoid(*"abc"[: len(maps)]), dict(zip("abc", [list(m) for m in maps], strict=False)), points=n
    )


@pytest.mark.parametrize("n", [3, 4, 6])
def test_full_transformations_on_pairs(n: int) -> None:
    """Hom(V⊗V, V⊗V) over T_n: maps natural in the set, {x, y} ↦ one of 2² words in x, y: 4."""
    T = transformations(n, [1, 0, *range(2, n)], [*range(1, n), 0], [0, 0, *range(2, n)])
    assert solved(T.tensor(2)) == 4
    assert solved(T, T.tensor(2)) == 1
    assert solved(T.tensor(2), T) == 2


def test_a_counter_that_saturates_is_a_truncated_polynomial_ring() -> None:
    """x ↦ min(x + 1, n - 1): the commutant of a cyclic module is the algebra itself, of dimension n."""
    for n in (3, 8, 20):
        assert solved(transformations(n, [min(x + 1, n - 1) for x in range(n)])) == n


def test_a_reset_automaton_forgets_everything() -> None:
    """T2.1: a reset and a cycle leave scalars; a reset alone is an idempotent of rank 1."""
    n = 5
    cycle, reset = [*range(1, n), 0], [0] * n
    assert solved(transformations(n, cycle, reset)) == 1
    assert solved(transformations(n, reset)) == 1 + (n - 1) ** 2


@pytest.mark.parametrize("seed", range(4))
def test_random_automata_agree_with_floating_rank(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 7
    rho = transformations(n, *[random.integers(0, n, n).tolist() for _ in range(2)])
    assert solved(rho) == floating_nullity(rho, rho)


def test_rectangular_bands_of_idempotents() -> None:
    """e f = e and f e = f: two idempotents with one kernel."""
    e, f = unit(4, (0, 0, 1), (1, 1, 1)), unit(4, (0, 0, 1), (1, 1, 1), (2, 0, 1), (3, 1, 1))
    band = Monoid.presentation("a b", ["a a = a", "b b = b"])
    rho = Representation(band, {"a": e, "b": f})
    assert solved(rho) == floating_nullity(rho, rho)


# Many generators, mixed denominators ------------------------------------------------------------------------------


def test_many_generators_cost_no_more_than_a_few_combinations() -> None:
    """All 24 rotations of a cube as generators, in a hidden basis: the plane wave modules have dimension 1 and 3."""
    turns: list[Any] = []
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((1, -1), repeat=3):
            M = sp.zeros(3, 3)
            for i, (j, s) in enumerate(zip(order, signs, strict=True)):
                M[i, j] = s
            if M.det() == 1:
                turns.append(M)
    assert len(turns) == 24
    change = sp.Matrix([[1, 2, 0], [0, 1, 3], [1, 0, 1]])
    names = [f"g{k}" for k in range(24)]
    images = {g: (change * M * change.inv()).tolist() for g, M in zip(names, turns, strict=True)}
    vector = Representation(free_monoid(*names), images)
    assert (solved(vector), solved(vector.tensor(2)), solved(vector.tensor(2), vector)) == (1, 4, 1)


def test_mixed_denominators_lift_from_several_primes() -> None:
    rho = over(None, [["1/3", "5/7"], ["-11/13", "17/19"]], [["1/101", "10007/9973"], ["3/1000003", "7"]])
    big = over(None, [["100000000000/3", 1], ["7/1000000007", "1/13"]])
    assert solved(rho) == 1
    W = equivariant_maps(big, big)
    assert (W.dim, W.checked) == (2, True)
    assert "primes" in W.how


def test_residues_that_vanish_at_a_prime_are_not_trusted() -> None:
    """The largest primes divide these entries, so that modulo them the dimension is too large; they are counted."""
    p = PrimeField(8388593).p
    W = equivariant_maps(over(None, [[1, p], [0, 2]]), over(None, [[1, p], [0, 2]]))
    assert (W.dim, W.checked) == (2, True)
    nilpotent = over(None, [[0, p], [0, 0]])
    W = equivariant_maps(nilpotent, over(None, [[0, p, 0], [0, 0, p * 8388587], [0, 0, 0]]))
    assert (W.dim, W.checked) == (2, True)

    def module(x: int) -> Representation:
        return over(None, [[0, x, 0], [0, 0, 1], [0, 0, 0]], [[0, 0, 0], [x, 0, 0], [0, 0, 0]])

    W = equivariant_maps(module(p), module(p))
    assert (W.dim, W.checked) == (floating_nullity(module(1), module(1)), True)


CASES: dict[str, Callable[[], Representation]] = {
    "Q": lambda: over(None, conjugated(jordan(3, 2, 1), 1)),
    "quadratic": lambda: over(None, [["sqrt(5)", 1, 0], [0, "sqrt(5)", 0], [0, 0, "1/2"]]),
    "imaginary": lambda: over("C", [["I", "1/2"], [0, "I"]]),
}


@pytest.mark.parametrize("name", CASES)
def test_bases_are_the_same_each_time_and_in_echelon_form(name: str) -> None:
    first, again = (equivariant_maps(rho, rho).basis for rho in (CASES[name](), CASES[name]()))
    assert [b.tolist() for b in first] == [b.tolist() for b in again]
    leading = [next(k for k, x in enumerate(b) if x) for b in first]
    assert leading == sorted(leading)
    for k, b in enumerate(first):
        assert [b[place] for place in leading] == [int(k == j) for j in range(len(first))]


def test_fractions_and_sympy_numbers_are_read_alike() -> None:
    a = over(None, [[Fraction(1, 3), 1], [0, Fraction(1, 3)]])
    b = over(None, [[sp.Rational(1, 3), 1], [0, "1/3"]])
    assert a == b
    assert solved(a) == 2


def test_cyclic_groups_over_their_cyclotomic_field() -> None:
    """The shift of n points against its eigenvalues ζ^k: a line each."""
    for n in (3, 4, 5):
        group = cyclic(n)
        root = f"cos(2*pi/{n}) + I*sin(2*pi/{n})"
        character = Representation(group, {"s": [[root]]}, field="C")
        points = Representation(group, {"s": group.defining.matrix("s").tolist()}, field="C")
        assert solved(points, character) == 1
        assert solved(character.tensor(2), character) == 0
