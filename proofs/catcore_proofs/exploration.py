"""Equations between small terms, found at specimens.

Where an induction gets stuck at a function of the value of another one, such as ``reverse (xs ++ ys)``, the lemma that
helps says what that is in other terms: ``reverse ys ++ reverse xs``.  All small terms made of the functions at hand are
listed, and terms with the same values at all specimens are taken for equal (as in QuickSpec: Claessen, Smallbone and
Hughes 2010).  What is found is a conjecture, to be proved by induction like any other.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from catcore_proofs import terms
from catcore_proofs.evaluation import Evaluator, Normal, Rejected, Type, Value, filled
from catcore_proofs.generalisation import Conjecture, abstracted, typed_parts
from catcore_proofs.observations import Observations
from catcore_proofs.patterns import asked

#: How large the terms are, how many of them are looked at for one conjecture, and every which specimen.
SIZE, TERMS, STRIDE = 5, 2_000, 4


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
        self._found: dict[Type, dict[Any, list[Normal]]] = {}  # the terms with the same values
        self._elements: dict[Normal, list[Value]] = {}
        self._sized: list[list[tuple[Normal, Type]]] = [[]]
        self._looked = 0

    def equal(self, pattern: Normal, kind: Type) -> Conjecture | None:
        """The conjecture that a term is equal to the smallest other one with its values, if there is one.

        Another one in which the term itself occurs says nothing of what it is made of; one that ends with another
        function is better, for it says how the last function of the term goes on to the others.
        """
        column = self.observations.column(pattern, self.kinds, kind, STRIDE)
        values = tuple(column)
        if None in column:
            return None
        for size in range(1, SIZE + 1):
            self._grow(size)
            others = [o for o in self._found.get(kind, {}).get(values, ()) if pattern not in terms.subterms(o)]
            if others:
                last = asked(pattern)
                return Conjecture(self.kinds, kind, pattern, min(others, key=lambda other: asked(other) == last))
        return None

    def _grow(self, size: int) -> None:
        """List the terms of one more size."""
        if len(self._sized) > size:
            return
        new: list[tuple[Normal, Type]] = []
        for term, kind in it.islice(self._made(size), max(TERMS - self._looked, 0)):
            self._looked += 1
            values = self.observations.computed(self._computed(term), self.kinds, kind, STRIDE)
            if values is None:
                continue
            same = self._found.setdefault(kind, {}).setdefault(values[0], [])
            if not same:  # larger terms are made of the first one only
                self._elements[term] = values[1]
                new.append((term, kind))
            same.append(term)
        self._sized.append(new)

    def _computed(self, term: Normal) -> list[Callable[[], Value]]:
        """How to compute the values of a term at the specimens, from those of its parts."""
        kernel = self.observations.kernel
        match term:
            case ("v", i):
                specimens = self.observations.elements(self.kinds)[::STRIDE]
                return [lambda values=values: values[i] for values in specimens]  # type: ignore[misc]
            case ("@", ("fold", function, one), two):
                pairs = zip(self._elements[one], self._elements[two], strict=True)
                return [lambda a=a, b=b: kernel.apply(function, a)[1](b) for a, b in pairs]  # type: ignore[misc]
            case ("fold", function, one):
                return [partial(kernel.apply, function, a) for a in self._elements[one]]
        return [lambda: term for _ in self.observations.elements(self.kinds)[::STRIDE]]

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
