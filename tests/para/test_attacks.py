"""Odd inputs: nothing hangs, nothing is half done, and what is refused is refused in one sentence."""

from __future__ import annotations

import functools as ft
import pickle
from typing import Any, cast

import numpy as np
import pytest

from catcore import Id, ParaMap, R, Zero, atoms, fold, generator, mu, parametric
from catcore.errors import IllTyped, ShapeMismatch, UnknownName
from catcore.para import LaxAlgebra, Lift, copies, explain, tie
from catcore.para import architectures as arch
from catcore_backends import compile_arrow

A, B, P, Q = atoms("A B P Q")
f = ParaMap(P, generator("f", P * A, A))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ParaMap(None, f.arrow), IllTyped, "An object is needed"),
        (lambda: Lift(3)(f), IllTyped, "A functor or a monad"),
        (lambda: LaxAlgebra(3, f, copies(P, 2)), IllTyped, "A monad, with a strength or without"),
        (lambda: arch.convolution(cast(Any, 3)), IllTyped, "forced by representations"),
        (lambda: parametric((P, Q), A, A)(lambda p, x: x), IllTyped, "a Python function of 3 arguments"),
        (lambda: explain(f, dtype="float1"), UnknownName, "'float1'"),
        (lambda: fold(cast(Any, "L"), f), IllTyped, "least fixed point mu"),
        (lambda: fold(mu(1 + Id), f), IllTyped, "one layer is"),
        (lambda: tie(f, cast(Any, None)), IllTyped, "a pattern such as"),
        (lambda: arch.carried(cast(Any, 1)), IllTyped, "A parametric map is needed here, and 1 was given"),
        (lambda: arch.folding(cast(Any, 1)), IllTyped, "A parametric map is needed here, and 1 was given"),
        (lambda: arch.gan(cast(Any, 0), cast(Any, 1)), IllTyped, "A parametric map is needed here, and 0 was given"),
        (lambda: arch.message_passing(cast(Any, 1), 2, 1, 1), ShapeMismatch, "pairs .source, target., and 1 was given"),
        (lambda: arch.message_passing(cast(Any, [1]), 2, 1, 1), ShapeMismatch, "pairs .source, target."),
        (lambda: arch.simplicial_layer(1, 1, (1, 1)), ShapeMismatch, "A boundary matrix is needed here, and 1 was"),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_other_operands_are_left_to_python():
    for operation in (lambda: f >> 3, lambda: f * 3, lambda: f @ f):
        with pytest.raises(TypeError, match="unsupported operand"):
            operation()


@pytest.mark.usefixtures("everywhere")
def test_empty_and_zero_dimensional():
    assert ParaMap(0, generator("f", Zero * A, B)).params == (Zero,)
    assert compile_arrow(arch.linear(0, 3))(np.zeros((3, 0)), np.zeros((2, 0))).tolist() == [[0.0] * 3] * 2
    assert compile_arrow(arch.linear(3, 2))(np.zeros((2, 3)), np.zeros((0, 3))).shape == (0, 2)
    assert tie(ParaMap((), generator("u", A, A)), []).target.params == ()
    assert arch.language_model(layers=0, width=4, heads=1, vocabulary=5, context=3).count() == 32


def test_networks_of_many_layers_print_pickle_and_run():
    deep = ft.reduce(lambda one, other: one >> other, [f] * 300)
    assert str(deep).endswith(deep.signature)
    assert "<code>" in deep._repr_html_()
    assert len(explain(deep).splitlines()) > 300
    model = arch.language_model(layers=12, width=8, heads=2, vocabulary=5, context=3)
    weights = tuple(np.random.default_rng(0).normal(size=p.shape) for p in model.params)
    scores = compile_arrow(model)(weights, np.eye(5)[[[0, 1, 2]]])
    assert scores.shape == (1, 3, 5)
    assert np.isfinite(scores).all()
    assert pickle.loads(pickle.dumps(model)) == model
    assert R(5, 8) in model.params


@pytest.mark.parametrize(
    ("made", "signature"),
    [
        (lambda: arch.attention(2, 3, 0, 1), "ℝ[2×0] × (ℝ[3×0] × ℝ[3×1]) → ℝ[2×1] with no parameters"),
        (lambda: arch.transformer_block(2, 0), "ℝ[2×0] → ℝ[2×0] with parameters"),
        (lambda: arch.labelled_tree_cell(2, 0), "1 + ℝ[2] × (ℝ[0] × ℝ[0]) → ℝ[0] with parameters"),
    ],
)
def test_spaces_without_entries_have_networks(made, signature):
    assert str(made().signature).startswith(signature)


@pytest.mark.usefixtures("everywhere")
def test_keys_without_entries_tell_no_values_apart():
    values = np.asarray([[[1.0], [2.0], [6.0]]])
    found = compile_arrow(arch.attention(2, 3, 0, 1))((), (np.ones((1, 2, 0)), (np.ones((1, 3, 0)), values)))
    assert np.allclose(found, 3.0)
