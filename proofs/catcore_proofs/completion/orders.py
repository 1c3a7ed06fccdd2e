"""Simplification orders on first-order terms: Knuth–Bendix, and lexicographic path.

Both are total on ground terms and stable under substitution.  ``greater(s, t)`` means that every instance of ``s`` is
greater than the same instance of ``t``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from catcore_proofs.completion.bank import Term


class Order(Protocol):
    """A simplification order."""

    def greater(self, s: Term, t: Term) -> bool:
        """Whether ``s`` is greater than ``t``."""
        ...


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
        if t.counts:
            have = s.counts
            for v, n in t.counts.items():
                if have.get(v, 0) < n:
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
            return t.head in s.counts
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
