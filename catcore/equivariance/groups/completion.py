"""Knuth-Bendix completion of presentations: a confluent system of rewriting rules, whose irreducible words are normal.

Equations are directed from the greater word to the smaller one in the shortlex order; where two left-hand sides overlap
the two ways of rewriting must agree, and where they do not there is one more equation (Knuth and Bendix 1970; for
monoids and groups Holt, Eick and O'Brien, *Handbook of Computational Group Theory*, §12).

The word problem is undecidable, so the search is bounded, in steps and not in seconds.

>>> system = complete([((0, 0), ()), ((1, 1, 1), ()), ((0, 1, 0, 1), ())])
>>> system.normal((1, 0, 1, 1, 0)), system.count(2)
((1, 1), 6)
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catcore.errors import TooLarge

Letters = tuple[int, ...]
Equation = tuple[Letters, Letters]

MAX_RULES = 1000
MAX_LENGTH = 2000
MAX_STEPS = 4_000_000  # letters compared


class RewritingSystem:
    """Rules ``left → right`` between words; left-hand sides are kept backwards in a tree, to be met by their last
    letter."""

    def __init__(self) -> None:
        self.rules: dict[Letters, Letters] = {}
        self.steps = 0
        self._tree: dict[Any, Any] = {}

    def add(self, left: Letters, right: Letters) -> None:
        """Add a rule."""
        node = self._tree
        for letter in reversed(left):
            node = node.setdefault(letter, {})
        node[None] = right
        self.rules[left] = right

    def remove(self, left: Letters) -> Letters:
        """Take back a rule, and say what its right-hand side was."""
        node = self._tree
        for letter in reversed(left):
            node = node[letter]
        del node[None]
        return self.rules.pop(left)

    def normal(self, letters: Letters) -> Letters:
        """The word with every left-hand side rewritten, from the left."""
        done: list[int] = []
        todo = list(reversed(letters))
        while todo:
            done.append(todo.pop())
            node: Any = self._tree
            for place in range(len(done) - 1, -1, -1):
                self.steps += 1
                node = node.get(done[place])
                if node is None:
                    break
                if None in node:
                    del done[place:]
                    todo.extend(reversed(node[None]))
                    break
        return tuple(done)

    def count(self, letters: int) -> int | None:
        """How many words in letters ``0 .. letters-1`` are irreducible; None if there are infinitely many.

        They are read by the automaton of Aho and Corasick, whose states are beginnings of left-hand sides, and are
        finitely many exactly when no loop can be reached.
        """
        return _paths(_automaton(self.rules, letters))


def complete(equations: Iterable[Equation]) -> RewritingSystem:
    """A confluent system of rules for these equations, left-hand sides irreducible by the other rules.

    Raises ``TooLarge`` when the bounds are reached: the presentation may have no finite system.
    """
    return _Completion(equations).run()


class _Completion:
    """Rules found so far, and equations not yet directed, the shortest first."""

    def __init__(self, equations: Iterable[Equation]) -> None:
        self.system = RewritingSystem()
        self.order = itertools.count()
        self.pending: list[tuple[int, int, Letters, Letters]] = []
        for left, right in equations:
            self.postpone(left, right)

    def run(self) -> RewritingSystem:
        """Direct equations until none is left."""
        while self.pending:
            _, _, left, right = heapq.heappop(self.pending)
            left, right = self.system.normal(left), self.system.normal(right)
            if left != right:
                self.direct(*sorted((left, right), key=_shortlex, reverse=True))
        for left, right in self.system.rules.items():
            self.system.add(left, self.system.normal(right))
        return self.system

    def postpone(self, left: Letters, right: Letters) -> None:
        """Keep an equation for later."""
        heapq.heappush(self.pending, (len(left) + len(right), next(self.order), left, right))

    def direct(self, big: Letters, small: Letters) -> None:
        """Add a rule, take back those that it rewrites, and postpone what its overlaps with the others say."""
        rules = self.system.rules
        for old in [rule for rule in rules if _occurs(big, rule)]:
            self.postpone(old, self.system.remove(old))
        self.system.add(big, small)
        for other in rules:
            for left, right in _critical_pairs(big, other, rules):
                self.postpone(left, right)
        self.system.steps += sum(map(len, rules))
        self.stay_in_bounds(big)

    def stay_in_bounds(self, rule: Letters) -> None:
        """Raise ``TooLarge`` at the bounds."""
        for bound, reached, unit in (
            (MAX_STEPS, self.system.steps, "steps"),
            (MAX_RULES, len(self.system.rules), "rules"),
            (MAX_LENGTH, len(rule), "letters a rule"),
        ):
            if reached > bound:
                raise TooLarge(
                    f"The presentation was not completed to a system of rewriting rules within {bound} {unit}, so its "
                    "elements cannot be listed; give the monoid by transformations, permutations or a table."
                )


def _shortlex(letters: Letters) -> tuple[int, Letters]:
    return len(letters), letters


def _occurs(part: Letters, whole: Letters) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


def _critical_pairs(a: Letters, b: Letters, rules: Mapping[Letters, Letters]) -> Iterator[Equation]:
    """The two ways of rewriting each overlap of an end of one left-hand side with the beginning of the other."""
    for left, right in ((a, b),) if a == b else ((a, b), (b, a)):
        for k in range(1, min(len(left), len(right)) + (left != right)):
            if left[-k:] == right[:k]:
                yield rules[left] + right[k:], left[:-k] + rules[right]


def _paths(moves: list[list[int]]) -> int | None:
    """How many paths start at state 0, the empty one too; None if one can go round for ever."""
    counted: dict[int, int | None] = {}  # None: entered and not yet left, so that to meet it again closes a loop
    stack = [0]
    while stack:
        state = stack[-1]
        if state not in counted:
            counted[state] = None
            following = [s for s in moves[state] if s >= 0]
            if any(s in counted and counted[s] is None for s in following):
                return None
            stack += [s for s in following if s not in counted]
            continue
        stack.pop()
        if counted[state] is None:
            counted[state] = 1 + sum(counted[s] or 0 for s in moves[state] if s >= 0)
    return counted[0]


def _automaton(patterns: Iterable[Letters], letters: int) -> list[list[int]]:
    """Where each state goes on each letter, -1 where a pattern would be completed; state 0 has read nothing."""
    trie: list[dict[int, int]] = [{}]
    ends: set[int] = set()
    for pattern in patterns:
        state = 0
        for letter in pattern:
            if letter not in trie[state]:
                trie[state][letter] = len(trie)
                trie.append({})
            state = trie[state][letter]
        ends.add(state)
    moves: list[list[int]] = [[] for _ in trie]
    queue = [(0, -1)]
    for state, shorter in queue:  # grows while it is read: breadth first, so that what is shorter is known
        for letter in range(letters):
            back = 0 if shorter < 0 else moves[shorter][letter]
            child = trie[state].get(letter)
            if child is None:
                moves[state].append(back)
            elif child in ends or back < 0:
                moves[state].append(-1)
            else:
                moves[state].append(child)
                queue.append((child, back))
    return moves
