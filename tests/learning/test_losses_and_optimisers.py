"""Losses, learning rates and optimisers: the formulas and trajectories of T5.5 to T5.7."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import Id, LensMap, One, R, arrow, atoms, generator, reverse_derivative, smooth
from catcore.errors import IllTyped
from catcore.learning import Port, optimisers
from catcore.learning.losses import (
    absolute,
    boolean,
    constant_rate,
    dot_product,
    mean,
    proportional_rate,
    quadratic,
    rate,
    softmax_cross_entropy,
)
from catcore.learning.optimisers import (
    adagrad,
    adam,
    adam_as_printed,
    ascent,
    custom,
    descent,
    gda,
    momentum,
    momentum_as_printed,
    nesterov,
    nesterov_as_printed,
)
from catcore.objects import mu
from catcore.para import ParaMap
from tests.learning.running import Learning, flat, value

OPTIMISERS = (ascent, descent, momentum, nesterov, momentum_as_printed, nesterov_as_printed, adagrad, adam, gda)
V = R(3)
LINE = ParaMap(R(), smooth("multiply", R() * R()))
rng = np.random.default_rng(7)


def softmax(y):
    return np.exp(y) / np.exp(y).sum()


CLOSED = {
    "quadratic": (quadratic, lambda t, y: 0.5 * ((y - t) ** 2).sum(), lambda t, y: (t - y, y - t)),
    "cross-entropy": (
        softmax_cross_entropy,
        lambda t, y: -(t * np.log(softmax(y))).sum(),
        lambda t, y: (-np.log(softmax(y)), t.sum() * softmax(y) - t),
    ),
    "dot product": (dot_product, lambda t, y: t @ y, lambda t, y: (y, t)),
    "absolute": (absolute, lambda t, y: abs(y - t).sum(), lambda t, y: (-np.sign(y - t), np.sign(y - t))),
}


@pytest.mark.parametrize("name", CLOSED)
def test_losses_and_their_covectors_in_closed_form(name):
    make, formula, covectors = CLOSED[name]
    loss, t, y, alpha = make(V), rng.normal(size=3), rng.normal(size=3), -0.3
    found = value(reverse_derivative(loss.arrow), ((t, y), alpha))

    assert np.isclose(value(loss.arrow, (t, y)), formula(t, y), rtol=1e-12)
    for ours, theirs in zip(found, covectors(t, y), strict=True):
        assert np.allclose(ours, alpha * theirs, rtol=1e-12)


@pytest.mark.parametrize("name", CLOSED)
def test_gradients_of_losses_by_finite_differences(name):
    loss, t, y, h = CLOSED[name][0](V), rng.normal(size=3), rng.normal(size=3), 1e-6
    found = value(reverse_derivative(loss.arrow), ((t, y), 1.0))
    for i in range(3):
        e = h * np.eye(3)[i]
        by_label = (value(loss.arrow, (t + e, y)) - value(loss.arrow, (t - e, y))) / (2 * h)
        by_prediction = (value(loss.arrow, (t, y + e)) - value(loss.arrow, (t, y - e))) / (2 * h)
        assert np.allclose([found[0][i], found[1][i]], [by_label, by_prediction], atol=1e-8)


def test_the_picture_of_the_talk():
    """Cat .4, dog .5, horse .1 with the label dog: loss 0.693147, gradient (0.4, −0.5, 0.1)."""
    logits, dog = np.log([0.4, 0.5, 0.1]), np.asarray([0.0, 1, 0])
    loss = softmax_cross_entropy(V)

    assert round(value(loss.arrow, (dog, logits)), 6) == 0.693147
    assert np.allclose(value(reverse_derivative(loss.arrow), ((dog, logits), 1.0))[1], [0.4, -0.5, 0.1])


def test_losses_of_several_tensors_add_up_and_have_a_mean():
    loss = mean(quadratic(V * R()), 4)

    assert np.isclose(value(loss.arrow, ((np.zeros(3), 1.0), (np.ones(3), 3.0))), (3 / 2 + 2) / 4)
    assert softmax_cross_entropy(R(2, 3)).cod is R()


def test_with_a_constant_rate_the_value_of_the_loss_does_not_matter():
    shifted = ParaMap(R(), quadratic(R()).arrow >> smooth("shift", R(), 100))
    steps = [Learning(LINE, loss, constant_rate(-0.1), ascent(R()), 0.5) for loss in (quadratic(R()), shifted)]
    proportional = Learning(LINE, shifted, proportional_rate(-0.1), ascent(R()), 0.5)

    assert steps[0].see(2, 3).weights == steps[1].see(2, 3).weights
    assert proportional.see(2, 3).weights != steps[0].weights


TRAJECTORIES = {
    "descent": (descent(R()), 0.1, [0.9, 1.14, 1.284]),
    "ascent": (ascent(R()), -0.1, [0.9, 1.14, 1.284]),
    "momentum": (momentum(R()), -0.1, [0.9, 1.5, 2.04, 2.31]),
    "momentum as printed": (momentum_as_printed(R()), -0.1, [0.9, 0.78, 1.176, 0.9492]),
    "nesterov": (nesterov(R()), -0.1, [0.9, 1.356, 1.65984, 1.759978]),
    "adagrad": (adagrad(R(), step=0.1), -1, [0.6, 0.666896, 0.719544, 0.763777]),
    "adam": (adam(R(), step=0.1), -1, [0.6, 0.699588, 0.798414, 0.896061]),
    "adam as printed": (adam_as_printed(R(), step=0.1), -1, [0.6, 0.623299, 0.627616, 0.628334]),
}


@pytest.mark.parametrize("name", TRAJECTORIES)
def test_the_trajectories_of_t5_7(name):
    """y = w x, x = 2, y_t = 3, w₀ = 0.5, rate 0.1, quadratic loss."""
    optimiser, alpha, wanted = TRAJECTORIES[name]
    learning = Learning(LINE, quadratic(R()), constant_rate(alpha), optimiser, 0.5)

    assert [round(learning.see(2, 3).weights, 6) for _ in wanted] == wanted


@pytest.mark.parametrize("make", [momentum, nesterov, momentum_as_printed, nesterov_as_printed])
def test_without_momentum_it_is_plain_descent(make):
    plain = Learning(LINE, quadratic(R()), constant_rate(-0.1), ascent(R()), 0.5)
    heavy = Learning(LINE, quadratic(R()), constant_rate(-0.1), make(R(), gamma=0), 0.5)

    assert all(plain.see(2, 3).weights == heavy.see(2, 3).weights for _ in range(4))


def test_two_optimisers_side_by_side_act_on_their_own_parameters():
    both = momentum(R()) @ adam(R(2), step=0.1)
    whole = LensMap(both.lens.get, both.lens.put)
    alone = [value(o.lens.put, ((value(o.start), p), d)) for o, p, d in _parts()]
    found = value(both.lens.put, ((value(both.start), (0.5, np.ones(2))), (0.3, np.asarray([1.0, -2.0]))))

    assert whole.dom == Port(both.lens.dom.forward, both.lens.dom.forward)
    assert np.allclose(found[1][0], alone[0][1])
    assert np.allclose(found[1][1], alone[1][1])
    assert np.allclose(found[0][0], alone[0][0])


def _parts():
    return (momentum(R()), 0.5, 0.3), (adam(R(2), step=0.1), np.ones(2), np.asarray([1.0, -2.0]))


def test_a_game_goes_down_in_one_player_and_up_in_the_other():
    found = value(gda(R(2), R()).lens.put, (((), (np.ones(2), 1.0)), (np.asarray([0.5, -0.5]), 0.25)))

    assert found[1][0].tolist() == [0.5, 1.5]
    assert found[1][1] == 1.25


@pytest.mark.parametrize("make", [ascent, descent, momentum, nesterov, adagrad, adam])
def test_optimisers_take_any_product_of_tensors(make):
    p = (R(2, 3) * One) * (R() * R(4))
    optimiser = make(p)
    weights = ((np.ones((2, 3)), ()), (1.0, np.ones(4)))
    found = value(optimiser.lens.put, ((value(optimiser.start), weights), weights))

    assert optimiser.parameters is p
    assert [a.shape for a in map(np.asarray, flat(found[1]))] == [(2, 3), (), (4,)]


def test_an_optimiser_of_ones_own():
    clipped = LensMap(
        generator("p", R() * R(), R()),
        arrow((R() * R()) * R(), R() * R())(lambda x: (x[0][0], smooth("add", R() * R())(x[0][1], x[1]))),
    )

    assert custom("clipped", clipped, smooth_start()).name == "clipped"
    with pytest.raises(IllTyped, match="The optimiser 'clipped' is a lens"):
        custom("clipped", clipped, generator("s", One, R(2)))


def smooth_start():
    return generator("s", One, R())


(A,) = atoms("A")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: momentum(A), "products of real tensors"),
        (lambda: adam(R(), beta1=1.0), "between 0 and 1"),
        (lambda: softmax_cross_entropy(R()), "a loss of vectors"),
        (lambda: mean(quadratic(R()), 0), "at least one"),
        (lambda: quadratic(A), "products of real tensors"),
    ],
)
def test_refusals(make, sentence):
    with pytest.raises(IllTyped, match=sentence):
        make()


@pytest.mark.parametrize("make", [*OPTIMISERS, quadratic, dot_product, absolute], ids=lambda f: f.__name__)
@pytest.mark.parametrize("odd", [3, "x", None, R() + R(), mu(1 + R() * Id)], ids=str)
def test_parameters_and_labels_are_products_of_real_tensors(make, odd):
    with pytest.raises(IllTyped, match=r"Use R\(…\)"):
        make(odd, odd) if make is optimisers.gda else make(odd)


@pytest.mark.parametrize("odd", [-1, 2.5, None, R()], ids=str)
def test_boolean_losses_are_of_so_many_bits(odd):
    with pytest.raises(IllTyped, match="so many bits"):
        boolean(odd)


def test_a_learning_rate_is_any_arrow_to_covectors():
    assert rate(smooth("tanh", R())).dom == Port(R(), R())
    assert optimisers.Optimiser is type(ascent(R()))


def test_a_constant_rate_is_no_reverse_derivative():
    """A reverse derivative is additive in its covector, and l ↦ −ε is not (T5.6)."""
    alpha = constant_rate(-0.1).put
    values = [value(alpha, (l, ())) for l in (0.0, 1.0, 2.0)]

    assert values == [-0.1, -0.1, -0.1]
    assert values[0] + values[1] != values[1]
    assert value(proportional_rate(-0.1).put, (2.0, ())) == -0.2
