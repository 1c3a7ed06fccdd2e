"""Orbits as connected components, in plain array code: on a GPU for tying problems that are large.

Each point holds the smallest point that it is known to be connected to.  A round looks at every edge: where its ends
hold different points, the larger of these learns of the smaller, and the smallest that it learns of becomes its parent.
Parents are smaller, so this is a forest, and replacing each parent by its own until nothing changes (pointer jumping)
makes every tree a star.  After two rounds each tree that has a neighbour has merged with another: if the neighbours of
a root r are all larger, each of them has found a parent no larger than r; if that was not r, it is smaller, and r finds
it in the next round.  So the number of trees that are not done halves, and O(log n) rounds of O(log n) steps suffice
(Liu and Tarjan, *Simple concurrent labeling algorithms for connected components*, 2019, study this family).

The smallest of what a point learns is found by sorting, because array libraries do not agree on how to scatter.

>>> orbit_labels([[1, 0, 2, 4, 3]]).tolist()
[0, 0, 2, 3, 3]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from catcore.errors import IllTyped, NotInterpreted, ShapeMismatch, TooLarge, WrongDtype
from catcore_backends.installed import library
from catcore_backends.libraries.conversion import computes_with, make, on_host, widest
from catcore_backends.libraries.failures import together
from catcore_backends.library import Library

if TYPE_CHECKING:
    from catcore.equivariance.spaces.homspace import HomSpace
    from catcore.equivariance.strategies.orbit_spans import OrbitSpan

#: The two ends of some edges, as arrays of points.
Edges = tuple[Any, Any]


def orbit_labels(generators: Sequence[Any], n: int | None = None, *, backend: str = "numpy", device: Any = None) -> Any:
    """The smallest point of the orbit of each of n points under index maps.

    Maps need not be invertible; then a point is in one orbit with all its images, as are these.

    Args:
        generators: for each map the images of 0, …, n − 1.
        n: the number of points; read off the generators where there are some.
        backend: the library of the answer, such as ``"cupy"``.
        device: where it is computed, by default where the library likes.

    Raises:
        ShapeMismatch: when the maps are of different lengths, or lead outside of the points.
        WrongDtype: when they hold other things than integers, or the library's integers are too narrow.
        MixedDevices: when the maps live on several devices.
        BackendMissing: when the library or its device is not here.
    """
    if not isinstance(generators, Sequence) or isinstance(generators, str):
        raise IllTyped(f"orbit_labels takes a list of index maps, and {generators!r} was given. Write [map].")
    chosen = library(backend)
    xp = chosen.namespace(*(() if backend != "auto" else generators))
    if (steps := chosen.for_steps()) is not chosen:  # Dask's arrays are searched by nothing
        return chosen.asarray(orbit_labels(generators, n, backend=steps.name, device=device))
    together(generators, "A search for orbits")
    with _on(chosen, device):
        maps = [make(xp, g if computes_with(xp, g) else on_host(g), copy=True) for g in generators]
        count = _points(xp, maps, n)
        start = _counting(xp, count, maps[0] if maps else None)
        wide = [xp.astype(g, start.dtype) for g in maps]
        return components(xp, start, lambda: ((start, g) for g in wide))


def components(xp: Any, start: Any, edges: Callable[[], Iterable[Edges]]) -> Any:
    """The smallest point of the connected component of each point.

    Args:
        xp: the array namespace.
        start: the points 0, 1, …, n − 1, as integers that hold n².
        edges: gives the edges anew each time, in as many pairs of arrays as it likes.

    Raises:
        WrongDtype: when the integers are too narrow.
    """
    count = start.shape[0]
    if count**2 > xp.iinfo(start.dtype).max:
        raise WrongDtype(
            f"The components of {count} points were asked for, and {start.dtype} does not hold the square of that. Use "
            'a library with 64-bit integers; JAX has them after jax.config.update("jax_enable_x64", True).'
        )
    labels = start
    while True:
        parents = labels
        for left, right in edges():
            a, b = xp.take(labels, left, axis=0), xp.take(labels, right, axis=0)
            parents = xp.minimum(parents, _least(xp, start, xp.maximum(a, b), xp.minimum(a, b)))
        found = _compressed(xp, parents)
        if bool(xp.all(found == labels)):
            return labels
        labels = found


def _least(xp: Any, start: Any, places: Any, values: Any) -> Any:
    """For each point the least of the values at its places; the point itself where it has none."""
    count = start.shape[0]
    keys = xp.sort(places * count + values)
    first = xp.astype(xp.searchsorted(keys, start * count), start.dtype)
    key = xp.take(keys, xp.minimum(first, xp.full_like(first, keys.shape[0] - 1)), axis=0)
    here = (first < keys.shape[0]) & (key // count == start)
    return xp.where(here, key % count, start)


def _compressed(xp: Any, parents: Any) -> Any:
    """The root of each point: parents of parents until nothing changes."""
    while True:
        above = xp.take(parents, parents, axis=0)
        if bool(xp.all(above == parents)):
            return parents
        parents = above


def _counting(xp: Any, count: int, like: Any = None) -> Any:
    """0, 1, …, count − 1 in the library's widest integers, on the device of another array if one is given."""
    where = getattr(like, "device", None)
    return xp.arange(count, dtype=widest(xp, "int64"), **({} if where is None else {"device": where}))


def _points(xp: Any, maps: Sequence[Any], n: int | None) -> int:
    """How many points there are, once the maps are known to be maps of them."""
    if n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < 0):
        raise IllTyped(f"orbit_labels takes a number n of points, and {n!r} was given. Give an integer.")
    shapes = {tuple(g.shape) for g in maps} | ({(n,)} if n is not None or not maps else set())
    if len(shapes) != 1 or len(next(iter(shapes))) != 1 or shapes == {(None,)}:
        found = ", ".join(sorted(map(str, shapes)))
        raise ShapeMismatch(
            f"orbit_labels takes index maps of n points each, and maps of shape {found} were given. Give for each "
            "generator the images of all points, and n= where there is no generator."
        )
    ((count,),) = shapes
    assert count is not None
    for g in maps:
        if count and not xp.isdtype(g.dtype, "integral"):
            raise WrongDtype(f"orbit_labels takes maps of integers, and one of dtype {g.dtype} was given.")
        if count and not (int(xp.min(g)) >= 0 and int(xp.max(g)) < count):
            raise ShapeMismatch(
                f"orbit_labels takes maps of the points 0, …, {count - 1}, and one leads to {int(xp.min(g))} … "
                f"{int(xp.max(g))}. Number points from 0."
            )
    return count


# ---- tying patterns ----------------------------------------------------------------------------------------------


def tying_labels(space: HomSpace, *, backend: str = "numpy", device: Any = None) -> Any:
    """The tying pattern of a space of equivariant maps between permuted points, computed on an array library.

    Entries that must be equal, or opposite, are connected; a class in which an entry is its own opposite vanishes
    (T1.11).  The answer equals :attr:`~catcore.equivariance.HomSpace.labels`, entry by entry: signed, numbered as first
    seen row by row, 0 for a forced zero.

    Raises:
        NotInterpreted: when the basis is not one of orbits of pairs, or has other phases than signs.
        TooLarge: above 2²⁸ entries.
    """
    from catcore.equivariance.strategies.orbits import MAX_ENTRIES

    span = _orbits_of(space)
    count = span.target.n * span.source.n * span.order
    if count > MAX_ENTRIES:
        raise TooLarge(
            f"A tying pattern of {count} labels was asked for, above {MAX_ENTRIES}. Solve direct summands one by one."
        )
    chosen = library(backend)
    xp = chosen.namespace()
    with _on(chosen, device):
        start = _counting(xp, count)
        labels = components(xp, start, lambda: _pair_edges(xp, span, start))
        return xp.reshape(_numbered(xp, labels, start, span.order), (span.target.n, span.source.n))


def _on(backend: Library, device: Any) -> AbstractContextManager[Any]:
    """A context on a device of the library, once an array was made there."""
    if device is None:
        return nullcontext()
    backend.asarray([0], device=device)
    return backend.on(backend.device(device))


def _orbits_of(space: HomSpace) -> OrbitSpan:
    from catcore.equivariance.strategies.orbit_spans import OrbitSpan

    span = space.span
    if not isinstance(span, OrbitSpan) or span.order > 2 or not (span.source.bijective and span.target.bijective):
        raise NotInterpreted(
            f"The tying pattern of {space!r} was asked for by orbits of pairs, and its basis is found by "
            f"{space.how}. Use labels or basis of the space, which know every method."
        )
    return span


def _pair_edges(xp: Any, span: OrbitSpan, start: Any) -> Iterable[Edges]:
    """For each generator the edges ``ζᵖ W[t i, s j] = ζᵖ⁺ᵇ⁽ⁱ⁾⁻ᵃ⁽ʲ⁾ W[i, j]`` between places ``(i m + j) order + p``."""
    import numpy as np

    m, order = span.source.n, span.order
    power, pair = start % order, start // order
    i, j = pair // m, pair % m

    def here(values: Any) -> Any:
        return xp.asarray(np.array(values), dtype=start.dtype)  # a copy, because libraries refuse what is read-only

    sides = (span.target.images, span.source.images, span.target.phases, span.source.phases)
    for t, s, b, a in zip(*sides, strict=True):
        moved = xp.take(here(t), i, axis=0) * m + xp.take(here(s), j, axis=0)
        turned = (power + xp.take(here(b), i, axis=0) - xp.take(here(a), j, axis=0)) % order
        yield moved * order + power, pair * order + turned


def _numbered(xp: Any, labels: Any, start: Any, order: int) -> Any:
    """Signed numbers 1, 2, … of the classes of pairs from the labels of their places; 0 where a class vanishes."""
    table = xp.reshape(labels, (-1, order))
    own = table[:, 0]
    alive = xp.all(table[:, 1:] != own[:, None], axis=1) if order > 1 else own == own
    pairs = start[: own.shape[0]]
    first = alive & (own == pairs * order)
    numbers = xp.cumulative_sum(xp.astype(first, start.dtype), axis=0)
    found = xp.where(alive, xp.take(numbers, own // order, axis=0), xp.zeros_like(numbers))
    return found * (1 - 2 * (own % order))
