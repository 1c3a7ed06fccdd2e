"""Laws about arbitrary functors and monads: their instances, and the small ones that refute them (THEORY T1.2–T1.4)."""

from __future__ import annotations

import pytest

from catcore import DistributiveLaw, Functor, Id, Law, Monad, Monoid, arrow, atoms, generator, ident, pointwise
from catcore.errors import IllTyped
from catcore.functors import NaturalTransformation
from catcore.instances import Instance, strength_of
from catcore.structures import standard
from catcore.structures.lists import LIST
from catcore.structures.transformers import product_monad, state_transformer
from catcore_proofs import prove, verify
from catcore_proofs.exemplars import INFINITE, functors, monads
from catcore_proofs.instantiation import variables

A, B, S, X, Y = atoms("A B S X Y")
T, U = Monad.variable("T", strong=True), Monad.variable("U", strong=True)


@pytest.mark.parametrize("exemplar", monads(), ids=lambda e: e.name)
def test_every_exemplar_is_a_monad(exemplar):
    assert {v.evidence for v in verify(exemplar.value)} <= {"proved", "exhaustive"}
    assert verify(exemplar.value).ok


def test_exemplars_come_smallest_first_and_have_seven_monoids_of_three_elements():
    """C02: there are 2 monoids of two and 7 of three elements."""
    sizes = [exemplar.size for exemplar in monads()]

    assert sizes == sorted(sizes)
    assert sum("Writer" in exemplar.name for exemplar in monads()) == 9
    assert [exemplar.size for exemplar in functors()] == sorted(exemplar.size for exemplar in functors())


@pytest.mark.parametrize("exemplar", [e for e in monads() if e.size < INFINITE], ids=lambda e: e.name)
def test_an_instance_of_a_true_law_is_true(exemplar):
    """Writer distributes over every strong monad (T1.10 ii), so it does over each finite one of these."""
    for law in standard.action_over(Monoid.variable("M"), T).laws():
        assert prove(Instance({T: exemplar.value}).law(law)).ok, law.name


def test_an_instance_translates_functors_under_fixed_points_and_arrows():
    bag = Instance({T: standard.maybe(), Functor.variable("F"): Id * Id})
    f = generator("f", A, B)

    assert bag.object(LIST(T(A))) is LIST(1 + A)
    assert bag.arrow(T(f)) is (1 + Id)(f)
    assert bag.functor(Functor.variable("F")(T.functor)) == (1 + Id) * (1 + Id)
    assert prove(bag.arrow(T.unit[A] >> T(f)), bag.arrow(f >> T.unit[B])).evidence == "proved"
    other = Instance({U: standard.maybe()})
    assert other.arrow(T.mult[A]) is T.mult[A]


@pytest.mark.parametrize("functor", [1 + Id, Id**S, Id * Id, LIST, (S * Id) ** S], ids=str)
def test_the_strength_of_a_functor_is_natural_and_respects_projections(functor):
    """T4.4: ``A × F B → F (A × B)`` followed by the second projection is the second projection."""
    from catcore import snd

    strength, f = strength_of(functor, A, B), generator("f", B, Y)

    assert prove(strength >> functor(snd(A, B)), snd(A, functor(B))).evidence == "proved"
    moved = functor(ident(A) * f)
    assert prove(strength >> moved, ident(A) * functor(f) >> strength_of(functor, A, Y)).evidence == "proved"


def test_what_is_no_instance_is_refused():
    alpha = NaturalTransformation.variable("a", T.functor, U.functor)
    with pytest.raises(IllTyped, match="a goes from T to U, here from 1 \\+ Id to U, and a transformation from Id to"):
        Instance({T: standard.maybe(), alpha: NaturalTransformation(Id, Id, ident)})
    with pytest.raises(IllTyped, match="A is of another kind than what was put for it"):
        Instance({A: Id})
    with pytest.raises(IllTyped, match="is none"):
        Instance({"A": A})
    with pytest.raises(IllTyped, match="f goes from Y to Y here, and g : A → Y was put for it"):
        Instance({A: Y, generator("f", A, Y): generator("g", A, Y)})
    with pytest.raises(IllTyped, match="functor of one variable or a monad"):
        Instance({T: A})


# ---- refutation ------------------------------------------------------------------------------------------------------


def test_a_false_law_about_every_monad_is_refuted_by_the_smallest_one():
    double = T(T.unit[X]) >> T.mult[X] >> T.unit[T(X)]
    found = prove(double, T(T.unit[X])).counterexample

    assert found is not None
    assert found.instances == {"T": "Maybe, 1 + X"}
    assert "T = Maybe, 1 + X, |X| = 0" in str(found)


def test_commutativity_of_every_monad_is_refuted():
    """R25: two programs cannot be exchanged; the smallest exemplar where they cannot raises two exceptions (R26)."""
    left = arrow(T(A) * T(B), T(A * B))(lambda p: T.bind(p[0], lambda x: T.functor.map(lambda y: (x, y), p[1])))
    right = arrow(T(A) * T(B), T(A * B))(lambda p: T.bind(p[1], lambda y: T.functor.map(lambda x: (x, y), p[0])))
    verdict = prove(left, right)

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert verdict.counterexample.instances == {"T": "exceptions, 2 + X"}


def test_natural_transformations_are_enumerated():
    """T1.3: of the four transformations X² → X² two are no involutions."""
    square = NaturalTransformation.variable("a", Id * Id, Id * Id)
    verdict = prove(square[X] >> square[X], ident(X * X))

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert set(verdict.counterexample.instances) == {"a"}
    thrice = prove(square[X] >> square[X] >> square[X], square[X])
    assert thrice.status == "unknown"  # it holds of all four, which is no proof


def test_two_functors_commute_only_where_they_are_small():
    F, G = Functor.variable("F"), Functor.variable("G")
    alpha, beta = NaturalTransformation.variable("a", F, G), NaturalTransformation.variable("b", F, G)

    assert prove(alpha[X], beta[X]).status == "fails"
    assert [str(s) for s in variables(Law("x", alpha[X], beta[X]))] == ["F", "G", "a", "b"]


@pytest.mark.parametrize(
    "mutant",
    [
        Monad(
            state_transformer(S, T).functor, state_transformer(S, T).unit,
            pointwise(lambda program: lambda start: T.bind(program(start), lambda p: p[1](start))),
        ),
        Monad(product_monad(T, T).functor, product_monad(T, T).unit,
              lambda x: product_monad(T, T).mult[x] >> arrow(T(x) * T(x), T(x) * T(x))(lambda p: (p[1], p[0]))),
        DistributiveLaw(
            standard.writer(Monoid.variable("M")), T,
            pointwise(lambda p: T.functor.map(lambda x: (Monoid.variable("M").unit(()), x), p[1])),
        ),
    ],
    ids=["state", "product", "writer"],
)  # fmt: skip
def test_mutated_structures_over_every_monad_are_refuted(mutant):
    report = verify(mutant)

    assert report.status == "fails"
    assert all(v.counterexample.instances for v in report if v.counterexample is not None)


def test_a_hypothesis_about_every_object_is_not_believed_of_an_instance_that_breaks_it():
    """No instance with ``α ; α = id`` everywhere has ``α ; α ≠ id`` at X."""
    F = Functor.variable("F")
    alpha = NaturalTransformation.variable("a", F, F)
    everywhere = Law("involution", alpha[Y] >> alpha[Y], ident(F(Y)), every=(Y,))

    assert prove(alpha[X] >> alpha[X], ident(F(X)), given=[everywhere]).status != "fails"
    refuted = prove(alpha[X], ident(F(X)), given=[everywhere])
    assert refuted.status == "fails"
    assert refuted.counterexample is not None
    assert refuted.counterexample.instances["F"] in ("2 × X", "X × X")
