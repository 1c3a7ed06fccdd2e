"""Structural tasks: parity of lists by a folding network, values of formulas by recursive ones (T4.5).

All networks are trained on small structures and asked about larger ones than they have seen; what they learn is one
cell, which the fold uses everywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from catcore import Id, One, R, arrow, case, finite_map, fold, mu, smooth
from catcore.categories.finite_sets import Injected
from catcore.categories.smooth import constant
from catcore.datatypes import Data, datatype
from catcore.datatypes.parametric import parametric_fold
from catcore.functors import functor
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import adam
from catcore.objects import FinSet, Ob
from catcore.para import ParaMap
from catcore.para.architectures import dense
from catcore.structures.lists import LIST
from catcore_backends import fit
from catcore_backends.recursion.forests import forest
from tests.learning.tasks.measures import agreement

Samples = tuple[list[Data], Any]


def both_scores(model: ParaMap, seen: Samples, larger: Samples) -> tuple[float, float]:
    """How often a trained network is right on what it saw, and on larger structures."""
    run = fit(model, seen, quadratic, lambda p: adam(p, step=0.02), epochs=40, batch=50, seed=0)
    return agreement(run, forest(seen[0]), seen[1]), agreement(run, forest(larger[0]), larger[1])


def _operations(width: int) -> tuple[Any, Any, Any]:
    """Sums and activations of states, and the product with a square matrix."""
    state = R(width)
    return smooth("add", state * state), smooth("tanh", state), smooth("matmul", R(width, width) * state)


# ---- lists -------------------------------------------------------------------------------------------------------

LISTS = mu(1 + R(1) * Id)


def folding_network(width: int) -> ParaMap:
    """``[] ↦ tanh h``, ``a :: s ↦ tanh(U a + W s + b)``, and a number at the end."""
    state = R(width)
    weights: Ob = state * (R(width, 1) * (R(width, width) * state))
    add, tanh, product = _operations(width)
    read = smooth("matmul", R(width, 1) * R(1))

    def cell(x: Any) -> Any:
        h, (u, (w, b)) = x[0]
        return tanh(x[1].case(inl=lambda _: h, inr=lambda c: add(add(read(u, c[0]), product(w, c[1])), b)))

    algebra = arrow(weights * (1 + R(1) * state), state)(cell)
    return ParaMap(weights, parametric_fold(LISTS, algebra)) >> dense(width, 1)


def lists_of_bits(count: int, lengths: tuple[int, int], rng: Any) -> Samples:
    """Random lists of ±1, and 1 for those with an even number of ones, −1 for the others."""
    items = [rng.integers(0, 2, size=int(rng.integers(*lengths))) for _ in range(count)]
    return [_listed(bits) for bits in items], np.asarray([[(-1.0) ** bits.sum()] for bits in items])


def _listed(bits: Any) -> Data:
    found = Data(LISTS, Injected("inl", ()))
    for bit in bits[::-1]:
        found = Data(LISTS, Injected("inr", (np.asarray([2.0 * bit - 1]), found)))
    return found


def parity() -> tuple[float, float]:
    """How often the parity is right of lists with up to 6 items, which it saw, and of lists with 7 to 11."""
    rng = np.random.default_rng(0)
    return both_scores(folding_network(8), lists_of_bits(300, (1, 7), rng), lists_of_bits(200, (7, 12), rng))


# ---- formulas ----------------------------------------------------------------------------------------------------

FORMULAS = datatype(FinSet(2) + (Id + (Id * Id + Id * Id)), "Bit", "Not", "And", "Or")


def recursive_network(width: int) -> ParaMap:
    """A state for each bit, an affine map for *not*, one of two states for *and* and for *or*; a number at the end."""
    state, square = R(width), R(width, width)
    two: Ob = square * (square * state)
    weights: Ob = (state * state) * ((square * state) * (two * two))
    add, tanh, product = _operations(width)
    truth = finite_map(FinSet(2), One + One, [0, 1])

    def joined(w: Any, c: Any) -> Any:
        return add(add(product(w[0], c[0]), product(w[1][0], c[1])), w[1][1])

    def cell(x: Any) -> Any:
        (no, yes), ((n, b), (conjunction, disjunction)) = x[0]
        return tanh(
            x[1].case(
                inl=lambda bit: truth(bit).case(inl=lambda _: no, inr=lambda _: yes),
                inr=lambda rest: rest.case(
                    inl=lambda s: add(product(n, s), b),
                    inr=lambda pairs: pairs.case(
                        inl=lambda c: joined(conjunction, c), inr=lambda c: joined(disjunction, c)
                    ),
                ),
            )
        )

    layer = FinSet(2) + (state + (state * state + state * state))
    return ParaMap(weights, parametric_fold(FORMULAS.fixed, arrow(weights * layer, state)(cell))) >> dense(width, 1)


def formula(size: int, rng: Any) -> tuple[Data, int]:
    """A random formula of so many constructors, and its value."""
    if size == 1:
        bit = int(rng.integers(2))
        return Data(FORMULAS.fixed, Injected("inl", bit)), bit
    if size == 2 or rng.random() < 0.25:
        inside, value = formula(size - 1, rng)
        return Data(FORMULAS.fixed, Injected("inr", Injected("inl", inside))), 1 - value
    left = int(rng.integers(1, size - 1))
    (a, p), (b, q) = formula(left, rng), formula(size - 1 - left, rng)
    side = ("inl", "inr")[int(rng.integers(2))]
    layer = Injected("inr", Injected("inr", Injected(side, (a, b))))
    return Data(FORMULAS.fixed, layer), p & q if side == "inl" else p | q


def some_formulas(count: int, sizes: tuple[int, int], rng: Any) -> Samples:
    """Random formulas, and 1 for the true ones, −1 for the false ones."""
    found = [formula(int(rng.integers(*sizes)), rng) for _ in range(count)]
    return [term for term, _ in found], np.asarray([[2.0 * value - 1] for _, value in found])


def formulas() -> tuple[float, float]:
    """How often the value is right of formulas with up to 9 constructors, which it saw, and with 20 to 39."""
    rng = np.random.default_rng(0)
    return both_scores(recursive_network(6), some_formulas(300, (1, 10), rng), some_formulas(200, (20, 40), rng))


# ---- formulas of any number of arguments -------------------------------------------------------------------------

WIDE = datatype(functor(lambda x: FinSet(2) + (LIST(x) + LIST(x))), "Bit", "All", "Any")


def rose_network(width: int) -> ParaMap:
    """A state for each bit; *all* and *any* add up the states of their arguments, each with its affine map."""
    state, square = R(width), R(width, width)
    affine: Ob = square * state
    weights: Ob = (state * state) * (affine * affine)
    add, tanh, product = _operations(width)
    total = fold(LIST(state), case(constant([0.0] * width), add))
    truth = finite_map(FinSet(2), One + One, [0, 1])

    def cell(x: Any) -> Any:
        (no, yes), (every, some) = x[0]
        return tanh(
            x[1].case(
                inl=lambda bit: truth(bit).case(inl=lambda _: no, inr=lambda _: yes),
                inr=lambda lists: lists.case(
                    inl=lambda c: add(product(every[0], total(c)), every[1]),
                    inr=lambda c: add(product(some[0], total(c)), some[1]),
                ),
            )
        )

    layer = FinSet(2) + (LIST(state) + LIST(state))
    return ParaMap(weights, parametric_fold(WIDE.fixed, arrow(weights * layer, state)(cell))) >> dense(width, 1)


def wide_formula(depth: int, rng: Any) -> tuple[Data, bool]:
    """A random formula of that depth at most, whose nodes have up to four arguments, and its value."""
    bit, every, some = WIDE.constructors
    if depth == 0 or rng.random() < 0.2:
        value = int(rng.integers(2))
        return bit(value), bool(value)
    inside = [wide_formula(depth - 1, rng) for _ in range(int(rng.integers(0, 5)))]
    arguments = datatype(LIST(WIDE.fixed)).list_of([term for term, _ in inside])
    if rng.random() < 0.5:
        return every(arguments), all(value for _, value in inside)
    return some(arguments), any(value for _, value in inside)


def some_wide_formulas(count: int, depth: int, rng: Any) -> Samples:
    """Random formulas, and 1 for the true ones, −1 for the false ones."""
    found = [wide_formula(depth, rng) for _ in range(count)]
    return [term for term, _ in found], np.asarray([[2.0 * value - 1] for _, value in found])


def roses() -> tuple[float, float]:
    """How often the value is right of formulas of depth up to 2, which it saw, and of depth up to 5."""
    rng = np.random.default_rng(0)
    return both_scores(rose_network(6), some_wide_formulas(300, 2, rng), some_wide_formulas(200, 5, rng))
