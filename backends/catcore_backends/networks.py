"""Networks of equivariant layers on batches of arrays (T1.15).

What a network is, and why it commutes, is said in :mod:`catcore.equivariance.networks`; here each of its layers is
given its array code, chosen by the type of the layer while the network is built.  Parameters are a dictionary of arrays
by name; PyTorch and JAX differentiate through it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

import numpy as np
from multipledispatch import Dispatcher

from catcore.equivariance.networks.aggregation import Attention, MessagePassing
from catcore.equivariance.networks.layers import Gated, Linear, NetworkLayer, Norm, Pointwise, Polynomial, Untied
from catcore.equivariance.networks.sequential import Sequential
from catcore.errors import ShapeMismatch, UnknownName
from catcore_backends.backend import get_backend
from catcore_backends.layers import Layer
from catcore_backends.methods.method import placed

#: Array rules of the functions that layers name.
FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "identity": lambda xp, x: x,
    "relu": lambda xp, x: xp.where(x > 0, x, xp.zeros_like(x)),
    "abs": lambda xp, x: xp.abs(x),
    "leaky_relu": lambda xp, x: xp.where(x > 0, x, x / 100),
    "tanh": lambda xp, x: xp.tanh(x),
    "sin": lambda xp, x: xp.sin(x),
    "cube": lambda xp, x: x * x * x,
    "square": lambda xp, x: x * x,
    "sigmoid": lambda xp, x: (1 + xp.tanh(x / 2)) / 2,
    "softplus": lambda xp, x: xp.where(x > 0, x, xp.zeros_like(x)) + xp.log1p(xp.exp(-xp.abs(x))),
}

Arrays = tuple[Any, ...]
Step = Callable[[Any, Mapping[str, Any], Arrays], Arrays]
_step = Dispatcher("network_step")


class Network:
    """The function on arrays of a lawful network: ``network(parameters, x)``.

    x is one array ``(…, m, n)`` for a source of one summand, else a tuple with one for each; so is the result.

    Raises:
        LawViolated: when a layer does not commute; the sentence names it and shows a counterexample.
        BackendMissing: when the library is not here.
    """

    def __init__(self, network: Sequential, *, backend: str = "auto") -> None:
        network.require_lawful()
        self.described, self.backend = network, backend
        self._source = get_backend(backend)
        self._steps: list[Step] = [_step(layer, backend) for layer in network.layers]

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the free parameters."""
        return self.described.parameters

    def initial(self, seed: int = 0, dtype: str = "float32") -> dict[str, Any]:
        """Random parameters: weights of variance 1/(fan in), biases 0."""
        rng = np.random.default_rng(seed)
        fans = self.spread()
        values = {name: rng.normal(size=s) * fans[name] for name, s in self.parameters.items()}
        return {name: self._source.asarray(value.astype(dtype)) for name, value in values.items()}

    def spread(self) -> dict[str, float]:
        """The standard deviation of each initial parameter: 1/√(fan in) for weights, 0 for biases."""
        found = {}
        for k, layer in enumerate(self.described.layers):
            inputs = sum(m * n for m, n in layer.source.shapes)
            for name in layer.parameters:
                found[f"{k}.{name}"] = 0.0 if name.startswith("bias") else 1 / sqrt(inputs)
        return found

    def __call__(self, parameters: Mapping[str, Any], x: Any) -> Any:
        """The network applied to a batch.

        Raises:
            ShapeMismatch: when an array has the wrong shape.
            UnknownName: when a parameter is missing.
        """
        batch = self._batch(x)
        missing = [name for name in self.parameters if name not in parameters]
        if missing:
            raise UnknownName(f"The parameter {missing[0]!r} is needed; initial() makes all {len(self.parameters)}.")
        xp = self._source.namespace(*batch)
        for k, step in enumerate(self._steps):
            start = f"{k}."
            own = {name[len(start) :]: value for name, value in parameters.items() if name.startswith(start)}
            batch = step(xp, own, batch)
        return batch[0] if self.described.target.single else batch

    def _batch(self, x: Any) -> Arrays:
        shapes = self.described.source.shapes
        batch = x if isinstance(x, tuple) else (x,)
        if len(batch) != len(shapes) or any(tuple(a.shape[-2:]) != s for a, s in zip(batch, shapes, strict=True)):
            found = ", ".join(str(tuple(a.shape)) for a in batch)
            wanted = ", ".join(f"(…, {m}, {n})" for m, n in shapes)
            raise ShapeMismatch(f"This network takes arrays of shapes {wanted}, and {found} were given.")
        return batch


@_step.register(Linear, str)  # type: ignore[untyped-decorator]
def _(layer: Linear, backend: str) -> Step:
    inside, outside = layer.source.shapes, layer.target.shapes
    blocks = {
        (j, i): Layer(space, channels=(inside[i][0], outside[j][0]), backend=backend)
        for (j, i), space in layer.spaces.items()
        if space.dim
    }
    biases = {
        j: Layer(space, channels=(1, outside[j][0]), backend=backend, method="dense")
        for j, space in layer.biases.items()
        if space.dim
    }

    def step(xp: Any, own: Mapping[str, Any], x: Arrays) -> Arrays:
        result = []
        for j, (m, n) in enumerate(outside):
            parts = [run(own[f"weight.{to}.{i}"], x[i]) for (to, i), run in blocks.items() if to == j]
            if j in biases:
                parts.append(biases[j].matrix(own[f"bias.{j}"][:, :, None])[:, :, 0, 0])
            total: Any = sum(parts)
            shape = (*x[0].shape[:-2], m, n)
            result.append(total if parts and tuple(total.shape) == shape else total + _zeros(xp, shape, x[0]))
        return tuple(result)

    return step


@_step.register(Untied, str)  # type: ignore[untyped-decorator]
def _(layer: Untied, backend: str) -> Step:
    def step(xp: Any, own: Mapping[str, Any], x: Arrays) -> Arrays:
        flat = xp.concat([xp.reshape(a, (*a.shape[:-2], a.shape[-2] * a.shape[-1])) for a in x], axis=-1)
        y, start, parts = xp.matmul(flat, own["weight"].T), 0, []
        for m, n in layer.target.shapes:
            parts.append(xp.reshape(y[..., start : start + m * n], (*y.shape[:-1], m, n)))
            start += m * n
        return tuple(parts)

    return step


@_step.register(Pointwise, str)  # type: ignore[untyped-decorator]
def _(layer: Pointwise, backend: str) -> Step:
    rule = FUNCTIONS[layer.sigma.name]
    return lambda xp, own, x: tuple(rule(xp, a) for a in x)


@_step.register(Norm, str)  # type: ignore[untyped-decorator]
def _(layer: Norm, backend: str) -> Step:
    rule = FUNCTIONS[layer.sigma.name]
    return lambda xp, own, x: tuple(rule(xp, _length(xp, a)) * a for a in x)


def _length(xp: Any, x: Any) -> Any:
    """Lengths along the last axis, with a derivative of 0 at 0."""
    square = xp.sum(xp.abs(x) ** 2, axis=-1, keepdims=True)
    safe = xp.where(square > 0, square, xp.ones_like(square))
    return xp.where(square > 0, xp.sqrt(safe), xp.zeros_like(square))


@_step.register(Gated, str)  # type: ignore[untyped-decorator]
def _(layer: Gated, backend: str) -> Step:
    rule = FUNCTIONS[layer.sigma.name]

    def step(xp: Any, own: Mapping[str, Any], x: Arrays) -> Arrays:
        gates, start, parts = rule(xp, x[0]), 0, []
        for a in x[1:]:
            parts.append(gates[..., start : start + a.shape[-2], :] * a)
            start += a.shape[-2]
        return tuple(parts)

    return step


@_step.register(Polynomial, str)  # type: ignore[untyped-decorator]
def _(layer: Polynomial, backend: str) -> Step:
    run = Layer(layer.space, channels=(layer.source.shapes[0][0], layer.target.shapes[0][0]), backend=backend)
    variables = np.asarray([m for m, _ in layer.monomials], dtype=np.int64)
    coefficients = np.asarray([c for _, c in layer.monomials], dtype=np.float64)
    kept: dict[Any, Any] = {}

    def step(xp: Any, own: Mapping[str, Any], x: Arrays) -> Arrays:
        lifted = xp.astype(placed(kept, xp, "coefficients", coefficients, x[0]), x[0].dtype)
        for d in range(layer.degree):
            lifted = lifted * xp.take(x[0], placed(kept, xp, f"variable {d}", variables[:, d], x[0]), axis=-1)
        return (run(own["weight"], lifted),)

    return step


@_step.register(MessagePassing, str)  # type: ignore[untyped-decorator]
def _(layer: MessagePassing, backend: str) -> Step:
    n = layer.rho.degree

    def step(xp: Any, own: Mapping[str, Any], x: Arrays) -> Arrays:
        graph = xp.reshape(x[0], (*x[0].shape[:-2], n, n))
        # channels are rows here: A x_c is x_c Aᵀ
        sent = xp.matmul(xp.matmul(own["message"], x[1]), xp.matrix_transpose(graph))
        return x[0], sent + xp.matmul(own["self"], x[1])

    return step


@_step.register(Attention, str)  # type: ignore[untyped-decorator]
def _(layer: Attention, backend: str) -> Step:
    def step(xp: Any, own: Mapping[str, Any], x: Arrays) -> Arrays:
        query, key, value = (xp.matmul(own[name], x[0]) for name in ("query", "key", "value"))
        scores = xp.matmul(xp.matrix_transpose(query), key) / sqrt(layer.width)
        weights = xp.exp(scores - xp.max(scores, axis=-1, keepdims=True))
        weights = weights / xp.sum(weights, axis=-1, keepdims=True)
        return (xp.matmul(value, xp.matrix_transpose(weights)),)

    return step


@_step.register(NetworkLayer, str)  # type: ignore[untyped-decorator]
def _(layer: NetworkLayer, backend: str) -> Step:
    raise UnknownName(f"The layer {layer} has no array code; register it with catcore_backends.networks.")


def _zeros(xp: Any, shape: tuple[int, ...], like: Any) -> Any:
    return xp.zeros(shape, dtype=like.dtype, device=getattr(like, "device", None))
