"""Layers and networks on the blocks of Dask arrays, each block one task.

The weights of a layer are written out once, by a task that all blocks share; those of a network once in each process,
as its layers keep them.
"""

from __future__ import annotations

import functools as ft
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from catcore_backends.batches import mapped
from catcore_backends.libraries.dask_blocks import OverBlocks
from catcore_backends.libraries.portable import Portable
from catcore_backends.library import Run

if TYPE_CHECKING:
    from catcore_backends.layers.layer import Layer
    from catcore_backends.layers.networks import Network


def applied_in_blocks(layer: Layer, theta: Any, x: Any) -> Any:
    """A layer of NumPy arrays applied to a Dask array of the dtype of θ, block by block."""
    width = (layer.channels[1], layer.space.shape[0])

    def like(given: Any) -> Any:
        return np.empty((0, *given[1].shape[1:-2], *width), theta.dtype)

    run = _over(layer, _applied, like=like)
    return run((theta, x), 1) if x.ndim > 2 else run((theta, x[None, ...]), 1)[0, ...]


def pulled_in_blocks(layer: Layer, theta: Any, x: Any, ybar: Any) -> tuple[Any, ...]:
    """The reverse derivative of such a layer: each block gives its own share of the gradients of the parameters."""
    single = x.ndim == 2
    batch = (x[None, ...], ybar[None, ...]) if single else (x, ybar)
    shapes = [layer.parameters_shape] if layer.bias_shape is None else [layer.parameters_shape, layer.bias_shape]

    def like(given: Any) -> Any:
        theta_bar, *others = (np.empty((0, *shape), theta.dtype) for shape in shapes)
        return theta_bar, np.empty((0, *given[1][0].shape[1:]), theta.dtype), *others

    theta_bar, x_bar, *others = _over(layer, _pulled, like=like, totals=(0, 2))((theta, batch), 1)
    return theta_bar[0, ...], x_bar[0, ...] if single else x_bar, *(total[0, ...] for total in others)


def _over(layer: Layer, link: Any, **options: Any) -> OverBlocks:
    prepare = Portable(ft.partial(_prepared, layer))
    return OverBlocks(Portable(ft.partial(link, layer)), shared=True, prepare=prepare, **options)


def _prepared(layer: Layer, xp: Any) -> Any:
    return lambda theta: layer.method_for(xp, theta).prepare(xp, theta)


def _applied(layer: Layer, xp: Any) -> Run:
    return lambda given, _: layer.applied(xp, layer.method_for(xp, given[1]), *given)


def _pulled(layer: Layer, xp: Any) -> Run:
    def pull(given: Any, _: int) -> Any:
        ready, (x, ybar) = given
        theta_bar, x_bar, *others = layer.pulled(xp, layer.method_for(xp, x), ready, x, ybar)
        return theta_bar[None, ...], x_bar, *(share[None, ...] for share in others)

    return pull


# ---- networks ----------------------------------------------------------------------------------------------------


def network_in_blocks(network: Network, parameters: Mapping[str, Any], x: tuple[Any, ...]) -> Any:
    """A network of NumPy arrays on Dask arrays, one for each summand."""
    run = OverBlocks(Portable(ft.partial(_run, network)), shared=True)
    theta, single = tuple(parameters[name] for name in network.parameters), bool(x) and x[0].ndim == 2
    return _first(run((theta, _as_rows(x) if single else x), 1), single=single)


def network_pulled_in_blocks(
    network: Network, parameters: Mapping[str, Any], x: tuple[Any, ...], ybar: tuple[Any, ...]
) -> tuple[dict[str, Any], Any]:
    """The reverse derivative of such a network: each block gives its own share of the covectors of the parameters."""
    run = OverBlocks(Portable(ft.partial(_run_back, network)), shared=True, totals=(0,))
    theta, single = tuple(parameters[name] for name in network.parameters), bool(x) and x[0].ndim == 2
    bars, xbar = run((theta, (_as_rows(x), _as_rows(ybar)) if single else (x, ybar)), 1)
    found = {name: bar[0, ...] for name, bar in zip(network.parameters, bars, strict=True)}
    return found, _first(xbar, single=single)


def _run(network: Network, xp: Any) -> Run:
    return lambda given, _: network(dict(zip(network.parameters, given[0], strict=True)), given[1])


def _run_back(network: Network, xp: Any) -> Run:
    def pull(given: Any, _: int) -> Any:
        theta, (x, ybar) = given
        named = dict(zip(network.parameters, theta, strict=True))
        bars, xbar = network.vjp(named, x, ybar)
        return tuple(bar[None, ...] for bar in bars.values()), xbar

    return pull


def _as_rows(x: tuple[Any, ...]) -> tuple[Any, ...]:
    """Single samples as batches of one row."""
    return tuple(a[None, ...] for a in x)


def _first(x: Any, *, single: bool) -> Any:
    return mapped(lambda a: a[0, ...], x) if single else x
