"""Models made of finite groups, which are constructed and not searched for.

Every group of order below 60 is solvable, so it is built from smaller ones by cyclic extensions (Hölder 1893): a group
``N``, an automorphism ``σ`` and an element ``a`` with ``σ(a) = a`` and ``σ^p = a (−) a⁻¹`` give the group of pairs
``(n, i)``, ``i < p``, where the new generator acts as ``σ`` and its p-th power is ``a``.  Operations of the clauses
become the operations of a group; constants are then chosen so that every clause holds, all at once over arrays.
"""

from __future__ import annotations

import itertools as it
import time
from collections.abc import Iterator, Sequence
from functools import cache
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore_proofs.completion.bank import subterms
from catcore_proofs.completion.checking import GRID, agreement, grid
from catcore_proofs.completion.models import Clause, Model, Signature

Ints = NDArray[np.int64]

#: The largest order of a group that is constructed, and the most automorphisms of a normal subgroup that are tried.
LARGEST, AUTOMORPHISMS = 31, 200


@cache
def groups(order: int) -> tuple[Ints, ...]:
    """The multiplication tables of groups of an order, the identity first, one of each isomorphism class at least.

    Groups with a normal subgroup that has more than ``AUTOMORPHISMS`` automorphisms may be missing.
    """
    if order == 1:
        return (np.zeros((1, 1), np.int64),)
    found: dict[Any, Ints] = {}
    for p in _primes(order):
        for normal in groups(order // p):
            for table in _extensions(normal, p):
                found.setdefault(_invariant(table), table)
    return tuple(found.values())


def _primes(n: int) -> list[int]:
    return [p for p in range(2, n + 1) if n % p == 0 and all(p % q for q in range(2, p))]


def _extensions(normal: Ints, p: int) -> Iterator[Ints]:
    """The cyclic extensions of a group by the cyclic group of prime order p."""
    n, inverse = len(normal), _inverses(normal)
    for sigma in it.islice(_automorphisms(normal), AUTOMORPHISMS):
        power = np.arange(n)
        powers = [power]
        for _ in range(p):
            power = sigma[power]
            powers.append(power)
        for a in range(n):
            conjugation = normal[normal[a], inverse[a]]
            if sigma[a] == a and (powers[p] == conjugation).all():
                yield _extended(normal, powers, a, p)


def _extended(normal: Ints, powers: list[Ints], a: int, p: int) -> Ints:
    """``(n, i) (m, j) = (n σ^i(m) a^carry, i + j mod p)``, where the carry is 1 when ``i + j ≥ p``."""
    n = len(normal)
    table = np.zeros((n * p, n * p), np.int64)
    for i, j in it.product(range(p), repeat=2):
        block = normal[:, powers[i]]
        if i + j >= p:
            block = normal[block, a]
        # element (n, i) has the number i n_max + n
        table[i * n : (i + 1) * n, j * n : (j + 1) * n] = block + ((i + j) % p) * n
    return table


def _inverses(table: Ints) -> Ints:
    inverses: Ints = (table == 0).argmax(axis=1)
    return inverses


def _orders(table: Ints) -> Ints:
    """The order of every element."""
    power, found = np.arange(len(table)), np.zeros(len(table), np.int64)
    for exponent in range(1, len(table) + 1):
        found[(power == 0) & (found == 0)] = exponent
        power = table[power, np.arange(len(table))]
    return found


def _generators(table: Ints) -> list[int]:
    """Elements that generate a group, found greedily; those of large order come first."""
    chosen: list[int] = []
    reached = {0}
    for x in sorted(range(len(table)), key=lambda x: -int(_orders(table)[x])):
        if x not in reached:
            chosen.append(x)
            reached = set(_words(table, chosen))
    return chosen


def _words(table: Ints, generators: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """For every element generated, a word in the places of the generators, breadth first."""
    found: dict[int, tuple[int, ...]] = {0: ()}
    todo = [0]
    for x in todo:
        for place, g in enumerate(generators):
            y = int(table[x, g])
            if y not in found:
                found[y] = (*found[x], place)
                todo.append(y)
    return found


def _automorphisms(table: Ints) -> Iterator[Ints]:
    """The automorphisms of a group: images of generators with their orders that extend to a bijective homomorphism."""
    generators, orders = _generators(table), _orders(table)
    words = _words(table, generators)
    choices = [[x for x in range(len(table)) if orders[x] == orders[g]] for g in generators]
    for images in it.product(*choices):
        sigma = np.zeros(len(table), np.int64)
        for x, word in words.items():
            y = 0
            for place in word:
                y = int(table[y, images[place]])
            sigma[x] = y
        if len(set(sigma.tolist())) == len(table) and (sigma[table] == table[np.ix_(sigma, sigma)]).all():
            yield sigma


def _invariant(table: Ints) -> Any:
    """Numbers that isomorphic groups share: for each element its order, its square's, how many commute, and roots."""
    orders = _orders(table)
    squares = np.diagonal(table)
    commuting = (table == table.T).sum(axis=1)
    roots = np.bincount(squares, minlength=len(table))
    cubes = np.bincount(table[squares, np.arange(len(table))], minlength=len(table))
    return tuple(sorted(zip(*(a.tolist() for a in (orders, orders[squares], commuting, roots, cubes)), strict=True)))


# ---- models ----------------------------------------------------------------------------------------------------------


def group_model(
    signature: Signature, clauses: Sequence[Clause], *, readings: float = inf, deadline: float = inf
) -> Model | None:
    """A model over one sort whose operations are those of a group of at most ``LARGEST`` elements, smallest first.

    A binary symbol becomes the product or a quotient, a unary one the inverse or the identity map; constants may be any
    elements.  At most so many ``readings`` of the symbols are tried; the ``deadline`` is a last stop.
    """
    if len({*signature.results, *(s for sorts in signature.arguments for s in sorts)}) != 1:
        return None
    if not any(len(sorts) == 2 for sorts in signature.arguments) or any(len(s) > 2 for s in signature.arguments):
        return None
    for order in range(2, LARGEST + 1):
        for table in groups(order):
            for operations in _readings(signature, table):
                readings -= 1
                if readings < 0 or time.perf_counter() > deadline:
                    return None
                found = _with_constants(signature, clauses, operations, order, deadline)
                if found is not None:
                    return found
    return None


def _readings(signature: Signature, table: Ints) -> Iterator[dict[int, Ints]]:
    """The ways to read the symbols that take arguments as operations of a group."""
    inverse = _inverses(table)
    binary = (table, table[:, inverse], table[inverse])
    unary = (inverse, np.arange(len(table)))
    symbols = [(symbol, len(sorts)) for symbol, sorts in enumerate(signature.arguments) if sorts]
    for chosen in it.product(*(binary if arity == 2 else unary for _, arity in symbols)):
        yield {symbol: operation for (symbol, _), operation in zip(symbols, chosen, strict=True)}


def _with_constants(
    signature: Signature, clauses: Sequence[Clause], operations: dict[int, Ints], order: int, deadline: float
) -> Model | None:
    """The same operations with the first values of the constants at which every clause holds, if there are any."""
    constants = [symbol for symbol, sorts in enumerate(signature.arguments) if not sorts]
    if order ** len(constants) > GRID:
        return None
    good = np.ones((order,) * len(constants), bool)
    for clause in sorted(clauses, key=lambda c: len(c.variables())):
        used = [c for c in constants if c in _symbols(clause)]
        extents = dict.fromkeys((*used, *clause.variables()), order)
        if order ** len(extents) > GRID or time.perf_counter() > deadline:
            return None
        holds = agreement(clause, operations, grid(extents), extents.values()) == clause.positive
        over_constants = holds.all(axis=tuple(range(len(used), len(extents))))
        shape = tuple(order if c in used else 1 for c in constants)
        good = good & over_constants.reshape(shape)
        if not good.any():
            return None
    first = np.unravel_index(int(good.argmax()), good.shape) if constants else ()
    tables = {symbol: tuple(map(int, operation.reshape(-1))) for symbol, operation in operations.items()}
    tables |= {c: (int(value),) for c, value in zip(constants, first, strict=True)}
    return Model((order,), tables)


def _symbols(clause: Clause) -> set[int]:
    return {part.head for side in (clause.lhs, clause.rhs) for _, part in subterms(side)}
