"""Where training starts: random weights of the right sizes, the same for a seed on every backend."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from catcore.errors import CatError, IllTyped, ShapeMismatch, WrongDtype
from catcore.objects import Ob, One, Product, R
from catcore_backends.libraries.admission import unreal
from catcore_backends.libraries.conversion import on_host


def initial_weights(parameters: Ob, seed: int = 0) -> Any:
    """Random parameters: every tensor uniform in ±1/√k, where k is the number of its entries to one output.

    For a matrix k counts its columns, for a vector its entries.

    Raises:
        IllTyped: when the parameters are no product of tensors.
    """
    return _drawn(parameters, np.random.default_rng([seed, 0]))


def _drawn(ob: Ob, rng: np.random.Generator) -> Any:
    match ob:
        case Product():
            return _drawn(ob.left, rng), _drawn(ob.right, rng)
        case R():
            fan = math.prod(ob.shape[1:] if len(ob.shape) > 1 else ob.shape) or 1
            return rng.uniform(-1, 1, ob.shape) / math.sqrt(fan)
        case _ if ob is One:
            return ()
    raise IllTyped(f"Random weights for {ob} were asked for; give weights=, or parameters made of R(…), * and One.")


def checked(ob: Ob, weights: Any, where: str = "weights") -> Any:
    """Weights given by the user, once their shapes are known to be right.

    Raises:
        ShapeMismatch, WrongDtype: naming the part.
    """
    if isinstance(ob, Product):
        if not isinstance(weights, tuple | list) or len(weights) != 2:
            raise ShapeMismatch(f"A pair is needed at {where}, for the parameters {ob}, and {type(weights).__name__}.")
        return tuple(
            checked(part, w, f"{where}[{i}]") for i, (part, w) in enumerate(zip(ob.args, weights, strict=True))
        )
    if ob is One:
        return ()
    found = _on_host(weights, where)
    shape = found.shape
    if isinstance(ob, R) and shape != ob.shape:
        raise ShapeMismatch(f"An array of shape {ob.shape} is needed at {where}, and one of shape {shape} was given.")
    if (why := unreal(np, found.dtype)) is not None:
        raise WrongDtype(
            f"An array of real numbers is needed at {where}, and one of {found.dtype} was given{why}. Convert it "
            "first, as to float64."
        )
    return found


def _on_host(weights: Any, where: str) -> Any:
    try:
        return on_host(weights)
    except CatError as error:
        raise WrongDtype(f"Weights were given at {where}. {error}") from None
    except (TypeError, ValueError) as error:
        raise ShapeMismatch(
            f"An array of real numbers is needed at {where}, and {type(weights).__name__} was given, of which NumPy "
            f"makes none ({str(error)[:120]})."
        ) from None
