"""The picture of a tying pattern: well-formed, one colour a class, and no way in for a stranger's markup."""

from __future__ import annotations

import itertools
import math
from xml.etree import ElementTree

import numpy as np
import pytest

from catcore import Representation, cyclic, equivariant_maps, free_monoid
from catcore.drawing import tying_svg, tying_text
from catcore.drawing.colours import INK, TWELVE, linear_rgb, palette, text_on
from catcore.drawing.svg import element
from catcore.errors import NoInstance, ShapeMismatch

SVG = "{http://www.w3.org/2000/svg}"
TORUS = (cyclic(8) * cyclic(8)).defining


def read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def drawn(svg: str) -> list[tuple[str, str]]:
    """The class and the colour of every shape that stands for entries."""
    return [(e.get("data-class", ""), e.get("fill", "")) for e in read(svg).iter() if e.get("data-class")]


def test_entries_share_a_colour_exactly_when_they_share_a_parameter():
    svg = tying_svg([[1, 2, 0], [2, 1, -3]])
    shapes = drawn(svg)

    assert [k for k, _ in shapes] == ["1", "2", "2", "1", "3"]  # the forced zero is not drawn
    assert len(set(shapes)) == len({k for k, _ in shapes}) == len({c for _, c in shapes}) == 3


def test_letters_signs_and_legend_are_said():
    texts = [e.text for e in read(tying_svg([[1, -2], [2, 1]])).iter(f"{SVG}text")]

    assert {"a", "b", "−b", "a × 2", "b × 2", "2 × 2, 2 free parameters instead of 4"} <= set(texts)


def test_axes_are_named_as_asked():
    assert "in →" in tying_svg([[1]])
    assert "in →" not in tying_svg([[1]], axes=("→", "↓"))
    assert "row &lt; 1" in tying_svg([[1]], axes=("→", "row < 1"))


def test_a_minus_is_hatched():
    def strokes(svg):
        return [e for e in read(svg).iter(f"{SVG}path") if e.get("stroke-opacity")]

    assert strokes(tying_svg([[1, 2]])) == []
    assert len(strokes(tying_svg([[1, -2]]))) == 1


def test_a_large_pattern_is_one_path_a_class():
    shapes = drawn(tying_svg(equivariant_maps(TORUS, TORUS), block=8))

    assert len(shapes) == 64
    assert len({colour for _, colour in shapes}) == 64


def test_neighbours_of_one_class_are_one_rectangle():
    svg = tying_svg([[1] * 70, [1] * 35 + [2] * 35])
    (first, second) = [e.get("d", "") for e in read(svg).iter(f"{SVG}path") if e.get("data-class")]

    assert (first.count("z"), second.count("z")) == (2, 1)


def test_of_a_very_large_pattern_the_corner_is_drawn_and_the_caption_says_so():
    labels = np.arange(300)[:, None] * 0 + np.arange(1, 301)[None, :]
    svg = tying_svg(labels)

    assert "300 × 300" in svg
    assert "the first 128 × 128 entries" in svg
    assert len(drawn(svg)) == 128
    assert len(svg) < 400_000


@pytest.mark.parametrize("pattern", [[], [[]], [[0, 0]], [[1]], [[1, 2, 3]], [[1], [2]]])
@pytest.mark.parametrize("block", [None, 1, 2])
def test_small_and_empty_shapes_draw(pattern, block):
    assert read(tying_svg(pattern, block=block)).tag == f"{SVG}svg"


def test_a_hostile_title_is_text():
    title = "</title><script>alert('&\"')</script>\x00\x1b\ud800"
    tree = read(tying_svg([[1]], title=title))

    assert list(tree.iter(f"{SVG}script")) == []
    assert tree.findtext(f"{SVG}title") == title[:-3] + "\ufffd" * 3


def test_attributes_are_escaped():
    made = element("rect", fill='"/><script>')

    assert ElementTree.fromstring(made).get("fill") == '"/><script>'


def test_text_of_a_pattern():
    shift = Representation(free_monoid("s"), {"s": [[0, 0, 0], [1, 0, 0], [0, 1, 0]]})

    assert tying_text(equivariant_maps(shift, shift)) == "a · ·\nb a ·\nc b a"
    assert tying_text(np.arange(1, 31).reshape(1, 30)).split() == [str(k) for k in range(1, 31)]
    assert tying_text(np.ones((300, 300), dtype=int)).count("…") == 129
    assert tying_text([]) == ""


def test_a_space_without_a_pattern_is_refused():
    third = Representation(cyclic(3), {"s": [[0, -1], [1, -1]]})

    with pytest.raises(NoInstance, match="no basis of 0 and ±1"):
        tying_svg(equivariant_maps(third, third))


def test_ragged_rows_are_refused():
    with pytest.raises(ShapeMismatch, match="differ in length"):
        tying_text([[1, 2], [1]])


# Colours ----------------------------------------------------------------------------------------------------------


def seen(colour: str, kind: str) -> tuple[float, float, float]:
    """The colour in OKLab, as eyes without red or without green receptors see it (Viénot, Brettel and Mollon 1999)."""
    r, g, b = linear_rgb(colour)
    if kind == "without red":
        r = g = 0.112 * r + 0.888 * g
    elif kind == "without green":
        r = g = 0.293 * r + 0.707 * g
    l = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    m = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    s = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    )


@pytest.mark.parametrize("kind", ["all", "without red", "without green"])
def test_the_first_colours_are_told_apart_by_all_eyes(kind):
    points = [seen(colour, kind) for colour in TWELVE]
    first = min(math.dist(a, b) for a, b in itertools.combinations(points[:6], 2))
    every = min(math.dist(a, b) for a, b in itertools.combinations(points, 2))

    assert first > 0.08  # about four times what side by side is just told apart
    assert every > 0.02


@pytest.mark.parametrize("classes", [12, 13, 64, 300])
def test_colours_differ_and_stand_out_on_light_and_dark_pages(classes):
    colours = palette(classes)

    assert len(set(colours)) == classes
    assert all(contrast(colour, "#ffffff") > 1.3 and contrast(colour, "#111111") > 2 for colour in colours)
    assert all(contrast(text_on(colour), colour) > 3 for colour in colours)
    assert min(contrast(INK, "#ffffff"), contrast(INK, "#000000")) > 4.5


def contrast(one: str, other: str) -> float:
    """The ratio of luminances as the Web Content Accessibility Guidelines have it."""
    bright, dark = sorted(
        (sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear_rgb(c), strict=True)) for c in (one, other)),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)
