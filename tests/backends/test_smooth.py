"""The table of smooth primitives: types, printing, array rules and reverse derivatives (T5.4)."""

from __future__ import annotations

import importlib
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from catcore import arrows, objects
from catcore.arrows import doctrines
from catcore.categories import smooth as table
from catcore.categories.smooth import TABLE, Operation, constant, constant_matrix, register, same_shape, smooth
from catcore.errors import IllTyped, NotANumber, ShapeMismatch, UnknownName
from catcore.learning import reverse_derivative
from catcore.objects import One, Product, R, atoms
from catcore_backends import compile_arrow
from tests.backends.reference import gather, sample

CASES = [
    *(smooth(name, R(2, 3)) for name in ("tanh", "relu", "exp", "sigmoid", "sin", "cos", "negative", "square")),
    *(smooth(name, R(3)) for name in ("reciprocal", "abs", "sign", "step", "softplus", "softmax", "logsumexp")),
    *(smooth(name, R(3) * R(3)) for name in ("subtract", "divide", "maximum")),
    smooth("times", R(2), "1/2"),
    smooth("shift", R(2), -3),
    smooth("logsumexp", R(2, 3)),
    smooth("softmax", R(2, 3)),
    smooth("repeat", R(2), 0, 3),
    smooth("repeat", R(2, 3), 2, 2),
    smooth("fill", R(), (2, 3)),
    smooth("narrow", R(2, 5), 1, 1, 3),
    smooth("narrow", R(4), 0, 0, 2),
    smooth("log", R(3)),
    smooth("sqrt", R(3)),
    smooth("tanh", R()),
    smooth("add", R(2) * R(2)),
    smooth("multiply", R(2, 2) * R(2, 2)),
    smooth("scale", R() * R(2, 3)),
    smooth("scale", R() * R()),
    smooth("matmul", R(2, 3) * R(3)),
    smooth("matmul", R(2, 3) * R(3, 4)),
    smooth("einsum", R(2, 3) * R(3, 4), "ij,jk->ki"),
    smooth("reshape", R(2, 3), (6,)),
    smooth("reshape", R(), (1, 1)),
    smooth("permute_dims", R(2, 3, 4), (2, 0, 1)),
    smooth("sum", R(2, 3)),
    smooth("sum", R()),
    smooth("sum", R(2, 3), 0),
    smooth("sum", R(2, 3), 1),
    smooth("concat", R(2, 3) * R(1, 3), 0),
    smooth("concat", R(2, 3) * R(2, 1), 1),
    constant_matrix([[1, 2, 3], [0, "-1/2", 0.25]]),
]


def arguments(f):
    """What the rules take after the point: the parameters, or the constants as arrays."""
    constants = f.constants()
    return f.parameters if constants is None else tuple(np.asarray(c, dtype=float) for c in constants)


def flat(x):
    return np.concatenate([flat(part) for part in x]) if isinstance(x, tuple) else np.reshape(x, -1)


def build(ob, vector):
    """A batch of one from a flat vector."""
    if isinstance(ob, Product):
        size = flat(gather(ob.left, [sample(ob.left, np.random.default_rng())])).size
        return build(ob.left, vector[:size]), build(ob.right, vector[size:])
    return np.reshape(vector, (1, *ob.shape))


@pytest.mark.parametrize("f", CASES, ids=lambda f: f"{f.name} of {f.dom}")
def test_the_reverse_rule_is_the_transposed_derivative(f: Any):
    rng = np.random.default_rng(3)
    run, back = compile_arrow(f), compile_arrow(reverse_derivative(f))
    x = np.abs(flat(gather(f.dom, [sample(f.dom, rng)]))) + 0.5
    v = rng.normal(size=(1, *f.cod.args))
    step = 1e-6

    def along(i):
        shift = step * (np.arange(x.size) == i)
        up, down = (run(build(f.dom, x + s)) for s in (shift, -shift))
        return np.sum(v * (up - down)) / (2 * step)

    found = flat(back((build(f.dom, x), v)))

    assert np.allclose(found, [along(i) for i in range(x.size)], rtol=1e-6, atol=1e-8)


def test_every_row_of_the_table_has_a_reverse_rule_that_is_tested():
    # a constant has nothing to differentiate, `each` is another primitive on every sample (test_batching), and the two
    # of tied weights, which importing them registers, are transposes of each other (test_tying)
    tested = {f.name for f in CASES} | {"constant", "each"} | {"combine", "collect"}
    importlib.import_module("catcore.para.tying")

    assert {name for name, row in TABLE.items() if row.derivative} == tested


@pytest.mark.parametrize("f", CASES, ids=lambda f: f"{f.name} of {f.dom}")
def test_linear_rows_are_linear_and_others_are_not(f):
    import array_api_compat.numpy as xp

    rng = np.random.default_rng(4)
    x, y = (rng.uniform(0.5, 2, size=flat(gather(f.dom, [sample(f.dom, rng)])).size) for _ in range(2))
    fx, fy, fxy = (f.operation.rule(xp, build(f.dom, z), *arguments(f)) for z in (x, y, x + 2 * y))

    same = f.name in ("relu", "abs")  # linear on positive entries in one order
    assert bool(np.allclose(fxy, fx + 2 * fy)) == (f.operation.linear or same)


@pytest.mark.parametrize("f", [*CASES, constant([[1, "sqrt(2)/2"], [0.1, 0]]), constant(3), smooth("sum", R(2), None)])
def test_repr_reads_back_to_the_same_arrow(f):
    names = {**vars(objects), **vars(arrows), **vars(table)}

    assert eval(repr(f), names) is f
    assert pickle.loads(pickle.dumps(f)) is f


def test_array_rules_run_on_every_library(library):
    rng = np.random.default_rng(5)
    for f in CASES:
        x = build(f.dom, np.abs(flat(gather(f.dom, [sample(f.dom, rng)]))) + 0.5)
        found = library.numpy(compile_arrow(f, "auto")(library.batch(x)))

        assert np.allclose(found, compile_arrow(f)(x))
        assert found.shape == (1, *f.cod.args)


def test_exact_entries_are_kept_exact():
    entries = constant_matrix([[1, Fraction(1, 3), sympy.sqrt(2) / 2, np.int64(2), "4/2", 0.5]]).args[3:]

    assert entries == (1, "1/3", "sqrt(2)/2", 2, 2, 0.5)
    assert constant_matrix([[1]]) is not constant_matrix([[1.0]])
    assert constant_matrix(np.eye(2, dtype=int)) is constant_matrix([[1, 0], [0, 1]])


def test_sigmoid_does_not_overflow():
    x = np.asarray([[-1e4, 0.0, 1e4]])

    assert compile_arrow(smooth("sigmoid", R(3)))(x).tolist() == [[0.0, 0.5, 1.0]]


def test_primitives_are_left_additive():
    assert "left-additive" in doctrines(smooth("tanh", R(1)) >> smooth("tanh", R(1)))
    assert constant([1]).dom is One


def test_users_extend_the_table(library):
    name = "cube for a test"
    register(Operation(name, same_shape, lambda xp, x: x**3))
    try:
        found = compile_arrow(smooth(name, R(2)), "auto")(library.array([[1.0, 2.0]]))
        assert library.numpy(found).tolist() == [[1.0, 8.0]]
        with pytest.raises(IllTyped, match="the table has one"):
            register(Operation(name, same_shape, lambda xp, x: x))
    finally:
        del TABLE[name]


(A,) = atoms("A")


@pytest.mark.parametrize(
    ("build_it", "error", "words"),
    [
        (lambda: smooth("tan", R(2)), UnknownName, "'tan' was asked for.*Add it with"),
        (lambda: smooth("tanh", A), IllTyped, "leaves real tensors"),
        (lambda: smooth("add", R(2) * R(3)), IllTyped, r"\(2,\) and \(3,\) differ"),
        (lambda: smooth("add", R(2)), IllTyped, "leaves a product"),
        (lambda: smooth("scale", R(2) * R(2)), IllTyped, "Use multiply"),
        (lambda: smooth("matmul", R(2, 3) * R(2)), IllTyped, "Reshape or transpose first"),
        (lambda: smooth("reshape", R(2, 3), (5,)), IllTyped, "6 entries are not 5"),
        (lambda: smooth("permute_dims", R(2, 3), (0, 0)), IllTyped, r"once, and \(0, 0\)"),
        (lambda: smooth("sum", R(2, 3), 2), IllTyped, "along axis 2"),
        (lambda: smooth("concat", R(2, 3) * R(2, 4), 0), IllTyped, "equal extents elsewhere"),
        (lambda: smooth("times", R(2)), IllTyped, "'times' out of .* and its shape rule takes others"),
        (lambda: smooth("narrow", R(2), 0, 1), IllTyped, "and its shape rule takes others"),
        (lambda: smooth("narrow", R(2), 0, 1, 5), IllTyped, "narrow of .* to 1 … 5 was asked for"),
        (lambda: smooth("repeat", R(2), 5, 2), IllTyped, "the new axis has a place 0 … 1"),
        (lambda: smooth("fill", R(2), (3,)), IllTyped, "fill leaves R\\(\\), one number"),
        (lambda: smooth("softmax", R()), IllTyped, "act along the last axis"),
        (lambda: smooth("times", R(2), float("inf")), NotANumber, "finite numbers"),
        (lambda: smooth("times", R(2), (1, 2)), IllTyped, "times and shift take a number"),
        (lambda: constant_matrix([[1, 2], [3]]), ShapeMismatch, "rows of one length"),
        (lambda: constant_matrix([1, 2]), ShapeMismatch, "list of rows"),
        (lambda: constant_matrix([[float("nan")]]), NotANumber, "finite"),
        (lambda: constant_matrix([["x"]]), NotANumber, "exact"),
        (lambda: register(Operation("", same_shape, abs)), IllTyped, "short printable string"),
    ],
)
def test_a_wrong_primitive_is_one_sentence(build_it, error, words):
    with pytest.raises(error, match=words):
        build_it()
