"""Images as SVG: one square a pixel, and one scale of ink for all."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from catcore.drawing import pixels_svg
from catcore.errors import ShapeMismatch

PATH = "{http://www.w3.org/2000/svg}path"


def inks(svg: str) -> dict[str | None, int]:
    """How many squares there are of each ink."""
    return {e.get("fill"): e.get("d", "").count("z") for e in ElementTree.fromstring(svg).iter(PATH)}


def test_signs_have_their_own_ink_and_zero_has_none():
    found = inks(pixels_svg([[[0, 4], [-4, 2], [4, 4]]]))

    assert (found["#22528c"], found["#cc5514"]) == (3, 1)
    assert len(found) == 3
    assert sum(found.values()) == 5


def test_all_images_share_one_scale():
    assert len(inks(pixels_svg(np.array([[[1]], [[2]]])))) == 2
    assert len(inks(pixels_svg(np.array([[[1]], [[1]]])))) == 1


def test_captions_are_escaped():
    assert "<script>" not in pixels_svg([[[1]]], captions=["<script>"])


@pytest.mark.parametrize("images", [[], [[]], [[[0]]]])
def test_empty_images_draw(images):
    ElementTree.fromstring(pixels_svg(images))


def test_too_many_captions_are_refused():
    with pytest.raises(ShapeMismatch, match="2 captions were given for 1 images"):
        pixels_svg([[[1]]], captions=["a", "b"])
