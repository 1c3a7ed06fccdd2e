"""Numbers that are no elements of their finite sets are refused where they come in, on every library."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from catcore.arrows import case, finite_map, fst, generator, ident, snd, terminal
from catcore.categories.smooth import smooth
from catcore.errors import ShapeMismatch, WrongDtype
from catcore.functors import Id
from catcore.objects import FinSet, One, R, atoms, mu
from catcore_backends import compile_arrow
from catcore_backends.gradients import gradient
from catcore_backends.recursion.forests import forest_from_tables, forest_of_lists
from tests.backends import cupy_stand_in

V, N = R(2), FinSet(3)
(A,) = atoms("A")
TURN = finite_map(N, N, [1, 2, 0])


def test_on_a_gpu_one_truth_value_is_waited_for_unless_bounds_are_not_checked():
    with cupy_stand_in.installed() as machine:
        for check_bounds, reads in ((True, 1), (False, 0)):
            run = compile_arrow(TURN * TURN, "cupy", check_bounds=check_bounds)
            machine.log.clear()
            found = run((cupy_stand_in.put([0, 2]), cupy_stand_in.put([1, 1])))

            assert len(machine.words("read on the host")) == reads
            assert [part.tolist() for part in found] == [[1, 0], [2, 2]]


def test_a_recorded_graph_does_not_wait_and_marks_what_was_wrong():
    with cupy_stand_in.installed():
        captured = compile_arrow(TURN, "cupy").captured(cupy_stand_in.put([0, 2]))
        least = np.iinfo(np.int64).min

        assert captured(cupy_stand_in.put([1, 2])).tolist() == [2, 0]
        assert captured(cupy_stand_in.put([3, 2])).tolist() == [least, 0]


@pytest.mark.parametrize("backend", ["jax", "auto"])
def test_inside_a_jit_of_ones_own_a_row_out_of_range_answers_nothing_plausible(backend):
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    table = finite_map(N, N, [2, 0, 1])
    with jax.enable_x64(True):
        y, n = jax.jit(compile_arrow(ident(V) * table, backend))((np.ones((3, 2)), np.asarray([0, 3, 2])))

    np.testing.assert_array_equal(y, [[1.0, 1.0], [np.nan] * 2, [1.0, 1.0]])
    assert n.tolist() == [2, np.iinfo(np.int64).min, 1]


def test_inside_a_vmap_of_ones_own_too():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    run = compile_arrow(TURN, "torch")
    found = torch.vmap(run)(torch.asarray([[0, 1], [2, 7]]))

    assert found.tolist() == [[1, 2], [0, np.iinfo(np.int64).min]]


def test_dead_rows_stay_plausible_where_numbers_are_not_known():
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    with jax.enable_x64(True):
        run = jax.jit(compile_arrow(case(TURN, ident(N)), "jax"))
        found = run((np.asarray([0, 1, 1]), np.asarray([0, 9, 0]), np.asarray([9, 2, 9])))

    assert found.tolist() == [1, 2, np.iinfo(np.int64).min]


@pytest.mark.parametrize("wrong", [[0, 3], [-1, 2]])
def test_inputs_are_elements(library, wrong):
    run = compile_arrow(TURN, library.backend)

    assert library.numpy(run(library.array([0, 2]))).tolist() == [1, 0]
    with pytest.raises(ShapeMismatch, match=r"a set of 3 at x, and (3|-1) was given.*0 … 2"):
        library.numpy(run(library.array(wrong)))


def test_payloads_are_looked_at_where_they_are_live(library):
    run = compile_arrow(case(TURN, ident(N)), library.backend)
    dead, live = ([0, 1], [0, 9], [9, 2]), ([0, 1], [0, 1], [1, 9])

    assert library.numpy(run(library.batch(tuple(map(np.asarray, dead))))).tolist() == [1, 2]
    with pytest.raises(ShapeMismatch, match=r"a set of 3 at x\[2\], and 9 was given"):
        library.numpy(run(library.batch(tuple(map(np.asarray, live)))))


def test_tags_are_0_or_1(library):
    run = compile_arrow(case(ident(V), ident(V)), library.backend)
    x = np.ones((2, 2))
    with pytest.raises(ShapeMismatch, match=r"a set of 2 at x\[0\], and 7 was given.*0 … 1"):
        library.numpy(run(library.batch((np.asarray([0, 7]), x, x))))


def test_shared_parameters_and_atoms_are_looked_at(library):
    run = compile_arrow(fst(A, V), library.backend, shapes={"A": N}, shared=True)
    x = np.ones((2, 2))
    assert library.numpy(run(library.batch((np.asarray(2), x)))).tolist() == [2, 2]
    with pytest.raises(ShapeMismatch, match=r"at x\[0\], and 3 was given"):
        library.numpy(run(library.batch((np.asarray(3), x))))


def test_a_set_of_one_element_may_be_shared(library):
    run = compile_arrow(snd(FinSet(1), V), library.backend, shared=True)
    assert library.numpy(run(library.batch((np.asarray(0), np.ones((2, 2)))))).tolist() == [[1.0, 1.0]] * 2


def test_functions_out_of_finite_sets_are_tables_of_elements():
    run = compile_arrow(ident(N ** FinSet(2)))
    with pytest.raises(ShapeMismatch, match=r"at x\[1\], and 3 was given"):
        run((np.asarray([2]), np.asarray([3])))


def test_no_rows_have_nothing_wrong(library):
    run = compile_arrow(TURN, library.backend)
    assert library.numpy(run(library.array(np.zeros(0, np.int64)))).shape == (0,)


def test_gradients_look_at_their_input():
    run = gradient(snd(V, N * V) >> snd(N, V) >> smooth("sum", V))
    with pytest.raises(ShapeMismatch, match=r"a set of 3 at x\[1\]\[0\], and 5 was given"):
        run((np.ones(2), (np.asarray([5]), np.ones((1, 2)))))


@pytest.mark.parametrize(
    ("cod", "answer", "error", "words"),
    [
        (N, lambda x: x[:, 0] * 0 + 1.7, WrongDtype, "integers, and one of dtype .*float64 came"),
        (N, lambda x: np.asarray([0, -1]), ShapeMismatch, "a set of 3, 0 … 2,, and -1 came"),
        (V, lambda x: np.full((2, 2), "one"), WrongDtype, "real numbers, and one of dtype <U3 came"),
        (V, lambda x: x > 0, WrongDtype, "real numbers, and one of dtype bool came"),
        (V * N, lambda x: (x, np.asarray([0, 3])), ShapeMismatch, r"0 … 2, at \[1\], and 3 came"),
        (N + V, lambda x: (np.asarray([1, 2]), np.asarray([0, 0]), x), ShapeMismatch, r"0 … 1, at \[0\], and 2 came"),
        (FinSet(0), lambda x: np.asarray([0, 0]), ShapeMismatch, "none, as the set is empty,, and 0 came"),
        (FinSet(1), lambda x: np.asarray([0, 1]), ShapeMismatch, "0 alone,, and 1 came"),
        (
            V ** FinSet(2),
            lambda x: (x[:1], x),
            ShapeMismatch,
            r"an array of shape \(2, 2\) at \[0\], and an array of shape",
        ),
        (N ** FinSet(2), lambda x: (x[:, 0], x[:, 0]), WrongDtype, r"integers at \[0\], and one of dtype float64 came"),
    ],
)
def test_answers_are_elements(cod, answer, error, words):
    with pytest.raises(error, match=words):
        compile_arrow(generator("g", V, cod), generators={"g": answer})(np.ones((2, 2)))


def test_dead_rows_of_an_answer_may_hold_anything():
    run = compile_arrow(
        generator("g", V, N + V) >> case(TURN, terminal(V) >> finite_map(One, N, [0])),
        generators={"g": lambda x: (np.asarray([0, 1]), np.asarray([2, -7]), x)},
    )
    assert run(np.ones((2, 2))).tolist() == [0, 0]


def test_answers_are_looked_at_on_every_library(library):
    xp = library.xp
    run = compile_arrow(
        generator("g", V, N) >> TURN,
        library.backend,
        generators={"g": lambda x: np.asarray([3, 3])[: len(x)] if library.name == "dask" else xp.asarray([3, 3])},
    )
    with pytest.raises(ShapeMismatch, match="and 3 came"):
        library.numpy(run(library.array(np.ones((2, 2)))))


def test_answers_out_of_range_are_marked_where_numbers_are_not_known():
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    meaning = {"g": lambda x: x[:, 0].astype("int32")}
    run = jax.jit(compile_arrow(generator("g", V, N) >> TURN, "jax", generators=meaning))

    assert run(np.ones((2, 2))).tolist() == [2, 2]
    assert run(np.full((2, 2), 3.0)).tolist() == [np.iinfo(np.int32).min] * 2


def test_bounds_may_be_left_unchecked(library):
    wrong = library.array([0, 3])
    run = compile_arrow(
        finite_map(FinSet(4), FinSet(4), [1, 0, 3, 2]), library.backend, generators={}, check_bounds=False
    )
    unchecked = compile_arrow(ident(N), library.backend, check_bounds=False)

    assert library.numpy(run(wrong)).tolist() == [1, 2]
    assert library.numpy(unchecked(wrong)).tolist() == [0, 3]
    with pytest.raises(ShapeMismatch, match="a set of 3 at x, and 3 was given"):
        library.numpy(compile_arrow(ident(N), library.backend)(wrong))


def test_what_is_not_checked_is_kept_when_a_compiled_arrow_is():
    run = pickle.loads(pickle.dumps(compile_arrow(ident(N), check_bounds=False)))

    assert "check_bounds=False" in repr(run)
    assert run(np.asarray([3])).tolist() == [3]


@pytest.mark.parametrize("rows", [2, 3])
def test_a_map_out_of_the_unit_answers_with_one_row(rows):
    point = compile_arrow(generator("p", One, V), generators={"p": lambda _: np.ones((rows, 2))})
    after = compile_arrow(terminal(V) >> generator("p", One, V), generators={"p": lambda _: np.ones((rows, 2))})
    for run in (lambda: point(batch=3), lambda: after(np.ones((3, 2)))):
        with pytest.raises(ShapeMismatch, match=rf"shape \(1, 2\), and an array of shape \({rows}, 2\) came"):
            run()


def test_labels_of_trees_are_elements():
    kind = mu(1 + N * Id)
    assert forest_of_lists(kind, [[0, 9]], [1]).size == 2  # the 9 is beyond the end of the list
    with pytest.raises(ShapeMismatch, match="a set of 3 at labels, and 9 was given"):
        forest_of_lists(kind, [[0, 9]])
    with pytest.raises(ShapeMismatch, match="a set of 3 at labels, and -1 was given"):
        forest_from_tables(kind, [0, 1], [[], [[0]]], [[], [[-1]]], [1])
