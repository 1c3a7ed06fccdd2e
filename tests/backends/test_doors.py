"""What is given as an array: taken as what it is, or refused in a sentence, on every library and at every door."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from catcore.arrows import generator, ident, pair, terminal
from catcore.categories.smooth import constant, smooth
from catcore.equivariance import Representation, cyclic, equivariant_maps
from catcore.errors import CatError, ShapeMismatch, WrongDtype
from catcore.functors import Id
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import descent
from catcore.objects import FinSet, R, mu
from catcore.para import ParaMap
from catcore_backends import compile_arrow, get_backend
from catcore_backends.gradients import gradient
from catcore_backends.recursion.forests import forest_of_lists
from catcore_backends.training.fitting import fit

V = R(2)
ROWS = np.asarray([[1.0, 2.0], [3.0, 4.0]])
SQUARE = smooth("square", V)


class Labelled(np.ndarray):
    """An array that multiplies in a way of its own, as NumPy's matrices do."""

    def __mul__(self, other: Any) -> Any:
        return self @ other


PLAIN = {
    "a subclass": ROWS.view(Labelled),
    "records": np.rec.array(ROWS),
    "negative strides": ROWS[::-1, ::-1][::-1, ::-1],
    "by columns": np.asfortranarray(ROWS),
    "big-endian": ROWS.astype(">f8"),
    "big-endian integers": ROWS.astype(">i8"),
    "read-only": np.broadcast_to(ROWS, (2, 2)),
    "integers": ROWS.astype(np.int64),
    "half precision": ROWS.astype(np.float16),
    "extended precision": ROWS.astype(np.longdouble),
}
REFUSED = {
    "complex": (ROWS + 0j, "complex128 was given, which has no order and no place in ℝ"),
    "narrow integers": (ROWS.astype(np.int8), "int8 was given, whose products wrap round"),
    "unsigned integers": (ROWS.astype(np.uint64), "uint.* was given, whose negatives wrap round"),
    "truth values": (ROWS > 2, "bool was given"),
    "objects": (ROWS.astype(object), "object was given"),
    "texts": (ROWS.astype(str), "<U.* was given"),
    "records with names": (np.zeros((2, 2), [("a", float)]), r"\('a'.* was given"),
    "times": (np.zeros((2, 2), "M8[s]"), r"datetime64\[s\] was given"),
    "lists": (ROWS.tolist(), "list was given"),
    "a number": (1.0, "float was given"),
    "an array without axes": (np.asarray(1.0), r"shape \(\) was given"),
    "a buffer": (memoryview(bytes(4)), "memoryview.* Convert it first"),
    "masked": (np.ma.masked_array(ROWS, ROWS > 3), r"a masked array was given\. Fill .* x\.filled\(0\)"),
}


@pytest.mark.parametrize("name", PLAIN)
def test_arrays_of_numbers_are_taken_however_they_lie_in_memory(name):
    for backend in ("numpy", "auto"):
        found = compile_arrow(SQUARE, backend)(PLAIN[name])
        assert type(found) is np.ndarray
        assert found.tolist() == [[1.0, 4.0], [9.0, 16.0]]


@pytest.mark.parametrize("kind", [">f8", ">f4", ">i8", ">i4"])
def test_sums_of_numbers_that_lie_the_other_way_round_in_memory(kind):
    total = smooth("sum", V)
    both = pair(ident(V * V) >> smooth("add", V * V) >> total, terminal(V * V) >> constant(1))
    x, native = ROWS.astype(kind), ROWS.astype(kind[1:])
    for _ in range(2):
        for batch in ((x, ROWS.astype(kind)), (x, ROWS), (ROWS, x), (native, native)):
            assert compile_arrow(both >> smooth("add", R() * R()))(batch).tolist() == [7.0, 15.0]
    assert compile_arrow(total)(x).dtype == compile_arrow(total)(native).dtype
    assert compile_arrow(smooth("matmul", R(2, 2) * V) >> total, shared=True)((x, x)).tolist() == [16.0, 36.0]


@pytest.mark.parametrize("parameters", [None, 1.0, "abc", [1.0, 2.0]])
def test_parameters_that_are_no_array_are_refused_at_the_first_call_too(parameters, library):
    run = compile_arrow(smooth("add", V * V), library.backend, shared=True)
    with pytest.raises(ShapeMismatch, match=r"shared parameters takes an array of shape \(2,\) at x.0., and \w+ was"):
        run((parameters, library.array(ROWS)))


def test_an_answer_that_lies_the_other_way_round_in_memory_is_refused():
    run = compile_arrow(generator("g", V, V) >> smooth("sum", V), generators={"g": lambda x: x.astype(">f8")})
    with pytest.raises(WrongDtype, match=r"byte order of the processor, and one of dtype >f8 came\. Convert it"):
        run(ROWS)


@pytest.mark.parametrize("arrow", [smooth("shift", V, 2**40), smooth("times", V, -(2**40))])
def test_an_integer_that_the_dtype_of_a_batch_does_not_hold_is_one_sentence(arrow, library):
    if library.name in ("torch", "jax"):
        pytest.skip("the library lets it wrap round")
    with pytest.raises(WrongDtype, match=r"int32, and an integer in the arrow does not fit that dtype .*float64"):
        library.numpy(compile_arrow(arrow, library.backend)(library.array([[1, 2]], "int32")))


@pytest.mark.parametrize("arrow", [smooth("times", V, 10**400), terminal(V) >> constant([1, -(10**400)])])
def test_a_number_that_is_larger_than_all_of_floating_point_is_refused(arrow):
    with pytest.raises(WrongDtype, match=r"more than 308 digits.*Scale"):
        compile_arrow(arrow)(ROWS)


@pytest.mark.parametrize("entry", [2**63, -(10**20)])
def test_integers_of_more_than_64_bits_are_floating_point_numbers(entry, library):
    run = compile_arrow(smooth("times", V, entry), library.backend)
    for kind in ("float32", "float64", "int64"):
        if (library.name, kind) == ("array-api-strict", "int64"):
            with pytest.raises(WrongDtype, match=r"int64, and its library lacks an operation.*Convert"):
                run(library.array([[1, 2]], kind))
        else:
            found = library.numpy(run(library.array([[1, 2]], kind)))
            np.testing.assert_allclose(found, [[float(entry), 2.0 * entry]], rtol=1e-6)


def test_a_constant_does_not_wrap_round_in_a_narrow_dtype(library):
    arrow = pair(ident(V), terminal(V) >> constant([2**40, 1])) >> smooth("add", V * V)
    run = compile_arrow(arrow, library.backend)
    for _ in range(2):
        with pytest.raises(WrongDtype, match=r"int32, and one of its constants does not fit that dtype\. Convert"):
            library.numpy(run(library.array([[1, 2]], "int32")))
        assert library.numpy(run(library.array([[1, 2]], "int64"))).tolist() == [[2**40 + 1, 3]]


@pytest.mark.parametrize("name", PLAIN)
def test_jax_takes_the_arrays_of_numpy(name):
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    if name == "extended precision":
        with pytest.raises(WrongDtype, match=r"real numbers.*(float128|longdouble)"):
            compile_arrow(SQUARE, "jax")(PLAIN[name])
        return
    found = compile_arrow(SQUARE, "jax")(PLAIN[name])
    assert isinstance(found, jax.Array)
    assert found.tolist() == [[1.0, 4.0], [9.0, 16.0]]


@pytest.mark.parametrize("backend", ["numpy", "auto", "jax"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_array_of_real_numbers_is_refused(name, backend):
    if backend == "jax":
        pytest.importorskip("jax", reason="the extra jax is not installed")
    x, words = REFUSED[name]
    with pytest.raises(CatError) as caught:
        compile_arrow(SQUARE, backend)(x)
    assert backend != "numpy" or re.search(words, str(caught.value))


@pytest.mark.parametrize("kind", ["complex128", "bool"])
def test_complex_numbers_and_truth_values_are_no_real_ones_on_any_library(kind, library):
    x = library.array(np.ones((2, 2), kind))
    with pytest.raises(WrongDtype, match=f"real numbers at x, and one of dtype .*{kind}"):
        library.numpy(compile_arrow(SQUARE, library.backend)(x))


def test_a_generator_over_the_reals_answers_with_reals_on_every_library(library):
    xp = np if library.name == "dask" else library.xp
    kind = xp.complex128
    run = compile_arrow(generator("g", V, V), library.backend, generators={"g": lambda x: xp.ones(x.shape, dtype=kind)})
    with pytest.raises(WrongDtype, match=r"real numbers, and one of dtype .*complex128, which has no order.* came"):
        library.numpy(run(library.array(ROWS)))


def test_a_masked_answer_is_refused():
    run = compile_arrow(generator("g", V, V), generators={"g": lambda x: np.ma.masked_array(x, x > 2)})
    with pytest.raises(WrongDtype, match=r"a masked array came\. Fill"):
        run(ROWS)


def test_sparse_arrays_are_refused():
    from scipy import sparse

    for backend in ("numpy", "jax"):
        pytest.importorskip(backend, reason=f"the extra {backend} is not installed")
        with pytest.raises(WrongDtype, match=r"a sparse csr_array of scipy.* Make it dense first, as x.toarray\(\)"):
            compile_arrow(SQUARE, backend)(sparse.csr_array(ROWS))


@pytest.mark.filterwarnings("ignore")
def test_tensors_of_other_layouts_are_refused():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    x = torch.asarray(ROWS)
    run = compile_arrow(SQUARE, "torch")
    odd = (x.to_sparse(), x.to_sparse_csr(), torch.nested.nested_tensor([x[0], x[1]]))

    assert run(x).tolist() == run(x.clone().requires_grad_()).tolist() == [[1.0, 4.0], [9.0, 16.0]]
    for tensor in odd:
        with pytest.raises(WrongDtype, match=r"a tensor of layout torch\.\w+.* Make it dense first"):
            run(tensor)


def test_an_operation_that_a_dtype_lacks_is_one_sentence(library):
    if library.name == "array-api-strict":
        with pytest.raises(WrongDtype, match=r"dtype .*int64, and its library lacks an operation.*tanh.*Convert"):
            compile_arrow(smooth("tanh", V), library.backend)(library.array([[1, 2]]))
    else:
        found = library.numpy(compile_arrow(smooth("tanh", V), library.backend)(library.array([[1, 2]])))
        np.testing.assert_allclose(found, np.tanh([[1, 2]]), rtol=1e-6)


@pytest.mark.parametrize(
    ("labels", "error"),
    [
        (np.asarray([0.0, 1.0]), WrongDtype),
        (np.asarray([0, np.nan]), WrongDtype),
        (np.asarray(["0", "1"]), WrongDtype),
        (np.asarray([0, 2**64 - 1], np.uint64), ShapeMismatch),
        (np.asarray([0, -1], np.int8), ShapeMismatch),
        (np.ma.masked_array([0, 1], [False, True]), WrongDtype),
        ([0, 1], ShapeMismatch),
    ],
    ids=["reals", "not a number", "texts", "huge", "negative", "masked", "a list"],
)
def test_labels_are_integers_in_range(labels, error):
    run = compile_arrow(ident(FinSet(3)))
    for kind in ("int8", "uint8", "uint64", "bool", ">i4"):
        assert run(np.asarray([0, 1], kind)).tolist() == [0, 1]
    with pytest.raises(error):
        run(labels)


def test_gradients_refuse_as_programs_do():
    run = gradient(smooth("matmul", R(1, 2) * V) >> smooth("square", R(1)) >> smooth("sum", R(1)))
    w = np.ones((1, 2))

    assert run((w.view(Labelled), ROWS))[0].tolist() == [9.0, 49.0]
    for given in ((w + 0j, ROWS), (w, np.ma.masked_array(ROWS, ROWS > 3)), (w > 0, ROWS)):
        with pytest.raises(WrongDtype, match="real numbers"):
            run(given)


def test_64_bits_are_refused_where_jax_has_32():
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    model = ParaMap(R(1, 2), smooth("matmul", R(1, 2) * V))
    attempts = (
        lambda: compile_arrow(SQUARE, "jax", dtype="float64"),
        lambda: get_backend("jax").asarray([1.0], "float64"),
        lambda: fit(model, (ROWS, ROWS[:, :1]), quadratic, descent, backend="jax", epochs=1),
    )
    for attempt in attempts:
        with jax.enable_x64(False), pytest.raises(WrongDtype, match=r"'float64' was asked for, .*jax_enable_x64"):
            attempt()
        with jax.enable_x64(True):
            attempt()


def test_a_device_without_64_bits_is_one_sentence():
    strict = pytest.importorskip("array_api_strict")
    backend = get_backend("array-api-strict")
    with pytest.raises(CatError, match="no_float64"):
        backend.asarray([1.0], "float64", device="no_float64")
    x = backend.asarray([[1.0, 2.0]], "float32", device="no_float64")
    run = compile_arrow(pair(ident(V), terminal(V) >> constant([1, "1/2"])) >> smooth("add", V * V), backend.name)

    found = run(x)
    assert found.device == strict.Device("no_float64")
    assert (found.dtype, np.asarray(strict.asarray(found, device=strict.Device("CPU_DEVICE"))).tolist()) == (
        strict.float32,
        [[2.0, 2.5]],
    )


@pytest.mark.parametrize("name", ["masked", "lists", "a number", "a buffer"])
def test_layers_and_conversions_refuse_what_would_be_misread(name):
    swap = Representation.permutation(cyclic(2), {"s": [1, 0]})
    layer = equivariant_maps(swap, swap).layer(backend="numpy")
    theta, x = np.ones((2, 1, 1)), REFUSED[name][0]
    rows = ROWS[:, None, :]
    assert layer(theta, rows.view(Labelled)).tolist() == [[[3.0, 3.0]], [[7.0, 7.0]]]
    for given in ((theta, x), (x, rows)):
        with pytest.raises(WrongDtype, match=r"A layer takes (x|theta) as an array of numpy, and "):
            layer(*given)
    if name == "masked":
        with pytest.raises(WrongDtype, match="a masked array was given"):
            get_backend("numpy").asarray(x)
        model = ParaMap(R(1, 2), smooth("matmul", R(1, 2) * V))
        with pytest.raises(WrongDtype, match="a masked array was given"):
            fit(model, (x, ROWS[:, :1]), quadratic, descent, epochs=1)


@pytest.mark.parametrize("values", [["a"], [None], np.zeros(2, "M8[s]"), np.zeros(2, [("a", float)])])
def test_conversion_makes_arrays_of_numbers(values):
    with pytest.raises(WrongDtype, match="of which it makes none"):
        get_backend("numpy").asarray(values)


@pytest.mark.parametrize("kind", ["float64", "complex128", "<U3", object])
def test_labels_in_finite_sets_are_integers(kind):
    lists = mu(1 + FinSet(3) * Id)

    assert forest_of_lists(lists, np.asarray([[0, 2]], np.uint8)).size == 3
    with pytest.raises(WrongDtype, match=r"elements of a set of 3.* dtype .* was given\. Give integers"):
        forest_of_lists(lists, np.asarray([[0, 2]]).astype(kind))


def test_labels_on_pytorch_are_read_or_refused():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    lists, x = mu(1 + R() * Id), torch.asarray(ROWS)

    assert forest_of_lists(lists, x).size == 5
    for odd, words in (
        (x.clone().requires_grad_(), r"a gradient follows.*x\.detach"),
        (x.to("meta"), "the device meta"),
        (x.to_sparse(), r"x\.to_dense"),
    ):
        with pytest.raises(WrongDtype, match=words):
            forest_of_lists(lists, odd)
