"""Layers one after the other: a composite of homomorphisms is a homomorphism (T1.15).

>>> from catcore.equivariance import Representation, symmetric
>>> from catcore.equivariance.networks import Linear, Pointwise
>>> S5 = symmetric(5)
>>> points, number = (S5.defining, 8), Representation.trivial(S5)
>>> net = Sequential(Linear(S5.defining, points), Pointwise("relu", points), Linear(points, number))
>>> net.free_parameters, net.dense_parameters
(33, 281)
"""

from __future__ import annotations

import itertools
from typing import Any

from catcore import plugins
from catcore.equivariance.networks.features import Features
from catcore.equivariance.networks.layers import Linear, NetworkLayer
from catcore.errors import IllTyped, NotComposable
from catcore.laws import PointwiseLaw


class Sequential:
    """A composite of layers, each of which starts where the one before ends.

    Its equivariance is a theorem when every layer's law holds, and ``laws()`` lists one law a layer.  Raises
    ``NotComposable`` where a target is not the next source, ``IllTyped`` without layers.
    """

    def __init__(self, *layers: NetworkLayer) -> None:
        if not layers or not all(isinstance(layer, NetworkLayer) for layer in layers):
            raise IllTyped("A network is made of at least one layer: Linear, Pointwise, Norm, Gated, Polynomial, …")
        for k, (first, second) in enumerate(itertools.pairwise(layers)):
            if first.target != second.source:
                raise NotComposable(
                    f"Layer {k} ({first}) ends in {first.target} and layer {k + 1} ({second}) starts in "
                    f"{second.source}; give both the same features."
                )
        self.layers = layers

    @property
    def source(self) -> Features:
        """Where the first layer starts."""
        return self.layers[0].source

    @property
    def target(self) -> Features:
        """Where the last layer ends."""
        return self.layers[-1].target

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """The shapes of all free parameters, named ``layer.parameter``."""
        return {f"{k}.{name}": s for k, layer in enumerate(self.layers) for name, s in layer.parameters.items()}

    @property
    def free_parameters(self) -> int:
        """How many numbers there are to learn."""
        return sum(_size(shape) for shape in self.parameters.values())

    @property
    def dense_parameters(self) -> int:
        """How many there would be with every linear layer untied."""
        linear = sum(layer.dense_parameters for layer in self.layers if isinstance(layer, Linear))
        others = (layer for layer in self.layers if not isinstance(layer, Linear))
        return linear + sum(_size(shape) for layer in others for shape in layer.parameters.values())

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """One law a layer; together they say that the network is a homomorphism from its source to its target."""
        return tuple(layer.law(f"layer {k}: {layer}") for k, layer in enumerate(self.layers))

    def require_lawful(self) -> None:
        """Raise ``LawViolated``, naming the first layer that does not commute and a counterexample."""
        for k, layer in enumerate(self.layers):
            layer.require_lawful(f"Layer {k}")

    def network(self, backend: str = "numpy") -> Any:
        """The function on arrays, made by the backend of that name; see ``catcore_backends.layers.networks.Network``.

        Raises ``LawViolated`` where a layer does not commute, ``BackendMissing`` when no package offers the backend.
        """
        self.require_lawful()
        return plugins.backend(backend).network(self)

    def __str__(self) -> str:
        return f"network of {len(self.layers)} layers"


def _size(shape: tuple[int, ...]) -> int:
    total = 1
    for n in shape:
        total *= n
    return total
