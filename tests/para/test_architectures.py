"""Architectures in one line each: type, parameters, numbers beside PyTorch's and the theory's (T4.5, T4.8)."""

from __future__ import annotations

import itertools as it
from typing import Any, cast

import numpy as np
import pytest

from catcore import Id, Representation, TwoCell, arrow, case, cyclic, equivariant_maps, fst, generator, snd, symmetric
from catcore.arrows import ident
from catcore.categories.smooth import smooth
from catcore.equivariance import free_monoid
from catcore.errors import IllTyped, NotComposable, NotParallel, ShapeMismatch
from catcore.objects import Exponential, One, R, mu, nu
from catcore.para import ParaMap, branches, cases, curried, explain, fold, fork, hylo, parametric, tie, unfold
from catcore.para import architectures as arch
from catcore.para.counting import storage_text
from catcore_proofs import prove, verify
from tests.para.running import drawn, element, run

RNG = np.random.default_rng(7)
TURN = Representation.permutation(cyclic(3), {"s": [1, 2, 0]})


# ---- counts ------------------------------------------------------------------------------------------------------


def test_t4_5_counts_of_the_three_cells():
    assert [cell(10, 20).count() for cell in (arch.rnn_cell, arch.gru_cell, arch.lstm_cell)] == [620, 1860, 2480]
    assert arch.gru_cell(10, 20, reset="after").count() == 1880


def test_t4_2_the_model_of_the_blog_has_22_scalars():
    model = arch.feed_forward(2, 4, 2, final="relu")
    assert [p.shape for p in model.params_in_layer_order()] == [(4, 2), (4,), (2, 4), (2,)]
    assert (model.dom, model.cod, model.count()) == (R(2), R(2), 22)


def test_transformers_of_published_sizes():
    """FEATURES 55 and 56: 12 L d² + embeddings, and what that takes to store."""
    medium = arch.language_model(layers=24, width=1024, heads=16, vocabulary=50257, context=1024)
    assert medium.count() == 354_501_632
    large = arch.language_model(layers=96, width=12288, heads=96, vocabulary=50257, context=2048)
    assert large.count() == 174_588_899_328
    assert storage_text(large.storage("float32")) == "698.4 GB"
    assert arch.transformer_block(7, 24, heads=3).count() == 12 * 24**2


def test_attention_has_no_parameters():
    assert arch.attention(5, 6, 4, 3).params == ()
    assert arch.self_attention(5, 8, heads=4).count() == 4 * 8**2


# ---- beside PyTorch ----------------------------------------------------------------------------------------------


def _torch_cell(kind, inputs, state):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    return torch, kind(torch)(inputs, state).double()


def test_the_rnn_cell_is_that_of_pytorch():
    torch, cell = _torch_cell(lambda t: t.nn.RNNCell, 3, 5)
    w, u, b, c = (p.detach().numpy() for p in cell.parameters())
    a, s = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 5))
    expected = cell(torch.tensor(a), torch.tensor(s)).detach().numpy()
    assert np.allclose(run(arch.rnn_cell(3, 5), [w, u, b + c], (a, s)), expected, atol=1e-12)


def test_the_gru_cell_is_that_of_pytorch():
    torch, cell = _torch_cell(lambda t: t.nn.GRUCell, 3, 5)
    w, u, b, c = (p.detach().numpy() for p in cell.parameters())
    a, s = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 5))
    expected = cell(torch.tensor(a), torch.tensor(s)).detach().numpy()
    gates = np.concatenate([(b + c)[:10], b[10:]])  # both biases of r and z add up; n keeps one inside the product
    found = run(arch.gru_cell(3, 5, reset="after"), [w, u, gates, c[10:]], (a, s))
    assert np.allclose(found, expected, atol=1e-12)


def test_a_gru_that_resets_before_follows_its_equations():
    w, u, b = drawn(arch.gru_cell(3, 2))
    a, s = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 2))
    parts = a @ w.T + b

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    r, z = (sigmoid(parts[:, k : k + 2] + s @ u[k : k + 2].T) for k in (0, 2))
    n = np.tanh(parts[:, 4:] + (r * s) @ u[4:].T)
    assert np.allclose(run(arch.gru_cell(3, 2), [w, u, b], (a, s)), (1 - z) * n + z * s)


def test_the_lstm_cell_is_that_of_pytorch():
    torch, cell = _torch_cell(lambda t: t.nn.LSTMCell, 3, 5)
    w, u, b, c = (p.detach().numpy() for p in cell.parameters())
    a, s, m = (RNG.normal(size=(4, n)) for n in (3, 5, 5))
    expected = cell(torch.tensor(a), (torch.tensor(s), torch.tensor(m)))
    found = run(arch.lstm_cell(3, 5), [w, u, b + c], (a, (s, m)))
    for mine, theirs in zip(found, expected, strict=True):
        assert np.allclose(mine, theirs.detach().numpy(), atol=1e-12)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_is_that_of_pytorch(causal):
    torch = pytest.importorskip("torch")
    q, k, v = RNG.normal(size=(2, 5, 4)), RNG.normal(size=(2, 5, 4)), RNG.normal(size=(2, 5, 3))
    expected = torch.nn.functional.scaled_dot_product_attention(*map(torch.tensor, (q, k, v)), is_causal=causal)
    found = run(arch.attention(5, 5, 4, 3, causal=causal), [], (q, (k, v)))
    assert np.allclose(found, expected.numpy(), atol=1e-12)


def test_multi_head_attention_is_that_of_pytorch():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    theirs = torch.nn.MultiheadAttention(8, 2, bias=False, batch_first=True).double()
    x = RNG.normal(size=(3, 5, 8))
    t = torch.tensor(x)
    expected = theirs(t, t, t, need_weights=False)[0].detach().numpy()
    stacked = theirs.in_proj_weight.detach().numpy()
    weights = [*(stacked[k : k + 8].T for k in (0, 8, 16)), theirs.out_proj.weight.detach().numpy().T]
    assert np.allclose(run(arch.self_attention(5, 8, heads=2), weights, x), expected, atol=1e-12)


# ---- attention and symmetry --------------------------------------------------------------------------------------


def test_t1_14_prefix_causality_is_exact():
    block = arch.transformer_block(6, 8, heads=2)
    params, x = drawn(block), RNG.normal(size=(2, 6, 8))
    before = run(block, params, x)
    for k in range(1, 6):
        changed = x.copy()
        changed[:, k:] = RNG.normal(size=(2, 6 - k, 8)) * 100
        assert np.array_equal(run(block, params, changed)[:, :k], before[:, :k])


def test_t1_14_attention_without_a_mask_commutes_with_permutations():
    layer = arch.self_attention(5, 4, heads=2)
    params, x = drawn(layer), RNG.normal(size=(1, 5, 4))
    for order in ([4, 2, 0, 1, 3], [1, 0, 2, 3, 4]):
        assert np.allclose(run(layer, params, x[:, order]), run(layer, params, x)[:, order], atol=1e-12)
    causal = arch.self_attention(5, 4, heads=2, causal=True)
    assert not np.allclose(run(causal, params, x[:, ::-1]), run(causal, params, x)[:, ::-1])


def test_t1_14_graph_convolution_commutes_with_relabelling():
    layer = arch.graph_convolution(5, 3, 2, "tanh")
    params, x, graph = drawn(layer), RNG.normal(size=(1, 5, 3)), RNG.normal(size=(1, 5, 5))
    order = [3, 0, 4, 1, 2]
    moved = run(layer, params, (x[:, order], graph[:, order][:, :, order]))
    assert np.allclose(moved, run(layer, params, (x, graph))[:, order], atol=1e-12)
    w, b = params
    assert np.allclose(run(layer, params, (x, graph))[0], np.tanh(graph[0] @ x[0] @ w + b))


def test_t4_8_layers_over_one_graph_share_the_context_and_not_the_weights():
    network = arch.carried(arch.graph_convolution(4, 3, 5)) >> arch.graph_convolution(4, 5, 2)
    assert [p.shape for p in network.params] == [(5, 2), (2,), (3, 5), (5,)]
    x, graph = RNG.normal(size=(1, 4, 3)), RNG.normal(size=(1, 4, 4))
    w2, b2, w1, b1 = params = drawn(network)
    expected = graph[0] @ (graph[0] @ x[0] @ w1 + b1) @ w2 + b2
    assert np.allclose(run(network, params, (x, graph))[0], expected)


def test_message_passing_sums_over_the_edges():
    edges = [(0, 1), (2, 1), (1, 2)]
    layer = arch.message_passing(edges, 3, 2, 2, "tanh")
    sent, seen, own = params = drawn(layer)
    x = RNG.normal(size=(1, 3, 2))
    expected = x[0] @ own
    for u, v in edges:
        expected[v] += np.tanh(x[0, u] @ sent + x[0, v] @ seen)
    assert np.allclose(run(layer, params, x)[0], np.tanh(expected))


def test_t1_16_a_simplicial_layer_does_not_see_orientations():
    b1, b2 = [[-1, -1, 0], [1, 0, -1], [0, 1, 1]], [[1], [-1], [1]]
    layer = arch.simplicial_layer(b1, b2, (2, 3))
    assert layer.count() == 5 * 6
    params = drawn(layer)
    below, here, above = RNG.normal(size=(1, 3, 2)), RNG.normal(size=(1, 3, 2)), RNG.normal(size=(1, 1, 2))
    result = run(layer, params, (below, (here, above)))
    flip = np.diag([1, -1, 1])  # the second edge turned round
    other = arch.simplicial_layer((np.array(b1) @ flip).tolist(), (flip @ np.array(b2)).tolist(), (2, 3))
    turned = run(other, params, (below, (flip @ here, above)))
    assert np.allclose(turned, flip @ result, atol=1e-12)


def test_t1_16_the_solver_finds_the_maps_of_the_layer():
    """Hom_{S₃}(C₁, C₁) of the filled triangle is spanned by L_down and L_up: dimension 2."""
    edges = list(it.combinations(range(3), 2))

    def signed(perm):
        rows = [[0] * 3 for _ in range(3)]
        for j, (a, b) in enumerate(edges):
            image = (perm[a], perm[b])
            rows[edges.index(tuple(sorted(image)))][j] = 1 if image[0] < image[1] else -1
        return rows

    rho = Representation(symmetric(3), {"s": signed([1, 0, 2]), "c": signed([1, 2, 0])})
    assert equivariant_maps(rho, rho).dim == 2


def test_t1_12_convolutions_from_the_solver():
    turn = Representation.permutation(cyclic(4), {"s": [1, 2, 3, 0]})
    layer = arch.convolution(turn)
    theta, x = drawn(layer)[0], RNG.normal(size=(2, 4))
    kernel = run(layer, [theta], np.eye(4))[0]  # the column of one impulse
    expected = np.stack([sum(np.roll(kernel, k) * row[k] for k in range(4)) for row in x])
    assert layer.count() == 4
    assert np.allclose(run(layer, [theta], x), expected)
    sets = arch.convolution(Representation.permutation(symmetric(3), {"s": [1, 0, 2], "c": [1, 2, 0]}))
    assert sets.count() == 2  # Deep Sets


@pytest.mark.parametrize("channels", [(1, 1), (2, 3), (3, 1)])
def test_t1_11_a_convolution_with_channels(channels):
    c, d = channels
    turn = Representation.permutation(cyclic(4), {"s": [1, 2, 3, 0]})
    layer = arch.convolution(turn, channels=channels)
    assert (layer.dom, layer.cod, layer.count()) == (R(c, 4), R(d, 4), 4 * c * d)
    theta, x = drawn(layer)[0], RNG.normal(size=(2, c, 4))
    found = run(layer, [theta], x)
    assert np.allclose(run(layer, [theta], np.roll(x, 1, axis=2)), np.roll(found, 1, axis=2))
    # a kernel from each channel to each: what an impulse there gives
    impulses = np.eye(4 * c).reshape(4 * c, c, 4)
    kernels = run(layer, [theta], impulses)[::4]
    shifted = np.stack([np.roll(kernels, k, axis=2) for k in range(4)])
    assert np.allclose(found, np.einsum("bcn,ncdm->bdm", x, shifted))
    assert (
        len({round(float(v), 9) for v in kernels.reshape(-1)}) == 4 * c * d
    )  # and no two weights are tied to each other
    assert "used by 1 box: combine" in explain(layer)


def test_t1_12_u_a_strided_convolution_with_channels():
    four, two = (Representation.permutation(free_monoid("s"), {"s": [*range(1, n), 0]}) for n in (4, 2))
    squared = Representation.permutation(free_monoid("s"), {"s": [2, 3, 0, 1]})
    assert arch.convolution(squared, two, channels=(2, 5)).count() == 4 * 10
    assert arch.convolution(four, channels=(2, 5)).count() == 4 * 10


# ---- several networks together -----------------------------------------------------------------------------------


def test_t4_8_an_autoencoder_with_a_tied_decoder():
    free, tied = arch.autoencoder(5, 2, sigma="tanh"), arch.autoencoder(5, 2, sigma="tanh", tied=True)
    assert (free.count(), tied.count()) == (20, 10)
    w = drawn(tied)[0]
    x = RNG.normal(size=(3, 5))
    assert np.allclose(run(tied, [w], x), np.tanh(x @ w.T) @ w)
    assert np.allclose(run(free, [w.T, w], x), run(tied, [w], x))


def test_t4_8_a_gan_uses_the_discriminator_twice():
    scale = smooth("scale", R() * R())
    network = arch.gan(ParaMap(R(), scale), ParaMap(R(), scale))
    assert (network.params, network.count()) == ((R(), R()), 2)
    made, real = run(network, [np.array(0.3), np.array(0.5)], (np.array([1.0]), np.array([2.0])))
    assert np.allclose([made[0], real[0]], [0.15, 0.6])
    with pytest.raises(NotComposable, match="what is generated is in"):
        arch.gan(arch.linear(2, 3), arch.linear(4, 1))


def test_t2_8_a_cell_with_an_external_memory():
    cell = arch.memory_cell(3, 4, slots=5, width=2)
    assert isinstance(cell.cod, Exponential)
    assert cell.count() == 8 + 8 + 12 + 16 + 8
    step = _applied(cell)
    key, value, w, u, back = params = drawn(cell)
    h, memory, x = RNG.normal(size=(1, 4)), RNG.normal(size=(1, 5, 2)), RNG.normal(size=(1, 3))
    read, (state, written) = run(step, params, ((h, memory), x))
    scores = memory[0] @ key @ h[0]
    address = np.exp(scores) / np.exp(scores).sum()
    assert np.allclose(read[0], address @ memory[0])
    assert np.allclose(written[0], memory[0] + np.outer(address, value @ h[0]))
    assert np.allclose(state[0], np.tanh(w @ x[0] + u @ h[0] + back @ read[0]))


def _applied(machine):
    """The map ``S × I → O × S`` of a Mealy cell."""
    space = machine.cod
    assert isinstance(space, Exponential)

    @parametric(machine.params, machine.dom * space.exponent, space.base)
    def step(*args):
        *params, x = args
        return machine.arrow(_nest([*params, x[0]]))(x[1])

    return step


def _nest(parts):
    return (parts[0], _nest(parts[1:])) if len(parts) > 1 else parts[0]


# ---- shapes of the cells -----------------------------------------------------------------------------------------


def test_t4_5_types_of_the_five_networks():
    step = arch.rnn_cell(3, 4)
    assert (arch.folding(step).dom, arch.folding(step).cod) == (1 + R(3) * R(4), R(4))
    assert arch.folding(step, "learned").count() == step.count() + 4
    unfolding = arch.unfolding(arch.linear(4, 2), arch.dense(4, 4, "tanh"))
    assert (unfolding.dom, unfolding.cod) == (R(4), R(2) * R(4))
    machine = arch.mealy(arch.recurrent_machine(3, 4, 2))
    assert (machine.dom, machine.cod) == (R(4), (R(2) * R(4)) ** R(3))
    moore = arch.moore(arch.linear(4, 2), arch.recurrent_machine(3, 4, 2) >> snd(R(2), R(4)))
    assert (moore.dom, moore.cod) == (R(4), R(2) * R(4) ** R(3))
    assert arch.tree_cell(3, 4).dom is R(3) + R(4) * R(4)
    assert arch.labelled_tree_cell(3, 4).dom is 1 + R(3) * (R(4) * R(4))


def test_combinators_put_maps_together_and_take_them_apart():
    f, g = arch.linear(2, 3), arch.linear(4, 3)
    whole = cases(f, g)
    assert (whole.dom, whole.params) == (R(2) + R(4), (R(3, 2), R(3, 4)))
    left, right = branches(whole)
    assert verify(TwoCell(fst(R(3, 2), R(3, 4)), f, left)).ok
    assert right.dom is R(4)
    again = tie(cases(left, right), [0, 1, 0, 1]).target
    assert prove(again.arrow, whole.arrow).evidence == "proved"
    both = fork(arch.linear(2, 3), arch.linear(2, 4))
    assert both.cod is R(3) * R(4)
    held = curried(ParaMap(R(2), ident(R(2) * (R(3) * R(4)))))
    assert held.cod is (R(2) * (R(3) * R(4))) ** R(4)


def test_explanations_name_what_is_shared():
    step = arch.dense(3, 3, "tanh")
    text = explain(tie(step >> step, [0, 1, 0, 1]))
    assert "θ1 : ℝ[3×3]  9 numbers, used by 2 boxes: matmul, matmul" in text
    assert "tied: 24 numbers before, 12 after" in text
    assert "48 B as float32" in text
    tree = explain(arch.tree_cell(2, 3))
    assert "on ℝ[2], in order:" in tree
    assert "on ℝ[3] × ℝ[3], in order:" in tree
    assert "no parameters" in explain(arch.attention(2, 2, 2, 2))
    machine = explain(arch.mealy(arch.recurrent_machine(3, 4, 2)))
    assert "at each step, from the state and ℝ[3], in order:" in machine
    assert "θ1 : ℝ[4]  4 numbers, used by 1 box: add" in machine
    folded = explain(fold(mu(1 + R(3) * Id), arch.folding(arch.rnn_cell(3, 4))))
    assert "at each node of μX. 1 + ℝ[3] × X, with the same parameters, on ℝ[3] × ℝ[4], in order:" in folded
    assert "θ3 : ℝ[4×3]  12 numbers, used by 1 box: matmul" in folded
    assert "numbers" not in explain(ParaMap(One, ident(One * R(2)))).splitlines()[0]


def test_cases_are_opened_and_called_by_what_they_distinguish():
    said = generator("say", R(), R() + R(2))
    left, right = generator("one", R(3) * R(), R()), generator("other", R(2), R())

    @parametric((R(3),), R(), R())
    def chosen(p, x):
        return said(x).case(inl=lambda n: left((p, n)), inr=lambda v: right(v))

    lines = explain(chosen).splitlines()
    assert lines[3:6] == [
        "boxes, in order:",
        "  say : ℝ → ℝ + ℝ[2]",
        "  case ℝ | ℝ[2] : θ1, ℝ, ℝ + ℝ[2] → ℝ",
    ]
    assert lines[6:] == ["case ℝ, in order:", "  one : θ1, ℝ → ℝ", "case ℝ[2], in order:", "  other : ℝ[2] → ℝ"]
    plain = explain(ParaMap((), said >> case(generator("one", R(), R()), right)))
    assert "  case ℝ | ℝ[2] : ℝ + ℝ[2] → ℝ\ncase ℝ, in order:\n  one : ℝ → ℝ" in plain


def test_recursions_are_opened():
    stream = explain(unfold(nu(R(2) * Id), arch.unfolding(arch.linear(3, 2), arch.linear(3, 3))))
    assert "at each step, from the state, with the same parameters, in order:\n  matmul : θ2, ℝ[3] → ℝ[2]" in stream
    machine = explain(unfold(nu((R(2) * Id) ** R(3)), arch.mealy(arch.recurrent_machine(3, 4, 2))))
    assert "at each step, from the state and ℝ[3], with the same parameters, in order:" in machine
    assert "θ1 : ℝ[4]  4 numbers, used by 1 box: add" in machine
    grown = explain(unfold(nu(1 + Id * Id), ParaMap(R(3), generator("grow", R(3) * R(4), 1 + R(4) * R(4)))))
    assert "at each layer of νX. 1 + X × X, from the state, with the same parameters, in order:" in grown
    alone = explain(unfold(nu(R(2) * Id), ParaMap((), generator("say", R(3), R(2) * R(3)))))
    assert "at each step, from the state, in order:\n  say : ℝ[3] → ℝ[2], ℝ[3]" in alone
    tied = explain(tie(fold(mu(1 + R(3) * Id), arch.folding(arch.rnn_cell(3, 3))), [0, 0, 1]))
    assert "θ2 : ℝ[3×3]  9 numbers, used by 2 boxes: matmul, matmul" in tied


def test_a_cell_that_is_one_box_is_one_box():
    opaque = explain(fold(mu(1 + R(3) * Id), ParaMap(R(2), generator("cell", R(2) * (1 + R(3) * R(4)), R(4)))))
    assert "θ1 : ℝ[2]  2 numbers, used by 1 box: cell" in opaque


def test_both_cells_of_a_hylomorphism_are_opened_with_the_parameters_they_share():
    shape = R() + R() * Id
    ask = ParaMap(R(), generator("ask", R() * R(), shape(R())))

    def answered(x):
        p, layer = x
        add, multiply = (smooth(name, R() * R()) for name in ("add", "multiply"))
        return layer.case(inl=lambda end: multiply((p, end)), inr=lambda n: add((n[0], n[1])))

    answer = ParaMap(R(), arrow(R() * shape(R()), R())(answered))
    text = explain(tie(hylo(shape, answer, ask), [0, 0]))
    assert "θ1 : ℝ  1 number, used by 2 boxes: ask, multiply" in text
    assert "at each state, with the same parameters, in order:\n  ask : θ1, ℝ → ℝ + ℝ × ℝ" in text
    assert "at each layer of answers, with the same parameters, on ℝ, in order:\n  multiply : θ1, ℝ → ℝ" in text
    assert "tied: 2 numbers before, 1 after" in text


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: arch.feed_forward(3), IllTyped, "at least two widths"),
        (lambda: arch.convolution(TURN, channels=(0, 1)), IllTyped, r"two numbers of copies.*\(0, 1\) was given"),
        (lambda: arch.convolution(TURN, channels=cast(Any, 3)), IllTyped, "two numbers of copies"),
        (lambda: arch.gru_cell(2, 3, reset="never"), IllTyped, '"before" or "after"'),
        (lambda: arch.folding(arch.linear(2, 3)), IllTyped, "goes A × S → S"),
        (lambda: arch.self_attention(4, 6, heads=4), ShapeMismatch, "cut into 4 heads"),
        (lambda: arch.message_passing([(0, 5)], 3, 2, 2), ShapeMismatch, "nodes 0 … 2"),
        (lambda: arch.message_passing([], 3, 2, 2), ShapeMismatch, "at least two"),
        (lambda: arch.simplicial_layer([[1, 1]], [[1]], (1, 1)), ShapeMismatch, "2 and 1 were found"),
        (lambda: arch.carried(arch.linear(2, 3)), IllTyped, "leaves a product X × A"),
        (lambda: cases(arch.linear(2, 3), arch.linear(2, 4)), NotParallel, "must reach the same"),
        (lambda: fork(arch.linear(2, 3), arch.linear(4, 3)), NotParallel, "must leave the same object"),
        (lambda: curried(arch.linear(2, 3)), IllTyped, "out of a product X × Y"),
        (lambda: explain(cast(Any, "a network")), IllTyped, "An explanation"),
        (
            lambda: arch.linear(2, 3) >> arch.linear(4, 3),
            NotComposable,
            r"ends in ℝ\[3\] and the second starts in ℝ\[4\]",
        ),
    ],
)
def test_refusals(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_random_elements_fit():
    assert element(R(2) * R(3), RNG, 4)[1].shape == (4, 3)
