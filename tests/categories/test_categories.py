"""Categories as values: their laws hold, their refusals speak, and T1.1, T1.2 and T1.9 count right."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
import sympy as sp

from catcore import (
    Action,
    ActionMonad,
    Homomorphism,
    Id,
    Monoid,
    R,
    atoms,
    braid,
    case,
    cyclic,
    distribute,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    snd,
)
from catcore.categories import (
    EilenbergMoore,
    FiniteModel,
    FiniteSets,
    FreeCategory,
    FVect,
    Kleisli,
    Linearisation,
    OneObject,
    Opposite,
    ProductCategory,
    Sets,
)
from catcore.errors import MissingDoctrine, NotComposable, NotInterpreted, NotParallel, ShapeMismatch, UnknownName
from catcore.structures.standard import maybe, reader, state
from catcore_proofs import verify

A, B, S = atoms("A B S")
TRIANGLE = {"f": (1, 2), "g": (2, 3), "h": (1, 3)}
MULTIPLICATIVE = Monoid.from_table([[0, 0], [0, 1]], unit=1)  # ({0, 1}, ×)
NAND = Monoid.from_table([[1, 1], [1, 0]])


@pytest.mark.parametrize(
    ("category", "evidence"),
    [
        (Sets(), {"proved"}),
        (FiniteSets(), {"proved"}),
        (FVect(), {"symbolic"}),
        (FVect(2), {"symbolic"}),
        (FreeCategory(TRIANGLE), {"exhaustive"}),
        (FreeCategory({"loop": ("x", "x")}), {"sampled"}),
        (OneObject(cyclic(3)), {"exhaustive"}),
        (OneObject(MULTIPLICATIVE), {"exhaustive"}),
        (Opposite(FreeCategory(TRIANGLE)), {"exhaustive"}),
        (Opposite(FVect()), {"symbolic"}),
        (ProductCategory(FreeCategory(TRIANGLE), OneObject(cyclic(2))), {"exhaustive"}),
        (Kleisli(maybe()), {"proved"}),
        (Kleisli(state(S)), {"proved"}),
        (Kleisli(ActionMonad(Monoid.variable("M"))), {"proved"}),
        (EilenbergMoore(maybe()), {"proved"}),
        (EilenbergMoore(state(S)), {"proved"}),
        (EilenbergMoore(ActionMonad(Monoid.variable("M"))), {"proved"}),
        (Linearisation(cyclic(2)), {"sampled"}),
        (Linearisation(MULTIPLICATIVE), {"sampled"}),
    ],
    ids=str,
)
def test_every_category_is_lawful_and_says_how_that_was_found(category, evidence) -> None:
    report = verify(category)

    assert report.ok, str(report)
    assert {v.evidence for v in report} == evidence


def test_a_lawless_table_makes_no_category() -> None:
    """T1.5: the NAND magma is no monoid, so it has no one-object category."""
    report = verify(OneObject(NAND))

    found = report["associativity"].counterexample
    assert found is not None
    assert found.element == ((0, 0), 1)


def test_a_composition_that_is_not_associative_is_refuted() -> None:
    @dataclass(frozen=True)
    class Reversing(FreeCategory):
        def _composite(self, f, g):
            return replace(super()._composite(f, g), edges=(f.edges + g.edges)[::-1])

    report = verify(Reversing({"a": (0, 0), "b": (0, 0)}))

    assert report["associativity"].status == "fails"
    assert report["left identity"].status == "fails"


def test_kleisli_laws_fail_with_those_of_the_monad() -> None:
    """T1.9: the Kleisli category laws hold exactly when the monad laws do."""
    report = verify(Kleisli(ActionMonad(NAND)))

    assert not report.ok
    assert report["associativity"].counterexample is not None


# ---- free and presented categories ---------------------------------------------------------------------------------


def test_the_triangle_has_two_arrows_from_one_to_three() -> None:
    """T1.1: the free category on 1→2→3, 1→3."""
    category = FreeCategory(TRIANGLE)

    assert [p.edges for p in category.hom(1, 3)] == [("h",), ("f", "g")]
    assert len(category.arrows) == 3 + 3 + 1


def test_a_relation_identifies_paths() -> None:
    commuting = FreeCategory(TRIANGLE, relations=[(("f", "g"), ("h",))])

    assert len(commuting.hom(1, 3)) == 1
    assert commuting.path("f", "g") == commuting.path("h")
    assert verify(commuting).ok


def test_a_functor_out_of_a_free_category_is_given_on_edges() -> None:
    category, vectors = FreeCategory(TRIANGLE), FVect()
    images = {"f": vectors.arrow([[1], [2]]), "g": vectors.arrow([[1, 1]]), "h": vectors.arrow([[5]])}
    functor = category.functor(vectors, {1: 1, 2: 2, 3: 1}, images)

    assert functor(category.path("f", "g")) == sp.Matrix([[3]])
    assert functor(category.identity(2)) == sp.eye(2)


def test_bad_paths_and_relations_are_refused() -> None:
    category = FreeCategory(TRIANGLE)

    with pytest.raises(UnknownName, match="no edge 'q'"):
        category.path("q")
    with pytest.raises(NotComposable, match="ends in 2 and f starts in 1"):
        category.path("f", "f")
    with pytest.raises(NotParallel, match="equates paths with the ends"):
        FreeCategory(TRIANGLE, relations=[(("f",), ("h",))])
    with pytest.raises(NotComposable, match="first ends in 2 and the second starts in 1"):
        category.compose(category.path("f"), category.path("f"))


# ---- one object ------------------------------------------------------------------------------------------


def test_a_group_is_a_category_where_everything_inverts() -> None:
    """T1.1: BZ₃ has three arrows, all invertible; in B({0,1},×) the arrow 0 is not."""
    z3, multiplicative = OneObject(cyclic(3)), OneObject(MULTIPLICATIVE)

    assert len(z3.arrows) == 3
    assert z3.is_groupoid
    assert len(multiplicative.arrows) == 2
    assert multiplicative.inverse(0) is None
    assert multiplicative.inverse(1) == 1
    assert not multiplicative.is_groupoid


# ---- finite sets ----------------------------------------------------------------------------------------------------


def test_domain_and_codomain_belong_to_an_arrow() -> None:
    """T1.1: 0 : 1 → 2 is not 0 : 1 → 3."""
    sets = FiniteSets()

    assert not sets.equal(sets.arrow(1, 2, [0]), sets.arrow(1, 3, [0]))
    assert sets.equal(sets.arrow(1, 2, [0]), sets.arrow(1, 2, [0]))


def test_a_polynomial_functor_counts_and_acts() -> None:
    """T1.2: for F(X) = 1 + A × X with |A| = 2, |F(X)| = 1 + 2|X|, and F(f) is f on the X-slot alone."""
    functor, sets = 1 + A * Id, FiniteSets()
    X = atoms("X")[0]
    for size in range(5):
        assert FiniteModel({A: 2, X: size}).size(functor(X)) == 1 + 2 * size
    f = generator("f", X, B)
    image = sets.interpret(functor(f), FiniteModel({A: 2, X: 3, B: 2}, {f: [0, 0, 1]}))

    # 1 + 2·3 elements: the point, then (a, x); the image keeps a and moves x by f.
    assert image.args[2] == (0, 1, 1, 2, 3, 3, 4)


def test_finite_sets_hold_no_fixed_points() -> None:
    from catcore import fold, mu

    with pytest.raises(MissingDoctrine, match=r"FinSet .* inductive"):
        FiniteSets().interpret(fold(mu(lambda X: 1 + X), case(ident(1), ident(1))))


# ---- vector spaces ------------------------------------------------------------------------------------------


def test_terms_become_matrices() -> None:
    """Products and coproducts are direct sums, ⊗ is the Kronecker product."""
    f, g = generator("f", R(2), R(1)), generator("g", R(2), R(2))
    vectors = FVect(matrices={f: [[1, 2]], g: [[0, 1], [1, 0]]})

    assert vectors.interpret(g >> f) == sp.Matrix([[2, 1]])
    assert vectors.interpret(pair(f, f)) == sp.Matrix([[1, 2], [1, 2]])
    assert vectors.interpret(case(f, f)) == sp.Matrix([[1, 2, 1, 2]])
    assert vectors.interpret(g @ f) == sp.Matrix([[0, 0, 1, 2], [1, 2, 0, 0]])
    assert vectors.interpret(fst(R(1), R(2))) == sp.Matrix([[1, 0, 0]])
    assert vectors.interpret(snd(R(1), R(2))) == sp.Matrix([[0, 1, 0], [0, 0, 1]])
    assert vectors.interpret(inl(R(1), R(1)) >> case(ident(R(1)), ident(R(1)))) == sp.eye(1)
    assert vectors.interpret(inr(R(1), R(1))) == sp.Matrix([0, 1])


def test_the_braiding_swaps_tensor_factors() -> None:
    vectors = FVect()
    swap = vectors.interpret(braid(R(2), R(3)))
    x, y = sp.Matrix([1, 2]), sp.Matrix([3, 5, 7])

    assert swap * sp.kronecker_product(x, y) == sp.kronecker_product(y, x)
    assert vectors.interpret(braid(R(2), R(3)) >> braid(R(3), R(2))) == sp.eye(6)


def test_vector_spaces_refuse_what_they_do_not_have() -> None:
    """DESIGN: FVect has 0 ≅ 1 and no distributivity; a term that needs it is refused."""
    with pytest.raises(MissingDoctrine, match="distributive"):
        FVect().interpret(distribute(R(1), R(1), R(1)))
    with pytest.raises(NotInterpreted, match="A has no dimension"):
        FVect().interpret(ident(A))
    with pytest.raises(NotComposable, match="first ends in 1 and the second starts in 2"):
        FVect().compose(FVect().arrow([[1, 2]]), FVect().arrow([[1, 2]]))


def test_arithmetic_modulo_a_prime() -> None:
    field = FVect(2)

    assert field.compose(field.arrow([[1, 1]]), field.arrow([[3]])) == sp.Matrix([[1, 1]])
    assert field.equal(field.arrow([[2]]), field.arrow([[0]]))
    assert not FVect(3).equal(field.arrow([[1]]), field.arrow([[0]]))
    with pytest.raises(ShapeMismatch, match="denominator is a multiple of 2"):
        field.arrow([[sp.Rational(1, 2)]])


# ---- Kleisli and Eilenberg–Moore --------------------------------------------------------------------------------


def test_the_comparison_functor_of_maybe_is_full_and_faithful() -> None:
    """T1.9: nine Kleisli arrows 2 → 2 for Maybe, and nine homomorphisms between the free algebras."""
    kleisli, algebras = Kleisli(maybe()), EilenbergMoore(maybe())
    arrows = list(kleisli.hom(2, 2))
    free = algebras.free(2)
    found = {FiniteSets().interpret(kleisli.comparison(f).map) for f in arrows}

    assert len(arrows) == 9
    assert found == {h.map for h in algebras.hom(free, free)}
    assert len(found) == 9


def test_the_comparison_preserves_composition() -> None:
    kleisli, sets = Kleisli(maybe()), FiniteSets()
    arrows = list(kleisli.hom(2, 2))
    for f in arrows:
        for g in arrows:
            whole = kleisli.comparison(kleisli.compose(f, g)).map
            parts = kleisli.comparison(f).map >> kleisli.comparison(g).map
            assert sets.equal(whole, parts)


@pytest.mark.parametrize(
    ("monad", "points", "count"),
    [
        (maybe(), 1, 1), (maybe(), 2, 2), (maybe(), 3, 3),
        (ActionMonad(cyclic(2)), 2, 2), (ActionMonad(cyclic(2)), 3, 4),
        (ActionMonad(MULTIPLICATIVE), 2, 3), (ActionMonad(MULTIPLICATIVE), 3, 10),
        (reader(2), 2, 2),
    ],
)  # fmt: skip
def test_algebras_are_counted_by_trying_all_maps(monad, points, count) -> None:
    """T1.6: pointed sets, involutions, idempotent maps; the algebras of X² are rectangular bands."""
    assert sum(1 for _ in EilenbergMoore(monad).algebras(points)) == count


def test_free_algebras_are_free() -> None:
    """T1.6: Hom(free X, A) ≅ Set(X, A) for Maybe: |A|^|X| homomorphisms."""
    algebras = EilenbergMoore(maybe())
    for target in algebras.algebras(3):
        assert sum(1 for _ in algebras.hom(algebras.free(2), target)) == 3**2


def test_algebra_maps_compose_only_end_to_end() -> None:
    algebras = EilenbergMoore(maybe())
    one, two = list(algebras.algebras(2))
    identity = algebras.identity(one)

    assert algebras.compose(identity, identity).map is ident(2)
    with pytest.raises(NotComposable):
        algebras.compose(identity, Homomorphism(two, two, ident(2)))


# ---- linearisation -------------------------------------------------------------------------------------------------


def test_actions_become_permutation_representations() -> None:
    """T1.5, linear version: k[−] carries an action to 0/1 matrices and equivariant maps to homomorphisms."""
    action = Action(cyclic(3), 3, {"s": [1, 2, 0]})
    representation = Linearisation(cyclic(3))(action)

    assert [int(x) for x in sp.Matrix(representation.matrix("s")) * sp.Matrix([1, 0, 0])] == [0, 1, 0]


def test_a_functor_that_forgets_the_order_is_refuted() -> None:
    """A mutant of k[−] that transposes matrices does not preserve composites."""

    class Transposed(Linearisation):
        def _composite_of(self, pair):
            return super()._composite_of(pair).T

    report = verify(Transposed(MULTIPLICATIVE, points=2))

    assert report["composites"].status == "fails"
