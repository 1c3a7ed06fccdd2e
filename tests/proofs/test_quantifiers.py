"""Hypotheses about every map and set: proofs by instances, refutations by trying all maps, mutants refused."""

from __future__ import annotations

import copy
import itertools as it
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore import Functor, One, atoms, fold, functor, generator, ident, in_, mu
from catcore.arrows import Arrow, pair
from catcore.categories.finite_sets import FiniteModel, tables
from catcore.errors import IllTyped
from catcore.laws import Law, epi, mono
from catcore.objects import Ob
from catcore_proofs import prove, replay
from catcore_proofs.evaluation import Rejected
from catcore_proofs.latex import latex
from catcore_proofs.satisfaction import satisfied, sizes_to_test

A, B, W, X, Y, Z = atoms("A B W X Y Z")
g, h = generator("g", X, Y), generator("h", Y, Z)
k, l = generator("k", W, X), generator("l", W, X)
p, q = generator("p", Y, W), generator("q", Y, W)
a, b, c = (generator(name, X, X) for name in "abc")
f = generator("f", X, X)
central = Law("c is central", f >> c, c >> f).forall(f)
numerals = mu(lambda N: 1 + N)
layer = functor(lambda N: 1 + N)
step = generator("step", 1 + A, A)
u, v = generator("u", numerals, A), generator("v", numerals, A)


def equal(lhs: Arrow, rhs: Arrow) -> Law:
    return Law(f"{lhs} = {rhs}", lhs, rhs)


def unique() -> Law:
    """There is at most one homomorphism out of the numerals."""
    m, n = generator("m", numerals, A), generator("n", numerals, A)
    return Law("unique", m, n, tuple(equal(in_(numerals) >> x, layer(x) >> step) for x in (m, n))).forall(m, n)


T = Functor.variable("T")
F, G = generator("F", A, B), generator("G", A, B)
over, under = generator("over", T(X), X), generator("under", T(Y), Y)
s, r, any_map = generator("s", X, Y), generator("r", X, X), generator("any", X, Y)
homomorphic = Law("every map is one of algebras", T(any_map) >> under, over >> any_map).forall(any_map)
subterminal = Law("X is subterminal", generator("x", Z, X), generator("y", Z, X)).forall(
    Z, generator("x", Z, X), generator("y", Z, X)
)
initial_map = generator("i", A, X)
only = Law("one map from A", initial_map, generator("j", A, X)).forall(initial_map, generator("j", A, X))

PROVED = {
    "what is mono cancels": (k, l, [equal(k >> g, l >> g), mono(g)]),
    "monos compose": (k, l, [equal(k >> g >> h, l >> g >> h), mono(g), mono(h)]),
    "the first factor of a mono is mono": (k, l, [equal(k >> g, l >> g), mono(g >> h)]),
    "what is epi cancels": (p, q, [equal(g >> p, g >> q), epi(g)]),
    "the last factor of an epi is epi": (
        generator("p", Z, W), generator("q", Z, W),
        [equal(h >> generator("p", Z, W), h >> generator("q", Z, W)), epi(g >> h)],
    ),
    "a mono that is split epi has an inverse": (
        g >> generator("e", Y, X), ident(X), [equal(generator("e", Y, X) >> g, ident(Y)), mono(g)],
    ),
    "an epi that is split mono has an inverse": (
        generator("e", Y, X) >> g, ident(Y), [equal(g >> generator("e", Y, X), ident(X)), epi(g)],
    ),
    "what is central commutes with composites": (a >> b >> c, c >> a >> b, [central]),
    "what is central commutes with itself and others": (a >> c >> b >> c, c >> c >> a >> b, [central]),
    "homomorphisms out of the numerals": (
        u, v, [unique(), *(equal(in_(numerals) >> x, layer(x) >> step) for x in (u, v))],
    ),
    "the fold is the homomorphism": (u, fold(numerals, step), [unique(), equal(in_(numerals) >> u, layer(u) >> step)]),
    "subterminal objects": (a >> b, ident(X), [subterminal]),
    "one map from A": (F >> generator("t", B, X), G >> generator("t", B, X), [only]),
    "every map is a homomorphism": (T(r >> s) >> under, over >> r >> s, [homomorphic]),
    "a pair of monos is mono": (k, l, [mono(g), equal(k >> pair(g, g), l >> pair(g, g))]),
}  # fmt: skip


@pytest.mark.parametrize(("lhs", "rhs", "hypotheses"), PROVED.values(), ids=PROVED)
def test_proved_by_instances(lhs: Arrow, rhs: Arrow, hypotheses: list[Law]):
    verdict = prove(lhs, rhs, given=hypotheses)

    assert verdict.evidence == "proved", str(verdict)
    replay(verdict.certificate)


FALSE = {
    "a map that is not mono": (k, l, [equal(k >> g, l >> g)], {"X": 2}),
    "epis are not mono": (k, l, [equal(k >> g, l >> g), epi(g)], {"X": 2}),
    "monos are not epi": (p, q, [equal(g >> p, g >> q), mono(g)], {}),
    "other maps do not commute": (a >> b, b >> a, [central], {"X": 2}),
    "the second factor of a mono": (
        generator("p", A, Y), generator("q", A, Y),
        [equal(generator("p", A, Y) >> h, generator("q", A, Y) >> h), mono(g >> h)], {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lhs", "rhs", "hypotheses", "sizes"), FALSE.values(), ids=FALSE)
def test_refuted_where_all_maps_are_tried(lhs: Arrow, rhs: Arrow, hypotheses: list[Law], sizes: dict[str, int]):
    verdict = prove(lhs, rhs, given=hypotheses)

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert sizes.items() <= verdict.counterexample.sizes.items()


def test_without_its_hypothesis_or_with_a_weaker_one_nothing_is_proved():
    induction = {"homomorphisms out of the numerals", "the fold is the homomorphism"}
    for name, (lhs, rhs, hypotheses) in PROVED.items():
        if name not in induction:
            assert prove(lhs, rhs, given=[x for x in hypotheses if not x.every]).status != "holds", name


def test_there_may_be_no_map_of_a_type():
    """Nothing follows for X from what holds for every point of W: W may be empty."""
    point = generator("point", One, W)
    vacuous = Law("a = b, were there a point", a, b).forall(point)

    verdict = prove(a, b, given=[vacuous])

    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert verdict.counterexample.sizes["W"] == 0


def test_what_a_map_of_the_law_goes_between_is_not_put_for_other_sets():
    """``c`` is a map of X alone: from c central at X nothing follows for another set."""
    d, e = generator("d", Y, Y), generator("e", Y, Y)
    moving = Law("central, of every set", f >> c, c >> f).forall(X, f)

    assert prove(d >> e, e >> d, given=[moving]).status != "holds"


def certified(lhs: Arrow, rhs: Arrow, hypotheses: list[Law]) -> dict[str, Any]:
    found = prove(lhs, rhs, given=hypotheses).certificate
    assert found is not None
    return found


def test_no_mutated_instance_is_accepted():
    refused = 0
    for case in PROVED.values():
        certificate = certified(*case)
        schemes = [lemma for lemma in certificate["lemmas"] if "scheme" in lemma]
        for i, lemma in enumerate(schemes):
            for mutant in mutants(certificate, i, lemma):
                try:
                    replay(mutant)
                except Rejected:
                    refused += 1
                else:  # what is accepted must be as true as before
                    assert mutant["statement"] == certificate["statement"]
    assert refused > 40


def mutants(certificate: dict[str, Any], i: int, lemma: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def changed(**parts: object) -> dict[str, Any]:
        mutant = copy.deepcopy(certificate)
        mutant["lemmas"][i].update(parts)
        return mutant

    yield changed(scheme=len(certificate["statement"]["schemes"]))
    yield changed(types={})
    yield changed(terms={})
    yield changed(terms=dict.fromkeys(lemma["terms"], ("gen", "no such map")))
    for name in lemma["terms"]:
        yield changed(terms={**lemma["terms"], name: ("!",)})
        yield changed(terms={**lemma["terms"], name: ("gen", name)})
    if lemma["proofs"]:
        yield changed(proofs=[])
        yield changed(proofs=[("same",) for _ in lemma["proofs"]])
    if lemma["types"]:
        yield changed(types=dict.fromkeys(lemma["types"], "1"))
        yield changed(types=dict.fromkeys(lemma["types"], ("h", 0)))
    without = copy.deepcopy(certificate)
    del without["lemmas"][i]
    yield without
    weaker = copy.deepcopy(certificate)
    del weaker["statement"]["schemes"]
    yield weaker


def test_a_condition_that_does_not_hold_is_not_skipped():
    certificate = certified(k, l, [equal(k >> g, l >> g), mono(g)])
    certificate["statement"]["given"] = []

    with pytest.raises(Rejected):
        replay(certificate)


def test_articles_say_which_instance_is_used():
    certificate = certified(k, l, [equal(k >> g, l >> g), mono(g)])

    assert "This is (S1) for" in latex(certificate)
    assert "for all" in latex(certificate)


def test_a_law_says_what_it_is_for_every_one_of():
    assert "for every f : X → X" in str(Law("x", a >> c, c >> a, (central,)))
    with pytest.raises(IllTyped, match="every atom or generator"):
        Law("x", a, b, every=(a >> b,))
    assert set(Law("x", k, l, (mono(g),)).symbols()[1]) == {g, k, l}


def test_sizes_that_are_enough_to_check_a_hypothesis():
    assert list((sizes_to_test(mono(g)) or {}).values()) == [1]
    assert list((sizes_to_test(epi(g)) or {}).values()) == [2]
    assert sizes_to_test(central) == {}
    assert sizes_to_test(naturality_like()) is None


def naturality_like() -> Law:
    """Z stands on both sides: no one set is enough."""
    z = generator("z", Z, Z)
    return Law("all maps are the identity", z, ident(Z)).forall(Z, z)


@pytest.mark.parametrize("law", [mono(g), epi(g), mono(g >> h), epi(pair(g, g))], ids=str)
def test_such_a_size_decides_as_larger_sets_do(law: Law):
    """On all small tables, the hypothesis at the testing size holds exactly when it does at sizes 0 to 3."""
    ((z, _),) = (sizes_to_test(law) or {}).items()
    free = [x for x in law.symbols()[1] if x not in law.every] + [
        x for x in law.given[0].symbols()[1] if x not in law.every and x not in law.symbols()[1]
    ]
    maps = [x for x in law.every if isinstance(x, Arrow)]
    for sizes in it.product(range(3), repeat=3):
        model = FiniteModel(dict(zip((X, Y, Z), sizes, strict=True)))
        for chosen in it.islice(it.product(*(tables(x, model) for x in free)), 40):
            interpreted = FiniteModel(model.sizes, dict(zip(free, chosen, strict=True)))
            everywhere = all(holds(law, maps, interpreted, z, n) for n in range(4))
            assert satisfied(law, interpreted) == everywhere


def holds(law: Law, maps: list[Arrow], model: FiniteModel, z: Ob, n: int) -> bool:
    sized = FiniteModel({**model.sizes, z: n}, model.tables)
    plain = Law(law.name, law.lhs, law.rhs, law.given)
    return all(
        satisfied(plain, FiniteModel(sized.sizes, {**sized.tables, **dict(zip(maps, chosen, strict=True))}))
        for chosen in it.product(*(tables(x, sized) for x in maps))
    )


# ---- soundness -------------------------------------------------------------------------------------------------------

words = st.lists(st.sampled_from([a, b, c]), max_size=3).map(lambda fs: ident(X) if not fs else _composed(fs))


def _composed(fs: Sequence[Arrow]) -> Arrow:
    found = fs[0]
    for x in fs[1:]:
        found = found >> x
    return found


patterns = st.lists(st.sampled_from([a, b, f, f]), min_size=1, max_size=3).map(_composed)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(patterns, patterns, st.none() | st.tuples(patterns, patterns), words, words)
def test_random_hypotheses_about_every_map_give_nothing_false(lhs, rhs, condition, left, right):
    """On the sets of 1 and 2 points, whatever is proved holds where the hypothesis does."""
    conditions = () if condition is None else (Law("condition", *condition),)
    law = Law("random", lhs, rhs, conditions).forall(f)
    verdict = prove(left, right, given=[law])
    models = [
        FiniteModel({X: n}, dict(zip((a, b, c), chosen, strict=True)))
        for n in (1, 2)
        for chosen in it.product(*(tables(x, FiniteModel({X: n})) for x in (a, b, c)))
    ]
    broken = [m for m in models if satisfied(law, m) and not satisfied(Law("goal", left, right), m)]
    if verdict.status == "holds":
        assert not broken
    if broken:
        assert verdict.status == "fails"
