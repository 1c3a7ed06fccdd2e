"""Second derivatives through folds, in directions of parameters: Hessians times vectors (T5.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from catcore import Id, One, R, arrow, case, fold, reverse_derivative, smooth
from catcore.arrows import Arrow, fst, in_, inl, inr
from catcore.categories.finite_sets import Injected
from catcore.categories.smooth import constant
from catcore.datatypes import Data
from catcore.datatypes.parametric import parametric_fold
from catcore.errors import NotInterpreted
from catcore.functors import functor
from catcore.learning import forward_derivative
from catcore.learning.numbers import exactly, numerically
from catcore.objects import Product, mu
from catcore.structures.lists import LIST
from catcore.tracing import trace
from catcore_backends import gradient
from catcore_backends.recursion.forests import forest
from tests.learning.random_folds import FUNCTORS, Case, cases, reals, value
from tests.learning.running import flat

LINE = R()
LISTS = mu(1 + LINE * Id)
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]  # drawing a case makes its terms
TIMES = smooth("multiply", LINE * LINE)


@arrow(LINE * (One + LINE * LINE), LINE)
def scaled(x):
    """``(p, a :: s) ↦ p a s``, so that a list of n items gives ``pⁿ ∏ a``."""
    p, layer = x
    return layer.case(inl=lambda _: constant(1)(()), inr=lambda c: TIMES(p, TIMES(c[0], c[1])))


POWER = parametric_fold(LISTS, scaled)


def listed(*items: Any) -> Data:
    found = Data(LISTS, Injected("inl", ()))
    for item in reversed(items):
        found = Data(LISTS, Injected("inr", (np.asarray(item), found)))
    return found


def along(energy: Arrow) -> Arrow:
    """``((p, w), u) ↦ D_p E(p, u) w``, out of the reverse derivative of the reverse derivative."""
    back = reverse_derivative(energy)
    assert isinstance(back.cod, Product)
    twice = reverse_derivative(back >> fst(*back.cod.args))
    p, data = energy.dom.args

    def change(x: Any) -> Any:
        (here, direction), u = x
        return twice(((here, u), constant(1)(())), direction)[1]

    return trace(change, (p * p) * data, LINE)


def test_derivatives_of_a_power_to_the_third():
    """Of ``p³ · 2 · 3 · 5`` at 7: 3 p², 6 p and 6, and what the items hear of the second."""
    items, p = listed(2, 3, 5), np.asarray(7)
    once = along(POWER)  # ((p, w), u) ↦ w 3 p² ∏
    twice = reverse_derivative(once)
    (slope, direction), heard = exactly(twice, (((p, np.asarray(1)), items), np.asarray(1)))

    assert exactly(once, ((p, np.asarray(1)), items)) == 3 * 49 * 30
    assert (slope, direction) == (6 * 7 * 30, 3 * 49 * 30)
    assert [int(a) for a in reals(heard)] == [3 * 49 * 15, 3 * 49 * 10, 3 * 49 * 6]
    assert exactly(along(once), (((p, np.asarray(1)), (np.asarray(1), np.asarray(0))), items)) == 6 * 7 * 30
    third = along(along(once))
    here, there = (p, np.asarray(1)), (np.asarray(1), np.asarray(0))
    still = (np.asarray(0), np.asarray(0))
    assert exactly(third, (((here, there), (there, still)), items)) == 6 * 30


@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=SLOW)
@given(cases({name: shape for name, shape in FUNCTORS.items() if name != "powers"}), st.integers(0, 2**32 - 1))
def test_hessians_times_vectors_agree_with_jax(some: Case, seed: int) -> None:
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    rng = np.random.default_rng(seed)
    values, slopes = gradient(along(some.energy))(((some.weights, direction(some, rng)), forest(some.trees)))
    wanted = direction(some, np.random.default_rng(seed))
    labels = [a for tree in some.trees for a in reals(tree)]
    with jax.enable_x64(True):
        own = jax.tree.map(jax.numpy.asarray, some.weights)
        slope = jax.grad(lambda p: value(some, jax.numpy, p, list(map(jax.numpy.asarray, labels))))
        first, second = jax.tree.map(np.asarray, jax.jvp(slope, (own,), (wanted,)))

    assert np.isclose(values.sum(), sum((a * w).sum() for a, w in zip(flat(first), flat(wanted), strict=True)))
    for ours, theirs in zip([*flat(slopes[0]), *flat(slopes[1])], [*flat(second), *flat(first)], strict=True):
        assert np.allclose(ours, theirs, rtol=1e-10, atol=1e-10)


def direction(some: Case, rng: Any) -> Any:
    """A random direction of the parameters."""
    u, (w, b) = some.weights
    return rng.normal(size=u.shape), (rng.normal(size=w.shape), rng.normal(size=b.shape))


@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=SLOW)
@given(cases({name: FUNCTORS[name] for name in ("lists", "binary trees")}), st.integers(0, 2**32 - 1))
def test_hessians_are_symmetric(some: Case, seed: int) -> None:
    """``⟨v, H w⟩ = ⟨w, H v⟩`` (RD7), at a small tree, one element at a time, which needs no other library.

    Values into functions are asked anew at every branch, so that this takes exponentially long in the tree.
    """
    tree = min(some.trees, key=lambda t: t.size)
    assume(tree.size <= 3)
    rng, back = np.random.default_rng(seed), reverse_derivative(along(some.energy))
    v, w = direction(some, rng), direction(some, rng)

    def turned(by: Any) -> Any:
        (slope, _), _ = numerically(back, (((some.weights, by), tree), np.asarray(1.0)))
        return slope

    one, other = (
        sum((a * b).sum() for a, b in zip(flat(x), flat(y), strict=True)) for x, y in ((v, turned(w)), (w, turned(v)))
    )
    assert np.isclose(one, other, rtol=1e-9, atol=1e-9)


def test_forward_derivatives_of_tensors():
    square = smooth("square", R(2))

    assert numerically(forward_derivative(square), (np.asarray([3.0, 1.0]), np.asarray([1.0, -2.0]))).tolist() == [
        6,
        -4,
    ]


def rose() -> Arrow:
    """``(p, t) ↦ p`` times the sum over the branches, which stand in a list."""
    shape = functor(lambda x: LINE * LIST(x))
    total = fold(LIST(LINE), case(constant(0), smooth("add", LINE * LINE)))
    return parametric_fold(mu(shape), trace(lambda x: TIMES(x[0], total(x[1][1])), LINE * shape(LINE), LINE))


def scaled_lists() -> Arrow:
    """``(p, items) ↦`` the list of all ``p a``, a fold with lists as values."""
    cell = trace(
        lambda x: x[1].case(
            inl=lambda _: in_(LISTS)(inl(())), inr=lambda c: in_(LISTS)(inr((TIMES(x[0], c[0]), c[1])))
        ),
        LINE * (1 + LINE * LISTS),
        LISTS,
    )
    return parametric_fold(LISTS, cell)


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        (lambda: fold(LISTS, case(constant(0), smooth("add", LINE * LINE))), "in a direction of labels or states"),
        (rose, "whose branches stand in"),
        (scaled_lists, "tangents of data"),
    ],
)
def test_what_has_no_second_derivative_has_a_first_and_is_refused_in_a_sentence(of, sentence):
    assert reverse_derivative(of())
    with pytest.raises(NotInterpreted, match=sentence):
        forward_derivative(of())
