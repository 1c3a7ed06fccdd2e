"""Equations between small terms, found at specimens.

Where an induction gets stuck at a function of the value of another one, such as ``reverse (xs ++ ys)``, the lemma that
helps says what that is in other terms: ``reverse ys ++ reverse xs``.  All small terms made of the functions at hand are
listed, and terms with the same values at all specimens are taken for equal (as in QuickSpec: Claessen, Smallbone and
Hughes 2010).  What is found is a conjecture, to be proved by induction like any other.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterable, Iterator
from typing import Any

from catcore_proofs import terms
from catcore_proofs.evaluation import Evaluator, Normal, Rejected, Type, filled
from catcore_proofs.generalisation import Conjecture, abstracted, typed_parts
from catcore_proofs.observations import Observations

#: How large the terms are, how many of them are looked at for one conjecture, and at how many specimens.
SIZE, TERMS, LOOKS = 6, 400, 40


def compositions(sides: Iterable[Normal], cod: Type, context: tuple[Type, ...], kernel: Evaluator) -> Iterator[Any]:
    """The functions of values of functions in some normal forms, in general: pattern, its type, types of variables."""
    saved, kernel.context = kernel.context, list(context)
    try:
        found = {part: kind for side in sides for part, kind in _parts(side, cod, kernel)}
    finally:
        kernel.context = saved
    seen = set()
    for part, kind in sorted(found.items(), key=lambda f: len(repr(f[0]))):
        for pattern, _, kinds in abstracted(part, (), context, kernel):
            if (pattern, kinds) not in seen:
                seen.add((pattern, kinds))
                yield pattern, kind, kinds


def _parts(side: Normal, cod: Type, kernel: Evaluator) -> list[tuple[Normal, Type]]:
    try:
        return [
            (part, kind)
            for part, kind in typed_parts(side, cod, kernel)
            if kind[0] == "μ" and part[0] == "fold" and part[2][0] in ("fold", "@") and terms.closed(part)
        ]
    except (Rejected, IndexError, KeyError, TypeError):
        return []


class Exploration:
    """Small terms over variables of given types, by type, one for each list of values at the specimens.

    Args:
        observations: whoever evaluates at specimens.
        functions: the folds of which terms are made.
        kinds: the types of the variables.
    """

    def __init__(self, observations: Observations, functions: Iterable[Any], kinds: tuple[Type, ...]) -> None:
        self.observations, self.kinds = observations, kinds
        self.functions = list(functions)
        self._values: dict[Type, dict[Any, Normal]] = {}
        self._sized: list[list[tuple[Normal, Type]]] = [[]]
        self._looked = 0

    def equal(self, pattern: Normal, kind: Type) -> Conjecture | None:
        """The conjecture that a term is equal to the smallest other one with its values, if there is one."""
        values = self._at(pattern, kind)
        if values is None:
            return None
        for size in range(1, SIZE + 1):
            self._grow(size)
            other = self._values.get(kind, {}).get(values)
            if other is not None and other != pattern:
                return Conjecture(self.kinds, kind, pattern, other)
        return None

    def _at(self, term: Normal, kind: Type) -> Any:
        column = self.observations.column(term, self.kinds, kind, LOOKS)
        return None if None in column else tuple(column)

    def _grow(self, size: int) -> None:
        """List the terms of one more size."""
        if len(self._sized) > size:
            return
        new: list[tuple[Normal, Type]] = []
        for term, kind in self._made(size):
            if self._looked >= TERMS:
                break
            self._looked += 1
            values = self._at(term, kind) if kind[0] == "μ" else term
            if values is not None and values not in self._values.setdefault(kind, {}):
                self._values[kind][values] = term
                new.append((term, kind))
        self._sized.append(new)

    def _made(self, size: int) -> Iterator[tuple[Normal, Type]]:
        """The terms of a size: variables, points, and functions of smaller terms."""
        if size == 1:
            yield from ((("v", i), kind) for i, kind in enumerate(self.kinds))
            for kind in {k for f in self.functions for k in (f[1], f[2]) if k[0] == "μ"}:
                yield from ((("in", point), kind) for point in _constants(filled(kind[1], kind)))
            return
        for function in self.functions:
            dom, cod = function[1], function[2]
            if cod[0] == "μ":
                yield from ((("fold", function, t), cod) for t, k in self._sized[size - 1] if k == dom)
            elif cod[0] == "^" and cod[1][0] == "μ":
                for own in range(1, size - 1):
                    for (t, k), (u, l) in it.product(self._sized[own], self._sized[size - 1 - own]):
                        if k == dom and l == cod[2]:
                            yield ("@", ("fold", function, t), u), cod[1]


def _constants(kind: Type) -> Iterator[Normal]:
    """The points of a sum."""
    if kind == "1":
        yield ("1",)
    elif kind[0] == "+":
        yield from (("l", point) for point in _constants(kind[1]))
        yield from (("r", point) for point in _constants(kind[2]))
