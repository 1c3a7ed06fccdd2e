"""Where nodes stand: tidy trees, and graphs in layers.

A tidy tree keeps siblings in order, a parent in the middle above them, and equal branches alike, as narrow as that
allows (Reingold and Tilford 1981).  A graph is drawn in layers, each node as far down as its longest way from a root,
or its shortest; nodes of a layer are ordered by where their neighbours stand (Sugiyama, Tagawa and Toda 1981).

>>> tidy_tree([[1, 2], [], []], [1, 1, 1])
[1.5, 0.5, 2.5]
>>> layers([[1, 2], [2], []])
[0, 1, 2]
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Below = Sequence[Sequence[int]]
GAP = 1.0  # between nodes of a layer, in units of the widths
SWEEPS = 12


def tidy_tree(below: Below, widths: Sequence[float]) -> list[float]:
    """The middles of the nodes of a tree; node 0 is the root, and each other node stands below exactly one.

    Args:
        below: the children of each node, left to right.
        widths: how wide each node is.
    """
    order = _preorder(below)
    offset = [0.0] * len(below)  # from the parent
    contours: dict[int, list[tuple[float, float]]] = {}  # for each level below a node its leftmost and rightmost edge
    for node in reversed(order):
        contour = _joined([contours.pop(child) for child in below[node]], below[node], offset)
        contours[node] = [(-widths[node] / 2, widths[node] / 2), *contour]
    places = [0.0] * len(below)
    for node in order:
        for child in below[node]:
            places[child] = places[node] + offset[child]
    left = min(left for left, _ in contours[0])
    return [x - left for x in places]


def _joined(
    contours: list[list[tuple[float, float]]], children: Sequence[int], offset: list[float]
) -> list[tuple[float, float]]:
    """The contour of branches side by side, the middle of the outer roots being 0; sets the offsets of the roots."""
    merged: list[tuple[float, float]] = []
    for contour, child in zip(contours, children, strict=True):
        shift = max((l[1] + GAP - r[0] for l, r in zip(merged, contour, strict=False)), default=0.0)
        offset[child] = shift
        moved = [(left + shift, right + shift) for left, right in contour]
        both = [(l[0], r[1]) for l, r in zip(merged, moved, strict=False)]
        merged = both + (merged[len(moved) :] if len(merged) > len(moved) else moved[len(merged) :])
    if children:
        middle = (offset[children[0]] + offset[children[-1]]) / 2
        for child in children:
            offset[child] -= middle
        merged = [(left - middle, right - middle) for left, right in merged]
    return merged


def _preorder(below: Below) -> list[int]:
    order, todo = [], [0]
    while todo:
        node = todo.pop()
        order.append(node)
        todo += reversed(below[node])
    return order


def layers(below: Below, *, shortest: bool = False) -> list[int]:
    """The layer of each node: the longest way to it in a graph without cycles, or the shortest one in any graph."""
    if shortest:
        return _distances(below)
    found = [0] * len(below)
    for node in _topological(below):
        for child in below[node]:
            found[child] = max(found[child], found[node] + 1)
    return found


def _distances(below: Below) -> list[int]:
    found: dict[int, int] = {}
    for start in range(len(below)):  # what node 0 does not lead to begins again in the first layer
        if start in found:
            continue
        found[start] = 0
        queue = [start]
        for node in queue:
            for child in below[node]:
                if child not in found:
                    found[child] = found[node] + 1
                    queue.append(child)
    return [found[node] for node in range(len(below))]


def _topological(below: Below) -> list[int]:
    order: list[int] = []
    done = set[int]()
    todo = [(node, False) for node in reversed(range(len(below)))]
    while todo:
        node, visited = todo.pop()
        if visited:
            order.append(node)
        elif node not in done:
            done.add(node)
            todo += [(node, True), *((child, False) for child in below[node] if child not in done)]
    return order[::-1]


def layered(below: Below, layer: Sequence[int], widths: Sequence[float]) -> list[float]:
    """The middles of the nodes of a graph within their layers."""
    rows: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for node in _topological(below):
        rows[layer[node]].append(node)
    near: list[list[int]] = [[] for _ in below]
    for node, children in enumerate(below):
        for child in children:
            if layer[child] != layer[node]:
                near[node].append(child)
                near[child].append(node)
    places = [0.0] * len(below)
    for row in rows:
        _spread(row, [0.0] * len(row), widths, places)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_mean([places[other] for other in near[node]], places[node]) for node in row]
            ranked = sorted(range(len(row)), key=lambda k: wanted[k]) if sweep < SWEEPS - 4 else list(range(len(row)))
            row[:] = [row[k] for k in ranked]
            _spread(row, [wanted[k] for k in ranked], widths, places)
    left = min((places[n] - widths[n] / 2 for n in range(len(below))), default=0.0)
    return [x - left for x in places]


def routed(
    below: Below, layer: Sequence[int], widths: Sequence[float]
) -> tuple[list[float], dict[tuple[int, int], list[tuple[float, int]]]]:
    """As :func:`layered`, and for each edge that passes layers where it does, so that it keeps clear of nodes.

    >>> routed([[1, 2], [2], []], [0, 1, 2], [1, 1, 1])[1][0, 2][0][1]
    1
    """
    longer, level, width = [list(children) for children in below], list(layer), list(widths)
    ways: dict[tuple[int, int], list[int]] = {}
    for a, children in enumerate(below):
        for k, b in enumerate(children):
            if layer[b] - layer[a] <= 1 or (a, b) in ways:
                continue
            ways[a, b] = list(range(len(longer), len(longer) + layer[b] - layer[a] - 1))
            longer[a][k] = ways[a, b][0]
            longer += [[following] for following in (*ways[a, b][1:], b)]
            level += range(layer[a] + 1, layer[b])
            width += [0.0] * len(ways[a, b])
    places = layered(longer, level, width)
    routes = {edge: [(places[node], level[node]) for node in way] for edge, way in ways.items()}
    return places[: len(below)], routes


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _spread(row: list[int], wanted: list[float], widths: Sequence[float], places: list[float]) -> None:
    """Places as near as can be to those wanted, in order and apart (pool adjacent violators)."""
    reach = [0.0]
    for a, b in pairwise(row):
        reach.append(reach[-1] + (widths[a] + widths[b]) / 2 + GAP)
    blocks: list[tuple[float, int]] = []  # the mean of what is wanted, less the reach, and how many nodes share it
    for want, start in zip(wanted, reach, strict=False):
        mean, count = want - start, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        blocks.append((mean, count))
    shifts = [mean for mean, count in blocks for _ in range(count)]
    for node, shift, start in zip(row, shifts, reach, strict=False):
        places[node] = shift + start
