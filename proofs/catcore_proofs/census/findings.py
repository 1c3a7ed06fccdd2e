"""What a census hands back: a formal statement, the number found, and how it was found (THEORY 0.5).

A count is exhaustive: every candidate of the stated range was either met or ruled out by an equation it must satisfy.
Nothing in the library knows a number in advance; a changed question is counted anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catcore.categories.finite_sets import shown_on


@dataclass(frozen=True)
class Count:
    """How many structures there are.

    Args:
        statement: what was counted, over which range.
        count: the number up to equality.
        up_to_isomorphism: the number of isomorphism classes, where it was asked for.
        evidence: ``'exhaustive'``: the whole range was searched.
        seconds: how long the search took.
        structures: the structures found, or one of each class, where they are kept.
        searched: the size of the space that was searched or ruled out.
        backend: whose arrays were searched; empty where none were.
    """

    statement: str
    count: int
    up_to_isomorphism: int | None = None
    evidence: str = "exhaustive"
    seconds: float = field(default=0.0, compare=False)
    structures: tuple[Any, ...] = field(default=(), repr=False, compare=False)
    searched: str = field(default="", compare=False)
    backend: str = field(default="", compare=False)

    def __str__(self) -> str:
        classes = "" if self.up_to_isomorphism is None else f", {self.up_to_isomorphism} up to isomorphism"
        return f"{self.statement}: {self.count}{classes} ({self.evidence}{shown_on(self.backend)})"

    def to_json(self) -> dict[str, Any]:
        """The count as JSON values, without the structures."""
        return {
            "statement": self.statement, "count": self.count, "up_to_isomorphism": self.up_to_isomorphism,
            "evidence": self.evidence, "seconds": self.seconds, "searched": self.searched, "backend": self.backend,
        }  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """Whether a claim about finite structures holds, settled by looking at all of them.

    Args:
        claim: the claim, as a sentence.
        status: ``'holds'`` or ``'fails'``.
        evidence: ``'exhaustive'``.
        reason: the number of candidates, or the counterexample.
        searched: the size of the space that was searched or ruled out.
        witness: the counterexample as a value, where there is one.
        backend: whose arrays were searched; empty where none were.
    """

    claim: str
    status: str
    evidence: str = "exhaustive"
    reason: str = ""
    searched: str = ""
    witness: Any = field(default=None, repr=False, compare=False)
    backend: str = field(default="", compare=False)

    @property
    def ok(self) -> bool:
        """Whether the claim holds."""
        return self.status == "holds"

    def __str__(self) -> str:
        return f"{self.claim}: {self.status} ({self.evidence}{shown_on(self.backend)}), {self.reason}"


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock, self._start = clock, clock()

    @property
    def seconds(self) -> float:
        """Seconds since it was made."""
        return self._clock() - self._start
