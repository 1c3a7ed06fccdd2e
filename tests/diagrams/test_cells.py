"""Values: composition, printing and reading back, refusals."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catcore.diagrams as dg
from catcore.diagrams import (
    Box,
    Diagram,
    Path,
    Swap,
    Wire,
    ZeroCell,
    adjunction_theory,
    as_diagram,
    braid,
    equal,
    identity,
)
from catcore.diagrams.cells import exchanged
from catcore.errors import IllTyped, NotComposable, UnknownName
from tests.diagrams.oracle import X
from tests.diagrams.test_planar import SEEDS, small

NAMES = vars(dg)
A = adjunction_theory()
F, G, UNIT, COUNIT = A["F"], A["G"], A["η"], A["ε"]


@given(SEEDS, SEEDS)
def test_values_print_read_back_and_survive_copies(first, second):
    diagram = small(first)
    for value in (diagram, diagram.dom, *diagram.boxes[:1], diagram @ small(second)):
        assert eval(repr(value), dict(NAMES)) is value
        assert pickle.loads(pickle.dumps(value)) is value
        assert copy.deepcopy(value) is value
    assert diagram.latex()
    assert str(diagram)


def test_things_print_as_on_a_board():
    assert str((F @ UNIT) >> (COUNIT @ F)) == "F η ; ε F"
    assert str(identity(G @ F)) == "id(G F)"
    assert str(identity(Path(ZeroCell("C")))) == "id(1_C)"
    assert str(braid(X, X @ X)) == "σ x ; x σ"
    assert eval(repr(Swap(X, X)), dict(NAMES)) is Swap(X, X)
    assert A.rules[0].lhs.signature == "F η ; ε F : F → F"


@given(SEEDS, SEEDS)
def test_interchange_law(first, second):
    """(f ⊗ g) = (f ⊗ 1) ; (1 ⊗ g) = (1 ⊗ g) ; (f ⊗ 1), and units and associativity on the nose."""
    f, g = small(first), small(second)

    assert f @ g is (f @ g.dom) >> (f.cod @ g)
    assert equal(f @ g, (f.dom @ g) >> (f @ g.cod))
    assert identity(f.dom) >> f is f
    assert f >> identity(f.cod) is f
    assert f @ Path() is f
    assert Path() @ f is f
    assert (f @ g) @ f is f @ (g @ f)


@given(SEEDS, st.integers(0, 4))
def test_an_interchange_can_be_undone(seed, number):
    diagram = small(seed)
    for other in diagram.interchanges():
        assert diagram in set(other.interchanges())
    if number < len(diagram) - 1:
        swapped = {exchanged(diagram.layers[number], diagram.layers[number + 1], side) for side in ("left", "right")}
        if swapped == {None}:
            with pytest.raises(NotComposable, match="cannot pass each other"):
                diagram.interchange(number)
        else:
            assert diagram.interchange(number) in set(diagram.interchanges())


def test_refusals_name_both_ends():
    with pytest.raises(NotComposable, match="ends in G F and the second starts in F G"):
        UNIT >> COUNIT
    with pytest.raises(NotComposable, match="F starts in C and F ends in D"):
        F @ F
    with pytest.raises(NotComposable, match="1_C starts in C and F G ends in D"):
        UNIT @ COUNIT
    with pytest.raises(NotComposable, match="In layer 0 the box ε"):
        Diagram(G @ F, (COUNIT, 0))
    with pytest.raises(NotComposable, match="In layer 0 the box η"):
        Diagram(Path(ZeroCell("D")), (UNIT, 0))  # a box without inputs in a region of the wrong colour
    with pytest.raises(NotComposable, match="after -1 wires"):
        Diagram(F @ G, (COUNIT, -1))
    with pytest.raises(NotComposable, match="In the word F F"):
        Path(ZeroCell("C"), F, F)
    with pytest.raises(IllTyped, match="between parallel 1-cells"):
        Box("bad", F, G)
    with pytest.raises(UnknownName, match="has 2 layers"):
        A.rules[0].lhs.interchange(5)
    with pytest.raises(UnknownName, match="it has F, G, η, ε"):
        A["θ"]


@pytest.mark.parametrize("bad", [None, 3, "x", (X,), [X]])
def test_hostile_values_are_refused(bad):
    for build in (as_diagram, identity, lambda v: X @ v, lambda v: Box("f", v, v), lambda v: as_diagram(X) >> v):
        with pytest.raises(TypeError):
            build(bad)
    with pytest.raises(TypeError):
        Diagram(X, bad)
    with pytest.raises(TypeError):
        Wire("x", bad, bad)


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 81, 3, None])
def test_names_are_short_and_printable(name):
    for build in (ZeroCell, Wire, lambda n: Box(n, X, X)):
        with pytest.raises(IllTyped):
            build(name)
