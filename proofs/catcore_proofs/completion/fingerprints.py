"""An index of terms by the symbols at their top (fingerprints, after Schulz 2012).

The shape of a term is what stands in its first three layers, variables as holes.  It says at once of most pairs of
terms that no unifier, or no match, exists; so each shape that is met gets the short list of what may apply to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from catcore_proofs.completion.bank import Term

#: The heads of the first layers in fixed places: for each argument its own head, then those of its first ``WIDTH``
#: arguments; a variable is −1, and what stands nowhere is −2.
Shape = tuple[int, ...]
WIDTH = 3
_HOLE = (-1, *[-2] * WIDTH)


class Shapes:
    """The shapes of the terms of one bank, numbered from 1 on."""

    def __init__(self) -> None:
        self.numbers: dict[Shape, int] = {}
        self.shapes: list[Shape] = [()]
        #: The places of each shape where a symbol stands.
        self.symbols: list[list[tuple[int, int]]] = [[]]

    def of(self, t: Term) -> int:
        """The number of the shape of a term, computed once for a term."""
        if not t.shape:
            shape: Shape = (t.head,)
            for a in t.args:
                shape += a.top or _layer(a)
            t.shape = self.numbers.get(shape) or self._new(shape)
        return t.shape

    def _new(self, shape: Shape) -> int:
        number = self.numbers[shape] = len(self.shapes)
        self.shapes.append(shape)
        self.symbols.append([(place, head) for place, head in enumerate(shape) if head >= 0])
        return number

    def unifiable(self, a: int, b: int) -> bool:
        """Whether terms of two shapes may have a unifier, their variables being apart."""
        heads = self.shapes[b]
        return all(heads[place] == head or heads[place] < 0 for place, head in self.symbols[a])

    def matching(self, pattern: int, shape: int) -> bool:
        """Whether a pattern of one shape may match a term of another; both have the same head."""
        heads = self.shapes[shape]
        return all(heads[place] == head for place, head in self.symbols[pattern])

    def matched(self, shape: int, pattern: int) -> bool:
        """As :meth:`matching`, the term first."""
        return self.matching(pattern, shape)


def _layer(t: Term) -> Shape:
    if t.head < 0:
        t.top = _HOLE
    else:
        heads = [a.head if a.head >= 0 else -1 for a in t.args[:WIDTH]]
        t.top = (t.head, *heads, *[-2] * (WIDTH - len(heads)))
    return t.top


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
