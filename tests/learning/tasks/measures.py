"""How well a network does."""

from __future__ import annotations

from typing import Any

import numpy as np


def accuracy(run: Any, x: Any, kinds: Any) -> float:
    """The share of samples whose largest prediction is right."""
    return float((np.argmax(run(x), axis=1) == kinds).mean())


def agreement(run: Any, x: Any, signs: Any) -> float:
    """The share of samples for which a number has the right sign."""
    return float((np.sign(run(x)) == signs).mean())
