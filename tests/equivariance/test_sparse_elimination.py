"""Large sparse systems are eliminated row by row as long as they stay sparse (T2.1)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from catcore.equivariance import equivariant_maps
from catcore.equivariance.automata import transition_monoid
from catcore.equivariance.linear_algebra import short_equations, sparse_elimination
from catcore.exact import read_field
from tests.equivariance.test_short_equations import FIELDS, by_elimination, rows, systems


@given(systems(), st.sampled_from(FIELDS))
def test_elimination_in_the_field_agrees(system: np.ndarray, name: str) -> None:
    field = read_field(name)
    assert field is not None
    equations = [{int(j): int(row[j]) for j in row.nonzero()[0]} for row in system]
    found = sparse_elimination.null_space(equations, system.shape[1], field, 10**6)
    assert found == by_elimination(system, field)


@pytest.mark.parametrize("bits", [3, 5, 8])
def test_doubling_is_nilpotent_but_for_its_fixed_point(bits: int) -> None:
    """x ↦ 2x modulo 2^k has 2^(k-j) Jordan blocks of size at least j, and 0: Σ 4^(k-j) + 1 by Frobenius's sum."""
    n = 2**bits
    states = transition_monoid({"d": [2 * x % n for x in range(n)]}).defining
    W = equivariant_maps(states, states)

    assert W.dim == (4**bits - 1) // 3 + 1
    assert W.checked


def test_large_and_small_cores_have_one_basis(monkeypatch: pytest.MonkeyPatch) -> None:
    states = transition_monoid({"a": [x * x % 24 for x in range(24)]}).defining
    dense = list(equivariant_maps(states, states).basis)
    monkeypatch.setattr(short_equations, "MAX_CORE", 0)
    assert list(equivariant_maps(states, states).basis) == dense


def test_what_fills_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    field, rng = read_field("Q"), np.random.default_rng(0)
    assert field is not None
    system = csr_array(rng.integers(1, 9, (40, 50)))
    core: Any = short_equations.shorten(system, 0)
    monkeypatch.setattr(short_equations, "MAX_CORE", 0)
    assert short_equations.eliminated(core, field) is None
    monkeypatch.setattr(short_equations, "FILL", 1000)
    found = short_equations.eliminated(core, field)
    assert found is not None
    assert rows(found.basis) == by_elimination(system.toarray(), field)
