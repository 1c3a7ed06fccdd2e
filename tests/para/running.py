"""How tests run a parametric map: its parameters once, its inputs as a batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from catcore import ParaMap
from catcore.objects import Product, R
from catcore_backends import compile_arrow


def run(f: ParaMap, params: list[Any], x: Any) -> Any:
    """The map on a batch, every row with the same parameters."""
    batch = _first(x).shape[0]
    given = [np.broadcast_to(np.asarray(p), (batch, *np.shape(p))) for p in params]
    nested = x
    for p in reversed(given):
        nested = (p, nested)
    return compile_arrow(f.arrow)(nested)


def drawn(f: ParaMap, seed: int = 0) -> list[Any]:
    """Random parameters of a map whose parameters are tensors."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=p.shape) / 2 for p in f.params]


def element(ob: Any, rng: Any, batch: int) -> Any:
    """A random batch of elements of a product of tensors."""
    if isinstance(ob, Product):
        return element(ob.left, rng, batch), element(ob.right, rng, batch)
    assert isinstance(ob, R)
    return rng.normal(size=(batch, *ob.shape))


def _first(x: Any) -> Any:
    return _first(x[0]) if isinstance(x, tuple) else x
