"""Values of normal forms at specimens: what conjectures are read off.

A normal form in variables of inductive types has a column of values, one at each of some small specimens, in a fixed
order.  Questions about labels, such as whether an arbitrary test passes, are answered at random, once and for all.
"""

from __future__ import annotations

import itertools as it
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

from catcore_proofs import terms
from catcore_proofs.evaluation import Evaluator, Normal, Recursor, Rejected, Split, Type, Value
from catcore_proofs.generalisation import numbered
from catcore_proofs.specimens import tuples
from catcore_proofs.syntax import UNIT

#: How many specimens are looked at, and how large they are.
SPECIMENS, LARGEST = 300, 8

#: How many evaluation steps may be taken at specimens.
STEPS = 10_000_000

#: How many questions about the labels of a specimen are answered.
ANSWERED = 40


@lru_cache(maxsize=1024)
def answers(kind: Type) -> tuple[Value, ...]:
    """The elements of a type made of points by sums; none for other types."""
    match kind[0]:
        case "1":
            return (UNIT,)
        case "f" if kind[1] <= 8:
            return tuple(("n", i) for i in range(kind[1]))
        case "+":
            left, right = answers(kind[1]), answers(kind[2])
            return (*(("l", a) for a in left), *(("r", a) for a in right)) if left and right else ()
    return ()


def answer(evaluator: Evaluator, value: Value) -> Value | None:
    """An element of a finite type as far as it is known by now; none when it is not known in full."""
    value = evaluator.newest(value)
    match value[0]:
        case "1" | "n":
            return value
        case "l" | "r":
            inner = answer(evaluator, value[1])
            return None if inner is None else (value[0], inner)
    return None


@lru_cache(maxsize=4096)
def measure(question: Normal) -> tuple[int, int, str]:
    """The order of questions: answers are made of those to smaller ones."""
    own = [part for part in terms.subterms(question) if part[0] not in ("*", "1")]
    return len(own), sum(_size(part[1]) for part in own if part[0] == "fold"), repr(question)


@lru_cache(maxsize=4096)
def _size(term: Any) -> int:
    return 1 + sum(map(_size, term)) if isinstance(term, tuple) else 1


class Columns:
    """The specimens of types, and the values of normal forms at them.

    Args:
        kernel: the evaluator.
        free: whether questions about labels may be answered at random: no hypothesis rules answers out.
    """

    def __init__(self, kernel: Evaluator, *, free: bool = True) -> None:
        self.kernel, self.free = kernel, free
        self.functions: dict[Recursor, None] = {}  # the folds that were met, in order
        self.steps = STEPS
        self._specimens: dict[tuple[Type, ...], list[tuple[Value, ...]]] = {}
        self._answers: dict[tuple[Any, int], dict[Normal, Value]] = {}  # by specimen
        self._columns: dict[Any, list[Value | None]] = {}

    def column(self, question: Normal, kinds: tuple[Type, ...], cod: Type, stride: int = 1) -> list[Value | None]:
        """The values of a normal form at the specimens, or at every so many, where they are known."""
        key = (kinds, question, stride)
        if key not in self._columns:
            body, elements = numbered(question, len(kinds)), self.elements(kinds)[::stride]
            with self._apart():
                self._columns[key] = [
                    self.settled((kinds, row * stride), lambda values=values: self._at(body, values, cod))  # type: ignore[misc]
                    for row, values in enumerate(elements)
                ]
        return self._columns[key]

    def computed(
        self, compute: Sequence[Callable[[], Value]], kinds: tuple[Type, ...], cod: Type, stride: int
    ) -> tuple[tuple[Normal, ...], list[Value]] | None:
        """Values at some specimens, with their normal forms; none where they cannot be computed."""
        normals, values = list[Normal](), list[Value]()
        with self._apart():
            for row, each in enumerate(compute):
                found = self.settled((kinds, row * stride), partial(self._valued, each, cod))
                if found is None:
                    return None
                values.append(found[0])
                normals.append(found[1])
        return tuple(normals), values

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Count steps apart: what is looked at is no part of a proof."""
        saved, self.kernel.steps = self.kernel.steps, self.steps
        try:
            yield
        finally:
            self.steps, self.kernel.steps = self.kernel.steps, saved

    def _at(self, body: Normal, values: tuple[Value, ...], cod: Type) -> Value:
        return self.kernel.reify(self.kernel.revalue(body, values), cod)

    def _valued(self, compute: Callable[[], Value], cod: Type) -> tuple[Value, Normal]:
        value = compute()
        return value, self.kernel.reify(value, cod)

    def settled(self, row: tuple[Any, int], compute: Callable[[], Any]) -> Any:
        """What is computed at a specimen, where questions about labels are answered at random, once and for all."""
        known = self._answers.setdefault(row, {})
        for _ in range(ANSWERED):
            try:
                with self.kernel.assuming(known):
                    return compute()
            except Split as split:
                options = answers(split.kind)
                if not options or not self.free:
                    return None
                chance = zlib.crc32(repr((row[1], split.neutral)).encode())
                known[split.neutral] = options[chance % len(options)]
            except Rejected:
                return None
        return None

    def elements(self, kinds: tuple[Type, ...]) -> list[tuple[Value, ...]]:
        """The specimens of several types, the smallest first."""
        if kinds not in self._specimens:
            kernel, found = self.kernel, list[tuple[Value, ...]]()
            for chosen in it.islice(it.chain.from_iterable(tuples(kinds, s) for s in range(LARGEST)), SPECIMENS):
                saved, kernel.context = kernel.context, []
                try:
                    found.append(tuple(make(kernel) for make in chosen))
                finally:
                    kernel.context = saved
            self._specimens[kinds] = found
        return self._specimens[kinds]
