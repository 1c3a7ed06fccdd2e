"""What cannot be compiled or run says so in one sentence: what was asked, what was found, what to do."""

from __future__ import annotations

import importlib
from functools import reduce
from typing import Any, cast

import numpy as np
import pytest

from catcore.arrows import case, ev, fold, generator, ident, in_, inl, snd
from catcore.categories.smooth import constant, smooth
from catcore.errors import BackendMissing, IllTyped, NotInterpreted, ShapeMismatch, TooLarge, WrongDtype
from catcore.functors import Functor, Id, NaturalTransformation
from catcore.objects import FinSet, R, atoms, mu, nu
from catcore.para.architectures import linear
from catcore_backends import compile_arrow, get_backend
from catcore_backends.layers.orbits import orbit_labels
from catcore_backends.lie_derivatives import lie_derivative

A, B = atoms("A B")
V = R(2)
f = generator("f", A, A)
LIST = mu(1 + V * Id)
ANY = cast("Any", lambda x: x)  # what types refuse, too
T = Functor.variable("T")
ALPHA = NaturalTransformation.variable("α", Id, Id)


@pytest.mark.parametrize(
    ("term", "options", "words"),
    [
        (f, {"shapes": {"A": (2,)}}, r"generators= says what nothing is.*Add generators="),
        (inl(V, A), {}, r'An array for the atom A.*shapes=\{"A": \(3,\)\}'),
        (ident(V**V), {}, "a function is no array.*ev"),
        (ev(V, V), {}, "the domain of the arrow: a function is no array"),
        (ident(nu(V * Id)), {}, "greatest fixed points and arbitrary functors have none"),
        (in_(LIST), {}, "built outside of compiled programs"),
        (fold(mu(1 + Id), generator("a", 1 + V, V)), {}, "Add generators="),
        (ident(mu(lambda x: 1 + x**V)), {}, "no sum, product or finite power"),
        (ident(T(A)), {}, "arbitrary functors"),
        (ident(V @ V), {}, r"in ⊗ of real tensors an element is no pair.*R\(m, n\)"),
        (ALPHA[V], {}, "arbitrary natural transformation"),
        (ident(A), {"shapes": {"A": A * A}}, "which contains it"),
    ],
)
def test_what_has_no_arrays_is_refused(term, options, words):
    with pytest.raises(NotInterpreted, match=words):
        compile_arrow(term, **options)


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        (smooth("tanh", R(3)), "with the shapes given is an arrow"),
        (smooth("sum", V), "with the shapes given is an arrow"),
        (7, "give a function, a primitive's name or an arrow"),
    ],
)
def test_a_generator_must_fit_its_type(meaning, words):
    with pytest.raises(IllTyped, match=words):
        compile_arrow(f, shapes={"A": (2,)}, generators={"f": meaning})


def test_only_arrows_compile():
    with pytest.raises(IllTyped, match="takes an arrow, and 3 was given"):
        compile_arrow(3)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ((np.ones((4, 3)), np.zeros(4, dtype=int)), r"shape \(batch, 2\) at x\[0\], and an array of shape \(4, 3\)"),
        ((np.ones((4, 2)), np.zeros(3, dtype=int)), r"shape \(4,\) at x\[1\], and an array of shape \(3,\)"),
        (([[1.0, 2.0]], np.zeros(1, dtype=int)), r"at x\[0\], and list was given"),
        (np.float64(1.0), "takes a pair at x.*float64 was given"),
        ((np.ones((4, 2)),), "takes a pair at x.*1 parts"),
        ((np.ones((4, 2)), np.zeros(4, dtype=int), np.ones((4, 2))), "takes a pair at x.*3 parts"),
    ],
)
def test_a_wrong_batch_is_one_sentence(x, words):
    run = compile_arrow(smooth("tanh", V) * ident(FinSet(2)))
    with pytest.raises(ShapeMismatch, match=words):
        run(x)


def test_a_wrong_sum_is_one_sentence():
    with pytest.raises(ShapeMismatch, match=r"takes a triple \(tag, left, right\) at x\[1\]"):
        compile_arrow(snd(V, V + V))((np.ones((1, 2)), (np.zeros(1), np.ones((1, 2)))))


def test_an_error_inside_a_generator_is_not_hidden():
    run = compile_arrow(generator("g", V, V), generators={"g": lambda x: x["nothing"]})
    with pytest.raises(IndexError, match="only integers"):
        run(np.ones((1, 2)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            lambda x: x[:, :1],
            r"generator f : A → A is to answer .* shape \(3, 2\), and .* \(3, 1\) came",
        ),
        (lambda x: x[:1], r"shape \(3, 2\), and an array of shape \(1, 2\) came.*one row for each row"),
        (lambda x: [1, 2], "and list came"),
        (lambda x: None, "and NoneType came"),
    ],
)
def test_a_generator_must_answer_with_its_codomain(answer, words):
    with pytest.raises(ShapeMismatch, match=words):
        compile_arrow(f >> f, shapes={"A": (2,)}, generators={"f": answer})(np.ones((3, 2)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: x, "to answer with a pair, and an array"),
        (lambda x: (x, (np.zeros(2), x, x)), r"shape \(3,\) at \[1\]\[0\]"),
        (lambda x: (x, (np.zeros(3), x)), r"a triple \(tag, left, right\) at \[1\]"),
        (lambda x: (x, (np.zeros(3, int), x, x.T)), r"shape \(3, 2\) at \[1\]\[2\], and an array of shape \(2, 3\)"),
    ],
)
def test_the_parts_of_an_answer_are_named(answer, words):
    with pytest.raises(ShapeMismatch, match=words):
        compile_arrow(generator("h", V, V * (V + V)), generators={"h": answer})(np.ones((3, 2)))


@pytest.mark.parametrize(("batch", "words"), [(-1, "batch=-1 rows"), (1.5, "batch=1.5 rows"), ("2", "batch='2' rows")])
def test_rows_are_counted_by_integers(batch, words, library):
    run = compile_arrow(constant([1, 2]), library.backend)
    with pytest.raises(ShapeMismatch, match=words):
        run(batch=batch)


@pytest.mark.parametrize(
    "term",
    [
        ident(reduce(lambda x, _: x * V, range(3000), V)),
        reduce(lambda t, _: case(t, smooth("tanh", V)), range(2000), ident(V)),
        ident(reduce(lambda x, _: V + x, range(3000), V)),
    ],
    ids=["wide product", "wide case distinction", "wide sum"],
)
def test_what_is_nested_too_deep_is_one_sentence(term):
    with pytest.raises(TooLarge, match=r"nested hundreds deep.*as R"):
        compile_arrow(term)


@pytest.mark.parametrize("dtype", ["floaty", "bool", "uint8", "str", "complex64", "int8"])
def test_constants_have_a_dtype_of_real_numbers(dtype):
    with pytest.raises(WrongDtype, match=f"'{dtype}'.*Give one of"):
        compile_arrow(constant([1, 2]), dtype=dtype)


@pytest.mark.parametrize(("entry", "dtype"), [(10**400, None), (10**400, "float32"), (2**40, "int32")])
def test_constants_that_no_number_of_the_dtype_is(entry, dtype):
    with pytest.raises(WrongDtype, match=r"one of them does not fit.*Scale it"):
        compile_arrow(constant([entry, 1]), dtype=dtype)


def test_integers_beyond_64_bits_are_real_numbers():
    assert compile_arrow(constant([2**63, 1]))().tolist() == [[2.0**63, 1.0]]
    assert compile_arrow(constant([2**63 - 1, 1]), dtype="int64")().tolist() == [[2**63 - 1, 1]]


@pytest.mark.parametrize(
    ("shapes", "words"), [(3, "shapes= says what each atom is"), ({"A": (2.5,)}, "integers ≥ 0, and R.2.5")]
)
def test_shapes_that_say_nothing(shapes, words):
    with pytest.raises(IllTyped, match=words):
        compile_arrow(f, shapes=shapes, generators={"f": np.tanh})


# ---- backends ----------------------------------------------------------------------------------------------------


def test_an_unknown_backend_lists_the_known_ones():
    with pytest.raises(
        BackendMissing,
        match=r"'fortran' was asked for.* are array-api-strict, auto, cupy, dask, jax, numpy, torch",
    ):
        compile_arrow(ident(V), "fortran")


def test_a_missing_library_names_the_remedy(monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib.import_module("catcore_backends.library"), "import_module", missing)
    with pytest.raises(BackendMissing, match=r"'cupy' was asked for.*catcore\[cuda12\]"):
        get_backend("cupy").namespace()


def test_arrows_for_dask_need_dask_when_they_are_compiled(monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib.import_module("catcore_backends.library"), "import_module", missing)
    with pytest.raises(BackendMissing, match=r"'dask' was asked for.*catcore\[dask\]"):
        compile_arrow(ident(V), "dask")


def test_no_device_is_no_crash():
    """With or without CuPy and a device: an answer, or the sentence that says what is missing."""
    try:
        found = str(get_backend("cupy").namespace().asarray([1]).shape)
    except BackendMissing as missing:
        found = str(missing)

    assert found == "(1,)" or "Install it with" in found or "no CUDA device answers" in found


def test_auto_follows_the_arrays_and_says_when_it_cannot(library):
    auto = get_backend("auto")

    assert auto.namespace(library.array([1.0])).__name__.endswith(library.xp.__name__.rpartition(".")[2])
    assert auto.namespace() is get_backend("numpy").namespace()
    with pytest.raises(BackendMissing, match=r"they are builtins\.str"):
        auto.namespace("x")


def test_backends_make_arrays_and_compile():
    numpy = get_backend("numpy")

    assert numpy.asarray([1, 2], "float32").dtype == np.float32
    assert numpy.compile(smooth("square", V))(numpy.asarray([[2.0, 3.0]])).tolist() == [[4.0, 9.0]]
    assert eval(repr(numpy), {"get_backend": get_backend}) is numpy


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (
            (np.ones((2, 2), dtype=bool), np.zeros(2, dtype=int)),
            r"array of real numbers at x\[0\], and one of dtype bool",
        ),
        ((np.asarray([["a", "b"]]), np.zeros(1, dtype=int)), r"array of real numbers at x\[0\], and one of dtype <U1"),
        ((np.full((1, 2), None), np.zeros(1, dtype=int)), r"array of real numbers at x\[0\], and one of dtype object"),
        ((np.ones((2, 2)), np.zeros(2)), r"array of integers at x\[1\], and one of dtype float64"),
        ((np.ones((2, 2), "uint8"), np.zeros(2, int)), "uint8 was given, whose negatives wrap round"),
    ],
)
def test_a_wrong_dtype_is_one_sentence(x, words):
    run = compile_arrow(smooth("tanh", V) * ident(FinSet(2)))
    with pytest.raises(WrongDtype, match=words):
        run(x)


def test_a_wrong_dtype_is_one_sentence_on_every_library(library):
    run = compile_arrow(smooth("tanh", V), "auto")
    with pytest.raises(WrongDtype, match=r"array of real numbers at x, and one of dtype .*bool"):
        library.numpy(run(library.array([[True, False]])))


def test_arrays_of_another_library_are_named():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    run = smooth("add", V * V)
    with pytest.raises(WrongDtype, match=r"real numbers of torch at x\[0\].*of numpy.*get_backend\('torch'\)"):
        compile_arrow(run, "torch")((np.ones((1, 2)), torch.ones(1, 2)))
    with pytest.raises(WrongDtype, match=r"real numbers of numpy at x\[1\].*of torch"):
        compile_arrow(run)((np.ones((1, 2)), torch.ones(1, 2)))


def test_dtypes_that_a_library_does_not_combine():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    run = compile_arrow(smooth("matmul", R(2, 2) * V), "torch")
    with pytest.raises(WrongDtype, match=r"torch.float32 and torch.float64, which its library does not combine"):
        run((torch.ones((1, 2, 2), dtype=torch.float64), torch.ones((1, 2))))


def test_parameters_of_a_wrong_dtype_or_shape_are_one_sentence():
    run = compile_arrow(linear(2, 3))
    with pytest.raises(WrongDtype, match=r"array of real numbers at x\[0\], and one of dtype bool"):
        run(np.ones((3, 2), dtype=bool), np.ones((1, 2)))
    with pytest.raises(ShapeMismatch, match=r"array of shape \(3, 2\) at x\[0\], and one of shape \(2, 3\)"):
        run(np.ones((2, 3)), np.ones((1, 2)))
    with pytest.raises(ShapeMismatch, match=r"shape \(batch, 2\) at x\[1\], and an array of shape \(\)"):
        run(np.ones((3, 2)), np.asarray(1.0))


@pytest.mark.parametrize(
    ("attempt", "error", "words"),
    [
        (lambda: get_backend(ANY(["numpy"])), BackendMissing, "installed ones are"),
        (lambda: compile_arrow(f, generators=ANY(["f"])), IllTyped, "generators= says what each generator is"),
        (lambda: get_backend("numpy").asarray("abc", "float32"), ShapeMismatch, "str was given.*Give numbers"),
        (lambda: orbit_labels(ANY(None)), IllTyped, "a list of index maps, and None"),
        (lambda: lie_derivative(np.sin, np.eye(2), np.eye(2), "ab"), ShapeMismatch, "Points are arrays of numbers"),
        (lambda: lie_derivative(np.sin, np.eye(2), np.eye(2), np.ones(())), ShapeMismatch, r"shape \(\)"),
        (lambda: lie_derivative(lambda x: "a", np.eye(2), np.eye(2), np.ones(2)), ShapeMismatch, "it gave str"),
    ],
)
def test_odd_inputs_of_the_public_functions_are_one_sentence(attempt, error, words):
    with pytest.raises(error, match=words):
        attempt()


def test_a_map_that_answers_with_integers_has_a_derivative():
    found = lie_derivative(lambda x: (x > 0).astype(int), np.eye(2), np.zeros((2, 2)), np.ones((1, 2)))
    assert found.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize(
    ("attempt", "error", "words"),
    [
        (lambda: get_backend("torch").asarray([[1], [1, 2]]), ShapeMismatch, "equally long"),
        (lambda: get_backend("torch").asarray(None), WrongDtype, "NoneType was given, of which it makes none"),
        (lambda: orbit_labels([[1, 0]], backend="torch", device="cuda:99"), BackendMissing, "torch has none there"),
    ],
)
def test_odd_inputs_on_pytorch_are_one_sentence(attempt, error, words):
    pytest.importorskip("torch", reason="the extra torch is not installed")
    with pytest.raises(error, match=words):
        attempt()
