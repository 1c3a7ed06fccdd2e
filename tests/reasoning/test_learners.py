"""H1 to H4 by how a whole is composed, for learners that memorise and learners that compose (FEATURES 129)."""

from __future__ import annotations

import itertools as it
import re

import pytest

import catcore.reasoning.learners as module
from catcore.errors import BadSpecification
from catcore.reasoning import Sample, accuracy, composed, hypothesis, memorising, samples_needed
from tests.reasoning import odd

F = {f"f{n}": f"g{(7 * n + 3) % 40}" for n in range(40)}
G = {f"g{n}": f"h{9 * n % 40}" for n in range(40)}


def table(entries: dict[str, str]) -> list[Sample]:
    return [Sample(q, a) for q, a in entries.items()]


WHOLES = {
    "f ; g": {q: G[a] for q, a in F.items()},
    "[f, g]": F | G,
    "f × g": {f"{p} {q}": f"{F[p]} {G[q]}" for p, q in it.product(F, G)},
}


@pytest.mark.parametrize("seed", range(3))
def test_how_a_whole_is_composed_says_what_memorising_costs(seed):
    parts = {name: samples_needed(memorising, table(t), seed=seed) for name, t in {"f": F, "g": G}.items()}
    needed = {name: samples_needed(memorising, table(whole), seed=seed) for name, whole in WHOLES.items()}

    assert parts == {"f": 38, "g": 38}
    assert {name: hypothesis(n, parts) for name, n in needed.items()} == {"f ; g": "H2", "[f, g]": "H3", "f × g": "H4"}


def test_a_learner_that_composes_tied_and_frozen_parts_needs_no_further_sample():
    def side_by_side(question):
        p, q = question.split()
        return f"{F[p]} {G[q]}"

    def either(question):
        return F.get(question) or G.get(question)

    learners = {"f ; g": composed(F.get, G.get), "[f, g]": composed(either), "f × g": composed(side_by_side)}

    assert {name: samples_needed(learner, table(WHOLES[name])) for name, learner in learners.items()} == {
        "f ; g": 0,
        "[f, g]": 0,
        "f × g": 0,
    }
    assert samples_needed(composed(G.get, F.get), table(WHOLES["f ; g"])) is None


def test_the_four_hypotheses():
    parts = {"a": 100, "b": 300}

    assert [hypothesis(n, parts) for n in (0, 10, 11, 300, 301, 400, 401, None)] == [
        *("H1", "H1", "H2", "H2", "H3", "H3", "H4", "H4"),
    ]


def test_an_exam_of_other_questions():
    """What is memorised does not pass an exam of questions that were not seen."""
    seen, unseen = table(F)[:20], table(F)[20:]

    assert samples_needed(memorising, seen, exam=unseen) is None
    assert samples_needed(memorising, [], exam=[]) == 0
    assert accuracy(F.get, []) == 1


def test_refusals():
    with pytest.raises(BadSpecification, match="no part was given"):
        hypothesis(3, {})
    with pytest.raises(BadSpecification, match="reach=0"):
        samples_needed(memorising, [], reach=0)
    with pytest.raises(BadSpecification, match="reach='all'"):
        samples_needed(memorising, [], reach=odd("all"))


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: memorising(odd(3)), "row of samples"),
        (lambda: memorising(odd([("q", "a")])), "row of samples"),
        (lambda: accuracy(F.get, odd(["q"])), "row of samples"),
        (lambda: samples_needed(memorising, odd([1, 2])), "row of samples"),
        (lambda: samples_needed(memorising, [], exam=odd({"q": "a"})), "row of samples"),
        (lambda: hypothesis(odd("3"), {"a": 1}), "number of samples is a whole number, and '3'"),
        (lambda: hypothesis(-3, {"a": 1}), "at least 0, and -3"),
        (lambda: hypothesis(3, odd({"a": 1.5})), "1.5 was given"),
        (lambda: hypothesis(3, odd([1])), "by their names"),
        (lambda: hypothesis(3, {"a": 1}, constant=odd(None)), "constant number of samples"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(attempt, sentence):
    with pytest.raises(BadSpecification, match=sentence):
        attempt()


def test_claims_of_the_literature_are_cited_as_such():
    """FEATURES 130: exponential inefficiency is a theorem elsewhere; nothing here claims to show it."""
    said = " ".join((module.__doc__ or "").split())

    assert "exponentially inefficient in samples. Both are claims of the literature" in said
    assert "not reproduced" in said
    assert "exponential" not in re.sub("Thomm and others.*", "", said)  # and nowhere else
