"""Real tasks: ``python -m tests.learning.tasks`` trains each network and prints what it reaches.

*Iris*: three kinds of flowers from four lengths, by a dense network as a parametric lens.  *Bits*: the same flowers as
four bits, by a Boolean circuit over Z₂.  *Positions*: handwritten digits that were seen at four places of a torus, at
all places; a network tied by translations against a dense one.  *Parity*: whether the leaves of a tree sum to more than
nothing, by a recursive network.  The data come with scikit-learn (extra ``demo``).
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

import numpy as np

from catcore import Id, LensMap, R, arrow, ident, pair, smooth
from catcore.categories.finite_sets import Injected
from catcore.datatypes import Data, datatype
from catcore.datatypes.parametric import parametric_fold
from catcore.equivariance import Representation, equivariant_maps, free_monoid
from catcore.learning import Lens, LensAction, PolyZ2, polynomial_map, polynomial_step
from catcore.learning.losses import boolean, identity_rate, quadratic, softmax_cross_entropy
from catcore.learning.optimisers import adam
from catcore.objects import Ob
from catcore.para import ParaMap, tie
from catcore.para.architectures import dense
from catcore_backends import fit
from catcore_backends.forests import forest


def accuracy(run: Any, x: Any, kinds: Any) -> float:
    """The share of samples whose largest prediction is right."""
    return float((np.argmax(run(x), axis=1) == kinds).mean())


# ---- flowers -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def flowers() -> tuple[Any, Any]:
    """Fisher's irises: lengths, standardised, and kinds."""
    from sklearn.datasets import load_iris

    data = load_iris()
    return (data.data - data.data.mean(0)) / data.data.std(0), data.target


def iris() -> float:
    """The training accuracy of a dense network, as in the literature on lenses."""
    x, kinds = flowers()
    model = dense(4, 10, "tanh") >> dense(10, 3)
    run = fit(
        model, (x, np.eye(3)[kinds]), softmax_cross_entropy, lambda p: adam(p, step=0.02), epochs=40, batch=15, seed=1
    )
    return accuracy(run, x, kinds)


def bits() -> float:
    """The share of flowers that a circuit, a table that learns, tells apart as setosa or not from four bits."""
    x, kinds = flowers()
    inputs, label = (x > 0).astype(int), (kinds == 0).astype(int)
    z2 = PolyZ2()

    def table(*v: Any) -> Any:
        """``Σ_T p_T Π (a_i + T_i + 1)``: one bit for each of the sixteen inputs."""
        total = 0
        for number in range(16):
            term = v[number]
            for i in range(4):
                term = term * (v[16 + i] + (number >> i & 1) + 1)
            total = term + total
        return total

    together = polynomial_map(32, lambda *v: tuple(v[i] + v[16 + i] for i in range(16)))
    model = ParaMap(16, Lens(z2).reverse(polynomial_map(20, table)), LensAction(Lens(z2)))
    step = polynomial_step(model, boolean(1), identity_rate(1), LensMap(z2.identity(16), together, z2))
    weights, circuit = (0,) * 16, polynomial_map(20, table)
    for a, b in zip(inputs.tolist(), label.tolist(), strict=True):
        weights = step(*a, b, *weights)
    right = [circuit(*weights, *a)[0] == b for a, b in zip(inputs.tolist(), label.tolist(), strict=True)]
    return sum(right) / len(right)


# ---- digits on a torus -------------------------------------------------------------------------------------------

SIDE, KINDS, CHANNELS = 8, (0, 1, 4), 6


@lru_cache(maxsize=1)
def digits() -> tuple[Any, Any]:
    """Digits of four by four pixels, and their kinds."""
    from sklearn.datasets import load_digits

    data = load_digits()
    chosen = np.isin(data.target, KINDS)
    images = data.images[chosen].reshape(-1, 4, 2, 4, 2).mean((2, 4)) / 16
    return images, np.searchsorted(KINDS, data.target[chosen])


def placed(images: Any, row: int, column: int) -> Any:
    """Images at one place of the torus, flattened."""
    canvas = np.zeros((len(images), SIDE, SIDE))
    canvas[:, :4, :4] = images
    return np.roll(canvas, (row, column), (1, 2)).reshape(len(images), -1)


def translations() -> Any:
    """The space of linear maps of images on the torus that commute with both translations."""
    places = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    moves = {"r": np.roll(places, -1, 0), "c": np.roll(places, -1, 1)}
    shift = Representation.permutation(
        free_monoid("r", "c"), {name: m.reshape(-1).tolist() for name, m in moves.items()}
    )
    return equivariant_maps(shift, shift)


def tied_network() -> ParaMap:
    """Channels of a tied layer, each added up over all places, and a dense layer: it cannot see where anything is."""
    n = SIDE * SIDE
    layer = tie(ParaMap(R(n, n), smooth("matmul", R(n, n) * R(n))), translations()).target
    pooled = smooth("square", R(n)) >> smooth("sum", R(n)) >> smooth("reshape", R(), (1,))
    channel = layer >> smooth("relu", R(n)) >> pooled
    whole = channel
    for count in range(1, CHANNELS):
        copy = pair(ident(R(n)), ident(R(n)))
        whole = copy >> (whole * channel) >> smooth("concat", R(count) * R(1), 0)
    return whole >> dense(CHANNELS, len(KINDS))


def positions() -> tuple[float, float]:
    """The accuracy of the tied and of the dense network at the places that were not seen in training."""
    images, kinds = digits()
    half = len(images) // 2
    seen = [(r, c) for r in (0, 1) for c in (0, 1)]
    unseen = [(r, c) for r in range(SIDE) for c in range(SIDE) if (r, c) not in seen]
    x, y = np.concatenate([placed(images[:half], *p) for p in seen]), np.tile(np.eye(3)[kinds[:half]], (4, 1))
    found = []
    for model in (tied_network(), dense(SIDE * SIDE, 16, "relu") >> dense(16, 3)):
        run = fit(model, (x, y), softmax_cross_entropy, lambda p: adam(p, step=0.01), epochs=8, batch=64, seed=0)
        scores = [accuracy(run, placed(images[half:], *p), kinds[half:]) for p in unseen]
        found.append(float(np.mean(scores)))
    return found[0], found[1]


# ---- trees -------------------------------------------------------------------------------------------------------

TREES = datatype(R(1) + Id * Id, "Leaf", "Node")


def recursive_network(width: int) -> ParaMap:
    """``leaf a ↦ tanh(u a)``, ``node(l, r) ↦ tanh(W l + V r)``, and a number at the end."""
    state = R(width)
    square = R(width, width)
    weights: Ob = R(width, 1) * (square * square)
    tanh, add = smooth("tanh", state), smooth("add", state * state)
    product, start = smooth("matmul", square * state), smooth("matmul", R(width, 1) * R(1))

    def cell(x: Any) -> Any:
        u, (w, v) = x[0]
        return tanh(x[1].case(inl=lambda a: start(u, a), inr=lambda c: add(product(w, c[0]), product(v, c[1]))))

    algebra = arrow(weights * (R(1) + state * state), state)(cell)
    return ParaMap(weights, parametric_fold(TREES.fixed, algebra)) >> dense(width, 1)


def random_tree(rng: Any, leaves: int) -> Data:
    """A random tree with so many leaves."""
    if leaves == 1:
        return Data(TREES.fixed, Injected("inl", rng.uniform(-1, 1, size=1)))
    left = int(rng.integers(1, leaves))
    return Data(TREES.fixed, Injected("inr", (random_tree(rng, left), random_tree(rng, leaves - left))))


def total(tree: Data) -> float:
    """The sum of the leaves."""
    if tree.layer.side == "inl":
        return float(tree.layer.value[0])
    return sum(map(total, tree.layer.value))


def sums() -> float:
    """How often a recursive network says rightly whether the leaves of an unseen tree sum to more than 0."""
    rng = np.random.default_rng(0)
    trees = [random_tree(rng, int(rng.integers(1, 8))) for _ in range(300)]
    labels = np.sign([[total(t)] for t in trees])
    run = fit(
        recursive_network(8), (trees[:200], labels[:200]), quadratic, lambda p: adam(p, step=0.02), epochs=20, batch=20
    )
    return float((np.sign(run(forest(trees[200:]))) == labels[200:]).mean())


def main() -> int:
    """Run all tasks."""
    print(f"iris, dense network: {iris():.3f} of the training samples")
    print(f"iris as four bits, Boolean circuit: {bits():.3f}")
    tied, untied = positions()
    print(f"digits at unseen places: {tied:.3f} tied by translations, {untied:.3f} dense")
    print(f"sums of trees, recursive network: {sums():.3f} of the unseen trees")
    return 0


if __name__ == "__main__":
    sys.exit(main())
