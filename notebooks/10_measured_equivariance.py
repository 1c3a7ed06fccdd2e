# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Measured equivariance
#
# Notebook 02 builds layers that commute with a symmetry by a theorem. Other networks may have *learned* to commute, more
# or less. How is that measured? Let a one-parameter group begin to move the input with velocity $X x$, and ask how far
# the output is from moving along:
#
# $$L_X f(x) \;=\; \left.\tfrac{d}{dt}\right|_{0} e^{-tY} f(e^{tX} x) \;=\; J_f(x)\, X x - Y f(x).$$
#
# This *Lie derivative* is $0$ everywhere exactly when $f$ commutes with the connected group. Its mean square over data is
# the *local equivariance error* (Gruver, Finzi, Goldblum, Wilson). For a linear map $W$ it is $(W X - Y W) x$: the
# equation that notebook 02 solves, now as a measurement. It is numeric evidence: it refutes, and never proves.

# %%
import numpy as np

from catcore.equivariance import SO, equivariant_maps
from catcore_backends.deviations import deviation
from catcore_backends.lie_derivatives import layer_errors, local_error, translation

space, pairs = SO(3).defining, SO(3).defining.tensor(2)
(cross,) = equivariant_maps(pairs, space).basis
W = np.array(cross, dtype=float)
x = np.random.default_rng(0).normal(size=(100, 9))
for name, M in {"the cross product": W, "with a mistake": W + np.eye(3, 9)}.items():
    along = local_error(lambda v, M=M: v @ M.T, pairs, space, x).along
    print(f"{name:18}", {generator: round(error, 6) for generator, error in along.items()})

# %% [markdown]
# ## Aliasing
#
# A signal of 16 samples stands for the trigonometric polynomial through them, which can be moved by any amount; a
# circular convolution commutes with that. And a pointwise map? It commutes with whole steps, exactly. With all
# translations it commutes only as long as the frequencies that it makes have room: the square of frequency $k$ has
# frequency $2k$, and above 8 that comes back as another one. The error is then $\pi^2/2$, and $\pi^2/8$ for the cube.

# %%
move = {"translation": translation(16)}


def wave(k):
    return np.cos(2 * np.pi * k * np.arange(16) / 16 + 0.3)[None]


maps = {"square": np.square, "cube": lambda v: v**3, "relu": lambda v: np.maximum(v, 0)}
print("frequency " + "".join(f"{k:>10}" for k in (1, 3, 5, 7)))
for name, f in maps.items():
    print(
        f"{name:10}"
        + "".join(f"{local_error(f, move, move, wave(k)).along['translation']:10.6f}" for k in (1, 3, 5, 7))
    )

# %% [markdown]
# Whole steps are another matter: the same map, measured at group elements, deviates by exactly 0. Both numbers are
# true; the Lie derivative speaks of the connected group alone.

# %%
from catcore import Representation, cyclic

steps = Representation.permutation(cyclic(16), {"s": [(i + 1) % 16 for i in range(16)]})
print(deviation(np.square, steps, steps, wave(5)))

# %% [markdown]
# ## Which layer is to blame?
#
# By the chain rule $L(h \circ f) = (L h) \circ f + J_h \cdot L f$: the Lie derivative of a network is the sum of those of
# its layers, each carried to the end by the layers after it. Here two circular convolutions stand around a ReLU, and
# every second sample is dropped at the end.

# %%
bell = np.stack([np.roll(np.hanning(16), k) for k in range(16)])
layers = [lambda v: v @ bell, maps["relu"], lambda v: v @ bell, lambda v: v[:, ::2]]
half = {"translation": translation(8) / 2}  # 8 samples of the same circle move half a sample in the same time
contributions = layer_errors(layers, [move] * 4 + [half], wave(5) + wave(7))
for name, error in zip(("blur", "relu", "blur", "drop"), contributions, strict=True):
    print(f"{name:5} {error.along['translation']:.6f}")

# %% [markdown]
# Dropping samples after a blur does no harm, since the blur took away the frequencies that would alias.
#
# ## Large networks
#
# Where the derivative is too large to be carried through, its length is guessed from random probes:
# $\lVert v \rVert^2 = \mathbb E\,(z \cdot v)^2$ for normal $z$.

# %%
exact = local_error(np.square, move, move, wave(5)).along["translation"]
for probes in (100, 10_000):
    guess = local_error(np.square, move, move, wave(5), probes=probes).along["translation"]
    print(f"{probes:6} probes: {guess:.3f} instead of {exact:.3f}")

# %% [markdown]
# ## A pitfall
#
# To reverse a signal moves it the wrong way, at any frequency. Yet slow signals hardly notice: errors are to be compared
# at inputs of one bandwidth, or a blurred network looks better than one that commutes.

# %%
for k in (1, 2, 6):
    print(f"frequency {k}: {local_error(lambda v: v[:, ::-1], move, move, wave(k)).along['translation']:.3f}")

# %% [markdown]
# ## Exercises
#
# 1. Which frequencies does the cube alias at 16 samples? Predict its table for $k = 2$ and $k = 6$, then print it.
# 2. Write down a map that commutes with all translations and is not linear. (Hint: go to frequencies, and change
#    lengths only.) Measure it.
# 3. `python -m tests.learning.tasks shifts` trains a dense layer on moved examples, and on unmoved ones. Which error falls,
#    and why does the other one fall a little?
