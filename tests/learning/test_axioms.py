"""Smooth maps as a reverse derivative category: RD1 to RD7, and structures that break them (T5.3)."""

from __future__ import annotations

import pytest

from catcore import R, fst, ident, pair, reverse_derivative, smooth, snd, terminal
from catcore.categories.smooth import constant
from catcore.errors import NotInterpreted
from catcore.learning import Smooth
from catcore_proofs import verify

V = R(2)
AXIOMS = [f"RD{n}" for n in range(1, 8)]


def test_the_seven_axioms_hold_and_say_how_they_were_checked():
    report = verify(Smooth(maps=(smooth("matmul", R(2, 2) * V), smooth("softmax", V))))

    assert report.ok
    assert {v.law.split(",")[0] for v in report} == set(AXIOMS)
    assert {v.evidence for v in report} == {"symbolic", "numeric"}
    assert all(v.evidence in v.law for v in report)


def doubled(f):
    return reverse_derivative(f) >> smooth("times", f.dom, 2) if isinstance(f.dom, R) else reverse_derivative(f)


def at_the_origin(f):
    point = terminal(f.dom * f.cod) >> constant([0, 0]) if f.dom is V else fst(f.dom, f.cod)
    return pair(point, snd(f.dom, f.cod)) >> reverse_derivative(f)


def forgetful(f):
    """A reverse derivative that takes one of the two values where an argument is used twice."""
    found = reverse_derivative(f)
    return found.args[0] if f.dom is V and type(found).__name__ == "Pair" else _without_sums(found)


def _without_sums(f):
    if not hasattr(f, "args"):
        return f
    return type(f)(*(_first(a) if a is _ADD else _without_sums(a) for a in f.args)) if f.args else f


def _first(f):
    return fst(*f.dom.args)


_ADD = smooth("add", R() * R())
MUTANTS = {"doubled": (doubled, "RD3"), "at the origin": (at_the_origin, "RD5"), "forgetful": (forgetful, "RD4")}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_reverse_derivative_is_refused(name):
    derivative, axiom = MUTANTS[name]
    report = verify(Smooth(maps=(smooth("square", V), smooth("tanh", V)), derivative=derivative))

    assert not report.ok
    assert axiom in {v.law.split(",")[0] for v in report if v.status == "fails"}


def test_polynomials_are_compared_on_symbols_and_others_in_numbers():
    S = Smooth()
    twice = pair(ident(V), ident(V)) >> smooth("add", V * V)

    assert S.equal(twice, smooth("times", V, 2))
    assert not S.equal(smooth("square", V), smooth("times", V, 2))
    assert S.equal(smooth("exp", V) >> smooth("log", V), ident(V))
    assert not S.equal(smooth("sin", V), smooth("tanh", V))


def test_the_forward_derivative_of_t5_3():
    S, times = Smooth(), smooth("multiply", R() * R())

    assert S.equal(S.forward(smooth("square", R())), times >> smooth("times", R(), 2))
    assert S.cod(S.forward(smooth("sum", V))) is R()


def test_the_axioms_want_arrows_between_tensors():
    with pytest.raises(NotInterpreted, match="which is no arrow"):
        verify(Smooth(maps=(3,)))  # type: ignore[arg-type]
