"""Networks of equivariant layers on batches of arrays, and their reverse derivatives (T1.15).

What a network is, and why it commutes, is said in :mod:`catcore.equivariance.networks`; here each of its layers is
given its array code, :mod:`catcore_backends.layers.network_steps`, chosen by the type of the layer while the network is
built. Parameters are a dictionary of arrays by name; PyTorch and JAX differentiate through it, and ``network.vjp`` does
without either.

>>> import numpy as np
>>> from catcore.equivariance import symmetric
>>> from catcore.equivariance.networks import Linear, Sequential
>>> run = Network(Sequential(Linear(symmetric(3).defining, symmetric(3).defining)), backend="numpy")
>>> theta = {"0.weight.0.0": np.array([[[1.0]], [[0.0]]]), "0.bias.0": np.zeros((1, 1))}
>>> bars, xbar = run.vjp(theta, np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 0.0, 0.0]]))
>>> bars["0.weight.0.0"].ravel().tolist(), xbar.tolist()
([1.0, 5.0], [[1.0, 0.0, 0.0]])
"""

from __future__ import annotations

import functools as ft
from collections.abc import Mapping
from functools import cached_property
from math import sqrt
from typing import Any

import numpy as np

from catcore.equivariance.networks.features import Features
from catcore.equivariance.networks.sequential import Sequential
from catcore.errors import IllTyped, ShapeMismatch, UnknownName
from catcore.number_fields import shown
from catcore_backends.installed import library
from catcore_backends.layers.methods.method import is_dask
from catcore_backends.layers.network_steps import Arrays, Step, step
from catcore_backends.layers.over_blocks import network_in_blocks, network_pulled_in_blocks
from catcore_backends.libraries.admission import Door
from catcore_backends.libraries.cuda.devices import beside
from catcore_backends.libraries.failures import explaining, settled

_explained = explaining("A network")


class Network:
    """The function on arrays of a lawful network: ``network(parameters, x)``.

    x is one array ``(…, m, n)`` for a source of one summand, else a tuple with one for each; so is the result.

    Raises:
        IllTyped: when that is no network, or one over a finite field.
        LawViolated: when a layer does not commute; the sentence names it and shows a counterexample.
        BackendMissing: when the library is not here.
    """

    def __init__(self, network: Sequential, *, backend: str = "auto") -> None:
        if not isinstance(network, Sequential):
            raise IllTyped(
                f"A network, Sequential(layer, ...), was asked for and {shown(network)} was given; a single layer is "
                "Sequential(layer)."
            )
        for layer in network.layers:
            layer.source.of_numbers("A network on arrays")
        network.require_lawful()
        self.described, self.backend = network, backend
        self._source = library(backend)
        self._door = Door("A network")
        self._steps: list[Step] = [step(layer, backend) for layer in network.layers]

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the free parameters."""
        return self.described.parameters

    def initial(self, seed: int = 0, dtype: str = "float32") -> dict[str, Any]:
        """Random parameters: weights of variance 1/(fan in), biases 0; raises ``IllTyped`` for a type of no floats."""
        require_floating(dtype)
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

    @_explained
    def __call__(self, parameters: Mapping[str, Any], x: Any) -> Any:
        """The network applied to a batch.

        Raises:
            ShapeMismatch: when an array has the wrong shape.
            UnknownName: when a parameter is missing.
            WrongDtype: when one is no array of the library, or holds no numbers.
            OutOfMemory: when there is no room; what was computed is released.
            MixedDevices: when the arrays live on several devices.
        """
        xp = self._source.namespace(*_summands(x))
        batch = self._batch(self.described.source, self._admitted(xp, "x", x))
        own = self._own(xp, parameters)
        if is_dask(xp):
            return network_in_blocks(self._host, parameters, batch)
        with beside(xp, *batch, *parameters.values()):
            for part, mine in zip(self._steps, own, strict=True):
                batch = part.run(xp, mine, batch)
        settled(batch)
        return batch[0] if self.described.target.single else batch

    @_explained
    def vjp(self, parameters: Mapping[str, Any], x: Any, ybar: Any) -> tuple[dict[str, Any], Any]:
        """The reverse derivative at ``(parameters, x)``: covectors of the parameters by name, summed over the batch,
        and of x, from a covector ȳ of what comes out.

        Layers are real: transposes are not conjugated.  Where a nonlinearity has a corner, its slope there is that of
        the left side, or 0 for lengths and absolute values.

        Raises:
            ShapeMismatch: when an array has the wrong shape.
            UnknownName: when a parameter is missing.
            WrongDtype, OutOfMemory, MixedDevices: as when the network is applied.
        """
        xp = self._source.namespace(*_summands(x))
        given, own = self._admitted(xp, "x", x), self._own(xp, parameters)
        lead = tuple(given[0].shape[:-2]) if given else ()
        batch = self._batch(self.described.source, given, lead)
        heard = self._batch(self.described.target, self._admitted(xp, "ybar", ybar), lead)
        if is_dask(xp):
            return network_pulled_in_blocks(self._host, parameters, batch, heard)
        with beside(xp, *batch, *heard, *parameters.values()):
            found, heard = self._pulled(xp, own, batch, heard)
        settled((*found.values(), *heard))
        return {name: found[name] for name in self.parameters}, heard[0] if self.described.source.single else heard

    def _pulled(
        self, xp: Any, own: list[dict[str, Any]], batch: Arrays, heard: Arrays
    ) -> tuple[dict[str, Any], Arrays]:
        """All steps forwards, and then backwards: the covectors of all parameters, and of what went in."""
        seen = []
        for part, mine in zip(self._steps, own, strict=True):
            seen.append(batch)
            batch = part.run(xp, mine, batch)
        found: dict[str, Any] = {}
        for k in reversed(range(len(seen))):
            bars, heard = self._steps[k].pull(xp, own[k], seen[k], heard)
            found.update({f"{k}.{name}": bar for name, bar in bars.items()})
        return found, heard

    @cached_property
    def _host(self) -> Network:
        """The network that Dask calls on every block."""
        return Network(self.described, backend="numpy")

    def __reduce__(self) -> tuple[Any, ...]:
        return ft.partial(Network, backend=self.backend), (self.described,)

    def release(self) -> None:
        """Give memory that the library keeps, and no array uses, back to the device."""
        self._source.release()

    def _admitted(self, xp: Any, name: str, x: Any) -> Arrays:
        return self._door.admit(xp, {f"{name}[{i}]": part for i, part in enumerate(_summands(x))})

    def _own(self, xp: Any, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The parameters of each layer, by its own names."""
        if not isinstance(parameters, Mapping):
            raise IllTyped(
                f"A network takes its parameters as a dictionary of arrays by name, and {type(parameters).__name__} "
                "was given; initial() makes one."
            )
        missing = [name for name in self.parameters if name not in parameters]
        if missing:
            raise UnknownName(f"The parameter {missing[0]!r} is needed; initial() makes all {len(self.parameters)}.")
        own: list[dict[str, Any]] = [{} for _ in self._steps]
        for name in self.parameters:
            k, _, rest = name.partition(".")
            (own[int(k)][rest],) = self._door.admit(xp, {name: parameters[name]})
        return own

    @staticmethod
    def _batch(features: Features, batch: Arrays, lead: tuple[int, ...] | None = None) -> Arrays:
        """One array for each summand; ``lead`` are the axes of the batch, where they are known."""
        fits = [tuple(a.shape[-2:]) for a in batch] == list(features.shapes)
        if not fits or (lead is not None and any(tuple(a.shape[:-2]) != lead for a in batch)):
            found = ", ".join(str(tuple(a.shape)) for a in batch)
            wanted = ", ".join(f"(…, {m}, {n})" if lead is None else str((*lead, m, n)) for m, n in features.shapes)
            raise ShapeMismatch(f"This network takes arrays of shapes {wanted}, and {found} were given.")
        return batch


def _summands(x: Any) -> Arrays:
    return x if isinstance(x, tuple) else (x,)


def require_floating(dtype: Any) -> None:
    """Raise ``IllTyped`` unless parameters can be learned in arrays of this type: real or complex floats."""
    try:
        kind = np.dtype(dtype).kind
    except TypeError:
        kind = "?"
    if kind not in "fc":
        raise IllTyped(
            f"Parameters of type {shown(dtype)} were asked for; they are learned, so their type is one of floats, such "
            "as 'float32' or 'float64'."
        )
