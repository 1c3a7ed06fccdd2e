"""Gradients with respect to shared parameters, through folds over data too: against JAX and by hand (T4.6, T5.3)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore import Id, One, R, arrow, case, fold, fst, ident, pair, reverse_derivative, smooth, snd
from catcore.arrows import subterms
from catcore.categories.finite_sets import Injected
from catcore.categories.smooth import constant, constant_matrix
from catcore.datatypes import Data, datatype
from catcore.datatypes.parametric import parametric_fold
from catcore.errors import IllTyped, NotInterpreted
from catcore.functors import functor
from catcore.learning.folds import BackwardFold
from catcore.learning.losses import quadratic
from catcore.learning.numbers import numerically
from catcore.learning.optimisers import adam
from catcore.objects import FinSet, mu
from catcore.para import ParaMap
from catcore.structures.lists import LIST
from catcore_backends import compile_arrow, fit, gradient
from catcore_backends.recursion.forests import forest, forest_of_lists
from tests.learning.random_folds import from_root
from tests.learning.running import flat

S = R(3)
TREES = datatype(R(2) + Id * Id, "Leaf", "Node")
LISTS = mu(1 + R(2) * Id)
ROSES = datatype(functor(lambda x: R(2) * LIST(x)), "Rose")
ADD, TANH = smooth("add", S * S), smooth("tanh", S)
INPUT, HIDDEN = smooth("matmul", R(3, 2) * R(2)), smooth("matmul", R(3, 3) * S)
ZERO = constant([0.0, 0.0, 0.0])
P = R(3, 2) * (R(3, 3) * S)


@arrow(P * (R(2) + S * S), S)
def tree_cell(x):
    """``leaf a ↦ tanh(U a)``, ``node(l, r) ↦ tanh(W l + r + b)``."""
    p, layer = x
    return TANH(layer.case(inl=lambda a: INPUT(p[0], a), inr=lambda c: ADD(ADD(HIDDEN(p[1][0], c[0]), c[1]), p[1][1])))


@arrow(P * (One + R(2) * S), S)
def list_cell(x):
    """``nil ↦ tanh b``, ``cons(a, s) ↦ tanh(U a + W s + b)``: the folding recurrent network."""
    p, layer = x
    return TANH(
        layer.case(
            inl=lambda _: p[1][1],
            inr=lambda c: ADD(ADD(INPUT(p[0], c[0]), HIDDEN(p[1][0], c[1])), p[1][1]),
        )
    )


ENERGY = smooth("square", S) >> smooth("sum", S)
OVER_TREES = parametric_fold(TREES.fixed, tree_cell)
OVER_LISTS = parametric_fold(LISTS, list_cell)
rng = np.random.default_rng(1)
WEIGHTS = (rng.normal(size=(3, 2)), (rng.normal(size=(3, 3)), rng.normal(size=3)))


def random_tree(draw_rng, size):
    """A random binary tree with so many leaves."""
    if size == 1:
        return Data(TREES.fixed, Injected("inl", draw_rng.normal(size=2)))
    left = int(draw_rng.integers(1, size))
    branches = (random_tree(draw_rng, left), random_tree(draw_rng, size - left))
    return Data(TREES.fixed, Injected("inr", branches))


def by_recursion(xp, weights, tree):
    """The value of one tree, node by node."""
    u, (w, b) = weights
    if tree.layer.side == "inl":
        return xp.tanh(u @ tree.layer.value)
    left, right = (by_recursion(xp, weights, t) for t in tree.layer.value)
    return xp.tanh(w @ left + right + b)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_gradients_of_folds_over_trees_agree_with_jax(seed, sizes):
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    own = np.random.default_rng(seed)
    trees = [random_tree(own, n) for n in sizes]
    values, found = gradient(OVER_TREES >> ENERGY)((WEIGHTS, forest(trees)))
    with jax.enable_x64(True):

        def total(weights):
            return sum((by_recursion(jax.numpy, weights, t) ** 2).sum() for t in trees)

        wanted = jax.grad(total)(WEIGHTS)

    assert np.allclose(values.sum(), total_by_numpy(trees), rtol=1e-12)
    for ours, theirs in zip(flat(found), flat(jax.tree.map(np.asarray, wanted)), strict=True):
        assert np.allclose(ours, theirs, rtol=1e-10, atol=1e-10)


def total_by_numpy(trees):
    return sum((by_recursion(np, WEIGHTS, t) ** 2).sum() for t in trees)


@pytest.mark.usefixtures("everywhere")
def test_gradients_of_a_folding_network_by_finite_differences():
    lists = forest_of_lists(LISTS, rng.normal(size=(4, 6, 2)), lengths=[6, 2, 0, 5])
    run = gradient(OVER_LISTS >> ENERGY)
    _, found = run((WEIGHTS, lists))
    for place, (slope, weight) in enumerate(zip(flat(found), flat(WEIGHTS), strict=True)):
        for index in np.ndindex(weight.shape):
            ends = []
            for h in (1e-6, -1e-6):
                moved = [w.copy() for w in flat(WEIGHTS)]
                moved[place][index] += h
                ends.append(run(((moved[0], (moved[1], moved[2])), lists))[0].sum())
            assert np.isclose(slope[index], (ends[0] - ends[1]) / 2e-6, rtol=1e-6, atol=1e-8)


@pytest.mark.usefixtures("everywhere")
def test_shared_branches_hand_on_the_sum():
    """One subtree that is both branches of a node, and a tree that stands twice in the batch."""
    leaf = Data(TREES.fixed, Injected("inl", np.asarray([0.3, -0.4])))
    node = Data(TREES.fixed, Injected("inr", (leaf, leaf)))
    copied = Data(TREES.fixed, Injected("inl", np.asarray([0.3, -0.4])))
    apart = Data(TREES.fixed, Injected("inr", (leaf, copied)))
    run = gradient(OVER_TREES >> ENERGY)
    one, two = run((WEIGHTS, forest([node, node])))[1], run((WEIGHTS, forest([apart, apart])))[1]

    assert all(np.allclose(a, b, rtol=1e-13) for a, b in zip(flat(one), flat(two), strict=True))


@pytest.mark.usefixtures("everywhere")
def test_the_levels_compute_what_the_term_says():
    """The reverse derivative as a fold into functions, one element at a time, and by levels."""
    tree = random_tree(np.random.default_rng(4), 5)
    back = reverse_derivative(OVER_TREES >> ENERGY)
    (former,) = {t for t in subterms(back) if isinstance(t, BackwardFold)}
    v = np.asarray([1.0, -2.0, 0.5])
    by_term = numerically(former.expanded(), ((WEIGHTS, tree), v))
    direction = OVER_TREES >> _against(v)
    by_levels = gradient(direction)((WEIGHTS, forest([tree])))[1]

    assert former.expanded().dom is former.dom
    assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(flat(by_term), flat(by_levels), strict=True))


def _against(v):
    return constant_matrix([v.tolist()]) >> smooth("sum", R(1))


@pytest.mark.usefixtures("everywhere")
def test_a_folding_network_is_trained():
    """Whether the first component of a list sums to more than 0, on unseen lists."""
    own = np.random.default_rng(0)
    items, lengths = own.normal(size=(150, 5, 2)), own.integers(1, 6, size=150)
    lists = [_list(row[:n]) for row, n in zip(items, lengths, strict=True)]
    labels = np.asarray([[np.tanh(row[:n, 0].sum())] * 3 for row, n in zip(items, lengths, strict=True)])
    model = ParaMap(P, OVER_LISTS)
    run = fit(model, (lists[:100], labels[:100]), quadratic, lambda p: adam(p, step=0.02), epochs=25, batch=20, seed=1)
    error = np.abs(run(forest(lists[100:])) - labels[100:]).mean()

    assert run.losses[-1] < run.losses[0] / 5
    assert error < 0.2


def _list(items):
    found = Data(LISTS, Injected("inl", ()))
    for item in reversed(items):
        found = Data(LISTS, Injected("inr", (item, found)))
    return found


@pytest.mark.usefixtures("everywhere")
def test_gradients_through_case_distinctions_are_totals():
    scaled = arrow(R() * (R() + R()), R())(
        lambda x: x[1].case(
            inl=lambda a: smooth("multiply", R() * R())(x[0], a), inr=lambda b: smooth("square", R())(x[0])
        )
    )
    tags, numbers = np.asarray([0, 1, 0, 1]), np.asarray([1.0, 2.0, 3.0, np.nan])
    values, slope = gradient(scaled)((np.asarray(3.0), (tags, numbers, numbers)))

    assert values.tolist() == [3.0, 9.0, 9.0, 9.0]
    assert float(slope) == 1.0 + 6.0 + 3.0 + 6.0


def test_one_product_of_matrices_for_each_weight():
    dense = INPUT >> TANH >> ENERGY
    run, x = gradient(dense), rng.normal(size=(7, 2))
    _, slope = run((WEIGHTS[0], x))
    values = np.tanh(x @ WEIGHTS[0].T)

    assert "outer_total" in run.source
    assert np.allclose(slope, (2 * values * (1 - values**2)).T @ x)


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: gradient(TANH), IllTyped, "gradient takes an arrow P × A → ℝ"),
        (
            lambda: compile_arrow(reverse_derivative(OVER_TREES >> ENERGY)),
            NotInterpreted,
            "ompile the arrow with shared=True",
        ),
    ],
)
def test_refusals(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


def test_what_does_not_vary_has_no_covector_but_zero():
    plain = pair(ident(FinSet(2)), ident(FinSet(2))) >> fst(FinSet(2), FinSet(2))

    assert reverse_derivative(plain).cod is One
    assert reverse_derivative(snd(R(), mu(1 + FinSet(2) * Id))).cod is R() * One


@pytest.mark.usefixtures("everywhere")
def test_labels_hear_and_shared_branches_hear_for_each_tree():
    """Two equal trees in a batch, and a branch that is there twice, each with its own covectors (T5.3)."""
    leaf = Data(TREES.fixed, Injected("inl", np.asarray([0.3, -0.4])))
    node = Data(TREES.fixed, Injected("inr", (leaf, leaf)))
    apart = forest([_fresh(node), _fresh(node), _fresh(leaf)])
    run = gradient(OVER_TREES >> ENERGY, inputs=True)
    (*_, one), (*_, two) = run((WEIGHTS, forest([node, node, leaf]))), run((WEIGHTS, apart))

    assert (one.size, one.levels) == (two.size, two.levels) == (7, 2)
    for row in range(3):
        alone, other = (from_root(f, int(f.roots[row])) for f in (one, two))
        assert all(np.allclose(a, b, rtol=1e-13) for a, b in zip(alone, other, strict=True))


@arrow(P * (R(2) * LIST(S)), S)
def rose_cell(x):
    """``rose(a, below) ↦ tanh(U a + W Σ below + b)``."""
    p, (a, below) = x
    total = fold(LIST(S), case(ZERO, ADD))
    return TANH(ADD(ADD(INPUT(p[0], a), HIDDEN(p[1][0], total(below))), p[1][1]))


OVER_ROSES = parametric_fold(ROSES.fixed, rose_cell)


def rose(label, *branches):
    (made,) = ROSES.constructors
    return made(np.asarray(label), datatype(LIST(ROSES.fixed)).list_of(branches))


@pytest.mark.usefixtures("everywhere")
def test_the_labels_of_rose_trees_hear_by_hand():
    """Of ``tanh(u a + w s + b)`` over ``s``, the sum of ``tanh(u c + b)``, by the chain rule."""
    weights = WEIGHTS
    u, (w, b) = weights
    low, high = np.asarray([0.3, -0.4]), np.asarray([-0.1, 0.7])
    below = [np.tanh(u @ low + b), np.tanh(u @ high + b)]
    top = np.tanh(u @ high + w @ sum(below) + b)
    at_top = (1 - top**2) * 2 * top
    at_low, at_high = ((1 - s**2) * (w.T @ at_top) for s in below)
    values, slopes, heard = gradient(OVER_ROSES >> ENERGY, inputs=True)(
        (weights, forest([rose(high, rose(low), rose(high))]))
    )

    assert np.allclose(values, [(top**2).sum()], rtol=1e-13)
    assert np.allclose(from_root(heard, int(heard.roots[0])), [u.T @ at_top, u.T @ at_low, u.T @ at_high], rtol=1e-12)
    assert np.allclose(slopes[1][0], np.outer(at_top, sum(below)), rtol=1e-12)
    assert np.allclose(slopes[1][1], at_top + at_low + at_high, rtol=1e-12)


@pytest.mark.usefixtures("everywhere")
def test_shared_branches_of_rose_trees_hear_for_each_tree():
    """A branch twice in one list, a list in two trees: what labels hear is that of the trees without sharing."""
    leaf = rose([0.3, -0.4])
    pair_of = rose([0.1, 0.2], leaf, leaf)
    trees = [pair_of, rose([0.5, 0.5], pair_of, leaf), leaf]
    apart = ROSES.from_nested(ROSES.nested(trees[0])), ROSES.from_nested(ROSES.nested(trees[1])), rose([0.3, -0.4])
    run = gradient(OVER_ROSES >> ENERGY, inputs=True)
    (_, slopes, one), (_, wanted, two) = run((WEIGHTS, forest(trees))), run((WEIGHTS, forest(apart)))

    assert one.size == two.size == 9
    assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(flat(slopes), flat(wanted), strict=True))
    for row in range(3):
        alone, other = (from_root(f, int(f.roots[row])) for f in (one, two))
        assert len(alone) == (3, 5, 1)[row]
        assert all(np.allclose(a, b, rtol=1e-13) for a, b in zip(alone, other, strict=True))


@pytest.mark.usefixtures("everywhere")
def test_two_uses_of_a_rose_tree_are_added_label_by_label():
    twice = pair(OVER_ROSES >> ENERGY, OVER_ROSES >> ENERGY) >> smooth("add", R() * R())
    trees = forest([rose([0.1, 0.2], rose([0.3, -0.4]), rose([1.0, 0.0]))])
    (_, _, heard), (_, _, once) = (gradient(f, inputs=True)((WEIGHTS, trees)) for f in (twice, OVER_ROSES >> ENERGY))

    assert np.allclose(from_root(heard, int(heard.roots[0])), 2 * np.asarray(from_root(once, int(once.roots[0]))))


def _fresh(tree):
    """The same tree, no branch shared."""
    branches = tree.layer.value if tree.layer.side == "inr" else None
    value = tree.layer.value.copy() if branches is None else tuple(map(_fresh, branches))
    return Data(TREES.fixed, Injected(tree.layer.side, value))
