"""The finite models that a law may fail in, many at once, in the order in which one would try them one by one.

Generators get their tables one after the other, in lexicographic order; a hypothesis is tested as soon as the tables
that it mentions are chosen, and what breaks it is left out with all that would follow.  A block of candidates is looked
at in as many array operations as a single one.  Each model remembers how many candidates come before it, so that a
search that may try so many candidates ends at the same one as if blocks had length one.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore import arrows as ar
from catcore.categories.finite_sets import FiniteModel, FiniteModels, computing, host
from catcore.datatypes.hylomorphisms import Hylo
from catcore.errors import NotInterpreted, TooLarge
from catcore.laws import Law
from catcore.objects import Ob
from catcore_proofs.satisfaction import ENUMERATED, first_differences, satisfying, seen, sides

#: How many candidates the first block has, by what later ones grow, and how many elements one operation sees at most.
FEWEST, GROWTH, ELEMENTS = 64, 4, 200_000

#: Rows of a block by their numbers, and tables, one a row.
Rows = NDArray[np.int64]
Tables = Mapping[ar.Arrow, NDArray[np.int64]]
#: A model in which the law fails, and the first element at which it does.
Found = tuple[FiniteModel, int]
NOTHING: Rows = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Block:
    """Candidates on the same sets: one row each in the tables of the generators that have one."""

    sizes: Mapping[Ob, int]
    tables: Tables
    rows: int = 1

    def taken(self, rows: Rows) -> Block:
        """Some of the rows."""
        return self if len(rows) == self.rows else self._taken(rows)

    def _taken(self, rows: Rows) -> Block:
        return Block(self.sizes, {g: table[rows] for g, table in self.tables.items()}, len(rows))

    def extended(self, rows: Rows, generator: ar.Arrow, numbers: Rows) -> Block:
        """Some of the rows, each with the table of a generator that has the given number."""
        plain, taken = FiniteModel(self.sizes), self._taken(rows)
        length, base = plain.size(generator.dom), max(1, plain.size(generator.cod))
        # where a power is larger than all numbers, they have the digit 0
        powers = np.asarray([_choices(base, length - 1 - i) for i in range(length)], np.int64)
        return Block(self.sizes, {**taken.tables, generator: numbers[:, None] // powers % base}, len(rows))

    def model(self, row: int) -> FiniteModel:
        """One of the candidates."""
        return FiniteModel(self.sizes, {g: tuple(table[row].tolist()) for g, table in self.tables.items()})

    def models(self) -> FiniteModels:
        """All of the candidates, in the arrays of the library that computes.

        JAX compiles every operation for every shape: rows are repeated there, up to the next power of two.
        """
        shared = FiniteModels(self.sizes)
        tables = self.tables
        if computing() == "jax" and (repeated := (1 << (self.rows - 1).bit_length()) - self.rows):
            tables = {g: np.pad(t, ((0, repeated), (0, 0)), mode="edge") for g, t in tables.items()}
        return FiniteModels(self.sizes, varying={g: shared.namespace.asarray(t) for g, t in tables.items()})


def _choices(base: int, length: int) -> int:
    """How many tables of a length there are; 2⁶² where there are more."""
    return int(min(base ** min(length, 62), 2**62))


@dataclass(frozen=True)
class Visit:
    """What was met from the candidates of a block on, in order.

    Args:
        met: the number of candidates.
        owner: for each model in which the hypotheses hold, the row of the block that it continues.
        before: for each of them, how many candidates come before it.
        found: where the law fails, in the last of these models.
    """

    met: int
    owner: Rows = field(default_factory=lambda: NOTHING)
    before: Rows = field(default_factory=lambda: NOTHING)
    found: Found | None = None


class Candidates:
    """The candidates for a counterexample of a law.

    Args:
        law: the law, with its hypotheses.
        generators: the arrows that get tables.
        elements: models in which the law is about more elements are left out.
    """

    def __init__(self, law: Law, generators: Sequence[ar.Arrow], elements: int) -> None:
        self.law, self.generators, self.elements = law, generators, elements
        self.thorough = True  # whether no model was left out
        # recursions run until they end, in a number of rounds of each model's own
        self.one_by_one = any(isinstance(part, Hylo) for part in law.parts())
        self.rows = FEWEST
        self.due: dict[int, list[Law]] = {}
        for hypothesis in law.given:
            mentioned = set(hypothesis.symbols()[1]) - set(hypothesis.every)
            last = max((generators.index(g) for g in mentioned), default=-1)
            self.due.setdefault(last, []).append(hypothesis)

    # ---- all candidates --------------------------------------------------------------------------------------------

    def over(self, sizes: Mapping[Ob, int], left: int) -> Visit:
        """All candidates over given sets, as far as the first counterexample, or a block beyond ``left`` of them."""
        return self._visit(Block(sizes, {}), 0, left, self._most(sizes)) if left > 0 else Visit(1)

    def _visit(self, block: Block, position: int, left: int, most: int) -> Visit:
        rows = self._surviving(block, self.due.get(position - 1, ()))
        if position == len(self.generators):
            looked, found = self._tested(block, rows)
            return Visit(block.rows, rows[:looked], rows[:looked], found)
        generator, visits, met = self.generators[position], [Visit(0)], 0
        for owner, numbers in self._children(block, rows, generator, left, most):
            under = self._visit(block.extended(owner, generator, numbers), position + 1, left - met, most)
            above = owner[under.owner]
            # before a model come the one that it continues, and all rows before that
            visits.append(Visit(0, above, under.before + met + above + 1, under.found))
            met += under.met
            if under.found is not None or met >= left:
                break
        owners, before = (np.concatenate([getattr(v, name) for v in visits]) for name in ("owner", "before"))
        return Visit(block.rows + met, owners, before, visits[-1].found)

    def _children(
        self, block: Block, rows: Rows, generator: ar.Arrow, left: int, most: int
    ) -> Iterator[tuple[Rows, Rows]]:
        """Rows with the numbers of tables for a generator, a block at a time; no more than can be tried."""
        if not len(rows):
            return
        plain = FiniteModel(block.sizes)
        try:
            length, base = plain.size(generator.dom), plain.size(generator.cod)
            if max(length, base) > ENUMERATED:
                raise TooLarge("tables too large to enumerate")
        except TooLarge:
            self.thorough = False
            return
        choices = _choices(base, length)
        begin, end = 0, min(len(rows) * choices, left + 1)
        while begin < end:
            numbers = np.arange(begin, min(end, begin + (1 if self.one_by_one else min(self.rows, most))))
            self.rows = min(GROWTH * self.rows, ELEMENTS)
            yield rows[numbers // choices], numbers % choices
            begin += len(numbers)

    def _most(self, sizes: Mapping[Ob, int]) -> int:
        """How many candidates on given sets an operation takes together."""
        model, most = FiniteModel(sizes), 1
        for f in (*self.generators, *self._sides):
            try:
                most = max(most, seen(f, model))
            except (TooLarge, NotInterpreted):
                continue  # what has no size is refused where it is looked at
        return max(1, ELEMENTS // most)

    @cached_property
    def _sides(self) -> tuple[ar.Arrow, ...]:
        return tuple(dict.fromkeys(sides(self.law)))

    # ---- candidates that are given ---------------------------------------------------------------------------------

    def among(self, models: Iterable[FiniteModel]) -> tuple[int, Found | None]:
        """The first of some models on the same sets in which the law fails, and how many were looked at for it."""
        looked, size, waiting = 0, 1, iter(models)
        while block := list(it.islice(waiting, size)):
            size = 1 if self.one_by_one else min(GROWTH * size, FEWEST, self._most(block[0].sizes))
            rows, found = self.test(block)
            if found is not None:
                return looked + int(rows[-1]) + 1, found
            looked += len(block)
        return looked, None

    def test(self, models: Sequence[FiniteModel]) -> tuple[Rows, Found | None]:
        """Which of some models on the same sets satisfy the hypotheses, as far as one in which the law fails."""
        tables = {g: np.asarray([m.tables[g] for m in models], np.int64) for g in models[0].tables}
        block = Block(models[0].sizes, tables, len(models))
        rows = self._surviving(block, self.law.given)
        looked, found = self._tested(block, rows)
        return rows[:looked], found

    def anywhere(self, models: Sequence[FiniteModel]) -> tuple[int, Found | None]:
        """The first of some models on any sets in which the law fails, and how many satisfied the hypotheses till then.

        Models on the same sets are looked at together.
        """
        alike: dict[frozenset[tuple[Ob, int]], list[int]] = {}
        for number, model in enumerate(models):
            alike.setdefault(frozenset(model.sizes.items()), []).append(number)
        satisfied: list[int] = []
        failures: list[tuple[int, Found]] = []
        for numbers in alike.values():
            together = 1 if self.one_by_one else self._most(models[numbers[0]].sizes)
            for begin in range(0, len(numbers), together):
                part = numbers[begin : begin + together]
                rows, found = self.test([models[i] for i in part])
                satisfied += [part[row] for row in rows]
                if found is not None:
                    failures.append((satisfied[-1], found))
                    break
        last, first = min(failures, key=itemgetter(0), default=(len(models), None))
        return sum(number <= last for number in satisfied), first

    # ---- blocks ----------------------------------------------------------------------------------------------------

    def _surviving(self, block: Block, hypotheses: Iterable[Law]) -> Rows:
        """The rows in which hypotheses hold."""
        rows = np.arange(block.rows)
        for hypothesis in hypotheses:
            try:
                rows = rows[self._read(satisfying(hypothesis, self._models(block.taken(rows))), len(rows))]
            except TooLarge:
                self.thorough = False
                return NOTHING
            if not len(rows):
                break
        return rows

    def _tested(self, block: Block, rows: Rows) -> tuple[int, Found | None]:
        """How many of some rows were looked at, and where the law fails in the last of them."""
        if not len(rows):
            return 0, None
        try:
            size = FiniteModel(block.sizes).size(self.law.lhs.dom)
            if size > self.elements:
                raise TooLarge("more elements than are looked at")
            numbers = self._read(first_differences(self.law, self._models(block.taken(rows))), len(rows))
        except TooLarge:
            self.thorough = False
            return len(rows), None
        wrong = np.flatnonzero(numbers < size)
        if not len(wrong):
            return len(rows), None
        return int(wrong[0]) + 1, (block.model(int(rows[wrong[0]])), int(numbers[wrong[0]]))

    def _models(self, block: Block) -> FiniteModel:
        return block.model(0) if self.one_by_one else block.models()

    @staticmethod
    def _read(found: Any, rows: int) -> NDArray[Any]:
        """An answer for each row; one without rows is the same for all."""
        answers = host(found).reshape(-1)
        return np.broadcast_to(answers, (rows,)) if len(answers) == 1 else answers[:rows]
