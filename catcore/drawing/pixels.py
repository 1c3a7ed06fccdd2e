"""Small images side by side: white paper, blue ink for what is positive and orange for what is negative.

>>> pixels_svg([[[0, 1], [-1, 0]]], captions=["a"]).count("<path")
2
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catcore.drawing.colours import INK
from catcore.drawing.svg import Markup, element, number, picture
from catcore.errors import ShapeMismatch

POSITIVE, NEGATIVE, PAPER = (34, 82, 140), (204, 85, 20), (255, 255, 255)
MARGIN, GAP = 12.0, 22.0


def pixels_svg(images: Any, *, captions: Sequence[str] = (), size: float = 12.0, title: str = "images") -> str:
    """Images as SVG, each a matrix of numbers; one scale of ink serves all of them.

    Raises:
        ShapeMismatch: when there are more captions than images.
    """
    listed = [image.tolist() if hasattr(image, "tolist") else image for image in images]
    if len(captions) > len(listed):
        raise ShapeMismatch(f"{len(captions)} captions were given for {len(listed)} images; give at most one each.")
    most = max((abs(x) for image in listed for row in image for x in row), default=0) or 1
    x, bottom, drawn = MARGIN, 0.0, []
    for k, image in enumerate(listed):
        width, height = size * max(map(len, image), default=0), size * len(image)
        drawn += [_frame(x, width, height), _image(image, x, most, size)]
        if k < len(captions):
            drawn.append(_caption(captions[k], x + width / 2, height))
        x, bottom = x + width + GAP, max(bottom, height)
    return picture(x - GAP + MARGIN, MARGIN + bottom + (28 if captions else MARGIN), title, *drawn)


def _image(image: Sequence[Sequence[float]], x: float, most: float, size: float) -> Markup:
    """One path for each ink: a square for each pixel that has any."""
    paths: dict[str, list[str]] = {}
    side = number(size)
    for i, row in enumerate(image):
        for j, value in enumerate(row):
            if value:
                square = f"M{number(x + size * j)} {number(MARGIN + size * i)}h{side}v{side}h-{side}z"
                paths.setdefault(_ink(value / most), []).append(square)
    drawn = (element("path", d="".join(d), fill=ink) for ink, d in sorted(paths.items()))
    return element("g", *drawn, shape_rendering="crispEdges")


def _frame(x: float, width: float, height: float) -> Markup:
    return element("rect", x=x, y=MARGIN, width=width, height=height, fill=_ink(0), stroke=INK, stroke_width=0.8)


def _caption(text: str, x: float, height: float) -> Markup:
    return element("text", text, x=x, y=MARGIN + height + 18, fill=INK, font_size=12, text_anchor="middle")


def _ink(value: float) -> str:
    """The colour of a value between −1 and 1."""
    full = POSITIVE if value > 0 else NEGATIVE
    mixed = (round(p + (f - p) * abs(value)) for p, f in zip(PAPER, full, strict=True))
    return "#" + "".join(f"{c:02x}" for c in mixed)
