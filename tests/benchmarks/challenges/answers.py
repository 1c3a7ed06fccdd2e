"""What is expected of each challenge; it scores what was found, and nothing else reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.benchmarks.challenges.settling import Outcome, weight

#: For each kind: what it is called, how many must be right, of how many.
BARS = {"P": ("proved", 44, 57), "R": ("refuted", 36, 41), "C": ("counted", 23, 25)}

#: Theorems about infinite objects, which are cited: no search settles them.
CITED = {
    "R20": "no distributive law of the powerset monad over itself exists (Klin and Salamanca 2018)",
    "R21": "no distributive law of the list monad over itself exists (Zwart and Marsden)",
    "R22": "no distributive law of finite distributions over powerset exists (Plotkin; Varacca and Winskel)",
    "C27": "there is exactly one distributive law of multisets over multisets (Zwart and Marsden)",
    "C28": "there are exactly three functor distributive laws of powerset over the powerset monad (arXiv 2602.13144)",
}

#: How large a counterexample may be: an element that is known, the labels and lists in one, or the sizes of named sets.
LARGEST: dict[str, Any] = {
    "R01": [0, 1], "R02": 6, "R04": [[[], [0]], [[1]]], "R06": [[[0]], [[1, 2]]], "R07": [[[], [0]], [[1]]],
    "R09": [0], "R10": [[], [[0, 1]]], "R12": [[[0, 1]], [[2], [3]]], "R13": [[[0, 1]], [[2], [3]]], "R19": 3,
    "R25": {"S": 2}, "R26": {"E": 2}, "R27": {"M": 3, "model": 3}, "R28": ([0, 1], [2, 3]), "R29": [[], [0]],
    "R31": [[0], []], "R32": {"V": 2}, "R35": [0, 1], "R38": {"S": 3, "V": 2}, "R41": {"model": 27},
    "R44": ([0], [1]), "R46": 2, "R48": {"Z": 2}, "R49": {"X": 2}, "R50": {"S": 2}, "R54": {"model": 4},
    "R56": {"model": 6},
}  # fmt: skip

#: The numbers counted, entry by entry in the order of the statement.  Left out, as very large: monoids of order 7 to 9
#: up to isomorphism, categories with 6 to 9 morphisms.
COUNTS: dict[str, tuple[int, ...]] = {
    "C01": (1, 4, 33, 624, 20610, 1, 4, 33),
    "C02": (1, 2, 7, 35, 228, 2237),
    "C03": (1, 8, 113, 3492, 183732),
    "C04": (1, 4, 27, 376),
    "C05": (1, 2, 6, 36),
    "C06": (1, 2, 9, 76),
    "C08": (1, 2, 2, 8, 2),
    "C10": (1, 2, 4, 10, 1, 3, 10, 41, 1, 1, 3),
    "C11": (1, 2, 3, 1, 4, 9, 1, 8, 27),
    "C12": (1, 1, 1, 1, 1, 1),
    "C13": (1, 6, 75),
    "C15": (15, 264, 16),
    "C17": (0, 0, 0),
    "C18": (1, 4, 33),
    "C20": (1, 1, 3, 11, 55, 329),
    "C21": (1, 1, 1, 1, 1, 1),
    "C22": (1, 2, 1, 3),
    "C23": (1, 2, 2, 3, 2, 2),
    "C25": (0, 0, 2, 2, 1, 4),
    "C29": (4, 9, 2, 6, 5),
    "C31": (90, 4),
    "C32": (10,),
    "C33": (24,),
}

EXPECTED = {"P": "proved", "R": "refuted", "C": "counted"}


@dataclass(frozen=True)
class Verdict:
    """``'right'``, ``'open'`` or ``'WRONG'``, and why it is not right."""

    word: str
    why: str = ""


def score(id: str, found: Outcome, twin: Outcome | None) -> Verdict:
    """The verdict on a row: its outcome is as expected, and that of its twin is not the same."""
    expected = EXPECTED[id[0]]
    if found.status == "unknown":
        return Verdict("open", found.detail)
    if found.status != expected:
        return Verdict("WRONG", f"{found.status} instead of {expected}")
    if twin is not None and twin.status == expected != "counted":
        return Verdict("WRONG", f"its twin is {twin.status} too")
    if expected == "counted":
        return _counted(id, found, twin)
    if expected == "refuted":
        return _small(id, found)
    return Verdict("right")


def _counted(id: str, found: Outcome, twin: Outcome | None) -> Verdict:
    counted = tuple(found.values.values())
    if counted != COUNTS[id]:
        return Verdict("WRONG", f"counted {counted} instead of {COUNTS[id]}")
    if twin is not None and tuple(twin.values.values()) == counted:
        return Verdict("WRONG", "its twin has the same numbers")
    return Verdict("right")


def _small(id: str, found: Outcome) -> Verdict:
    """Whether some counterexample is no larger than the one that is known."""
    bound = LARGEST.get(id)
    if bound is None or found.evidence == "complete system":  # two normal forms, in a model that need not be finite
        return Verdict("right")
    for example in found.counterexamples:
        if isinstance(bound, dict):
            small = all(example.sizes.get(name, 0) <= size for name, size in bound.items())
        else:
            limit = bound if isinstance(bound, int) else weight(bound)
            small = (sum(example.sizes.values()) or weight(example.element)) <= limit
        if small:
            return Verdict("right")
    return Verdict("open", "the counterexample is larger than the smallest known one")
