"""Local equivariance: how fast a map leaves the orbits when a one-parameter group begins to act (THEORY §6).

A one-parameter group moves points with velocity ``X x``.  The Lie derivative of f along it,

    L_X f (x) = d/dt|₀ exp(−tY) f(exp(tX) x) = J_f(x) · X x − Y f(x),

vanishes for all x and for all generators X, with Y beside each, exactly when f commutes with the connected group
(T6.1).  The *local equivariance error* is the mean of ``‖L_X f(x)‖² / dim(output)`` over a batch (Gruver, Finzi,
Goldblum, Wilson; here without their normalisation by class).  It is numeric evidence, and speaks of the component of
the identity alone: for finite groups and reflections there is :mod:`catcore_backends.deviations`.  A smooth map that
does not commute may have a smaller error than one that commutes and works with high frequencies, so errors are
compared at inputs of one bandwidth.

>>> import numpy as np
>>> n = 16
>>> signal = np.cos(2 * np.pi * 5 * np.arange(n) / n + 0.3)[None]
>>> move = {"translation": translation(n)}
>>> square = local_error(np.square, move, move, signal)
>>> print(square)                                          # the fifth frequency doubles to the tenth, which aliases
local equivariance error 4.93 along translation (numeric)
>>> print(local_error(np.square, move, move, signal, probes=200_000).along["translation"] / square.worst[1] - 1 < 0.01)
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.representations.representation import Representation
from catcore.equivariance.representations.validation import require_same_source
from catcore.errors import NoInstance, ShapeMismatch, UnknownName
from catcore_backends.deviations import numeric_matrix

Array = Any
Map = Callable[[Array], Array]
#: Velocities by generator: a representation of a Lie group, or matrices that act on the last axis.
Velocities = Representation | Mapping[str, Array]


@dataclass(frozen=True)
class LocalError:
    """The mean of ``‖L_X f(x)‖² / dim(output)`` over a batch, by generator X."""

    along: Mapping[str, float]

    @property
    def worst(self) -> tuple[str, float]:
        """The generator with the largest error, and that."""
        name = max(self.along, key=self.along.__getitem__, default="")
        return name, self.along.get(name, 0.0)

    def __str__(self) -> str:
        name, largest = self.worst
        return f"local equivariance error {largest:.3g} along {name or 'no generator'} (numeric)"


def translation(n: int) -> Array:
    """The velocity of a signal of n samples that moves along its circle, a sample in a unit of time: an n×n matrix.

    The signal is read as the trigonometric polynomial of least degree through its samples, which moves; so ``exp`` of
    the matrix is the cyclic shift, for odd n, and for even n on signals without the frequency n/2 (T6.4).
    """
    k = np.arange(n)[:, None] - np.arange(n)[None, :]
    angle = np.where(k, np.pi * k / max(n, 1), 1.0)
    shape = 1 / np.tan(angle) if n % 2 == 0 else 1 / np.sin(angle)
    return np.where(k, -np.pi / max(n, 1) * (-1.0) ** k * shape, 0.0)


def lie_derivative(f: Map, X: Array, Y: Array, x: Array) -> Array:
    """``J_f(x) · X x − Y f(x)`` at a batch x of shape (…, n), for matrices X of n×n and Y of m×m; its shape is (…, m).

    The directional derivative is PyTorch's or JAX's for their arrays.  For others it is a central difference of f at
    points in 64 bits, extrapolated, with a step of its own for each sample along the first axis, which f treats by
    itself; its error is about 1e-12 of the values, and 1e-6 where f answers in float32.  Integers are real points.

    Raises ``ShapeMismatch`` when a matrix does not fit the last axis.
    """
    x = _points(x)
    y, push = _linearised(f, x)
    return push(_act(X, x, "inputs")) - _act(Y, y, "outputs")


def local_error(
    f: Map, source: Velocities, target: Velocities, x: Array, *, probes: int = 0, seed: int = 0
) -> LocalError:
    """The local equivariance error of f on a batch x of shape (…, n), along every infinitesimal generator.

    With ``probes`` the squared norms are estimated by Hutchinson's ``E (z · v)²`` over so many normal z, which is what
    large networks can afford (T6.2); without they are computed.

    Raises:
        NoInstance: when a representation is of no Lie group, so that there is nothing infinitesimal.
        NotARepresentation: when source and target represent different groups.
        UnknownName: when the two give velocities of different names.
        ShapeMismatch: when a matrix does not fit the arrays.
    """
    return layer_errors([f], [source, target], x, probes=probes, seed=seed)[0]


def layer_errors(
    layers: Sequence[Map], features: Sequence[Velocities], x: Array, *, probes: int = 0, seed: int = 0
) -> list[LocalError]:
    """What each layer contributes to the error of ``layers[0]`` followed by the others (T6.3).

    By the chain rule ``L(h ∘ f) = (L h) ∘ f + J_h · L f``, the Lie derivative of a network is the sum of those of its
    layers, each carried to the end by the derivative of the layers after it.  The contribution of a layer is the mean
    of the squared norm of its summand over the dimension of the output; contributions do not add up where summands
    cancel.  ``features`` are the velocities before, between and after the layers, one more than there are layers.

    Raises as :func:`local_error` does, and ``ShapeMismatch`` for another number of features.
    """
    if len(features) != len(layers) + 1:
        raise ShapeMismatch(
            f"Velocities before, between and after {len(layers)} layers are {len(layers) + 1}, and {len(features)} "
            "were given."
        )
    fields = _fields(features)
    carried: dict[str, list[Array]] = {name: [] for name in fields[0]}
    for k, layer in enumerate(layers):
        x = _points(x)
        y, push = _linearised(layer, x)
        for name, summands in carried.items():
            own = push(_act(fields[k][name], x, "inputs")) - _act(fields[k + 1][name], y, "outputs")
            summands[:] = [*map(push, summands), own]
        x = y
    rng = np.random.default_rng(seed)
    return [
        LocalError({name: _mean_square(summands[k], probes, rng) for name, summands in carried.items()})
        for k in range(len(layers))
    ]


def _fields(features: Sequence[Velocities]) -> list[dict[str, Array]]:
    """The velocities of all features by name, once they speak of the same generators."""
    represented = [rho for rho in features if isinstance(rho, Representation)]
    for rho in represented[1:]:
        require_same_source(represented[0], rho)
    fields = [_matrices(given) for given in features]
    for found in fields[1:]:
        if found.keys() != fields[0].keys():
            raise UnknownName(
                f"Velocities along {', '.join(fields[0]) or 'nothing'} were given on one side and along "
                f"{', '.join(found) or 'nothing'} on another; name the same generators everywhere."
            )
    return fields


def _matrices(given: Velocities) -> dict[str, Array]:
    if not isinstance(given, Representation):
        return dict(given)
    group = given.monoid
    if not isinstance(group, LieGroup) or not group.infinitesimal:
        raise NoInstance(
            f"A derivative along {group} was asked for, which has no infinitesimal generator; measure finite groups "
            "with catcore_backends.deviations.deviation."
        )
    return {name: numeric_matrix(given, name) for name in group.infinitesimal}


def _act(matrix: Array, x: Array, what: str) -> Array:
    """The matrix at every vector along the last axis, in the array library of x."""
    if np.shape(matrix) != (x.shape[-1],) * 2:
        raise ShapeMismatch(
            f"A velocity of {what} is a square matrix for the last axis of an array of shape {tuple(x.shape)}, and one "
            f"of shape {np.shape(matrix)} was given."
        )
    if isinstance(x, np.ndarray):
        return x @ np.asarray(matrix).T
    from array_api_compat import array_namespace

    xp = array_namespace(x)
    turned = xp.asarray(np.asarray(matrix).T, device=getattr(x, "device", None))
    return xp.matmul(x, xp.astype(turned, x.dtype))


def _linearised(f: Map, x: Array) -> tuple[Array, Map]:
    """``f(x)``, and the derivative of f at x as a function of directions."""
    library = _library(x)
    if library in ("jax", "jaxlib"):
        y, push = import_module("jax").linearize(f, x)
        return y, push
    if library == "torch":
        jvp: Any = import_module("torch.autograd.functional").jvp
        return f(x), lambda v: jvp(f, x, v)[1]
    y = f(x)
    if not hasattr(y, "shape") or not y.shape:
        raise ShapeMismatch(
            f"A map on arrays of shape {tuple(x.shape)} was to be differentiated, and it gave {type(y).__name__}. Let "
            "it return an array with vectors along its last axis."
        )
    return y, lambda v: _difference(f, x, y, v)


def _difference(f: Map, x: Array, y: Array, v: Array) -> Array:
    """The derivative along v by central differences, extrapolated, with a step for each sample."""
    from array_api_compat import array_namespace

    xp = array_namespace(y)
    if 0 in x.shape or 0 in y.shape:
        return xp.zeros_like(y)
    found = y.dtype if xp.isdtype(y.dtype, ("real floating", "complex floating")) else x.dtype
    h = _steps(array_namespace(x), x, v, float(xp.finfo(found).eps))
    near, far = (f(x + t * v) - f(x - t * v) for t in (h / 2, h))
    beside = h[(...,) + (0,) * (h.ndim - 1)][(...,) + (None,) * (y.ndim - 1)] if h.ndim > 1 else h
    return (8 * near - far) / (6 * beside)


def _steps(xp: Any, x: Array, v: Array, eps: float) -> Array:
    """For each sample the step of a difference along v: what is cut off, h⁴, and what is rounded, ε/h, are alike."""
    axes = tuple(range(min(1, x.ndim - 1), x.ndim))
    size = xp.max(xp.abs(v), axis=axes, keepdims=True)
    scale = xp.max(xp.abs(x), axis=axes, keepdims=True)
    moved = xp.where(size > 0, size, xp.ones_like(size))
    return eps**0.2 * xp.where(scale > 1, scale, xp.ones_like(scale)) / moved


def _points(x: Array) -> Array:
    """Points as numbers that have derivatives: in 64 bits where these are differences, and reals for integers."""
    if not hasattr(x, "dtype"):
        x = np.asarray(x)
    if not x.shape or str(x.dtype).rpartition(".")[2].startswith(("object", "<U", "datetime", "|")):
        raise ShapeMismatch(
            f"Points are arrays of numbers with vectors along the last axis, and one of shape {tuple(x.shape)} and "
            f"dtype {x.dtype} was given. Give a batch of shape (…, n)."
        )
    from array_api_compat import array_namespace

    xp = array_namespace(x)
    if _library(x) not in ("jax", "jaxlib", "torch"):
        return xp.astype(x, xp.complex128 if xp.isdtype(x.dtype, "complex floating") else xp.float64, copy=False)
    return xp.astype(x, xp.asarray(0.0).dtype) if xp.isdtype(x.dtype, ("integral", "bool")) else x


def _library(x: Array) -> str:
    return type(x).__module__.partition(".")[0]


def _mean_square(v: Array, probes: int, rng: np.random.Generator) -> float:
    """The mean of ``‖v‖²/m`` over a batch of shape (…, m), exact, or by random probes of each vector."""
    rows = np.asarray(v).reshape(-1, np.shape(v)[-1])
    if not rows.size:
        return 0.0
    if not probes:
        return float(np.mean(np.abs(rows) ** 2))
    seen = np.abs(rows @ rng.standard_normal((rows.shape[1], probes))) ** 2
    return float(seen.mean() / rows.shape[1])


__all__ = ["LocalError", "layer_errors", "lie_derivative", "local_error", "translation"]
