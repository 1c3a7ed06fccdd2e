"""Certificates hold in sets read independently, and no mutant of one gets something false accepted (THEORY 0.5)."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from catcore import (
    FinSet,
    Law,
    Monoid,
    One,
    atoms,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    snd,
    terminal,
)  # fmt: skip
from catcore.arrows import Arrow
from catcore_proofs import prove, replay
from catcore_proofs.evaluation import Rejected
from tests.proofs.certificates import ATOM, BIT, SAME, TWO, certificate, equation
from tests.proofs.models import as_json, elements, refuted, run

A, B, C = atoms("A B C")

# ---- the kernel agrees with an independent reading in sets ---------------------------------------------------------


def laws() -> list[tuple[Arrow, Arrow, list[Law]]]:
    """True equations whose certificates use every step."""
    f, m = generator("f", A, A), generator("m", A * A, A)
    swap = pair(snd(A, A), fst(A, A))
    bits = One + One
    flip = case(inr(One, One), inl(One, One))
    made, used = generator("c", A, bits), generator("u", bits, A)
    two, table = finite_map(2, 2, [1, 0]), generator("t", FinSet(2), A)
    monoid = Monoid.variable("M")
    carrier = ident(monoid.carrier)
    unit_first = pair(terminal(monoid.carrier) >> monoid.unit, carrier)
    return [
        (made >> flip >> flip, made, []),
        (distribute(A, One, One) >> case(fst(A, One), fst(A, One)), fst(A, bits), []),
        (f >> f >> f, f, [Law("idempotent", f >> f, f)]),
        (swap >> m >> f, m >> f, [Law("commutative", swap >> m, m)]),
        (curry(ev(A, B)), ident(B**A), []),
        (used * ident(bits) >> snd(A, bits) >> used, snd(bits, bits) >> used, []),
        (two >> table, table, [Law("even", two >> table, table)]),
        (unit_first >> monoid.mult, carrier, list(monoid.given)),
        (curry(fst(A, bits) >> f), curry(distribute(A, One, One) >> case(fst(A, One) >> f, fst(A, One) >> f)), []),
    ]


@pytest.mark.parametrize("number", range(9))
def test_certificates_survive_json_and_hold_in_sets(number):
    lhs, rhs, given = laws()[number]
    verdict = prove(lhs, rhs, given=given)
    cert = as_json(verdict.certificate)

    replay(cert)
    assert refuted(cert["statement"]) is None


def test_the_independent_reading_can_tell_right_from_wrong():
    false = certificate(ATOM, ATOM, ["gen", "f"], ["id"], SAME, signature={"f": [ATOM, ATOM]})["statement"]

    assert refuted(false) is not None
    assert refuted({**false, "given": [equation(ATOM, ATOM, ["gen", "f"], ["id"])]}) is None
    assert len(elements(["^", TWO, BIT], {})) == 4
    assert run(["cur", "1", ["p1"]], 1, {}, {}) == (((), 1),)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for key, part in value.items() for p in leaves(part, (*path, key))]
    if isinstance(value, list):
        return [path, *(p for i, part in enumerate(value) for p in leaves(part, (*path, i)))]
    return [path]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def with_(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    value = copy.deepcopy(value)
    at(value, path[:-1])[path[-1]] = new
    return value


STRINGS = [
    "A",
    "M",
    "0",
    "1",
    "a",
    "*",
    "+",
    "^",
    "id",
    "!",
    "p1",
    "p2",
    "i1",
    "i2",
    "f",
    "m",
    "v",
    "b",
    "g",
    "l",
    "r",
    "same",
]


def mutants(cert: Any, root: tuple[Any, ...]) -> Any:
    """Every certificate that differs in one place below ``root``: another leaf, a missing, doubled or swapped part."""
    for path in leaves(at(cert, root), root):
        if path == root and root[-1] != "proof":
            continue
        here = at(cert, path)
        if isinstance(here, bool):
            yield with_(cert, path, not here)
        elif isinstance(here, int):
            yield from (with_(cert, path, here + d) for d in (-1, 1, 2))
        elif isinstance(here, str):
            yield from (with_(cert, path, s) for s in STRINGS if s != here)
        elif isinstance(here, list):
            yield from (with_(cert, path, here[:i] + here[i + 1 :]) for i in range(len(here)))
            yield from (
                with_(cert, path, [*here[:i], here[i + 1], here[i], *here[i + 2 :]]) for i in range(len(here) - 1)
            )
            yield from (with_(cert, path, part) for part in here if isinstance(part, list))
            yield with_(cert, path, [*here, *here[-1:]])


@pytest.mark.parametrize("number", range(9))
def test_no_mutant_of_a_certificate_gets_something_false_accepted(number):
    lhs, rhs, given = laws()[number]
    cert = as_json(prove(lhs, rhs, given=given).certificate)
    roots = [
        ("statement", "lhs"),
        ("statement", "rhs"),
        ("statement", "given"),
        ("statement", "dom"),
        ("proof",),
        ("lemmas",),
    ]
    accepted = refusals = 0
    seen: dict[str, Any] = {}
    for root in roots:
        for mutant in mutants(cert, root):
            try:
                replay(mutant)
            except Rejected:
                refusals += 1
                continue
            accepted += 1
            text = json.dumps(mutant["statement"], sort_keys=True)
            if text not in seen:
                seen[text] = refuted(mutant["statement"], limit=150)
            assert seen[text] is None, mutant
    assert refusals > 20, "the mutations change nothing"
    assert accepted < refusals
