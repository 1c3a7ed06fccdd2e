"""Equality, normal forms, drawings and occurrences of planar diagrams, against brute force over interchanges."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catcore.diagrams as dg
from catcore.diagrams import Box, Diagram, Path, as_diagram, equal, identity, normal_form, spiral
from catcore.diagrams.matching import occurrences
from catcore.diagrams.normal import Words, assemble, sizes_of
from catcore.diagrams.planar import Plane, components
from catcore.diagrams.upward import draw
from catcore.errors import NoInstance, NotParallel
from tests.diagrams.oracle import (
    BOXES,
    ENDS,
    NOTHING,
    SCALARS,
    X,
    distinct,
    interchange_class,
    literal_occurrences,
    random_coloured,
    random_diagram,
)

SEEDS = st.integers(0, 10**9)


def small(seed: int) -> Diagram:
    rng = random.Random(seed)
    return random_diagram(rng, rng.choice([0, 0, 1, 2]), rng.randint(1, 6))


def redrawn(diagram: Diagram) -> Diagram:
    """The diagram forgotten down to its plane graph and drawn again."""
    plane = Plane(len(diagram.dom), sizes_of(diagram))
    blocks = []
    for part in components(plane):
        block = draw(plane, part.nodes, framed=part.parent < 0)
        assert block is not None
        blocks.append((part, block))
    return assemble(diagram.dom, diagram.boxes, plane, blocks)


@given(SEEDS)
def test_all_drawings_of_a_diagram_are_equal_and_have_one_normal_form(seed):
    drawings = interchange_class(small(seed))
    if drawings is None:
        return
    words = Words()
    assert len({normal_form(one) for one in drawings}) == 1
    assert len({words.of(one) for one in drawings}) == 1
    assert normal_form(next(iter(drawings))) in drawings


@given(SEEDS)
def test_equality_is_what_interchanges_reach(seed):
    """Two ways to put the same few boxes: equal exactly when interchanges lead from one to the other."""
    rng = random.Random(seed)
    boxes = tuple(rng.choice(BOXES) for _ in range(3))
    width = rng.choice([0, 0, 1, 2])
    first = random_diagram(rng, width, 4, boxes)
    drawings = interchange_class(first)
    for _ in range(20):
        other = random_diagram(rng, width, 4, boxes)
        if other.cod is first.cod and drawings is not None:
            assert equal(first, other) == (other in drawings)
            assert (normal_form(first) is normal_form(other)) == (other in drawings)


@given(SEEDS)
def test_a_plane_graph_can_be_drawn_again(seed):
    rng = random.Random(seed)
    diagram = random_diagram(rng, rng.choice([0, 1, 2]), rng.randint(1, 30))

    assert equal(redrawn(diagram), diagram)


@given(SEEDS)
def test_occurrences_are_those_that_some_drawing_shows(seed):
    rng = random.Random(seed)
    diagram = random_diagram(rng, rng.choice([0, 0, 1, 2]), rng.randint(1, 5))
    pattern = as_diagram(rng.choice([X, NOTHING, *BOXES, random_diagram(rng, rng.choice([0, 1, 2]), 2)]))
    drawings, patterns = interchange_class(diagram, 500), interchange_class(pattern)
    hole = Box("□", pattern.dom, pattern.cod)
    try:
        contexts = [context for _, context in occurrences(diagram, pattern)]
    except NoInstance:
        return
    if drawings is None or patterns is None:
        return
    assert all(equal(context.fill(pattern), diagram) for context in contexts)
    words = Words()
    shown = {words.of(one) for one in literal_occurrences(drawings, patterns, hole)}
    assert {words.of(context.fill(as_diagram(hole))) for context in contexts} == shown


@given(SEEDS)
def test_regions_keep_their_colours(seed):
    """The same checks in a 2-category with two 0-cells, where a scalar lives in regions of its own colour only."""
    rng = random.Random(seed)
    diagram, other = random_coloured(rng, 5), random_coloured(rng, 5)
    drawings = interchange_class(diagram)
    if drawings is None:
        return
    assert {normal_form(one) for one in drawings} == {normal_form(diagram)}
    assert normal_form(diagram) in drawings
    assert equal(redrawn(diagram), diagram)
    if (diagram.dom, diagram.cod) == (other.dom, other.cod):
        assert equal(diagram, other) == (other in drawings)
    for cell in {diagram.dom.source, diagram.dom.target}:
        pattern, words = identity(Path(cell)), Words()
        hole = Box("□", Path(cell), Path(cell))
        shown = {words.of(one) for one in literal_occurrences(drawings, {pattern}, hole)}
        assert {words.of(context.fill(as_diagram(hole))) for _, context in occurrences(diagram, pattern)} == shown


def test_equality_distinguishes_what_is_inside_from_what_is_outside():
    cap, cup = ENDS[3], ENDS[2]
    bubble = cap >> cup
    s, t = map(as_diagram, SCALARS)
    inside = cap >> (X @ s @ X) >> cup

    assert not equal(inside, bubble @ s)
    assert equal(bubble @ s, s @ bubble)
    assert equal(cap >> (X @ s @ t @ X) >> cup, cap >> (X @ t @ X) >> (X @ s @ X) >> cup)
    assert not equal(cap >> (X @ inside @ X) >> cup, cap >> (X @ bubble @ X) >> cup >> s)
    assert not equal(s @ X, X @ s)  # a wire separates
    assert equal(Diagram(X, (ENDS[1], 0), (SCALARS[0], 0), (ENDS[0], 0)), X @ s >> ENDS[1] >> ENDS[0])


def test_two_nested_bubbles_are_not_two_bubbles_side_by_side():
    cap, cup = ENDS[3], ENDS[2]
    bubble = cap >> cup
    nested = cap >> (X @ bubble @ X) >> cup

    assert len(distinct(iter([nested, bubble @ bubble, bubble >> bubble]))) == 2


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_spirals_against_brute_force(turns):
    drawings = interchange_class(spiral(turns))

    assert drawings is not None
    assert {normal_form(one) for one in drawings} == {normal_form(spiral(turns))}


def test_a_long_spiral_needs_no_recursion():
    """P58: at n = 50 the normal form starts with the caps, as it does for every n, and it is drawn again."""
    diagram = spiral(50)
    normal = normal_form(diagram)

    assert [box.name for box in normal.boxes[:50]] == ["cap"] * 50
    assert [box.name for box in normal.boxes[50:]] != [box.name for box in diagram.boxes[50:]]
    assert equal(normal, diagram)
    assert equal(redrawn(diagram), diagram)


def test_spirals_that_differ_in_one_box_differ():
    diagram = spiral(12)
    mutant = Diagram(diagram.dom, (Box("unit'", NOTHING, X), 0), *diagram.layers[1:])

    assert not equal(diagram, mutant)
    assert normal_form(diagram) is not normal_form(mutant)


def test_deep_nesting_and_long_chains_need_no_recursion():
    cap, cup, f = ENDS[3], ENDS[2], BOXES[6]
    depth = 400
    opened = [(cap, level) for level in range(depth)]
    closed = [(cup, level) for level in range(depth - 1, -1, -1)]
    nested = Diagram(NOTHING, *opened, *closed)

    assert equal(nested, normal_form(nested))
    chain = Diagram(X, *[(f, 0)] * 3000)
    assert normal_form(chain) is chain
    assert eval(repr(chain), dict(vars(dg))) is chain


def test_comparing_what_is_not_parallel_is_refused():
    with pytest.raises(NotParallel, match="not parallel: u : 1_• → x and e : x → 1_•"):
        equal(ENDS[0], ENDS[1])


def test_patterns_in_several_parts_are_refused():
    with pytest.raises(NoInstance, match="several parts"):
        list(occurrences(as_diagram(BOXES[7]), identity(X @ X)))
    with pytest.raises(NoInstance, match="several parts"):
        list(occurrences(as_diagram(BOXES[7]), ENDS[0] @ ENDS[0]))


def test_an_occurrence_is_wired_as_the_pattern_is():
    f, m, d = BOXES[6:]
    straight, bent = Diagram(X, (d, 0), (m, 0)), Diagram(X @ X, (d, 0), (m, 1))

    assert list(occurrences(Diagram(X, (d, 0), (f, 0), (m, 0)), straight)) == []
    assert list(occurrences(straight, bent)) == []
    assert [place for place, _ in occurrences(Diagram(X @ X, (d, 0), (f, 0), (m, 1)), bent)] == [(0, 2)]


def test_nothing_may_be_enclosed_by_an_occurrence():
    cap, cup = ENDS[3], ENDS[2]
    pattern = cap >> cup
    filled = cap >> (X @ SCALARS[0] @ X) >> cup

    assert list(occurrences(filled, pattern)) == []
    assert len(list(occurrences(pattern @ filled, pattern))) == 1
