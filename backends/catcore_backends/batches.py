"""Batches of elements as nested arrays: what compiled arrows take and give.

An element of ``A * B`` is a pair of batches, one of ``A + B`` a triple (tag, payload of A, payload of B), the point
the empty tuple, and any other element a row of one array.

>>> from catcore.categories.finite_sets import Injected
>>> from catcore.objects import R, FinSet
>>> tag, numbers, places = batched(R() + FinSet(3), [Injected("inl", 1.5), Injected("inr", 2)])
>>> tag.tolist(), numbers.tolist(), places.tolist()
([0, 1], [1.5, 1.5], [2, 2])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np
from array_api_compat import array_namespace, is_array_api_strict_namespace

from catcore.categories.finite_sets import listed
from catcore.objects import Coproduct, Exponential, FinSet, Mu, Ob, One, Product, R

#: Functions out of finite sets with at most so many elements are tables.
MAX_TABLE = 64


def arrays(batch: Any) -> Iterator[Any]:
    """The arrays of a batch, left to right."""
    todo = [batch]
    while todo:
        part = todo.pop()
        if isinstance(part, tuple | list):
            todo += reversed(part)
        else:
            yield part


def mapped(function: Callable[[Any], Any], batch: Any) -> Any:
    """The batch with a function applied to each of its arrays."""
    if isinstance(batch, tuple):
        return tuple(mapped(function, part) for part in batch)
    return function(batch)


def picked(batch: Any, index: Any) -> Any:
    """The batch with each of its arrays indexed."""
    return mapped(lambda x: x[index], batch)


def rows_at(x: Any, places: Any) -> Any:
    """Some rows of an array or of a forest; array-api-strict alone does not take places as an array of NumPy's."""
    xp = array_namespace(x) if isinstance(places, np.ndarray) and hasattr(x, "__array_namespace__") else None
    return xp.take(x, xp.asarray(places), axis=0) if xp and is_array_api_strict_namespace(xp) else x[places]


def overwritten(table: Any, here: slice, rows: Any) -> Any:
    """A table with some of its rows replaced; only where arrays cannot change, as JAX's, it is a new one."""
    if hasattr(table, "at"):
        return table.at[here].set(rows)
    table[here, ...] = rows
    return table


def plain(array: Any) -> list[Any]:
    """The entries of an array of any library as Python numbers."""
    found: list[Any] = (array if hasattr(array, "tolist") else np.asarray(array)).tolist()
    return found


def batched(ob: Ob, elements: Sequence[Any], data: Callable[[Ob, Sequence[Any]], Any] | None = None) -> Any:
    """Elements of an object as one batch; in dead payloads stands a live element, or 1 or 0 where there is none.

    ``data`` says what elements of least fixed points become.
    """
    if ob is One:
        return ()
    match ob:
        case Product():
            left, right = [x[0] for x in elements], [x[1] for x in elements]
            return batched(ob.left, left, data), batched(ob.right, right, data)
        case Coproduct():
            tags = np.asarray([int(x.side == "inr") for x in elements], np.int64)
            return tags, _payload(ob.left, elements, tags == 0, data), _payload(ob.right, elements, tags == 1, data)
        case Exponential() if (arguments := listed(ob.exponent)) is not None and len(arguments) <= MAX_TABLE:
            values = [[dict(x.pairs)[at] for x in elements] for at in arguments]
            return reduce(lambda x, y: (x, y), [batched(ob.base, v, data) for v in values]) if values else ()
        case R():
            return np.asarray(elements).reshape(len(elements), *ob.shape)
        case FinSet():
            return np.asarray(elements, np.int64)
        case Mu() if data is not None:
            return data(ob, elements)
    return np.asarray(elements)


def _payload(ob: Ob, elements: Sequence[Any], live: Any, data: Any) -> Any:
    """One side of a batch of elements of a sum."""
    here = np.flatnonzero(live)
    if not len(here):
        return harmless(ob, len(elements))
    rows = np.cumsum(live) - 1
    return mapped(lambda x: x[np.maximum(rows, 0)], batched(ob, [elements[i].value for i in here.tolist()], data))


def harmless(ob: Ob, count: int) -> Any:
    """So many rows of an object that are live nowhere."""
    match ob:
        case Product():
            return harmless(ob.left, count), harmless(ob.right, count)
        case Coproduct():
            return np.zeros(count, np.int64), harmless(ob.left, count), harmless(ob.right, count)
        case Exponential() if (arguments := listed(ob.exponent)) is not None and len(arguments) <= MAX_TABLE:
            return reduce(lambda x, y: (x, y), [harmless(ob.base, count) for _ in arguments]) if arguments else ()
        case R():
            return np.ones((count, *ob.shape))
    return () if ob is One else np.zeros(count, np.int64)
