"""Elements of data types as trees, with the values of a fold beside them (THEORY T2.3).

Each constructor is a box with its name and its labels, one colour for each constructor; branches hang below in order.
Given clauses, the value of the fold is written under each box, so that one reads off how the value of the whole comes
about.  Branches that are shared may be drawn once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catcore.categories.finite_sets import shown
from catcore.datatypes.data import Data
from catcore.datatypes.datatype import Datatype, datatype
from catcore.drawing.colours import palette
from catcore.drawing.layouts import layers, routed, tidy_tree
from catcore.drawing.strokes import SIZE, Point, box, curve, flow, line, text, text_width
from catcore.drawing.svg import Markup, picture
from catcore.errors import IllTyped, TooLarge

LARGEST = 400  # constructors in one picture
HEIGHT, LEVEL, MARGIN, UNIT = 26.0, 62.0, 18.0, 12.0


def tree_svg(
    value: Data,
    kind: Datatype | None = None,
    *,
    beside: Iterable[Datatype] = (),
    fold: Mapping[str, Callable[..., Any]] | None = None,
    shared: bool = False,
    title: str | None = None,
) -> str:
    """An element as SVG.

    Args:
        value: the element.
        kind: its data type, which names the constructors.
        beside: further data types whose constructors have names.
        fold: one function for each constructor; the values of the fold are written under the boxes.
        shared: whether shared branches are drawn once.
        title: what the picture says to those who cannot see it; by default the element.

    Raises:
        TooLarge: for more than 400 boxes.
        IllTyped: when the value is no element of the data type.
        UnknownName: when the clauses do not fit the constructors.
    """
    if not isinstance(value, Data):
        raise IllTyped(f"A picture of an element of a data type was asked for, and {value!r} was given.")
    of = kind or datatype(value.of)
    tree = _Drawn.of(of.to_networkx(value, beside=beside), shared)
    notes = _notes(of.nodes(value, beside=beside), of, fold, tree) if fold else [""] * len(tree.labels)
    colours = dict(zip(dict.fromkeys(tree.constructors), palette(len(set(tree.constructors))), strict=True))
    widths = [max(text_width(s), text_width(n)) + 18 for s, n in zip(tree.labels, notes, strict=True)]
    depth = layers(tree.below)
    units = [w / UNIT for w in widths]
    across, routes = routed(tree.below, depth, units) if shared else (tidy_tree(tree.below, units), {})

    def point(x: float, y: int) -> Point:
        return MARGIN + UNIT * x, MARGIN + HEIGHT / 2 + LEVEL * y

    points = [point(x, y) for x, y in zip(across, depth, strict=True)]
    ways = {edge: [point(x, y) for x, y in way] for edge, way in routes.items()}
    strokes = list(_lines(tree, points, ways, HEIGHT / 2 + 17 if fold else 0.0))
    boxes = [
        box(p, w, HEIGHT, label, colours[c])
        for p, w, label, c in zip(points, widths, tree.labels, tree.constructors, strict=True)
    ]
    said = [text((p[0], p[1] + HEIGHT / 2 + 9), n, size=SIZE - 2) for p, n in zip(points, notes, strict=True) if n]
    width = max(p[0] + w / 2 for p, w in zip(points, widths, strict=True)) + MARGIN
    width = max([width, *(x + MARGIN for way in ways.values() for x, _ in way)])
    height = max(p[1] for p in points) + HEIGHT / 2 + MARGIN + (10 if fold else 0)
    return picture(width, height, title or of.show(value, beside=beside)[:200], *strokes, *boxes, *said)


def _lines(
    tree: _Drawn, points: list[Point], routes: dict[tuple[int, int], list[Point]], below: float
) -> Iterator[Markup]:
    """The branches; a branch that stands twice below one box is drawn twice."""
    for a, children in enumerate(tree.below):
        top = points[a][0], points[a][1] + below
        for k, b in enumerate(children):
            end = points[b][0], points[b][1] - HEIGHT / 2
            if children.count(b) > 1:
                yield curve(top, end, bend=(len(children) - 1 - 2 * k) * 9.0)
            elif (a, b) in routes:
                yield flow([top, *routes[a, b], end], head=False)
            else:
                yield line(top, end)


@dataclass(frozen=True)
class _Drawn:
    """Boxes: what stands in them, their constructors, what hangs below, and which nodes of the graph they are."""

    labels: list[str]
    constructors: list[str]
    below: list[list[int]]
    nodes: list[int]

    @staticmethod
    def of(graph: Any, shared: bool) -> _Drawn:
        """The boxes of a graph; unfolded into a tree unless branches are shared."""
        drawn = _Drawn([], [], [], [])
        place: dict[int, int] = {}
        todo: list[tuple[int, int | None]] = [(0, None)]
        while todo:
            node, parent = todo.pop()
            fresh = not shared or node not in place
            here = len(drawn.labels) if fresh else place[node]
            if parent is not None:
                drawn.below[parent].append(here)
            if fresh:
                place[node] = here
                drawn._add(graph.nodes[node], node)
                edges = sorted(graph.out_edges(node, data="place"), key=lambda e: e[2])
                todo += [(target, here) for _, target, _ in reversed(edges)]
        return drawn

    def _add(self, data: Mapping[str, Any], node: int) -> None:
        if len(self.labels) >= LARGEST:
            raise TooLarge(
                f"A picture of an element with more than {LARGEST} constructors was asked for; draw a branch of it, or "
                "shared branches once with shared=True."
            )
        labels = ", ".join(shown(label)[:24] for label in data["labels"])
        self.labels.append(f"{data['constructor']} {labels}".strip())
        self.constructors.append(data["constructor"])
        self.below.append([])
        self.nodes.append(node)


def _notes(nodes: list[Data], of: Datatype, fold: Mapping[str, Callable[..., Any]], tree: _Drawn) -> list[str]:
    """The value of the fold at each box, and nothing at boxes of other types."""
    value = of.fold(**fold)
    said = [shown(value(node))[:24] if node.of is of.fixed else "" for node in nodes]
    return [said[node] for node in tree.nodes]
