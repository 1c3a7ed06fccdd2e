"""Exclusive or by a path of layers, trained one sample at a time (T5.12)."""

from __future__ import annotations

from typing import Any

import numpy as np

from catcore import R
from catcore.learning import Path, path
from catcore.learning.graded import bias, linear, relu
from catcore.learning.losses import constant_rate, softmax_cross_entropy
from catcore.learning.numbers import numerically
from catcore.learning.optimisers import ascent
from tests.learning.running import Learning, flat

POINTS = [
    (np.asarray(x), np.asarray(t)) for x, t in (((0, 0), (1, 0)), ((0, 1), (0, 1)), ((1, 0), (0, 1)), ((1, 1), (1, 0)))
]
OPEN = path(linear(4, 2), bias(4), relu(4), linear(2, 4), bias(2))
MODEL = OPEN >> relu(2)


def weights(model: Path, rng: Any) -> list[Any]:
    """Uniform in (−1, 1), first layer first; nothing for layers without parameters."""
    return [rng.uniform(-1, 1, g) if g != (0,) else np.zeros(0) for g in model.grade]


def nested(parts: list[Any]) -> Any:
    """Layers as the nested pair that the parametric map takes, last layer first."""
    first, *rest = reversed(parts)
    return (first, nested(rest[::-1])) if rest else first


def xor(model: Path = MODEL, seed: int = 4, epochs: int = 2000) -> int:
    """How many of the four points are right after training with the rate 0.2."""
    network = model.map()
    start = nested(weights(model, np.random.default_rng(seed)))
    learning = Learning(network, softmax_cross_entropy(R(2)), constant_rate(-0.2), ascent(network.whole), start)
    for _ in range(epochs):
        for x, t in POINTS:
            learning.see(x, t)
    learned = flat(learning.weights)[::-1]
    return sum(int(np.argmax(model.run(learned, x.astype(float), numerically)) == np.argmax(t)) for x, t in POINTS)
