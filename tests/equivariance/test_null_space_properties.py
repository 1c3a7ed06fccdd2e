"""Random groups, monoids and matrices over several fields: what the null space must satisfy whatever is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore.equivariance import Group, Representation, equivariant_maps, free_monoid
from catcore.equivariance.certificates import checks
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.linear_algebra.modular import PrimeField, primes
from catcore.equivariance.linear_algebra.reduction import over, places, reconstruct
from catcore.equivariance.strategies import intertwining, null_space
from catcore.equivariance.strategies.system import System
from catcore.errors import InexactNumber, TooLarge
from catcore.exact import Field, field_of

Rows = list[list[Any]]
RATIONAL = st.sampled_from([0, 0, 0, 1, 1, -1, 2, "1/2", "-3/7", "10/3"])
QUADRATIC = st.sampled_from([0, 0, 1, -1, "sqrt(2)", "1/2-sqrt(2)", "sqrt(2)/3"])
COMPLEX = st.sampled_from([0, 0, 1, "I", "-I/2", "1+I", "2/3"])
BIQUADRATIC = st.sampled_from([0, 0, 1, "sqrt(2)", "sqrt(3)/5", "sqrt(2)-sqrt(3)", "sqrt(6)"])


def square(draw: st.DrawFn, n: int, entries: st.SearchStrategy[Any]) -> Rows:
    return draw(st.lists(st.lists(entries, min_size=n, max_size=n), min_size=n, max_size=n))


@st.composite
def modules(draw: st.DrawFn, entries: st.SearchStrategy[Any], field: str | None = None, largest: int = 4) -> Any:
    """Two representations of one free monoid, often with constituents in common."""
    count, n = draw(st.integers(1, 3)), draw(st.integers(1, largest))
    names = "abc"[:count]
    rho = Representation(free_monoid(*names), {g: square(draw, n, entries) for g in names}, field=field)
    tau = draw(st.sampled_from(["same", "sum", "square", "other"]))
    if tau == "other":
        m = draw(st.integers(1, 3))
        return rho, Representation(rho.monoid, {g: square(draw, m, entries) for g in names}, field=field)
    return rho, {"same": rho, "sum": rho + rho, "square": rho @ rho if n < 3 else rho}[tau]


@st.composite
def unimodular(draw: st.DrawFn, n: int) -> Any:
    """An integer matrix of determinant ±1, by row operations."""
    P = sp.eye(n)
    for _ in range(draw(st.integers(0, 2 * n)) if n > 1 else 0):
        i, j = draw(st.permutations(range(n)))[:2]
        P = (sp.eye(n) + sp.SparseMatrix(n, n, {(i, j): draw(st.integers(-3, 3))})) * P
    return P


def floating(rho: Representation) -> list[Any]:
    return [np.array(rho.matrix(g).evalf(25).tolist(), dtype=complex) for g in rho.monoid.generators]


def floating_null_space(rho: Representation, tau: Representation) -> Any:
    """Right singular vectors of the Kronecker system with vanishing singular value, one a row; there is a gap."""
    system = np.vstack(
        [
            np.kron(np.eye(len(b)), a.T) - np.kron(b, np.eye(len(a)))
            for a, b in zip(floating(rho), floating(tau), strict=True)
        ]
    )
    _, values, vectors = np.linalg.svd(system)
    values = np.concatenate([values, np.zeros(len(vectors) - len(values))])
    small = values < 1e-10 * max(1, values[0])
    assert not (~small).any() or values[~small].min() > 1e-6 * max(1, values[0]), "no gap"
    return vectors[small].conj()


def agrees_with_floats(rho: Representation, tau: Representation) -> None:
    W = equivariant_maps(rho, tau)
    assert W.checked
    expected = floating_null_space(rho, tau)
    assert W.dim == len(expected)
    if W.dim:
        found = W.basis_array(complex).reshape(W.dim, -1)
        assert np.linalg.matrix_rank(found, tol=1e-8) == W.dim
        left = found - found @ expected.conj().T @ expected
        assert np.abs(left).max() < 1e-7 * max(1.0, np.abs(found).max())


@settings(max_examples=60)
@given(modules(RATIONAL))
def test_over_the_rationals_dimension_and_span_are_those_of_a_floating_null_space(pair: Any) -> None:
    agrees_with_floats(*pair)


@settings(max_examples=25)
@given(st.one_of(modules(QUADRATIC, largest=3), modules(COMPLEX, "C", 3), modules(BIQUADRATIC, largest=2)))
def test_over_number_fields_too(pair: Any) -> None:
    agrees_with_floats(*pair)


@settings(max_examples=40)
@given(st.data(), st.sampled_from([2, 3, 5, 101]))
def test_over_finite_fields_the_count_is_that_of_plain_elimination(data: st.DataObject, p: int) -> None:
    from tests.equivariance.matrix_cases import brute_force_dimension

    n = data.draw(st.integers(1, 5))
    entries = st.integers(0, p - 1)
    generators = {g: data.draw(st.composite(square)(n, entries)) for g in "ab"}
    rho = Representation(free_monoid("a", "b"), generators, field=f"GF({p})")
    W = equivariant_maps(rho, rho)
    assert W.checked
    assert W.dim == brute_force_dimension(rho, p)


@settings(max_examples=40)
@given(st.data())
def test_another_basis_of_the_space_keeps_the_dimension(data: st.DataObject) -> None:
    rho, tau = data.draw(modules(RATIONAL))
    P, Q = data.draw(unimodular(rho.degree)), data.draw(unimodular(tau.degree))
    names = rho.monoid.generators
    moved = Representation(rho.monoid, {g: (P * rho.matrix(g) * P.inv()).tolist() for g in names})
    other = Representation(rho.monoid, {g: (Q * tau.matrix(g) * Q.inv()).tolist() for g in names})
    there, here = equivariant_maps(moved, other), equivariant_maps(rho, tau)
    assert (there.dim, there.checked) == (here.dim, True)
    assert all(there.contains((Q * W * P.inv()).tolist()) for W in here.basis)


@settings(max_examples=25)
@given(modules(RATIONAL), st.sampled_from([Fraction(1, 10**6), Fraction(10**6), Fraction(-7, 3)]))
def test_a_scaled_generator_changes_nothing(pair: Any, scale: Fraction) -> None:
    rho, tau = pair
    first, *rest = rho.monoid.generators

    def scaled(r: Representation) -> Representation:
        images = {first: (r.matrix(first) * sp.Rational(scale.numerator, scale.denominator)).tolist()}
        return Representation(r.monoid, images | {g: r.matrix(g).tolist() for g in rest})

    before, after = equivariant_maps(rho, tau), equivariant_maps(scaled(rho), scaled(tau))
    assert [b.tolist() for b in before.basis] == [b.tolist() for b in after.basis]


@settings(max_examples=25)
@given(st.data())
def test_hidden_permutation_groups_have_as_many_maps_as_orbits_and_characters(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 5))
    maps = data.draw(st.lists(st.permutations(range(n)), min_size=1, max_size=3))
    group = Group.permutations({"abc"[k]: list(m) for k, m in enumerate(maps)})
    points, P = group.defining, data.draw(unimodular(n))
    hidden = Representation(group, {g: (P * points.matrix(g) * P.inv()).tolist() for g in group.generators})
    W = equivariant_maps(hidden, hidden)
    assert W.dim == equivariant_maps(points, points).dim == W.independent_dimension()


@settings(max_examples=25)
@given(modules(RATIONAL), st.data())
def test_a_changed_entry_is_refused(pair: Any, data: st.DataObject) -> None:
    """A mutant of a basis passes the exact check only where the mutant is equivariant itself."""
    rho, tau = pair
    W = equivariant_maps(rho, tau)
    if not W.dim:
        return
    k = data.draw(st.integers(0, W.dim - 1))
    place = data.draw(st.integers(0, W.dense_parameters - 1))
    mutant = sp.Matrix(W.basis[k])
    mutant[place] += sp.Rational(1, 10**9)
    system = System(checks.exact_pairs(rho, tau, W.field), W.field)
    n_out, n_in = W.shape
    entries = {i: W.field.element(x) for i, x in enumerate(mutant) if x}
    honest = all(mutant * rho.matrix(g) == tau.matrix(g) * mutant for g in rho.monoid.generators)
    family = MatrixFamily.of([entries], (n_out, n_in), W.field)
    assert intertwining.holds(family, system) == honest == W.contains(mutant.tolist())


# The pieces -------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.data(), st.sampled_from([2, 3, 7, 8388593]))
def test_echelon_forms_modulo_p_are_those_of_flint(data: st.DataObject, p: int) -> None:
    import flint

    F, seed = PrimeField(p), data.draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    rows, columns, rank = (int(x) for x in random.integers(1, 70, 3))
    M = F.multiply(F.random((rows, rank), random), F.random((rank, columns), random))
    M = M * (random.random((rows, columns)) < random.random())
    expected, r = flint.nmod_mat(rows, columns, [int(x) % p for x in M.ravel()], p).rref()
    found = F.echelon(M)
    entries = np.array([int(x) for row in expected.tolist() for x in row]).reshape(rows, columns)
    assert found.rank == r
    assert np.array_equal(found.rows % p, entries[:r])
    assert F.echelon(M[found.sources]).rank == r
    assert not F.multiply(M, F.null_space(M)).any()


def test_products_do_not_round_however_long() -> None:
    """5000 products of the largest residues, where 512 of them fill a double."""
    F = PrimeField(next(primes()))
    row = np.full((1, 5000), F.p // 2, dtype=float)
    assert int(F.multiply(row, row.T)[0, 0]) % F.p == 5000 * (F.p // 2) ** 2 % F.p
    assert F.multiply(row, row[0]) == F.multiply(row, row.T)[0]  # a vector, as for a power of a matrix of this size


@given(st.integers(-2000, 2000), st.integers(1, 2000))
def test_rationals_are_known_from_residues_below_the_bound(top: int, bottom: int) -> None:
    p = next(primes())
    x = Fraction(top, bottom)
    assert reconstruct(top * pow(bottom, -1, p) % p, p) == (x.numerator, x.denominator)


@given(st.sampled_from([97, 101 * 103, 8388593]), st.integers(0, 10**7), st.integers(1, 2000))
def test_a_known_multiple_of_the_denominator_changes_no_reconstruction(modulus: int, residue: int, common: int) -> None:
    """Also where the multiple has a factor in common with the modulus."""
    found, wanted = over(common, residue % modulus, modulus), reconstruct(residue % modulus, modulus)

    assert found is None or (wanted is not None and Fraction(*found) == Fraction(*wanted))


@pytest.mark.parametrize(
    "atoms",
    [
        (),
        (sp.sqrt(2),),
        (sp.I,),
        (sp.sqrt(2), sp.sqrt(3)),
        (sp.cos(2 * sp.pi / 7),),
        (sp.root(2, 3),),
        (sp.I, sp.sqrt(5)),
    ],
)
def test_reduction_at_a_place_is_a_homomorphism(atoms: tuple[Any, ...]) -> None:
    K: Field = field_of(atoms)
    place = next(iter(places(K)))
    x = K.element(sum((sp.Rational(k + 2, 3) * a for k, a in enumerate(atoms)), sp.Rational(5, 7)))
    y = K.element(sum((a / 11 for a in atoms), sp.Integer(-4)))
    p = place.F.p
    for rx, ry, product, total in zip(*map(place.residues, (x, y, x * y, x + y)), strict=True):
        assert (rx * ry - product) % p == 0
        assert (rx + ry - total) % p == 0


def test_floats_are_refused_with_a_sentence() -> None:
    with pytest.raises(InexactNumber, match=r"the float 0.7071 was found at generator r.* write it exactly"):
        Representation(free_monoid("r"), {"r": [[0.7071, 0], [0, 1]]})


def test_huge_requests_say_what_they_would_take_before_anything_is_built() -> None:
    n = 4000
    wide = MatrixFamily.of([{0: Field().domain.one, 1: Field().domain.one}], (n, n), Field())
    with pytest.raises(TooLarge, match=r"16000000 unknowns, and matrices of at most 3000 rows are solved"):
        null_space.solve([(wide[0], wide[0])], n, n, Field())
