"""Is an equivariance that a layer does not have learned from moved examples?  (FEATURES 126, THEORY §6)

A dense layer imitates the difference of neighbouring samples, which commutes with translations.  It is shown smooth
bumps that all stand at one place, or the same bumps moved at random.  Its local equivariance error is taken before and
after, at bumps and, as a control for bandwidth, at single frequencies.
"""

from __future__ import annotations

import numpy as np

from catcore.categories.smooth import smooth
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import adam
from catcore.objects import R
from catcore.para.maps import ParaMap
from catcore_backends import fit
from catcore_backends.lie_derivatives import local_error, translation
from catcore_backends.training import initial_weights

SIZE, BUMPS, EPOCHS = 16, 64, 60
MOVE = {"translation": translation(SIZE)}


#: Where bumps stand: at all places, or at one.
EVERYWHERE, AT_ONE_PLACE = (0, SIZE), (4, 4)


def bumps(count: int, *, places: tuple[float, float], seed: int) -> np.ndarray:
    """Smooth bumps of random widths and heights, at random places between two, without the frequency SIZE/2."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(*places, (count, 1))
    height, width = rng.uniform(0.5, 2, (count, 1)), rng.uniform(0.5, 3, (count, 1))
    angle = 2 * np.pi * (np.arange(SIZE) - place) / SIZE
    spectrum = np.fft.rfft(height * np.exp(width * (np.cos(angle) - 1)))
    spectrum[:, -1] = 0
    return np.fft.irfft(spectrum, SIZE)


def waves(frequency: int) -> np.ndarray:
    """Signals of one frequency at all places."""
    return np.cos(2 * np.pi * frequency * (np.arange(SIZE)[:, None] - np.arange(SIZE)) / SIZE)


def learned_equivariance(seed: int = 0) -> dict[str, dict[str, float]]:
    """Errors of the layer untrained, trained on bumps at one place, and on moved ones; at bumps and at frequencies."""
    layer = ParaMap(R(SIZE, SIZE), smooth("matmul", R(SIZE, SIZE) * R(SIZE)))
    weights = {"untrained": initial_weights(R(SIZE, SIZE), seed)}
    for name, places in {"at one place": AT_ONE_PLACE, "moved": EVERYWHERE}.items():
        x = bumps(BUMPS, places=places, seed=seed)
        data = (x, x - np.roll(x, 1, axis=1))
        run = fit(layer, data, quadratic, lambda p: adam(p, step=0.02), epochs=EPOCHS, batch=16, seed=seed)
        weights[name] = run.weights
    probes = {"bumps": bumps(200, places=EVERYWHERE, seed=seed + 1), "frequency 1": waves(1), "frequency 3": waves(3)}
    return {name: {what: _error(W, x) for what, x in probes.items()} for name, W in weights.items()}


def _error(W: np.ndarray, x: np.ndarray) -> float:
    return local_error(lambda v: v @ W.T, MOVE, MOVE, x).along["translation"]
