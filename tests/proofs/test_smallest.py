"""The smallest counterexample, beside a search that tries one table after the other on plain Python values.

Hypotheses have conditions and are about every map; blocks of candidates have any lengths.  What the search leaves out
is the same for all lengths.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from catcore import FinSet, Functor, Law, One, atoms, fst, generator, ident, pair, snd, terminal
from catcore.arrows import Arrow, curry, ev
from catcore.categories.finite_sets import FiniteModel, FiniteModels, computed_by
from catcore.datatypes.hylomorphisms import hylo
from catcore.errors import TooLarge
from catcore.functors import Id
from catcore.objects import Ob
from catcore.theories import Theory
from catcore_proofs import candidates, prove, refute
from catcore_proofs.algebraic import reading
from catcore_proofs.candidates import Candidates
from catcore_proofs.census import count_models
from catcore_proofs.refutation import _compositions, refute_law
from catcore_proofs.satisfaction import satisfied
from catcore_proofs.translation import kind, named_statement
from tests.proofs import models, strategies

A, B, N = atoms("A B N")
f, g = generator("f", A, A), generator("g", A, A)
Sizes = dict[str, int]
Chosen = dict[Arrow, dict[Any, Any]]


def sides(law: Law, sizes: Sizes, chosen: Chosen) -> Iterator[bool]:
    """For each element, whether both sides agree there."""
    said, names = named_statement(Law("", law.lhs, law.rhs))
    tables = {name: chosen[g] for g, name in names.items()}
    for x in models.elements(said["dom"], sizes):
        left, right = (models.run(said[side], x, sizes, tables) for side in ("lhs", "rhs"))
        yield left == right


def possible(maps: Sequence[Any], sizes: Sizes) -> Iterator[Chosen]:
    """All tables of some maps, the first one's changing least."""
    ends = [(models.elements(kind(m.dom), sizes), models.elements(kind(m.cod), sizes)) for m in maps]
    assume(prod(len(cod) ** len(dom) for dom, cod in ends) <= 1000)
    for values in it.product(*(it.product(cod, repeat=len(dom)) for dom, cod in ends)):
        yield {m: dict(zip(dom, v, strict=True)) for m, (dom, _), v in zip(maps, ends, values, strict=True)}


def holds(law: Law, sizes: Sizes, chosen: Chosen) -> bool:
    """Whether a law is true, for all maps that it is about, where its conditions are."""
    return all(
        not all(holds(c, sizes, tables) for c in law.given) or all(sides(law, sizes, tables))
        for tables in ({**chosen, **more} for more in possible(law.every, sizes))
    )


def first(law: Law, sizes: dict[Ob, int]) -> tuple[dict[Arrow, list[int]], int] | None:
    """The first tables with which the hypotheses hold and the law does not, and the first element."""
    named, (_, maps) = {str(a): n for a, n in sizes.items()}, law.symbols()
    for chosen in possible(maps, named):
        if all(holds(h, named, chosen) for h in law.given):
            agree = list(sides(law, named, chosen))
            if not all(agree):
                cods = {m: models.elements(kind(m.cod), named) for m in maps}
                return {m: [cods[m].index(v) for v in chosen[m].values()] for m in maps}, agree.index(False)
    return None


@st.composite
def laws(draw: Any, every: bool = False) -> Law:
    """Two parallel terms; they start at a small object, so that tables are few."""
    dom, cod = draw(strategies.objects(1)), draw(strategies.objects(1))
    one, other = (draw(strategies.terms(dom, cod, 2)) for _ in range(2))
    return Law("law", one, other).forall(*([draw(st.sampled_from(strategies.SIGNATURE))] if every else []))


HYPOTHESES = st.one_of(
    laws(), st.builds(lambda h, c: h.under([c]), st.one_of(laws(), laws(every=True)), laws()), laws(every=True)
)


CENTRAL = Law("central", f >> g, g >> f).forall(f)  # of f the law itself speaks as well


@example(Law("law", g >> f, f), [CENTRAL], (64, 4, 200_000))
@example(Law("law", f >> f, f), [CENTRAL.under([Law("c", f >> f, f)])], (64, 4, 200_000))
@given(laws(), st.lists(HYPOTHESES, max_size=2), st.sampled_from([(1, 1, 9), (2, 1, 1), (3, 2, 40), (64, 4, 200_000)]))
def test_the_first_failure_is_that_of_a_plain_search(law, given, lengths) -> None:
    law, (few, growth, most) = law.under(given), lengths
    law_atoms, maps = law.symbols()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("FEWEST", few), ("GROWTH", growth), ("ELEMENTS", most)):
            patch.setattr(candidates, name, value)
        for total in range(3 if law_atoms else 1):
            for numbers in _compositions(total, len(law_atoms)):
                sizes: dict[Ob, int] = dict(zip(law_atoms, numbers, strict=True))
                found = Candidates(law, maps, 10_000).over(sizes, 100_000).found
                shown = found and ({m: list(found[0].tables[m]) for m in maps}, found[1])

                assert shown == first(law, sizes)


# ---- what was wrong once ---------------------------------------------------------------------------------------------

SWAP, DOUBLED = pair(snd(A, A), fst(A, A)), pair(ident(A), ident(A))


def test_a_map_that_only_a_condition_mentions_has_tables() -> None:
    """Operations that hypotheses under conditions speak of are no part of a theory, and had no tables there."""
    m, t = generator("m", A * A, A), generator("t", A * A * A, A)
    unless = Law("t is its last part", t, snd(A * A, A), (Law("c", fst(A, A) >> DOUBLED >> m, m),))
    law = Law("law", SWAP >> m, m, (unless,))
    found = refute_law(law, models=2000)

    assert reading(law) is None
    assert reading(Law("law", SWAP >> m, m, (Law("associative", DOUBLED >> m, ident(A)),))) is not None
    assert found.counterexample is not None
    assert found.counterexample.sizes == {"A": 2}
    assert "no finite sets" not in found.tried


def test_functions_of_very_many_arguments_are_refused() -> None:
    """There is one function to the point, and it has as many values as there are arguments."""
    many = FinSet(10**9)
    for model in (FiniteModel(), FiniteModels()):
        with pytest.raises(TooLarge, match="too long to write down"):
            model.size(One**many)
        x = model.elements(One)
        for term in (curry(terminal(One * many)), ev(many, One)):
            with pytest.raises(TooLarge):
                model.apply(term, x)
        short = model.apply(curry(terminal(One * FinSet(9000))), x)
        assert short.reshape(-1).tolist() == [0]
    point, function = generator("point", A, many), generator("function", A, One**many)
    law = Law("law", pair(function, point) >> ev(many, One), terminal(A))
    assert prove(Law("law", f, g, (law,))).status == "unknown"


def test_functions_made_for_too_many_elements_are_refused() -> None:
    large, bits = FinSet(4_000_000), FinSet(2)
    made = curry(snd(large, FinSet(20)) >> generator("h", FinSet(20), bits))
    assert refute_law(Law("law", made, curry(terminal(large * FinSet(20)) >> generator("k", One, bits)))).tried


def test_no_map_is_tried_where_there_is_none() -> None:
    """Of maps from A to B there are none, and of those from A to A ten thousand million."""
    q, k = generator("q", A, B), generator("k", A, A)
    assert satisfied(Law("law", k >> q, q).forall(q, k), FiniteModel({A: 10, B: 0}))
    assert satisfied(Law("law", k >> q, q).forall(k, q), FiniteModel({A: 10, B: 0}))


@pytest.mark.parametrize("lengths", [(1, 1), (64, 4)])
def test_conclusions_too_large_to_look_at_leave_out_the_same_in_all_blocks(monkeypatch, lengths) -> None:
    for name, value in zip(("FEWEST", "GROWTH"), lengths, strict=True):
        monkeypatch.setattr(candidates, name, value)
    large = A ** (A ** FinSet(6))
    unless = Law("h", snd(large, A) >> f, snd(large, A), (Law("c", f, ident(A)),))
    search = Candidates(Law("law", f >> f, f, (unless,)), (f,), 100)

    assert search.over({A: 2}, 100).found is None
    assert not search.thorough


def test_blocks_are_short_where_functions_or_conditions_are_about_many_elements() -> None:
    def most(law: Law, size: int) -> int:
        return Candidates(law, law.symbols()[1], 100)._most({A: size})

    wide, forty = FinSet(50_000), FinSet(40)
    unless = Law("h", f, f, (Law("c", snd(wide, A) >> f, snd(wide, A)),))
    made = curry(snd(A, forty) >> generator("k", forty, One + One))
    power = (Id**forty)(f)

    assert most(Law("law", f, g, (unless,)), 4) == 1
    assert most(Law("law", made, made), 4) == candidates.ELEMENTS // 160
    assert most(Law("law", power, power), 1) == candidates.ELEMENTS // 40


def test_models_of_the_same_sets_may_name_them_in_any_order() -> None:
    m = generator("m", A, B)
    first, second = FiniteModel({A: 1, B: 2}, {m: (0,)}), FiniteModel({B: 1, A: 2}, {m: (0, 0)})
    assert Candidates(Law("law", m, m), (m,), 100).anywhere([first, second]) == (2, None)


def test_models_extended_keep_what_varies() -> None:
    rows = FiniteModel().namespace.asarray([[0, 0], [1, 1]])
    both = FiniteModels({A: 2}, varying={f: rows, g: rows}).extended({g: (1, 0)})
    assert both.apply(f, both.elements(A)).tolist() == [[0, 0], [1, 1]]
    assert both.apply(g, both.elements(A)).tolist() == [[1, 0]]


def test_a_model_computes_where_it_is_asked() -> None:
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    model = FiniteModel({A: 2}, {f: (1, 0)})
    before = model.apply(f, model.elements(A))
    with computed_by("torch"):
        assert isinstance(model.apply(f, model.elements(A)), torch.Tensor)
    assert type(model.elements(A)) is type(before)


@pytest.mark.parametrize("backend", ["numpy", "array-api-strict"])
def test_recursion_is_followed_on_every_backend(backend) -> None:
    h = hylo(One + Id, generator("a", One + A, A), generator("c", N, One + N))
    found = refute(h >> f, h, backend=backend)
    assert found is not None
    assert found.sizes == {"A": 2, "N": 1}


@pytest.mark.parametrize("backend", ["numpy", "array-api-strict"])
def test_a_counterexample_at_an_instance_says_whose_arrays_it_rests_on(backend) -> None:
    functor = Functor.variable("T")
    assert prove(functor(f), ident(functor(A)), backend=backend).backend == backend


@pytest.mark.parametrize("size", range(4))
def test_equations_without_variables_have_one_instance(size) -> None:
    """Of the n·nⁿ ways to choose a point q and a map p, one in n has p(q) = q."""
    theory = Theory(
        "pointed map",
        ("A",),
        lambda a: {"p": (a, a), "q": (One, a)},
        lambda m: {"fixed": (One, lambda _: m.q(()), lambda _: m.p(m.q(())), m.carriers[0])},
    )
    found = count_models(theory, size, up_to_isomorphism=True)

    assert found.count == (size**size if size else 0)
    assert found.up_to_isomorphism == [0, 1, 2, 6][size]  # OEIS A126285: partial maps of n − 1 elements, up to renaming
