"""Sets made of terms: labels of types differ, functions are asked again, and only what may fail is refuted."""

from __future__ import annotations

import math
from typing import Any

import pytest

from catcore import (
    FinSet,
    Id,
    Law,
    One,
    atoms,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    fst,
    generator,
    hylo,
    ident,
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
from catcore.objects import Ob
from catcore.structures.lists import LIST
from catcore_proofs import prove, shapes, specimens, term_model
from catcore_proofs.shapes import refute_by_shapes
from catcore_proofs.syntax import UNIT
from catcore_proofs.translation import kind

A, B, C, D = atoms("A B C D")


def streams(items: Ob) -> Ob:
    return nu(lambda y: items * y)


#: The map of an object with one element that forgets which one it is.
POINT = terminal(FinSet(1)) >> finite_map(One, FinSet(1), [0])
SINGLE, DOUBLE, TRIPLE, CONAT = (*(streams(FinSet(n)) for n in (1, 2, 3)), nu(lambda y: 1 + y))
TURNED = finite_map(FinSet(2), FinSet(2), [1, 0])

#: An object, and its identity written otherwise: as a recursion that does something at each layer.
AGAIN: dict[str, tuple[Ob, Any]] = {
    "one element": (SINGLE, unfold(SINGLE, out(SINGLE) >> (POINT * ident(SINGLE)))),
    "two elements": (DOUBLE, unfold(DOUBLE, out(DOUBLE) >> ((TURNED >> TURNED) * ident(DOUBLE)))),
    "numbers": (CONAT, unfold(CONAT, out(CONAT))),
    "functions": (FinSet(1) ** A, curry(ev(A, FinSet(1)) >> POINT)),
}
BESIDE = {"two": DOUBLE, "three": TRIPLE, "colists": nu(lambda y: 1 + A * y), "functions": FinSet(2) ** A}


def laws(beside: Ob, again: Any) -> list[Law]:
    """True laws of maps of functions of two types, and of an element and a function, in lists."""
    ob, same = again
    functions, others = B**beside, C**ob
    told = curry((ident(others) * same) >> ev(ob, C))
    sides = {
        "two function types": (ident(functions) * told, generator("k", functions * others, D)),
        "the other way round": (told * ident(functions), generator("k", others * functions, D)),
        "an element and a function": (same * ident(functions), generator("k", ob * functions, D)),
    }
    return [Law(name, LIST(written >> k), LIST(k)) for name, (written, k) in sides.items()]


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
def test_arguments_of_different_types_are_different(beside, again):
    """What is known of an argument of one type says nothing about arguments of another type."""
    for law in laws(beside, again):
        assert refute_by_shapes(law, limit=2).counterexample is None


def _labels_from(first: int) -> Any:
    """The arguments of all types made from the same labels."""

    def arguments(self: Any, kind: Any) -> Any:
        self._labels = [UNIT] * first
        return honest(self, kind)

    honest = term_model.TermModel.arguments
    return arguments


@pytest.mark.parametrize(("first", "name"), [(term_model.SEEN, "two function types"), (0, "an element and a function")])
def test_labels_that_two_types_share_would_refute_true_laws(monkeypatch, first, name):
    """The property has teeth: labels shared with other types, or with elements, are found out."""
    law = next(law for law in laws(DOUBLE, AGAIN["one element"]) if law.name == name)
    assert refute_by_shapes(law, limit=2).counterexample is None
    monkeypatch.setattr(term_model.TermModel, "arguments", _labels_from(first))
    assert refute_by_shapes(law, limit=2).counterexample is not None


@pytest.mark.parametrize("ob", [mu(lambda y: A * A), LIST(A), mu(lambda y: A + y * y)], ids=str)
def test_a_function_into_data_is_asked_while_it_makes_a_value(ob):
    """f(a ↦ k(f(g))): the value at one argument depends on the value at another one."""
    functions = ob ** (C**A)
    inner = ev(C**A, ob) >> generator("k", ob, C)
    twice = pair(fst(functions, C**A), curry(fst(functions * (C**A), A) >> inner)) >> ev(C**A, ob)
    maps = [generator(name, ob, D) for name in "mn"]

    assert prove(twice >> maps[0], twice >> maps[1]).status == "fails"
    assert refute_by_shapes(Law("true", twice >> maps[0], twice >> ident(ob) >> maps[0])).counterexample is None


def test_values_of_one_function_do_not_depend_on_what_was_asked_before():
    """A pair of labels from one function: the same argument gives the same labels, whatever is made in between."""
    ob = mu(lambda y: A * A)
    functions = ob**B
    at = [pair(fst(functions, B), generator(n, functions * B, B)) >> ev(B, ob) for n in "pq"]
    both = pair(pair(*at), at[0]) >> generator("k", (ob * ob) * ob, D)
    again = pair(pair(at[0], at[1]), at[0]) >> generator("k", (ob * ob) * ob, D)

    assert refute_by_shapes(Law("again", LIST(both), LIST(again))).counterexample is None
    assert refute_by_shapes(Law("other", at[0], at[1])).counterexample is not None


# ---- laws that are left alone, and answers that there are not --------------------------------------------------------


def test_laws_under_hypotheses_are_left_alone():
    """The hypothesis makes the law true; no shape is looked at."""
    f = generator("f", A, A)

    assert (
        refute_by_shapes(Law("f does nothing", LIST(f), LIST(ident(A)), (Law("h", f, ident(A)),))).counterexample
        is None
    )
    assert refute_by_shapes(Law("f does nothing", LIST(f), LIST(ident(A)))).counterexample is not None


def test_a_summand_without_elements_is_no_answer(monkeypatch):
    """A map into 1 + ∅ gives the point; with elements of ∅ as answers a true law would be refuted."""
    nothing = mu(lambda y: A * y)
    g, k = generator("g", A, 1 + nothing), generator("k", One, B)
    law = Law("beside nothing", *(LIST(g >> case(k, generator(name, nothing, B))) for name in "fh"))

    assert refute_by_shapes(law).counterexample is None
    unreachable = nu(lambda y: A * FinSet(0) * y)
    g = generator("g", A, 1 + unreachable)
    told = g >> case(inl(One, One), terminal(unreachable) >> inr(One, One))
    law = Law("the point", LIST(told), LIST(terminal(A) >> inl(One, One)))
    assert refute_by_shapes(law).counterexample is None
    monkeypatch.setattr(term_model, "inhabited", lambda _: True)
    assert refute_by_shapes(law).counterexample is not None


def test_maps_that_stand_for_themselves_are_not_chosen(monkeypatch):
    """A recursion over states is one map; a model that gives it any value would refute a true law."""
    layer = 1 + Id
    down = finite_map(3, layer(FinSet(3)), [0, 1, 2])
    parity = finite_map(layer(FinSet(2)), 2, [0, 1, 0])
    odd = finite_map(3, 2, [0, 1, 0])
    law = Law("the parity", LIST(ident(A) * hylo(layer, parity, down)), LIST(ident(A) * odd))

    assert prove(law).status != "fails"
    assert refute_by_shapes(law).counterexample is None
    monkeypatch.setattr(shapes, "arbitrary", lambda _: True)
    assert refute_by_shapes(law, limit=2).counterexample is not None


# ---- what was left out -----------------------------------------------------------------------------------------------

BITS = One + One
NO, YES = inl(One, One), inr(One, One)
LISTS, NUMBER, MANY = LIST(A), mu(lambda y: 1 + y), FinSet(100)


def always(ob: Ob, bit: Any) -> Any:
    return terminal(ob) >> bit


def last_of_many(beside: Ob) -> Any:
    """Whether a number is the last of a hundred, beside something else."""
    return fst(MANY, beside) >> finite_map(MANY, BITS, [0] * 99 + [1])


def at_least(count: int) -> Any:
    """Whether a numeral is so large."""
    below = always(NUMBER, YES)
    for _ in range(count):
        below = out(NUMBER) >> case(NO, below)
    return below


#: A list with an item, or with two; what is asked of the empty list is a map that is to be chosen.
FILLED = out(LISTS) >> case(NO, always(A * LISTS, YES))
TWICE = out(LISTS) >> case(NO, snd(A, LISTS) >> FILLED)
PARTED = {
    "a large finite set": (
        (ident(MANY) * out(LISTS)) >> distribute(MANY, One, A * LISTS) >> case(last, always(MANY * (A * LISTS), bit))
        for last, bit in ((last_of_many(One), NO), (always(MANY * One, NO), YES))
    ),
    "numerals as values": (
        out(LISTS) >> case(generator("g", One, NUMBER) >> asked, always(A * LISTS, bit))
        for asked, bit in ((at_least(7), NO), (always(NUMBER, NO), YES))
    ),
    "functions into lists": (ev(A, LISTS) >> asked for asked in (TWICE, always(LISTS, NO))),
}
WHOLE = {
    "nothing is smaller": tuple(generator(n, LIST(MANY), B) for n in "fg"),
    "all lists of one item": (TWICE, always(LISTS, NO)),
    "all answers": (
        generator("p", A, BITS) * FILLED, generator("p", A, BITS) * always(LISTS, NO),
    ),
    "functions of one shape": tuple(ev(A, LISTS) >> asked for asked in (FILLED, always(LISTS, NO))),
}  # fmt: skip


@pytest.mark.parametrize("sides", [tuple(sides) for sides in PARTED.values()], ids=PARTED)
def test_a_counterexample_is_not_exhaustive_where_something_smaller_was_left_out(monkeypatch, sides):
    """The same verdicts would say too much if what was left out were not noted."""
    verdict = prove(*sides)
    assert (verdict.status, verdict.evidence) == ("fails", "symbolic")
    assert not refute_by_shapes(Law("parted", *sides)).smallest

    monkeypatch.setattr(shapes, "complete", lambda *_: True)
    monkeypatch.setattr(term_model.TermModel, "complete", property(lambda _: True, lambda *_: None), raising=False)
    assert prove(*sides).evidence == "exhaustive"


@pytest.mark.parametrize("sides", WHOLE.values(), ids=WHOLE)
def test_a_counterexample_is_exhaustive_where_everything_smaller_was_looked_at(sides):
    assert refute_by_shapes(Law("whole", *sides)).smallest
    assert prove(*sides).evidence == "exhaustive"


def test_how_far_specimens_are_all_elements():
    many, lists = kind(MANY), kind(LIST(MANY))

    assert specimens.complete((kind(FinSet(64)), kind(LISTS)), 9)
    assert specimens.complete((kind(NUMBER), kind(mu(lambda y: A + y * y))), 5)
    assert not specimens.complete((many,), 0)
    assert specimens.complete((many,), -1)
    assert [specimens.complete((lists,), size) for size in range(2)] == [True, False]
    assert specimens.complete((many, kind(mu(lambda y: A * y))), 3)
    assert [specimens.complete((kind(LISTS**A),), size) for size in range(2)] == [True, False]
    assert [specimens.largest(kind(ob)) for ob in (A, mu(lambda y: A), NUMBER)] == [0, 1, math.inf]
