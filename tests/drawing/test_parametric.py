"""String diagrams of Para: read off the term, parameters from above, and no way in for a stranger's markup."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import sympy as sp

from catcore import Para, ParaMap, R, TwoCell, atoms, generator, ident, inl, pair, smooth, snd
from catcore.categories import FVect
from catcore.drawing import para_svg, para_tikz
from catcore.drawing.wiring import wiring
from catcore.errors import IllTyped
from catcore.para import tie
from catcore_proofs import prove

A, B, C, P, Q, S, X = atoms("A B C P Q S X")
SVG = "{http://www.w3.org/2000/svg}"
f = ParaMap(P, generator("f", P * A, B))
g = ParaMap((Q, P), generator("g", Q * (P * B), C))
cell = ParaMap(P, generator("cell", P * S, S))
dense = ParaMap(R(4, 2), smooth("matmul", R(4, 2) * R(2))) >> ParaMap(R(4), smooth("add", R(4) * R(4)))


def found(svg: str, kind: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(SVG + kind))


def texts(svg: str) -> list[str | None]:
    return [t.text for t in found(svg, "text")]


@pytest.mark.parametrize("value", [f >> g, f * g, (f * g) >> generator("h", B * C, A), cell >> cell, dense], ids=str)
def test_the_picture_says_what_the_term_says(value):
    """What the wiring says, read back as a term, is the term: proved, not compared as text."""
    back = wiring(value.arrow).term()
    assert wiring(back) == wiring(value.arrow)
    assert prove(back, value.arrow).evidence == "proved"


def test_equal_boxes_on_equal_wires_are_one_and_laws_of_products_are_no_boxes():
    u = generator("u", A, B)
    assert len(wiring(pair(u, u)).boxes) == 1
    assert wiring(pair(u, ident(A)) >> snd(B, A)).outputs == (0,)
    assert [b.label for b in wiring(f.arrow >> inl(B, C)).boxes] == ["f", "ι₁"]


def test_parameters_come_from_above_and_inputs_from_the_left():
    svg = para_svg(f >> g)
    boxes, labels = found(svg, "rect"), texts(svg)
    assert len(boxes) == 2
    assert sorted(filter(None, labels)) == sorted(["f", "g", "A", "C", "P", "P", "Q"])
    strokes = [p.get("stroke") for p in found(svg, "path")]
    assert len(strokes) == 3 + 3  # three data wires and three parameters
    assert len(set(strokes)) == 2


def test_a_shared_parameter_branches_in_a_dot():
    svg = para_svg(tie(cell >> cell >> cell, [0, 0, 0]))
    assert len(found(svg, "circle")) == 1
    assert len(found(svg, "rect")) == 3
    assert texts(svg).count("P") == 1
    untied = para_svg(cell >> cell >> cell)
    assert len(found(untied, "circle")) == 0
    assert texts(untied).count("P") == 3


def test_a_reparametrisation_stands_above_the_dashed_line():
    svg = para_svg(TwoCell(generator("r", X, P), f, X))
    line = found(svg, "line")[0]
    height = float(line.get("y1", "0"))
    tops = {t.text: float(t.get("y", "0")) for t in found(svg, "text")}
    assert tops["r"] < height < tops["f"]
    assert tops["X"] < tops["r"]


def test_tikz_has_the_same_boxes_and_wires():
    tikz = para_tikz(tie(cell >> cell, [0, 0]))
    assert tikz.startswith(r"\begin{tikzpicture}")
    assert tikz.count("rounded corners") == 2
    assert tikz.count("controls") == 3 + 3  # data; the stem and two branches of P
    assert tikz.count("circle") == 1
    assert "dashed" in tikz
    assert "mathbb" in para_tikz(dense)


def test_names_cannot_break_out():
    evil = ParaMap(P, generator("</text><script>", P * A, B))
    assert "<script>" not in para_svg(evil)
    assert r"\script" not in para_tikz(ParaMap(P, generator(r"\script{%", P * A, B)))


def test_odd_maps_are_drawn():
    for value in (
        ParaMap((), ident(A)),
        ParaMap(P, snd(P, A)),  # dropped
        ParaMap(P, ident(P * A)),  # a parameter that leaves on the right
        ParaMap((), generator("point", ident(1).dom, A)),
        ParaMap((P, Q), generator("f", P * (Q * A), B * C)),
    ):
        for picture in (para_svg(value), value._repr_html_()):
            ElementTree.fromstring(picture)
    assert "<code>" in Para(FVect()).map(1, sp.ImmutableMatrix([[1, 2]]))._repr_html_()


def test_anything_else_is_refused():
    with pytest.raises(IllTyped, match="A picture of a parametric map"):
        para_svg(f.arrow)
