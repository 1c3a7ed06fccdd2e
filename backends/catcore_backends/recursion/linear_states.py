"""What shared states hear, by the linear maps from covectors of answers to covectors of states (THEORY T3.4, T5.3).

What a state hears is linear in the covector of its answer.  Where a state is met at many places, with a covector at
each, this map is computed once, as a table with a row for each number of an answer: from the leaves up, the reverse
derivatives of algebra and coalgebra are applied to a basis of covectors, and what the branches hear is mapped by their
tables.  So the work grows with the distinct states times the numbers in an answer, however often states are met: the
n-th Fibonacci number of real states is n steps, and not as many as the number says.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from catcore.errors import TooLarge
from catcore_backends.batches import arrays, mapped
from catcore_backends.nesting import from_right
from catcore_backends.recursion.backward import added, heard_labels
from catcore_backends.recursion.forests import Group
from catcore_backends.recursion.levels import put, real_in

if TYPE_CHECKING:
    from catcore_backends.recursion.backward_states import Down, Heard

#: No more numbers than this are kept in the tables of the maps.
MOST = 100_000_000


def by_linear_maps(heard: Heard, down: Down, width: int, places: float) -> tuple[Any, Any]:
    """What parameters hear of the coalgebra, and what the states of the batch hear.

    Args:
        heard: what is to be found.
        down: the way down, each state met once.
        width: the number of numbers in the covector of an answer.
        places: how many nodes there would be without sharing.

    Raises:
        TooLarge: when the tables have more than ``MOST`` numbers.
    """
    entries = heard.trees.size * width * max(_width(heard.own), 1)
    if entries > MOST:
        raise TooLarge(
            f"The gradient of a recursion was asked for whose {heard.trees.size} states are met at about {places:.3g} "
            f"places, and the maps to what they hear have {entries} numbers, above {MOST}. Make states that need no "
            "gradient integers or elements of finite sets, or give answers with fewer numbers."
        )
    return Maps(heard, down, width).heard()


class Maps:
    """The tables of the linear maps, node by node."""

    def __init__(self, heard: Heard, down: Down, width: int) -> None:
        self.of, self.xp, self.down, self.width = heard, heard.xp, down, width
        self.pieces = heard.by.linked(self.xp, real_in(self.xp, (down.table, heard.given, heard.covector)))
        self.tables: Any = None

    def heard(self) -> tuple[Any, Any]:
        """What parameters hear of the coalgebra, and what the states of the batch hear."""
        slope: Any = None
        for group in self.down.table.groups:
            self._add(group)
            if self.of.by.asks:
                branches = self._branches(group, self.down.below[group.start])
                own, labels = self.of.at(self.of.own, group), self.down.labels[group.start]
                more, _ = self.of.asked(group, own, labels, branches)
                slope = more if slope is None else added(slope, more)
        return slope, self._mapped(self.of.covector, self.down.table.roots)

    def _add(self, group: Group) -> None:
        """The tables of a group, whose branches have theirs."""
        by, n = self.of.by, group.stop - group.start
        kind = by.forward.kinds[group.constructor]
        layer, answers, own = (
            self._repeated(x, n)
            for x in (
                by.forward.layer(self.xp, group, self.of.values),
                self.of.at(self.of.values, group),
                self.of.at(self.of.own, group),
            )
        )
        given = (self.of.shared, (layer, (answers, self._basis(n))))
        (_, labels), (below, _) = self.pieces[group.constructor](given, n * self.width)
        branches = self._branches(group, from_right(below, len(group.branches)), rows=self.width)
        _, rows = self.of.asked(group, own, from_right(labels, len(heard_labels(kind))), branches)
        cut = mapped(lambda x: self.xp.reshape(x, (n, self.width, *x.shape[1:])), rows)
        self.tables = put(self.xp, self.tables, cut, group, self.down.rows)

    def _branches(self, group: Group, below: list[Any], rows: int = 1) -> list[Any]:
        """What the states at the branches hear."""
        return [self._mapped(v, b, rows) for v, b in zip(below, group.branches, strict=True)]

    def _repeated(self, batch: Any, n: int) -> Any:
        """Each row as often as an answer has numbers."""
        xp = self.xp
        index = xp.reshape(xp.broadcast_to(xp.arange(n)[:, None], (n, self.width)), (-1,))
        return mapped(lambda x: x[index] if hasattr(x, "groups") else xp.take(x, index, axis=0), batch)

    def _basis(self, n: int) -> Any:
        """For each of n nodes a basis of covectors of its answer."""
        xp, start = self.xp, 0

        def part(x: Any) -> Any:
            nonlocal start
            count = math.prod(x.shape[1:])
            columns = xp.eye(self.width, dtype=x.dtype)[:, start : start + count]
            start += count
            return xp.reshape(xp.broadcast_to(columns[None, ...], (n, self.width, count)), (-1, *x.shape[1:]))

        return mapped(part, self.of.covector)

    def _mapped(self, covector: Any, nodes: Any, rows: int = 1) -> Any:
        """What states hear for covectors of their answers, ``rows`` of them for each node."""
        xp = self.xp
        flat = xp.concat([xp.reshape(x, (x.shape[0], -1)) for x in arrays(covector)], axis=1)
        flat = xp.reshape(flat, (-1, rows, self.width))

        def at(table: Any) -> Any:
            here = table[nodes, ...] if isinstance(nodes, slice) else xp.take(table, nodes, axis=0)
            found = xp.matmul(flat, xp.reshape(here, (here.shape[0], self.width, -1)))
            return xp.reshape(found, (-1, *table.shape[2:]))

        return mapped(at, self.tables)


def _width(batch: Any) -> int:
    return sum(math.prod(x.shape[1:]) for x in arrays(batch))
