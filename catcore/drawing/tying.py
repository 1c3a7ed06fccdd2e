"""A tying pattern as a picture: entries that share a parameter share a colour, and a forced zero stays empty.

A pattern is a matrix of signed labels: entry ``±k`` is ± parameter k, and 0 is a zero that the symmetry forces.  Small
patterns show their letters and a legend, larger ones the colours alone, and of very large ones the top left corner is
drawn and the caption says so.  An entry with a minus is hatched.

>>> print(tying_text([[1, -2], [2, 1], [0, 3]]))
 a −b
 b  a
 ·  c
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from catcore.drawing.colours import INK, palette, text_on
from catcore.drawing.svg import Markup, element, number, picture
from catcore.errors import NoInstance, ShapeMismatch

Rows = list[list[int]]
COMPACT = 64  # from this many rows or columns on, cells are drawn without gaps and letters
LARGEST, CORNER = 256, 128  # above the first only the corner is drawn
IN_LEGEND = 12
MARGIN, CAPTION, WIDTH = 40.0, 30.0, 390.0


def tying_svg(
    pattern: Any, *, title: str | None = None, block: int | None = None, axes: tuple[str, str] = ("in →", "out ↓")
) -> str:
    """The pattern as SVG, ready for a file or for a page.

    Args:
        pattern: signed labels as a matrix or nested lists, or a space of homomorphisms.
        title: the caption; by default the size and the number of parameters.
        block: where given, a gap is left after each such number of rows and columns, say an image's row length.
        axes: what columns and rows are called; a filter, which is an image of weights, has other names than a matrix.

    Raises:
        ShapeMismatch: when the rows differ in length.
        NoInstance: when the space has no tying pattern.
    """
    shown, shape, classes = _corner(pattern)
    caption = title if title is not None else _caption(shape, classes)
    if len(shown) < shape[0] or (shown and len(shown[0]) < shape[1]):
        caption += f" – the first {len(shown)} × {len(shown[0])} entries"
    return _Sheet(shown, classes, block, axes).picture(caption)


def tying_text(pattern: Any) -> str:
    """The pattern in letters, or in numbers where there are more than 26 parameters; ``·`` is a forced zero.

    Raises ``ShapeMismatch`` and ``NoInstance`` as :func:`tying_svg` does.
    """
    rows, (height, width), classes = _corner(pattern)
    names = _names(classes)
    cells = [[_signed(label, names) for label in row] for row in rows]
    room = max((len(cell) for row in cells for cell in row), default=0)
    cut = " …" if rows and len(rows[0]) < width else ""
    lines = [" ".join(cell.rjust(room) for cell in row) + cut for row in cells]
    return "\n".join(lines + (["…"] if len(rows) < height else []))


def _corner(pattern: Any) -> tuple[Rows, tuple[int, int], int]:
    """The entries that are drawn, the size of the whole matrix, and how many parameters there are."""
    if hasattr(pattern, "labels"):
        if pattern.labels is None:
            raise NoInstance(
                f"A picture of the tying was asked for, and this space of dimension {pattern.dim} has no basis of 0 "
                "and ±1 with disjoint supports; print its matrix() instead."
            )
        pattern = pattern.labels
    if len({len(row) for row in pattern}) > 1:
        raise ShapeMismatch(
            "A picture of a tying pattern was asked for, and its rows differ in length; make them equal."
        )
    shape = (len(pattern), len(pattern[0]) if len(pattern) else 0)
    classes = _largest(pattern) if all(shape) else 0
    size = LARGEST if max(shape) <= LARGEST else CORNER
    return [[int(label) for label in row[:size]] for row in pattern[:size]], shape, classes


def _largest(pattern: Any) -> int:
    if hasattr(pattern, "max"):  # an array, whose millions of entries are never listed
        return max(int(pattern.max()), -int(pattern.min()))
    return max(abs(int(label)) for row in pattern for label in row)


def _names(classes: int) -> Sequence[str]:
    return string.ascii_lowercase if classes <= 26 else [str(k) for k in range(1, classes + 1)]


def _signed(label: int, names: Sequence[str]) -> str:
    return "·" if label == 0 else "−" * (label < 0) + names[abs(label) - 1]


def _caption(shape: tuple[int, int], classes: int) -> str:
    plural = "parameter" if classes == 1 else "parameters"
    return f"{shape[0]} × {shape[1]}, {_spaced(classes)} free {plural} instead of {_spaced(shape[0] * shape[1])}"


def _spaced(n: int) -> str:
    return str(n) if n < 10_000 else f"{n:_}".replace("_", "\u202f")


class _Sheet:
    """Where things stand on the page, for one pattern."""

    def __init__(self, rows: Rows, classes: int, block: int | None, axes: tuple[str, str]) -> None:
        self.rows, self.classes, self.axes = rows, classes, axes
        self.height, self.width = len(rows), len(rows[0]) if rows else 0
        self.names, self.colours = _names(classes), palette(classes, block or 3)
        largest = max(self.height, self.width, 1)
        self.compact = largest >= COMPACT
        self.cell = max(3.0, min(44.0, 528 // largest))
        self.block = block if block and block > 0 else largest
        self.gap = 3.0 if self.block < largest else 0.0

    def start(self, k: int) -> float:
        """Where row or column k begins on the page."""
        return MARGIN + k * self.cell + k // self.block * self.gap

    def picture(self, caption: str) -> str:
        right, bottom = (self.start(max(n, 1) - 1) + self.cell for n in (self.width, self.height))
        width = max(right + 12, MARGIN + 12 + 7.6 * len(caption), WIDTH)
        legend, end = self._legend(bottom + CAPTION + 8, width)
        text = element("text", caption, x=MARGIN, y=bottom + 24, fill=INK, font_size=13)
        return picture(
            width, end, caption, *self._entries(), *self._axes(), self._brackets(right, bottom), text, *legend
        )

    # Entries ------------------------------------------------------------------------------------------------------

    def _entries(self) -> list[Markup]:
        if self.compact:
            return [*self._merged(), *self._hatching()]
        squares, letters = self._separate()
        return [*squares, *self._hatching(), *letters]

    def _separate(self) -> tuple[list[Markup], list[Markup]]:
        """A rounded square for each entry, and its letter."""
        side, inset = self.cell, max(0.5, self.cell / 22)
        found, letters = [], []
        for i, row in enumerate(self.rows):
            for j, label in enumerate(row):
                if label:
                    x, y, colour = self.start(j), self.start(i), self.colours[abs(label) - 1]
                    found.append(
                        element(
                            "rect", x=x + inset, y=y + inset, width=side - 2 * inset, height=side - 2 * inset,
                            rx=side / 7, fill=colour, data_class=str(abs(label)),
                        )
                    )  # fmt: skip
                    letters.append(self._letter(_signed(label, self.names), x, y, colour))
        return found, letters

    def _letter(self, text: str, x: float, y: float, colour: str) -> Markup:
        if self.cell < 20 or (len(text) > 2 and self.cell < 28):
            return Markup("")
        size = self.cell * (0.46 if len(text) <= 2 else 0.32)
        return element(
            "text", text, x=x + self.cell / 2, y=y + self.cell / 2 + size * 0.36, fill=text_on(colour), font_size=size,
            text_anchor="middle", font_style="italic" if self.classes <= 26 else None,
        )  # fmt: skip

    def _merged(self) -> list[Markup]:
        """One path for each class; neighbours in a row that share a class are one rectangle."""
        paths: dict[int, list[str]] = {}
        for i, row in enumerate(self.rows):
            places = [(abs(label), j // self.block, j) for j, label in enumerate(row)]
            for (label, _), run in groupby(places, key=lambda place: place[:2]):
                if label:
                    columns = [j for *_, j in run]
                    paths.setdefault(label, []).append(self._rectangle(i, columns[0], len(columns)))
        return [
            element(
                "path",
                d="".join(d),
                fill=self.colours[label - 1],
                data_class=str(label),
                shape_rendering="crispEdges",
            )
            for label, d in sorted(paths.items())
        ]

    def _rectangle(self, i: int, j: int, length: int) -> str:
        width, height = number(length * self.cell), number(self.cell)
        return f"M{number(self.start(j))} {number(self.start(i))}h{width}v{height}h-{width}z"

    def _hatching(self) -> list[Markup]:
        """Diagonals across every entry with a minus."""
        side, lines = self.cell, []
        steps = (1 / 3, 2 / 3, 1.0, 4 / 3, 5 / 3) if side >= 12 else (1.0,)
        for i, row in enumerate(self.rows):
            for j, label in enumerate(row):
                if label < 0:
                    x, y = self.start(j), self.start(i)
                    for t in steps:
                        low, high = max(0.0, t - 1) * side, min(1.0, t) * side
                        lines.append(f"M{number(x + low)} {number(y + high)}L{number(x + high)} {number(y + low)}")
        if not lines:
            return []
        width = max(0.8, side / 22)
        return [
            element("path", d="".join(lines), stroke="#ffffff", stroke_opacity=0.4, stroke_width=width, fill="none")
        ]

    # What stands around -------------------------------------------------------------------------------------------

    def _brackets(self, right: float, bottom: float) -> Markup:
        left, top, arm = MARGIN - 5, MARGIN - 5, 7
        path = f"M{left + arm} {top}H{left}V{number(bottom + 5)}H{left + arm}"
        path += f"M{number(right + 5 - arm)} {top}H{number(right + 5)}V{number(bottom + 5)}H{number(right + 5 - arm)}"
        return element("path", d=path, stroke=INK, stroke_width=1.6, fill="none")

    def _axes(self) -> list[Markup]:
        """Numbers of rows and columns, from 0, as many as there is room for."""
        step = self._step()
        half = self.cell / 2 + 3.5
        across = [
            element("text", str(j), x=self.start(j) + self.cell / 2, y=MARGIN - 12, text_anchor="middle")
            for j in range(0, self.width, step)
        ]
        down = [
            element("text", str(i), x=MARGIN - 11, y=self.start(i) + half, text_anchor="end")
            for i in range(0, self.height, step)
        ]
        names = [
            element("text", self.axes[0], x=MARGIN - 5, y=11),
            element("text", self.axes[1], x=2, y=MARGIN - 12) if self.width else Markup(""),
        ]
        return [element("g", *across, *down, *names, fill=INK, font_size=10)]

    def _step(self) -> int:
        largest = max(self.height, self.width)
        if self.gap and self.cell < 20:
            return self.block * max(1, -(-20 // int(self.block * self.cell)))
        return next((s for s in (1, 2, 4, 8, 16, 32) if s * self.cell >= 20), largest or 1)

    def _legend(self, y: float, width: float) -> tuple[list[Markup], float]:
        """Each class with its letter and the number of its entries, and where the picture ends."""
        if not 0 < self.classes <= IN_LEGEND:
            return [], y + 2
        counts = Counter(abs(label) for row in self.rows for label in row)
        found, x = [], MARGIN
        for k in range(1, self.classes + 1):
            text = f"{self.names[k - 1]} × {counts[k]}"
            room = 32 + 7.2 * len(text)
            if x > MARGIN and x + room > width:
                x, y = MARGIN, y + 22
            found.append(element("rect", x=x, y=y, width=14, height=14, rx=3, fill=self.colours[k - 1]))
            found.append(element("text", text, x=x + 19, y=y + 11.5, fill=INK, font_size=12))
            x += room
        return found, y + 26
