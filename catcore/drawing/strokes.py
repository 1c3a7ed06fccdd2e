"""Lines with arrow heads, boxes with text and circles: the strokes of which trees, automata and plans are drawn.

Arrow heads are drawn and not referred to, since several pictures on one page would share the names of their markers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from catcore.drawing.colours import INK, text_on
from catcore.drawing.svg import Markup, element, number

Point = tuple[float, float]
SIZE, LETTER = 14.0, 8.2  # of text, and the width of a letter


def text_width(text: str) -> float:
    """About how wide a text is."""
    return LETTER * len(text)


def text(at: Point, said: str, *, colour: str = INK, size: float = SIZE, anchor: str = "middle") -> Markup:
    """A text whose middle is at a point."""
    return element("text", said, x=at[0], y=at[1] + size * 0.35, text_anchor=anchor, font_size=size, fill=colour)


def box(at: Point, width: float, height: float, said: str, colour: str) -> Markup:
    """A rounded box around a text."""
    x, y = at[0] - width / 2, at[1] - height / 2
    frame = element("rect", x=x, y=y, width=width, height=height, rx=min(9.0, height / 2), fill=colour)
    return element("g", frame, text(at, said, colour=text_on(colour)))


def circle(at: Point, radius: float, *, fill: str = "none", stroke: str = INK, width: float = 1.6) -> Markup:
    """A circle."""
    return element("circle", cx=at[0], cy=at[1], r=radius, fill=fill, stroke=stroke, stroke_width=width)


def line(start: Point, end: Point, *, colour: str = INK, width: float = 1.6) -> Markup:
    """A straight line."""
    return element("path", d=f"M{_at(start)} L{_at(end)}", stroke=colour, stroke_width=width, fill="none")


def arrow(
    start: Point, end: Point, *, bend: float = 0.0, colour: str = INK, width: float = 1.6
) -> tuple[Markup, Point]:
    """An arrow, bent to the left of its way by so much, and where its label stands."""
    middle, normal = halfway(start, end)
    aside = bend + math.copysign(11.0, bend or 1.0)
    curve = arc(start, _beside(middle, normal, 2 * bend), end, colour=colour, width=width)
    return curve, _beside(middle, normal, aside)


def flow(points: Sequence[Point], *, head: bool = True, colour: str = INK, width: float = 1.6) -> Markup:
    """A line downwards through points, upright at each, with an arrow head where it ends."""
    end = points[-1][0], points[-1][1] - (7.0 if head else 0.0)
    path = [f"M{_at(points[0])}"]
    for (x, y), (x_, y_) in pairwise([*points[:-1], end]):
        middle = (y + y_) / 2
        path.append(f"C{_at((x, middle))} {_at((x_, middle))} {_at((x_, y_))}")
    drawn = element("path", d=" ".join(path), stroke=colour, stroke_width=width, fill="none")
    if not head:
        return drawn
    x, y = points[-1]
    tip = f"M{_at((x, y))} L{_at((x - 4.5, y - 9))} L{_at((x + 4.5, y - 9))} Z"
    return element("g", drawn, element("path", d=tip, fill=colour))


def curve(start: Point, end: Point, *, bend: float = 0.0, colour: str = INK, width: float = 1.6) -> Markup:
    """A line, bent to the left of its way by so much."""
    middle, normal = halfway(start, end)
    path = f"M{_at(start)} Q{_at(_beside(middle, normal, 2 * bend))} {_at(end)}"
    return element("path", d=path, stroke=colour, stroke_width=width, fill="none")


def halfway(start: Point, end: Point) -> tuple[Point, Point]:
    """The point half way, and the direction to the left of the way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    return ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), (dy / length, -dx / length)


def _beside(point: Point, normal: Point, distance: float) -> Point:
    return point[0] + distance * normal[0], point[1] + distance * normal[1]


def lines_of(said: str, room: int = 18) -> list[str]:
    """A list of things as lines, as many things in a line as there is room for."""
    found: list[str] = []
    for part in said.split(", "):
        if found and len(found[-1]) + len(part) + 2 <= room:
            found[-1] += f", {part}"
        else:
            found.append(part)
    return found


def arc(start: Point, control: Point, end: Point, *, colour: str = INK, width: float = 1.6) -> Markup:
    """A curve towards a point and away from it, with an arrow head."""
    dx, dy = end[0] - control[0], end[1] - control[1]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    stem = end[0] - 7 * ux, end[1] - 7 * uy
    curve = element(
        "path", d=f"M{_at(start)} Q{_at(control)} {_at(stem)}", stroke=colour, stroke_width=width, fill="none"
    )
    head = [end, (stem[0] - 1.5 * ux - 4 * uy, stem[1] - 1.5 * uy + 4 * ux)]
    head.append((stem[0] - 1.5 * ux + 4 * uy, stem[1] - 1.5 * uy - 4 * ux))
    return element("g", curve, element("path", d=f"M{' L'.join(map(_at, head))} Z", fill=colour))


def loop(at: Point, radius: float, *, colour: str = INK, width: float = 1.6) -> tuple[Markup, Point]:
    """An arrow from the top of a circle to itself, and where its label stands."""
    x, y = at
    start, end = (x - radius * 0.5, y - radius * 0.87), (x + radius * 0.5, y - radius * 0.87)
    above = y - radius * 2.6
    curve = element(
        "path",
        d=f"M{_at(start)} C{_at((x - radius * 1.1, above))} {_at((x + radius * 1.1, above))} {_at(end)}",
        stroke=colour, stroke_width=width, fill="none",
    )  # fmt: skip
    head = element(
        "path", d=f"M{_at(end)} L{_at((end[0] - 1, end[1] - 9))} L{_at((end[0] + 8, end[1] - 6))} Z", fill=colour
    )
    return element("g", curve, head), (x, y - radius * 2.6 - 2)


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
