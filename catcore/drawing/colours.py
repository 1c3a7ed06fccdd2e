"""Colours that tell classes apart, also for the colour-blind, on light pages and on dark ones.

Twelve colours are chosen by hand; more classes than that are spread over hue and lightness in OKLCH, a space in which
equal steps look equal.  None is so light that it fades on white or so dark that it fades on black.

>>> len(set(palette(64)))
64
"""

from __future__ import annotations

import math
from functools import lru_cache

#: A grey with the same contrast on white and on black.
INK = "#767676"

TWELVE = (
    "#4477aa", "#ee6677", "#ccbb44", "#228833", "#66ccee", "#aa3377",
    "#ee8833", "#44aa99", "#b59adf", "#997700", "#f2a7c3", "#7a8ce0",
)  # fmt: skip
DARKEST, LIGHTEST = 0.56, 0.84


@lru_cache(maxsize=32)
def palette(classes: int, period: int = 3) -> tuple[str, ...]:
    """One colour for each class, as ``#rrggbb``; beyond twelve, lightness rises over each ``period`` of classes."""
    if classes <= len(TWELVE):
        return TWELVE[:classes]
    return tuple(
        oklch(DARKEST + (LIGHTEST - DARKEST) * (k % period) / max(period - 1, 1), 0.125, 255 + 360 * k / classes)
        for k in range(classes)
    )


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """The sRGB colour ``#rrggbb`` at these OKLCH coordinates, the hue in degrees; chroma is lowered until it exists."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )
    if chroma > 0 and not all(-1e-4 <= x <= 1 + 1e-4 for x in linear):
        return oklch(lightness, chroma - 0.005, hue)
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, x)))):02x}" for x in linear)


def _gamma(x: float) -> float:
    return 12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055


def linear_rgb(colour: str) -> tuple[float, float, float]:
    """The three intensities of light, from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(x: float) -> float:
    return x / 12.92 if x <= 0.04045 else float(((x + 0.055) / 1.055) ** 2.4)


def text_on(colour: str) -> str:
    """Black or white, whichever is read more easily on the colour."""
    red, green, blue = linear_rgb(colour)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#1a1a1a" if luminance > 0.2 else "#ffffff"
