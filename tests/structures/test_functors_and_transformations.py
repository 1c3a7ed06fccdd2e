"""Functors and natural transformations on finite sets (THEORY T1.2, T1.3)."""

from __future__ import annotations

import itertools as it

import pytest

from catcore import (
    Const,
    FinSet,
    Functor,
    Id,
    NaturalTransformation,
    finite_map,
    fst,
    functor,
    generator,
    ident,
    inl,
    inr,
    pair,
    pointwise,
    snd,
)
from catcore.categories.finite_sets import FiniteModel
from catcore.objects import One, atoms, finite_size
from catcore_proofs import prove, verify

A, B, C = atoms("A B C")
MODEL = FiniteModel()


def table(f) -> list[int]:
    """The images of all elements, in order."""
    return [int(v) for v in MODEL.apply(f, MODEL.elements(f.dom))]


@pytest.mark.parametrize("n", range(5))
def test_one_plus_two_times_x_has_one_plus_two_n_elements(n):
    """T1.2: |1 + A × X| = 1 + 2|X| for |A| = 2."""
    F = 1 + FinSet(2) * Id

    assert finite_size(F(n)) == 1 + 2 * n


def test_the_action_on_arrows_leaves_the_point_and_the_label_alone():
    """T1.2: for f : 3 → 2 the functor 1 + A × X acts on the last slot only."""
    F = 1 + FinSet(2) * Id
    f = finite_map(3, 2, [1, 0, 1])

    assert table(F(f)) == [0] + [1 + 2 * a + f.args[2][x] for a in range(2) for x in range(3)]
    assert table(F(f)) == [0, 2, 1, 2, 4, 3, 4]


@pytest.mark.parametrize(
    "F", [1 + FinSet(2) * Id, Id * Id, Id**2, (2 * Id) ** 2, Const(3), 1 + Id + Id * Id, 2 ** (2**Id)], ids=str
)
def test_functor_laws_by_all_pairs_of_maps_on_two_points(F):
    """T1.2: F(id) = id and F(f ; g) = F(f) ; F(g), for all maps of a two-point set."""
    maps = [finite_map(2, 2, values) for values in it.product(range(2), repeat=2)]

    assert table(F(ident(2))) == list(range(finite_size(F(2))))
    assert all(table(F(f >> g)) == table(F(f) >> F(g)) for f in maps for g in maps)


def test_there_is_exactly_one_transformation_from_the_identity_to_the_square():
    """T1.3: of all families of maps X → X × X on the sets 1, 2 and 3, only the diagonal is natural."""
    sizes = (1, 2, 3)
    maps = {(m, n): list(it.product(range(n), repeat=m)) for m in sizes for n in sizes}

    def natural(alpha: tuple[int, ...], beta: tuple[int, ...], m: int, n: int) -> bool:
        return all(beta[f[x]] == f[alpha[x] // m] * n + f[alpha[x] % m] for f in maps[m, n] for x in range(m))

    found = [
        family
        for family in it.product(*(it.product(range(n * n), repeat=n) for n in sizes))
        if all(natural(family[i], family[j], m, n) for i, m in enumerate(sizes) for j, n in enumerate(sizes))
    ]
    diagonal = NaturalTransformation(Id, Id * Id, lambda X: pair(ident(X), ident(X)))

    assert found == [tuple(tuple(table(diagonal[n])) for n in sizes)]
    assert verify(diagonal)["naturality of α"].evidence == "proved"


def test_a_family_that_is_not_natural_is_refuted_with_its_element():
    """T1.3: a component that looks at its set cannot be natural; the failing square and element are shown."""

    def constant(X):
        return finite_map(X, X * X, [0] * X.size) if isinstance(X, FinSet) else pair(ident(X), ident(X))

    bad = NaturalTransformation(Id, Id * Id, constant, "bad")
    from catcore.laws import naturality

    law = naturality(bad, finite_map(2, 2, [1, 0]))
    found = prove(law).counterexample

    assert found is not None
    assert (found.element, found.lhs, found.rhs) == (0, (0, 0), (1, 1))
    assert prove(naturality(bad, ident(FinSet(2)))).status == "holds"


def test_projections_and_injections_are_natural_and_mixing_them_up_is_ill_typed():
    first = NaturalTransformation(Id * B, Id, lambda X: fst(X, B))
    left = NaturalTransformation(Id, Id + B, lambda X: inl(X, B))
    swap = NaturalTransformation(Id * Id, Id * Id, lambda X: pair(snd(X, X), fst(X, X)), "swap")

    for natural in (first, left, swap):
        assert [v.evidence for v in verify(natural)] == ["proved"]


def test_a_choice_made_by_an_arbitrary_map_is_not_natural():
    """A family ``x ↦ c`` for a fixed c : 1 → A is natural into Const(A) only."""
    c = generator("c", One, A)
    into_constant = NaturalTransformation(Id, Const(A), pointwise(lambda x: c))

    assert verify(into_constant).ok
    choice = generator("choice", A + A, A + A)
    twist = NaturalTransformation(Id + Id, Id + Id, lambda X: generator("choice", X + X, X + X), "twist")
    verdict = verify(twist)["naturality of twist"]
    assert choice.dom is (A + A)
    assert verdict.status == "fails"
    assert verdict.counterexample is not None


def test_functors_of_two_variables_act_on_both():
    F = functor(lambda X, Y: 1 + X * Y)
    f, g = finite_map(2, 2, [1, 0]), finite_map(3, 1, [0, 0, 0])

    assert table(F(f, g)) == [0, 2, 2, 2, 1, 1, 1]
    assert table(F(f, FinSet(2))) == [0, 3, 4, 1, 2]


def test_an_arbitrary_functor_preserves_identities_by_definition_only_where_it_is_told():
    """Nothing is known of a variable functor; the prover says so instead of guessing."""
    T = Functor.variable("T")
    f, g = generator("f", A, B), generator("g", B, C)

    assert prove(T(f) >> T(g), T(f) >> T(g)).status in ("holds", "unknown")
    assert prove(T(f >> g), T(f) >> T(g)).status in ("holds", "unknown")
    assert prove(T(f), T(generator("h", A, B))).status == "fails"  # the identity functor tells them apart
    assert inr(A, B).cod is A + B
