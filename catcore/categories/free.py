"""Free categories on graphs, and categories presented by generators and relations (THEORY T1.1).

Objects are the nodes of a graph and arrows are paths; composition is concatenation.  Relations between parallel paths
are completed to a rewriting system, and a path is kept in its normal form, so equality is decided by comparing paths.

>>> C = FreeCategory({"f": (1, 2), "g": (2, 3), "h": (1, 3)})
>>> [str(p) for p in C.hom(1, 3)]
['h', 'f ; g']
>>> D = FreeCategory({"f": (1, 2), "g": (2, 3), "h": (1, 3)}, relations=[(("f", "g"), ("h",))])
>>> [str(p) for p in D.hom(1, 3)]
['h']
"""

from __future__ import annotations

import itertools as it
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from catcore.categories.category import Category
from catcore.equivariance.groups.completion import RewritingSystem, complete
from catcore.errors import NotComposable, NotParallel, UnknownName
from catcore.laws import PointwiseLaw

#: Paths longer than this are not enumerated when the graph has cycles.
LONGEST = 4


@dataclass(frozen=True)
class Path:
    """A path in a graph: its two ends and its edges, the first one first."""

    dom: Hashable
    cod: Hashable
    edges: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ; ".join(self.edges) or f"id[{self.dom}]"


@dataclass(frozen=True)
class FreeCategory(Category):
    """The category of paths in a graph, modulo relations.

    Args:
        edges: for each edge, its source and target.
        relations: pairs of parallel paths that are to be equal, each a sequence of edges.

    Raises:
        NotComposable: when a relation is no path.
        NotParallel: when the two sides of a relation have different ends.
    """

    edges: Mapping[str, tuple[Hashable, Hashable]] = field(hash=False)
    relations: Sequence[tuple[Sequence[str], Sequence[str]]] = ()

    def __post_init__(self) -> None:
        for left, right in self.relations:
            if not left or not right:
                raise NotParallel("A relation of a presented category equates two paths of at least one edge each.")
            a, b = self._ends(left), self._ends(right)
            if a != b:
                raise NotParallel(f"The relation {list(left)} = {list(right)} equates paths with the ends {a} and {b}.")

    @cached_property
    def nodes(self) -> tuple[Hashable, ...]:
        """The objects, in order of first mention."""
        return tuple(dict.fromkeys(node for ends in self.edges.values() for node in ends))

    @cached_property
    def system(self) -> RewritingSystem:
        """The convergent rewriting system on paths, edges numbered in order."""
        number = {name: i for i, name in enumerate(self.edges)}
        return complete(
            (tuple(number[e] for e in left), tuple(number[e] for e in right)) for left, right in self.relations
        )

    def path(self, *edges: str) -> Path:
        """The path along the given edges, in normal form.

        Raises:
            UnknownName: for an edge that the graph does not have.
            NotComposable: when an edge does not start where the one before it ends.
        """
        dom, cod = self._ends(edges)
        return Path(dom, cod, self._reduced(edges))

    def _ends(self, edges: Sequence[str]) -> tuple[Hashable, Hashable]:
        for name in edges:
            if name not in self.edges:
                raise UnknownName(f"There is no edge {name!r} in this graph; its edges are {', '.join(self.edges)}.")
        for one, two in it.pairwise(edges):
            if self.edges[one][1] != self.edges[two][0]:
                raise NotComposable(
                    f"The edge {one} ends in {self.edges[one][1]} and {two} starts in {self.edges[two][0]}."
                )
        return self.edges[edges[0]][0], self.edges[edges[-1]][1]

    def _reduced(self, edges: Sequence[str]) -> tuple[str, ...]:
        names = list(self.edges)
        found = self.system.normal(tuple(names.index(e) for e in edges))
        return tuple(names[i] for i in found)

    def identity(self, a: Hashable) -> Path:
        """The empty path."""
        return Path(a, a)

    def dom(self, f: Path) -> Hashable:
        """Where the path starts."""
        return f.dom

    def cod(self, f: Path) -> Hashable:
        """Where the path ends."""
        return f.cod

    def _composite(self, f: Path, g: Path) -> Path:
        return Path(f.dom, g.cod, self._reduced(f.edges + g.edges))

    @cached_property
    def acyclic(self) -> bool:
        """Whether no path returns to where it started, so that there are finitely many paths."""
        return not any(p.dom == p.cod for p in self._paths(len(self.nodes)) if p.edges)

    def _paths(self, longest: int) -> Iterator[Path]:
        layer = [self.identity(n) for n in self.nodes]
        for _ in range(longest + 1):
            yield from layer
            layer = [
                Path(p.dom, end, (*p.edges, name))
                for p in layer
                for name, (start, end) in self.edges.items()
                if start == p.cod
            ]

    @cached_property
    def arrows(self) -> tuple[Path, ...]:
        """All arrows when the graph has no cycle; otherwise those of at most ``LONGEST`` edges."""
        longest = len(self.nodes) if self.acyclic else LONGEST
        reduced = (Path(p.dom, p.cod, self._reduced(p.edges)) for p in self._paths(longest))
        return tuple(dict.fromkeys(reduced))

    def hom(self, a: Hashable, b: Hashable) -> tuple[Path, ...]:
        """The arrows ``a → b`` among :attr:`arrows`."""
        return tuple(p for p in self.arrows if p.dom == a and p.cod == b)

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """The laws over all composable triples; exhaustive when the graph has no cycle."""
        triples = [
            (f, g, h) for f in self.arrows for g in self.arrows if g.dom == f.cod for h in self.arrows if h.dom == g.cod
        ]
        return self.laws_over(triples, "exhaustive" if self.acyclic else "sampled")

    def functor(self, target: Category, objects: Mapping[Any, Any], arrows: Mapping[str, Any]) -> Any:
        """The functor to another category that the images of nodes and edges determine, as a function on paths."""

        def at(path: Path) -> Any:
            image = target.identity(objects[path.dom])
            for name in path.edges:
                image = target.compose(image, arrows[name])
            return image

        return at

    def __str__(self) -> str:
        return f"free category on {len(self.nodes)} nodes and {len(self.edges)} edges"
