"""Laws whose proofs are made by moves, and goals about them."""

from __future__ import annotations

from typing import Any

from catcore import (
    Id,
    Law,
    Monad,
    One,
    arrow,
    atoms,
    case,
    generator,
    ident,
    inl,
    inr,
    terminal,
)
from catcore_proofs import Goal, replay
from tests.proofs.test_induction import JOIN, TRUE, TURN, L

A, B, C, G, S = atoms("A B C G S")
F, H = generator("f", A, B), generator("h", B, C)
ANY = Monad.variable("T", strong=True)
NAMES = {"++": JOIN, "reverse": TURN, "L": L}
MAYBE = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))
SWAP = case(inr(One, One), inl(One, One))
TWICE = Law("swapping twice", SWAP >> SWAP, ident(One + One))

MULT, INV, UNIT = generator("m", G * G, G), generator("inv", G, G), generator("e", One, G)
GROUP = (
    Law(
        "associativity",
        arrow(G * G * G, G)(lambda t: MULT(MULT(t[0][0], t[0][1]), t[1])),
        arrow(G * G * G, G)(lambda t: MULT(t[0][0], MULT(t[0][1], t[1]))),
    ),
    Law("left unit", arrow(G, G)(lambda x: MULT((terminal(G) >> UNIT)(x), x)), ident(G)),
    Law("left inverse", arrow(G, G)(lambda x: MULT(INV(x), x)), terminal(G) >> UNIT),
)
RIGHT_INVERSE = Law("right inverse", arrow(G, G)(lambda x: MULT(x, INV(x))), terminal(G) >> UNIT, GROUP)
DOT = {"·": MULT}


def proved(goal: Goal) -> bool:
    """Whether the goal is finished and its certificate survives another replay, read back from its script as well."""
    verdict = goal.verdict()
    assert (verdict.status, verdict.evidence) == ("holds", "proved"), str(verdict)
    replay(verdict.certificate)
    scope: dict[str, Any] = {}
    exec(goal.script(), scope)
    again = scope["goal"]
    assert again == goal
    assert again.certificate() == verdict.certificate
    return True


def reverse_twice() -> Goal:
    goal = Goal(TRUE["reversing twice"], names=NAMES).induct("xs")
    return goal.rewrite(TRUE["reverse of append"]).rewrite("IH")


def right_inverse() -> Goal:
    goal = Goal(RIGHT_INVERSE, names=DOT).rewrite("left unit", at="g · inv(g)", backwards=True)
    goal = goal.rewrite("left inverse", at=("left", 0, 0), backwards=True, where={"g": "inv(g)"})
    goal = goal.rewrite("associativity").rewrite("associativity", at="inv(g)·(g·inv(g))", backwards=True)
    return goal.rewrite("left inverse", at="inv(g) · g").rewrite("left unit").rewrite("left inverse")
