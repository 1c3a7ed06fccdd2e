"""The supervised step as one composite, its closed forms, epochs as folds, and dreaming (T5.8, T5.9)."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from catcore import One, R, arrow, generator, reverse_derivative, smooth
from catcore.categories.finite_sets import Injected
from catcore.categories.smooth import constant, constant_matrix
from catcore.datatypes import Data
from catcore.errors import IllTyped, NotComposable
from catcore.learning import Port, closed, dreaming_step, epoch, supervised_step
from catcore.learning.losses import constant_rate, dot_product, quadratic, softmax_cross_entropy
from catcore.learning.numbers import numerically
from catcore.learning.optimisers import adam, ascent, momentum, nesterov
from catcore.learning.supervised import samples
from catcore.para import ParaMap
from catcore_backends import compile_arrow
from tests.learning.running import Learning, batch_of_one, flat, value
from tests.learning.tasks.components import DENSE, LOSSES, OPTIMISERS, improved


def plus(x, y):
    return smooth("add", R() * R())(x, y)


def times(x, y):
    return smooth("multiply", R() * R())(x, y)


LINE = ParaMap(R() * R(), arrow((R() * R()) * R(), R())(lambda x: plus(times(x[0][0], x[1]), x[0][1])))
rng = np.random.default_rng(3)
W, X, Y = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=3)


def gradient(w, x, v):
    """By hand: R[f](w, x, v) for f = tanh(w x)."""
    d = v * (1 - np.tanh(w @ x) ** 2)
    return np.outer(d, x), w.T @ d


def test_the_ports_of_the_closed_lens():
    """Input, weights, label, prediction and loss: the picture of the talk (FEATURES 17)."""
    lens = closed(DENSE, quadratic(R(3)), constant_rate(-0.1))

    assert lens.dom == Port(R(2), R(2))
    assert lens.cod == Port(One, One)
    assert lens.params == (Port(R(3), R(3)), Port(R(3, 2), R(3, 2)))


@pytest.mark.usefixtures("everywhere")
def test_descent_on_the_quadratic_loss_in_closed_form():
    learning = Learning(DENSE, quadratic(R(3)), constant_rate(-0.1), ascent(R(3, 2)), W)
    error = np.tanh(W @ X) - Y

    assert np.allclose(learning.see(X, Y).weights, W + gradient(W, X, -0.1 * error)[0], rtol=1e-12)


@pytest.mark.usefixtures("everywhere")
def test_descent_on_cross_entropy_in_closed_form():
    label = np.asarray([0.0, 1.0, 0.0])
    learning = Learning(DENSE, softmax_cross_entropy(R(3)), constant_rate(-0.1), ascent(R(3, 2)), W)
    logits = np.tanh(W @ X)
    error = np.exp(logits) / np.exp(logits).sum() - label

    assert np.allclose(learning.see(X, label).weights, W + gradient(W, X, -0.1 * error)[0], rtol=1e-12)


@pytest.mark.usefixtures("everywhere")
def test_nesterov_in_closed_form():
    learning = Learning(DENSE, quadratic(R(3)), constant_rate(-0.1), nesterov(R(3, 2), gamma=0.9), W)
    w, s = W, np.zeros((3, 2))
    for _ in range(3):
        ahead = w + 0.9 * s
        s = 0.9 * s + gradient(ahead, X, -0.1 * (np.tanh(ahead @ X) - Y))[0]
        w = w + s
        assert np.allclose(learning.see(X, Y).weights, w, rtol=1e-12)


@pytest.mark.usefixtures("everywhere")
def test_the_composite_equals_the_step_written_by_hand():
    """p̄ = U(s, p); …; U*(s, p, p'), each part on its own (T5.8)."""
    model, loss, optimiser = DENSE, quadratic(R(3)), adam(R(3, 2), step=0.05)
    learning, state, w = Learning(model, loss, constant_rate(-1), optimiser, W), value(optimiser.start), W
    for _ in range(3):
        looked = value(optimiser.lens.get, (state, w))
        prediction = value(model.arrow, (looked, X))
        back = value(reverse_derivative(loss.arrow), ((Y, prediction), -1.0))[1]
        slope = value(reverse_derivative(model.arrow), ((looked, X), back))[0]
        state, w = value(optimiser.lens.put, ((state, w), slope))
        assert np.allclose(learning.see(X, Y).weights, w, rtol=1e-12)


def test_forward_and_backward_run_the_model_once():
    step = supervised_step(DENSE, quadratic(R(3)), constant_rate(-0.1), momentum(R(3, 2)))
    source = compile_arrow(step.arrow).source

    assert source.count("# tanh") == 1
    assert source.count("# matmul") == 2  # forwards, and the gradient of the weights; none for the input


@pytest.mark.usefixtures("everywhere")
def test_learning_a_line():
    """y = 3 x − 1 from x ∈ {−2, −1.5, …, 2}, 200 epochs, rate 0.1: (3.000, −1.000) (FEATURES 14)."""
    learning = Learning(LINE, quadratic(R()), constant_rate(-0.1), ascent(R() * R()), (0.0, 0.0))
    for _ in range(200):
        for x in np.arange(-2, 2.01, 0.5):
            learning.see(x, 3 * x - 1)

    assert np.allclose(learning.weights, (3, -1), atol=1e-3)


def listed(step, items):
    """A list of samples as data."""
    fixed = samples(step)
    found = Data(fixed, Injected("inl", ()))
    for item in reversed(items):
        found = Data(fixed, Injected("inr", (item, found)))
    return found


def test_an_epoch_is_a_fold_over_the_list_of_samples():
    """The fold equals the explicit loop, and the n-fold composite of the step (FEATURES 16)."""
    step = supervised_step(LINE, quadratic(R()), constant_rate(-0.1), ascent(R() * R()))
    start = arrow(One, step.dom)(lambda _: ((), (constant(0.5), constant(0))))
    items = [(np.asarray(x), np.asarray(3 * x - 1)) for x in (-1.0, 0.5, 2.0)]
    folded = numerically(epoch(step, start), listed(step, items))
    looped = numerically(start, ())
    for item in reversed(items):
        looped = numerically(step.arrow, (item, looped))
    chained = numerically((step >> step >> step).arrow, (items[0], (items[1], (items[2], numerically(start, ())))))

    assert flat(folded) == flat(looped) == flat(chained)
    assert flat(numerically(epoch(step, start), listed(step, []))) == [0.5, 0.0]


@pytest.mark.usefixtures("everywhere")
def test_the_input_learns_when_the_weights_are_fixed():
    """f(a) = W a, W = [[1, 2], [3, −1]], a = (.5, .5), class 1, α = .1: a → (.8, .4), f → (1.6, 2.0) (T5.9)."""
    model = constant_matrix([[1, 2], [3, -1]])
    step = dreaming_step(model, dot_product(R(2)), constant_rate(0.1), ascent(R(2)))
    found = value(step.arrow, (((), np.asarray([0.0, 1.0])), ((), np.asarray([0.5, 0.5]))))

    assert np.allclose(value(model, np.asarray([0.5, 0.5])), [1.5, 1.0])
    assert np.allclose(found[1], [0.8, 0.4])
    assert np.allclose(value(model, found[1]), [1.6, 2.0])


@pytest.mark.usefixtures("everywhere")
def test_dreaming_in_closed_form_does_not_look_at_the_prediction():
    step = dreaming_step(DENSE, dot_product(R(3)), constant_rate(0.1), ascent(R(2)))
    found = value(step.arrow, ((W, Y), ((), X)))

    assert np.allclose(found[1], X + gradient(W, X, 0.1 * Y)[1], rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_one_component_is_swapped_and_nothing_else(optimiser, loss):
    """Six optimisers times four losses: each step moves the loss the right way (FEATURES 29)."""
    before, after = improved(optimiser, loss)

    assert after < before


@pytest.mark.usefixtures("everywhere")
def test_ten_samples_in_one_compiled_call_are_ten_calls():
    step = compile_arrow(supervised_step(DENSE, quadratic(R(3)), constant_rate(-0.1), ascent(R(3, 2))).arrow)
    xs, ys = rng.normal(size=(10, 2)), rng.normal(size=(10, 3))
    found = step(((xs, ys), ((), np.broadcast_to(W, (10, 3, 2)))))[1]
    alone = [step(((batch_of_one(x), batch_of_one(y)), ((), W[None])))[1][0] for x, y in zip(xs, ys, strict=True)]

    assert np.allclose(found, np.stack(alone), rtol=1e-14)


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: closed(DENSE, quadratic(R(2)), constant_rate(1)), NotComposable, "the first ends in"),
        (lambda: closed(DENSE, quadratic(R(3)), cast(Any, 0.1)), IllTyped, "A learning rate is a lens"),
        (
            lambda: supervised_step(DENSE, quadratic(R(3)), constant_rate(1), ascent(R(2, 3))),
            IllTyped,
            "An optimiser for the parameters ℝ\\[3×2\\] is needed",
        ),
        (
            lambda: dreaming_step(DENSE, quadratic(R(3)), constant_rate(1), ascent(R(3))),
            IllTyped,
            "Deep dreaming optimises the input",
        ),
        (
            lambda: epoch(
                supervised_step(LINE, quadratic(R()), constant_rate(1), ascent(R() * R())), generator("s", One, R())
            ),
            IllTyped,
            "An epoch starts with an element of",
        ),
    ],
)
def test_refusals(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()
