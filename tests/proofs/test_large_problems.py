"""Problems too large for an attempt: unknown with a sentence, within the time given; names that mean nothing."""

from __future__ import annotations

import time
from math import inf

import pytest

from catcore import Law, arrow, atoms, generator
from catcore_proofs import prove
from catcore_proofs.completion import propositional
from catcore_proofs.completion.bank import Bank, Overgrown, Term
from catcore_proofs.completion.groups import group_model
from catcore_proofs.completion.models import Clause, Signature
from catcore_proofs.completion.propositional import PropositionalSearch, SizedSearch
from catcore_proofs.completion.runs import Run
from catcore_proofs.completion.strategies import STRATEGIES
from catcore_proofs.equational import settle
from catcore_proofs.tptp import Problem, read_problem


def read(tmp_path, text: str) -> Problem:
    path = tmp_path / "problem.p"
    path.write_text(text)
    return read_problem(path)


def full(depth: int) -> str:
    """A binary tree with ``2^depth`` leaves."""
    return "a" if depth == 0 else f"f({full(depth - 1)},{full(depth - 1)})"


LARGE = {
    "many arguments": ("p(" + ",".join("a" * 40_000) + ") = a", "40001 symbols"),
    "a tree": (f"{full(15)} = a", "65535 symbols"),
    "many variables": ("p(" + ",".join(f"X{i}" for i in range(2_000)) + ") = a", "2000 variables"),
}


@pytest.mark.parametrize(("clause", "sentence"), LARGE.values(), ids=LARGE)
@pytest.mark.parametrize("positive", [True, False])
def test_sides_that_are_too_large_are_unknown_with_a_sentence(tmp_path, clause, sentence, positive):
    text = clause if positive else clause.replace(" = ", " != ")
    answer = settle(read(tmp_path, f"cnf(large,axiom, {text}).\ncnf(g,negated_conjecture, f(a,b) != b)."), seconds=5)

    assert answer.status == "unknown"
    assert "the clause large" in str(answer)
    assert sentence in str(answer)


def test_terms_that_grow_too_large_on_the_way_end_a_run_as_unknown(tmp_path):
    """``f(x, x)`` for ``h(x)``, thirty times: the path order unfolds it, and neither side has a normal form."""
    tower = "h(" * 30 + "a" + ")" * 30
    problem = read(tmp_path, f"cnf(a,axiom, h(X) = f(X,X)).\ncnf(g,negated_conjecture, {tower} != b).")
    found = {strategy.name: Run(problem, strategy) for strategy in STRATEGIES}
    answers = {name: each.status(steps=100, memory=10**5, deadline=inf) for name, each in found.items()}

    assert "unknown" in answers.values()
    assert set(answers.values()) <= {"unknown", "refuted"}


def test_a_law_with_sides_that_are_too_large_is_not_an_exception():
    (a,) = atoms("A")
    f, h = generator("f", a * a, a), generator("h", a, a)
    tower = arrow(a, a)(lambda x: x)
    for _ in range(16):
        tower = tower >> h
    unfold = Law("unfold", h, arrow(a, a)(lambda x: f(x, x)))

    assert prove(tower, h, given=[unfold]).status in ("unknown", "fails")
    assert isinstance(Overgrown(), MemoryError)
    assert "32767 symbols" in str(Overgrown())


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "axiom", ["$equal(X,X) = $false", "$true = $false", "$equal(X,Y) = $equal(Y,X)", "$true(X) = a", "$equal = a"]
)
def test_symbols_of_the_problem_are_not_those_of_the_prover(tmp_path, axiom):
    """That some ``f(x)`` is ``a`` does not follow from what a problem says of other symbols."""
    answer = settle(read(tmp_path, f"cnf(a,axiom, {axiom}).\ncnf(g,negated_conjecture, f(X) != a)."), seconds=5)

    assert answer.status == "refuted"


# ---- the search for models -------------------------------------------------------------------------------------------


def wide(bank: Bank, symbol: int, parts: int) -> Term:
    return bank.term(symbol, tuple(bank.variable(i + 1) for i in range(parts)))


def test_nothing_is_written_without_time_and_all_of_it_with_time():
    bank, signature = Bank([1]), Signature.of([2])
    x, y = bank.variable(1), bank.variable(2)
    commutes = Clause(bank.term(0, (x, y)), bank.term(0, (y, x)))
    search = SizedSearch(signature, [commutes], (16,))

    assert search.written == 0
    assert search.model(100, 0.0) is None
    assert search.written < 1_000
    found = search.model(100, inf)
    assert found
    assert search.written > 16 * 16 * 120


def test_what_is_written_has_an_end(monkeypatch):
    monkeypatch.setattr(propositional, "WRITTEN", 5_000)
    bank, signature = Bank([1]), Signature.of([2])
    x = bank.variable(1)
    search = SizedSearch(signature, [Clause(bank.term(0, (x, x)), x)], (16,))

    assert search.model(100, inf) is None
    assert 5_000 < search.written < 6_000


def test_more_axes_than_arrays_have_are_not_searched():
    bank = Bank([1, 1])
    alone = PropositionalSearch(Signature.of([70, 0]), [Clause(wide(bank, 0, 70), bank.term(1))])
    assert not alone.unfinished
    assert alone.round() is None


def test_groups_with_many_constants_are_left_out():
    count = 70
    bank, signature = Bank([1] * (count + 1)), Signature.of([2, *[0] * count])
    x, y = bank.variable(1), bank.variable(2)

    assert group_model(signature, [Clause(bank.term(0, (x, y)), bank.term(0, (y, x)))]) is None


@pytest.mark.parametrize("kind", ["ternary", "constants", "definitions"])
def test_large_problems_keep_to_their_time(tmp_path, kind):
    text = {
        "ternary": "".join(
            f"cnf(c{i},axiom, t(t(X,Y,g(X)),t(Y,X,g(Y)),t(c{i},g(Y),h(g(X)))) = t(t(g(X),X,X),h(h(Y)),g(c{i + 1}))).\n"
            for i in range(300)
        ),
        "constants": "".join(f"cnf(c{i},axiom, f(c{i},f(c{i + 1},X)) = f(X,c{i})).\n" for i in range(40)),
        "definitions": "".join(f"cnf(c{i},axiom, g{i}(X,Y) = g{i + 1}(Y,X)).\n" for i in range(1_500)),
    }[kind]
    goal = "cnf(x,axiom, f(f(X,Y),f(Z,f(Y,X))) = f(Z,X)).\ncnf(g,negated_conjecture, f(a,b) != b).\n"
    problem = read(tmp_path, text + goal)
    start = time.process_time()
    settle(problem, seconds=0.5)

    assert time.process_time() - start < 5
