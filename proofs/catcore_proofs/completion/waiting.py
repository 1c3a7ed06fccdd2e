"""Equations that wait to be looked at, in several orders at once.

Each queue has its own idea of what is promising; they take turns.  One that always takes the oldest makes the search
fair.
"""

from __future__ import annotations

import heapq
import itertools as it
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from catcore_proofs.completion.bank import Term

#: The weight of a waiting equation from its two sides, the greater first where they compare; the lightest is next.
Score = Callable[[Term, Term], float]

#: A waiting equation: its number, its sides, and where it comes from.
Entry = tuple[int, Term, Term, tuple[Any, ...]]


class Waiting:
    """Waiting equations.

    Args:
        scores: each score with how many turns it has in a round.
        oldest: how many turns the oldest equation has in a round.
    """

    def __init__(self, scores: Sequence[tuple[int, Score]], oldest: int) -> None:
        self.scores = [score for _, score in scores]
        self.heaps: list[list[tuple[float, int]]] = [[] for _ in scores]
        self.ages: deque[int] = deque()
        self.entries: dict[int, Entry] = {}
        self.added = 0
        turns = [place for place, (turns, _) in enumerate(scores) for _ in range(turns)]
        self.turns = it.cycle([*turns, *[-1] * oldest])

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, s: Term, t: Term, origin: tuple[Any, ...], first: bool = False) -> None:
        """Let an equation wait, or come next."""
        self.added += 1
        self.entries[self.added] = (self.added, s, t, origin)
        for heap, score in zip(self.heaps, self.scores, strict=True):
            heapq.heappush(heap, (-1.0 if first else score(s, t), self.added))
        self.ages.append(self.added)

    def pop(self) -> Entry:
        """The next equation; there must be one."""
        place = next(self.turns)
        while True:
            number = self.ages.popleft() if place < 0 else heapq.heappop(self.heaps[place])[1]
            entry = self.entries.pop(number, None)
            if entry is not None:
                return entry
