"""Rows added to tables at places that may be the same, on every library, beside NumPy's own addition (T4.6)."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catcore_backends.recursion.row_sums import added_at, scattered


@st.composite
def additions(draw):
    """A table, rows, and places in any order: some twice, some missing, or none at all."""
    size = draw(st.integers(1, 7))
    places = np.asarray(draw(st.lists(st.integers(0, size - 1), max_size=20)), np.int64)
    axes = draw(st.sampled_from([(), (3,), (2, 3), (0,)]))
    own = np.random.default_rng(draw(st.integers(0, 99)))
    return own.normal(size=(size, *axes)), own.normal(size=(len(places), *axes)), places


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(additions())
def test_rows_are_added_as_numpy_adds_them(library, addition):
    check(library, *addition)


def check(library, table, rows, places):
    wanted = table.copy()
    np.add.at(wanted, places, rows)
    xp = library.xp
    with may_compute(library):
        found = added_at(xp, +library.array(table), library.array(rows), library.array(places))
        alone = scattered(xp, library.array(rows), library.array(places), len(table))
    np.testing.assert_allclose(library.numpy(found), wanted, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(library.numpy(alone), wanted - table, rtol=1e-10, atol=1e-13)


@contextlib.contextmanager
def may_compute(library):
    """Dask must not, before it is asked to."""
    if library.name != "dask":
        yield
        return
    import dask

    def computed(*_, **__):
        pytest.fail("Dask was made to compute")

    with dask.config.set(scheduler=computed):
        yield


def test_infinite_rows_stay_where_they_are_added(library):
    rows, places = np.asarray([1.0, np.inf, 2.0, 3.0, np.nan]), np.asarray([0, 2, 0, 3, 1])
    check(library, np.zeros(5), rows, places)


def test_many_rows_at_one_place_lose_no_digits(library):
    rows = np.random.default_rng(0).normal(size=(5000, 1)) * 1e6
    found = scattered(library.xp, library.array(rows), library.array(np.zeros(5000, np.int64)), 1)

    np.testing.assert_allclose(library.numpy(found)[0, 0], np.sum(rows), rtol=1e-12)


def test_a_stretch_of_the_table_may_hear(library):
    found = added_at(library.xp, +library.array(np.ones((4, 2))), library.array(np.ones((2, 2))), slice(1, 3))

    assert library.numpy(found).tolist() == [[1, 1], [2, 2], [2, 2], [1, 1]]
