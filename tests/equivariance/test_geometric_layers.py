"""T1.14, T1.15, T1.17 and the automata of T2.1: layers of the literature against the groups they are made for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import (
    Representation,
    causal_shift,
    coarsening,
    cyclic,
    dilations,
    equivariant_maps,
    free_monoid,
    hyperoctahedral,
    octahedral,
    strided,
    symmetric,
    transition_monoid,
)
from catcore.errors import NotAGroup, ShapeMismatch

SEEDS = st.integers(0, 2**31)


def softmax(x: Any) -> Any:
    """Along the last axis."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# T1.14 ------------------------------------------------------------------------------------------------------------


def test_t1_14_graphs_act_on_features_and_adjacency() -> None:
    """σ▶(x, A) = (Px, PAPᵀ) is the defining representation and its square, so graph layers are tensors 1 + 2 → 1."""
    S4 = symmetric(4)
    x, A = S4.defining, S4.defining.tensor(2)
    P, n = np.array(x.matrix("c").tolist(), dtype=int), 4
    adjacency = np.arange(n * n).reshape(n, n)

    assert (np.array(A.matrix("c").tolist(), dtype=int) @ adjacency.ravel() == (P @ adjacency @ P.T).ravel()).all()
    assert equivariant_maps(x + A, x).dim == 2 + 5  # T1.12 e and g


@given(SEEDS)
def test_t1_14_a_gcn_layer_commutes_with_relabelling(seed: int) -> None:
    """σ(A X W + b): error 0 for every permutation, since a product in another order of rows is the same product."""
    rng = np.random.default_rng(seed)
    A, X = rng.integers(0, 2, (6, 6)), rng.integers(-5, 6, (6, 3))
    W, b, p = rng.integers(-5, 6, (3, 2)), rng.integers(-5, 6, 2), rng.permutation(6)

    def gcn(A: Any, X: Any) -> Any:
        return np.tanh(A @ X @ W + b)

    assert (gcn(A[np.ix_(p, p)], X[p]) == gcn(A, X)[p]).all()


def attention(x: Any, rng: np.random.Generator, *, mask: Any = None, positions: Any = 0.0) -> Any:
    """Self-attention with random weights of dimension 3."""
    Q, K, V = rng.normal(size=(3, 3, 3))
    y = x + positions
    scores = (y @ Q) @ (y @ K).T / np.sqrt(3)
    return softmax(scores if mask is None else np.where(mask, scores, -np.inf)) @ (y @ V)


@given(SEEDS)
def test_t1_14_attention_is_equivariant_until_it_knows_positions(seed: int) -> None:
    """Without positions S_n-equivariant to rounding; positional encodings and causal masks break it."""
    rng = np.random.default_rng(seed)
    x, p = rng.normal(size=(5, 3)), np.roll(np.arange(5), 1)
    mask, positions = np.tril(np.ones((5, 5), bool)), 3 * rng.normal(size=(5, 3))

    def deviation(**options: Any) -> float:
        plain, moved = (attention(y, np.random.default_rng(seed), **options) for y in (x, x[p]))
        return float(np.abs(moved - plain[p]).max())

    assert deviation() < 1e-12
    assert deviation(positions=positions) > 1e-3
    assert deviation(mask=mask) > 1e-6


@given(SEEDS, st.integers(1, 4))
def test_t1_14_causal_masks_keep_prefixes(seed: int, k: int) -> None:
    """out[:k] does not depend on x[k:], exactly."""
    x = np.random.default_rng(seed).normal(size=(5, 3))
    y = np.concatenate([x[:k], x[k:] + 1])
    mask = np.tril(np.ones((5, 5), bool))
    one, other = (attention(z, np.random.default_rng(seed), mask=mask) for z in (x, y))

    assert (one[:k] == other[:k]).all()


OCTAHEDRAL = [[3, 2, 3, 1], [2, 4, 4, 1], [3, 4, 7, 1], [1, 1, 1, 1]]


def test_t1_14_spherical_layers_on_octahedral_rotations() -> None:
    """Functions on face centres of the cube, its vertices and edges, and vector fields: T1.11's formula by hand.

    Fixed points of the classes 1, 8·C₃, 6·C₂', 6·C₄, 3·C₄² are (6,0,0,2,2), (8,2,0,0,0), (12,0,2,0,0), and the
    characters of the rotations (3,0,-1,1,-1); the group has 24 elements.
    """
    G = octahedral()
    spaces = (G.vertices, G.faces, G.edges, G.natural)
    sizes = np.array([1, 8, 6, 6, 3])
    characters = np.array([[6, 0, 0, 2, 2], [8, 2, 0, 0, 0], [12, 0, 2, 0, 0], [3, 0, -1, 1, -1]])
    by_hand = (characters * sizes) @ characters.T // 24

    assert by_hand.tolist() == OCTAHEDRAL
    assert [[equivariant_maps(a, b).dim for b in spaces] for a in spaces] == OCTAHEDRAL


# T1.15 ------------------------------------------------------------------------------------------------------------


def commutes(rho: Representation, sigma: Any, seed: int = 0) -> bool:
    """Whether a function on vectors commutes with every generator on random vectors, up to rounding."""
    x = np.random.default_rng(seed).normal(size=(rho.degree, 50))
    images = (np.array(rho.matrix(g).evalf().tolist(), dtype=float) for g in rho.monoid.generators)
    return all(np.abs(sigma(m @ x) - m @ sigma(x)).max() < 1e-12 for m in images)


def relu(x: Any) -> Any:
    """max(x, 0)."""
    return np.maximum(x, 0)


def norm_relu(x: Any) -> Any:
    """A norm nonlinearity: the direction stays, the length goes through a function."""
    length = np.linalg.norm(x, axis=0, keepdims=True)
    return x * np.maximum(length - 0.5, 0) / length


EIGHTH = Representation(cyclic(8), {"s": [["sqrt(2)/2", "-sqrt(2)/2"], ["sqrt(2)/2", "sqrt(2)/2"]]})
POINTWISE: list[tuple[str, Representation, Any, bool]] = [
    ("tanh, permutations", symmetric(4).defining, np.tanh, True),
    ("relu, permutations", symmetric(4).defining, relu, True),
    ("tanh, quarter turn", Representation(cyclic(4), {"s": [[0, -1], [1, 0]]}), np.tanh, True),
    ("relu, quarter turn", Representation(cyclic(4), {"s": [[0, -1], [1, 0]]}), relu, False),
    ("tanh, signed permutations", hyperoctahedral(3).natural, np.tanh, True),
    ("relu, signed permutations", hyperoctahedral(3).natural, relu, False),
    ("tanh, eighth turn", EIGHTH, np.tanh, False),
    ("norm, eighth turn", EIGHTH, norm_relu, True),
    ("norm, rotations of the cube", octahedral().natural, norm_relu, True),
    ("norm, permutations", symmetric(4).defining, norm_relu, True),
    ("relu, positive scaling", Representation(free_monoid("d"), {"d": [[3, 0], [0, "1/2"]]}), relu, True),
    ("tanh, positive scaling", Representation(free_monoid("d"), {"d": [[3, 0], [0, "1/2"]]}), np.tanh, False),
    ("norm, positive scaling", Representation(free_monoid("d"), {"d": [[3, 0], [0, "1/2"]]}), norm_relu, False),
]


@pytest.mark.parametrize(("name", "rho", "sigma", "lawful"), POINTWISE, ids=[case[0] for case in POINTWISE])
def test_t1_15_which_nonlinearities_commute(name: str, rho: Representation, sigma: Any, lawful: bool) -> None:
    """Pointwise maps with permutations, odd ones with signed permutations, norms with rotations, ReLU with scaling."""
    assert name
    assert commutes(rho, sigma) == lawful


@given(SEEDS)
def test_t1_15_composites_of_homomorphisms_are_homomorphisms(seed: int) -> None:
    """A network of solved layers, norm nonlinearities between them: each layer commutes, so the network does."""
    rho = octahedral().natural + 2 * octahedral().natural
    W = equivariant_maps(rho, rho)
    theta = np.random.default_rng(seed).normal(size=(2, W.dim))
    first, second = np.einsum("lk,kij->lij", theta, W.basis_array())

    def network(x: Any) -> Any:
        hidden = first @ x
        gated = np.concatenate([norm_relu(part) for part in np.split(hidden, 3)])  # one norm for each vector
        return second @ gated

    assert W.dim == 9  # 3 copies of one irreducible representation: 3×3
    assert commutes(rho, network, seed)


# T1.17 and T2.1 ---------------------------------------------------------------------------------------------------


def test_t1_17_dilations_form_a_monoid_and_no_group() -> None:
    """``d s² = s d`` on Z_n; for odd n the dilation permutes, for even n it forgets half of the samples."""
    assert dilations(5).of("d s s") == dilations(5).of("s d")
    assert (dilations(5).matrix("d").rank(), dilations(8).matrix("d").rank()) == (5, 4)
    with pytest.raises(NotAGroup):
        _ = dilations(8).dual
    assert equivariant_maps(dilations(5), dilations(5)).dim == 2  # I and the mean, which every d fixes
    assert equivariant_maps(dilations(8), dilations(8)).dim == len(solved_by_hand(8))


def solved_by_hand(n: int) -> list[int]:
    """Circulant weights w with ``Σ_k w_k x(2i-k) = Σ_k w_k x(2(i-k))``: w_k must equal Σ over j with 2j = k of w_j."""
    system = np.zeros((n, n))
    for k in range(n):
        system[k, k] += 1
        for j in range(n):
            system[k, j] -= 2 * j % n == k
    return list(range(n - np.linalg.matrix_rank(system)))


def test_t1_17_coarsening_is_idempotent_and_loses_detail() -> None:
    averages = coarsening(6, 3)

    assert averages.of("m m") == averages.matrix("m")
    assert averages.matrix("m").rank() == 2
    assert equivariant_maps(averages, averages).dim == 2**2 + 4**2  # image ⊕ kernel
    assert equivariant_maps(coarsening(4, 2), coarsening(4, 2)).dim == 8  # T2.1
    with pytest.raises(ShapeMismatch, match="block divides n"):
        coarsening(6, 4)


@pytest.mark.parametrize(("n", "stride", "dim"), [(4, 2, 4), (6, 3, 6), (6, 2, 6), (9, 3, 9), (5, 1, 5), (5, 5, 5)])
def test_t1_12_u_strides_share_a_full_filter(n: int, stride: int, dim: int) -> None:
    """W T_n^k = T_(n/k) W leaves one filter of n weights, slid in steps of k."""
    W = equivariant_maps(*strided(n, stride))

    assert (W.dim, W.shape) == (dim, (n // stride, n))
    assert W.independent_dimension() == dim


@pytest.mark.parametrize("n", [1, 2, 5, 16])
def test_t2_1_causal_convolutions(n: int) -> None:
    W = equivariant_maps(causal_shift(n), causal_shift(n))

    assert W.pattern == [[i - j + 1 if i >= j else 0 for j in range(n)] for i in range(n)]


def test_t2_1_reset_machines() -> None:
    assert equivariant_maps(*[transition_monoid({"A": [0, 0], "B": [1, 1]}).defining] * 2).dim == 1
    assert transition_monoid({"A": [0, 0], "B": [1, 1]}).order == 3
