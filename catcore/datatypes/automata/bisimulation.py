"""Bisimulations: proofs that two states behave alike (THEORY T3.3).

A relation between the states of two machines is a bisimulation when related states show the same and every input leads
to related states.  Related states then have the same image in the terminal coalgebra.  It is enough that successors are
related in the equivalence that the relation generates, *bisimulation up to equivalence*, so a proof needs no more pairs
than there are states (Hopcroft and Karp 1971; Bonchi and Pous 2013).  When two states differ, a shortest word tells
them apart.

>>> from catcore.datatypes import moore
>>> mod4 = moore(range(4), [0, 1], lambda s, x: (s + x) % 4, lambda s: s % 2)
>>> mod2 = moore(range(2), [0, 1], lambda s, x: (s + x) % 2, lambda s: s)
>>> found = compare(mod4, 0, mod2, 0)
>>> found.pairs
((0, 0), (1, 1), (2, 0), (3, 1))
>>> compare(mod4, 0, mod2, 1)
Difference(word=(), left=[0], right=[1])
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Any

from catcore.datatypes.automata.machines import Label, Machine
from catcore.errors import IllTyped
from catcore.laws import PointwiseLaw


@dataclass(frozen=True)
class Bisimulation:
    """A claimed bisimulation up to equivalence between two machines; ``verify`` settles it.

    Args:
        left: a machine.
        right: a machine of the same kind with the same inputs.
        pairs: the related states, by their names.

    Raises:
        IllTyped: when the machines are of different kinds, or read different inputs.
    """

    left: Machine
    right: Machine
    pairs: tuple[tuple[Label, Label], ...]

    def __post_init__(self) -> None:
        same_kind(self.left, self.right)
        for pair in self.pairs:
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise IllTyped(f"A bisimulation relates pairs of states, and {pair!r} was given.")

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """At each pair: the same is seen, and each input leads to states that are related up to equivalence."""
        both = _Union(len(self.left) + len(self.right))
        for pair in self.pairs:
            both.join(*self._numbers(pair))

        def classes(side: int, pair: tuple[Label, Label]) -> dict[Label, int]:
            machine = (self.left, self.right)[side]
            s = machine.number(pair[side])
            offset = side * len(self.left)
            return {x: both.find(offset + t) for x, t in zip(machine.inputs, machine.successors[s], strict=True)}

        def seen(side: int, pair: tuple[Label, Label]) -> Label:
            machine = (self.left, self.right)[side]
            return machine.observations[machine.number(pair[side])]

        return tuple(
            PointwiseLaw(name, self.pairs, partial(f, 0), partial(f, 1), "exhaustive")
            for name, f in (("same observations", seen), ("related successors", classes))
        )

    def _numbers(self, pair: tuple[Label, Label]) -> tuple[int, int]:
        return self.left.number(pair[0]), len(self.left) + self.right.number(pair[1])

    def __str__(self) -> str:
        return f"bisimulation of {len(self.pairs)} pairs"


@dataclass(frozen=True)
class Difference:
    """A shortest word on which two states behave differently, and what each one shows."""

    word: tuple[Label, ...]
    left: list[Label]
    right: list[Label]

    def __bool__(self) -> bool:
        return False


def compare(left: Machine, s: Label, right: Machine, t: Label) -> Bisimulation | Difference:
    """A bisimulation that relates two states, or a shortest word that tells them apart.

    The answer is true exactly when the states behave alike.  Takes about (n + m)·|I| steps.

    Raises:
        IllTyped: when the machines are of different kinds, or read different inputs.
    """
    same_kind(left, right)
    offset = len(left)
    both = _Union(offset + len(right))
    start = (left.number(s), right.number(t))
    both.join(start[0], offset + start[1])
    came_from: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {start: None}
    waiting = deque([start])
    # Breadth first: a pair that is left out is joined by pairs seen before it, and a word that parts it parts one of
    # those, so the first difference that is seen is a shortest one.
    while waiting:
        pair = a, b = waiting.popleft()
        if left.observations[a] != right.observations[b]:
            return _difference(left, s, right, t, _word(pair, came_from, left))
        for i, following in enumerate(zip(left.successors[a], right.successors[b], strict=True)):
            if both.join(following[0], offset + following[1]):
                came_from[following] = (pair, i)
                waiting.append(following)
    return Bisimulation(left, right, tuple((left.states[a], right.states[b]) for a, b in came_from))


def same_kind(left: Machine, right: Machine) -> None:
    """Refuse two machines that are not coalgebras of one functor."""
    for machine in (left, right):
        if not isinstance(machine, Machine):
            raise IllTyped(f"States of two machines were to be compared, and {machine!r} is no machine.")
    if type(left) is not type(right) or left.inputs != right.inputs:
        raise IllTyped(
            f"States of a {type(left).__name__} machine reading {list(left.inputs)!r} and of a "
            f"{type(right).__name__} machine reading {list(right.inputs)!r} were to be compared; machines are compared "
            "when they are of one kind and read the same inputs."
        )


def _word(pair: tuple[int, int], came_from: Any, machine: Machine) -> tuple[Label, ...]:
    letters: list[Label] = []
    while came_from[pair] is not None:
        pair, i = came_from[pair]
        letters.append(machine.inputs[i])
    return tuple(reversed(letters))


def _difference(left: Any, s: Label, right: Any, t: Label, word: tuple[Label, ...]) -> Difference:
    a, b = left.observations[left.number(left.after(s, word))], right.observations[right.number(right.after(t, word))]
    if isinstance(a, tuple) and isinstance(b, tuple) and hasattr(left, "to_moore"):  # a Mealy machine shows it next
        differing = next(i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y)
        word = (*word, left.inputs[differing])
    return Difference(word, left.run(s, word), right.run(t, word))


class _Union:
    """Classes of numbers that are joined one pair at a time (union by size, path halving)."""

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))
        self.size = [1] * count

    def find(self, x: int) -> int:
        """The representative of a class."""
        parent = self.parent
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    def join(self, x: int, y: int) -> bool:
        """Join two classes; whether they were different."""
        x, y = self.find(x), self.find(y)
        if x == y:
            return False
        if self.size[x] < self.size[y]:
            x, y = y, x
        self.parent[y] = x
        self.size[x] += self.size[y]
        return True
