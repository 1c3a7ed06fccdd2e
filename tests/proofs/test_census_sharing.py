"""A census on Dask: blocks of partial solutions are the work of tasks, and no answer depends on how they are cut."""

from __future__ import annotations

from typing import Any

import pytest

from catcore import Id
from catcore.errors import TooLarge
from catcore.theories import monoid, semigroup
from catcore_proofs.census import count_categories, count_models, count_monads, sharing, tables

dask_callbacks = pytest.importorskip("dask.callbacks")

QUESTIONS = {
    "monads": lambda **on: count_monads(Id + Id**2, up_to_isomorphism=True, **on),
    "monads, labelled": lambda **on: count_monads(1 + Id + Id**2, **on),
    "monoids": lambda **on: count_models(monoid, 4, keep=50, **on),
    "semigroups": lambda **on: count_models(semigroup, 3, keep=7, **on),
    "categories": lambda **on: count_categories(5, **on),
    "nothing to fill": lambda **on: count_models(semigroup, 0, keep=1, **on),
}


class Tasks(dask_callbacks.Callback):  # type: ignore[name-defined]
    """How many tasks have run."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def _posttask(self, *_: Any) -> None:
        self.count += 1


@pytest.mark.parametrize(("least", "blocks"), [(256, 16), (1, 3), (1, 1000), (2, 5)])
@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_found_does_not_depend_on_the_blocks(name, least, blocks, monkeypatch) -> None:
    here = QUESTIONS[name]()
    monkeypatch.setattr(sharing, "LEAST", least)
    monkeypatch.setattr(sharing, "BLOCKS", blocks)
    with Tasks() as tasks:
        found = QUESTIONS[name](backend="dask")

    assert found == here
    assert list(found.structures) == list(here.structures)
    assert found.searched == here.searched
    assert found.backend == "dask"
    assert tasks.count > 0


def test_rows_that_are_lost_on_the_way_would_be_missed(monkeypatch) -> None:
    monkeypatch.setattr(sharing, "LEAST", 1)
    monkeypatch.setattr(sharing, "pieces", lambda count, size: (slice(k, k + 1) for k in range(max(1, count - 1))))

    assert QUESTIONS["monoids"](backend="dask").count < QUESTIONS["monoids"]().count


def test_a_search_on_dask_ends_where_that_on_numpy_does(monkeypatch) -> None:
    search = tables.search
    monkeypatch.setattr("catcore_proofs.census.theories.search", lambda problem, *, keep: search(problem, limit=20))
    for backend in ("", "dask"):
        with pytest.raises(TooLarge, match="More than 20 partial tables were met"):
            count_models(semigroup, 3, backend=backend)


@pytest.mark.parametrize("scheduler", ["threads", "synchronous"])
def test_any_scheduler_of_dask_will_do(scheduler) -> None:
    import dask

    with dask.config.set(scheduler=scheduler):
        assert QUESTIONS["monads"](backend="dask") == QUESTIONS["monads"]()
