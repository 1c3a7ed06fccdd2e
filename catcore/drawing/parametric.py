"""String diagrams of parametric maps and of their 2-cells (THEORY T4.2; CDL §3, Gavranović ch. 3).

Inputs come from the left and leave on the right; parameters come from above.  A reparametrisation is what happens to
the parameters before they enter: its boxes stand above a dashed line, and a parameter that is shared branches in a dot,
the Δ of weight tying.  A picture is read off the term by :func:`~catcore.drawing.wiring.wiring` alone.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> from catcore.para import ParaMap, tie
>>> P, S = atoms("P S")
>>> cell = ParaMap(P, generator("cell", P * S, S))
>>> picture = para_svg(tie(cell >> cell, [0, 0]))
>>> picture.startswith("<svg"), picture.count("<circle")
(True, 1)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from catcore.drawing.colours import INK, TWELVE
from catcore.drawing.svg import Markup, element, number, picture
from catcore.drawing.wiring import WiredBox, Wiring, wiring
from catcore.errors import IllTyped
from catcore.expressions import escape
from catcore.objects import Ob
from catcore.para.cells import TwoCell
from catcore.para.maps import ParaMap

Point = tuple[float, float]

ROW, GAP, LETTER, TOP = 30.0, 34.0, 7.2, 26.0
DATA, PARAMETER = INK, TWELVE[0]


@dataclass
class _Stroke:
    """A wire from one point to another; it leaves and arrives in the directions given."""

    start: Point
    end: Point
    down: tuple[bool, bool]
    colour: str


@dataclass
class _Layout:
    """Where everything stands."""

    wires: Wiring
    params: tuple[int, ...]
    #: Left, top, width and height of each box.
    places: dict[int, tuple[float, float, float, float]] = field(default_factory=dict)
    strokes: list[_Stroke] = field(default_factory=list)
    dots: list[Point] = field(default_factory=list)
    labels: list[tuple[Point, Ob, str]] = field(default_factory=list)
    band: float = 0.0
    size: Point = (0.0, 0.0)


def para_svg(value: ParaMap | TwoCell) -> str:
    """The picture of a parametric map or of a 2-cell as SVG.

    Raises:
        IllTyped: for anything else.
    """
    layout = _laid_out(value)
    width, height = layout.size
    parts = [_path(s) for s in layout.strokes]
    parts += [element("circle", cx=x, cy=y, r=3.2, fill=PARAMETER) for x, y in layout.dots]
    parts += [_box(layout.wires.boxes[i], place, _is_above(layout, i)) for i, place in sorted(layout.places.items())]
    if isinstance(value, TwoCell):
        line = element("line", x1=4, y1=layout.band, x2=width - 4, y2=layout.band, stroke=INK, stroke_dasharray="3 4")
        parts.insert(0, line)
    parts += [_text(x, y, str(ob), anchor) for (x, y), ob, anchor in layout.labels]
    return str(picture(width, height, _title(value), *parts))


def para_tikz(value: ParaMap | TwoCell) -> str:
    """The same picture as a TikZ environment, for a LaTeX document with the package ``tikz``."""
    layout = _laid_out(value)
    lines = [r"\begin{tikzpicture}[x=1pt, y=-1pt, line width=0.8pt]"]
    for s in layout.strokes:
        (x1, y1), (x2, y2) = _controls(s)
        points = [s.start, (x1, y1), (x2, y2), s.end]
        a, b, c, d = (f"({number(x)},{number(y)})" for x, y in points)
        lines.append(rf"  \draw {a} .. controls {b} and {c} .. {d};")
    lines += [rf"  \fill ({number(x)},{number(y)}) circle (2.4pt);" for x, y in layout.dots]
    for i, (x, y, w, h) in sorted(layout.places.items()):
        corner = f"({number(x)},{number(y)}) rectangle ({number(x + w)},{number(y + h)})"
        lines.append(rf"  \draw[fill=white, rounded corners=2pt] {corner};")
        middle = f"({number(x + w / 2)},{number(y + h / 2)})"
        lines.append(rf"  \node at {middle} {{${_latex(layout.wires.boxes[i])}$}};")
    if isinstance(value, TwoCell):
        left, right = f"(4,{number(layout.band)})", f"({number(layout.size[0] - 4)},{number(layout.band)})"
        lines.append(rf"  \draw[dashed] {left} -- {right};")
    anchors = {"start": "west", "end": "east", "middle": "south"}
    for (x, y), ob, anchor in layout.labels:
        place = f"({number(x)},{number(y)})"
        lines.append(rf"  \node[anchor={anchors[anchor]}, font=\footnotesize] at {place} {{${ob.latex()}$}};")
    return "\n".join([*lines, r"\end{tikzpicture}"]) + "\n"


def _latex(box: WiredBox) -> str:
    return box.term.latex() if len(str(box.term)) == len(box.label) else rf"\text{{{escape(box.label)}}}"


def _title(value: ParaMap | TwoCell) -> str:
    return value.signature if isinstance(value, ParaMap) else str(value)[:200]


# ---- reading -----------------------------------------------------------------------------------------------------


def _laid_out(value: Any) -> _Layout:
    if isinstance(value, TwoCell):
        value = value.source.reparametrised(value.target.params, value.r)
    if not isinstance(value, ParaMap) or not isinstance(value.dom, Ob):
        raise IllTyped(f"A picture of a parametric map or a 2-cell of terms was asked for, and {value!r} was given.")
    wires = wiring(value.arrow)
    count = sum(1 for p in value.params for _ in wiring(value.actegory.category.identity(p)).inputs)
    layout = _Layout(wires, wires.inputs[:count])
    _Placing(layout).place()
    return layout


def _is_above(layout: _Layout, number_of_box: int) -> bool:
    return number_of_box in _above(layout.wires, layout.params)


def _above(wires: Wiring, params: tuple[int, ...]) -> set[int]:
    """The boxes that see parameters only: those of a reparametrisation."""
    seen, found = set(params), set[int]()
    for i, box in enumerate(wires.boxes):
        if set(box.inputs) <= seen and box.inputs:
            found.add(i)
            seen |= set(box.outputs)
    return found


# ---- placing -----------------------------------------------------------------------------------------------------


class _Placing:
    """Boxes from left to right, one a column; parameters and their boxes above the first box that uses them."""

    def __init__(self, layout: _Layout) -> None:
        self.layout, self.wires = layout, layout.wires
        self.above = _above(layout.wires, layout.params)
        self.parametric = {*layout.params, *(w for i in self.above for w in layout.wires.boxes[i].outputs)}
        self.below = [i for i in range(len(self.wires.boxes)) if i not in self.above]
        self.ports: dict[int, list[Point]] = {}  # where parameter wires end
        self.leaving: set[Point] = set()  # those of them on the right edge

    def place(self) -> None:
        """Fill the layout."""
        layout = self.layout
        layout.band = TOP + 26 + 44 * self._depth()
        self._data(layout.band + 34)
        self._parameters()

    def _depth(self) -> int:
        """How many boxes of a reparametrisation stand above each other."""
        depth: dict[int, int] = dict.fromkeys(self.layout.params, 0)
        for i in sorted(self.above):
            box = self.wires.boxes[i]
            depth |= dict.fromkeys(box.outputs, 1 + max(depth[w] for w in box.inputs))
        return max(depth.values(), default=0)

    def _data(self, top: float) -> None:
        """The lower part: live wires are rows, and each box takes its inputs off them and puts its outputs there."""
        last = {w: i for i, b in enumerate(self.below) for w in self.wires.boxes[b].inputs}
        last |= {w: len(self.below) for w in self.wires.outputs}
        live = [w for w in self.wires.inputs if w not in self.parametric and w in last]
        unused = [w for w in self.wires.inputs if w not in self.parametric and w not in last]
        rows = max(1, len(live) + len(unused), self._most_live(live, last))
        self.middle, x = top + rows * ROW / 2, 16.0
        names = [self.wires.objects[w] for w in live]
        x += LETTER * max((len(str(ob)) for ob in names), default=0) + 6
        at = {w: (x, y) for w, y in zip(live, self._heights(len(live)), strict=True)}
        for w, name in zip(live, names, strict=True):
            self.layout.labels.append(((x - 5, at[w][1] + 4), name, "end"))
        for i, b in enumerate(self.below):
            x = self._column(x + GAP, b, live, at)
            live[:] = [w for w in live if last.get(w, -1) > i]
        self._finish(x + GAP, at, top + rows * ROW)

    def _most_live(self, live: list[int], last: dict[int, int]) -> int:
        now, most = list(live), len(live)
        for i, b in enumerate(self.below):
            now = [*now, *(w for w in self.wires.boxes[b].outputs if w in last)]
            most = max(most, len(now))
            now = [w for w in now if last.get(w, -1) > i]
        return most

    def _heights(self, count: int) -> list[float]:
        return [self.middle + (k - (count - 1) / 2) * ROW for k in range(count)]

    def _column(self, x: float, b: int, live: list[int], at: dict[int, Point]) -> float:
        box = self.wires.boxes[b]
        data = [w for w in box.inputs if w not in self.parametric]
        params = [w for w in box.inputs if w in self.parametric]
        width = max(LETTER * len(box.label) + 16, 14.0 * len(params) + 12, 30)
        place = min((live.index(w) for w in data), default=len(live))
        fresh = [w for w in box.outputs if w not in live]
        live[place:place] = fresh  # outputs stand where the inputs were; inputs that end here are taken off later
        heights = dict(zip(live, self._heights(len(live)), strict=True))
        middle = sum(at[w][1] for w in data) / len(data) if data else heights[fresh[0]] if fresh else self.middle
        height = max(24.0, 16.0 * max(len(data), len(box.outputs)) + 8)
        self.layout.places[b] = (x, middle - height / 2, width, height)
        for k, w in enumerate(data):
            y = middle + (k - (len(data) - 1) / 2) * 16
            self._stroke(at[w], (x, y), DATA)
        for k, w in enumerate(params):
            port = x + width / 2 + (k - (len(params) - 1) / 2) * 14
            self.ports.setdefault(w, []).append((port, middle - height / 2))
        for k, w in enumerate(fresh):
            at[w] = (x + width, middle + (k - (len(fresh) - 1) / 2) * 16)
        return x + width

    def _finish(self, x: float, at: dict[int, Point], bottom: float) -> None:
        ends = self._heights(len(self.wires.outputs))
        for w, y in zip(self.wires.outputs, ends, strict=True):
            if w in self.parametric:
                self.ports.setdefault(w, []).append((x, y))
                self.leaving.add((x, y))
            else:
                self._stroke(at[w], (x, y), DATA)
            self.layout.labels.append(((x + 5, y + 4), self.wires.objects[w], "start"))
        longest = max((len(str(self.wires.objects[w])) for w in self.wires.outputs), default=0)
        self.layout.size = (x + LETTER * longest + 16, bottom + 14)

    def _parameters(self) -> None:
        """The upper part, from below: each box and each parameter above the middle of where its wires go."""
        level = self.layout.band - 10.0
        for i in sorted(self.above, reverse=True):
            level = self._box_above(i, level)
        edge = 0.0
        for w in sorted(self.layout.params, key=lambda w: _mean(self.ports.get(w, []))):
            half = LETTER * len(str(self.wires.objects[w])) / 2 + 5
            x = max(_mean(self.ports.get(w, [])), edge + half)
            edge = x + half
            self._branch(w, (x, TOP))
            self.layout.labels.append(((x, TOP - 6), self.wires.objects[w], "middle"))
        self.layout.size = (max(self.layout.size[0], edge), self.layout.size[1])

    def _box_above(self, i: int, level: float) -> float:
        box = self.wires.boxes[i]
        width = max(LETTER * len(box.label) + 16, 30.0)
        ends = [p for w in box.outputs for p in self.ports.get(w, [])]
        x = max(_mean(ends), width / 2 + 4)
        top = level - 24
        self.layout.places[i] = (x - width / 2, top, width, 24.0)
        for k, w in enumerate(box.outputs):
            self._branch(w, (x + (k - (len(box.outputs) - 1) / 2) * 14, level))
        for k, w in enumerate(box.inputs):
            port = x + (k - (len(box.inputs) - 1) / 2) * 14
            self.ports.setdefault(w, []).append((port, top))
        return top - 20

    def _branch(self, w: int, start: Point) -> None:
        """A parameter wire to all places where it goes; several places share it from a dot on."""
        ends = self.ports.get(w, [])
        if len(ends) > 1:
            dot = (start[0], start[1] + 12)
            self._stroke(start, dot, PARAMETER, down=(True, True))
            self.layout.dots.append(dot)
            start = dot
        if not ends:  # dropped
            stop = (start[0], start[1] + 12)
            self._stroke(start, stop, PARAMETER, down=(True, True))
            self.layout.dots.append(stop)
        for end in ends:
            self._stroke(start, end, PARAMETER, down=(True, end not in self.leaving))

    def _stroke(self, start: Point, end: Point, colour: str, *, down: tuple[bool, bool] = (False, False)) -> None:
        self.layout.strokes.append(_Stroke(start, end, down, colour))


def _mean(points: list[Point]) -> float:
    return sum(x for x, _ in points) / len(points) if points else 0.0


# ---- drawing -----------------------------------------------------------------------------------------------------


def _controls(s: _Stroke) -> tuple[Point, Point]:
    """The control points of a wire, so that it leaves and arrives straight."""
    (x1, y1), (x2, y2) = s.start, s.end
    reach_x, reach_y = max(abs(x2 - x1) / 2, 8), max(abs(y2 - y1) / 2, 6)
    first = (x1, y1 + reach_y) if s.down[0] else (x1 + reach_x, y1)
    second = (x2, y2 - reach_y) if s.down[1] else (x2 - reach_x, y2)
    return first, second


def _path(s: _Stroke) -> Markup:
    (a, b), (c, d) = _controls(s)
    numbers = [*s.start, a, b, c, d, *s.end]
    x0, y0, x1, y1, x2, y2, x3, y3 = map(number, numbers)
    return element(
        "path", d=f"M{x0} {y0}C{x1} {y1} {x2} {y2} {x3} {y3}", fill="none", stroke=s.colour, stroke_width=1.6
    )


def _box(box: WiredBox, place: tuple[float, float, float, float], above: bool) -> Markup:
    x, y, w, h = place
    colour = PARAMETER if above else INK
    frame = element("rect", x=x, y=y, width=w, height=h, rx=4, fill="#ffffff", stroke=colour, stroke_width=1.4)
    text = element("text", box.label, x=x + w / 2, y=y + h / 2 + 4, text_anchor="middle", font_size=12, fill="#222222")
    return element("g", frame, text)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return element("text", text, x=x, y=y, text_anchor=anchor, font_size=11, fill=INK)
