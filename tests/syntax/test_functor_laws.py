"""Functors act on every former, and their laws are proved (THEORY T1.2, T2.2); doctrines of terms."""

from __future__ import annotations

import pytest

from catcore import (
    FinSet,
    Functor,
    Id,
    NaturalTransformation,
    One,
    atoms,
    case,
    curry,
    doctrines,
    ev,
    fst,
    functor,
    generator,
    ident,
    inl,
    inr,
    mu,
    nu,
    pair,
    snd,
    tensor,
)
from catcore.arrows import Action, Component, Fold, Unfold, out
from catcore.errors import IllTyped
from catcore_proofs import prove

A, B, C, E, R = atoms("A B C E R")
F, G = generator("f", A, B), generator("g", B, C)
POLYNOMIAL = [
    Id, 1 + Id, E * Id, Id * Id, Id + Id * E, Id**E, (E * Id) ** E, R ** (R**Id), 1 + Id * (1 + Id),
    (1 + Id) ** FinSet(2), functor(lambda X: X @ (E + X)), functor(lambda X: E), E ** (E ** (R ** (R**Id))),
]  # fmt: skip


@pytest.mark.parametrize("functor_", POLYNOMIAL, ids=str)
def test_functors_preserve_identities_and_composites(functor_):
    """T1.2: F(id) = id and F(f ; g) = F(f) ; F(g), proved at arbitrary arrows."""
    assert prove(functor_(ident(A)), ident(functor_(A))).evidence == "proved"
    assert prove(functor_(F >> G), functor_(F) >> functor_(G)).evidence == "proved"


@pytest.mark.parametrize("functor_", POLYNOMIAL[1:], ids=str)
def test_an_action_goes_where_the_functor_says(functor_):
    if functor_ is functor(lambda X: E):
        assert functor_.act(F) is ident(E)
    acted = functor_.act(F)

    assert (acted.dom, acted.cod) == (functor_(A), functor_(B))
    assert prove(acted, functor_(F)).evidence == "proved"
    assert isinstance(functor_(F), Action)
    assert functor_(F).expanded() is acted


def test_a_functor_of_two_variables_preserves_composites():
    both = functor(lambda X, Y: X + Y * X)

    assert prove(both(F >> G, F), both(F, F) >> both(G, ident(B))).evidence == "proved"
    assert both(F, B).dom is both(A, B)


def test_functors_compose():
    maybe, pairs = 1 + Id, Id * Id

    assert maybe(pairs) is 1 + Id * Id
    assert pairs(maybe)(A) is (1 + A) * (1 + A)
    assert prove(maybe(pairs(F)), maybe(pairs)(F)).evidence == "proved"
    assert maybe(functor(lambda X, Y: X * Y)).arity == 2


def test_functors_compose_under_a_fixed_point():
    """Lists of lists: the variable of the inner functor is not caught by the outer fixed point."""
    assert LIST(LIST)(A) is LIST(LIST(A))


def test_the_continuation_functor_turns_round_twice():
    """A double exponential is covariant: precomposition with precomposition."""
    functor_ = R ** (R**Id)
    acted = functor_(F).expanded()
    by_hand = by_continuation()

    assert prove(acted, by_hand).evidence == "proved"
    with pytest.raises(IllTyped, match="stands on the left of an exponential"):
        functor(lambda X: R**X).act(F)


def by_continuation():
    from catcore.tracing import trace

    return trace(lambda c: lambda k: c(lambda a: k(F(a))), R ** (R**A), R ** (R**B))


LIST = functor(lambda X: mu(lambda Y: 1 + X * Y))
STREAM = functor(lambda X: nu(lambda Y: X * Y))
ROSE = functor(lambda X: mu(lambda Y: X * LIST(Y)))


@pytest.mark.parametrize("functor_", [LIST, STREAM, ROSE, functor(lambda X: nu(lambda Y: (X * Y) ** E))], ids=str)
def test_fixed_points_act_by_folds_and_unfolds(functor_):
    acted = functor_.act(F)

    assert (acted.dom, acted.cod) == (functor_(A), functor_(B))
    assert isinstance(acted, Fold | Unfold)
    assert "inductive" in doctrines(functor_(F))


def test_fixed_points_act_backwards_on_the_left_of_an_exponential():
    """R^(R^List(X)) is covariant in X, R^Stream(X) is not a functor."""
    twice = functor(lambda X: R ** (R ** LIST(X)))
    acted = twice.act(F)

    assert (acted.dom, acted.cod) == (twice(A), twice(B))
    streams = functor(lambda X: R ** (R ** STREAM(X)))
    assert (streams.act(F).dom, streams.act(F).cod) == (streams(A), streams(B))
    with pytest.raises(IllTyped):
        functor(lambda X: R ** LIST(X)).act(F)


def test_the_list_functor_reads_as_on_the_board():
    assert str(LIST(A)) == "μX. 1 + A × X"
    assert out(LIST(A)).cod is 1 + A * LIST(A)
    assert LIST(F).dom is LIST(A)


def test_an_arbitrary_functor_stays_an_action():
    T = Functor.variable("T")
    acted = (1 + T)(F)

    assert acted.expanded() is case(inl(One, T(B)), T(F) >> inr(One, T(B)))
    assert isinstance(T(F), Action)
    assert T(ident(A)).dom is T(A)
    assert T(T)(A) is T(T(A))


def test_components_of_an_arbitrary_transformation_are_typed():
    alpha = NaturalTransformation.variable("alpha", 1 + Id, Id * Id)

    assert isinstance(alpha[A], Component)
    assert (alpha[A].dom, alpha[A].cod) == (1 + A, A * A)
    assert alpha(B) is alpha[B]
    (law,) = alpha.laws()
    assert law.name == "naturality of alpha"


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (F, {"category"}),
        (ident(A), {"category"}),
        (F >> G, {"category"}),
        (tensor(F, G), {"category", "monoidal"}),
        (pair(F, F), {"category", "cartesian"}),
        (case(F, F), {"category", "bicartesian"}),
        (fst(A, B), {"cartesian"}),
        (ev(A, B), {"closed"}),
        (curry(snd(A, B)), {"closed", "cartesian"}),
        ((1 + Id)(F), {"category", "bicartesian"}),
        ((Id * Id)(F), {"category", "cartesian"}),
        (Functor.variable("T")(F), {"category"}),
        (LIST(F), {"category", "cartesian", "bicartesian", "inductive"}),
    ],
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, set) else str(value),
)
def test_a_term_lists_the_doctrines_it_uses(term, expected):
    """Each former belongs to a doctrine; identities and composition to all."""
    assert doctrines(term) - {"category"} == expected - {"category"}
    assert expected <= doctrines(term) | {"category"}


def test_a_verdict_names_the_doctrines_of_its_law():
    verdict = prove(pair(F, F) >> fst(B, B), F)

    assert verdict.doctrines == ("cartesian", "category")
