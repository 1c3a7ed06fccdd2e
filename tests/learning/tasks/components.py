"""Every optimiser with every loss: one component is swapped at a time, and nothing else changes (FEATURES 29)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from catcore import R, smooth
from catcore.learning.losses import absolute, constant_rate, dot_product, quadratic, softmax_cross_entropy
from catcore.learning.optimisers import adagrad, adam, ascent, descent, momentum, nesterov
from catcore.para import ParaMap
from tests.learning.running import Learning, value

DENSE = ParaMap(R(3, 2), smooth("matmul", R(3, 2) * R(2)) >> smooth("tanh", R(3)))
#: The optimisers with the rates at which they take small steps down.
OPTIMISERS: dict[str, tuple[Callable[..., Any], float]] = {
    "descent": (descent, 0.05),
    "ascent": (ascent, -0.05),
    "momentum": (momentum, -0.01),
    "nesterov": (nesterov, -0.01),
    "adagrad": (lambda p: adagrad(p, step=0.05), -1),
    "adam": (lambda p: adam(p, step=0.05), -1),
}
LOSSES: dict[str, Callable[..., ParaMap]] = {
    "quadratic": quadratic,
    "cross-entropy": softmax_cross_entropy,
    "dot product": dot_product,
    "absolute": absolute,
}


def improved(optimiser: str, loss: str, steps: int = 5) -> tuple[float, float]:
    """The loss of a sample before and after some steps; the dot product is made larger, all others smaller."""
    (make, alpha), error = OPTIMISERS[optimiser], LOSSES[loss](R(3))
    sign = -1 if loss == "dot product" else 1
    rng = np.random.default_rng(3)
    w, x, label = rng.normal(size=(3, 2)), rng.normal(size=2), np.asarray([0.0, 1.0, 0.0])
    learning = Learning(DENSE, error, constant_rate(sign * alpha), make(R(3, 2)), w)

    def now() -> float:
        return sign * float(value(error.arrow, (label, value(DENSE.arrow, (learning.weights, x)))))

    before = now()
    for _ in range(steps):
        learning.see(x, label)
    return before, now()


def grid() -> dict[tuple[str, str], tuple[float, float]]:
    """The losses before and after, of each optimiser with each loss."""
    return {(o, l): improved(o, l) for o in OPTIMISERS for l in LOSSES}
