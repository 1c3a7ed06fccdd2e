"""The operations of a semiring on arrays of any library (THEORY T3.5).

NumPy's own functions sum the stretches of an array in one call; elsewhere neighbours are added in rounds, half as many
numbers being left after each, so that a stretch of n numbers takes log₂ n calls.  Only ⊕ being associative is used.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from catcore.datatypes.given import one_of
from catcore.datatypes.semirings import Semiring, lawful
from catcore.errors import BadSpecification, TooLarge
from catcore_backends.recursion.state_rows import Rows


class Arithmetic:
    """A semiring over one array namespace.

    Args:
        semiring: the semiring.
        xp: the array namespace.

    Raises:
        BadSpecification: when the semiring names no functions on arrays, or the library does not have them.
    """

    def __init__(self, semiring: Semiring, xp: Any) -> None:
        words = ufuncs_of(semiring)
        missing = [word for word in words if not hasattr(xp, word)]
        if missing:
            raise BadSpecification(
                f"Answers in {semiring} were asked for on arrays of {xp.__name__}, which has no {missing[0]}. Take "
                "another library, or solve it with catcore.datatypes.Problem and no backend."
            )
        self.semiring, self.xp = semiring, xp
        self.plus, self.times = (getattr(xp, word) for word in words)

    @property
    def in_place(self) -> bool:
        """Whether the operations are NumPy's own, which reduce stretches and write into arrays that are given."""
        return isinstance(self.plus, np.ufunc) and isinstance(self.times, np.ufunc)

    @property
    def in_floating_point(self) -> Arithmetic:
        """The same with real numbers, beside which one sees whether integers overflow."""
        zero, one = float(self.semiring.zero), float(self.semiring.one)
        return Arithmetic(replace(self.semiring, zero=zero, one=one), self.xp)

    def require_fitting(self, found: Any) -> None:
        """Refuse answers in floating point that 64 bits cannot hold.

        Raises:
            TooLarge: when there are such.
        """
        if bool(self.xp.any(self.xp.abs(found) >= 2.0**62)):
            raise TooLarge(
                f"Answers in {self.semiring} were asked for, and some exceed 64 bits. Use catcore.datatypes.Problem "
                "without a backend, whose numbers are unbounded."
            )

    def totals(self, values: Any, starts: Rows) -> Any:
        """The totals of the stretches of an array that begin at the given places, none of them empty."""
        if self.in_place:
            return self.plus.reduceat(values, starts)
        xp, zero = self.xp, self.semiring.zero
        for left, right in _rounds(np.diff(starts, append=values.shape[0])):
            padded = xp.concat([values, xp.full_like(values[:1, ...], zero)])
            values = self.plus(*(xp.take(padded, xp.asarray(side), axis=0) for side in (left, right)))
        return values


def _rounds(lengths: Rows) -> Iterator[tuple[Rows, Rows]]:
    """For stretches of the given lengths, which neighbours are added in each round; past the end where one is alone."""
    while lengths.max(initial=1) > 1:
        halves = (lengths + 1) // 2
        starts = np.repeat(np.cumsum(lengths) - lengths, halves)
        left = 2 * (np.arange(len(starts)) - np.repeat(np.cumsum(halves) - halves, halves))
        alone = left + 1 == np.repeat(lengths, halves)
        yield starts + left, np.where(alone, int(lengths.sum()), starts + left + 1)
        lengths = halves


def checked(semiring: Semiring, *, repeat: bool) -> Semiring:
    """The semiring, once it is known to be one that answers on arrays, by repetition too where that is wanted.

    Raises:
        IllTyped: when it is no semiring.
        LawViolated: when a law fails at a sample.
        BadSpecification: when its operations are none of arrays, or ⊕ is not idempotent and has to be.
    """
    ufuncs_of(one_of(semiring, Semiring, "Answers are added and multiplied in a semiring; one"))
    _lawful(semiring)
    if repeat and any(not semiring.same(semiring.add(x, x), x) for x in semiring.samples):
        raise BadSpecification(
            f"Repetition in {semiring} was asked for, and ⊕ is not idempotent there, so answers would be added again "
            "each round. Bound the number of steps in the state, or take a semiring such as min-plus."
        )
    return semiring


_lawful = lru_cache(maxsize=64)(lawful)  # the laws of one semiring are tried once


def ufuncs_of(semiring: Semiring) -> tuple[str, str]:
    """The names of the functions on arrays that ⊕ and ⊗ are."""
    if semiring.ufuncs is None:
        raise BadSpecification(
            f"Answers in {semiring} were asked for on arrays, and its operations name no functions on arrays. Give "
            "ufuncs=, or solve it with catcore.datatypes.Problem and no backend."
        )
    return semiring.ufuncs


def lifted(semiring: Semiring, cost: Any, dtype: Any) -> Any:
    """The elements of the semiring that stand for costs."""
    found = np.broadcast_to(np.asarray(semiring.lift(cost, None)), np.shape(cost))
    return found if dtype is None else found.astype(dtype)


def choosing(semiring: Semiring) -> Semiring:
    """The semiring, once ⊕ is seen to choose one of its arguments.

    Raises:
        BadSpecification: when it does not.
    """
    for x, y in it.product(semiring.samples, repeat=2):
        if semiring.add(x, y) not in (x, y):
            raise BadSpecification(
                f"A best solution was asked for in {semiring}, and {x!r} ⊕ {y!r} is neither of the two. Take a "
                "semiring that chooses, such as min-plus."
            )
    return semiring
