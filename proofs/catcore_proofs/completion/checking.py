"""Clauses evaluated over whole tables: where an equation between two terms fails in a finite structure.

A term becomes an array with one axis for each variable, filled by indexing tables with arrays: an equation is decided
at all values of its variables at once; grids that are too large are cut along their first variables.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore_proofs.completion.bank import Term
from catcore_proofs.completion.models import Clause, Model, Signature

Ints = NDArray[np.int64]

#: The most values of the variables that are looked at together, and in all.
GRID, POINTS = 1_000_000, 50_000_000


def satisfies(model: Model, signature: Signature, clauses: Sequence[Clause]) -> bool:
    """Whether every instance of every clause holds in a model, by evaluating all of them."""
    tables = arrays(model, signature)
    sizes = model.sizes
    return all(points(c, sizes) <= POINTS and next(failures(c, tables, sizes), None) is None for c in clauses)


def arrays(model: Model, signature: Signature) -> dict[int, Ints]:
    """The tables of a model as arrays with an axis for each argument."""
    return {
        symbol: np.asarray(model.tables[symbol], np.int64).reshape([model.sizes[s] for s in sorts])
        for symbol, sorts in enumerate(signature.arguments)
    }


def points(clause: Clause, sizes: Sequence[int]) -> int:
    """How many instances a clause has over sets of the given sizes."""
    return prod(sizes[clause.sorts.get(name, 0)] for name in clause.variables())


def failures(clause: Clause, tables: Mapping[int, Ints], sizes: Sequence[int]) -> Iterator[Ints]:
    """The values of the variables at which a clause fails, as the rows of arrays, one for each part of the grid."""
    names = clause.variables()
    extents = [sizes[clause.sorts.get(name, 0)] for name in names]
    outer = next(k for k in range(len(names) + 1) if prod(extents[k:]) <= GRID)
    inner = dict(zip(names[outer:], extents[outer:], strict=True))
    axes = grid(inner)
    for point in it.product(*map(range, extents[:outer])):
        values = axes | dict(zip(names[:outer], point, strict=True))
        found = np.argwhere(agreement(clause, tables, values, inner.values()) != clause.positive)
        if len(found):
            yield np.hstack([np.tile(np.array(point, np.int64), (len(found), 1)), found])


def grid(extents: Mapping[int, int]) -> dict[int, Any]:
    """All values of some symbols and variables, each along an axis of its own."""
    count = len(extents)
    return {
        name: np.arange(n).reshape([n if i == place else 1 for i in range(count)])
        for place, (name, n) in enumerate(extents.items())
    }


def agreement(
    clause: Clause, tables: Mapping[int, Ints], values: Mapping[int, Any], shape: Iterable[int]
) -> NDArray[np.bool_]:
    """Where both sides are equal, on a grid of values of variables and of constants without a table."""
    return np.broadcast_to(_value(clause.lhs, tables, values) == _value(clause.rhs, tables, values), tuple(shape))


def _value(t: Term, tables: Mapping[int, Ints], values: Mapping[int, Any]) -> Any:
    if t.head in values:
        return values[t.head]
    return tables[t.head][tuple(_value(a, tables, values) for a in t.args)]
