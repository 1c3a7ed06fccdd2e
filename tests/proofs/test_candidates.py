"""Candidates in blocks are those that one tries one by one: the same models, at the same places, until one fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catcore import FinSet, Law, One, atoms, finite_map, generator, ident, terminal
from catcore.categories.finite_sets import FiniteModel, FiniteModels, computing, tables
from catcore.objects import Ob
from catcore_proofs import candidates
from catcore_proofs.candidates import Candidates
from catcore_proofs.refutation import refute_law
from catcore_proofs.satisfaction import first_differences, satisfied

A, B = atoms("A B")
f, g, u, h = generator("f", A, A), generator("g", A, B), generator("u", One, A), generator("h", B, A)

LAWS = [
    Law("no hypotheses", f >> f >> f, f),
    Law("involutions commute", f >> g >> h, g >> h, given=(Law("f", f >> f, ident(A)), Law("h", h >> g, ident(B)))),
    Law("a point is fixed", u >> f >> f, u, given=(Law("u", u >> f >> f >> f, u),)),
    Law("it holds", f >> g, f >> g, given=(Law("f", f >> f, f),)),
]


def one_by_one(law: Law, sizes: dict[Ob, int], left: int) -> tuple[int, list[int], tuple | None]:
    """The number of candidates met, the places of the models, and the first failure, by trying each in turn."""
    generators, places, met = law.symbols()[1], [], 0

    def grown(model: FiniteModel, position: int) -> Iterator[FiniteModel]:
        nonlocal met
        met += 1
        due = Candidates(law, generators, 100).due.get(position - 1, ())
        if met > left or not all(satisfied(hypothesis, model) for hypothesis in due):
            return
        if position == len(generators):
            places.append(met - 1)
            yield model
            return
        for table in tables(generators[position], model):
            yield from grown(model.extended({generators[position]: table}), position + 1)
            if met > left:
                return

    for model in grown(FiniteModel(sizes), 0):
        number = int(first_differences(law, model))
        if number < model.size(law.lhs.dom):
            return met, places, (dict(model.tables), number)
    return met, places, None


@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize("fewest", [1, 2, 64])
@pytest.mark.parametrize("left", [1, 2, 5, 23, 400])
def test_blocks_are_candidates_one_by_one(monkeypatch, law, fewest, left) -> None:
    monkeypatch.setattr(candidates, "FEWEST", fewest)
    monkeypatch.setattr(candidates, "GROWTH", 1 if fewest < 64 else 4)
    for n, m in ((0, 0), (2, 0), (1, 2), (3, 2), (2, 3)):
        sizes: dict[Ob, int] = {A: n, B: m}
        visit = Candidates(law, law.symbols()[1], 100).over(sizes, left)
        met, places, failure = one_by_one(law, sizes, left)
        in_time = [place for place in visit.before.tolist() if place < left]
        found = visit.found if visit.found and visit.before[-1] < left else None

        assert in_time == places
        assert (visit.met > left) == (met > left) or failure is not None
        assert (None if found is None else (dict(found[0].tables), found[1])) == failure


def test_blocks_are_bounded(monkeypatch) -> None:
    """No operation sees more elements than it may, however many tables there are."""
    monkeypatch.setattr(candidates, "ELEMENTS", 300)
    seen, models = [], candidates.Block.models

    def watched(block: candidates.Block) -> FiniteModels:
        seen.append(block)
        return models(block)

    monkeypatch.setattr(candidates.Block, "models", watched)
    law = Law("it holds", f >> f, f >> f)
    visit = Candidates(law, (f,), 100).over({A: 5}, 2000)

    assert visit.met == 1 + 2001  # the empty beginning, and one more than may be tried, which ends the search
    assert max(block.rows for block in seen) * 5 <= 300
    assert computing() == "numpy"


def test_the_last_table_of_a_later_block_is_found() -> None:
    n = 70
    last = finite_map(FinSet(n), FinSet(2), [0] * (n - 1) + [1])
    point = generator("point", One, FinSet(n))
    found = refute_law(Law("nothing is last", point >> last, terminal(One) >> finite_map(One, FinSet(2), [0])))

    assert found.counterexample is not None
    assert str(found.counterexample).endswith(f"point = {n - 1}: 1 ≠ 0")
    assert found.smallest


def test_models_on_different_sets_are_looked_at_in_their_order() -> None:
    """The first that fails is found, whatever the sets of those before it, and only those count that one looks at."""
    law = Law("idempotence", f >> f, f, given=(Law("f", f >> f >> f >> f, f >> f),))
    maps = [(0, 1), (0,), (1, 2, 0), (0, 1, 2), (1, 0), (2, 1, 0), (0, 0)]
    models = [FiniteModel({A: len(table)}, {f: table}) for table in maps]
    looked, found = Candidates(law, (f,), 100).anywhere(models)

    assert found is not None
    assert (looked, found[0].tables[f], found[1]) == (4, (1, 0), 0)  # the cycle (1, 2, 0) breaks the hypothesis
    assert Candidates(law, (f,), 100).anywhere(models[:4]) == (3, None)
