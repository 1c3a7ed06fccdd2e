"""A census on JAX: the parts of a step are compiled for a few numbers of rows, and find what NumPy's arrays find."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catcore.categories.finite_sets import computed_by
from catcore.structures.standard import maybe
from catcore.theories import semigroup
from catcore_proofs.census import compiling, count_algebras, count_models, entries, tables

jax = pytest.importorskip("jax")


@pytest.fixture(autouse=True)
def anew(monkeypatch) -> Any:
    """Integers of 64 bits, and no part is compiled yet."""
    monkeypatch.setattr(tables, "_PARTS", compiling.Parts())
    with jax.enable_x64(True):
        yield


@pytest.fixture
def run(monkeypatch) -> list[Any]:
    """What each run of a compiled part gave."""
    found: list[Any] = []
    jit = jax.jit

    def noted(function: Any, **options: Any) -> Any:
        compiled = jit(function, **options)

        def part(*given: Any) -> Any:
            found.append(compiled(*given))
            return found[-1]

        return part

    monkeypatch.setattr(jax, "jit", noted)
    return found


def test_a_step_is_taken_by_what_jax_compiled(run) -> None:
    here = count_models(semigroup, 2, keep=9)
    found = count_models(semigroup, 2, keep=9, backend="jax")

    assert (found, found.structures, found.backend) == (here, here.structures, "jax")
    assert len(run) > 5
    assert all(isinstance(x, jax.Array) for part in run for x in part)


def test_what_is_found_does_not_depend_on_how_rows_are_filled_up(monkeypatch) -> None:
    monkeypatch.setattr(compiling, "LEAST", 3)
    monkeypatch.setattr(compiling, "TIMES", 4)
    here = count_algebras(maybe(), 3)
    found = count_algebras(maybe(), 3, backend="jax")

    assert (found, found.structures, found.searched) == (here, here.structures, here.searched)


def test_numbers_of_rows_that_parts_are_compiled_for() -> None:
    with computed_by("jax"):
        assert [compiling.enough(n) for n in (1, 256, 257, 4096, 4097)] == [256, 256, 4096, 4096, 65536]
        assert [compiling.at_most(n) for n in (1, 100, 256, 300, 4096, 70000)] == [1, 100, 256, 256, 4096, 65536]
    assert compiling.enough(257) == compiling.at_most(257) == 257


def test_places_of_flags_that_are_not_set_are_read_and_written_nowhere() -> None:
    x, flags = np.arange(12).reshape(3, 4), np.asarray([[True, False, False, True]] * 3)

    def part(x: Any, flags: Any) -> Any:
        at = entries.places(flags)
        return entries.entries(x, *at), entries.written(x, at, -x[at[0] * 0, 0]), entries.rows_of(x > 4, flags[:, 0])

    with computed_by("jax"):
        read, written, rows = jax.jit(entries.traced(part))(x, flags)

    assert read.tolist() == np.where(flags, x, entries.FAR).reshape(-1).tolist()
    assert written.tolist() == np.where(flags, 0, x).tolist()
    assert rows.tolist() == (x > 4).tolist()


def test_places_that_are_not_far_outside_would_be_noticed(monkeypatch) -> None:
    monkeypatch.setattr(entries, "FAR", 0)

    assert count_models(semigroup, 2, backend="jax").count != count_models(semigroup, 2).count
