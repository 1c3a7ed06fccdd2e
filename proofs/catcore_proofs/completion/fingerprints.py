"""An index of terms by the symbols at their top (fingerprints, after Schulz 2012).

The shape of a term is what stands in its first three layers, variables as holes.  It says at once of most pairs of
terms that no unifier, or no match, exists; so each shape that is met gets the short list of what may apply to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from catcore_proofs.completion.bank import Term

#: A head with the shapes of the arguments, down to heads alone; a variable is −1.
Shape = Any


class Shapes:
    """The shapes of the terms of one bank, numbered from 1 on."""

    def __init__(self) -> None:
        self.numbers: dict[Shape, int] = {}
        self.shapes: list[Shape] = [None]
        self._unify: dict[tuple[int, int], bool] = {}

    def of(self, t: Term) -> int:
        """The number of the shape of a term, computed once for a term."""
        if not t.shape:
            shape = -1 if t.head < 0 else (t.head, *[a.top or _layer(a) for a in t.args])
            number = self.numbers.get(shape)
            if number is None:
                number = self.numbers[shape] = len(self.shapes)
                self.shapes.append(shape)
            t.shape = number
        return t.shape

    def unifiable(self, a: int, b: int) -> bool:
        """Whether terms of two shapes may have a unifier, their variables being apart."""
        return _unifiable(self.shapes[a], self.shapes[b])

    def matching(self, pattern: int, shape: int) -> bool:
        """Whether a pattern of one shape may match a term of another."""
        return _matching(self.shapes[pattern], self.shapes[shape])

    def matched(self, shape: int, pattern: int) -> bool:
        """As :meth:`matching`, the term first."""
        return _matching(self.shapes[pattern], self.shapes[shape])


def _layer(t: Term) -> Shape:
    head = t.head
    t.top = top = -1 if head < 0 else (head, *[a.head if a.head >= 0 else -1 for a in t.args])
    return top


def _unifiable(a: Shape, b: Shape) -> bool:
    if a == -1 or b == -1:
        return True
    if isinstance(a, int) or isinstance(b, int):
        return bool(a == b)
    return a[0] == b[0] and all(map(_unifiable, a[1:], b[1:]))


def _matching(pattern: Shape, shape: Shape) -> bool:
    if pattern == -1:
        return True
    if isinstance(pattern, int) or isinstance(shape, int):
        return bool(pattern == shape)
    return pattern[0] == shape[0] and all(map(_matching, pattern[1:], shape[1:]))


Entry = TypeVar("Entry")


class ByShape(Generic[Entry]):
    """Entries filed under terms that are no variables; they are found in the order in which they were filed.

    Args:
        shapes: the shapes of the terms.
        related: whether entries under the first shape are of interest for terms of the second.
    """

    def __init__(self, shapes: Shapes, related: Callable[[int, int], bool]) -> None:
        self.shapes, self.related = shapes, related
        self.filed: dict[int, list[tuple[int, Entry]]] = {}
        #: For each shape asked for, how many entries were looked at, and those of interest.
        self.found: dict[int, tuple[int, list[Entry]]] = {}

    def add(self, t: Term, entry: Entry) -> None:
        """File an entry under a term."""
        self.filed.setdefault(t.head, []).append((self.shapes.of(t), entry))

    def near(self, t: Term) -> list[Entry]:
        """The entries that are of interest for a term."""
        filed = self.filed.get(t.head)
        if filed is None:
            return []
        asked = t.shape or self.shapes.of(t)
        seen, found = self.found.get(asked) or (0, [])
        if seen != len(filed):
            related = self.related
            found += [entry for shape, entry in filed[seen:] if related(shape, asked)]
            self.found[asked] = len(filed), found
        return found

    def purge(self, alive: Callable[[Entry], bool]) -> None:
        """Keep the entries that are alive."""
        for filed in self.filed.values():
            filed[:] = [each for each in filed if alive(each[1])]
        self.found.clear()
