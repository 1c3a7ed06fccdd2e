"""Index maps on both sides: a homomorphism is a function on pairs of points that is constant on orbits.

For index maps ``W ρ_in(s) = ρ_out(s) W`` reads ``W[s i, s j] = W[i, j]`` once ρ_out(s) permutes the output points,
so the
entries of W fall into classes and each class is one free parameter (T1.11).  Whether s inverts on the input is not
used.

The classes are not found pair by pair.  Each component of the input points has a base point, whose column gets fresh
labels; a spanning forest carries that column to the others, whole levels at a time; and the remaining edges say which
of the few base labels are equal.  A 4096×4096 translation layer thus has 4096 unknown labels, not 16.8 million.

>>> solve([[1, 0]], [[1, 0]], 2, 2).labels.tolist()
[[1, 2], [2, 1]]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore.errors import TooLarge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Index = NDArray[np.int64]
    Labels = NDArray[np.int32]

MAX_ENTRIES = 2**28  # 1 GiB of labels
CHUNK = 2**20  # entries looked at together


@dataclass(frozen=True, eq=False)
class Pattern:
    """A tying pattern: ``labels[i, j] = ±k`` says that entry (i, j) is ± parameter k, and 0 that it is zero."""

    labels: Labels
    count: int


def solve(maps_in: Sequence[Any], maps_out: Sequence[Any], n_in: int, n_out: int) -> Pattern:
    """The classes of index pairs under ``(i, j) ~ (s_out i, s_in j)``, numbered as they first appear row by row.

    Every ``s_out`` must be a permutation.  Raises ``TooLarge`` above 2²⁸ entries.
    """
    import numpy as np

    if n_in * n_out > MAX_ENTRIES:
        raise TooLarge(
            f"A {n_out}×{n_in} tying pattern was asked for, above {MAX_ENTRIES} labels; solve it block by block "
            "or on smaller tensor orders."
        )
    inputs = [np.asarray(s, dtype=np.int64) for s in maps_in]
    outputs = [np.asarray(s, dtype=np.int64) for s in maps_out]
    if _components(outputs, n_out)[0] <= _components(inputs, n_in)[0] and all(_is_permutation(s) for s in inputs):
        labels = _classes(outputs, inputs, n_out, n_in)
    else:
        labels = _transposed(_classes(inputs, outputs, n_in, n_out))
    return Pattern(*number_by_appearance(labels))


def _transposed(table: Labels, block: int = 256) -> Labels:
    """A contiguous transpose, block by block because strides of 4096 defeat the cache."""
    import numpy as np

    result = np.empty(table.shape[::-1], dtype=table.dtype)
    for i in range(0, table.shape[0], block):
        for j in range(0, table.shape[1], block):
            result[j : j + block, i : i + block] = table[i : i + block, j : j + block].T
    return result


def _is_permutation(images: Index) -> bool:
    import numpy as np

    return bool((np.bincount(images, minlength=len(images)) == 1).all())


def _components(maps: Sequence[Index], n: int) -> tuple[int, Index]:
    import numpy as np
    from scipy.sparse.csgraph import connected_components

    count, where = connected_components(_graph(maps, n), directed=False)
    return int(count), where.astype(np.int64)


def _graph(maps: Sequence[Index], n: int, extra: tuple[Index, Index] | None = None) -> Any:
    """The graph with an edge j - s(j) for each map; ``extra`` are further edges."""
    import numpy as np
    from scipy.sparse import csr_array

    starts, ends = [np.arange(n)] * len(maps), list(maps)
    if extra is not None:
        starts, ends = [*starts, extra[0]], [*ends, extra[1]]
    start = np.concatenate(starts) if starts else np.empty(0, np.int64)
    end = np.concatenate(ends) if ends else np.empty(0, np.int64)
    size = n + (extra is not None)
    return csr_array((np.ones(len(start), np.int32), (start, end)), shape=(size, size))


def _classes(along: Sequence[Index], across: Sequence[Index], n: int, m: int) -> Labels:
    """An (n, m) array of class labels: row j belongs to point j of ``along``, whose maps need not invert."""
    import numpy as np

    count, where = _components(along, n)
    _, bases = np.unique(where, return_index=True)
    table = np.empty((n, m), dtype=np.int32)
    table[bases] = np.arange(count * m, dtype=np.int32).reshape(count, m)
    for children, parents, columns in _levels(along, across, n, bases):
        table[children] = np.take(table[parents], columns, axis=1)
    merged = _merge(table, along, across, np.argsort(where, kind="stable"), where)
    if merged is not None:
        for rows in _chunks(n, m):
            table[rows] = merged[table[rows]]
    return table


def _levels(
    along: Sequence[Index], across: Sequence[Index], n: int, bases: Index
) -> Iterator[tuple[Index, Index, Index]]:
    """A spanning forest from the bases, level by level: children, their parents, and where their labels come from."""
    import numpy as np
    from scipy.sparse.csgraph import breadth_first_order

    root = n  # a further vertex joined to every base makes the forest one tree
    graph = _graph(along, n, (np.full(len(bases), root), bases))
    parent = breadth_first_order(graph, root, directed=False)[1].astype(np.int64)
    child = np.flatnonzero(parent[:n] != root)
    edge = np.full(n, -1)
    for g, s in enumerate(along):
        unknown = child[edge[child] < 0]
        edge[unknown[s[parent[unknown]] == unknown]] = 2 * g
        unknown = child[edge[child] < 0]
        edge[unknown[s[unknown] == parent[unknown]]] = 2 * g + 1
    columns = [
        c for t in across for c in (np.argsort(t), t)
    ]  # forward: L[j'][t i] = L[j][i]; backward: L[j][i] = L[j'][t i]
    key = _depths(parent, root)[child] * (2 * len(along)) + edge[child]
    order = np.argsort(key, kind="stable")
    child, key = child[order], key[order]
    for group in np.split(np.arange(len(child)), np.flatnonzero(np.diff(key)) + 1):
        if len(group):
            members = child[group]
            yield members, parent[members], columns[edge[members[0]]]


def _depths(parent: Index, root: int) -> Index:
    """The depth of each vertex of a tree, by doubling the jumps towards the root."""
    import numpy as np

    jump = parent.copy()
    jump[root] = root
    depth = (np.arange(len(parent)) != root).astype(np.int64)
    while (jump != root).any():
        depth = depth + depth[jump]
        jump = jump[jump]
    found: Index = depth
    return found


def _merge(table: Labels, along: Sequence[Index], across: Sequence[Index], order: Index, where: Index) -> Labels | None:
    """The smallest label equal to each label, from the equations of all edges; None when no two are equal.

    Points are visited component by component, so that a chunk meets a short range of labels only.
    """
    import numpy as np

    n, m = table.shape
    merged: Labels | None = None
    for s, t in zip(along, across, strict=True):
        for rows in _chunks(n, m):
            points = order[rows]
            there, here = np.take(table[s[points]], t, axis=1), table[points]
            if merged is not None:
                there, here = merged[there], merged[here]
            unequal = there != here
            if unequal.any():
                if merged is None:
                    merged = np.arange((int(where.max()) + 1) * m, dtype=np.int32)
                low, high = int(where[points[0]]) * m, (int(where[points[-1]]) + 1) * m
                merged[low:high] = low + _unify(here[unequal] - low, there[unequal] - low, merged[low:high] - low)
    return merged


def _unify(left: Any, right: Any, merged: Any) -> Labels:
    """The old classes made coarser by left[k] ~ right[k]."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    size = len(merged)
    pairs = np.unique(left.astype(np.int64) * size + right)
    left, right = pairs // size, pairs % size
    start, end = np.concatenate([left, np.arange(size)]), np.concatenate([right, merged])
    _, names = connected_components(
        csr_array((np.ones(len(start), np.int32), (start, end)), shape=(size, size)), directed=False
    )
    _, first = np.unique(names, return_index=True)
    smallest: Labels = first[names].astype(np.int32)
    return smallest


def _chunks(n: int, m: int) -> Iterator[slice]:
    step = max(1, CHUNK // max(m, 1))
    return (slice(start, start + step) for start in range(0, n, step))


def number_by_appearance(classes: Labels) -> tuple[Labels, int]:
    """Number the classes 1, 2, ... as they first appear row by row; works in place on an int32 array."""
    import numpy as np

    n_out, n_in = classes.shape
    number = np.zeros(int(classes.max(initial=-1)) + 1, dtype=np.int32)
    count = 0
    for rows in _chunks(n_out, n_in):
        fresh = classes[rows].ravel()
        fresh = fresh[number[fresh] == 0]
        if len(fresh):
            values, first = np.unique(fresh, return_index=True)
            values = values[np.argsort(first)]
            number[values] = np.arange(count + 1, count + 1 + len(values), dtype=np.int32)
            count += len(values)
    for rows in _chunks(n_out, n_in):
        classes[rows] = number[classes[rows]]
    return classes, count


def is_equivariant(labels: Any, maps_in: Sequence[Any], maps_out: Sequence[Any]) -> bool:
    """Whether ``labels[s_out i, s_in j] = labels[i, j]`` for all i, j and generators: the equation itself, entry by
    entry."""
    import numpy as np

    n_out, n_in = labels.shape
    return all(
        np.array_equal(np.take(labels[np.asarray(t)[rows]], np.asarray(s), axis=1), labels[rows])
        for s, t in zip(maps_in, maps_out, strict=True)
        for rows in _chunks(n_out, n_in)
    )
