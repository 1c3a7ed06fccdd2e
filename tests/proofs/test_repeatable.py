"""Verdicts on unit equality repeat: they are counted in steps, and the clock can only end the search (THEORY 0.5)."""

from __future__ import annotations

import itertools as it
import time
from dataclasses import replace
from typing import Any

import pytest

from catcore_proofs import equational
from catcore_proofs.completion.bank import Bank
from catcore_proofs.completion.models import Clause as ModelClause
from catcore_proofs.completion.models import Signature
from catcore_proofs.completion.propositional import PropositionalSearch
from catcore_proofs.equational import Answer, settle
from catcore_proofs.tptp import Clause, Problem

X, Y, Z, E = ("X",), ("Y",), ("Z",), ("e",)


def m(a: Any, b: Any) -> Any:
    return ("m", a, b)


def j(a: Any, b: Any) -> Any:
    return ("j", a, b)


LATTICE = [
    (m(X, Y), m(Y, X)), (j(X, Y), j(Y, X)), (m(X, j(X, Y)), X), (j(X, m(X, Y)), X),
    (m(m(X, Y), Z), m(X, m(Y, Z))), (j(j(X, Y), Z), j(X, j(Y, Z))),
]  # fmt: skip
GROUP = [(m(E, X), X), (m(("i", X), X), E), (m(m(X, Y), Z), m(X, m(Y, Z)))]
A, B, C = ("a",), ("b",), ("c",)
PROBLEMS = {
    "the pentagon": (LATTICE, (j(m(A, B), m(A, C)), m(A, j(B, m(A, C))))),
    "words of order two": ([*GROUP, (m(X, X), E)], (m(A, B), m(B, A))),
    "groups that do not commute": (GROUP, (m(A, B), m(B, A))),
    "bands that do not commute": ([(m(X, X), X), (m(m(X, Y), Z), m(X, m(Y, Z)))], (m(A, B), m(B, A))),
}


def problem(equations: list[Any], goal: tuple[Any, Any]) -> Problem:
    found = Problem()
    for i, (lhs, rhs) in enumerate(equations):
        found.add(Clause(f"a{i}", "axiom", lhs, rhs, True), "here")
    found.add(Clause("goal", "negated_conjecture", goal[0], goal[1], False), "here")
    return found


def at_speed(monkeypatch: Any, tick: float, asked: Problem, seconds: float) -> Answer:
    """The answer on a machine on which so much time passes between two looks at the clock."""
    looks = it.count()
    with monkeypatch.context() as patch:
        patch.setattr(time, "perf_counter", lambda: tick * next(looks))
        return replace(settle(asked, seconds=seconds), seconds=0.0)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_answer_and_the_way_to_it_are_the_same_at_every_speed(name, monkeypatch):
    """The search for models has small turns here, so that it is cut off again and again: by steps alone."""
    monkeypatch.setattr(equational, "TURNS", (400,) * len(equational.TURNS))
    monkeypatch.setattr(equational, "STEPS", (1, 2, 4, 8, 16, 2_000))
    asked = problem(*PROBLEMS[name])
    answers = [at_speed(monkeypatch, tick, asked, 100.0) for tick in (0.0, 1e-6, 1e-2)]

    assert answers[0].status != "unknown"
    assert answers[0] == answers[1] == answers[2]


def test_a_shorter_time_gives_the_same_answer_or_none(monkeypatch):
    asked = problem(*PROBLEMS["the pentagon"])
    whole = at_speed(monkeypatch, 1e-3, asked, 1e6)
    assert whole.status == "refuted"
    for seconds in (0.0, 1e-3, 0.02, 0.5, 50.0):
        found = at_speed(monkeypatch, 1e-3, asked, seconds)
        assert found == whole or (found.status == "unknown" and found.tried[-1].endswith("ended"))
        assert found == whole or found.tried[:-1] == whole.tried[: len(found.tried) - 1]


def test_a_turn_that_steps_cut_off_is_continued():
    """However small the turns are, the same model is found as in one go."""
    bank, signature = Bank([1] * 3), Signature.of([2, 0, 0])
    x, y, a, b = bank.variable(1), bank.variable(2), bank.term(1), bank.term(2)
    times = lambda s, t: bank.term(0, (s, t))  # noqa: E731
    clauses = [
        ModelClause(times(times(x, y), x), y), ModelClause(times(a, a), a, False), ModelClause(times(a, b), b, False),
        ModelClause(a, b, False),
    ]  # fmt: skip
    whole = PropositionalSearch(signature, clauses).round()
    for steps in (1, 10, 5_000):
        search, turns, found = PropositionalSearch(signature, clauses), 0, None
        while found is None and search.unfinished:
            found = search.round(steps=steps)
            turns += 1
        assert found == whole is not None
        assert (turns > 1) == (steps < 5_000)
