"""Finite models of equations and disequations by propositional satisfiability (in the manner of Paradox).

For a set of a given size every cell of every table is a choice of one value, a proposition for each (Claessen and
Sörensson 2003).  Only the instances that matter are written down: a candidate that satisfies those known so far is
evaluated everywhere, and instances that it breaks are added, until a candidate breaks none or there is no candidate.
Elements are interchangeable, so a new one may first be named only by the first cell that takes it.  The sizes are tried
in turn with a number of conflicts each, over and over with more, so verdicts repeat.
"""

from __future__ import annotations

import itertools as it
import time
from collections.abc import Iterator, Sequence
from math import inf
from typing import Any, Literal

import numpy as np

from catcore_proofs.completion.bank import Term, subterms
from catcore_proofs.completion.checking import POINTS, Ints, arrays, failures, points
from catcore_proofs.completion.models import Clause, Model, Signature

#: The largest size of each round and the conflicts for every size; the most cells and propositional clauses of a size.
ROUNDS = ((8, 500), (12, 1_000), (13, 4_000), (14, 20_000), (16, 100_000), (16, 500_000))
LARGEST, CELLS, WRITTEN = 16, 5_000, 2_000_000

#: The most propositional clauses for one instance, and for all sizes together.
INSTANCE, TOGETHER = 500_000, 8_000_000

#: The most arguments and variables, which are axes of arrays, and the most instances looked at for a candidate.
DIMENSIONS, LOOKS = 30, 200_000_000

#: The most conflicts between two looks at the clock, and how many written clauses a conflict counts for.
STRETCH, CONFLICT = 2_000, 50

#: Clauses of so many variables are written down at once; of others so many broken instances for each candidate.
EAGER, BROKEN = 2, 20

#: The propositions "the value is d", for each d, or the value itself.
Choice = range | int


class SizedSearch:
    """The search for a model over sets of given sizes.

    Args:
        signature: the sorts of the symbols.
        clauses: what must hold.
        sizes: the number of elements of each sort, at least one.
    """

    def __init__(self, signature: Signature, clauses: Sequence[Clause], sizes: Sequence[int]) -> None:
        from pysat.solvers import Solver

        self.signature, self.clauses, self.sizes = signature, clauses, tuple(sizes)
        self.solver: Any = Solver(name="glucose4")
        self.propositions = self.written = 0
        self.choices: dict[tuple[Any, ...], range] = {}
        self.cells: list[list[range]] = [[] for _ in signature.results]
        self.beginning = self._begun()

    def _begun(self) -> Iterator[None]:
        """Write down the cells, their names in order and the short clauses, with a halt after each little."""
        for cells, sorts, of in zip(self.cells, self.signature.arguments, self.signature.results, strict=True):
            for _ in it.product(*(range(self.sizes[s]) for s in sorts)):
                cells.append(self._choice(self.sizes[of]))
                yield
        for sort in range(len(self.sizes)):
            yield from self._name_in_order(sort)
        for clause in self.clauses:
            if len(clause.variables()) <= EAGER:
                for row in it.product(*(range(n) for n in self._extents(clause))):
                    self._instances(clause, [row])
                    yield

    def model(self, conflicts: int, deadline: float = inf, *, steps: float = inf) -> Model | Literal[False] | None:
        """A model; False when there is none; None when some limit was reached, or too much is written.

        A later call goes on where the last one ended.
        """
        start, steps = self._spent(), self.steps + steps
        for _ in self.beginning:
            if self._stopped(deadline, steps):
                return None
        while not self._stopped(deadline, steps):
            left = start + conflicts - self._spent()
            if left <= 0:
                return None
            self.solver.conf_budget(min(left, STRETCH))
            found = self.solver.solve_limited()
            if found is False:
                return False
            if found is None:
                continue
            candidate = self._candidate()
            if not self._refined(candidate, deadline):
                return candidate
        return None

    @property
    def steps(self) -> int:
        """How much was done so far: clauses written, and conflicts met, each of which counts for many."""
        return self.written + CONFLICT * self._spent()

    def _stopped(self, deadline: float, steps: float = inf) -> bool:
        """Whether too much is written, or the steps or the time are used up."""
        return self.written > WRITTEN or time.perf_counter() >= deadline or self.steps >= steps

    def _spent(self) -> int:
        spent: int = self.solver.accum_stats()["conflicts"]
        return spent

    # ---- from propositions to tables and back ------------------------------------------------------------------------

    def _candidate(self) -> Model:
        true = np.asarray(self.solver.get_model()[: self.propositions]) > 0
        tables = {}
        for symbol, cells in enumerate(self.cells):
            n = self.sizes[self.signature.results[symbol]]
            first = cells[0].start - 1
            values = true[first : first + n * len(cells)].reshape(len(cells), n).argmax(axis=1)
            tables[symbol] = tuple(values.tolist())
        return Model(self.sizes, tables)

    def _refined(self, candidate: Model, deadline: float) -> bool:
        """Write down instances that a candidate breaks; whether there are any, or it was not looked at in full."""
        tables, broken = arrays(candidate, self.signature), False
        for clause in self.clauses:
            if self._stopped(deadline):
                return True
            rows = next(failures(clause, tables, self.sizes), None)
            if rows is not None:
                broken = True
                self._instances(clause, _spread(rows).tolist())
        return broken

    def _extents(self, clause: Clause) -> list[int]:
        return [self.sizes[clause.sorts.get(name, 0)] for name in clause.variables()]

    # ---- clauses -----------------------------------------------------------------------------------------------------

    def _instances(self, clause: Clause, rows: Iterator[Any] | Sequence[Any]) -> None:
        names = clause.variables()
        for row in rows:
            values = dict(zip(names, row, strict=True))
            self._require(self._value(clause.lhs, values), self._value(clause.rhs, values), clause.positive)

    def _require(self, a: Choice, b: Choice, positive: bool) -> None:
        """Let two values be equal, or differ."""
        if isinstance(a, int):
            a, b = b, a
        if isinstance(a, int):
            if (a == b) != positive:
                self._write([])
        elif isinstance(b, int):
            self._write([a[b] if positive else -a[b]])
        else:
            for x, y in zip(a, b, strict=True):
                if positive:
                    self._write([-x, y])
                    self._write([x, -y])
                else:
                    self._write([-x, -y])

    def _value(self, t: Term, values: dict[int, int]) -> Choice:
        """The value of a term; that of one with terms in it is a new choice, which the cells it may stand at tie."""
        if t.head < 0:
            return values[t.head]
        arguments = [self._value(a, values) for a in t.args]
        if all(isinstance(a, int) for a in arguments):
            return self.cells[t.head][self._place(t.head, arguments)]
        key = (t.head, *arguments)
        if key not in self.choices:
            self.choices[key] = self._tied(t.head, arguments)
        return self.choices[key]

    def _tied(self, symbol: int, arguments: Sequence[Choice]) -> range:
        value = self._choice(self.sizes[self.signature.results[symbol]])
        options = [[a] if isinstance(a, int) else range(len(a)) for a in arguments]
        for point in it.product(*options):
            elsewhere = [-a[e] for a, e in zip(arguments, point, strict=True) if not isinstance(a, int)]
            cell = self.cells[symbol][self._place(symbol, point)]
            for x, y in zip(cell, value, strict=True):
                self._write([*elsewhere, -x, y])
        return value

    def _place(self, symbol: int, arguments: Sequence[Any]) -> int:
        place = 0
        for sort, a in zip(self.signature.arguments[symbol], arguments, strict=True):
            place = place * self.sizes[sort] + a
        return place

    def _choice(self, size: int) -> range:
        """New propositions of which exactly one is true."""
        choice = self._propositions(size)
        self._write(list(choice))
        for x, y in it.combinations(choice, 2):
            self._write([-x, -y])
        return choice

    def _propositions(self, count: int) -> range:
        first = self.propositions + 1
        self.propositions += count
        return range(first, first + count)

    def _write(self, clause: list[int]) -> None:
        self.written += 1
        self.solver.add_clause(clause)

    # ---- symmetry ----------------------------------------------------------------------------------------------------

    def _name_in_order(self, sort: int) -> Iterator[None]:
        """Let the cells of a sequence name the elements of a sort in order.

        Along the sequence an element is known when it is no larger than an argument or a value seen so far; the next
        value may be known or the least that is not.  Renaming elements as they appear brings any model to this form.
        """
        known, top = list(range(0)), -1
        n = self.sizes[sort]
        for largest, cell in self._sequence(sort):
            top = max(top, largest)
            for value in range(top + 2, n):
                self._write([-cell[value], known[value - 1]] if known else [-cell[value]])
            now = self._propositions(n)
            for value in range(n):  # what is known after this cell
                self._write([-now[value], cell[value], *([known[value]] if known else [])])
            known = list(now)
            yield

    def _sequence(self, sort: int) -> Iterator[tuple[int, range]]:
        """Cells with values in a sort and arguments in it alone, each with its largest argument, which never falls."""
        signature = self.signature
        of = [s for s, result in enumerate(signature.results) if result == sort]
        inside = [s for s in of if set(signature.arguments[s]) <= {sort}]
        for symbol in inside:
            if not signature.arguments[symbol]:
                yield -1, self.cells[symbol][0]
        operations = sorted((s for s in inside if signature.arguments[s]), key=lambda s: len(signature.arguments[s]))
        for symbol in operations[:1]:
            spots = it.product(range(self.sizes[sort]), repeat=len(signature.arguments[symbol]))
            for spot in sorted(spots, key=max):
                yield max(spot), self.cells[symbol][self._place(symbol, spot)]


def _spread(rows: Ints) -> Ints:
    """A few rows, from everywhere in the list."""
    return rows[:: -(-len(rows) // BROKEN)]


class PropositionalSearch:
    """The search for a model over one sort, of any size, in rounds that allow more conflicts and larger sizes.

    Args:
        signature: the arities of the symbols.
        clauses: what must hold.
    """

    def __init__(self, signature: Signature, clauses: Sequence[Clause]) -> None:
        self.signature, self.clauses = signature, list(clauses)
        self.searches: dict[int, SizedSearch | None] = dict.fromkeys(filter(self._manageable, range(1, LARGEST + 1)))
        self.rounds = [[(size, conflicts) for size in self.searches if size <= most] for most, conflicts in ROUNDS]

    def _manageable(self, size: int) -> bool:
        arities = [len(sorts) for sorts in self.signature.arguments]
        if max((*arities, *(len(c.variables()) for c in self.clauses)), default=0) > DIMENSIONS:
            return False
        cells, looks = sum(size**n for n in arities), [points(c, [size]) for c in self.clauses]
        if cells > CELLS or max(looks, default=0) > POINTS or sum(looks) > LOOKS:
            return False
        return all(self._cost(c.lhs, size) + self._cost(c.rhs, size) <= INSTANCE for c in self.clauses)

    @staticmethod
    def _cost(t: Term, size: int) -> int:
        """How many propositional clauses one instance of a term takes at most, its parts included."""
        return sum(size ** (len(part.args) + 1) for _, part in subterms(t))

    @property
    def unfinished(self) -> bool:
        """Whether another round may find a model."""
        return bool(self.rounds and self.searches)

    def round(self, *, steps: float = inf, deadline: float = inf) -> Model | None:
        """A model, or None when the present round ended without one, or is to be continued later.

        Args:
            steps: how many steps may be taken; what was begun with the last one is ended.
            deadline: a last stop, as a value of ``time.perf_counter``.
        """
        turns = self.rounds[0] if self.unfinished else []
        while turns and steps > 0 and time.perf_counter() < deadline:
            size, conflicts = turns[0]
            if size in self.searches:
                known = self.searches[size]
                search = self.searches[size] = known or SizedSearch(self.signature, self.clauses, (size,))
                before = search.steps if known else 0
                found = search.model(conflicts, deadline, steps=steps)
                steps -= search.steps - before
                if isinstance(found, Model):
                    return found
                written = sum(each.written for each in self.searches.values() if each is not None)
                if found is False or search.written > WRITTEN or written > TOGETHER:
                    del self.searches[size]
                elif steps <= 0 or time.perf_counter() > deadline:
                    return None
            turns.pop(0)
        if self.rounds and not turns:
            self.rounds.pop(0)
        return None
