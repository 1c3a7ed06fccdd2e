"""Simplification orders on first-order terms: Knuth–Bendix, and lexicographic path.

Both are total on ground terms and stable under substitution.  ``greater(s, t)`` means that every instance of ``s`` is
greater than the same instance of ``t``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from catcore_proofs.completion.bank import FIELD, MOST, Term


class Order(Protocol):
    """A simplification order."""

    def greater(self, s: Term, t: Term) -> bool:
        """Whether ``s`` is greater than ``t``."""
        ...


def covers(s: Term, t: Term) -> bool:
    """Whether every variable occurs in ``s`` at least as often as in ``t``.

    The free bit of each field is set before all fields are subtracted at once; where one is borrowed, ``t`` has more.
    """
    have, need = s.variables, t.variables
    free = _free(max(have.bit_length(), need.bit_length()))
    return ((have | free) - need) & free == free


@cache
def _free(bits: int) -> int:
    return sum(1 << (FIELD * i + FIELD - 1) for i in range(bits // FIELD + 1))


class KnuthBendix:
    """Weight first, then the head symbol by precedence, then the arguments from left to right.

    Args:
        precedence: the rank of each symbol; a unary symbol of weight 0 must have the highest one.
    """

    def __init__(self, precedence: Sequence[int]) -> None:
        self.precedence = precedence

    def greater(self, s: Term, t: Term) -> bool:
        """Whether ``s`` is greater than ``t``."""
        if s is t or s.weight < t.weight:
            return False
        if t.variables and not covers(s, t):
            return False
        return s.weight > t.weight or self._tie(s, t)

    def _tie(self, s: Term, t: Term) -> bool:
        if s.head < 0:
            return False
        if t.head < 0:
            return True
        if s.head != t.head:
            return self.precedence[s.head] > self.precedence[t.head]
        for a, b in zip(s.args, t.args, strict=True):
            if a is not b:
                return self.greater(a, b)
        return False


class LexicographicPath:
    """The head symbol by precedence, then the arguments from left to right, each below the whole.

    Args:
        precedence: the rank of each symbol.
    """

    def __init__(self, precedence: Sequence[int]) -> None:
        self.precedence = precedence
        self._memo: dict[tuple[int, int], bool] = {}

    def greater(self, s: Term, t: Term) -> bool:
        """Whether ``s`` is greater than ``t``."""
        if s is t or s.head < 0:
            return False
        if t.head < 0:
            return bool(s.variables >> (FIELD * (-1 - t.head)) & MOST)
        key = (s.number, t.number)
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = self._compare(s, t)
        return known

    def _compare(self, s: Term, t: Term) -> bool:
        if any(a is t or self.greater(a, t) for a in s.args):
            return True
        p, q = self.precedence[s.head], self.precedence[t.head]
        if p < q or (p == q and s.head != t.head):
            return False
        if p == q:
            for a, b in zip(s.args, t.args, strict=True):
                if a is not b:
                    if not self.greater(a, b):
                        return False
                    break
            else:
                return False
        return all(self.greater(s, b) for b in t.args)
