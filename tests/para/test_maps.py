"""Parametric maps and their 2-cells: the laws of Para are proved, mutants are refuted, and refusals show both types."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, cast

import pytest
import sympy as sp

from catcore import Law, One, Para, ParaMap, TwoCell, atoms, finite_map, fst, generator, ident, pair, parametric, snd
from catcore.categories import FiniteSets, FVect
from catcore.categories.smooth import smooth
from catcore.errors import IllTyped, NotComposable, NotParallel
from catcore.learning import Smooth
from catcore.objects import R as Real
from catcore.para import BracketedSums, Cartesian, Cocartesian, DirectSums, Kronecker, identity_cell, layer_order
from catcore.para.cells import equation
from catcore_proofs import prove, verify

P, Q, R, S, A, B, C, D = atoms("P Q R S A B C D")
f = ParaMap(P, generator("f", P * A, B))
g = ParaMap(Q, generator("g", Q * B, C))
h = ParaMap(R, generator("h", R * C, D))


@pytest.mark.parametrize(
    ("para", "evidence"),
    [
        (Para(), "proved"),
        (Para(strict=False), "proved"),
        (Para(FiniteSets()), "proved"),
        (Para(Cocartesian()), "proved"),
        (Para(Smooth()), "proved"),
        (Para(Kronecker()), "symbolic"),
    ],
    ids=str,
)
def test_t4_2_laws_of_para_hold(para, evidence):
    report = verify(para)
    assert report.ok, report
    assert {v.evidence for v in report} == {evidence}
    if evidence == "proved":
        assert all(v.certificate for v in report)


@pytest.mark.parametrize("base", [FVect(), FVect(2)], ids=str)
def test_laws_of_para_over_vector_spaces_are_proved_for_products_and_blocks_are_products(base):
    report = verify(Para(base))
    assert report.ok, report
    assert [v.law for v in report if v.evidence == "proved"] == [v.law for v in verify(Para())]
    blocks = [v for v in report if v.evidence != "proved"]
    assert [v.evidence for v in blocks] == ["symbolic"] * 5
    assert blocks[0].law == "composition, as products say"


@pytest.mark.parametrize("base", [FVect(), FVect(2)], ids=str)
def test_vector_spaces_with_bracketed_parameters_are_a_bicategory(base):
    """Pentagon, triangle and naturality for products, and matrices are what products say (T4.2)."""
    report = verify(Para(base, strict=False))
    assert report.ok, report
    assert [v.law for v in report if v.evidence == "proved"] == [v.law for v in verify(Para(strict=False))]
    assert {"pentagon", "triangle", "associator is natural"} <= {v.law for v in report if v.evidence == "proved"}
    blocks = [v.law for v in report if v.evidence == "symbolic"]
    assert [f"{name}, as products say" for name in ("associator", "left unitor", "right unitor")] == blocks[:3]
    assert len(blocks) == 8


class Turning(BracketedSums):
    """A mutant whose associator turns the parameters round."""

    def associator(self, r, q, p):
        return self.shuffle((p, q, r), (2, 1, 0))


class Forgetting(BracketedSums):
    """A mutant that forgets the parameters beside those of an identity, which come second in ``f ; id``."""

    def left_unitor(self, p):
        return sp.ImmutableMatrix(sp.zeros(p, p))


@pytest.mark.parametrize(("mutant", "law"), [
    (Turning(), "associator, as products say"), (Forgetting(), "right unitor, as products say"),
])  # fmt: skip
def test_mutated_associators_and_unitors_of_sums_are_refused(mutant, law):
    report = verify(Para(mutant, strict=False))
    assert report[law].status == "fails"
    assert report[law].counterexample


def test_bracketed_sums_compose_with_a_single_space_of_parameters():
    loose = Para(FVect(), strict=False)
    f, g, h = (loose.map((1, n), sp.ones(2, 3 + n)) for n in range(3))
    assert loose.associator(f, g, h).r == sp.eye(6)
    assert (f >> g).params == (3,)
    assert ((f >> g) >> h).arrow == (f >> (g >> h)).arrow
    assert {v.evidence for v in verify(loose.interchanger(f, f, g, g))} == {"symbolic"}


class Crossed(DirectSums):
    """A mutant whose parameters change places when they are tensored."""

    def tensor(self, s, r, ends):
        return super().tensor(r, s, ends)


class Upwards(DirectSums):
    """A mutant that puts the identity below."""

    def under(self, params, f):
        return sp.ImmutableMatrix(sp.diag(f, sp.eye(sum(params))))


@pytest.mark.parametrize(
    ("mutant", "law"), [(Crossed(), "horizontal composition of 2-cells"), (Upwards(), "composition")], ids=["⊗", "▶"]
)
def test_actions_of_vector_spaces_that_are_no_products_are_refused(mutant, law):
    verdict = verify(Para(mutant))[f"{law}, as products say"]
    assert (verdict.status, verdict.evidence) == ("fails", "symbolic")


def test_t4_2_composite_has_the_later_parameters_first():
    composite = f >> g >> h
    assert composite.params == (R, Q, P)
    assert composite.arrow.dom is R * (Q * (P * A))
    assert composite.params_in_layer_order() == (P, Q, R)


def test_t0_2_the_two_orders_are_related_by_the_reversal():
    cell = layer_order(f >> g >> h)
    assert cell.target.params == (P, Q, R)
    assert verify(cell).ok
    back = layer_order(cell.target)
    assert prove(back.r >> cell.r, ident(R * (Q * P))).evidence == "proved"


def test_identities_have_no_parameters_and_arrows_embed():
    assert (Para().identity(A) >> f).params == (P,)
    u = generator("u", B, B)
    assert (f >> u).params == (P,)
    assert (u >> g).params == (Q,)
    assert Para().embedded(u) == ParaMap((), u)


def test_r51_bracketed_parameters_are_not_associative_on_the_nose():
    loose = Para(strict=False)
    left, right = loose.compose(loose.compose(f, g), h), loose.compose(f, loose.compose(g, h))
    assert (left.params, right.params) == ((R * (Q * P),), ((R * Q) * P,))
    assert not loose.equal(left, right)
    with pytest.raises(NotParallel, match=r"R × \(Q × P\) and R × Q × P"):
        equation("associativity", left, right)
    assert verify(loose.associator(f, g, h)).ok
    strict = Para()
    assert strict.compose(strict.compose(f, g), h).params == strict.compose(f, strict.compose(g, h)).params


def test_a_mutated_associator_is_refuted():
    loose = Para(strict=False)
    good = loose.associator(*(ParaMap(P, generator(n, P * A, A)) for n in "fgh"))
    swapped = pair(snd(P * P, P), pair(snd(P * P, P), snd(P * P, P)))
    report = verify(replace(good, r=swapped))
    assert report.status == "fails"
    assert report["2-cell"].counterexample is not None


def test_a_mutated_two_cell_is_refuted():
    k = generator("k", P * A, B)
    claimed = TwoCell(generator("r", P, P), ParaMap(P, k), ParaMap(P, k))  # f' = f, which r ≠ id breaks
    verdict = verify(claimed)["2-cell"]
    assert (verdict.status, verdict.evidence) == ("fails", "exhaustive")
    r = generator("r", P, P)
    fixed = Law("r is the identity", r, ident(P))
    assert verify(TwoCell(r, ParaMap(P, k), ParaMap(P, k), (fixed,))).ok


LOOSE = Para(strict=False)


def test_t4_2_both_compositions_and_whiskering_with_bracketed_parameters():
    f, g = LOOSE.map(P, generator("f", P * A, B)), LOOSE.map(Q, generator("g", Q * B, C))
    r, s = generator("r", R, P), generator("s", D, Q)
    alpha, beta = TwoCell(r, f, R), TwoCell(s, g, D)
    assert (f >> g).params == (Q * P,)
    assert (f >> g).arrow.dom is (Q * P) * A
    whole = beta @ alpha
    assert (whole.r, whole.target.params) == (s * r, (D * R,))
    for cell in (whole, g @ alpha, beta @ f, alpha * beta, alpha >> TwoCell(generator("t", S, R), alpha.target, S)):
        verdict = verify(cell)["2-cell"]
        assert verdict.evidence == "proved"
        assert verdict.certificate
    assert (g @ alpha).r == ident(Q) * r
    assert (LOOSE.identity(A) >> f).params == (P * One,)
    assert (f * g).arrow.dom is (P * Q) * (A * B)
    assert LOOSE.equal(f >> g, LOOSE.compose(ParaMap(P, generator("f", P * A, B)), g))


def test_mutated_cells_with_bracketed_parameters_are_refuted():
    f, g = (LOOSE.map(P, generator(n, P * A, A)) for n in "fg")
    crossed = TwoCell(pair(snd(P, P), fst(P, P)), f >> g, f >> g)
    assert verify(crossed).status == "fails"
    swapped = replace(LOOSE.interchanger(f, g, f, g), r=ident((P * P) * (P * P)))
    assert verify(swapped).status == "fails"
    with pytest.raises(NotParallel, match="within one Para"):
        f >> ParaMap(P, generator("h", P * A, A))


def _random_map(rng: random.Random, dom, cod):
    from catcore import finite_map
    from catcore.objects import finite_size

    return finite_map(dom, cod, [rng.randrange(finite_size(cod)) for _ in range(finite_size(dom))])


def test_t4_2_whiskering_on_random_finite_maps():
    # sizes of the oracle: |P| = 2, |P'| = 3, |Q| = |Q'| = 2, |A| = 2, |B| = 3, |C| = 2
    from catcore import FinSet

    n = FinSet
    rng, sets = random.Random(1), Para(FiniteSets())
    for _ in range(20):
        f1 = sets.map(n(2), _random_map(rng, n(2) * n(2), n(3)))
        g1 = sets.map(n(2), _random_map(rng, n(2) * n(3), n(2)))
        alpha = TwoCell(_random_map(rng, n(3), n(2)), f1, n(3))
        beta = TwoCell(_random_map(rng, n(2), n(2)), g1, n(2))
        whole = beta @ alpha
        assert sets.equal(alpha.target >> beta.target, whole.target)
        assert verify(whole).ok


def test_vertical_composition_meets_its_ends():
    r, s = generator("r", Q, P), generator("s", R, Q)
    first = TwoCell(r, f, Q)
    both = first >> TwoCell(s, first.target, R)
    assert (both.r, both.target.params) == (s >> r, (R,))
    with pytest.raises(NotComposable, match="first ends at"):
        TwoCell(s, ParaMap(Q, generator("other", Q * A, B)), R) >> first


def test_whiskering_and_parallel_composition():
    alpha = TwoCell(generator("r", R, P), f, R)
    assert (g @ alpha).target.params == (Q, R)
    assert verify(g @ alpha).ok
    beside = f * g
    assert (beside.params, beside.dom, beside.cod) == ((P, Q), A * B, B * C)
    assert verify(alpha * identity_cell(g)).ok
    assert verify(g * alpha).ok
    assert (f * generator("u", C, C)).params == (P,)


def test_maps_said_on_elements():
    @parametric((Q, P), A * P, A)
    def first(q, p, x):
        return x[0]

    assert first.params == (Q, P)
    assert first.arrow.dom is Q * (P * (A * P))

    @parametric((), A, A)
    def nothing(x):
        return x

    assert nothing.arrow is ident(A)


def test_vector_spaces_and_finite_sets():
    linear = Para(FVect())
    f1, g1 = linear.map(1, sp.ImmutableMatrix([[1, 2]])), linear.map(1, sp.ImmutableMatrix([[3, 4]]))
    both = f1 >> g1
    assert both.arrow == sp.ImmutableMatrix([[3, 4, 8]])  # 3 q + 4 (p + 2 x)
    assert (both.params, both.dom, both.cod) == ((1, 1), 1, 1)
    sets = Para(FiniteSets())
    xor = sets.map(2, finite_map(2 * ident(2).dom, 2, [0, 1, 1, 0]))
    twice = TwoCell(finite_map(2, ident(2).dom * 2, [0, 3]), xor >> xor, 2)  # Δ
    assert twice.target.arrow.args[2] == (0, 1, 0, 1)  # p + (p + x) = x


def test_smooth_maps_as_a_base():
    smooth_maps = Para(Smooth())
    w = smooth_maps.map(Real(2, 3), smooth("matmul", Real(2, 3) * Real(3)))
    tanh = smooth_maps.embedded(smooth("tanh", Real(2)))
    layer = w >> smooth_maps.map(Real(2), smooth("add", Real(2) * Real(2))) >> tanh
    assert layer.params == (Real(2), Real(2, 3))
    halved = TwoCell(smooth("times", Real(2, 3), "1/2"), w, Real(2, 3))
    assert verify(tanh @ halved).ok
    assert not verify(TwoCell(smooth("times", Real(2, 3), "1/2"), w, w)).ok


def test_a_mutated_cell_of_matrices_shows_both_maps():
    f = Para(FVect()).map(1, sp.ImmutableMatrix([[1, 2]]))
    verdict = verify(TwoCell(sp.ImmutableMatrix([[3]]), f, f))["2-cell"]
    assert (verdict.status, verdict.evidence) == ("fails", "symbolic")
    assert verdict.counterexample is not None
    assert (verdict.counterexample.lhs, verdict.counterexample.rhs) == (f.arrow, sp.ImmutableMatrix([[3, 2]]))


def test_restricted_parameters():
    trivial, powers = Para(Cartesian(allowed=())), Para(Cartesian(allowed=(P,)))
    assert trivial.map((), generator("u", A, B)).params == ()
    with pytest.raises(IllTyped, match="allows no parameters"):
        trivial.map(P, f.arrow)
    assert powers.map((P, P), generator("k", P * (P * A), B)).params == (P, P)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ParaMap(P, generator("f", Q * A, B)), r"parameters P, and one out of Q × A was given: P was expected"),
        (lambda: ParaMap(P, generator("f", A, B)), r"P was expected first, and A was found"),
        (lambda: ParaMap((P, Q), generator("f", P * A, B)), r"Q was expected first, and A was found"),
        (lambda: ParaMap(P, f), "one already"),
        (lambda: ParaMap(P, 3), "An arrow of Set is needed here, and 3 was given"),
        (lambda: ParaMap("P", f.arrow), "An object is needed"),
        (lambda: f >> h, r"first ends in B and the second starts in C"),
        (
            lambda: TwoCell(generator("r", P, Q), f, Q),
            r"arrow Q → P, and an arrow P → Q was given. It is the wrong",
        ),
        (
            lambda: TwoCell(generator("r", R, R), f, Q),
            r"arrow Q → P, and an arrow R → R was given. Give an arrow",
        ),
        (lambda: TwoCell(ident(P), f, ParaMap(P, generator("f", P * A, C))), r"A → B with parameter P and A → C with"),
        (lambda: TwoCell(ident(P), cast(Any, ident(P)), P), "starts at a parametric map"),
        (lambda: f >> Para(FVect()).map(1, sp.ImmutableMatrix([[1, 2]])), "within one Para"),
        (lambda: Para(7), "category with products or an actegory"),
        (lambda: Para(Kronecker(), strict=False), "offered where they act by × or ⊕"),
        (lambda: Para(DirectSums()).map(3, sp.ImmutableMatrix([[1, 2]])), r"3 \+ n dimensions"),
        (lambda: Para(Kronecker()).map(2, sp.ImmutableMatrix([[1, 2, 3]])), r"2 · n dimensions"),
        (lambda: layer_order(Para(Kronecker()).map((1, 2), sp.ImmutableMatrix([[1, 2]]))), "no diagonal"),
    ],
)
def test_refusals_show_what_was_found(make, message):
    with pytest.raises((IllTyped, NotComposable, NotParallel), match=message):
        make()
