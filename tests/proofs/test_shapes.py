"""No true law of data is refuted: every counterexample among shapes is a place in a model, where two sides differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catcore import (
    FinSet,
    Functor,
    Law,
    One,
    Zero,
    arrow,
    atoms,
    case,
    curry,
    ev,
    fold,
    fst,
    generator,
    ident,
    in_,
    inl,
    inr,
    mu,
    nu,
    out,
    pair,
    snd,
    terminal,
    unfold,
)
from catcore.arrows import Arrow
from catcore.objects import Coproduct, Exponential, Mu, Nu, Ob, Product
from catcore.structures.lists import LIST
from catcore_proofs import prove, specimens
from catcore_proofs.shapes import refute_by_shapes
from catcore_proofs.term_model import TermModel
from catcore_proofs.translation import kind

A, B, C = atoms("A B C")
BITS = One + One
STREAM, COLIST = nu(lambda y: A * y), nu(lambda y: 1 + A * y)
NUMBER = mu(lambda y: 1 + y)
#: Fixed points without elements, and fixed points with one.
EMPTY = {
    "mu without a base": mu(lambda y: A * y),
    "mu of mu without a base": mu(lambda y: mu(lambda z: y * z) + A * y),
    "nu through zero": nu(lambda y: A * Zero * y),
    "nu of nu through zero": nu(lambda y: y * nu(lambda z: z * Zero)),
    "functions into nothing": mu(lambda y: Zero**A + y),
}
POINTS = {
    "nu of itself": nu(lambda y: y),
    "nu of functions": nu(lambda y: y**A),
    "nu of nu": nu(lambda y: nu(lambda z: y * z)),
    "functions out of nothing": B ** mu(lambda y: A * y),
    "functions into a point": mu(lambda y: One) ** A,
}


# ---- random fixed points and equal terms -----------------------------------------------------------------------------


@st.composite
def bodies(draw: Any, variables: tuple[Any, ...] = (), depth: int = 2) -> Any:
    """An object with the variables of some fixed points around it."""
    kinds = ["leaf", "variable"] + (["product", "sum", "sum", "function", "fixed"] if depth else [])
    inner = lambda: draw(bodies(variables, depth - 1))  # noqa: E731
    match draw(st.sampled_from(kinds)):
        case "variable" if variables:
            return draw(st.sampled_from(variables))
        case "product":
            return inner() * inner()
        case "sum":
            return inner() + inner()
        case "function":
            return inner() ** draw(
                st.sampled_from([A, One, BITS, Zero, LIST(A), STREAM, COLIST, nu(lambda y: 1 + y), *EMPTY.values()])
            )
        case "fixed":
            return draw(fixed_points(variables, depth - 1))
    return draw(st.sampled_from([A, A, B, One, One, Zero, FinSet(2), FinSet(1)]))


@st.composite
def fixed_points(draw: Any, variables: tuple[Any, ...] = (), depth: int = 2) -> Any:
    """A least or greatest fixed point, with others inside."""
    which = draw(st.sampled_from([mu, nu]))
    return which(lambda y: draw(bodies((*variables, y, y), depth)))


@st.composite
def identities(draw: Any, ob: Ob, depth: int = 3) -> Arrow:
    """The identity of an object, written by η laws, as taking off a layer and putting it on, or as a recursion."""
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return ident(ob)
    again = lambda part: draw(identities(part, depth - 1))  # noqa: E731
    match ob:
        case Product():
            return pair(fst(ob.left, ob.right) >> again(ob.left), snd(ob.left, ob.right) >> again(ob.right))
        case Coproduct():
            return case(again(ob.left) >> inl(ob.left, ob.right), again(ob.right) >> inr(ob.left, ob.right))
        case Exponential():
            return curry(ev(ob.exponent, ob.base) >> again(ob.base))
        case Mu() | Nu():
            layer = Functor(1, ob.body)(ob)
            if draw(st.booleans()):
                return fold(ob, in_(ob)) if isinstance(ob, Mu) else unfold(ob, out(ob))
            return out(ob) >> again(layer) >> restored(ob)
    return terminal(One) if ob is One else ident(ob)


def restored(ob: Any) -> Any:
    """Puts one layer on."""
    if isinstance(ob, Mu):
        return in_(ob)
    return unfold(ob, Functor(1, ob.body).act(out(ob)))


@st.composite
def equal(draw: Any) -> tuple[Arrow, Arrow]:
    """Two terms through one fixed point that are equal by a law."""
    ob = draw(fixed_points())
    before = draw(st.sampled_from([
        ident(ob), generator("g", A, ob), generator("h", A, ob * ob) >> snd(ob, ob),
        pair(fst(ob, A), fst(ob, A)) >> generator("m", ob * ob, ob),
    ]))  # fmt: skip
    after = draw(st.sampled_from([
        ident(ob), generator("k", ob, B), generator("k", ob, ob) >> generator("k", ob, ob), out(ob),
        pair(generator("p", ob, BITS), ident(ob)),
        curry(generator("c", ob * B, ob)) >> generator("d", ob**B, C),
    ]))  # fmt: skip
    algebra = generator("a", Functor(1, ob.body)(B), B) if isinstance(ob, Mu) else None
    if algebra is not None and draw(st.booleans()):
        layer = Functor(1, ob.body)
        return before >> fold(ob, algebra), before >> out(ob) >> layer.act(fold(ob, algebra)) >> algebra
    lists = Functor(1, LIST.body)
    lhs, rhs = before >> after, before >> draw(identities(ob)) >> after
    return (lists.act(lhs), lists.act(rhs)) if draw(st.integers(0, 3)) == 0 else (lhs, rhs)


ZERO, SUCC = inl(One, NUMBER) >> in_(NUMBER), inr(One, NUMBER) >> in_(NUMBER)
PAIRS = NUMBER * NUMBER
TRIPLES = NUMBER * PAIRS


def _two(t: Any) -> Any:
    return t.case(inl=lambda _: (ZERO(()), ZERO(())), inr=lambda x: (x[1], SUCC(x[0])))


def _three(t: Any) -> Any:
    return t.case(inl=lambda _: (ZERO(()), (ZERO(()), ZERO(()))), inr=lambda x: (x[1][0], (x[1][1], SUCC(x[0]))))


#: How many times two and three go into a numeral, by counting in turns.
HALF = fold(NUMBER, arrow(1 + PAIRS, PAIRS)(_two)) >> fst(NUMBER, NUMBER)
THIRD = fold(NUMBER, arrow(1 + TRIPLES, TRIPLES)(_three)) >> fst(NUMBER, PAIRS)


MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _looked_at(sides: tuple[Arrow, Arrow]) -> bool:
    """That a true law is not refuted; and whether its shapes were looked at to the end."""
    found = refute_by_shapes(Law("true", *sides), limit=8)
    assert found.counterexample is None, found
    return found.tried.startswith("the smallest shapes")


def test_laws_of_random_fixed_points_are_never_refuted():
    seen = []

    @settings(MANY, max_examples=40)
    @given(equal())
    def never_refuted(sides: tuple[Arrow, Arrow]) -> None:
        seen.append(_looked_at(sides))

    never_refuted()
    assert sum(seen) > len(seen) / 2, f"of {len(seen)} laws {sum(seen)} were looked at"


@st.composite
def functions(draw: Any) -> tuple[Arrow, Arrow]:
    """Two equal maps of lists of functions out of two random types, one of them written otherwise."""
    first, second = draw(bodies()), draw(fixed_points(depth=1))
    told = curry((ident(C**second) * draw(identities(second))) >> ev(second, C))
    k = generator("k", B**first * C**second, B)
    return LIST(ident(B**first) * told >> k), LIST(k)


def test_laws_of_functions_out_of_random_types_are_never_refuted():
    seen = []

    @settings(MANY, max_examples=40)
    @given(functions())
    def never_refuted(sides: tuple[Arrow, Arrow]) -> None:
        seen.append(_looked_at(sides))

    never_refuted()
    assert sum(seen) > len(seen) / 2, f"of {len(seen)} laws {sum(seen)} were looked at"


@settings(MANY, max_examples=12)
@given(st.one_of(equal(), functions()), st.booleans())
def test_every_law_of_random_data_gets_a_verdict(sides, other):
    """A true law is not refuted, one that is probably false need not be settled, and nothing is raised."""
    lhs, rhs = sides
    changed = (lhs >> generator("a", lhs.cod, A), rhs >> generator("b", lhs.cod, A))
    verdict = prove(*(changed if other else sides))
    assert verdict.status in ("holds", "fails", "unknown")
    assert other or verdict.status != "fails"


def test_elements_that_are_told_apart_by_their_form_refute_true_laws(monkeypatch):
    """The property has teeth: a model that takes elements of greatest fixed points as they are written is found out."""
    honest = TermModel.seen

    def by_form(self: TermModel, x: Any, kind: Any, layers: int) -> Any:
        return x[:2] if kind[0] == "ν" else honest(self, x, kind, layers)

    g, k = generator("g", A, STREAM), generator("k", STREAM, B)
    law = Law("identity", g >> k, g >> unfold(STREAM, out(STREAM)) >> k)
    assert refute_by_shapes(law).counterexample is None
    monkeypatch.setattr(TermModel, "seen", by_form)
    assert refute_by_shapes(law).counterexample is not None


def test_data_that_are_not_asked_for_refute_true_laws(monkeypatch):
    """The property has teeth: a model in which values of maps stand for data as they are is found out."""
    ob = mu(lambda y: A * B)
    g = generator("g", A, ob)
    law = Law("constructor after destructor", g, g >> out(ob) >> in_(ob))
    assert refute_by_shapes(law).counterexample is None

    def as_written(self: TermModel, x: Any) -> Any:
        return super(TermModel, self).newest(x)

    def kept(self: TermModel, x: Any, kind: Any, layers: int) -> Any:
        return x[1] if x[0] == "?" and kind[0] == "μ" else honest(self, x, kind, layers)

    honest = TermModel.seen
    monkeypatch.setattr(TermModel, "newest", as_written)
    monkeypatch.setattr(TermModel, "seen", kept)
    assert refute_by_shapes(law).counterexample is not None


MAYBE_LIST = 1 + LIST(B)
AGAIN = case(inl(One, LIST(B)), out(LIST(B)) >> in_(LIST(B)) >> inr(One, LIST(B)))
TRUE = {
    "a half of a third": (THIRD >> HALF, HALF >> THIRD),
    "a half of a third of a value": tuple(
        generator("g", A, NUMBER) >> each >> generator("k", NUMBER, B) for each in (THIRD >> HALF, HALF >> THIRD)
    ),
    "a list or nothing": tuple(
        generator("p", A, MAYBE_LIST) >> each >> generator("k", MAYBE_LIST, C) for each in (AGAIN, ident(MAYBE_LIST))
    ),
    **{
        f"layers of {ob}": tuple(
            generator("g", A, ob) >> each >> generator("k", ob, C) for each in (out(ob) >> restored(ob), ident(ob))
        )
        for ob in (
            nu(lambda y: A * (LIST(B) * y)), nu(lambda y: 1 + LIST(B) * y), mu(lambda y: A * B),
            nu(lambda y: A * y ** LIST(A)), mu(lambda y: 1 + STREAM * y), mu(lambda y: COLIST + y * y),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("sides", TRUE.values(), ids=TRUE)
def test_true_laws_of_values_of_maps_are_not_refuted(sides):
    assert prove(*sides).status != "fails"


# ---- elements that do not exist, and elements that are one -----------------------------------------------------------


@pytest.mark.parametrize("ob", EMPTY.values(), ids=EMPTY)
def test_maps_out_of_an_empty_fixed_point_are_equal(ob):
    """Every label is an element of a set; there are no labels of a set without elements."""
    f, g = generator("f", ob, B), generator("g", ob, B)

    assert not specimens.inhabited(kind(ob))
    assert prove(inl(A, ob) >> case(generator("h", A, B), f), inl(A, ob) >> case(generator("h", A, B), g)).ok
    assert refute_by_shapes(Law("maps", f, g)).counterexample is None
    into = generator("n", A, ob)  # then A is empty, and all maps out of it are equal
    beside = Law("out of A", pair(into, ident(A)) >> snd(ob, A), generator("e", A, A))
    assert refute_by_shapes(beside).counterexample is None
    lists = generator("n", A, LIST(A))
    one, other = (generator(n, (B**ob) * A, B) for n in "fg")
    assert refute_by_shapes(Law("beside functions", one, other)).counterexample is not None
    told = [generator(n, A, B**ob) >> generator("k", B**ob, C) for n in "fg"]
    assert refute_by_shapes(Law("functions out of nothing", *[lists >> LIST(t) for t in told])).counterexample is None


@pytest.mark.parametrize("ob", POINTS.values(), ids=POINTS)
def test_elements_of_a_point_are_equal(ob):
    f, g, k = generator("f", A, ob), generator("g", A, ob), generator("k", ob, B)

    for law in (Law("elements", f, g), Law("seen by a map", f >> k, g >> k), Law("in lists", LIST(f), LIST(g))):
        assert refute_by_shapes(law).counterexample is None
    assert refute_by_shapes(Law("other maps", k, generator("m", ob, B))).counterexample is not None


def test_labels_of_empty_sets_would_refute_true_laws(monkeypatch):
    """A test of inhabitation that is wrong is seen: where a set is empty, two maps beside it are then told apart."""
    ob = EMPTY["nu through zero"]
    one, other = (snd(ob, LIST(A)) >> generator(n, LIST(A), B) for n in "fg")
    law = Law("beside nothing", one, other)

    assert refute_by_shapes(law).counterexample is None
    monkeypatch.setattr(specimens, "inhabited", lambda _: True)
    specimens._all.cache_clear()
    assert refute_by_shapes(law).counterexample is not None
    specimens._all.cache_clear()


# ---- what does differ ------------------------------------------------------------------------------------------------

TREE = mu(lambda y: A + y * y)
ROSE = mu(lambda y: A * LIST(y))


def _mirror(t: Any) -> Any:
    return t.case(inl=lambda a: inl(a), inr=lambda p: inr((p[1], p[0])))


MIRRORED = fold(TREE, arrow(A + TREE * TREE, A + TREE * TREE)(_mirror) >> in_(TREE))
FALSE = {
    "maps into lists": (generator("g", A, LIST(B)), generator("h", A, LIST(B))),
    "maps into streams": (generator("g", A, STREAM), generator("h", A, STREAM)),
    "the tail of a stream": (generator("g", B, STREAM), generator("g", B, STREAM) >> out(STREAM) >> snd(A, STREAM)),
    "mirrored values": (generator("g", B, TREE) >> MIRRORED, generator("g", B, TREE)),
    "a half of a half": (THIRD >> HALF, HALF >> HALF),
    "a fold of values": (generator("g", A, NUMBER) >> fold(NUMBER, generator("s", 1 + B, B)), generator("b", A, B)),
    "rose trees": (generator("f", ROSE, ROSE) >> generator("f", ROSE, ROSE), generator("f", ROSE, ROSE)),
    "functions of lists": (generator("f", B ** LIST(A), B), generator("g", B ** LIST(A), B)),
    "lists over a large finite set": (generator("f", LIST(FinSet(100)), B), generator("g", LIST(FinSet(100)), B)),
    "maps into a large finite set": (generator("f", LIST(A), FinSet(100)), generator("g", LIST(A), FinSet(100))),
    "functions in lists": (
        LIST(generator("f", A**A, A)),
        LIST(curry(ev(A, A) >> generator("h", A, A)) >> generator("f", A**A, A)),
    ),
    "maps of empty and full": (
        generator("p", A, 1 + LIST(B)) >> generator("q", 1 + LIST(B), C),
        terminal(A) >> inl(One, LIST(B)) >> generator("q", 1 + LIST(B), C),
    ),
}


@pytest.mark.parametrize("sides", FALSE.values(), ids=FALSE)
def test_false_laws_of_values_of_maps_are_refuted(sides):
    verdict = prove(*sides)

    assert verdict.status == "fails", verdict
    assert verdict.counterexample is not None
    assert verdict.counterexample.lhs != verdict.counterexample.rhs


def test_a_value_that_is_chosen_is_shown():
    """What an arbitrary map gives is part of the counterexample: here a list of one element."""
    g, turn = generator("g", A, LIST(B)), generator("h", A, LIST(B))
    found = refute_by_shapes(Law("values", g, turn)).counterexample

    assert found is not None
    assert set(found.tables) == {"g(0)", "h(0)"}
    assert {str(found.lhs), str(found.rhs)} == {str(found.tables[name]) for name in ("g(0)", "h(0)")}


def test_a_counterexample_is_shown_without_quotation_marks():
    """What a map gives at a list is written once more as it would be on a board."""
    law = Law("maps", LIST(generator("k", LIST(A), B)), LIST(generator("m", LIST(A), B)))
    found = refute_by_shapes(law).counterexample

    assert str(found) == "at [[]]: [k([])] ≠ [m([])]"
