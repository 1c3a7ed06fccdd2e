"""Answers at all states within bounds, wavefront by wavefront (Lamport 1974, The parallel execution of DO loops).

Where a weighting of the columns decreases with every option, the states of equal weight do not need each other.  Such a
weighting is guessed at a thousand states and checked at all.
"""

from __future__ import annotations

import itertools as it
import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from catcore.datatypes.semirings import Semiring
from catcore_backends.recurrences.answering import Answers
from catcore_backends.recurrences.arithmetic import lifted, ufuncs_of
from catcore_backends.recurrences.options import Option, Rule, as_tuple
from catcore_backends.recursion.state_rows import Rows

#: The rule is asked about so many states at a time, or one wavefront: few enough to stay in the cache.
CHUNK = 1 << 14
#: Wavefronts number all states within the bounds when there are at most so many.
MAX_FRONT = 100_000_000


def by_wavefronts(rule: Rule, semiring: Semiring) -> Answers | None:
    """Answers at all states within the bounds, where a weighting of the columns decreases with every option.

    None where there is no such weighting, options belong to any number of states, or some state within the bounds
    leaves them: then the states that are reached decide.
    """
    bounds = [b for b in rule.bounds if b is not None]
    size = math.prod(bounds)
    if len(bounds) != len(rule.bounds) or not 0 < size <= MAX_FRONT or not bounds:
        return None
    try:
        weights = _weighting(rule, bounds, size)
        return _Front(rule, semiring, bounds, weights).answers() if weights else None
    except (Unfit, IndexError):  # a state that is not reached need not make sense
        return None


class Unfit(Exception):
    """The rule does not fit the wavefronts."""


def _weighting(rule: Rule, bounds: list[int], size: int) -> tuple[int, ...] | None:
    """Weights of the columns that decrease at a thousand states spread over the bounds, with the fewest wavefronts."""
    sample = _columns_of(np.unique(np.linspace(0, size - 1, 1000).astype(np.int64)), bounds)
    steps = []
    for option in rule.listed(np.stack(sample, axis=1)):
        if option.rows is not None:
            raise Unfit
        when = np.broadcast_to(np.asarray(option.when), sample[0].shape)
        for leaf in option.leaves:
            steps.append(np.stack([(c - x)[when] for c, x in zip(sample, as_tuple(leaf), strict=True)], axis=1))
    gaps = np.unique(np.concatenate([*steps, np.zeros((0, len(bounds)), np.int64)]), axis=0)
    every = it.product((0, 1, -1, 2), repeat=len(bounds)) if len(bounds) <= 5 else iter(())
    fit = [w for w in every if 1 in map(abs, w) and (gaps @ np.asarray(w) >= 1).all()]
    return min(fit, key=lambda w: (sum(abs(x) * (b - 1) for x, b in zip(w, bounds, strict=True)), w), default=None)


class _Front:
    """All states within the bounds, one wavefront after the other; answers are kept by the number of the state.

    One column of weight ±1 is the *pivot*: its entry follows from the wavefront and the other columns, and these are
    sorted by their weight, so a wavefront is a stretch of them.

    Args:
        rule: the options of states.
        semiring: what answers are added and multiplied in.
        bounds: the bounds of the columns.
        weights: the weights of the columns.
    """

    def __init__(self, rule: Rule, semiring: Semiring, bounds: list[int], weights: tuple[int, ...]) -> None:
        self.rule, self.semiring, self.bounds, self.weights = rule, semiring, bounds, weights
        self.size = math.prod(bounds)
        self.pivot = max((i for i, w in enumerate(weights) if abs(w) == 1), key=lambda i: bounds[i])
        others = [1 if i == self.pivot else b for i, b in enumerate(bounds)]
        columns = _columns_of(np.arange(math.prod(others)), others)
        level = sum(w * c for w, c in zip(weights, columns, strict=True))
        order = np.argsort(level, kind="stable")
        self.others = [c[order] for c in columns]
        self.levels: Rows = level[order]

    def answers(self) -> Answers:
        """Ask the rule about all states, some wavefronts at a time, and answer them."""
        reach = self.weights[self.pivot] * (self.bounds[self.pivot] - 1)
        every = np.arange(self.levels[0] + min(reach, 0), self.levels[-1] + max(reach, 0) + 1)
        low = np.searchsorted(self.levels, every - max(reach, 0))
        high = np.searchsorted(self.levels, every - min(reach, 0), side="right")
        ends = np.cumsum(high - low)
        values = None
        for part in np.split(np.arange(len(every)), np.flatnonzero(np.diff(ends // CHUNK)) + 1):
            fronts = [
                self._front(at, slice(start, stop))
                for at, start, stop in zip(every[part], low[part], high[part], strict=True)
            ]
            columns = [np.concatenate(c) for c in zip(*fronts, strict=True)]
            cuts = [0, *(ends[part] - (ends[part[0] - 1] if part[0] else 0)).tolist()]
            values = self._answer(columns, cuts, values)
        return Answers(values, lambda rows: _codes(list(rows.T), self.bounds))

    def _front(self, level: int, here: slice) -> list[Any]:
        """The columns of the states of one wavefront."""
        columns = [c[here] for c in self.others]
        columns[self.pivot] = (level - self.levels[here]) * self.weights[self.pivot]
        return columns

    def _answer(self, columns: list[Any], cuts: list[int], values: Any) -> Any:
        """Answer the states of some wavefronts, cut where the next begins."""
        plus, times = (getattr(np, word) for word in ufuncs_of(self.semiring))
        options = _checked_options(self.rule.options(*columns), len(columns[0]))
        costs = [lifted(self.semiring, np.asarray(o.cost), None) for o in options]
        if values is None:
            values = np.empty(self.size + 1, np.result_type(np.asarray(self.semiring.zero), *costs))
            values[self.size] = self.semiring.zero
        total = np.full(len(columns[0]), self.semiring.zero, values.dtype)
        for option, cost in zip(options, costs, strict=True):
            if not option.leaves:
                plus(total, np.where(option.when, cost, self.semiring.zero), out=total, casting="unsafe")
        level = self._level(columns)
        left = [
            (cost, [self._numbers(leaf, option.when, level) for leaf in option.leaves])
            for option, cost in zip(options, costs, strict=True)
            if option.leaves
        ]
        codes = _codes(columns, self.bounds)
        for start, stop in it.pairwise(cuts):
            here = slice(start, stop)
            found = total[here]
            for cost, leaves in left:
                worth = values.take(leaves[0][here])
                for leaf in leaves[1:]:
                    worth = times(worth, values.take(leaf[here]))
                plus(found, times(cost[here] if cost.ndim else cost, worth, out=worth), out=found)
            values[codes[here]] = found
        return values

    def _level(self, columns: Sequence[Any]) -> Any:
        """The wavefronts of states."""
        heavy = [c if w == 1 else w * c for w, c in zip(self.weights, columns, strict=True) if w]
        return reduce(np.add, heavy[1:], heavy[0])

    def _numbers(self, leaf: Any, when: Any, level: Any) -> Any:
        """The numbers of the states left, and where nothing may be taken the place of 0."""
        parts = [np.asarray(x, np.int64) for x in as_tuple(leaf)]
        outside = self._level(parts) >= level
        for part, bound in zip(parts, self.bounds, strict=True):
            outside |= part.view(np.uint64) >= bound  # a negative number is a large one here
        outside &= when
        if outside.any():
            raise Unfit
        return np.where(when, _codes(parts, self.bounds), self.size)


def _checked_options(options: Sequence[Option], count: int) -> Sequence[Option]:
    for option in options:
        if option.rows is not None or np.shape(option.cost) not in ((), (count,)):
            raise Unfit
    return options


def _columns_of(codes: Any, bounds: list[int]) -> list[Any]:
    """The columns of the states with the given numbers, the last column changing fastest."""
    columns: list[Any] = []
    for bound in reversed(bounds[1:]):
        codes, column = np.divmod(codes, codes.dtype.type(bound))
        columns.append(column)
    return [codes, *reversed(columns)]


def _codes(columns: Sequence[Any], bounds: list[int]) -> Any:
    total = columns[0]
    for column, bound in zip(columns[1:], bounds[1:], strict=True):
        total = total * bound + column
    return total
