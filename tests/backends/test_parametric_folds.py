"""Folds with shared parameters on arrays: one copy of the parameters for all nodes of all trees (T4.5)."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import FinSet, Id, R, arrow, case, ev, fold, fst, generator, ident, pair, snd
from catcore.arrows import curry, distribute, finite_map, terminal
from catcore.categories.smooth import Operation, Primitive, constant, register, smooth
from catcore.datatypes import datatype
from catcore.datatypes.parametric import parametric_fold
from catcore.errors import IllTyped, NotInterpreted, ShapeMismatch
from catcore.objects import One
from catcore_backends import compile_arrow
from catcore_backends.recursion.forests import forest, forest_of_lists

N = R()
Lists = datatype(1 + N * Id, "Nil", "Cons")
Trees = datatype(N + Id * Id, "Leaf", "Node")
Vectors = datatype(R(3) + Id * Id, "Leaf", "Node")
add, multiply, tanh = smooth("add", N * N), smooth("multiply", N * N), smooth("tanh", N)

# parameters (w, (v, b)): cells tanh(w x + v y + b)
WEIGHTS = N * (N * N)


@arrow(WEIGHTS * (N * N), N)
def cell(x):
    (w, (v, b)), (left, right) = x
    return tanh(add((add((multiply((w, left)), multiply((v, right)))), b)))


leaf = snd(WEIGHTS, N)
recursive = distribute(WEIGHTS, N, N * N) >> case(leaf, cell)


begin = terminal(WEIGHTS * 1) >> constant(0.1)
rnn = distribute(WEIGHTS, 1, N * N) >> case(begin, cell)


def numbers(*values):
    w, v, b = map(np.asarray, values)
    return (w, (v, b))


def test_what_hangs_on_parameters_alone_is_computed_beside_labels_of_another_dtype():
    summed = snd(R(3), N * N) >> multiply  # the label times what is below, and that times the sum of the parameters
    scaled = arrow(R(3) * (N * N), N)(lambda x: multiply((smooth("sum", R(3))(x[0]), summed(x))))
    run = compile_arrow(
        parametric_fold(Lists.fixed, distribute(R(3), 1, N * N) >> case(terminal(R(3) * 1) >> constant(0.5), scaled)),
        shared=True,
    )

    for dtype in ("float32", "float64", "float32"):
        assert run((np.ones(3, dtype), [Lists.list_of([2.0, 4.0])])).tolist() == [36.0]


@pytest.mark.usefixtures("everywhere")
def test_the_folding_network_of_t4_5():
    run = compile_arrow(parametric_fold(Lists.fixed, rnn), shared=True)

    found = run((numbers(0.5, -0.3, 0.2), [Lists.list_of([1.0, -2.0, 0.5]), Lists.list_of([])]))

    np.testing.assert_allclose(found, [0.7247783109, 0.1], atol=1e-10)


@pytest.mark.usefixtures("everywhere")
def test_the_recursive_network_of_t4_5():
    # the tree of T2.3 with its labels scaled by u = 0.1
    tree = Trees.read("Node(Node(Leaf(0.2), Leaf(0.5)), Node(Leaf(0.7), Node(Leaf(0.1), Leaf(0.3))))")
    run = compile_arrow(parametric_fold(Trees.fixed, recursive), shared=True)

    np.testing.assert_allclose(run((numbers(0.7, -0.4, 0.05), [tree])), [-0.1529844141], atol=1e-10)


trees = st.recursive(
    st.floats(-1, 1).map(Trees.constructors[0]),
    lambda t: st.tuples(t, t).map(lambda p: Trees.constructors[1](*p)),
    max_leaves=10,
)


@pytest.mark.usefixtures("everywhere")
@given(st.lists(trees, min_size=1, max_size=5), st.tuples(*[st.floats(-1, 1)] * 3))
def test_a_batch_folds_like_each_tree(batch, weights):
    w, v, b = weights
    alone = Trees.fold(Leaf=lambda a: a, Node=lambda l, r: np.tanh(w * l + v * r + b))
    run = compile_arrow(parametric_fold(Trees.fixed, recursive), shared=True)

    np.testing.assert_allclose(run((numbers(*weights), batch)), [alone(t) for t in batch], atol=1e-12)


MATRICES = R(3, 3) * R(3)


@arrow(MATRICES * (R(3) + R(3) * R(3)), R(3))
def affine(x):
    (a, b), layer = x
    return layer.case(
        inl=lambda leaf: leaf,
        inr=lambda p: smooth("add", R(3) * R(3))((
            smooth("matmul", R(3, 3) * R(3))((a, smooth("add", R(3) * R(3))((p[0], p[1])))), b)),
    )  # fmt: skip


def vectors():
    leaf, node = Vectors.constructors
    one, two = (leaf(np.asarray(x)) for x in ([1.0, 0.5, -1.0], [0.0, 2.0, 1.0]))
    return [node(one, node(two, one)), node(node(one, two), node(two, two)), one]


def test_every_library_gives_the_same(library):
    run = compile_arrow(parametric_fold(Vectors.fixed, affine), "auto", shared=True)
    a, b = np.arange(9.0).reshape(3, 3) / 10, np.asarray([1.0, 0.0, -1.0])
    alone = Vectors.fold(Leaf=lambda x: x, Node=lambda l, r: a @ (l + r) + b)

    found = run(((library.array(a), library.array(b)), forest(vectors()).over(library.xp)))

    np.testing.assert_allclose(library.numpy(found), [alone(t) for t in vectors()], atol=1e-12)


SEEN: list[int] = []


def seen(xp, x):
    SEEN.append(len(x[0]))  # no symbolic array has a length, so the rule stays a call
    return x[0] * x[1]


noted = register(Operation("noted_in_tests", lambda dom: dom.left, lambda xp, x: x[0] * x[1], shared=seen))


def test_parameters_are_not_copied_for_the_nodes():
    scaled = distribute(N, N, N * N) >> case(
        snd(N, N), pair(fst(N, N * N), snd(N, N * N) >> add) >> Primitive("noted_in_tests", N * N)
    )
    leaf, node = Trees.constructors
    tree = node(node(leaf(1.0), leaf(1.0)), leaf(2.0))
    SEEN.clear()

    found = compile_arrow(parametric_fold(Trees.fixed, scaled), shared=True)((np.asarray(3.0), [tree] * 50))

    assert found.tolist() == [24] * 50
    assert SEEN == [1, 1]


@pytest.mark.usefixtures("everywhere")
def test_sums_and_finite_sets_are_parameters_too():
    # P = 2 × (ℝ + 1): the number of the rule, and a bonus or none
    P = FinSet(2) * (N + 1)

    @arrow(P * (N + N * N), N)
    def algebra(x):
        (rule, bonus), layer = x
        given = bonus.case(inl=lambda b: b, inr=lambda _: constant(0.0)(()))
        chosen = finite_map(FinSet(2), One + One, [0, 1])(rule)
        return layer.case(
            inl=lambda a: add((a, given)),
            inr=lambda p: chosen.case(inl=lambda _: add((p[0], p[1])), inr=lambda _: multiply((p[0], p[1]))),
        )

    run = compile_arrow(parametric_fold(Trees.fixed, algebra), shared=True)
    tree = Trees.read("Node(Leaf(2.0), Leaf(3.0))")

    assert run(((np.asarray(0), (np.asarray(0), np.asarray(10.0), ())), [tree])).tolist() == [25]
    assert run(((np.asarray(1), (np.asarray(1), np.asarray(10.0), ())), [tree])).tolist() == [6]


def test_an_algebra_may_distinguish_cases_of_its_labels(library):
    marked = datatype(1 + (N + N) * Id, "Nil", "Cons")

    @arrow(N * (1 + (N + N) * N), N)
    def algebra(x):
        p, layer = x
        return layer.case(
            inl=lambda _: p,
            inr=lambda c: c[0].case(inl=lambda a: add((a, c[1])), inr=lambda a: multiply((multiply((p, a)), c[1]))),
        )

    run = compile_arrow(parametric_fold(marked.fixed, algebra), library.backend, shared=True)
    batch = [
        marked.read(t) for t in ("Cons(inl(2.0), Cons(inr(3.0), Nil))", "Cons(inr(4.0), Cons(inl(1.0), Nil))", "Nil")
    ]

    assert library.numpy(run((library.array(10.0), batch))).tolist() == [302, 440, 10]


def test_constant_parameters_are_shared_without_being_asked(library):
    weights = constant(0.7), constant(-0.4), constant(0.05)
    point = pair(weights[0], pair(weights[1], weights[2]))
    term = pair(terminal(Trees.fixed) >> point, ident(Trees.fixed)) >> parametric_fold(Trees.fixed, recursive)
    batch = [Trees.read("Node(Leaf(2.0), Leaf(3.0))"), Trees.read("Leaf(7.0)")]

    found = library.numpy(compile_arrow(term, library.backend)(batch))
    np.testing.assert_allclose(found, [np.tanh(0.7 * 2 - 0.4 * 3 + 0.05), 7], rtol=1e-10)


@pytest.mark.usefixtures("everywhere")
def test_shared_parameters_serve_arrows_without_recursion_too():
    run = compile_arrow(smooth("matmul", R(2, 3) * R(3)), shared=True)
    a, x = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(4, 3)

    np.testing.assert_allclose(run((a, x)), x @ a.T)
    assert eval(repr(run), {"compile_arrow": compile_arrow, "smooth": smooth, "R": R})((a, x)).shape == (4, 2)
    assert pickle.loads(pickle.dumps(run))((a, x)).shape == (4, 2)


@pytest.mark.usefixtures("everywhere")
def test_lists_without_items_and_without_lists():
    run = compile_arrow(parametric_fold(Lists.fixed, rnn), shared=True)

    assert run((numbers(1.0, 1.0, 1.0), forest_of_lists(Lists.fixed, np.zeros((3, 0))))).tolist() == [0.1] * 3


def accumulating():
    """A fold into functions that hands ``p + 1`` to its branch."""
    functions = N**N
    plus_one = pair(ident(N), terminal(N) >> constant(1.0)) >> add
    step = pair(fst(N * functions, N) >> snd(N, functions), snd(N * functions, N) >> plus_one) >> ev(N, N)
    whole = fold(Lists.fixed, case(curry(snd(1, N)), curry(step)))
    return pair(snd(N, Lists.fixed) >> whole, fst(N, Lists.fixed)) >> ev(N, N)


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: compile_arrow(accumulating(), shared=True), NotInterpreted, "hands other parameters to the branches"),
        (lambda: compile_arrow(parametric_fold(Lists.fixed, rnn)), NotInterpreted, "Compile the arrow with shared"),
        (lambda: compile_arrow(ident(N), shared=True), IllTyped, "leaves a product P × A, and ℝ was"),
        (lambda: compile_arrow(fst(Lists.fixed, N), shared=True), NotInterpreted, "a tree is no array"),
        (
            lambda: compile_arrow(smooth("matmul", R(2, 3) * R(3)), shared=True)((np.ones((1, 2, 3)), np.ones((4, 3)))),
            ShapeMismatch,
            r"shape \(2, 3\) at x\[0\], and one of shape \(1, 2, 3\)",
        ),
        (
            lambda: compile_arrow(generator("f", N * N, N), shared=True, generators={"f": lambda x: x[0]})((1.0, 2.0)),
            ShapeMismatch,
            "shape .*, and float was given",
        ),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()
