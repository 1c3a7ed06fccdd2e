"""Parts of a step that are compiled before they run: on JAX.

JAX compiles a function for each shape of what it is given, and what a search holds changes its shape all the time.  So
a search names the parts of a step whose arrays have as many rows as what they are given: those are compiled by JAX for
a few numbers of rows, and rows are filled up to the next of these numbers by repeating the last one, since a row is
treated as if there were no others.  What picks rows out runs between the parts, where partial solutions wait in NumPy's
arrays, as on Dask.  On all other libraries a part is a function like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from catcore.categories import finite_sets
from catcore_proofs.census.entries import traced

#: The least number of rows that a part is compiled for, and how much larger the next ones are.
LEAST, TIMES = 256, 16
#: A part runs for milliseconds and is compiled for seconds: LLVM's passes take longer than they gain.
_QUICKLY = {"xla_backend_optimization_level": 0}


class Parts:
    """Parts of a step by their names, compiled where the library does that."""

    def __init__(self) -> None:
        self._compiled: dict[Any, Callable[..., Any]] = {}

    def __call__(
        self, name: Any, function: Callable[..., Any], *groups: Sequence[Any], whole: Sequence[Any] = ()
    ) -> Any:
        """What a function makes of groups of arrays, a row for each row of the first group.

        Args:
            name: the name of the part: the same one, the same function.
            function: takes the groups and then what is whole, and gives a tuple of arrays; it looks at each row by
                itself, and a row that is there twice changes nothing.
            groups: arrays with equally many rows, and at least one row, in each group.
            whole: arrays of which no row is added; for each number of their rows a part is compiled again.
        """
        if finite_sets.computing() != "jax":
            return function(*groups, *whole)
        if name not in self._compiled:
            self._compiled[name] = import_module("jax").jit(traced(function), compiler_options=_QUICKLY)
        count = groups[0][0].shape[0]
        found = self._compiled[name](*(tuple(map(_filled_up, group)) for group in groups), *whole)
        return tuple(np.array(np.asarray(x)[:count, ...]) for x in found)  # copies: JAX's own are read-only


def enough(count: int) -> int:
    """So many rows, or the next larger number that parts are compiled for."""
    if finite_sets.computing() != "jax":
        return count
    size = LEAST
    while size < count:
        size *= TIMES
    return size


def at_most(count: int) -> int:
    """So many rows, or the next smaller number that parts are compiled for, unless there is none."""
    above = enough(count)
    return min(count, above) if count >= above or above == LEAST else above // TIMES


def _filled_up(x: Any) -> Any:
    """Rows with the last one repeated, so that there are as many as a part is compiled for."""
    more = enough(x.shape[0]) - x.shape[0]
    return np.concatenate([x, np.broadcast_to(x[-1:], (more, *x.shape[1:]))]) if more else x
