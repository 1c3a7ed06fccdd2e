"""Equations between pasted 2-cells of polynomial functors: vertical composites of whiskered transformations.

A natural transformation between composites of containers is a *value* for each shape of its source: an element of the
target whose labels are the positions of that shape.  Monads, comonads, distributive laws, their morphisms and algebras
are all unknown transformations with equations between whiskered composites, and an equation holds exactly when it
holds on the generic element of each shape of its source (THEORY T1.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catcore_proofs.census.containers import Element, Word


@dataclass(frozen=True)
class Symbol:
    """A transformation ``source → target`` between composites, known by name."""

    name: str
    source: Word
    target: Word


@dataclass(frozen=True)
class Step:
    """A transformation whiskered with the first ``depth`` functors of the composite that it acts on."""

    symbol: str
    depth: int = 0


@dataclass(frozen=True)
class Pasting:
    """An equation between two vertical composites of whiskered transformations out of one composite functor."""

    name: str
    source: Word
    lhs: tuple[Step, ...]
    rhs: tuple[Step, ...]


#: A transformation as its values, by the key of each shape of the source.
Values = Mapping[Any, Element]
