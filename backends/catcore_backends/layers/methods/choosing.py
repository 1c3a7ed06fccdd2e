"""Which way to apply a tied matrix: all that fit the space are priced, and the cheapest is taken.

The dense product is the one to beat: another way is taken only where it promises a clear gain, because the model of
costs is rough.  A space that is given by diagrams need never be written out; where the matrix would not fit, diagrams
are the only way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from catcore.errors import IllTyped, TooLarge
from catcore_backends.layers.methods import blocks, convolution, costs, diagrams, taps
from catcore_backends.layers.methods.costs import Prices
from catcore_backends.layers.methods.dense import Dense
from catcore_backends.layers.methods.entries import Entries, SpannedEntries, TiedEntries
from catcore_backends.layers.methods.method import Channels, Method

METHODS = ("dense", "diagrams", "convolution", "taps", "blocks")


class Price(NamedTuple):
    """Nanoseconds for one sample of a batch of 1024: forward with known parameters, and a step of training."""

    forward: float
    training: float


@dataclass(frozen=True)
class Choice:
    """The method that was taken, and what each that fits was priced at."""

    method: Method
    costs: dict[str, Price]


class Candidates:
    """The ways that fit one space; each is looked for when it is asked for."""

    def __init__(self, space: Any) -> None:
        self.space = space
        self.span = getattr(space, "span", None)

    @cached_property
    def labels(self) -> Any:
        """The tying pattern, or None where there is none."""
        found = self.space.labels
        return None if found is None else np.asarray(found)

    @cached_property
    def basis(self) -> Any:
        """The entries of the basis, (dim, n_out·n_in), where there is no pattern."""
        return self.space.basis_array

    def entries(self, places: Any = None) -> Entries:
        """The entries of W at flat places, or all of them."""
        if self.labels is not None:
            flat = self.labels.reshape(-1)
            return TiedEntries(flat if places is None else flat[places], self.space.dim)

        size = self.space.shape[0] * self.space.shape[1]

        def read(dtype: str) -> Any:
            basis = self.basis(dtype).reshape(self.space.dim, size)
            return basis if places is None else basis[:, places]

        return SpannedEntries(read, self.space.dim, size if places is None else len(places))

    @cached_property
    def dense(self) -> Method:
        """The dense product."""
        return Dense(self.entries(), self.space.shape)

    @cached_property
    def diagrams(self) -> Method | None:
        """Diagrams that the space is given by, or that its pattern is made of."""
        if hasattr(self.span, "inputs"):
            return diagrams.of_span(self.span)
        return None if self.labels is None else diagrams.recognise(self.labels, self.space.dim)

    @cached_property
    def convolution(self) -> Method | None:
        """A convolution on a grid."""
        return None if self.labels is None else convolution.recognise(self.labels, self.space.dim)

    @cached_property
    def taps(self) -> Method | None:
        """A few entries a row."""
        return None if self.labels is None else taps.recognise(self.labels, self.space.dim)

    @cached_property
    def blocks(self) -> Method | None:
        """Blocks on the diagonal."""
        if self.labels is not None:
            return blocks.recognise(self.labels != 0, self.entries)
        return blocks.recognise((self.basis("float64") != 0).any(axis=0), self.entries)


def choose(candidates: Candidates, channels: Channels, prices: Prices, method: str | None = None) -> Choice:
    """The cheapest method that fits, or the one that was asked for.

    A method is as dear as the dearer of its forward pass and its step of training, each over that of the dense product.

    Raises:
        IllTyped: when a method was asked for that there is not, or that does not fit this space.
        TooLarge: when the matrix would not fit and no diagrams are known.
    """
    space = candidates.space
    if method is not None:
        return _asked(candidates, channels, prices, method)
    if candidates.span is not None and not _fits(space):
        if candidates.diagrams is None:
            raise TooLarge(
                f"A layer of a {space.shape[0]}×{space.shape[1]} space was asked for, and neither does its matrix fit "
                "nor are its diagrams set partitions. Use space.apply(theta, x)."
            )
        return Choice(candidates.diagrams, {"diagrams": _price(candidates.diagrams, channels, prices)})
    if 0 in space.shape or space.dim == 0:
        return Choice(candidates.dense, {"dense": Price(0.0, 0.0)})
    found = {name: way for name in METHODS if (way := getattr(candidates, name)) is not None}
    priced = {name: _price(way, channels, prices) for name, way in found.items()}
    best = min(priced, key=lambda name: _over(priced[name], priced["dense"]))
    return Choice(found[best if _over(priced[best], priced["dense"]) < costs.MARGIN else "dense"], priced)


def _price(method: Method, channels: Channels, prices: Prices) -> Price:
    return Price(*(prices.of(work) for work in method.work(channels)))


def _over(price: Price, dense: Price) -> float:
    return max(price.forward / dense.forward, price.training / dense.training)


def _asked(candidates: Candidates, channels: Channels, prices: Prices, method: str) -> Choice:
    if method not in METHODS:
        raise IllTyped(f"The method {method!r} was asked for, and there are {', '.join(METHODS)}.")
    way = getattr(candidates, method)
    if way is None:
        raise IllTyped(
            f"The method {method!r} was asked for, and this {candidates.space.shape[0]}×{candidates.space.shape[1]} "
            "space is not of that form. Leave the method out, or use 'dense'."
        )
    return Choice(way, {method: _price(way, channels, prices)})


def _fits(space: Any, most: int = 2**26) -> bool:
    return bool(space.shape[0] * space.shape[1] <= most)
