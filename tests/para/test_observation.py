"""Unfolding, Mealy and Moore cells on batches of arrays, with the worked numbers; lax algebras (T4.5, T4.7)."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from catcore import Id, ParaMap, R, atoms, generator, parametric, smooth, snd
from catcore.arrows import formers
from catcore.errors import IllTyped, ShapeMismatch
from catcore.objects import mu
from catcore.para import architectures as arch
from catcore.para import extension, outputs, restriction, unrolling
from catcore.para.actegories import flat, nest
from catcore.para.architectures.elements import on, plus
from catcore.para.free import there_and_back
from catcore.para.observation import transduction
from catcore.structures.lists import LIST, cons, nil
from catcore.tracing import trace
from catcore_backends import compile_arrow
from catcore_backends.recursion.machines import compile_machine
from catcore_proofs import prove, verify
from tests.para.test_recursion import ALGEBRAS, algebra, decoder, transducer

A, P, S = atoms("A P S")


def numbers(*values):
    return tuple(map(np.array, values))


@pytest.mark.usefixtures("everywhere")
def test_t4_5_five_outputs_of_the_unfolding_network():
    found = compile_arrow(outputs(decoder, 5))(numbers(1.5, 0.1, 2.0), np.array([0.3, 0.3]))
    flat = []
    while isinstance(found, tuple):
        flat.append(found[0])
        found = found[1]
    expected = [0.6, 1.0010404224, 1.3829538109, 1.6269485866, 1.7336730026]
    assert np.allclose(np.array([*flat, found])[:, 0], expected, atol=1e-9)
    assert np.allclose(np.array([*flat, found])[:, 1], expected, atol=1e-9)


@pytest.mark.usefixtures("everywhere")
def test_t4_5_three_outputs_of_the_mealy_machine():
    inputs = (np.array([1.0]), (np.array([0.0]), np.array([1.0])))
    run = compile_arrow(outputs(arch.mealy(transducer), 3))
    first, (second, third) = run(numbers(0.8, 0.5, -0.1, 3.0), (np.array([0.0]), inputs))
    assert np.allclose([first[0], second[0], third[0]], [1.8131033134, 0.5984196701, 1.9916684877], atol=1e-9)


@pytest.mark.usefixtures("everywhere")
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


@pytest.mark.usefixtures("everywhere")
def test_a_memory_cell_runs():
    cell = arch.memory_cell(3, 4, slots=5, width=2)
    rng = np.random.default_rng(1)
    params = tuple(rng.normal(size=p.shape) for p in cell.params)
    states = (rng.normal(size=(2, 4)), rng.normal(size=(2, 5, 2)))
    first, second = compile_arrow(outputs(cell, 2))(params, (states, (np.ones((2, 3)), np.zeros((2, 3)))))
    assert first.shape == second.shape == (2, 2)


# ---- any number of steps -----------------------------------------------------------------------------------------

I, O, Q = atoms("I O Q")
MACHINES = {
    "mealy": ParaMap(P, generator("m", P * S, (O * S) ** I)),
    "moore": ParaMap(P, generator("n", P * S, O * S**I)),
    "two parameters": ParaMap((Q, P), generator("k", Q * (P * S), (O * S) ** I)),
}


@pytest.mark.parametrize("cell", MACHINES.values(), ids=MACHINES)
def test_t4_5_a_transduction_says_to_a_list_what_its_steps_say(cell):
    two, run = outputs(cell, 2), transduction(cell)
    built = trace(lambda x: (x[0], listed(I, flat(x[1], 2))), two.dom, S * LIST(I))
    count = 2 + (cell.cod is O * S**I)
    said = trace(lambda y: listed(O, flat(y, count)), two.cod, LIST(O))
    verdict = prove((ParaMap((), built) >> run).arrow, (two >> said).arrow)
    assert verdict.evidence == "proved"
    assert formers(run.arrow) == formers(transduction(cell).arrow)
    assert run.params == cell.params


def listed(ob, elements):
    found = nil(ob)
    for x in reversed(elements):
        found = cons(ob)(x, found)
    return found


def test_a_transduction_with_mixed_up_states_says_something_else():
    cell = MACHINES["mealy"]
    two = outputs(cell, 2)
    swapped = trace(lambda x: (x[0], listed(I, flat(x[1], 2)[::-1])), two.dom, S * LIST(I))
    said = trace(lambda y: listed(O, flat(y, 2)), two.cod, LIST(O))
    assert prove((ParaMap((), swapped) >> transduction(cell)).arrow, (two >> said).arrow).status != "holds"


@pytest.mark.usefixtures("everywhere")
def test_t4_5_machines_run_for_any_number_of_steps():
    run = compile_machine(arch.mealy(transducer))
    said, last = run(numbers(0.8, 0.5, -0.1, 3.0), np.array([0.0]), np.array([[1.0, 0.0, 1.0]]))
    assert np.allclose(said, [[1.8131033134, 0.5984196701, 1.9916684877]], atol=1e-9)
    assert np.allclose(said[:, -1], 3 * last)
    stream, _ = compile_machine(decoder)(numbers(1.5, 0.1, 2.0), np.array([0.3, 0.3]), steps=5)
    assert np.allclose(stream[1], [0.6, 1.0010404224, 1.3829538109, 1.6269485866, 1.7336730026], atol=1e-9)


@pytest.mark.usefixtures("everywhere")
def test_a_batch_runs_as_many_steps_as_are_written_out():
    cell = arch.moore(arch.linear(4, 2), arch.recurrent_machine(3, 4, 2) >> snd(R(2), R(4)))
    rng = np.random.default_rng(0)
    params, states = tuple(rng.normal(size=p.shape) for p in cell.params), rng.normal(size=(5, 4))
    inputs = rng.normal(size=(5, 6, 3))
    run = compile_machine(cell)
    said, _ = run(params, states, inputs)
    written = compile_arrow(outputs(cell, 6))(params, (states, nest([inputs[:, k] for k in range(6)])))
    for k in range(6):
        assert np.allclose(said[:, k], written[0])
        written = written[1]
    assert np.allclose(said[:, 6], written)
    again, _ = pickle.loads(pickle.dumps(run))(params, states, inputs)
    assert np.array_equal(again, said)
    assert said.shape == (5, 7, 2)


def test_a_thousand_steps_take_a_program_of_one():
    run = compile_machine(arch.mealy(arch.recurrent_machine(3, 4, 2)))
    rng = np.random.default_rng(1)
    params = tuple(rng.normal(size=p.shape) / 2 for p in run.machine.cell.params)
    inputs, state = rng.normal(size=(2, 1000, 3)), np.zeros((2, 4))
    said, last = run(params, state, inputs)
    v, w, u, b = params
    for t in range(1000):
        state = np.tanh(inputs[:, t] @ w.T + state @ u.T + b)
        assert np.allclose(said[:, t], state @ v.T)
    assert np.allclose(last, state)
    assert run.step.source.count("# matmul") == 3


@pytest.mark.parametrize(
    ("attempt", "error", "message"),
    [
        (lambda: transduction(decoder), IllTyped, r"ℝ → ℝ × ℝ with parameters .* reads none"),
        (lambda: compile_machine(arch.linear(2, 3)), IllTyped, r"is run step by step, and ℝ\[2\] → ℝ\[3\]"),
        (lambda: _mealy(np.zeros(1)), ShapeMismatch, r"run\(params, states, inputs\), and 2 arguments without steps="),
        (lambda: _mealy(np.zeros(1), np.zeros((1, 2)), steps=3), ShapeMismatch, "3 arguments with steps="),
        (lambda: _mealy(np.zeros(1), np.zeros(3)), ShapeMismatch, r"of shape \(batch, length, …\).*\(3,\) were given"),
        (lambda: _mealy(np.zeros(1), np.zeros((1, 0))), ShapeMismatch, "length 0"),
        (lambda: _mealy(np.zeros(2), np.zeros((3, 2))), ShapeMismatch, r"shape \(2,\) .* an array of shape \(3,\)"),
        (lambda: compile_machine(decoder)(numbers(1, 1, 1), np.zeros(1), steps=0), ShapeMismatch, "at least one step"),
        (lambda: compile_machine(decoder)(numbers(1, 1, 1), np.zeros(1)), ShapeMismatch, r"states, steps=n\)"),
    ],
)
def test_machines_refuse_in_one_sentence(attempt, error, message):
    with pytest.raises(error, match=message):
        attempt()


def _mealy(*given, **options):
    return compile_machine(arch.mealy(transducer))(numbers(0.8, 0.5, -0.1, 3.0), *given, **options)


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
