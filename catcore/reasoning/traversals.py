"""Traversals of binary trees: folds of ``1 + A × X²`` into lists, whole or one step at a time (THEORY T7.1).

A question is a tree, written ``N(1, N(2, L, L), L)``, and an answer its labels in preorder or inorder.  The one-step
form asks for what one step of the reduction makes of a tree that has been folded in part
(:mod:`catcore.datatypes.reduction`): syntax and a step-wise semantics, from which the whole traversal follows.

>>> print(PREORDER.solve("N(1, N(2, L, L), N(3, L, L))"), "/", INORDER.solve("N(1, N(2, L, L), N(3, L, L))"))
1 2 3 / 2 1 3
>>> print(*steps("N(1, L, L)", ORDERS["inorder"]), sep="\\n")
N(1, L, L)
N(1, [], L)
N(1, [], [])
[1]
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from catcore.datatypes.data import Data
from catcore.datatypes.datatype import datatype
from catcore.datatypes.reduction import reduction_steps
from catcore.errors import UnknownName
from catcore.functors import Id
from catcore.objects import FinSet
from catcore.reasoning.task import Sample, Task, between

LABELS = 100
TREES = datatype(1 + FinSet(LABELS) * (Id * Id), "L", "N")

Clause = Callable[[int, list[int], list[int]], list[int]]
#: What each traversal does at a node with a label, the traversal of its left branch, and that of its right one.
ORDERS: dict[str, Clause] = {
    "preorder": lambda a, left, right: [a, *left, *right],
    "inorder": lambda a, left, right: [*left, a, *right],
    "postorder": lambda a, left, right: [*left, *right, a],
}


def traversal(clause: Clause) -> Callable[[Data], list[int]]:
    """The fold of a tree whose nodes a clause puts together."""
    return TREES.fold(L=list, N=clause)


def steps(text: str, clause: Clause) -> list[str]:
    """A tree and what each step of its traversal makes of it, the leftmost constructor that can be used first."""
    return [str(state) for state in reduction_steps(TREES.read(text), TREES, L=list, N=clause).states]


def traversing(order: str, *, nodes: range = range(1, 12)) -> Task:
    """The labels of trees with so many nodes in an order of :data:`ORDERS`.

    Raises ``UnknownName`` for another order, and ``BadSpecification`` for a negative number of nodes.
    """
    clause = _clause(order)

    def draw(random: Random) -> Sample:
        tree, answer = _grown(random, random.choice(nodes), clause)
        return Sample(tree, " ".join(map(str, answer)))

    between(0, min(nodes), "number of nodes")
    return Task(order, draw, lambda question: " ".join(map(str, traversal(clause)(TREES.read(question)))))


def stepping(order: str, *, nodes: range = range(1, 6)) -> Task:
    """One step of a traversal: a question is a tree and a number k, the answer the tree after k + 1 steps.

    The question shows the tree after k steps as well, so what is asked is the step alone.
    """
    clause = _clause(order)

    def draw(random: Random) -> Sample:
        tree, _ = _grown(random, random.choice(nodes), clause)
        states = steps(tree, clause)
        k = random.randrange(len(states) - 1)
        return Sample(f"{tree} | {k} | {states[k]}", states[k + 1])

    def solve(question: str) -> str:
        tree, k, _ = question.split(" | ")
        return steps(tree, clause)[int(k) + 1]

    return Task(f"a step of {order}", draw, solve)


def _clause(order: str) -> Clause:
    if order not in ORDERS:
        raise UnknownName(f"There is no traversal in {order!r}; the orders are {', '.join(ORDERS)}.")
    return ORDERS[order]


def _grown(random: Random, nodes: int, clause: Clause) -> tuple[str, list[int]]:
    """A random tree with so many nodes as text, with its traversal, grown together."""
    if not nodes:
        return "L", []
    left = random.randrange(nodes)
    a = random.randrange(LABELS)
    (l, before), (r, after) = (_grown(random, n, clause) for n in (left, nodes - 1 - left))
    return f"N({a}, {l}, {r})", clause(a, before, after)


PREORDER, INORDER = traversing("preorder"), traversing("inorder")

__all__ = ["INORDER", "ORDERS", "PREORDER", "TREES", "stepping", "steps", "traversal", "traversing"]
