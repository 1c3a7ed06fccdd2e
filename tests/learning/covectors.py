"""Random covectors, and reverse derivatives by JAX: the standard against which ours are measured."""

from __future__ import annotations

from typing import Any

import numpy as np

from catcore.objects import Coproduct, FinSet, Ob, Product, R


def covector(ob: Ob, count: int, rng: np.random.Generator) -> Any:
    """A batch of covectors of an object: reals for reals, the point for what does not vary."""
    match ob:
        case R():
            return rng.normal(size=(count, *ob.shape))
        case Product() | Coproduct():
            return covector(ob.left, count, rng), covector(ob.right, count, rng)
    return ()


def reals(ob: Ob, x: Any) -> list[Any]:
    """The real arrays of a batch, dead payloads included."""
    match ob:
        case R():
            return [x]
        case Product():
            return reals(ob.left, x[0]) + reals(ob.right, x[1])
        case Coproduct():
            return reals(ob.left, x[1]) + reals(ob.right, x[2])
    return []


def refilled(ob: Ob, x: Any, arrays: list[Any]) -> Any:
    """The batch with other real arrays; ``arrays`` is used up."""
    match ob:
        case R():
            return arrays.pop(0)
        case Product():
            return refilled(ob.left, x[0], arrays), refilled(ob.right, x[1], arrays)
        case Coproduct():
            return x[0], refilled(ob.left, x[1], arrays), refilled(ob.right, x[2], arrays)
    return x


def alive(ob: Ob, x: Any, v: Any, live: Any) -> Any:
    """The covector with zeros in the parts of sums that are not there."""
    match ob:
        case R():
            return np.where(live.reshape(-1, *(1,) * len(ob.shape)), v, 0.0)
        case Product():
            return alive(ob.left, x[0], v[0], live), alive(ob.right, x[1], v[1], live)
        case Coproduct():
            tag = np.asarray(x[0]) != 0
            return alive(ob.left, x[1], v[0], live & ~tag), alive(ob.right, x[2], v[1], live & tag)
    return ()


def flat(v: Any) -> list[Any]:
    """The arrays of a covector."""
    return [a for part in v for a in flat(part)] if isinstance(v, tuple) else [v]


def integral(ob: Ob, x: Any) -> Any:
    """The batch with dead payloads of finite sets in range and dead reals finite, as JAX wants them."""
    match ob:
        case R():
            return np.nan_to_num(np.asarray(x), nan=0.5)
        case FinSet():
            return np.minimum(np.asarray(x), ob.size - 1)
        case Product():
            return integral(ob.left, x[0]), integral(ob.right, x[1])
        case Coproduct():
            return np.asarray(x[0]), integral(ob.left, x[1]), integral(ob.right, x[2])
    return ()
