"""Traversals of binary trees: folds of ``1 + A × X²`` into lists, whole or one step at a time (THEORY T7.1).

A question is a tree, written ``N(1, N(2, L, L), L)``, and an answer its labels in preorder or inorder.  The one-step
form asks for what one step makes of a tree that has been folded in part: syntax and a step-wise semantics, from which
the whole traversal follows.  Samples of it are drawn from the reduction of the fold
(:mod:`catcore.datatypes.reduction`); its solver rewrites the text that is shown, and knows neither trees nor folds.

>>> print(PREORDER.solve("N(1, N(2, L, L), N(3, L, L))"), "/", INORDER.solve("N(1, N(2, L, L), N(3, L, L))"))
1 2 3 / 2 1 3
>>> print(*steps("N(1, L, L)", ORDERS["inorder"]), sep="\\n")
N(1, L, L)
N(1, [], L)
N(1, [], [])
[1]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from catcore.datatypes.data import Data
from catcore.datatypes.datatype import datatype
from catcore.datatypes.reduction import reduction_steps
from catcore.errors import BadSpecification, UnknownName
from catcore.functors import Id
from catcore.objects import FinSet
from catcore.reasoning.task import Sample, Task, sizes, text

LABELS = 100
#: A trace has a state for each constructor, so trees that are folded in small steps have at most so many nodes.
MAX_NODES = 500
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


def steps(tree: str, clause: Clause) -> list[str]:
    """A tree and what each step of its traversal makes of it, the leftmost constructor that can be used first."""
    return [str(state) for state in reduction_steps(_read(tree), TREES, L=list, N=clause).states]


def traversing(order: str, *, nodes: Sequence[int] = range(1, 12)) -> Task:
    """The labels of trees with so many nodes in an order of :data:`ORDERS`.

    Raises ``UnknownName`` for another order, and ``BadSpecification`` for numbers of nodes that are none.
    """
    clause = _clause(order)
    sizes(nodes, "number of nodes", largest=MAX_NODES)

    def draw(random: Random) -> Sample:
        tree, answer = _grown(random, random.choice(nodes), clause)
        return Sample(tree, " ".join(map(str, answer)))

    return Task(order, draw, lambda question: " ".join(map(str, traversal(clause)(_read(question)))))


def stepping(order: str, *, nodes: Sequence[int] = range(1, 6)) -> Task:
    """One step of a traversal: a question is a tree that has been folded in part, the answer what a step makes of it.

    Raises as :func:`traversing` does.
    """
    clause = _clause(order)
    sizes(nodes, "number of nodes", largest=MAX_NODES)

    def draw(random: Random) -> Sample:
        tree, _ = _grown(random, random.choice(nodes), clause)
        states = steps(tree, clause)
        k = random.randrange(len(states) - 1)
        return Sample(states[k], states[k + 1])

    return Task(f"a step of {order}", draw, lambda question: rewritten(question, clause))


_ROW = r"\[((?:\d{1,2}(?:, \d{1,2})*)?)\]"
_REDEX = re.compile(rf"L|N\((\d{{1,2}}), {_ROW}, {_ROW}\)")


def rewritten(state: str, clause: Clause) -> str:
    """A tree that has been folded in part with its leftmost ``L`` or ``N(a, [x, …], [y, …])`` replaced by a row.

    >>> rewritten("N(1, N(2, [], []), L)", ORDERS["inorder"])
    'N(1, [2], L)'

    Raises:
        BadSpecification: when the text is no such state, or nothing is left to be done.
    """
    rest, count = text(state, "A tree that has been folded in part"), 1
    while count:  # all the way, so that a text with something else in it is found
        rest, count = _REDEX.subn("[]", rest)
    if rest != "[]" or not _REDEX.search(state):
        raise BadSpecification(
            f"One step was to be made of {state[:60]!r}. Give a tree such as N(1, [], L), with labels below {LABELS}, "
            "in which a branch may be a row of labels already, and which is no such row itself."
        )
    return _REDEX.sub(lambda redex: str(_reduced(redex, clause)), state, count=1)


def _reduced(redex: re.Match[str], clause: Clause) -> list[int]:
    if redex[1] is None:
        return []
    left, right = ([int(a) for a in row.split(", ") if a] for row in redex.groups()[1:])
    return clause(int(redex[1]), left, right)


def _read(tree: object) -> Data:
    return TREES.read(text(tree, "A tree to traverse"))


def _clause(order: str) -> Clause:
    if text(order, "The order of a traversal") not in ORDERS:
        raise UnknownName(f"There is no traversal in {order!r:.60}; the orders are {', '.join(ORDERS)}.")
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

__all__ = ["INORDER", "ORDERS", "PREORDER", "TREES", "rewritten", "stepping", "steps", "traversal", "traversing"]
