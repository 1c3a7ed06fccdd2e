"""Trees, state diagrams and plans as SVG: everything is there, apart, inside the sheet, and escaped."""

from __future__ import annotations

import itertools as it
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.datatypes import Choice, Problem, automaton, minimal, moore, streams
from catcore.datatypes.semirings import COUNTING, MIN_PLUS
from catcore.drawing import automaton_svg, plan_svg, tree_svg
from catcore.drawing.layouts import layered, layers, routed, tidy_tree
from catcore.errors import NotRecursive, TooLarge, UnknownName
from tests.datatypes.examples import LIST, TREE, Lists, Rose, Trees
from tests.datatypes.test_machines import ADDER, MOD4

SVG = "{http://www.w3.org/2000/svg}"
leaf, node = Trees.constructors


def texts(svg: str) -> list[str]:
    return [t.text or "" for t in ET.fromstring(svg).iter(f"{SVG}text")]


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    found = []
    for r in ET.fromstring(svg).iter(f"{SVG}rect"):
        x, y, w, h = (float(r.attrib[k]) for k in ("x", "y", "width", "height"))
        found.append((x, y, x + w, y + h))
    return found


def assert_apart_and_inside(svg: str) -> None:
    width, height = (float(ET.fromstring(svg).attrib[k]) for k in ("width", "height"))
    found = boxes(svg)
    for a, b in it.combinations(found, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    assert all(x >= 0 and y >= 0 and x_ <= width and y_ <= height for x, y, x_, y_ in found)


trees = st.recursive(st.integers(-99, 99).map(leaf), lambda t: st.tuples(t, t).map(lambda p: node(*p)), max_leaves=20)


@given(trees)
def test_every_constructor_is_a_box_of_its_own(tree):
    svg = tree_svg(tree, Trees)

    assert len(boxes(svg)) == tree.size
    assert_apart_and_inside(svg)


def test_the_values_of_a_fold_stand_below_t2_3():
    svg = tree_svg(TREE, Trees, fold={"Leaf": lambda a: a, "Node": lambda l, r: l - 2 * r})

    assert texts(svg).count("Node") == 4
    assert {"-42", "-8", "17", "-5"} <= set(texts(svg))
    listed = tree_svg(LIST, Lists, fold={"Nil": lambda: 0, "Cons": lambda a, x: a + x})
    assert texts(listed)[:6] == ["Cons 3", "Cons 1", "Cons 4", "Cons 1", "Cons 5", "Nil"]
    assert texts(listed)[6:] == ["14", "11", "10", "6", "5", "0"]


def test_shared_branches_are_drawn_once():
    tree = leaf(1)
    for _ in range(8):
        tree = node(tree, tree)

    assert len(boxes(tree_svg(tree, Trees, shared=True))) == 9
    with pytest.raises(TooLarge, match="shared branches once with shared=True"):
        tree_svg(tree, Trees)


def test_branches_in_lists_hang_directly_below():
    svg = tree_svg(Rose.from_nested(("Rose", "<b>", [("Rose", 2, []), ("Rose", 3, [])])), Rose)

    assert texts(svg) == ["Rose <b>", "Rose 2", "Rose 3"]
    assert "<b>" not in svg


def test_state_diagrams_say_what_is_read_and_shown():
    said = texts(automaton_svg(MOD4, 0))
    mealy = texts(automaton_svg(ADDER, 0))
    odd = automaton("eo", "xy", lambda s, c: ("o" if s == "e" else "e") if c == "x" else s, "o")

    assert said.count("1") == 4 + 1 + 2  # arrows, a state, outputs
    assert "11 / 0" in mealy
    assert automaton_svg(odd, "e").count("<circle") == 2 + 1  # one state accepts
    assert texts(automaton_svg(streams("ab", lambda s: (s, "b" if s == "a" else "a"))))[-4:] == ["a", "a", "b", "b"]


def test_classes_have_colours():
    quotient = minimal(MOD4)
    fills = re.findall(r'<circle[^>]*fill="(#\w+)"', automaton_svg(MOD4, quotient=quotient))

    assert [fills[0] == fill for fill in fills] == [quotient.labels[0] == label for label in quotient.labels]


@given(st.integers(1, 9), st.data())
def test_states_stand_apart(n, data):
    rows = data.draw(st.lists(st.lists(st.integers(0, n - 1), min_size=2, max_size=2), min_size=n, max_size=n))
    svg = automaton_svg(moore(range(n), "ab", lambda s, c: rows[s]["ab".index(c)], lambda s: s), 0)
    places = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in ET.fromstring(svg).iter(f"{SVG}circle")]

    assert len(places) == n
    assert all(abs(a - c) + abs(b - d) > 40 for (a, b), (c, d) in it.combinations(places, 2))


def stairs(n: int) -> Problem:
    return Problem(lambda s: [Choice(k * k, (s - k,), label=k) for k in (1, 2) if k <= s] if s else [Choice(0)])


def test_plans_show_states_answers_and_a_solution():
    svg = plan_svg(stairs(4), 4, MIN_PLUS)
    bold = re.findall(r'stroke-width="3"', svg)

    assert len(boxes(svg)) == 5
    assert_apart_and_inside(svg)
    assert texts(svg).count("1") == 4 + 2  # four single steps; state 1 and its answer
    assert len(bold) == 8  # four steps of one, each through its label
    assert texts(plan_svg(stairs(4), 4, COUNTING)).count("5") == 1


def test_choices_with_several_subproblems_part_at_a_dot():
    fibonacci = Problem(lambda n: [Choice(0)] if n < 2 else [Choice(0, (n - 1, n - 2))])
    svg = plan_svg(fibonacci, 6, COUNTING)

    assert svg.count("<circle") == 5
    assert_apart_and_inside(svg)
    with pytest.raises(NotRecursive):
        plan_svg(Problem(lambda n: [Choice(0, (n,))]), 1, MIN_PLUS)
    with pytest.raises(TooLarge, match="at most 150 are drawn"):
        plan_svg(stairs(200), 200, MIN_PLUS)


def test_what_is_too_large_or_unknown_is_refused():
    with pytest.raises(TooLarge, match="minimal quotient"):
        automaton_svg(streams(range(100), lambda s: (s, s)))
    with pytest.raises(UnknownName, match="no state 9"):
        automaton_svg(MOD4, 9)


def test_tidy_trees_are_narrow_and_centred():
    places = tidy_tree([[1, 2, 3], [4, 5], [], [6, 7], [], [], [], []], [1.0] * 8)

    assert places[0] == (places[1] + places[3]) / 2
    assert places[4:] == [0.5, 2.5, 4.5, 6.5]
    assert tidy_tree([[]], [3.0]) == [1.5]


@given(st.integers(1, 8), st.data())
def test_layers_lead_downwards_and_nodes_of_a_layer_stand_apart(n, data):
    below = [data.draw(st.lists(st.integers(i + 1, n), max_size=3, unique=True)) if i < n else [] for i in range(n + 1)]
    layer = layers(below)
    widths = [1.0 + i % 3 for i in range(n + 1)]
    places = layered(below, layer, widths)

    assert all(layer[a] < layer[b] for a, children in enumerate(below) for b in children)
    for a, b in it.combinations(range(n + 1), 2):
        assert layer[a] != layer[b] or abs(places[a] - places[b]) >= (widths[a] + widths[b]) / 2 + 1 - 1e-9
    found: Any = routed(below, layer, widths)[1]
    assert set(found) == {(a, b) for a, children in enumerate(below) for b in children if layer[b] > layer[a] + 1}
