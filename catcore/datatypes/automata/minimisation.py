"""Minimisation: the image of a finite machine in the terminal coalgebra (THEORY T3.3; Hopcroft 1971).

States that behave alike are merged.  A partition of the states, at first by what is seen of them, is refined until
every input leads each class into one class; each splitting looks at the smaller part only, so that n states with k
inputs take about k·n·log n steps (Valmari and Lehtinen 2008 for the data structure).  The quotient map is a
homomorphism of coalgebras, and ``verify`` checks that it is one.

>>> from catcore.datatypes import moore
>>> counter = moore(range(4), [0, 1], lambda s, x: (s + x) % 4, lambda s: s % 2)
>>> minimal(counter).classes
((0, 2), (1, 3))
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catcore.arrows import Arrow, finite_map
from catcore.datatypes.automata.machines import Label, Machine
from catcore.datatypes.given import one_of
from catcore.errors import IllTyped
from catcore.laws import PointwiseLaw


@dataclass(frozen=True)
class Quotient:
    """A machine, and for each state the class that it is merged into, as a number.

    Args:
        machine: the machine.
        labels: the number of the class of each state; classes are numbered as they first appear.
    """

    machine: Machine
    labels: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.labels) != len(self.machine) or set(self.labels) != set(range(len(set(self.labels)))):
            raise IllTyped(
                f"The classes of {len(self.machine)} states are a number for each, all of 0, 1, … in use, and "
                f"{self.labels!r} was given."
            )

    @cached_property
    def classes(self) -> tuple[tuple[Label, ...], ...]:
        """The names of the states in each class."""
        found: dict[int, list[Label]] = defaultdict(list)
        for name, label in zip(self.machine.states, self.labels, strict=True):
            found[label].append(name)
        return tuple(tuple(found[label]) for label in sorted(found))

    @cached_property
    def image(self) -> Any:
        """The machine on the classes, each bearing the name of its first state."""
        machine = self.machine
        first = {label: s for s, label in reversed(list(enumerate(self.labels)))}
        chosen = [first[label] for label in sorted(first)]
        return type(machine)(
            machine.inputs,
            tuple(machine.states[s] for s in chosen),
            tuple(machine.observations[s] for s in chosen),
            tuple(tuple(self.labels[t] for t in machine.successors[s]) for s in chosen),
        )

    @property
    def map(self) -> Arrow:
        """The quotient map as a finite map."""
        return finite_map(len(self.machine), len(set(self.labels)), self.labels)

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """The quotient map is a homomorphism of coalgebras: at each state, both ways round the square."""
        machine, image, labels = self.machine, self.image, self.labels

        def below(s: int) -> tuple[Label, list[int]]:
            return machine.observations[s], [labels[t] for t in machine.successors[s]]

        def above(s: int) -> tuple[Label, list[int]]:
            return image.observations[labels[s]], list(image.successors[labels[s]])

        return (PointwiseLaw("homomorphism", range(len(machine)), below, above, "exhaustive"),)

    def __str__(self) -> str:
        return f"quotient of {len(self.machine)} states to {len(self.classes)}"


def minimal(machine: Machine) -> Quotient:
    """The coarsest quotient of a machine: two states are merged exactly when they behave alike.

    Raises:
        IllTyped: when it is no machine.
    """
    one_of(machine, Machine, "A machine is minimised; one")
    partition = _Partition(machine.observations)
    for i in range(len(machine.inputs)):
        partition.add_input([row[i] for row in machine.successors])
    return Quotient(machine, _renumbered(partition.refined()))


def _renumbered(labels: Iterable[int]) -> tuple[int, ...]:
    names: dict[int, int] = {}
    return tuple(names.setdefault(label, len(names)) for label in labels)


class _Partition:
    """A partition of states 0 … n−1: the states in an array, each class a stretch of it, marked states in front."""

    def __init__(self, observations: Iterable[Hashable]) -> None:
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for s, seen in enumerate(observations):
            groups[seen].append(s)
        self.order = [s for group in groups.values() for s in group]
        self.place = [0] * len(self.order)
        for p, s in enumerate(self.order):
            self.place[s] = p
        self.label = [0] * len(self.order)
        self.start: list[int] = []
        self.end: list[int] = []
        self.marked: list[int] = []
        for group in groups.values():
            self._open(self.end[-1] if self.end else 0, group)
        self.inverse: list[list[list[int]]] = []

    def _open(self, start: int, group: Iterable[int]) -> None:
        members = list(group)
        for s in members:
            self.label[s] = len(self.start)
        self.start.append(start)
        self.end.append(start + len(members))
        self.marked.append(0)

    def add_input(self, targets: list[int]) -> None:
        """One input: where it leads each state; kept the other way round."""
        sources: list[list[int]] = [[] for _ in targets]
        for s, t in enumerate(targets):
            sources[t].append(s)
        self.inverse.append(sources)

    def refined(self) -> list[int]:
        """The labels of the coarsest refinement in which every input respects the classes."""
        inputs = range(len(self.inverse))
        waiting = [(c, i) for c in range(len(self.start)) for i in inputs]
        while waiting:
            c, i = waiting.pop()
            sources = self.inverse[i]
            touched = self._mark([s for t in self.order[self.start[c] : self.end[c]] for s in sources[t]])
            for old in touched:
                new = self._split(old)
                if new is not None:  # the smaller half; the other one waits already, or has been looked at as a whole
                    waiting += [(new, j) for j in inputs]
        return self.label

    def _mark(self, states: list[int]) -> list[int]:
        """Move states to the front of their classes; the classes touched."""
        order, place, label, start, marked = self.order, self.place, self.label, self.start, self.marked
        touched = []
        for s in states:
            c = label[s]
            front = start[c] + marked[c]
            p = place[s]
            if p < front:
                continue  # marked already
            if not marked[c]:
                touched.append(c)
            other = order[front]
            order[front], order[p] = s, other
            place[s], place[other] = front, p
            marked[c] += 1
        return touched

    def _split(self, c: int) -> int | None:
        """Make the marked states of a class, or the others if they are fewer, a class of its own; None if all are."""
        count, self.marked[c] = self.marked[c], 0
        middle = self.start[c] + count
        if middle == self.end[c]:
            return None
        if count <= self.end[c] - middle:
            start, end = self.start[c], middle
            self.start[c] = middle
        else:
            start, end = middle, self.end[c]
            self.end[c] = middle
        self._open(start, self.order[start:end])
        return len(self.start) - 1
