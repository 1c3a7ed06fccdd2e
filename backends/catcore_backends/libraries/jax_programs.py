"""Programs of JAX in the middle of others: compiled where they can be, and run as they are where not.

JAX compiles a function for the shapes that it meets, by following it on arrays whose numbers it does not know.  So a
function that looks at numbers runs operation by operation, and so does one whose arrays are followed already, by a
``jax.jit`` or a ``jax.grad`` of the caller's: there it becomes a part of what is compiled around it.

>>> import pytest
>>> jnp = pytest.importorskip("jax.numpy")
>>> double = at_once(lambda x, times: x * 2**times, static=(1,))
>>> double(jnp.asarray([1, 5]), 2).tolist()
[4, 20]
>>> at_once(lambda x: x + int(x[0]))(jnp.asarray([1, 5])).tolist()
[2, 6]
"""

from __future__ import annotations

import functools as ft
from collections.abc import Callable
from typing import Any

from catcore_backends.batches import arrays
from catcore_backends.libraries.conversion import Followed


def at_once(
    function: Callable[..., Any], *, static: tuple[int, ...] = (), donated: tuple[int, ...] = ()
) -> Callable[..., Any]:
    """A function under ``jax.jit`` where all it is given are arrays that JAX knows, and it looks at no numbers.

    Args:
        function: from batches to batches.
        static: the places of arguments that are no arrays.
        donated: the places of arguments whose memory the answer may take; nobody may read them afterwards.
    """
    from jax import jit

    compiled = jit(function, static_argnums=static, donate_argnums=donated)
    looks = False

    @ft.wraps(function)
    def run(*given: Any) -> Any:
        nonlocal looks
        if looks or not all(_known(a) for i, x in enumerate(given) if i not in static for a in arrays(x)):
            return function(*given)
        try:
            return compiled(*given)
        except (Followed, TypeError) as error:
            # numbers that it looks at, or data that come out, make errors of type
            if not isinstance(error, (*looking(), Followed)) and "not a valid JAX type" not in str(error):
                raise
            looks = True
            return function(*given)

    return run


def followed(*batches: Any) -> bool:
    """Whether JAX follows some array, while it compiles or differentiates."""
    from jax.core import Tracer

    return any(isinstance(a, Tracer) for a in arrays(batches))


def looking() -> tuple[type[Exception], ...]:
    """The errors of a function that looks at the numbers of an array that JAX follows."""
    from jax import errors

    return errors.ConcretizationTypeError, errors.TracerArrayConversionError, errors.TracerIntegerConversionError


def _known(x: Any) -> bool:
    """Whether something is a number of nodes, nothing, or an array of JAX's that is not followed."""
    from jax import Array

    return x is None or type(x) is int or (isinstance(x, Array) and not followed(x))
