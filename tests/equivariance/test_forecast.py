"""Elimination or spinning: what is chosen, that the other would take far longer, and that both agree."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from catcore.equivariance import SO, Representation, cyclic, equivariant_maps, free_monoid, full_transformation_monoid
from catcore.equivariance.certificates import checks
from catcore.equivariance.linear_algebra import reduction, short_equations
from catcore.equivariance.strategies import forecast, null_space
from catcore.equivariance.strategies.system import System
from catcore.exact import RATIONALS
from tests.equivariance.matrix_cases import Rows, blocks, conjugated, over, unit

MUCH = 20  # times as many multiplications


def system_of(rho: Representation, tau: Representation | None = None) -> System:
    field = rho.field if tau is None else rho.field.join(tau.field)
    return System(checks.exact_pairs(rho, rho if tau is None else tau, field), field)


def core_of(system: System) -> short_equations.Core:
    assert system.integers is not None
    return short_equations.shorten(null_space._kronecker(system.integers), system.over.characteristic)


def spinning_work(system: System) -> int:
    return system.plans(next(iter(reduction.places(system.over))))[0].work


def rotations(seed: int | None) -> Representation:
    """Infinitesimal rotations of space, which in another basis preserve a form that is not diagonal."""
    given: dict[str, Rows] = {"x": unit(3, (1, 2, -1), (2, 1, 1)), "y": unit(3, (0, 2, 1), (2, 0, -1))}
    return Representation.lie({g: rows if seed is None else conjugated(rows, seed) for g, rows in given.items()})


# The two bad cases ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "dim"), [(3, 15), (4, 91)])
def test_rotations_of_four_vectors_are_not_eliminated(k: int, dim: int) -> None:
    """so(3) 4→4 is a system of 6561 unknowns that fills in; three vectors generate (T1.12 q)."""
    hidden, plain = rotations(5).tensor(k), rotations(None).tensor(k)
    W = equivariant_maps(hidden, hidden)

    assert (W.dim, W.checked) == (dim, True)
    assert W.how.startswith(("spinning", "highest weights modulo")), W.how
    core = core_of(system_of(plain))
    assert core.work > MUCH * spinning_work(system_of(plain))
    assert equivariant_maps(plain, plain).dim == dim


MONOMIAL: dict[str, tuple[Rows, int]] = {
    "sixteen cycles of length 4": (blocks(*[unit(4, (1, 0, 1), (2, 1, 1), (3, 2, 1), (0, 3, -1))] * 16), 16 * 16 * 4),
    "sixteen nilpotent blocks": (blocks(*[unit(4, (1, 0, 1), (2, 1, 1), (3, 2, 1))] * 16), 16 * 16 * 4),
    "weighted cycles": (blocks(*[unit(4, (1, 0, 2), (2, 1, 1), (3, 2, 1), (0, 3, "1/2"))] * 12), 12 * 12 * 4),
    "scalings": (blocks(*[[[i % 4]] for i in range(48)]), 4 * 12 * 12),
}


@pytest.mark.parametrize("name", MONOMIAL)
def test_sparse_monomial_matrices_are_not_spun(name: str) -> None:
    """As many vectors as there are blocks would be needed to generate."""
    rows, dim = MONOMIAL[name]
    rho = over(None, rows)
    W = equivariant_maps(rho, rho)

    assert (W.dim, W.checked) == (dim, True)
    assert "spinning" not in W.how.split(";")[0]
    assert spinning_work(system_of(rho)) > 1000 * len(rows) ** 2


# Between them -----------------------------------------------------------------------------------------------------

BETWEEN: dict[str, tuple[Any, bool]] = {
    "symmetric squares in four dimensions": (SO(4).defining.sym(2).tensor(2), False),
    "rotations beside a shift": (SO(3).defining.outer(cyclic(4).defining).tensor(2), True),
    "symmetric squares to bivectors": ((SO(5).defining.sym(2).tensor(2), SO(5).defining.alt(2).tensor(2)), True),
    "an automaton": (full_transformation_monoid(4).defining.tensor(2), True),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_the_smaller_number_wins_and_both_ways_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pair, eliminates = BETWEEN[name]
    rho, tau = pair if isinstance(pair, tuple) else (pair, pair)
    system = system_of(rho, tau)
    chosen = null_space.solve(system.pairs, rho.degree, tau.degree, system.over)
    monkeypatch.setattr(forecast, "QUICK", 0)
    foreseen = forecast.foresee(core_of(system), system)
    other = null_space.eliminated(system, rho.degree, tau.degree)

    assert foreseen.spinning is not None
    assert foreseen.eliminate is eliminates
    assert chosen.how.startswith("spinning") is not eliminates
    assert [m.to_dok() for m in chosen.matrices] == [m.to_dok() for m in other.matrices]


@pytest.mark.parametrize(
    ("rho", "dim", "begins"),
    [
        (SO(4).defining.sym(2).tensor(2), 20, "spinning"),
        (SO(4).defining.alt(2) @ SO(4).defining, 6, ""),
    ],
    ids=str,
)
def test_what_was_foreseen_is_recorded(
    rho: Representation, dim: int, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "QUICK", 0)
    found = null_space.solve(system_of(rho).pairs, rho.degree, rho.degree, rho.field)

    assert len(found.matrices) == dim
    assert found.how.startswith(begins)
    assert re.search(r"multiplications foreseen by elimination and .* by spinning", found.how), found.how


def test_more_equations_than_unknowns_are_combined_at_random(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many generators say the same again; a few more combinations than unknowns say it all, in any characteristic."""
    for field in (None, "GF(2)", "GF(3)"):
        turns = {f"g{k}": unit(4, (k % 4, (k + 1) % 4, 1), (k % 3, k % 4, 1), (3, 3, 1)) for k in range(40)}
        rho = Representation(free_monoid(*turns), turns, field=field)
        core = core_of(system_of(rho))
        found = short_equations.eliminated(core, rho.field)
        monkeypatch.setattr(short_equations, "CONFIRMING_BITS", 10**6)
        whole = short_equations.eliminated(core, rho.field)
        monkeypatch.undo()
        assert found is not None
        assert whole is not None
        assert [m.to_dok() for m in found.basis] == [m.to_dok() for m in whole.basis]


def test_a_combination_too_few_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant leaves vectors that do not satisfy the equations: they are put back, and refused."""
    counting, ones = np.arange(3), np.ones(3, np.int64)
    core = short_equations.Core(counting, ones, 3, csr_array([[1, 1, -2], [1, 2, -3], [2, 1, -3], [1, -1, 4]]))
    assert len(short_equations.eliminated(core, RATIONALS).basis) == 0  # type: ignore[union-attr]
    monkeypatch.setattr(short_equations, "CONFIRMING_BITS", -46)
    monkeypatch.setattr(short_equations, "MAX_PRIMES", 5)
    assert short_equations.eliminated(core, RATIONALS) is None
