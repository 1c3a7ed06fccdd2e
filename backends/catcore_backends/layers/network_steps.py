"""The array code of each kind of layer in a network, forwards and backwards (T1.15).

A step takes a tuple of arrays, one for each summand, to another; its reverse derivative takes the covectors of what
comes out to those of its own parameters, summed over the batch, and of what went in.  Steps compose by the chain rule
of reverse derivative categories, ``R[f ; g](x, z̄) = R[f](x, R[g](f x, z̄))`` (Cockett and others 2020; T5.1).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import prod, sqrt
from typing import Any

import numpy as np
from multipledispatch import Dispatcher

from catcore.equivariance.networks.aggregation import Attention, MessagePassing
from catcore.equivariance.networks.functions import FUNCTIONS as NAMED
from catcore.equivariance.networks.layers import Gated, Linear, NetworkLayer, Norm, Pointwise, Polynomial, Untied
from catcore.errors import UnknownName
from catcore_backends.compiler.pointwise import FUNCTIONS, SLOPES
from catcore_backends.layers.layer import Layer
from catcore_backends.layers.methods.method import placed

Arrays = tuple[Any, ...]
Parameters = Mapping[str, Any]


class Step(ABC):
    """One layer on arrays ``(…, m, n)``, with its own parameters by name."""

    @abstractmethod
    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """What comes out."""

    @abstractmethod
    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """The covectors of the parameters and of x, from those of what comes out."""


step = Dispatcher("network_step")


@step.register(NetworkLayer, str)  # type: ignore[untyped-decorator]
def _(layer: NetworkLayer, backend: str) -> Step:
    raise UnknownName(
        f"The layer {layer} has no array code; register it with catcore_backends.layers.network_steps.step."
    )


# Linear -----------------------------------------------------------------------------------------------------------


class LinearStep(Step):
    """``y_j = Σ_i W_ji x_i + b_j``, block by block."""

    def __init__(self, layer: Linear, backend: str) -> None:
        inside, self.outside = layer.source.shapes, layer.target.shapes
        self.blocks = {
            (j, i): Layer(space, channels=(inside[i][0], self.outside[j][0]), backend=backend)
            for (j, i), space in layer.spaces.items()
            if space.dim
        }
        self.biases = {
            j: Layer(space, channels=(1, self.outside[j][0]), backend=backend, method="dense")
            for j, space in layer.biases.items()
            if space.dim
        }
        self.empty = {name: shape for name, shape in layer.parameters.items() if not prod(shape)}

    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """The sum of the blocks of each row."""
        result = []
        for j, (m, n) in enumerate(self.outside):
            parts = [block(own[f"weight.{to}.{i}"], x[i]) for (to, i), block in self.blocks.items() if to == j]
            if j in self.biases:
                parts.append(self.biases[j].matrix(own[f"bias.{j}"][:, :, None])[:, :, 0, 0])
            total: Any = sum(parts)
            shape = (*x[0].shape[:-2], m, n)
            result.append(total if parts and tuple(total.shape) == shape else total + _zeros(xp, shape, x[0]))
        return tuple(result)

    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """Each block turned; the bias hears the whole batch."""
        found = {name: _zeros(xp, shape, x[0]) for name, shape in self.empty.items()}
        xbar: list[Any] = [None] * len(x)
        for (j, i), block in self.blocks.items():
            found[f"weight.{j}.{i}"], heard = block.vjp(own[f"weight.{j}.{i}"], x[i], ybar[j])
            xbar[i] = heard if xbar[i] is None else xbar[i] + heard
        for j, bias in self.biases.items():
            total = xp.sum(_flat(xp, ybar[j]), axis=0, keepdims=True)
            one = xp.ones((1, 1, 1), dtype=total.dtype, device=getattr(total, "device", None))
            found[f"bias.{j}"] = bias.vjp(own[f"bias.{j}"][:, :, None], one, total)[0][:, :, 0]
        return found, tuple(xp.zeros_like(a) if b is None else b for a, b in zip(x, xbar, strict=True))


class UntiedStep(Step):
    """One dense matrix on all summands side by side."""

    def __init__(self, layer: Untied, backend: str) -> None:
        self.source, self.target = layer.source.shapes, layer.target.shapes

    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """The product, cut into summands."""
        return _cut(xp, xp.matmul(_joined(xp, x), own["weight"].T), self.target)

    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """Two products."""
        into, out = _joined(xp, x), _joined(xp, ybar)
        weight = xp.matmul(_rows(xp, out).T, _rows(xp, into))
        return {"weight": weight}, _cut(xp, xp.matmul(out, own["weight"]), self.source)


class PolynomialStep(Step):
    """``W(θ) x^d``: a linear layer on monomials with multinomial coefficients."""

    def __init__(self, layer: Polynomial, backend: str) -> None:
        channels = layer.source.shapes[0][0], layer.target.shapes[0][0]
        self.linear, self.degree = Layer(layer.space, channels=channels, backend=backend), layer.degree
        self.variables = np.asarray([m for m, _ in layer.monomials], dtype=np.int64)
        self.coefficients = np.asarray([c for _, c in layer.monomials], dtype=np.float64)
        self.places = np.eye(layer.source.shapes[0][1])[self.variables.T]  # (degree, monomials, variables)
        self._kept: dict[Any, Any] = {}

    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """The linear layer on the monomials."""
        return (self.linear(own["weight"], self._monomials(xp, x[0])),)

    def _monomials(self, xp: Any, x: Any, left_out: int | None = None) -> Any:
        """Every monomial, one of its d variables left out where that is asked for."""
        lifted = xp.astype(placed(self._kept, xp, "coefficients", self.coefficients, x), x.dtype)
        for d in range(self.degree):
            if d != left_out:
                index = placed(self._kept, xp, f"variable {d}", self.variables[:, d], x)
                lifted = lifted * xp.take(x, index, axis=-1)
        return lifted

    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """The product rule, one variable of the monomials after the other."""
        weight, lifted = self.linear.vjp(own["weight"], self._monomials(xp, x[0]), ybar[0])
        xbar = xp.zeros_like(x[0])
        for d in range(self.degree):
            place = xp.astype(placed(self._kept, xp, f"place {d}", self.places[d], x[0]), x[0].dtype)
            xbar = xbar + xp.matmul(lifted * self._monomials(xp, x[0], d), place)
        return {"weight": weight}, (xbar,)


step.register(Linear, str)(LinearStep)
step.register(Untied, str)(UntiedStep)
step.register(Polynomial, str)(PolynomialStep)


# Nonlinearities ---------------------------------------------------------------------------------------------------


def _code(layer: Pointwise | Norm | Gated) -> tuple[Any, Any]:
    """The array rules of a function and of its slope; the names stand for catcore's own functions alone."""
    if NAMED.get(layer.sigma.name) != layer.sigma:
        raise UnknownName(
            f"The function {layer.sigma} of {layer} has no array code; a network on arrays takes the functions "
            f"{', '.join(FUNCTIONS)}."
        )
    return FUNCTIONS[layer.sigma.name], SLOPES[layer.sigma.name]


class PointwiseStep(Step):
    """One function on every number."""

    def __init__(self, layer: Pointwise, backend: str) -> None:
        self.rule, self.slope = _code(layer)

    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """The function."""
        return tuple(self.rule(xp, a) for a in x)

    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """Its slope."""
        return {}, tuple(b * self.slope(xp, a) for a, b in zip(x, ybar, strict=True))


class NormStep(Step):
    """``σ(|x|) x`` for every channel."""

    def __init__(self, layer: Norm, backend: str) -> None:
        self.rule, self.slope = _code(layer)

    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """Each vector by a function of its length."""
        return tuple(self.rule(xp, _length(xp, a)) * a for a in x)

    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """``σ(|x|) ȳ + σ'(|x|) (x · ȳ) x / |x|``, the second term 0 at 0."""
        return {}, tuple(self._pulled(xp, a, b) for a, b in zip(x, ybar, strict=True))

    def _pulled(self, xp: Any, x: Any, ybar: Any) -> Any:
        length = _length(xp, x)
        safe = xp.where(length > 0, length, xp.ones_like(length))
        along = xp.sum(x * ybar, axis=-1, keepdims=True) / safe
        return self.rule(xp, length) * ybar + self.slope(xp, length) * along * x


class GatedStep(Step):
    """``σ(s) x``, one gate for each channel."""

    def __init__(self, layer: Gated, backend: str) -> None:
        self.rule, self.slope = _code(layer)

    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """Each channel by its gate."""
        gates = self._of_channels(self.rule(xp, x[0]), x)
        return tuple(gate * a for gate, a in zip(gates, x[1:], strict=True))

    @staticmethod
    def _of_channels(gates: Any, x: Arrays) -> list[Any]:
        parts, start = [], 0
        for a in x[1:]:
            parts.append(gates[..., start : start + a.shape[-2], :])
            start += a.shape[-2]
        return parts

    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """A gate hears the inner product of its channel with the covector."""
        heard = [xp.sum(a * b, axis=-1, keepdims=True) for a, b in zip(x[1:], ybar, strict=True)]
        gates = self._of_channels(self.rule(xp, x[0]), x)
        passed = [gate * b for gate, b in zip(gates, ybar, strict=True)]
        return {}, (self.slope(xp, x[0]) * xp.concat(heard, axis=-2), *passed)


step.register(Pointwise, str)(PointwiseStep)
step.register(Norm, str)(NormStep)
step.register(Gated, str)(GatedStep)


# Between nodes ----------------------------------------------------------------------------------------------------


class MessagePassingStep(Step):
    """``M x Aᵀ + S x`` beside the graph A, channels being rows."""

    def __init__(self, layer: MessagePassing, backend: str) -> None:
        self.nodes = layer.rho.degree

    def _graph(self, xp: Any, x: Any) -> Any:
        return xp.reshape(x, (*x.shape[:-2], self.nodes, self.nodes))

    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """Every node hears what its neighbours send, and itself."""
        sent = xp.matmul(xp.matmul(own["message"], x[1]), xp.matrix_transpose(self._graph(xp, x[0])))
        return x[0], sent + xp.matmul(own["self"], x[1])

    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """Messages run backwards; an edge hears the inner product of its ends."""
        back = xp.matmul(ybar[1], self._graph(xp, x[0]))
        edges = xp.matmul(xp.matrix_transpose(ybar[1]), xp.matmul(own["message"], x[1]))
        heard = xp.matmul(own["message"].T, back) + xp.matmul(own["self"].T, ybar[1])
        found = {"message": _outer(xp, back, x[1]), "self": _outer(xp, ybar[1], x[1])}
        return found, (ybar[0] + xp.reshape(edges, x[0].shape), heard)


class AttentionStep(Step):
    """``V Pᵀ`` with P the rows of ``QᵀK / √w`` made positive of sum 1."""

    def __init__(self, layer: Attention, backend: str) -> None:
        self.scale = 1 / sqrt(layer.width)

    def _weights(self, xp: Any, query: Any, key: Any) -> Any:
        scores = xp.matmul(xp.matrix_transpose(query), key) * self.scale
        weights = xp.exp(scores - xp.max(scores, axis=-1, keepdims=True))
        return weights / xp.sum(weights, axis=-1, keepdims=True)

    def run(self, xp: Any, own: Parameters, x: Arrays) -> Arrays:
        """Every node a mean of values."""
        query, key, value = (xp.matmul(own[name], x[0]) for name in ("query", "key", "value"))
        return (xp.matmul(value, xp.matrix_transpose(self._weights(xp, query, key))),)

    def pull(self, xp: Any, own: Parameters, x: Arrays, ybar: Arrays) -> tuple[dict[str, Any], Arrays]:
        """``S̄ = P (P̄ - Σ P P̄)`` for the scores, and products for the rest."""
        query, key, value = (xp.matmul(own[name], x[0]) for name in ("query", "key", "value"))
        weights = self._weights(xp, query, key)
        heard = xp.matmul(xp.matrix_transpose(ybar[0]), value)
        scores = weights * (heard - xp.sum(heard * weights, axis=-1, keepdims=True)) * self.scale
        bars = {
            "query": xp.matmul(key, xp.matrix_transpose(scores)),
            "key": xp.matmul(query, scores),
            "value": xp.matmul(ybar[0], weights),
        }
        xbar: Any = sum(xp.matmul(own[name].T, bar) for name, bar in bars.items())
        return {name: _outer(xp, bar, x[0]) for name, bar in bars.items()}, (xbar,)


step.register(MessagePassing, str)(MessagePassingStep)
step.register(Attention, str)(AttentionStep)


# Arrays -----------------------------------------------------------------------------------------------------------


def _length(xp: Any, x: Any) -> Any:
    """Lengths along the last axis, with a derivative of 0 at 0."""
    square = xp.sum(xp.abs(x) ** 2, axis=-1, keepdims=True)
    safe = xp.where(square > 0, square, xp.ones_like(square))
    return xp.where(square > 0, xp.sqrt(safe), xp.zeros_like(square))


def _outer(xp: Any, a: Any, b: Any) -> Any:
    """``Σ a bᵀ`` over the batch."""
    return xp.sum(_flat(xp, xp.matmul(a, xp.matrix_transpose(b))), axis=0)


def _flat(xp: Any, x: Any) -> Any:
    """All axes of the batch as one."""
    return xp.reshape(x, (prod(x.shape[:-2]), *x.shape[-2:]))


def _rows(xp: Any, x: Any) -> Any:
    return xp.reshape(x, (prod(x.shape[:-1]), x.shape[-1]))


def _joined(xp: Any, x: Arrays) -> Any:
    """All summands side by side as one vector."""
    return xp.concat([xp.reshape(a, (*a.shape[:-2], a.shape[-2] * a.shape[-1])) for a in x], axis=-1)


def _cut(xp: Any, y: Any, shapes: Any) -> Arrays:
    """One vector cut into summands."""
    start, parts = 0, []
    for m, n in shapes:
        parts.append(xp.reshape(y[..., start : start + m * n], (*y.shape[:-1], m, n)))
        start += m * n
    return tuple(parts)


def _zeros(xp: Any, shape: tuple[int, ...], like: Any) -> Any:
    return xp.zeros(shape, dtype=like.dtype, device=getattr(like, "device", None))
