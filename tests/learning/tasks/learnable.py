"""Does a dense network learn the structure of a task from samples, or only where the samples were?  (FEATURES 127)

The tasks are symmetries of signals, the difference of neighbouring samples, which commutes with translations, and the
same followed by a reflection; and a recursion, the successor of binary numerals (:mod:`catcore.reasoning.numerals`).
What tells samples of one task apart is the place of a bump, or the depth of recursion, the number of carries.

All tasks are split in the same two ways.  *Alike*: what is asked was drawn as what was seen, and is not among it.
*Apart*: bumps were seen at the first half of all places and are asked for at the others, half a circle away; numerals
were seen with few carries and are asked for with more.  Only the second asks for the structure.
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
SPLITS = ("alike", "apart")
COUNT, BITS, DEPTH, HIDDEN, EPOCHS = 512, 10, 3, 64, 150


@dataclass(frozen=True)
class Learned:
    """The part of the samples that were answered right, of those seen and of the others."""

    seen: float
    unseen: float


def signals(target: Callable[[np.ndarray], np.ndarray]) -> Callable[[str, int], tuple[Data, Data]]:
    """Bumps with what is to be made of them, at all places, or on two halves of the circle."""

    def drawn(split: str, seed: int) -> tuple[Data, Data]:
        halves = [(0, SIZE / 2), (SIZE / 2, SIZE)] if split == "apart" else [(0, SIZE)] * 2
        seen, unseen = (bumps(COUNT, places=places, seed=2 * seed + k) for k, places in enumerate(halves))
        return (seen, target(seen)), (unseen, target(unseen))

    return drawn


def successors(split: str, seed: int) -> tuple[Data, Data]:
    """All numerals of at most so many bits as signs, with those of their successors, by chance or by carries."""
    numbers = np.arange(1, 2**BITS - 1)
    if split == "apart":
        unseen = np.array([carries(numeral(int(n))) > DEPTH for n in numbers])
    else:
        unseen = np.random.default_rng(seed).permutation(len(numbers)) >= COUNT
    data = [(_signs(numbers[chosen]), _signs(numbers[chosen] + 1)) for chosen in (~unseen, unseen)]
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


def learned(name: str, split: str, *, seed: int = 0) -> Learned:
    """What a dense network with one hidden layer makes of a task under one of the two splits."""
    drawn, right, size = TASKS[name]
    seen, unseen = drawn(split, seed)
    network = feed_forward(size, HIDDEN, size)
    run = fit(network, seen, quadratic, lambda p: adam(p, step=0.003), epochs=EPOCHS, batch=32, seed=seed)
    scores = [float(np.mean(right(np.asarray(run(x)), y))) for x, y in (seen, unseen)]
    return Learned(*scores)
