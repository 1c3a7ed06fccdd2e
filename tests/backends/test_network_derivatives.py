"""Both derivatives of whole networks (T5.1), against differences in exact directions and against PyTorch's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from catcore.categories.smooth import smooth
from catcore.equivariance import SO, Representation, cyclic, symmetric
from catcore.equivariance.networks import (
    Attention,
    Flatten,
    Gated,
    Linear,
    MessagePassing,
    Norm,
    Pointwise,
    Polynomial,
    Sequential,
    deep_sets,
    invariant,
)
from catcore.equivariance.networks.functions import function
from catcore.errors import ShapeMismatch, UnknownName
from catcore.objects import R
from catcore_backends import compile_arrow
from catcore_backends.compiler.pointwise import FUNCTIONS, SLOPES
from catcore_backends.layers.network_steps import step
from catcore_backends.layers.networks import Network

POINTS = symmetric(4).defining
PAIRS = POINTS.tensor(2)
SPACE = SO(3).defining
ONE = Representation.trivial(SPACE.monoid)
STILL = Representation.trivial(cyclic(4))


def sets() -> Sequential:
    hidden = (POINTS, 3)
    return Sequential(deep_sets(4, (1, 3)), Pointwise("tanh", hidden), Linear(hidden, hidden), invariant([hidden]))


def pairs_and_points() -> Sequential:
    """Two summands in the middle, of which one hears nothing of the other in the last layer but through the first."""
    middle = [(PAIRS, 2), (POINTS, 1)]
    return Sequential(Linear(PAIRS, middle), Pointwise("softplus", middle), Linear(middle, [(POINTS, 2), (PAIRS, 1)]))


def rotations() -> Sequential:
    hidden = [(ONE, 2), (SPACE, 2)]
    return Sequential(
        Linear((SPACE, 3), hidden),
        Gated("sigmoid", hidden),
        Norm("tanh", (SPACE, 2)),
        Polynomial((SPACE, 2), (ONE, 2), 2),
    )


def graphs() -> Sequential:
    first = MessagePassing(POINTS, (2, 3))
    return Sequential(first, Pointwise("tanh", first.target), MessagePassing(POINTS, (3, 1)))


def attention() -> Sequential:
    return Sequential(
        Attention(POINTS, (3, 2), width=4), Pointwise("sin", (POINTS, 2)), Attention(POINTS, (2, 1), width=1)
    )


def cubes() -> Sequential:
    return Sequential(Polynomial(POINTS, (POINTS, 2), 3), Pointwise("square", (POINTS, 2)))


def flat() -> Sequential:
    return Sequential(Flatten([(STILL, 2), (STILL, 1)], [(STILL, 1), (STILL, 3)]))


def silent() -> Sequential:
    """No map from vectors to scalars, no invariant vector: nothing to learn, and nothing heard."""
    return Sequential(Linear(SPACE, [(ONE, 2), (SPACE, 1)]), Pointwise("identity", [(ONE, 2), (SPACE, 1)]))


NETWORKS: list[Callable[[], Sequential]] = [
    sets, pairs_and_points, rotations, graphs, attention, cubes, flat, silent,
]  # fmt: skip


def numbers(shapes: Any, rng: Any, *lead: int) -> tuple[Any, ...]:
    return tuple(rng.normal(size=(*lead, *shape)) for shape in shapes)


def paired(bars: Any, values: Any) -> float:
    return float(sum((np.asarray(a) * np.asarray(b)).sum() for a, b in zip(bars, values, strict=True)))


def whole(x: Any) -> tuple[Any, ...]:
    return x if isinstance(x, tuple) else (x,)


@pytest.mark.parametrize("make", NETWORKS)
def test_covectors_pair_with_directions_as_differences_do(make: Any, library: Any) -> None:
    """``⟨θ̄, u⟩ + ⟨x̄, v⟩ = d/dt ⟨ȳ, net(θ + t u, x + t v)⟩``, by central differences of order four."""
    check_pairing(make(), (2, 3), library)
    if library.name != "jax":  # which compiles every operation for every shape: there, batches of one shape
        check_pairing(make(), (), library)


def check_pairing(net: Sequential, lead: tuple[int, ...], library: Any) -> None:
    rng = np.random.default_rng(0)
    run = Network(net)
    theta, along = ({name: rng.normal(size=s) for name, s in net.parameters.items()} for _ in range(2))
    x, direction, ybar = (numbers(f.shapes, rng, *lead) for f in (net.source, net.source, net.target))

    def value(t: float) -> float:
        moved = {name: library.array(a + t * along[name]) for name, a in theta.items()}
        y = run(moved, tuple(library.array(a + t * v) for a, v in zip(x, direction, strict=True)))
        return paired(ybar, [library.numpy(a) for a in whole(y)])

    h = 1e-3
    slope = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
    there = {name: library.array(a) for name, a in theta.items()}
    bars, xbar = run.vjp(there, tuple(map(library.array, x)), tuple(map(library.array, ybar)))

    assert list(bars) == list(net.parameters)
    assert {name: tuple(bar.shape) for name, bar in bars.items()} == net.parameters
    assert [tuple(a.shape) for a in whole(xbar)] == [a.shape for a in x]
    heard = paired([library.numpy(bars[n]) for n in theta], [along[n] for n in theta])
    heard += paired([library.numpy(a) for a in whole(xbar)], direction)
    assert heard == pytest.approx(slope, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("make", NETWORKS)
def test_pytorch_says_the_same(make: Any) -> None:
    torch = pytest.importorskip("torch")
    net, rng = make(), np.random.default_rng(1)
    run = Network(net, backend="torch")
    theta = {name: torch.from_numpy(rng.normal(size=s)).requires_grad_() for name, s in net.parameters.items()}
    x = tuple(torch.from_numpy(a).requires_grad_() for a in numbers(net.source.shapes, rng, 4))
    ybar = tuple(map(torch.from_numpy, numbers(net.target.shapes, rng, 4)))
    y = whole(run(theta, x))
    wanted = torch.autograd.grad(y, [*theta.values(), *x], ybar, allow_unused=True, materialize_grads=True)
    with torch.no_grad():
        bars, xbar = run.vjp({n: a.detach() for n, a in theta.items()}, tuple(a.detach() for a in x), ybar)

    for ours, theirs in zip([*bars.values(), *whole(xbar)], wanted, strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_slopes_are_those_of_the_functions(name: str) -> None:
    x, h = np.asarray([-3.0, -0.7, 0.4, 2.0]), 1e-5
    difference = (FUNCTIONS[name](np, x + h) - FUNCTIONS[name](np, x - h)) / (2 * h)

    assert np.allclose(SLOPES[name](np, x), difference, rtol=1e-7, atol=1e-8)
    assert SLOPES[name](np, np.asarray([0.0])).shape == (1,)
    assert function(name).name == name


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("name", ["relu", "sigmoid", "softplus"])
def test_functions_of_layers_are_the_smooth_primitives(name: str) -> None:
    x = np.asarray([[-800.0, -40.0, 0.0, 40.0, np.nan]])
    assert np.array_equal(FUNCTIONS[name](np, x), compile_arrow(smooth(name, R(5)))(x), equal_nan=True)
    assert SLOPES["sigmoid"](np, x)[0, 3] > 0


@pytest.mark.usefixtures("everywhere")
def test_lengths_have_slope_0_at_0() -> None:
    run = Network(Sequential(Norm("tanh", SPACE)))
    _, xbar = run.vjp({}, np.zeros((2, 1, 3)), np.ones((2, 1, 3)))

    assert not xbar.any()


@pytest.mark.usefixtures("everywhere")
def test_the_derivative_of_an_equivariant_network_is_equivariant() -> None:
    """``x̄(ρ x, τ ȳ) = ρ x̄(x, ȳ)`` for orthogonal matrices, and θ̄ does not move."""
    net, rng = sets(), np.random.default_rng(2)
    run, order = Network(net), [2, 0, 3, 1]
    theta = {name: rng.normal(size=s) for name, s in net.parameters.items()}
    x, ybar = rng.normal(size=(3, 1, 4)), rng.normal(size=(3, *net.target.shapes[0]))
    (bars, xbar), (moved_bars, moved) = run.vjp(theta, x, ybar), run.vjp(theta, x[..., order], ybar)

    assert np.allclose(moved, xbar[..., order])
    assert all(np.allclose(bars[name], moved_bars[name]) for name in bars)


def test_wrong_covectors_are_refused() -> None:
    net = sets()
    run = net.network()
    theta = {name: np.ones(s) for name, s in net.parameters.items()}
    with pytest.raises(ShapeMismatch, match=r"takes arrays of shapes \(2, 1, 1\), and \(2, 3, 4\) were given"):
        run.vjp(theta, np.ones((2, 1, 4)), np.ones((2, 3, 4)))
    with pytest.raises(ShapeMismatch, match=r"\(2, 1, 1\), and \(5, 1, 1\)"):
        run.vjp(theta, np.ones((2, 1, 4)), np.ones((5, 1, 1)))
    with pytest.raises(UnknownName, match=r"parameter '0\.weight\.0\.0' is needed"):
        run.vjp({}, np.ones((2, 1, 4)), np.ones((2, 1, 1)))


def test_a_mutant_of_the_chain_rule_is_noticed() -> None:
    """With the gates' slope left out, what moves the gates hears nothing."""
    net, rng = rotations(), np.random.default_rng(3)
    run = Network(net)
    run._steps[1].slope = lambda xp, x: xp.zeros_like(x)  # type: ignore[attr-defined]
    theta = {name: rng.normal(size=s) for name, s in net.parameters.items()}
    x, ybar = rng.normal(size=(4, 3, 3)), rng.normal(size=(4, 2, 1))
    right, wrong = Network(net).vjp(theta, x, ybar), run.vjp(theta, x, ybar)

    assert not np.allclose(right[0]["0.bias.0"], wrong[0]["0.bias.0"])
    assert type(run._steps[1]) is type(step(net.layers[1], "numpy"))
