"""Networks whose equivariance is a theorem: laws decided, wrong layers refused by name, arrays that commute (T1.15)."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from catcore.equivariance import SO, CellComplex, Monoid, O, Representation, cyclic, symmetric
from catcore.equivariance.networks import (
    Attention,
    Features,
    Flatten,
    Gated,
    Linear,
    MessagePassing,
    Norm,
    Pointwise,
    Polynomial,
    Sequential,
    causal_convolution,
    convolution,
    deep_sets,
    graph_layer,
    group_convolution,
    invariant,
    invariant_graph_network,
    simplicial_layer,
    strided_convolution,
)
from catcore.errors import IllTyped, LawViolated, NotComposable, ShapeMismatch, UnknownName
from catcore_backends.layers.networks import Network
from catcore_proofs import verify

TURN = Representation(cyclic(4), {"s": [[0, -1], [1, 0]]})
SIXTH = Representation(cyclic(6), {"s": [["1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "1/2"]]})
SHEAR = Representation(Monoid.presentation("s"), {"s": [[1, 1], [0, 1]]})
FILL = Representation(Monoid.presentation("s"), {"s": [[0, 0], [1, 0]]})
MERGE = Representation.permutation(Monoid.presentation("s"), {"s": [0, 0]})
SCALE = Representation.lie({"d": [[1, 0], [0, 2]]})
FLAT = SO(2).defining


@pytest.mark.parametrize(
    ("sigma", "rho", "holds"),
    [
        ("relu", symmetric(4).defining, True),
        ("sigmoid", symmetric(4).defining, True),
        ("tanh", TURN, True),
        ("relu", TURN, False),
        ("tanh", SIXTH, False),
        ("relu", SIXTH, False),
        ("identity", SIXTH, True),
        ("relu", FILL, True),
        ("sigmoid", FILL, False),
        ("relu", MERGE, False),
        ("relu", SHEAR, False),
        ("relu", SCALE, True),
        ("tanh", SCALE, False),
        ("relu", FLAT, False),
        ("tanh", FLAT, False),
    ],
)
def test_t1_15_pointwise_commutes_exactly_for_these(sigma, rho, holds):
    layer = Pointwise(sigma, rho)
    failure, report = layer.failure(), verify(layer)

    assert (failure is None) == holds == report.ok
    assert next(iter(report)).evidence == "symbolic"
    if failure is not None:
        assert failure.mapped_after != failure.mapped_before


def test_a_counterexample_is_one():
    failure = Pointwise("relu", TURN).failure()
    assert failure is not None
    x, rho = np.asarray(failure.vector, dtype=float), np.asarray([[0, -1], [1, 0]])

    assert not np.array_equal(np.maximum(rho @ x, 0), rho @ np.maximum(x, 0))
    assert np.array_equal(np.asarray(failure.mapped_after, dtype=float), np.maximum(rho @ x, 0))


@pytest.mark.parametrize(
    ("rho", "holds"),
    [(TURN, True), (SIXTH, True), (FLAT, True), (O(3).defining, True), (SHEAR, False), (SCALE, False), (MERGE, False)],
)
def test_norm_nonlinearities_need_an_action_that_preserves_lengths(rho, holds):
    assert (Norm("sigmoid", rho).failure() is None) == holds == verify(Norm("sigmoid", rho)).ok


def test_gates_have_to_stay_where_they_are():
    still, flip = Representation.trivial(cyclic(4)), Representation(cyclic(4), {"s": [[-1]]})

    assert verify(Gated("sigmoid", [(still, 2), (TURN, 2)])).ok
    assert not verify(Gated("sigmoid", [(flip, 2), (TURN, 2)])).ok
    with pytest.raises(IllTyped, match="one gate of degree 1 for each of 2 channels"):
        Gated("sigmoid", [(still, 1), (TURN, 2)])


def test_a_network_is_verified_layer_by_layer():
    points = (symmetric(5).defining, 4)
    net = Sequential(
        Linear(symmetric(5).defining, points), Pointwise("relu", points), Linear(points, points), invariant([points])
    )
    report = verify(net)

    assert report.ok
    assert [v.evidence for v in report] == ["symbolic"] * 4


def test_a_network_with_one_wrong_layer_is_refused_and_the_layer_named():
    features = (TURN, 3)
    net = Sequential(Linear(TURN, features), Pointwise("relu", features), Linear(features, TURN))
    verdicts = list(verify(net))

    assert [v.status for v in verdicts] == ["holds", "fails", "holds"]
    assert verdicts[1].counterexample is not None
    with pytest.raises(LawViolated, match=r"Layer 1 \(pointwise relu.*does not commute with C4: at x = \("):
        Network(net)


def test_flattening_forgets_the_grid():
    """FEATURES 42: a dense layer on a flattened grid does not commute with translations."""
    grid = convolution(4, 4).source
    layer = Flatten(grid, grid)
    failure = layer.failure()

    assert layer.parameters["weight"] == (16, 16)
    assert failure is not None
    assert failure.mapped_after != failure.mapped_before
    assert Sequential(convolution(4, 4)).free_parameters == 17


def commutes(net: Sequential, library: Any, seed: int = 0) -> None:
    """The network run on x and on ρ(g) x for every generator g."""
    run, rng = Network(net), np.random.default_rng(seed)
    parameters = {name: library.array(rng.normal(size=shape)) for name, shape in net.parameters.items()}
    x = tuple(rng.normal(size=(6, *shape)) for shape in net.source.shapes)
    y = _run(run, library, parameters, x, net)
    assert any(np.abs(part).max() > 1e-3 for part in y)
    for name in net.source.monoid.generators:
        moved = _moved(net.source, name, x)
        for ours, right in zip(_run(run, library, parameters, moved, net), _moved(net.target, name, y), strict=True):
            assert np.allclose(ours, right, rtol=1e-9, atol=1e-9)


def _run(run: Network, library: Any, parameters: Any, x: Any, net: Sequential) -> Any:
    y = run(parameters, tuple(library.array(a) for a in x))
    return tuple(library.numpy(a) for a in (y if isinstance(y, tuple) else (y,)))


def _moved(features: Features, name: str, x: Any) -> Any:
    matrices = [np.asarray(rho.matrix(name).evalf(), dtype=float) for rho, _ in features.summands]
    return tuple(a @ m.T for a, m in zip(x, matrices, strict=True))


def steerable() -> Sequential:
    """Turns by a sixth: gates, vectors, a norm nonlinearity, a quadratic map and an invariant end."""
    one = Representation.trivial(cyclic(6))
    hidden = [(one, 3), (SIXTH, 3)]
    return Sequential(
        Linear(SIXTH, hidden), Gated("sigmoid", hidden), Norm("tanh", (SIXTH, 3)), Polynomial((SIXTH, 3), (one, 2), 2)
    )


def test_a_steerable_network_of_mixed_features_commutes(library):
    net = steerable()

    assert verify(net).ok
    commutes(net, library)


@pytest.mark.parametrize(("degree", "dim"), [(1, 2), (2, 4), (3, 7)])
def test_polynomial_maps_through_symmetric_powers(degree, dim, library):
    """Hom(Sym^d ℝ⁴, ℝ⁴) of S_4: monomials of degree d with one marked point, up to relabelling."""
    points = symmetric(4).defining
    layer = Polynomial(points, points, degree)

    assert layer.space.dim == dim
    assert verify(layer).ok
    commutes(Sequential(layer), library)


@pytest.mark.usefixtures("everywhere")
def test_a_polynomial_layer_is_that_polynomial():
    """x_i², x_i Σ_{j≠i} x_j, Σ_{j≠i} x_j², Σ_{j<k, ≠i} x_j x_k: every quadratic map of sets of three."""
    layer = Polynomial(symmetric(3).defining, symmetric(3).defining, 2)
    run = Network(Sequential(layer))
    x = np.asarray([[[2.0, 3.0, 5.0]]])
    span = [run({"0.weight": np.eye(4)[k].reshape(4, 1, 1)}, x)[0, 0] for k in range(layer.space.dim)]
    squares, total = x[0, 0] ** 2, x.sum()
    wanted = [squares, 2 * x[0, 0] * (total - x[0, 0]), squares.sum() - squares, 2 * np.asarray([15.0, 10.0, 6.0])]

    assert sorted(map(tuple, span)) == sorted(map(tuple, wanted))


def test_the_architectures_and_their_parameters():
    """T1.12 b, c, e, g, p, u; T2.1; T1.16: weights and biases, counted by the solver."""
    networkx = pytest.importorskip("networkx")
    triangle = CellComplex.simplicial([(0, 1, 2)])
    counted = {
        "convolution": (convolution(7), 7 + 1),
        "torus": (convolution(3, 3), 9 + 1),
        "strided": (strided_convolution(4, 2), 4 + 1),
        "causal": (causal_convolution(6), 6),  # a constant is no fixed vector of the zero-filling shift
        "group": (group_convolution(symmetric(3)), 6 + 1),
        "DeepSets": (deep_sets(9), 2 + 1),
        "invariant graph network": (invariant_graph_network(5), 15 + 2),
        "graph": (graph_layer(networkx.path_graph(3)), 5 + 2),
        "simplicial": (simplicial_layer(triangle), 2 + 1 + 0 + 1 + 2 + 1 + 0 + 1 + 1 + 1),
    }

    assert {name: Sequential(layer).free_parameters for name, (layer, _) in counted.items()} == {
        name: count for name, (_, count) in counted.items()
    }
    assert all(verify(layer).ok for layer, _ in counted.values())


@pytest.mark.parametrize(
    "layer",
    [
        lambda: convolution(3, 4, channels=(2, 3)),
        lambda: strided_convolution(6, 2),
        lambda: causal_convolution(5),
        lambda: group_convolution(symmetric(3), (2, 2)),
        lambda: deep_sets(6, (2, 3)),
        lambda: invariant_graph_network(4, (1, 2)),
        lambda: simplicial_layer(CellComplex.simplicial([(0, 1, 2), (1, 3)]), (2, 2)),
    ],
)
def test_the_architectures_commute_on_arrays(layer, library):
    commutes(Sequential(layer()), library)


def test_the_simplicial_layer_is_gradient_curl_and_hodge():
    """T1.16: on the filled triangle the blocks are spanned by B and Bᵀ, and by 1 and L_up between edges."""
    triangle = CellComplex.simplicial([(0, 1, 2)])
    spaces = simplicial_layer(triangle).spaces
    up = triangle.boundary(2) * triangle.boundary(2).T

    assert {key: space.dim for key, space in spaces.items()} == {
        (j, i): [[2, 1, 0], [1, 2, 1], [0, 1, 1]][i][j] for i in range(3) for j in range(3)
    }
    assert spaces[1, 0].contains(triangle.boundary(1).T)
    assert spaces[2, 1].contains(triangle.boundary(2).T)
    assert spaces[1, 1].contains(up)
    assert spaces[1, 1].contains(triangle.boundary(1).T * triangle.boundary(1))


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("dtype", ["int64", "float64"])
def test_an_invariant_to_a_protected_attribute_does_not_move_at_all(dtype):
    """FEATURES 60, T1.13: swapping the attribute changes the output by exactly 0, on numbers whose sums are exact."""
    people = Representation.permutation(cyclic(2), {"s": [1, 0, 2, 3]})
    net = Sequential(invariant((people, 2), 3))
    run, rng = Network(net), np.random.default_rng(0)
    parameters = {name: rng.integers(-99, 99, size=s).astype(dtype) for name, s in net.parameters.items()}
    x = rng.integers(-(2**20), 2**20, size=(50, 2, 4)).astype(dtype)
    swapped = np.ascontiguousarray(x[..., [1, 0, 2, 3]])

    assert net.free_parameters == 3 * 2 * 3 + 3
    assert np.ptp(run(parameters, x)) > 0
    assert np.array_equal(run(parameters, x), run(parameters, swapped))


def relabelled(net: Sequential, order: Any, x: Any) -> Any:
    """Arrays of features of S_n on points, and on pairs of points, with the points in another order."""
    n = len(order)
    moved = []
    for (_, size), a in zip(net.source.shapes, x, strict=True):
        if size == n:
            moved.append(a[..., order])
        else:
            square = a.reshape(*a.shape[:-1], n, n)
            moved.append(square[..., order, :][..., order].reshape(a.shape))
    return tuple(moved)


def test_message_passing_has_error_0_under_every_relabelling():
    """T1.14.1: (A, X) ↦ A X M + X U on integers, for all 120 relabellings of 5 nodes."""
    points = symmetric(5).defining
    net = Sequential(MessagePassing(points, (2, 3)), MessagePassing(points, (3, 2)))
    run, rng = Network(net), np.random.default_rng(0)
    parameters = {name: rng.integers(-5, 5, size=shape) for name, shape in net.parameters.items()}
    x = tuple(rng.integers(-5, 5, size=(3, *shape)) for shape in net.source.shapes)
    y = run(parameters, x)

    assert verify(net).ok
    assert np.array_equal(y[0], x[0])
    for order in itertools.permutations(range(5)):
        moved = run(parameters, relabelled(net, list(order), x))
        assert np.array_equal(moved[1], y[1][..., list(order)])


def test_message_passing_needs_an_orthogonal_action():
    net = Sequential(MessagePassing(SHEAR, (1, 1)))

    assert not verify(net).ok
    with pytest.raises(LawViolated, match="message passing"):
        Network(net)


def test_attention_commutes_with_permutations_and_not_with_turns(library):
    """T1.14.4: no positions, no mask; the error is rounding alone."""
    layer = Attention(symmetric(6).defining, (3, 2), width=4)

    assert verify(layer).ok
    commutes(Sequential(layer), library)
    for rho in (TURN, FLAT, SCALE, FILL):
        assert Attention(rho, (1, 1), width=1).failure() is not None
    with pytest.raises(LawViolated, match=r"Layer 0 \(attention"):
        Network(Sequential(Attention(SIXTH, (1, 1), width=1)))


@pytest.mark.usefixtures("everywhere")
def test_positions_break_attention():
    """T1.14.4: with positions added the points are no longer alike."""
    layer = Attention(symmetric(5).defining, (2, 2), width=2)
    run, rng = Network(Sequential(layer)), np.random.default_rng(0)
    parameters = {name: rng.normal(size=shape) for name, shape in layer.parameters.items()}
    parameters = {f"0.{name}": value for name, value in parameters.items()}
    x, positions, order = rng.normal(size=(1, 2, 5)), rng.normal(size=(1, 2, 5)), [1, 0, 2, 4, 3]

    assert np.allclose(run(parameters, x[..., order]), run(parameters, x)[..., order])
    assert not np.allclose(run(parameters, x[..., order] + positions), run(parameters, x + positions)[..., order])


def test_layers_that_do_not_meet_are_refused():
    with pytest.raises(NotComposable, match=r"Layer 0 .* ends in 2·"):
        Sequential(Linear(TURN, (TURN, 2)), Pointwise("tanh", (TURN, 3)))
    with pytest.raises(IllTyped, match="at least one layer"):
        Sequential()
    with pytest.raises(UnknownName, match="'swish' was asked for"):
        Pointwise("swish", TURN)
    with pytest.raises(IllTyped, match="integers of at least 1"):
        Features(((TURN, 0),))


def test_wrong_arrays_are_sentences():
    run = Network(Sequential(deep_sets(4)))
    with pytest.raises(ShapeMismatch, match=r"arrays of shapes \(…, 1, 4\), and \(3, 4\) were given"):
        run(run.initial(), np.ones((3, 4)))
    with pytest.raises(UnknownName, match=r"parameter '0.weight.0.0' is needed"):
        run({}, np.ones((3, 1, 4)))
