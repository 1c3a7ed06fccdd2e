"""The data types of the talk, and arithmetic as generators with Python functions."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

from catcore import FinSet, Id, atoms
from catcore.arrows import Arrow
from catcore.categories import PythonValues
from catcore.datatypes import datatype

A, N, S = atoms("A N S")
Lists = datatype(1 + N * Id, "Nil", "Cons")
Trees = datatype(N + Id * Id, "Leaf", "Node")
Nat = datatype(1 + Id, "Zero", "Succ")
Binary = datatype(1 + (Id + Id), "One", "Twice", "TwicePlusOne")
Rose = datatype(lambda X: N * datatype(lambda Y: 1 + X * Y).fixed, "Rose")
Bits = datatype(1 + FinSet(2) * Id, "Nil", "Cons")

#: The tree of T2.3: N(N(2,5),N(7,N(1,3))).
TREE = Trees.read("Node(Node(Leaf(2), Leaf(5)), Node(Leaf(7), Node(Leaf(1), Leaf(3))))")
LIST = Lists.list_of([3, 1, 4, 1, 5])


def run(f: Arrow, x: Any, **functions: Callable[[Any], Any]) -> Any:
    """A term at a Python value, its generators given by name."""
    from catcore.arrows import Generator, subterms

    table: dict[Arrow, Callable[[Any], Any]] = {g: functions[g.name] for g in subterms(f) if isinstance(g, Generator)}
    return PythonValues(table).apply(f, x)


def again(value: Any) -> Any:
    """The value after pickling."""
    return pickle.loads(pickle.dumps(value))
