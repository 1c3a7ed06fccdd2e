"""Points joined by index maps: components, and a spanning forest whose branches are words in the maps.

The graph has an edge from each point u to s(u) for each map s.  In a forest every point is reached from the first point
of its component by crossing edges forwards or backwards, as short a way as there is.

>>> forest = Forest([[1, 2, 0, 4, 3]], 5)
>>> forest.bases.tolist(), forest.depth.tolist(), forest.path(2)
([0, 3], [0, 1, 1, 0, 1], [(0, 2, 1)])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Index = NDArray[np.int64]


class Forest:
    """A breadth-first spanning forest of n points under some index maps.

    Edges have a kind: ``2 g`` crosses map g forwards, from u to s(u), and ``2 g + 1`` backwards.
    """

    def __init__(self, maps: Sequence[Any], n: int) -> None:
        import numpy as np

        self.n = n
        self.maps = [np.asarray(s, dtype=np.int64) for s in maps]
        self.where = self._components()
        found, self.bases = np.unique(self.where, return_index=True)
        self.sizes = np.bincount(self.where, minlength=len(found))
        self.parent = self._parents()
        self.kind = self._kinds()

    def _graph(self, starts: list[Any], ends: list[Any], size: int) -> Any:
        import numpy as np
        from scipy.sparse import csr_array

        start = np.concatenate([np.empty(0, np.int64), *starts])
        end = np.concatenate([np.empty(0, np.int64), *ends])
        return csr_array((np.ones(len(start), np.int32), (start, end)), shape=(size, size))

    def _components(self) -> Index:
        import numpy as np
        from scipy.sparse.csgraph import connected_components

        graph = self._graph([np.arange(self.n)] * len(self.maps), self.maps, self.n)
        found: Index = connected_components(graph, directed=False)[1].astype(np.int64)
        return found

    def _parents(self) -> Index:
        """The parent of each point, n for a base."""
        import numpy as np
        from scipy.sparse.csgraph import breadth_first_order

        root = self.n  # a further vertex joined to every base makes the forest one tree
        starts = [np.arange(self.n)] * len(self.maps) + [np.full(len(self.bases), root)]
        graph = self._graph(starts, [*self.maps, self.bases], self.n + 1)
        found: Index = breadth_first_order(graph, root, directed=False)[1][: self.n].astype(np.int64)
        return found

    def _kinds(self) -> Index:
        """The kind of the edge from each point's parent to it, -1 for a base."""
        import numpy as np

        kind = np.full(self.n, -1)
        child = np.flatnonzero(self.parent != self.n)
        for g, s in enumerate(self.maps):
            for k in (2 * g, 2 * g + 1):
                left = child[kind[child] < 0]
                ends = s[self.parent[left]] == left if k % 2 == 0 else s[left] == self.parent[left]
                kind[left[ends]] = k
        return kind

    @cached_property
    def depth(self) -> Index:
        """The number of edges from each point's base, by doubling the jumps towards it."""
        import numpy as np

        jump = np.append(self.parent, self.n)
        jump[self.bases] = self.n
        far = (np.arange(self.n + 1) != self.n).astype(np.int64)
        while (jump != self.n).any():
            far = far + far[jump]
            jump = jump[jump]
        depth: Index = far[: self.n] - 1
        return depth

    def path(self, point: int) -> list[tuple[int, int, int]]:
        """The edges from the base to a point, as (from, to, kind)."""
        edges = []
        while self.kind[point] >= 0:
            edges.append((int(self.parent[point]), point, int(self.kind[point])))
            point = int(self.parent[point])
        return edges[::-1]

    def levels(self) -> Iterator[tuple[Index, Index, int]]:
        """Points and their parents, level by level and by the kind of the edges between them."""
        import numpy as np

        child = np.flatnonzero(self.kind >= 0)
        key = self.depth[child] * (2 * len(self.maps)) + self.kind[child]
        order = np.argsort(key, kind="stable")
        child, key = child[order], key[order]
        for group in np.split(np.arange(len(child)), np.flatnonzero(np.diff(key)) + 1):
            if len(group):
                members = child[group]
                yield members, self.parent[members], int(self.kind[members[0]])

    def loops(self, map_number: int) -> Index:
        """The points u whose edge to s(u) is not in the forest."""
        import numpy as np

        s, points = self.maps[map_number], np.arange(self.n)
        down = (self.kind[s] == 2 * map_number) & (self.parent[s] == points)
        up = (self.kind == 2 * map_number + 1) & (self.parent == s)
        return np.flatnonzero(~(down | up))
