"""What cannot be compiled or run says so in one sentence: what was asked, what was found, what to do."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from catcore.arrows import ev, fold, generator, ident, in_, inl, snd
from catcore.categories.smooth import smooth
from catcore.errors import BackendMissing, IllTyped, NotInterpreted, ShapeMismatch, WrongDtype
from catcore.functors import Functor, Id, NaturalTransformation
from catcore.objects import FinSet, R, atoms, mu, nu
from catcore.para.architectures import linear
from catcore_backends import compile_arrow, get_backend

A, B = atoms("A B")
V = R(2)
f = generator("f", A, A)
LIST = mu(1 + V * Id)
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


# ---- backends ----------------------------------------------------------------------------------------------------


def test_an_unknown_backend_lists_the_known_ones():
    with pytest.raises(
        BackendMissing, match=r"'fortran' was asked for, and the installed ones are auto, cupy, dask, jax, numpy, torch"
    ):
        compile_arrow(ident(V), "fortran")


def test_a_missing_library_names_the_remedy(monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib.import_module("catcore_backends.backend"), "import_module", missing)
    with pytest.raises(BackendMissing, match=r"'cupy' was asked for.*catcore\[cuda12\]"):
        get_backend("cupy").namespace()


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


def test_parameters_of_a_wrong_dtype_or_shape_are_one_sentence():
    run = compile_arrow(linear(2, 3))
    with pytest.raises(WrongDtype, match=r"array of real numbers at x\[0\], and one of dtype bool"):
        run(np.ones((3, 2), dtype=bool), np.ones((1, 2)))
    with pytest.raises(ShapeMismatch, match=r"array of shape \(3, 2\) at x\[0\], and one of shape \(2, 3\)"):
        run(np.ones((2, 3)), np.ones((1, 2)))
    with pytest.raises(ShapeMismatch, match=r"shape \(batch, 2\) at x\[1\], and an array of shape \(\)"):
        run(np.ones((3, 2)), np.asarray(1.0))
