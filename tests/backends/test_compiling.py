"""Compiled terms against the per-sample meaning, on every array library."""

from __future__ import annotations

import subprocess
import sys
from functools import reduce
from operator import rshift

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.arrows import (
    Arrow,
    braid,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    fst,
    generator,
    ident,
    initial,
    inl,
    inr,
    pair,
    snd,
    terminal,
)
from catcore.categories.smooth import constant, constant_matrix, smooth
from catcore.functors import functor
from catcore.objects import FinSet, One, R, Zero, atoms
from catcore.para.architectures import activation, bias, linear
from catcore_backends import compile_arrow
from catcore_backends.batches import arrays
from tests.backends.reference import agree, evaluate, gather, row, sample
from tests.backends.strategies import objects, terms

A, B = atoms("A B")
V, N = R(2), FinSet(3)
LOG, SQUARE, ADD = smooth("log", V), smooth("square", V), smooth("add", V * V)
MAYBE = functor(lambda X: 1 + X)

TABLE = {
    "identity": ident(V * N),
    "composition": smooth("tanh", V) >> SQUARE,
    "terminal": terminal(V),
    "pair": pair(SQUARE, ident(V)) >> ADD,
    "projections": pair(snd(V, N), fst(V, N)),
    "inl": inl(V, N),
    "inr": inr(One, V * N),
    "sum of maps": SQUARE + smooth("tanh", V),
    "case": case(SQUARE, terminal(One) >> constant([3, "1/2"])),
    "case into sums": case(SQUARE >> inl(V, N), inr(V, N)),
    "codiagonal": case(ident(V), ident(V)),
    "nested sums": (inl(V, N) + (ident(N) + SQUARE)) >> case(case(SQUARE, terminal(N) >> constant([0, 0])), case(
        terminal(N) >> constant([1, 1]), smooth("tanh", V))),
    "distribute": distribute(V, N, V) >> case(fst(V, N), ADD),
    "finite map": finite_map(N, N, [2, 0, 0]),
    "finite map of products": finite_map(N * FinSet(2), 1 + N, [3, 0, 1, 1, 2, 0]),
    "finite map of sums": finite_map(N + FinSet(2), FinSet(2) * N, [5, 4, 3, 2, 1]),
    "finite map from one": terminal(V) >> finite_map(1, N * N, [7]),
    "finite map into one": finite_map(N, 1, [0, 0, 0]),
    "functor action": MAYBE(SQUARE),
    "functor action inside a product": functor(lambda X: N * (1 + X))(SQUARE),
    "closure": pair(curry(ADD), SQUARE) >> ev(V, V),
    "chosen closure": (
        distribute(V, One, V)
        >> case(fst(V, One) >> curry(fst(V, V) >> SQUARE), curry(snd(V * V, V)))
        >> pair(ident(V**V), terminal(V**V) >> constant([2, 5]))
        >> ev(V, V)
    ),
    "matmul": smooth("matmul", R(2, 3) * R(3)),
    "matmul of matrices": smooth("matmul", R(2, 3) * R(3, 2)),
    "reductions": smooth("sum", R(2, 3), 1) >> smooth("sum", V),
    "reshape": smooth("reshape", R(2, 3), (3, 2)),
}  # fmt: skip


def check(term, library, rows=5, seed=0):
    """The batched code and the per-sample meaning agree on random rows."""
    rng = np.random.default_rng(seed)
    samples = [sample(term.dom, rng) for _ in range(rows)]
    run = compile_arrow(term, "auto")
    found = library.numpy(run(library.batch(gather(term.dom, samples)), batch=rows))
    for i, x in enumerate(samples):
        assert agree(term.cod, row(term.cod, found, i), evaluate(term, x)), (i, run.source)


@pytest.mark.parametrize("name", TABLE)
def test_a_compiled_term_means_what_the_term_means(name, library):
    check(TABLE[name], library)


@given(data=st.data(), seed=st.integers(0, 2**16), rows=st.integers(1, 5))
def test_random_terms_mean_what_they_mean_sample_by_sample(data, seed, rows):
    from tests.backends.libraries import library_named

    term = data.draw(objects.flatmap(terms))
    for name in ("numpy-readonly", "array-api-strict"):
        with library_named(name) as library:
            check(term, library, rows, seed)


def test_the_comparison_can_fail(library):
    run = compile_arrow(SQUARE, "auto")
    x = np.asarray([[1.0, 3.0]])

    assert not agree(V, library.numpy(run(library.array(x)))[0], evaluate(smooth("tanh", V), x[0]))


@pytest.mark.parametrize("rows", [0, 1, 4])
def test_a_dead_branch_is_not_evaluated_outside_its_domain(rows, library):
    # log is asked for in the right branch only; the dead payloads are −1, 0 and NaN, and a warning is an error here
    run = compile_arrow(case(ident(V), LOG), "auto")
    tags = np.arange(rows) % 2
    left, right = np.ones((rows, 2)), np.full((rows, 2), 3.0)
    right[tags == 0] = np.asarray([-1.0, np.nan])
    with np.errstate(all="raise"):
        found = library.numpy(run(library.batch((tags, left, right))))

    assert np.allclose(found, np.where(tags[:, None] == 1, np.log(3.0), 1.0))


def test_a_branch_sees_live_rows_only(library):
    """Square roots have no derivative at 0: a masked row must be a copy of a live one, not some fixed number."""
    if library.name == "dask":
        pytest.skip("Dask calls a generator once for each block, when it computes")
    seen = []

    def watch(x):
        seen.append(library.numpy(x))
        return x[0]

    f = generator("f", V * (1 + N), V)
    run = compile_arrow(case(f, ident(V)), "auto", generators={"f": watch})
    tags, inner = np.asarray([1, 0, 1, 0]), np.asarray([0, 1, 1, 0])
    left = (np.asarray([[0.0, 0], [3, 4], [0, 0], [5, 6]]), (inner, (), np.asarray([9, 2, 9, 9])))
    run(library.batch((tags, left, np.ones((4, 2)))))
    ((reals, (tag, _, index)),) = seen

    assert reals.tolist() == [[3.0, 4.0], [3.0, 4.0], [3.0, 4.0], [5.0, 6.0]]
    assert (tag.tolist(), index.tolist()) == ([True, True, True, False], [2, 2, 2, 9])


def test_the_dead_branch_test_can_fail():
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        compile_arrow(LOG)(np.asarray([[-1.0, 1.0]]))


def test_a_branch_without_any_live_row_runs_on_ones(library):
    run = compile_arrow(case(LOG, ident(V)), "auto")
    with np.errstate(all="raise"):
        found = run(library.batch((np.asarray([1]), np.asarray([[-1.0, 0.0]]), np.asarray([[5.0, 6.0]]))))

    assert library.numpy(found).tolist() == [[5.0, 6.0]]


def test_injections_fill_the_other_side_with_safe_values(library):
    tag, left, right = library.numpy(compile_arrow(inl(V, N * V), "auto")(library.array([[1.0, 2.0]])))

    assert (tag.tolist(), left.tolist()) == ([False], [[1.0, 2.0]])
    assert (right[0].tolist(), right[1].tolist()) == ([0], [[1.0, 1.0]])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_precision_is_that_of_the_batch(dtype, library):
    term = constant_matrix([[1, "1/3"], [0, 1]]) >> pair(SQUARE, terminal(V) >> constant([0.5, 1])) >> ADD
    found = compile_arrow(term >> inl(V, V), "auto")(library.array([[1.0, 3.0]], dtype))

    assert str(library.numpy(found[1]).dtype) == str(library.numpy(found[2]).dtype) == dtype
    assert np.allclose(library.numpy(found[1]), [[4.5, 10.0]])


def test_integers_stay_exact(library):
    term = constant_matrix([[2, 1], [0, -1]]) >> ADD_SELF
    found = library.numpy(compile_arrow(term, "auto")(library.array([[2**53 + 1, 1]], "int64")))

    assert found.dtype == np.int64
    assert found.tolist() == [[2 * (2 * (2**53 + 1) + 1), -2]]


ADD_SELF = pair(ident(V), ident(V)) >> ADD


def test_dtype_can_be_said():
    run = compile_arrow(constant([1, 2]), dtype="float32")

    assert (run(batch=3).dtype, run(batch=3).shape) == (np.float32, (3, 2))


def test_atoms_are_shapes_or_objects(library):
    f = generator("f", A, B)
    term = MAYBE(f)
    run = compile_arrow(term, "auto", shapes={A: (2,), "B": (2,)}, generators={"f": lambda x: x * x})
    tags, x = np.asarray([1, 0]), np.asarray([[3.0, 4.0], [np.nan, np.nan]])
    tag, _, y = library.numpy(run(library.batch((tags, (), x))))
    swap = compile_arrow(pair(snd(A, B), fst(A, B)), "auto", shapes={"A": FinSet(2), "B": V * V})
    found = library.numpy(swap(library.batch((np.asarray([1]), (np.ones((1, 2)), np.zeros((1, 2)))))))

    assert (tag.tolist(), y[0].tolist()) == ([True, False], [9.0, 16.0])
    assert found[1].tolist() == [1]


@pytest.mark.parametrize("meaning", ["square", SQUARE, lambda x: x**2, ident(V) >> SQUARE])
def test_generators_are_functions_primitives_or_arrows(meaning):
    run = compile_arrow(generator("f", A, A), shapes={"A": (2,)}, generators={"f": meaning})

    assert run(np.asarray([[2.0, 3.0]])).tolist() == [[4.0, 9.0]]


def test_a_generator_may_take_and_give_pairs_and_sums():
    f = generator("f", V * N, V + (N * One))
    run = compile_arrow(f >> case(SQUARE, terminal(N * One) >> constant([7, 7])), generators={
        "f": lambda p: (p[1] > 0, p[0], (p[1], ())),
    })  # fmt: skip

    found = run((np.asarray([[2.0, 3.0], [1.0, 1.0]]), np.asarray([0, 2])))

    assert found.tolist() == [[4.0, 9.0], [7.0, 7.0]]


def test_points_and_generators_out_of_one_fill_the_batch():
    bias = generator("b", One, V)
    run = compile_arrow(
        pair(ident(V), terminal(V) >> bias) >> ADD, generators={"b": lambda x: np.asarray([[1.0, 2.0]])}
    )

    assert compile_arrow(constant([1, 2]))(batch=3).tolist() == [[1.0, 2.0]] * 3
    assert run(np.zeros((3, 2))).tolist() == [[1.0, 2.0]] * 3
    assert compile_arrow(finite_map(1, 3, [2]))(batch=2).tolist() == [2, 2]


def test_the_empty_set_compiles():
    run = compile_arrow(case(ident(V), initial(V)))

    assert run((np.asarray([0]), np.ones((1, 2)), ())).tolist() == [[1.0, 1.0]]
    assert compile_arrow(inl(V, Zero))(np.ones((1, 2)))[0].tolist() == [False]


def test_tensors_of_finite_sets_are_pairs():
    run = compile_arrow((finite_map(N, N, [1, 2, 0]) @ ident(FinSet(2))) >> braid(N, FinSet(2)))
    a, b = run((np.asarray([0, 2]), np.asarray([1, 0])))

    assert (a.tolist(), b.tolist()) == ([1, 0], [1, 0])


def test_small_integers_number_large_products():
    swap = finite_map(FinSet(20) * FinSet(20), FinSet(400), range(400))
    found = compile_arrow(swap)((np.asarray([19], dtype=np.int8), np.asarray([19], dtype=np.int8)))

    assert found.tolist() == [399]


# ---- what is returned belongs to the caller ------------------------------------------------------------------------

CONSTANTS = {
    "a point": constant([1, "1/2"]),
    "beside the batch": pair(terminal(V) >> constant([1, "1/2"]), ident(V)),
    "a transposed point": terminal(V) >> constant([[1, 2]]) >> smooth("permute_dims", R(1, 2), (1, 0)),
    "a matrix of equal rows": terminal(V) >> constant([1, 2]) >> smooth("repeat", V, 0, 3),
    "an element of a set": finite_map(One, N, [2]),
    "a known tag": terminal(V) >> constant(1) >> inr(V, R()),
}


@pytest.mark.parametrize("name", CONSTANTS)
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_what_is_written_to_a_result_is_not_seen_at_the_next_call(name, backend):
    xp = pytest.importorskip(backend)
    compiled = compile_arrow(CONSTANTS[name], backend)
    first, second = (list(arrays(compiled(xp.ones((1, 2)) if CONSTANTS[name].dom is V else ()))) for _ in range(2))
    kept = [a.tolist() for a in second]
    for array in first:
        array[...] = 0
    third = arrays(compiled(xp.ones((1, 2)) if CONSTANTS[name].dom is V else ()))
    assert [a.tolist() for a in second] == kept == [a.tolist() for a in third]


def test_every_row_of_a_result_can_be_written_to():
    y = compile_arrow(smooth("repeat", V, 0, 3))(np.ones((2, 2)))
    y[0, 0, 0] = 5
    assert y.sum() == 16


# ---- functions as parts of answers, and wide products ---------------------------------------------------------------


def test_a_side_of_a_sum_that_is_never_taken_may_hold_functions(library):
    table = V ** FinSet(2)
    tag, numbers, values = compile_arrow(inl(N, table), library.backend)(library.array([0, 2, 1]))
    assert library.numpy(tag).tolist() == [0, 0, 0]
    assert library.numpy(numbers).tolist() == [0, 2, 1]
    assert [library.numpy(v).shape for v in values] == [(3, 2), (3, 2)]


@pytest.mark.parametrize("left", [True, False])
def test_products_of_hundreds_of_factors_compile(left):
    term: Arrow = smooth("sin", R())
    for i in range(299):
        factor = smooth("shift", R(), i)
        term = pair(term, factor) if left else pair(factor, term)
    found = list(arrays(compile_arrow(term)(np.zeros(2))))
    assert [a[0] for a in found] == ([0, *range(299)] if left else [*range(298, -1, -1), 0])


def test_a_network_of_a_hundred_layers_runs_as_deep_as_it_is():
    layers = 100
    model = reduce(rshift, [linear(2, 2) >> bias(2) >> activation("tanh", 2) for _ in range(layers)])
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(size=p.shape) for p in model.params)
    expected = x = rng.normal(size=(3, 2))
    for layer in range(layers - 1, -1, -1):
        expected = np.tanh(expected @ weights[2 * layer + 1].T + weights[2 * layer])

    assert np.allclose(compile_arrow(model)(weights, x), expected)


def test_the_first_program_of_a_process_loads_no_library():
    text = (
        "import sys; from catcore import R, smooth; from catcore_backends import compile_arrow; "
        "before = set(sys.modules); compile_arrow(smooth('tanh', R(3))); print(*(set(sys.modules) - before))"
    )
    found = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout.split()

    assert found == ["catcore_backends.libraries.numpy_backend"]
