"""Weighted automata over a field: linear machines, compared and minimised exactly (THEORY T2.1; Schützenberger 1961).

A weighted automaton is a row vector ``initial``, a matrix for each letter and a column vector ``final``; the weight of
a word is ``initial · A_w · final``.  It is a representation of the free monoid with two vectors.  Two automata weigh
all words alike exactly when their difference weighs every word by 0, and it is enough to look at a basis of the
reachable vectors (Tzeng 1992), so equivalence is decided by exact elimination, and a difference comes with
a shortest word.

>>> fibonacci = WeightedAutomaton([1, 0], {"a": [[1, 1], [1, 0]]}, [1, 0])
>>> [int(fibonacci.weight("a" * n)) for n in range(8)]
[1, 1, 2, 3, 5, 8, 13, 21]
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from catcore.errors import InexactNumber, ShapeMismatch, UnknownName
from catcore.laws import PointwiseLaw

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]


@dataclass(frozen=True, init=False)
class WeightedAutomaton:
    """A weighted automaton over the rational numbers.

    Args:
        initial: the weights with which a word begins in each state.
        steps: for each letter the matrix of weights, from the row's state to the column's.
        final: the weights with which a word ends in each state.

    Raises:
        ShapeMismatch: when the sizes do not agree.
        InexactNumber: for a floating point number.
    """

    initial: Vector
    steps: Mapping[str, Matrix]
    final: Vector

    def __init__(self, initial: Sequence[Any], steps: Mapping[str, Sequence[Sequence[Any]]], final: Sequence[Any]):
        n = len(initial)
        object.__setattr__(self, "initial", _vector(initial, n, "the initial weights"))
        object.__setattr__(self, "final", _vector(final, n, "the final weights"))
        read = {x: tuple(_vector(row, n, f"a row of letter {x}") for row in rows) for x, rows in steps.items()}
        for letter, rows in read.items():
            if len(rows) != n:
                raise ShapeMismatch(f"Letter {letter} needs {n} rows of weights, and {len(rows)} were given.")
        object.__setattr__(self, "steps", read)

    def __len__(self) -> int:
        return len(self.initial)

    def weight(self, word: Iterable[str]) -> Fraction:
        """The weight of a word.

        Raises:
            UnknownName: for a letter without a matrix.
        """
        row = self.initial
        for letter in word:
            if letter not in self.steps:
                raise UnknownName(f"The automaton reads {', '.join(self.steps)}, and the letter {letter!r} was given.")
            row = _times(row, self.steps[letter])
        return _dot(row, self.final)

    def minus(self, other: WeightedAutomaton) -> WeightedAutomaton:
        """The automaton that weighs a word by the difference; its states are those of both."""
        if set(self.steps) != set(other.steps):
            raise UnknownName(
                f"Two automata are compared when they read the same letters; they read {', '.join(self.steps)} and "
                f"{', '.join(other.steps)}."
            )
        n, m = len(self), len(other)
        zeros = (Fraction(0),)
        blocks = {
            x: [*(row + zeros * m for row in a), *(zeros * n + row for row in other.steps[x])]
            for x, a in self.steps.items()
        }
        return WeightedAutomaton([*self.initial, *(-w for w in other.initial)], blocks, [*self.final, *other.final])

    def difference(self, other: WeightedAutomaton) -> tuple[str, ...] | None:
        """A shortest word that the two automata weigh differently; None when there is none, which is then proved."""
        return self.minus(other).nonzero()

    def nonzero(self) -> tuple[str, ...] | None:
        """A shortest word of weight other than 0, or None: the final vector vanishes on all reachable vectors."""
        for word, row in self.reachable():
            if _dot(row, self.final):
                return word
        return None

    def reachable(self) -> Iterable[tuple[tuple[str, ...], Vector]]:
        """A basis of the vectors ``initial · A_w``, each with a shortest word, shorter words first."""
        basis = _Basis()
        waiting: deque[tuple[tuple[str, ...], Vector]] = deque([((), self.initial)])
        while waiting:
            word, row = waiting.popleft()
            if basis.add(row):
                yield word, row
                waiting.extend(((*word, x), _times(row, matrix)) for x, matrix in self.steps.items())

    def minimal(self) -> WeightedAutomaton:
        """An automaton with the same weights and as few states as possible."""
        return self.forward().reversed().forward().reversed()

    def forward(self) -> WeightedAutomaton:
        """The automaton on the space of reachable vectors."""
        rows = [row for _, row in self.reachable()]
        basis = _Basis()
        for row in rows:
            basis.add(row)
        steps = {x: [basis.coordinates(_times(row, matrix)) for row in rows] for x, matrix in self.steps.items()}
        start = [Fraction(int(i == 0)) for i in range(len(rows))]
        return WeightedAutomaton(start, steps, [_dot(row, self.final) for row in rows])

    def reversed(self) -> WeightedAutomaton:
        """The automaton that weighs a word as this one weighs it read backwards."""
        steps = {x: tuple(zip(*matrix, strict=True)) for x, matrix in self.steps.items()}
        return WeightedAutomaton(self.final, steps, self.initial)

    def intertwiner_laws(self, matrix: Sequence[Sequence[Any]], other: WeightedAutomaton) -> tuple[PointwiseLaw, ...]:
        """The laws of a homomorphism ``W`` to another automaton (T2.1), rows acted on from the right.

        ``initial · W = initial'``, ``A_x · W = W · A'_x`` for every letter, and ``final = W · final'``; equal weights
        of all words follow.
        """
        w = tuple(_vector(row, len(other), "a row of the homomorphism") for row in matrix)
        letters = tuple(self.steps)
        return (
            PointwiseLaw("initial", (0,), lambda _: _times(self.initial, w), lambda _: other.initial, "exhaustive"),
            PointwiseLaw(
                "letters",
                letters,
                lambda x: tuple(_times(row, w) for row in self.steps[x]),
                lambda x: tuple(_times(row, other.steps[x]) for row in w),
                "exhaustive",
            ),
            PointwiseLaw(
                "final", (0,), lambda _: self.final, lambda _: tuple(_dot(row, other.final) for row in w), "exhaustive"
            ),
        )


def _vector(values: Sequence[Any], n: int, what: str) -> Vector:
    if len(values) != n:
        raise ShapeMismatch(f"{n} numbers were asked for as {what}, and {len(values)} were given.")
    if any(isinstance(v, float) for v in values):
        raise InexactNumber(
            f"Exact numbers were asked for as {what}, and {list(values)} has a float; write 1/2 as '1/2'."
        )
    return tuple(map(Fraction, values))


def _dot(row: Vector, column: Vector) -> Fraction:
    return sum((a * b for a, b in zip(row, column, strict=True) if a and b), Fraction(0))


def _times(row: Vector, matrix: Matrix) -> Vector:
    total = [Fraction(0)] * (len(matrix[0]) if matrix else 0)
    for a, line in zip(row, matrix, strict=True):
        if a:
            total = [t + a * b for t, b in zip(total, line, strict=True)]
    return tuple(total)


class _Basis:
    """Vectors kept in echelon form, each with its coordinates in the vectors added."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, Vector, list[Fraction]]] = []  # place of the leading 1, row, coordinates

    def add(self, vector: Vector) -> bool:
        """Add a vector; whether it is independent of those before it."""
        rest, coordinates = self._reduced(vector)
        lead = next((i for i, x in enumerate(rest) if x), None)
        if lead is None:
            return False
        scale = rest[lead]
        own = [-c / scale for c in coordinates] + [1 / scale]
        self.rows.append((lead, tuple(x / scale for x in rest), own))
        return True

    def coordinates(self, vector: Vector) -> list[Fraction]:
        """The coordinates of a vector of the span in the vectors added."""
        return self._reduced(vector)[1]

    def _reduced(self, vector: Vector) -> tuple[list[Fraction], list[Fraction]]:
        rest, coordinates = list(vector), [Fraction(0)] * len(self.rows)
        for lead, row, own in self.rows:
            factor = rest[lead]
            if factor:
                rest = [a - factor * b for a, b in zip(rest, row, strict=True)]
                for i, c in enumerate(own):
                    coordinates[i] += factor * c
        return rest, coordinates
