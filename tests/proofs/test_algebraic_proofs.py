"""Laws between operations: proved by completion, with certificates of their own statements."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catcore import Law, One, arrow, atoms, generator
from catcore.arrows import Arrow, terminal
from catcore.objects import Ob
from catcore_proofs import algebraic_proofs, prove
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import replay

A, X = atoms("A X")
e, zero = generator("e", One, A), generator("zero", One, A)
m, plus = generator("m", A * A, A), generator("plus", A * A, A)
inv, neg = generator("inv", A, A), generator("neg", A, A)
act, f = generator("act", A * X, X), generator("f", X, X)


def law(dom: Ob, lhs: Any, rhs: Any, cod: Ob = A, name: str = "law") -> Law:
    return Law(name, arrow(dom, cod)(lhs), arrow(dom, cod)(rhs))


def associative(op: Arrow) -> Law:
    return law((A * A) * A, lambda x: op((op(x[0]), x[1])), lambda x: op((x[0][0], op((x[0][1], x[1])))))


def commutative(op: Arrow) -> Law:
    return law(A * A, lambda x: op(x), lambda x: op((x[1], x[0])))


def constant(x: Any, c: Arrow) -> Any:
    return (terminal(A) >> c)(x)


def idempotent(op: Arrow) -> Law:
    return law(A, lambda x: op((x, x)), lambda x: x)


def absorbing(op: Arrow, other: Arrow) -> Law:
    return law(A * A, lambda x: op((x[0], other(x))), lambda x: x[0])


def distributing(op: Arrow, over: Arrow) -> list[Law]:
    triple = (A * A) * A
    return [
        law(triple, lambda x: op((x[0][0], over((x[0][1], x[1])))), lambda x: over((op(x[0]), op((x[0][0], x[1]))))),
        law(triple, lambda x: op((over(x[0]), x[1])), lambda x: over((op((x[0][0], x[1])), op((x[0][1], x[1]))))),
    ]


def group(op: Arrow, unit: Arrow, inverse: Arrow) -> list[Law]:
    return [
        associative(op),
        law(A, lambda x: op((constant(x, unit), x)), lambda x: x),
        law(A, lambda x: op((inverse(x), x)), lambda x: constant(x, unit)),
    ]


LATTICE = [each(op) for each in (associative, commutative) for op in (m, plus)] + [
    absorbing(m, plus),
    absorbing(plus, m),
]
RING = [*group(plus, zero, neg), commutative(plus), associative(m), *distributing(m, plus)]
ACTION = [
    *group(m, e, inv),
    law(X, lambda x: act(((terminal(X) >> e)(x), x)), lambda x: x, X),
    law((A * A) * X, lambda x: act((m(x[0]), x[1])), lambda x: act((x[0][0], act((x[0][1], x[1])))), X),
]
EQUIVARIANT = law(A * X, lambda x: f(act(x)), lambda x: act((x[0], f(x[1]))), X)

THEOREMS: dict[str, tuple[list[Law], Law]] = {
    "an idempotent group is trivial": ([*group(m, e, inv), idempotent(m)], law(A * A, lambda x: x[0], lambda x: x[1])),
    "joins are idempotent": (LATTICE, idempotent(m)),
    "one distributivity gives the other": ([*LATTICE, distributing(m, plus)[0]], distributing(plus, m)[0]),
    "Boolean rings have characteristic 2": (
        [*RING, idempotent(m)], law(A, lambda x: plus((x, x)), lambda x: constant(x, zero)),
    ),
    "signs come out of products": (RING, law(A * A, lambda x: m((neg(x[0]), x[1])), lambda x: neg(m(x)))),
    "an equation between points": (
        [law(A, lambda x: m((constant(x, e), x)), lambda x: x), law(A, lambda x: m((x, inv(x))), lambda x: x)],
        law(One, lambda _: inv(e(())), lambda _: e(())),
    ),
    "two sorts": ([*ACTION, EQUIVARIANT], law(
        A * X, lambda x: act((inv(x[0]), f(act(x)))), lambda x: f(x[1]), X,
    )),
    "two components": (LATTICE, law(
        A * A, lambda x: (m((x[0], x[0])), plus((x[1], x[1]))), lambda x: x, A * A,
    )),
}  # fmt: skip


@pytest.mark.parametrize(("given", "goal"), THEOREMS.values(), ids=THEOREMS)
def test_theorems_of_algebra_are_proved(given: list[Law], goal: Law) -> None:
    verdict = prove(goal, given=given)

    assert (verdict.status, verdict.evidence) == ("holds", "proved")
    replay(json.loads(json.dumps(verdict.certificate)))


def test_what_holds_in_some_models_only_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(algebraic_proofs, "OVERLAPS", (1_000,))
    for given, goal in (
        (group(m, e, inv), commutative(m)),
        (LATTICE, distributing(m, plus)[0]),
        (RING, idempotent(plus)),
        (ACTION, law(X, lambda x: f(x), lambda x: x, X)),
    ):
        assert algebraic_proofs.certificate(Law("law", goal.lhs, goal.rhs, tuple(given))) is None
        assert prove(goal, given=given).status == "fails"


def test_an_element_of_an_empty_set_is_not_made_up() -> None:
    one, two = generator("one", One, X), generator("two", One, X)
    vacuous = Law("equal if A has an element", terminal(A) >> one, terminal(A) >> two)

    assert prove(one, two, given=[vacuous]).evidence != "proved"
    assert prove(one, two, given=[Law("equal", one, two)]).evidence == "proved"


def test_a_changed_certificate_is_refused() -> None:
    given, goal = THEOREMS["two sorts"]
    found = algebraic_proofs.certificate(Law("law", goal.lhs, goal.rhs, tuple(given)))
    assert found is not None

    for number in range(len(found["lemmas"])):
        other = {**found, "lemmas": [dict(lemma) for lemma in found["lemmas"]]}
        lemma = other["lemmas"][number]
        lemma["lhs"] = ("g", "act", ("*", ("g", "e", ("1",)), lemma["lhs"])) if lemma["cod"] == ("a", "X") else ("v", 0)
        with pytest.raises(Rejected):
            replay(other)
