"""The rows state what they say, references agree with the known dimensions, and each bar can be missed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy.combinatorics import Permutation, PermutationGroup

from tests.benchmarks.tying import rows, scoring
from tests.benchmarks.tying.problems import read
from tests.benchmarks.tying.running import Answer, run
from tests.benchmarks.tying.solvers import with_catcore, with_domain_matrix, with_union_find
from tests.benchmarks.tying.solvers.measuring import NotApplicable

QUICK = {problem.id: problem for problem in rows.quick()}
GRID = next(problem for problem in rows.full() if problem.id == "p4m 64×64")


def order(maps):
    return PermutationGroup([Permutation(images) for images in maps.values()]).order()


def test_face_turns_generate_the_group_of_the_cube():
    assert order(rows.cube_maps()) == 43_252_003_274_489_856_000
    assert all(Permutation(images).order() == 4 for images in rows.cube_maps().values())


def test_one_wrong_cycle_is_another_group():
    cycles = {**rows.FACE_TURNS, "U": [*rows.FACE_TURNS["U"][:-1], (11, 35, 19, 27)]}
    wrong = {name: rows.from_cycles(48, turns) for name, turns in cycles.items()}

    assert order(wrong) != order(rows.cube_maps())


def test_grids_and_regular_actions_have_the_orders_of_their_groups():
    maps = {rule: rows.grid_map(4, rule) for rule in ("right", "down", "turn", "mirror")}

    assert order(maps) == 16 * 8
    assert order(rows.regular_dihedral(6)) == 12


@pytest.mark.parametrize("name", QUICK)
def test_solvers_agree_on_the_dimension(name):
    problem = QUICK[name]
    found = {with_catcore.solve(problem)}
    for reference in (with_union_find, with_domain_matrix):
        try:
            found.add(reference.solve(problem))
        except NotApplicable:
            assert reference is with_union_find

    assert found == {problem.dim}


def test_a_problem_is_read_as_it_was_written():
    assert all(read(problem.written()) == problem for problem in QUICK.values())


def test_what_is_recorded_belongs_to_a_row():
    assert set(scoring.RECORDED) <= {problem.id for problem in rows.full()}


def test_a_process_answers_with_time_memory_and_dimension():
    answer = run("domain_matrix", QUICK["C6 regular"], limit=60)

    assert answer.right(QUICK["C6 regular"])
    assert answer.seconds is not None
    assert answer.mib is not None


def test_a_process_that_takes_too_long_has_no_answer():
    assert run("domain_matrix", QUICK["C6 regular"], limit=0.01).problem == "did not finish in 0 s"


@pytest.mark.parametrize(
    ("ours", "others", "said"),
    [
        (Answer("catcore", 561, 0.5, 300), [Answer("gap", 561, 0.5)], "met"),
        (Answer("catcore", problem="failed: x"), [], "unsolved: failed: x"),
        (Answer("catcore", 560, 0.5, 300), [], "wrong: 560 instead of 561"),
        (Answer("catcore", 561, 0.5, 300), [Answer("gap", 561, 0.4)], "slower than 1.2 × gap"),
        (Answer("catcore", 561, 0.5, 300), [Answer("gap", 560, 0.4)], "met"),
        (Answer("catcore", 561, 0.5, 300), [Answer("emlp", seconds=4.0, recorded=True)], "not 10× emlp*"),
        (Answer("catcore", 561, 1.5, 300), [], "above 1.0 s"),
        (Answer("catcore", 561, 0.5, 600), [], "above 512 MiB"),
        (Answer("catcore", 561, 0.006, 300), [Answer("gap", 561, 0.001)], "met"),
        (Answer("catcore", 561, 0.011, 300), [Answer("gap", 561, 0.001)], "slower than 1.2 × gap"),
    ],
)
def test_each_bar_can_be_missed(ours, others, said):
    assert scoring.judge(GRID, ours, others)["bar"] == said


def test_time_that_grows_with_the_number_of_points_is_noticed():
    few = Answer("catcore", 15, 0.010)

    assert scoring.grows(few, replace(few, seconds=0.016)) is None
    assert scoring.grows(few, replace(few, seconds=0.1)) == "time grows with n: 10.0×"
