"""Steps of learning run on arrays, one sample at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from catcore.arrows import Arrow
from catcore.learning import Optimiser, supervised_step
from catcore_backends import compile_arrow


def batch_of_one(x: Any) -> Any:
    """An element as a batch."""
    return tuple(map(batch_of_one, x)) if isinstance(x, tuple) else np.asarray(x, float)[None, ...]


def single(x: Any) -> Any:
    """The element of a batch of one; numbers as numbers."""
    if isinstance(x, tuple):
        return tuple(map(single, x))
    return x[0].item() if x.ndim == 1 else x[0]


def value(f: Arrow, x: Any = ()) -> Any:
    """What a term gives on one element, in float64."""
    return single(compile_arrow(f, dtype="float64")(batch_of_one(x), batch=1))


class Learning:
    """A step of learning, compiled, with a state."""

    def __init__(self, model: Any, loss: Any, rate: Any, optimiser: Optimiser, weights: Any) -> None:
        step = supervised_step(model, loss, rate, optimiser)
        self.run = compile_arrow(step.arrow, dtype="float64")
        self.state = (batch_of_one(value(optimiser.start)), batch_of_one(weights))

    def see(self, x: Any, y: Any) -> Learning:
        """Learn from one sample."""
        self.state = self.run(((batch_of_one(x), batch_of_one(y)), self.state))
        return self

    @property
    def weights(self) -> Any:
        """The weights now."""
        return single(self.state[1])


def flat(x: Any) -> list[Any]:
    """The arrays of an element."""
    return [a for part in x for a in flat(part)] if isinstance(x, tuple) else [x]
