"""Which structure does a dense network learn from samples?  Symmetries, and not recursion  (FEATURES 127).

All tasks have samples of the kind that was seen and samples of another kind.  For symmetries of signals, bumps were
seen at random places and are asked for at others; what is learned is the difference of neighbouring samples, which
commutes with translations, or the same followed by a reflection.  For recursion, successors of binary numerals were
seen with few carries and are asked for with more (:mod:`catcore.reasoning.numerals`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from catcore.learning.losses import quadratic
from catcore.learning.optimisers import adam
from catcore.para.architectures import feed_forward
from catcore.reasoning.numerals import carries, numeral
from catcore_backends import fit
from tests.learning.tasks.shifts import SIZE, bumps

Data = tuple[np.ndarray, np.ndarray]
BITS, DEPTH, HIDDEN, EPOCHS = 10, 3, 64, 150


@dataclass(frozen=True)
class Learned:
    """The part of the samples that were answered right, of the kind seen and of the other kind."""

    seen: float
    unseen: float


def signals(target: Callable[[np.ndarray], np.ndarray]) -> Callable[[int], tuple[Data, Data]]:
    """Bumps with what is to be made of them; both sets stand at random places."""

    def drawn(seed: int) -> tuple[Data, Data]:
        seen, unseen = (bumps(512, moved=True, seed=2 * seed + k) for k in (0, 1))
        return (seen, target(seen)), (unseen, target(unseen))

    return drawn


def successors(seed: int) -> tuple[Data, Data]:
    """All numerals of at most so many bits as signs, with those of their successors, by the depth of recursion."""
    numbers = np.arange(1, 2**BITS - 1)
    deep = np.array([carries(numeral(int(n))) > DEPTH for n in numbers])
    data = [(_signs(numbers[chosen]), _signs(numbers[chosen] + 1)) for chosen in (~deep, deep)]
    return data[0], data[1]


def _signs(numbers: np.ndarray) -> np.ndarray:
    return 2.0 * (numbers[:, None] >> np.arange(BITS) & 1) - 1


def close(said: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether signals agree up to a tenth of their size."""
    return np.linalg.norm(said - right, axis=1) < 0.1 * np.linalg.norm(right, axis=1)


def same_bits(said: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether all signs agree."""
    return np.all((said > 0) == (right > 0), axis=1)


TASKS = {
    "translation": (signals(lambda x: x - np.roll(x, 1, axis=1)), close, SIZE),
    "reflection": (signals(lambda x: (x - np.roll(x, 1, axis=1))[:, ::-1]), close, SIZE),
    "recursion": (successors, same_bits, BITS),
}


def learned(name: str, *, seed: int = 0) -> Learned:
    """What a dense network with one hidden layer makes of a task."""
    drawn, right, size = TASKS[name]
    seen, unseen = drawn(seed)
    network = feed_forward(size, HIDDEN, size)
    run = fit(network, seen, quadratic, lambda p: adam(p, step=0.003), epochs=EPOCHS, batch=32, seed=seed)
    scores = [float(np.mean(right(np.asarray(run(x)), y))) for x, y in (seen, unseen)]
    return Learned(*scores)
