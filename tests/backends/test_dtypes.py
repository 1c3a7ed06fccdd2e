"""The dtypes of answers: one table for every library, beside NumPy's double precision.

The rule is in ``compile_arrow``: constants alone take the widest dtype of the reals given, 64 bits where there are
none; reals of several dtypes combine to the widest; gradients have the dtypes of what they are gradients of.
"""

from __future__ import annotations

import itertools as it

import numpy as np
import pytest
from array_api_compat import array_namespace

from catcore import FinSet, Id, R, arrow, case, fold, ident
from catcore.arrows import distribute, generator, pair, snd, terminal
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import datatype, hylo
from catcore.datatypes.parametric import parametric_fold
from catcore.errors import ShapeMismatch
from catcore_backends import compile_arrow, gradient
from catcore_backends.recursion.forests import forest

N = R()
add, multiply, tanh = smooth("add", N * N), smooth("multiply", N * N), smooth("tanh", N)
TENTH = terminal(N) >> constant(0.1)
trees = datatype(N + Id * Id, "Leaf", "Node")
places = datatype(FinSet(3) + Id * Id, "Leaf", "Node")
TREES = [trees.read(t) for t in ("Node(Leaf(2.5), Node(Leaf(5.5), Leaf(7.25)))", "Leaf(4.5)")]
PLACES = [places.read(t) for t in ("Node(Leaf(2), Node(Leaf(1), Leaf(0)))", "Leaf(2)")]
#: The number of leaves in tenths: all its reals are constants.
TENTHS = fold(trees.fixed, case(TENTH, add))
REALS = ("float32", "float64")
PAIRS, TRIPLES = list(it.product(REALS, repeat=2)), list(it.product(REALS, repeat=3))


def name(x):
    """The dtype of an array of any library."""
    return str(x.dtype).rpartition(".")[2]


@arrow(N * (N * N), N)
def mixed(p):
    x, (y, z) = p
    return add((multiply((x, TENTH(y))), tanh(multiply((y, z)))))


@pytest.mark.parametrize("dtypes", TRIPLES)
def test_reals_of_several_dtypes_combine_to_the_widest(library, dtypes):
    entries = [np.asarray(x, d) for x, d in zip(([0.7, -1.3], [0.2, 1.9], [3.1, -0.4]), dtypes, strict=True)]
    x, y, z = map(library.array, entries)

    found = compile_arrow(mixed, library.backend)((x, (y, z)))

    x, y, z = (a.astype(np.float64) for a in entries)
    assert name(found) == max(dtypes)
    tolerance = 1e-10 if max(dtypes) == min(dtypes) == "float64" else 1e-6
    np.testing.assert_allclose(library.numpy(found), 0.1 * x + np.tanh(y * z), rtol=tolerance)


@pytest.mark.parametrize("dtypes", PAIRS)
def test_constants_alone_are_as_wide_as_the_widest_reals(library, dtypes):
    term = pair(terminal(N * N) >> constant(0.1), ident(N * N))
    x, y = library.array([0.5, 2.0], dtypes[0]), library.array([0.5, 2.0], dtypes[1])
    for run in (compile_arrow(term, library.backend), compile_arrow(term, "auto")):
        tenth, (a, b) = run((x, y))
        assert (name(tenth), name(a), name(b)) == (max(dtypes), *dtypes)
        np.testing.assert_array_equal(library.numpy(tenth), np.full(2, 0.1, max(dtypes)))


def test_constants_without_reals_have_64_bits(library):
    point = compile_arrow(constant(0.1), library.backend)(())
    beside = compile_arrow(terminal(FinSet(3)) >> constant(0.1), library.backend)(library.array([0, 2]))
    for found in (point, beside):
        assert name(found) == "float64"
        assert set(library.numpy(found).tolist()) == {0.1}


@pytest.mark.parametrize("dtype", REALS)
def test_constants_of_a_fold_take_the_dtype_of_labels(library, dtype):
    batch = forest(TREES).typed(dtype).over(library.xp)
    found = compile_arrow(TENTHS, "auto" if library.name != "dask" else "dask")(batch)
    assert name(found) == dtype
    np.testing.assert_allclose(library.numpy(found), [0.3, 0.1], rtol=1e-10 if dtype == "float64" else 1e-6)


def test_whole_labels_stay_whole(library):
    total = fold(trees.fixed, case(ident(N), add))
    batch = [trees.read("Node(Leaf(2), Node(Leaf(5), Leaf(7)))"), trees.read("Leaf(4)")]
    assert library.numpy(compile_arrow(total, library.backend)(batch)).tolist() == [14, 4]
    assert name(compile_arrow(total, library.backend)(batch)) == "int64"


@pytest.mark.parametrize("dtype", REALS)
def test_folds_without_reals_stand_beside_others(library, dtype):
    weighed = fold(places.fixed, case(terminal(FinSet(3)) >> constant(0.1), add))
    beside = arrow(N * places.fixed, N)(lambda p: add((p[0], weighed(p[1]))))
    found = compile_arrow(beside, library.backend)((library.array([1.5, 2.5], dtype), PLACES))
    assert name(found) == "float64"
    np.testing.assert_allclose(library.numpy(found), [1.8, 2.6], rtol=1e-10)


@pytest.mark.parametrize("dtypes", PAIRS)
def test_parameters_and_labels_of_several_dtypes(library, dtypes):
    cell = distribute(N, N, N * N) >> case(multiply, snd(N, N * N) >> add)
    scaled = parametric_fold(trees.fixed, cell)
    batch = forest(TREES).typed(dtypes[1]).over(library.xp)
    found = compile_arrow(scaled, library.backend, shared=True)((library.array(0.5, dtypes[0]), batch))
    assert name(found) == max(dtypes)
    np.testing.assert_allclose(library.numpy(found), [7.625, 2.25], rtol=1e-6)


@pytest.mark.parametrize("dtypes", PAIRS)
def test_gradients_have_the_dtypes_of_their_inputs(library, dtypes):
    term = arrow(N * N, N)(lambda p: add((multiply(p), tanh(p[1]))))
    p, x = library.array(0.5, dtypes[0]), library.array([1.5, -0.25], dtypes[1])
    value, slope, heard = gradient(term, library.backend, inputs=True)((p, x))
    assert (name(value), name(slope), name(heard)) == (max(dtypes), *dtypes)
    np.testing.assert_allclose(library.numpy(slope), 1.25, rtol=1e-6)
    np.testing.assert_allclose(library.numpy(heard), 0.5 + 1 / np.cosh([1.5, -0.25]) ** 2, rtol=1e-6)


@pytest.mark.parametrize("dtype", REALS)
def test_constants_of_an_unfolding_take_the_dtype_of_states(library, dtype):
    states = N * FinSet(3)

    def down(state):
        x, n = state
        xp = array_namespace(n)
        return n > 0, (), (x, xp.where(n > 0, n - 1, 0 * n))

    term = hylo(1 + Id, case(constant(0.1), ident(N)), generator("down", states, 1 + states))
    batch = library.array([3.0, 0.25], dtype), library.array([0, 2])
    found = compile_arrow(term, "auto", generators={"down": down})(batch)
    assert name(found) == dtype
    np.testing.assert_allclose(library.numpy(found), [0.1, 0.1], rtol=1e-10 if dtype == "float64" else 1e-6)


def test_a_named_dtype_is_that_of_constants(library):
    found = compile_arrow(constant(0.1), library.backend, dtype="float32")(())
    assert name(found) == "float32"


@pytest.mark.parametrize("given", [2.0, [2.0, 3.0]])
def test_numbers_and_lists_of_python_are_refused(library, given):
    with pytest.raises(ShapeMismatch, match=type(given).__name__):
        compile_arrow(tanh, library.backend)(given)
