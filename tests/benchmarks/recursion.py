"""Recursion: folds through the level engine beside a recursion in Python and a level loop written by hand.

``python -m tests.benchmarks.recursion`` has three problems.  The first folds 10⁴ random binary trees of about 100 nodes
with the algebra ``leaf ↦ x``, ``node(l, r) ↦ tanh(W l + U r + b)`` on R(8).  Every tenth tree is checked against the
plain recursion, which is also timed on these alone and scaled up.  The forest is made once and folded often: *prepared
ms* is the time of making it, and is no part of *ours ms*; neither peer is charged for its trees or tables.  A ratio is
the median over repetitions of the peer's time over ours, which were taken one after the other.  All three multiply with
one thread: the matrices are small, and threads that wait for each other would be what is measured.  The second is the
distance of two random words of 2000 letters beside a table filled in Python, the third the shortest ways from one node
of a graph with 1000 nodes and 10⁵ edges beside SciPy's ``bellman_ford``; both are problems in
:mod:`tests.benchmarks._programs`, and all of unfolding and answering counts.  ``--quick`` takes small problems,
compares the numbers, and judges only by bars that no noise can reach.
"""

from __future__ import annotations

import itertools as it
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from catcore import Id, R, case, fold, fst, ident, pair, snd
from catcore.arrows import Arrow, terminal
from catcore.categories.smooth import constant, constant_matrix, smooth
from catcore.datatypes import datatype
from catcore_backends import compile_arrow
from catcore_backends.recursion.forests import Forest, forest_from_tables
from catcore_backends.recursion.ordering import heights_of
from tests.benchmarks import Measure, Row, arguments, finish, milliseconds, table
from tests.benchmarks._programs import Program, programs

COLUMNS = ("problem", "peer", "prepared ms", "ours ms", "peer ms", "ratio", "bar", "met")
WIDTH = 8
Trees = datatype(R(WIDTH) + Id * Id, "Leaf", "Node")
#: The recursion is timed on one tree in so many.
EVERY = 10


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit status 1 when a bar is missed or a number is wrong."""
    options = arguments(__doc__ or "").parse_args(argv)
    problem = Problem(500 if options.quick else 10_000)
    # Ratios on a few trees are smaller, and a busy machine blurs them: quick bars are far below what is reached.
    bars = (2.0, 0.02) if options.quick else (30.0, 1 / 1.5)
    peers: tuple[tuple[str, Measure, int], ...] = (
        ("recursion in Python", problem.by_recursion, EVERY),
        ("level loop by hand", problem.by_hand, 1),
    )
    repeats = 3 if options.quick else 7
    with threadpool_limits(1):
        rows: list[Row] = [
            _row(problem, name, peer, scale, bar, repeats) for (name, peer, scale), bar in zip(peers, bars, strict=True)
        ]
        wrong = problem.wrong()
        for program, bar in zip(
            programs(quick=options.quick), (0.1, 0.05) if options.quick else (5.0, 1 / 3), strict=True
        ):
            rows.append(program_row(program, bar, repeats))
            wrong += program.wrong()
    print(table(rows, COLUMNS))
    passed = not wrong and all(row["met"] for row in rows)
    summary: Row = {"trees": problem.count, "nodes": problem.forest.size, "wrong": wrong}
    return finish(rows, summary, options.json, passed=passed)


def _row(problem: Problem, name: str, peer: Measure, scale: int, bar: float, repeats: int) -> Row:
    pairs = [(milliseconds(problem.by_engine), scale * milliseconds(peer)) for _ in range(repeats)]
    return _compared(f"fold of {problem.count} trees", name, problem.prepared, pairs, bar)


def program_row(program: Program, bar: float, repeats: int) -> Row:
    """A problem of dynamic programming, after one run that is not counted."""
    program.by_engine()
    pairs = [(milliseconds(program.by_engine), milliseconds(program.by_peer)) for _ in range(repeats)]
    return _compared(program.name, program.peer, 0.0, pairs, bar)


def _compared(name: str, peer: str, prepared: float, pairs: list[tuple[float, float]], bar: float) -> Row:
    ratio = median(theirs / ours for ours, theirs in pairs)
    return {
        "problem": name, "peer": peer, "prepared ms": prepared,
        "ours ms": median(ours for ours, _ in pairs), "peer ms": median(theirs for _, theirs in pairs),
        "ratio": ratio, "bar": bar, "met": ratio >= bar,
    }  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """A forest of binary trees as arrays: the leaves have the first numbers, and a branch is below its node.

    Args:
        leaves: the vectors at the leaves.
        left: for each node that is no leaf, its left branch.
        right: its right branch.
        roots: the trees.
    """

    leaves: Any
    left: Any
    right: Any
    roots: Any

    def nested(self, node: int) -> Any:
        """One tree as nested pairs of vectors."""
        if node < len(self.leaves):
            return self.leaves[node]
        row = node - len(self.leaves)
        return self.nested(self.left[row]), self.nested(self.right[row])


def random_tables(count: int, seed: int = 0) -> Tables:
    """Random trees with 40 to 60 leaves each: two random parts of a tree are joined until one part is left.

    Nodes are numbered tree by tree, as by any walk through the trees.
    """
    rng = np.random.default_rng(seed)
    sizes = rng.integers(40, 61, size=count)
    ends = np.cumsum(sizes)
    total, widest = int(ends[-1]), int(sizes.max())
    parts = np.minimum((ends - sizes)[:, None] + np.arange(widest), total - 1)
    left, right, owner, made = [], [], [], total
    for joined in range(widest - 1):
        trees = np.flatnonzero(sizes - joined >= 2)
        last = sizes[trees] - joined - 1
        one = rng.integers(0, last + 1)
        other = (one + rng.integers(1, last + 1)) % (last + 1)
        left.append(parts[trees, one])
        right.append(parts[trees, other])
        parts[trees, np.minimum(one, other)] = made + np.arange(len(trees))
        parts[trees, np.maximum(one, other)] = parts[trees, last]  # the last part takes the free place
        owner.append(trees)
        made += len(trees)
    order = np.argsort(np.concatenate(owner), kind="stable")
    number = np.arange(made)
    number[total + order] = np.arange(total, made)
    lefts, rights = (number[np.concatenate(side)[order]] for side in (left, right))
    return Tables(rng.normal(size=(total, WIDTH)), lefts, rights, number[parts[:, 0]])


class Problem:
    """A batch of trees and an algebra, folded in three ways."""

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(1)
        self.count, self.tables = count, random_tables(count)
        self.w, self.u = rng.integers(-8, 9, size=(2, WIDTH, WIDTH)) / 32
        self.b = rng.integers(-8, 9, size=WIDTH) / 16
        self.run: Callable[..., Any] = compile_arrow(fold(Trees.fixed, self.algebra()))
        start = time.perf_counter()
        self.forest = self._forest()
        self.prepared = 1000 * (time.perf_counter() - start)

    def algebra(self) -> Arrow:
        """``R(8) + R(8) × R(8) → R(8)``."""
        v = R(WIDTH)
        linear = pair(
            fst(v, v) >> constant_matrix(self.w.tolist()), snd(v, v) >> constant_matrix(self.u.tolist())
        ) >> smooth("add", v * v)
        affine = pair(linear, terminal(v * v) >> constant(self.b.tolist())) >> smooth("add", v * v)
        return case(ident(v), affine >> smooth("tanh", v))

    def _forest(self) -> Forest:
        t = self.tables
        names = np.repeat([0, 1], [len(t.leaves), len(t.left)])
        return forest_from_tables(Trees.fixed, names, [[], [t.left, t.right]], [[t.leaves], []], t.roots)

    def by_engine(self) -> Any:
        """The fold through the level engine."""
        return self.run(self.forest)

    @cached_property
    def _nested(self) -> list[Any]:
        return [self.tables.nested(int(root)) for root in self.tables.roots[::EVERY]]

    def by_recursion(self) -> Any:
        """The plain recursion on every tenth tree, NumPy at each node."""
        w, u, b = self.w, self.u, self.b

        def value(tree: Any) -> Any:
            return np.tanh(w @ value(tree[0]) + u @ value(tree[1]) + b) if isinstance(tree, tuple) else tree

        return [value(tree) for tree in self._nested]

    @cached_property
    def _levels(self) -> tuple[Any, list[tuple[int, int, Any, Any]], Any]:
        """Nodes by height: the leaves, where the nodes of each height above and their branches are, and the roots."""
        t = self.tables
        count, leaves = len(t.leaves) + len(t.left), len(t.leaves)
        inner: Any = np.arange(leaves, count)
        heights = heights_of([inner], [[t.left, t.right]], count)
        order = np.argsort(heights, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(count)
        cuts = np.flatnonzero(np.diff(heights[order], append=0))[:-1] + 1
        levels = []
        for start, stop in it.pairwise([*cuts.tolist(), count]):
            rows = order[start:stop] - leaves
            levels.append((start, stop, place[t.left[rows]], place[t.right[rows]]))
        return t.leaves, levels, place[t.roots]

    def by_hand(self) -> Any:
        """A loop over the heights as one would write it for this problem alone."""
        leaves, levels, roots = self._levels
        values = np.empty((self.forest.size, WIDTH))
        values[: len(leaves)] = leaves
        w, u = self.w.T, self.u.T
        for start, stop, left, right in levels:
            values[start:stop] = np.tanh(np.take(values, left, 0) @ w + np.take(values, right, 0) @ u + self.b)
        return values[roots]

    def wrong(self) -> int:
        """How many trees the engine or the level loop folds to something else than the recursion does."""
        expected = np.stack(self.by_recursion())
        found = (self.by_engine()[::EVERY], self.by_hand()[::EVERY])
        return sum(int((abs(x - expected).max(axis=1) > 1e-12).sum()) for x in found)


if __name__ == "__main__":
    sys.exit(main())
