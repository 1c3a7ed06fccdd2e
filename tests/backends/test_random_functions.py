"""Random terms with functions as values, chosen by tags and kept in sums, on every library row by row (T1.1).

Functions take functions, stand in payloads and in tables, come out of case distinctions, and are applied later; dead
payloads hold NaN and numbers out of range.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from catcore.arrows import (
    Arrow,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    finite_size,
    fst,
    ident,
    inl,
    inr,
    pair,
    snd,
    terminal,
)
from catcore.categories.smooth import constant, smooth
from catcore.objects import Coproduct, Exponential, FinSet, Ob, One, Product, R
from catcore_backends import compile_arrow
from tests.backends.reference import agree, evaluate, gather, row, sample

N, V, LOW, HIGH = R(), R(2), FinSet(2), FinSet(3)
LEAVES = (V, V, V, N, LOW, HIGH, One)
FINITE = (LOW, HIGH, One + One, LOW + One)
TABLES = (V, N, HIGH, V + N)


class Terms:
    """Random objects, and random terms into them out of an environment ``((A × B₁) × …) × Bₙ``."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def ob(self, depth: int, *, functions: bool = True) -> Ob:
        """An object, whose functions are out of any object without functions; without them, out of a finite set."""
        choice = self.random.choice
        match choice(("leaf", "leaf", "function", "product", "sum", "sum")) if depth else "leaf":
            case "function" if functions:
                return self.ob(depth - 1) ** self.ob(depth - 1, functions=False)
            case "function":
                return choice(TABLES) ** LOW
            case "product" | "sum" as kind:
                left, right = (self.ob(depth - 1, functions=functions) for _ in range(2))
                return Product(left, right) if kind == "product" else Coproduct(left, right)
        return choice(LEAVES)

    def term(self, env: Ob, target: Ob, depth: int) -> Arrow:
        """A term into an object: something that is read, chosen, applied, bound before, or put together."""
        places = list(_places(ident(env)))
        fitting = [f for f in places if f.cod is target]
        if fitting and (depth <= 0 or self.random.random() < 0.25):
            return self.random.choice(fitting)
        match self.random.choice(("cases", "cases", "applied", "bound", "made", "made")) if depth > 0 else "made":
            case "cases":
                return self.cases(env, places, target, depth)
            case "applied":
                return self.applied(env, places, target, depth)
            case "bound":
                value = self.term(env, self.ob(2), depth - 2)
                return pair(ident(env), value) >> self.term(env * value.cod, target, depth - 1)
        return self.made(env, places, target, depth)

    def cases(self, env: Ob, places: list[Arrow], target: Ob, depth: int) -> Arrow:
        """A case distinction whose branches see the environment and the payload."""
        found = [f for f in places if isinstance(f.cod, Coproduct)]
        if found and self.random.random() < 0.7:
            choice = self.random.choice(found)
        else:
            choice = self.term(env, Coproduct(*(self.ob(1, functions=False) for _ in range(2))), depth - 2)
        sides = [self.term(env * side, target, depth - 1) for side in choice.cod.args]
        return pair(ident(env), choice) >> distribute(env, *choice.cod.args) >> case(*sides)

    def applied(self, env: Ob, places: list[Arrow], target: Ob, depth: int) -> Arrow:
        """A function applied, one that there is or any other."""
        found = [f for f in places if isinstance(f.cod, Exponential) and f.cod.base is target]
        function = self.random.choice(found) if found else self.term(env, target ** self.ob(1), depth - 1)
        base, exponent = function.cod.args
        return pair(function, self.term(env, exponent, depth - 2)) >> ev(exponent, base)

    def made(self, env: Ob, places: list[Arrow], target: Ob, depth: int) -> Arrow:
        """An element put together as its object says."""
        match target:
            case Product():
                return pair(self.term(env, target.left, depth - 1), self.term(env, target.right, depth - 1))
            case Coproduct():
                side = self.random.randrange(2)
                return self.term(env, target.args[side], depth - 1) >> (inl, inr)[side](*target.args)
            case Exponential():
                return curry(self.term(env * target.exponent, target.base, depth - 1))
            case FinSet():
                found = [f for f in places if f.cod in FINITE] or [terminal(env)]
                read = self.random.choice(found)
                values = [self.random.randrange(target.size) for _ in range(finite_size(read.cod))]
                return read >> finite_map(read.cod, target, values)
            case R():
                return self.real(env, places, target, depth)
        return terminal(env)

    def real(self, env: Ob, places: list[Arrow], target: R, depth: int) -> Arrow:
        """A tensor computed from others, read, or constant."""
        if depth > -3 and self.random.random() < 0.4:
            name = self.random.choice(("tanh", "sin", "sigmoid", "square", "relu", "cos"))
            return self.term(env, target, depth - 1) >> smooth(name, target)
        if depth > -3 and self.random.random() < 0.3:
            sides = (self.term(env, target, depth - 2) for _ in range(2))
            return pair(*sides) >> smooth(self.random.choice(("add", "multiply", "subtract")), target * target)
        found = [f for f in places if f.cod is target]
        value = round(self.random.uniform(0.2, 1.5), 2)
        return self.random.choice(found) if found else terminal(env) >> constant([value, 1.0] if target is V else value)


def _places(f: Arrow) -> Any:
    yield f
    if isinstance(f.cod, Product):
        for project in (fst, snd):
            yield from _places(f >> project(*f.cod.args))


#: Found by trying many: the longest programs, and one whose tables stand in a payload that is dead in some rows.
SEEDS = (248, 835, 1466, 1224)


@pytest.mark.parametrize("seed", SEEDS)
def test_functions_as_values_mean_what_they_mean_row_by_row(seed, library):
    terms = Terms(seed)
    env = V * (terms.ob(2, functions=False) * terms.ob(2, functions=False))
    term = terms.term(env, terms.ob(2, functions=False), 6)
    rng = np.random.default_rng(seed)
    samples = [sample(env, rng) for _ in range(6)]
    run = compile_arrow(term, library.backend)
    for _ in range(2):
        found = library.numpy(run(library.batch(gather(env, samples))))
        for i, x in enumerate(samples):
            assert agree(term.cod, row(term.cod, found, i), evaluate(term, x))
