"""Laws of filters and of recursions that hand something down, with the lemmas that they need (T2.3)."""

from __future__ import annotations

from typing import Any

import pytest

from catcore import Id, One, atoms, case, curry, ev, fold, generator, in_, inl, inr, mu, snd
from catcore.arrows import Arrow
from catcore.objects import Ob
from catcore.structures.lists import LIST, append, concat
from catcore.tracing import trace
from catcore_proofs import prove, replay
from catcore_proofs.library.data import reverse

A, B = atoms("A B")
LISTS, NUMERALS = LIST(A), mu(1 + Id)


def built(fixed: Any, way: int) -> Arrow:
    """A constructor of a data type with two."""
    layer = fixed.unrolled()
    return (inl, inr)[way](layer.left, layer.right) >> in_(fixed)


def fold_left(step: Arrow, elements: Ob, state: Ob) -> Arrow:
    """``⟨list, start⟩ ↦ step(… step(start, first) …, last)``, as a fold into functions."""
    functions = state**state

    def later(t: Any) -> Any:
        (first, rest), now = t
        return ev(state, state)((rest, step((now, first))))

    algebra = case(curry(snd(One, state)), curry(trace(later, (elements * functions) * state, state)))
    lists = LIST(elements)
    return trace(lambda p: ev(state, state)((fold(lists, algebra)(p[0]), p[1])), lists * state, state)


def kept(test: Arrow) -> Arrow:
    """The elements that pass a test, in order."""
    lists = LIST(test.dom)
    cons = built(lists, 1)

    def choose(t: Any) -> Any:
        return test(t[0]).case(inl=lambda _: cons(t), inr=lambda _: t[1])

    return fold(lists, case(built(lists, 0), trace(choose, test.dom * lists, lists)))


ZERO, NEXT = built(NUMERALS, 0), built(NUMERALS, 1)
LENGTH = fold(LISTS, case(ZERO, snd(A, NUMERALS) >> NEXT))
FILTER = kept(generator("p", A, One + One))
COUNT = fold_left(trace(lambda s: NEXT(s[0]), NUMERALS * A, NUMERALS), A, NUMERALS)
PUSH = fold_left(trace(lambda s: built(LISTS, 1)((s[1], s[0])), LISTS * A, LISTS), A, LISTS)

LAWS = {
    "filter and reverse": (FILTER >> reverse(A), reverse(A) >> FILTER),
    "filter of concat": (concat(A) >> FILTER, LIST(FILTER) >> concat(A)),
    "length, counted from zero": (trace(lambda t: COUNT((t, ZERO(()))), LISTS, NUMERALS), LENGTH),
    "reverse, pushed": (PUSH, trace(lambda t: append(A)((reverse(A)(t[0]), t[1])), LISTS * LISTS, LISTS)),
}


@pytest.mark.parametrize(("lhs", "rhs"), LAWS.values(), ids=LAWS)
def test_lemmas_are_found(lhs, rhs):
    verdict = prove(lhs, rhs)

    assert verdict.evidence == "proved"
    replay(verdict.certificate)


def test_false_laws_of_the_same_kinds_are_not_proved():
    assert prove(trace(lambda t: COUNT((t, NEXT(ZERO(())))), LISTS, NUMERALS), LENGTH).status == "fails"
    assert prove(PUSH, append(A)).status == "fails"
    assert prove(FILTER >> reverse(A), reverse(A)).status != "holds"
    assert prove(FILTER >> reverse(A), FILTER).status != "holds"
