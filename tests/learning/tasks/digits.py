"""Digits on a torus: seen at four places, asked for at all others (FEATURES 43)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from catcore import R, ident, pair, smooth
from catcore.equivariance import Representation, equivariant_maps, free_monoid
from catcore.learning.losses import softmax_cross_entropy
from catcore.learning.optimisers import adam
from catcore.para import ParaMap, tie
from catcore.para.architectures import dense
from catcore_backends import fit
from tests.learning.tasks.measures import accuracy

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
