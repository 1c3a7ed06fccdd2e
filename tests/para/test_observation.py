"""Unfolding, Mealy and Moore cells on batches of arrays, with the worked numbers; lax algebras (T4.5, T4.7)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catcore import Id, ParaMap, R, atoms, generator, parametric, smooth
from catcore.errors import IllTyped
from catcore.objects import mu
from catcore.para import architectures as arch
from catcore.para import extension, outputs, restriction, unrolling
from catcore.para.architectures.elements import on, plus
from catcore.para.free import there_and_back
from catcore_backends import compile_arrow
from catcore_proofs import prove, verify
from tests.para.test_recursion import ALGEBRAS, algebra, decoder, transducer

A, P, S = atoms("A P S")


def numbers(*values):
    return tuple(map(np.array, values))


def test_t4_5_five_outputs_of_the_unfolding_network():
    found = compile_arrow(outputs(decoder, 5))(numbers(1.5, 0.1, 2.0), np.array([0.3, 0.3]))
    flat = []
    while isinstance(found, tuple):
        flat.append(found[0])
        found = found[1]
    expected = [0.6, 1.0010404224, 1.3829538109, 1.6269485866, 1.7336730026]
    assert np.allclose(np.array([*flat, found])[:, 0], expected, atol=1e-9)
    assert np.allclose(np.array([*flat, found])[:, 1], expected, atol=1e-9)


def test_t4_5_three_outputs_of_the_mealy_machine():
    inputs = (np.array([1.0]), (np.array([0.0]), np.array([1.0])))
    run = compile_arrow(outputs(arch.mealy(transducer), 3))
    first, (second, third) = run(numbers(0.8, 0.5, -0.1, 3.0), (np.array([0.0]), inputs))
    assert np.allclose([first[0], second[0], third[0]], [1.8131033134, 0.5984196701, 1.9916684877], atol=1e-9)


def test_t4_5_a_moore_machine_says_zero_first():
    @parametric((R(), R(), R()), R() * R(), R())
    def advance(wi, ws, b, x):
        return on("tanh", plus(on("multiply", wi, x[1]), on("multiply", ws, x[0]), b))

    moore = arch.moore(ParaMap(R(), smooth("multiply", R() * R())), advance)
    inputs = (np.array([1.0]), (np.array([0.0]), np.array([1.0])))
    zeroth, (first, (second, third)) = compile_arrow(outputs(moore, 3))(
        numbers(3.0, 0.8, 0.5, -0.1), (np.array([0.0]), inputs)
    )
    found = [zeroth[0], first[0], second[0], third[0]]
    assert np.allclose(found, [0, 1.8131033134, 0.5984196701, 1.9916684877], atol=1e-9)


def test_many_steps_share_one_copy_and_run():
    cell = arch.unfolding(arch.linear(4, 2), arch.dense(4, 4, "tanh"))
    v, b, w = params = [np.random.default_rng(0).normal(size=p.shape) for p in cell.params]
    found = compile_arrow(outputs(cell, 60))(tuple(params), np.ones((3, 4)))
    state = np.ones((3, 4))
    for _ in range(59):
        assert np.allclose(found[0], state @ v.T)
        state, found = np.tanh(state @ w.T + b), found[1]
    assert np.allclose(found, state @ v.T)


def test_a_memory_cell_runs():
    cell = arch.memory_cell(3, 4, slots=5, width=2)
    rng = np.random.default_rng(1)
    params = tuple(rng.normal(size=p.shape) for p in cell.params)
    states = (rng.normal(size=(2, 4)), rng.normal(size=(2, 5, 2)))
    first, second = compile_arrow(outputs(cell, 2))(params, (states, (np.ones((2, 3)), np.zeros((2, 3)))))
    assert first.shape == second.shape == (2, 2)


@pytest.mark.parametrize("steps", [0, -1, 2.0, True])
def test_steps_are_counted(steps):
    with pytest.raises(IllTyped, match="at least one step"):
        outputs(decoder, steps)


def test_other_cells_are_refused():
    with pytest.raises(IllTyped, match=r"is run step by step, and ℝ\[2\] → ℝ\[3\]"):
        outputs(arch.linear(2, 3), 2)


# ---- cells are lax algebras of the free monad --------------------------------------------------------------------


@pytest.mark.parametrize("shape", ALGEBRAS, ids=str)
def test_t4_7_a_cell_is_a_lax_algebra_of_the_free_monad(shape):
    cell = algebra(shape, P)
    lax = extension(shape, cell)
    report = verify(lax)
    assert {v.evidence for v in report} == {"proved"}, report
    assert verify(lax.comonoid).ok
    assert prove(there_and_back(shape, cell)).evidence == "proved"
    assert restriction(shape, lax).params == (P,)


def test_a_cell_that_shares_wrongly_is_no_lax_algebra():
    cell = algebra(1 + A * Id, P)
    lax = extension(1 + A * Id, cell)
    r = generator("r", P, P)
    wrong = replace(lax, comult=lax.comult >> (r * r))
    assert verify(wrong).status != "holds"
    assert verify(unrolling(mu(1 + A * Id), cell)).ok
