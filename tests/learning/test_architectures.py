"""The architectures are differentiated and trained without a word added to them (T4.5, T4.8, T5.4)."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from catcore import Id, R, Representation, cyclic, fold, mu, reverse_derivative
from catcore.categories.finite_sets import Injected
from catcore.datatypes import Data
from catcore.learning.losses import quadratic
from catcore.learning.numbers import entries, exactly, symbols_of
from catcore.learning.optimisers import adam
from catcore.objects import Product
from catcore.para import architectures
from catcore_backends import compile_arrow, fit
from tests.learning.running import flat

TURN = Representation.permutation(cyclic(4), {"s": [1, 2, 3, 0]})
NETWORKS = {
    "feed-forward": architectures.feed_forward(4, 5, 3),
    "tied autoencoder": architectures.autoencoder(6, 2, tied=True),
    "convolution": architectures.convolution(TURN),
    "recurrent cell": architectures.rnn_cell(3, 4),
    "gated unit": architectures.gru_cell(3, 4),
    "long short-term memory": architectures.lstm_cell(3, 4),
    "attention": architectures.attention(3, 4, 2, 2, causal=True),
    "self-attention": architectures.self_attention(3, 4, heads=2, causal=True),
    "transformer block": architectures.transformer_block(3, 4, heads=2),
    "graph convolution": architectures.graph_convolution(3, 2, 2, "tanh"),
    "message passing": architectures.message_passing([(0, 1), (1, 2)], 3, 2, 2),
    "adversaries": architectures.gan(architectures.dense(2, 3), architectures.dense(3, 1)),
}
rng = np.random.default_rng(0)


def element(ob, count):
    """A batch of random elements."""
    if isinstance(ob, Product):
        return element(ob.left, count), element(ob.right, count)
    return rng.normal(size=(count, *ob.shape)) / 2 if isinstance(ob, R) else ()


def refilled(x, arrays):
    """The batch with other arrays."""
    return tuple(refilled(part, arrays) for part in x) if isinstance(x, tuple) else next(arrays)


def real(x):
    """The arrays of a batch, without points."""
    return [a for a in flat(x) if not isinstance(a, tuple)]


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_of_architectures_by_finite_differences(name):
    f = NETWORKS[name].arrow
    x, v, run = element(f.dom, 3), element(f.cod, 3), compile_arrow(f)
    slopes = real(compile_arrow(reverse_derivative(f))((x, v)))
    directions = [rng.normal(size=a.shape) for a in real(x)]

    def along(step):
        moved = iter([a + step * d for a, d in zip(real(x), directions, strict=True)])
        return sum((a * b).sum() for a, b in zip(real(run(refilled(x, moved))), real(v), strict=True))

    wanted = (along(1e-6) - along(-1e-6)) / 2e-6

    assert np.isclose(sum((s * d).sum() for s, d in zip(slopes, directions, strict=True)), wanted, rtol=1e-6, atol=1e-7)


def quickly(p):
    return adam(p, step=0.02)


@pytest.mark.parametrize("name", ["self-attention", "transformer block"])
def test_attention_is_trained(name):
    """The mean of what came before: a causal network learns it from samples."""
    x = rng.normal(size=(40, 3, 4))
    run = fit(NETWORKS[name], (x, np.cumsum(x, 1) / 3), quadratic, quickly, epochs=30, batch=20)

    assert run.losses[-1] < run.losses[0] / 2


def test_a_folded_gated_unit_is_trained_on_lists():
    lists = mu(1 + R(3) * Id)
    model = fold(lists, architectures.folding(architectures.gru_cell(3, 4)))

    def listed(items):
        found = Data(lists, Injected("inl", ()))
        for item in items:
            found = Data(lists, Injected("inr", (item, found)))
        return found

    items = [rng.normal(size=(n, 3)) for n in rng.integers(1, 6, size=40).tolist()]
    labels = np.tanh([np.concatenate([i[-1], i[-1, :1]]) for i in items])
    run = fit(model, ([listed(i) for i in items], labels), quadratic, quickly, epochs=40, batch=20)

    assert run.losses[-1] < run.losses[0] / 4


@pytest.mark.parametrize("name", ["tied autoencoder", "recurrent cell", "graph convolution"])
def test_one_architecture_is_interpreted_with_symbols_and_with_arrays(name):
    """The same term on symbols, where numbers are put in afterwards, and on a batch of arrays (FEATURES 41)."""
    f = NETWORKS[name].arrow
    formulas = entries(exactly(f, symbols_of(f.dom, "x")))
    x = element(f.dom, 2)
    numbers = np.concatenate([a.reshape(2, -1) for a in real(x)], axis=1)
    found = np.concatenate([a.reshape(2, -1) for a in real(compile_arrow(f)(x))], axis=1)
    named = [sympy.Symbol(f"x{i}", real=True) for i in range(numbers.shape[1])]

    for row in range(2):
        values = dict(zip(named, numbers[row].tolist(), strict=True))
        wanted = [float(sympy.sympify(e).subs(values)) for e in formulas]
        assert np.allclose(found[row], wanted, rtol=1e-12)
