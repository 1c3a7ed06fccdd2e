"""Random objects and random terms between them, built from the typing rules."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from catcore.arrows import (
    Arrow,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    finite_size,
    fst,
    ident,
    inl,
    inr,
    pair,
    snd,
    terminal,
)
from catcore.categories.smooth import constant, smooth
from catcore.errors import IllTyped
from catcore.objects import Coproduct, FinSet, Ob, One, Product, R


def _join(parts: tuple[Ob, Ob, bool]) -> Ob:
    left, right, sums = parts
    joined: Ob = left + right if sums else left * right
    return joined


leaf_objects = st.sampled_from([One, FinSet(2), FinSet(3), R(2), R(), R(2, 2)])
objects = st.recursive(leaf_objects, lambda a: st.tuples(a, a, st.booleans()).map(_join), max_leaves=4)
finite_objects = st.recursive(
    st.sampled_from([One, FinSet(2), FinSet(3)]), lambda a: st.tuples(a, a, st.booleans()).map(_join), max_leaves=3
)


def is_finite(ob: Ob) -> bool:
    """Whether the object is a finite set."""
    try:
        return finite_size(ob) <= 200
    except IllTyped:
        return False


@st.composite
def points(draw, ob: Ob) -> Arrow:
    """A point `1 → A`."""
    match ob:
        case R():
            return constant(_filled(ob.shape, draw(st.integers(-2, 2))))
        case FinSet():
            return finite_map(One, ob, [draw(st.integers(0, ob.size - 1))])
        case Product():
            return pair(draw(points(ob.left)), draw(points(ob.right)))
        case Coproduct():
            if draw(st.booleans()):
                return draw(points(ob.left)) >> inl(ob.left, ob.right)
            return draw(points(ob.right)) >> inr(ob.left, ob.right)
    return ident(One)


def _filled(shape: tuple[int, ...], value: int):
    return value if not shape else [_filled(shape[1:], value)] * shape[0]


@st.composite
def steps(draw, dom: Any, depth: int) -> Arrow:
    """One arrow out of an object."""
    options = ["identity", "duplicate", "forget", "inject", "function"]
    options += {R: ["smooth"] * 4, Product: ["project", "parallel", "parallel"], Coproduct: ["cases"] * 4}.get(
        type(dom), []
    )
    options += ["table"] * 2 * is_finite(dom)
    options += ["distribute"] * 4 * (isinstance(dom, Product) and isinstance(dom.right, Coproduct))
    options += ["add"] * 4 * (isinstance(dom, Product) and isinstance(dom.left, R) and dom.left is dom.right)
    match draw(st.sampled_from(options)):
        case "duplicate":
            return pair(ident(dom), draw(terms(dom, depth)))
        case "forget":
            target = draw(leaf_objects)
            return terminal(dom) >> draw(points(target))
        case "inject":
            other = draw(leaf_objects)
            return inl(dom, other) if draw(st.booleans()) else inr(other, dom)
        case "function":
            other = draw(leaf_objects)
            body = draw(terms(dom * other, depth))
            argument = terminal(dom) >> draw(points(other))
            return pair(curry(body), argument) >> ev(other, body.cod)
        case "smooth":
            return smooth(draw(st.sampled_from(["tanh", "sin", "relu", "negative", "sigmoid"])), dom)
        case "project":
            return draw(st.sampled_from([fst, snd]))(dom.left, dom.right)
        case "parallel":
            return draw(terms(dom.left, depth)) * draw(terms(dom.right, depth))
        case "cases":
            return draw(cases(dom, depth))
        case "table":
            cod = draw(finite_objects)
            values = st.lists(
                st.integers(0, finite_size(cod) - 1), min_size=finite_size(dom), max_size=finite_size(dom)
            )
            return finite_map(dom, cod, draw(values))
        case "distribute":
            return distribute(dom.left, dom.right.left, dom.right.right)
        case "add":
            return smooth(draw(st.sampled_from(["add", "multiply"])), dom)
    return ident(dom)


@st.composite
def cases(draw, dom: Coproduct, depth: int) -> Arrow:
    """A case distinction: both sides mapped, one side kept and the other sent to a point, or both folded together."""
    f = draw(terms(dom.left, depth))
    if dom.left is dom.right and draw(st.booleans()):
        return case(f, f if draw(st.booleans()) else terminal(dom.right) >> draw(points(f.cod)))
    if draw(st.booleans()):
        return f + draw(terms(dom.right, depth))
    return case(f, terminal(dom.right) >> draw(points(f.cod)))


@st.composite
def terms(draw, dom: Ob, depth: int = 3) -> Arrow:
    """A composite of a few steps out of an object."""
    term = ident(dom)
    for _ in range(draw(st.integers(0, depth))):
        term = term >> draw(steps(term.cod, depth - 1))
    return term
